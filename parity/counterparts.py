"""What is told of counterparts: Java classes as they stand in files, and which unit each replaces.

Nouns, frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

PUBLIC, STATIC, FINAL, INTERFACE, ABSTRACT, SYNTHETIC = 0x1, 0x8, 0x10, 0x200, 0x400, 0x1000
VARARGS = 0x80

How = Literal["map", "annotation", "name"]
State = Literal[
    "not-started",
    "ported",
    "proven",
    "shadow",
    "cut-over",
    "retired",
    "wont-port",
    "drifted-python",
    "drifted-java",
]
STATES: tuple[State, ...] = get_args(State)
RANKS: Mapping[State, int] = {
    "not-started": 0,
    "ported": 1,
    "drifted-python": 1,
    "drifted-java": 1,
    "proven": 2,
    "shadow": 3,
    "cut-over": 4,
    "retired": 5,
    "wont-port": 5,
}
"""How far a unit has come."""


@dataclass(frozen=True, slots=True)
class JavaMethod:
    """A method as its class file declares it; `signature` has the type arguments, where it says."""

    name: str
    descriptor: str
    signature: str
    flags: int
    ported_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JavaClass:
    """A class as its file declares it, by its binary name; `place` is the file or jar."""

    name: str
    flags: int
    parent: str
    interfaces: tuple[str, ...]
    methods: tuple[JavaMethod, ...]
    ported_from: tuple[str, ...] = ()
    source: str = ""
    place: str = ""
    constructors: tuple[str, ...] = ()
    """Descriptors of those that are public."""

    @property
    def simple_name(self) -> str:
        """Its name without package and enclosing classes."""
        return self.name.rpartition(".")[2].rpartition("$")[2]

    @property
    def package(self) -> str:
        """Its package."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class PythonUnit:
    """A function or method of the sources, as `status` and `map` need it; `calls` are units."""

    id: str
    kind: str
    file: str
    line: int
    end: int
    klass: str
    own_class: str
    requires: tuple[str, ...]
    calls: tuple[str, ...]
    entry: bool
    ties: int
    """Effects and states of modules that its own body has: what a seam would have to take off."""

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return max(1, self.end - self.line + 1)

    @property
    def module(self) -> str:
        """The module that it is in."""
        return self.id.partition(":")[0]

    @property
    def qualname(self) -> str:
        """Its name in the module."""
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A unit and what replaces it, with both signatures, and how that is known."""

    unit: str
    java: str
    how: How
    python_signature: str = ""
    java_signature: str = ""
    file: str = ""
    line: int = 0
    checked: bool = True
    """Whether the class was found, and not only named: one of the JDK is not looked at."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit and a method that may replace it: a guess, until a person has looked at it.

    `table` is what the map would say of it, `likeness` of the names is between 0 and 1, and `named`
    says that a naming convention leads from one to the other.
    """

    unit: str
    java: str
    table: Mapping[str, Any]
    likeness: float
    python_signature: str = ""
    java_signature: str = ""
    file: str = ""
    line: int = 0
    named: bool = False


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that does not fit: a conflict has to be mended, a near miss may be meant."""

    kind: Literal["conflict", "near"]
    unit: str
    java: str
    why: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """All of a project: what replaces what, what does not fit, and units without a counterpart."""

    found: tuple[Counterpart, ...]
    odd: tuple[Odd, ...]
    without: tuple[str, ...]
    classes: int
    looked: bool
    """Whether there are any classes; where none are, nothing was looked up."""

    @property
    def conflicts(self) -> tuple[Odd, ...]:
        """What has to be mended."""
        return tuple(one for one in self.odd if one.kind == "conflict")

    @property
    def exit_status(self) -> int:
        """0 told, 2 something has to be mended, or there was nothing to look counterparts up in."""
        unseen = not self.looked and any(one.how == "map" and one.java for one in self.found)
        return 2 if self.conflicts or unseen else 0

    @property
    def by_unit(self) -> Mapping[str, Counterpart]:
        """The counterpart of each unit that has one."""
        return {one.unit: one for one in self.found}


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a unit stands, and why. `part_of` are the units that it is a part of."""

    id: str
    java: str
    state: State
    owner: str
    why: str
    file: str = ""
    line: int = 0
    lines: int = 0
    calls: int = 0
    """Recorded calls: its fixtures."""
    part_of: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The package of its module; the module itself where it is in none."""
        module = self.id.partition(":")[0]
        return module.rpartition(".")[0] or module


@dataclass(frozen=True, slots=True)
class Next:
    """A unit that may be ported next, and what speaks for it."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Point:
    """How much was mapped and proven at a commit; `day` is its date."""

    commit: str
    day: str
    mapped: int
    proven: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """When all that is mapped may be proven, should the next weeks be as the last ones were.

    In one of ten draws it is done by `early`, in half of them by `likely`, in nine of ten by
    `late`; a day that is None is not in sight.
    """

    since: str
    """The day of the last point: days are counted from it."""
    left: int
    weeks: int
    """So many whole weeks were drawn from."""
    early: str | None = None
    likely: str | None = None
    late: str | None = None
    why: str = ""
    """Why there is none."""

    @property
    def told(self) -> str:
        """In one line."""
        if self.why:
            return f"{self.left} left on {self.since}; no forecast: {self.why}"
        days = (self.early, self.likely, self.late)
        early, likely, late = (one or "no day in sight" for one in days)
        return (
            f"{self.left} left on {self.since}; at the pace of the last {self.weeks} weeks all is "
            f"proven between {early} and {late} (eight of ten draws), half of the draws by {likely}"
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where a migration stands."""

    entries: tuple[Entry, ...]
    next: tuple[Next, ...]
    notes: tuple[str, ...] = ()
    against: str | None = None
    worse: Mapping[str, str] | None = None
    burndown: tuple[Point, ...] | None = None
    forecast: Forecast | None = None

    @property
    def exit_status(self) -> int:
        """1 where a unit is worse than at the merge base, else 0."""
        return 1 if self.worse else 0


@dataclass(frozen=True, slots=True)
class PortedUnit:
    """What came of a unit."""

    id: str
    status: Literal["accepted", "refused"]
    java: str = ""
    reason: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ported:
    """What came of all units, the files that were written, and the tables of the map."""

    units: tuple[PortedUnit, ...]
    files: tuple[Path, ...]
    map_file: Path | None
    hints: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 where all were accepted, 1 where some were not."""
        return 0 if all(one.status == "accepted" for one in self.units) else 1
