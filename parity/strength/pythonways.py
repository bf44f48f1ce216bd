"""Branches of python's code, and which inputs take them, from the steps between its lines."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parity.model import Branch

Step = tuple[int, int]
"""From a line to the next one of the same call; the way out of a function is a negative line."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """A statement that goes on in its body or past it; `header` are the lines of its test."""

    header: range
    body: int


def python_branches(
    file: str, text: str, steps: Mapping[int, Sequence[Step]]
) -> tuple[Branch, ...]:
    """The branches of the functions that were entered, with the inputs (by index) that take each.

    Those are the decisions between lines: of `if`, `while`, `for` and `match`. What is decided
    within a line is not seen.
    """
    taken: dict[Step, set[int]] = {}
    for index, some in steps.items():
        for step in some:
            taken.setdefault(step, set()).add(index)
    lines = {line for step in taken for line in step if line > 0}
    found: list[Branch] = []
    for decision in _decisions(ast.parse(text), lines):
        inside: set[int] = set()
        past: set[int] = set()
        for (start, end), inputs in taken.items():
            if start not in decision.header or end in decision.header:
                continue
            (inside if end == decision.body else past).update(inputs)
        line = decision.header.start
        found.append(Branch(file, line, "in", frozenset(inside)))
        found.append(Branch(file, line, "past", frozenset(past)))
    return tuple(found)


def _decisions(tree: ast.AST, lines: set[int]) -> Iterator[_Decision]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            end = function.end_lineno or function.lineno
            if any(line in lines for line in range(function.body[0].lineno, end + 1)):
                yield from _of_function(function)


def _of_function(function: ast.AST) -> Iterator[_Decision]:
    left: list[ast.AST] = list(ast.iter_child_nodes(function))
    while left:
        one = left.pop(0)
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue  # one of its own
        left = [*ast.iter_child_nodes(one), *left]
        if isinstance(one, ast.If | ast.While | ast.For | ast.AsyncFor):
            constant = isinstance(one, ast.If | ast.While) and isinstance(one.test, ast.Constant)
            if not constant and one.body[0].lineno > one.lineno:
                yield _Decision(range(one.lineno, one.body[0].lineno), one.body[0].lineno)
        elif isinstance(one, ast.match_case) and one.body[0].lineno > one.pattern.lineno:
            yield _Decision(range(one.pattern.lineno, one.body[0].lineno), one.body[0].lineno)
