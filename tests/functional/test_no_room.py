"""A full disk is told as an error, and never looks like a verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.project import ROOT

FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that is full")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "shop.py").write_text("def price(n):\n    return n\n")
    (tmp_path / "parity.toml").write_text('sources = ["src"]\n')
    return tmp_path


def said(project: Path, script: str) -> tuple[int, str]:
    """The exit status of a shell's script in which `$@` is `parity`, and what can be read of it."""
    command = ["sh", "-c", script, "sh", sys.executable, "-P", "-m", "parity", "-C", str(project)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, cwd=project
    )
    return done.returncode, done.stderr + done.stdout


def test_where_the_output_goes_to_there_is_no_room(project: Path) -> None:
    status, told = said(project, f'"$@" scan > {FULL}')
    assert status == 2
    assert told.startswith("error: there is no room to write")
    assert "Traceback" not in told


def test_an_error_that_cannot_be_told_is_not_a_difference(project: Path) -> None:
    assert said(project, f'"$@" scan --nonsense 2> {FULL}') == (2, "")


def test_a_file_that_may_not_grow_is_told_as_an_error(project: Path) -> None:
    many = "".join(f"def price_{n}(n):\n    return n\n\n\n" for n in range(200))
    (project / "src" / "many.py").write_text(many)
    status, told = said(project, 'ulimit -f 1; "$@" scan --json > told.json')
    assert status == 2
    assert told.startswith("error: there is no room to write")
