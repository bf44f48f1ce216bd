"""What is in a project, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from parity.scanned import Scan, ScannedUnit


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
