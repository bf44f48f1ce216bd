"""What a Lambda's JSON event makes of each Python kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from parity.sides.java.event import EventRefused, event_text
from parity.sides.java.types import KINDS, WIRE
from tests.unit.sides.java.cells import SAMPLES

CARRIED = {
    "None": "null",
    "bool": "true",
    "int": "7",
    "float": "2.5",
    "str": '"x"',
    "list": "[1, 2]",
    "tuple": "[1, 2]",
    "dict": '{"x": 1, "y": 2}',
    "object": '{"x": 1, "y": 2}',
}
TEXTS = {
    "a big int": ({"$int": "9223372036854775808"}, "9223372036854775808"),
    "minus zero": ({"$float": "-0.0"}, "-0.0"),
    "a whole float": (1.0, "1.0"),
    "a lone surrogate": ("\ud83d", '"\\ud83d"'),
    "beyond U+FFFF": ("😀", '"\\ud83d\\ude00"'),
    "deep": ([{"a": {"$tuple": [{"$int": "5"}]}}], '[{"a": [5]}]'),
    "an empty dict": ({"$dict": []}, "{}"),
    "a key that starts with $": ({"$dict": [["$int", "5"]]}, '{"$int": "5"}'),
}
REFUSED = {
    "nan": ({"$float": "nan"}, "$float at $"),
    "inf": ([{"$float": "inf"}], "$float at $[0]"),
    "a set, deep": ({"a": [{"$set": []}]}, "$set at $.a[0]"),
    "a tuple as key": ({"$dict": [[{"$tuple": [1]}, 1]]}, "a key at $"),
    "a decimal in an object": (
        {"$object": ["m:C", {"price": {"$decimal": "1"}}]},
        "$decimal at $.price",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_carried_or_refused(kind: str) -> None:
    assert (kind in CARRIED) == (kind in WIRE)
    if kind in CARRIED:
        assert event_text(SAMPLES[kind]) == CARRIED[kind]
    else:
        with pytest.raises(EventRefused, match="has no form in JSON"):
            event_text(SAMPLES[kind])


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_of_an_event(name: str) -> None:
    form, text = TEXTS[name]
    assert event_text(form) == text


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_event_carries_is_told_with_its_path(name: str) -> None:
    form, where = REFUSED[name]
    with pytest.raises(EventRefused) as told:
        event_text(form)
    assert where in str(told.value)


KEYS: list[Any] = [1, -2, 2**53, 1.0, 1e16, True, False, None]


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_a_key_is_written_as_pythons_json_writes_it(key: Any) -> None:
    assert event_text({"$dict": [[key, 1]]}) == json.dumps({key: 1})


@pytest.mark.parametrize(
    ("form", "key"), [({"$int": "9007199254740993"}, 2**53 + 1), ({"$float": "-0.0"}, -0.0)]
)
def test_a_number_that_needs_a_tag_is_a_key_too(form: Any, key: Any) -> None:
    assert event_text({"$dict": [[form, 1]]}) == json.dumps({key: 1})


def test_two_keys_that_json_writes_alike_are_refused() -> None:
    with pytest.raises(EventRefused):
        event_text({"$dict": [[1, "a"], ["1", "b"]]})


def test_names_of_fields_are_turned_only_by_the_term() -> None:
    form = {"$object": ["m:C", {"target_host": 1, "more_of": {"a_b": {"$dict": [["c_d", 2]]}}}]}
    assert event_text(form) == '{"target_host": 1, "more_of": {"a_b": {"c_d": 2}}}'
    assert event_text(form, "camel") == '{"targetHost": 1, "moreOf": {"a_b": {"c_d": 2}}}'


def test_two_fields_of_one_name_are_refused() -> None:
    with pytest.raises(EventRefused):
        event_text({"$object": ["m:C", {"x": 1, "_x": 2}]}, "camel")
