"""Watches functions of a running program and writes down what they were given and did.

Python 3.6 or newer, standard library only; runs inside of the recorded program. A watched function
stays the object that it is: only its code is replaced, by one that comes here and then calls the
original. So whoever holds the function already, from wherever, is watched too.
"""

import atexit
import contextlib
import errno
import hashlib
import importlib.abc
import importlib.util
import inspect
import json
import marshal
import os
import sys
import threading
import time
import types
import warnings
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple

try:
    import fcntl
except ImportError:  # not on this system
    fcntl = None  # type: ignore[assignment]
try:
    import contextvars
except ImportError:  # before Python 3.7: tasks of an event loop are not told apart
    contextvars = None  # type: ignore[assignment]

HOOK = "\0parity"
POOLS = "concurrent.futures.thread"
FLUSH_SECONDS = 0.5
LONGEST_KEY = 64
SCALARS = frozenset([type(None), bool, int, float, str, bytes])
PLAIN = SCALARS | {dict, list, set, tuple}
RESULT_UNKNOWN = object()


class Plan:
    """What to watch, and where to write it; read from the file that `parity record` has made."""

    def __init__(self, file: str) -> None:
        with open(file, encoding="utf-8") as text:
            plan = json.load(text)
        self.spool = plan["spool"]  # type: str
        self.most = plan["most_distinct"]  # type: int
        self.largest = plan["largest_bytes"]  # type: int
        self.most_bytes = plan["most_bytes"]  # type: int
        self.units = {}  # type: Dict[str, List[Tuple[str, str]]]
        self.receivers = set()  # type: Set[str]
        for unit in plan["units"]:
            module, _, qualname = unit["python"].partition(":")
            self.units.setdefault(module, []).append((unit["id"], qualname))
            if unit.get("receiver"):
                self.receivers.add(unit["id"])
        self.ports = {}  # type: Dict[str, List[str]]
        self.outside = plan.get("outside")  # type: Optional[Dict[str, Any]]
        for port in plan.get("ports", ()):
            self.ports.setdefault(port.partition(":")[0], []).append(port)
        self.form = load("_parity_form", plan["form"])
        self.form.Writer.port_of = staticmethod(port_of) if self.has_ports() else None
        self.form.Writer.drains = False
        self.share = plan.get("share")  # type: Optional[float]
        self.sampling = None  # type: Any
        if self.share is not None:
            place = os.path.join(FOLDER, "_parity_sample.py")
            self.sampling = load("_parity_sample", place)
        self.masker = None  # type: Any
        if plan.get("mask") is not None:
            mask = load("_parity_mask", os.path.join(FOLDER, "_parity_mask.py"))
            self.masker = mask.Masker(plan["mask"], bytes.fromhex(plan["mask"]["key"]))

    def has_ports(self) -> bool:
        """Whether calls are noted beside those of units."""
        return bool(self.ports or self.outside)


FOLDER = os.path.dirname(os.path.abspath(__file__))


def load(name: str, path: str) -> Any:
    """A module or package of ours, loaded by its path."""
    folders = [os.path.dirname(path)] if path.endswith("__init__.py") else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------- writing


class Spool:
    """The file of this process: a line a call, and now and then one of counts.

    A line is written at once and whole: whatever ends the process, what was seen stays readable.
    The file is locked for as long as the process lives, so that others see whether it does.
    """

    def __init__(self, folder: str, masker: Any = None) -> None:
        self.folder = folder
        self.masker = masker
        self.started = time.perf_counter()
        self.ended = False  # the recording is over, and this process has outlived it
        self._names = {}  # type: Dict[int, str]
        self._opened = None  # type: Optional[Tuple[int, int, int]]
        self._flushed = 0.0

    def write(self, line: str) -> None:
        """Adds one line. Raises OSError, but not where the recording is over."""
        if self.ended:
            return
        try:
            data = line.encode("ascii") + b"\n"
            file = self._file()
            while data:
                data = data[os.write(file, data) :]
        except FileNotFoundError:  # its folder is gone
            self.ended = True

    def counts(self, units: "List[Watched]", *, now: bool = False) -> None:
        """Writes the counts so far, but not more often than is good."""
        clock = time.perf_counter()
        if self.ended or (not now and clock - self._flushed < FLUSH_SECONDS):
            return
        self._flushed = clock
        counts = {unit.id: unit.counts() for unit in units if unit.calls or unit.trouble}
        if counts:
            document = {"counts": counts, "seconds": round(clock - self.started, 4)}
            if self.masker is not None and self.masker.counts:
                document["masked"] = dict(self.masker.counts)
            with contextlib.suppress(OSError):  # there will be later ones
                self.ended = not os.path.isdir(self.folder)
                self.write(dumps(document))

    def _file(self) -> int:
        """The open file of this process, also after a fork, or if the program has closed it.

        Threads that come here at once open it more than once, and write to the same one.
        """
        process, opened = os.getpid(), self._opened
        if opened is not None and opened[0] == process and inode(opened[1]) == opened[2]:
            return opened[1]
        name = self._names.setdefault(process, "%d-%d.jsonl" % (process, int(time.time() * 1e9)))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        file = os.open(os.path.join(self.folder, name), flags, 0o600)
        if fcntl is not None:
            with contextlib.suppress(OSError):  # another thread has it
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        self._opened = (process, file, inode(file))
        return file


def inode(file: int) -> int:
    """What an open file is, or -1 where nothing is open."""
    try:
        return os.fstat(file).st_ino
    except OSError:
        return -1


