"""Two units that need versions of one library which cannot take each other's place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.projects import PROJECTS, run_project

FOLDER = PROJECTS / "two_versions"
IGNORED = shutil.ignore_patterns(".parity", "__pycache__")


def made() -> None:
    subprocess.run(["make", "-s", "-C", str(FOLDER), f"PYTHON={sys.executable}"], check=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project, to be changed."""
    made()
    folder = tmp_path / "two_versions"
    shutil.copytree(FOLDER, folder, ignore=IGNORED)
    return folder


def changed(folder: Path, old: str, new: str) -> dict[str, Any]:
    """What is said of the units where a line of the map is another one, by id."""
    file = folder / "parity.map.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    outcome = run_project(folder)
    assert outcome.report["units"], outcome.errors
    return {unit["id"]: unit for unit in outcome.report["units"]}


def test_both_match_in_one_run() -> None:
    made()
    outcome = run_project(FOLDER)
    assert outcome.status == 0, outcome.errors or json.dumps(outcome.report)
    units = outcome.report["units"]
    assert [unit["verdict"] for unit in units] == ["matched", "matched"]
    assert all(unit["fixtures"] > 60 for unit in units)


def test_with_the_python_version_of_the_other_a_unit_cannot_run(copy: Path) -> None:
    units = changed(copy, '".versions/semver-2"', '".versions/semver-3"')
    unit = units["releases.legacy:same_release"]
    assert unit["verdict"] == "differs"
    assert "isvalid" in json.dumps(unit["findings"][0]["python"])
    assert units["releases.current:next_minor"]["verdict"] == "matched"


def test_with_the_jar_of_the_other_a_unit_does_something_else(copy: Path) -> None:
    jar = "target/versions/java-semver-0.9.0.jar"
    units = changed(copy, f'java_classpath = ["{jar}"]\n', "")
    unit = units["releases.legacy:same_release"]
    assert unit["verdict"] == "differs"
    assert {finding["java"] for finding in unit["findings"]} == {False}
    assert units["releases.current:next_minor"]["verdict"] == "matched"


def test_the_new_unit_on_the_old_jar_has_no_such_method(copy: Path) -> None:
    jar = 'java_classpath = ["target/versions/java-semver-0.9.0.jar"]\n'
    head = '[unit."releases.current:next_minor"]\n'
    units = changed(copy, head, head + jar)
    unit = units["releases.current:next_minor"]
    assert unit["verdict"] == "differs"
    assert "NoSuchMethodError" in json.dumps(unit["findings"][0]["java"])
    assert units["releases.legacy:same_release"]["verdict"] == "matched"


def test_a_path_that_is_not_there_is_told(copy: Path) -> None:
    units = changed(copy, ".versions/semver-2", ".versions/semver-1")
    error = units["releases.legacy:same_release"]["error"]
    assert error["code"] == "path_missing"
    assert error["what"].endswith(".versions/semver-1` is not there")
    assert units["releases.current:next_minor"]["verdict"] == "matched"


def test_another_module_on_the_path_is_run_again(copy: Path) -> None:
    assert run_project(copy).status == 0
    assert all(unit["cached"] for unit in run_project(copy).report["units"])
    (copy / ".versions/semver-2/releases.py").write_text("")
    units = {unit["id"]: unit for unit in run_project(copy).report["units"]}
    assert units["releases.current:next_minor"]["cached"]
    assert not units["releases.legacy:same_release"]["cached"]
