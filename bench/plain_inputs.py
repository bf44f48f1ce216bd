"""Inputs by nothing but the declared type of a Java parameter: strategies, and boundaries.

Whoever writes a property-based test by hand for a ported function starts from these.
"""

from __future__ import annotations

import datetime
import decimal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from bench.catalogue import generic

Strategy = st.SearchStrategy[Any]
WIDTHS = {"byte": 8, "Byte": 8, "short": 16, "Short": 16, "int": 32, "Integer": 32}
WIDTHS |= {"long": 64, "Long": 64}
PRIMITIVE = ("boolean", "byte", "short", "char", "int", "long", "float", "double")
CHARACTERS = (
    " \t\n\r\x00\x1c\x85\xa0\u2003\u2028aAzZ09_-+.,;:/\\'\"|"
    "éßİıſΣσς٣²ǅ中～\ufeff\U0001f600\U0001d7ce"
)


def strategy_of(kind: str, *, nulls: bool = True) -> Strategy:
    """What a parameter of this type can be given; None too where it can be null."""
    raw, inner = generic(kind)
    made = _strategy(raw, inner, nulls)
    return made if raw in PRIMITIVE or not nulls else st.none() | made


def _strategy(raw: str, inner: list[str], nulls: bool) -> Strategy:
    if raw in WIDTHS:
        most = 2 ** (WIDTHS[raw] - 1)
        return st.integers(-most, most - 1)
    simple = SIMPLE.get(raw)
    if simple is not None:
        return simple()
    parts = [strategy_of(one, nulls=nulls) for one in inner]
    if raw in ("Map", "HashMap", "LinkedHashMap", "TreeMap", "SortedMap"):
        return st.dictionaries(strategy_of(inner[0], nulls=False), parts[1])
    if raw.endswith("Set"):
        return st.sets(strategy_of(inner[0], nulls=False))
    if raw == "Optional":
        return parts[0]
    if raw == "Object":
        return st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    return st.lists(parts[0])


SIMPLE: Mapping[str, Callable[[], Strategy]] = {
    "boolean": st.booleans,
    "Boolean": st.booleans,
    "double": st.floats,
    "Double": st.floats,
    "float": lambda: st.floats(width=32),
    "Float": lambda: st.floats(width=32),
    "Number": lambda: st.integers() | st.floats(),
    "BigInteger": st.integers,
    "BigDecimal": lambda: st.decimals(allow_nan=False, allow_infinity=False),
    "char": lambda: st.characters(max_codepoint=0xFFFF),
    "Character": lambda: st.characters(max_codepoint=0xFFFF),
    "String": st.text,
    "CharSequence": st.text,
    "byte[]": st.binary,
    "LocalDate": st.dates,
    "LocalTime": st.times,
    "LocalDateTime": st.datetimes,
    "OffsetDateTime": lambda: st.datetimes(timezones=st.just(datetime.UTC)),
    "Instant": lambda: st.datetimes(timezones=st.just(datetime.UTC)),
    "Duration": st.timedeltas,
    "UUID": st.uuids,
}


def boundaries(kind: str) -> list[Any]:
    """Values at the edges of a type, and those that ports are known to get wrong."""
    raw, inner = generic(kind)
    edges = [] if raw in PRIMITIVE else [None]
    if raw in WIDTHS:
        edges += _whole(WIDTHS[raw])
    elif raw == "BigInteger":
        edges += [*_whole(64), 2**64, -(2**64), 10**30]
    elif raw in ("double", "Double"):
        edges += _floats()
    elif raw in ("boolean", "Boolean"):
        edges += [True, False]
    elif raw in ("String", "CharSequence"):
        edges += [
            "",
            *CHARACTERS,
            "ab",
            "a b",
            "  a  ",
            "A1b",
            "ΑΣ",
            "1_000",
            "1e5",
            "-1",
            "inf",
            "nan",
        ]
    elif raw == "BigDecimal":
        edges += [decimal.Decimal(text) for text in ("0", "-0.00", "1.0", "1.00", "2.5", "1e5")]
    elif raw in ("List", "ArrayList", "Collection", "Iterable", "array"):
        inside = boundaries(inner[0])
        edges += [[], *([one] for one in inside), inside[:3], inside[-2:], inside[1:3] * 2]
    return edges


def _whole(bits: int) -> list[int]:
    found = {0, 1, -1, 2, -2, 3, -3, 7, 10, -10, 100}
    for width in (7, 8, 15, 16, 31, 32, 53, 62, 63, 64):
        for sign in (1, -1):
            found |= {sign * 2**width + more for more in (-1, 0, 1)}
    most = 2 ** (bits - 1)
    return sorted((one for one in found if -most <= one < most), key=abs)


def _floats() -> list[float]:
    found = [
        0.0,
        1.0,
        0.5,
        1.5,
        2.5,
        0.125,
        1.005,
        2.675,
        0.1,
        0.3,
        1e-4,
        1e-5,
        1e6,
        1e7,
        1e15,
        1e16,
    ]
    found += [1e22, 1e23, 1e300, 2.0**31, 2.0**53, 2.0**63, 5e-324, sys.float_info.min]
    found += [sys.float_info.max, float("inf"), 999999.5, 0.00001234565, 2e23, 123456.5]
    return [*found, *(-one for one in found), float("nan")]
