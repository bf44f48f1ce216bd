"""More inputs of a unit than its fixtures, on which both sides agree: what fuzzing tries."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from parity.config import Config
from parity.fixtures.lines import Row
from parity.fuzz.calls import Call, Slot
from parity.fuzz.groups import Seen
from parity.fuzz.search import Limits, Search
from parity.model import Form
from parity.pipeline.fuzz import ROWS, typed_door
from parity.pipeline.fuzz_judge import LaneJudge, row_of
from parity.pipeline.fuzz_target import target_of
from parity.run import Engine, LoadedUnit
from parity.sides.java.archive import cache_folder
from parity.values.form import dumps

SECONDS = 30.0
"""What the search of one unit may take, whatever number of inputs is asked for."""


@dataclass(slots=True)
class _Noting:
    """A judge that notes the inputs on which the sides agree.

    The search takes all for such: it then spends no time on making smaller what tells them apart.
    """

    judge: LaneJudge
    depth: int
    matched: dict[str, Call] = field(default_factory=dict)
    _under_way: list[Sequence[Call]] = field(default_factory=list)

    def begin(self, calls: Sequence[Call]) -> None:
        """Hands them on."""
        self._under_way.append(calls)
        self.judge.begin(calls)

    def finish(self) -> list[Seen]:
        """What came of the batch that was begun first."""
        calls = self._under_way.pop(0)
        seen = self.judge.finish()
        for call, one in zip(calls, seen, strict=True):
            if one.verdict == "matched":
                self.matched.setdefault(dumps(dict(call)), call)
        return [
            replace(one, verdict="matched", differences=()) if one.verdict == "differs" else one
            for one in seen
        ]


def more_inputs(
    config: Config,
    engine: Engine,
    loaded: LoadedUnit,
    fixtures: Sequence[Row],
    examples: int,
    seed: int,
) -> list[Row]:
    """Inputs that a search of so many has tried and both sides agreed on, the shortest first."""
    python, java = engine.lanes[0].facts(loaded.unit)
    known = [row.fixture() for row in fixtures]
    target = target_of(loaded, python, java, known)
    typed = typed_door()
    typed.keep_below((cache_folder() or config.private) / "hypothesis")

    def draw(slots: Sequence[Slot], number: int) -> Sequence[Sequence[Form]]:
        shapes = [slot.shape for slot in slots]
        rows: list[list[Form]] = typed.rows(shapes, ROWS, number + seed * 1_000_003)
        return rows

    folder: Path = config.private / "fuzz" / f"strength-{os.getpid()}"
    judge = LaneJudge(engine, loaded, folder)
    noting = _Noting(judge, judge.depth)
    try:
        limits = Limits(SECONDS, examples, seed)
        Search(target, noting, limits, draw, time.monotonic).run()
    finally:
        judge.close()
    texts = sorted(noting.matched, key=lambda text: (len(text), text))
    return [row_of(noting.matched[text], f"tried_{index}") for index, text in enumerate(texts)]
