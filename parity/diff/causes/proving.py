"""From trials to causes: what explains which findings, what refutes it, and what rivals it."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from parity.diff.causes.nouns import Case, JavaText, Plan, Site
from parity.diff.causes.slips import CONSTANT, FURTHER, said
from parity.diff.causes.table import KNOWN, OTHER_CONSTANT, cause_of, is_unseen, seen
from parity.diff.effects import was_ended
from parity.diff.judge import Hold, Judge, compare_same_side
from parity.model import Cause, Difference, Effect, Observation, Raised, Returned, Terms, Verdict
from parity.sides.worker import observation_of
from parity.values.form import dumps

Found = tuple[int, str]
"""A finding: the index of its case, and its path."""
PASSING = frozenset({"unstable", "recording", "harness", "timeout", "crashed"})
RAISING = ("skipped-guard/", "uncaught-exception/")
"""What is skipped or not caught shows in an exception of Java's, or it is something else."""
SLIPS = (
    "left-out-step/",
    "left-out-case/",
    "and-or/",
    CONSTANT,
    *FURTHER,
)
"""What no language explains: there are many such, and one of them may help by chance."""
NAMED = (CONSTANT, *FURTHER)
"""Of these it is told what stands in whose place."""
PLAIN = str | int | float | None
OUT_OF_BOUNDS = "IndexOutOfBoundsException"


@dataclass(slots=True)
class Hypothesis:
    """Something that may be meant otherwise, and what came of it on all cases.

    `explained` are findings that are gone where it is applied, `wrong` those where it is at work
    and does not help; `refuted` says that it changes what agrees. `held` counts agreeing cases that
    it was tried on and that stayed as they were; `predicted` and `missed` other inputs on which the
    sides differ, and it tells java's outcome or another. One that is not `telling` only says in
    other words that the sides differ: it is never proven.
    """

    keys: tuple[str, ...]
    plan: Plan
    at_work: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    explained: set[Found] = field(default_factory=set)
    wrong: set[Found] = field(default_factory=set)
    refuted: bool = False
    held: int = 0
    predicted: int = 0
    missed: int = 0
    by_value: bool = False
    telling: bool = True

    @property
    def cause(self) -> str:
        """The cause that it stands for."""
        return self.causes[0]

    @property
    def causes(self) -> tuple[str, ...]:
        """All causes that take part; what differs only as their consequence does not."""
        return tuple(dict.fromkeys(cause_of(key) for key in self.at_work or self.keys))

    @property
    def sound(self) -> bool:
        """Whether it helps wherever it is at work, and changes nothing that agrees."""
        return bool(self.explained) and not self.wrong and not self.refuted


