"""Whether a side has moved on since its unit was proven: read, never run.

What is committed is compared with what lies there: Python by its syntax, Java by its classes, or
by the tokens of its sources where nothing was built.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.content import Content
from parity.evidence.basis import class_file, hash_of, unit_hash
from parity.evidence.committed import Proof
from parity.evidence.java_source import source_hash
from parity.evidence.normal import jar_hash, normal_hash
from parity.evidence.python_side import chosen, hidden_by, importable
from parity.fixtures import ENDINGS
from parity.mapping import file_name
from parity.model import Unit


@dataclass(frozen=True, slots=True)
class Moved:
    """What has changed since a unit was proven, as sentences; `unseen` could not be looked at."""

    python: str | None = None
    java: str | None = None
    other: str | None = None
    unseen: tuple[str, ...] = ()


@dataclass
class Drift:
    """Looks at what proofs rest on; what many rest on is looked at once."""

    config: Config
    content: Content
    entries: Sequence[Path]
    today: datetime.date
    _python: dict[str, str | None] = field(default_factory=dict)
    _instead: dict[str, str] = field(default_factory=dict)
    _java: dict[str, str | None] = field(default_factory=dict)

    def of(self, unit: Unit, proof: Proof) -> Moved:
        """What has changed since a proof was committed."""
        rests = proof.rests_on
        unseen: list[str] = []
        return Moved(
            python=next(self._of_python(rests, unseen), None),
            java=next(self._of_java(rests, unseen), None),
            other=next(self._of_terms(unit, rests), None),
            unseen=tuple(unseen),
        )

    # ------------------------------------------------------------ fixtures and terms

    def _of_terms(self, unit: Unit, rests: Mapping[str, Any]) -> Iterator[str]:
        if rests.get("unit") != unit_hash(unit, self.today):
            yield "its entry in the map, or an allowance that has expired, changed"
        if rests.get("fixtures") != self._fixtures(unit):
            yield "its fixtures changed"
        for path, kept in rests.get("files", {}).items():
            if not path.startswith("$") and self.content.raw(self._path(path)) != kept:
                yield f"{path}, which it reads, changed"

    def _fixtures(self, unit: Unit) -> str:
        for unit_id in (unit.id, *unit.was):
            for ending in ENDINGS:
                file = f"{self._fixture_folder}/{file_name(unit_id)}{ending}"
                if self.content.has(file):
                    return self.content.raw(file) or "missing"
        return "missing"

    @cached_property
    def _fixture_folder(self) -> str:
        return str(self.config.fixtures)

    # ------------------------------------------------------------ python

    def _of_python(self, rests: Mapping[str, Any], unseen: list[str]) -> Iterator[str]:
        for path, kept in rests.get("modules", {}).items():
            if path.startswith("$"):
                continue
            if path not in self._python:
                self._python[path] = normal_hash(self.content, self._path(path))
                self._instead[path] = self._taken_by(self._path(path))
            if self._instead[path]:
                yield f"{self._instead[path]} takes the place of {path}"
            now = self._python[path]
            if now != kept:
                yield f"{path} {'changed' if now else 'is gone'}"
        for wanted in rests.get("distributions", ()):
            name, _, version = wanted.partition(" ")
            there = self._installed.get(_plain(name))
            if there is None:
                unseen.append(f"{name} is not installed here")
            elif there != version:
                yield f"{name} was {version}, is {there}"

        for name in self._hidden - {*rests.get("hides", self._hidden)}:
            yield f"a module `{name}` of the sources takes the place of Python's own"

    def _taken_by(self, path: str) -> str:
        """What an import would take in place of a module; nothing where it takes that one."""
        folder, _, last = path.rpartition("/")
        found = chosen(self.content, folder, last.partition(".")[0])
        if found is not None and found != path:
            return found.removeprefix(self._root)
        for at, source in enumerate(self._sources):
            if path.startswith(f"{source}/"):
                top = path.removeprefix(f"{source}/").partition("/")[0].partition(".")[0]
                earlier = (
                    one for one in self._sources[:at] if top in importable(self.content, one)
                )
                return next((f"`{top}` of {one.removeprefix(self._root)}" for one in earlier), "")
        return ""

    @cached_property
    def _sources(self) -> list[str]:
        return [os.path.realpath(one) for one in self.config.sources]

    @cached_property
    def _hidden(self) -> frozenset[str]:
        return frozenset(hidden_by(self.content, self._sources))

    @cached_property
    def _installed(self) -> dict[str, str]:
        """Versions of what is installed for the python side, by name."""
        python = self.config.table.python.interpreter
        if python is None:
            sites = [path for path in sys.path if path.endswith("-packages")]
        else:
            prefix = (self.config.root / python).absolute().parents[1]
            sites = [str(one) for one in sorted(prefix.glob("lib/python*/site-packages"))]
        found: dict[str, str] = {}
        for site in reversed(sites):
            for one in self.content.names(site):
                if one.endswith(".dist-info"):
                    name, _, version = one.removesuffix(".dist-info").partition("-")
                    found[_plain(name)] = version
        return found

    # ------------------------------------------------------------ java

    def _of_java(self, rests: Mapping[str, Any], unseen: list[str]) -> Iterator[str]:
        classes: Mapping[str, str] = rests.get("classes", {})
        sources: Mapping[str, str] = rests.get("java sources", {})
        if classes and not self._folders:
            if not sources:
                unseen.append("its Java is not compiled here")
            for path, kept in sources.items():
                if source_hash(self.content, self._path(path)) != kept:
                    yield f"{path} changed; it is not compiled here"
        for name, kept in classes.items() if self._folders else ():
            if name not in self._java:
                self._java[name] = self._class(name)
            now = self._java[name]
            if now != kept:
                yield f"{name} {'changed' if now else 'is gone'}"
        for name, hashes in rests.get("resources", {}).items() if self._folders else ():
            if self._resource(name) != hashes:
                yield f"{name}, which it reads from the class path, changed"
        for path, kept in sources.items() if self._folders else ():
            if source_hash(self.content, self._path(path)) != kept and self._is_younger(path):
                yield f"{path} changed, and was not compiled since"
        if self._jars is not None and classes and rests.get("class path") != self._jars:
            yield "a jar of the class path changed"

    def _class(self, name: str) -> str | None:
        for folder in self._folders:
            file = class_file(folder, name)
            if self.content.has(file):
                return normal_hash(self.content, file)
        return None

    def _resource(self, name: str) -> list[str]:
        """The hashes of a resource, in each folder of the class path that has it."""
        places = (self.content.raw(f"{folder}/{name}") for folder in self._folders)
        return [one for one in places if one]

    def _is_younger(self, path: str) -> bool:
        """Whether a source was written after the newest class that it may have been compiled to."""
        source = self._path(path)
        try:
            written = os.stat(source).st_mtime_ns
        except OSError:
            return True
        name = path.rpartition("/src/main/java/")[2] or path
        name = name.rpartition("/src/test/java/")[2] or name
        inner = name.removesuffix(".java")
        for folder in self._folders:
            parts = inner.split("/")
            for start in range(len(parts)):
                file = f"{folder}/{'/'.join(parts[start:])}.class"
                if self.content.has(file):
                    return written > os.stat(file).st_mtime_ns
        return True

    @cached_property
    def _folders(self) -> list[str]:
        real = [os.path.realpath(entry) for entry in self.entries]
        return [entry for entry in real if os.path.isdir(entry)]

    @cached_property
    def _jars(self) -> str | None:
        """As `Basis.jars`; None where the class path is not known whole."""
        if not any(entry.suffix == ".jar" for entry in self.entries):
            return None
        root = os.path.join(os.path.realpath(self.config.root), "")
        kept: list[str] = []
        for entry in map(os.path.realpath, self.entries):
            if os.path.isdir(entry):
                kept.append("folder")
            elif entry.startswith(root):
                kept.append(jar_hash(self.content, entry))
            else:
                kept.append(self.content.raw(entry) or "missing")
        return hash_of(kept)

    def _path(self, shown: str) -> str:
        return shown if shown.startswith("/") else f"{self._root}{shown}"

    @cached_property
    def _root(self) -> str:
        return os.path.join(os.path.realpath(self.config.root), "")


def _plain(name: str) -> str:
    return name.replace("-", "_").replace(".", "_").casefold()
