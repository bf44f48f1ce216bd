"""A workflow that ran on both sides, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parity.model import Difference, HopFinding, WorkflowReport
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
                "verdict": one.verdict.value,
            }
            for one in report.states
        ],
        "diverges": [
            {
                "request": one.request,
                "hop": one.index,
                "state": one.hop.state,
                "input": one.hop.input,
                "findings": [_difference(difference) for difference in one.differences],
            }
            for one in report.findings
        ],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {"path": one.path, "kind": one.kind, "python": one.python, "java": one.java}


def print_workflow(report: WorkflowReport, out: Console) -> None:
    """What differs, the first state that diverges, and a line for each state."""
    from rich.table import Table

    for request in report.requests:
        if request.trouble:
            _say(out, f"{request.request}: it could not be told: {request.trouble}")
        for difference in request.differences[:SHOWN]:
            _say(out, f"{request.request}  {_told(difference)}")
        more = len(request.differences) - SHOWN
        if more > 0:
            _say(out, f"{request.request}  and {more} more")
    for finding in report.findings:
        _print_finding(finding, out)
    table = Table(box=None, pad_edge=False, header_style="")
    for column in ("state", "unit"):
        table.add_column(column, overflow="fold")
    for column in ("hops", "matched"):
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for one in report.states:
        row = (one.state, one.unit or "-", str(one.hops), str(one.matched), one.verdict.value)
        table.add_row(*row)
    out.print(table)
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
