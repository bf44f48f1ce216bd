"""The exercise: every kind of request and of trouble, and nothing is left of it. Up to 70 s."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from sable.asking import REFUSED
from sable.cluster import PACKAGE


def test_the_exercise_ends_clean(tmp_path: Path) -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "sable", "exercise", str(tmp_path)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        timeout=140, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert "13 faults, 4 kills" in done.stdout
    assert "audit: 0 lost, 0 duplicated, 0 homeless, 0 locked" in done.stdout
    plan = json.loads((tmp_path / "cluster.json").read_text("utf-8"))
    assert [facts for facts in plan.values() if Path(f"/proc/{facts['pid']}").exists()] == []
    assert time.monotonic() - began < 70


def test_every_error_of_a_request_is_provoked() -> None:
    provoked = {error for error, *_ in REFUSED}
    assert provoked >= {
        "MalformedJson", "InvalidField", "InvalidName", "InvalidSize", "InvalidTimestamp",
        "SameSourceAndTarget", "RepeatedEndpoint", "UnknownEndpoint", "UnknownHost", "UnknownPath",
        "UnknownWorkflow", "WrongMethod", "WrongSource", "EndpointLocked", "AlreadyRegistered",
        "TargetFull", "BodyTooLarge",
    }  # fmt: skip
