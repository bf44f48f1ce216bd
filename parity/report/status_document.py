"""Where a migration stands, for programs; rich is not imported here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from parity.counterparts import STATES, Entry, Ledger


def status_document(ledger: Ledger) -> dict[str, Any]:
    """The report as JSON (docs/status.md)."""
    document: dict[str, Any] = {
        "schema": 1,
        "units": [_unit(one) for one in ledger.entries],
        "totals": {
            **weights(ledger.entries),
            "by_package": groups(ledger.entries, lambda one: [one.package]),
            "by_owner": groups(ledger.entries, lambda one: [one.owner]),
            "by_workflow": groups(ledger.entries, lambda one: one.workflows),
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
    if ledger.forecast is not None:
        ahead = ledger.forecast
        document["forecast"] = {
            "since": ahead.since,
            "left": ahead.left,
            "weeks": ahead.weeks,
            "early": ahead.early,
            "likely": ahead.likely,
            "late": ahead.late,
            "why": ahead.why,
        }
    return document


def weights(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Units, lines and recorded calls in each state."""
    found: dict[str, dict[str, int]] = {
        name: dict.fromkeys(STATES, 0) for name in ("units", "lines", "calls")
    }
    for one in entries:
        for name, weight in (("units", 1), ("lines", one.lines), ("calls", one.calls)):
            found[name][one.state] += weight
    return found


def groups(
    entries: Iterable[Entry], of: Callable[[Entry], Sequence[str]]
) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in entries:
        for name in of(one):
            found.setdefault(name, Counter())[one.state] += 1
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}


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
