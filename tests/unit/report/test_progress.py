"""How far a run has come: what is told, and when."""

from __future__ import annotations

import io

from parity.report.progress import Lines, Nothing, Tallied, shown


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_line_says_units_fixtures_and_how_fast() -> None:
    clock = Clock()
    tallied = Tallied(clock)
    tallied.expect({"a": 1000, "b": 9000})
    clock.now += 5
    tallied.judged("a", 1000)
    tallied.judged("b", 5000)
    assert str(tallied) == "1 of 2 units, 6,000 of 10,000 fixtures, 1,200/s"


def test_a_unit_that_runs_once_more_is_not_done_before_that_run() -> None:
    tallied = Tallied(Clock())
    tallied.expect({"a": 10})
    tallied.judged("a", 10)
    tallied.expect({"a": 10})
    assert tallied.units == (0, 1)
    tallied.judged("a", 10)
    assert tallied.units == (1, 1)


def test_lines_are_ten_seconds_apart_however_often_something_is_judged() -> None:
    clock, out = Clock(), io.StringIO()
    lines = Lines(out, clock)
    lines.expect({"a": 100})
    for _ in range(25):
        clock.now += 1
        lines.judged("a", 4)
    told = out.getvalue().splitlines()
    assert [line.partition(",")[0] for line in told] == ["0 of 1 units"] * 2
    assert told[0].startswith("0 of 1 units, 40 of 100 fixtures, 4/s")


def test_json_gives_no_lines() -> None:
    assert isinstance(shown(as_json=True, out=io.StringIO()), Nothing)
    assert isinstance(shown(as_json=False, out=io.StringIO()), Lines)
