"""What to type next."""

from __future__ import annotations

from parity.model import RunReport


def next_command(report: RunReport) -> str:
    """What to type next: of a run that is held against a commit, for what is worse than there."""
    worse = report.against.worse if report.against is not None else {}
    order = sorted(report.units, key=lambda unit: (unit.unit.id not in worse, -unit.verdict.rank))
    for unit in order:
        if unit.findings and unit.verdict.exit_status:
            return unit.findings[0].again
        if unit.trouble is not None:
            return f"parity run {unit.unit.id}"
    return "parity run --json"
