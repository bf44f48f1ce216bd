"""Stands in for a unit's collaborators: their calls are answered from the fixture, and noted.

What stands in for a port is an instance of a subclass, made without calling `__init__`.
"""

import functools
import importlib
import inspect
import json
import os
import sys
import threading
import types
import typing
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Set, Tuple

from . import outside

if TYPE_CHECKING:
    from parity.values import form
else:
    from . import form

PORT = "__parity_port__"
CALLED = (
    "__call__",
    "__getitem__",
    "__setitem__",
    "__delitem__",
    "__contains__",
    "__len__",
    "__next__",
)
POOLS = (
    os.path.join("concurrent", "futures", "thread.py"),
    os.path.join("multiprocessing", "pool.py"),
)
TASKS = {"run": ("self",), "worker": ("task",)}
"""What runs a task in the threads of a pool, and the variables that tell its tasks apart."""
STAND_INS: Set[type] = set()
PLAIN = frozenset([bool, bytes, dict, float, int, list, set, str, tuple, type(None)])


class Unanswered(BaseException):
    """A port was called as it was not recorded: the unit ends here, whatever it catches."""


class Unfit(Exception):
    """Why a port or a reply that the fixture brings cannot be had here."""


class Answered:
    """A recorded call and its reply."""

    def __init__(self, index: int, call: Dict[str, Any], args: List[Any]) -> None:
        self.index = index
        self.key = key_of(call["port"], call["call"], args)
        self.call = call
        self.used = False

    def is_next(self, port: str, call: str, args: List[Any]) -> bool:
        """Whether it may answer a call of that name; of a database, one of that statement."""
        if self.used or self.call["port"] != port or self.call["call"] != call:
            return False
        return port != "sql" or self.call.get("args", [])[:1] == args[:1]


def key_of(port: str, call: str, args: List[Any]) -> str:
    """A text that is equal for calls that are; the order of a dict does not count."""
    return json.dumps([port, call, args], sort_keys=True)


class Calls:
    """The port calls of one fixture: those that were recorded, and those that are made."""

    def __init__(self, recorded: List[Dict[str, Any]], by_name: bool = False) -> None:
        """`by_name`: calls are answered whatever they are given, in their order."""
        self.by_name = by_name
        self.recorded = [Answered(i, call, call.get("args", [])) for i, call in enumerate(recorded)]
        self.made: Dict[Any, List[Dict[str, Any]]] = {}
        self.first = whose()
        self.lock = threading.Lock()
        self.ended = False
        self.unfit: Optional[str] = None

    def answer(self, port: str, call: str, args: List[Any]) -> Dict[str, Any]:
        """The reply of the first unused recorded call that is equal. Raises Unanswered."""
        key = key_of(port, call, args)
        with self.lock:
            if self.ended:
                raise Unanswered("a port was called before as it was not recorded")
            made: Dict[str, Any] = {"port": port, "call": call, "args": args}
            self.made.setdefault(whose(), []).append(made)
            found = next((one for one in self.recorded if not one.used and one.key == key), None)
            if found is None and self.by_name:
                found = next((one for one in self.recorded if one.is_next(port, call, args)), None)
            if found is not None:
                found.used = True
                made["entry"] = found.index
                return found.call
            self.ended = True
        raise Unanswered("%s.%s was not recorded with these arguments" % (port, call))

    def refuse(self, why: str) -> Unanswered:
        """Ends the unit, since a reply cannot be had here."""
        with self.lock:
            self.unfit = self.unfit or why
            self.ended = True
        return Unanswered(why)

    def told(self) -> List[Dict[str, Any]]:
        """All calls that were made: those of the unit's own thread first, each with its thread."""
        with self.lock:
            first = self.made.get(self.first, [])
            others = [made for caller, made in self.made.items() if caller != self.first]
            others.sort(key=lambda made: (made[0].get("entry", sys.maxsize), json.dumps(made)))
        told = list(first)
        for number, made in enumerate(others, 1):
            told += [dict(one, thread=number) for one in made]
        return told


