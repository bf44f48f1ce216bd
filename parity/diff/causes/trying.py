"""Runs python with constructs meant otherwise, or steps left out, and weighs what comes of it."""

from __future__ import annotations

import functools
import itertools
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from parity.diff.causes.nouns import (
    ARGUMENTS,
    EVERYWHERE,
    JavaText,
    Looked,
    Plan,
    Site,
    Trials,
)
from parity.diff.causes.proving import Bench, Found, Hypothesis, is_common, observed
from parity.diff.causes.slips import constant_plans, further_plans, slip_plans
from parity.diff.causes.table import cause_of
from parity.sides.worker import by_name

MOST_PLANS = 160
MOST_PAIRS = 48
PAIRED = 12
FIRST_SHARE = 0.6
"""Of the work that trials on cases that differ may take; the others are for what explains some."""
FIRST_SECONDS = 0.02
"""Work of python for the first cases on which all is tried; on more only if some stay unclear."""
GROWTH = 8
MOST_SECONDS = 0.2
"""Work of python for all the cases that a plan is tried on."""
COPY_SECONDS = 0.006
"""Work of a copy of the python side, beside that of its cases."""
MOST_HELPING = 8
FURTHER_SECONDS = 0.5
"""Work of python that is kept for slips of which there are very many."""
WRAPPING = (
    "pow",
    "sum",
    "cast",
    "shift",
    "factorial",
    "comb",
    "perm",
    "prod",
    "gcd",
    "lcm",
    "format",
)
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("int-overflow/32", *(f"int-overflow/{name}" for name in WRAPPING)),
    ("long-overflow/64", *(f"long-overflow/{name}" for name in WRAPPING)),
    ("floor-division/truncated", "floor-modulo/truncated", "floor-division/divmod"),
    ("floor-division/double", "floor-modulo/double"),
    ("true-division/integer", "floor-division/truncated", "floor-modulo/truncated"),
    (
        *(f"utf16-length/{name}" for name in ("length", "padded", "count")),
        *(
            f"utf16-index/{name}"
            for name in (
                *("slice", "char", "iteration", "position", "chars"),
                *("join", "joined", "code", "match"),
            )
        ),
        *(f"utf16-order/{name}" for name in ("compare", "elements", "sorted", "extreme")),
    ),
    tuple(
        f"signed-bytes/{name}" for name in ("element", "code", "elements", "iteration", "number")
    ),
    tuple(f"float32/{name}" for name in ("arithmetic", "cast", "sum", "equals")),
    tuple(
        f"boxed-equals/{name}"
        for name in ("type", "elements", "contains", "key", "remove", "index", "frequency")
    ),
    ("float-as-decimal/exact", "float-as-decimal/sum"),
    ("insertion-order/hash-map", "insertion-order/text"),
    ("insertion-order/hash-map-head", "insertion-order/text"),
)
"""What a port that means one of these otherwise will mean otherwise all over."""
COPIED = "lost-mutation/arguments"
OVERFLOWS = ("int-overflow/", "long-overflow/")
OF_NEGATIVES = ("floor-modulo/truncated", "floor-division/truncated")
"""What is alike of numbers that are not negative: it shows only behind what made them so."""


