"""The Java sources of a project, found by the class and file that a class file names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from parity.evidence.java_source import source_files
from parity.model import Mutant

MOST_SOURCES = 20_000


@dataclass(slots=True)
class JavaSources:
    """The sources below a folder; looked for once, when the first one is asked for."""

    root: Path
    _files: dict[str, list[Path]] | None = None
    _texts: dict[Path, str] = field(default_factory=dict)

    def line(self, mutant: Mutant) -> str | None:
        """The line that a mutant changes; None where its source is not found, or is no line."""
        file = self.file(mutant.owner, mutant.file or "")
        if file is None:
            return None
        lines = self.text(file).splitlines()
        return lines[mutant.line - 1] if 0 < mutant.line <= len(lines) else None

    def file(self, owner: str, name: str) -> Path | None:
        """The source of that name of a class, which stands in the folder of its package."""
        package = owner.rpartition(".")[0].replace(".", "/")
        ending = f"{package}/{name}".removeprefix("/")
        named = self._found().get(name, [])
        return next((one for one in named if one.as_posix().endswith(f"/{ending}")), None)

    def only(self, name: str) -> Path | None:
        """The source of that name, whatever its package, where no other one has it."""
        named = self._found().get(name, [])
        return named[0] if len(named) == 1 else None

    def text(self, file: Path) -> str:
        """What a source says; nothing where it cannot be read."""
        if file not in self._texts:
            try:
                self._texts[file] = file.read_text("utf-8", "replace")
            except OSError:
                self._texts[file] = ""
        return self._texts[file]

    def of_types(self, names: set[str]) -> Iterator[Path]:
        """The Java sources of types with these names, whatever their package."""
        for name in sorted(names):
            yield from self._found().get(f"{name}.java", ())

    def _found(self) -> dict[str, list[Path]]:
        if self._files is None:
            self._files = {}
            found = source_files(str(self.root), (".java", ".kt"))
            for file in map(Path, itertools.islice(found, MOST_SOURCES)):
                self._files.setdefault(file.name, []).append(file)
        return self._files


def method_lines(lines: Sequence[str], method: str) -> tuple[int, int]:
    """First and last line of the methods of that name; of the whole file where there is none."""
    found = [
        number
        for number, line in enumerate(lines)
        if method
        and re.search(rf"[\w>\]]\s+{re.escape(method)}\s*\(", line)
        and ";" not in line[:4]
    ]
    declared = [
        number for number in found if not re.match(r"\s*(return|throw|//|\*)", lines[number])
    ]
    if not declared:
        return 1, len(lines)
    return declared[0] + 1, _end(lines, declared[-1])


def _end(lines: Sequence[str], start: int) -> int:
    """The line where the block ends that begins on a line or soon after it."""
    depth, begun = 0, False
    for number in range(start, len(lines)):
        for character in re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', "", lines[number]):
            depth += (character == "{") - (character == "}")
            begun = begun or character == "{"
        if begun and depth <= 0:
            return number + 1
    return len(lines)
