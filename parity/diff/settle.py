"""From differences to verdicts: allowances of the team, counts, and the verdict of a unit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Literal

from parity.model import Allowance, AllowanceState, Difference, Verdict
from parity.values.paths import matches

State = Literal["used", "unused", "expired", "exceeded"]


def settle(
    judged: Sequence[list[Difference]],
    allowances: Sequence[Allowance],
    today: datetime.date,
    *,
    complete: bool,
) -> tuple[list[list[Verdict]], list[AllowanceState]]:
    """The verdict of every difference of every fixture, and how each allowance fared.

    An allowance that has expired or is exceeded allows nothing. Whether one is unused is judged
    only when the unit ran on all its fixtures (`complete`).
    """
    uses = [_uses(allowance, judged) for allowance in allowances]
    states = [
        AllowanceState(allowance, used, _state(allowance, used, today, complete))
        for allowance, used in zip(allowances, uses, strict=True)
    ]
    valid = [state.allowance for state in states if state.state == "used"]
    verdicts = [[_verdict(one, valid) for one in differences] for differences in judged]
    return verdicts, states


def failing(states: Iterable[AllowanceState]) -> list[AllowanceState]:
    """Allowances that make their unit fail."""
    return [state for state in states if state.state != "used"]


def _uses(allowance: Allowance, judged: Sequence[list[Difference]]) -> int:
    return sum(any(_covers(allowance, one) for one in differences) for differences in judged)


def _state(allowance: Allowance, used: int, today: datetime.date, complete: bool) -> State:
    if allowance.expires < today:
        return "expired"
    if allowance.at_most is not None and used > allowance.at_most:
        return "exceeded"
    return "used" if used or not complete else "unused"


def _verdict(difference: Difference, valid: Sequence[Allowance]) -> Verdict:
    if difference.verdict is Verdict.UNKNOWN:
        return Verdict.UNKNOWN
    covered = any(_covers(allowance, difference) for allowance in valid)
    return Verdict.ALLOWED if covered else Verdict.DIFFERS


def _covers(allowance: Allowance, difference: Difference) -> bool:
    same_kind = allowance.kind == difference.kind and difference.verdict is Verdict.DIFFERS
    return same_kind and matches(allowance.path, difference.path)
