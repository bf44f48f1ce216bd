"""bench/cases.py holds the verdicts on pairs of functions against what is known of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.cases import Case, Deviation, judge, read_cases

SMALL = Path(__file__).parent / "data" / "cases_small.jsonl"
VISIBLE = Path(__file__).resolve().parents[3] / "shared" / "cases" / "humaneval_x_dev.jsonl"


def told(deviations: list[Deviation]) -> dict[str, str]:
    """What was found else, by case."""
    return {str(one.case.line["id"]): f"{one.expected} | {one.found}" for one in deviations}


def by_name(truths: dict[str, dict[str, Any]]) -> list[Case]:
    """Cases of the small file, with something of theirs changed."""
    return [
        Case(case.name, dict(case.line) | truths[str(case.line["id"])])
        for case in read_cases(SMALL)
        if case.line["id"] in truths
    ]


def test_a_small_file_of_pairs_is_as_its_truths_say(tmp_path: Path) -> None:
    assert told(judge(tmp_path, read_cases(SMALL))) == {}


def test_the_visible_pairs_are_as_their_truths_say(tmp_path: Path) -> None:
    if not VISIBLE.is_file():
        pytest.skip(f"there is no {VISIBLE.name} beside the checkout")
    cases = read_cases(VISIBLE)
    assert len(cases) == 60
    assert told(judge(tmp_path, cases)) == {}


def test_a_truth_that_is_not_so_is_told(tmp_path: Path) -> None:
    cases = by_name(
        {
            "s1": {"truth": "differs"},
            "s3": {"mutation_differs": 1},
            "s4": {"truth": "equal-strict"},
            "s5": {"mutation_differs": 0},
            "s6": {"truth": "equal-numeric"},
        }
    )
    found = told(judge(tmp_path, cases))
    assert sorted(found) == ["s1", "s3", "s4", "s5", "s6"]
    assert found["s1"].endswith("| matched")
    assert "type" in found["s4"]


def test_java_that_does_not_compile_is_told_and_the_others_are_run(tmp_path: Path) -> None:
    cases = by_name({"s1": {"java": "class Solution { int x = ; }"}, "s2": {}})
    found = told(judge(tmp_path, cases))
    assert list(found) == ["s1"]
    assert "does not compile: line 2" in found["s1"]


def test_python_that_is_none_is_told(tmp_path: Path) -> None:
    found = told(judge(tmp_path, by_name({"s1": {"python": "def initials(:"}, "s2": {}})))
    assert list(found) == ["s1"]
    assert "unknown" in found["s1"]


def test_ids_with_one_name_are_kept_apart(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    lines = [json.loads(line) for line in SMALL.read_text("utf-8").splitlines()]
    same = [line | {"id": given} for line, given in zip(lines, ("a-b", "A b", "int"), strict=False)]
    file.write_text("\n".join(json.dumps(line) for line in same) + "\n", "utf-8")
    assert [case.name for case in read_cases(file)] == ["a_b", "A_b_2", "n_int"]
