"""The answer file of a batch: what a worker committed outlives it (docs/worker-protocol.md)."""

from __future__ import annotations

import itertools
import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEAD = struct.Struct("<8sQQQQQQQ")
MAGIC = b"PARITY2\0"
START = 64
FIRST_BYTES = 1 << 20
PACKED = b" \t#"
"""What stands in an answer before the bytes of a packed value."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: fixtures begun, answers that are whole, their bytes, its end, signs of
    life within one that takes long, and the bytes of its trace."""

    started: int
    answered: int
    length: int
    done: bool
    beat: int = 0
    trace: int = 0


class AnswerFile:
    """One answer file, read while a worker writes it."""

    def __init__(self, path: Path) -> None:
        """Opens a file that is there. Raises FileNotFoundError."""
        self.path = path
        self._file = os.open(path, os.O_RDONLY)

    @classmethod
    def made(cls, path: Path) -> AnswerFile:
        """A new file for a worker to write to."""
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            os.ftruncate(made, FIRST_BYTES)
            os.pwrite(made, MAGIC, 0)
        finally:
            os.close(made)
        return cls(path)

    def progress(self) -> Progress:
        """How far the worker is."""
        head = os.pread(self._file, HEAD.size, 0)
        if len(head) < HEAD.size:
            return Progress(0, 0, 0, False)
        _, started, answered, length, done, _, beat, trace = HEAD.unpack(head)
        return Progress(started, answered, length, done != 0, beat, trace)

    def answers(self) -> list[bytes]:
        """All whole answers, in order, without their line ends.

        Text holds no zero: where one is, the disk had no room for what was committed. A file that
        is shorter than what was committed has lost its end.
        """
        progress = self.progress()
        data = os.pread(self._file, progress.length, START)
        if PACKED in data:
            return list(itertools.islice(_with_packed(data), progress.answered))
        written, hole, _ = data.partition(b"\0")
        lines = written.split(b"\n")
        is_whole = not hole and len(data) == progress.length
        return lines[: progress.answered if is_whole else min(progress.answered, len(lines) - 1)]

    def trace(self) -> Any | None:
        """What the batch rests on, as the worker told it; None before its end, or where the disk
        has lost that."""
        progress = self.progress()
        size = progress.trace if progress.done else 0
        return _document(os.pread(self._file, size, START + progress.length))

    def close(self) -> None:
        """Closes the file; what it holds stays."""
        os.close(self._file)


def read_whole(path: Path) -> Any | None:
    """A JSON document on disk; None where it has lost its end, or is gone."""
    try:
        return _document(path.read_bytes())
    except OSError:
        return None


def _document(told: bytes) -> Any | None:
    try:
        return json.loads(told.decode("ascii"))
    except ValueError:
        return None


def _with_packed(data: bytes) -> Iterator[bytes]:
    """The answers where some are packed: those say how long they are, and may hold line ends."""
    at = 0
    while (tab := data.find(b"\t", at)) > 0:
        if data.startswith(PACKED, tab - 1):
            stop = tab + 2 + int(data[at : tab - 1].partition(b" ")[2])
        else:
            stop = data.find(b"\n", tab)
        if not data.startswith(b"\n", stop):
            return  # the file has lost its end
        yield data[at:stop]
        at = stop + 1
