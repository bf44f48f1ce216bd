"""What a run of the program says of what was inferred: confirmed, refuted, or added to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from parity.scan.effects import class_of

COMPREHENSIONS: Final = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
DECORATED: Final = 30
"""Lines by which decorators may stand above a `def`."""
FREE: Final = ("pure", "stateful", "seedable")


class Units:
    """Units of a report by file and line, as frames name them."""

    def __init__(self, units: Sequence[dict[str, Any]], base: Path) -> None:
        self.all = units
        self.by_file: dict[str, list[dict[str, Any]]] = {}
        for unit in units:
            self.by_file.setdefault(str((base / unit["file"]).resolve()), []).append(unit)

    def of(self, where: Sequence[Any], *, enclosing: bool = False) -> dict[str, Any] | None:
        """The unit of a frame's code; with `enclosing`, what a comprehension or class stands in."""
        file, line, name = where
        units = self.by_file.get(file, [])
        if name == "<module>":
            return next((u for u in units if u["kind"] == "module"), None)
        last = "<lambda" if name == "<lambda>" else name
        found = [
            u
            for u in units
            if u["kind"] != "module" and line <= u["line"] <= line + DECORATED and _last(u, last)
        ]
        if found and name not in COMPREHENSIONS:
            return min(found, key=lambda unit: int(unit["line"]))
        return self.enclosed(where) if enclosing else None

    def enclosed(self, where: Sequence[Any]) -> dict[str, Any] | None:
        """The unit of a frame's code, else the innermost one around its first line."""
        file, line, name = where
        if name != "<module>" and name not in COMPREHENSIONS:
            found = self.of(where)
            if found is not None:
                return found
        around = [u for u in self.by_file.get(file, []) if u["line"] <= line <= u["end"]]
        return max(around, key=lambda unit: (unit["kind"] != "module", unit["line"]), default=None)


def confirm(document: dict[str, Any], seen: Sequence[Mapping[str, Any]], base: Path) -> None:
    """Marks in a report what runs of the program showed, and adds what only they showed.

    Effects that are added go on to all that call the unit, and so do the classes. Nothing is ever
    taken away: that a run did not do something is no proof.
    """
    units = Units(document["units"], base)
    by_id = {unit["id"]: unit for unit in units.all}
    ran = {one["id"] for found in seen for one in map(units.of, found["ran"]) if one is not None}
    edges = _edges(units, seen)
    inferred = added = 0
    fresh: list[str] = []
    for unit in units.all:
        unit["ran"] = unit["id"] in ran
        known = {call["to"] for call in unit["calls"]}
        for call in unit["calls"]:
            call["seen"] = (unit["id"], call["to"]) in edges
        inferred += sum(to in ran for to in known) if unit["ran"] else 0
        for to, line in sorted(_from(edges, unit["id"]).items()):
            if to not in known:
                unit["calls"].append({"to": to, "how": "seen", "line": line, "seen": True})
                added += 1
                fresh.append(unit["id"])
    refuted = _io(units, seen)
    _spread(by_id, [*fresh, *(one["unit"] for one in refuted)])
    document["totals"]["class"] = _counts(units.all, "class", document["totals"]["class"])
    document["totals"]["own_class"] = _counts(
        units.all, "own_class", document["totals"]["own_class"]
    )
    document["confirmed"] = {
        "processes": len(seen),
        "units_ran": len(ran),
        "edges_seen": len(edges),
        "edges_added": added,
        "edges_inferred_between_units_that_ran": inferred,
        "refuted": refuted,
    }


def _edges(units: Units, seen: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for one in seen:
        for caller, callee, line in one["edges"]:
            source, to = units.of(caller, enclosing=True), units.of(callee)
            if source is not None and to is not None and source["id"] != to["id"]:
                found.setdefault((source["id"], to["id"]), line)
    return found


def _from(edges: Mapping[tuple[str, str], int], unit: str) -> dict[str, int]:
    return {to: line for (source, to), line in edges.items() if source == unit}


def _io(units: Units, seen: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """I/O of units' own bodies that was not inferred: added to them, and told."""
    refuted: list[dict[str, Any]] = []
    for found in seen:
        for where, kind, event, line in found["io"]:
            unit = units.enclosed(where)
            if unit is None or any(
                not one["via"] and one["kind"] in (kind, "unknown", "dynamic")
                for one in unit["effects"]
            ):
                continue
            effect = {"kind": kind, "api": event, "file": unit["file"], "line": line, "via": []}
            if unit["own_class"] in FREE:
                refuted.append({"unit": unit["id"], "was": unit["own_class"], **effect})
            unit["effects"].insert(0, effect)
            unit["own_class"] = class_of(e["kind"] for e in unit["effects"] if not e["via"])
            unit["class"] = class_of(e["kind"] for e in unit["effects"])
    return refuted


def _spread(by_id: Mapping[str, dict[str, Any]], changed: Sequence[str]) -> None:
    """Effects of what is called, to who calls it, until nothing changes."""
    callers: dict[str, list[str]] = {}
    for unit in by_id.values():
        for call in unit["calls"]:
            callers.setdefault(call["to"], []).append(unit["id"])
    pending = [*changed, *(one for unit in changed for one in callers.get(unit, ()))]
    while pending:
        unit = by_id[pending.pop()]
        before = len(unit["effects"])
        for call in unit["calls"]:
            if call["to"] in by_id:
                unit["effects"] += _reached(unit, by_id[call["to"]])
        if len(unit["effects"]) > before:
            unit["class"] = class_of(one["kind"] for one in unit["effects"])
            pending += callers.get(unit["id"], ())


def _reached(unit: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kinds = {one["kind"] for one in unit["effects"]}
    for effect in other["effects"]:
        if effect["kind"] not in kinds and effect["kind"] not in ("self", "argument"):
            kinds.add(effect["kind"])
            yield {**effect, "via": [other["id"], *effect["via"]]}


def _counts(
    units: Sequence[Mapping[str, Any]], key: str, names: Mapping[str, int]
) -> dict[str, int]:
    counts = dict.fromkeys(names, 0)
    for unit in units:
        counts[unit[key]] += 1
    return counts


def _last(unit: Mapping[str, Any], name: str) -> bool:
    if "<lambda" in name:
        return "<lambda" in unit["id"].rpartition(".")[2]
    last = unit["id"].partition("@")[0].rpartition(".")[2]
    return bool(last.rpartition(":")[2] == name)
