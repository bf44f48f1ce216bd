"""AWS operations through botocore: what a program asks for, less what the SDK adds to it."""

import base64
import contextlib
import datetime
import importlib
import io
import json
import os
import re
import types
from decimal import Decimal
from typing import Any, Callable, Dict, Iterator, List, Optional
from urllib.parse import unquote

GIVEN = "parity_given"
DEFAULTS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "parity",
    "AWS_SECRET_ACCESS_KEY": "parity",
    "AWS_EC2_METADATA_DISABLED": "true",
}
EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
KEYWORDS = {"ADD", "AND", "BETWEEN", "DELETE", "IN", "NOT", "OR", "REMOVE", "SET"}
WORD = re.compile(r"[#:]?\w+|<>|<=|>=|`[^`]*`|\S")
VALUE = json.JSONDecoder()


class AwsError(Exception):
    """An answer of a service that is an error: its code, its message, its HTTP status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def stand_in(client: Any, crossings: Any) -> None:
    """Stands in for `botocore.client`: every operation of every client comes by here."""
    base = client.BaseClient
    emit, make = base._emit_api_params, base._make_request
    if crossings.sets_defaults:
        for name, value in DEFAULTS.items():
            os.environ.setdefault(name, value)

    def _emit_api_params(
        self: Any, api_params: Any, operation_model: Any, context: Any, *more: Any, **named: Any
    ) -> Any:
        asked = list(api_params)
        built = emit(self, api_params, operation_model, context, *more, **named)
        if crossings.ask("aws") is not None:
            context[GIVEN] = given(operation_model, {n: built[n] for n in asked if n in built})
            self.meta.events.register("after-call", _after_call, unique_id="parity")
        return built

    def _make_request(self: Any, operation_model: Any, request: Any, context: Any) -> Any:
        crossing = crossings.ask("aws")
        if crossing is None or GIVEN not in context:
            return make(self, operation_model, request, context)
        kept: List[Any] = []
        params = context.pop(GIVEN)

        def real() -> Any:
            kept.append(make(self, operation_model, request, context))
            return told(operation_model, *kept[0])

        try:
            answer = crossing("aws", name_of(operation_model), [params], real)
        except AwsError as error:
            return kept[0] if kept else failed(error)
        return kept[0] if kept else answered(operation_model, answer)

    def _after_call(
        model: Any, context: Any, http_response: Any, parsed: Dict[str, Any], **_: Any
    ) -> None:
        """A call that was answered before it was made, as botocore's Stubber does."""
        crossing = crossings.ask("aws")
        if crossing is None or GIVEN not in context:
            return
        params = context.pop(GIVEN)
        with contextlib.suppress(AwsError):
            crossing("aws", name_of(model), [params], lambda: told(model, http_response, parsed))

    base._emit_api_params = _emit_api_params
    base._make_request = _make_request


SEAMS: Dict[str, Callable[[Any, Any], None]] = {"botocore.client": stand_in}


def name_of(operation: Any) -> str:
    """What a call of an operation is named."""
    return "%s.%s" % (service_of(operation), operation.name)


def service_of(operation: Any) -> str:
    """The name that both SDKs have for a service, in letters and digits."""
    return re.sub(r"[^a-z0-9]", "", str(operation.service_model.service_id).lower())


# ---------------------------------------------------------------- what is asked


def given(operation: Any, params: Dict[str, Any]) -> Dict[str, Any]:
    """The parameters of an operation in the form in which both sides are compared."""
    made: Dict[str, Any] = plain(operation.input_shape, params) if params else {}
    streaming = operation.get_streaming_input()
    if streaming is not None:
        body = operation.input_shape.serialization["payload"]
        if not made.get(body):
            made.pop(body, None)
        if made.get("ContentLength") == size(made.get(body, b"")):
            del made["ContentLength"]
    return ruled(service_of(operation), made)


def plain(shape: Any, value: Any) -> Any:
    """A parameter as its type in the service's model has it."""
    kind = shape.type_name
    if value is None:
        return None
    if kind == "structure":
        return {
            name: plain(shape.members[name], one)
            for name, one in value.items()
            if name in shape.members and one is not None
        }
    if kind == "list":
        return [plain(shape.member, one) for one in value]
    if kind == "map":
        return {name: plain(shape.value, one) for name, one in value.items()}
    if kind == "blob":
        return blob(value)
    if kind == "timestamp":
        return moment(value)
    if kind in ("float", "double"):
        return float(value)
    if kind in ("integer", "long"):
        return int(value)
    return value


def blob(value: Any) -> Any:
    """What a body holds, which is left where it was: text where the bytes are UTF-8."""
    data = value
    if hasattr(value, "read"):
        place = value.tell()
        data = value.read()
        value.seek(place)
    if isinstance(data, str):
        return data
    try:
        return bytes(data).decode("utf-8")
    except UnicodeDecodeError:
        return bytes(data)


def size(content: Any) -> int:
    """How many bytes a body has."""
    return len(content.encode("utf-8") if isinstance(content, str) else content)


