"""The bench of the engine: fixtures that differ where they must, criteria, the same page twice."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bench.speed.cases import Case, fixtures
from bench.speed.criteria import Criterion, tell
from bench.speed.report import write_docs

TOLD: dict[str, Any] = {
    "machine": {"processor": "a", "cores": 2},
    "command": "python bench/engine.py",
    "cases": {"tiny method 1k": {"a": [3.0, 5.0], "b": [1.0], "parity": [0.5]}},
    "criteria": [Criterion("4.1", "faster", 2.0, 2.5, "×", at_least=True).as_row()],
}


@pytest.mark.parametrize(("figure", "at_least", "met"), [(2.0, True, False), (2.0, False, True)])
def test_a_bound_counts_from_below_or_from_above(figure: float, at_least: bool, met: bool) -> None:
    one = Criterion("4.1", "figure", figure, 2.5, "×", at_least=at_least)
    assert one.met is met
    assert tell([one]) == (0 if met else 1)


def test_what_was_not_measured_is_no_success() -> None:
    one = Criterion("4.1", "figure", None, 2.5, "×")
    assert (one.met, one.told, tell([one])) == (None, "skipped", 2)


@pytest.mark.parametrize("unit", ["tiny", "medium", "heavy"])
def test_fixtures_are_the_same_each_time_whatever_the_form(unit: str) -> None:
    plain = list(fixtures(Case(unit, "method", 20)))
    assert plain == list(islice(fixtures(Case(unit, "method", 1000)), 20))
    handled = list(fixtures(Case(unit, "map", 20)))
    assert [list(one["kwargs"].values()) for one in handled] == [one["args"] for one in plain]


def test_each_tenth_fixture_is_below_zero_and_off_the_grid() -> None:
    below = [one["args"][1] for one in fixtures(Case("tiny", "naive", 50)) if one["args"][1] < 0]
    offsets = [one["args"][3] for one in fixtures(Case("medium", "naive", 50))]
    assert len(below) == Case("tiny", "naive", 50).differing == 5
    assert all(value % 4096 for value in below)
    assert [index for index, value in enumerate(offsets) if value < 0] == [0, 10, 20, 30, 40]
    assert all(value % 15 for value in offsets if value < 0)


def test_the_same_figures_give_the_same_page_and_chart(tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_docs(TOLD, tmp_path / name)
        pages.append([(tmp_path / name / file).read_bytes() for file in ("bench.md", "bench.svg")])
    assert pages[0] == pages[1]
    assert b"| tiny method 1k | by hand, pytest (A) | 4 | 3 | 5 | 2 |" in pages[0][0]
    assert "| 4.1 | faster | ≥ 2.5 × | 2 × | FAIL |" in pages[0][0].decode()
