"""What is in a project, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from parity.scanned import Note, Scan, ScannedUnit

LISTS: Final = ("units", "groups", "shared", "couplings")


@dataclass(frozen=True, slots=True)
class Part:
    """A group of packages as JSON text, its long lists without their brackets; and what people are
    told of its units: how many of each class a module has, and of each kind are entered from
    outside."""

    lists: tuple[str, ...]
    notes: tuple[tuple[str, str, int, str], ...]
    totals: dict[str, dict[str, int]]
    modules: dict[str, dict[str, int]]
    entered: dict[str, int]


def part_of(scan: Scan) -> Part:
    """The text of a part of a project, to be kept and joined as it is."""
    quoted = _Quoted()
    units = ",".join([_unit_text(unit, quoted) for unit in scan.units])
    document = scan_document(replace(scan, units=()))
    notes = tuple((one.kind, one.file, one.line, one.text) for one in scan.notes)
    lists = (units, *(_json(document[name])[1:-1] for name in LISTS[1:]))
    counted = _counted((one.id, one.klass, one.entry) for one in scan.units)
    return Part(lists, notes, document["totals"], *counted)


def divided(document: Mapping[str, Any]) -> tuple[tuple[str, ...], Part]:
    """The frame of a whole report, and all that its lists hold as one part."""
    units = document["units"]
    counted = _counted((one["id"], one["class"], one["entry"]) for one in units)
    lists = tuple(_json(document[name])[1:-1] for name in LISTS)
    return frame_of(document), Part(lists, (), document["totals"], *counted)


def _counted(
    units: Iterable[tuple[str, str, Sequence[str]]],
) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Of units by id, class and entries: how many of each class in each module, and of each kind of
    entry."""
    modules: dict[str, dict[str, int]] = {}
    entered: dict[str, int] = {}
    for name, klass, entry in units:
        counts = modules.setdefault(name.partition(":")[0], {})
        counts[klass] = counts.get(klass, 0) + 1
        if entry:
            kind = entry[0].split(" ")[0]
            entered[kind] = entered.get(kind, 0) + 1
    return modules, entered


def frame_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """A report as JSON text without what its long lists hold: what stands before the first of
    these, between them, and after the last."""
    frame: list[str] = []
    text = "{"
    for name, value in document.items():
        text += f"{'' if text == '{' else ','}{_json(name)}:"
        if name in LISTS:
            frame.append(f"{text}[")
            text = "]"
        else:
            text += _json(value)
    return (*frame, f"{text}}}")


def framed(frame: Sequence[str], parts: Sequence[Part]) -> Iterator[str]:
    """The whole report as pieces of JSON text, some of them long: the lists of all parts within
    their frame."""
    yield frame[0]
    lists = zip(*(part.lists for part in parts), strict=True) if parts else ((),) * len(LISTS)
    for texts, after in zip(lists, frame[1:], strict=True):
        listed = [text for text in texts if text]
        yield from [one for text in listed for one in (",", text)][1:]
        yield after


def without_units(frame: Sequence[str], parts: Sequence[Part]) -> dict[str, Any]:
    """The report without its units, which are most of it."""
    fewer = [replace(part, lists=("", *part.lists[1:])) for part in parts]
    document: dict[str, Any] = json.loads("".join(framed(frame, fewer)))
    return document


def notes_of(part: Part) -> list[Note]:
    """The notes of a part."""
    return [Note(*one) for one in part.notes]


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def scan_document(scan: Scan) -> dict[str, Any]:
    """The report as JSON, version 1 (docs/scan.md)."""
    return {
        "schema": 1,
        "roots": list(scan.roots),
        "files": scan.files,
        "lines": scan.lines,
        "units": [_unit(unit) for unit in scan.units],
        "groups": [list(group) for group in scan.groups],
        "shared": [asdict(one) for one in scan.shared],
        "couplings": [asdict(one) for one in scan.couplings],
        "notes": [asdict(one) for one in scan.notes],
        "totals": {name: dict(counts) for name, counts in scan.totals.items()},
    }


def _unit(unit: ScannedUnit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "kind": unit.kind,
        "file": unit.file,
        "line": unit.line,
        "end": unit.end,
        "class": unit.klass,
        "own_class": unit.own_class,
        "requires": list(unit.requires),
        "provides": unit.provides,
        "effects": [
            {"kind": e.kind, "api": e.api, "file": e.file, "line": e.line, "via": list(e.via)}
            for e in unit.effects
        ],
        "reads": list(unit.reads),
        "writes": list(unit.writes),
        "raises": [{"name": one.name, "line": one.line} for one in unit.raises],
        "calls": [{"to": one.to, "how": one.how, "line": one.line} for one in unit.calls],
        "unresolved": [
            {"text": one.text, "line": one.line, "why": one.why, "inside": one.inside}
            for one in unit.unresolved
        ],
        "entry": list(unit.entry),
        "hash": unit.hash,
    }


class _Quoted(dict[Any, str]):
    """Texts, and tuples of texts, as JSON: each is made once, most are needed many times."""

    def __missing__(self, value: Any) -> str:
        if value.__class__ is tuple:
            made = f"[{','.join([self[one] for one in value])}]"
        else:
            made = _json(value)
        self[value] = made
        return made


def _unit_text(unit: ScannedUnit, quoted: _Quoted) -> str:
    """What `_unit` gives, as JSON: a report has hundreds of thousands of effects and calls."""
    q = quoted
    effects = ",".join(
        [
            f'{{"kind":{q[kind]},"api":{q[api]},"file":{q[file]},"line":{line},"via":{q[via]}}}'
            for kind, api, file, line, via in unit.effects
        ]
    )
    calls = ",".join(
        [f'{{"to":{q[to]},"how":{q[how]},"line":{line}}}' for to, how, line in unit.calls]
    )
    unresolved = ",".join(
        [
            f'{{"text":{q[text]},"line":{line},"why":{q[why]},"inside":{_json(inside)}}}'
            for text, line, why, inside in unit.unresolved
        ]
    )
    raises = ",".join([f'{{"name":{q[name]},"line":{line}}}' for name, line in unit.raises])
    return (
        f'{{"id":{q[unit.id]},"kind":{q[unit.kind]},"file":{q[unit.file]},"line":{unit.line}'
        f',"end":{unit.end},"class":{q[unit.klass]},"own_class":{q[unit.own_class]}'
        f',"requires":{q[unit.requires]},"provides":{q[unit.provides]},"effects":[{effects}]'
        f',"reads":{q[unit.reads]},"writes":{q[unit.writes]},"raises":[{raises}]'
        f',"calls":[{calls}],"unresolved":[{unresolved}],"entry":{q[unit.entry]}'
        f',"hash":{q[unit.hash]}}}'
    )
