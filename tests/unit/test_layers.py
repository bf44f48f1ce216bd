"""The layer contract is checked, and would notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VIOLATIONS = {
    "a stage that imports another": ("parity/report/text.py", "import parity.diff"),
    "a noun that imports a tool": ("parity/model.py", "import parity.fixtures"),
    "a tool that imports a stage": ("parity/evidence/nouns.py", "import parity.diff"),
    "a tool that imports one beside it": ("parity/evidence/nouns.py", "import parity.sides"),
    "a face that starts a JVM": ("parity/cli/judging.py", "import jpype"),
    "a judge by DeepDiff": ("parity/pipeline/run.py", "import deepdiff"),
    "a module without a place": ("parity/elsewhere.py", '"""Somewhere."""'),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run(
        [*command, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("harness", "__pycache__")
    shutil.copytree(ROOT / "parity", tmp_path / "parity", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contract_holds(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("what", VIOLATIONS)
def test_a_planted_violation_fails(copy: Path, what: str) -> None:
    file, text = VIOLATIONS[what]
    path = copy / file
    path.write_text((path.read_text("utf-8") if path.exists() else "") + f"\n{text}\n", "utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
