"""bench/catalogue.py: naive Java differs where it must, correct Java matches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.catalogue import (
    Entry,
    Outcome,
    fixtures_of,
    is_java_body,
    judge,
    parameters_of,
    python_entry,
    read_entries,
)

SMALL = Path(__file__).parent / "data" / "catalogue_small.json"
VISIBLE = Path(__file__).resolve().parents[3] / "shared" / "semantic_catalogue.json"


def told(outcome: Outcome) -> dict[str, str]:
    """What was found else, by unit."""
    return {one.entry.unit(one.form): one.found for one in outcome.deviations}


def test_a_small_catalogue_is_as_expected(tmp_path: Path) -> None:
    outcome = judge(tmp_path, read_entries(SMALL))
    assert told(outcome) == {}
    line = "11 of 11 naive as expected, 11 of 11 correct as expected, 0 waiting"
    assert outcome.line == line


def test_the_semantic_catalogue_is_as_expected(tmp_path: Path) -> None:
    if not VISIBLE.is_file():
        pytest.skip(f"there is no {VISIBLE.name} beside the checkout")
    outcome = judge(tmp_path, read_entries(VISIBLE))
    assert told(outcome) == {}
    line = "82 of 82 naive as expected, 82 of 82 correct as expected, 0 waiting"
    assert outcome.line == line


def test_what_is_not_as_expected_is_told(tmp_path: Path) -> None:
    entries = {str(entry.line["id"]): entry for entry in read_entries(SMALL)}
    right = entries["half-down"].line
    changed = [
        Entry("swapped", dict(right) | {"naive_java": right["correct_java"]}),
        Entry("naive", dict(right) | {"correct_java": right["naive_java"]}),
        Entry("benign", dict(right) | {"benign_inputs": [[-3]]}),
        Entry("broken", dict(right) | {"correct_java": "Math.floorDiv(n, )"}),
        Entry("waiting", dict(right) | {"id": "waiting", "correct_java": "Py.unheardOf(n)"}),
    ]
    outcome = judge(tmp_path, changed)
    found = told(outcome)
    assert sorted(found) == ["benign.naive", "broken.correct", "naive.correct", "swapped.naive"]
    assert "no difference on benign-1, revealing-1" in found["swapped.naive"]
    assert "does not compile" in found["broken.correct"]
    assert list(outcome.waiting) == ["waiting"]
    assert outcome.line == "2 of 4 naive as expected, 2 of 4 correct as expected, 1 waiting"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("a + b", False),
        ("return a;", True),
        ('a.split("return;")', False),
        ("try { return f(a); } catch (RuntimeException x) { return ';'; }", True),
        ("a.stream().map(x -> { int y = x; return y; }).toList()", False),
        ("new long[] {a, b}", False),
        ("switch (a) { case 1 -> 2L; default -> 3L; }", False),
        ("/* ; */ a", False),
    ],
)
def test_a_body_is_told_from_an_expression(text: str, body: bool) -> None:
    assert is_java_body(text) is body


def test_a_set_up_makes_a_body_of_an_expression() -> None:
    assert python_entry("f(a)", "f = abs") == {"python_body": "f = abs\nreturn (\nf(a)\n)"}
    assert python_entry("f(a)", "") == {"python": "f(a)"}


def test_inputs_are_what_the_signature_says() -> None:
    signature = "double a,List<Double> b,Map<Long, List<Double>> c,long d,Set<String> e,Double f"
    assert list(parameters_of(signature)) == ["a", "b", "c", "d", "e", "f"]
    inputs = json.loads('[1, [1, NaN, -0.0], {"2": [3]}, 9007199254740993, ["x"], null]')
    line = {"signature": signature, "benign_inputs": [inputs], "revealing_inputs": []}
    (fixture,) = fixtures_of(Entry("any", line))
    assert fixture["id"] == "benign-1"
    assert json.dumps(fixture["args"]) == json.dumps(
        [
            1.0,
            [1.0, {"$float": "nan"}, {"$float": "-0.0"}],
            {"$dict": [[2, [3.0]]]},
            {"$int": "9007199254740993"},
            {"$set": ["x"]},
            None,
        ]
    )
