"""Values that each side makes for itself are held to their terms, not left out."""

from __future__ import annotations

from typing import Any

import pytest

from parity.diff.generated import Generated, Window
from parity.model import Difference

PYTHON = Window(1_700_000_000.0, 1_700_000_010.0)
JAVA = Window(1_700_000_100.0, 1_700_000_160.0)


def left(kind: str, *pairs: tuple[Any, Any]) -> list[tuple[Any, Any]]:
    """The pairs that stay differences."""
    generated = Generated({"$.world.*.it": kind})
    found = [
        Difference(f"$.world.w{number}.it", "changed", python, java)
        for number, (python, java) in enumerate(pairs)
    ]
    return [(one.python, one.java) for one in generated.left(found, PYTHON, JAVA)]


@pytest.mark.parametrize(
    "pair",
    [
        (1_700_000_005_000, 1_700_000_130_000),
        (1_700_000_005, 1_700_000_130.5),
        ("2023-11-14T22:13:25+00:00", "2023-11-14T22:15:30Z"),
    ],
)
def test_a_moment_lies_within_the_run_of_its_side(pair: tuple[Any, Any]) -> None:
    assert left("moment", pair) == []


@pytest.mark.parametrize(
    "pair",
    [
        (1_700_000_005_000, 1_700_000_005_000),
        (1_700_000_005_000, 1_700_000_130),
        (1_700_000_005_000, None),
        (1_700_000_005_000, "yesterday"),
        (1_700_000_005_000, True),
    ],
)
def test_a_moment_of_another_time_or_unit_stays_a_difference(pair: tuple[Any, Any]) -> None:
    assert left("moment", pair) == [pair]


def test_a_duration_is_not_below_zero_and_no_longer_than_the_run() -> None:
    assert left("duration", (9_000, 60_000), (-1, 5), (9_000, 70_000)) == [(-1, 5), (9_000, 70_000)]


def test_a_name_stands_for_one_name_of_the_other_side_wherever_it_comes() -> None:
    same = [("m1", "arn:a"), ("m2", "arn:b"), ("m1", "arn:a")]
    assert left("name", *same) == []
    assert left("name", *same, ("m1", "arn:b"), ("m3", "arn:a"), ("m4", "")) == [
        ("m1", "arn:b"),
        ("m3", "arn:a"),
        ("m4", ""),
    ]


def test_another_request_has_names_of_its_own() -> None:
    generated = Generated({"$.it": "name"})
    for java in ("arn:a", "arn:b"):
        generated.begin()
        found = [Difference("$.it", "changed", "m1", java)]
        assert list(generated.left(found, PYTHON, JAVA)) == []


def test_what_is_derived_keeps_its_type() -> None:
    assert left("derived", ("2 a second", "3 a second"), ("2 a second", 3)) == [("2 a second", 3)]


def test_what_is_missing_or_elsewhere_stays_a_difference() -> None:
    generated = Generated({"$.world.it": "derived"})
    found = [
        Difference("$.world.it", "missing", 1, None),
        Difference("$.world.item", "changed", 1, 2),
        Difference("$.world.it[2]", "changed", 1, 2),
    ]
    paths = [one.path for one in generated.left(found, PYTHON, JAVA)]
    assert paths == ["$.world.it", "$.world.item"]
    assert generated.used == {"$.world.it": 1}


def test_hops_have_a_root_of_their_own() -> None:
    generated = Generated({"$.states.Pay.world.at": "derived", "$.states.Pay.at": "derived"})
    found = [Difference(path, "changed", 1, 2) for path in ("$world.at", "$.at")]
    assert list(generated.left(found, PYTHON, JAVA, "$.states.Pay")) == []
    assert len(list(generated.left(found, PYTHON, JAVA, "$.states.Ship"))) == 2
