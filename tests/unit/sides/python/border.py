"""The supervisor's half of the border, as small as it can be, for tests of the python worker."""

from __future__ import annotations

import contextlib
import json
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from parity.sides.answers import AnswerFile
from parity.values import form

WORKER = Path(__file__).parents[4] / "parity" / "sides" / "python" / "worker.py"
SECONDS = 30.0
MIB = 1 << 20


class Border:
    """A python worker that has loaded nothing yet."""

    def __init__(
        self, folder: Path, interpreter: str = sys.executable, env: Mapping[str, str] = {}
    ) -> None:
        self.folder = folder
        self.batches = 0
        self.events: list[dict[str, Any]] = []
        self.log = (folder / "worker.log").open("w+b")
        requests, self.requests = os.pipe()
        self.answers, answers = os.pipe()
        plain = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        fixed = {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [interpreter, str(WORKER), str(requests), str(answers)],
            env={**plain, **fixed, **env},
            cwd=folder,
            pass_fds=(requests, answers),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        os.close(requests)
        os.close(answers)
        self.buffer = b""

    def __enter__(self) -> Border:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.requests)
        os.close(self.answers)
        self.log.close()

    def send(self, *requests: Any) -> None:
        """Sends requests, one a line; a worker that has ended already has told why."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self.requests, "".join(form.dumps(one) + "\n" for one in requests).encode())

    def receive(self, seconds: float = SECONDS) -> Any:
        """The next line from the worker."""
        end = time.monotonic() + seconds
        while b"\n" not in self.buffer.lstrip(b"\n"):
            if not select.select([self.answers], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(self.words())
            chunk = os.read(self.answers, 1 << 16)
            if not chunk:
                raise EOFError(self.words())
            self.buffer += chunk
        line, _, self.buffer = self.buffer.lstrip(b"\n").partition(b"\n")
        return json.loads(line)

    def words(self) -> str:
        """What the worker wrote to standard error."""
        return (self.folder / "worker.log").read_text("utf-8", "replace")

    def hello(self, *, memory: int | None = None, max_items: int = 10_000) -> Any:
        """Greets, with the folder as the only source."""
        sources = [str(self.folder)]
        self.send(
            {
                "op": "hello",
                "sources": sources,
                "types": [],
                "max_items": max_items,
                "memory": memory,
            }
        )
        return self.receive()

    def load(self, *units: Mapping[str, Any]) -> list[Any]:
        """What is known of each unit."""
        self.send({"op": "load", "units": list(units)})
        return [self.receive() for _ in units]

    def start(
        self,
        unit: str,
        lines: Iterable[Any],
        *,
        fork: bool = True,
        size: int = MIB,
        skip: int = 0,
        packed: bool = False,
        apart: bool = False,
    ) -> Batch:
        """Starts a batch without waiting for it."""
        batch = Batch(self, self.batches, size, fork)
        self.batches += 1
        text = "".join(line if isinstance(line, str) else form.dumps(line) + "\n" for line in lines)
        batch.requests.write_text(text)
        self.send(
            {
                "op": "run",
                "batch": batch.number,
                "unit": unit,
                "requests": str(batch.requests),
                "from": skip,
                "answers": str(batch.answers),
                "trace": True,
                "fork": fork,
                "packed": packed,
                "apart": apart,
            }
        )
        return batch

    def run(self, unit: str, lines: Iterable[Any], **more: Any) -> Batch:
        """Runs a batch to its end, whichever it is."""
        batch = self.start(unit, lines, **more)
        batch.wait()
        return batch

    def calls(self, unit: str, *calls: Sequence[Any], **more: Any) -> list[dict[str, Any]]:
        """The observations of calls with these arguments."""
        return self.run(unit, [{"args": list(call), "kwargs": {}} for call in calls], **more).told()


class Batch:
    """A batch and its files."""

    def __init__(self, border: Border, number: int, size: int, fork: bool) -> None:
        self.border = border
        self.number = number
        self.fork = fork
        self.requests = border.folder / f"{number}.requests"
        self.answers = border.folder / f"{number}.answers"
        with self.answers.open("wb") as file:
            file.write(b"PARITY2\0")
            file.truncate(size)
        self.pid: int | None = None
        self.started_at = self.ended_at = 0.0
        self.status: int | None = None

    def wait(self, seconds: float = SECONDS) -> None:
        """Waits until its process is gone, or it is done without one of its own."""
        while True:
            event = self.border.receive(seconds)
            self.border.events.append(event)
            self.ended_at = time.perf_counter()
            if event.get("started") == self.number:
                self.pid = event["pid"]
                self.started_at = self.ended_at
            if event.get("ended") == self.number:
                self.status = event["status"]
                return
            if event.get("done") == self.number and not self.fork:
                return

    def header(self) -> dict[str, int]:
        """The head of the answer file."""
        names = ("started", "answered", "length", "done", "phase")
        numbers = struct.unpack("<6Q", self.answers.read_bytes()[:48])
        return dict(zip(names, numbers[1:], strict=True))

    def times(self) -> float:
        """Seconds from the start of its process, as its parent saw it, to its end."""
        return self.ended_at - self.started_at

    def lines(self) -> list[str]:
        """The observations as they were written."""
        length = self.header()["length"]
        text = self.answers.read_bytes()[64 : 64 + length].decode("ascii")
        lines = text.splitlines()
        assert len(lines) == self.header()["answered"]
        for line in lines:
            micros, _, told = line.partition("\t")
            float(micros)
            assert not micros.endswith(" ") or set(json.loads(told)) == {"returned"}, line
        return [line.partition("\t")[2] for line in lines]

    def alone(self) -> list[bool]:
        """Which answers say of themselves that they tell of nothing but what was returned."""
        length = self.header()["length"]
        lines = self.answers.read_bytes()[64 : 64 + length].splitlines()
        return [line.partition(b"\t")[0].endswith(b" ") for line in lines]

    def told_trace(self) -> dict[str, Any]:
        """The trace."""
        with closing(AnswerFile(self.answers)) as file:
            trace: dict[str, Any] | None = file.trace()
        assert trace is not None
        return trace

    def told(self) -> list[dict[str, Any]]:
        """The observations."""
        return [json.loads(line) for line in self.lines()]
