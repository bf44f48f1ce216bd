"""A worker ends with all that it has started, however the worker itself has ended."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from parity.sides import process
from parity.sides.process import Process, below_it, stat_of

SPLIT = "import os; os.fork() or os.setsid(); "
TELL = "open(f'{os.getpid()}', 'w').close(); "
WAIT = "import time; time.sleep(1000)"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux marks processes")


def started(folder: Path, python: str, count: int) -> tuple[Process, list[int]]:
    """A worker that runs this, and the numbers of the `count` processes that have told theirs."""
    worker = Process([sys.executable, "-c", python], os.environ, folder)
    end = time.monotonic() + 10
    while time.monotonic() < end and len(list(folder.iterdir())) < count:
        time.sleep(0.01)
    return worker, sorted(int(one.name) for one in folder.iterdir())


def living(pids: list[int]) -> list[int]:
    """Those that have not ended, after a moment."""
    end = time.monotonic() + 2
    while left := [pid for pid in pids if not is_dead(pid)]:
        if time.monotonic() > end:
            break
        time.sleep(0.01)
    return left


def is_dead(pid: int) -> bool:
    try:
        return stat_of(pid)[0] in b"ZX"
    except OSError:
        return True


def test_what_left_the_session_of_a_worker_that_killed_itself_ends_with_it(tmp_path: Path) -> None:
    worker, pids = started(tmp_path, f"{SPLIT}{TELL}{WAIT}", 2)
    assert len(pids) == 2
    os.kill(worker.pid, 9)
    worker._process.wait()
    assert len(living(pids)) == 1
    worker.close()
    assert living(pids) == []


def test_another_workers_processes_go_on(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, ours = started(tmp_path / "one", f"{SPLIT}{TELL}{WAIT}", 2)
    two, theirs = started(tmp_path / "two", f"{SPLIT}{TELL}{WAIT}", 2)
    one.close()
    assert living(ours) == []
    assert [pid for pid in theirs if is_dead(pid)] == []
    two.close()
    assert living(theirs) == []


def test_without_marks_what_is_below_a_living_worker_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "marked", lambda pid: None)
    worker, pids = started(tmp_path, f"{SPLIT}{TELL}{WAIT}", 2)
    assert set(below_it(worker.pid)) == set(pids) - {worker.pid}
    worker.close()
    assert living(pids) == []
