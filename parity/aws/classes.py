"""Which Java classes a class path has, and which of them can be raised, without starting a JVM."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from parity.evidence.classfile import superclass


class Classes:
    """The classes of a class path: folders and jars, the first that has one counts."""

    def __init__(self, entries: Sequence[Path]) -> None:
        self._folders = [entry for entry in entries if entry.is_dir()]
        self._jars = [entry for entry in entries if not entry.is_dir()]
        self._where: dict[str, Path] | None = None

    def raisable(self, name: str) -> bool:
        """Whether there is a class of this name that is a Throwable."""
        while not name.startswith("java."):
            code = self._read(name)
            if code is None:
                return False
            name = superclass(code)
        return name.endswith(("Exception", "Error", "Throwable"))

    def __contains__(self, name: str) -> bool:
        return self._find(_file_of(name)) is not None

    def _read(self, name: str) -> bytes | None:
        file = _file_of(name)
        entry = self._find(file)
        if entry is None:
            return None
        if entry.is_dir():
            return (entry / file).read_bytes()
        with zipfile.ZipFile(entry) as opened:
            return opened.read(file)

    def _find(self, file: str) -> Path | None:
        """The folder or the jar that has a file."""
        for folder in self._folders:
            if (folder / file).is_file():
                return folder
        if self._where is None:
            self._where = self._listed()
        return self._where.get(file)

    def _listed(self) -> dict[str, Path]:
        where: dict[str, Path] = {}
        for jar in self._jars:
            with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(jar) as opened:
                for name in opened.namelist():
                    where.setdefault(name, jar)
        return where


def _file_of(name: str) -> str:
    return name.replace(".", "/") + ".class"
