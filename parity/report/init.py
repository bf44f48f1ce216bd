"""What `parity init` has set up, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from parity.model import Begun
from parity.report.advice import next_command
from parity.report.document import run_document

SHOWN: Final = 12


def begun_document(begun: Begun) -> dict[str, Any]:
    """The report as JSON, version 1 (docs/init.md)."""
    return {
        "schema": 1,
        "files": [str(file) for file in begun.files],
        "units": list(begun.units),
        "left_out": [asdict(one) for one in begun.left_out],
        "recorded": sum(one.added for one in begun.recorded.units) if begun.recorded else 0,
        "report": run_document(begun.report) if begun.report is not None else None,
    }


def print_begun(begun: Begun, root: Path, console: Console) -> None:
    """Files first, then guesses that were left out."""
    names = [file.relative_to(root).as_posix() for file in begun.files]
    fixtures = names[2:]
    console.print(Text(f"written: {', '.join(names[:2])}, {len(fixtures)} files of fixtures"))
    groups: dict[str, list[str]] = {}
    for one in begun.left_out:
        groups.setdefault(one.why, []).append(one.unit)
    for why, units in list(groups.items())[:SHOWN]:
        console.print(Text(f"left out: {_listed(units)}: {why}"))
    if begun.left_out:
        console.print(Text("the map has all that is left out, as comments"))


def _listed(units: Sequence[str]) -> str:
    more = f" and {len(units) - SHOWN} more" if len(units) > SHOWN else ""
    return ", ".join(units[:SHOWN]) + more


def init_command(begun: Begun) -> str:
    """The next command to type."""
    if begun.report is not None:
        return next_command(begun.report)
    return "parity run" if begun.units and not begun.ran else "parity map"
