"""The foreign pairs of tests/projects, run as their owners would run them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.projects import PROJECTS, PUBLISHED, run_project

OWN = [
    "classpath_command",
    "expressions",
    "kotlin_counterpart",
    "maven_project",
    "plain_classes",
    "two_versions",
]
WORKFLOWS = ["order_workflow"]  # run in tests/aws/test_workflow.py


def test_every_folder_is_run_here() -> None:
    folders = {path.parent.name for path in PROJECTS.glob("*/parity.toml")}
    assert folders == {*OWN, *PUBLISHED, *WORKFLOWS}


@pytest.mark.parametrize("name", OWN)
def test_a_correct_port_matches_everywhere(name: str) -> None:
    folder = PROJECTS / name
    if (folder / "Makefile").is_file():
        subprocess.run(["make", "-s", "-C", str(folder), f"PYTHON={sys.executable}"], check=True)
    outcome = run_project(folder)
    assert outcome.status == 0, outcome.errors or outcome.report
    assert {unit["verdict"] for unit in outcome.report["units"]} == {"matched"}
    assert outcome.report["units"]
