"""What a scan tells of a server: units, effects, calls, couplings, notes. Nouns, frozen.

What there are hundreds of thousands of are named tuples: they are made and compared much faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

LADDER: Final = ("pure", "stateful", "seedable", "port", "opaque")
"""What a unit asks of whoever ports it, the least first."""
BY_USE: Final = "by use"
"""How a target was found that only files show that use the project, its tests mostly."""
WRITTEN_BY: Final = ", written by "
MOST_WRITERS: Final = 5
"""How a coupling names the units that write a variable, and how many of them."""


class Effect(NamedTuple):
    """What a unit does besides returning; `via` is the way there, empty in its own body."""

    kind: str
    api: str
    file: str
    line: int
    via: tuple[str, ...] = ()


class ScannedCall(NamedTuple):
    """A call of another unit of the project, and how its target was found."""

    to: str
    how: str
    line: int


class Unresolved(NamedTuple):
    """A call whose target is not known, and why; `inside` where it may be one of the project's."""

    text: str
    line: int
    why: str
    inside: bool


class Raised(NamedTuple):
    """An exception that a unit raises by itself."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class ScannedUnit:
    """A function, method or module body: what it takes, gives, does and touches."""

    id: str
    kind: str
    file: str
    line: int
    end: int
    klass: str
    own_class: str
    requires: tuple[str, ...]
    provides: str
    effects: tuple[Effect, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    raises: tuple[Raised, ...]
    calls: tuple[ScannedCall, ...]
    unresolved: tuple[Unresolved, ...]
    entry: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Coupling:
    """What ties a unit to its surroundings, where it stands, and what it is about."""

    kind: str
    file: str
    line: int
    unit: str
    about: str


@dataclass(frozen=True, slots=True)
class Note:
    """What could not be read as it stands, or makes the scan know less: told, never passed over."""

    kind: str
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Attributes that methods of a class write and others use: they move together."""

    owner: str
    state: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """The whole of a scan."""

    roots: tuple[str, ...]
    files: int
    lines: int
    units: tuple[ScannedUnit, ...]
    groups: tuple[tuple[str, ...], ...]
    shared: tuple[Shared, ...]
    couplings: tuple[Coupling, ...]
    notes: tuple[Note, ...]
    totals: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit says of itself, and nothing else depends on."""

    id: str
    line: int
    end: int
    provides: str
    raises: tuple[Raised, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that means what it meant: where its lines went, what its units are named now, and
    what they say of themselves."""

    file: str
    lines: Mapping[int, int]
    names: Mapping[str, str]
    units: tuple[Said, ...]