class Ports:
    """The ports of one unit."""

    def __init__(self, told: Any, resolve: Callable[[str], type], max_items: int) -> None:
        self.ports: Dict[str, Dict[str, Any]] = {
            one["port"]: one for one in told or [] if one["port"] not in outside.KINDS
        }
        self.outside = tuple(one["port"] for one in told or [] if one["port"] in outside.KINDS)
        """Ports that are libraries' ways to the world, not collaborators."""
        self.resolve = resolve
        self.max_items = max_items
        self.kinds: Dict[str, type] = {}
        self.made: Dict[str, Any] = {}
        self.calls: Optional[Calls] = None
        self.lock = threading.RLock()
        self.places: Dict[str, Tuple[Any, List[Tuple[Any, str]]]] = {}
        """What a port of a module is, and the modules that know it, each by its name there."""
        self.modules = 0
        if self.ports:
            form.Writer.port_of = staticmethod(port_of)

    # ------------------------------------------------------------ which parameter is one

    def of_parameters(self, target: Any, parameters: List[inspect.Parameter]) -> Dict[str, str]:
        """The ports that parameters are annotated with or named for, by their names."""
        if not self.ports:
            return {}
        found: Dict[str, str] = {}
        hints = hints_of(target)
        for one in parameters:
            if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD):
                continue
            port = self._annotated(hints.get(one.name, one.annotation)) or self._named(one.name)
            if port is not None:
                found[one.name] = port
        several = {port for port in found.values() if list(found.values()).count(port) > 1}
        return {
            name: "%s#%s" % (port, name) if port in several else port
            for name, port in found.items()
        }

    def _named(self, name: str) -> Optional[str]:
        for port, told in self.ports.items():
            if told["name"] == name and isinstance(found_at(port), type):
                return port
        return None

    def _annotated(self, annotation: Any) -> Optional[str]:
        if annotation is inspect.Parameter.empty:
            return None
        if isinstance(annotation, str):
            names = annotation.replace("Optional[", "").replace("]", "").split("|")
            simple = {name.strip().strip("\"'").rpartition(".")[2] for name in names}
            return next((port for port in self.ports if simple_name(port) in simple), None)
        for part in (annotation, *getattr(annotation, "__args__", ())):
            if isinstance(part, type):
                for port in self.ports:
                    if is_class(part, port):
                        return port
        return None

    # ------------------------------------------------------------ what stands in

    def names_in(self, code: types.CodeType) -> Dict[str, Any]:
        """What a text of the map calls the ports: `host_client`, `host_client_of("label")`."""
        asked = names_of(code)
        names: Dict[str, Any] = {}
        for port, told in self.ports.items():
            if told["name"] in asked:
                names[told["name"]] = self.stand_in(port)
            if told["name"] + "_of" in asked:
                names[told["name"] + "_of"] = functools.partial(self._labelled, port)
        return names

    def _labelled(self, port: str, label: str) -> Any:
        return self.stand_in("%s#%s" % (port, label))

    def stand_in(self, name: str) -> Any:
        """What stands for a port by its name, `module:Class` or `module:Class#label`."""
        with self.lock:
            if name not in self.made:
                port = name.partition("#")[0]
                if port not in self.ports:
                    raise form.FormError("the map knows no port `%s`" % port)
                self.made[name] = bare(self._kind(port))
                self.made[name].__dict__[PORT] = name
            return self.made[name]

    def _kind(self, port: str) -> type:
        if port not in self.kinds:
            found = self.places[port][0] if port in self.places else found_at(port)
            if isinstance(found, type):
                self.kinds[port] = self._subclass(port, found)
            elif is_function(found):
                self.kinds[port] = self._function(port, found)
            else:
                self.kinds[port] = self._subclass(port, type(found))
        return self.kinds[port]

    def _function(self, port: str, found: Any) -> type:
        """The class of what stands in for a function: an object that can be called."""
        stub = self._stub("__call__", found, of_class=is_method(port))
        body = {"__call__": stub, "__module__": found.__module__, "__doc__": found.__doc__}
        body["__name__"] = body["__qualname__"] = found.__name__
        made = type(str(found.__name__), (), body)
        STAND_INS.add(made)
        return made

    def _subclass(self, port: str, kind: type) -> type:
        body: Dict[str, Any] = {"__module__": kind.__module__}
        body["__init__"] = lambda self, *args, **kwargs: None
        body["__enter__"] = lambda self: self
        body["__exit__"] = lambda self, *error: None
        body["__aenter__"] = itself
        body["__aexit__"] = nothing
        body["__repr__"] = lambda self: "<port %s>" % port_of(self)
        body["__hash__"] = object.__hash__
        body["__eq__"] = lambda self, other: self is other
        if hasattr(kind, "__next__"):
            body["__iter__"] = lambda self: self
        for name in dir(kind):
            if name in CALLED or not name.startswith("_"):
                raw = inspect.getattr_static(kind, name)
                stub = self._stub(name, raw)
                if stub is not None:
                    body[name] = stub
        try:
            made = type(kind)(kind.__name__, (kind,), body)
        except TypeError as error:
            raise Unfit("`%s` cannot be stood in for: %s" % (port, error)) from None
        made.__qualname__ = kind.__qualname__
        made.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]
        STAND_INS.add(made)
        return made

    def _stub(self, name: str, raw: Any, of_class: bool = True) -> Any:
        """What stands in for one member of a class; None where it stays as it is.

        What is not of a class has no receiver among its parameters.
        """
        if isinstance(raw, (property, functools.cached_property)):
            return property(lambda this: self._call(this, name, []))
        if isinstance(raw, (type, staticmethod, classmethod)) or not callable(raw):
            return None  # it belongs to the class, not to who was handed in
        signature = signature_of(raw, of_class)
        plain = inspect.unwrap(raw)

        def stub(this: Any, *args: Any, **kwargs: Any) -> Any:
            given = form.arguments(signature, args, kwargs)
            return self._call(this, name, given)

        async def stub_async(this: Any, *args: Any, **kwargs: Any) -> Any:
            return stub(this, *args, **kwargs)

        async def stub_items(this: Any, *args: Any, **kwargs: Any) -> Any:
            for item in stub(this, *args, **kwargs):
                yield item

        def stub_lazy(this: Any, *args: Any, **kwargs: Any) -> Any:
            yield from stub(this, *args, **kwargs)

        made: Any = stub
        if inspect.iscoroutinefunction(plain):
            made = stub_async
        elif inspect.isasyncgenfunction(plain):
            made = stub_items
        elif inspect.isgeneratorfunction(plain):
            made = stub_lazy
        made.__name__ = name
        return made

    # ------------------------------------------------------------ calls

    def begin(self, recorded: Optional[List[Dict[str, Any]]], by_name: bool = False) -> None:
        """From now on the calls of a fixture are answered; `by_name` whatever they are given."""
        for made in self.made.values():
            name = made.__dict__[PORT]
            made.__dict__.clear()  # what an earlier fixture has put there
            made.__dict__[PORT] = name
        self.calls = Calls(recorded or [], by_name)
        if self.outside:
            outside.CROSSINGS.open(self.outside, self._cross)
        self._look()
        for port, (_, holders) in self.places.items():
            made = self.stand_in(port)
            for names, name in holders:
                names[name] = made

    def end(self) -> Calls:
        """The calls of the fixture, which is over."""
        if self.outside:
            outside.CROSSINGS.close()
        for found, holders in self.places.values():
            for names, name in holders:
                names[name] = found
        calls, self.calls = self.calls, None
        assert calls is not None
        return calls

    def has_places(self) -> bool:
        """Whether a unit may come to a port by a name of a module."""
        self._look()
        return bool(self.places)

    def _look(self) -> None:
        """Finds the functions and objects of modules that are ports, wherever they are known."""
        if len(sys.modules) == self.modules:
            return
        self.modules = len(sys.modules)
        for port in self.ports:
            if port.partition(":")[0] not in sys.modules or is_method(port):
                continue
            found = self.places[port][0] if port in self.places else found_at(port)
            if not isinstance(found, type):
                self.places[port] = (found, holders_of(found))

    def _call(self, this: Any, name: str, args: List[Any]) -> Any:
        return self._answered(this.__dict__[PORT], name, args, self._exception)

    def _cross(self, port: str, name: str, args: List[Any], real: Any) -> Any:
        """The answer to what a library asks of the world; the real thing is not done."""
        return self._answered(port, name, args, outside.error_of(port))

    def _exception(self, raised: Any, reader: Any) -> BaseException:
        return exception_of(raised, reader, self.resolve)

    def _answered(
        self, port: str, name: str, args: List[Any], exception: Callable[..., BaseException]
    ) -> Any:
        calls = self.calls
        if calls is None:
            raise Unanswered("%s.%s was called outside of a fixture" % (port, name))
        writer = form.Writer(max_items=self.max_items)
        try:
            given = [writer.write(arg, "$args[%d]" % i) for i, arg in enumerate(args)]
        except form.Formless as formless:
            why = "what `%s.%s` was given cannot be written: %s" % (port, name, formless)
            raise calls.refuse(why) from None
        call = calls.answer(port, name, given)
        try:
            reader = form.Reader(self.resolve, self.stand_in)
            if "raised" in call:
                failure = exception(call["raised"], reader)
            else:
                return reader.read(call["returned"], "$")
        except form.FormError as error:
            why = "the reply of `%s.%s` cannot be had: %s" % (port, name, error)
            raise calls.refuse(why) from None
        raise failure