def moment(value: Any) -> Any:
    """A point in time, in UTC."""
    if isinstance(value, (int, float)):
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    if isinstance(value, str):
        value = importlib.import_module("botocore.utils").parse_timestamp(value)
    if value.tzinfo is None:
        return value.replace(tzinfo=datetime.timezone.utc)
    return value.astimezone(datetime.timezone.utc)


def ruled(service: str, params: Dict[str, Any]) -> Dict[str, Any]:
    """Parameters less what means the same in two ways (docs/effects.md lists each rule)."""
    if service == "s3":
        if isinstance(params.get("CopySource"), str):
            params["CopySource"] = unquote(params["CopySource"]).lstrip("/")
        if isinstance(params.get("Delete"), dict):
            objects = params["Delete"].get("Objects", [])
            params["Delete"]["Objects"] = sorted(objects, key=text)
    if service in ("dynamodb", "dynamodbstreams"):
        made = items(params)
        assert isinstance(made, dict)
        return made
    return params


def items(value: Any) -> Any:
    """DynamoDB's values in one way: numbers, sets, expressions with what they stand for."""
    if isinstance(value, list):
        return [items(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: items(one) for name, one in value.items()}
    if len(made) == 1:
        ((tag, held),) = made.items()
        if tag == "N" and isinstance(held, str):
            return {tag: number(held)}
        if tag == "NS" and isinstance(held, list):
            return {tag: sorted(map(number, held))}
        if tag in ("SS", "BS") and isinstance(held, list):
            return {tag: sorted(held, key=text)}
    names = made.pop("ExpressionAttributeNames", None)
    values = made.pop("ExpressionAttributeValues", None)
    for name in EXPRESSIONS:
        if isinstance(made.get(name), str):
            made[name] = expression(made[name], names or {}, values or {})
    return made


def number(digits: str) -> str:
    """A number as DynamoDB keeps it: 1.0, 1 and 1E0 are one."""
    try:
        value = Decimal(digits)
        return format(value.normalize(), "f") if value else "0"
    except ArithmeticError:
        return digits


def expression(words: str, names: Dict[str, str], values: Dict[str, Any]) -> str:
    """An expression with what its placeholders stand for, which may be called anything."""
    made = []
    for word in words_of(words):
        if word in names:
            name = names[word]
            plain_name = re.match(r"\w+$", name) and name.upper() not in KEYWORDS
            made.append(name if plain_name else "`%s`" % name)
        elif word in values:
            made.append(text(values[word]))
        else:
            made.append(word.upper() if word.upper() in KEYWORDS else word)
    return " ".join(made)


def words_of(expression: str) -> Iterator[str]:
    """The words of an expression; a value that stands there already, in one writing, is one."""
    place = 0
    while True:
        found = WORD.search(expression, place)
        if found is None:
            return
        place = found.end()
        if found.group() == "{":
            with contextlib.suppress(ValueError):
                _, place = VALUE.raw_decode(expression, found.start())
        yield expression[found.start() : place]


def text(value: Any) -> str:
    """A text that is equal for equal parameters."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=raw)


def raw(value: Any) -> str:
    """Bytes and moments in a text."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value)


# ---------------------------------------------------------------- what is answered


def answered(operation: Any, answer: Optional[Dict[str, Any]]) -> Any:
    """What the SDK makes of an answer: the HTTP response as far as it looks at it, and the rest."""
    parsed = dict(answer or {})
    streaming = operation.get_streaming_output()
    if streaming is not None:
        name = operation.output_shape.serialization["payload"]
        data = parsed.get(name) or b""
        parsed[name] = streamed(data.encode("utf-8") if isinstance(data, str) else data)
    return response(200), dict(parsed, ResponseMetadata=metadata(200))


def streamed(data: bytes) -> Any:
    """A body as boto3 gives one."""
    return importlib.import_module("botocore.response").StreamingBody(io.BytesIO(data), len(data))


def failed(error: AwsError) -> Any:
    """The same of an error."""
    told = {"Code": error.code, "Message": str(error)}
    return response(error.status), {"Error": told, "ResponseMetadata": metadata(error.status)}


def response(status: int) -> Any:
    """An HTTP response as far as botocore looks at one."""
    return types.SimpleNamespace(status_code=status, headers={}, content=b"", text="", raw=None)


def metadata(status: int) -> Dict[str, Any]:
    """What each answer says of itself."""
    return {"HTTPStatusCode": status, "HTTPHeaders": {}, "RequestId": "parity", "RetryAttempts": 0}


def told(operation: Any, http: Any, parsed: Dict[str, Any]) -> Dict[str, Any]:
    """What a real answer says, as fixtures hold it. Raises AwsError for an error."""
    if http.status_code >= 300:
        error = parsed.get("Error", {})
        raise AwsError(error.get("Code", "Unknown"), error.get("Message", ""), http.status_code)
    made = {name: one for name, one in parsed.items() if name != "ResponseMetadata"}
    if operation.get_streaming_output() is not None:
        name = operation.output_shape.serialization["payload"]
        data = made[name].read()
        made[name] = blob(data)
        parsed[name] = streamed(data)
    return made
