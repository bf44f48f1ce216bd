"""The processes that have anything to do with a project's folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Survivor:
    """A process, and what it was started as."""

    pid: int
    command: str


def survivors(folder: Path) -> list[Survivor]:
    """Living processes that work in a folder, have a file below it open, or were told its path."""
    own = os.getpid()
    found = []
    for place in PROC.iterdir():
        if place.name.isdigit() and int(place.name) != own and _belongs(place, f"{folder}"):
            found.append(Survivor(int(place.name), _command(place)))
    return found


def survivors_after(folder: Path, seconds: float) -> list[Survivor]:
    """Those that are still there after so long; fewer seconds, where none is left before."""
    end = time.monotonic() + seconds
    while True:
        found = survivors(folder)
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def _belongs(process: Path, folder: str) -> bool:
    if _is_dead(process):
        return False
    return any(place.startswith(folder) for place in _places(process)) or folder in _command(
        process
    )


def _is_dead(process: Path) -> bool:
    """Whether it has ended already, and only waits to be looked at by its parent."""
    try:
        state = (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state in "ZX"


def _places(process: Path) -> Iterator[str]:
    """Its working directory, and what it has open."""
    try:
        yield str((process / "cwd").readlink())
        for descriptor in (process / "fd").iterdir():
            yield str(descriptor.readlink())
    except OSError:
        return


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
