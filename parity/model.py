"""The nouns of parity: units, terms, fixtures, observations, findings, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from parity.units import OUTSIDE as OUTSIDE
from parity.units import Allowance as Allowance
from parity.units import Explanation as Explanation
from parity.units import Port as Port
from parity.units import Terms as Terms
from parity.units import Unit as Unit
from parity.units import WontPort as WontPort

Form = Any
"""A JSON document in fixture form (docs/fixtures.md)."""

SideName = Literal["python", "java"]


class Verdict(StrEnum):
    """What is known of a fixture, a unit or a run."""

    MATCHED = "matched"
    ALLOWED = "allowed"
    UNKNOWN = "unknown"
    DIFFERS = "differs"

    @property
    def exit_status(self) -> int:
        """0 agree, 1 differ, 2 could not tell."""
        return {"matched": 0, "allowed": 0, "differs": 1, "unknown": 2}[self.value]

    @property
    def rank(self) -> int:
        """Greater is worse: differs > unknown > allowed > matched."""
        return list(Verdict).index(self)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts; of nothing, nothing is known."""
    return max(verdicts, key=lambda verdict: verdict.rank) if verdicts else Verdict.UNKNOWN


# ---------------------------------------------------------------- fixtures


@dataclass(frozen=True, slots=True)
class Fixture:
    """One input of a unit, as it stands in its file."""

    id: str
    args: list[Form]
    kwargs: Mapping[str, Form]
    line: int
    self_state: Form = None
    has_self: bool = False
    steps: list[dict[str, Form]] | None = None
    world: Mapping[str, Form] | None = None
    observed: Mapping[str, Form] | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a python unit; `default` counts where `has_default` is true.

    One that is `supplied` the worker gives where the fixture does not: Lambda's context, or what
    stands for a `port`.
    """

    name: str
    kind: Literal["positional-only", "positional", "keyword", "args", "kwargs"]
    has_default: bool = False
    default: Form = None
    formless: str | None = None
    supplied: bool = False
    port: str | None = None


# ---------------------------------------------------------------- recordings


@dataclass(frozen=True, slots=True)
class LocalStack:
    """What a local AWS made of one template, and what it has not."""

    name: str
    made: tuple[tuple[str, str], ...]
    """Kind and name of each."""

    missing: tuple[tuple[str, str, str], ...]
    """Logical id, type and reason of each resource that is not made, or not wholly."""

    outputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedUnit:
    """What came of one unit: `calls` seen, `distinct` inputs, `added` fixtures, `fixtures` now.

    `formless` counts calls that could not be written by reason; `contradicting` are inputs that
    gave two results; `lost` counts inputs that were not kept by reason, `masked` those that were
    added with tokens in them; `trouble` says why the unit could not be watched. Where `apart`,
    fixtures hold one by one only: each leaves something behind.
    """

    unit: Unit
    calls: int = 0
    distinct: int = 0
    added: int = 0
    fixtures: int = 0
    formless: Mapping[str, int] = field(default_factory=dict)
    contradicting: int = 0
    lost: Mapping[str, int] = field(default_factory=dict)
    masked: int = 0
    trouble: str | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a recording; seconds of the program's processes, and of them for recording.

    `masked` counts by kind what tokens stand for; `idle` says that the program did nothing any
    more, and was ended.
    """

    units: tuple[RecordedUnit, ...]
    status: int
    seconds: float
    processes: int
    process_seconds: float
    spent: float
    masked: Mapping[str, int] = field(default_factory=dict)
    idle: bool = False


# ---------------------------------------------------------------- observations


@dataclass(frozen=True, slots=True)
class Returned:
    """The side returned a value."""

    value: Form


@dataclass(frozen=True, slots=True)
class Raised:
    """The side raised; class names are `module:Class` or a Java class name."""

    kind: str
    bases: tuple[str, ...]
    message: str | None
    line: str | None
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The fixture's value does not fit this side; the subject was not called."""

    parameter: str | None
    type: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Formless:
    """What came back cannot be written in fixture form."""

    path: str
    type: str
    why: str


