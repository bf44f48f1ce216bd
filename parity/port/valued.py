"""What the expressions of a function were, as comments beside its lines."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from parity.model import Valued

MOST = 6
"""Comments of one line."""
LONGEST = 60
"""Characters of an expression that is shown."""
PLAIN = {"NoneType", "bool", "type"}
"""What is only ever of these kinds is not told: nothing follows from it for Java."""
KINDS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Subscript, ast.Attribute, ast.AugAssign)


def comments(tree: ast.Module, file: Path, seen: Sequence[Valued]) -> dict[int, list[str]]:
    """The comments of each line of a file: `total * 100: int, 0 … 4200`.

    Of a line at most `MOST`: what goes into its operators before what comes of them and of calls.
    """
    nodes = {_place(node): node for node in ast.walk(tree) if isinstance(node, KINDS)}
    ranges: dict[int, dict[str, list[Valued]]] = defaultdict(lambda: defaultdict(list))
    telling = [one for one in seen if not PLAIN.issuperset(one.kinds)]
    for one in sorted(telling, key=lambda one: (one.place[0], not one.part, one.place)):
        node = nodes.get(one.place)
        if node is not None and Path(one.file).resolve() == file.resolve():
            for part in _shown(node, one):
                text = ast.unparse(part)
                if len(text) <= LONGEST:
                    ranges[one.place[0]][text].append(one)
    return {
        line: [f"{text}: {_told(found)}" for text, found in list(texts.items())[:MOST]]
        for line, texts in ranges.items()
    }


def _place(node: ast.AST) -> tuple[int, int, int, int]:
    names = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    first, column, last, end = (getattr(node, name) or 0 for name in names)
    return first, column, last, end


def _shown(node: ast.AST, one: Valued) -> Iterator[ast.AST]:
    """The expression that a range is of; none where it says nothing."""
    if isinstance(node, ast.Compare):
        if len(node.ops) == 1 and one.part:  # of a chain it is not told which
            yield from _variable(node.left if one.part == "left" else node.comparators[0])
    elif isinstance(node, ast.BinOp):
        if one.part:
            yield from _variable(node.left if one.part == "left" else node.right)
        else:
            yield node
    elif isinstance(node, ast.AugAssign):
        if one.part:
            yield from _variable(node.target if one.part == "left" else node.value)
    elif isinstance(node, ast.Subscript):
        if not one.part:
            yield node
    elif not one.part:
        yield node


def _variable(node: ast.AST) -> Iterator[ast.AST]:
    """A side of an operator that is not told elsewhere: a name."""
    if isinstance(node, ast.Name):
        yield node


def _told(found: Sequence[Valued]) -> str:
    kinds = sorted({kind for one in found for kind in one.kinds})
    told = " or ".join("None" if kind == "NoneType" else kind for kind in kinds)
    numbers = [number for one in found for number in one.numbers]
    if numbers:
        told += f", {_ends(sorted(numbers, key=float))}"
    sizes = sorted(size for one in found for size in one.sizes)
    if sizes:
        told += f", {_ends([str(size) for size in sizes])} long"
    return told


def _ends(ends: Sequence[str]) -> str:
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]} … {ends[-1]}"
