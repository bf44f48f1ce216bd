"""The committed inputs are those that the scripts beside them make."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROJECTS = sorted(script.parent.name for script in HERE.glob("*/make_fixtures.py"))


def test_there_are_projects() -> None:
    assert len(PROJECTS) >= 12


@pytest.mark.parametrize("project", PROJECTS)
def test_the_fixtures_are_what_their_script_makes(
    project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(HERE.parent.parent))
    writing = importlib.import_module("tests.projects.writing")
    script = importlib.import_module(f"tests.projects.{project}.make_fixtures")
    folder = HERE / project / "fixtures"
    made = {writing.file_name(unit): writing.text_of(unit, g) for unit, g in script.units().items()}
    kept = {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*.jsonl")}
    assert made == kept
