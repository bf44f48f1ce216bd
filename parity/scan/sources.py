"""Which files are to be scanned, and what module each of them is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from parity.scanned import Note

NEVER = frozenset({"__pycache__", "node_modules", "site-packages", "__pypackages__"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the project: its module's name, its path as shown, and where it is."""

    module: str
    shown: str
    path: str
    is_package: bool


@dataclass(slots=True)
class Sources:
    """What was found below the roots."""

    found: list[Source] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def find_sources(
    roots: Sequence[Path], base: Path, exclude: Sequence[str], only: str = ""
) -> Sources:
    """All modules below the roots (of the package `only`, where it is given); paths are shown
    relative to `base`.

    Hidden folders, virtual environments and what `exclude` names (patterns for a folder's or
    file's name, or for its path below the root) are left out, the last with a note.
    """
    sources = Sources()
    seen: set[str] = set()
    modules: dict[str, str] = {}
    for root in roots:
        for path, module, is_package in _walk(root, base, exclude, sources.notes, seen, only):
            shown = _shown(path, base)
            if module in modules:
                text = f"module `{module}` is {modules[module]} already: this file is left out"
                sources.notes.append(Note("duplicate-module", shown, 1, text))
                continue
            modules[module] = shown
            sources.found.append(Source(module, shown, path, is_package))
    return sources


def _walk(
    root: Path, base: Path, exclude: Sequence[str], notes: list[Note], seen: set[str], only: str
) -> Iterator[tuple[str, str, bool]]:
    """Path, module name and whether it is a package, of each file, in the order of names."""
    pending: list[tuple[str, str]] = [(str(root / only), only)]
    while pending:
        folder, package = pending.pop()
        real = os.path.realpath(folder)
        if real in seen:
            text = f"leads to {real}, which is scanned already"
            notes.append(Note("symlink", _shown(folder, base), 0, text))
            continue
        seen.add(real)
        entries = _entries(folder, base, notes)
        inside = [entry for entry in entries if not _left_out(entry, root, base, exclude, notes)]
        files = [one for one in inside if one.name.endswith(".py")]
        if package and files and not any(one.name == "__init__.py" for one in files):
            text = f"`{package}` has no __init__.py: taken as a namespace package"
            notes.append(Note("namespace-package", _shown(folder, base), 0, text))
        for entry in files:
            if not os.path.isfile(entry.path):
                text = "is no file that can be read, or its link leads nowhere"
                notes.append(Note("unreadable", _shown(entry.path, base), 0, text))
                continue
            yield _module(entry.path, entry.name, package)
        for entry in reversed(inside):
            if not entry.name.endswith(".py") and _is_folder(entry):
                pending.append((entry.path, f"{package}.{entry.name}" if package else entry.name))


def _entries(folder: str, base: Path, notes: list[Note]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        notes.append(Note("unreadable", _shown(folder, base), 0, error.strerror or str(error)))
        return []


def _left_out(
    entry: os.DirEntry[str], root: Path, base: Path, exclude: Sequence[str], notes: list[Note]
) -> bool:
    name = entry.name
    if name.startswith(".") or name in NEVER:
        return True
    if not name.endswith(".py") and not _is_folder(entry):
        return True
    if not name.endswith(".py") and os.path.exists(f"{entry.path}/pyvenv.cfg"):
        return True
    below = os.path.relpath(entry.path, root)
    for pattern in exclude:
        if fnmatch(name, pattern) or fnmatch(below, pattern):
            text = f"left out by `exclude`: {pattern}"
            notes.append(Note("excluded", _shown(entry.path, base), 0, text))
            return True
    return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _module(path: str, name: str, package: str) -> tuple[str, str, bool]:
    stem = name[:-3]
    if stem == "__init__":
        return path, package or "__init__", True
    return path, f"{package}.{stem}" if package else stem, False


def _shown(path: str, base: Path) -> str:
    below = os.path.relpath(path, base)
    return path if below.startswith("..") else below
