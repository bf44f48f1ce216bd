"""A loop that tries a step again, read as what a Retry says of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Final

from parity.decouple.catching import Subclasses, caught_by
from parity.decouple.machine import Refused, State
from parity.decouple.reading import Function
from parity.decouple.saying import Sayer

SLEEPS: Final = frozenset({"time.sleep", "asyncio.sleep"})
LOGS: Final = frozenset({"logging", "logger", "log"})
TELLS: Final = frozenset(
    {"debug", "info", "warning", "warn", "error", "critical", "fatal", "exception", "log"}
)


@dataclass(frozen=True, slots=True)
class Tried:
    """`for _ in range(N): try: step(); break; except E: sleep`, of which `call` is the step."""

    loop: ast.For
    handler: ast.ExceptHandler
    call: ast.Expr | ast.Assign | ast.Return
    step: ast.Call
    errors: tuple[str, ...]
    attempts: int
    raises: bool
    """Whether the last error is raised again."""

    interval: int
    """Seconds after the first attempt."""

    rate: float
    """By what the interval grows."""

    @property
    def is_returned(self) -> bool:
        """Whether the function ends with what the step returns."""
        return isinstance(self.call, ast.Return)

    def said(self) -> State:
        """The field of a Task that tries so often."""
        if self.attempts == 1:
            return {}
        return {
            "Retry": [
                {
                    "ErrorEquals": list(self.errors),
                    "IntervalSeconds": self.interval,
                    "MaxAttempts": self.attempts - 1,
                    "BackoffRate": self.rate,
                }
            ]
        }


def tried(loop: ast.For, function: Function, values: Sayer, subclasses: Subclasses) -> Tried | None:
    """What a loop tries again; None where it is no such loop, Refused where it does more."""
    match loop:
        case ast.For(
            target=ast.Name(id=attempt),
            iter=ast.Call(func=ast.Name(id="range"), args=[*bounds], keywords=[]),
            body=[ast.Try(handlers=[handler], orelse=[], finalbody=[]) as attempted],
        ):
            pass
        case _:
            return None
    first, last = _first_and_last(bounds, values)
    count = last - first + 1
    if count < 1:
        raise Refused(loop, "how often it is tried is no number that is written")
    match attempted.body:
        case [ast.Expr() | ast.Assign() as call, ast.Break()]:
            pass
        case [ast.Return(value=ast.expr()) as call]:
            pass
        case _:
            raise Refused(attempted, "more than one step is tried again: make them one")
    for use in uses_outside(function, {attempt}, loop, handler.body):
        raise Refused(use, f"how often it was tried (`{attempt}`) is not known")
    errors = caught_by(handler, subclasses)
    raises, interval, rate = _between(handler, attempt, (first, last), values)
    if raises and loop.orelse:
        raise Refused(loop.orelse[0], "this is never reached: the last error is raised")
    step = call.value.value if isinstance(call.value, ast.Await) else call.value
    if not isinstance(step, ast.Call):
        raise Refused(call, "what is tried again is no call")
    if not any(isinstance(node, ast.Call) for one in handler.body for node in ast.walk(one)):
        values.notes.append(f"line {loop.lineno}: it is tried again after a second")
    return Tried(loop, handler, call, step, errors, count, raises, interval, rate)


def uses_outside(
    function: Function, names: set[str], loop: ast.For, inside: list[ast.stmt]
) -> list[ast.Name]:
    """Where names of a loop are read outside of its statements `inside`."""
    within = {id(node) for one in inside for node in ast.walk(one)}
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
        and node.id in names
        and id(node) not in within
        and isinstance(node.ctx, ast.Load)
        and not _counts_another(function, node, loop)
    ]


def _counts_another(function: Function, use: ast.Name, loop: ast.For) -> bool:
    """Whether a use is within another loop that has the same name."""
    return any(
        isinstance(node, ast.For)
        and node is not loop
        and isinstance(node.target, ast.Name)
        and node.target.id == use.id
        and any(one is use for one in ast.walk(node))
        for node in ast.walk(function)
    )


def _between(
    handler: ast.ExceptHandler, attempt: str, rounds: tuple[int, int], values: Sayer
) -> tuple[bool, int, float]:
    """Whether the last error is raised again, the wait after an attempt, and its growth."""
    raises, slept, interval, rate = False, False, 1, 1.0
    for one in handler.body:
        match one:
            case ast.If(test=test, body=[ast.Raise(exc=None)], orelse=[]) if not slept:
                if not _is_last(test, attempt, rounds[1], values):
                    raise Refused(one, "which attempt is the last one is not seen")
                raises = True
            case (
                ast.Expr(value=ast.Await(value=ast.Call() as call))
                | ast.Expr(value=ast.Call() as call)
            ):
                called = values.resolved(call.func)
                if is_told_only(called):
                    values.notes.append(f"line {one.lineno}: {called} is left out")
                elif called in SLEEPS and len(call.args) == 1:
                    interval, rate = _interval(call.args[0], attempt, rounds[0], values)
                    slept = True
                else:
                    raise Refused(one, "a Retry does nothing but wait")
            case ast.Pass() | ast.Continue():
                pass
            case _:
                raise Refused(one, "a Retry does nothing but wait")
    return raises, interval, rate


def _first_and_last(bounds: list[ast.expr], values: Sayer) -> tuple[int, int]:
    """The first and last number of a `range`; an empty one where they are not written."""
    known = [values.constant(one) for one in bounds]
    if not all(type(one) is int for one in known):
        return 0, -1
    match known:
        case [int(end)]:
            return 0, end - 1
        case [int(first), int(end)]:
            return first, end - 1
        case _:
            return 0, -1


def _is_last(test: ast.expr, attempt: str, last: int, values: Sayer) -> bool:
    match test:
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.Eq() | ast.GtE()], comparators=[other]
        ) if name == attempt:
            found = values.constant(other)
            return type(found) is int and found == last
        case _:
            return False


def _interval(value: ast.expr, attempt: str, start: int, values: Sayer) -> tuple[int, float]:
    """Seconds after the first attempt, and by what they grow."""
    first, grown = 1, value
    match value:
        case ast.BinOp(left=factor, op=ast.Mult(), right=right):
            first, grown = values.constant(factor), right
        case _:
            pass
    match grown:
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Name(id=name)) if name == attempt:
            base = values.constant(left)
            if type(first) is int and first > 0 and type(base) in (int, float) and base >= 1:
                begun = first * base**start
                if begun == int(begun) and begun > 0:
                    return int(begun), float(base)
        case _:
            seconds = values.seconds(value)
            if seconds is not None and seconds > 0:
                return seconds, 1.0
    raise Refused(value, "a Retry waits whole seconds, and longer by a factor")


def is_told_only(name: str) -> bool:
    """Whether a call only tells a person something: `print`, or a method of a log."""
    *owners, method = name.split(".")
    if not owners:
        return method == "print"
    return method in TELLS and any(one.lower().strip("_") in LOGS for one in owners)