@dataclass(slots=True)
class Bench:
    """The cases of a unit, those that differ first, and how an outcome is judged."""

    judge: Judge
    hold: Hold
    cases: Sequence[Case]
    agreeing: Sequence[Case]
    probes: Sequence[Case] = ()
    findings: dict[int, frozenset[str]] = field(default_factory=dict)
    untold: dict[int, frozenset[str]] = field(default_factory=dict)
    values: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    """By case that differs: plain values of python and of java that do, a text as itself and
    others as JSON."""

    def __post_init__(self) -> None:
        for index, case in enumerate(self.cases):
            found = self._differences(case.python, case, case.java)
            paths, untold = _paths(found)
            if paths:
                self.findings[index] = paths
                self.values[index] = _values(found)
            if untold:
                self.untold[index] = untold

    def all_findings(self) -> set[Found]:
        """Every finding that wants a cause."""
        return {(index, path) for index, paths in self.findings.items() for path in paths}

    def whole(self) -> list[Case]:
        """All cases in the order in which they are tried."""
        return [*self.cases, *self.agreeing, *self.probes]

    def agrees(self, index: int) -> bool:
        """Whether a case is one of those that agree."""
        return 0 <= index - len(self.cases) < len(self.agreeing)

    def _differences(
        self, python: Observation, case: Case, java: Observation
    ) -> Sequence[Difference]:
        """What the judge says of two observations; nothing where java was ended alike."""
        if is_ended_alike(python, java):
            return ()
        return self.judge.differences(python, java, case.arguments, self.hold)

    def reproduces(self, index: int, text: str | None) -> bool:
        """Whether the rewritten python did what python did."""
        if text is None:
            return False
        case = self.whole()[index]
        return not compare_same_side(case.python, observed(text), Terms())

    def weigh(
        self, hypothesis: Hypothesis, index: int, python: Observation, java: Observation
    ) -> None:
        """Notes what comes of a hypothesis that is at work on a case.

        A trial of which nothing can be told, as one that makes no receiver, explains nothing.
        """
        case = self.whole()[index]
        rest, untold = _paths(self._differences(as_java_names(python, java), case, java))
        rest |= untold - self.untold.get(index, frozenset())
        raising = any(key.startswith(RAISING) for key in hypothesis.keys)
        if raising and (was_ended(java) or not isinstance(java.outcome, Raised)):
            rest |= self.findings.get(index, frozenset()) | {"$"}
        if self.agrees(index):
            hypothesis.refuted = hypothesis.refuted or bool(rest)
            hypothesis.held += not rest
            return
        if index >= len(self.cases):
            hypothesis.predicted += not rest
            hypothesis.missed += bool(rest)
            return
        paths = self.findings.get(index, frozenset())
        resolved = paths - rest
        if rest - paths or not resolved:
            hypothesis.wrong |= {(index, path) for path in paths}
        else:
            hypothesis.explained |= {(index, path) for path in resolved}
            hypothesis.wrong |= {(index, path) for path in self._moved(case, python, paths & rest)}

    def _moved(self, case: Case, python: Observation, paths: frozenset[str]) -> Iterator[str]:
        """Those of the places that stay different at which a trial has changed what python gave:
        it is at work there, and does not help."""
        if paths:
            same = compare_same_side(case.python, python, Terms())
            yield from paths & {one.path for one in same}


def _paths(found: Sequence[Difference]) -> tuple[frozenset[str], frozenset[str]]:
    """Where the sides differ, and where it could not be told whether they do."""
    differs = (one for one in found if one.verdict is Verdict.DIFFERS)
    return (
        frozenset(one.path for one in differs if one.kind not in PASSING),
        frozenset(one.path for one in found if one.verdict is Verdict.UNKNOWN),
    )


def _values(found: Sequence[Difference]) -> set[tuple[str, str]]:
    """What differs where both sides have something plain."""
    pairs = ((one.python, one.java) for one in found if one.verdict is Verdict.DIFFERS)
    return {
        (_as_told(python), _as_told(java))
        for python, java in pairs
        if isinstance(python, PLAIN) and isinstance(java, PLAIN)
    }


def _as_told(value: str | float | None) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def is_ended_alike(python: Observation, java: Observation) -> bool:
    """Whether java was ended by the very call that python makes there, after equal ones.

    Java has no answer to what was not recorded; python, in a trial, is answered whatever it asks.
    """
    if not was_ended(java) or java.effects[-1].entry is not None:
        return False
    asked = [_call_text(one) for one in java.effects]
    made = [_call_text(one) for one in python.effects[: len(asked)]]
    return asked == made


def _call_text(effect: Effect) -> str:
    return json.dumps([effect.port, effect.call, effect.args], sort_keys=True)


def observed(text: str) -> Observation:
    """An observation from the text of a worker."""
    return observation_of(json.loads(text))


def as_java_names(python: Observation, java: Observation) -> Observation:
    """What a trial threw in Java's name, as Java names it: one index is as far out as another."""
    mine, theirs = python.outcome, java.outcome
    if not (isinstance(mine, Raised) and mine.kind.startswith("java.")):
        return python
    kind = mine.kind.replace(":", ".")
    if isinstance(theirs, Raised) and kind.endswith(OUT_OF_BOUNDS):
        kind = theirs.kind if theirs.kind.endswith(OUT_OF_BOUNDS) else kind
    return dataclasses.replace(python, outcome=dataclasses.replace(mine, kind=kind))


