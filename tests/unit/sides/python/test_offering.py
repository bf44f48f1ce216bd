"""Which modules of meanings are asked for which: those that can offer it, and few others."""

from __future__ import annotations

import builtins
import contextlib
import datetime
import decimal
import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

from parity.sides.python.hook import BINARY, CALLED, OPERATORS, offering
from parity.sides.python.meanings import formats, numbers, patterns, times

OPERANDS = (
    0, 1, -7, 2**40, True, 0.5, -0.0, float("nan"), float("inf"), decimal.Decimal("-1.50"), "", "a",
    "ä𝄞 b", "%s %d", "%d.%m.%Y", b"ab", None, [1, 2], [[1]], (1, "a"), {1, 2}, {"a": 1},
    {2: [1]}, slice(-3, 9),
    datetime.datetime(2024, 2, 29, 12, 30, 59, 5), datetime.date(999, 1, 1),
    datetime.timedelta(days=-1, seconds=1),
    datetime.datetime(2024, 3, 31, 1, tzinfo=datetime.UTC),
)  # fmt: skip
CALLS = sorted(
    {
        name
        for module in CALLED
        for name in re.findall(r"\"([a-z_]+(?:\.\w+)+)\"", inspect.getsource(module))
    }
    | {f"str.{name}" for name in dir(str)}
    | {f"builtins.{name}" for name in dir(builtins) if name.islower()}
)


def _keys(offers: Callable[..., Iterator[Any]], *args: Any) -> Iterator[str]:
    with contextlib.suppress(Exception):
        for key, _ in offers(*args):
            yield key


def _offered() -> Iterator[tuple[Any, str]]:
    """The modules with keys of what they offer, for all pairs of operands."""
    for a, b in itertools.product(OPERANDS, repeat=2):
        for module, what in itertools.product(BINARY, OPERATORS):
            yield from ((module, key) for key in _keys(module.binary, what, a, b))
        yield from ((formats, key) for key in _keys(formats.percent, a, b))
        yield from ((formats, key) for key in _keys(formats.spec, a, str(b)))
    for module, name in itertools.product(CALLED, CALLS):
        for many in range(3):
            for args in itertools.product(OPERANDS, repeat=many):
                yield from ((module, key) for key in _keys(module.called, name, args, {}))


def test_a_module_that_offers_a_meaning_is_asked_for_it() -> None:
    offered = set(_offered())
    assert len(offered) > 300
    assert not [(m.__name__, key) for m, key in offered if m not in offering([key])]


def test_a_module_that_cannot_offer_a_meaning_is_not_asked() -> None:
    assert offering(["int-overflow/32"]) & {numbers} == {numbers}
    assert not offering(["int-overflow/32"]) & {times, patterns}
    assert offering([]) == frozenset()
