"""Values of every kind that the fixture form has, and whether two of them are identical."""

from __future__ import annotations

import datetime
import enum
import struct
import zoneinfo
from collections import namedtuple
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from parity.values.form import SURROGATE_PAIR


class Colour(enum.Enum):
    RED = 1
    BLUE = "b"
    CRIMSON = 1  # noqa: PIE796 (an alias, whose name is RED)


class Level(enum.IntEnum):
    LOW = 0
    HIGH = 1


class Right(enum.Flag):
    READ = 1
    WRITE = 2


@dataclass
class Box:
    left: Any = None
    right: Any = None


@dataclass(frozen=True, slots=True)
class Point:
    x: Any
    y: Any = 0


class Base:
    __slots__ = ("__hidden", "shown")


class Slotted(Base):
    """Slots of a base class, a private one among them, and a `__dict__`."""


class Trouble(ValueError):
    """An exception that is a value."""


Pair = namedtuple("Pair", "first second")

CLASSES = {
    f"{kind.__module__}:{kind.__qualname__}": kind
    for kind in (Colour, Level, Right, Box, Point, Slotted, Pair, Trouble)
}


def resolve(name: str) -> type:
    return CLASSES[name]


def identical(one: Any, other: Any, *, shared: bool = True) -> bool:
    """Whether two values are alike in type, value and order, in signs, scales, folds and zones.

    With `shared`, what is one mutable object in the first is one in the second, and only that.
    """
    return _Same(shared).same(one, other)


class _Same:
    def __init__(self, shared: bool) -> None:
        self.shared = shared
        self.other_of: dict[int, Any] = {}
        self.one_of: dict[int, Any] = {}

    def same(self, one: Any, other: Any) -> bool:
        if type(one) is not type(other):
            return False
        if isinstance(one, enum.Enum):
            return one is other
        if isinstance(one, list | dict | set | BaseException) or hasattr(one, "__dict__"):
            if id(one) in self.other_of:
                return not self.shared or self.other_of[id(one)] is other
            if self.shared and id(other) in self.one_of:
                return False
            self.other_of[id(one)], self.one_of[id(other)] = other, one
        return self._parts(one, other)

    def _parts(self, one: Any, other: Any) -> bool:
        if isinstance(one, float):
            bits = struct.pack(">d", one) == struct.pack(">d", other)
            return bits or (one != one and other != other)
        if isinstance(one, Decimal):
            return one.as_tuple() == other.as_tuple()
        if isinstance(one, datetime.datetime | datetime.time):
            return self._clock(one) == self._clock(other)
        if isinstance(one, list | tuple):
            return self._each(one, other)
        if isinstance(one, set | frozenset):
            return self._each(sorted(one, key=told), sorted(other, key=told))
        if isinstance(one, dict):
            return self._each(list(one.items()), list(other.items()))
        if type(one).__module__ == __name__ or isinstance(one, BaseException):
            return self._each([state(one)], [state(other)])
        return bool(one == other)

    def _each(self, one: Any, other: Any) -> bool:
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(self.same(a, b) for a, b in pairs)

    @staticmethod
    def _clock(value: Any) -> tuple[Any, ...]:
        plain = value.replace(tzinfo=None, fold=0)
        zone = value.tzinfo
        return plain, value.fold, type(zone), getattr(zone, "key", None), value.utcoffset()


def told(value: Any) -> tuple[str, str]:
    """By what the elements of two equal sets are put into one order."""
    if isinstance(value, frozenset):
        return "frozenset", str(sorted(map(told, value)))
    if isinstance(value, tuple):
        return type(value).__name__, str([told(item) for item in value])
    return type(value).__name__, repr(value)


def state(value: Any) -> tuple[Any, ...]:
    """The fields of an instance of these classes, in an order of their own."""
    slots = [name for base in type(value).__mro__ for name in base.__dict__.get("__slots__", ())]
    names = ["_Base__hidden" if name == "__hidden" else name for name in slots]
    fields = [(name, getattr(value, name)) for name in names if hasattr(value, name)]
    args = value.args if isinstance(value, BaseException) else ()
    return tuple(fields), args, dict(getattr(value, "__dict__", {}))


TEXT = st.text(st.characters(), max_size=8).filter(lambda text: not SURROGATE_PAIR.search(text))
OFFSETS = st.timedeltas(datetime.timedelta(hours=-23), datetime.timedelta(hours=23))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Africa/Monrovia", "Etc/GMT+5"]
)
TZINFO = st.none() | OFFSETS.map(datetime.timezone) | ZONES.map(zoneinfo.ZoneInfo)
FOLD = st.sampled_from([0, 0, 1])


@st.composite
def datetimes(draw: st.DrawFn) -> datetime.datetime:
    # A day from either end, so that no offset leads out of the years that Python knows.
    day = datetime.timedelta(days=1)
    least, most = datetime.datetime.min + day, datetime.datetime.max - day
    around_folds = st.datetimes(datetime.datetime(2024, 10, 27), datetime.datetime(2024, 10, 28))
    value = draw(st.datetimes(least, most) | around_folds)
    return value.replace(tzinfo=draw(TZINFO), fold=draw(FOLD))
