"""Strategies for values of every kind that the fixture form has."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.unit.values.samples import (
    FOLD,
    TEXT,
    TZINFO,
    Box,
    Colour,
    Level,
    Pair,
    Point,
    Right,
    Slotted,
    Trouble,
    datetimes,
)

INTS = st.integers() | st.sampled_from(
    [s * 2**p + d for p in (53, 63, 70) for s in (1, -1) for d in (-1, 0, 1)]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    INTS,
    st.floats(),
    st.sampled_from([0.0, -0.0, 1e16, 1e-5]),
    TEXT,
    st.binary(max_size=5),
    st.decimals(),
    datetimes(),
    st.dates(),
    st.builds(
        lambda time, zone, fold: time.replace(tzinfo=zone, fold=fold), st.times(), TZINFO, FOLD
    ),
    st.timedeltas(),
    st.uuids(),
    st.sampled_from([*Colour, *Level, *Right]),
)
HASHABLE = st.recursive(
    # What is no number equals nothing, and a signalling one cannot even be hashed.
    SCALARS.filter(lambda value: "nan" not in str(value).lower()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(tuple),
        st.frozensets(inner, max_size=2),
        st.builds(Point, inner, inner),
    ),
    max_leaves=3,
)


def slotted(hidden: Any, shown: Any, more: dict[str, Any]) -> Slotted:
    made = Slotted()
    made.shown = shown
    made._Base__hidden = hidden  # type: ignore[attr-defined]
    vars(made).update(more)
    return made


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.sets(HASHABLE, max_size=4),
        st.frozensets(HASHABLE, max_size=4),
        st.dictionaries(TEXT, inner, max_size=3),
        st.dictionaries(HASHABLE, inner, max_size=3),
        st.builds(Box, inner, inner),
        st.builds(Point, inner, inner),
        st.builds(Pair, inner, inner),
        st.builds(
            slotted, inner, inner, st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
        ),
        st.lists(inner, max_size=2).map(lambda args: Trouble(*args)),
    )


VALUES = st.recursive(SCALARS, containers, max_leaves=12)
