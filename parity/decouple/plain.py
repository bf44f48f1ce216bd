"""Statements that are written another way say the same: a function without its short forms."""

from __future__ import annotations

import ast
import copy
from typing import cast

from parity.decouple.reading import Function


def plain(function: Function) -> Function:
    """A copy in which a choice of values is an `if`, and a `match` of literals a row of them."""
    return cast("Function", _Plainer().visit(copy.deepcopy(function)))


class _Plainer(ast.NodeTransformer):
    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        return self._chosen(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        return self._chosen(node)

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        return self._chosen(node)

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        return self._chosen(node)

    def _chosen(self, node: ast.Assign | ast.AnnAssign | ast.Return | ast.Expr) -> ast.stmt:
        """`x = a if test else b` as an `if` that assigns in both ways."""
        value = node.value
        if not isinstance(value, ast.IfExp):
            return node
        ways: list[list[ast.stmt]] = []
        for one in (value.body, value.orelse):
            way = copy.copy(node)
            way.value = one
            ways.append([self._chosen(way)])
        return ast.copy_location(ast.If(value.test, *ways), node)

    def visit_Match(self, node: ast.Match) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if not isinstance(node.subject, ast.Name | ast.Subscript):
            return node  # it is made once, and asked in each case
        rest: list[ast.stmt] = []
        for case in reversed(node.cases):
            test = _asked(node.subject, case.pattern)
            if test is None:
                return node
            test = ast.copy_location(test, case.pattern)
            if case.guard is not None:
                both = [test, case.guard]
                test = ast.copy_location(ast.BoolOp(ast.And(), both), case.pattern)
            rest = [ast.copy_location(ast.If(test, case.body, rest), case.pattern)]
        return rest


def _asked(subject: ast.expr, pattern: ast.pattern) -> ast.expr | None:
    """Whether a pattern fits, as an expression; None where it takes the subject apart."""
    test: ast.expr
    match pattern:
        case ast.MatchValue(value=value):
            test = ast.Compare(subject, [ast.Eq()], [value])
        case ast.MatchSingleton(value=value):
            known = ast.copy_location(ast.Constant(value), pattern)
            test = ast.Compare(subject, [ast.Is()], [known])
        case ast.MatchAs(pattern=None, name=None):
            test = ast.Constant(True)
        case ast.MatchOr(patterns=patterns):
            asked = [_asked(subject, one) for one in patterns]
            every = [one for one in asked if one is not None]
            if len(every) < len(asked):
                return None
            test = ast.BoolOp(ast.Or(), every)
        case _:
            return None
    return ast.copy_location(test, pattern)
