"""Ends a program that waits for something that never comes."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from parity.sides.process import stat_of

LOOK_SECONDS = 1.0
BUSY = 0.005
"""Of its time, what a program works that waits and only looks now and then."""
GRACE_SECONDS = 5.0


def wait_while_at_work(process: subprocess.Popen[bytes], patience: float) -> bool:
    """Waits until a program has ended; ends it where it does next to nothing for `patience`
    seconds, itself and all its children, and says whether it did.

    Looks are counted, not time: this process may itself have been stopped. Where the system does
    not tell what a program works, it has all the time that it takes.
    """
    looks, before = 0, _worked(process.pid)
    while True:
        try:
            process.wait(LOOK_SECONDS)
            return False
        except subprocess.TimeoutExpired:
            now = _worked(process.pid)
        looks += 1
        if before is None or now is None or abs(now - before) > BUSY * LOOK_SECONDS * looks:
            looks, before = 0, now
        elif looks * LOOK_SECONDS >= patience:
            _end(process)
            return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asks a program to end as Ctrl-C does, and then makes it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        process.send_signal(number)
        try:
            process.wait(GRACE_SECONDS)
            return
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    process.wait()


def _worked(pid: int) -> float | None:
    """Seconds of work of a process, of its children, and of those that these have waited for."""
    try:
        fields = stat_of(pid)
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return None
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children: set[int] = set()
    for task in tasks:
        try:
            children.update(map(int, (task / "children").read_text("ascii").split()))
        except OSError:
            continue
    return own + sum(_worked(child) or 0.0 for child in children)
