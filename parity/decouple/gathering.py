"""Loops over items that know nothing of one another, and the lists that gather what each gives."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from parity.decouple.reading import names_in


@dataclass(frozen=True, slots=True)
class Each:
    """A loop over items that know nothing of one another."""

    statement: ast.stmt
    item: str
    items: ast.expr
    body: Sequence[ast.stmt]
    given: ast.expr | None
    """The value that is gathered of each item; None where none is."""

    path: str | None
    at_a_time: int
    """How many at once; 0 for all."""


def gathered_in(body: list[ast.stmt]) -> tuple[list[ast.stmt], str | None, ast.expr | None]:
    """A loop's body without its last `kept.append(value)`, the list's name and the value."""
    match body:
        case [
            *others,
            ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=kept), attr="append"), args=[given]
                )
            ),
        ]:
            return others, kept, given
        case _:
            return body, None, None


def is_empty_before(body: Sequence[ast.stmt], name: str) -> bool:
    """Whether a list was made empty and not been used since."""
    for one in reversed(body):
        match one:
            case (
                ast.Assign(targets=[ast.Name(id=found)], value=ast.List(elts=[]))
                | ast.AnnAssign(target=ast.Name(id=found), value=ast.List(elts=[]))
            ) if found == name:
                return True
            case _:
                if name in names_in(one):
                    return False
    return False
