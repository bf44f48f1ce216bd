"""What a template asks for, as far as it can be made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Code:
    """Where the code of a function is: one archive, one folder, or entries of a class path."""

    entries: tuple[str, ...]
    unpacked: bool = False
    """Whether the one entry is an archive, unpacked as Lambda unpacks it."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function: its name, and what `create_function` takes besides code and role."""

    logical: str
    name: str
    arn: str
    settings: Mapping[str, Any]
    code: Code | None

    @property
    def handler(self) -> str:
        """Class and method, as Lambda writes them."""
        return str(self.settings.get("Handler", ""))


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a function or a state machine, by the name of what it is of."""

    logical: str
    of: str
    number: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """An alias: version numbers with their weights, which add up to 1."""

    logical: str
    of: str
    name: str
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A state machine with the definition as it runs: everything substituted."""

    logical: str
    name: str
    arn: str
    definition: str
    role: str
    kind: str = "STANDARD"


@dataclass(frozen=True, slots=True)
class Resource:
    """A table, bucket, queue or parameter: its name, and CloudFormation's properties of it."""

    logical: str
    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the template has and the local AWS has not."""

    logical: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Stack:
    """All that one template makes here, and what it does not."""

    name: str
    functions: tuple[Function, ...] = ()
    function_versions: tuple[Version, ...] = ()
    function_aliases: tuple[Alias, ...] = ()
    machines: tuple[StateMachine, ...] = ()
    machine_versions: tuple[Version, ...] = ()
    machine_aliases: tuple[Alias, ...] = ()
    tables: tuple[Resource, ...] = ()
    buckets: tuple[Resource, ...] = ()
    queues: tuple[Resource, ...] = ()
    parameters: tuple[Resource, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    exports: Mapping[str, Any] = field(default_factory=dict)
    """The outputs that other stacks import, by the name of the export."""

    missing: tuple[Missing, ...] = ()
