"""Which Java classes a class path has, and which of them can be raised, without starting a JVM."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from parity.evidence.classfile import WIDTHS as WIDTHS_BEFORE
from parity.evidence.classfile import WIDTHS_LATER

UTF8, CLASS = 1, 7
WIDTHS: Final = {**WIDTHS_BEFORE, **WIDTHS_LATER}
TWICE: Final = (5, 6)  # a long and a double take two places


class Classes:
    """The classes of a class path: folders and jars, the first that has one counts."""

    def __init__(self, entries: Sequence[Path]) -> None:
        self._folders = [entry for entry in entries if entry.is_dir()]
        self._jars = [entry for entry in entries if entry.suffix in (".jar", ".zip")]
        self._where: dict[str, Path] | None = None

    def raisable(self, name: str) -> bool:
        """Whether there is a class of this name that is a Throwable."""
        while not name.startswith("java."):
            code = self._read(name)
            if code is None:
                return False
            name = superclass(code)
        return name.endswith(("Exception", "Error", "Throwable"))

    def _read(self, name: str) -> bytes | None:
        file = name.replace(".", "/") + ".class"
        for folder in self._folders:
            if (folder / file).is_file():
                return (folder / file).read_bytes()
        if self._where is None:
            self._where = self._listed()
        jar = self._where.get(file)
        if jar is None:
            return None
        with zipfile.ZipFile(jar) as opened:
            return opened.read(file)

    def _listed(self) -> dict[str, Path]:
        where: dict[str, Path] = {}
        for jar in self._jars:
            if jar.is_file():
                with zipfile.ZipFile(jar) as opened:
                    for name in opened.namelist():
                        where.setdefault(name, jar)
        return where


def superclass(code: bytes) -> str:
    """The name of the class that a class file extends (JVM specification, 4.1)."""
    count = struct.unpack_from(">H", code, 8)[0]
    texts: dict[int, str] = {}
    names: dict[int, int] = {}
    at, index = 10, 1
    while index < count:
        tag = code[at]
        if tag == UTF8:
            length = struct.unpack_from(">H", code, at + 1)[0]
            texts[index] = code[at + 3 : at + 3 + length].decode("utf-8", "replace")
            at += 3 + length
        else:
            if tag == CLASS:
                names[index] = struct.unpack_from(">H", code, at + 1)[0]
            at += 1 + WIDTHS[tag]
        index += 2 if tag in TWICE else 1
    above = struct.unpack_from(">H", code, at + 4)[0]
    return texts[names[above]].replace("/", ".") if above else "java.lang.Object"
