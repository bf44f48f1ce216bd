"""A record is Java's only tuple: its components have an order, and a tuple is compared by it."""

from __future__ import annotations

from typing import Any

import pytest

from parity.diff.forms import unmarked
from parity.diff.walk import Comparison
from parity.model import Terms


def row(*values: Any) -> dict[str, Any]:
    names = ("name", "at", "more")
    return {"$object": ["shop.Row", dict(zip(names, values, strict=False)), "record"]}


def bean(*values: Any) -> dict[str, Any]:
    return {"$object": row(*values)["$object"][:2]}


def pair(*values: Any) -> dict[str, Any]:
    return {"$tuple": list(values)}


def told(python: Any, java: Any, **more: Any) -> list[tuple[str, str]]:
    found = Comparison(Terms(**more)).differences(python, java)
    return [(one.path, one.kind) for one in found]


def test_a_tuple_is_a_record_of_the_same_components_in_their_order() -> None:
    assert not told(pair("a", 1), row("a", 1))
    assert told(pair("a", 1), row("a", 2)) == [("$[1]", "changed")]
    assert told(pair("a", 1), row("a", 1, None)) == [("$[2]", "unexpected")]
    assert told(pair("a", 1.0), row("a", 1)) == [("$[1]", "type")]
    assert not told(pair("a", 1.0), row("a", 1), numbers="by-value")


def test_what_has_no_order_is_no_tuple() -> None:
    assert told(pair("a", 1), bean("a", 1)) == [("$", "type")]
    assert told(["a", 1], row("a", 1)) == [("$", "type")]


def test_a_record_has_names_for_what_has_names() -> None:
    assert not told({"at": 1, "name": "a"}, row("a", 1))
    assert not told({"$object": ["shop:Row", {"at": 1, "name": "a"}]}, row("a", 1))
    assert told({"name": 1, "at": "a"}, row("a", 1)) == [("$.name", "type"), ("$.at", "type")]


def test_records_are_told_apart_and_lined_up_as_tuples() -> None:
    python = [pair("a", 1), pair("b", 2), pair("c", 3)]
    assert told(python, [row("b", 2), row("c", 3)]) == [("$[0]", "missing")]
    assert told(python, [row("c", 3), row("b", 2), row("a", 1)]) == [("$", "order")]
    bag = {"$set": [pair("a", 1), pair("b", None)]}
    assert not told(bag, {"$set": [row("b", None), row("a", 1)]})
    assert told(bag, {"$set": [row("b", 2), row("a", 1)]}) == [
        ("$", "missing"),
        ("$", "unexpected"),
    ]


def test_many_records_in_a_set_find_their_tuples() -> None:
    numbers = range(400)
    python = {"$set": [pair(number, pair(number)) for number in numbers]}
    java = {"$set": [row(number, row(number)) for number in reversed(numbers)]}
    assert not told(python, java)


@pytest.mark.parametrize(("value", "found"), [(7, []), (8, [('$[{"$tuple":["a",1]}]', "changed")])])
def test_a_key_that_is_a_tuple_may_be_a_record(value: int, found: list[Any]) -> None:
    python = {"$dict": [[pair("a", 1), 7]]}
    assert told(python, {"$dict": [[row("a", 1), value]]}) == found


def test_what_is_told_is_in_fixture_form() -> None:
    assert unmarked([{"a": row("x", row("y", 1))}]) == [{"a": bean("x", bean("y", 1))}]
