"""Evidence in `.parity/evidence`: one file a unit, written in one stroke."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.evidence.nouns import Evidence
from parity.mapping import file_name
from parity.model import Unit
from parity.remembered import write_quietly

SCHEMA = 1
FOLDER = ".parity/evidence"
FIELDS = tuple(Evidence.__slots__)


def load(config: Config, unit: Unit) -> Evidence | None:
    """What is known of a unit from an earlier run; None where nothing, or nothing readable, is."""
    try:
        with open(f"{config.root}/{FOLDER}/{file_name(unit.id)}.json", "rb") as file:
            document = json.loads(file.read())
        if document["evidence"] != SCHEMA or document["unit"] != unit.id:
            return None
        return Evidence(**{name: document[name] for name in FIELDS})
    except (OSError, ValueError, LookupError, TypeError):
        return None


def save(config: Config, evidence: Evidence) -> None:
    """Keeps evidence for later runs. Where nothing can be written, the unit just runs again."""
    document: dict[str, Any] = {"evidence": SCHEMA}
    document |= {name: getattr(evidence, name) for name in FIELDS}
    text = json.dumps(document, separators=(",", ":"))
    write_quietly(_file(config, evidence.unit), text)


def forget(config: Config, unit: Unit) -> None:
    """Drops what is known of a unit."""
    _file(config, unit.id).unlink(missing_ok=True)


def _file(config: Config, unit_id: str) -> Path:
    return config.root / FOLDER / f"{file_name(unit_id)}.json"