def dumps(document: Any) -> str:
    """A document as one line of ASCII."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"))


class Watched:
    """One unit in this process: what was seen of it."""

    def __init__(self, unit_id: str, plan: Plan, spool: Spool, tell: Callable[[], None]) -> None:
        self.id = unit_id
        self.form = plan.form
        self.plan = plan
        self.spool = spool
        self.tell = tell
        self.trouble = None  # type: Optional[str]
        self.calls = 0
        self.seen: Set[bytes] = set()
        self.keys: Set[bytes] = set()
        self.formless = {}  # type: Dict[str, int]
        self.spent = 0.0
        self.written = 0
        self.effectful = False  # it calls ports: one input may go with several replies
        self.has_receiver = False
        self.makes_receiver = unit_id in plan.receivers  # the map says how
        self.drops_first = False
        self.original = None  # type: Any
        self.names = None  # type: Optional[List[str]]
        self.step_names = {}  # type: Dict[str, List[str]]
        self.sampler = None  # type: Any
        self.sampled = plan.sampling.Sampled() if plan.sampling is not None else None  # type: Any

    def counts(self) -> Dict[str, Any]:
        """What is told of the unit beside its calls."""
        return {
            "calls": self.calls,
            "distinct": len(self.seen),
            "formless": self.formless,
            "spent": round(self.spent, 6),
            "trouble": self.trouble,
        }

    # ------------------------------------------------------------ the ways to be called

    def call(self, args: Any, kwargs: Any) -> Any:
        """Calls the original; the way of plain functions."""
        before = self.before(args, kwargs)
        if before is None:
            return self.original(*args, **kwargs)
        token = ACTIVE.set((*ACTIVE.get(), before["effects"]))
        try:
            returned = self.original(*args, **kwargs)
        except BaseException as error:
            ACTIVE.reset(token)
            self.after(before, raised=error)
            raise
        ACTIVE.reset(token)
        self.after(before, returned=returned)
        return returned

    async def call_async(self, args: Any, kwargs: Any) -> Any:
        """The way of coroutine functions."""
        before = self.before(args, kwargs)
        if before is None:
            return await self.original(*args, **kwargs)
        token = ACTIVE.set((*ACTIVE.get(), before["effects"]))
        try:
            returned = await self.original(*args, **kwargs)
        except BaseException as error:
            ACTIVE.reset(token)
            self.after(before, raised=error)
            raise
        ACTIVE.reset(token)
        self.after(before, returned=returned)
        return returned

    def call_lazy(self, args: Any, kwargs: Any) -> Any:
        """The way of generators: what they give depends on who asks, and is not recorded."""
        before = self.before(args, kwargs)
        if before is not None:
            self.after(before)
        return self.original(*args, **kwargs)

    # ------------------------------------------------------------ the time that it takes

    def begin_busy(self) -> Any:
        """Nothing that is called from now on is recorded; what `end_busy` wants."""
        was, BUSY.on = getattr(BUSY, "on", False), True
        return was, time.perf_counter(), self.sampler and self.plan.sampling.busy_time()

    def end_busy(self, begun: Any, taken: Any, *, ended: bool = False) -> None:
        """Counts the time since, and records again; what was `taken` is whole where it `ended`."""
        was, started, busy = begun
        self.spent += time.perf_counter() - started
        if self.sampler is not None:
            self.sampler.spend(self.plan.sampling.busy_time() - busy, self.sampled, taken, ended)
        BUSY.on = was

    # ------------------------------------------------------------ the instances of a class

    def is_full(self) -> bool:
        """Whether enough of the unit has been recorded in this process."""
        return len(self.seen) >= self.plan.most or self.written >= self.plan.most_bytes

    def write_given(self, given: Dict[str, Any]) -> None:
        """Writes what a unit was given, in fixture form, where it is new."""
        text = str(self.form.dumps(given))
        if len(text) > self.plan.largest:
            self.not_written("it is larger than %d bytes" % self.plan.largest)
            return
        digest = hashlib.blake2b(text.encode("ascii"), digest_size=12).digest()
        if digest not in self.seen:
            self.seen.add(digest)
            self._write_line(text, time.time())

    def not_followed(self, error: Exception) -> None:
        """Counts what could not be recorded, by its reason."""
        failed = "" if isinstance(error, self.form.Formless) else " while it was recorded"
        self.not_written(reason(error) + failed)

    # ------------------------------------------------------------ what is seen

    def before(self, args: Any, kwargs: Any) -> Optional[Dict[str, Any]]:
        """What the unit is given, or None where this call is not recorded."""
        if self.spool.ended or getattr(BUSY, "on", False):
            return None
        self.calls += 1
        if self.sampler is not None and self.sampler.is_closed(self.sampled):
            return None
        busy, taken = self.begin_busy(), None
        before = None  # type: Optional[Dict[str, Any]]
        try:
            if self.sampler is not None:
                taken = self.sampler.wants(self, args, kwargs)
            if self.sampler is None or taken is not None:
                before = self._before(args, kwargs, taken)
            return before
        finally:
            self.end_busy(busy, taken, ended=before is None)

    def after(
        self,
        before: Dict[str, Any],
        returned: Any = RESULT_UNKNOWN,
        raised: Optional[BaseException] = None,
    ) -> None:
        """Writes the call down."""
        busy = self.begin_busy()
        try:
            self._after(before, returned, raised)
        except (Misnamed, self.form.FormError):
            self.not_written("an object in it is of a class that is not found by its name")
        except Exception as error:  # the program is not to suffer from being watched
            self.not_written("%s while it was recorded" % named(error))
        finally:
            self.end_busy(busy, before["taken"], ended=True)
            self.tell()

    def _before(self, args: Any, kwargs: Any, taken: Any) -> Optional[Dict[str, Any]]:
        if self.is_full():
            return None
        key = self._key(args, kwargs)
        if key in self.keys and not self.effectful:
            return None
        positional = list(args[1:] if self.drops_first else args)
        if is_lambda_call(self.original, positional):
            positional.pop()
        given = {"args": positional, "kwargs": dict(kwargs)}  # type: Dict[str, Any]
        effects = Effects(self.form, self.plan.masker)
        if self.has_receiver:
            receiver = positional.pop(0)
            if not self.makes_receiver:
                given["self"] = receiver
        try:
            with naming(effects):
                effects.meet(self.original, given)
                parts = self._plain_parts(given)
                text = self._text(given, parts)
        except self.form.Formless as formless:
            self.not_written("%s (%s)" % (formless.why, formless.kind))
            return None
        except Exception as error:
            self.not_written("%s while it was written" % named(error))
            return None
        if len(text) > self.plan.largest:
            self.not_written("it is larger than %d bytes" % self.plan.largest)
            if taken is not None:
                self.sampled.too_large = min(self.sampled.too_large, taken.size)
            return None
        digest = hashlib.blake2b(text.encode("ascii"), digest_size=12).digest()
        if key is not None:
            self.keys.add(key)
        if digest in self.seen and not self.effectful:
            return None
        fresh = digest not in self.seen
        self.seen.add(digest)
        before = {"given": given, "parts": parts, "text": text}  # type: Dict[str, Any]
        before.update(digest=digest, fresh=fresh)
        before.update(snapshot=snapshot(given), effects=effects, at=time.time(), taken=taken)
        return before

    def _key(self, args: Any, kwargs: Any) -> Optional[bytes]:
        """What tells simple inputs apart, at a small part of the cost of their form."""
        if self.has_receiver or self.drops_first or not is_simple(args, kwargs):
            return None
        key = snapshot((args, kwargs))
        if key is None or len(key) <= LONGEST_KEY:
            return key
        return hashlib.blake2b(key, digest_size=12).digest()

    def _after(
        self, before: Dict[str, Any], returned: Any, raised: Optional[BaseException]
    ) -> None:
        text, observed = before["text"], {}  # type: str, Dict[str, str]
        effects = before["effects"].ended()
        if before["effects"].lost is not None:
            self.not_written(before["effects"].lost)
            return
        if effects:
            self.effectful = True
            text = '%s,"world":{"ports":%s}}' % (text[:-1], self.form.dumps(effects))
            digest = hashlib.blake2b(text.encode("ascii"), digest_size=12).digest()
            if before["fresh"]:
                self.seen.discard(before["digest"])
            if digest in self.seen or len(text) > self.plan.largest:
                return
            self.seen.add(digest)
        elif not before["fresh"]:
            return
        with naming(before["effects"]):
            self._write(before, text, observed, returned, raised)

    def _write(
        self,
        before: Dict[str, Any],
        text: str,
        observed: Dict[str, str],
        returned: Any,
        raised: Optional[BaseException],
    ) -> None:
        try:
            if raised is not None:
                observed["raised"] = dumps(described(raised))
            elif returned is not RESULT_UNKNOWN:
                plain = self.form.plain_text(returned)
                observed["returned"] = plain or self.form.dumps(self.form.write(returned))
            if before["snapshot"] is None or snapshot(before["given"]) != before["snapshot"]:
                observed.update(self._changed(before))
        except self.form.Formless as formless:
            observed = {}
            self.not_written("what it gave: %s (%s)" % (formless.why, formless.kind))
        fixture = text[:-1]
        if observed:
            fixture += ',"observed":{%s}' % ",".join('"%s":%s' % one for one in observed.items())
        self._write_line(fixture + "}", before["at"])

    def _write_line(self, fixture: str, at: float) -> None:
        self.written += len(fixture)
        head = '{"unit":%s,"at":%.6f' % (dumps(self.id), at)
        self.spool.write(head + self._masked(fixture) + "}")

    def _masked(self, fixture: str) -> str:
        """The members of a line that hold the fixture: masked, with what says so, or as it is."""
        masker = self.plan.masker
        if masker is not None:
            if self.names is None:
                self.names = self._parameters()
            names = [*self.names, *(name for one in self.step_names.values() for name in one)]
            named = any(map(masker.kind_of_name, names))
            if named or masker.may_hold(fixture):
                plain = json.loads(fixture)
                masked = masker.fixture(plain, self.names, self.step_names)
                if masked != plain:
                    hidden = dumps(masker.hidden())
                    return ',"hidden":%s,"fixture":%s' % (hidden, self.form.dumps(masked))
        return ',"fixture":%s' % fixture

    def _parameters(self) -> List[str]:
        """The names of the arguments that are recorded by their place."""
        try:
            signature = inspect.signature(self.original)
        except (TypeError, ValueError):
            return []
        names = positional_names(signature)
        return names[1:] if self.has_receiver or self.drops_first else names

    def _changed(self, before: Dict[str, Any]) -> Dict[str, str]:
        """What the call has left of what it was given, where that is something else."""
        given, parts = before["given"], before["parts"]  # type: Any, Optional[Dict[str, str]]
        if parts is not None:
            now = {name: self.form.plain_text(given[name]) for name in parts}
            if None not in now.values():
                return {name: text for name, text in now.items() if text != parts[name]}
        forms, write = self._forms_again(json.loads(before["text"])), self.form.dumps
        left = {name: write(form) for name, form in self.forms(given).items()}
        return {name: left[name] for name, form in forms.items() if left[name] != write(form)}

    def _text(self, given: Dict[str, Any], parts: Optional[Dict[str, str]]) -> str:
        if parts is None:
            return str(self.form.dumps(self.forms(given, exact=True, aliases=True)))
        return "{%s}" % ",".join('"%s":%s' % one for one in parts.items())

    def _plain_parts(self, given: Dict[str, Any]) -> Optional[Dict[str, str]]:
        """The texts of arguments, quickly; None where one is not plain or there more than once."""
        if "self" in given or not is_apart(given):
            return None
        parts = {}  # type: Dict[str, str]
        for name in ("args", "kwargs") if given["kwargs"] else ("args",):
            text = self.form.plain_text(given[name])
            if text is None:
                return None
            parts[name] = text
        return parts

    def forms(
        self, given: Dict[str, Any], *, exact: bool = False, aliases: bool = False
    ) -> Dict[str, Any]:
        """What is given, in fixture form."""
        form = self.form
        writer = form.Writer(exact=exact, aliases=aliases)
        forms = {}  # type: Dict[str, Any]
        if "self" in given:
            forms["self"] = writer.write(given["self"], "$self")
        forms["args"] = [writer.write(a, "$args[%d]" % i) for i, a in enumerate(given["args"])]
        if given["kwargs"]:
            forms["kwargs"] = {
                name: writer.write(value, form.member("$kwargs", name))
                for name, value in given["kwargs"].items()
            }
        return forms

    def _forms_again(self, line: Dict[str, Any]) -> Dict[str, Any]:
        """The given values as they were, references followed, to be held against what is left."""
        reader = self.form.Reader(any_class, NAMING.effects.instance)
        given = {"kwargs": {}}  # type: Dict[str, Any]
        if "self" in line:
            given["self"] = reader.read(line["self"], "$self")
        given["args"] = [reader.read(a, "$args[%d]" % i) for i, a in enumerate(line["args"])]
        for name, value in line.get("kwargs", {}).items():
            given["kwargs"][name] = reader.read(value, self.form.member("$kwargs", name))
        return self.forms(given)

    def not_written(self, why: str) -> None:
        """Counts what is not recorded, by its reason."""
        self.formless[why] = self.formless.get(why, 0) + 1


def positional_names(signature: Any) -> List[str]:
    """The names of the parameters that an argument may be given to by its place."""
    names = []
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            break
        names.append(name)
    return names


BUSY = threading.local()

# ---------------------------------------------------------------- ports


class PlainVar:
    """Stands for a `ContextVar` where Python has none: a value of each thread."""

    def __init__(self, name: str, default: Any) -> None:
        self.here = threading.local()
        self.default = default

    def get(self) -> Any:
        """The value in this thread."""
        return getattr(self.here, "value", self.default)

    def set(self, value: Any) -> Any:
        """Sets it, and gives what `reset` takes."""
        before = self.get()
        self.here.value = value
        return before

    def reset(self, before: Any) -> None:
        """Sets what was there before."""
        self.here.value = before


class PlainContext:
    """Stands for a copied context: the values of the thread that made it."""

    def __init__(self) -> None:
        self.values = [(one, one.get()) for one in (ACTIVE, INSIDE, TASK)]

    def run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls a function with these values, in whatever thread, and keeps those that it sets."""
        before = [(one, one.set(value)) for one, value in self.values]
        try:
            return function(*args, **kwargs)
        finally:
            self.values = [(one, one.get()) for one, _ in self.values]
            for one, value in before:
                one.reset(value)


