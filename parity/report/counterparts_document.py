"""Which Java replaces which unit, for programs; rich is not imported here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from parity.counterparts import Counterparts, Odd


def counterparts_document(found: Counterparts) -> dict[str, Any]:
    """The report as JSON, version 1 (docs/map.md)."""
    return {
        "schema": 1,
        "units": [
            {
                "id": one.unit,
                "java": one.java,
                "how": one.how,
                "python_signature": one.python_signature,
                "java_signature": one.java_signature,
                "file": one.file,
                "line": one.line,
                "checked": one.checked,
            }
            for one in found.found
        ],
        "conflicts": [_odd(one) for one in found.odd if one.kind == "conflict"],
        "near": [_odd(one) for one in found.odd if one.kind == "near"],
        "without": list(found.without),
        "classes": found.classes,
        "looked": found.looked,
    }


def tables_for(found: Counterparts) -> str:
    """Tables of a map for what names found, to be looked at and pasted."""
    named = [one for one in found.found if one.how == "name"]
    return "\n".join(f'[unit."{one.unit}"]\njava = "{one.java}"\n' for one in named)


def _odd(one: Odd) -> dict[str, Any]:
    document = asdict(one)
    del document["kind"]
    return document
