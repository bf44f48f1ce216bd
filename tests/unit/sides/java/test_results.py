"""What a Java result is compared as, by type; and what has no form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parity.diff.forms import unmarked
from parity.model import Formless, Raised, Refused, Returned
from parity.sides.java.types import KINDS, PARAMETERS, RESULTS, RULES, WIRE, wire_table
from parity.values.check import check_form
from tests.unit.sides.java.cells import POINT
from tests.unit.sides.java.conftest import Java

ROOT = Path(__file__).resolve().parents[4]
LOCAL = "2024-10-27T02:30:00.000001"
RESULTS_OF: dict[str, Any] = {
    "nothing": None,
    "nul": None,
    "aBoolean": True,
    "boxedBoolean": False,
    "whole": [-1, 2, 3, 4, 10, 5, 6],
    "beyondSafe": [
        2**53,
        {"$int": "9007199254740993"},
        {"$int": "-9007199254740993"},
        {"$int": "1180591620717411303424"},
    ],
    "floats": [1.0, 0.1, 0.5, 1e16, 1e-5, 5e-324],
    "aFloat": 0.10000000149011612,
    "special": [{"$float": text} for text in ("nan", "inf", "-inf", "-0.0")],
    "decimals": [{"$decimal": text} for text in ("1.10", "-1E+2", "0.00")],
    "texts": ["x", "y", "z", "\ud83d", "😀", "a\ude00"],
    "bytes": {"$bytes": "AP8Q"},
    "buffer": {"$bytes": "AP8Q"},
    "arrays": [[1], []],
    "characters": ["a", "b"],
    "queue": [2, 1],
    "values": [2, 1],
    "iterable": [2, 1],
    "iterator": [2, 1],
    "stream": [2, 1],
    "intStream": [0, 1, 2],
    "set": {"$set": ["a", 1.0, 10, 9]},
    "map": {"b": 1, "a": None},
    "mapOfAnything": {"$dict": [[1, "i"], ["1", "s"], [None, "n"]]},
    "mapOfTags": {"$dict": [["$int", 5]]},
    "optionals": ["a", None, 1, None, 2, 2.5, None],
    "future": "done",
    "stage": 7,
    "times": [
        {"$date": "2024-10-27"},
        {"$time": "02:30:00.000001"},
        {"$datetime": LOCAL},
        {"$datetime": f"{LOCAL}-03:00"},
        {"$datetime": f"{LOCAL}+02:00[Europe/Berlin]"},
        {"$datetime": f"{LOCAL}+01:00[Europe/Berlin][_fold=1]"},
        {"$datetime": f"{LOCAL}Z"},
        {"$time": "02:30:00+00:00"},
        {"$timedelta": "-1.5"},
    ],
    "uuid": {"$uuid": "12345678-1234-5678-1234-567812345678"},
    "constants": [{"$enum": ["cells.Colour", name]} for name in ("RED", "BLUE")],
    "record": POINT,
    "bean": {"$object": ["cells.Bean", {"x": 1, "y": 0}]},
    "fields": {"$object": ["cells.Fixed", {"name": "a", "n": 1}]},
    "anonymous": {"$object": ["cells.Gives$1", {"n": 1}]},
    "cycle": [1, {"$ref": "$"}],
    "twice": [[1], [1]],
}
FORMLESS = {
    "thread": "$",
    "stream2": "$",
    "lambda": "$",
    "regex": "$[1]",
    "hundredAndOne": "$",
    "nanos": "$",
    "nanosOfDuration": "$",
    "year10000": "$",
    "yearMinus1": "$",
    "path": "$",
    "trees": "$[0]",
    "refusing": "$",
}


@pytest.mark.parametrize("name", RESULTS_OF)
def test_a_result(java: Java, name: str) -> None:
    outcome = java.run(name).outcome
    assert isinstance(outcome, Returned)
    assert repr(outcome.value) == repr(RESULTS_OF[name])
    check_form(unmarked(outcome.value), "")


@pytest.mark.parametrize("name", FORMLESS)
def test_a_result_without_form_is_told(java: Java, name: str) -> None:
    outcome = java.run(name).outcome
    assert isinstance(outcome, Formless)
    assert outcome.path == FORMLESS[name]
    assert outcome.why


def test_a_getter_that_raises_is_told_with_what_to_do(java: Java) -> None:
    outcome = java.run("refusing").outcome
    assert isinstance(outcome, Formless)
    raised = "getTotal raised java.lang.IllegalStateException: no total yet"
    assert outcome.why == f"{raised}: project what it can tell in a java_expression"


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("failed", "IllegalStateException", "no"),
        ("failedStage", "IllegalArgumentException", "none"),
    ],
)
def test_the_failure_of_a_future_is_unwrapped(
    java: Java, name: str, kind: str, message: str
) -> None:
    outcome = java.run(name).outcome
    assert isinstance(outcome, Raised)
    assert (outcome.kind, outcome.message) == (f"java.lang.{kind}", message)


@pytest.mark.parametrize(
    ("name", "args", "one"),
    [
        ("areOne", [[[1], {"$ref": "$args[0][0]"}]], True),
        ("areOne", [[[1], [1]]], False),
        ("areOneMap", [{"a": {"x": 1}, "b": {"$ref": "$args[0].a"}}], True),
        ("areOneMap", [{"a": {"x": 1}, "b": {"x": 1}}], False),
        ("holdsItself", [[{"$ref": "$args[0]"}]], True),
        ("sameTwo", [[1], {"$ref": "$args[0]"}], True),
        ("sameTwo", [[1], [1]], False),
    ],
)
def test_one_object_of_python_is_one_object_of_java(
    java: Java, name: str, args: list[Any], one: bool
) -> None:
    outcome = java.run(name, *args).outcome
    assert isinstance(outcome, Returned)
    assert outcome.value is one


def test_an_alias_that_would_be_of_two_types_is_refused(java: Java) -> None:
    outcome = java.run("areOneMap", {"a": {"x": 1}, "b": {"$ref": "$args[0]['c']"}}).outcome
    assert isinstance(outcome, Refused)
    assert "$args[0]['c']" in outcome.why


def test_the_table_names_only_kinds_and_rules_that_there_are() -> None:
    for row in PARAMETERS.values():
        assert set(row) <= set(KINDS)
        assert set(row.values()) <= set(RULES)
    assert {rule for row in wire_table().values() for rule in row.values()} == set(RULES)
    assert set(WIRE) <= set(KINDS)
    assert len(set(RESULTS)) == len(RESULTS)


def test_the_page_of_types_is_what_the_table_prints() -> None:
    command = [sys.executable, "-P", "-m", "parity.sides.java.types"]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True)
    assert (ROOT / "docs" / "types.md").read_bytes() == done.stdout != b""
