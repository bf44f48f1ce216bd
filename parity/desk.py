"""Units named at a desk: picked by hand where none is named, completed by a shell."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from parity.config import find_config
from parity.errors import ParityError

SHOWN: Final = 15


def unit_names(project: Path) -> list[str]:
    """The units of the map, in order; nothing is built. Raises ParityError."""
    from parity.pipeline.mapped import mapped_units

    mapped = mapped_units(find_config(project), build=False, may_be_empty=True)
    return sorted(unit.id for unit in mapped)


def picked(project: Path) -> str:
    """The unit that a person picks on a terminal; off one, ParityError says what to type."""
    names = unit_names(project)
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or not names:
        raise ParityError(
            "no unit is named",
            where=None,
            why="there is no terminal to pick one on" if names else "the map has none",
            next_step=f"parity compare {names[0] if names else 'UNIT'}; parity map lists them all",
        )
    shown = names
    while True:
        _show(shown)
        typed = click.prompt("unit: a number, or a part of its name", err=True).strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(shown[:SHOWN]):
            return shown[int(typed) - 1]
        found = narrowed(names, typed)
        if len(found) == 1:
            return found[0]
        if not found:
            click.echo(f"no unit has `{typed}` in its name", err=True)
        shown = found or names


def narrowed(names: Sequence[str], typed: str) -> list[str]:
    """The units that have all words in their names; one alone where it is typed whole."""
    if typed in names:
        return [typed]
    words = typed.casefold().split()
    return [one for one in names if all(word in one.casefold() for word in words)]


def _show(names: Sequence[str]) -> None:
    for number, one in enumerate(names[:SHOWN], 1):
        click.echo(f"{number:>3}  {one}", err=True)
    if len(names) > SHOWN:
        click.echo(f"     and {len(names) - SHOWN} more", err=True)


def completed(context: click.Context, _: click.Parameter, typed: str) -> list[str]:
    """Units that begin as it is typed, or else those that have it in their names."""
    project = next((one.obj for one in (context, context.parent) if one and one.obj), Path())
    try:
        names = unit_names(project)
    except ParityError:
        return []
    return [one for one in names if one.startswith(typed)] or narrowed(names, typed)
