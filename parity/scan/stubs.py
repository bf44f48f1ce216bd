"""What the stubs of Python's own library say of its functions: which values they take and give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from parity.config import read_bytes, read_toml
from parity.scan.gathering import STUBS


@dataclass(frozen=True, slots=True)
class Stubs:
    """By name: the values of builtin types that a call gives, and that an attribute is; and names
    of functions."""

    gives: dict[str, tuple[str, ...]]
    holds: dict[str, tuple[str, ...]]
    uncalled: frozenset[str]
    """They call nothing that they are handed."""
    functions: frozenset[str]
    has: dict[str, frozenset[str]]
    """By class: the public names that its instances have, and no others."""


@cache
def stubs() -> Stubs:
    """The table that is shipped: `bench/stubs.py` writes it."""
    table = read_toml(STUBS, read_bytes(STUBS))
    return Stubs(
        _by_name(table["gives"]),
        _by_name(table["holds"]),
        frozenset(table["takes"]["uncalled"].split()),
        frozenset(table["takes"]["functions"].split()),
        {
            name: of_it
            for names, classes in table["has"].items()
            for of_it in (frozenset(names.split()),)
            for name in classes.split()
        },
    )


def _by_name(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(values.split()) for values, names in table.items() for name in names.split()
    }
