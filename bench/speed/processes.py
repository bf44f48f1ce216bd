"""Runs programs and tells how long they took and how much memory their processes held."""

from __future__ import annotations

import ctypes
import functools
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench.project import java_program
from bench.speed.cases import LOAD, Bench, Case

PR_SET_CHILD_SUBREAPER = 36
SAMPLED_EVERY = 0.02
PASSES = 7  # all but the first two are warm


class Failed(Exception):
    """A program that did not do what it is measured for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that has run: seconds of the whole process and of processors, what it said."""

    seconds: float
    processor: float
    status: int
    output: str
    errors: str


def run(
    command: Sequence[str], cwd: Path, env: Mapping[str, str], *, held: Held | None = None
) -> Ended:
    """Runs a program to its end; `held` watches its processes meanwhile."""
    adopt()
    before = _spent_by_children()
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with held.watching(process.pid) if held else nullcontext():
        output, errors = process.communicate()
        seconds = time.perf_counter() - started
    _reap()
    spent = _spent_by_children() - before
    return Ended(seconds, spent, process.returncode, output, errors)


@functools.cache
def adopt() -> None:
    """From now on a process that its parent leaves behind becomes a child of this one."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _spent_by_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


# ---------------------------------------------------------------- memory


@dataclass(slots=True)
class Held:
    """The most that the processes of a program held, in bytes, and the seconds that they spent.

    A process that is left behind is adopted by this one, so that none is missed.
    """

    peaks: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    total: int = 0
    java: set[int] = field(default_factory=set)
    spent: dict[int, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def watching(self, pid: int) -> Held:
        """Begins to watch."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._watch, args=(os.getpid(), pid), daemon=True)
        return self

    def __enter__(self) -> None:
        assert self._thread is not None
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        assert self._thread is not None
        self._stop.set()
        self._thread.join()

    def _watch(self, ours: int, pid: int) -> None:
        own = psutil.Process(ours)
        while True:
            together = 0
            for process in own.children(recursive=True):
                together += self._look(process)
            self.total = max(self.total, together)
            if self._stop.wait(SAMPLED_EVERY):
                return

    def _look(self, process: psutil.Process) -> int:
        try:
            if process.pid not in self.java and holds_a_jvm(process.pid):
                self.java.add(process.pid)
            status = Path(f"/proc/{process.pid}/status").read_text("ascii", "replace")
            self.names.setdefault(process.pid, process.name())
            times = process.cpu_times()
            self.spent[process.pid] = times.user + times.system
        except (psutil.Error, OSError):
            return 0
        lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        if "VmHWM" not in lines:
            return 0
        self.peaks[process.pid] = int(lines["VmHWM"].split()[0]) * 1024
        return _proportional(process.pid) or int(lines["VmRSS"].split()[0]) * 1024

    @property
    def largest(self) -> int:
        """The most that one process held."""
        return max(self.peaks.values(), default=0)

    @property
    def largest_without_jvm(self) -> int:
        """The most that one process held that has no JVM in it."""
        return max((peak for pid, peak in self.peaks.items() if pid not in self.java), default=0)

    @property
    def largest_jvm(self) -> int:
        """The most that one process with a JVM held."""
        return max((peak for pid, peak in self.peaks.items() if pid in self.java), default=0)


def _proportional(pid: int) -> int:
    """The memory of a process, what it shares with others divided among them."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def holds_a_jvm(pid: int) -> bool:
    """Whether a process has a JVM in it."""
    try:
        return "libjvm.so" in Path(f"/proc/{pid}/maps").read_text("utf-8", "replace")
    except OSError:
        return False


def wait_for_the_others(seconds: float = 120.0) -> None:
    """Waits for what earlier runs have left at work, such as the archive of classes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        _reap()
        if not psutil.Process().children(recursive=True):
            return
        time.sleep(0.1)


def _reap() -> None:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


# ---------------------------------------------------------------- what is measured


