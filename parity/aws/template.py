"""From a template to what is made of it: names, code and definitions worked out beforehand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parity.aws.documents import Document
from parity.aws.functions import NO_VALUE, Names, Unknown
from parity.aws.sam import written_out
from parity.aws.stack import (
    Alias,
    Code,
    Function,
    Missing,
    Resource,
    Stack,
    StateMachine,
    Version,
)
from parity.errors import ConfigError, Problem

WITHOUT_EFFECT: Final = {
    "AWS::IAM::": "nothing is forbidden here",
    "AWS::KMS::": "nothing is encrypted here",
    "AWS::Logs::": "logs are files here",
    "AWS::CloudWatch::": "nothing is measured here",
    "AWS::EC2::": "all is on loopback here",
    "AWS::CDK::": "it is for CDK's makers",
    "AWS::CodeDeploy::": "nothing is shifted by degrees here",
    "AWS::Lambda::Permission": "nothing is forbidden here",
    "AWS::S3::BucketPolicy": "nothing is forbidden here",
}
"""Kinds of resources that a program does not miss, and why."""

SUBSTITUTION: Final = re.compile(r"\$\{([\w.-]+)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """The account that a stack is made in."""

    region: str
    account: str
    endpoint: str

    def arn(self, service: str, rest: str) -> str:
        """The ARN of something of this account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{rest}"


@dataclass(frozen=True, slots=True)
class Before:
    """What was made before a stack, and that it may ask for."""

    exports: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Values of SSM parameters by their names."""


def made_before(stacks: Iterable[Stack]) -> Before:
    """What later stacks may ask these for."""
    exports: dict[str, Any] = {}
    parameters: dict[str, str] = {}
    for stack in stacks:
        exports.update(stack.exports)
        parameters.update({one.name: _text(one.properties["Value"]) for one in stack.parameters})
    return Before(exports, parameters)


ProjectCode = Callable[[str], Code | None]
"""The project's own class path for a handler; None where it has no such class."""


def read_stack(
    document: Document,
    place: Place,
    parameters: Mapping[str, str],
    project_code: ProjectCode,
    *,
    prefer_project: bool = False,
    before: Before | None = None,
) -> Stack:
    """What a template makes. Raises ConfigError with everything in it that cannot be worked out."""
    known = before or Before()
    return _Reader(document, place, parameters, project_code, prefer_project, known).stack()


@dataclass(slots=True)
class _Made:
    """What has been read of a template so far."""

    functions: list[Function] = field(default_factory=list)
    function_versions: list[Version] = field(default_factory=list)
    function_aliases: list[Alias] = field(default_factory=list)
    machines: list[StateMachine] = field(default_factory=list)
    machine_versions: list[Version] = field(default_factory=list)
    machine_aliases: list[Alias] = field(default_factory=list)
    tables: list[Resource] = field(default_factory=list)
    buckets: list[Resource] = field(default_factory=list)
    queues: list[Resource] = field(default_factory=list)
    parameters: list[Resource] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


class _Values(Mapping[str, Any]):
    """Parameters and pseudo parameters, and resources, whose names are worked out when asked."""

    def __init__(self, plain: Mapping[str, Any], kinds: Mapping[str, str], ref: Any) -> None:
        self._plain = plain
        self._kinds = kinds
        self._ref = ref

    def __getitem__(self, name: str) -> Any:
        value = self._plain[name] if name in self._plain else self._ref(name)
        if isinstance(value, Unknown):
            raise value
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._plain or name in self._kinds

    def __iter__(self) -> Iterator[str]:
        return iter([*self._plain, *self._kinds])

    def __len__(self) -> int:
        return len(self._plain) + len(self._kinds)


