"""What is known of a unit before anything starts: fixtures, terms, tools, builds."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.content import Content, stamp_of
from parity.evidence.normal import jar_hash
from parity.evidence.python_side import hidden_by, importable
from parity.fixtures import ENDINGS
from parity.mapping import file_name
from parity.mapping.kept import unit_document
from parity.model import Unit

PACKAGE = Path(__file__).resolve().parents[1]
TELL_ONLY = ("cli.py", "__main__.py", "pytest_plugin.py", "record", "report/text.py", "evidence")
"""Parity's own sources that decide nothing about a verdict; all others do."""
ASK = (
    "import json, os, sys; print(json.dumps({"
    "'version': sys.version, "
    "'stdlib': os.path.dirname(os.path.realpath(os.__file__)), "
    "'sites': [p for p in sys.path if p.endswith('-packages')], "
    "'real': os.path.realpath(sys.executable)}))"
)
NOT_OF_A_UNIT = ("map_file", "owner", "was")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The interpreter of the python side; `sites` are its site-packages."""

    version: str
    stdlib: str
    sites: tuple[str, ...]


@dataclass
class Basis:
    """What all units of a run rest on, looked at once, and only when it is asked for.

    `env` is what the python worker sees of the environment, `entries` the class path, built.
    `started` is a time (in ns) before anything of the project was read or imported, `built` one
    after the classes were compiled and before one was loaded: what is younger was not seen.
    `steady` is `started` by a clock that nobody sets.
    """

    config: Config
    home: Path
    entries: Sequence[Path]
    env: Mapping[str, str]
    harness: Path
    interpreter_path: Path
    today: datetime.date = field(default_factory=lambda: datetime.datetime.now(datetime.UTC).date())
    started: int = field(default_factory=time.time_ns)
    built: int = field(default_factory=time.time_ns)
    steady: int = field(default_factory=time.monotonic_ns)

    def of(self, unit: Unit) -> dict[str, str]:
        """Hashes, by what they are of; values that people can read where they say as much."""
        own = {"python_path": self._python_path(unit)} if unit.python_path else {}
        return {"fixtures": self._fixtures(unit), "unit": self._unit(unit), **own, **self.shared}

    def keep(self) -> None:
        """Keeps what was learnt of files for the next run."""
        self.content.keep()

    @cached_property
    def content(self) -> Content:
        """The files of the project."""
        return Content(self.config.private / "cache" / "content.json")

    @cached_property
    def root(self) -> str:
        """The root of the project, with the separator behind it."""
        return os.path.join(os.path.realpath(self.config.root), "")

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The roots on sys.path, in order."""
        return tuple(str(source) for source in self.config.sources)

    @cached_property
    def folders(self) -> tuple[tuple[int, str], ...]:
        """The folders of the class path, each with its index there."""
        entries = enumerate(self._real_entries)
        return tuple((index, path) for index, path in entries if os.path.isdir(path))

    @cached_property
    def shared(self) -> dict[str, str]:
        """What is the same for all units."""
        table = self.config.table
        passed = {f"env {name}": self.token(self.env.get(name)) for name in table.python.env_pass}
        return {
            "parity": self._tool,
            "python": self.interpreter.version,
            "java": self.java,
            "class path": self._class_path,
            "sources": hash_of([self.shown(source) for source in self.sources]),
            "standard library": hash_of(self.hidden),
            "types": hash_of(table.types),
            "jvm_args": hash_of(table.java.jvm_args),
            **passed,
        }

    @cached_property
    def hidden(self) -> list[str]:
        """Modules of Python's own library that the sources hide; which are used is not traced."""
        return hidden_by(self.content, self.sources)

    @cached_property
    def java(self) -> str:
        """The version that the JDK's `release` file tells, or a hash of what runs where none is."""
        release = self.home / "release"
        try:
            lines = release.read_text("utf-8", errors="replace").splitlines()
        except OSError:
            files = [self.home / "bin" / "java", self.home / "lib" / "server" / "libjvm.so"]
            return hash_of([self.content.raw(str(file)) for file in files])
        told = dict(line.split("=", 1) for line in lines if "=" in line)
        words = [told.get(name, "").strip('"') for name in ("JAVA_VERSION", "IMPLEMENTOR")]
        return f"{' '.join(words)} ({self.content.raw(str(release))})"

    @cached_property
    def interpreter(self) -> Interpreter:
        """What runs the python side. Another one than ours is asked once, until it changes."""
        if os.path.abspath(self.interpreter_path) == os.path.abspath(sys.executable):
            sites = tuple(path for path in sys.path if path.endswith("-packages"))
            stdlib = os.path.dirname(os.path.realpath(os.__file__))
            return Interpreter(sys.version, stdlib, sites)
        told = self._asked(str(self.interpreter_path))
        return Interpreter(told["version"], told["stdlib"], tuple(told["sites"]))

    def token(self, value: str | None) -> str:
        """Stands for a value of the environment: equal for equal values, and tells nothing."""
        if value is None:
            return "unset"
        import hmac

        return hmac.new(self._key, value.encode("utf-8", "surrogateescape"), "sha256").hexdigest()

    def shown(self, path: str) -> str:
        """A path as seen from the root of the project."""
        return path.removeprefix(self.root)

    def path(self, shown: str) -> str:
        """The path that was shown so."""
        return shown if shown.startswith("/") else self.root + shown

    def source_of(self, path: str) -> int | None:
        """Which of the roots on sys.path a file is in."""
        for index, root in enumerate(self.sources):
            if path.startswith(f"{root}/"):
                return index
        return None

    def index_of(self, entry: str) -> int | None:
        """Where on the class path an entry stands."""
        return self._indexes.get(os.path.realpath(entry))

    def folder_at(self, index: int) -> str | None:
        """The folder at a place of the class path, or None for a jar."""
        return self._folder_at.get(index)

    def fixtures_of(self, unit: Unit) -> str | None:
        """The file of a unit's fixtures, as `parity.fixtures` finds it."""
        for unit_id in (unit.id, *unit.was):
            for ending in ENDINGS:
                file = f"{self._fixtures_folder}/{file_name(unit_id)}{ending}"
                if os.path.isfile(file):
                    return file
        return None

    @cached_property
    def _fixtures_folder(self) -> str:
        return str(self.config.fixtures)

    @cached_property
    def installed(self) -> str:
        """Which distributions the interpreter has: one more may be found where none was."""
        names = {name for site in self.interpreter.sites for name in self.content.names(site)}
        endings = (".dist-info", ".egg-info", ".egg-link", ".pth")
        return hash_of(sorted(name for name in names if name.endswith(endings)))

    def entry_names(self) -> list[tuple[str, str]]:
        """Each entry of the class path: its name, and for a jar what stands in it."""
        return [(self.shown(path), self._entry(path)) for path in self._real_entries]

    @cached_property
    def _real_entries(self) -> list[str]:
        return [os.path.realpath(entry) for entry in self.entries]

    @cached_property
    def _indexes(self) -> dict[str, int]:
        return {path: index for index, path in reversed(list(enumerate(self._real_entries)))}

    @cached_property
    def _folder_at(self) -> dict[int, str]:
        return dict(self.folders)

    def _entry(self, path: str) -> str:
        if os.path.isdir(path):
            return "folder"  # its classes are traced one by one
        if path.startswith(self.root):  # the project builds it: only its entries count
            return jar_hash(self.content, path)
        return self.content.raw(path) or "missing"

    @cached_property
    def _class_path(self) -> str:
        names = list(map(list, self.entry_names()))
        digest = hash_of(names)
        self.content.put(f"class path {digest}", names)
        return digest

    @cached_property
    def jars(self) -> str:
        """What stands in the jars of the class path, in order, wherever they lie."""
        return hash_of([kept for _, kept in self.entry_names()])

    @cached_property
    def _tool(self) -> str:
        """The harness, and parity's own sources that decide."""
        raw = self.content.raw
        skipped = tuple(os.path.join(PACKAGE, name) for name in TELL_ONLY)
        own = [path for path in _sources(str(PACKAGE)) if not path.startswith(skipped)]
        bridge = [n for p in sys.path for n in self.content.names(p) if n.startswith("jpype1-")]
        parts = [[os.path.relpath(path, PACKAGE), raw(path)] for path in own]
        return hash_of([raw(str(self.harness)), sys.version, sorted(set(bridge)), *parts])

    @cached_property
    def _key(self) -> bytes:
        """The key of this checkout; it never leaves `.parity`."""
        place = self.config.private / "key"
        try:
            return bytes.fromhex(place.read_text("ascii"))
        except (OSError, ValueError):
            key = os.urandom(32)
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                with open(place, "w", opener=_privately) as file:
                    file.write(key.hex())
            except OSError:
                pass  # evidence cannot be written then either
            return key

    def _fixtures(self, unit: Unit) -> str:
        file = self.fixtures_of(unit)
        return (self.content.raw(file) if file is not None else None) or "missing"

    def _python_path(self, unit: Unit) -> str:
        """Which names an import finds in the folders that a unit puts before the sources."""
        roots = [os.path.realpath(self.config.root / entry) for entry in unit.python_path]
        return hash_of([sorted(importable(self.content, root)) for root in roots])

    def _unit(self, unit: Unit) -> str:
        return unit_hash(unit, self.today)

    def _asked(self, path: str) -> dict[str, Any]:
        kept = self.content.get(f"interpreter {path}")
        if kept is not None and kept["stamps"] == _stamps([path, kept["told"]["real"]]):
            return dict(kept["told"])
        import subprocess

        done = subprocess.run(
            [path, "-c", ASK],
            env=dict(self.env),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
        if not _is_script(path):  # what a script leads to may change without it
            stamps = _stamps([path, told["real"]])
            self.content.put(f"interpreter {path}", {"stamps": stamps, "told": told})
        return told


def unit_hash(unit: Unit, today: datetime.date) -> str:
    """The hash of what the map says of a unit, and of which of its allowances have expired."""
    document = unit_document(unit)
    expired = [allowance.expires < today for allowance in unit.allowances]
    kept = {name: value for name, value in document.items() if name not in NOT_OF_A_UNIT}
    return hash_of([kept, list(unit.parameters), expired])


def class_file(folder: str, name: str) -> str:
    """Where a class stands in a folder of the class path."""
    return f"{folder}/{name.replace('.', '/')}.class"


def _sources(folder: str) -> list[str]:
    found: list[str] = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.endswith(".py"):
            found.append(entry.path)
        elif entry.is_dir() and entry.name not in ("harness", "__pycache__"):
            found += _sources(entry.path)
    return found


def _stamps(paths: Sequence[str]) -> list[list[int]]:
    return [stamp_of(os.stat(path)) for path in paths if os.path.exists(path)]


def _is_script(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def hash_of(document: Any) -> str:
    """The hash of a JSON document."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
