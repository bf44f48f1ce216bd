"""Which errors a handler catches: a Catch names them all, where Python asks for subclasses."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from parity.decouple.machine import Refused
from parity.decouple.reading import dotted

ANY = ("States.ALL",)
WIDEST = frozenset({"Exception", "BaseException"})

Subclasses = Callable[[str], frozenset[str] | None]
"""The names of all classes below an exception of the project; None where it is none."""


def caught_by(handler: ast.ExceptHandler, subclasses: Subclasses) -> tuple[str, ...]:
    """The names of all errors that a handler catches; Refused where they are not seen."""
    if handler.type is None:
        return ANY
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    found: set[str] = set()
    for kind in kinds:
        name = dotted(kind)
        if name is None:
            raise Refused(handler, "what it catches has no name")
        simple = name.rpartition(".")[2]
        if simple in WIDEST:
            return ANY
        below = subclasses(simple)
        if below is None and not is_builtin_error(simple):
            raise Refused(handler, f"which errors are a {simple} is not seen: name them")
        found |= {simple, *(below or ()), *_builtin_subclasses(simple)}
        if below is None:
            for one in _builtin_subclasses(simple) | {simple}:
                found |= subclasses(one) or frozenset()
        if simple in ("TimeoutError", "OSError"):
            found.add("States.Timeout")
    return tuple(sorted(found))


def is_open_below(handler: ast.ExceptHandler) -> list[str]:
    """Errors of Python that a handler names, below which libraries have their own."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [(dotted(one) or "").rpartition(".")[2] for one in kinds if one is not None]
    return [one for one in names if is_builtin_error(one) and one not in WIDEST]


def is_builtin_error(name: str) -> bool:
    """Whether a name is an exception of Python itself."""
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def _builtin_subclasses(name: str) -> set[str]:
    kind = getattr(builtins, name, None)
    if not isinstance(kind, type) or not issubclass(kind, BaseException):
        return set()
    found: set[str] = set()
    waiting = [kind]
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one.__module__ == "builtins":
                found.add(one.__name__)
                waiting.append(one)
    return found
