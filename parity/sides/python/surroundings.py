"""What one call changes around it, put back before the next one.

Changes that leave a cheap trace are compared after each call. The others (working directory,
environment, signal handlers, locale, umask) pass through a few functions of the interpreter: those
are watched, and nothing is asked where nobody called them.
"""

import _codecs
import _locale
import _random
import _signal  # type: ignore[import-not-found]
import _thread
import builtins
import codecs
import decimal
import faulthandler
import gc
import locale
import os
import random
import resource
import signal
import sys
import threading
import time
import warnings
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from .graft import StandIn
from .named import Project
from .registries import CODECS, SETTINGS, Logs, registries
from .replaced import (
    Flags,
    Functions,
    attributes_of,
    counter,
    counts,
    functions_of,
)

getcontext, setcontext = decimal.getcontext, decimal.setcontext  # as they are unwatched
JOIN_SECONDS = 0.05
TOUCHED: Set[str] = set()
"""What was called since it was last looked at: the words of RESTORERS."""

PUT: Set[bytes] = set()
"""The names that were put into or taken out of the environment since then."""
DIGITS = hasattr(sys, "get_int_max_str_digits")
"""Whether this interpreter limits the digits of a number that it reads or writes."""
SIGNALS = ("signal", "alarm", "setitimer", "siginterrupt", "set_wakeup_fd", "pthread_sigmask")


def watch() -> None:
    """Notices calls that change the surroundings; to be called before the project is loaded."""
    try:
        import ctypes  # noqa: F401 - once here, not in each copy of this process
    except ImportError:
        pass
    for name in SIGNALS:
        _watch(name, "signal", _signal, signal)
    for name in ("getcontext", "setcontext", "localcontext"):
        _watch(name, "decimal", decimal)
    for name in ("set_threshold", "set_debug", "enable", "disable"):
        _watch(name, "collector", gc)
    for name in ("register", "register_error"):
        _watch(name, "codecs", _codecs, codecs)
    for name in ("set_asyncgen_hooks", "set_coroutine_origin_tracking_depth"):
        _watch(name, "coroutines", sys)
    _watch("setswitchinterval", "switches", sys)
    _watch("set_int_max_str_digits", "digits", sys)
    _watch("stack_size", "stacks", _thread, threading)
    _watch("dump_traceback_later", "watchdog", faulthandler)
    _watch("umask", "umask", os, sys.modules[os.name])
    _watch("setlocale", "locale", _locale)
    locale._setlocale = _locale.setlocale  # type: ignore[attr-defined]


def _watch(name: str, word: str, *modules: Any) -> None:
    original = getattr(modules[0], name, None)
    if original is None:
        return

    def watched(*args: Any, **kwargs: Any) -> Any:
        TOUCHED.add(word)
        if word == "codecs":
            CODECS.note(name, args)
        return original(*args, **kwargs)

    stand_in = StandIn(original, watched)
    for module in modules:
        # `signal.signal` is Python that calls `_signal.signal`: the inner one is enough.
        if getattr(module, name) is original:
            setattr(module, name, stand_in)


def variables() -> Dict[bytes, bytes]:
    """The environment as the system has it, asked for without reading a name."""
    environment: Any = os.environ
    data: Dict[bytes, bytes] = environment._data
    return data


def audited(event: str, args: Any) -> None:
    """Notices what the interpreter tells of itself."""
    if event in WORDS:
        TOUCHED.add(WORDS[event])
    else:
        TOUCHED.add("env")
        PUT.add(os.fsencode(args[0]))


WORDS = {
    "os.chdir": "cwd",
    "resource.setrlimit": "limits",
    "resource.prlimit": "limits",
    "sys.settrace": "traced",
    "sys.setprofile": "traced",
}
AUDITED = (*WORDS, "os.putenv", "os.unsetenv")


