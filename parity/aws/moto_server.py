"""Moto's door: its server, with handlers run by JVMs, mended where it is not like AWS."""

from __future__ import annotations

import json
import os
import random
import threading
import uuid
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from parity.aws.faults import TIME_IS_UP

if TYPE_CHECKING:
    from parity.aws.control import Functions


def serve_moto(functions: Functions, port: int, region: str) -> int:
    """Serves all of moto on loopback, in threads; answers the port."""
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "local")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "local")
    os.environ["AWS_DEFAULT_REGION"] = region
    os.environ["MOTO_S3_DEFAULT_KEY_BUFFER_SIZE"] = str(1 << 28)  # no files beside the folder
    from moto.core.config import default_user_config

    from parity.aws.dispatching import Services
    from parity.aws.moto_shortcuts import take_shortcuts
    from parity.aws.serving import http_server

    default_user_config["lambda"] = {"use_docker": False}
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    _run_handlers(functions)
    _hand_out_packages(functions)
    _one_change_at_a_time()
    _start_versions()
    take_shortcuts()
    server = http_server(port, functions.faults.around(Services()))
    os.environ["MOTO_PORT"] = str(server.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.port)


# ---------------------------------------------------------------- Lambda


def _run_handlers(functions: Functions) -> None:
    """Has `Invoke` and the tasks of state machines run handlers in JVMs."""
    from moto.awslambda.responses import LambdaResponse
    from moto.awslambda_simple.models import LambdaSimpleBackend, lambda_simple_backends
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

    def invoke(
        self: Any, name: str, qualifier: str | None, body: Any, headers: Any, answer: Any
    ) -> bytes:
        kind = headers.get("X-Amz-Invocation-Type", "RequestResponse")
        payload = body.encode() if isinstance(body, str) else bytes(body or b"{}")
        function, arn = _routed(self, name, qualifier)
        if kind == "DryRun":
            return b""
        context = _decoded(headers.get("X-Amz-Client-Context", ""))
        if kind == "Event":
            work = threading.Thread(
                target=functions.invoke, args=(function, arn, payload, context), daemon=True
            )
            work.start()
            return b""
        reply = functions.invoke(function, arn, payload, context)
        answer["x-amz-executed-version"] = _version_of(function)
        if reply.error:
            answer["x-amz-function-error"] = "Unhandled"
        return reply.payload

    param = LambdaResponse._get_param

    def get_param(self: Any, name: str, *more: Any, **named: Any) -> Any:
        """Moto looks for the version of `Invoke` under a name that no client sends."""
        return param(self, "Qualifier" if name == "qualifier" else name, *more, **named)

    def task(parameters: dict[str, Any], region: str, state_credentials: Any) -> dict[str, Any]:
        del state_credentials  # nothing is forbidden here
        backend = lambda_simple_backends[functions.account][region]
        function, arn = _found(backend, parameters["FunctionName"], parameters.get("Qualifier"))
        payload = parameters.get("Payload") or b"{}"
        if isinstance(payload, str):
            payload = payload.encode()
        reply = functions.invoke(function, arn, payload)
        text = reply.payload.decode()
        if reply.error and json.loads(text).get("errorType") == TIME_IS_UP:
            raise TimeoutError  # no function's own error may have that name
        answer: dict[str, Any] = {
            "ExecutedVersion": _version_of(function),
            "Payload": json.loads(text) if text else None,
            "StatusCode": 200,
        }
        if reply.error:
            answer["FunctionError"] = "Unhandled"
        return answer

    LambdaSimpleBackend.invoke = invoke
    response: Any = LambdaResponse
    response._get_param = get_param
    lambda_eval_utils._invoke_lambda_function = task


def _hand_out_packages(functions: Functions) -> None:
    """Has `GetFunction` tell where the package of a function is, as AWS does."""
    from moto.awslambda.models import LambdaFunction

    get_code = LambdaFunction.get_code

    def handed_out(self: Any) -> dict[str, Any]:
        told: dict[str, Any] = get_code(self)
        if self.code_bytes:
            location, digest = functions.hand_out(self)
            told["Code"] = {"RepositoryType": "S3", "Location": location}
            told["Configuration"]["CodeSha256"] = digest
        return told

    LambdaFunction.get_code = handed_out


def _decoded(context: str) -> str:
    import base64

    return base64.b64decode(context).decode() if context else ""


def _version_of(function: Any) -> str:
    latest = ":" not in function.function_arn.partition(":function:")[2]
    return "$LATEST" if latest else str(function.version)


def _found(backend: Any, name: str, qualifier: str | None) -> tuple[Any, str]:
    """Moto's record, or the error that boto3 would raise, as the interpreter looks for that."""
    from botocore.exceptions import ClientError
    from moto.awslambda.exceptions import UnknownFunctionException

    try:
        return _routed(backend, name, qualifier)
    except UnknownFunctionException as error:
        said = {"Code": "ResourceNotFoundException", "Message": f"Function not found: {name}"}
        known = {"HTTPStatusCode": 404, "RequestId": str(uuid.uuid4())}
        raise ClientError({"Error": said, "ResponseMetadata": known}, "Invoke") from error


