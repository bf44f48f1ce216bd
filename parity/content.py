"""What stands in files, by hash; a file whose stat is what it was is not read again.

One `Content` serves all units of a run: each file is looked at once, each folder listed once.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parity.remembered import write_quietly

RACY_NS = 2_000_000_000
"""A file may change twice within the grain of its times: what is this young is hashed again."""
MOST_ENTRIES = 50_000
SCHEMA = 1
Stamp = list[int]
"""Time of change, time of the inode's change (which no program can set back), size, inode."""


class Content:
    """Hashes of files and listings of folders; `place` is where hashes are kept between runs."""

    def __init__(self, place: Path | None = None) -> None:
        self._place = place
        kept = _read(place)
        self._files: dict[str, list[Any]] = kept["files"]
        self._derived: dict[str, Any] = kept["derived"]
        self._seen: dict[str, str | None] = {}
        self._listed: dict[str, frozenset[str]] = {}
        self._used: set[str] = set()
        self._changed = False
        self.memory: dict[str, Any] = {}
        """What was found out in this process, and is good for this process only."""

    def raw(self, path: str) -> str | None:
        """SHA-256 of the bytes of a file or of the names in a folder; None where nothing is.

        Python's own `__pycache__` is no name that counts.
        """
        if path not in self._seen:
            self._seen[path] = self._raw(path)
        return self._seen[path]

    def derived(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, kept under a name that says all that it depends on."""
        self._used.add(name)
        if name not in self._derived:
            self._derived[name] = make()
            self._changed = True
        return self._derived[name]

    def put(self, name: str, value: Any) -> None:
        """Keeps a JSON value under a name."""
        self._used.add(name)
        if self._derived.get(name) != value:
            self._derived[name] = value
            self._changed = True

    def get(self, name: str) -> Any:
        """The value under a name, or None."""
        self._used.add(name)
        return self._derived.get(name)

    def names(self, folder: str) -> frozenset[str]:
        """The names in a folder; none where there is no such folder."""
        found = self._listed.get(folder)
        if found is None:
            try:
                found = frozenset(os.listdir(folder or "."))
            except OSError:
                found = frozenset()
            self._listed[folder] = found
        return found

    def has(self, path: str) -> bool:
        """Whether something stands at a path."""
        folder, _, name = path.rpartition("/")
        return name in self.names(folder or "/")

    def keep(self) -> None:
        """Writes what was learnt for the next run."""
        if self._place is None or not self._changed:
            return
        files, derived = self._files, self._derived
        if len(files) + len(derived) > MOST_ENTRIES:
            files = {path: files[path] for path in self._seen if path in files}
            derived = {name: derived[name] for name in self._used if name in derived}
        document = {"content": SCHEMA, "files": files, "derived": derived}
        write_quietly(self._place, json.dumps(document, separators=(",", ":")))
        self._changed = False

    def _raw(self, path: str) -> str | None:
        try:
            before = os.stat(path)
        except (OSError, ValueError):
            return None
        stamp = stamp_of(before)
        known = self._files.get(path)
        if known is not None and known[:4] == stamp:
            return str(known[4])
        now = time.time_ns()
        digest = _digest(path)
        if digest is None:
            return None
        if now - max(stamp[0], stamp[1]) > RACY_NS and stamp_of(os.stat(path)) == stamp:
            self._files[path] = [*stamp, digest]
            self._changed = True
        elif self._files.pop(path, None) is not None:
            self._changed = True
        return digest


def stamp_of(stat: os.stat_result) -> Stamp:
    """What is compared to tell whether a file is what it was."""
    return [stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino]


def _digest(path: str) -> str | None:
    try:
        if os.path.isdir(path):
            names = "\0".join(sorted(set(os.listdir(path)) - {"__pycache__"}))
            return hashlib.sha256(os.fsencode(f"folder\0{names}")).hexdigest()
        if not os.path.isfile(path):
            return "special"  # a device or a pipe has no content that could be compared
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _read(place: Path | None) -> dict[str, Any]:
    try:
        kept = json.loads(place.read_bytes()) if place is not None else {}
        if kept.get("content") == SCHEMA:
            return {"files": dict(kept["files"]), "derived": dict(kept["derived"])}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    return {"files": {}, "derived": {}}
