"""The forecast says no more than the weeks behind it do; the drawing shows both."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from parity.counterparts import Point
from parity.ledger.forecast import forecast
from parity.report.burndown import BOTTOM, RIGHT, TOP, chart

BEGIN = datetime.date(2026, 1, 5)


def weekly(mapped: int, proven: Sequence[int], added: int = 0) -> list[Point]:
    """A commit a week, from the begin on."""
    return [
        Point(f"c{week}", _day(week), mapped + added * week, count)
        for week, count in enumerate(proven)
    ]


def _day(week: int) -> str:
    return (BEGIN + datetime.timedelta(weeks=week)).isoformat()


def test_an_even_pace_leads_to_one_day() -> None:
    ahead = forecast(weekly(100, range(0, 90, 10)))
    assert ahead is not None
    assert (ahead.left, ahead.weeks, ahead.why) == (20, 8, "")
    assert ahead.early == ahead.likely == ahead.late == _day(10)


def test_an_uneven_pace_gives_a_range_that_holds_the_even_one() -> None:
    ahead = forecast(weekly(100, [0, 0, 20, 20, 40, 40, 60, 60, 80]))
    assert ahead is not None
    assert ahead.early is not None
    assert ahead.late is not None
    assert _day(8) < ahead.early < ahead.late
    assert ahead.early <= _day(10) <= ahead.late
    assert ahead.likely in {_day(9), _day(10), _day(11)}


def test_old_weeks_do_not_count() -> None:
    slow = [0] * 30 + list(range(0, 130, 10))
    ahead = forecast(weekly(200, slow))
    assert ahead is not None
    assert (ahead.weeks, ahead.likely) == (12, _day(len(slow) - 1 + 8))


def test_a_map_that_grows_as_it_is_proven_has_no_end() -> None:
    ahead = forecast(weekly(50, range(0, 90, 10), added=10))
    assert ahead is not None
    assert ahead.likely is None
    assert ahead.why == "no less is left than 8 weeks ago"


def test_an_end_that_is_not_in_sight_is_told_as_such() -> None:
    ahead = forecast(weekly(5_000, [0, 9, 0, 9, 0, 9, 0, 9, 8]))
    assert ahead is not None
    assert (ahead.early, ahead.late) == (None, None)
    assert "between no day in sight and no day in sight" in ahead.told


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (weekly(9, [0, 3, 6]), "there are 2 weeks of history, and 4 are needed"),
        (weekly(9, [0, 3, 6, 7, 8, 9]), "nothing is left"),
    ],
)
def test_where_there_is_none_it_says_why(points: list[Point], why: str) -> None:
    ahead = forecast(points)
    assert ahead is not None
    assert (ahead.why, ahead.likely) == (why, None)
    assert why in ahead.told
    assert forecast([]) is None


def test_commits_out_of_order_and_idle_weeks_are_told_as_they_are() -> None:
    points = weekly(40, [0, 5, 10, 15, 20, 25, 30])
    points.insert(3, Point("rebased", _day(1), 40, 12))
    points.append(Point("late", _day(10), 40, 30))
    ahead = forecast(points)
    assert ahead is not None
    assert (ahead.since, ahead.weeks, ahead.left) == (_day(10), 10, 10)
    assert ahead.late is not None
    assert ahead.late > _day(12)


def test_the_drawing_goes_from_the_first_day_to_that_of_the_forecast() -> None:
    points = weekly(100, [0, 0, 20, 20, 40, 40, 60, 60, 80])
    drawn = chart(points, forecast(points))
    assert drawn is not None
    assert drawn.proven.startswith(f"M48,{BOTTOM}H")
    assert drawn.mapped.startswith(f"M48,{TOP}H")
    assert drawn.range.split()[2] == f"{RIGHT},{TOP}"
    assert drawn.likely.endswith(f",{TOP}")
    assert "80 of 100 mapped units are proven; 20 left on 2026-03-02" in drawn.told
    texts = [text for *_, text in drawn.words]
    assert {"2026-01-05", "mapped 100", "proven 80", "100"} <= set(texts)


def test_without_a_forecast_only_what_is_known_is_drawn() -> None:
    points = weekly(9, [0, 3, 6])
    drawn = chart(points, forecast(points))
    assert drawn is not None
    assert (drawn.range, drawn.likely) == ("", "")
    assert drawn.proven.endswith(f"H{RIGHT}V{TOP + round((BOTTOM - TOP) / 3)}")
    assert chart(points[:1], None) is None
