"""Makes functions of the interpreter that are written in C call Python instead.

`from time import time` puts one and the same function object into any number of modules, so it is
the object that has to change, not a name. A built-in function is a pointer to its C function and
the object that is passed first: with `PyObject_Call` for the one and a Python function for the
other, a call of it is a call of that function, errors and all.
"""

import gc
import os
import sys
from typing import Any, Callable, List

KNOWN = (3, 14)
METH_VARARGS_KEYWORDS = 0x3
KEPT: List[Any] = []
"""What the interpreter points at from now on, and must not be freed."""


class StandIn:
    """Takes the place of a built-in function; like one, it is no method where a class holds it."""

    def __init__(self, original: Any, call: Callable[..., Any]) -> None:
        for name in ("__name__", "__qualname__", "__module__", "__doc__", "__text_signature__"):
            self.__dict__[name] = getattr(original, name, None)
        self.call = call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the built-in function would do, and what has to be done beside."""
        return self.call(*args, **kwargs)


def can_graft() -> bool:
    """Whether it works in this interpreter; one that is newer than known is tried in a copy."""
    if sys.implementation.name != "cpython":
        return False
    try:
        import ctypes
    except ImportError:
        return False
    assert ctypes.sizeof(ctypes.c_void_p) * 2 <= object.__basicsize__
    if sys.version_info < KNOWN:
        return works()
    pid = os.fork()
    if pid == 0:
        good = False
        try:
            good = works()
        finally:
            os._exit(0 if good else 1)
    return os.waitpid(pid, 0)[1] == 0


def works() -> bool:
    """Whether a function of no importance can be replaced, called in each way and put to sleep."""
    import itertools
    import time

    if not hasattr(time, "get_clock_info"):
        return False
    alias: Any = time.get_clock_info
    original = graft(alias, lambda *args: ["grafted", *args])
    try:
        first = alias("time")
        (second,) = map(alias, ["time"])
        (third,) = itertools.starmap(alias, [("time",)])
        whole = bool(original("time").implementation)
        return whole and [first, second, third] == [["grafted", "time"]] * 3
    except (TypeError, AttributeError):
        return False
    finally:
        graft(alias, original)


def graft(function: Any, replacement: Callable[..., Any]) -> Any:
    """Lets a built-in function call `replacement`; gives a function that does what it did."""
    import ctypes

    class Definition(ctypes.Structure):
        _fields_ = (
            ("name", ctypes.c_void_p),
            ("code", ctypes.c_void_p),
            ("flags", ctypes.c_int),
            ("doc", ctypes.c_void_p),
        )

    # definition, self, module, weak references, vectorcall
    place = (ctypes.c_void_p * 5).from_address(id(function) + object.__basicsize__)
    make = ctypes.pythonapi.PyCFunction_NewEx
    make.restype, make.argtypes = ctypes.py_object, (ctypes.c_void_p,) + (ctypes.py_object,) * 2
    original = make(place[0], function.__self__, function.__module__)
    definition = Definition.from_buffer_copy(Definition.from_address(place[0] or 0))
    definition.code = ctypes.cast(ctypes.pythonapi.PyObject_Call, ctypes.c_void_p).value
    definition.flags = METH_VARARGS_KEYWORDS
    changed = (ctypes.c_void_p * 5)(*place)
    changed[0], changed[1], changed[4] = ctypes.addressof(definition), id(replacement), None
    KEPT.extend((function, original, definition, replacement, function.__self__))
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(replacement))
    # In one stroke and with the interpreter held: nobody calls a function that is half changed.
    move = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
    move(ctypes.cast(ctypes.memmove, ctypes.c_void_p).value or 0)(
        ctypes.addressof(place), ctypes.addressof(changed), ctypes.sizeof(place)
    )
    return original


def graft_class_method(kind: type, name: str, replacement: Any) -> None:
    """Gives a class that is written in C another attribute, for its subclasses too."""
    import ctypes

    (members,) = gc.get_referents(kind.__dict__)
    KEPT.append(members.get(name))
    members[name] = replacement
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
