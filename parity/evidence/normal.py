"""Hashes of what a file means: equal where only its form has changed.

Python without comments, layout and docstrings; a class file without debug information; a jar
without the times of its entries. What cannot be read counts by its bytes.
"""

from __future__ import annotations

import hashlib
import sys

from parity.content import Content

VERSION = f"1 {sys.version_info[0]}.{sys.version_info[1]}"
"""Changes with whatever a normalised hash depends on beside the bytes."""


def normal_hash(content: Content, path: str) -> str | None:
    """The hash of what a source, class file or other file means; None where nothing is."""
    if path.endswith(".py"):
        return _derived(content, path, "python")
    if path.endswith(".class"):
        return _derived(content, path, "class")
    return content.raw(path)


def jar_hash(content: Content, path: str) -> str:
    """The hash of the names and contents of a jar's entries."""
    return _derived(content, path, "jar") or "missing"


def _derived(content: Content, path: str, kind: str) -> str | None:
    raw = content.raw(path)
    if raw is None:
        return None
    return str(content.derived(f"{kind} {VERSION} {raw}", lambda: _normal(path, kind, raw)))


def _normal(path: str, kind: str, raw: str) -> str:
    """The normalised hash of the very bytes that `raw` is of; else, and on any trouble, `raw`."""
    if kind == "jar":
        return _jar(path) or raw
    with open(path, "rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != raw:
        return raw  # it changed between two looks
    if kind == "python":
        from parity.syntax import python_hash

        return python_hash(data) or raw
    from parity.evidence.classfile import class_hash

    return class_hash(data) or raw


def _jar(path: str) -> str | None:
    import zipfile

    try:
        with zipfile.ZipFile(path) as jar:
            entries = sorted(
                (one.filename, one.CRC, one.file_size) for one in jar.infolist() if not one.is_dir()
            )
    except (zipfile.BadZipFile, OSError):
        return None
    return hashlib.sha256(repr(entries).encode("utf-8", "surrogatepass")).hexdigest()
