"""Gates and cutovers, as text and as JSON."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from parity.gate import Gate, Moved, Route
from parity.report.document import cut

if TYPE_CHECKING:
    from rich.console import Console


def gate_document(gate: Gate) -> dict[str, Any]:
    """The gate as JSON, version 1 (docs/cutover.md)."""
    return {
        "schema": 1,
        "workflow": gate.workflow,
        "open": gate.open,
        "reasons": [asdict(one) for one in gate.reasons],
        "looked_at": dict(gate.looked_at),
        "deployed": gate.deployed,
    }


def moved_document(moved: Moved) -> dict[str, Any]:
    """What came of moving the work, as JSON, version 1."""
    return {
        "schema": 1,
        "workflow": moved.workflow,
        "outcome": moved.outcome,
        "why": moved.why,
        "route": _weights(moved.route),
        "proved": moved.proved,
        "steps": [
            {
                "what": one.what,
                "at": _moment(one.at),
                "weight": one.weight,
                "why": one.why,
                "before": {str(version): weight for version, weight in one.before},
            }
            for one in moved.steps
        ],
        "seen": [
            {
                "execution": one.execution,
                "path": one.path,
                "python": cut(one.python),
                "java": cut(one.java),
            }
            for one in moved.seen
        ],
    }


def print_gate(gate: Gate, out: Console) -> None:
    """Each reason with its cure, then the verdict."""
    for one in gate.reasons:
        _say(out, f"{one.kind}  {one.about}", "bold")
        _say(out, f"  because  {one.why}")
        _say(out, f"  cure     {one.cure}")
    looked = ", ".join(f"{count} {what}" for what, count in gate.looked_at.items())
    if gate.reasons:
        _say(out, f"shut: {len(gate.reasons)} reasons ({looked})", "bold red")
    elif not gate.deployed:
        _say(out, f"nothing in the repository is in the way ({looked}); AWS was not asked", "bold")
    else:
        _say(out, f"open: {looked}", "bold green")


def print_moved(moved: Moved, out: Console) -> None:
    """The journal, executions that parted, where the alias leads, and what came of it."""
    for step in moved.steps:
        weight = f"  {step.weight} %" if step.weight is not None else ""
        _say(out, f"{_moment(step.at)}  {step.what}{weight}{f'  {step.why}' if step.why else ''}")
    for one in moved.seen:
        python, java = cut(one.python), cut(one.java)
        _say(out, f"{one.execution}  {one.path}  python {python}  java {java}", "bold")
    weights = ", ".join(
        f"{weight} % version {name}" for name, weight in _weights(moved.route).items()
    )
    door = "switch" if _is_unit(moved.workflow) else "alias"
    _say(out, f"the {door} leads to {weights or 'nothing: there is none'}")
    _say(out, f"{moved.outcome}: {moved.why}" if moved.why else moved.outcome, "bold")


def gate_command(gate: Gate) -> str:
    """The next command to type."""
    if gate.open:
        inputs = "" if _is_unit(gate.workflow) else " --inputs FILE"
        return f"parity cutover {gate.workflow} shadow{inputs}"
    if gate.reasons and gate.reasons[0].cure.startswith("parity "):
        return gate.reasons[0].cure.partition(",")[0]
    return f"parity cutover {gate.workflow} check"


def moved_command(moved: Moved) -> str:
    """The next command to type."""
    rest = {
        "done": "status",
        "dry": "shift",
        "waiting": "shift --resume",
        "rolled-back": "check",
        "refused": "check",
    }[moved.outcome]
    return f"parity cutover {moved.workflow} {rest}"


def _is_unit(name: str) -> bool:
    """Whether it is a single unit that goes first."""
    return ":" in name


def _weights(route: Route | None) -> dict[str, int]:
    return {str(version): weight for version, weight in route.weights} if route else {}


def _moment(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _say(out: Console, text: str, style: str | None = None) -> None:
    from rich.text import Text

    out.print(Text(text, style=style or ""), soft_wrap=True)
