"""The hash of a Python source without comments, layout, positions and docstrings."""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Sequence
from typing import Any

READS_DOCSTRINGS = (b"__doc__", b"getdoc")
"""A module that names one of these may do something with its docstrings: there they count."""
BODIES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def python_hash(data: bytes) -> str | None:
    """The hash of what the source says, or None where this Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
        parts: list[str] = []
        _walk(tree, parts, keep=any(name in data for name in READS_DOCSTRINGS))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    text = "\n".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def tree_hash(nodes: Sequence[ast.AST]) -> str:
    """The hash of what pieces of a source say, without comments, layout and docstrings."""
    parts: list[str] = []
    for node in nodes:
        _walk(node, parts, keep=False)
    text = "\n".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _walk(node: ast.AST, parts: list[str], *, keep: bool) -> None:
    """Writes a node: its kind, then what its fields hold; what is empty is not written."""
    parts.append(f"({type(node).__name__}")
    for name in node._fields:
        value = getattr(node, name, None)
        if name == "body" and not keep and isinstance(node, BODIES):
            value = _without_docstring(value)
        if value is None and not (isinstance(node, ast.Constant) and name == "value"):
            continue
        if name in ("ctx", "kind", "type_comment", "type_ignores") or value == []:
            continue
        parts.append(name)
        _value(value, parts, keep=keep)
    parts.append(")")


def _value(value: Any, parts: list[str], *, keep: bool) -> None:
    if isinstance(value, ast.AST):
        _walk(value, parts, keep=keep)
    elif isinstance(value, list):
        parts.append("[")
        for one in value:
            _value(one, parts, keep=keep)
        parts.append("]")
    else:
        parts.append(f"{type(value).__name__} {value!r}")


def _without_docstring(body: Any) -> Any:
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:] if isinstance(first.value.value, str) else body
    return body