class _Reader:
    def __init__(
        self,
        document: Document,
        place: Place,
        parameters: Mapping[str, str],
        project_code: ProjectCode,
        prefer_project: bool,
        before: Before,
    ) -> None:
        self.document = document
        self.before = before
        self.place = place
        self.project_code = project_code
        self.prefer_project = prefer_project
        self.made = _Made()
        self.problems: list[Problem] = []
        self.resources, missing = written_out(document.body)
        self.made.missing += missing
        self.kinds = {name: str(one.get("Type", "")) for name, one in self.resources.items()}
        self.names = Names(
            values=_Values(self._plain(parameters), self.kinds, self._ref),
            attributes=self._attribute,
            conditions=document.body.get("Conditions", {}),
            mappings=document.body.get("Mappings", {}),
            exports=before.exports,
        )

    def stack(self) -> Stack:
        """Everything, in the order of the template."""
        for logical, resource in self.resources.items():
            self._try(f"Resources.{logical}", self._read, logical, resource)
        outputs: dict[str, Any] = {}
        exports: dict[str, Any] = {}
        for name, output in self.document.body.get("Outputs", {}).items():
            self._try(f"Outputs.{name}", self._output, outputs, exports, name, output)
        if self.problems:
            raise ConfigError(str(self.document.file), self.problems, kind="template")
        made = {name: tuple(getattr(self.made, name)) for name in _Made.__dataclass_fields__}
        return Stack(name=self.document.name, outputs=outputs, exports=exports, **made)

    def _try(self, where: str, read: Callable[..., None], *given: Any) -> None:
        try:
            read(*given)
        except Unknown as why:
            self.problems.append(Problem(where, str(why)))
        except (KeyError, TypeError, ValueError, IndexError) as why:
            self.problems.append(Problem(where, f"it cannot be read: {why!r}"))

    def _plain(self, given: Mapping[str, str]) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "AWS::Region": self.place.region,
            "AWS::AccountId": self.place.account,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": self.document.name,
            "AWS::StackId": self.place.arn("cloudformation", f"stack/{self.document.name}/0"),
        }
        for name, parameter in self.document.body.get("Parameters", {}).items():
            if name not in given and "Default" not in parameter:
                why = "it has no default, and no value was given"
                self.problems.append(Problem(f"Parameters.{name}", why, f"--parameter {name}=…"))
                continue
            value = str(given.get(name, parameter.get("Default")))
            kind = str(parameter.get("Type", ""))
            if kind.startswith("AWS::SSM::Parameter::Value<"):
                if value not in self.before.parameters:  # CDK has one that nothing refers to
                    plain[name] = Unknown(f"no stack made before has the SSM parameter {value}")
                    continue
                value = self.before.parameters[value]
            plain[name] = value.split(",") if "List" in kind else value
        return plain

    def _output(
        self,
        outputs: dict[str, Any],
        exports: dict[str, Any],
        name: str,
        output: Mapping[str, Any],
    ) -> None:
        if "Condition" in output and not self.names.holds(output["Condition"]):
            return
        outputs[name] = self.names.resolve(output["Value"])
        if "Export" in output:
            exports[str(self.names.resolve(output["Export"]["Name"]))] = outputs[name]

    def _read(self, logical: str, resource: Mapping[str, Any]) -> None:
        if "Condition" in resource and not self.names.holds(resource["Condition"]):
            return
        kind = self.kinds[logical]
        read = READERS.get(kind)
        if read is not None:
            read(self, logical)
            return
        why = next((why for start, why in WITHOUT_EFFECT.items() if kind.startswith(start)), None)
        self._miss(logical, why or f"the local AWS has nothing of the kind {kind}")

    def _miss(self, logical: str, why: str) -> None:
        self.made.missing.append(Missing(logical, self.kinds[logical], why))

    # ------------------------------------------------------------ names

    def _property(self, logical: str, name: str, default: Any = None) -> Any:
        properties = self.resources[logical].get("Properties", {})
        value = self.names.resolve(properties[name]) if name in properties else NO_VALUE
        return default if value is NO_VALUE else value

    def _name(self, logical: str) -> str:
        """The name of a resource: its own, or that of its stack and its logical id."""
        own = NAMES.get(self.kinds[logical], "Name")
        name = str(self._property(logical, own) or f"{self.document.name}-{logical}")
        if self.kinds[logical] == "AWS::S3::Bucket":
            return re.sub(r"[^a-z0-9.-]", "-", name.lower())[:63]
        return name if self._property(logical, own) else re.sub(r"[^\w-]", "-", name)[:64]

    def _ref(self, logical: str) -> Any:
        kind = self.kinds[logical]
        if kind == "AWS::SQS::Queue":
            return f"{self.place.endpoint}/{self.place.account}/{self._name(logical)}"
        if kind in ("AWS::StepFunctions::StateMachine", *OF):
            return self._attribute(logical, "Arn")
        return self._name(logical)

    def _attribute(self, logical: str, attribute: str) -> Any:
        kind = self.kinds.get(logical)
        if kind is None:
            raise Unknown(f"there is no resource {logical}")
        name = self._name(logical)
        arns = {
            "AWS::Lambda::Function": ("lambda", f"function:{name}"),
            "AWS::StepFunctions::StateMachine": ("states", f"stateMachine:{name}"),
            "AWS::DynamoDB::Table": ("dynamodb", f"table/{name}"),
            "AWS::SQS::Queue": ("sqs", name),
            "AWS::Logs::LogGroup": ("logs", f"log-group:{name}:*"),
        }
        match kind, attribute:
            case "AWS::S3::Bucket", "Arn":
                return f"arn:aws:s3:::{name}"
            case "AWS::S3::Bucket", "DomainName" | "RegionalDomainName":
                return f"{name}.s3.{self.place.region}.amazonaws.com"
            case "AWS::IAM::Role", "Arn":
                return f"arn:aws:iam::{self.place.account}:role/{name}"
            case "AWS::Lambda::Version", "Version":
                return str(self._number(logical))
            case "AWS::StepFunctions::StateMachine", "StateMachineRevisionId":
                return "INITIAL"
            case "AWS::DynamoDB::Table", "StreamArn":
                return f"{self.place.arn('dynamodb', f'table/{name}')}/stream/0"
            case _, "Arn" if kind in arns:
                return self.place.arn(*arns[kind])
            case _, "Arn" | "AliasArn" | "FunctionArn" | "StateMachineVersionArn" if kind in OF:
                return self._arn_of_part(logical)
            case _, "Name" | "FunctionName" | "StateMachineName" | "QueueName":
                return name
            case "AWS::SQS::Queue", "QueueUrl":
                return self._ref(logical)
            case _ if kind in READERS:
                raise Unknown(f"{kind} has no attribute {attribute} here")
        return self._stand_in(logical, attribute)

    def _stand_in(self, logical: str, attribute: str) -> str:
        """A text for an attribute of something that is not made."""
        if attribute.endswith("Arn"):
            return self.place.arn("unmade", logical)
        return f"{logical}.{attribute}"

    def _arn_of_part(self, logical: str) -> str:
        """The ARN of a version or an alias, which is that of what it is of and one word more."""
        kind = self.kinds[logical]
        owner = self._owner(logical)
        service, middle = (
            ("lambda", "function")
            if kind.startswith("AWS::Lambda::")
            else ("states", "stateMachine")
        )
        last = (
            self._number(logical) if kind.endswith("Version") else self._property(logical, "Name")
        )
        return self.place.arn(service, f"{middle}:{owner}:{last}")

    def _owner(self, logical: str) -> str:
        """The name of the function or the state machine that a version or an alias is of."""
        given = self._property(logical, OF[self.kinds[logical]])
        if given is None:  # an alias of a state machine names versions only
            given = self._routes(logical)[0]["StateMachineVersionArn"].rsplit(":", 1)[0]
        return re.split(r":(?:function|stateMachine):", str(given))[-1].partition(":")[0]

    def _number(self, logical: str) -> int:
        """The number that a version gets: one after the other, in the order of the template."""
        kind = self.kinds[logical]
        owner = self._owner(logical)
        same = [
            other
            for other, resource in self.resources.items()
            if self.kinds[other] == kind
            and ("Condition" not in resource or self.names.holds(resource["Condition"]))
            and self._owner(other) == owner
        ]
        return same.index(logical) + 1

    def _routes(self, logical: str) -> list[dict[str, Any]]:
        routes = self._property(logical, "RoutingConfiguration")
        if routes is None:  # a gradual shift ends with all of it at one version
            shift = self._property(logical, "DeploymentPreference", {})
            routes = [{"StateMachineVersionArn": shift["StateMachineVersionArn"], "Weight": 100}]
        return list(routes)

    # ------------------------------------------------------------ kinds

    def _function(self, logical: str) -> None:
        properties = self.resources[logical].get("Properties", {})
        kept = {key: value for key, value in properties.items() if key in SETTINGS}
        settings = self.names.resolve(kept)
        runtime = str(settings.get("Runtime", ""))
        code: Code | None = None
        if self._property(logical, "PackageType") == "Image":
            self._miss(logical, "a function that is an image is not run here")
        elif not runtime.startswith("java"):
            self._miss(logical, f"it cannot be invoked: the local AWS runs Java, not {runtime}")
        else:
            code = self._code(logical, str(settings.get("Handler", "")))
            if code is None:
                return
        for name in ("Timeout", "MemorySize"):
            if name in settings:
                settings[name] = int(settings[name])
        if "Layers" in properties:
            self._miss(logical, "it runs without its layers")
        environment = settings.get("Environment", {}).get("Variables", {})
        settings["Environment"] = {
            "Variables": {key: _text(one) for key, one in environment.items()}
        }
        reserved = self._property(logical, "ReservedConcurrentExecutions")
        if reserved is not None:
            settings["Reserved"] = int(reserved)
        arn = self._attribute(logical, "Arn")
        self.made.functions.append(Function(logical, self._name(logical), arn, settings, code))

    def _code(self, logical: str, handler: str) -> Code | None:
        given = self._property(logical, "Code", "")
        path = self._code_path(given)
        packed = _packed(path) if path is not None else None
        own = self.project_code(handler) if packed is None or self.prefer_project else None
        found = own or packed
        if found is None:
            where = str(path or given)[:120]
            self._miss(
                logical,
                f"it is not made: its code is not here ({where}), "
                f"and no class {handler.partition('::')[0]} on the class path of the project",
            )
        return found

    def _code_path(self, given: Any) -> Path | None:
        if isinstance(given, dict):
            key = given.get("S3Key", given.get("Key"))
            return self.document.assets.get(str(key))
        if not given or str(given).startswith("s3://"):
            return None
        return self.document.folder / str(given)

    def _function_version(self, logical: str) -> None:
        owner, about = self._owner(logical), str(self._property(logical, "Description", ""))
        version = Version(logical, owner, self._number(logical), about)
        self.made.function_versions.append(version)

    def _function_alias(self, logical: str) -> None:
        main = str(self._property(logical, "FunctionVersion"))
        routing = self._property(logical, "RoutingConfig", {})
        more = {
            str(one["FunctionVersion"]): float(one["FunctionWeight"])
            for one in routing.get("AdditionalVersionWeights", [])
        }
        weights = ((main, 1 - sum(more.values())), *more.items())
        name = str(self._property(logical, "Name"))
        self.made.function_aliases.append(Alias(logical, self._owner(logical), name, weights))

    def _machine(self, logical: str) -> None:
        text = self._definition(logical)
        if text is None:
            return
        given = self._property(logical, "DefinitionSubstitutions", {})
        for name in dict.fromkeys(SUBSTITUTION.findall(text)):
            if name in given:
                text = text.replace("${" + name + "}", _text(given[name]))
        role = self._property(logical, "RoleArn") or f"arn:aws:iam::{self.place.account}:role/local"
        kind = str(self._property(logical, "StateMachineType", "STANDARD"))
        if kind != "STANDARD":
            self._miss(logical, "it runs as STANDARD: the local AWS has no express executions")
        arn = self._attribute(logical, "Arn")
        self.made.machines.append(
            StateMachine(logical, self._name(logical), arn, text, str(role), kind)
        )

    def _definition(self, logical: str) -> str | None:
        whole = self._property(logical, "Definition")
        if whole is not None:
            return json.dumps(whole)
        text = self._property(logical, "DefinitionString")
        if text is not None:
            return str(text)
        given = self._property(logical, "DefinitionUri")
        given = given or self._property(logical, "DefinitionS3Location")
        path = self._code_path(given)
        if path is None or not path.is_file():
            self._miss(logical, f"it is not made: its definition is not here ({path or given})")
            return None
        read = path.read_text("utf-8")
        if path.suffix in (".yaml", ".yml"):
            import yaml

            return json.dumps(yaml.safe_load(read))
        return read

    def _machine_version(self, logical: str) -> None:
        about = str(self._property(logical, "Description", ""))
        version = Version(logical, self._owner(logical), self._number(logical), about)
        self.made.machine_versions.append(version)

    def _machine_alias(self, logical: str) -> None:
        weights = tuple(
            (str(route["StateMachineVersionArn"]), float(route["Weight"]) / 100)
            for route in self._routes(logical)
        )
        name = str(self._property(logical, "Name"))
        self.made.machine_aliases.append(Alias(logical, self._owner(logical), name, weights))

    def _kept(self, kept: list[Resource], logical: str) -> None:
        properties = self.names.resolve(self.resources[logical].get("Properties", {}))
        kept.append(Resource(logical, self._name(logical), properties))