async def itself(self: Any) -> Any:
    """`async with` gives what it was given."""
    return self


async def nothing(self: Any, *error: Any) -> None:
    """`async with` has nothing to close."""


def whose() -> Any:
    """Who calls: the thread, or the task of a pool, which may come to any of its threads."""
    frame: Optional[types.FrameType] = sys._getframe(2)
    thread = threading.current_thread()
    while frame is not None:
        names = TASKS.get(frame.f_code.co_name)
        if names is not None and frame.f_code.co_filename.endswith(POOLS):
            return (thread, *[id(frame.f_locals.get(name)) for name in names])
        frame = frame.f_back
    return (thread,)


def port_of(value: Any) -> Optional[str]:
    """The name of the port that a value stands for."""
    return value.__dict__[PORT] if type(value) in STAND_INS else None


def bare(kind: type) -> Any:
    """An instance on which no code of its class was run."""
    for base in kind.__mro__:
        new = base.__dict__.get("__new__")
        if isinstance(new, types.BuiltinMethodType):
            return new(kind)
    raise Unfit("`%s` cannot be made" % kind.__qualname__)


def names_of(code: types.CodeType) -> Set[str]:
    """The names that a code and the functions in it look up outside of them."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= names_of(constant)
    return names


def simple_name(port: str) -> str:
    """The name of a port's class."""
    return port.rpartition(":")[2].rpartition(".")[2]


