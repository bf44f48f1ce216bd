"""The nouns of the map: units, the terms they are compared on, what is allowed or left behind.

They stand apart from the other nouns: whoever only reads the map need not make those.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms two sides are compared; every field but `timeout` widens or tightens."""

    timeout: float = 5.0
    numbers: Literal["strict", "by-value"] = "strict"
    float_ulps: int = 0
    float_relative: float = 0.0
    nulls: Literal["strict", "absent"] = "strict"
    unordered: tuple[str, ...] = ()
    names: Literal["exact", "camel"] = "exact"
    raises: Mapping[str, str] = field(default_factory=dict)
    judge: Literal["python", "recorded"] = "python"
    compare: frozenset[str] = frozenset()
    event: str | None = None
    order: tuple[str, ...] = ()
    domain: str | None = None
    isolate: Literal["unit", "fixture"] | None = None
    max_items: int = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """A difference that the team accepts, until it expires."""

    path: str
    kind: str
    reason: str
    owner: str
    expires: datetime.date
    at_most: int | None = None


OUTSIDE: Final = ("aws", "http", "sql")
"""Ports that are no collaborator of the project's: libraries' ways to the world."""


@dataclass(frozen=True, slots=True)
class Port:
    """A collaborator of units whose calls are effects: a python class and its Java type.

    Those of OUTSIDE have no Java type: whatever library a side uses is stood in for.
    """

    id: str
    java: str = ""
    methods: Mapping[str, str] = field(default_factory=dict)
    names: Literal["exact", "camel"] = "exact"
    order: Literal["calls", "any"] = "calls"

    @property
    def simple_name(self) -> str:
        """The name of its python class."""
        return self.id.rpartition(":")[2].rpartition(".")[2]

    @property
    def python_name(self) -> str:
        """What expressions and parameters call it in python: `host_client` for HostClient."""
        return WORDS.sub(r"_\g<0>", self.simple_name).lower().strip("_")

    @property
    def java_name(self) -> str:
        """What expressions call it in Java: `hostClient` for com.example.HostClient."""
        name = re.split(r"[.$]", self.java or self.id)[-1]
        return name[:1].lower() + name[1:]


@dataclass(frozen=True, slots=True)
class WontPort:
    """What is left behind: a unit, or all whose ids begin so; until when, and why."""

    id: str
    reason: str
    expires: datetime.date
    owner: str | None = None


WORDS = re.compile(r"(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])")


@dataclass(frozen=True, slots=True)
class Unit:
    """One entry of the map: a python callable or expression and its Java counterpart."""

    id: str
    map_file: str
    java: str | None = None
    java_expression: str | None = None
    java_body: str | None = None
    java_imports: tuple[str, ...] = ()
    java_package: str | None = None
    java_classpath: tuple[str, ...] = ()
    java_receiver: str | None = None
    python: str | None = None
    python_body: str | None = None
    python_imports: tuple[str, ...] = ()
    python_path: tuple[str, ...] = ()
    python_receiver: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    was: tuple[str, ...] = ()
    terms: Terms = Terms()
    allowances: tuple[Allowance, ...] = ()
    ports: tuple[Port, ...] = ()

    @property
    def reference(self) -> str | None:
        """`module:qualname` of the python side, unless that side is an expression."""
        written = self.python is not None or self.python_body is not None
        return None if written or ":" not in self.id else self.id

    @property
    def java_text(self) -> str:
        """What the reports call the counterpart."""
        return self.java or self.java_expression or self.java_body or ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why mutants of a line survive, as the team has written it into the map.

    `source` is the line, `method` its method: of the two, those that are given have to fit. It
    holds for `units`, or for all where none is named, and for at most so many mutants of each.
    """

    owner: str
    mutation: str
    reason: str
    source: str | None = None
    method: str | None = None
    units: tuple[str, ...] = ()
    at_most: int = 1
