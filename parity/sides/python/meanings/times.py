"""Dates and times: java.time's texts, week days, durations and formats."""

import datetime
import importlib
import time
from typing import Any, Callable, Dict, Iterator, Tuple

from . import jdk

Offer = Tuple[str, Callable[..., Any]]


def read(name: str, value: Any, owner: Any) -> Iterator[Offer]:
    """The attributes of dates and durations."""
    if isinstance(owner, datetime.timedelta):
        micros = owner // datetime.timedelta(microseconds=1)
        if name == "days":
            yield "negative-duration/days", lambda: jdk.truncated_quotient(micros, 86_400_000_000)
        elif name == "seconds":
            seconds = jdk.truncated_quotient(micros, 1_000_000)
            yield "duration-parts/total", lambda: seconds
            yield "negative-duration/seconds-part", lambda: jdk.truncated_remainder(seconds, 86400)
            yield "duration-parts/minute", lambda: jdk.truncated_remainder(seconds, 60)
        elif name == "microseconds":
            yield "duration-parts/nanos", lambda: micros % 1_000_000 * 1000
            yield "negative-duration/micros", lambda: jdk.truncated_remainder(micros, 1_000_000)
    elif isinstance(owner, (datetime.datetime, datetime.time)) and name == "microsecond":
        yield "duration-parts/nano", lambda: value * 1000
        yield "duration-parts/milli", lambda: value // 1000
    elif isinstance(owner, datetime.date) and name == "month":
        yield "month-number/calendar", lambda: value - 1
    elif isinstance(owner, datetime.date) and name == "year":
        yield "year-number/date", lambda: value - 1900


