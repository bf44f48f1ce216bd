"""What the team has said of survivors, held against those that there are."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Sequence
from typing import Literal

from parity.model import Explanation, ExplanationState, Fate, Mutant, UnitStrength

Line = Callable[[Mutant], str | None]
"""The line of Java that a mutant changes; None where no source is found."""


def explained(
    units: Sequence[UnitStrength],
    explanations: Sequence[Explanation],
    line_of: Line,
    known: Collection[str],
) -> tuple[tuple[UnitStrength, ...], tuple[ExplanationState, ...]]:
    """The units with their survivors explained, and how each explanation fared.

    `known` are the ids of all units of the map: what explains no survivor is stale only where
    each of its units was looked at.
    """
    judges = [_Judge(one) for one in explanations]
    told = tuple(_explained(unit, judges, line_of) for unit in units)
    judged = {unit.unit.id for unit in units if unit.trouble is None}
    return told, tuple(judge.state(judged, known) for judge in judges)


@dataclasses.dataclass(slots=True)
class _Judge:
    """One explanation, and what it was good for so far."""

    explanation: Explanation
    used: int = 0
    refuted: bool = False

    def fits(self, unit_id: str, mutant: Mutant, line: str | None) -> bool:
        """Whether it speaks of this mutant of this unit."""
        one = self.explanation
        return (
            (one.owner, one.mutation) == (mutant.owner, mutant.what)
            and (not one.units or unit_id in one.units)
            and one.method in (None, mutant.name)
            and (one.source is None or (line is not None and one.source == line.strip()))
        )

    def state(self, judged: Collection[str], known: Collection[str]) -> ExplanationState:
        """How it fared."""
        state: Literal["used", "stale", "refuted", "unjudged"] = "used"
        if self.refuted:
            state = "refuted"
        elif not self.used:
            whole = set(self.explanation.units or known) <= set(judged)
            state = "stale" if whole else "unjudged"
        return ExplanationState(self.explanation, self.used, state)


def _explained(unit: UnitStrength, judges: Sequence[_Judge], line_of: Line) -> UnitStrength:
    left = {id(judge): judge.explanation.at_most for judge in judges}

    def of(fate: Fate) -> Fate:
        if fate.state != "survived":
            return fate
        line = line_of(fate.mutant) if judges else None
        for judge in judges:
            if left[id(judge)] and judge.fits(unit.unit.id, fate.mutant, line):
                if fate.killed_by is not None:
                    judge.refuted = True
                    return fate
                left[id(judge)] -= 1
                judge.used += 1
                return dataclasses.replace(fate, explained=judge.explanation.reason)
        return fate

    return dataclasses.replace(unit, fates=tuple(map(of, unit.fates)))