class Trying:
    """Runs of the python side with constructs meant otherwise."""

    def __init__(self, bench: Bench, trials: Trials, budget: float) -> None:
        self.bench = bench
        self.trials = trials
        self.left = budget  # of what the python side may work in all; weighing is not in it
        self.until = time.thread_time() + budget
        self.chosen: tuple[int, ...] = ()
        """Cases that differ, of those that trials have time for."""
        self.others: tuple[int, ...] = ()
        self.seconds: list[float | None] = []
        self.weighed: dict[Plan, set[int]] = {}
        self.sites: dict[int, Site] = {}
        self.looked: list[Looked] = []
        self.found = Counter[tuple[int, str]]()
        """Meanings that matter on cases that differ, by the number of cases."""
        self.plain: list[str | None] = []
        self.reproduced: list[bool] = []

    def hypotheses(self) -> list[Hypothesis]:
        """What was tried, with what came of it; nothing where python cannot be run that way."""
        if not self._look():
            return []
        likely = self._likely()
        plans = self._first_plans(likely)
        tried = []
        for batch in (plans,) if self._is_time_for(plans) else self._batches(plans, likely):
            tried += self._try(batch)  # else time may be over before what is likely is sure
        left = self._left(tried)
        if left:
            self._check([one for one in self._at_work(tried, left) if not one.explained])
            pairs = [one for one in self._try(self._pairs(tried, left)) if _adds(one, tried)]
            tried += pairs
            _forgive(tried, pairs)
        return tried

    def _look(self) -> bool:
        count = len(self.bench.cases)
        told = self._asked(None, range(count), self.left)
        if told is None:
            return False
        self.sites = {one[0]: Site(*one) for one in told["sites"]}
        self.plain, self.seconds = told["plain"], told["seconds"]
        known = [at for at, one in enumerate(self.seconds) if one is not None]
        whole = sum(self.seconds[at] or 0.0 for at in known)
        if whole > MOST_SECONDS or len(known) < len(self.seconds):  # there is no time for all
            self.chosen = self._within([at for at in known if at < count], MOST_SECONDS / 2)
            self.others = self._within([at for at in known if at >= count], MOST_SECONDS / 2)
        else:
            self.chosen = tuple(at for at in known if at < count)
            self.others = tuple(at for at in known if at >= count)
        self.reproduced = [self.bench.reproduces(*one) for one in enumerate(self.plain)]
        self.looked = [
            Looked(
                frozenset(one["reached"]),
                frozenset((site, key) for site, key in one["found"]),
                tuple(((site, key), was, other) for site, key, was, other in one["given"]),
            )
            for one in told["looked"]
        ]
        self.found = self._found_on(range(len(self.bench.cases)))
        return True

    def _within(self, cases: Sequence[int], seconds: float) -> tuple[int, ...]:
        """The first of some cases that take no more work than that, and one at least."""
        ends = itertools.accumulate(self.seconds[at] or 0.0 for at in cases)
        count = sum(end <= seconds for end in ends)
        return tuple(cases[: max(1, count)])

    def _left(self, tried: Sequence[Hypothesis]) -> set[Found]:
        """Findings of cases that were tried which nothing explains for sure."""
        left = {found for found in self.bench.all_findings() if found[0] in self.chosen}
        for one in tried:
            if one.sound:
                left -= one.explained
        return left

    def _found_on(self, cases: Collection[int]) -> Counter[tuple[int, str]]:
        """Meanings that matter on some cases, by the number of these."""
        return Counter(
            meaning
            for index, looked in enumerate(self.looked)
            if index in cases
            for meaning in looked.found
        )

    # ------------------------------------------------------------ plans

    def _first_plans(self, likely: Sequence[tuple[int, str]]) -> list[Plan]:
        found = self.found
        keys = Counter[str]()
        for (_, key), count in found.items():
            keys[key] = max(keys[key], count)
        plans: list[Plan] = [((EVERYWHERE, key),) for key in dict.fromkeys(k for _, k in likely)]
        plans += [(meaning,) for meaning in likely]
        plans += [((EVERYWHERE, key),) for key in _ordered(keys)]
        plans += [
            tuple((EVERYWHERE, key) for key in family)
            for family in FAMILIES
            if any(key in keys for key in family)
        ]
        plans.append(((ARGUMENTS, COPIED),))
        sites = Counter(key for _, key in found)
        plans += [
            (meaning,)
            for meaning in sorted(found, key=lambda one: (-found[one], one))
            if sites[meaning[1]] > 1 or self._elsewhere(meaning)
        ]
        # Equals are compared in every loop: what is tried for them must not cost all else its time.
        first = set(likely)
        plans.sort(key=lambda plan: plan[0] not in first and any(is_common(k) for _, k in plan))
        return list(dict.fromkeys(plans))[:MOST_PLANS]

    def _is_time_for(self, plans: Sequence[Plan]) -> bool:
        """Whether all of them can be tried on the cases that differ, and made sure of."""
        each = COPY_SECONDS + sum(self.seconds[at] or 0.0 for at in self.chosen)
        return len(plans) * each <= self.left * FIRST_SHARE

    @staticmethod
    def _batches(
        plans: Sequence[Plan], likely: Sequence[tuple[int, str]]
    ) -> Iterator[tuple[Plan, ...]]:
        """Plans of the likeliest cause, of others that are likely, and all the rest."""
        causes = dict.fromkeys(cause_of(key) for _, key in likely)
        ranks = {cause: int(at > 0) for at, cause in enumerate(causes)}
        for rank in range(3):
            yield tuple(plan for plan in plans if ranks.get(cause_of(plan[0][1]), 2) == rank)

    def _likely(self) -> list[tuple[int, str]]:
        """Meanings of single sites under which a construct that gave what python did would have
        given what java did; those with which this is so of most findings first."""
        hits = Counter[tuple[int, str]]()
        for index, looked in enumerate(self.looked[: len(self.bench.cases)]):
            for meaning, was, other in looked.given:
                hits[meaning] += any(
                    _leads(was, other, *pair) for pair in self.bench.values.get(index, ())
                )
        return sorted((one for one in hits if hits[one]), key=lambda one: (-hits[one], one))

    def _elsewhere(self, meaning: tuple[int, str]) -> bool:
        """Whether other sites are of the same kind, so that all of them is more than this one."""
        mine = self.sites[meaning[0]]
        return any(
            (one.kind, one.what) == (mine.kind, mine.what) and one is not mine
            for one in self.sites.values()
        )

    def _pairs(self, tried: Sequence[Hypothesis], left: set[Found]) -> list[Plan]:
        """Two meanings at a time, of those that do something where nothing explains alone."""
        found = self._found_on({index for index, _ in left})
        keys = [one.keys[0] for one in self._at_work(tried, left)]
        # What explains other findings may come to work here as soon as something else does.
        keys += [one.keys[0] for one in tried if one.sound and len(one.keys) == 1]
        keys += [key for _, key in sorted(found) if key not in keys]
        keys = list(dict.fromkeys(keys))[:PAIRED]
        behind: list[Plan] = [
            ((EVERYWHERE, one), (EVERYWHERE, other))
            for one in keys
            if one.startswith(OVERFLOWS)
            for other in OF_NEGATIVES
        ]
        pairs: list[Plan] = [
            ((EVERYWHERE, one), (EVERYWHERE, other))
            for one, other in itertools.combinations(keys, 2)
            if cause_of(one) != cause_of(other)
        ]
        return list(dict.fromkeys([*behind, *pairs]))[:MOST_PAIRS]

    @staticmethod
    def _at_work(tried: Sequence[Hypothesis], left: set[Found]) -> list[Hypothesis]:
        """Single meanings that do something where nothing explains alone, best first."""
        cases = {index for index, _ in left}
        at_work = [
            one
            for one in tried
            if len(one.plan) == 1
            and one.plan[0][0] == EVERYWHERE
            and not one.refuted
            and any(index in cases for index, _ in one.wrong | one.explained)
        ]
        return sorted(at_work, key=lambda one: (-len(one.explained), -len(one.wrong), one.keys))

    # ------------------------------------------------------------ trials

    def _try(self, plans: Sequence[Plan]) -> list[Hypothesis]:
        """What comes of plans on cases that differ: on a few, then on more while some of these
        stay unclear. What explains one is tried on all others: the rest is no cause, whatever it
        does elsewhere."""
        share = FIRST_SHARE if self.others else 1.0
        tried: dict[Plan, Hypothesis] = {}
        for cases in self._rounds():
            rest = [plan for plan in plans if plan not in tried or not tried[plan].explained]
            for plan, texts in self._run(rest, cases, self.left * share):
                if plan not in tried:
                    tried[plan] = self._hypothesis(plan)
                self._weigh(tried[plan], cases, texts)
            helpful = [one for one in tried.values() if one.explained]
            checked = self._check(helpful)
            for one in helpful:
                one.telling = one.plan in checked  # there may have been no time for it
            if not self._left(list(tried.values())):
                break
        return list(tried.values())

    def _rounds(self) -> Iterator[tuple[int, ...]]:
        """The cases that differ: the first few, more, all."""
        seconds = FIRST_SECONDS
        cases: tuple[int, ...] = ()
        while len(cases) < len(self.chosen):
            cases = self._within(self.chosen, seconds)
            seconds *= GROWTH
            yield cases

    def _check(self, tried: Sequence[Hypothesis]) -> set[Plan]:
        """Weighs what was tried on all cases; the plans of those for which there was time."""
        whole = self.chosen + self.others
        by_plan = {one.plan: one for one in tried}
        checked = {plan for plan in by_plan if self.weighed[plan].issuperset(whole)}
        rest = [plan for plan in by_plan if plan not in checked]
        for plan, texts in self._run(rest, whole, self.left):
            self._weigh(by_plan[plan], whole, texts)
            checked.add(plan)
        return checked

    def _run(
        self, plans: Sequence[Plan], chosen: Sequence[int], budget: float
    ) -> Iterator[tuple[Plan, list[str | None]]]:
        """What the unit does under each plan on some cases."""
        told = self._asked(plans, chosen, budget) if plans else None
        if told is None:
            return
        for plan, texts in zip(plans, told["observations"], strict=True):
            if texts is not None and time.thread_time() < self.until:
                yield plan, texts

    def _asked(
        self, plans: Sequence[Plan] | None, chosen: Sequence[int], budget: float
    ) -> dict[str, Any] | None:
        """What the python side did, in so much of its work."""
        if budget <= 0:
            return None
        lines = [_answered(case.line) for case in self.bench.whole()]
        told = self.trials(lines, plans, budget, list(chosen))
        self.left -= told["worked"] if told is not None else budget
        return told

    def _hypothesis(self, plan: Plan) -> Hypothesis:
        keys = tuple(key for _, key in plan)
        at_work = Counter[str]()
        for (_, key), count in self.found.items():
            if key in keys:
                at_work[key] += count
        return Hypothesis(keys, plan, tuple(_ordered(at_work)), self._sites_of(plan))

    def _weigh(
        self, hypothesis: Hypothesis, chosen: Sequence[int], texts: Sequence[str | None]
    ) -> None:
        """Notes what comes of a hypothesis on some cases."""
        cases, known = self.bench.whole(), self.weighed.setdefault(hypothesis.plan, set())
        for index, text in zip(chosen, texts, strict=True):
            if index in known:
                continue
            known.add(index)
            if not self.reproduced[index]:
                continue
            if text == self.plain[index]:
                if self.bench.agrees(index):
                    hypothesis.held += self._reached(hypothesis, index)
                continue
            if text is None:
                hypothesis.wrong |= {
                    (index, path) for path in self.bench.findings.get(index, frozenset())
                }
                hypothesis.refuted = hypothesis.refuted or self.bench.agrees(index)
                continue
            self.bench.weigh(hypothesis, index, observed(text), cases[index].java)

    def _reached(self, hypothesis: Hypothesis, index: int) -> bool:
        if index >= len(self.looked):
            return False
        return any(site.number in self.looked[index].reached for site in hypothesis.sites)

    def _sites_of(self, plan: Plan) -> tuple[Site, ...]:
        """Where the meanings of a plan matter on the cases that differ."""
        numbers = {site for site, _ in plan if site >= 0}
        keys = {key for site, key in plan if site == EVERYWHERE}
        numbers |= {site for site, key in self.found if key in keys}
        return tuple(self.sites[number] for number in sorted(numbers) if number in self.sites)


