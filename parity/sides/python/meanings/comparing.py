"""Equality, order and truth: references, boxes, scales, UTF-16 units, nulls."""

import datetime
import decimal
import math
import operator
import struct
from typing import Any, Callable, Dict, Iterator, Tuple

from . import jdk
from .numbers import is_int, is_number

Offer = Tuple[str, Callable[..., Any]]
EQUALITY = {"==": True, "!=": False}
ORDER: Dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


SINGLE = (int, float, decimal.Decimal, str, datetime.date, datetime.time, datetime.timedelta)
"""What one thing is compared by; a datetime is a date."""


def box(value: Any) -> str:
    """The kind of box that Java keeps a value in; values of different boxes are not equal."""
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Long"
    return "Double" if isinstance(value, float) else type(value).__name__


def boxed_equal(a: Any, b: Any) -> bool:
    """Object.equals."""
    if box(a) != box(b):
        return False
    if isinstance(a, float):
        return double_bits(a) == double_bits(b)
    if isinstance(a, decimal.Decimal):
        return bool(a.as_tuple() == b.as_tuple())
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(boxed_equal, a, b))
    return bool(a == b)


def double_bits(number: float) -> bytes:
    """Double.doubleToLongBits, which knows one NaN."""
    return struct.pack(">d", math.nan if number != number else number)


def binary(what: str, a: Any, b: Any) -> Iterator[Offer]:
    """What `==`, `equals`, `compareTo` and `contains` give."""
    if what in EQUALITY:
        for key, same in _equalities(a, b):
            yield key, lambda same=same: same() is EQUALITY[what]
    elif what in ORDER:
        yield from _orders(what, a, b)
    elif what in ("in", "not in"):
        for key, found in _containing(a, b):
            yield key, lambda found=found: found() is (what == "in")


def _equalities(a: Any, b: Any) -> Iterator[Offer]:
    if isinstance(a, str) and isinstance(b, str):
        yield "string-identity/reference", lambda: False
        yield "case-mapping/equals", lambda: a.upper().lower() == b.upper().lower()
    elif is_number(a) and is_number(b):
        if box(a) != box(b):
            yield "boxed-equals/type", lambda: False
        if isinstance(a, float) or isinstance(b, float):
            yield "double-equals/bits", lambda: double_bits(float(a)) == double_bits(float(b))
            yield "numeric-promotion/equals", lambda: float(a) == float(b)
            yield "float32/equals", lambda: jdk.float32(float(a)) == jdk.float32(float(b))
            yield "float-tolerance/equals", lambda: abs(a - b) < 1e-9
        if is_int(a) and is_int(b) and not isinstance(a, bool):
            yield "boxed-identity/cache", lambda: a == b and -128 <= a <= 127
    elif is_decimal_beside(a, b):
        one, other = decimal.Decimal(a), decimal.Decimal(b)
        yield "decimal-scale/equals", lambda: one.as_tuple() == other.as_tuple()
    elif isinstance(a, datetime.datetime) and isinstance(b, datetime.datetime):
        yield (
            "instant-equals/offset",
            lambda: (
                a.replace(tzinfo=None) == b.replace(tzinfo=None) and a.utcoffset() == b.utcoffset()
            ),
        )
    elif isinstance(a, (list, tuple, dict)) and isinstance(b, (list, tuple, dict)):
        yield "array-identity/reference", lambda: a is b
        if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
            yield "boxed-equals/elements", lambda: boxed_equal(list(a), list(b))
            if type(a) is not type(b):
                yield "boxed-equals/sequence", lambda: list(a) == list(b)
    if a is None or b is None:
        if a is not b:
            yield "null-comparison/throws", lambda: _raise(jdk.null_pointer())


def is_decimal_beside(a: Any, b: Any) -> bool:
    """Whether both are Decimals, or one is and the other is whole: BigDecimal.ZERO has scale 0."""
    exact = (decimal.Decimal, int)
    return (
        isinstance(a, exact)
        and isinstance(b, exact)
        and (isinstance(a, decimal.Decimal) or isinstance(b, decimal.Decimal))
        and not (isinstance(a, bool) or isinstance(b, bool))
    )


def _raise(error: Exception) -> Any:
    raise error


def _orders(what: str, a: Any, b: Any) -> Iterator[Offer]:
    if isinstance(a, str) and isinstance(b, str):
        yield "utf16-order/compare", lambda: ORDER[what](jdk.compared(a, b), 0)
        yield "case-order/ignoring", lambda: ORDER[what](a.upper().lower(), b.upper().lower())
    elif is_number(a) and is_number(b):
        if isinstance(a, float) or isinstance(b, float):
            yield "double-order/compare", lambda: ORDER[what](_total(float(a)), _total(float(b)))
            yield "numeric-promotion/order", lambda: ORDER[what](float(a), float(b))
        elif not isinstance(a, bool):
            yield "subtract-comparator/int", lambda: ORDER[what](jdk.wrapped(a - b, 32), 0)
            yield "subtract-comparator/long", lambda: ORDER[what](jdk.wrapped(a - b, 64), 0)
    elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        if any(isinstance(one, str) for one in (*a, *b)):
            yield (
                "utf16-order/elements",
                lambda: ORDER[what]([order_key(one) for one in a], [order_key(one) for one in b]),
            )
    if isinstance(a, SINGLE) and isinstance(b, SINGLE) and a == b:
        yield "boundary/equal", lambda: what in ("<", ">")


