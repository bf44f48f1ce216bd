"""What is in a deployed package, against the classes that evidence names.

A package is an archive as Lambda takes it: classes at its top, or in jars below `lib`. Only its
bytes are read; nothing of it is loaded.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parity.evidence.classfile import class_hash

TESTS: Final = re.compile(r"(^|/)src/test/")
JAR: Final = ".jar"


@dataclass
class Package:
    """An archive; its jars are opened when a class is looked for that is not at the top."""

    data: bytes
    _hashes: dict[str, str | None] = field(default_factory=dict)
    _places: dict[str, zipfile.ZipFile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        archive = zipfile.ZipFile(io.BytesIO(self.data))
        for name in sorted(archive.namelist(), reverse=True):
            if name.endswith(JAR):
                inner = zipfile.ZipFile(io.BytesIO(archive.read(name)))
                self._places.update(dict.fromkeys(inner.namelist(), inner))
        self._places.update(dict.fromkeys(archive.namelist(), archive))

    def hash_of(self, name: str) -> str | None:
        """The hash of what a class means, as evidence has it; None where it is not in there."""
        if name not in self._hashes:
            file = f"{name.replace('.', '/')}.class"
            archive = self._places.get(file)
            self._hashes[name] = None if archive is None else _meaning(archive.read(file))
        return self._hashes[name]


def _meaning(data: bytes) -> str:
    return class_hash(data) or hashlib.sha256(data).hexdigest()


def classes_apart(package: Package, rests_on: Mapping[str, Any]) -> Iterator[str]:
    """Which classes of a proof are not the same in a package, as sentences.

    An adapter of the project's tests is on no Lambda, and not missed there.
    """
    tests = {
        path.rpartition("/java/")[2].removesuffix(".java").replace("/", ".")
        for path in rests_on.get("java sources", {})
        if TESTS.search(path)
    }
    for name, kept in rests_on.get("classes", {}).items():
        there = package.hash_of(name)
        if there is None:
            if name.partition("$")[0] not in tests:
                yield f"{name} is not in it"
        elif there != kept:
            yield f"{name} is not the class that was proven"
