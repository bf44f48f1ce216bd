"""Writes the fixture files of the projects: inputs only, the same bytes each time."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

JSON_SAFE = 2**53

Groups = Mapping[str, Sequence[Sequence[Any] | Mapping[str, Any]]]
"""Inputs of one unit by kind: for each fixture its arguments, or its whole line."""


def write(folder: Path, units: Mapping[str, Groups]) -> None:
    """Writes one file per unit below `folder`; repeated inputs are written once."""
    for unit, groups in units.items():
        file = folder / file_name(unit)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text_of(unit, groups), "utf-8")


def text_of(unit: str, groups: Groups) -> str:
    """The fixture file of one unit."""
    lines: list[dict[str, Any]] = [{"parity": 1, "unit": unit}]
    seen: set[str] = set()
    for kind, inputs in groups.items():
        for number, given in enumerate(inputs, 1):
            line = form(dict(given) if isinstance(given, Mapping) else {"args": list(given)})
            key = json.dumps(line)
            if key not in seen:
                seen.add(key)
                lines.append({"id": f"{kind}_{number}"} | line)
    return "".join(json.dumps(line) + "\n" for line in lines)


def file_name(unit: str) -> str:
    """Path of a unit's fixture file below the fixtures folder."""
    return "/".join(re.sub(r"[^\w.-]", "_", part) for part in unit.split(":")) + ".jsonl"


def form(value: Any) -> Any:
    """The fixture form of the few kinds of values that these inputs have."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= JSON_SAFE else {"$int": str(value)}
    if isinstance(value, float):
        special = not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)
        return {"$float": str(value)} if special else value
    if isinstance(value, list):
        return [form(item) for item in value]
    if isinstance(value, dict):
        return {key: form(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no form here")
