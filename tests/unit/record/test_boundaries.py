"""Which inputs are at a boundary of what was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.record.boundaries import Marks, marks_of
from parity.values.form import write

# How long it takes says how busy the machine is.
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
SIMPLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)


def marks(*inputs: Sequence[Any], behave: Callable[..., Any] = lambda *_: None) -> list[Marks]:
    """The marks of calls with these arguments, of a unit that behaves like that."""
    forms = [{"args": write(list(args))} for args in inputs]
    nothing: list[list[str]] = [[] for _ in inputs]
    return marks_of(forms, nothing, [[repr(behave(*args))] for args in inputs])


def named(found: Marks, place: str) -> set[str]:
    """What the marks of a place say."""
    return {mark[1] for mark in found if mark[0] == place and len(mark) == 2}


@UNHURRIED
@given(st.lists(st.tuples(SIMPLE, SIMPLE), max_size=6))
def test_every_input_has_its_marks_whatever_it_is(inputs: list[tuple[Any, Any]]) -> None:
    assert len(marks(*inputs, behave=lambda one, _: bool(one))) == len(inputs)


@UNHURRIED
@given(st.lists(st.tuples(SIMPLE), min_size=1, max_size=6), st.randoms())
def test_the_order_in_which_inputs_were_seen_does_not_count(
    inputs: list[tuple[Any]], dice: Any
) -> None:
    order = list(range(len(inputs)))
    dice.shuffle(order)
    first, then = marks(*inputs), marks(*(inputs[index] for index in order))
    assert [first[index] for index in order] == then


def test_the_least_and_the_greatest_and_those_next_to_zero() -> None:
    found = marks(*((number,) for number in (-7, -2, 0, 3, 9, 5)))
    place = "$.args[0]"
    assert [named(one, place) for one in found] == [
        *({"least"}, {"below zero"}, {"zero"}, {"above zero"}, {"greatest"}, set())
    ]


def test_the_shortest_and_the_longest_text() -> None:
    found = marks(*((text,) for text in ("bb", "", "aaaa", "ccc")))
    lengths = [named(one, "$.args[0] text length") for one in found]
    assert lengths == [{"above zero"}, {"least", "zero"}, {"greatest"}, set()]
    assert ["first" in named(one, "$.args[0] text") for one in found] == [False, True, False, False]


def test_what_all_inputs_have_marks_none() -> None:
    assert marks((1, "a"), (1, "a")) == [frozenset(), frozenset()]


def test_a_missing_member_and_nothing_and_each_kind_are_marked() -> None:
    one, other = marks(({"a": 1, "b": 2},), ({"a": None},))
    assert ("$.args[0]", "without", "b") in other
    assert ("$.args[0].a", "kind", "nothing") in other
    assert ("$.args[0].a", "kind", "number") in one


def test_each_value_of_a_place_that_has_few_is_marked() -> None:
    few = marks(*((size,) for size in ("1 KiB", "2 KiB", "8 GiB", "1 KiB")))
    assert [("$.args[0]", "value", "'1 KiB'") in one for one in few] == [True, False, False, True]
    many = marks(*((number,) for number in range(50)))
    assert {mark for one in many for mark in one if mark[1] == "value"} == set()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3], {"rising"}),
        ([3, 2, 1], {"falling"}),
        ([2, 1, 3], {"mixed"}),
        ([2, 1, 2], {"mixed", "equal", "equal greatest"}),
        ([1, 1, 2], {"rising", "equal", "equal least"}),
        ([4, 4], {"all equal"}),
    ],
)
def test_equal_elements_and_their_order(values: list[int], expected: set[str]) -> None:
    found, rows, _ = marks((values,), ([{"n": value} for value in values],), (None,))
    names = {"rising", "falling", "mixed", "equal", "equal least", "equal greatest", "all equal"}
    assert named(found, "$.args[0]") & names == expected
    assert named(rows, "$.args[0].*.n") & names == expected


def test_names_that_are_data_are_one_place() -> None:
    hosts = [({f"host-{index}-{number}": number for index in range(9)},) for number in range(9)]
    found = marks(*hosts)
    assert "least" in named(found[0], "$.args[0].*")
    assert "greatest" in named(found[8], "$.args[0].*")


def test_numbers_of_one_input_that_are_equal_or_next_to_each_other() -> None:
    found = marks((5, 9), (8, 8), (7, 6), (6, 8), (20, 3))
    kinds = [{mark[1] for mark in one if mark[-1] == "$.args[1]"} for one in found]
    assert kinds == [set(), {"equals"}, {"above"}, {"below"}, set()]


def test_a_limit_is_marked_on_both_sides() -> None:
    def behave(text: str) -> bool:
        return len(text) <= 64

    lengths = (3, 63, 64, 65, 70)
    found = marks(*(("x" * length,) for length in lengths), behave=behave)
    at_limit = [
        any(mark[0].startswith("$.args[0] text length") and len(mark) == 3 for mark in one)
        for one in found
    ]
    assert at_limit == [False, False, True, True, False]


def test_an_input_whose_ways_are_not_known_is_on_neither_side() -> None:
    forms = [{"args": [number]} for number in (1, 2, 3, 4)]
    found = marks_of(forms, [["low"], ["low"], None, ["high"]], [(), (), (), ()])
    at_limit = [any(mark[-1] == "low" for mark in one) for one in found]
    assert at_limit == [False, True, False, True]


def test_characters_beyond_ascii_are_marked_by_kind() -> None:
    plain, space, wide = marks(("a b",), ("a\u00a0b",), ("\U0001f600",))
    place = "$.args[0] text"
    assert (place, "other", "Zs") in space - plain
    assert (place, "wide", "So") in wide


def test_numbers_that_json_cannot_say_are_numbers() -> None:
    found = marks((2**70,), (float("inf"),), (-1.5,), (float("nan"),))
    assert "greatest" in named(found[1], "$.args[0]")
    assert "least" in named(found[2], "$.args[0]")
    assert "not a number" in named(found[3], "$.args[0]")
