"""Values that are made are of their shape, and the same for the same number."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from parity.fuzz.edges import Edges
from parity.fuzz.making import Maker, coupled, near_texts, packed, paired, with_part
from parity.fuzz.shapes import (
    NONE,
    AnyOf,
    Choice,
    Fields,
    Items,
    Pairs,
    Scalar,
    Shape,
    any_of,
    fits,
)
from parity.fuzz.sources import Sources
from parity.values.check import check_form
from parity.values.form import dumps

INT = Scalar("int", -(2**31), 2**31 - 1)
STR = Scalar("str")
SHAPES: list[Shape] = [
    INT,
    Scalar("float"),
    Scalar("single"),
    Scalar("char"),
    STR,
    Scalar("bytes"),
    Scalar("Decimal"),
    Scalar("datetime"),
    Scalar("aware datetime"),
    Scalar("offset datetime"),
    Scalar("date"),
    Scalar("time"),
    Scalar("timedelta"),
    Scalar("UUID"),
    Items("list", INT),
    Items("list", Items("list", STR)),
    Items("tuple", any_of([INT, STR]), (INT, STR)),
    Items("set", STR),
    Pairs(STR, INT),
    Pairs(INT, Items("list", STR)),
    Fields(None, (("a", INT), ("b", STR)), frozenset({"a"})),
    Fields("shop:Order", (("a", INT),), frozenset({"a"})),
    Choice(("1", '"x"')),
    AnyOf((INT, NONE)),
]


def maker(number: int = 0) -> Maker:
    sources = Sources(numbers=(17, 2.5), texts=("key", "two words"))
    return Maker(Edges.of(sources), random.Random(number))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_value_is_of_its_shape_and_can_be_written(shape: Shape) -> None:
    making = maker()
    edges = list(itertools.islice(making.at_edges(shape), 120))
    made = edges + [making.sample(shape) for _ in range(60)]
    assert len({dumps(one) for one in made}) > 1
    for form in made:
        assert fits(form, shape), form
        check_form(form, dumps(form))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_change_makes_another_value_and_leaves_the_first_as_it_was(shape: Shape) -> None:
    making = maker()
    for _ in range(10):
        form = making.sample(shape)
        text = dumps(form)
        changed = [making.mutated(form, shape, []) for _ in range(10)]
        near = list(itertools.islice(making.nearest(form, shape), 60))
        assert dumps(form) == text
        for one in (*changed, *near):
            check_form(one, dumps(one))


def test_what_is_made_depends_on_the_number_alone() -> None:
    def some(number: int) -> list[Any]:
        making = maker(number)
        return [making.sample(shape) for shape in SHAPES for _ in range(20)]

    assert dumps(some(3)) == dumps(some(3))
    assert dumps(some(3)) != dumps(some(4))


def test_none_comes_last_where_nobody_has_recorded_it() -> None:
    values = list(maker().at_edges(AnyOf((INT, NONE))))
    assert values[-1] is None
    assert values.count(None) == 1


def test_what_is_near_a_text_has_other_blanks_and_other_digits() -> None:
    near = set(maker().nearest("a 1", STR))
    assert {"a\u00a01", "a \u0661", "A 1", "a 1\n", ""} <= near


def test_what_is_near_a_list_has_items_left_out_doubled_and_swapped() -> None:
    near = [dumps(one) for one in maker().nearest([1, 2], Items("list", INT))]
    assert {"[2]", "[1,1,2]", "[2,1]", "[]", "[1,3]"} <= set(near)


def test_a_set_holds_each_value_once_in_one_order() -> None:
    assert packed("set", [2, 1, 2.0, [3]]) == packed("set", [1, 2.0])
    assert packed("set", ["b", "a"]) == packed("set", ["a", "b"])


def test_a_dict_with_other_keys_than_texts_is_written_as_pairs() -> None:
    assert paired([("a", 1), ("a", 2)]) == {"a": 2}
    assert paired([(1, "x"), (1.0, "y")]) == {"$dict": [[1.0, "y"]]}
    assert paired([("$tuple", 1)]) == {"$dict": [["$tuple", 1]]}


def test_one_part_of_a_value_is_exchanged() -> None:
    assert with_part({"$tuple": [1, 2]}, 1, 3) == {"$tuple": [1, 3]}
    assert with_part({"$object": ["m:C", {"a": 1}]}, 0, 2) == {"$object": ["m:C", {"a": 2}]}
    assert with_part({"a": 1, "b": 2}, 1, 3) == {"a": 1, "b": 3}


def test_values_for_two_places_are_of_both_shapes() -> None:
    small, text = Scalar("int", -128, 127), any_of([Scalar("str"), NONE])
    numbers = list(coupled(small, small))
    assert len(numbers) > 5
    assert all(fits(one, small) and fits(other, small) for one, other in numbers)
    assert ("\ufffd", "\U0001f680") in list(coupled(text, text))
    assert list(coupled(text, small)) == []
    halves = list(coupled(Scalar("int"), Scalar("float")))
    assert all(type(one) is not float for one, _ in halves)
    assert halves


def test_what_is_near_a_date_in_a_text_is_another_date() -> None:
    near = list(near_texts("2024-02-28"))
    assert {"2024-02-29", "2023-02-28", "2024-12-28", "2024-02-31"} <= set(near)
    assert "2024-02-29" in near[:60]
    assert {"az", "by"} <= set(near_texts("ay"))
