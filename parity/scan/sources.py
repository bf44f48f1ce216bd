"""Which files are to be scanned, and what module each of them is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from parity.scanned import Note

NEVER = frozenset({"__pycache__", "node_modules", "site-packages", "__pypackages__"})
TESTS = "tests"
"""The pattern that stands for folders of tests by any name that says so."""
NAMED_TESTS = ("test_*", "*_test", "*_tests")
MODULES_OF_TESTS = re.compile(r"(test_.*|.*_tests?)\.py")
A_TEST = re.compile(
    rb"^(?:async )?def test|^class (?:Test|\w+\((?:\w+\.)?TestCase\))", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the project: its module's name, its path as shown, and where it is."""

    module: str
    shown: str
    path: str
    is_package: bool


@dataclass(slots=True)
class Sources:
    """What was found below the roots, and the users of it: what is left out, and read for what it
    shows of the use of the rest."""

    found: list[Source] = field(default_factory=list)
    users: list[Source] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Look:
    """How folders are looked through: what is left out of them, and what is seen on the way."""

    root: Path
    base: Path
    exclude: Sequence[str]
    users: Sequence[str]
    notes: list[Note]
    seen: set[str]
    using: list[tuple[str, str]]
    """Path of what is left out and uses the rest, and the package that it lies in."""


def find_sources(
    roots: Sequence[Path],
    base: Path,
    exclude: Sequence[str],
    only: str = "",
    users: Sequence[str] = (),
    beside: Sequence[Path] = (),
) -> Sources:
    """All modules below the roots (of the package `only`, where it is given); paths are shown
    relative to `base`.

    Hidden folders, virtual environments and what `exclude` names (patterns for a folder's or
    file's name, or for its path below the root) are left out, the last with a note; `tests` also
    means folders by names like `test_x` in which there are tests. What is left out so and `users`
    names too, and what `users` names in the folders `beside`, are the users.
    """
    sources = Sources()
    seen: set[str] = set()
    modules: dict[str, str] = {}
    using: list[tuple[str, str]] = []
    for root in roots:
        look = _Look(root, base, exclude, users, sources.notes, seen, using)
        walked = list(_walk(look, str(root / only), only))
        packages = {module: path for path, module, is_package in walked if is_package}
        for path, module, is_package in walked:
            shown = _shown(path, base)
            taken = modules.get(module)
            if not is_package and module in packages:
                taken = _shown(packages[module], base)  # an import takes the package
            if taken is not None:
                text = f"module `{module}` is {taken} already: this file is left out"
                sources.notes.append(Note("duplicate-module", shown, 1, text))
                continue
            modules[module] = shown
            sources.found.append(Source(module, shown, path, is_package))
    others = [pattern for pattern in exclude if pattern not in users]
    outside = list(_beside(beside, users)) if sources.found else []
    for path, package in (*using, *outside):
        look = _Look(Path(path), base, others, (), [], seen, [])
        before = len(sources.users)
        for file, module, is_package in _used_by(look, path, package):
            if module not in modules:
                modules[module] = file
                sources.users.append(Source(module, _shown(file, base), file, is_package))
        if (path, package) in outside and len(sources.users) > before:
            text = "is beside the sources; read for what it shows of the use of the rest"
            sources.notes.append(Note("excluded", _shown(path, base), 0, text))
    return sources


def _beside(folders: Sequence[Path], users: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What `users` names in these folders, with the package that it would be in, seen from the
    last of them."""
    top = folders[-1] if folders else None
    for folder in folders:
        named = {one for pattern in users for one in folder.glob(pattern)}
        if TESTS in users and folder.is_dir():
            with os.scandir(folder) as entries:
                named.update(Path(one.path) for one in entries if _holds_tests(one))
        for found in sorted(named):
            parts = found.relative_to(folder).parts
            if any(part.startswith(".") or part in NEVER for part in parts):
                continue
            if (found / "pyvenv.cfg").exists():
                continue
            yield str(found), ".".join(found.relative_to(top or folder).parent.parts)


def _used_by(look: _Look, path: str, package: str) -> Iterable[tuple[str, str, bool]]:
    name = os.path.basename(path)
    if name.endswith(".py"):
        return [_module(path, name, package)] if os.path.isfile(path) else ()
    return _walk(look, path, f"{package}.{name}" if package else name)


def _walk(look: _Look, start: str, top: str) -> Iterator[tuple[str, str, bool]]:
    """Path, module name and whether it is a package, of each file, in the order of names."""
    base, notes, seen = look.base, look.notes, look.seen
    pending: list[tuple[str, str]] = [(start, top)]
    while pending:
        folder, package = pending.pop()
        real = os.path.realpath(folder)
        if real in seen:
            text = f"leads to {real}, which is scanned already"
            notes.append(Note("symlink", _shown(folder, base), 0, text))
            continue
        seen.add(real)
        entries = _entries(folder, base, notes)
        inside = [entry for entry in entries if not _left_out(entry, package, look)]
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


def _left_out(entry: os.DirEntry[str], package: str, look: _Look) -> bool:
    name = entry.name
    if name.startswith(".") or name in NEVER:
        return True
    if not name.endswith(".py") and not _is_folder(entry):
        return True
    if not name.endswith(".py") and os.path.exists(f"{entry.path}/pyvenv.cfg"):
        return True
    pattern = _matching(entry, look.exclude, look.root)
    if pattern is None:
        return False
    text = f"left out by `exclude`: {pattern}"
    if _matching(entry, look.users, look.root) is not None:
        look.using.append((entry.path, package))
        text += "; read for what it shows of the use of the rest"
    look.notes.append(Note("excluded", _shown(entry.path, look.base), 0, text))
    return True


def _matching(entry: os.DirEntry[str], patterns: Sequence[str], root: Path) -> str | None:
    """The first of the patterns that an entry's name or path has."""
    below = os.path.relpath(entry.path, root)
    found = (one for one in patterns if fnmatch(entry.name, one) or fnmatch(below, one))
    pattern = next(found, None)
    if pattern is None and TESTS in patterns and _holds_tests(entry):
        return TESTS
    return pattern


def _holds_tests(entry: os.DirEntry[str]) -> bool:
    """Whether a folder is named for its tests and has some: the name alone says nothing, a server
    may well have a `test_connection`."""
    if not any(fnmatch(entry.name, one) for one in NAMED_TESTS) or not _is_folder(entry):
        return False
    try:
        inside = [one for one in Path(entry.path).iterdir() if MODULES_OF_TESTS.fullmatch(one.name)]
        return any(A_TEST.search(one.read_bytes()) for one in sorted(inside))
    except OSError:
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
