"""Laws of the comparison: a value is itself, and one changed leaf is always seen."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from parity.diff.classes import ClassPairs
from parity.diff.walk import Comparison
from parity.model import Form, Terms
from parity.values.form import MAX_DEPTH, RECURSION, dumps, write
from tests.unit.values.strategies import SCALARS, VALUES

LAWS = settings(
    database=None, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
WIDEST = Terms(
    numbers="by-value",
    float_ulps=4,
    float_relative=1e-6,
    nulls="absent",
    unordered=("$", "$..*"),
)
TIGHTEST = Terms(compare=frozenset({"messages", "map-order", "output"}))
Place = tuple[Any, Any]


def places(form: Form) -> Iterator[Place]:
    """Where a part of a form stands: its holder and its key there, keys of dicts left out."""
    if isinstance(form, list):
        for index, item in enumerate(form):
            yield form, index
            yield from places(item)
    elif isinstance(form, dict):
        ((tag, payload),) = form.items() if len(form) == 1 else (("", None),)
        if tag == "$object":
            yield from members(payload[1])
        elif tag == "$dict":
            for pair in payload:
                yield pair, 1
                yield from places(pair[1])
        elif tag in ("$tuple", "$set", "$frozenset"):
            yield from places(payload)
        elif not tag.startswith("$"):
            yield from members(form)


def members(mapping: dict[str, Form]) -> Iterator[Place]:
    for key, item in mapping.items():
        yield mapping, key
        yield from places(item)


@LAWS
@given(VALUES, st.sampled_from([Terms(), WIDEST, TIGHTEST]), st.booleans())
def test_a_value_is_itself_on_all_terms(value: Any, terms: Terms, same_side: bool) -> None:
    form = write(value)
    comparison = Comparison(terms, same_side=same_side)
    assert comparison.differences(form, copy.deepcopy(form)) == []


@LAWS
@given(VALUES, SCALARS, st.data())
def test_one_changed_part_is_seen(value: Any, other: Any, data: st.DataObject) -> None:
    java: Form = [write(value)]
    python = copy.deepcopy(java)
    holder, key = data.draw(st.sampled_from(list(places(java))))
    assume(dumps(holder[key]) != dumps(write(other)))
    holder[key] = write(other)
    assume(dumps(java) != dumps(python))
    assert Comparison(Terms()).differences(python, java) != []
    assert Comparison(Terms(), document=True).differences(python, java) != []
    assert Comparison(Terms(), same_side=True).differences(python, java) != []


@LAWS
@given(VALUES, VALUES)
def test_a_difference_is_seen_from_both_sides(one: Any, other: Any) -> None:
    comparison = Comparison(Terms(), same_side=True)
    forms = write(one), write(other)
    seen = comparison.differences(*forms) != []
    assert seen == (comparison.differences(*reversed(forms)) != [])


def test_classes_stand_for_each_other_one_for_one() -> None:
    pairs = ClassPairs()
    assert pairs.agree("shop:A", "J")
    assert pairs.agree("shop:A", "J")
    assert not pairs.agree("shop:A", "K")
    assert not pairs.agree("shop:B", "J")


def test_a_class_that_did_not_agree_is_not_remembered() -> None:
    pairs = ClassPairs()
    assert pairs.agree("shop:A", "J")
    assert not pairs.agree("shop:B", "J")
    assert pairs.agree("shop:B", "K")


def test_two_values_of_one_side_have_nothing_forced() -> None:
    comparison = Comparison(Terms(), same_side=True)
    for one, other in (
        ({"$tuple": [1]}, [1]),
        ({"$frozenset": [1]}, {"$set": [1]}),
        ({"$object": ["m:A", {"x": 1}]}, {"x": 1}),
        ({"$object": ["m:A", {}]}, {"$object": ["m:B", {}]}),
        ({"$enum": ["m:A", "X"]}, {"$enum": ["m:B", "X"]}),
        ({"$set": [{"$tuple": [1]}]}, {"$set": [[1]]}),
        ({"$dict": [[{"$tuple": [1]}, 1]]}, {"$dict": [[[1], 1]]}),
    ):
        assert comparison.differences(one, other) != []


@pytest.mark.parametrize("leaf", [1, 2])
def test_whatever_the_sides_can_write_can_be_compared(leaf: int) -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION)  # as a run does
    try:
        compare_deep(leaf)
    finally:
        sys.setrecursionlimit(limit)


def compare_deep(leaf: int) -> None:
    python: Form = 1
    java: Form = leaf
    for _ in range(MAX_DEPTH):
        python, java = [python], [java]
    assert bool(Comparison(Terms()).differences(python, java)) == (leaf != 1)


def test_the_first_differences_are_the_first_of_all() -> None:
    python: Form = [[1, 2, 3], [4, 5], "a", 7]
    java: Form = [[1, 3, 4], [4, 6], "b", 7]
    every = Comparison(Terms()).differences(python, java)
    assert len(every) == 4
    assert Comparison(Terms(), most=2).differences(python, java) == every[:2]
    (reordered,) = Comparison(Terms(), most=2).differences([1, 2, 3, 4], [4, 3, 2, 1])
    assert reordered.kind == "order"
