"""Where a unit can be taken apart, and what comes of it. Nouns, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Seam:
    """Something that a unit takes from its surroundings, and the parameter that may give it."""

    kind: str
    unit: str
    file: str
    line: int
    what: str
    parameter: str
    uses: int
    why: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is not done, where that stands, and the reason."""

    kind: str
    unit: str
    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The seams of one unit, and its file before and after; equal where nothing is changed."""

    unit: str
    file: str
    seams: tuple[Seam, ...]
    refusals: tuple[Refusal, ...]
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cut:
    """A call that leaves a group, and why it may."""

    to: str
    by: str
    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Units that move into one Lambda: its first unit, all units, why together, and its cuts."""

    name: str
    units: tuple[str, ...]
    together: tuple[str, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class DraftedState:
    """A state of a draft, and the source that it stands for."""

    path: str
    kind: str
    file: str
    line: int
    source: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A state machine for an orchestrator; none where something in it cannot be said."""

    unit: str
    machine: Mapping[str, Any] | None
    states: tuple[DraftedState, ...]
    functions: Mapping[str, str]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...] = ()
