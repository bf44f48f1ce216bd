"""When a migration may be done, told from the weeks that lie behind it."""

from __future__ import annotations

import datetime
import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

from parity.counterparts import Forecast, Point

MOST_WEEKS: Final = 12
"""Older weeks say little of the pace of today."""
LEAST_WEEKS: Final = 4
DRAWS: Final = 1_000
IN_SIGHT: Final = 260
"""Weeks: five years."""


def forecast(points: Sequence[Point]) -> Forecast | None:
    """Draws the weeks to come from those behind, a thousand times; None where there are none.

    A week is what became of all that is left: what was proven less what was added, so a map that
    grows as fast as it is proven is never done. The same points give the same days.
    """
    if not points:
        return None
    # A commit may say an earlier day than the one before it: clocks differ, and rebases keep days.
    days = [*accumulate((datetime.date.fromisoformat(one.day) for one in points), max)]
    open_ones = [max(0, one.mapped - one.proven) for one in points]
    last, left = days[-1], open_ones[-1]
    whole = min(MOST_WEEKS, (last - days[0]).days // 7)
    none = Forecast(last.isoformat(), left, whole)
    if left == 0:
        return _without(none, "nothing is left")
    if whole < LEAST_WEEKS:
        return _without(none, f"there are {whole} weeks of history, and {LEAST_WEEKS} are needed")
    ends = [last - datetime.timedelta(weeks=back) for back in range(whole, -1, -1)]
    at = [open_ones[bisect_right(days, end) - 1] for end in ends]
    done = [before - after for before, after in pairwise(at)]
    if sum(done) <= 0:
        return _without(none, f"no less is left than {whole} weeks ago")
    drawn = sorted(_weeks(done, left, random.Random(seed)) for seed in range(DRAWS))
    early, likely, late = (_day(last, drawn[DRAWS * tenths // 10 - 1]) for tenths in (1, 5, 9))
    return Forecast(last.isoformat(), left, whole, early, likely, late)


def _without(one: Forecast, why: str) -> Forecast:
    return Forecast(one.since, one.left, one.weeks, why=why)


def _weeks(done: Sequence[int], left: int, chance: random.Random) -> int:
    """How many weeks it takes in one draw; more than are in sight where it takes longer."""
    for week, one in enumerate(chance.choices(done, k=IN_SIGHT), 1):
        left -= one
        if left <= 0:
            return week
    return IN_SIGHT + 1


def _day(last: datetime.date, weeks: int) -> str | None:
    return (last + datetime.timedelta(weeks=weeks)).isoformat() if weeks <= IN_SIGHT else None
