"""What fixtures are worth, for people and for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parity.model import (
    Branch,
    ExplanationState,
    Fate,
    Form,
    Mutant,
    StrengthReport,
    UnitStrength,
)
from parity.report.document import cut, error_document
from parity.values.form import dumps

Source = Callable[[Mutant], str | None]
"""The line of Java that a mutant changes; None where no source is found."""

SURVIVORS_SHOWN = 20
BRANCHES_SHOWN = 10
INPUT_SHOWN = 100


def strength_document(report: StrengthReport, source: Source) -> dict[str, Any]:
    """The report as JSON, version 1 (docs/strength.md)."""
    return {
        "schema": 1,
        "floor": report.floor,
        "explanations": [_explanation(one) for one in report.explanations],
        "units": [_unit(unit, source) for unit in report.units],
        "times": dict(report.times),
    }


def _unit(unit: UnitStrength, source: Source) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": unit.unit.id,
        "java": unit.unit.java_text,
        "fixtures": unit.fixtures,
        "inputs": unit.inputs,
        "differing": unit.differing,
        "unjudged": unit.unjudged,
        "mutants": unit.judged,
        "caught": unit.count("caught"),
        "share": unit.share,
        "equivalent": unit.count("equivalent"),
        "broken": unit.count("broken"),
        "dropped": dict(unit.dropped),
        "explained": len(unit.survivors) - len(unit.unexplained),
        "survivors": [_survivor(fate, source) for fate in unit.survivors],
        "equivalents": [_equivalent(fate) for fate in unit.fates if fate.state == "equivalent"],
        "branches": {
            "java": _branches(unit.java_branches, unit.fixtures),
            "python": _branches(unit.python_branches, unit.fixtures),
        },
        "bound": None,
        "needed": list(unit.needed) if unit.needed is not None else None,
        "saved": unit.saved,
        "cached": unit.cached,
    }
    if unit.bound is not None:
        document["bound"] = {
            "rate": unit.bound.rate,
            "confidence": unit.bound.confidence,
            "inputs": unit.bound.inputs,
            "differing": unit.bound.differing,
        }
    if unit.trouble is not None:
        document["error"] = error_document(unit.trouble)
    return document


def _place(mutant: Mutant) -> dict[str, Any]:
    return {
        "class": mutant.owner,
        "method": mutant.name,
        "file": mutant.file,
        "line": mutant.line,
        "mutation": mutant.what,
    }


def _survivor(fate: Fate, source: Source) -> dict[str, Any]:
    more = {"source": source(fate.mutant), "reached": fate.mutant.reached}
    return (
        _place(fate.mutant)
        | more
        | {
            "caught_by": cut(fate.killer),
            "explained": fate.explained,
        }
    )


def _explanation(one: ExplanationState) -> dict[str, Any]:
    said = one.explanation
    return {
        "class": said.owner,
        "source": said.source,
        "method": said.method,
        "mutation": said.mutation,
        "reason": said.reason,
        "used": one.used,
        "state": one.state,
    }


def _equivalent(fate: Fate) -> dict[str, Any]:
    return _place(fate.mutant) | {"rule": fate.mutant.equivalent}


def _branches(branches: Sequence[Branch], fixtures: int) -> dict[str, Any]:
    missed = [one for one in branches if not one.is_taken(fixtures)]
    return {
        "taken": len(branches) - len(missed),
        "of": len(branches),
        "missed": [{"in": one.place, "line": one.line, "way": one.way} for one in missed],
    }


# ---------------------------------------------------------------- for people


def print_strength(report: StrengthReport, source: Source, console: Console) -> None:
    """The survivors of each unit, then a row for each, then the whole."""
    for unit in report.units:
        _print_unit(unit, source, console)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("unit", overflow="fold")
    counts = ("fixtures", "mutants", "caught", "share", "explained", "equivalent")
    for name in (*counts, "java branches", "python"):
        table.add_column(name, justify="right", min_width=len(name))
    for unit in report.units:
        table.add_row(Text(unit.unit.id), *_row(unit))
    console.print(table)
    judged = sum(unit.judged for unit in report.units)
    caught = sum(unit.count("caught") for unit in report.units)
    share = f"{caught / judged:.1%}" if judged else "-"
    console.print(f"{caught} of {judged} mutants caught: {share}{_not_caught(report)}")
    for one in report.explanations:
        if one.state in ("stale", "refuted"):
            said = one.explanation
            told = f"{said.owner}  {said.mutation}  {said.source or said.method}"
            why = "explains no survivor" if one.state == "stale" else "an input catches it"
            console.print(Text(f"{one.state} explanation ({why}): {told}", style="red"))
    if report.floor is not None:
        for unit in filter(report.is_below, report.units):
            told = f"below the floor of {report.floor:.1%}: {unit.unit.id}"
            console.print(Text(told, style="red"))


def _not_caught(report: StrengthReport) -> str:
    """How many of the others are explained; nothing where nobody has explained any."""
    survivors = sum(len(unit.survivors) for unit in report.units)
    explained = survivors - sum(len(unit.unexplained) for unit in report.units)
    return f"; of {survivors} survivors {explained} are explained" if explained else ""


def _row(unit: UnitStrength) -> Iterator[str]:
    if unit.trouble is not None:
        yield from (str(unit.fixtures or "-"), "?", *"------")
        return
    share = unit.share
    yield str(unit.fixtures)
    yield str(unit.judged)
    yield str(unit.count("caught"))
    yield "-" if share is None else f"{share:.1%}"
    yield str(len(unit.survivors) - len(unit.unexplained) or "-")
    yield str(unit.count("equivalent") or "-")
    for branches in (unit.java_branches, unit.python_branches):
        taken = sum(one.is_taken(unit.fixtures) for one in branches)
        yield f"{taken}/{len(branches)}" if branches else "-"


def _print_unit(unit: UnitStrength, source: Source, console: Console) -> None:
    if unit.trouble is not None:
        console.print(Text(unit.unit.id, style="bold"))
        console.print(Text(f"  {unit.trouble.what}: {unit.trouble.why}", style="yellow"))
        return
    missed = [one for one in unit.java_branches if not one.is_taken(unit.fixtures)]
    if not unit.unexplained and not missed and unit.needed is None and not unit.differing:
        return
    console.print(Text(unit.unit.id, style="bold"))
    for fate in unit.unexplained[:SURVIVORS_SHOWN]:
        _print_survivor(fate, source, console)
    if len(unit.unexplained) > SURVIVORS_SHOWN:
        console.print(f"  and {len(unit.unexplained) - SURVIVORS_SHOWN} more")
    if missed:
        lines = sorted({(one.place.rpartition(".")[2], one.line) for one in missed})
        told = ", ".join(f"{name}:{line}" for name, line in lines[:BRANCHES_SHOWN])
        more = ", …" if len(lines) > BRANCHES_SHOWN else ""
        console.print(Text(f"  java branches that no fixture takes: {told}{more}"))
    if unit.differing:
        console.print(f"  on {unit.differing} fixtures the sides differ already")
    if unit.bound is not None:
        console.print(Text(f"  {_bound(unit)}", style="dim"))
    if unit.needed is not None:
        console.print(f"  {len(unit.needed)} of {unit.fixtures} fixtures are worth as much as all")
    if unit.saved:
        console.print(f"  {unit.saved} fixtures added")


def _print_survivor(fate: Fate, source: Source, console: Console) -> None:
    mutant = fate.mutant
    line = source(mutant)
    where = f"{mutant.file or mutant.owner}:{mutant.line}"
    seen = "" if mutant.reached else "; no fixture comes here"
    console.print(Text.assemble(("  survived ", "yellow"), f"{where}  {mutant.what}{seen}"))
    if line:
        console.print(Text(f"      {line.strip()}"))
    if fate.killer is not None:
        console.print(Text(f"      an input that catches it: {_shown(fate.killer)}"))


def _shown(form: Form) -> str:
    text = dumps(form)
    return text if len(text) <= INPUT_SHOWN else f"{text[:INPUT_SHOWN]}…"


def _bound(unit: UnitStrength) -> str:
    bound = unit.bound
    assert bound is not None
    return (
        f"at most {bound.rate:.2%} of inputs differ, with {bound.confidence:.0%} confidence, "
        f"if inputs come as these {bound.inputs} did"
    )


def strength_command(report: StrengthReport) -> str:
    """What to type next."""
    for unit in report.units:
        if unit.trouble is not None or unit.differing:
            return f"parity run {unit.unit.id}"
    left = [unit for unit in report.units if unit.unexplained]
    worst = min(left, key=lambda unit: 1.0 if unit.share is None else unit.share, default=None)
    return f"parity fuzz {worst.unit.id}" if worst is not None else "parity run"
