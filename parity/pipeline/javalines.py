"""Lines of Java sources, found by the class and file that a class file names."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from parity.model import Mutant

ELSEWHERE = frozenset({"target", "build", "node_modules", "__pycache__"})


@dataclass(slots=True)
class JavaLines:
    """The Java sources below a folder; looked for once, when the first line is asked for."""

    root: Path
    _files: dict[str, list[Path]] | None = None
    _lines: dict[Path, list[str]] = field(default_factory=dict)

    def of(self, mutant: Mutant) -> str | None:
        """The line that a mutant changes; None where its source is not found, or is no line."""
        file = self._file(mutant)
        if file is None:
            return None
        if file not in self._lines:
            self._lines[file] = file.read_text("utf-8", "replace").splitlines()
        lines = self._lines[file]
        return lines[mutant.line - 1] if 0 < mutant.line <= len(lines) else None

    def _file(self, mutant: Mutant) -> Path | None:
        package = mutant.owner.rpartition(".")[0].replace(".", "/")
        ending = f"{package}/{mutant.file}".removeprefix("/")
        named = self._found().get(mutant.file or "", [])
        return next((one for one in named if one.as_posix().endswith(f"/{ending}")), None)

    def _found(self) -> dict[str, list[Path]]:
        if self._files is None:
            self._files = {}
            for folder, folders, files in os.walk(self.root):
                folders[:] = sorted(
                    one for one in folders if one not in ELSEWHERE and not one.startswith(".")
                )
                for file in files:
                    if file.endswith((".java", ".kt")):
                        self._files.setdefault(file, []).append(Path(folder, file))
        return self._files
