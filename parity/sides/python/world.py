"""The world of a call: clock, sleep, randomness, UUIDs and environment (docs/world.md).

Nothing here is installed before the first fixture that has a world. From then on the functions
that were replaced ask for the world of the moment, and without one do what they always did.
"""

import _thread
import contextlib
import datetime
import hashlib
import operator
import os
import random
import sys
import threading
import time
import types
import weakref
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, Optional

from .graft import StandIn, can_graft, graft, graft_class_method
from .tracing import TRACER

if TYPE_CHECKING:
    from parity.values import form
else:
    from . import form

BILLION = 1_000_000_000
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)
GREGORIAN = 0x01B21DD213814000  # ticks of 100 ns from 1582-10-15 to 1970-01-01
RESOLUTION = 1e-6
"""Of the frozen clocks as floats; what asyncio takes for two times that are one."""
DATETIME: Any = datetime.datetime


class World:
    """What a call sees instead of the machine; a part that the fixture leaves out is real."""

    def __init__(self, world: Dict[str, Any]) -> None:
        self.clock = world.get("clock") is not None
        self.nanos = nanos_of(world["clock"]) if self.clock else 0
        self.seed: Optional[int] = world.get("seed")
        self.bytes = ByteStream(self.seed or 0)
        self.env: Dict[str, Optional[str]] = world.get("env") or {}
        self.ticks = 0

    def pass_by(self, seconds: float) -> None:
        """Moves the clock, which nothing else does."""
        self.nanos += round(seconds * BILLION)


CLOCKS: Dict[str, Callable[[World], int]] = {
    "time": lambda world: world.nanos,
    "monotonic": lambda world: world.nanos,
    "perf_counter": lambda world: world.nanos,
    "process_time": lambda world: 0,
    "thread_time": lambda world: 0,
}


class ByteStream:
    """The bytes that all unseeded randomness comes from: SHA-256 of the seed and a counter."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.counter = 0
        self.left = b""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        parts = [self.left]
        missing = size - len(self.left)
        while missing > 0:
            text = "%d:%d" % (self.seed, self.counter)
            parts.append(hashlib.sha256(text.encode("ascii")).digest())
            self.counter += 1
            missing -= 32
        whole = b"".join(parts)
        self.left = whole[size:]
        return whole[:size]


def nanos_of(text: str) -> int:
    """Nanoseconds since 1970 of a clock's text, which is UTC where it names no offset."""
    read = form.read_datetime(text)
    if read.tzinfo is None:
        read = read.replace(tzinfo=datetime.timezone.utc)
    return (read - EPOCH) // MICROSECOND * 1000


