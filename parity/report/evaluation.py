"""The decision record of an evaluation: text, JSON, Markdown and HTML. The same each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parity.evaluated import OPTIONS, BreakEven, Evaluation, Limit, Line

if TYPE_CHECKING:
    from rich.console import Console

TEMPLATE: Final = "evaluation.html.j2"


def evaluation_document(found: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON, version 1 (docs/evaluate.md)."""
    return {
        "schema": 1,
        "workload": found.workload,
        "executions": found.executions,
        "cheapest": found.cheapest,
        "chosen": found.chosen,
        "confirmed": found.confirmed,
        "bills": [
            {
                "option": bill.option,
                "dollars": _cents(bill.dollars),
                "without_people": _cents(bill.without_people),
                "lines": [
                    {**asdict(line), "dollars": _cents(line.dollars)}
                    for line in bill.lines
                    if line.amount
                ],
            }
            for bill in found.bills
        ],
        "break_even": [asdict(one) for one in found.break_even],
        "limits": [{**asdict(one), "holds": one.holds} for one in found.limits],
        "failures": [asdict(one) for one in found.failures],
        "figures": [asdict(one) for one in found.figures],
        "prices": [asdict(one) for one in found.prices],
        "notes": {option: list(texts) for option, texts in found.notes.items()},
    }


def print_evaluation(found: Evaluation, out: Console) -> None:
    """What each way costs, from when on which is dearer, limits, and the choice."""
    from rich.table import Table
    from rich.text import Text

    for bill in found.bills:
        table = Table(box=None, pad_edge=False, show_edge=False)
        out.print(f"{OPTIONS[bill.option]}: ${bill.dollars:,.2f} a month", style="bold")
        for name in ("what", "a month", "dollars"):
            table.add_column(name, justify="left" if name == "what" else "right")
        for line in bill.lines:
            if line.amount:
                table.add_row(line.what, f"{line.amount:,.1f}", f"{line.dollars:,.2f}")
        out.print(table)
    for text in (*map(told, found.break_even), *_limits(found), conclusion(found)):
        out.print(Text(text), soft_wrap=True)


def write_evaluation(found: Evaluation, file: Path) -> None:
    """Writes the record: HTML where the file is called so, else Markdown. Raises OSError."""
    text = html(found) if file.suffix in (".html", ".htm") else markdown(found)
    file.write_text(text, "utf-8")


def markdown(found: Evaluation) -> str:
    """The record as Markdown."""
    parts = [f"# {found.workload}: where it is to run\n", f"{conclusion(found)}\n"]
    parts += [f"## What it costs a month, with {found.executions:,} executions\n"]
    sums = (
        (OPTIONS[bill.option], f"{bill.dollars:,.2f}", f"{bill.without_people:,.2f}")
        for bill in found.bills
    )
    parts += [_table(("", "dollars", "without people"), sums)]
    for bill in found.bills:
        rows = (_row(line) for line in bill.lines if line.amount)
        parts += [f"### {OPTIONS[bill.option]}\n"]
        parts += [_table(("what", "a month", "price", "dollars"), rows)]
        parts += [f"- {note}" for note in found.notes.get(bill.option, ())]
        parts += [""]
    parts += ["## From when on it costs more\n", *(f"- {told(one)}" for one in found.break_even)]
    limits = (
        (one.what, f"{one.needs:,.0f}", f"{one.most:,.0f} {one.unit}", _holds(one))
        for one in found.limits
    )
    parts += ["", "## Limits\n", _table(("what", "needed", "limit", "holds"), limits)]
    failures = [(OPTIONS[one.option], one.what, one.outcome, one.source) for one in found.failures]
    parts += ["## When something fails\n"]
    parts += [
        _table(("way", "what was taken", "what came of it", "shown by"), failures)
        if failures
        else "No experiment is on record.\n"
    ]
    figures = (
        (f"`{one.name}`", f"{one.value:,g}", one.source or "**assumed**") for one in found.figures
    )
    parts += ["## Figures\n", _table(("figure", "value", "source"), figures)]
    prices = (
        (f"`{one.name}`", f"{one.dollars:.10f}".rstrip("0"), one.source, one.seen)
        for one in found.prices
    )
    parts += ["## Prices\n", _table(("price", "dollars", "source", "seen"), prices)]
    return "\n".join(parts).rstrip() + "\n"


def html(found: Evaluation) -> str:
    """The record as one HTML page that needs nothing else."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("parity.report"), undefined=StrictUndefined, autoescape=True
    )
    return environment.get_template(TEMPLATE).render(
        found=found, names=OPTIONS, conclusion=conclusion(found), told=told
    )


def conclusion(found: Evaluation) -> str:
    """Which way costs least, and whether that is the one that was chosen."""
    costs = {bill.option: bill.dollars for bill in found.bills}
    text = (
        f"At {found.executions:,} executions a month {OPTIONS[found.cheapest]} cost least: "
        f"${costs[found.cheapest]:,.2f}."
    )
    alone = min(found.bills, key=lambda bill: bill.without_people)
    if alone.option != found.cheapest:
        text += (
            f" Without the hours of people {OPTIONS[alone.option]} would: "
            f"${alone.without_people:,.2f}."
        )
    if found.chosen is None:
        return text
    name = OPTIONS[found.chosen]
    if found.confirmed:
        return f"{text} The choice of {name} is confirmed."
    if found.chosen == found.cheapest:
        limits = ", ".join(one.what for one in found.breaks)
        return f"{text} The choice of {name} is not confirmed: it would exceed {limits}."
    more = costs[found.chosen] - costs[found.cheapest]
    return f"{text} The choice of {name} is not confirmed by cost: ${more:,.2f} more."


def told(one: BreakEven) -> str:
    """A break-even as a sentence."""
    this, other = OPTIONS[one.option], OPTIONS[one.other]
    if one.executions is None:
        return f"{this} never cost as much as {other}"
    if one.executions == 0:
        return f"{this} cost at least as much as {other} from the start"
    return f"{this} cost as much as {other} from {one.executions:,} executions a month on"


def _limits(found: Evaluation) -> Iterator[str]:
    for one in found.breaks:
        yield f"limit: {one.what} needs {one.needs:,.0f} {one.unit} of {one.most:,.0f}"


def _holds(limit: Limit) -> str:
    return "yes" if limit.holds else "**no**"


def _row(line: Line) -> tuple[str, str, str, str]:
    return line.what, f"{line.amount:,.1f}", f"`{line.price}`", f"{line.dollars:,.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        cells = (cell.replace("|", "\\|") for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cents(dollars: float) -> float:
    return round(dollars, 2)