class Surroundings:
    """Remembers how things are, and makes them so again, from `begin` on."""

    def __init__(self, project: Optional[Project] = None) -> None:
        self.project = project or Project()
        self.folder = _folder()
        self.env = dict(variables())
        self.path = list(sys.path)
        self.path_object = sys.path
        self.argv = list(sys.argv)
        self.context = getcontext()
        self.numbers = self.context.copy()
        self.numbers.clear_flags()
        self.clear_flags = self.context.clear_flags
        self.filters = list(warnings.filters)
        self.collects = gc.isenabled()
        self.thresholds = gc.get_threshold()
        self.debugged = gc.get_debug()
        self.hooks = sys.get_asyncgen_hooks()
        self.origins = sys.get_coroutine_origin_tracking_depth()
        self.callbacks = list(gc.callbacks)
        self.switches = sys.getswitchinterval()
        self.digits = sys.get_int_max_str_digits() if DIGITS else 0
        self.stacks = threading.stack_size()  # which sets it as well, to 0
        threading.stack_size(self.stacks)
        self.traced = sys.gettrace(), sys.getprofile()
        self.modules: Dict[str, Any] = {}
        self._take_modules()
        self.threads = set(threading.enumerate())
        self.running = _thread._count()
        self.handlers = _handlers()
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        self.locale = _locale.setlocale(_locale.LC_ALL)
        self.umask = os.umask(0o22)
        os.umask(self.umask)
        self.holds_decimal = "decimal" in TOUCHED
        self.dice = Dice()
        self.left: Set[str] = set()
        self._forget_warnings = _forgetter()

    def begin(self, depth: int) -> None:
        """From here on changes count, in this process or in a copy of the one that remembered: a
        copy has other limits, and `random` seeds anew in it."""
        self.depth = depth
        self.limits = _limits()
        self.dice.restore()
        TOUCHED.clear()
        PUT.clear()
        CODECS.forget()

    def restore(self) -> None:
        """Puts back what is no longer as it was."""
        if self.changes[0] != self.version:
            self._restore_modules()
        for held in self.held:
            if held.counter[0] != held.version:
                held.restore()
        if sys.meta_path != self.finders[0] or sys.path_hooks != self.finders[1]:
            sys.meta_path[:], sys.path_hooks[:] = self.finders
        if sys.getrecursionlimit() != self.depth:
            sys.setrecursionlimit(self.depth)
        if sys.path is not self.path_object or sys.path != self.path:
            self.path_object[:] = self.path
            sys.path = self.path_object
        if sys.argv != self.argv:
            sys.argv = list(self.argv)
        if self.waits is not None and self.waits() != self.wait:
            self.socket.setdefaulttimeout(self.wait)
        if self.loggers is not None:
            if self.loggers.disable != self.silence:
                self.logging.disable(self.silence)
            if self.logs.root != self.logs.of_root:
                self.logs.restore()
        if gc.callbacks != self.callbacks:
            gc.callbacks[:] = self.callbacks
        if warnings.filters != self.filters:
            filters: Any = warnings.filters
            filters[:] = self.filters
        self._forget_warnings()
        if self.holds_decimal:
            self._restore_decimal()
        self.clear_flags()
        self.dice.restore()
        self.settle_threads()
        if TOUCHED:
            self._restore_touched()

    def _restore_decimal(self) -> None:
        # Who has asked for the context once may hold it, and change it without asking again.
        self.holds_decimal = True
        context, usual = self.context, self.numbers
        if getcontext() is not context:
            setcontext(context)
        if context.prec != usual.prec or context.rounding != usual.rounding:
            context.prec, context.rounding = usual.prec, usual.rounding
        if context.traps != usual.traps:
            for trap, on in usual.traps.items():
                context.traps[trap] = on
        if context.Emin != usual.Emin or context.Emax != usual.Emax:
            context.Emin, context.Emax = usual.Emin, usual.Emax
        if context.capitals != usual.capitals or context.clamp != usual.clamp:
            context.capitals, context.clamp = usual.capitals, usual.clamp

    def settle_threads(self) -> None:
        """Waits a moment for the threads that the call has started."""
        if _thread._count() == self.running:
            return
        for thread in threading.enumerate():
            if thread not in self.threads:
                thread.join(JOIN_SECONDS)
                if thread.is_alive():
                    self.threads.add(thread)
                    self.left.add(thread.name)
        self.running = _thread._count()

    def _restore_touched(self) -> None:
        touched = set(TOUCHED)
        for word in touched:
            RESTORERS[word](self)
        TOUCHED.clear()

    def _restore_folder(self) -> None:
        try:
            os.chdir(self.folder)
        except OSError:
            pass  # the unit removed it: there is no other place to go to

    def _restore_env(self) -> None:
        for name in list(PUT):
            if name in self.env:
                os.environ[os.fsdecode(name)] = os.fsdecode(self.env[name])
            else:
                variables().pop(name, None)
                os.unsetenv(name)
        if b"TZ" in PUT:
            time.tzset()
        PUT.clear()

    def _restore_signals(self) -> None:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self.handlers.items():
            if handler is not None and _signal.getsignal(number) is not handler:
                _signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, self.mask)

    def _restore_modules(self) -> None:
        """Puts back modules that are gone; takes new ones, with all that they replaced."""
        missing = self.modules.keys() - sys.modules.keys()
        if not missing and len(sys.modules) == len(self.modules):
            other = [name for name, one in self.modules.items() if sys.modules[name] is not one]
            sys.modules.update({name: self.modules[name] for name in other})
            self.version = self.changes[0]
        elif missing:
            sys.modules.update(self.modules)
            self.modules = dict(sys.modules)
            self.version = self.changes[0]
        else:
            self._take_modules()

    def _take_modules(self) -> None:
        self.modules = dict(sys.modules)
        counted: Any = counter(sys.modules) if counts() else Length()
        self.changes, self.version = counted, counted[0]
        self.finders = list(sys.meta_path), list(sys.path_hooks)
        self.builtins = Functions(builtins)  # these alone are put back right after a call
        remembers = Flags(self.project.modules()).is_any_set
        usual = ("sys", "os", "time", "json")
        named = self.project.foreign()
        # What the project names is watched below; more than that, where it may set more.
        wide = self.project.sets_more()
        others = [one for one in named if one not in usual and (wide or one in SETTINGS)]
        self.held: List[Any] = [
            *functions_of(*usual, more=SETTINGS),
            *functions_of(*others, stays=remembers, more=SETTINGS),
            *attributes_of(self.project.assigned(), remembers),
            *registries(named, remembers),
        ]
        self.wait: Any = None
        self.waits: Any = None
        self.silence: Any = None
        self.loggers: Any = None
        self.socket: Any = sys.modules.get("_socket")
        self.logging: Any = sys.modules.get("logging")
        if self.socket is not None:
            self.waits = self.socket.getdefaulttimeout
            self.wait = self.waits()
        if self.logging is not None:
            self.loggers = self.logging.root.manager
            self.silence = self.loggers.disable
            self.logs = Logs(self.logging, lambda: TOUCHED.add("logging"), remembers)

    def _restore_collector(self) -> None:
        (gc.enable if self.collects else gc.disable)()
        gc.set_debug(self.debugged)
        gc.set_threshold(*self.thresholds)

    def _restore_codecs(self) -> None:
        CODECS.restore()

    def _restore_coroutines(self) -> None:
        sys.set_asyncgen_hooks(*self.hooks)
        sys.set_coroutine_origin_tracking_depth(self.origins)

    def _restore_logging(self) -> None:
        if self.loggers is not None:
            self.logs.restore()

    def _restore_switches(self) -> None:
        sys.setswitchinterval(self.switches)

    def _restore_digits(self) -> None:
        sys.set_int_max_str_digits(self.digits)

    def _restore_stacks(self) -> None:
        threading.stack_size(self.stacks)

    def _restore_watchdog(self) -> None:
        faulthandler.cancel_dump_traceback_later()

    def _restore_traced(self) -> None:
        trace, profile = self.traced
        if sys.gettrace() is not trace:
            sys.settrace(trace)
        if sys.getprofile() is not profile:
            sys.setprofile(profile)

    def _restore_limits(self) -> None:
        for kind, (soft, hard) in self.limits.items():
            try:
                if resource.getrlimit(kind) != (soft, hard):
                    resource.setrlimit(kind, (soft, hard))
            except (OSError, ValueError):
                pass  # a hard limit that was lowered stays so, for most users

    def _restore_locale(self) -> None:
        _locale.setlocale(_locale.LC_ALL, self.locale)

    def _restore_umask(self) -> None:
        os.umask(self.umask)


