"""Rewritten code does what the code did, in every Python, where nothing is meant otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.sides.python.test_interpreters import FOUND, NEW

HERE = Path(__file__).parent
SIDE = Path(__file__).resolve().parents[4] / "parity" / "sides" / "python"
FROZEN = ("posixpath", "bisect")  # code of another make, or of C


@pytest.mark.parametrize("version", [*NEW, "this"])
def test_rewritten_code_does_what_the_code_did(version: str) -> None:
    interpreter = FOUND.get(version, sys.executable)
    command = [interpreter, str(HERE / "rewriting.py"), str(SIDE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    told = [json.loads(line) for line in lines]
    assert done.returncode == 0, done.stderr
    assert len(told) == 32
    for one in told:
        assert not one["failed"], one
        assert one["pairs"] == one["functions"], one
        assert one["exchanged"] or one["module"] in FROZEN, one
    assert sum(one["tried"] for one in told if one["module"] != "own") > 150
    (looking,) = [one for one in told if one["looking"]]
    assert looking["tried"] > 60
