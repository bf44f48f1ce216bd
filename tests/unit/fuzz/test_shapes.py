"""Shapes: what java can hold, what annotations say, what fixtures show, and all of it together."""

from __future__ import annotations

from typing import Any

import pytest

from parity.fuzz.shapes import (
    ANYTHING,
    NONE,
    Fields,
    Items,
    Pairs,
    Scalar,
    any_of,
    as_meant,
    fits,
    has_reals,
    has_strange_none,
    joined,
    kind_of,
    met,
    of_form,
    of_java,
    of_python,
    with_nulls,
)

INT = {"type": "int"}


@pytest.mark.parametrize(
    ("document", "inside", "outside"),
    [
        (INT, [0, -(2**31), 2**31 - 1], [2**31, None, True, 1.0, "1"]),
        ({"type": "Long"}, [None, 2**53], [2**63, {"$int": str(2**63)}]),
        ({"type": "double"}, [1.5, 1, {"$float": "nan"}], [2**53 + 1, None, "1.5"]),
        ({"type": "float"}, [0.5, 2**24], [0.1, 2**24 + 1]),
        ({"type": "char"}, ["a"], ["", "ab", "\U0001f680"]),
        (
            {"type": "List", "of": INT},
            [[], [1], {"$tuple": [1]}, None],
            [[None], [2**31], {"$set": []}],
        ),
        ({"type": "Set", "of": {"type": "String"}}, [{"$set": ["a"]}], [["a"], {"$set": [1]}]),
        (
            {"type": "Map", "keys": {"type": "String"}, "of": INT},
            [{}, {"a": 1}],
            [{"a": "b"}, {"$dict": [[1, 1]]}],
        ),
        ({"type": "record", "fields": {"hostName": INT}}, [{"host_name": 1}], [{}, {"other": 1}]),
    ],
)
def test_what_java_cannot_hold_does_not_fit(
    document: dict[str, Any], inside: list[Any], outside: list[Any]
) -> None:
    shape = of_java(document)
    assert [one for one in inside if not fits(one, shape)] == []
    assert [one for one in outside if fits(one, shape)] == []


def test_a_shape_that_meets_another_keeps_the_bounds_of_java_and_the_names_of_python() -> None:
    java = of_java({"type": "Map", "keys": {"type": "String"}, "of": INT})
    shown = joined([of_form({"a": 1, "b": 2}), of_form({"a": 3})])
    found = met(java, shown)
    bounded = Scalar("int", -(2**31), 2**31 - 1)
    assert found == Fields(None, (("a", bounded), ("b", bounded)), frozenset({"a"}))


def test_a_list_of_java_is_a_tuple_where_python_says_so() -> None:
    annotated = of_python({"is": "tuple", "each": [{"is": "int"}, {"is": "int"}]})
    found = met(of_java({"type": "List", "of": INT}), annotated)
    bounded = Scalar("int", -(2**31), 2**31 - 1)
    assert found == any_of([Items("tuple", bounded, (bounded, bounded))])


def test_dicts_with_few_keys_in_common_are_maps_and_not_records() -> None:
    shown = joined([of_form({name: 1}) for name in "abcde"])
    assert shown == Pairs(Scalar("str"), Scalar("int"))


def test_nothing_is_known_of_nothing() -> None:
    assert joined([]) == ANYTHING
    assert met(ANYTHING, NONE) == NONE
    assert met(of_java(INT), ANYTHING) == Scalar("int", -(2**31), 2**31 - 1)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        (None, "None"),
        (True, "bool"),
        ({"$int": "1"}, "int"),
        ({"$float": "nan"}, "float"),
        ({"$dict": []}, "dict"),
        ({"$tuple": []}, "tuple"),
        ({"$datetime": "2024-01-01T00:00:00Z"}, "aware datetime"),
        ({"$datetime": "2024-01-01T00:00:00"}, "datetime"),
    ],
)
def test_the_kind_of_a_form_is_seen_without_looking_into_it(form: Any, kind: str) -> None:
    assert kind_of(form) == kind


def test_a_whole_number_is_not_given_where_a_float_is_meant() -> None:
    reals = Items("list", Scalar("float"))
    assert as_meant([1.5, {"$float": "nan"}], reals)
    assert not as_meant([1.5, 1], reals)
    assert not as_meant(1, any_of([Scalar("float"), NONE]))
    assert as_meant(1, any_of([Scalar("float"), Scalar("int")]))
    assert as_meant(True, Scalar("bool"))
    assert has_reals(Pairs(Scalar("str"), reals))
    assert not has_reals(Scalar("int"))


def test_none_is_tried_where_java_can_hold_it_and_no_annotation_says_it_is_none() -> None:
    numbers, boxed = Items("list", Scalar("int")), of_java({"type": "List", "of": {"type": "Long"}})
    told = met(boxed, numbers)
    assert not fits([None], told)
    wide = with_nulls(told, boxed, ANYTHING)
    assert fits(None, wide)
    assert fits([1, None], wide)
    assert with_nulls(told, boxed, numbers) == told
    assert with_nulls(Scalar("int"), of_java(INT), ANYTHING) == Scalar("int")
    record = Fields(None, (("a", Scalar("str")), ("b", Scalar("int"))), frozenset("ab"))
    java = of_java({"type": "record", "fields": {"a": {"type": "String"}, "b": INT}})
    wide = with_nulls(record, java, ANYTHING)
    assert fits({"a": None, "b": 1}, wide)
    assert not fits({"a": "", "b": None}, wide)


def test_a_none_that_nobody_told_of_is_strange() -> None:
    record = Fields(None, (("a", Items("list", Scalar("str"))),), frozenset("a"))
    assert has_strange_none({"a": ["", None]}, record)
    assert not has_strange_none({"a": [""]}, record)
    assert not has_strange_none(None, any_of([record, NONE]))
    assert not has_strange_none([None], ANYTHING)


def test_a_tuple_fits_a_record_by_place_and_no_bean() -> None:
    fields = {"a": {"type": "String"}, "b": INT}
    record = of_java({"type": "record", "fields": fields})
    bean = of_java({"type": "bean", "fields": fields})
    pair = Items("tuple", ANYTHING, (Scalar("str"), Scalar("int")))
    found = met(record, pair)
    assert isinstance(found, Items)
    assert found.each is not None
    assert found.each[1] == Scalar("int", -(2**31), 2**31 - 1)
    longer = met(record, Items("tuple", ANYTHING))
    assert isinstance(longer, Items)
    assert longer.each is not None
    assert len(longer.each) == 2
    assert not isinstance(met(bean, pair), Items)
    entry = of_java({"type": "Map.Entry", "keys": {"type": "String"}, "of": {"type": "Long"}})
    assert fits({"$tuple": ["x", 1]}, entry)
    assert met(entry, pair) != ANYTHING
    assert fits({"$tuple": ["x", 1]}, record)
    for form in ({"$tuple": ["x"]}, {"$tuple": ["x", "y"]}, ["x", 1]):
        assert not fits(form, record)
    assert not fits({"$tuple": ["x", 1]}, bean)
