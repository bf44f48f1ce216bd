"""Makes evidence of a result from the traces that the workers wrote."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from parity.evidence.basis import Basis, class_file
from parity.evidence.normal import normal_hash
from parity.evidence.nouns import Evidence, Kept
from parity.evidence.python_side import importable, record_of
from parity.model import Unit

GRAIN_NS = 20_000_000
"""Times of files lag behind the clock by less than this."""
HARMLESS = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/urandom", "/dev/random")
LIVE = ("/proc/", "/sys/", "/dev/")
Trace = Mapping[str, Any]


def take(
    basis: Basis, unit: Unit, python: Sequence[Trace], java: Sequence[Trace], result: Any
) -> Evidence:
    """The evidence for `result` (a JSON document) from the traces of all batches of a unit.

    Where a traced file was changed while the unit ran, nobody knows which content it saw: that is
    said in `beyond`, and the evidence is good for this run only.
    """
    taking = _Taking(basis)
    for trace in python:
        taking.python(trace)
    for trace in java:
        taking.java(trace)
    if unit.terms.judge == "python" and not any("modules" in trace for trace in python):
        taking.beyond.add("python left no trace")
    if not any("classes" in trace for trace in java):
        taking.beyond.add("java left no trace")
    taking.note_changes(unit)
    return Evidence(
        unit=unit.id,
        basis=basis.of(unit),
        result=result,
        modules=_sorted(taking.modules),
        shadows=sorted(taking.shadows),
        distributions=_sorted(taking.distributions),
        installed=basis.installed if taking.looked_in_vain else None,
        files=_sorted(taking.files),
        absent=sorted(taking.absent),
        env=_sorted({name: basis.token(basis.env.get(name)) for name in taking.env}),
        classes=_sorted(taking.classes),
        resources=_sorted(taking.resources),
        nowhere=sorted(taking.nowhere),
        beyond=sorted(taking.beyond),
    )


def _sorted(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: table[key] for key in sorted(table)}


class _Taking:
    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.content = basis.content
        self.modules: dict[str, Kept] = {}
        self.shadows: set[str] = set()
        self.distributions: dict[str, Kept] = {}
        self.looked_in_vain = False
        self.files: dict[str, Kept] = {}
        self.absent: set[str] = set()
        self.env: set[str] = set()
        self.classes: dict[str, list[Any]] = {}
        self.resources: dict[str, list[Kept]] = {}
        self.nowhere: set[str] = set()
        self.beyond: set[str] = set()

    # ------------------------------------------------------------ python

    def python(self, trace: Trace) -> None:
        """Adds what a batch of the python side has touched."""
        sources = set()
        for name, file in trace.get("modules", {}).items():
            if file:
                sources.add(file)
                self._module(name, file)
            elif "." not in name:
                self._outside(name)
        for path in (*trace.get("files", ()), *trace.get("folders", ())):
            if path not in sources and not self._is_bytecode(path):
                self._file(path)
        for path in trace.get("absent", ()):
            self._missing(path)
        self.env.update(trace.get("env", ()))
        self.beyond.update(trace.get("beyond", ()))

    def _module(self, name: str, file: str) -> None:
        place = self._installed_in(file)
        if place is None:
            self._own_module(name, file)
            return
        self._outside(name.partition(".")[0])
        if place:
            record = record_of(self.content, place, file)
            if record is not None:
                self.distributions[self.basis.shown(record)] = self.content.raw(record)
            else:
                self._file(file)

    def _own_module(self, name: str, file: str) -> None:
        kept = normal_hash(self.content, file)
        if kept is None:
            self._file(_archive(file) or file)
        else:
            self.modules[self.basis.shown(file)] = kept
        if self.basis.source_of(file) is None:
            self._outside(name.partition(".")[0])  # from elsewhere on sys.path, behind the sources

    def _outside(self, top: str) -> None:
        """A module from outside: a file of its name among the sources would take its place."""
        if not any(top in importable(self.content, root) for root in self.basis.sources):
            self.shadows.add(top)

    def _installed_in(self, file: str) -> str | None:
        """The site-packages that a file is in, "" for Python's own library, None for neither."""
        interpreter = self.basis.interpreter
        for site in interpreter.sites:
            if file.startswith(f"{site}/"):
                return site
        return "" if file.startswith(f"{interpreter.stdlib}/") else None

    def _missing(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        if not folder or folder in self.basis.interpreter.sites:
            self.looked_in_vain = True  # an import: what is installed next may be found
        if "." not in name and folder in ("", *self.basis.interpreter.sites, *self.basis.sources):
            self._outside(name)  # a module of any ending
        if folder and not path.startswith(LIVE) and not self._is_bytecode(path):
            self.absent.add(self.basis.shown(path))

    def _is_bytecode(self, path: str) -> bool:
        return "/__pycache__/" in path or path.endswith("/__pycache__")

    def _file(self, path: str) -> None:
        place = self._installed_in(path)
        if path in HARMLESS or place == "" or path.startswith(f"{self.basis.root}.parity/"):
            return
        if path.startswith(LIVE):
            self.beyond.add(f"reads {path}")
            return
        record = record_of(self.content, place, path) if place else None
        if record is not None:
            self.distributions[self.basis.shown(record)] = self.content.raw(record)
        else:
            self.files[self.basis.shown(path)] = self.content.raw(path)

    # ------------------------------------------------------------ java

    def java(self, trace: Trace) -> None:
        """Adds what a batch of the java side has touched."""
        for name, entry in trace.get("classes", {}).items():
            self._class(name.replace("/", "."), entry)
        for name in trace.get("resources", ()):
            self._resource(name)
        for path in trace.get("files", ()):
            self._file(path)
        self.env.update(trace.get("env", ()))
        self.nowhere.update(trace.get("absent", ()))
        self.beyond.update(trace.get("beyond", ()))

    def _class(self, name: str, entry: str | None) -> None:
        if not entry:
            return  # made from the unit's own expression, or by classes that are traced
        index = self.basis.index_of(entry)
        if index is None:
            if os.path.isfile(entry):
                self._file(entry)
            return
        folder = self.basis.folder_at(index)
        if folder is None:
            self.classes[name] = [index, None]  # in a jar, which is known as a whole
            return
        self.classes[name] = [index, normal_hash(self.content, class_file(folder, name))]

    def _resource(self, name: str) -> None:
        self.resources[name] = [
            self.content.raw(f"{folder}/{name}") for _, folder in self.basis.folders
        ]

    # ------------------------------------------------------------ what changed meanwhile

    def note_changes(self, unit: Unit) -> None:
        """Says in `beyond` which files were changed after the run had begun."""
        basis = self.basis
        fixtures = basis.fixtures_of(unit)
        paths = [basis.path(one) for one in (*self.modules, *self.files, *self.distributions)]
        paths += [fixtures] if fixtures else []
        changed = [path for path in paths if _changed_since(path, basis.started - GRAIN_NS)]
        changed += [
            path for path in self._class_files() if _changed_since(path, basis.built - GRAIN_NS)
        ]
        for path in changed:
            self.beyond.add(f"{basis.shown(path)} was changed while it ran")
        # What is saved by a clock that was set back seems to be older than the run.
        passed = time.time_ns() - basis.started
        if passed < time.monotonic_ns() - basis.steady - GRAIN_NS:
            self.beyond.add("the clock was set back while it ran")

    def _class_files(self) -> Iterable[str]:
        for name, (index, _) in self.classes.items():
            folder = self.basis.folder_at(index)
            if folder is not None:
                yield class_file(folder, name)
        for name in self.resources:
            for _, folder in self.basis.folders:
                yield f"{folder}/{name}"


def _archive(path: str) -> str | None:
    """The file that a path leads into, such as a zip on sys.path."""
    while path and not os.path.exists(path):
        path = os.path.dirname(path) if path != "/" else ""
    return path if os.path.isfile(path) else None


def _changed_since(path: str, time_ns: int) -> bool:
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        return False
    return max(stat.st_mtime_ns, stat.st_ctime_ns) >= time_ns
