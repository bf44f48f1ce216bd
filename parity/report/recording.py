"""What came of a recording, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parity.model import Recorded

MOST_IDLE: Final = 5
"""Units named that nothing has called: more would hide what else there is to say."""
APART: Final = (
    "one input leaves something behind that the next one meets: add "
    'isolate = "fixture" to it in the map, so that each is run by itself'
)
WITH_SOURCES: Final = "PYTHONPATH=src parity record -- python -m pytest"


def print_recorded(recorded: Recorded, console: Console) -> None:
    """A row for each unit, then what it cost."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("unit", overflow="fold")
    for name in ("calls", "inputs", "added", "fixtures", "no form"):
        table.add_column(name, justify="right", min_width=len(name))
    for unit in recorded.units:
        formless = sum(unit.formless.values())
        numbers = (unit.calls, unit.distinct, unit.added, unit.fixtures, formless)
        table.add_row(Text(unit.unit.id), *(str(number) if number else "-" for number in numbers))
    console.print(table)
    added = sum(unit.added for unit in recorded.units)
    calls = sum(unit.calls for unit in recorded.units)
    share = recorded.spent / recorded.process_seconds if recorded.process_seconds else 0.0
    console.print(
        f"recorded {calls} calls in {recorded.processes} processes, {added} fixtures added; "
        f"{recorded.seconds:.1f} s, of the time of all processes {share:.1%} went into recording"
    )
    if recorded.masked:
        console.print(f"masked as it was written: {_masked(recorded)}")


def _masked(recorded: Recorded) -> str:
    """What tokens stand for, by kind."""
    return ", ".join(f"{count} {kind}" for kind, count in recorded.masked.items())


def record_hints(recorded: Recorded) -> Iterator[str]:
    """What whoever recorded should know."""
    if recorded.status:
        yield f"the command ended with status {recorded.status}; what was seen before is kept"
    if not recorded.processes and recorded.units:
        yield (
            "no process has imported the module of a unit: the sources have to be on its path, "
            "and what `parity record` puts in front of PYTHONPATH has to stay there. "
            f"{WITH_SOURCES}"
        )
    idle = [one.unit.id for one in recorded.units if not one.trouble and not one.calls]
    for name in idle[:MOST_IDLE]:
        yield f"{name} was not called"
    if idle[MOST_IDLE:]:
        yield f"{len(idle) - MOST_IDLE} more units were not called; they have a `-` above"
    for unit in recorded.units:
        if unit.trouble:
            yield f"{unit.unit.id} was not watched: {unit.trouble}"
        for why, count in unit.formless.items():
            yield f"{unit.unit.id}: {count} not written: {why}"
        if unit.apart:
            yield f"{unit.unit.id}: {APART}"
        for why, count in unit.lost.items():
            yield f"{unit.unit.id}: {count} not kept: {why}"
        if unit.contradicting:
            yield (
                f"{unit.unit.id}: {unit.contradicting} inputs gave two results: "
                "it depends on more than its input"
            )


def record_document(recorded: Recorded) -> dict[str, Any]:
    """The same as JSON, version 1."""
    return {
        "schema": 1,
        "units": [
            {
                "id": unit.unit.id,
                "calls": unit.calls,
                "distinct": unit.distinct,
                "added": unit.added,
                "fixtures": unit.fixtures,
                "formless": dict(unit.formless),
                "contradicting": unit.contradicting,
                "lost": dict(unit.lost),
                "masked": unit.masked,
                "apart": unit.apart,
                "trouble": unit.trouble,
            }
            for unit in recorded.units
        ],
        "status": recorded.status,
        "processes": recorded.processes,
        "masked": dict(recorded.masked),
        "times": {
            "total": round(recorded.seconds, 3),
            "processes": round(recorded.process_seconds, 3),
            "recording": round(recorded.spent, 3),
        },
    }