def copied_context() -> Any:
    """The context of whoever calls, to be run elsewhere."""
    return PlainContext() if contextvars is None else contextvars.copy_context()


Var = PlainVar if contextvars is None else contextvars.ContextVar  # type: Any
ACTIVE = Var("parity_active", default=())
"""The effects of the units that are being called, outermost first."""
INSIDE = Var("parity_inside", default=False)
"""Whether a port is being called: what it calls itself is its own affair."""
TASK = Var("parity_task", default=None)
"""What was handed to another thread; None in the thread that the unit was called in."""
NAMING = threading.local()
PORTS = []  # type: List[Tuple[str, type]]
PLACES = {}  # type: Dict[int, Tuple[str, Any]]
"""Functions and objects of modules that are ports, by their identity."""
WATCHED_TYPES = set()  # type: Set[type]
ITEMS = 10_000


@contextlib.contextmanager
def naming(effects: "Effects") -> Iterator[None]:
    """Inside of it, ports are written by the names that they have in one fixture."""
    NAMING.effects = effects
    try:
        yield
    finally:
        NAMING.effects = None


def port_of(value: Any) -> Optional[str]:
    """The name of a port in the fixture that is being written, or None for what is none."""
    effects = getattr(NAMING, "effects", None)
    port = port_id(value)
    return None if port is None or effects is None else str(effects.name_of(port, value))


