"""Days and durations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def due(start: datetime, lead: timedelta) -> datetime:
    """When something is due that takes `lead`."""
    return start + lead


def elapsed(start: datetime, end: datetime) -> timedelta:
    """The time between two moments of any offset."""
    return end - start


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC."""
    return moment.astimezone(UTC)


def next_working_day(day: date) -> date:
    """The next day that is not a weekend."""
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def total(parts: list[timedelta]) -> timedelta:
    """All durations together."""
    return sum(parts, timedelta())
