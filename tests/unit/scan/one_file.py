"""The scan of a project of one file, `m.py`, and what tests ask of it."""

from __future__ import annotations

from pathlib import Path

from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan, ScannedUnit


def scan_of(folder: Path, text: str) -> Scan:
    """Scans a text."""
    (folder / "m.py").write_text(text, "utf-8")
    return scan(gather(ScanOptions([folder], folder)))


def unit(found: Scan, name: str) -> ScannedUnit:
    """A unit by its name."""
    return next(one for one in found.units if one.id == name)


def called(found: Scan, name: str) -> set[str]:
    """What a unit may call, guesses and all."""
    return {call.to for call in unit(found, name).calls}
