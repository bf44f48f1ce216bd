"""Reading JSON text strictly: what is wrong, and at which column."""

from __future__ import annotations

import contextlib
import json

import pytest

from parity.values.check import TextError, check_form, read_text
from parity.values.form import TAGS

TEXTS = {
    "a key twice": ('{"a": 1, "b": 2, "a": 3}', 'the key "a" stands here twice', 18),
    "a key twice, deep": ('[[{"x": {"k": 1, "k": 2}}]]', 'the key "k" stands here twice', 18),
    "NaN": ("[1, NaN]", 'NaN is no JSON: write {"$float": "nan"}', 5),
    "Infinity": ("[Infinity]", 'write {"$float": "inf"}', 2),
    "-Infinity": ("[-Infinity]", 'write {"$float": "-inf"}', 2),
    "1e999": ("[1e999]", "1e999 is beyond every float", 2),
    "five thousand digits": (f"[{'9' * 5000}]", "written as $int", 2),
    "a comma at the end": ("[1,]", "Expecting value", 4),
    "two documents": ("1 2", "Extra data", 3),
    "nothing": ("", "Expecting value", 1),
    "too deep": ("[" * 100_000, "nested too deep", 1),
}
FORMS = {
    "an unknown tag": ('[{"$complex": "1"}]', "unknown tag", 3),
    "a tag beside another": ('{"a": {"$int": "5", "b": 1}}', "write the dict as", 8),
    "a wrong payload": ('[1, {"$date": "yesterday"}]', "no date", 6),
    "a wrong payload, deep": ('[{"$tuple": [{"$set": [{"$int": "x"}]}]}]', "no whole number", 25),
    "in an object": ('{"$object": ["m:C", {"a": {"$uuid": ""}}]}', "no UUID", 28),
    "in a key": ('{"$dict": [[{"$bytes": "?"}, 1]]}', "no base64", 14),
    "a key twice": ('{"$dict": [[1, 2], [1, 3]]}', "has a key twice", 2),
    "an enum without name": ('{"$enum": ["m:C"]}', 'holds ["module:Class", ...]', 2),
    "a reference to a number": ('[[], {"$ref": 0}]', "holds a string", 7),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_that_is_no_json_is_refused_with_its_column(name: str) -> None:
    text, why, column = TEXTS[name]
    with pytest.raises(TextError) as told:
        read_text(text)
    assert why in told.value.why
    assert told.value.column == column


@pytest.mark.parametrize("name", FORMS)
def test_json_that_is_no_form_is_refused_with_its_column(name: str) -> None:
    text, why, column = FORMS[name]
    form = read_text(text)
    with pytest.raises(TextError) as told:
        check_form(form, text)
    assert why in told.value.why
    assert told.value.column == column


def test_numbers_keep_their_type_and_sign() -> None:
    read = read_text("[1, 1.0, 1e2, 9007199254740993, 0.0]")
    assert [type(number) for number in read] == [int, float, float, int, float]
    assert read[3] == 2**53 + 1


def test_classes_and_zones_are_not_looked_up() -> None:
    text = json.dumps(
        [
            {"$object": ["no.such.module:Class", {"x": 1}]},
            {"$enum": ["no.such.module:Class", "X"]},
            {"$datetime": "2024-01-01T00:00:00+01:00[No/Where]"},
            {"$ref": "$[0].x"},
        ]
    )
    check_form(read_text(text), text)


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_every_tag_refuses_null(tag: str) -> None:
    text = json.dumps({tag: None})
    with pytest.raises(TextError, match="holds"):
        check_form(read_text(text), text)


def test_what_can_be_read_can_be_checked_or_is_refused() -> None:
    text = '{"a":' * 600 + "1" + "}" * 600
    with contextlib.suppress(TextError):
        check_form(read_text(text), text)