def is_class(kind: type, port: str) -> bool:
    """Whether a port is of this class, by the name that it has where it is defined or is known."""
    module, _, qualname = port.partition(":")
    if (kind.__module__, kind.__qualname__) == (module, qualname):
        return True
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found is kind


def is_function(value: Any) -> bool:
    """Whether a port is called by itself, not by its methods."""
    return isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType))


def is_method(port: str) -> bool:
    """Whether a port is a method of a class: handed over bound, that is what is called."""
    module, _, qualname = port.partition(":")
    owner, dot, _ = qualname.rpartition(".")
    return (
        bool(dot)
        and isinstance(found_at("%s:%s" % (module, owner)), type)
        and (not isinstance(found_at(port), type))
    )


def holders_of(value: Any) -> List[Tuple[Any, str]]:
    """The names of modules that stand for a value, each with the dict that has it."""
    holders = []
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if isinstance(names, dict):
            holders += [(names, name) for name, one in list(names.items()) if one is value]
    return holders


def found_at(port: str) -> Any:
    """What the name of a port stands for: a class, a function, an object of a module."""
    module, _, qualname = port.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in qualname.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise Unfit("the port `%s` is not there: %s" % (port, error)) from None
    kind = type(found)
    called = any(name in CALLED or not name.startswith("_") for name in dir(kind))
    if not (isinstance(found, type) or is_function(found)) and (kind in PLAIN or not called):
        raise Unfit("the port `%s` is a plain value: nothing of it can be called" % port)
    return found


def hints_of(target: Any) -> Dict[str, Any]:
    """The annotations of a callable, as far as they can be known."""
    try:
        return typing.get_type_hints(target)
    except Exception:
        return {}  # names that only a type checker knows: their texts have to do


def signature_of(method: Any, of_class: bool = True) -> Optional[inspect.Signature]:
    """How a method is called, less the receiver; None where that is not known."""
    try:
        signature = inspect.signature(method)
    except (TypeError, ValueError):
        return None
    if not of_class:
        return signature
    parameters = list(signature.parameters.values())
    if parameters and parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        parameters = parameters[1:]
    return signature.replace(parameters=parameters)


def exception_of(raised: Any, reader: Any, resolve: Callable[[str], type]) -> BaseException:
    """What a recorded call raised, made without calling the `__init__` of a class of its own."""
    told: Dict[str, Any] = {"class": raised} if isinstance(raised, str) else raised
    kind = exception_class(told["class"], resolve)
    message = told.get("message")
    args: Tuple[Any, ...] = () if message is None else (message,)
    if "args" in told:
        args = tuple(reader.read(told["args"], "$args"))
    if kind.__module__ == "builtins":
        plain: BaseException = kind(*args)
        return plain
    error: BaseException = kind.__new__(kind, *args)
    error.args = args
    for name, value in told.get("fields", {}).items():
        setattr(error, name, reader.read(value, form.member("$", name)))
    return error


def exception_class(name: str, resolve: Callable[[str], type]) -> Any:
    """A class of exceptions by its name: built in, loaded, or one that fixtures may name."""
    module, colon, qualname = name.partition(":")
    found: Any = sys.modules.get(module if colon else "builtins")
    for part in (qualname if colon else name).split("."):
        found = getattr(found, part, None)
    if found is None:
        found = resolve(name if colon else "builtins:" + name)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        raise form.FormError("%s is no class of exceptions" % name)
    return found
