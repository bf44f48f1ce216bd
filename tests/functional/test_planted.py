"""Planted defects are found at the right unit and path; correct counterparts give no finding."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.planted import (
    NOTHING,
    PLANTED,
    one_by_one,
    read_defects,
    run_all,
    spread,
    together,
)


def test_all_defects_are_found_where_they_were_planted(tmp_path: Path) -> None:
    checks = run_all(tmp_path)
    assert {check.name: check.wrong for check in checks if check.wrong} == {}
    assert len([check for check in checks if check.name != NOTHING]) >= 24


def test_a_defect_alone_in_its_project_is_found(tmp_path: Path) -> None:
    (check,) = one_by_one(tmp_path, read_defects()[:1])
    assert check.wrong == ()


def test_a_defect_that_is_not_where_it_is_said_to_be_is_told(tmp_path: Path) -> None:
    first = read_defects()[0]
    elsewhere = replace(first, name="elsewhere", unit="server.text:mirror")
    wrong = {
        "path": replace(first, paths=("$.total",)),
        "kind": replace(first, kind="order"),
    }
    for number, (name, defect) in enumerate(wrong.items()):
        checks = together(tmp_path / str(number), [replace(defect, name=name)])
        assert [check.name for check in checks if check.wrong] == [name]
    checks = together(tmp_path / "unit", [elsewhere])
    told = {check.name: " ".join(check.wrong) for check in checks if check.wrong}
    assert "matched" in told["elsewhere"]
    assert first.unit in told[NOTHING]


def test_a_defect_whose_text_is_not_there_is_told(tmp_path: Path) -> None:
    defect = replace(read_defects()[0], old="nowhere")
    with pytest.raises(SystemExit, match="0 × `old`"):
        together(tmp_path, [defect])


def test_no_two_defects_are_in_one_unit_of_a_copy() -> None:
    defects = read_defects()
    groups = spread(defects)
    assert groups[0] == []
    assert sorted(one.name for group in groups for one in group) == sorted(
        one.name for one in defects
    )
    for group in groups:
        assert len({one.unit for one in group}) == len(group)


def test_every_pair_has_twenty_fixtures_and_a_defect() -> None:
    planted = {defect.unit for defect in read_defects()}
    for file in PLANTED.glob("fixtures/**/*.jsonl"):
        head, *lines = file.read_text("utf-8").splitlines()
        assert json.loads(head)["unit"] in planted
        assert len(set(lines)) == len(lines) >= 20