class Stage:
    """Where worlds are shown; `now` is the one of this call."""

    def __init__(self) -> None:
        self.now: Optional[World] = None
        self.perf_counter: Callable[[], float] = time.perf_counter
        self.originals: Dict[str, Any] = {}
        self.set = False

    @contextlib.contextmanager
    def showing(self, world: Dict[str, Any]) -> Iterator[None]:
        """Freezes what the world says while it lasts; the surroundings restore `env`."""
        made = World(world)
        if not self.set:
            with TRACER.paused():
                self.install()
        for name, text in made.env.items():
            if text is None:
                with contextlib.suppress(KeyError):
                    del os.environ[name]
            else:
                os.environ[name] = text
        if "TZ" in made.env:
            time.tzset()
        if made.seed is not None:
            random.seed(made.seed)
            numpy = sys.modules.get("numpy.random")
            if numpy is not None:
                numpy.seed(made.seed % 2**32)
        self.now = made
        if made.seed is not None:
            for generator in list(UNSEEDED):
                share(generator)
        try:
            yield
        finally:
            self.now = None
            if made.seed is not None:
                for generator in list(UNSEEDED):
                    unshare(generator)

    # -- what is replaced

    def install(self) -> None:
        """Puts the replacements where the interpreter's own were."""
        self.set = True
        self._replace_functions(self._replacements())
        self.perf_counter = self.originals["perf_counter"]
        self._replace_waiting()
        self._replace_random()

    def _replacements(self) -> Dict[str, Callable[..., Any]]:
        made: Dict[str, Callable[..., Any]] = {}
        for name, nanos in CLOCKS.items():
            made[name] = self._reading(name, nanos, False)
            made[name + "_ns"] = self._reading(name + "_ns", nanos, True)
        for name in ("gmtime", "localtime", "ctime"):
            made[name] = self._converting(name)
        made["asctime"] = self._formatting("asctime", 0)
        made["strftime"] = self._formatting("strftime", 1)
        made["clock_gettime"] = self._clock_gettime("clock_gettime", False)
        made["clock_gettime_ns"] = self._clock_gettime("clock_gettime_ns", True)
        made["get_clock_info"] = self._get_clock_info
        made["sleep"] = self._sleep
        return made

    def _reading(
        self, name: str, nanos_of_world: Callable[[World], int], whole: bool
    ) -> Callable[..., Any]:
        def reading(*args: Any) -> Any:
            world = self.now
            if args or world is None or not world.clock:
                return self.originals[name](*args)
            nanos = nanos_of_world(world)
            return nanos if whole else nanos / 1e9

        return reading

    def _converting(self, name: str) -> Callable[..., Any]:
        def converting(*args: Any) -> Any:
            world = self.now
            if (args and args[0] is not None) or world is None or not world.clock:
                return self.originals[name](*args)
            return self.originals[name](world.nanos // BILLION)

        return converting

    def _formatting(self, name: str, given: int) -> Callable[..., Any]:
        def formatting(*args: Any) -> Any:
            world = self.now
            if len(args) != given or world is None or not world.clock:
                return self.originals[name](*args)
            now = self.originals["localtime"](world.nanos // BILLION)
            return self.originals[name](*args, now)

        return formatting

    def _clock_gettime(self, name: str, whole: bool) -> Callable[..., Any]:
        kinds = {
            getattr(time, "CLOCK_PROCESS_CPUTIME_ID", None): "process_time",
            getattr(time, "CLOCK_THREAD_CPUTIME_ID", None): "thread_time",
        }

        def clock_gettime(*args: Any) -> Any:
            world = self.now
            real = self.originals[name](*args)  # also says what is no clock
            if world is None or not world.clock:
                return real
            nanos = CLOCKS[kinds.get(args[0], "time")](world)
            return nanos if whole else nanos / 1e9

        return clock_gettime

    def _get_clock_info(self, *args: Any) -> Any:
        info = self.originals["get_clock_info"](*args)
        if self.now is not None and self.now.clock:
            info.resolution = RESOLUTION
        return info

    def _sleep(self, *args: Any) -> None:
        world = self.now
        if world is not None and world.clock and len(args) == 1:
            seconds = args[0]
            if isinstance(seconds, (int, float)) and 0 <= seconds < 1e9:
                world.pass_by(seconds)
                return
        self.originals["sleep"](*args)

    def _datetime_now(self, cls: Any, tz: Any = None) -> Any:
        world = self.now
        if world is None or not world.clock:
            return self.originals["now"].__get__(None, cls)(tz)
        return FROM_TIMESTAMP.__get__(None, cls)(world.nanos // 1000 / 1e6, tz)

    def _datetime_utcnow(self, cls: Any) -> Any:
        world = self.now
        if world is None or not world.clock:
            return self.originals["utcnow"].__get__(None, cls)()
        utc = FROM_TIMESTAMP.__get__(None, cls)(world.nanos // 1000 / 1e6, EPOCH.tzinfo)
        return utc.replace(tzinfo=None)

    def _replace_functions(self, replacements: Dict[str, Callable[..., Any]]) -> None:
        now, utcnow = self._datetime_now, self._datetime_utcnow
        members = {
            "now": classmethod(lambda cls, tz=None: now(cls, tz)),
            "utcnow": classmethod(lambda cls: utcnow(cls)),
        }
        for name in members:
            self.originals[name] = DATETIME.__dict__[name]
        places: Dict[str, Any] = dict.fromkeys(replacements, time)
        for name, replacement in (("urandom", self._urandom), ("getrandom", self._getrandom)):
            replacements[name], places[name] = replacement, os
        replacements = {n: r for n, r in replacements.items() if hasattr(places[n], n)}
        if can_graft():
            for name, replacement in replacements.items():
                self.originals[name] = graft(getattr(places[name], name), replacement)
            for name, member in members.items():
                graft_class_method(DATETIME, name, member)
            return
        swaps: Dict[int, Any] = {}
        for name, replacement in replacements.items():
            self.originals[name] = getattr(places[name], name)
            swaps[id(self.originals[name])] = StandIn(self.originals[name], replacement)
        swaps[id(DATETIME)] = stand_in(DATETIME, members, {})
        today = {"today": classmethod(lambda cls: cls.fromtimestamp(time.time()))}
        swaps[id(datetime.date)] = stand_in(datetime.date, today, swaps)
        swap_names(swaps)

    # -- randomness

    def _urandom(self, *args: Any) -> bytes:
        world = self.now
        size = operator.index(args[0]) if len(args) == 1 else -1
        if world is None or world.seed is None or size < 0:
            return bytes(self.originals["urandom"](*args))
        return world.bytes.read(size)

    def _getrandom(self, *args: Any, **kwargs: Any) -> bytes:
        world = self.now
        if world is None or world.seed is None or not args:
            return bytes(self.originals["getrandom"](*args, **kwargs))
        return world.bytes.read(operator.index(args[0]))

    def _replace_random(self) -> None:
        import uuid

        code = uuid.uuid1.__code__
        defaults = uuid.uuid1.__defaults__
        uuid1 = types.FunctionType(code, uuid.__dict__, "uuid1", defaults)

        def frozen_uuid1(node: Any, clock_seq: Any) -> Any:
            world = self.now
            if world is None or world.seed is None:
                return uuid1(node, clock_seq)
            drawn = world.bytes.read(8)
            nanos = world.nanos if world.clock else time.time_ns()
            stamp = nanos // 100 + GREGORIAN + world.ticks
            world.ticks += 1
            sequence = int.from_bytes(drawn[:2], "big") if clock_seq is None else clock_seq
            place = int.from_bytes(drawn[2:], "big") | 1 << 40 if node is None else node
            low, mid, high = stamp & 0xFFFFFFFF, stamp >> 32 & 0xFFFF, stamp >> 48 & 0x0FFF
            fields = (low, mid, high, sequence >> 8 & 0x3F, sequence & 0xFF, place)
            return uuid.UUID(fields=fields, version=1)

        # The code of the function, not its name: it may have been imported under any.
        uuid.__dict__["_parity_uuid1"] = frozen_uuid1
        space: Dict[str, Any] = {}
        exec(UUID1, space)
        uuid.uuid1.__code__ = space["uuid1"].__code__

    # -- waiting

    def _replace_waiting(self) -> None:
        """Waiting with a time limit moves the clock, as sleeping does: nothing else would."""
        import selectors

        wait = threading.Condition.wait

        def waited(condition: Any, timeout: Optional[float] = None) -> bool:
            world = self.now
            if world is None or not world.clock or timeout is None or timeout <= 0:
                return wait(condition, timeout)
            alone = not _thread._count()
            got = wait(condition, 0 if alone else timeout)
            if not got:
                world.pass_by(timeout)
            return got

        threading.Condition.wait = waited  # type: ignore[method-assign, assignment]
        selector: Any = selectors.DefaultSelector
        select = selector.select

        def selected(chooser: Any, timeout: Optional[float] = None) -> Any:
            world = self.now
            if world is None or not world.clock or timeout is None or timeout <= 0:
                return select(chooser, timeout)
            # An event loop always listens to itself: with nothing else, nothing can come.
            alone = not _thread._count() and len(chooser.get_map()) <= 1
            ready = select(chooser, 0 if alone else timeout)
            if not ready:
                world.pass_by(timeout)
            return ready

        selector.select = selected


STAGE = Stage()
UUID1 = "def uuid1(node=None, clock_seq=None): return _parity_uuid1(node, clock_seq)"
FROM_TIMESTAMP: Any = DATETIME.__dict__["fromtimestamp"]


UNSEEDED: "weakref.WeakSet[random.Random]" = weakref.WeakSet()
"""Generators that the system seeded: with a seed in the world they are all one."""

SHARED = ("random", "getrandbits", "gauss", "getstate")


def watch_generators() -> None:
    """Notices which generators have no seed of their own; before the project is loaded."""
    original = random.Random.seed

    def seed(self: Any, a: Any = None, version: int = 2) -> None:
        world = STAGE.now
        frozen = world is not None and world.seed is not None
        unseeded = a is None and self is not random._inst and is_usual(type(self))
        if a is None and world is not None and frozen and not unseeded:
            a = int.from_bytes(world.bytes.read(8), "big")
        original(self, a, version)
        if unseeded:
            UNSEEDED.add(self)
            if frozen:
                share(self)
        elif self in UNSEEDED:
            UNSEEDED.discard(self)
            unshare(self)

    seed.__qualname__, seed.__module__ = original.__qualname__, original.__module__
    seed.__doc__ = original.__doc__
    random.Random.seed = seed  # type: ignore[method-assign]
    random.seed = random._inst.seed


def is_usual(kind: Any) -> bool:
    """Whether a kind of generator draws as `random.Random` does."""
    return all(getattr(kind, name) is getattr(random.Random, name) for name in SHARED)


def share(generator: Any) -> None:
    """Lets a generator draw from that of the module, until it is seeded or the call ends."""
    for name in SHARED:
        setattr(generator, name, getattr(random._inst, name))

    def setstate(state: Any) -> None:
        UNSEEDED.discard(generator)
        unshare(generator)
        generator.setstate(state)

    generator.setstate = setstate


def unshare(generator: Any) -> None:
    """Gives a generator back its own numbers."""
    for name in (*SHARED, "setstate"):
        vars(generator).pop(name, None)


def stand_in(kind: Any, members: Dict[str, Any], swaps: Dict[int, Any]) -> Any:
    """A subclass that passes for its base, where the base itself cannot be changed."""

    class Passing(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, kind)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, kind)

    body = dict(members, __module__=kind.__module__, __slots__=())
    return Passing(kind.__name__, (kind,), body)


def swap_names(swaps: Dict[int, Any]) -> None:
    """Gives every name in a module or class of one that stands for one thing another one."""
    own = __name__.partition(".")[0]
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if names is None or getattr(module, "__name__", own).startswith(own):
            continue
        for name, value in list(names.items()):
            if id(value) in swaps and not name.startswith("__"):
                names[name] = swaps[id(value)]
            elif isinstance(value, type) and value.__module__ == module.__name__:
                for inner, held in list(vars(value).items()):
                    if id(held) in swaps:
                        with contextlib.suppress(AttributeError, TypeError):
                            setattr(value, inner, swaps[id(held)])
