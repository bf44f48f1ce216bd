"""The switch of a unit from the tool's side: the file that it follows, and the calls that it tells.

The switch itself is `hook/parity_switch.py`, which runs in the legacy server.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parity.cutover import hook
from parity.cutover.hook.parity_switch import LOOK_SECONDS
from parity.errors import ParityError

HOOK: Final = Path(hook.__file__).parent
PARTS: Final = ("parity_switch.py", "sitecustomize.py")
LEGACY: Final = 1
JAVA: Final = 2
SEEN_SECONDS: Final = LOOK_SECONDS + 0.1
"""By then no call begins by what the file said before."""


@dataclass(frozen=True, slots=True)
class Call:
    """A line of a switch's log: a call for which the Lambda was asked."""

    name: str
    revision: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SwitchFile:
    """The file that the switches of all processes of a server follow."""

    file: Path

    def entry(self, unit: str) -> dict[str, Any] | None:
        """What the file says of a unit; None where it has no switch for it."""
        found = self._read()["units"].get(unit)
        return None if found is None else dict(found)

    @property
    def revision(self) -> int:
        """The revision of the file."""
        return int(self._read()["revision"])

    def write(self, unit: str, wish: Mapping[str, Any]) -> int:
        """Says anew what is to be of a unit; gives the revision. What it said of others stays."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with Path(f"{self.file}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            read = self._read()
            read["revision"] = int(read["revision"]) + 1
            read["units"] = {**read["units"], unit: dict(wish)}
            text = json.dumps(read, indent=1, sort_keys=True) + "\n"
            temporary = self.file.with_name(f".{self.file.name}.tmp")
            with temporary.open("w", encoding="utf-8") as opened:
                opened.write(text)
                opened.flush()
                os.fsync(opened.fileno())
            temporary.replace(self.file)  # no server reads half of it
        return int(read["revision"])

    def _read(self) -> dict[str, Any]:
        try:
            read = json.loads(self.file.read_bytes())
            return {"revision": int(read["revision"]), "units": dict(read["units"])}
        except FileNotFoundError:
            return {"revision": 0, "units": {}}
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ParityError(
                "the file of the switch cannot be read",
                where=str(self.file),
                why=str(error),
                next_step="mend it, or delete it: a server without it does all by itself",
            ) from None


@dataclass
class CallLog:
    """What switches have told, read on from where it was read to."""

    folder: Path
    unit: str
    _read_to: dict[Path, int] = field(default_factory=dict)

    def calls(self) -> Iterator[Call]:
        """Calls that have come since the last look; a line that is half written comes later."""
        for file in sorted(self.folder.glob("*.jsonl")):
            begin = self._read_to.get(file, 0)
            with file.open("rb") as opened:
                opened.seek(begin)
                data = opened.read()
            at = begin
            for line in data.splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break
                at += len(line)
                facts = _facts(line)
                if facts is not None and facts.get("unit") == self.unit:
                    yield Call(f"{file.name}:{at}", int(facts.get("revision", 0)), facts)
            self._read_to[file] = at


def _facts(line: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(line)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def install(folder: Path) -> list[Path]:
    """Copies what a server needs into a folder; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name in PARTS:
        made.append(folder / name)
        made[-1].write_bytes((HOOK / name).read_bytes())
    return made