def port_id(value: Any) -> Optional[str]:
    """The port that a value is: a function, a bound method, an object of a module, an instance."""
    if isinstance(value, types.MethodType):
        value = value.__func__
    kind = type(value)
    if kind is Noted:
        return str(object.__getattribute__(value, "_port"))
    known = PLACES.get(id(value))
    return known[0] if known is not None else port_class(kind)


def identity(value: Any) -> int:
    """What tells two values of a port apart; bound methods of one object are one."""
    return id(value.__self__) if isinstance(value, types.MethodType) else id(value)


def port_class(kind: type) -> Optional[str]:
    """The port whose class this is, or is a subclass of."""
    return next((port for port, base in PORTS if issubclass(kind, base)), None)


class Effects:
    """The port calls of one call of a unit."""

    def __init__(self, form: Any, masker: Any = None) -> None:
        self.form = form
        self.masker = masker
        self.lost = None  # type: Optional[str]
        self.closed = False
        self.lock = threading.RLock()
        self.groups = {}  # type: Dict[Any, List[Dict[str, Any]]]
        self.names = {}  # type: Dict[Tuple[str, int], str]
        self.instances = {}  # type: Dict[str, Any]

    def meet(self, original: Any, given: Dict[str, Any]) -> None:
        """Names the ports among what a unit is given: by their places, where there are several."""
        if not PORTS and not PLACES:
            return
        found = []  # type: List[Tuple[str, Any]]
        code = getattr(original, "__code__", None)
        names = code.co_varnames[: code.co_argcount] if code is not None else ()
        skip = len(names) - len(given["args"]) if "self" in given else 0
        found += zip(names[max(skip, 0) :], given["args"])
        found += given["kwargs"].items()
        found += getattr(given.get("self"), "__dict__", {}).items()
        for _, value in list(found):
            found += named_within(value)
        ports = [(name, port_id(value), value) for name, value in found]
        for name, port, value in ports:
            if port is not None:
                several = len({identity(one) for _, other, one in ports if other == port}) > 1
                self._meet(port, value, "%s#%s" % (port, name.strip("_")) if several else port)

    def name_of(self, port: str, value: Any) -> str:
        """The name of an instance of a port; the first has that of its class."""
        with self.lock:
            if (port, identity(value)) not in self.names:
                number, name = 1, port
                while name in self.instances:
                    number += 1
                    name = "%s#%d" % (port, number)
                self._meet(port, value, name)
            return self.names[port, identity(value)]

    def _meet(self, port: str, value: Any, name: str) -> None:
        if (port, identity(value)) not in self.names:
            self.names[port, identity(value)] = name
            self.instances[name] = value
            if port_class(type(value)) is not None:
                watch_type(type(value), self.form)

    def has_met(self, port: str, value: Any) -> bool:
        """Whether a port is among what the unit was given."""
        return (port, identity(value)) in self.names

    def instance(self, name: str) -> Any:
        """The port of that name."""
        return self.instances[name]

    def begin(self, port: str, call: str, this: Any, args: List[Any]) -> Optional[Dict[str, Any]]:
        """Notes that a port is called; None where the unit's call is over already."""
        with self.lock, naming(self):
            if self.closed:
                return None
            made = {"port": self.name_of(port, this), "call": call}  # type: Dict[str, Any]
            self.groups.setdefault(TASK.get(), []).append(made)
            writer = self.form.Writer()
            try:
                made["args"] = [writer.write(a, "$args[%d]" % i) for i, a in enumerate(args)]
            except Exception as error:
                self.lose("what the port call `%s` was given: %s" % (call, reason(error)))
            return made

    def end(self, made: Dict[str, Any], args: List[Any], outcome: Dict[str, Any]) -> None:
        """Notes how a port call has ended."""
        with self.lock, naming(self):
            try:
                writer = self.form.Writer()
                left = [writer.write(a, "$args[%d]" % i) for i, a in enumerate(args)]
                if "args" in made and left != made["args"]:
                    self.lose("a port call `%s` changes what it is given" % made["call"])
                if "returned" in outcome:
                    exact = self.form.Writer(exact=True)
                    made["returned"] = exact.write(outcome["returned"], "$")
                elif outcome.get("failed") is not None:
                    made["raised"] = outcome["failed"]
                elif "raised" in outcome:
                    made["raised"] = self._raised(outcome["raised"])
                else:
                    self.lose("a port call `%s` did not end" % made["call"])
            except Exception as error:
                self.lose("what a port call `%s` gave: %s" % (made["call"], reason(error)))

    def _raised(self, error: BaseException) -> Dict[str, Any]:
        told = described(error)
        message = told.get("message")
        for args in self._written(list(error.args)):
            if args != ([message] if message else []):
                told["args"] = args
        fields = {
            name: form for name, value in vars(error).items() for form in self._written(value)
        }
        return dict(told, fields=fields) if fields else told

    def _written(self, value: Any) -> List[Any]:
        """The form of a value, or nothing: what the unit does not look at need not be there."""
        try:
            return [self.form.Writer(exact=True).write(value, "$")]
        except self.form.Formless:
            return []

    def lose(self, why: str) -> None:
        """The unit's call cannot become a fixture."""
        self.lost = self.lost or why

    def ended(self) -> List[Dict[str, Any]]:
        """All calls: those of the unit's own thread, then those of others, in a stable order."""
        with self.lock:
            self.closed = True
            others = [made for task, made in self.groups.items() if task is not None]
            told = list(self.groups.get(None, []))
            for number, made in enumerate(sorted(others, key=dumps), 1):
                told += [dict(one, thread=number) for one in made]
            if any("returned" not in one and "raised" not in one for one in told):
                self.lose("a port call did not end before the unit did")
            return told


