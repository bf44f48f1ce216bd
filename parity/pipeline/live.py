"""Inputs of production for a shadow, wherever they are, as one file."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from parity.aws.live import Asked, Live
from parity.config import Config
from parity.errors import ParityError

__all__ = ["Asked", "LiveInputs", "live_inputs"]


@dataclass(frozen=True, slots=True)
class LiveInputs:
    """A file with an input a line, and what there is to say of how it came to be."""

    file: Path
    told: tuple[str, ...] = ()


def live_inputs(config: Config, asked: Asked, live: Live | None = None) -> LiveInputs:
    """A file as it is; what is in a bucket or a log group is kept in `.parity`, for its owner only.

    Raises ParityError where there is nothing.
    """
    if asked.is_file:
        file = Path(asked.place).resolve()
        if not file.is_file():
            raise ParityError(
                f"there is no file {asked.place}",
                where=str(file),
                why="--inputs names it",
                next_step="name a file, s3://BUCKET/PREFIX or logs:GROUP",
            )
        return LiveInputs(file)
    live = live or Live(asked)
    found = live.found()
    if not found:
        raise ParityError(
            f"there is no input in {asked.place}",
            where=live.endpoint,
            why=f"of what came in {asked.hours:g} hours nothing is one; {live.left_out} left out",
            next_step='an input is {"id", "input"}, or the start of an execution as Step Functions '
            "logs it with includeExecutionData; try more --last HOURS",
        )
    name = hashlib.sha256(asked.place.encode()).hexdigest()[:16]
    file = config.private / "cutover" / f"live-{name}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "w", encoding="utf-8", opener=_privately) as opened:
        for one in found:
            opened.write(json.dumps(one.line) + "\n")
    left = f", {live.left_out} left out" if live.left_out else ""
    return LiveInputs(file, (f"{asked.place}: {len(found)} inputs{left}",))


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
