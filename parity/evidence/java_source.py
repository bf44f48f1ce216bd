"""What a Java source says without comments and layout: for where its class is not at hand."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from parity.content import Content

SKIPPED: Final = frozenset({"target", "build", "node_modules", "__pycache__"})
TOKENS: Final = re.compile(
    r'//[^\n]*|/\*.*?\*/|"""(?:\\.|.)*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    r"|[A-Za-z_$][\w$]*|[0-9][\w.]*|\s+|.",
    re.DOTALL,
)
VERSION: Final = "1"


def source_hash(content: Content, path: str) -> str | None:
    """The hash of the tokens of a source; None where there is none."""
    raw = content.raw(path)
    if raw is None:
        return None
    return str(content.derived(f"tokens {VERSION} {raw}", lambda: _hash(path) or raw))


def tokens(text: str) -> list[str]:
    """The tokens of a Java source, without comments."""
    found = TOKENS.findall(text)
    return [one for one in found if not one.isspace() and not one.startswith(("//", "/*"))]


def source_files(root: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Files below a folder with one of the endings, folder by folder; none that a build makes."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(one for one in folders if one not in SKIPPED and one[0] != ".")
        for file in sorted(files):
            if file.endswith(endings):
                yield f"{folder}/{file}"


class SourceFiles:
    """Java sources below a folder, by the class that they are of."""

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")
        self._files: dict[str, list[str]] | None = None

    def of(self, name: str) -> str | None:
        """The source of a class: its file has the name of the outermost one, in its package."""
        outer = name.partition("$")[0].replace(".", "/")
        folder, _, simple = outer.rpartition("/")
        for file in self._found().get(simple, ()):
            if not folder or file.rpartition("/")[0].endswith(f"/{folder}"):
                return file
        return None

    def _found(self) -> Mapping[str, list[str]]:
        if self._files is None:
            self._files = {}
            for file in source_files(self._root, (".java",)):
                simple = file.rpartition("/")[2].removesuffix(".java")
                self._files.setdefault(simple, []).append(file)
        return self._files


def java_sources(root: str, content: Content, classes: Sequence[str]) -> dict[str, str]:
    """The sources of classes, from the root of the project, by hash of what they say."""
    files = content.memory.get(f"java sources {root}")
    if files is None:
        files = content.memory[f"java sources {root}"] = SourceFiles(root)
    found: dict[str, str] = {}
    for name in classes:
        file = files.of(name)
        if file is not None:
            digest = source_hash(content, file)
            if digest is not None:
                found[file.removeprefix(root)] = digest
    return {path: found[path] for path in sorted(found)}


def _hash(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return text_hash(file.read())
    except OSError:
        return None


def text_hash(data: bytes) -> str | None:
    """The hash of the tokens of a source; None where it is no text."""
    try:
        text = "\0".join(tokens(data.decode("utf-8")))
    except UnicodeDecodeError:
        return None
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
