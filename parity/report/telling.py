"""A finding in lines of plain text, as reports of other tools hold it."""

from __future__ import annotations

from parity.model import Finding, Verdict
from parity.report.document import cut
from parity.values.form import dumps


def told(finding: Finding) -> str:
    """A finding in one line: what differs where, and both values."""
    difference = finding.difference
    where = f"{difference.kind} at {difference.path}"
    if difference.verdict is Verdict.UNKNOWN:
        return f"unknown: {where}: {difference.note}"
    note = f" ({difference.note})" if difference.note else ""
    values = f"python {dumps(cut(difference.python))}, java {dumps(cut(difference.java))}"
    return f"{where}: {values}{note}"


def details(finding: Finding) -> list[str]:
    """The lines that follow: cause, places of both sides, the command that shows it again."""
    cause = finding.difference.cause
    lines = []
    if cause is not None:
        known = "cause" if cause.proven else "possible cause"
        lines.append(f"{known}: {cause.id}, explains {cause.explains} of {cause.of}")
        lines.append(f"python {cause.python}; java {cause.java}; {cause.fix}")
    places = [finding.difference.python_line, finding.difference.java_line]
    if any(places):
        lines.append(f"at {'  '.join(place for place in places if place)}")
    return [*lines, f"again: {finding.again}"]
