"""The law of the fixture form: writing and reading a value gives the same value."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.values.check import check_form, read_text
from parity.values.form import TAGS, Form, dumps, read, write
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
    identical,
    resolve,
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
SLOW_IS_FINE = settings(
    database=None, deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow]
)


def written_and_read(value: Any, *, aliases: bool = False) -> tuple[Form, Any]:
    """A value after a journey through text, checked on the way as a fixture file is."""
    text = dumps(write(value, exact=True, aliases=aliases))
    form = read_text(text)
    check_form(form, text)
    return form, read(form, resolve)


@SLOW_IS_FINE
@given(VALUES)
def test_writing_and_reading_is_the_identity(value: Any) -> None:
    _, again = written_and_read(value)
    assert identical(value, again, shared=False)


@SLOW_IS_FINE
@given(VALUES)
def test_reading_and_writing_is_a_fixed_point(value: Any) -> None:
    text = dumps(write(value, exact=True))
    assert dumps(write(read(json.loads(text), resolve), exact=True)) == text


def test_the_strategy_gives_every_tag_that_is_no_reference() -> None:
    met: set[str] = set()

    @settings(database=None, deadline=None, max_examples=1500, derandomize=True)
    @given(VALUES)
    def look(value: Any) -> None:
        text = dumps(write(value, exact=True))
        met.update(tag for tag in TAGS if f'{{"{tag}":' in text)

    look()
    assert met == TAGS - {"$ref"}
