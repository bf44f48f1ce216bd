"""The files to copy into a build: the steps of the action and the hooks, run as they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.functional.conftest import ROOT, Project
from tests.github import Api, github

FILES = ROOT / "docs" / "ci"
ACTION: dict[str, Any] = yaml.safe_load((FILES / "action.yml").read_text("utf-8"))
EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")
WRONG = """package shop;

public final class Half {
    public static long half(long n) { return n / 2; }
}
"""


def programs(folder: Path) -> str:
    """A path on which `parity` and `python` are those of this checkout."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    for name, command in (("parity", f"{sys.executable} -P -m parity"), ("python", sys.executable)):
        program = bin_folder / name
        program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {command} "$@"\n')
        program.chmod(0o755)
    return f"{bin_folder}:{os.environ['PATH']}"


class Build:
    """Runs the steps of the action, as a runner would."""

    def __init__(self, project: Project, folder: Path, api: Api, event: str) -> None:
        self.folder = project.folder
        self.summary, self.output = folder / "summary.md", folder / "output"
        for file in (self.summary, self.output):
            file.write_text("")
        self.env = os.environ | api.env | {"PATH": programs(folder), "GITHUB_EVENT_NAME": event}
        self.env |= {"GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary)}
        token = self.env.pop("GITHUB_TOKEN")
        inputs = ACTION["inputs"].items()
        self.known = {f"inputs.{name}": str(one["default"]) for name, one in inputs}
        self.known |= {"github.token": token}
        self.told = ""

    def value(self, text: str) -> str:
        """A value with its expressions worked out, twice: a default may be one."""
        for _ in range(2):
            text = EXPRESSION.sub(lambda found: self.known[found[1]], text)
        return text

    def run(self, **inputs: str) -> int:
        """The status of the first step that fails, as the runner ends there."""
        self.known |= {f"inputs.{name}": value for name, value in inputs.items()}
        for step in ACTION["runs"]["steps"]:
            env = {name: self.value(value) for name, value in step.get("env", {}).items()}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(
                command, cwd=self.folder, env=self.env | env, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            self.told += done.stdout + done.stderr
            for line in self.output.read_text().splitlines():
                name, _, value = line.partition("=")
                self.known[f"steps.{step.get('id')}.outputs.{name}"] = value
            self.output.write_text("")
            if done.returncode:
                return done.returncode
        return 0


def test_a_build_of_a_pull_request_shows_and_fails(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "runner"
    other.mkdir()
    project.write({"java/shop/Half.java": WRONG}).javac()
    with github() as api:
        build = Build(project, other, api, "pull_request")
        assert build.run() == 1, build.told
        assert build.value(ACTION["outputs"]["verdict"]["value"]) == "differs"
        (comment,) = api.bodies()
    assert "❌ parity: differs" in comment
    assert build.summary.read_text("utf-8") == comment
    assert "::error file=src/shop.py,line=2::shop:half: differs" in build.told
    report = project.folder / "parity-report"
    found = {file.name for file in report.iterdir()}
    assert found >= {"run.json", "junit.xml", "parity.sarif", "badge.svg", "html", "comment.md"}
    assert json.loads((report / "run.json").read_text())["verdict"] == "differs"


def test_a_push_has_no_comment_and_what_is_named_runs(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "runner"
    other.mkdir()
    with github() as api:
        build = Build(project.javac(), other, api, "push")
        assert build.run(arguments="shop:half --no-cache") == 0, build.told
        assert build.value("${{ steps.run.outputs.verdict }}") == "matched"
        assert build.run(arguments="shop:nothing; touch injected") == 2
        assert not (project.folder / "injected").exists()
        assert api.asked == []


def test_no_expression_is_part_of_a_script() -> None:
    assert all("${{" not in step["run"] for step in ACTION["runs"]["steps"])


@pytest.mark.parametrize(
    ("file", "schema"),
    [("action.yml", "github-actions"), ("workflow.yml", "github-workflows")],
)
def test_the_files_are_as_github_publishes_their_schema(file: str, schema: str) -> None:
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, FILES / file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def git(project: Project, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    named = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    return subprocess.run(
        ["git", *named, *args], cwd=project.folder, env=os.environ | env, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def test_a_wrong_commit_is_stopped_and_a_right_one_is_not(project: Project, tmp_path: Path) -> None:
    pre_commit = pytest.importorskip("pre_commit.main")
    assert pre_commit
    other = tmp_path / "runner"
    other.mkdir()
    shutil.copy(FILES / "pre-commit-config.yaml", project.folder / ".pre-commit-config.yaml")
    project.write({".gitignore": ".parity/\nclasses/\nrunner/\n"}).javac()
    env = {"PATH": programs(other), "PRE_COMMIT_HOME": str(other / "home")}
    assert git(project, "init", "-q").returncode == 0
    hook = [sys.executable, "-m", "pre_commit", "install"]
    subprocess.run(hook, cwd=project.folder, env=os.environ | env, check=True, capture_output=True)
    git(project, "add", "-A")
    right = git(project, "commit", "-qm", "right", **env)
    assert right.returncode == 0, right.stderr
    assert "Java does what Python does" in right.stderr
    project.write({"src/shop.py": "def half(n: int) -> int:\n    return n // 3\n"})
    wrong = git(project, "commit", "-qam", "wrong", **env)
    assert wrong.returncode == 1
    assert "differs: 1 unit on 2 fixtures" in wrong.stdout + wrong.stderr
    assert git(project, "log", "--format=%s").stdout == "right\n"


def test_the_hooks_of_this_repository_are_hooks() -> None:
    pytest.importorskip("pre_commit.main")
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
