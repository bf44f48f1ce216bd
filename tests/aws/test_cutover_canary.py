"""A shadow changes nothing of production (`make show LINE=11.3` looks at 200 executions)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_canary_sings_outside_of_a_shadow_and_is_silent_in_it() -> None:
    done = subprocess.run(
        [sys.executable, "bench/shadow_canary.py", "--executions", "6"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "an order outside of a shadow changes: table, bucket, storage host" in done.stdout
    assert done.stdout.count("byte-equal") == 4
