"""Tables of the files that people write, as pydantic checks them: every wrong key and type."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from parity.errors import Problem, did_you_mean
from parity.model import KINDS
from parity.values.paths import pattern

Text = Annotated[str, Field(strict=True, min_length=1)]


class Table(BaseModel):
    """A table of a file of ours: frozen, and every unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError("a date is written as 2027-12-31") from None
    return value


Day = Annotated[datetime.date, BeforeValidator(_date)]


def _path(value: Any) -> Any:
    if isinstance(value, str):
        pattern(value)
    return value


def _kind(value: Any) -> Any:
    if value not in KINDS:
        raise ValueError(f"a kind is one of {', '.join(KINDS)}")
    return value


Path = Annotated[str, BeforeValidator(_path)]


class AllowTable(Table):
    """One `[[unit."…".allow]]`, or one of a workflow."""

    path: Path
    kind: Annotated[str, BeforeValidator(_kind)]
    reason: Text
    owner: Text
    expires: Day
    at_most: Annotated[int, Field(ge=1)] | None = None


class PythonTable(Table):
    """`[python]` of the config."""

    interpreter: Text | None = None
    env_pass: list[Text] = []


class JavaTable(Table):
    """`[java]` of the config."""

    maven: Text | None = None
    gradle: Text | None = None
    classpath: list[Text] | None = None
    classpath_command: list[Text] | None = None
    home: Text | None = None
    jvm_args: list[Text] = []


class ScanTable(Table):
    """`[scan]` of the config."""

    exclude: list[Text] = ["test", "tests"]
    users: list[Text] = ["test", "tests"]
    effects: list[Text] = []


class MaskTable(Table):
    """`[mask]` of the config."""

    fields: list[Text] = []
    keep: list[Text] = []
    off: list[
        Literal[
            "address", "card", "email", "fields", "iban", "key", "password", "phone", "ssn", "token"
        ]
    ] = []


class AssumedTable(Table):
    """`[workflow.NAME.cutover.assumed]`: what is in no ASL file."""

    items: Annotated[int, Field(ge=0)] = 1
    input: Annotated[int, Field(ge=0)] = 1024
    item: Annotated[int, Field(ge=0)] = 1024
    result: Annotated[int, Field(ge=0)] = 1024
    error: Annotated[int, Field(ge=0)] = 4096


def _steps(value: Any) -> Any:
    rising = isinstance(value, list) and value == sorted(set(value))
    if not rising or not value or value[-1] != 100:
        raise ValueError("steps are percents that rise up to 100")
    return value


class ShiftTable(Table):
    """What the gate asks for, and the steps behind it, whatever is cut over."""

    alarms: list[Text] = []
    floor: Annotated[float, Field(ge=0, le=100)] = 90.0
    steps: Annotated[list[Annotated[int, Field(ge=1, le=100)]], BeforeValidator(_steps)] = [
        10,
        50,
        100,
    ]
    executions: Annotated[int, Field(ge=1)] = 20
    seconds: Annotated[float, Field(gt=0)] = 3600.0


class CutoverTable(ShiftTable):
    """`[workflow.NAME.cutover]` of the config."""

    machine: Text | None = None
    alias: Text = "live"
    legacy: Annotated[int, Field(ge=1)] = 1
    java: Annotated[int, Field(ge=1)] = 2
    world: Text | None = None
    assumed: AssumedTable = AssumedTable()


class SwitchTable(ShiftTable):
    """`[switch."module:function"]` of the config."""

    function: Text
    file: Text
    log: Text
    answer_seconds: Annotated[float, Field(gt=0, le=900)] = 1.0
    late: Annotated[float, Field(ge=0, le=100)] = 5.0


class WorkflowTable(Table):
    """`[workflow.NAME]` of the config."""

    template: Text
    machine: Text
    requests: Text
    python: Annotated[list[Text], Field(min_length=1)]
    java_world: Annotated[list[Text], Field(min_length=1)]
    parameters: dict[str, Text] = {}
    states: dict[str, Text] = {}
    seconds: Annotated[float, Field(gt=0)] = 300.0
    concurrency: Annotated[int, Field(gt=0)] = 4
    numbers: Literal["strict", "by-value"] = "strict"
    nulls: Literal["strict", "absent"] = "strict"
    unordered: list[Path] = []
    generated: dict[Path, Literal["moment", "duration", "name", "derived"]] = {}
    allow: list[AllowTable] = []
    cutover: CutoverTable = CutoverTable()


class ConfigFile(Table):
    """The config file; what is not written has the default of `parity.config`."""

    sources: list[Text] = ["."]
    map: Text | list[Text] = "parity.map.toml"
    fixtures: Text = "tests/fixtures"
    evidence: Text = "tests/evidence"
    types: list[Text] = []
    tests: list[Text] = []
    python: PythonTable = PythonTable()
    java: JavaTable = JavaTable()
    scan: ScanTable = ScanTable()
    mask: MaskTable = MaskTable()
    workflow: dict[str, WorkflowTable] = {}
    switch: dict[str, SwitchTable] = {}


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Everything that validation found, each with its place and a hint."""
    return [_problem(dict(detail), model) for detail in error.errors(include_url=False)]


def _problem(detail: dict[str, Any], model: type[BaseModel]) -> Problem:
    place = [part for part in detail["loc"] if not _is_branch(part)]
    where = ".".join(str(part) for part in place) or "the file"
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model, place[:-1])
        if len(place) == 1 and _other_file(str(place[0]), model):
            return Problem(where, "unknown key", _other_file(str(place[0]), model))
        hint = did_you_mean(str(place[-1]), known) or f"known: {', '.join(sorted(known))}"
        return Problem(where, "unknown key", hint)
    shown = repr(detail.get("input"))
    return Problem(where, f"{_sentence(detail['msg'])}, not {shown[:80]}")


MAP_TABLES = ("defaults", "port", "receiver", "survivor", "unit", "wont_port")
"""What stands at the top of a map."""


def _other_file(key: str, model: type[BaseModel]) -> str:
    """Where a table belongs that stands at the top of the other file of ours; else empty."""
    if model is ConfigFile:
        return "it belongs in the map, parity.map.toml" if key in MAP_TABLES else ""
    is_config = key in ConfigFile.model_fields
    return "it belongs in the config, parity.toml or [tool.parity]" if is_config else ""


def _is_branch(part: Any) -> bool:
    """Pydantic names the branch of a union in its places; people did not write it."""
    text = str(part)
    return "[" in text or text in ("constrained-str", "list", "str", "function-after")


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ").strip()


def _known_keys(model: type[BaseModel], place: list[Any]) -> list[str]:
    for part in place:
        field = model.model_fields.get(str(part))
        inner = _table_in(field.annotation) if field is not None else None
        if inner is None:
            return list(model.model_fields)
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _table_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _table_in(inner)
        if found is not None:
            return found
    return None
