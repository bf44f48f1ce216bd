"""What is in a project, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parity.report.scan_document import Part
from parity.scanned import LADDER

MODULES_SHOWN: Final = 40
COUPLINGS_SHOWN: Final = 40
NOTES_SHOWN: Final = 20


def print_scan(document: Mapping[str, Any], parts: Sequence[Part], console: Console) -> None:
    """Notes, couplings, a row for each module, then the whole; of the document, units are not
    looked at."""
    modules: dict[str, Counter[str]] = {}
    entered: Counter[str] = Counter()
    for part in parts:
        entered.update(part.entered)
        for name, counts in part.modules.items():
            modules.setdefault(name, Counter()).update(counts)
    _print_notes(document["notes"], console)
    _print_couplings(document["couplings"], console)
    _print_entries(entered, console)
    _print_modules(modules, console)
    _print_totals(document, sum(map(Counter.total, modules.values())), console)


def _print_notes(notes: Sequence[Mapping[str, Any]], console: Console) -> None:
    for kind, count in sorted(Counter(one["kind"] for one in notes).items()):
        console.print(Text(f"{kind}: {count}", style="yellow"))
        for note in [one for one in notes if one["kind"] == kind][:NOTES_SHOWN]:
            where = f"{note['file']}:{note['line']}" if note["line"] else note["file"]
            console.print(Text(f"  {where}  {note['text']}".rstrip()))
        if count > NOTES_SHOWN:
            console.print(f"  and {count - NOTES_SHOWN} more")


def _print_couplings(couplings: Sequence[Mapping[str, Any]], console: Console) -> None:
    if not couplings:
        return
    counts = Counter(one["kind"] for one in couplings)
    told = ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
    console.print(Text(f"couplings: {told}", style="bold"))
    for one in couplings[:COUPLINGS_SHOWN]:
        line = f"  {one['file']}:{one['line']}  {one['kind']}: {one['about']}"
        console.print(Text(line, overflow="ellipsis"), no_wrap=True)
    if len(couplings) > COUPLINGS_SHOWN:
        console.print(f"  and {len(couplings) - COUPLINGS_SHOWN} more; --json has all")


def _print_entries(entered: Counter[str], console: Console) -> None:
    if entered:
        told = ", ".join(f"{count} {kind}" for kind, count in entered.most_common())
        console.print(Text(f"entered from outside: {entered.total()} ({told})"))


def _print_modules(rows: Mapping[str, Counter[str]], console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("module", overflow="fold")
    for name in ("units", *LADDER):
        table.add_column(name, justify="right", min_width=len(name))
    largest = sorted(rows, key=lambda name: (-rows[name].total(), name))[:MODULES_SHOWN]
    for name in sorted(largest):
        counts = rows[name]
        cells = [str(counts[klass] or "-") for klass in LADDER]
        table.add_row(Text(name), str(counts.total()), *cells)
    console.print(table)
    if len(rows) > MODULES_SHOWN:
        console.print(f"and {len(rows) - MODULES_SHOWN} smaller modules; --json has all")


def _print_totals(document: Mapping[str, Any], count: int, console: Console) -> None:
    totals = document["totals"]
    told = f"{count} units in {document['files']} files, {document['lines']} lines"
    console.print(Text(told, style="bold"))
    for name, words in (("class", "with all they call"), ("own_class", "in their own bodies")):
        shares = ", ".join(
            f"{klass} {totals[name][klass]} ({totals[name][klass] / max(count, 1):.0%})"
            for klass in LADDER
        )
        console.print(f"{words}: {shares}")
    calls = totals["calls"]
    inside = calls["resolved"] + calls["unresolved"]
    if inside:
        share = f"{calls['resolved'] / inside:.1%}"
        console.print(f"{calls['resolved']} of {inside} calls within it have a target: {share}")
    for why, number in totals["reasons"].items():
        console.print(Text(f"  {number} not: {why}"))
    if "confirmed" in document:
        _print_confirmed(document["confirmed"], console)
    if document["groups"]:
        largest = max(len(group) for group in document["groups"])
        console.print(f"{len(document['groups'])} groups call in circles, the largest of {largest}")


def _print_confirmed(confirmed: Mapping[str, Any], console: Console) -> None:
    """What the run said of it."""
    console.print(
        f"a run (status {confirmed['status']}) entered {confirmed['units_ran']} units, and saw "
        f"{confirmed['edges_seen']} calls between units; {confirmed['edges_added']} are new"
    )
    for one in confirmed["refuted"]:
        told = f"  {one['file']}:{one['line']}  {one['unit']} does I/O: {one['api']}"
        console.print(Text(f"{told}; it was taken for {one['was']}"))
