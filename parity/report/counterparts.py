"""Which Java replaces which unit, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from parity.counterparts import Counterpart, Counterparts, Odd

SHOWN: Final = 200
NEAR_SHOWN: Final = 40
WORDS: Final = {"map": "by the map", "annotation": "by @PortedFrom", "name": "by name"}


def print_counterparts(found: Counterparts, console: Console) -> None:
    """Pairs with both signatures, then near misses, then what has to be mended, then the whole."""
    for one in found.found[:SHOWN]:
        _print_pair(one, console)
    if len(found.found) > SHOWN:
        console.print(f"and {len(found.found) - SHOWN} more; --json has all")
    near = [one for one in found.odd if one.kind == "near"]
    _print_odd("near miss", near, NEAR_SHOWN, "yellow", console)
    _print_odd("conflict", found.conflicts, len(found.conflicts), "red", console)
    if not found.looked:
        text = "there are no classes: nothing was looked up in them. Build first, or parity run"
        console.print(Text(text, style="yellow"))
    _print_totals(found, console)


def map_command(found: Counterparts) -> str:
    """The next command to type."""
    if not found.looked:
        return "parity run"
    if any(one.how == "name" for one in found.found):
        return "parity map --entries"
    return "parity status"


def _print_pair(one: Counterpart, console: Console) -> None:
    where = f"  {one.file}:{one.line}" if one.file else ""
    console.print(Text(f"{one.unit}{where}", style="bold"), no_wrap=True)
    python = one.python_signature or one.unit
    console.print(Text(f"  python  {python}", overflow="ellipsis"), no_wrap=True)
    java = " ".join(one.java.split())
    signature = f"  {one.java_signature}" if one.java_signature else ""
    known = WORDS[one.how] + ("" if one.checked else ", not looked up")
    text = f"  java    {java}{signature}  ({known})"
    console.print(Text(text, overflow="ellipsis"), no_wrap=True)


def _print_odd(what: str, odd: Sequence[Odd], shown: int, style: str, console: Console) -> None:
    for one in odd[:shown]:
        about = one.unit or one.java
        console.print(Text(f"{what}: {about}", style=style))
        if one.unit and one.java:
            console.print(Text(f"  java     {' '.join(one.java.split())[:120]}"))
        console.print(Text(f"  because  {one.why}"))
        if one.hint:
            console.print(Text(f"  hint     {one.hint}"))
    if len(odd) > shown:
        console.print(f"and {len(odd) - shown} more; --json has all")


def _print_totals(found: Counterparts, console: Console) -> None:
    how: Counter[str] = Counter(one.how for one in found.found)
    told = ", ".join(f"{how[kind]} {words}" for kind, words in WORDS.items() if how[kind])
    console.print(
        Text(
            f"{len(found.found)} units have a counterpart{f' ({told})' if told else ''}, "
            f"{len(found.without)} have none; {len(found.conflicts)} conflicts, "
            f"{sum(one.kind == 'near' for one in found.odd)} near misses",
            style="bold",
        )
    )
