"""What people read in a terminal and in the log of a build."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from parity.errors import facts
from parity.model import Against, Cause, Difference, Finding, Form, RunReport, UnitReport, Verdict
from parity.values.form import dumps
from parity.values.paths import place_of

STYLES = {"matched": "green", "allowed": "cyan", "unknown": "yellow", "differs": "red"}
EXAMPLES_PER_PLACE = 2
PLACES_PER_UNIT = 8
LONGEST = 300
LONGEST_NAME = 160
"""Of what names a counterpart: a body of Java may be long."""
TIERS = {
    "recorded": "on what was recorded",
    "near": "near what was recorded",
    "boundary": "at the edges of types and constants",
    "far": "far from what was recorded",
}
COUNTERPART = 48  # cells of a line that a counterpart may take
Show = Callable[[Form, Form], list[str]]


def print_run(
    report: RunReport,
    console: Console,
    show: Show,
    *,
    output: bool = False,
    units: Collection[str] | None = None,
) -> None:
    """Findings by unit, then the table of verdicts, of all or of these `units`; then the whole."""
    shown = [unit for unit in report.units if units is None or unit.unit.id in units]
    for unit in shown:
        _print_unit(unit, console, show, output)
    console.print(_table(shown, console.width), soft_wrap=True)
    console.print(summary(report), highlight=False)
    if report.against is not None:
        _print_against(report.against, console)


def summary(report: RunReport) -> str:
    """The verdict of a run and how many units came to which, in one line."""
    counts = {v: sum(u.verdict is v for u in report.units) for v in reversed(Verdict)}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    total = sum(unit.fixtures for unit in report.units)
    names = f"{len(report.units)} unit{'s' if len(report.units) != 1 else ''}"
    cached = sum(unit.cached for unit in report.units)
    known = f" ({cached} cached)" if cached else ""
    return f"{report.verdict}: {names} on {total} fixtures: {told}{known}"


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


def print_causes(report: RunReport, console: Console) -> None:
    """The causes of differences that are on the screen already, each with where it is at work."""
    for unit in report.units:
        differing = [one for one in unit.findings if one.verdict is Verdict.DIFFERS]
        groups: dict[tuple[tuple[str, str], ...], list[Finding]] = {}
        for finding in differing:
            cause = finding.difference.cause
            told = (*_cause(cause), *_at(cause)) if cause is not None else ()
            groups.setdefault(told, []).append(finding)
        without = groups.pop((), [])
        for told, findings in groups.items():
            places = _cut(", ".join(_places_of(findings)), LONGEST)
            _print_lines([*told, ("where", places)], console)
        if without:
            of = f"{len(without)} of {len(differing)}" if groups else f"{len(without)}"
            plural = "s" if len(differing) != 1 else ""
            console.print(Text(f"{unit.unit.id}: no cause is known of {of} difference{plural}"))


def _places_of(findings: list[Finding]) -> list[str]:
    """Fixtures with the paths at which they differ."""
    paths: dict[str, list[str]] = {}
    for finding in findings:
        paths.setdefault(finding.fixture, []).append(place_of(finding.difference.path))
    return [f"{fixture} at {' '.join(dict.fromkeys(some))}" for fixture, some in paths.items()]


def _table(units: Sequence[UnitReport], width: int) -> Text:
    """A row for each unit. Laid out by hand: rich's table takes a second for a thousand units."""
    names = ("unit", "counterpart", "fixtures", "matched", "allowed", "differs", "unknown")
    rows = [names, *(_cells(unit) for unit in units)]
    columns = [max(cell_len(row[index]) for row in rows) for index in range(len(names))]
    rest = sum(columns) - columns[1] + 2 * len(names) + len("differs")
    columns[1] = max(min(columns[1], COUNTERPART, width - rest), len("counterpart"))
    table = Text(no_wrap=True, overflow="ignore")
    table.append(_row(names, columns) + "verdict", style="bold")
    for cells, unit in zip(rows[1:], units, strict=True):
        table.append("\n" + _row(cells, columns))
        table.append(unit.verdict.value, style=STYLES[unit.verdict.value])
    return table


def _cells(unit: UnitReport) -> tuple[str, ...]:
    counts = [unit.counts.get(Verdict(v), 0) for v in ("matched", "allowed", "differs", "unknown")]
    numbers = [str(count) if count else "-" for count in counts]
    return unit.unit.id, " ".join(unit.unit.java_text.split()), str(unit.fixtures), *numbers


def _row(cells: Sequence[str], columns: Sequence[int]) -> str:
    """Two texts, then numbers to the right."""
    texts = [set_cell_size(_cut(cells[0], columns[0]), columns[0])]
    texts.append(set_cell_size(_cut(cells[1], columns[1]), columns[1]))
    texts += [cell.rjust(size) for cell, size in zip(cells[2:], columns[2:], strict=True)]
    return "  ".join([*texts, ""])


def _cut(text: str, size: int) -> str:
    return text if cell_len(text) <= size else set_cell_size(text, size - 1) + "…"


