"""What workers pack is read as the value that it was, and nothing else is read at all."""

from __future__ import annotations

import marshal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.values.form import SAFE_INT, write
from parity.values.packed import NotPlain, unpacked

NUMBERS = st.floats(allow_nan=False, allow_infinity=False).filter(lambda one: str(one) != "-0.0")
KEYS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda key: key[:1] != "$")
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE_INT, SAFE_INT) | NUMBERS | KEYS,
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


def packed(value: Any) -> bytes:
    return marshal.dumps(value, 2)


@given(PLAIN)
def test_a_value_that_is_its_own_form_is_read_as_it_was(value: Any) -> None:
    read = unpacked(packed(value))
    assert repr(read) == repr(value)  # 1, 1.0 and True are equal, and the order of keys counts
    assert write(read) == read


@given(PLAIN, st.data())
def test_what_ends_early_or_goes_on_is_not_read(value: Any, data: st.DataObject) -> None:
    whole = packed(value)
    end = data.draw(st.integers(0, len(whole) - 1))
    for wrong in (whole[:end], whole + b"N"):
        with pytest.raises(NotPlain):
            unpacked(wrong)


@given(st.binary())
def test_whatever_stands_there_is_read_or_refused(data: bytes) -> None:
    try:
        unpacked(data)
    except NotPlain:
        pass


@pytest.mark.parametrize(
    "value",
    [
        (1, 2),
        {1, 2},
        frozenset(),
        b"bytes",
        bytearray(b"bytes"),
        2**53 + 1,
        -(2**70),
        -0.0,
        float("nan"),
        float("-inf"),
        1j,
        ...,
        {1: "a"},
        {"$int": "5"},
        "\ud83d\ude00",
        compile("1", "here", "eval"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_whose_form_is_another_is_not_read(value: Any) -> None:
    for wrong in (value, [1, {"a": [value]}]):
        with pytest.raises(NotPlain):
            unpacked(packed(wrong))


def test_half_of_a_character_is_text_like_any_other() -> None:
    assert unpacked(packed(["\ud83d", "a\ude00"])) == ["\ud83d", "a\ude00"]


def test_deep_values_are_read() -> None:
    value: Any = []
    for _ in range(1500):
        value = [value]
    read = unpacked(packed(value))
    for _ in range(1500):
        (read,) = read
    assert read == []