def named_within(value: Any) -> List[Tuple[str, Any]]:
    """The members of a dict, and of dicts in it, by their names."""
    found, below = [], [value]  # type: List[Tuple[str, Any]], List[Any]
    while below and len(found) < ITEMS:
        one = below.pop()
        if type(one) is dict:
            members = [(name, member) for name, member in one.items() if type(name) is str]
            found += members
            below += [member for _, member in members]
    return found


def reason(error: Exception) -> str:
    """Why something could not be written."""
    why, kind = getattr(error, "why", None), getattr(error, "kind", None)
    return "%s (%s)" % (why, kind) if why else named(error)


class PortMethod:
    """A method of a port, whose calls by units are noted with their replies."""

    def __init__(self, name: str, form: Any) -> None:
        self.name = name
        self.form = form
        self.original = None  # type: Any
        self.signature = None  # type: Any

    def call(self, args: Any, kwargs: Any) -> Any:
        """The way of plain functions."""
        noted = self._begin(args, kwargs)
        if noted is None:
            return self.original(*args, **kwargs)
        token = INSIDE.set(True)
        outcome = {}  # type: Dict[str, Any]
        try:
            outcome["returned"] = self.original(*args, **kwargs)
            return outcome["returned"]
        except BaseException as error:
            outcome["raised"] = error
            raise
        finally:
            INSIDE.reset(token)
            self._end(noted, outcome)

    async def call_async(self, args: Any, kwargs: Any) -> Any:
        """The way of coroutine functions."""
        noted = self._begin(args, kwargs)
        if noted is None:
            return await self.original(*args, **kwargs)
        token = INSIDE.set(True)
        outcome = {}  # type: Dict[str, Any]
        try:
            outcome["returned"] = await self.original(*args, **kwargs)
            return outcome["returned"]
        except BaseException as error:
            outcome["raised"] = error
            raise
        finally:
            INSIDE.reset(token)
            self._end(noted, outcome)

    def call_lazy(self, args: Any, kwargs: Any) -> Any:
        """The way of generators: what they give is noted when they are drained."""
        noted = self._begin(args, kwargs)
        items = self.original(*args, **kwargs)
        if noted is None:
            return items
        return (
            self._drained_later(noted, items)
            if hasattr(items, "__anext__")
            else self._drained(noted, items)
        )

    def _drained(self, noted: Any, items: Any) -> Any:
        given = []  # type: List[Any]
        for item in items:
            given.append(item)
            yield item
        self._end(noted, {"returned": given})

    async def _drained_later(self, noted: Any, items: Any) -> Any:
        given = []  # type: List[Any]
        async for item in items:
            given.append(item)
            yield item
        self._end(noted, {"returned": given})

    def _begin(self, args: Any, kwargs: Any) -> Any:
        active = ACTIVE.get()
        if not active or INSIDE.get() or getattr(BUSY, "on", False) or not args:
            return None
        port = port_id(args[0])
        return None if port is None else self._noted(active, port, args[0], args[1:], kwargs)

    def _noted(self, active: Any, port: str, this: Any, args: Any, kwargs: Any) -> Any:
        masker = active[0].masker if active else None
        if masker is not None and (port, self.name) not in masker.port_names:
            names = positional_names(self.signature) if self.signature is not None else []
            masker.names_port(port, self.name, names)
        try:
            given = self.form.arguments(self.signature, args, kwargs)
        except TypeError:
            return None  # the call itself says what is wrong with it
        BUSY.on = True
        try:
            begun = [(one, one.begin(port, self.name, this, given)) for one in active]
        finally:
            BUSY.on = False
        return given, [(one, made) for one, made in begun if made is not None]

    def _end(self, noted: Any, outcome: Dict[str, Any]) -> None:
        given, begun = noted
        BUSY.on = True
        try:
            for effects, made in begun:
                effects.end(made, given, outcome)
        finally:
            BUSY.on = False


