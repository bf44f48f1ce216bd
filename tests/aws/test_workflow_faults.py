"""The law of BatchMoveEndpoint under faults: ten executions of ten moves (`make show LINE=6.3`)."""

from __future__ import annotations

import subprocess
import sys

from tests.aws.conftest import ROOT


def test_the_law_holds_whatever_goes_wrong() -> None:
    command = [sys.executable, str(ROOT / "bench/workflow_faults.py")]
    done = subprocess.run(
        [*command, "--executions", "10", "--moves", "10", "--least", "60"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "violations of the law: 0" in done.stdout
