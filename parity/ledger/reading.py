"""What a Python source declares, for those who have to match it: signatures and bound names."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import Final

LONGEST_DEFAULT: Final = 24
Declared = dict[str, str]
"""Signature by qualified name; a class has an empty one, any other name `=`, a star import `*`."""


def declared(data: bytes) -> Declared | None:
    """What a source declares; None where it cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: Declared = {}
    for name, text in _declared(tree.body, ""):
        found.setdefault(name, text)
    return found


def binds(found: Declared | None, qualname: str) -> bool | None:
    """Whether a name is bound by what a source declares; None where that cannot be told."""
    if found is None:
        return None
    if qualname in found:
        return True
    first = qualname.partition(".")[0]
    if "." in qualname and first in found:
        return None  # an attribute that is inherited, set, or of something imported
    return None if "*" in found or "__getattr__" in found else False


def _declared(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield prefix + node.name, _signature(node)
            case ast.ClassDef():
                yield prefix + node.name, ""
                yield from _declared(node.body, f"{prefix}{node.name}.")
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    yield prefix + (alias.asname or alias.name.partition(".")[0]), "="
            case ast.Assign():
                for target in node.targets:
                    for one in ast.walk(target):
                        if isinstance(one, ast.Name):
                            yield prefix + one.id, "="
            case ast.AnnAssign() if isinstance(node.target, ast.Name):
                yield prefix + node.target.id, "="
            case ast.If() | ast.For() | ast.While():
                yield from _declared([*node.body, *node.orelse], prefix)
            case ast.With():
                yield from _declared(node.body, prefix)
            case ast.Try():
                inner = [one for handler in node.handlers for one in handler.body]
                yield from _declared([*node.body, *inner, *node.orelse, *node.finalbody], prefix)


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """`total(prices: list[int], *, tax: float = 0.19) -> float`."""
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    texts = [
        _parameter(one, default)
        for one, default in zip(plain, [*defaults, *given.defaults], strict=True)
    ]
    if given.posonlyargs:
        texts.insert(len(given.posonlyargs), "/")
    if given.vararg:
        texts.append(f"*{_parameter(given.vararg, None)}")
    elif given.kwonlyargs:
        texts.append("*")
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    texts += [_parameter(one, default) for one, default in pairs]
    if given.kwarg:
        texts.append(f"**{_parameter(given.kwarg, None)}")
    back = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    return f"{node.name}({', '.join(texts)}){back}"


def _parameter(one: ast.arg, default: ast.expr | None) -> str:
    text = one.arg
    if one.annotation is not None:
        text += f": {ast.unparse(one.annotation)}"
    if default is not None:
        value = ast.unparse(default)
        value = value if len(value) <= LONGEST_DEFAULT else "…"
        text += f" = {value}" if one.annotation is not None else f"={value}"
    return text
