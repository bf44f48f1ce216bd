"""Paths as they are told, and the patterns of the map that mean them."""

from __future__ import annotations

import pytest

from parity.values.form import element, member
from parity.values.paths import matches, pattern

MEMBERS = {
    "a": "$.a",
    "_a1": "$._a1",
    "a.b": "$['a.b']",
    "1": "$['1']",
    "": "$['']",
    "it's": "$['it\\'s']",
    'a"b': "$['a\"b']",
    "a\\b": "$['a\\\\b']",
    "a\nb": "$['a\\nb']",
    "$a": "$['$a']",
    '\\"': "$['\\\\\"']",
}
MEANT = [
    ("$", "$"),
    ("$.a", "$.a"),
    ("$.a.b[0]", "$.a.b[0]"),
    ("$[*]", "$[3]"),
    ("$[*]", "$.a"),
    ("$.*", "$.a"),
    ("$.*", "$['a.b']"),
    ("$.a[*].b", "$.a[12].b"),
    ("$..b", "$.b"),
    ("$..b", "$.a[0]['x.y'].b"),
    ("$..[*]", "$[0]"),
    ("$.a..*", "$.a.b.c"),
    ("$['a.b']", "$['a.b']"),
    ("$.größe", "$['größe']"),
    ("$args[0].x", "$args[0].x"),
    ("$raised", "$raised"),
    ("$steps[*]", "$steps[2]"),
    ("$output.out", "$output.out"),
    ("$[*].x", '$[{"$date":"2024-01-01"}].x'),
]
NOT_MEANT = [
    ("$", "$.a"),
    ("$", "$args"),
    ("$.a", "$.ab"),
    ("$.a", "$.a.b"),
    ("$.a", "$.b.a"),
    ("$[1]", "$[10]"),
    ("$[*]", "$"),
    ("$[*]", "$[1][2]"),
    ("$.*.b", "$.b"),
    ("$..b", "$.a.bb"),
    ("$args[0]", "$args[1]"),
    ("$args[0]", "$kwargs[0]"),
    ("$.a", "$['a.b']"),
    ("$['a.b']", "$.a.b"),
]
NO_PATHS = ["", "a", "a.b", "$.", "$[", "$[a]", "$a b", "$.a]", "$[-1]", "$['a]", "$...a", " $"]


@pytest.mark.parametrize("key", MEMBERS)
def test_the_path_of_a_member(key: str) -> None:
    assert member("$", key) == MEMBERS[key]


def test_the_path_of_an_element() -> None:
    assert element("$args", 3) == "$args[3]"


@pytest.mark.parametrize(("text", "path"), MEANT)
def test_a_pattern_means(text: str, path: str) -> None:
    assert matches(text, path)


@pytest.mark.parametrize(("text", "path"), NOT_MEANT)
def test_a_pattern_does_not_mean(text: str, path: str) -> None:
    assert not matches(text, path)


@pytest.mark.parametrize("text", NO_PATHS)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        pattern(text)


@pytest.mark.parametrize("key", MEMBERS)
def test_a_path_that_was_told_means_itself(key: str) -> None:
    path = member("$", key)
    assert matches(path, path)
    assert matches("$.*", path)
    assert matches("$..*", member(path, "x"))


def test_a_key_that_is_not_ascii_is_meant_as_it_is_written() -> None:
    assert matches("$.größe", member("$", "größe"))
