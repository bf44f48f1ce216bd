"""What is no fixture form is refused with its reason, and so is what has none."""

from __future__ import annotations

import json
import threading

import pytest

from parity.values.form import FormError, Formless, read, write
from tests.unit.values.samples import Box, Pair, Right, resolve

MODULE = Box.__module__
WRONG = {
    "unknown tag": ({"$complex": "1j"}, r"unknown tag `\$complex`"),
    "a tag beside another key": ({"$int": "5", "a": 1}, r"key `\$int` starts with `\$`"),
    "a key that starts with $": ({"a": 1, "$b": 2}, r"write the dict as `\$dict`"),
    "$int of a number": ({"$int": 5}, r"`\$int` holds a string, not 5"),
    "$int of a fraction": ({"$int": "1.5"}, "no whole number"),
    "$int of nothing": ({"$int": ""}, "no whole number"),
    "$int with a plus": ({"$int": "+5"}, "no whole number"),
    "$int with an underscore": ({"$int": "1_000"}, "no whole number"),
    "$int in other digits": ({"$int": "\u0661"}, "no whole number"),
    "$float of a plain float": ({"$float": "1.5"}, "holds nan, inf, -inf or -0.0"),
    "$float of a number": ({"$float": 0.0}, "holds a string"),
    "$bytes that are no base64": ({"$bytes": "a"}, "no base64"),
    "$bytes with a blank": ({"$bytes": "YQ = ="}, "no base64"),
    "$bytes beyond ascii": ({"$bytes": "ä"}, "no base64"),
    "$decimal of a word": ({"$decimal": "ten"}, "no decimal number"),
    "$datetime without time": ({"$datetime": "2024-01-01"}, "RFC 9557"),
    "$datetime without seconds": ({"$datetime": "2024-01-01T00:00"}, "RFC 9557"),
    "$datetime with a blank": ({"$datetime": "2024-01-01 00:00:00"}, "RFC 9557"),
    "$datetime of February 30": ({"$datetime": "2024-02-30T00:00:00"}, "day is out of range"),
    "$datetime of 24 o'clock": ({"$datetime": "2024-01-01T24:00:00"}, "hour must be in"),
    "$datetime of another offset": (
        {"$datetime": "2024-07-01T00:00:00+01:00[Europe/Berlin]"},
        "that zone has another offset then",
    ),
    "$datetime in no zone": (
        {"$datetime": "2024-01-01T00:00:00[Mars/Olympus]"},
        "unknown time zone",
    ),
    "$datetime of seven digits": ({"$datetime": "2024-01-01T00:00:00.1234567"}, "RFC 9557"),
    "$date with time": ({"$date": "2024-01-01T00:00:00"}, "no date"),
    "$date of February 30": ({"$date": "2024-02-30"}, "day is out of range"),
    "$time of 25 o'clock": ({"$time": "25:00:00"}, "hour must be in"),
    "$time without seconds": ({"$time": "12:00"}, "RFC 9557"),
    "$timedelta of a word": ({"$timedelta": "long"}, "no number of seconds"),
    "$timedelta with an exponent": ({"$timedelta": "1e3"}, "no number of seconds"),
    "$timedelta too fine": ({"$timedelta": "0.0000001"}, "no number of seconds"),
    "$timedelta too long": ({"$timedelta": "9" * 20}, "out of range"),
    "$uuid of a word": ({"$uuid": "mine"}, "no UUID"),
    "$tuple of an object": ({"$tuple": {}}, "holds an array, not"),
    "$set of a text": ({"$set": "ab"}, "holds an array, not"),
    "$dict of an object": ({"$dict": {"a": 1}}, "holds an array, not"),
    "$dict of single values": ({"$dict": [1]}, "holds pairs, not 1"),
    "$dict of triples": ({"$dict": [[1, 2, 3]]}, "holds pairs"),
    "$dict with a key twice": ({"$dict": [[1, 2], [1, 3]]}, "the key 1 twice"),
    "$dict with 1 and true": ({"$dict": [[1, 2], [True, 3]]}, "the key true twice"),
    "$enum of a text": ({"$enum": "RED"}, r'holds \["module:Class", ...\]'),
    "$enum without a name": ({"$enum": [f"{MODULE}:Colour", 1]}, "holds a string"),
    "$enum of no constant": ({"$enum": [f"{MODULE}:Colour", "GREEN"]}, "has no member 'GREEN'"),
    "$enum of no enum": ({"$enum": [f"{MODULE}:Box", "RED"]}, "is no Enum"),
    "$object of fields in a list": ({"$object": [f"{MODULE}:Box", [1, 2]]}, "holds an object"),
    "$object without fields": ({"$object": [f"{MODULE}:Box"]}, r'holds \["module:Class", ...\]'),
    "$object of a slot that is not": (
        {"$object": [f"{MODULE}:Point", {"z": 1}]},
        "has no field 'z'",
    ),
    "$object of a pair with one": ({"$object": [f"{MODULE}:Pair", {"first": 1}]}, "has the fields"),
    "$ref to what is not": ([[1], {"$ref": "$[2]"}], r"'\$\[2\]', which does not come before"),
    "$ref to what comes later": ([{"$ref": "$[1]"}, [1]], "does not come before"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_form_is_refused(name: str) -> None:
    form, why = WRONG[name]
    with pytest.raises(FormError, match=why):
        read(form, resolve)


def test_classes_are_built_only_by_a_resolver_that_gives_them() -> None:
    for form in ({"$object": ["os:Popen", {}]}, {"$enum": ["os:Colour", "RED"]}):
        with pytest.raises(FormError, match="may not be built here"):
            read(form)


@pytest.mark.parametrize("text", ["5\n", "-5\n"])
def test_an_int_with_a_newline_is_refused(text: str) -> None:
    with pytest.raises(FormError):
        read({"$int": text})


FORMLESS = {
    "a function": ([1, print], "$[1]"),
    "a class": ({"a": {"b": int}}, "$.a.b"),
    "a lambda in an object": (Box((lambda: 1,)), "$.left[0]"),
    "a module": ({"it's": json}, "$['it\\'s']"),
    "a lock": ({1: threading.Lock()}, "$[1]"),
    "a complex number": ([[1j]], "$[0][0]"),
    "an object": (Pair(1, object()), "$.second"),
    "flags without a name": ([Right.READ | Right.WRITE], "$[0]"),
    "both halves of a character": (["\ud83d\ude00"], "$[0]"),
    "an element of a set": ({print}, "$[*]"),
    "a key": ({("a", print): 1}, "$[*][1]"),
    "a key by hand": ({(1, int): {}}, "$[*][1]"),
}


@pytest.mark.parametrize("name", FORMLESS)
def test_what_has_no_form_is_told_with_its_path(name: str) -> None:
    value, path = FORMLESS[name]
    with pytest.raises(Formless) as told:
        write(value)
    assert told.value.path == path
    assert told.value.why
    assert str(told.value).startswith(f"{path}: ")
