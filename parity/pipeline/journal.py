"""What a run has found so far, on disk: a run that was killed goes on from it.

A run has a folder of its own below `.parity/runs`: answer files of the pieces that are under way,
and a small document for each piece that is judged. It is gone when the run has ended.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from parity.config import Config
from parity.run import Piece
from parity.sides.answers import AnswerFile, read_whole

LOCK = "lock"
BASIS = "basis"
ENDED = "whatever was done by a process that was ended"


@dataclass(frozen=True, slots=True)
class Journal:
    """The judged pieces of one unit."""

    folder: Path

    def judged(self) -> dict[int, Mapping[str, Any]]:
        """What earlier runs have judged, by the index of the piece.

        A document that the disk did not keep as a whole is none: its piece is run anew.
        """
        found = {}
        for path in self.folder.glob("*.judged"):
            document = read_whole(path)
            if document is not None:
                found[int(path.stem)] = document
        return found

    def traces(self, piece: Piece) -> dict[str, list[Any]]:
        """What the workers of each side told of what the piece rests on.

        Whoever was ended in the middle has answered, and told nothing.
        """
        found: dict[str, list[Any]] = {"python": [], "java": []}
        for path in sorted(self.folder.glob(f"{piece.index:06}.*")):
            if path.suffix not in (".answers", ".once"):
                continue
            with closing(AnswerFile(path)) as file:
                trace, answered = file.trace(), file.progress().answered
            if trace is not None:
                found[path.name.split(".")[2]].append(trace)
            elif answered:
                found[path.name.split(".")[2]].append({"beyond": [ENDED]})
        return found

    def keep(self, piece: Piece, document: Mapping[str, Any]) -> None:
        """Writes a judged piece down; its answers are then no longer needed."""
        path = self.folder / f"{piece.index:06}.judged"
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(document), "ascii")
        temporary.replace(path)
        for answers in self.folder.glob(f"{piece.index:06}.*.*"):
            answers.unlink(missing_ok=True)


class RunFolder:
    """The folder of one run, locked while it lasts."""

    def __init__(self, config: Config, basis: str, *, resume: bool) -> None:
        """`resume` goes on from the newest run that was ended, if it is of this `basis`."""
        self._runs = config.private / "runs"
        self._runs.mkdir(parents=True, exist_ok=True)
        found = self._ended() if resume else None
        self.resumed = found is not None and _basis(found) == basis
        if self.resumed and found is not None:
            self._lock = _locked(found)
        else:
            found, self._lock = self._new(basis)
        self.path = found
        self._forget_others()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()

    def _new(self, basis: str) -> tuple[Path, TextIO]:
        """A folder that is locked before others see it: they remove what nobody holds."""
        name = f"{time.time_ns()}-{os.getpid()}"
        hidden = self._runs / f".{name}"
        hidden.mkdir()
        (hidden / BASIS).write_text(basis, "utf-8")
        lock = _locked(hidden)
        return hidden.rename(self._runs / name), lock

    def _seen(self) -> list[Path]:
        return sorted(one for one in self._runs.iterdir() if not one.name.startswith("."))

    def _ended(self) -> Path | None:
        """The newest run that was ended before it was done."""
        ended = [folder for folder in self._seen() if not _is_alive(folder)]
        return ended[-1] if ended else None

    def _forget_others(self) -> None:
        for folder in self._seen():
            if folder != self.path and not _is_alive(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _locked(folder: Path) -> TextIO:
    lock = (folder / LOCK).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _basis(folder: Path) -> str | None:
    try:
        return (folder / BASIS).read_text("utf-8")
    except OSError:
        return None


def _is_alive(folder: Path) -> bool:
    """Whether the run of a folder is still going on: its process holds the lock."""
    try:
        with (folder / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return _age(folder) < 5


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0
