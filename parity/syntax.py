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
        _say(node, parts)
    text = "\n".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _say(node: ast.AST, parts: list[str]) -> None:
    """As `_walk` without docstrings, in half the time: each field in its order, empty ones too."""
    parts.append(node.__class__.__name__)
    for name in node._fields:
        value = getattr(node, name, None)
        if value is None:
            parts.append("-")
        elif value.__class__ is list:
            body = value
            if name == "body" and node.__class__ in BODIES:
                body = _without_docstring(value)
            parts.append(str(len(body)))
            for one in body:
                if isinstance(one, ast.AST):
                    _say(one, parts)
                else:
                    parts.append(repr(one))
        elif isinstance(value, ast.AST):
            if not isinstance(value, ast.expr_context):
                _say(value, parts)
        elif name not in ("kind", "type_comment"):
            parts.append(repr(value))


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
