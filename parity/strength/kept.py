"""What is known of a unit's strength, as JSON for the next run."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parity.model import Bound, Branch, Fate, Killer, Mutant, Unit, UnitStrength

VERSION = 2


def keep(file: Path, key: str, strength: UnitStrength) -> None:
    """Writes what was found under the key of all that it depends on."""
    document = {
        "version": VERSION,
        "key": key,
        "fixtures": strength.fixtures,
        "inputs": strength.inputs,
        "differing": strength.differing,
        "unjudged": strength.unjudged,
        "fates": [_fate(fate) for fate in strength.fates],
        "dropped": dict(strength.dropped),
        "java_branches": [_branch(one) for one in strength.java_branches],
        "python_branches": [_branch(one) for one in strength.python_branches],
        "bound": dataclasses.asdict(strength.bound) if strength.bound is not None else None,
        "needed": strength.needed,
        "seconds": strength.seconds,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(document, separators=(",", ":")), "ascii")
    temporary.replace(file)


def kept(file: Path, key: str, unit: Unit) -> UnitStrength | None:
    """What was found under that key; None where something else was, or nothing."""
    try:
        document = json.loads(file.read_text("ascii"))
    except (OSError, ValueError):
        return None
    if (document.get("version"), document.get("key")) != (VERSION, key):
        return None
    needed = document["needed"]
    return UnitStrength(
        unit=unit,
        fixtures=document["fixtures"],
        inputs=document["inputs"],
        differing=document["differing"],
        unjudged=document["unjudged"],
        fates=tuple(map(_fate_of, document["fates"])),
        dropped=document["dropped"],
        java_branches=tuple(map(_branch_of, document["java_branches"])),
        python_branches=tuple(map(_branch_of, document["python_branches"])),
        bound=Bound(**document["bound"]) if document["bound"] is not None else None,
        needed=None if needed is None else tuple(needed),
        seconds=document["seconds"],
        cached=True,
    )


def _fate(fate: Fate) -> list[Any]:
    mutant = dataclasses.astuple(fate.mutant)
    by = [[one.input, one.how] for one in fate.by]
    return [mutant, fate.state, by, fate.killer, fate.killed_by, fate.killers]


def _fate_of(document: Sequence[Any]) -> Fate:
    mutant, state, by, killer, killed_by, more = document
    killers = tuple(Killer(*one) for one in by)
    return Fate(Mutant(*mutant), state, killers, killer, killed_by, tuple(more))


def _branch(branch: Branch) -> list[Any]:
    return [branch.place, branch.line, branch.way, sorted(branch.inputs)]


def _branch_of(document: Sequence[Any]) -> Branch:
    place, line, way, inputs = document
    return Branch(place, line, way, frozenset(inputs))
