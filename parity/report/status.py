"""Where a migration stands, for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parity.counterparts import RANKS, STATES, Entry, Ledger, Point
from parity.report.status_document import groups, weights

DONE: Final = RANKS["proven"]
ROWS: Final = 30
LISTED: Final = 25
DAYS: Final = 30
OPEN: Final = ("drifted-python", "drifted-java", "ported")


def print_status(ledger: Ledger, console: Console, *, every: bool = False) -> None:
    """What is open, packages, owners, workflows, the whole, and what to port next."""
    _print_open(ledger.entries, console, every=every)
    for name, of in (
        ("package", lambda one: [one.package]),
        ("owner", lambda one: [one.owner or "nobody"]),
        ("workflow", lambda one: one.workflows),
    ):
        _print_groups(name, ledger.entries, of, console)
    if ledger.burndown is not None:
        _print_burndown(ledger.burndown, console)
    if ledger.forecast is not None:
        console.print(Text(ledger.forecast.told))
    _print_weights(ledger.entries, console)
    if ledger.next:
        console.print(Text("to port next", style="bold"))
        for one in ledger.next:
            console.print(Text(f"  {one.id}  {one.why}", overflow="ellipsis"), no_wrap=True)
    for note in ledger.notes:
        console.print(Text(f"note: {note}", style="yellow"))
    _print_worse(ledger, console)


def status_command(ledger: Ledger) -> str:
    """The next command to type."""
    if any(one.state.startswith("drifted") for one in ledger.entries):
        return "parity run --evidence"
    if ledger.next:
        return f"parity port {ledger.next[0].id} --skeleton"
    return "parity status --all"


def _print_open(entries: Sequence[Entry], console: Console, *, every: bool) -> None:
    states = (*OPEN, "not-started") if every else OPEN
    for state in states:
        shown = [one for one in entries if one.state == state and (every or not one.part_of)]
        for one in shown if every else shown[:LISTED]:
            java = f"  {' '.join(one.java.split())[:60]}" if one.java else ""
            console.print(Text(f"{state}  {one.id}{java}"), no_wrap=True)
            console.print(Text(f"  {one.why}", style="dim", overflow="ellipsis"), no_wrap=True)
        if not every and len(shown) > LISTED:
            console.print(f"and {len(shown) - LISTED} more {state}; --all lists them")


def _print_groups(
    name: str, entries: Sequence[Entry], of: Callable[[Entry], Sequence[str]], console: Console
) -> None:
    counted = groups(entries, of)
    if not counted or (name != "package" and [*counted] == ["nobody"]):
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(name, overflow="fold")
    shown = [state for state in STATES if any(one.state == state for one in entries)]
    for state in ("units", *shown):
        table.add_column(state, justify="right", no_wrap=True)
    largest = sorted(counted, key=lambda one: (-sum(counted[one].values()), one))[:ROWS]
    for group in sorted(largest):
        counts = counted[group]
        cells = [str(counts.get(state) or "-") for state in shown]
        table.add_row(Text(group or "nobody"), str(sum(counts.values())), *cells)
    console.print(table)
    if len(counted) > ROWS:
        console.print(f"and {len(counted) - ROWS} smaller ones; --json has all")


def _print_weights(entries: Sequence[Entry], console: Console) -> None:
    for name, counts in weights(entries).items():
        whole = sum(counts.values())
        if not whole:
            continue
        done = sum(count for state, count in counts.items() if _is_done(state))
        told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        words = "recorded calls" if name == "calls" else name
        console.print(Text(f"{done / whole:.0%} of {whole} {words} proven or done: {told}"))


def _is_done(state: str) -> bool:
    return any(one == state and rank >= DONE for one, rank in RANKS.items())


def _print_burndown(points: Sequence[Point], console: Console) -> None:
    days = {one.day: one for one in points}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("day", "mapped", "proven", "left"):
        table.add_column(name, justify="left" if name == "day" else "right")
    for day in sorted(days)[-DAYS:]:
        one = days[day]
        table.add_row(day, str(one.mapped), str(one.proven), str(max(0, one.mapped - one.proven)))
    console.print(table)


def _print_worse(ledger: Ledger, console: Console) -> None:
    if ledger.against is None:
        return
    for unit_id, why in sorted((ledger.worse or {}).items()):
        console.print(Text(f"worse: {unit_id}", style="red"))
        console.print(Text(f"  {why}"))
    count = len(ledger.worse or {})
    told = f"{count} units are worse" if count else "no unit is worse"
    console.print(Text(f"{told} than where this branch left {ledger.against}", style="bold"))
