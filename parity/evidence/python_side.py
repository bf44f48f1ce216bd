"""Where a Python module comes from: the project, a distribution, or Python itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from parity.content import Content

ENDINGS = (".py", ".pyc", ".so", ".pyd")


def importable(content: Content, root: str) -> frozenset[str]:
    """Names of the modules and packages that an import finds in a folder of sys.path."""
    kept = content.memory.get(f"importable {root}")
    if kept is None:
        kept = content.memory[f"importable {root}"] = frozenset(_importable(content, root))
    names: frozenset[str] = kept
    return names


def _importable(content: Content, root: str) -> Iterator[str]:
    for name in content.names(root):
        if name.endswith(ENDINGS):
            yield name.partition(".")[0]
        elif "." not in name and _is_package(content, f"{root}/{name}"):
            yield name


def hidden_by(content: Content, sources: Sequence[str]) -> list[str]:
    """Modules of Python's own library that those of the sources take the place of."""
    own = (importable(content, source) for source in sources)
    return sorted(frozenset().union(*own) & sys.stdlib_module_names)


def _is_package(content: Content, folder: str) -> bool:
    return any(
        name.startswith("__init__.") and name.endswith(ENDINGS) for name in content.names(folder)
    )


def chosen(content: Content, folder: str, name: str) -> str | None:
    """What an import of `name` takes in a folder: a package, an extension, a source, bytecode."""
    names = content.names(folder)
    if name in names and _is_package(content, f"{folder}/{name}"):
        return chosen(content, f"{folder}/{name}", "__init__")
    extension = _extensions(content, folder).get(name)
    for candidate in (extension, f"{name}.py", f"{name}.pyc"):
        if candidate in names:
            return f"{folder}/{candidate}"
    return None


def _extensions(content: Content, folder: str) -> dict[str, str]:
    """The compiled extensions in a folder, by the name of their module."""
    kept: dict[str, str] | None = content.memory.get(f"extensions {folder}")
    if kept is None:
        names = sorted(content.names(folder), reverse=True)
        kept = {one.partition(".")[0]: one for one in names if one.endswith((".so", ".pyd"))}
        content.memory[f"extensions {folder}"] = kept
    return kept


def record_of(content: Content, site: str, file: str) -> str | None:
    """The RECORD of the distribution that installed a file into a site-packages folder.

    It holds the hash of each file that was installed, so its own hash stands for all of them.
    """
    relative = os.path.relpath(file, site)
    top = relative.partition("/")[0].partition(".")[0].casefold()
    records = [name for name in content.names(site) if name.endswith(".dist-info")]
    records.sort(key=lambda name: (top not in name.casefold(), name))
    needle = f"\n{relative},"
    for name in records:
        place = f"{site}/{name}/RECORD"
        if needle in _text(content, place):
            return place
    return None


def _text(content: Content, place: str) -> str:
    kept = content.memory.get(f"text {place}")
    if kept is None:
        try:
            with open(place, encoding="utf-8", errors="replace") as file:
                kept = "\n" + file.read()
        except OSError:
            kept = ""
        content.memory[f"text {place}"] = kept
    return str(kept)


def distribution(record: str) -> str:
    """`requests 2.31.0` for the path of its RECORD."""
    folder = record.rpartition("/")[0].rpartition("/")[2].removesuffix(".dist-info")
    name, _, version = folder.partition("-")
    return f"{name} {version}"