def conclude(
    bench: Bench, hypotheses: Sequence[Hypothesis], java: JavaText | None
) -> dict[Found, Cause]:
    """A cause for each finding that has one: first what explains most."""
    causes: dict[Found, Cause] = {}
    left = bench.all_findings()
    by_itself = [one for one in hypotheses if one.sound and len(one.causes) == 1]
    while left:
        helpful = [one for one in hypotheses if one.explained & left and not one.refuted]
        if not helpful:
            return causes
        sound = [one for one in helpful if one.sound]
        pool = sound or helpful
        pool = [one for one in pool if not one.by_value] or pool
        pool = [one for one in pool if says_more(one, java)] or pool
        pool = [one for one in pool if one.telling] or pool
        chosen, rivals, is_sure = _chosen(pool, left, java)
        alone = [one for one in pool if one.sound and len(one.causes) == 1]
        if alone and _are_apart(chosen, by_itself):
            single = _chosen(alone, left, java)
            if single[0].cause in chosen.causes:  # the two together are for what neither explains
                chosen, rivals, is_sure = single
        proven = (
            chosen.sound
            and chosen.telling
            and not rivals
            and is_sure
            and (java is None or shown(chosen, java) > 0)
            and _is_telling(chosen, bench)
        )
        cause = _cause(chosen, proven, rivals, java)
        for found in chosen.explained & left:
            causes[found] = cause
        left -= chosen.explained
    return causes


def _are_apart(pair: Hypothesis, by_itself: Sequence[Hypothesis]) -> bool:
    """Whether each of two causes explains something by itself, in lines of its own: what one line
    of Python means otherwise in two ways, one line of Java is to be mended for."""
    places = [
        {site.place for one in by_itself if one.cause == cause for site in one.sites}
        for cause in pair.causes
    ]
    return len(places) > 1 and all(places) and len(set.union(*places)) == sum(map(len, places))


def _chosen(
    pool: Sequence[Hypothesis], left: set[Found], java: JavaText | None
) -> tuple[Hypothesis, tuple[str, ...], bool]:
    """The best hypothesis, other causes that explain the same as well, and whether the best is the
    only one of its cause."""
    most = max(len(one.explained & left) for one in pool)
    widest = [one for one in pool if len(one.explained & left) == most]
    if java is not None:
        level = max(shown(one, java) for one in widest)
        widest = [one for one in widest if shown(one, java) == level]
    fewest = min(len(one.causes) for one in widest)
    widest = [one for one in widest if len(one.causes) == fewest]
    target = widest[0].explained & left
    same = [one for one in widest if one.explained & left == target] or widest
    if any(one.predicted and not one.missed for one in same):
        same = [one for one in same if not one.missed]
        most = max(one.predicted for one in same)
        same = [one for one in same if one.predicted == most]
    best = min(same, key=lambda one: (len(one.wrong), _breadth(one), one.keys))
    rivals = {other for one in same for other in one.causes} - set(best.causes)
    named = best.keys[0].startswith(NAMED)  # of a place and what stands there one has to be sure
    is_sure = not named or all(one.plan == best.plan for one in same)
    return best, tuple(sorted(rivals)), is_sure


def is_common(key: str) -> bool:
    """Whether it can be tried nearly everywhere: anything that says more goes before it."""
    return key.startswith(("boundary/", *SLIPS))


def says_more(hypothesis: Hypothesis, java: JavaText | None) -> bool:
    """Whether it goes before all that can be tried nearly everywhere: where Java's text has nothing
    of it, it does not."""
    if any(map(is_common, hypothesis.keys)):
        return False
    return java is None or hypothesis.by_value or shown(hypothesis, java) > 0


FIELD = re.compile(r"\b(?:static|final)\b[^;{}()]*=[^;]*;")
REFERENCE = re.compile(r"([\w.]+)\s*::\s*(\w+)")