class PortFunction(PortMethod):
    """A function that is a port by itself."""

    def __init__(self, port: str, form: Any, function: Any) -> None:
        super().__init__("__call__", form)
        self.port = port
        self.function = function

    def _begin(self, args: Any, kwargs: Any) -> Any:
        active = ACTIVE.get()
        if not active or INSIDE.get() or getattr(BUSY, "on", False):
            return None
        return self._noted(active, self.port, self.function, args, kwargs)


class HandedMethod(PortMethod):
    """A method that is a port where it is handed over bound; else it is called as ever."""

    def __init__(self, port: str, form: Any, function: Any) -> None:
        super().__init__("__call__", form)
        self.port = port
        self.function = function

    def _begin(self, args: Any, kwargs: Any) -> Any:
        if not args or not ACTIVE.get() or INSIDE.get() or getattr(BUSY, "on", False):
            return None
        bound = types.MethodType(self.function, args[0])
        active = [one for one in ACTIVE.get() if one.has_met(self.port, bound)]
        return self._noted(active, self.port, bound, args[1:], kwargs) if active else None


class OutsidePort:
    """What libraries ask of the world, noted as calls of a port."""

    def __init__(self, port: str) -> None:
        self.port = port


class Crossing:
    """Does what a library asks of the world, and notes it for the units that are being called."""

    def __init__(self, outside: Any) -> None:
        self.outside = outside
        self.ports = {name: OutsidePort(name) for name in outside.KINDS}

    def __call__(self, port: str, call: str, args: List[Any], real: Callable[[], Any]) -> Any:
        active = ACTIVE.get()
        if not active or INSIDE.get() or getattr(BUSY, "on", False):
            return real()
        begun = self._quietly(lambda one: one.begin(port, call, self.ports[port], args), active)
        token = INSIDE.set(True)
        outcome = {}  # type: Dict[str, Any]
        try:
            outcome["returned"] = real()
            return outcome["returned"]
        except BaseException as error:
            outcome["failed"] = self.outside.told_error(error)
            raise
        finally:
            INSIDE.reset(token)
            made = {id(one): noted for one, noted in zip(active, begun) if noted is not None}
            self._quietly(
                lambda one: one.end(made[id(one)], args, outcome),
                [one for one in active if id(one) in made],
            )

    def _quietly(self, action: Callable[[Any], Any], active: Any) -> List[Any]:
        BUSY.on = True
        try:
            return [action(one) for one in active]
        finally:
            BUSY.on = False


class Noted:
    """Stands for an object of a module whose class cannot be watched: one of Python's own."""

    def __init__(self, port: str, value: Any, form: Any) -> None:
        self._port = port
        self._value = value
        self._form = form

    def _through(self, name: str, args: Any, kwargs: Any) -> Any:
        value, port = self._value, self._port
        method = PortFunction(port, self._form, self)
        method.name = name
        method.original = getattr(value, name)
        with contextlib.suppress(TypeError, ValueError):
            method.signature = inspect.signature(method.original)
        return method.call(args, kwargs)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._value, name)
        if name.startswith("_") or not callable(found):
            return found
        return lambda *args, **kwargs: self._through(name, args, kwargs)

    def __iter__(self) -> Any:
        return self if hasattr(self._value, "__next__") else iter(self._value)


def passing_on(name: str) -> Any:
    """A method with a name that Python itself looks up, on the class."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return self._through(name, args, kwargs)

    return method


CALLED = (
    "__call__",
    "__getitem__",
    "__setitem__",
    "__delitem__",
    "__contains__",
    "__len__",
    "__next__",
)
for called in CALLED:
    setattr(Noted, called, passing_on(called))


def has_code(kind: type) -> bool:
    """Whether a class has methods that are written in Python."""
    return any(
        isinstance(raw, types.FunctionType)
        for base in kind.__mro__[:-1]
        for raw in vars(base).values()
    )


def watch_type(kind: type, form: Any) -> None:
    """Watches the methods of a port's class, its own and those that it inherits."""
    for base in kind.__mro__[:-1]:
        if base in WATCHED_TYPES or base.__module__ == "builtins":
            continue
        WATCHED_TYPES.add(base)
        for name, raw in list(vars(base).items()):
            if name not in CALLED and name.startswith("_"):
                continue
            if isinstance(raw, property):
                raw = raw.fget
            if isinstance(raw, types.FunctionType):
                method = PortMethod(name, form)
                signature = inspect.signature(raw)
                parameters = list(signature.parameters.values())[1:]
                method.signature = signature.replace(parameters=parameters)
                watch(method, raw)


def carry_over() -> None:
    """Lets the threads that a unit starts, and the tasks that it gives to pools, know of it."""
    start = threading.Thread.start

    def carrying_start(self: Any) -> None:
        if ACTIVE.get():
            run, context = self.run, copied_context()
            context.run(TASK.set, object())
            self.run = lambda: context.run(run)
        start(self)

    threading.Thread.start = carrying_start  # type: ignore[method-assign]