def _packed(path: Path) -> Code | None:
    """The code of a package: an archive, or a folder with classes; None where it holds no code."""
    if path.is_file():
        return Code((str(path.resolve()),), unpacked=True)
    if not path.is_dir():
        return None
    jars = sorted(str(jar.resolve()) for jar in (path / "lib").glob("*.jar"))
    own = sorted(str(jar.resolve()) for jar in path.glob("*.jar"))
    if not jars and not own and next(path.rglob("*.class"), None) is None:
        return None
    if (path / "pom.xml").is_file() or next(path.glob("build.gradle*"), None) is not None:
        return None  # sources, that `sam build` would build
    return Code((str(path.resolve()), *jars, *own))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


SETTINGS: Final = ("Handler", "Runtime", "MemorySize", "Timeout", "Environment", "Description")
"""Properties of a function that mean the same to `create_function`."""

NAMES: Final = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
}
"""The property that names a resource."""

OF: Final = {
    "AWS::Lambda::Version": "FunctionName",
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::StepFunctions::StateMachineVersion": "StateMachineArn",
    "AWS::StepFunctions::StateMachineAlias": "StateMachineArn",
}
"""The property that says what a version or an alias is of."""

READERS: Final[dict[str, Callable[[_Reader, str], None]]] = {
    "AWS::Lambda::Function": _Reader._function,
    "AWS::Lambda::Version": _Reader._function_version,
    "AWS::Lambda::Alias": _Reader._function_alias,
    "AWS::StepFunctions::StateMachine": _Reader._machine,
    "AWS::StepFunctions::StateMachineVersion": _Reader._machine_version,
    "AWS::StepFunctions::StateMachineAlias": _Reader._machine_alias,
    "AWS::DynamoDB::Table": lambda reader, name: reader._kept(reader.made.tables, name),
    "AWS::S3::Bucket": lambda reader, name: reader._kept(reader.made.buckets, name),
    "AWS::SQS::Queue": lambda reader, name: reader._kept(reader.made.queues, name),
    "AWS::SSM::Parameter": lambda reader, name: reader._kept(reader.made.parameters, name),
}