def order_key(value: Any) -> Any:
    """What orders values as their compareTo does."""
    if isinstance(value, str):
        return jdk.sort_key(value)
    if isinstance(value, float):
        return _total(value)
    if isinstance(value, (list, tuple)):
        return tuple(map(order_key, value))
    return value


def _total(number: float) -> Tuple[int, float, float]:
    """Double.compare: -0.0 before 0.0, NaN behind all."""
    return (1, 0.0, 0.0) if number != number else (0, number, math.copysign(1.0, number))


def has_double(key: Any) -> bool:
    """Whether a key is a float, or a tuple with one."""
    return any(map(has_double, key)) if isinstance(key, tuple) else isinstance(key, float)


def has_nan(key: Any) -> bool:
    """Whether a key is NaN, or a tuple with one."""
    if isinstance(key, tuple):
        return any(map(has_nan, key))
    return isinstance(key, float) and key != key


def double_key(key: Any, nan: int) -> Any:
    """What orders numbers as Double.compare does, within tuples too; NaN is behind all, or before.

    A key that is negated is a comparator that is reversed: there NaN comes first.
    """
    if isinstance(key, tuple):
        return tuple(double_key(one, nan) for one in key)
    if not isinstance(key, (int, float)):
        return key
    if key != key:
        return (nan, 0.0, 0.0)
    return (0, key, math.copysign(1.0, key) if isinstance(key, float) else 1.0)


def unit_key(key: Any) -> Any:
    """What orders texts by their UTF-16 units, within tuples too, and all else as python does.

    Bytes that are texts in UTF-8 are what Java sorts before it encodes them.
    """
    if isinstance(key, (list, tuple)):
        return tuple(map(unit_key, key))
    if isinstance(key, bytes):
        try:
            return jdk.sort_key(key.decode())
        except UnicodeDecodeError:
            return key
    return order_key(key) if isinstance(key, str) else key


def _containing(a: Any, b: Any) -> Iterator[Offer]:
    if isinstance(b, (list, tuple, set, frozenset, dict)) and not isinstance(a, (list, dict, set)):
        items = list(b)
        yield "boxed-equals/contains", lambda: any(boxed_equal(a, one) for one in items)
        if is_int(a):
            yield "boxed-equals/other-box", lambda: False
        if a is None:
            yield "null-comparison/contains", lambda: _raise(jdk.null_pointer())
        if isinstance(b, dict):
            yield "null-default/contains", lambda: b.get(a) is not None
        if isinstance(a, str) and any(isinstance(one, str) for one in items):
            yield "string-identity/contains", lambda: False
    elif isinstance(a, str) and isinstance(b, str):
        if not a:
            yield "empty-substring/absent", lambda: False
        yield "case-mapping/contains", lambda: a.lower() in b.lower()


# ---------------------------------------------------------------- truth


def truth(value: Any) -> Iterator[Offer]:
    """What stands in Java where Python asks a value for its truth."""
    yield "skipped-guard/then", lambda: True
    yield "skipped-guard/else", lambda: False
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, float):
        yield "nan-truth/compared", lambda: value < 0 or value > 0
    yield "truthiness/not-null", lambda: True
    if is_number(value):
        yield "truthiness/positive", lambda: value > 0
    elif isinstance(value, str):
        yield "truthiness/not-blank", lambda: bool(jdk.java_strip(value))
        yield "truthiness/parse-boolean", lambda: value.lower() == "true"
    elif isinstance(value, decimal.Decimal):
        yield "decimal-scale/zero", lambda: value.as_tuple() != decimal.Decimal(0).as_tuple()


def held(what: str, value: Any) -> Iterator[Offer]:
    """Whether an operand of `or` and `and` counts as there."""
    if isinstance(value, bool):
        return
    yield "truthiness/not-null", lambda: value is not None
    if isinstance(value, float):
        yield "nan-truth/compared", lambda: value < 0 or value > 0
    if is_number(value):
        yield "truthiness/positive", lambda: value > 0
    elif isinstance(value, str):
        yield "truthiness/not-blank", lambda: bool(jdk.java_strip(value))


def either(what: str, value: Any) -> Iterator[Offer]:
    """What `||` and `&&` give."""
    if not isinstance(value, bool):
        yield "or-operand/boolean", lambda: bool(value)


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """bool(), any(), all() and the equality of Decimals by method."""
    a: Any = args[0] if args else None
    if name == "builtins.bool" and args:
        yield from truth(a)
    elif name == "decimal.Decimal.compare" and len(args) == 2:
        yield (
            "decimal-scale/compare",
            lambda: decimal.Decimal(0 if a.as_tuple() == args[1].as_tuple() else 1),
        )
    elif name in ("builtins.any", "builtins.all") and isinstance(a, (list, tuple, set, dict)):
        if not a:
            yield "empty-all/turned", lambda: name == "builtins.any"
        elif name == "builtins.any":
            yield "truthiness/any", lambda: any(one is not None for one in a)
        else:
            yield "truthiness/all", lambda: all(one is not None for one in a)
    elif name == "builtins.isinstance" and len(args) == 2:
        if isinstance(a, bool) and args[1] is int:
            yield "bool-as-number/instance", lambda: False
