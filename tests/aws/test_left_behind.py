"""Nothing is left of a local AWS or of a trial with faults: no process, no port, no file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.aws.ports import listening, open_ports
from tests.aws.test_local import processes_of
from tests.aws.test_workflow import until

ROOT = Path(__file__).resolve().parents[2]
USER = """
import os, subprocess, sys, threading
from pathlib import Path
from parity.aws import local
from tests.aws.conftest import jdk

when, cache, popen = sys.argv[1], Path(sys.argv[2]), subprocess.Popen
local.runtime_jars(cache)
def end(): os.kill(os.getpid(), 9)
class Killed(popen):
    def __init__(self, command, *about, **more):
        if when == "before": end()
        super().__init__(command, *about, **more)
        if when == "at once": end()
        threading.Timer(float(when), end).start()
subprocess.Popen = Killed
with local.LocalAws(local.Options(java=jdk(), cache=cache)) as aws:
    threading.Event().wait()
"""


@pytest.mark.parametrize("when", ["before", "at once", "0.01", "0.1", "0.4", "1", "2.5"])
def test_nothing_is_left_of_a_start_that_is_killed(
    when: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Killed before the first process is started, while it is, and at moments after."""
    cache = ROOT / ".parity" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    folder = tmp_path / "tmp"
    folder.mkdir()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    command = [sys.executable, "-P", "-c", USER, when, str(cache)]
    done = subprocess.run(command, env=env, check=False, timeout=300)
    assert done.returncode == -9
    assert until(lambda: not processes_of(folder), 30), processes_of(folder)
    assert until(lambda: not list(folder.iterdir()), 10), list(folder.iterdir())


def test_nothing_is_left_of_a_trial_that_is_killed_amid_its_faults(tmp_path: Path) -> None:
    """Storage hosts, handlers and the control plane are at work when it is killed."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    env = {**os.environ, "TMPDIR": str(folder)}
    command = [sys.executable, str(ROOT / "bench/workflow_faults.py"), "--executions", "2"]
    with subprocess.Popen([*command, "--moves", "4"], env=env, cwd=ROOT) as process:
        found: list[int] = []

        def at_work() -> bool:
            found[:] = [one.pid for one in psutil.Process(process.pid).children(recursive=True)]
            words = [" ".join(words_of(pid)) for pid in found]
            hosts = sum("sable_trial.watched" in one for one in words)
            return hosts >= 9 and any("AWSLambda" in one for one in words)

        assert until(at_work, 240)
        ports = listening(found)
        assert len(ports) >= 11  # nine storage hosts, moto, the Runtime API
        process.kill()
    assert until(lambda: not any(alive(pid) for pid in found), 30)
    assert open_ports(ports) == []
    assert until(lambda: not list(folder.iterdir()), 10), list(folder.iterdir())


def words_of(pid: int) -> list[str]:
    """The command line of a process; nothing where it has ended."""
    try:
        return psutil.Process(pid).cmdline()
    except psutil.Error:
        return []


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
