"""Runs the build of a project's Java, which ends when the run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path

from parity.sides.worker import Stopped

LOOK_SECONDS = 0.1


def run_build(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    seconds: float,
    stop: threading.Event,
) -> subprocess.CompletedProcess[str]:
    """What a program printed, and how it ended.

    Raises FileNotFoundError, TimeoutExpired after `seconds`, and Stopped where `stop` is set: then
    the program and all that it has started are gone. So they are after a KeyboardInterrupt: a
    thread that is not interrupted looks after them, from before they are there.
    """
    given_up = threading.Event()

    def ends() -> bool:
        return stop.is_set() or given_up.is_set()

    with ThreadPoolExecutor(1) as apart:
        try:
            running = apart.submit(_run, command, folder, env, seconds, ends)
            # Ctrl-C may reach any thread: this one sees it when it wakes.
            while not wait([running], LOOK_SECONDS).done:
                pass
            return running.result()
        except BaseException:
            given_up.set()
            raise


def _run(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    seconds: float,
    ends: Callable[[], bool],
) -> subprocess.CompletedProcess[str]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    deadline = time.monotonic() + seconds
    try:
        while not ends():
            try:
                out, err = process.communicate(timeout=LOOK_SECONDS)
                return subprocess.CompletedProcess(command, process.returncode, out, err)
            except subprocess.TimeoutExpired:
                if time.monotonic() > deadline:
                    raise
        raise Stopped
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
