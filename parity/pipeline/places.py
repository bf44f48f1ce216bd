"""Where the sides of a unit are written: files of the project, with lines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from parity.model import Unit
from parity.pipeline.java_sources import JavaSources, method_lines
from parity.run import LoadedUnit


class Method(NamedTuple):
    """A method in its file, from its first to its last line."""

    file: Path
    first: int
    last: int


def counterpart(loaded: LoadedUnit, sources: JavaSources) -> Method | None:
    """The counterpart of a unit among the sources of the project; None where it is not there."""
    name, _, method = (loaded.unit.java or "").partition("#")
    outer = name.partition("$")[0]
    file = sources.file(outer, loaded.java.get("source") or f"{outer.rpartition('.')[2]}.java")
    if file is None:
        return None
    word = method.partition("(")[0] or ("handleRequest" if loaded.is_handler else "")
    return Method(file, *method_lines(sources.text(file).splitlines(), word))


def java_place(loaded: LoadedUnit, sources: JavaSources) -> str | None:
    """File and line of the counterpart, from the project's root; a library's file by its name."""
    unit = loaded.unit
    written = unit.java_expression or unit.java_body
    if written is not None:
        return f"{unit.map_file}:{line_in_map(sources.root, unit, written)}"
    method = counterpart(loaded, sources)
    if method is None:
        return loaded.java.get("source")
    return f"{method.file.relative_to(sources.root).as_posix()}:{method.first}"


def line_in_map(root: Path, unit: Unit, text: str) -> int:
    """The line of the map on which a text of a unit begins, or the unit itself."""
    try:
        lines = (root / unit.map_file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    heads = [
        number
        for number, line in enumerate(lines, 1)
        if re.match(r"\s*\[unit\b", line) and (f'"{unit.id}"' in line or f".{unit.id}]" in line)
    ]
    start = heads[0] if heads else 1
    words = [word.strip() for word in text.strip().splitlines() if word.strip()]
    for number, line in enumerate(lines[start:], start + 1):
        if line.lstrip().startswith("["):
            break
        if words and (words[0] in line or json.dumps(words[0])[1:-1] in line):
            return number
    return start
