"""What came of the start of a port, for people and for programs."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from parity.counterparts import Ported


def port_document(ported: Ported) -> dict[str, Any]:
    """The report as JSON, version 1 (docs/port.md)."""
    return {
        "schema": 1,
        "units": [
            {
                "id": one.id,
                "status": one.status,
                "reason": one.reason or None,
                "line": one.line or None,
                "counterexample": None,
                "java": one.java or None,
            }
            for one in ported.units
        ],
        "files": [str(file) for file in ported.files],
    }


def print_port(ported: Ported, console: Console) -> None:
    """Each unit with its counterpart, then the files."""
    for one in ported.units:
        told = one.java if one.status == "accepted" else f"refused: {one.reason}"
        console.print(Text(f"{one.id}  {told}", overflow="fold"))
    for file in ported.files:
        console.print(Text(f"  {file}"), no_wrap=True)
    if ported.map_file is not None:
        console.print(Text(f"  {ported.map_file}"), no_wrap=True)


def port_command(ported: Ported) -> str:
    """The next command to type."""
    made = [one.id for one in ported.units if one.status == "accepted"]
    return f"parity run {made[0]}" if made else "parity status"
