"""The journal of a cutover: each step is written down before it is made and when it is made.

A tool that is killed between the two leaves an open step behind; whoever goes on closes it first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from parity.errors import ParityError
from parity.gate import Step

OPEN: Final = {"shift": "shifted", "back": "is-back"}
"""What is begun by a line, and the line that says that it is done."""


@dataclass
class Journal:
    """The lines of one workflow's cutover."""

    file: Path

    def steps(self) -> tuple[Step, ...]:
        """All of the last cutover that was begun; a half-written last line is none."""
        try:
            lines = self.file.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return ()
        found: list[Step] = []
        for number, line in enumerate(lines, 1):
            step = self._step(line, number)
            found = [step] if step.what == "begin" else [*found, step]
        return tuple(found)

    def add(self, step: Step) -> Step:
        """Writes a line, and sees to it that it outlives this machine's power."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(step), sort_keys=True)
        whole = self._whole()
        with self.file.open("ab") as file:
            file.truncate(whole)  # of a line that was not written whole nobody has acted on
            file.write(text.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return step

    def _whole(self) -> int:
        """How many bytes whole lines take."""
        try:
            return self.file.read_bytes().rfind(b"\n") + 1
        except FileNotFoundError:
            return 0

    def _step(self, line: bytes, number: int) -> Step:
        try:
            read = json.loads(line)
            before = tuple((int(version), int(weight)) for version, weight in read["before"])
            return Step(**{**read, "before": before})
        except (ValueError, LookupError, TypeError) as error:
            raise ParityError(
                "the journal of the cutover cannot be read",
                where=f"{self.file}:{number}",
                why=str(error),
                next_step="look where the alias leads (parity cutover … status), then move the "
                "journal away and roll back",
            ) from None


def is_under_way(steps: Sequence[Step]) -> bool:
    """Whether a cutover was begun and is neither done nor taken back."""
    return bool(steps) and steps[-1].what not in ("done", "is-back")


def open_step(steps: Sequence[Step]) -> Step | None:
    """The step that was begun last and is not known to be made."""
    if steps and steps[-1].what in OPEN:
        return steps[-1]
    return None