def _verdict(verdict: Verdict) -> Text:
    return Text(verdict.value, style=STYLES[verdict.value])


def _print_unit(report: UnitReport, console: Console, show: Show, output: bool) -> None:
    if output and report.printed:
        console.print(Text(f"{report.unit.id} printed while it was imported:", style="bold"))
        console.print(Text(report.printed.rstrip()))
    if report.trouble is not None:
        trouble = report.trouble
        lines = facts(trouble.what, trouble.where, trouble.why)
        lines += ["", f"hint: {trouble.next_step}", ""]
        console.print(Text("\n".join(lines)), soft_wrap=True)
    if report.outside:
        domain = report.unit.terms.domain
        what = f"{report.unit.id}: {report.outside} outside of `{domain}` and not counted"
        console.print(Text(what))
    told = [finding for finding in report.findings if finding.verdict is not Verdict.ALLOWED]
    if told:
        java = " ".join(report.unit.java_text.split())
        java = java if len(java) <= LONGEST_NAME else f"{java[:LONGEST_NAME]}…"
        console.print(Text(f"{report.unit.id}  against  {java}", style="bold"), soft_wrap=True)
        _print_findings(told, console, show)
        if report.more_findings:
            more = f"  … and {report.more_findings:,} more differences, which are only counted\n"
            console.print(Text(more))
    for state in report.allowances:
        if state.state != "used":
            allowance = state.allowance
            what = f"the allowance of {allowance.kind} at {allowance.path} is {state.state}"
            more = f" ({state.used} of at most {allowance.at_most})" if allowance.at_most else ""
            console.print(Text(f"{report.unit.id}: {what}{more}; its owner is {allowance.owner}"))


def _print_findings(findings: list[Finding], console: Console, show: Show) -> None:
    generated = [finding for finding in findings if finding.call is not None]
    for tier, group in groupby(generated, key=lambda finding: finding.tier):
        console.print(Text(f"  {TIERS[tier]}", style="bold"))
        for finding in group:
            _print_facts(finding, console, show)
    _print_places([one for one in findings if one.call is None], console, show)


def _print_facts(finding: Finding, console: Console, show: Show) -> None:
    _print_lines(_facts(finding, show), console)


def _print_lines(lines: Iterable[tuple[str, str]], console: Console) -> None:
    for name, value in lines:
        label = Text(f"  {name:<9}", style="dim")
        console.print(label + Text(value), soft_wrap=True)
    console.print()


def _print_places(findings: list[Finding], console: Console, show: Show) -> None:
    groups = list(_by_place(findings))
    for place, group in groups[:PLACES_PER_UNIT]:
        for finding in group[:EXAMPLES_PER_PLACE]:
            _print_facts(finding, console, show)
        if len(group) > EXAMPLES_PER_PLACE:
            rest = len(group) - EXAMPLES_PER_PLACE
            console.print(Text(f"  … and {rest} more of kind {place[0]} at {place[1]}\n"))
    if len(groups) > PLACES_PER_UNIT:
        console.print(
            Text(f"  … and {len(groups) - PLACES_PER_UNIT} more places; --json has them\n")
        )


def _by_place(findings: list[Finding]) -> Iterator[tuple[tuple[str, str], list[Finding]]]:
    def place(finding: Finding) -> tuple[str, str]:
        return finding.difference.kind, place_of(finding.difference.path)

    ordered = sorted(findings, key=place)
    for key, group in groupby(ordered, key=place):
        yield key, list(group)


def _facts(finding: Finding, show: Show) -> Iterator[tuple[str, str]]:
    difference = finding.difference
    if finding.call is None:
        yield "fixture", finding.fixture
    else:
        text = dumps(dict(finding.call))
        yield "input", text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        if finding.found > 1:
            yield "found", f"{finding.found} inputs differ in this way; this is the smallest found"
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
        if difference.cause is not None:
            yield from _cause(difference.cause)
    yield from _at(difference)
    yield "again", finding.again


def _at(where: Difference | Cause) -> Iterator[tuple[str, str]]:
    lines = [line for line in (where.python_line, where.java_line) if line]
    if lines:
        yield "at", "  ".join(lines)


def _cause(cause: Cause) -> Iterator[tuple[str, str]]:
    together = " with ".join([cause.id, *cause.also])
    counted = f"explains {cause.explains} of {cause.of}"
    if cause.proven:
        yield "cause", f"{together}  (proven: {counted})"
    else:
        others = f"; or {', '.join(cause.rivals)}" if cause.rivals else ""
        yield "cause", f"perhaps {together}  (not proven: {counted}{others})"
    yield "", f"python: {cause.python}"
    yield "", f"java: {cause.java}"
    yield "fix", cause.fix


def _value(difference: Difference, side: str) -> str:
    absent = {"python": "unexpected", "java": "missing"}[side]
    if difference.kind == absent:
        return "(nothing)"
    text = dumps(getattr(difference, side))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
