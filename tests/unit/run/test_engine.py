"""Pieces on lanes: each runs once on its own salt, what runs again does so on the other one."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from parity.fixtures import FixtureRows
from parity.fixtures.lines import Row
from parity.model import Unit
from parity.run.engine import SALTS, Again, Piece, Source, _Run, in_parallel
from parity.run.lane import Observed
from parity.run.requests import Lines
from parity.run.sides import LoadedUnit

JAVA = {"kind": "method", "parameters": []}


class Done:
    """A batch that has been run."""

    def __init__(self, lines: Lines, seconds: float) -> None:
        self.lines = lines
        self.seconds = seconds

    def observed(self) -> Observed:
        time.sleep(self.seconds)
        answers: list[Any] = [row.id.encode() for row in self.lines.rows]
        return Observed(None, answers)


class FakeLane:
    """Answers each fixture with its id; `slow` lanes begin late."""

    def __init__(self, salt: int, seconds: float = 0.0) -> None:
        self.salt = salt
        self.seconds = seconds

    def begin(
        self, loaded: LoadedUnit, lines: Lines, place: Path, *, resumed: bool, packed: bool
    ) -> Done:
        return Done(lines, self.seconds)


class FakeEngine:
    """What a run needs of an engine."""

    def __init__(self) -> None:
        self.resumed = False
        self.ending = threading.Event()

    def stop(self) -> None:
        self.ending.set()


class Noting:
    """Lets the first fixture of each piece run again, and notes what ran where."""

    def __init__(self) -> None:
        self.seen: Counter[tuple[str, str, int]] = Counter()

    def first(self, piece: Piece, observed: Observed, lane: Any) -> Sequence[Again]:
        assert lane.salt == piece.salt
        for answer in observed.java:
            assert isinstance(answer, bytes)
            self.seen["first", answer.decode(), lane.salt] += 1
        return [Again(piece, [0])] if observed.java else []

    def again(self, again: Again, observed: Observed, lane: Any) -> None:
        assert lane.salt == 1 - again.piece.salt
        (answer,) = observed.java
        assert isinstance(answer, bytes)
        self.seen["again", answer.decode(), lane.salt] += 1


def sources(folder: Path, sizes: dict[str, int]) -> list[Source]:
    made = []
    for name, size in sizes.items():
        unit = Unit(f"shop:{name}", "")
        file = folder / f"{name}.jsonl"
        file.write_text("".join(f'{{"id": "{name}{n}", "args": []}}\n' for n in range(size)))
        made.append(
            Source(LoadedUnit(unit, None, JAVA, ()), FixtureRows(file, unit), folder / name)
        )
    return made


def ran(folder: Path, crews: list[list[FakeLane]], sizes: dict[str, int]) -> Noting:
    noting = Noting()
    engine: Any = FakeEngine()
    run = _Run(engine, sources(folder, sizes), noting)
    in_parallel([lambda crew=crew: run.work(crew) for crew in crews], run.end)  # type: ignore
    return noting


CREWS = {
    "one thread with both salts": [[FakeLane(salt) for salt in SALTS]],
    "two threads": [[FakeLane(0)], [FakeLane(1)]],
    "one of them slow": [[FakeLane(0, 0.02)], [FakeLane(1)]],
    "three threads": [[FakeLane(0)], [FakeLane(1, 0.01)], [FakeLane(0)]],
}


@pytest.mark.parametrize("crews", CREWS)
def test_every_fixture_runs_once_and_what_runs_does_not_depend_on_the_lanes(
    tmp_path: Path, crews: str
) -> None:
    sizes = {"a": 1, "b": 3000, "c": 513, "d": 2}
    noting = ran(tmp_path, CREWS[crews], sizes)
    first = Counter({name: n for (run, name, _), n in noting.seen.items() if run == "first"})
    assert first == Counter({f"{unit}{n}": 1 for unit, size in sizes.items() for n in range(size)})
    assert noting.seen == ran(tmp_path, CREWS["two threads"], sizes).seen
    again = [name for run, name, _ in noting.seen if run == "again"]
    assert len(again) == 1 + 4 + 2 + 1


def test_an_error_in_one_lane_ends_all_and_is_told(tmp_path: Path) -> None:
    class Broken(FakeLane):
        def begin(self, *_: Any, **__: Any) -> Done:
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        ran(tmp_path, [[FakeLane(0, 0.01)], [Broken(1)]], {"a": 5000})


def test_nothing_more_runs_once_a_fixture_is_found_wrong(tmp_path: Path) -> None:
    noting = Noting()
    made = sources(tmp_path, {"a": 2, "b": 2})
    rows = made[0].fixtures
    assert isinstance(rows, FixtureRows)
    rows.file.write_text('{"id": "a0", "args": []}\n{"id": "a0", "args": []}\nnonsense\n')
    engine: Any = FakeEngine()
    run = _Run(engine, made, noting)
    run.work([FakeLane(salt) for salt in SALTS])  # type: ignore[list-item]
    assert not noting.seen
    whys = sorted(problem.where for problem in rows.problems)
    assert whys == ["line 2, column 8", "line 3, column 1"]


def test_chosen_fixtures_need_no_file(tmp_path: Path) -> None:
    noting = Noting()
    unit = Unit("shop:a", "")
    rows = [Row.of('{"id": "x", "args": []}')]
    engine: Any = FakeEngine()
    run = _Run(engine, [Source(LoadedUnit(unit, None, JAVA, ()), rows, tmp_path)], noting)
    run.work([FakeLane(salt) for salt in SALTS])  # type: ignore[list-item]
    assert sum(noting.seen.values()) == 2
