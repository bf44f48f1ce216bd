"""Where a migration stands, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parity.counterparts import RANKS, STATES, Entry, Ledger, Point

DONE: Final = RANKS["proven"]
ROWS: Final = 30
LISTED: Final = 25
DAYS: Final = 30
OPEN: Final = ("drifted-python", "drifted-java", "ported")


def status_document(ledger: Ledger) -> dict[str, Any]:
    """The report as JSON (docs/status.md)."""
    document: dict[str, Any] = {
        "schema": 1,
        "units": [_unit(one) for one in ledger.entries],
        "totals": {
            **_weights(ledger.entries),
            "by_package": _groups(ledger.entries, lambda one: [one.package]),
            "by_owner": _groups(ledger.entries, lambda one: [one.owner]),
            "by_workflow": _groups(ledger.entries, lambda one: one.workflows),
        },
        "next": [{"id": one.id, "why": one.why} for one in ledger.next],
        "notes": list(ledger.notes),
    }
    if ledger.against is not None:
        document["against"] = {"ref": ledger.against, "worse": dict(ledger.worse or {})}
    if ledger.burndown is not None:
        document["burndown"] = [
            {"commit": one.commit, "day": one.day, "mapped": one.mapped, "proven": one.proven}
            for one in ledger.burndown
        ]
    return document


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


def _unit(one: Entry) -> dict[str, Any]:
    return {
        "id": one.id,
        "java": one.java,
        "state": one.state,
        "owner": one.owner,
        "why": one.why,
        "file": one.file,
        "line": one.line,
        "lines": one.lines,
        "calls": one.calls,
        "part_of": list(one.part_of),
        "workflows": list(one.workflows),
    }


def _weights(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Units, lines and recorded calls in each state."""
    found: dict[str, dict[str, int]] = {
        name: dict.fromkeys(STATES, 0) for name in ("units", "lines", "calls")
    }
    for one in entries:
        for name, weight in (("units", 1), ("lines", one.lines), ("calls", one.calls)):
            found[name][one.state] += weight
    return found


def _groups(
    entries: Iterable[Entry], of: Callable[[Entry], Sequence[str]]
) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in entries:
        for name in of(one):
            found.setdefault(name, Counter())[one.state] += 1
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}


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
    groups = _groups(entries, of)
    if not groups or (name != "package" and [*groups] == ["nobody"]):
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(name, overflow="fold")
    shown = [state for state in STATES if any(one.state == state for one in entries)]
    for state in ("units", *shown):
        table.add_column(state, justify="right", no_wrap=True)
    largest = sorted(groups, key=lambda one: (-sum(groups[one].values()), one))[:ROWS]
    for group in sorted(largest):
        counts = groups[group]
        cells = [str(counts.get(state) or "-") for state in shown]
        table.add_row(Text(group or "nobody"), str(sum(counts.values())), *cells)
    console.print(table)
    if len(groups) > ROWS:
        console.print(f"and {len(groups) - ROWS} smaller ones; --json has all")


def _print_weights(entries: Sequence[Entry], console: Console) -> None:
    for name, counts in _weights(entries).items():
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
