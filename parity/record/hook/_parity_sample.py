"""Chooses the calls that are recorded within a share of the processor's time.

Python 3.6 or newer, standard library only; runs inside of the recorded program.
"""

import hashlib
import itertools
import mmap
import os
import time
from typing import Any, Dict, List, NamedTuple, Optional, Set

FEW_VALUES, MOST_VALUES = 3, 16
MOST_OUTLINES = 5_000
MOST_PARTS, FEWEST_PARTS = 64, 16  # of an input, and of each of its arguments at least
SHORT = 40
DEEPEST = 6
ITEMS = 4  # of a container that are asked how large they are
CHARACTERS = 16  # of a text that cost about as much as a number
PATIENCE = 0.05  # seconds that a process may spend whatever share of its time that is
IDLE = 0.1  # what is left idle counts as this much of it: others may be at work there
USUAL = 5e-6  # seconds that a part takes, while none is known
CLOSED_SECONDS = 0.05  # that a unit is not looked at when it has been looked at too much
SLOTS = 1 << 22
LARGE = 1e15

busy_time = getattr(time, "thread_time", time.perf_counter)
"""Seconds of the processor that this thread has taken; before Python 3.7 those that have passed."""

LOOKS, FIRSTS, OTHERS = range(3)
"""What time is spent for: looking at calls, the first of a unit in any process, all others."""
PARTS = (0.4, 0.0, 0.6)
"""How the share is divided among them; the first of each unit is taken whatever it costs."""


class Taken(NamedTuple):
    """A call that is recorded: from which pot, and how large it is, about."""

    pot: int
    size: float


