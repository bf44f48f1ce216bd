"""What a draft asks of the project around a function, and what of it as a whole no machine says."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from parity.decouple.catching import Subclasses, is_builtin_error
from parity.decouple.machine import Refused
from parity.decouple.reading import Function, dotted, within
from parity.decouple.saying import Sayer, what

TRANSPARENT: Final = frozenset(
    {"staticmethod", "classmethod", "abstractmethod", "override", "final"}
)
"""Decorators that do nothing around a call."""

BEGUN_BY: Final = frozenset({"asyncio.gather", "asyncio.wait_for"})


@dataclass(frozen=True, slots=True)
class Step:
    """A function of the project that an orchestrator may call."""

    unit: str
    parameters: tuple[str, ...]
    returns: str
    hindrance: str
    """Why it cannot be a step as it is; empty where it can."""

    is_coroutine: bool = False
    needs: tuple[str, ...] = ()
    """What it takes from where a Lambda does not have it, as sentences."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a draft needs to know of the project: steps by line and text, and exceptions."""

    step: Callable[[ast.Call], Step | None]
    subclasses: Subclasses
    is_quiet: Callable[[ast.Call], bool] = lambda _: True
    """Whether a call that is no step does nothing that is missed where it is left out."""

    entered: tuple[str, ...] = ()
    """How the outside world comes to the function: `task @app.task`."""


def hindrances(
    function: Function, around: Surroundings, values: Sayer
) -> Iterator[tuple[ast.AST, str]]:
    """What of a function no machine says, wherever it stands; what may be is noted only."""
    arguments = function.args
    if arguments.vararg or arguments.kwarg:
        yield function, "it takes any number of arguments"
    for node in within(function.body):
        match node:
            case ast.Yield() | ast.YieldFrom():
                yield node, "it gives values on the way: a machine gives one at its end"
            case ast.Global() | ast.Nonlocal():
                yield node, "it writes variables outside of it"
            case _:
                pass
    yield from _decorators(function, around, values)
    yield from _begun_later(function, around, values)


def _decorators(
    function: Function, around: Surroundings, values: Sayer
) -> Iterator[tuple[ast.AST, str]]:
    """A decorator that makes it an entry is noted; what another does around it is not seen."""
    entries = {one.rpartition("@")[2].rpartition(".")[2] for one in around.entered if "@" in one}
    for one in function.decorator_list:
        name = dotted(one.func if isinstance(one, ast.Call) else one) or ""
        simple = name.rpartition(".")[2]
        if simple in TRANSPARENT:
            continue
        if simple in entries:
            values.notes.append(f"line {one.lineno}: what @{name} does besides is left out")
        else:
            yield one, f"what {what(one)} does around it is not seen: draft what it wraps"


def _begun_later(
    function: Function, around: Surroundings, values: Sayer
) -> Iterator[tuple[ast.AST, str]]:
    """Coroutines that are kept: what they do happens where they are awaited, not here."""
    begun: set[int] = set()
    for node in within(function.body):
        match node:
            case ast.Await(value=value) | ast.Return(value=ast.Call() as value):
                begun.add(id(value))
            case ast.Call() if values.resolved(node.func) in BEGUN_BY:
                begun |= {id(_each_of(one)) for one in node.args}
            case _:
                pass
    for node in within(function.body):
        if isinstance(node, ast.Call) and id(node) not in begun:
            step = around.step(node)
            if step is not None and step.is_coroutine:
                yield node, f"{step.unit} is begun where it is awaited: await it here"


def _each_of(argument: ast.expr) -> ast.expr:
    match argument:
        case ast.Starred(value=ast.ListComp(elt=each) | ast.GeneratorExp(elt=each)):
            return each
        case _:
            return argument


def defaults(function: Function) -> Iterator[tuple[str, ast.expr]]:
    """The parameters that a caller may leave out, and what they are then."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    yield from zip(
        (one.arg for one in plain[len(plain) - len(arguments.defaults) :]),
        arguments.defaults,
        strict=True,
    )
    for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            yield one.arg, value


def error_named(raised: ast.expr, around: Surroundings, values: Sayer) -> str:
    """The simple name of the class that a `raise` names; Refused where it is none that is seen."""
    name = dotted(raised.func if isinstance(raised, ast.Call) else raised)
    if name is None:
        raise Refused(raised, "what it raises has no name")
    simple = name.rpartition(".")[2]
    if around.subclasses(simple) is not None or is_builtin_error(simple):
        return simple
    is_made = isinstance(raised, ast.Call) and around.step(raised) is not None
    if is_made or values.is_own(name.partition(".")[0]) or not simple[:1].isupper():
        raise Refused(raised, f"{what(raised)} is no class that is seen: name the error here")
    return simple


def is_no_exception(name: str) -> bool:
    """Whether `except Exception` lets an error of Python itself pass."""
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and not issubclass(kind, Exception)


def named(call: ast.Call, step: Step) -> dict[str, ast.expr]:
    """The arguments of a call by the names of the step's parameters, in their order."""
    if len(call.args) > len(step.parameters):
        raise Refused(call, "more is given than it takes")
    found = dict(zip(step.parameters, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Refused(call, "what it is given is not seen: write the arguments")
        found[keyword.arg] = keyword.value
    if any(isinstance(one, ast.Starred) for one in call.args):
        raise Refused(call, "what it is given is not seen: write the arguments")
    return found


def awaited(value: ast.expr) -> ast.expr:
    """What stands behind an `await`, or the value itself."""
    return value.value if isinstance(value, ast.Await) else value
