"""What people read in a terminal and in the log of a build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parity.model import Against, Difference, Finding, Form, RunReport, UnitReport, Verdict
from parity.values.form import dumps

STYLES = {"matched": "green", "allowed": "cyan", "unknown": "yellow", "differs": "red"}
EXAMPLES_PER_PLACE = 2
PLACES_PER_UNIT = 8
Show = Callable[[Form, Form], list[str]]


def print_run(report: RunReport, console: Console, show: Show, *, output: bool = False) -> None:
    """Findings by unit, then the table of verdicts."""
    for unit in report.units:
        _print_unit(unit, console, show, output)
    console.print(_table(report))
    counts = {v: sum(u.verdict is v for u in report.units) for v in reversed(Verdict)}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    total = sum(unit.fixtures for unit in report.units)
    names = f"{len(report.units)} unit{'s' if len(report.units) != 1 else ''}"
    cached = sum(unit.cached for unit in report.units)
    known = f" ({cached} cached)" if cached else ""
    console.print(f"{report.verdict}: {names} on {total} fixtures: {told}{known}", highlight=False)
    if report.against is not None:
        _print_against(report.against, console)


def _print_against(against: Against, console: Console) -> None:
    where = f"{against.ref} ({against.commit[:12]})"
    if not against.worse:
        console.print(Text(f"no unit is worse than at {where}"))
    for unit_id, why in against.worse.items():
        console.print(Text(f"worse than at {where}: {unit_id}: {why}"))


def print_comparison(
    report: RunReport, console: Console, show: Show, *, output: bool = False
) -> None:
    """One unit at a desk: the first difference first, both values side by side."""
    for unit in report.units:
        _print_unit(unit, console, show, output)
        counts = ", ".join(f"{count} {v}" for v, count in sorted(unit.counts.items()) if count)
        console.print(_verdict(unit.verdict), f"{unit.unit.id}: {counts or 'nothing run'}")


def _table(report: RunReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("unit", overflow="fold")
    table.add_column("counterpart", overflow="ellipsis", no_wrap=True, max_width=48)
    for name in ("fixtures", "matched", "allowed", "differs", "unknown"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for unit in report.units:
        counts = [
            unit.counts.get(Verdict(v), 0) for v in ("matched", "allowed", "differs", "unknown")
        ]
        cells = [Text(unit.unit.id), Text(" ".join(unit.unit.java_text.split()))]
        numbers = [str(unit.fixtures), *(str(count) if count else "-" for count in counts)]
        table.add_row(*cells, *numbers, _verdict(unit.verdict))
    return table


def _verdict(verdict: Verdict) -> Text:
    return Text(verdict.value, style=STYLES[verdict.value])


def _print_unit(report: UnitReport, console: Console, show: Show, output: bool) -> None:
    if output and report.printed:
        console.print(Text(f"{report.unit.id} printed while it was imported:", style="bold"))
        console.print(Text(report.printed.rstrip()))
    if report.trouble is not None:
        trouble = report.trouble
        console.print(Text(f"error: {trouble.what}"))
        if trouble.where:
            console.print(Text(f"  at {trouble.where}"))
        console.print(Text("  because " + trouble.why.replace("\n", "\n    ")))
        console.print(Text(f"\nhint: {trouble.next_step}\n"))
    told = [finding for finding in report.findings if finding.verdict is not Verdict.ALLOWED]
    if told:
        console.print(Text(f"{report.unit.id}  against  {report.unit.java_text}", style="bold"))
        _print_findings(told, console, show)
    for state in report.allowances:
        if state.state != "used":
            allowance = state.allowance
            what = f"the allowance of {allowance.kind} at {allowance.path} is {state.state}"
            more = f" ({state.used} of at most {allowance.at_most})" if allowance.at_most else ""
            console.print(Text(f"{report.unit.id}: {what}{more}; its owner is {allowance.owner}"))


def _print_findings(findings: list[Finding], console: Console, show: Show) -> None:
    groups = list(_by_place(findings))
    for place, group in groups[:PLACES_PER_UNIT]:
        for finding in group[:EXAMPLES_PER_PLACE]:
            for name, value in _facts(finding, show):
                label = Text(f"  {name:<9}", style="dim")
                console.print(label + Text(value), soft_wrap=True)
            console.print()
        if len(group) > EXAMPLES_PER_PLACE:
            rest = len(group) - EXAMPLES_PER_PLACE
            console.print(Text(f"  … and {rest} more of kind {place[0]} at {place[1]}\n"))
    if len(groups) > PLACES_PER_UNIT:
        console.print(
            Text(f"  … and {len(groups) - PLACES_PER_UNIT} more places; --json has them\n")
        )


def _by_place(findings: list[Finding]) -> Iterator[tuple[tuple[str, str], list[Finding]]]:
    def place(finding: Finding) -> tuple[str, str]:
        return finding.difference.kind, finding.difference.path

    ordered = sorted(findings, key=place)
    for key, group in groupby(ordered, key=place):
        yield key, list(group)


def _facts(finding: Finding, show: Show) -> Iterator[tuple[str, str]]:
    difference = finding.difference
    yield "fixture", finding.fixture
    yield "where", f"{difference.path}  ({difference.kind})"
    if difference.verdict is Verdict.UNKNOWN:
        yield "unknown", difference.note
    else:
        yield "python", _value(difference, "python")
        yield "java", _value(difference, "java")
        for line in show(difference.python, difference.java) if difference.kind != "raised" else ():
            yield "", line
        if difference.note:
            yield "note", difference.note
    lines = [line for line in (difference.python_line, difference.java_line) if line]
    if lines:
        yield "at", "  ".join(lines)
    yield "again", finding.again


def _value(difference: Difference, side: str) -> str:
    absent = {"python": "unexpected", "java": "missing"}[side]
    if difference.kind == absent:
        return "(nothing)"
    text = dumps(getattr(difference, side))
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"
