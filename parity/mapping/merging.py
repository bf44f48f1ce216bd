"""Merges two versions of a map, table by table: two people who add units do not meet.

A table is its header with all that stands up to the next one, comments above it included; what
belongs to a unit (`[[unit."…".allow]]`) goes with it. Text is kept as it was written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from parity.config import read_bytes
from parity.errors import ParityError

HEADER: Final = re.compile(r"^\s*(\[\[?)\s*(?P<name>.+?)\s*\]\]?\s*(?:#.*)?$")
ORDER: Final = ("", "defaults", "receiver", "port", "unit", "wont_port", "survivor")


def merge_files(base: Path, ours: Path, theirs: Path) -> list[str]:
    """Writes the merge into `ours`; gives the tables that both changed, each in its own way.

    Raises ParityError where one of the three is no TOML.
    """
    texts = [_text(path) for path in (base, ours, theirs)]
    merged, conflicts = merge_texts(*texts)
    if not conflicts:
        tomllib.loads(merged)
    ours.write_text(merged, "utf-8")
    return conflicts


def merge_texts(base: str, ours: str, theirs: str) -> tuple[str, list[str]]:
    """The merged text, with the marks of git around tables that both changed, and their names."""
    before, mine, other = tables(base), tables(ours), tables(theirs)
    merged: dict[str, str] = {}
    conflicts: list[str] = []
    for name in [*mine, *(name for name in other if name not in mine)]:
        was, one, two = before.get(name), mine.get(name), other.get(name)
        if _same(one, two) or _same(two, was):
            kept = one
        elif _same(one, was):
            kept = two
        else:
            conflicts.append(name or "what stands before the first table")
            kept = f"<<<<<<< ours\n{one or ''}=======\n{two or ''}>>>>>>> theirs\n"
        if kept is not None:
            merged[name] = kept
    return _joined(_placed(merged, mine)), conflicts


def with_table(text: str, name: str, table: str) -> str:
    """The text with one more table, where it belongs in the order of its kind."""
    known = tables(text)
    return _joined(_placed({**known, name: table}, known))


def tables(text: str) -> dict[str, str]:
    """The tables of a map by name, in order: `unit."shop.prices:total"`. Text before is ``."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    above: list[str] = []
    open_text: str | None = None
    for line in text.splitlines(keepends=True):
        header = HEADER.match(line) if open_text is None else None
        if header is not None:
            name = _owner(header["name"], found)
            if name != current:
                current = name
                found.setdefault(current, [])
            found[current] += [*above, line]
            above = []
            continue
        open_text = _open_after(line, open_text)
        if open_text is None and (not line.strip() or line.lstrip().startswith("#")):
            above.append(line)  # belongs to the next table, or is the end of this one
            continue
        found[current] += [*above, line]
        above = []
    found[current] += above
    return {name: "".join(lines) for name, lines in found.items() if lines or name}


def _owner(name: str, found: Mapping[str, object]) -> str:
    """The table that a header belongs to; a list of tables counts up."""
    kept = name.replace("'", '"')
    parts = re.findall(r'"(?:[^"\\]|\\.)*"|[^.\s"]+', kept)
    if len(parts) > 2 and parts[0] in ("unit", "port", "receiver", "defaults", "wont_port"):
        parts = parts[:2]
    whole = ".".join(parts)
    if whole != "survivor":
        return whole
    number = 1
    while f"survivor {number}" in found:
        number += 1
    return f"survivor {number}"


def _open_after(line: str, opened: str | None) -> str | None:
    """The kind of quotes of a text of several lines that is open behind a line."""
    at = 0
    while at < len(line):
        if opened is not None:
            end = line.find(opened, at)
            if end < 0:
                return opened
            at, opened = end + 3, None
            continue
        if line.startswith(('"""', "'''"), at):
            opened = line[at : at + 3]
            at += 3
            continue
        letter = line[at]
        if letter == "#":
            return None
        if letter in "\"'":
            end = at + 1
            while end < len(line) and line[end] != letter:
                end += 2 if letter == '"' and line[end] == "\\" else 1
            at = end
        at += 1
    return opened


def _same(one: str | None, two: str | None) -> bool:
    if one is None or two is None:
        return one is two
    return one.strip() == two.strip()


def _placed(merged: Mapping[str, str], mine: Mapping[str, str]) -> list[str]:
    """The tables in our order; each new one before the first of its kind that is greater."""
    names = [name for name in mine if name in merged]
    for name in merged:
        if name in mine:
            continue
        kind = _kind(name)
        greater = (
            at
            for at, one in enumerate(names)
            if _kind(one) > kind or (_kind(one) == kind and one > name)
        )
        names.insert(next(greater, len(names)), name)
    return [merged[name] for name in names]


def _kind(name: str) -> int:
    first = re.split(r"[. ]", name)[0]
    return ORDER.index(first) if first in ORDER else 0


def _joined(parts: list[str]) -> str:
    """The tables with one empty line between them."""
    texts = [part.strip("\n") for part in parts]
    return "\n\n".join(text for text in texts if text.strip()) + "\n"


def _text(path: Path) -> str:
    data = read_bytes(path)
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParityError(
            "a map cannot be merged",
            where=str(path),
            why=f"it is no TOML ({error})",
            next_step="merge it by hand: git merge-file OURS BASE THEIRS",
        ) from None
    return text
