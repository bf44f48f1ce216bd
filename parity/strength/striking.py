"""Runs mutants until the first input that catches each, or on all inputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from parity.model import Crashed, Fate, How, Killer, Mutant
from parity.sides.worker import Struck
from parity.strength.found import Found
from parity.values.form import dumps

Strike = Callable[[Sequence[str], int], Sequence[bytes | Struck]]
"""Runs the mutants that these lines name, as the so-many-th round; an answer to each."""
Catches = Callable[[int, str], bool]
"""Whether an input (by index) catches what was observed of a mutant, under the unit's terms."""

FIRST = 1
MORE = 8  # times as many are asked for, where what was other counts as the same
ALL = 1 << 30


@dataclass(slots=True)
class Striking:
    """The mutants of one unit.

    What is the same text as before is not caught; what is another text is judged by `catches`.
    `whole` asks for all inputs that catch a mutant instead of the first. `known` are those that
    an input is known to catch already: they are not run.
    """

    strike: Strike
    catches: Catches
    whole: bool = False
    known: Mapping[int, Sequence[Killer]] = field(default_factory=dict)
    _caught: dict[int, list[Killer]] = field(default_factory=dict)
    _broken: set[int] = field(default_factory=set)
    _round: int = 0

    def fates(self, found: Found) -> list[Fate]:
        """What becomes of each mutant, in their order."""
        self._caught = {index: list(killers) for index, killers in self.known.items()}
        ask = [mutant for mutant in found.mutants if mutant.equivalent is None and mutant.reached]
        left = [(mutant, 0) for mutant in ask if mutant.index not in self.known]
        most = ALL if self.whole else FIRST
        while left:
            left = self._struck(left, most)
            most = min(ALL, most * MORE)
        return [self._fate(mutant) for mutant in found.mutants]

    def _fate(self, mutant: Mutant) -> Fate:
        if mutant.equivalent is not None:
            return Fate(mutant, "equivalent")
        if mutant.index in self._broken:
            return Fate(mutant, "broken")
        killers = tuple(self._caught.get(mutant.index, ()))
        return Fate(mutant, "caught" if killers else "survived", killers)

    def _struck(self, asked: Sequence[tuple[Mutant, int]], most: int) -> list[tuple[Mutant, int]]:
        """Runs them once; gives those to go on with, and from which input."""
        lines = [
            dumps({"mutant": mutant.index, "from": start, "most": most}) for mutant, start in asked
        ]
        self._round += 1
        answers = self.strike(lines, self._round)
        again = []
        for (mutant, _), answer in zip(asked, answers, strict=True):
            start = self._taken(mutant, answer, most)
            if start is not None:
                again.append((mutant, start))
        return again

    def _taken(self, mutant: Mutant, answer: bytes | Struck, most: int) -> int | None:
        """Notes what an answer says; gives the input to go on from, where it says too little."""
        caught = self._caught.setdefault(mutant.index, [])
        if isinstance(answer, Struck):
            how: How = "crashed" if isinstance(answer.outcome, Crashed) else "timeout"
            caught.append(Killer(max(0, answer.fixture), how))
            return None
        document = json.loads(answer.partition(b"\t")[2])
        if "broken" in document:
            self._broken.add(mutant.index)
            return None
        for index, text in document["other"]:
            if text is None:
                caught.append(Killer(index, "turns"))
            elif self.catches(index, dumps(text)):
                caught.append(Killer(index, "other"))
            if caught and not self.whole:
                return None
        ended = len(document["other"]) < most or caught
        return None if ended else int(document["last"]) + 1