class Slipping(Trying):
    """Runs with a step or a case left out, another constant: what no language explains."""

    def __init__(self, bench: Bench, trials: Trials, budget: float, java: JavaText | None) -> None:
        super().__init__(bench, functools.partial(trials, slips=True), budget)
        self.java = java

    def hypotheses(self) -> list[Hypothesis]:
        """What was tried, with what came of it; nothing where python cannot be run that way."""
        if not self._look():
            return []
        looked = self.looked[: len(self.bench.cases)]
        likely = self._likely()
        constants, further = constant_plans(looked, self.sites.values(), self.java)
        tried = self._try(slip_plans(looked, likely, constants))
        if self._left(tried):
            self.left = max(self.left, FURTHER_SECONDS)
            tried += self._try(further_plans(looked, likely, further))
        helping = [one.plan for one in tried if one.explained and not one.refuted][:MOST_HELPING]
        plans = [(*one, *other) for one, other in itertools.combinations(helping, 2)]
        pairs = [one for one in self._try(plans) if _adds(one, tried)]
        _forgive(tried, pairs)
        return tried + pairs


def _leads(was: str, other: str, python: str, java: str) -> bool:
    """Whether a construct that gives `other` where it gave `was` may be why java has another value
    than python: by itself, or within a text."""
    if was == python:
        return other == java
    return len(was) < len(python) and python.replace(was, other, 1) == java and bool(was)


def _answered(line: str) -> str:
    """Python's line, with calls of ports answered whatever a trial gives them."""
    return by_name(line) if '"ports":' in line else line


def _adds(pair: Hypothesis, tried: Sequence[Hypothesis]) -> bool:
    """Whether a pair explains what none of the two explains alone: else each keeps its own."""
    alone: set[Found] = set()
    for one in tried:
        if one.sound and len(one.keys) == 1 and one.plan[0] in pair.plan:
            alone |= one.explained
    return not pair.explained <= alone


def _forgive(tried: Sequence[Hypothesis], pairs: Sequence[Hypothesis]) -> None:
    """What a pair explains does not speak against one of the two alone."""
    for pair in pairs:
        if pair.sound:
            for one in tried:
                if len(one.keys) == 1 and one.keys[0] in pair.keys and one.plan[0] in pair.plan:
                    one.wrong -= pair.explained


def _ordered(keys: Counter[str]) -> list[str]:
    return sorted(keys, key=lambda key: (-keys[key], key))
