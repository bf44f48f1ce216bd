"""Changes Python by LibCST and leaves all else as it is written: the one door to LibCST.

What comes out is held against what went in: with the new parameters taken out again and the old
expressions put back, the syntax tree must be the one that there was.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from parity.decouple.reading import Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """A keyword parameter to add, and the expression whose place it takes.

    `uses` are the places of the expression. `bare` are those where no brackets are needed.
    Where `first` is said, one statement at the head of the body settles which of both it is.
    """

    name: str
    expression: str
    annotation: str | None
    uses: frozenset[Span]
    bare: frozenset[Span]
    first: bool


class NotRewritten(Exception):
    """The change would not have been the one that was meant; the text says why."""


def add_parameters(data: bytes, line: int, name: str, parameters: list[Parameter]) -> bytes:
    """The file with keyword parameters added to the function whose `def` is in a line."""
    rewriter = _Rewriter(line, name, parameters)
    try:
        wrapper = MetadataWrapper(cst.parse_module(data), unsafe_skip_copy=True)
        after: bytes = wrapper.visit(rewriter).bytes
    except (RecursionError, KeyError) as error:
        if not _is_of_depth(error):
            raise
        raise NotRewritten("the file is nested too deep to be rewritten") from None
    if rewriter.found != {id(use) for one in parameters for use in one.uses}:
        raise NotRewritten("an expression was not found again where it stands")
    _check(data, after, line, parameters)
    return after


def _is_of_depth(error: BaseException | None) -> bool:
    """Whether an error is, or began as, one of too deep a recursion: LibCST makes another of it."""
    while error is not None and not isinstance(error, RecursionError):
        error = error.__context__
    return error is not None


class _Rewriter(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, line: int, name: str, parameters: list[Parameter]) -> None:
        super().__init__()
        self.line = line
        self.name = name
        self.parameters = parameters
        self.places: Mapping[Span, tuple[Parameter, Span]] = {
            use: (one, use) for one in parameters for use in one.uses
        }
        self.found: set[int] = set()

    def _span(self, node: cst.CSTNode) -> Span:
        at = self.get_metadata(PositionProvider, node)
        return Span(at.start.line, at.start.column, at.end.line, at.end.column)

    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]:
        updated = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.Name | cst.Attribute | cst.Call):
            place = self.places.get(self._span(original_node))
            if place is not None and isinstance(updated, cst.BaseExpression):
                one, use = place
                self.found.add(id(use))
                return _use(one, use, updated)
        if isinstance(original_node, cst.FunctionDef) and isinstance(updated, cst.FunctionDef):
            at = self.get_metadata(PositionProvider, original_node.name)
            if at.start.line == self.line and original_node.name.value == self.name:
                return _extended(updated, self.parameters)
        return updated


def _use(one: Parameter, use: Span, old: cst.BaseExpression) -> cst.BaseExpression:
    name = cst.Name(one.name)
    if one.first:
        return name
    chosen = cst.IfExp(
        body=old,
        test=cst.Comparison(name, [cst.ComparisonTarget(cst.Is(), cst.Name("None"))]),
        orelse=name.deep_clone(),
    )
    if use in one.bare:
        return chosen
    return chosen.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _extended(function: cst.FunctionDef, parameters: list[Parameter]) -> cst.FunctionDef:
    params = function.params
    for one in parameters:
        params = _with_parameter(function, params, one)
    first = [_choice(one) for one in parameters if one.first]
    body = function.body
    if first and isinstance(body, cst.IndentedBlock):
        at = 1 if _is_docstring(body.body[0]) else 0
        lines = [*body.body]
        lines[at:at] = first
        body = body.with_changes(body=lines)
    return function.with_changes(params=params, body=body)


def _is_docstring(line: cst.BaseStatement) -> bool:
    match line:
        case cst.SimpleStatementLine(
            body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()), *_]
        ):
            return True
        case _:
            return False


def _choice(one: Parameter) -> cst.SimpleStatementLine:
    text = f"{one.name} = {one.expression} if {one.name} is None else {one.name}"
    line = cst.parse_statement(text)
    assert isinstance(line, cst.SimpleStatementLine)
    return line


def _with_parameter(
    function: cst.FunctionDef, params: cst.Parameters, one: Parameter
) -> cst.Parameters:
    """The parameters with one more that is given by keyword only, laid out as the others are."""
    between = _between(function, params)
    comma = cst.Comma(whitespace_after=between)
    last = _last(params)
    trailing = last.comma if last is not None else cst.MaybeSentinel.DEFAULT
    tail = last.whitespace_after_param if isinstance(last, cst.Param) else cst.SimpleWhitespace("")
    new = cst.Param(
        name=cst.Name(one.name),
        annotation=_annotation(one),
        equal=cst.AssignEqual(
            cst.SimpleWhitespace(" " if one.annotation else ""),
            cst.SimpleWhitespace(" " if one.annotation else ""),
        ),
        default=cst.Name("None"),
        star="",
    )
    if params.star_kwarg is not None:
        new = new.with_changes(comma=comma)
    else:
        new = new.with_changes(comma=trailing, whitespace_after_param=tail)
        params = _end_with(params, comma)
    star = params.star_arg
    if isinstance(star, cst.MaybeSentinel):
        star = cst.ParamStar(comma=comma)
    return params.with_changes(star_arg=star, kwonly_params=[*params.kwonly_params, new])


def _annotation(one: Parameter) -> cst.Annotation | None:
    return cst.Annotation(cst.parse_expression(one.annotation)) if one.annotation else None


def _last(params: cst.Parameters) -> cst.Param | cst.ParamSlash | None:
    if params.star_kwarg is not None:
        return params.star_kwarg
    if params.kwonly_params:
        return params.kwonly_params[-1]
    if isinstance(params.star_arg, cst.Param):
        return params.star_arg
    if params.params:
        return params.params[-1]
    if isinstance(params.posonly_ind, cst.ParamSlash):
        return params.posonly_ind
    return params.posonly_params[-1] if params.posonly_params else None


def _end_with(params: cst.Parameters, comma: cst.Comma) -> cst.Parameters:
    """The same parameters, the last of them followed by a comma."""
    none = cst.SimpleWhitespace("")
    if params.kwonly_params:
        *rest, last = params.kwonly_params
        return params.with_changes(
            kwonly_params=[*rest, last.with_changes(comma=comma, whitespace_after_param=none)]
        )
    if isinstance(params.star_arg, cst.Param):
        star = params.star_arg.with_changes(comma=comma, whitespace_after_param=none)
        return params.with_changes(star_arg=star)
    if params.params:
        *rest, last = params.params
        return params.with_changes(
            params=[*rest, last.with_changes(comma=comma, whitespace_after_param=none)]
        )
    if isinstance(params.posonly_ind, cst.ParamSlash):
        return params.with_changes(posonly_ind=params.posonly_ind.with_changes(comma=comma))
    return params


def _between(
    function: cst.FunctionDef, params: cst.Parameters
) -> cst.BaseParenthesizableWhitespace:
    """What stands between two parameters: a line break where each has its own line."""
    each = [*params.posonly_params, *params.params, *params.kwonly_params]
    if isinstance(params.star_arg, cst.Param):
        each.append(params.star_arg)
    commas = [one.comma for one in each[:-1] if isinstance(one.comma, cst.Comma)]
    spaces = [one.whitespace_after for one in commas]
    broken = [one for one in spaces if isinstance(one, cst.ParenthesizedWhitespace)]
    if spaces and len(broken) == len(spaces):
        return _without_comment(broken[0])
    alone = function.whitespace_before_params
    ended = len(each) == 1 and isinstance(each[0].comma, cst.Comma)
    if ended and isinstance(alone, cst.ParenthesizedWhitespace):
        return _without_comment(alone)
    return cst.SimpleWhitespace(" ")


def _without_comment(space: cst.ParenthesizedWhitespace) -> cst.ParenthesizedWhitespace:
    line = space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
    return space.with_changes(first_line=line, empty_lines=[])


def _check(before: bytes, after: bytes, line: int, parameters: list[Parameter]) -> None:
    """NotRewritten where more than what was meant differs."""
    tree = ast.parse(after)
    undo = _Undo(parameters)
    same = ast.dump(undo.visit(tree)) == ast.dump(ast.parse(before))
    if not same or undo.functions != 1 or undo.settled != len(undo.choices):
        raise NotRewritten("more would change than the parameter and its uses")


class _Undo(ast.NodeTransformer):
    """Takes the parameters out again, and puts the old expressions back."""

    def __init__(self, parameters: list[Parameter]) -> None:
        self.old = {one.name: ast.parse(one.expression, mode="eval").body for one in parameters}
        self.choices = {
            f"{one.name} = {one.expression} if {one.name} is None else {one.name}"
            for one in parameters
            if one.first
        }
        self.choices = {ast.dump(ast.parse(one).body[0]) for one in self.choices}
        self.inside = 0
        self.functions = 0
        self.settled = 0

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        keywords = [one.arg for one in node.args.kwonlyargs]
        ours = bool(self.old) and set(self.old) <= set(keywords)
        if ours:
            self.functions += 1
            kept = [
                (one, default)
                for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                if one.arg not in self.old
            ]
            node.args.kwonlyargs = [one for one, _ in kept]
            node.args.kw_defaults = [default for _, default in kept]
            body = [one for one in node.body if ast.dump(one) not in self.choices]
            self.settled += len(node.body) - len(body)
            node.body = body
        self.inside += ours
        self.generic_visit(node)
        self.inside -= ours
        return node

    visit_FunctionDef = _function  # noqa: N815
    visit_AsyncFunctionDef = _function  # noqa: N815

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        match node:
            case ast.IfExp(
                test=ast.Compare(
                    left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None)]
                ),
                orelse=ast.Name(id=other),
            ) if self.inside and name == other and name in self.old:
                return node.body
            case _:
                return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if self.inside and node.id in self.old and isinstance(node.ctx, ast.Load):
            return self.old[node.id]
        return node
