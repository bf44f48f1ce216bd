"""What was read and found sound once need not be judged again while its file stays the same.

Reading a config or a map costs the import of pydantic and a walk through every table. What came
of it is kept in `.parity/cache`, under the hash of the file and of the code that judged it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
JUDGES = ("config.py", "tables.py", "model.py", "mapping", "values/paths.py")


class Remembered:
    """What came of the bytes of a file; `cache` is a folder for what need not be kept."""

    def __init__(self, cache: Path, file: Path, data: bytes) -> None:
        self._data = data
        name = hashlib.sha256(os.fsencode(file.absolute())).hexdigest()[:16]
        self._place = cache / f"read-{name}.json"

    def recall(self) -> Any:
        """What was kept of this very content, or None."""
        try:
            kept = json.loads(self._place.read_bytes())
            return kept["read"] if kept["of"] == self._key() else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def keep(self, read: Any) -> None:
        """Keeps a JSON document as what came of this content; where that fails, it is not kept."""
        write_quietly(self._place, json.dumps({"of": self._key(), "read": read}))

    def _key(self) -> str:
        whole = hashlib.sha256(self._data)
        whole.update(f"\0{sys.version}\0{_judges()}".encode())
        return whole.hexdigest()


def write_quietly(file: Path, content: str | bytes) -> None:
    """Writes a cache in one stroke; a folder that cannot be written to costs time, not the run."""
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        temporary.replace(file)
    except OSError:
        with suppress(OSError):
            temporary.unlink()


def _judges() -> Sequence[tuple[str, int, int]]:
    """The code that judges, by name, time and size: another parity judges again."""
    files: list[Path] = []
    for name in JUDGES:
        place = PACKAGE / name
        files += sorted(place.glob("*.py")) if place.is_dir() else [place]
    stats = [(file.name, file.stat()) for file in files]
    return [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]
