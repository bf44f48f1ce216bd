"""Finds the units of a project, what they do and what ties them together, by reading only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.scan.gathering import Gathered, ScanOptions, gather, packaging_files

if TYPE_CHECKING:
    from parity.scanned import Scan

__all__ = ["Gathered", "ScanOptions", "gather", "packaging_files", "scan"]


def scan(gathered: Gathered) -> Scan:
    """Scans what was gathered; ParityError where the source root is a wrong one.

    What scans is imported only here: the report of an unchanged project needs none of it.
    """
    from parity.scan.scanning import joined, plan, solve

    planned = plan(gathered)
    return joined(planned, [solve(planned, at) for at in range(len(planned.components))])
