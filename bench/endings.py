"""A project for runs that are ended from outside, and such runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.project import ROOT, fixture_lines, javac
from bench.survivors import Survivor, survivors_after

PROJECT = ROOT / "bench" / "enduring"
TIMES = re.compile(r',"times":\{[^}]*\}')
LONG = 3000
"""Fixtures of `stock:reorder`, four pieces."""
LEFT_SECONDS = 2.0


def write_project(folder: Path) -> Path:
    """The project of bench/enduring with its fixtures, compiled."""
    shutil.copytree(PROJECT, folder)
    rows = {
        "reorder": [[n, 3 * n % 4000] for n in range(LONG)],
        "price": [[n + 0.5, 1] for n in range(40)] + [[n / 8, 3] for n in range(40)],
        "shelf": [["ABC"[n % 3], n] for n in range(60)],
        "count": [[n] for n in range(40)],
        "pick": [[n] for n in range(30)],
    }
    for name, some in rows.items():
        lines = fixture_lines({"id": f"n{n}", "args": args} for n, args in enumerate(some))
        file = folder / "fixtures" / "stock" / f"{name}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(lines, "ascii")
    broken = javac(folder)
    if broken:
        raise SystemExit(f"error: {broken}")
    return folder


@dataclass(slots=True)
class Running:
    """A `parity` at work in a session of its own."""

    folder: Path
    process: subprocess.Popen[str]
    started: float

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self.process.poll() is not None

    def result(self, seconds: float = 600) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        out, errors = self.process.communicate(timeout=seconds)
        return self.process.returncode, out, errors

    def kill(self) -> list[Survivor]:
        """Kills the supervisor alone; what of its run is left over two seconds later."""
        self.process.kill()
        self.process.wait()
        left = survivors_after(self.folder, LEFT_SECONDS)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
        return left

    def interrupt(self, *, group: bool) -> float:
        """Ctrl-C, to the process group or to the supervisor alone; seconds until it has ended."""
        started = time.monotonic()
        (os.killpg if group else os.kill)(self.process.pid, signal.SIGINT)
        self.process.wait(60)
        return time.monotonic() - started


def start(folder: Path, *args: str, env: dict[str, str] | None = None) -> Running:
    """Starts `parity` in a folder, where it can be interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # not ignored, as in the background
    command = [sys.executable, "-P", "-m", "parity", "-C", str(folder), *args]
    process = subprocess.Popen(
        command,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return Running(folder, process, time.monotonic())


def report_of(out: str) -> str:
    """A JSON report as it was printed, times apart. Raises ValueError where it is none."""
    json.loads(out)
    return TIMES.sub("", out)


def judged(folder: Path) -> list[Path]:
    """What the journals of runs that were ended have of judged pieces."""
    return sorted((folder / ".parity" / "runs").glob("*/first/**/*.judged"))


def wait_for(what: str, so: object, seconds: float = 60) -> None:
    """Waits until a callable gives something. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not so():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.01)
