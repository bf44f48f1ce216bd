"""The quick way to canonical text gives the same bytes as the long one, or leaves it to that."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parity.values import form
from tests.unit.values.strategies import SCALARS, VALUES

TEXTS = st.text(max_size=8) | st.sampled_from(
    [
        "",
        "$",
        "$set",
        'say "$x": 1',
        '"$a":',
        "a\\",
        "-0.0",
        "\ud83d",
        "\ude00",
        "\ud83d\ude00",
        "😀",
    ]
)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0.0, -0.0, -0.05, 2**53, 2**53 + 1, -(2**53) - 1, 0.1 + 0.2, 1e22]),
)
ODD = st.sampled_from(["$set", "$x", "a$", 1, None, True, (), "\ud83d\ude00"])


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXTS, inner, max_size=4),
        st.dictionaries(TEXTS | ODD, inner, max_size=2),
        st.lists(inner, max_size=2).map(tuple),
        st.lists(inner, max_size=2).map(lambda items: [items, items]),
        st.dictionaries(TEXTS, inner, max_size=2).map(OrderedDict),
    )


MOSTLY_PLAIN = st.recursive(
    st.none() | st.booleans() | TEXTS | NUMBERS | SCALARS, containers, max_leaves=12
)


def same_or_none(value: Any) -> bool:
    """Whether the quick way answered, after checking its answer against the long way."""
    quick = form.plain_text(value)
    if quick is None:
        return False
    assert quick == form.dumps(form.write(value))
    return True


@settings(max_examples=1000)
@given(MOSTLY_PLAIN)
@example([-0.0])
@example({"a": -0.05})
@example([2**53 + 1, 0.30000000000000004])
@example(["\ud83d", "\ude00"])
@example(["\ud83d\ude00"])
@example({"$x": 1})
@example(["$x", {"a": "$"}])
def test_the_quick_text_is_the_text(value: Any) -> None:
    same_or_none(value)


@given(VALUES)
def test_the_quick_text_of_any_value_is_the_text(value: Any) -> None:
    same_or_none(value)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.integers(-(2**53), 2**53)
    | st.floats(0.5, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcä😀 ", max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_values_go_the_quick_way(value: Any) -> None:
    assert same_or_none(value)


@pytest.mark.parametrize(
    "value",
    [
        (),
        [()],
        {1: 2},
        {"a": {None: 1}},
        OrderedDict(a=1),
        [b""],
        {"$a": 1},
        [float("nan")],
        [float("inf")],
        -0.0,
        [-0.0],
        2**53 + 1,
        {"a": [-(2**53) - 1]},
        ["\ud83d\ude00"],
        {"\ud83d\ude00": 1},
        type("Number", (int,), {})(1),
        [type("Text", (str,), {})("a")],
        [object],
    ],
)
def test_what_is_not_its_own_form_is_left_to_the_long_way(value: Any) -> None:
    assert form.plain_text(value) is None


def test_a_cycle_is_left_to_the_long_way() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    assert form.plain_text(cycle) is None


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def test_the_writer_s_bound_on_depth_holds() -> None:
    assert form.is_plain(nested(form.MAX_DEPTH))
    assert not form.is_plain(nested(form.MAX_DEPTH + 1))


def test_the_writer_s_bound_on_size_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "MAX_NODES", 100)
    assert form.plain_text([[] for _ in range(99)]) is not None
    assert form.plain_text([[] for _ in range(100)]) is None
    with pytest.raises(form.Formless):
        form.write([[] for _ in range(100)])


def test_a_small_result_is_written_without_the_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(form.Writer, "write", refuse)
    assert form.plain_text({"a": [1, 2.5, None, "ä", {"b": []}]}) == (
        '{"a":[1,2.5,null,"\\u00e4",{"b":[]}]}'
    )
