"""Explains the findings of one unit: looks, tries, proves."""

from __future__ import annotations

import copy
import itertools
import time
from collections.abc import Callable, Iterator, Sequence

from parity.diff.causes import conversions
from parity.diff.causes.nouns import Case, JavaText, Trials
from parity.diff.causes.proving import Bench, Found, Hypothesis, conclude, says_more
from parity.diff.causes.table import cause_of
from parity.diff.causes.trying import Slipping, Trying
from parity.diff.judge import Hold, Judge
from parity.model import Cause, Observation, Raised

MOST_CONVERTED = 200
SLIPS_SHARE = 0.5
"""Of all work, what is kept for slips where meanings have taken it all."""


def explain(
    judge: Judge,
    hold: Hold,
    cases: Sequence[Case],
    agreeing: Sequence[Case],
    trials: Trials | None,
    java: JavaText | None = None,
    probes: Sequence[Case] = (),
    budget: float = 2.0,
) -> dict[str, dict[str, Cause]]:
    """Causes by fixture and path, of a unit's `cases`, which differ, beside `agreeing` ones.

    `trials` runs the python side with constructs meant otherwise, for at most about `budget`
    seconds in all; without it only what both sides gave is looked at. `probes` are other inputs on
    which the sides differ: they may decide between causes, and get none themselves. A cause is
    `proven` where re-applying it makes the sides equal wherever it is at work, changes nothing that
    agrees, and no other cause does the same.
    """
    bench = Bench(copy.deepcopy(judge), hold, cases, agreeing, probes)
    if not bench.findings:
        return {}
    until = time.thread_time() + budget
    hypotheses = list(itertools.takewhile(lambda _: time.thread_time() < until, _by_value(bench)))
    if trials is not None:
        trying = Trying(bench, trials, budget)
        hypotheses += trying.hypotheses()
        tried = {found for found in bench.all_findings() if found[0] in trying.chosen}
        if tried - _settled(hypotheses, java):
            left = max(trying.left, SLIPS_SHARE * budget)
            hypotheses += Slipping(bench, trials, left, java).hypotheses()
    causes = conclude(bench, hypotheses, java)
    found: dict[str, dict[str, Cause]] = {}
    for (index, path), cause in causes.items():
        found.setdefault(cases[index].fixture, {})[path] = cause
    return found


def _settled(hypotheses: Sequence[Hypothesis], java: JavaText | None) -> set[Found]:
    """Findings that something explains which says more than that this or that may be otherwise."""
    settled: set[Found] = set()
    for one in hypotheses:
        if one.sound and one.telling and says_more(one, java):
            settled |= one.explained
    return settled


Changed = Callable[..., tuple[Observation | None, Observation | None]]
"""What python's and java's observations become; None for what stays as it is."""


def _by_value(bench: Bench) -> Iterator[Hypothesis]:
    for key, conversion in conversions.of_python():
        yield _weighed(
            bench, key, lambda case, c=conversion: (conversions.converted(case.python, c), None)
        )
    for key, conversion in conversions.of_java():
        yield _weighed(
            bench, key, lambda case, c=conversion: (None, conversions.converted(case.java, c))
        )
    for key, conversion in conversions.of_both():
        yield _weighed(
            bench,
            key,
            lambda case, c=conversion: (
                conversions.converted(case.python, c),
                conversions.converted(case.java, c),
            ),
        )
    pairs = {
        (case.python.outcome.kind, case.java.outcome.kind): None
        for case in bench.cases
        if isinstance(case.python.outcome, Raised) and isinstance(case.java.outcome, Raised)
    }
    for kind, java in pairs:
        change = conversions.raising(kind, java)
        yield _weighed(
            bench, "exception-class/other", lambda case, c=change: (c(case.python), None)
        )


def _weighed(bench: Bench, key: str, change: Changed) -> Hypothesis:
    telling = cause_of(key) not in conversions.WORDS
    hypothesis = Hypothesis((key,), (), by_value=True, telling=telling)
    for index, case in enumerate(bench.whole()[:MOST_CONVERTED]):
        if index >= len(bench.cases) and not hypothesis.explained:
            break  # what explains nothing is no cause, whatever it does elsewhere
        python, java = change(case)
        if python is not None or java is not None:
            bench.weigh(hypothesis, index, python or case.python, java or case.java)
    return hypothesis
