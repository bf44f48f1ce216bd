"""What the expressions of a function were, as comments beside its lines."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
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
    ours = {one for one in {one.file for one in seen} if Path(one).resolve() == file.resolve()}
    telling = [one for one in seen if one.file in ours and not PLAIN.issuperset(one.kinds)]
    ranges: dict[int, dict[str, list[Valued]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(telling, key=lambda one: (one.place[0], not one.part, one.place)):
        shown = _shown(nodes.get(one.place), one.part)
        text = ast.unparse(shown) if shown is not None else ""
        if 0 < len(text) <= LONGEST:
            ranges[one.place[0]][text].append(one)
    return {
        line: [f"{text}: {_told(found)}" for text, found in list(texts.items())[:MOST]]
        for line, texts in ranges.items()
    }


def _place(node: ast.AST) -> tuple[int, int, int, int]:
    names = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    first, column, last, end = (getattr(node, name) or 0 for name in names)
    return first, column, last, end


def _shown(node: ast.AST | None, part: str) -> ast.AST | None:
    """The expression that a range is of; None where it says nothing, or is told elsewhere."""
    if not part:
        return None if isinstance(node, ast.Compare | ast.AugAssign) else node
    match node:
        case ast.BinOp(left=left, right=right):
            side = left if part == "left" else right
        case ast.Compare(left=left, comparators=[right]):  # of a chain it is not told which
            side = left if part == "left" else right
        case ast.AugAssign(target=left, value=right):
            side = left if part == "left" else right
        case _:
            return None
    return side if isinstance(side, ast.Name) else None


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
