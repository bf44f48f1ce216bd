"""The text of a part of a report, where files moved within but mean what they meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from parity.report.scan_document import Part
from parity.scanned import MOST_WRITERS, WRITTEN_BY, Moved, Said

BETWEEN: Final = ',{"id":'
"""Stands between two units, and nowhere else: no other object of theirs has an id, and a quote
within a text is escaped."""

ORDER: Final = ("file", "line", "kind", "unit", "about")
"""What couplings are put in order by."""


def moved_part(part: Part, files: Sequence[Moved]) -> Part | None:
    """The part with the lines and names of these files as they are now; None where that is not
    told from the text."""
    try:
        return _moved(part, {one.file: one for one in files})
    except KeyError:  # a line that no row of its file has
        return None


def _moved(part: Part, by_file: Mapping[str, Moved]) -> Part | None:
    names = {old: new for one in by_file.values() for old, new in one.names.items()}
    written: set[str] = set()
    units = _units(part.lists[0], by_file, names, written)
    couplings = [_coupling(one, by_file, names, written) for one in _rows(part.lists[3])]
    if units is None or None in couplings:
        return None
    groups = [[names.get(one, one) for one in group] for group in _rows(part.lists[1])]
    shared = [
        {**one, "units": [names.get(name, name) for name in one["units"]]}
        for one in _rows(part.lists[2])
    ]
    ordered = sorted(filter(None, couplings), key=lambda one: [one[key] for key in ORDER])
    notes = tuple((kind, file, _line(by_file, file, line), text) for kind, file, line, text in
                  part.notes)  # fmt: skip
    lists = (units, _text(groups), _text(shared), _text(ordered))
    return replace(part, lists=lists, notes=notes)


def _units(
    text: str, files: Mapping[str, Moved], names: Mapping[str, str], written: set[str]
) -> str | None:
    """The units: those that stand in one of the files or name anything in it are made anew. What
    those write that are named otherwise now is added to `written`."""
    pieces = text.split(BETWEEN)
    said = {file: iter(one.units) for file, one in files.items()}
    marks = [f'"file":{json.dumps(file)}' for file in files]
    marks += sorted({f"{json.dumps(old)[:-1].partition(':')[0]}:" for old in names})
    for at, piece in enumerate(pieces):
        if any(mark in piece for mark in marks):
            unit = json.loads(piece if not at else f'{{"id":{piece}')
            if unit["file"] in said:
                own = next(said[unit["file"]], None)
                if own is None or names.get(unit["id"], unit["id"]) != own.id:
                    return None
                written.update(unit["writes"] if unit["id"] != own.id else ())
                _say(unit, own, files[unit["file"]])
            _point(unit, files, names)
            made = json.dumps(unit, separators=(",", ":"))
            pieces[at] = made if not at else made[len('{"id":') :]
    return BETWEEN.join(pieces) if all(next(rest, None) is None for rest in said.values()) else None


def _say(unit: dict[str, Any], own: Said, file: Moved) -> None:
    """What a unit of a file that moved says of itself."""
    unit.update(id=own.id, line=own.line, end=own.end, provides=own.provides, hash=own.hash)
    unit["raises"] = [{"name": one.name, "line": one.line} for one in own.raises]
    for row in (*unit["calls"], *unit["unresolved"]):
        row["line"] = file.lines[row["line"]]


def _point(unit: dict[str, Any], files: Mapping[str, Moved], names: Mapping[str, str]) -> None:
    """What a unit says of others."""
    for effect in unit["effects"]:
        effect["line"] = _line(files, effect["file"], effect["line"])
        effect["via"] = [names.get(one, one) for one in effect["via"]]
    for call in unit["calls"]:
        call["to"] = names.get(call["to"], call["to"])


def _coupling(
    row: dict[str, Any], files: Mapping[str, Moved], names: Mapping[str, str], written: set[str]
) -> dict[str, Any] | None:
    """A coupling; None where it names the first of many writers, and these may be others now."""
    about = row["about"]
    name, between, writers = about.partition(WRITTEN_BY)
    if between and f"global {row['unit'].partition(':')[0]}:{name.strip('`')}" in written:
        listed = writers.split(", ")
        if len(listed) >= MOST_WRITERS:
            return None
        about = name + between + ", ".join(sorted(names.get(one, one) for one in listed))
    unit = names.get(row["unit"], row["unit"])
    line = _line(files, row["file"], row["line"])
    return {**row, "line": line, "unit": unit, "about": about}


def _line(files: Mapping[str, Moved], file: str, line: int) -> int:
    return files[file].lines[line] if file in files else line


def _rows(text: str) -> list[Any]:
    rows: list[Any] = json.loads(f"[{text}]")
    return rows


def _text(rows: Sequence[Any]) -> str:
    return json.dumps(rows, separators=(",", ":"))[1:-1]
