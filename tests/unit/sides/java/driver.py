"""The java worker by itself: speaks docs/worker-protocol.md, without the supervisor."""

from __future__ import annotations

import json
import mmap
import os
import select
import struct
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.sides.answers import AnswerFile
from parity.sides.java.flags import start_flags
from parity.sides.java.home import PACKAGE, harness_jar
from parity.sides.java.types import wire_table

HEADER = struct.Struct("<8s7Q")
MAGIC = b"PARITY2\0"
SIZE = 1 << 20
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answered:
    """What stands in an answer file."""

    started: int
    answered: int
    done: bool
    phase: int
    length: int
    answers: list[dict[str, Any]]
    micros: list[float]
    alone: list[bool]


class Driver:
    """A worker process, its two pipes and the files of its batches."""

    def __init__(
        self,
        folder: Path,
        home: Path,
        flags: Sequence[str] | None = None,
        harness: Path | None = None,
    ) -> None:
        """`folder` takes the files; `flags` are the JVM's, else those of a short run."""
        jar = harness or harness_jar()
        self.folder = folder
        self.batches = 0
        requests_out, self._requests = os.pipe()
        self._events, events_in = os.pipe()
        if flags is None:
            flags = start_flags(home, jar, [], 0, 0)
        start = {"home": str(home), "harness": str(jar), "flags": list(flags)}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "parity.sides.java.worker"]
            + [str(requests_out), str(events_in), json.dumps(start)],
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(PACKAGE.parent)},
            cwd=folder,
            pass_fds=(requests_out, events_in),
            stdin=subprocess.DEVNULL,
        )
        os.close(requests_out)
        os.close(events_in)
        self._buffer = b""

    def send(self, request: dict[str, Any]) -> None:
        data = memoryview(json.dumps(request).encode("ascii") + b"\n")
        while data:
            data = data[os.write(self._requests, data) :]

    def event(self, seconds: float = SECONDS) -> Any:
        """The next line of the worker. Raises EOFError where it is gone, else TimeoutError."""
        while b"\n" not in self._buffer:
            if not select.select([self._events], [], [], seconds)[0]:
                raise TimeoutError
            chunk = os.read(self._events, 1 << 16)
            if not chunk:
                raise EOFError
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)

    def hello(
        self, classpath: Iterable[Path], *, salt: int = 0, max_items: int = 100
    ) -> dict[str, Any]:
        hello = {
            "op": "hello",
            "classpath": [str(entry) for entry in classpath],
            "salt": salt,
            "types": wire_table(),
            "cache": None,
            "max_items": max_items,
        }
        self.send(hello)
        answer: dict[str, Any] = self.event()
        return answer

    def load(self, units: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        self.send({"op": "load", "units": list(units)})
        return [self.event() for _ in units]

    def begin(
        self,
        unit: str,
        lines: Iterable[str],
        first: int = 0,
        *,
        packed: bool = False,
        size: int = SIZE,
    ) -> tuple[int, Path]:
        """Sends a batch; gives its number and its answer file, of so many bytes at first."""
        self.batches += 1
        requests = self.folder / f"{self.batches}.requests"
        answers = self.folder / f"{self.batches}.answers"
        requests.write_text("".join(f"{line}\n" for line in lines), "ascii")
        with answers.open("wb") as file:
            file.write(HEADER.pack(MAGIC, 0, 0, 0, 0, 0, 0, 0))
            file.truncate(size)
        request = {"op": "run", "batch": self.batches, "unit": unit, "requests": str(requests)}
        request |= {"from": first, "answers": str(answers), "trace": True}
        request |= {"packed": packed}
        self.send(request)
        return self.batches, answers

    def run(
        self, unit: str, lines: Iterable[str], first: int = 0, *, parse: bool = True
    ) -> Answered:
        """One batch from its start to its end."""
        batch, answers = self.begin(unit, lines, first)
        assert self.event() == {"done": batch}
        return read(answers, parse=parse)

    def trace(self, batch: int) -> dict[str, Any]:
        with closing(AnswerFile(self.folder / f"{batch}.answers")) as file:
            told: dict[str, Any] | None = file.trace()
        assert told is not None
        return told

    def close(self) -> None:
        os.close(self._requests)
        os.close(self._events)
        try:
            self.process.wait(10)
        finally:
            self.process.kill()
            self.process.wait()


def read(file: Path, *, parse: bool = True) -> Answered:
    """An answer file as it stands; without its answers where they are not to be parsed."""
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as view:
        magic, started, answered, length, done, phase, _, _ = HEADER.unpack(view[: HEADER.size])
        lines = bytes(view[HEADER.size : HEADER.size + length]).splitlines()
    assert magic == MAGIC
    assert len(lines) == answered
    parted = [line.split(b"\t", 1) for line in lines]
    alone = [micros.endswith(b" ") for micros, _ in parted]
    for marked, (_, text) in zip(alone, parted, strict=True):
        assert not marked or not parse or set(json.loads(text)) == {"returned"}, text
    return Answered(
        started,
        answered,
        bool(done),
        phase,
        length,
        [json.loads(text) for _, text in parted] if parse else [],
        [float(micros) for micros, _ in parted],
        alone,
    )