def _routed(backend: Any, name: str, qualifier: str | None) -> tuple[Any, str]:
    """The version that is to run, drawn where an alias has several; and the ARN as called."""
    plain = name.partition(":function:")[2] or name
    plain, _, inner = plain.partition(":")
    qualifier = inner or qualifier
    latest = backend.get_function(plain, None)
    if not qualifier:
        return latest, latest.function_arn
    arn = f"{latest.function_arn}:{qualifier}"
    aliases = backend._lambdas._get_function_aliases(plain)
    if qualifier in aliases:
        alias = aliases[qualifier]
        more = (alias.routing_config or {}).get("AdditionalVersionWeights", {})
        qualifier = _drawn(alias.function_version, more)
    return backend.get_function(plain, qualifier), arn


def _drawn(main: str, more: dict[str, float]) -> str:
    """A version: one of `more` as often as its weight says, the main one otherwise."""
    left = random.random()
    for version, weight in more.items():
        left -= float(weight)
        if left < 0:
            return version
    return main


# ---------------------------------------------------------------- one writer


def _one_change_at_a_time() -> None:
    """DynamoDB and S3 look before they write: in many threads that needs a lock, as AWS has one."""
    from moto.core import responses
    from moto.dynamodb.responses import DynamoHandler, DynamoResult
    from moto.s3.responses import S3Response

    own = {*responses.method_names_from_class(DynamoHandler)} & {*vars(DynamoHandler)}
    lock = threading.RLock()
    for name in own - {"call_action"}:
        setattr(DynamoHandler, name, _locked(getattr(DynamoHandler, name), lock))
    written = DynamoHandler.serialized

    def serialized(self: Any, result: Any) -> Any:
        """An answer that is a copy already may be written while others look and write."""
        if isinstance(result, DynamoResult) or isinstance(result.result, Exception):
            return written(self, result)
        with lock:
            return written(self, result)

    DynamoHandler.serialized = serialized
    for name in ("put_object", "copy_object", "complete_multipart_upload", "delete_object"):
        if method := getattr(S3Response, name, None):
            setattr(S3Response, name, _locked(method, threading.RLock()))


def _locked(method: Callable[..., Any], lock: threading.RLock) -> Callable[..., Any]:
    @wraps(method)
    def locked(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return method(*args, **kwargs)

    return locked


# ---------------------------------------------------------------- Step Functions


def _start_versions() -> None:
    """Starts executions of versions and aliases, and names the ones that have no name."""
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    start = StepFunctionsParserBackend.start_execution
    describe = StepFunctionsParserBackend.describe_state_machine
    lock = threading.Lock()

    def start_execution(
        self: Any,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        chosen = _machine_version(self, state_machine_arn)
        with lock:  # it copies what others may be changing
            if chosen is None:
                return start(
                    self,
                    state_machine_arn,
                    name or str(uuid.uuid4()),
                    execution_input,
                    trace_header,
                )
            version = describe(self, chosen)
            owner = describe(self, version.source_arn)
            return _started(start, self, owner, version, name, execution_input, trace_header)

    StepFunctionsParserBackend.start_execution = start_execution
    _tell_versions()


def _tell_versions() -> None:
    """Has `DescribeExecution` say which version runs, as AWS does."""
    from moto.stepfunctions.responses import StepFunctionResponse

    describe = StepFunctionResponse.describe_execution

    def describe_execution(self: Any) -> Any:
        told = describe(self)
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        version = getattr(execution, "state_machine_version_arn", None)
        if version is not None:
            told.result["stateMachineVersionArn"] = version
        return told

    StepFunctionResponse.describe_execution = describe_execution


def _machine_version(backend: Any, arn: str) -> str | None:
    """The version that an ARN of a version or an alias stands for; None for the machine itself."""
    parts = arn.split(":")
    if len(parts) < 8:
        return None
    if parts[-1].isnumeric():
        return arn
    alias = backend.describe_state_machine_alias(arn)
    routes = {
        route["stateMachineVersionArn"]: route["weight"] for route in alias.routing_configuration
    }
    main = max(routes, key=lambda version: routes[version])
    more = {version: weight / 100 for version, weight in routes.items() if version != main}
    return _drawn(main, more)


def _started(
    start: Callable[..., Any],
    backend: Any,
    owner: Any,
    version: Any,
    name: str | None,
    execution_input: str | None,
    trace_header: str | None,
) -> Any:
    """An execution of the machine with the definition of one version of it."""
    definition, role = owner.definition, owner.roleArn
    owner.definition, owner.roleArn = version.definition, version.roleArn
    try:
        execution = start(
            backend, owner.arn, name or str(uuid.uuid4()), execution_input, trace_header
        )
    finally:
        owner.definition, owner.roleArn = definition, role
    execution.state_machine_version_arn = version.arn
    return execution
