"""What `parity doctor` found, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from parity.health import Check

STYLES: Final = {"well": "green", "note": "yellow", "wrong": "red"}
STATE: Final = 7
"""Cells of a state and the blanks behind it."""


def doctor_document(checks: Sequence[Check]) -> dict[str, Any]:
    """The report as JSON, version 1 (docs/doctor.md)."""
    return {"schema": 1, "checks": [asdict(one) for one in checks]}


def print_checks(checks: Sequence[Check], console: Console) -> None:
    """A line for each check, and below what is not well its cure."""
    broad = max((len(one.name) for one in checks), default=0)
    for one in checks:
        state = Text(one.state.ljust(STATE), style=STYLES[one.state])
        console.print(state + f"{one.name:<{broad}}  {one.found}", soft_wrap=True)
        if one.cure:
            console.print(Text(f"{'':<{STATE + broad}}  cure: {one.cure}"), soft_wrap=True)


def doctor_command(checks: Sequence[Check]) -> str:
    """The next command to type."""
    if any(one.state == "wrong" for one in checks):
        return "parity doctor"
    if any(one.name == "map" and one.state == "note" for one in checks):
        return "parity map --entries"
    return "parity run"
