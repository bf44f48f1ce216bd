"""What was mapped and proven day by day as a drawing, with where it may lead."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parity.counterparts import Forecast, Point

WIDTH, HEIGHT = 960, 300
LEFT, TOP, RIGHT, BOTTOM = 48, 16, 944, 268
MOST_AHEAD: Final = 2.0
"""The days ahead take at most so many times the room of the days behind."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines and words of the drawing, in its coordinates."""

    told: str
    mapped: str
    proven: str
    range: str
    likely: str
    words: tuple[tuple[int, int, str, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP
    right: int = RIGHT
    bottom: int = BOTTOM


def chart(points: Sequence[Point], forecast: Forecast | None) -> Chart | None:
    """The drawing; None where less than two days are known of."""
    days = {datetime.date.fromisoformat(one.day): one for one in points}
    if len(days) < 2:
        return None
    first, last = min(days), max(days)
    end = _end(first, last, forecast)
    most = max(1, *(max(one.mapped, one.proven) for one in days.values()))

    def x(day: datetime.date) -> int:
        return LEFT + round((RIGHT - LEFT) * (min(day, end) - first).days / (end - first).days)

    def y(count: int) -> int:
        return BOTTOM - round((BOTTOM - TOP) * count / most)

    known = sorted(days.items())
    now = days[last]
    fan, likely = "", ""
    told = f"{now.proven} of {now.mapped} mapped units are proven"
    if forecast is not None:
        told += f"; {forecast.told}"
        begin, goal = f"{x(last)},{y(now.proven)}", y(now.mapped)
        if forecast.early is not None:
            early, late = (_ahead(one, end) for one in (forecast.early, forecast.late))
            fan = f"{begin} {x(early)},{goal} {x(late)},{goal}"
        if forecast.likely is not None:
            likely = f"M{begin}L{x(_ahead(forecast.likely, end))},{goal}"
    words = [
        (LEFT, BOTTOM + 20, "start", first.isoformat()),
        (LEFT - 6, TOP + 4, "end", str(most)),
        (LEFT - 6, BOTTOM, "end", "0"),
        (x(last) - 4, y(now.mapped) + 14, "end", f"mapped {now.mapped}"),
        (x(last) - 4, min(BOTTOM - 4, y(now.proven) + 16), "end", f"proven {now.proven}"),
    ]
    if LEFT + 90 < x(last) < RIGHT - 90 or end == last:
        words.append((x(last), BOTTOM + 20, "end" if end == last else "middle", last.isoformat()))
    if end != last:
        words.append((RIGHT, BOTTOM + 20, "end", end.isoformat()))
    return Chart(
        f"{told}.",
        _steps([(x(day), y(one.mapped)) for day, one in known]),
        _steps([(x(day), y(one.proven)) for day, one in known]),
        fan,
        likely,
        tuple(words),
    )


def _end(first: datetime.date, last: datetime.date, forecast: Forecast | None) -> datetime.date:
    """The last day that is drawn: that of the forecast, where it is not too far ahead."""
    if forecast is None or forecast.early is None:
        return last
    far = last + datetime.timedelta(days=round((last - first).days * MOST_AHEAD))
    return min(far, _ahead(forecast.late, far))


def _ahead(day: str | None, end: datetime.date) -> datetime.date:
    return datetime.date.fromisoformat(day) if day is not None else end


def _steps(places: Sequence[tuple[int, int]]) -> str:
    """A line that stays where it is until it changes."""
    (x, y), *rest = places
    return f"M{x},{y}" + "".join(f"H{x}V{y}" for x, y in rest)