def _breadth(hypothesis: Hypothesis) -> int:
    """How much it changes: one site is less than all."""
    return sum(len(hypothesis.sites) if site < 0 else 1 for site, _ in hypothesis.plan)


def shown(hypothesis: Hypothesis, java: JavaText) -> int:
    """Whether Java's text has what each cause is written with: 2 the counterpart's own, 1 what it
    may reach, 0 none."""
    return min(_shown(cause, hypothesis, java) for cause in hypothesis.causes)


def _shown(cause: str, hypothesis: Hypothesis, java: JavaText) -> int:
    if is_unseen(cause):
        return 2
    patterns = [seen(key) for key in hypothesis.keys if cause_of(key) == cause]
    own = java.text
    if cause == OTHER_CONSTANT:  # it may stand where it has its name
        own = "\n".join([own, *FIELD.findall(java.whole)])
    for level, text in ((2, own), *((1, text) for _, text in java.beyond)):
        told = with_calls(text)
        if any(pattern is not None and pattern.search(told) for pattern in patterns):
            return level
    return 0


@lru_cache(maxsize=64)
def with_calls(text: str) -> str:
    """Java's text with each method reference beside the call that it stands for, in its line."""
    return REFERENCE.sub(r"\g<0> \1.\2()", text)


def _is_telling(chosen: Hypothesis, bench: Bench) -> bool:
    """Whether it can hardly be chance: an outcome of two values alone, or a slip that explains
    one outcome alone, tells little.

    Then an agreeing case has to have run the same construct, or both values be explained.
    """
    values = {_outcome_text(bench.cases[at]) for at in {index for index, _ in chosen.explained}}
    slips = any(key.startswith(SLIPS) for key in chosen.keys)
    if any(key.startswith(FURTHER) for key in chosen.keys):  # there are very many of these
        return len(values) > 1 and (not values <= TWO_VALUED or bool(chosen.held))
    many = len(values) > 1 or not (slips or values <= TWO_VALUED)
    return many or bool(chosen.held or chosen.predicted)


TWO_VALUED = {"true", "false", "null"}


def _outcome_text(case: Case) -> str:
    """What java came to: where it was ended by a call, that is the call."""
    if was_ended(case.java):
        return _call_text(case.java.effects[-1])
    outcome = case.java.outcome
    return dumps(outcome.value) if isinstance(outcome, Returned) else "raised"


def _cause(
    chosen: Hypothesis, proven: bool, rivals: tuple[str, ...], java: JavaText | None
) -> Cause:
    known = KNOWN[chosen.cause]
    site = min(chosen.sites, key=lambda one: (one.file, one.line, one.column), default=None)
    words = said(chosen.keys[0], site) if chosen.keys[0].startswith(SLIPS) else None
    python, theirs = words or (known.python, known.java)
    return Cause(
        id=chosen.cause,
        proven=proven,
        explains=len(chosen.explained),
        of=len(chosen.explained | chosen.wrong),
        python=python,
        java=theirs,
        fix=known.fix,
        also=chosen.causes[1:],
        rivals=rivals,
        python_line=site.place if site is not None else None,
        java_line=java_line(chosen, java),
    )


def java_line(chosen: Hypothesis, java: JavaText | None) -> str | None:
    """Where Java's text has what the cause is written with: its first line in the counterpart's
    own, or the only one beyond that."""
    if java is None:
        return None
    patterns = [seen(key) for key in chosen.keys if cause_of(key) == chosen.cause]
    own = _lines_with(patterns, java.file, java.text, java.first)
    beyond = itertools.chain(*(_lines_with(patterns, *one, 1) for one in java.beyond))
    found = next(own, None)
    return found or _only(beyond)


def _lines_with(
    patterns: Sequence[re.Pattern[str] | None], file: str, text: str, first: int
) -> Iterator[str]:
    for number, line in enumerate(with_calls(text).splitlines(), first):
        if any(pattern is not None and pattern.search(line) for pattern in patterns):
            yield f"{file}:{number}"


def _only(lines: Iterator[str]) -> str | None:
    found = next(lines, None)
    return found if next(lines, None) is None else None
