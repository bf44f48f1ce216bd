"""What to type next."""

from __future__ import annotations

from parity.model import RunReport


def next_command(report: RunReport) -> str:
    """What to type next."""
    for unit in sorted(report.units, key=lambda unit: -unit.verdict.rank):
        if unit.findings and unit.verdict.exit_status:
            return unit.findings[0].again
        if unit.trouble is not None:
            return f"parity run {unit.unit.id}"
    return "parity run --json"
