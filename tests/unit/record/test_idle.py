"""A program that waits for something that never comes is ended, and no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parity.record import idle

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="nothing here tells what a process works"
)
WAITS = "import time\nwhile True: time.sleep(0.2)"
STUBBORN = f"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n{WAITS}"
WORKS = "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass"
LETS_WORK = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {WORKS!r}])"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(idle, "GRACE_SECONDS", 0.5)


@pytest.mark.parametrize(
    ("program", "ended"), [(WAITS, True), (STUBBORN, True), (WORKS, False), (LETS_WORK, False)]
)
def test_what_does_nothing_is_ended(program: str, ended: bool) -> None:
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    assert idle.wait_while_at_work(process, 0.8) is ended
    assert process.returncode is not None
    assert (process.returncode == 0) is not ended
