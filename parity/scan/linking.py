"""What modules a project has, and what their imports lead to; a wrong source root is an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parity.errors import ParityError
from parity.scan.sources import Source
from parity.scan.summary import Head, Summary
from parity.scanned import Note

MOST_MISSED = 0.1
"""More of a project's own imports than this leading nowhere: the source root is wrong."""
BEYOND = ".."
"""Stands for a prefix where what is imported is seen from a folder above the root only."""


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the project and its summary."""

    source: Source
    summary: Summary


def check_roots(
    files: Sequence[tuple[Source, Head]], roots: Sequence[str]
) -> tuple[dict[str, str], list[Note]]:
    """Names under which modules are imported although the root says another, with notes.

    Raises ParityError where the project's own imports say that the root is another folder.
    """
    aliases: dict[str, str] = {}
    notes: list[Note] = []
    own = 0
    missed: list[tuple[Source, int, str, str]] = []
    for source, line, target, prefix in _own_imports(files, aliases):
        if prefix is None:
            own += 1
        elif _is_sibling(source, prefix):
            text = f"imports `{target}` from its own folder, as Python 2 did or a script does"
            notes.append(Note("implicit-relative", source.shown, line, text))
            own += 1
        else:
            missed.append((source, line, target, prefix))
    for source, head in files:
        for kind, line, text in head.notes:
            if kind == "beyond-root":
                missed.append((source, line, text, BEYOND))
    missed += _by_name_of_root(files, roots)
    if missed and len(missed) > MOST_MISSED * (own + len(missed)):
        raise _wrong_root(missed[0], len(missed), roots)
    for source, line, target, prefix in missed:
        text = f"`{target}` is taken for `{prefix}.{target}`: its root is another"
        notes.append(Note("other-root", source.shown, line, target if prefix == BEYOND else text))
    return aliases, notes


def user_aliases(files: Sequence[tuple[Source, Head]]) -> dict[str, str]:
    """Names under which users, and what they use, import one another: none of it is an error."""
    aliases: dict[str, str] = {}
    for _ in _own_imports(files, aliases):
        pass
    return aliases


def _own_imports(
    files: Sequence[tuple[Source, Head]], aliases: dict[str, str]
) -> Iterator[tuple[Source, int, str, str | None]]:
    """Imports of modules that are among the files: who has them, where, of what, and the prefix
    that they lack, which goes into `aliases`."""
    names = {source.module for source, _ in files}
    tops = {name.partition(".")[0] for name in names}
    inner = {name.rpartition(".")[0] for name in names}
    gives = {source.module: head.gives for source, head in files}
    lacking: list[tuple[Source, int, str, str]] = []
    found: dict[tuple[str, str], set[str]] = {}
    missed: dict[tuple[str, str], set[str]] = {}
    itself: set[tuple[str, str]] = set()
    for source, line, target, member, prefix in _lacking(files, names, tops):
        if prefix is None:
            yield source, line, target, None
            continue
        whole, key = f"{prefix}.{target}", (target.partition(".")[0], prefix)
        known = whole in names or any(f"{one}.".startswith(f"{whole}.") for one in inner)
        if known and member and not _has(whole, member, gives, inner):
            known = False
        asked = f"{target}.{member}" if member else target
        if not known or "." in asked:  # `import yaml` alone may be either
            (found if known else missed).setdefault(key, set()).add(asked)
        if whole == source.module and not source.is_package:
            itself.add(key)
        if known:
            lacking.append((source, line, target, prefix))
    for source, line, target, prefix in lacking:
        key = (target.partition(".")[0], prefix)
        if key in itself or len(missed.get(key, ())) > len(found.get(key, ())):
            continue  # a library of the same name
        aliases.setdefault(target, f"{prefix}.{target}")
        aliases.setdefault(key[0], f"{prefix}.{key[0]}")
        yield source, line, target, prefix


def _has(
    module: str, member: str, gives: Mapping[str, Sequence[str] | None], inner: set[str]
) -> bool:
    """Whether a module has a name: it gives it, or may give any, or it is a module below it."""
    whole = f"{module}.{member}"
    given = gives.get(module, ())  # without an __init__ it gives nothing
    return whole in gives or whole in inner or given is None or member in given


def _lacking(
    files: Sequence[tuple[Source, Head]], names: set[str], tops: set[str]
) -> Iterator[tuple[Source, int, str, str | None, str | None]]:
    """Imports that may be of modules among the files: who has them, where, of what, which name of
    it, and the prefix that they would lack."""
    tails: dict[str, list[str]] = {}
    for name in names:
        parts = name.split(".")
        for start in range(1, len(parts)):
            tails.setdefault(parts[start], []).append(".".join(parts[:start]))
    for source, head in files:
        for _, target, member, line, _ in head.imports:
            top = target.partition(".")[0]
            if top in tops:
                yield source, line, target, member, None
            elif top not in sys.stdlib_module_names and top in tails:
                prefix = _prefix(source, tails[top])
                if prefix is not None:
                    yield source, line, target, member, prefix


def _by_name_of_root(
    files: Sequence[tuple[Source, Head]], roots: Sequence[str]
) -> list[tuple[Source, int, str, str]]:
    """Imports of modules among the files by a name that begins with that of a root's own folder.

    What else imports `flask.views` in a folder `flask` that is no package, means the library: there
    only what stands deeper counts, as it does in a part of a namespace (`zope.server.task`).
    """
    names = {source.module for source, _ in files}
    tops = {name.partition(".")[0] for name in names}
    taken = tops | sys.stdlib_module_names
    ways = {
        ".".join(folder.parts[-count:]): (folder / "__init__.py").is_file()
        for folder in map(Path, roots)
        for count in range(1, len(folder.parts))
    }
    within = {way: package for way, package in ways.items() if way.partition(".")[0] not in taken}
    found: list[tuple[Source, int, str, str]] = []
    is_certain = False  # `import redis` alone, in a folder `redis`, may mean the library as well
    for source, head in files if within else ():
        for _, target, member, line, _ in head.imports:
            for way, is_package in within.items():
                inner = target[len(way) + 1 :]
                if not f"{target}.".startswith(f"{way}."):
                    continue
                deeper = f"{inner}.{member}" if f"{inner}.{member}" in names else inner
                is_deep = "." in deeper and deeper in names
                if is_deep or (is_package and (inner in names or not inner)):
                    text = f"imports `{target}`, and `{way}` is the root itself"
                    found.append((source, line, text, BEYOND))
                    is_certain = is_certain or bool(inner) or member in tops
    return found if is_certain else []


def _prefix(source: Source, prefixes: Sequence[str]) -> str | None:
    """The prefix that an import of this file may lack: one that it stands below itself."""
    mine = f"{source.module}."
    below = [one for one in prefixes if mine.startswith(f"{one}.")]
    return max(below, key=len, default=None)


def _is_sibling(source: Source, prefix: str) -> bool:
    package = source.module if source.is_package else source.module.rpartition(".")[0]
    return package == prefix


def _wrong_root(
    missed: tuple[Source, int, str, str], count: int, roots: Sequence[str]
) -> ParityError:
    source, line, target, prefix = missed
    root = ", ".join(roots)
    if prefix == BEYOND:
        return ParityError(
            f"`{root}` is not the source root of this project",
            where=f"{source.shown}:{line}",
            why=f"{target}; so do {count - 1} more imports",
            next_step="name a folder further up, the one whose name no import begins with",
        )
    folder = _folder_of(prefix, source, roots)
    return ParityError(
        f"`{root}` is not the source root of this project",
        where=f"{source.shown}:{line}",
        why=f"`{target}` is imported there and would be `{prefix}.{target}` from this root; "
        f"{count} of its own imports lead nowhere",
        next_step=f'scan `{folder}`, or say sources = ["{folder}"]',
    )


def _folder_of(prefix: str, source: Source, roots: Sequence[str]) -> str:
    """The folder that the modules of a prefix lie in, which a source lies in too; folders may have
    dots in their names."""
    for root in roots:
        parts = Path(os.path.relpath(source.path, root)).parts
        for count in range(1, len(parts)):
            if ".".join(parts[:count]) == prefix:
                return "/".join([root.rstrip("/"), *parts[:count]])
    return "/".join([roots[0].rstrip("/"), *prefix.split(".")])


def star_names(names: Mapping[str, Module], module: str, seen: set[str]) -> list[str]:
    """The modules whose names a module takes by `import *`, nearest first."""
    found: list[str] = []
    for target, _ in names[module].summary.stars if module in names else ():
        if target not in seen:
            seen.add(target)
            found.append(target)
            found += star_names(names, target, seen)
    return found