class Outlines:
    """What the inputs of one unit have in common: kinds, members, sizes, words of a small set.

    After `count`, `last` is how the last input looks, and `is_fresh` says whether something in it
    was met for the first time, and not only together with the rest.
    """

    def __init__(self) -> None:
        self.values: Dict[Any, Set[Any]] = {}
        self.again: Dict[Any, int] = {}
        self.marks: Dict[Any, Set[Any]] = {}
        self.counts: Dict[Any, int] = {}
        self.last: List[Any] = []
        self.is_fresh = False

    def count(self, args: Any, kwargs: Any) -> int:
        """The how manieth input this is of those that look like it."""
        self.is_fresh = False
        parts = [len(args)]  # type: List[Any]
        given = [*args, *kwargs.values()] if kwargs else args
        names = [*range(len(args)), *kwargs] if kwargs else range(len(args))
        room = max(FEWEST_PARTS, MOST_PARTS // (len(given) or 1))
        for name, value in zip(names, given):
            parts.append(name)
            self._add(value, name, 0, parts, len(parts) + room)
        outline = hash(tuple(parts))  # type: Optional[int]
        if outline not in self.counts and len(self.counts) >= MOST_OUTLINES:
            outline = None
        self.last = parts
        self.counts[outline] = self.counts.get(outline, 0) + 1
        return self.counts[outline]

    def _add(self, value: Any, place: Any, depth: int, parts: List[Any], end: int) -> None:
        kind = type(value)
        if value is None or len(parts) > end:
            self._mark(kind, None, place, parts)
        elif kind is int or kind is float:
            self._mark(kind, magnitude(value), place, parts)
            self._add_value(value, place, parts)
        elif kind is str or kind is bytes or kind is bool:
            self._mark(kind, value if kind is bool else len(value).bit_length(), place, parts)
            if kind is str and len(value) <= SHORT:
                self._add_value(value, place, parts)
        elif kind is list or kind is tuple:
            many = len(value)
            self._mark(kind, many if many < 3 else 1 + many.bit_length(), place, parts)
            for one in value if many < 4 else (*value[:2], value[many // 2], value[-1]):
                self._add(one, (place, 0), depth + 1, parts, end)
        elif kind is dict:
            self._mark(kind, min(len(value), SHORT), place, parts)
            if len(value) < SHORT and depth < 4:
                for name, one in value.items():
                    parts.append(name if type(name) is str else type(name))
                    inside = (place, name if type(name) is str else 0)
                    self._add(one, inside, depth + 1, parts, end)
        else:
            self._mark(kind, None, place, parts)
            if depth < 3 and type(getattr(value, "__dict__", None)) is dict:
                for name, one in list(value.__dict__.items())[:SHORT]:
                    self._add(one, (place, name), depth + 1, parts, end)

    def _mark(self, kind: type, size: Any, place: Any, parts: List[Any]) -> None:
        parts.append(kind)
        parts.append(size)
        known = self.marks.setdefault(place, set())
        if (kind, size) not in known and len(known) <= MOST_PARTS:
            known.add((kind, size))
            self.is_fresh = True

    def _add_value(self, value: Any, place: Any, parts: List[Any]) -> None:
        """Counts a value for itself where there are few at its place.

        Where each is another, a new one is nothing new.
        """
        known = self.values.setdefault(place, set())
        if value in known:
            self.again[place] = self.again.get(place, 0) + 1
            parts.append(value if len(known) <= MOST_VALUES else None)
        elif len(known) <= MOST_VALUES:
            if len(known) < FEW_VALUES or self.again.get(place, 0) >= len(known):
                self.is_fresh = True
            known.add(value)
            parts.append(value)


def magnitude(value: float) -> int:
    """The sign of a number, and roughly how many digits stand before its point."""
    if value == 0 or value != value:
        return 0
    digits = (int(min(abs(value), LARGE)).bit_length() + 2) // 3 + 1
    return digits if value > 0 else -digits


def size_of(value: Any, depth: int = 0) -> float:
    """About how many parts a value has: a few of a container stand for the others."""
    kind = type(value)
    if kind is str or kind is bytes:
        return 1 + len(value) / CHARACTERS
    if depth > DEEPEST:
        return 1
    if kind is dict or kind is list or kind is tuple or kind is set or kind is frozenset:
        if not value:
            return 1
        some = list(itertools.islice(value.values() if kind is dict else value, ITEMS))
        whole = sum(size_of(one, depth + 1) for one in some) / len(some)
        return 1 + len(value) * (whole + (kind is dict))
    held = getattr(value, "__dict__", None)
    if type(held) is dict:
        return 1 + sum(size_of(one, depth + 1) for one in list(held.values())[:SHORT])
    return 1


class Sampled:
    """What sampling knows of one unit in this process."""

    def __init__(self) -> None:
        self.outlines = Outlines()
        self.met = False
        self.looking = 0.0
        self.closed = 0.0
        self.seconds = 0.0
        self.parts = 0.0
        self.too_large = float("inf")

    def cost(self, size: float) -> float:
        """Seconds that recording a call of this size will take, going by those before."""
        return size * (self.seconds / self.parts if self.parts else USUAL)


class Board:
    """What has been taken in any process of the program: a byte for each, in a file they share.

    A byte may stand for two, and two processes may take one at the same time: that costs a fixture
    that others replace, and nothing waits for another. With the key of masking, nobody who has the
    file can ask it for a value.
    """

    def __init__(self, folder: str, key: bytes = b"") -> None:
        self.key = key
        self.bytes = bytearray(SLOTS)  # type: Any
        try:
            file = os.open(os.path.join(folder, "board"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.ftruncate(file, SLOTS)
                self.bytes = mmap.mmap(file, SLOTS)
            finally:
                os.close(file)
        except (OSError, ValueError, AttributeError):  # this process is then on its own
            pass

    def takes(self, *what: Any) -> bool:
        """Whether nobody has taken this before; now it is taken."""
        text = repr(what).encode("utf-8", "replace")
        digest = hashlib.blake2b(text, digest_size=8, key=self.key).digest()
        slot = int.from_bytes(digest, "big") % SLOTS
        free = not self.bytes[slot]
        self.bytes[slot] = 1
        return free


class Sampler:
    """Chooses calls: the first of each unit, all that look new, of the others fewer and fewer.

    Two fifths of the share are for looking at calls: half of that for whoever is called first, the
    other half for all units alike. The rest is for recording calls; of that a unit may take half.
    The first call that any process sees of a unit is recorded beyond it.
    """

    def __init__(self, share: float, started: float, board: Board) -> None:
        self.share = share
        self.started = started
        self.board = board
        self.spent = [0.0 for _ in PARTS]
        self.units = 0

    def is_closed(self, sampled: Sampled) -> bool:
        """Whether a call is not even to be looked at, which is said at next to no cost."""
        return time.perf_counter() < sampled.closed

    def wants(self, unit: Any, args: Any, kwargs: Any) -> Optional[Taken]:
        """How a call is to be recorded, or None where it is not."""
        sampled = unit.sampled  # type: Sampled
        if not sampled.met:
            sampled.met = True
            self.units += 1
            if self.board.takes(unit.id):
                count = self._count(unit, args, kwargs)
                self.board.takes(unit.id, sampled.outlines.last, count)
                return Taken(FIRSTS, self._size(args, kwargs))
        allowed = self.allowed()
        looks, others = allowed * PARTS[LOOKS], allowed * PARTS[OTHERS]
        if self.spent[LOOKS] > looks / 2 and sampled.looking > looks / 2 / self.units:
            sampled.closed = time.perf_counter() + CLOSED_SECONDS
            return None
        count = self._count(unit, args, kwargs)
        if count > 2 and count & (count - 1):
            return None
        size = self._size(args, kwargs)
        cost = sampled.cost(size)
        if not sampled.outlines.is_fresh:  # what is new goes before what is only put together anew
            others /= 2 if count == 1 else 4
        if self.spent[OTHERS] + cost > others or sampled.seconds + cost > others / 2:
            return None
        if size >= sampled.too_large or not self.board.takes(unit.id, sampled.outlines.last, count):
            return None
        return Taken(OTHERS, size)

    def spend(self, seconds: float, sampled: Sampled, taken: Optional[Taken], ended: bool) -> None:
        """Counts what a call has taken; it has `ended` when all of it is counted."""
        self.spent[LOOKS if taken is None else taken.pot] += seconds
        if taken is None:
            sampled.looking += seconds
        else:
            sampled.seconds += seconds
            sampled.parts += taken.size if ended else 0

    def allowed(self) -> float:
        """Seconds that may have been spent by now."""
        passed = time.perf_counter() - self.started
        worked = passed if busy_time is time.perf_counter else time.process_time()
        return self.share * max(worked, IDLE * passed) + PATIENCE

    def _count(self, unit: Any, args: Any, kwargs: Any) -> int:
        try:
            return int(unit.sampled.outlines.count(args, kwargs))
        except Exception:  # an object that does not even say what it is
            return int(unit.calls)

    def _size(self, args: Any, kwargs: Any) -> float:
        try:
            return size_of(args) + size_of(kwargs)
        except Exception:
            return 1.0
