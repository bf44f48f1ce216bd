"""A worker process and the lines that cross its border."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from parity.errors import ParityError
from parity.sides.marks import marked, with_mark

START_SECONDS = 60.0
CHUNK = 1 << 16
PROC = Path("/proc")
MOST_ROUNDS = 100


class Gone(Exception):
    """The worker ended; `how` says in what way."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Silent(Exception):
    """The worker gave no answer in time."""


class Late(Silent):
    """The worker has not answered all of a batch by the time at which that is given up."""


class Process:
    """A spawned worker: requests go in on one pipe, answers and events come out on another."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        folder: Path,
        last: Sequence[str] = (),
    ) -> None:
        """`last` are words of the command line behind the two descriptors."""
        requests_out, self._requests = os.pipe()
        self._answers, answers_in = os.pipe()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._closing = threading.Lock()
        self._closed = False
        try:
            self._process = subprocess.Popen(
                [*command, str(requests_out), str(answers_in), *last],
                env=dict(env),
                cwd=folder,
                pass_fds=(requests_out, answers_in),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
        except OSError as error:
            raise ParityError(
                f"{command[0]} cannot be started",
                where=None,
                why=error.strerror or str(error),
                next_step="check `interpreter` in the config",
            ) from None
        finally:
            os.close(requests_out)
            os.close(answers_in)
        self._mark = marked(self._process.pid)
        self._buffer = bytearray()
        self._writer: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def send(self, lines: Sequence[str]) -> None:
        """Sends lines; long ones without waiting for them to be read."""
        if self._writer is not None:
            self._writer.join()
            self._writer = None
        data = ("\n".join(lines) + "\n").encode("ascii")
        if len(data) <= select.PIPE_BUF:
            self._write(data)
            return
        self._writer = threading.Thread(target=self._write, args=(data,), daemon=True)
        self._writer.start()

    def answer(self, seconds: float) -> Any:
        """The next answer. Raises Silent after `seconds`, Gone where the worker has ended."""
        deadline = time.monotonic() + seconds
        while True:
            line = self.event(max(0.0, deadline - time.monotonic()))
            if line is None:
                raise Silent
            return line

    def event(self, seconds: float) -> Any | None:
        """The next object, or None where there is none in time. Raises Gone at the end."""
        deadline = time.monotonic() + seconds
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                told = _told(line)
                if told is not None:
                    return told
                continue
            left = max(0.0, deadline - time.monotonic())
            try:
                if not select.select([self._answers], [], [], left)[0]:
                    return None
                chunk = os.read(self._answers, CHUNK)
            except (OSError, ValueError):  # closed by another thread that ends the run
                raise Gone("the run was ended") from None
            if not chunk:
                raise Gone(self._ending())
            self._buffer += chunk

    def is_alive(self) -> bool:
        """Whether the worker has not ended yet."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Ends the worker and everything that it started, now; `close` takes care of the rest."""
        below = below_it(self._process.pid) if self._mark is None and self.is_alive() else []
        _signal(os.killpg, self._process.pid)
        for pid in below:
            _signal(os.kill, pid)
        self._kill_marked()

    def _kill_marked(self) -> None:
        """Ends what has left the worker's group, whether the worker is still there or not."""
        ended: set[int] = set()
        for _ in range(MOST_ROUNDS):  # what starts others all the time is not waited for
            found = with_mark(self._mark) - ended
            if not found:
                return
            for pid in found:
                _signal(os.kill, pid)
            ended |= found

    def close(self) -> None:
        """Ends the worker and everything that it started."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self.kill()
        self._process.wait()
        if self._writer is not None:
            self._writer.join()
        for descriptor in (self._requests, self._answers):
            os.close(descriptor)
        self._log.close()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._requests, view) :]
        except OSError:
            return

    def _ending(self) -> str:
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return "it closed its end of the border"
        return f"{ending_of(status)}{self._last_words()}"

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read()[-4096:].decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1][:200]}" if lines else ""


def stat_of(pid: int) -> list[bytes]:
    """What the system tells of a process, from its state on (`/proc/PID/stat` in proc(5)).

    Raises OSError where it has ended, and where nothing is told.
    """
    return (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()


def below_it(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have; none without /proc.

    For systems where a worker cannot be marked: it takes what its units leave behind as its own
    (`PR_SET_CHILD_SUBREAPER`).
    """
    found: list[int] = []
    waiting = [pid]
    while waiting:
        more = [int(child) for child in _children(waiting.pop())]
        found += more
        waiting += more
    return found


def _children(pid: int) -> list[str]:
    """What the system tells of the children of a process' threads (proc(5))."""
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        return [one for thread in threads for one in (thread / "children").read_text().split()]
    except OSError:  # it has ended, or nothing is told
        return []


def _signal(send: Callable[[int, int], None], pid: int) -> None:
    try:
        send(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _told(line: bytes) -> dict[str, Any] | None:
    """What a line says; None for an empty one, and for what a unit wrote into whatever is open."""
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def ending_of(status: int) -> str:
    """How a process ended, from its exit status or minus the signal that ended it."""
    if status < 0:
        return f"it was ended by {signal.Signals(-status).name}"
    return f"it ended with status {status}"