RESTORERS: Dict[str, Callable[[Surroundings], None]] = {
    "cwd": Surroundings._restore_folder,
    "env": Surroundings._restore_env,
    "decimal": Surroundings._restore_decimal,
    "signal": Surroundings._restore_signals,
    "collector": Surroundings._restore_collector,
    "codecs": Surroundings._restore_codecs,
    "coroutines": Surroundings._restore_coroutines,
    "logging": Surroundings._restore_logging,
    "switches": Surroundings._restore_switches,
    "digits": Surroundings._restore_digits,
    "stacks": Surroundings._restore_stacks,
    "watchdog": Surroundings._restore_watchdog,
    "traced": Surroundings._restore_traced,
    "limits": Surroundings._restore_limits,
    "locale": Surroundings._restore_locale,
    "umask": Surroundings._restore_umask,
}


class Length:
    """How many modules there are: what to look at where nobody counts changes."""

    def __getitem__(self, _: int) -> int:
        return len(sys.modules)


class Dice:
    """The generator behind `random.random()`, which starts at the same place for each call."""

    def __init__(self) -> None:
        self.generator: Any = random._inst
        self.generator.seed(0)
        self.words = state_words(self.generator)
        self.first = self.second = 0
        if self.words is not None:
            self.first, self.second = self.words

    def restore(self) -> None:
        """Seeds again, which takes longer than many a call, only where it was used."""
        words = self.words
        if words is None or words[0] != self.first or words[1] != self.second:
            _random.Random.seed(self.generator, 0)
            self.generator.gauss_next = None


def state_words(generator: Any) -> Any:
    """The memory of a generator's place and first words, changed by any use; None if unknown."""
    if sys.implementation.name != "cpython":
        return None
    try:
        import ctypes

        place = (ctypes.c_uint32 * 4).from_address(id(generator) + object.__basicsize__)
    except (ImportError, ValueError):
        return None
    first = bytes(place)
    generator.random()
    moved = bytes(place)
    generator.seed(0)
    if place[0] != SEEDED or bytes(place) != first or moved[:4] == first[:4]:
        return None
    return memoryview(place).cast("B").cast("Q")


SEEDED = 624


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return os.sep


def _handlers() -> Dict[int, Any]:
    return {int(number): _signal.getsignal(number) for number in signal.valid_signals()}


KINDS = {getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}


def _limits() -> Dict[int, Tuple[int, int]]:
    limits = {}
    for kind in KINDS:
        try:
            limits[kind] = resource.getrlimit(kind)
        except (OSError, ValueError):
            pass  # another system's
    return limits


def _forgetter() -> Callable[[], None]:
    """What makes each warning be told anew, as in a process of its own."""
    forget = getattr(warnings, "_filters_mutated", None)
    return forget if callable(forget) else lambda: None
