"""A workflow that ran on both sides, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parity.model import Difference, HopFinding, Verdict, WorkflowReport
from parity.report.document import cut
from parity.values.form import dumps

if TYPE_CHECKING:
    from rich.console import Console

SHOWN = 20
"""Differences of a request that are printed; all of them are in the JSON."""


def workflow_document(report: WorkflowReport) -> dict[str, Any]:
    """The report as one JSON object."""
    return {
        "schema": 1,
        "workflow": report.name,
        "verdict": report.verdict.value,
        "requests": [
            {
                "id": one.request,
                "verdict": one.verdict.value,
                "trouble": one.trouble or None,
                "findings": [_difference(difference) for difference in one.differences],
            }
            for one in report.requests
        ],
        "states": [
            {
                "state": one.state,
                "unit": one.unit,
                "hops": one.hops,
                "matched": one.matched,
                "allowed": one.allowed,
                "verdict": one.verdict.value,
                "unit_verdict": one.unit_verdict.value if one.unit_verdict else None,
            }
            for one in report.states
        ],
        "diverges": [
            {
                "request": one.request,
                "hop": one.index,
                "state": one.hop.state,
                "input": cut(one.hop.input),
                "findings": [_difference(difference) for difference in one.differences],
            }
            for one in report.findings
        ],
        "allowances": [
            {"path": one.allowance.path, "kind": one.allowance.kind, "state": one.state}
            for one in report.allowances
        ],
        "generated": dict(report.generated),
        "times": {name: round(seconds, 3) for name, seconds in report.seconds.items()},
    }


def _difference(one: Difference) -> dict[str, Any]:
    sides = {"python": cut(one.python), "java": cut(one.java)}
    return {"path": one.path, "kind": one.kind, "verdict": one.verdict.value, **sides}


def print_workflow(report: WorkflowReport, out: Console) -> None:
    """What differs, the first state that diverges, and a line for each state."""
    from rich.table import Table

    for request in report.requests:
        if request.trouble:
            _say(out, f"{request.request}: it could not be told: {request.trouble}")
        found = [one for one in request.differences if one.verdict is not Verdict.ALLOWED]
        for difference in found[:SHOWN]:
            _say(out, f"{request.request}  {_told(difference)}")
        more = len(found) - SHOWN
        if more > 0:
            _say(out, f"{request.request}  and {more} more")
    for finding in report.findings:
        _print_finding(finding, out)
    table = Table(box=None, pad_edge=False, header_style="")
    for column in ("state", "unit"):
        table.add_column(column, overflow="fold")
    for column in ("hops", "matched", "allowed"):
        table.add_column(column, justify="right")
    for column in ("verdict", "of the unit"):
        table.add_column(column)
    for one in report.states:
        unit = one.unit_verdict.value if one.unit_verdict else "-"
        counts = (str(one.hops), str(one.matched), str(one.allowed or "-"))
        table.add_row(one.state, one.unit or "-", *counts, one.verdict.value, unit)
    out.print(table)
    for allowance in report.allowances:
        if allowance.state != "used":
            told = f"the allowance of {allowance.allowance.path} is {allowance.state}"
            _say(out, f"{told} ({allowance.allowance.owner})")
    if report.generated:
        total = sum(report.generated.values())
        _say(out, f"made by each side for itself, and held to their terms: {total} values")
    same = sum(one.verdict.value == "matched" for one in report.requests)
    _say(out, f"{report.verdict.value}: {same} of {len(report.requests)} requests matched")


def _print_finding(finding: HopFinding, out: Console) -> None:
    _say(
        out,
        f"{finding.request}: the first state that diverges is {finding.hop.state} "
        f"(after {finding.index} hops), given what python gave it:",
    )
    _say(out, f"  event    {dumps(finding.hop.input)[:500]}")
    for difference in finding.differences[:SHOWN]:
        _say(out, f"  {_told(difference)}")


def _told(one: Difference) -> str:
    python, java = dumps(one.python)[:200], dumps(one.java)[:200]
    return f"{one.path} ({one.kind})  python {python}  java {java}"


def _say(out: Console, line: str) -> None:
    out.print(line, soft_wrap=True, markup=False)