def iso(value: Any) -> str:
    """toString of java.time: no seconds where they are zero, nanoseconds in groups of three."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() + "T" + _clock(value) + _zone(value)
    if isinstance(value, datetime.time):
        return _clock(value) + _zone(value)
    return str(value.isoformat())


def _clock(value: Any) -> str:
    text = "%02d:%02d" % (value.hour, value.minute)
    if value.second or value.microsecond:
        text += ":%02d" % value.second
    if value.microsecond:
        micros = "%06d" % value.microsecond
        text += "." + (micros[:3] if micros.endswith("000") else micros)
    return text


def _zone(value: Any) -> str:
    offset = value.utcoffset()
    if offset is None:
        return ""
    if not offset:
        return "Z"
    return str(value.replace(microsecond=0).isoformat()[-6:])


def _seconds_kept(value: Any) -> str:
    """DateTimeFormatter.ISO_*: seconds always, Z for no offset."""
    text = value.isoformat()
    if isinstance(value, (datetime.datetime, datetime.time)) and value.microsecond:
        zone = text[len(value.replace(tzinfo=None).isoformat()) :]
        text = value.replace(tzinfo=None).isoformat().rstrip("0") + zone
    return str(text[:-6] + "Z" if text.endswith("+00:00") else text)


def duration_text(value: datetime.timedelta) -> str:
    """Duration.toString."""
    micros = value // datetime.timedelta(microseconds=1)
    if not micros:
        return "PT0S"
    whole = jdk.truncated_quotient(micros, 1_000_000)
    hours, rest = jdk.truncated_quotient(whole, 3600), jdk.truncated_remainder(whole, 3600)
    minutes, seconds = jdk.truncated_quotient(rest, 60), jdk.truncated_remainder(rest, 60)
    part = abs(micros) % 1_000_000
    text = "PT"
    text += "%dH" % hours if hours else ""
    text += "%dM" % minutes if minutes else ""
    if seconds or part:
        sign = "-" if micros < 0 and not seconds else ""
        text += sign + str(seconds) + (("." + "%06d" % part).rstrip("0") if part else "") + "S"
    return text


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """Methods of dates, times and durations, and their texts."""
    value: Any = args[0] if args else None
    method = name.rpartition(".")[2]
    if name in ("builtins.str", "builtins.repr", "builtins.format"):
        if isinstance(value, datetime.timedelta):
            yield "duration-text/iso", lambda: duration_text(value)
        elif isinstance(value, (datetime.datetime, datetime.time)):
            yield "date-text/java", lambda: iso(value)
            yield "date-text/iso", lambda: value.isoformat()
            yield "date-text/formatter", lambda: _seconds_kept(value)
    elif name == "datetime.timedelta.total_seconds" and isinstance(value, datetime.timedelta):
        micros = value // datetime.timedelta(microseconds=1)
        yield "whole-seconds/floor", lambda: micros // 1_000_000
        yield "whole-seconds/truncated", lambda: jdk.truncated_quotient(micros, 1_000_000)
        yield "whole-seconds/double", lambda: float(micros // 1_000_000)
    elif not name.startswith("datetime."):
        yield from _others(name, args)
    elif method == "isoformat":
        if len(args) == 1 and not kwargs and isinstance(value, (datetime.datetime, datetime.time)):
            if _is_zone_only(value):
                yield "iso-zone/z", lambda: iso(value)
            else:
                yield "iso-seconds/dropped", lambda: iso(value)
            yield "iso-zone/formatter", lambda: _seconds_kept(value)
            if value.microsecond:
                yield "iso-fraction/millis", lambda: value.isoformat(timespec="milliseconds")
                yield "iso-fraction/none", lambda: value.isoformat(timespec="seconds")
            else:
                yield "iso-fraction/always", lambda: value.isoformat(timespec="milliseconds")
    elif method == "astimezone" and isinstance(value, datetime.datetime) and value.tzinfo:
        yield "zone-conversion/utc", lambda: value.astimezone(datetime.timezone.utc)
        yield "zone-conversion/left-out", lambda: value
        if args[1:2] and args[1] is not None:
            yield "zone-conversion/same-clock", lambda: value.replace(tzinfo=args[1])
    elif method in ("weekday", "isoweekday") and isinstance(value, datetime.date):
        iso_day = value.isoweekday()
        if method == "weekday":
            yield "week-day/iso", lambda: iso_day
        else:
            yield "week-day/from-zero", lambda: iso_day - 1
        yield "week-day/calendar", lambda: iso_day % 7 + 1
        yield "week-day/sunday-zero", lambda: iso_day % 7
    elif method == "timestamp" and isinstance(value, datetime.datetime):
        seconds = value.timestamp()
        yield "whole-seconds/epoch", lambda: int(seconds // 1)
        yield "epoch-millis/millis", lambda: int(seconds * 1000)
    elif method == "strftime" and len(args) == 2:
        yield from formatted(value, args[1])
    elif method == "isocalendar" and isinstance(value, datetime.date):
        from math import ceil

        first = value.replace(month=1, day=1)
        sunday = ceil(((value - first).days + 1 + first.isoweekday() % 7) / 7)
        week = value.isocalendar()
        yield "week-number/calendar", lambda: (week[0], sunday, week[2])
        yield "week-number/year", lambda: (value.year, week[1], week[2])


def _is_zone_only(value: Any) -> bool:
    return bool(iso(value)[:-1] + "+00:00" == value.isoformat())


DAYS: Dict[str, Callable[[int], int]] = {
    "iso": lambda day: day + 1,
    "calendar": lambda day: (day + 1) % 7 + 1,
    "sunday-zero": lambda day: (day + 1) % 7,
}
"""What others call a day of the week that is 0 for Monday."""


def _day_turned(value: Any, turn: Callable[[int], int]) -> Any:
    """A day of the week by another number, be it with the length of its month or alone."""
    return (turn(value[0]), *value[1:]) if isinstance(value, tuple) else turn(value)


def _others(name: str, args: Tuple[Any, ...]) -> Iterator[Offer]:
    if name == "time.time" and not args:
        yield "epoch-millis/clock", lambda: time.time() * 1000
        yield "whole-seconds/clock", lambda: float(time.time() // 1)
    elif name in ("calendar.monthrange", "calendar.weekday"):
        call = getattr(importlib.import_module("calendar"), name[9:])
        for key, turn in DAYS.items():
            yield "week-day/" + key, lambda turn=turn: _day_turned(call(*args), turn)


def formatted(value: Any, text: str) -> Iterator[Offer]:
    """strftime, where patterns of DateTimeFormatter say something else."""
    changes = {
        "%Y": ("year-number/week-year", lambda: _year(value, value.isocalendar()[0])),
        "%d": ("zero-padding/day", lambda: str(value.day)),
        "%m": ("zero-padding/month", lambda: str(value.month)),
        "%H": ("clock-hours/twelve", lambda: value.strftime("%I")),
        "%I": ("clock-hours/full", lambda: value.strftime("%H")),
        "%M": ("minutes-months/month", lambda: value.strftime("%m")),
        "%f": ("iso-fraction/format", lambda: "%03d" % (value.microsecond // 1000)),
        "%y": ("year-number/four", lambda: value.strftime("%Y")),
        "%j": ("zero-padding/day-of-year", lambda: str(int(value.strftime("%j")))),
        "%w": ("week-day/format", lambda: str(value.isoweekday())),
        "%p": ("am-pm/lower", lambda: value.strftime("%p").lower()),
    }
    for code, (key, make) in changes.items():
        if code in text:
            yield key, lambda code=code, make=make: value.strftime(text.replace(code, make()))
    if "%Y" in text:
        yield "year-padding/four", lambda: value.strftime(text.replace("%Y", "%04d" % value.year))


def _year(value: Any, year: int) -> str:
    """Another year, with as many zeros as strftime gives that of the value."""
    return str(year).zfill(len(value.strftime("%Y")))


def _by_instant(what: str, a: datetime.datetime, b: Any) -> Iterator[Offer]:
    """Reckoning by the instant: python goes by the clock on the wall, whatever the zone does."""
    utc = datetime.timezone.utc
    if isinstance(b, datetime.timedelta):
        way = b if what == "+" else -b
        yield "wall-clock/instant", lambda: (a.astimezone(utc) + way).astimezone(a.tzinfo)
        yield "wall-clock/skipped", lambda: (a + way).astimezone(utc).astimezone(a.tzinfo)
    elif isinstance(b, datetime.datetime) and b.tzinfo is a.tzinfo and what == "-":
        yield "wall-clock/between", lambda: a.astimezone(utc) - b.astimezone(utc)


def binary(what: str, a: Any, b: Any) -> Iterator[Offer]:
    """Division of durations; moments of a zone and what lies between them."""
    if isinstance(a, datetime.datetime) and a.tzinfo is not None and what in ("+", "-"):
        yield from _by_instant(what, a, b)
    elif isinstance(a, datetime.timedelta) and what in ("//", "%", "/"):
        unit = datetime.timedelta(microseconds=1)
        if isinstance(b, datetime.timedelta) and b:
            x, y = a // unit, b // unit
            if what == "//":
                yield "floor-division/duration", lambda: jdk.truncated_quotient(x, y)
            elif what == "%":
                yield "floor-modulo/duration", lambda: unit * jdk.truncated_remainder(x, y)
            else:
                yield "true-division/duration", lambda: jdk.truncated_quotient(x, y)
        elif isinstance(b, int) and b and what == "//":
            yield "floor-division/duration", lambda: unit * jdk.truncated_quotient(a // unit, b)
