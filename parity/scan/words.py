"""Texts that a name is known to be one of: those that a loop goes over, where they are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from parity.scan.rows import Scope
from parity.scan.shapes import key_of, parts_of, pattern_of

MOST_WORDS: Final = 40
"""More texts than this say nothing of any one of them."""
BETWEEN: Final = "|"
"""Between texts of which an attribute's name may be any."""

Words = tuple[str, ...]


def words_of(node: ast.expr, scope: Scope) -> Words:
    """The texts that an expression may be; none where that is not known."""
    match node:
        case ast.Constant(value=str() as text):
            return (text,)
        case ast.Name(id=name):
            return _found(name, scope)[0]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([words_of(left, scope), words_of(right, scope)])
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod(), right=right):
            known = words_of(right, scope) if text.count("%") == text.count("%s") == 1 else ()
            return tuple(text.replace("%s", one) for one in known)
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format"),
            args=[given], keywords=[],
        ):  # fmt: skip
            written = parts_of(text)
            known = words_of(given, scope) if len(written) == 2 else ()
            return tuple(one.join(written) for one in known)
        case ast.JoinedStr(values=values):
            return _joined([words_of(one, scope) for one in values])
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return words_of(value, scope)
        case _:
            return ()


def keys_of(node: ast.expr, scope: Scope) -> Sequence[str | None]:
    """The keys that something may stand under; None for one that is not known."""
    return words_of(node, scope) or (key_of(node),)


def names_asked(node: ast.expr, scope: Scope) -> str | None:
    """The name of an attribute that is asked for by an expression: any of some, or a pattern."""
    return BETWEEN.join(words_of(node, scope)) or pattern_of(node)


def as_written(names: str, klass: str) -> str:
    """Names of attributes, those that a class keeps to itself as it writes them: in its objects
    `__x` stands as `_Class__x`."""
    start = f"_{klass.rpartition('.')[2].lstrip('_')}__"
    return BETWEEN.join(
        f"__{one.removeprefix(start)}" if one.startswith(start) else one
        for one in names.split(BETWEEN)
    )


def go_over(target: ast.expr, source: ast.expr, scope: Scope) -> None:
    """Notes which texts the names of a loop may be, where it goes over some that are written."""
    elements = _elements(source, scope)
    targets = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    for at, one in enumerate(targets):
        if not isinstance(one, ast.Name):
            continue
        known: list[str] = []
        for element in elements:
            if one is not target:
                parts = element.elts if isinstance(element, ast.Tuple | ast.List) else ()
                element = parts[at] if len(parts) == len(targets) else element
            if not isinstance(element, ast.Constant) or not isinstance(element.value, str):
                break
            known.append(element.value)
        if len(known) == len(elements) <= MOST_WORDS:
            scope.words[one.id] = tuple(dict.fromkeys(known))


def goes_over_items(source: ast.expr) -> bool:
    """Whether a loop goes over the keys of a dict and what stands under them."""
    match source:
        case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple"), args=[inner]):
            return goes_over_items(inner)
        case ast.Call(func=ast.Attribute(attr="items" | "iteritems"), args=[], keywords=[]):
            return True
        case _:
            return False


def keep_pairs(target: ast.expr, of: int, scope: Scope) -> None:
    """Notes the names that a loop over the items of a dict gives these."""
    match target:
        case ast.Tuple(elts=[ast.Name(id=key), ast.Name(id=value)]) if key != value:
            scope.pairs[key] = (value, of)


def dict_of(key: ast.expr, value: ast.expr, scope: Scope) -> int:
    """The dict under whose key, as a loop gives it, a value stands; 0 where that is not known."""
    match key, value:
        case ast.Name(id=name), ast.Name(id=other):
            known, of = scope.pairs.get(name, ("", 0))
            return of if known == other else 0
    return 0


def keep_elements(name: str, value: ast.expr, scope: Scope) -> None:
    """Notes what stands in a tuple that a name is given: nothing is put into it later."""
    if isinstance(value, ast.Tuple) and value.elts:
        scope.elements[name] = value.elts


def forget(name: str, scope: Scope) -> None:
    """A name is given something else."""
    scope.words.pop(name, None)
    scope.elements.pop(name, None)
    scope.pairs = {key: one for key, one in scope.pairs.items() if name not in (key, one[0])}


def _elements(source: ast.expr, scope: Scope) -> Sequence[ast.expr]:
    match source:
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return elements
        case ast.Name(id=name):
            return _found(name, scope)[1]
        case _:
            return ()


def _found(name: str, scope: Scope) -> tuple[Words, Sequence[ast.expr]]:
    """The texts that a name may be, and the elements of the tuple that it is, as seen from a
    scope."""
    for at in _outward(scope):
        if (at is scope or at.kind != "class") and name in at.names:
            return at.words.get(name, ()), at.elements.get(name, ())
    return (), ()


def _outward(scope: Scope) -> Iterator[Scope]:
    at: Scope | None = scope
    while at is not None:
        yield at
        at = at.outer


def _joined(parts: Sequence[Words]) -> Words:
    """All that one gets by joining one text of each part."""
    size = 1
    for one in parts:
        size *= len(one)
    return tuple(map("".join, product(*parts))) if size <= MOST_WORDS else ()
