"""The tables of parity.map.toml, as they stand in the file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from parity.tables import AllowTable, Day, Path, Table, Text


class TermsTable(Table):
    """Terms of a unit or of `[defaults]`; only what is written counts."""

    timeout: Annotated[float, Field(gt=0)] = 5.0
    numbers: Literal["strict", "by-value"] = "strict"
    float_ulps: Annotated[int, Field(ge=0)] = 0
    float_relative: Annotated[float, Field(ge=0, lt=1)] = 0.0
    nulls: Literal["strict", "absent"] = "strict"
    unordered: list[Path] = []
    names: Literal["exact", "camel"] = "exact"
    raises: dict[str, Text] = {}
    judge: Literal["python", "recorded"] = "python"
    compare: list[Literal["messages", "map-order", "output"]] = []
    event: Text | None = None
    order: list[Text] = []
    domain: Text | None = None
    isolate: Literal["unit", "fixture"] | None = None
    max_items: Annotated[int, Field(gt=0)] = 10_000

    @field_validator("domain")
    @classmethod
    def _domain_is_python(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                compile(value, "<domain>", "eval")
            except SyntaxError as error:
                raise ValueError(f"no Python expression ({error.msg})") from None
        return value


class UnitTable(TermsTable):
    """One `[unit."…"]`."""

    java: Text | None = None
    java_expression: Text | None = None
    java_body: Text | None = None
    java_imports: list[Text] = []
    java_package: Text | None = None
    java_classpath: list[Text] = []
    python: Text | None = None
    python_body: Text | None = None
    python_imports: list[Text] = []
    python_path: list[Text] = []
    parameters: dict[str, Text] | None = None
    receiver: Text | None = None
    methods: dict[str, Text] = {}
    owner: Text | None = None
    was: list[Text] = []
    allow: list[AllowTable] = []


class ReceiverTable(Table):
    """One `[receiver."…"]`: an expression per side."""

    python: Text | None = None
    java: Text | None = None


class PortTable(Table):
    """One `[port."…"]`."""

    java: Text | None = None
    methods: dict[str, Text] = {}
    names: Literal["exact", "camel"] = "exact"
    order: Literal["calls", "any"] = "calls"


class WontPortTable(Table):
    """One `[wont_port."…"]`: a unit, or all below a module or class, that is left behind."""

    reason: Text
    expires: Day
    owner: Text | None = None


class SurvivorTable(Table):
    """One `[[survivor]]`: why a mutant that no fixture catches may stay."""

    class_: Annotated[Text, Field(alias="class")]
    mutation: Text
    reason: Text
    source: Text | None = None
    method: Text | None = None
    units: list[Text] = []
    at_most: Annotated[int, Field(ge=1)] = 1


class MapTable(Table):
    """A map file; `defaults` is split by hand into terms and prefixes."""

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    defaults: dict[str, Any] = {}
    unit: dict[str, UnitTable] = {}
    receiver: dict[str, ReceiverTable] = {}
    port: dict[str, PortTable] = {}
    wont_port: dict[str, WontPortTable] = {}
    survivor: list[SurvivorTable] = []
