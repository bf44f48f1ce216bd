"""What the statements of a function do to its variables: which they assign, surely or maybe."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from parity.decouple.reading import Function


def assigned(statement: ast.stmt) -> set[str]:
    """Variables that a statement may assign, those of comprehensions left out."""
    found: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if not isinstance(
            node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp | ast.Lambda
        ):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def assigned_anywhere(function: Function) -> set[str]:
    """Variables that a function assigns at all, those of comprehensions and lambdas included."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Lambda):
            found.update(one.arg for one in node.args.args)
    return found


def surely_assigned(statement: ast.stmt) -> set[str] | None:
    """Variables that are there in each case after a statement; None where nothing comes after."""
    match statement:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return None
        case ast.Assign() | ast.AnnAssign(value=ast.expr()) | ast.With():
            return assigned(statement)
        case ast.If():
            ways = [_surely_by_all(statement.body), _surely_by_all(statement.orelse)]
        case ast.Try():
            ways = [_surely_by_all([*statement.body, *statement.orelse])]
            ways += [_surely_by_all(one.body) for one in statement.handlers]
        case _:
            return set()
    left = [one for one in ways if one is not None]
    return set.intersection(*left) if left else None


def _surely_by_all(body: Sequence[ast.stmt]) -> set[str] | None:
    found: set[str] = set()
    for one in body:
        more = surely_assigned(one)
        if more is None:
            return None
        found |= more
    return found


def carried(body: Sequence[ast.stmt], own: set[str]) -> set[str]:
    """Variables that a round may read before it has assigned them, and assigns."""
    return _read_first(body, set(own)) & {name for one in body for name in assigned(one)}


def _read_first(body: Sequence[ast.stmt], done: set[str]) -> set[str]:
    """Variables that may be read before these statements have assigned them."""
    found: set[str] = set()
    for one in body:
        blocks = [
            block
            for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(one, name, None), list)
        ]
        blocks += [handler.body for handler in getattr(one, "handlers", ())]
        inside = {id(node) for block in blocks for part in block for node in ast.walk(part)}
        for node in ast.walk(one):
            if id(node) in inside:
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found |= {node.id} - done
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                found |= {node.target.id} - done
        item = (
            {one.target.id}
            if isinstance(one, ast.For) and isinstance(one.target, ast.Name)
            else set()
        )
        for block in blocks:
            found |= _read_first(block, done | item)
        done = done | (surely_assigned(one) or set())
    return found


def is_json(value: object) -> bool:
    """Whether a constant is one of JSON."""
    return value is None or type(value) in (str, int, float, bool)


def constants(tree: ast.Module) -> dict[str, Any]:
    """Variables of the module that are one literal, and are assigned once."""
    found: dict[str, Any] = {}
    times: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            times[node.id] = times.get(node.id, 0) + 1
    for one in tree.body:
        match one:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=value))
            ) if times.get(name) == 1 and is_json(value):
                found[name] = value
            case _:
                pass
    return found