def carry_into_pools(futures: Any) -> None:
    """Lets the tasks that a unit gives to a pool of threads know of it."""
    submit = futures.ThreadPoolExecutor.submit

    def carrying_submit(self: Any, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if not ACTIVE.get():
            return submit(self, fn, *args, **kwargs)
        context = copied_context()
        context.run(TASK.set, object())
        return submit(self, context.run, fn, *args, **kwargs)

    futures.ThreadPoolExecutor.submit = carrying_submit


def named(error: Exception) -> str:
    """The class of an error of our own, and which one it is where the system raised it."""
    number = getattr(error, "errno", None)
    code = errno.errorcode.get(number, "") if isinstance(number, int) else ""
    return ("%s %s" % (type(error).__name__, code)).rstrip()


def snapshot(value: Any) -> Optional[bytes]:
    """Bytes that are equal only where two plain values are; None where a value is not plain.

    Which parts are one object they do not tell.
    """
    try:
        return marshal.dumps(value, 2)
    except Exception:
        return None


def is_apart(value: Any) -> bool:
    """Whether no list or dict that is found through lists and dicts is found twice."""
    below, seen, count = [value], set(), 0  # type: List[Any], Set[int], int
    while below:
        found = [one for one in below if type(one) is dict or type(one) is list]
        seen.update(map(id, found))
        count += len(found)
        if len(seen) < count:
            return False
        below = []
        for one in found:
            below += one.values() if type(one) is dict else one
    return True


def is_simple(args: Any, kwargs: Any) -> bool:
    """Whether no mutable object can be in an input twice: at most one container, of scalars."""
    containers = 0
    for value in (*args, *kwargs.values()):
        kind = type(value)
        if kind in SCALARS:
            continue
        containers += 1
        if containers > 1 or kind not in (dict, list, tuple):
            return False
        inside = (*value, *value.values()) if kind is dict else value
        if any(type(one) not in SCALARS for one in inside):
            return False
    return True


class Misnamed(Exception):
    """The name of a class does not stand for it: it was made in a function, or is hidden."""


def any_class(name: str) -> type:
    """A class of this very program, by its name."""
    module, _, qualname = name.partition(":")
    target = sys.modules.get(module)  # type: Any
    for part in qualname.split("."):
        target = getattr(target, part, None)
    if not isinstance(target, type):
        raise Misnamed(name)
    return target


def is_lambda_call(original: Any, args: List[Any]) -> bool:
    """Whether a Lambda handler is called: its context is Lambda's, not the fixture's."""
    code = getattr(original, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code is not None else ()
    return names == ("event", "context") and len(args) == 2


def described(error: BaseException) -> Dict[str, Any]:
    """Class and message of what was raised."""
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = "%s:%s" % (kind.__module__, name)
    try:
        return {"class": name, "message": str(error)}
    except Exception:
        return {"class": name}


# ---------------------------------------------------------------- watching

# How a function of each kind passes its arguments on: its head, and its last statement.
TRAMPOLINES = {
    "plain": ("def", "return HOOK(args, kwargs)"),
    "async": ("async def", "return await HOOK(args, kwargs)"),
    "lazy": ("def", "return (yield from HOOK(args, kwargs))"),
    "async lazy": ("async def", "async for item in HOOK(args, kwargs): yield item"),
}


def watch(watched: Any, function: types.FunctionType) -> None:
    """Replaces the code of a function by one that calls `watched`, which calls the original."""
    code = function.__code__
    original = types.FunctionType(
        code, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    original.__kwdefaults__ = function.__kwdefaults__
    original.__qualname__ = function.__qualname__
    watched.original = original
    kind, hook = way_of(watched, code)
    signature = inspect.signature(function)
    function.__code__ = trampoline(kind, hook, code)
    function.__signature__ = signature  # type: ignore[attr-defined]


def way_of(watched: Any, code: types.CodeType) -> Tuple[str, Any]:
    """Which trampoline a function needs, and what it calls."""
    if code.co_flags & inspect.CO_ASYNC_GENERATOR:
        return "async lazy", watched.call_lazy
    if code.co_flags & inspect.CO_COROUTINE:
        return "async", watched.call_async
    if code.co_flags & inspect.CO_GENERATOR:
        return "lazy", watched.call_lazy
    return "plain", watched.call


def trampoline(kind: str, hook: Any, code: types.CodeType) -> types.CodeType:
    """Code that calls `hook`; with as many free variables as `code`, or Python refuses it."""
    names = ", ".join("free%d" % index for index in range(len(code.co_freevars)))
    head, last = TRAMPOLINES[kind]
    lines = ["def outer(%s):" % names, "    %s t(*args, **kwargs):" % head]
    lines += ["        if 0: (%s,)" % names] if names else []
    lines += ["        " + last.replace("HOOK", repr(HOOK))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a text is not callable: it is not there any more
        made = compile("\n".join(lines), code.co_filename, "exec")
    outer = next(one for one in made.co_consts if isinstance(one, types.CodeType))
    inner = next(one for one in outer.co_consts if isinstance(one, types.CodeType))
    constants = tuple(hook if one == HOOK else one for one in inner.co_consts)
    return renamed(inner, constants, code)


def renamed(inner: Any, constants: Tuple[Any, ...], like: types.CodeType) -> types.CodeType:
    """A code with other constants, and the name and the line of another code."""
    if hasattr(inner, "replace"):
        made = inner.replace(
            co_consts=constants, co_name=like.co_name, co_firstlineno=like.co_firstlineno
        )
    else:  # before Python 3.8
        code_type = types.CodeType  # type: Any
        made = code_type(
            *(inner.co_argcount, inner.co_kwonlyargcount, inner.co_nlocals, inner.co_stacksize),
            *(inner.co_flags, inner.co_code, constants, inner.co_names, inner.co_varnames),
            *(inner.co_filename, like.co_name, like.co_firstlineno, inner.co_lnotab),
            *(inner.co_freevars, inner.co_cellvars),
        )
    assert isinstance(made, types.CodeType)
    return made


class Recorder:
    """Finds the units of the plan as their modules are imported."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.spool = Spool(plan.spool, plan.masker)
        self.sampler = None  # type: Any
        if plan.sampling is not None:
            key = plan.masker.key if plan.masker is not None else b""
            board = plan.sampling.Board(plan.spool, key)
            self.sampler = plan.sampling.Sampler(plan.share, self.spool.started, board)
        self.units = []  # type: List[Watched]
        self.names = {"subprocess", *plan.units, *plan.ports}
        if plan.has_ports():
            self.names.add(POOLS)

    def tell(self) -> None:
        """Writes the counts from time to time."""
        self.spool.counts(self.units)

    def module(self, module: Any) -> None:
        """Watches the units of a module that was just imported."""
        if module.__name__ == "subprocess":
            hand_down(module)
        if module.__name__ == POOLS and self.plan.has_ports():
            carry_into_pools(module)
        for port in self.plan.ports.get(module.__name__, ()):
            self._watch_port(port, module)
        for unit_id, qualname in self.plan.units.get(module.__name__, ()):
            watched = Watched(unit_id, self.plan, self.spool, self.tell)
            watched.sampler = self.sampler
            self.units.append(watched)
            try:
                self._watch(watched, module, qualname)
            except Exception as error:
                watched.trouble = "%s: %s" % (type(error).__name__, error)

    def _watch_port(self, port: str, module: Any) -> None:
        """Watches the class of a port; where it is none, calls of its are not recorded."""
        owner, found = None, module
        for name in port.partition(":")[2].split("."):
            owner, found = found, getattr(found, name, None)
        form = self.plan.form
        if isinstance(found, type):
            PORTS.append((port, found))
            watch_type(found, form)
        elif isinstance(found, types.FunctionType):
            kind = HandedMethod if isinstance(owner, type) else PortFunction
            self._watch_function(kind(port, form, found), found, isinstance(owner, type))
        elif has_code(type(found)):
            PLACES[id(found)] = (port, found)
            watch_type(type(found), form)
        elif type(found) not in PLAIN:
            setattr(owner, port.rpartition(":")[2].rpartition(".")[2], Noted(port, found, form))

    def _watch_function(self, method: Any, function: Any, of_class: bool) -> None:
        """Notes the calls of a function that is a port."""
        method.signature = inspect.signature(function)
        if of_class:
            parameters = list(method.signature.parameters.values())[1:]
            method.signature = method.signature.replace(parameters=parameters)
        PLACES[id(function)] = (method.port, function)
        watch(method, function)

    def _watch(self, watched: Watched, module: Any, qualname: str) -> None:
        owner, target, raw = None, module, None  # type: Any, Any, Any
        for name in qualname.split("."):
            owner = target
            raw = inspect.getattr_static(target, name, None)
            target = getattr(target, name, None)
        if target is None:
            watched.trouble = "there is no such function"
            return
        if isinstance(target, type):
            path = os.path.join(FOLDER, "_parity_steps.py")
            steps = sys.modules.get("_parity_steps") or load("_parity_steps", path)
            watched.trouble = steps.Lives(watched).install(target)
            return
        watched.has_receiver = isinstance(owner, type)
        if isinstance(raw, (staticmethod, classmethod)):
            watched.has_receiver = False
            watched.drops_first = isinstance(raw, classmethod)
            raw = raw.__func__
        elif isinstance(raw, property):
            raw = raw.fget
        elif watched.has_receiver and hasattr(type(raw), "__get__"):
            raw = function_within(raw, qualname.rpartition(".")[2])
        if isinstance(raw, types.FunctionType):
            watch(watched, raw)
            return
        if watched.has_receiver or not callable(target):
            watched.trouble = "it has no code of its own that could be watched"
            return
        watched.original = target
        watched.has_receiver = watched.drops_first = False
        setattr(owner, qualname.rpartition(".")[2], Around(watched, target))


def function_within(descriptor: Any, name: str) -> Any:
    """The function of that name in a descriptor of a class: a cached property, a cached method."""
    if isinstance(descriptor, types.FunctionType):
        return descriptor
    held = dict(getattr(descriptor, "__dict__", {}))
    for base in type(descriptor).__mro__:
        slots = base.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            held[slot] = getattr(descriptor, slot, None)
    functions = [one for one in held.values() if isinstance(one, types.FunctionType)]
    found = [one for one in functions if one.__name__ == name]
    return found[0] if len({id(one) for one in found}) == 1 else None


class Around:
    """Stands for a callable that has no code to replace, such as a cached function."""

    def __init__(self, watched: Watched, target: Any) -> None:
        self.__wrapped__ = target
        self._watched = watched

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._watched.call(args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__wrapped__, name)


class Finder(importlib.abc.MetaPathFinder):
    """Tells the recorder of modules of the plan, once they are imported."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec that others find, with a loader that tells."""
        if name not in self.recorder.names:
            return None
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    if spec.loader is not None:
                        spec.loader = Loader(spec.loader, self.recorder)
                    return spec
        return None


class Loader(importlib.abc.Loader):
    """Another loader, which tells the recorder when the module is there."""

    def __init__(self, loader: Any, recorder: Recorder) -> None:
        self._loader = loader
        self._recorder = recorder

    def create_module(self, spec: Any) -> Any:
        """As the other loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """As the other loader does, which then is the module's loader again."""
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._recorder.module(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def hand_down(subprocess: Any) -> None:
    """Lets processes that are started with an environment of their own be watched too."""
    original = subprocess.Popen.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it is that one
        if kwargs.get("env") is not None:
            kwargs["env"] = watched_environment(kwargs["env"])
        original(self, *args, **kwargs)

    __init__.__wrapped__ = original  # type: ignore[attr-defined]
    __init__.__doc__ = original.__doc__
    subprocess.Popen.__init__ = __init__


def watched_environment(env: Any) -> Any:
    """An environment with what makes Python watch; that of the caller stays as it is."""
    if any(isinstance(name, bytes) for name in env) or "PARITY_RECORD" not in os.environ:
        return env
    folder = os.path.dirname(os.path.abspath(__file__))
    made = dict(env, PARITY_RECORD=os.environ["PARITY_RECORD"])
    path = made.get("PYTHONPATH", "")
    if folder not in path.split(os.pathsep):
        made["PYTHONPATH"] = folder + os.pathsep + path if path else folder
    return made


def start(plan_file: str) -> None:
    """Watches in this process, and in those that it starts or forks."""
    recorder = Recorder(Plan(plan_file))
    if recorder.plan.has_ports():
        carry_over()
    if recorder.plan.outside is not None:
        outside = load("_parity_outside", recorder.plan.outside["path"])
        outside.CROSSINGS.sets_defaults, outside.CROSSINGS.does_real = False, True
        outside.CROSSINGS.open(tuple(recorder.plan.outside["ports"]), Crossing(outside))
        outside.CROSSINGS.install(tuple(recorder.plan.outside["ports"]))
    for name in sorted(recorder.names, key=lambda one: one in recorder.plan.units):
        if name in sys.modules:
            recorder.module(sys.modules[name])
    sys.meta_path.insert(0, Finder(recorder))
    atexit.register(lambda: recorder.spool.counts(recorder.units, now=True))