@functools.cache
def parity_knows(verb: str, option: str) -> bool:
    """Whether a verb of parity has an option."""
    command = [sys.executable, "-P", "-m", "parity", verb, "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return option in told


@dataclass(frozen=True, slots=True)
class Parity:
    """`parity run` of one case: seconds of the process and of processors, and its report."""

    seconds: float
    processor: float
    report: dict[str, Any]

    @property
    def unit(self) -> dict[str, Any]:
        """The one unit of the report."""
        unit: dict[str, Any] = self.report["units"][0]
        return unit


def parity_run(
    bench: Bench, case: Case, *, cached: bool = False, held: Held | None = None
) -> Parity:
    """`parity run --json` of a case, with every invariant on. Raises Failed.

    Unless `cached`, nothing may come from the evidence of a former run, and the second run of
    invariant 6 must have happened.
    """
    fresh = ["--no-cache"] if parity_knows("run", "--no-cache") and not cached else []
    project = bench.project(case)
    command = [sys.executable, "-P", "-m", "parity", "-C", str(project), "run", "--json", *fresh]
    ended = run(command, project, bench.env(), held=held)
    told = f"{case.name}: parity run exits with {ended.status}\n{ended.errors[-2000:]}"
    if ended.status != (1 if case.differing else 0):
        raise Failed(told + ended.output[:2000])
    ran = Parity(ended.seconds, ended.processor, json.loads(ended.output))
    unit = ran.unit
    counts = (unit["fixtures"], unit["matched"], unit["differs"])
    if counts != (case.count, case.count - case.differing, case.differing):
        raise Failed(f"{case.name}: fixtures, matched, differs are {counts}")
    if cached:
        return ran
    if unit["cached"]:
        raise Failed(f"{case.name}: the unit was not run, its evidence held")
    if not unit.get("checked_again", 0) > 0:
        raise Failed(f"{case.name}: nothing was run a second time (invariant 6)")
    return ran


def forget(bench: Bench, case: Case) -> None:
    """Removes all that parity keeps of a case and for a user: the next run is a cold one."""
    shutil.rmtree(bench.project(case) / ".parity", ignore_errors=True)
    shutil.rmtree(bench.caches, ignore_errors=True)


def pytest_run(bench: Bench, case: Case, *, held: Held | None = None) -> Ended:
    """Peer A. Raises Failed."""
    command = [sys.executable, "-P", "-m", "pytest", "-q", str(LOAD / "peers" / "test_port.py")]
    command += ["-c", os.devnull, "--rootdir", str(bench.folder), "-p", "no:cacheprovider"]
    command += ["--tb=line"]
    env = bench.env(PARITY_PEER=bench.peer(case), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    ended = run(command, bench.folder, env, held=held)
    passed, failed = case.count - case.differing, case.differing
    wanted = [f"{passed} passed"] + ([f"{failed} failed"] if failed else [])
    if not all(one in ended.output[-300:] for one in wanted):
        raise Failed(f"{case.name}: pytest says {ended.output[-500:]}{ended.errors[-500:]}")
    return ended


@dataclass(frozen=True, slots=True)
class Loop:
    """Peer B: seconds of the whole process and of processors, and of the loop in it."""

    seconds: float
    processor: float
    loop: float


def loop_run(bench: Bench, case: Case, *, held: Held | None = None) -> Loop:
    """Peer B. Raises Failed."""
    command = [sys.executable, "-P", str(LOAD / "peers" / "loop.py"), bench.peer(case)]
    ended = run(command, bench.folder, bench.env(), held=held)
    if ended.status:
        raise Failed(f"{case.name}: the loop by hand fails: {ended.errors[-1000:]}")
    told = json.loads(ended.output)
    if told["differ"] != case.differing:
        raise Failed(f"{case.name}: by hand {told['differ']} differ, not {case.differing}")
    return Loop(ended.seconds, ended.processor, told["loop"])


@dataclass(frozen=True, slots=True)
class Pure:
    """Microseconds a fixture of both sides' pure functions: warm, and in Java's first pass."""

    python: float
    java: float
    first_java: float
    processor: float

    @property
    def both(self) -> float:
        """Python plus java, warm."""
        return self.python + self.java


def limit_run(bench: Bench, case: Case) -> Pure:
    """The limit: what the functions alone take. Raises Failed."""
    command = [sys.executable, "-P", str(LOAD / "peers" / "limit.py")]
    python = run([*command, bench.peer(case, passes=PASSES)], bench.folder, bench.env())
    command = [java_program("java"), "-cp", ":".join(bench.classpath), "peer.Limit", case.subject]
    java = run([*command, str(bench.inputs_of(case)), str(PASSES)], bench.folder, bench.env())
    for ended in (python, java):
        if ended.status:
            raise Failed(f"{case.name}: the limit fails: {ended.errors[-1000:]}")
    sides = [_passes(ended, case) for ended in (python, java)]
    warm = [[min(one) for one in zip(*side[2:], strict=True)] for side in sides]
    (python_time, python_busy), (java_time, java_busy) = warm
    return Pure(python_time, java_time, sides[1][0][0], python_busy + java_busy)


def _passes(ended: Ended, case: Case) -> list[list[float]]:
    """Of each pass the microseconds a fixture, by the clock and of the processor."""
    lines = [line.split() for line in ended.output.splitlines()]
    return [[int(one) / 1000 / case.count for one in line] for line in lines]