@dataclass(frozen=True, slots=True)
class Stepped:
    """What each step of a class unit did, up to the first that could not be made."""

    steps: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Valued:
    """What an expression of the python side has been, or a side of its operator (`part`).

    `place` is its first line and column and its last; `numbers` are the least and the greatest as
    texts, `sizes` the shortest and the longest length.
    """

    file: str
    place: tuple[int, int, int, int]
    part: str
    kinds: tuple[str, ...]
    numbers: tuple[str, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Crashed:
    """The worker died while this fixture was in flight."""

    how: str


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The call did not end in time, twice."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Outside:
    """The term `domain` leaves this input out; the subject was not called."""

    domain: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The worker itself failed on this fixture: not the subject's doing."""

    why: str


Outcome = Returned | Raised | Refused | Formless | Stepped | Crashed | TimedOut | Outside | Fault


@dataclass(frozen=True, slots=True)
class Effect:
    """One call of a port: `entry` is the recorded call that answered it, None where none did.

    `thread` tells the threads of the unit apart; 0 is the one that it was called in.
    """

    port: str
    call: str
    args: list[Form]
    entry: int | None = None
    thread: int = 0

    def form(self) -> Form:
        """How findings show it."""
        return {"port": self.port, "call": self.call, "args": self.args}


@dataclass(frozen=True, slots=True)
class Observation:
    """What one side did on one fixture."""

    outcome: Outcome
    args: list[Form] | None = None
    kwargs: Mapping[str, Form] | None = None
    held: list[Form] | None = None
    self_state: Form = None
    self_changed: bool = False
    out: str = ""
    err: str = ""
    micros: float = 0.0
    effects: tuple[Effect, ...] = ()


# ---------------------------------------------------------------- findings


KINDS = (
    "changed",
    "missing",
    "unexpected",
    "type",
    "order",
    "raised",
    "message",
    "mutated",
    "output",
    "effect",
    "crashed",
    "timeout",
    "unstable",
    "recording",
    "harness",
)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why the sides part, in the words of both languages (docs/causes.md).

    `explains` of the `of` findings on which it is at work are gone where it is re-applied; `proven`
    where that are all, nothing that agrees is changed by it, and no other cause does the same: such
    `rivals` are named. `also` are causes that have to come together with it.
    """

    id: str
    proven: bool
    explains: int
    of: int
    python: str = ""
    java: str = ""
    fix: str = ""
    also: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    python_line: str | None = None
    java_line: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the sides part; `python` and `java` are forms, or None where absent."""

    path: str
    kind: str
    python: Form
    java: Form
    verdict: Verdict = Verdict.DIFFERS
    note: str = ""
    python_line: str | None = None
    java_line: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference on one fixture, with the verdict that terms and allowances give it."""

    fixture: str
    verdict: Verdict
    difference: Difference
    again: str
    tier: str = ""
    """How far a generated input is from what was recorded: recorded, near, boundary or far."""
    call: Mapping[str, Form] | None = None
    """The generated input, as the line of a fixture has it."""
    found: int = 0
    """How many generated inputs differ in the same way."""


@dataclass(frozen=True, slots=True)
class AllowanceState:
    """How an allowance fared on all fixtures of its unit."""

    allowance: Allowance
    used: int
    state: Literal["used", "unused", "expired", "exceeded"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing can be told of a unit: what, where, why and what to do next."""

    what: str
    where: str | None
    why: str
    next_step: str
    code: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search for inputs came to, beside its findings.

    `branches` of both sides were reached; `saved` inputs were added to the fixtures; `domain` is
    the term that would leave out findings which nobody may mean.
    """

    seed: int
    tried: int
    branches: int
    saved: int = 0
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What is known of one unit after a run."""

    unit: Unit
    verdict: Verdict
    counts: Mapping[Verdict, int]
    findings: tuple[Finding, ...]
    more_findings: int = 0
    trouble: Trouble | None = None
    allowances: tuple[AllowanceState, ...] = ()
    printed: str = ""
    checked_again: int = 0
    cached: bool = False
    outside: int = 0
    """Fixtures that the term `domain` leaves out; they are in no count."""
    looked: Looked | None = None

    @property
    def fixtures(self) -> int:
        """How many fixtures were judged."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Against:
    """The commit that a run is held against, and why units are worse than there, by their id."""

    ref: str
    commit: str
    worse: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What is known after a run; times in seconds, hints for whoever started it."""

    units: tuple[UnitReport, ...]
    times: Mapping[str, float]
    hints: tuple[str, ...] = ()
    against: Against | None = None

    @property
    def exit_status(self) -> int:
        """That of the verdict; held against a commit, that of the units which are worse."""
        if self.against is None:
            return self.verdict.exit_status
        worse = [unit.verdict for unit in self.units if unit.unit.id in self.against.worse]
        return worst(worse).exit_status if worse else 0

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the units."""
        return worst([report.verdict for report in self.units])


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A guess of a counterpart that was not put to use, and why."""

    unit: str
    java: str
    why: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A project that was set up: the files written, units in use, guesses that are not, a verdict.

    `ran` is false where nothing was to be run.
    """

    files: tuple[Path, ...]
    units: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    recorded: Recorded | None
    report: RunReport | None
    ran: bool

    @property
    def exit_status(self) -> int:
        """That of the first verdict; 2 where there should be one and is none."""
        if self.report is not None:
            return self.report.exit_status
        return 2 if self.ran else 0


# ---------------------------------------------------------------- strength


@dataclass(frozen=True, slots=True)
class Mutant:
    """The counterpart with one change: where, what PIT did, and on how many inputs it is reached.

    `equivalent` names the rule by which it does the same as the counterpart on every input.
    """

    index: int
    owner: str
    method: str
    file: str | None
    line: int
    mutator: str
    what: str
    reached: int
    equivalent: str | None = None

    @property
    def name(self) -> str:
        """The method's name without its types."""
        return self.method.partition("(")[0]


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a decision, in the code of one side; `inputs` that take it, by index."""

    place: str
    line: int
    way: str
    inputs: frozenset[int] = frozenset()

    def is_taken(self, fixtures: int) -> bool:
        """Whether one of the first so many inputs takes it: those are the fixtures."""
        return any(index < fixtures for index in self.inputs)


@dataclass(frozen=True, slots=True)
class Bound:
    """At most this share of inputs differs, with that confidence.

    It holds for inputs that come as the fixtures came: each drawn by itself, from one
    distribution. Fixtures that were chosen (by a person, for a branch, by fuzzing) are no such
    sample: then it only says how much so many inputs could tell at best.
    """

    inputs: int
    differing: int
    rate: float
    confidence: float


How = Literal["other", "turns", "crashed", "timeout"]
"""It does something else, takes far too many turns, ends the JVM, or gives no sign of life."""


@dataclass(frozen=True, slots=True)
class Killer:
    """An input that catches a mutant, by index, and how."""

    input: int
    how: How


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant; `by` are the inputs that catch it: the first, or all."""

    mutant: Mutant
    state: Literal["caught", "survived", "equivalent", "broken"]
    by: tuple[Killer, ...] = ()
    killer: Form = None
    """Of a survivor of the fixtures: an input, found otherwise, that would catch it."""
    killed_by: int | None = None
    """Its index among all inputs."""
    killers: tuple[int, ...] = ()
    """All such inputs that were looked at."""
    explained: str | None = None
    """Why it stays, in the words of the map."""


@dataclass(frozen=True, slots=True)
class ExplanationState:
    """How an explanation fared: `used` mutants are explained by it.

    It is `stale` where it explains none, and `refuted` where an input catches what it explains.
    `unjudged` it is where not all of its units were looked at.
    """

    explanation: Explanation
    used: int
    state: Literal["used", "stale", "refuted", "unjudged"]


@dataclass(frozen=True, slots=True)
class UnitStrength:
    """What the fixtures of one unit are worth.

    `differing` fixtures are those on which the sides differ: they judge no mutant but by findings
    that change. `unjudged` could not be judged. `needed` are ids of the fewest fixtures of equal
    worth, where that was asked for; `saved` are new fixtures.
    """

    unit: Unit
    fixtures: int = 0
    inputs: int = 0
    differing: int = 0
    unjudged: int = 0
    fates: tuple[Fate, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    java_branches: tuple[Branch, ...] = ()
    python_branches: tuple[Branch, ...] = ()
    bound: Bound | None = None
    needed: tuple[str, ...] | None = None
    saved: int = 0
    seconds: float = 0.0
    cached: bool = False
    trouble: Trouble | None = None

    def count(self, state: str) -> int:
        """How many mutants are in a state."""
        return sum(fate.state == state for fate in self.fates)

    @property
    def judged(self) -> int:
        """Mutants that could be caught."""
        return self.count("caught") + self.count("survived")

    @property
    def share(self) -> float | None:
        """Share of them that is caught; None where there are none."""
        return self.count("caught") / self.judged if self.judged else None

    @property
    def survivors(self) -> list[Fate]:
        """Mutants that no fixture catches."""
        return [fate for fate in self.fates if fate.state == "survived"]

    @property
    def unexplained(self) -> list[Fate]:
        """Survivors of which nobody has said why they stay."""
        return [fate for fate in self.survivors if fate.explained is None]


@dataclass(frozen=True, slots=True)
class StrengthReport:
    """What is known of all units; `floor` is the share that each of them has to reach.

    A unit each of whose survivors is explained reaches any floor.
    """

    units: tuple[UnitStrength, ...]
    times: Mapping[str, float]
    floor: float | None = None
    explanations: tuple[ExplanationState, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 told, 1 a unit is below the floor or an explanation is wrong, 2 nothing told of one."""
        if any(unit.trouble is not None for unit in self.units) or not self.units:
            return 2
        wrong = any(one.state in ("stale", "refuted") for one in self.explanations)
        return 1 if wrong or any(map(self.is_below, self.units)) else 0

    def is_below(self, unit: UnitStrength) -> bool:
        """Whether a unit's share is below the floor, and not each of its survivors explained."""
        if self.floor is None or unit.share is None or not unit.unexplained:
            return False
        return unit.share < self.floor


# ---------------------------------------------------------------- workflows


@dataclass(frozen=True, slots=True)
class Hop:
    """What python did in one state of a workflow: the event, and the result or the error."""

    state: str
    input: Form
    outcome: Form
    """`{"returned": …}` or `{"raised": "Name"}`."""

    world: Form = None
    """The part of the world that it can have changed, as it was afterwards; None: not looked at."""


@dataclass(frozen=True, slots=True)
class HopFinding:
    """A hop at which java, given python's event, did something else."""

    request: str
    index: int
    """How many hops were before it."""

    hop: Hop
    java: Form
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class StateReport:
    """One state of a workflow: its unit, the hops through it, and how many matched."""

    state: str
    unit: str | None
    hops: int
    matched: int
    allowed: int = 0
    unit_verdict: Verdict | None = None
    """What the unit's own fixtures say; None where the state has no unit."""

    @property
    def verdict(self) -> Verdict:
        """Unknown where no hop went through it."""
        if not self.hops:
            return Verdict.UNKNOWN
        if self.matched + self.allowed < self.hops:
            return Verdict.DIFFERS
        return Verdict.ALLOWED if self.allowed else Verdict.MATCHED


@dataclass(frozen=True, slots=True)
class RequestReport:
    """One request run on both sides: every difference of result and final world."""

    request: str
    differences: tuple[Difference, ...]
    trouble: str = ""

    @property
    def verdict(self) -> Verdict:
        """Unknown where a side could not be run."""
        found = [one.verdict for one in self.differences]
        return worst([*found, Verdict.UNKNOWN if self.trouble else Verdict.MATCHED])


@dataclass(frozen=True, slots=True)
class WorkflowReport:
    """A workflow run on both sides."""

    name: str
    requests: tuple[RequestReport, ...]
    states: tuple[StateReport, ...]
    findings: tuple[HopFinding, ...]
    """The first hop of each request that diverges."""

    allowances: tuple[AllowanceState, ...] = ()
    generated: Mapping[str, int] = field(default_factory=dict)
    """How many values that each side makes for itself each term was used for."""

    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst of the requests, of the states that were gone through and of their units."""
        gone = [one.verdict for one in self.states if one.hops]
        units = [one.unit_verdict for one in self.states if one.unit_verdict is not None]
        failing = [Verdict.DIFFERS for one in self.allowances if one.state != "used"]
        requests = [one.verdict for one in self.requests]
        return worst([*requests, *gone, *units, *failing] or [Verdict.UNKNOWN])
