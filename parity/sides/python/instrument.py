"""Rewrites functions so that each construct asks, while it runs, in whose language it is meant.

What is rewritten calls one object under a name that only this program uses; its code takes the
place of the old code in functions that exist already, so nothing is imported a second time.
"""

import ast
import builtins
import gc
import types
from typing import Any, Callable, Dict, List, Optional, Tuple

HOOK = "__parity_java__"
SLICE = "__parity_slice__"
FRAMED = {"super", "locals", "globals", "vars", "dir", "eval", "exec", "breakpoint", "print"}
OPERATORS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.MatMult: "@",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.USub: "neg",
    ast.Invert: "~",
}
READ = {
    "days",
    "seconds",
    "microseconds",
    "microsecond",
    "month",
    "year",
    "hour",
    "minute",
    "second",
    "day",
    "real",
    "imag",
    "numerator",
    "denominator",
}


class Site:
    """One occurrence of a construct: where it is, what it is, what it does."""

    def __init__(self, number: int, file: str, node: ast.AST, kind: str, what: str) -> None:
        self.number = number
        self.file = file
        self.line = getattr(node, "lineno", 0)
        self.column = getattr(node, "col_offset", 0)
        self.end_line = getattr(node, "end_lineno", 0)
        self.end_column = getattr(node, "end_col_offset", 0)
        self.kind = kind
        self.what = what


class Rewriter(ast.NodeTransformer):
    """Puts calls of the hook around the constructs of one file; `sites` takes what they are."""

    def __init__(self, file: str, sites: List[Site]) -> None:
        self.file = file
        self.sites = sites

    def _site(self, node: ast.AST, kind: str, what: str = "") -> ast.expr:
        site = Site(len(self.sites), self.file, node, kind, what)
        self.sites.append(site)
        return ast.Constant(value=site.number)

    def _hook(self, node: ast.AST, method: str, arguments: List[ast.expr]) -> ast.Call:
        target = ast.Attribute(value=_name(HOOK), attr=method, ctx=ast.Load())
        made: ast.Call = _placed(ast.Call(func=target, args=arguments, keywords=[]), node)
        return made

    # -- what is left as it is

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> Any:
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        returns, node.returns = node.returns, None
        decorators, node.decorator_list = node.decorator_list, []
        self.generic_visit(node)
        node.returns, node.decorator_list = returns, decorators
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_match_case(self, node: Any) -> Any:
        if node.guard is not None:
            node.guard = self._test(node.guard)
        node.body = [self.visit(one) for one in node.body]
        return node

    # -- operators

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        what = OPERATORS[type(node.op)]
        site = self._site(node, "binary", what)
        return self._hook(node, "binary", [site, self.visit(node.left), self.visit(node.right)])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return _placed(ast.UnaryOp(op=node.op, operand=self._test(node.operand)), node)
        if isinstance(node.op, ast.UAdd) or isinstance(node.operand, ast.Constant):
            return node if isinstance(node.operand, ast.Constant) else self.generic_visit(node)
        site = self._site(node, "unary", OPERATORS[type(node.op)])
        return self._hook(node, "unary", [site, self.visit(node.operand)])

    def visit_Compare(self, node: ast.Compare) -> Any:
        between = node.comparators[:-1]
        if not all(isinstance(one, (ast.Name, ast.Constant)) for one in between):
            return self.generic_visit(node)
        sides = [node.left, *node.comparators]
        parts = [
            self._compared(node, operator, left, right)
            for operator, left, right in zip(node.ops, sides, sides[1:])
        ]
        if len(parts) == 1:
            return parts[0]
        return _placed(ast.BoolOp(op=ast.And(), values=parts), node)

    def _compared(self, node: ast.AST, operator: Any, left: Any, right: Any) -> ast.expr:
        site = self._site(node, "binary", OPERATORS[type(operator)])
        return self._hook(node, "binary", [site, self.visit(left), self.visit(right)])

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        value = self.visit(node.value)
        if not _is_simple(node.target):
            node.target, node.value = self.visit(node.target), value
            return node
        read = _loaded(node.target)
        site = self._site(node, "binary", OPERATORS[type(node.op)])
        changed = self._hook(node, "changed", [site, read, value])
        return _placed(ast.Assign(targets=[node.target], value=changed), node)

    # -- truth

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        what = "or" if isinstance(node.op, ast.Or) else "and"
        site = self._site(node, "either", what)
        *first, last = [self.visit(value) for value in node.values]
        held = [self._hook(node, "held", [_copied(site), one]) for one in first]
        whole = _placed(ast.BoolOp(op=node.op, values=[*held, last]), node)
        return self._hook(node, "either", [site, whole])

    def _test(self, node: ast.expr) -> ast.expr:
        if isinstance(node, (ast.Compare, ast.Constant)):
            return self.visit(node)  # type: ignore[no-any-return]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.visit(node)  # type: ignore[no-any-return]
        if isinstance(node, ast.BoolOp):
            node.values = [self._test(one) for one in node.values]
            return node
        site = self._site(node, "truth")
        return self._hook(node, "truth", [site, self.visit(node)])

    def visit_If(self, node: Any) -> Any:
        node.test = self._test(node.test)
        node.body = [self.visit(one) for one in node.body]
        node.orelse = [self.visit(one) for one in node.orelse]
        return node

    visit_While = visit_If

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        node.test = self._test(node.test)
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    # -- calls, elements, texts

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id in FRAMED:
            return self.generic_visit(node)
        name = _called(node.func)
        function = node.func
        if isinstance(function, ast.Attribute):
            function.value = self.visit(function.value)
        else:
            function = self.visit(function)
        site = self._site(node, "call", name)
        arguments = [self.visit(one) for one in node.args]
        keywords = [ast.keyword(arg=one.arg, value=self.visit(one.value)) for one in node.keywords]
        called = self._hook(node, "call", [site, function, *arguments])
        called.keywords = keywords
        return called

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        if not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        index: Any = node.slice
        if isinstance(index, ast.Slice):
            ends = [index.lower, index.upper, index.step]
            made = [ast.Constant(value=None) if one is None else self.visit(one) for one in ends]
            what = "[:]"
            index = _placed(ast.Call(func=_name(SLICE), args=made, keywords=[]), node)
        else:
            what = "[]"
            inner = getattr(index, "value", index) if type(index).__name__ == "Index" else index
            index = self.visit(inner)
        site = self._site(node, "binary", what)
        return self._hook(node, "binary", [site, self.visit(node.value), index])

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        if node.attr not in READ or not isinstance(node.ctx, ast.Load):
            return node
        name = ast.Constant(value=node.attr)
        return self._hook(node, "read", [self._site(node, "read", node.attr), node.value, name])

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        value = self.visit(node.value)
        spec = node.format_spec
        spec = self.visit(spec) if spec is not None else ast.Constant(value="")
        conversion = ast.Constant(value=node.conversion)
        site = self._site(node, "formatted")
        made = self._hook(node, "formatted", [site, value, conversion, spec])
        return _placed(ast.FormattedValue(value=made, conversion=-1, format_spec=None), node)

    # -- loops, closures, handlers

    def visit_For(self, node: ast.For) -> Any:
        self.generic_visit(node)
        node.iter = self._hook(node.iter, "each", [self._site(node.iter, "each"), node.iter])
        return node

    def visit_comprehension(self, node: ast.comprehension) -> Any:
        node.target = self.visit(node.target)
        node.iter = self.visit(node.iter)
        node.ifs = [self._test(one) for one in node.ifs]
        if not node.is_async:
            site = self._site(node.iter, "each")
            node.iter = self._hook(node.iter, "each", [site, node.iter])
        return node

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        node.body = self.visit(node.body)
        return self._hook(node, "closure", [self._site(node, "closure"), node])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> Any:
        self.generic_visit(node)
        return self._hook(node, "generator", [self._site(node, "generator"), node])

    def _made(self, node: Any) -> Any:
        self.generic_visit(node)
        return self._hook(node, "made", [self._site(node, "made", type(node).__name__), node])

    visit_Dict = visit_DictComp = visit_Set = visit_SetComp = _made

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        node.body = [self.visit(one) for one in node.body]
        if node.type is not None:
            node.type = self._hook(node, "caught", [self._site(node, "caught"), node.type])
        return node


def _name(name: str) -> ast.Name:
    return ast.Name(id=name, ctx=ast.Load())


def _copied(constant: Any) -> ast.expr:
    return ast.Constant(value=constant.value)


def _placed(made: Any, node: ast.AST) -> Any:
    return ast.copy_location(made, node)


def _is_simple(target: ast.expr) -> bool:
    """Whether reading a target twice does nothing else than reading it once."""
    if isinstance(target, ast.Name):
        return True
    if isinstance(target, ast.Attribute):
        return _is_simple(target.value)
    if isinstance(target, ast.Subscript):
        index: Any = target.slice
        index = getattr(index, "value", index) if type(index).__name__ == "Index" else index
        return _is_simple(target.value) and isinstance(index, (ast.Name, ast.Constant))
    return False


def _loaded(target: Any) -> Any:
    """A target as it is read."""
    read = type(target)(**dict(ast.iter_fields(target)))
    read.ctx = ast.Load()
    return _placed(read, target)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return "." + function.attr
    return function.id if isinstance(function, ast.Name) else ""


def rewritten(
    text: str, file: str, sites: List[Site], kind: Callable[..., ast.NodeTransformer] = Rewriter
) -> List[Tuple[Any, Any]]:
    """Each function's code as it is and as it is rewritten; none where the text is no Python."""
    try:
        before = compile(text, file, "exec", dont_inherit=True)
        tree = kind(file, sites).visit(ast.parse(text, file))
        after = compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return []
    pairs: List[Tuple[Any, Any]] = []
    _pair(before, after, pairs)
    return pairs


def _pair(before: Any, after: Any, pairs: List[Tuple[Any, Any]]) -> None:
    inner = [one for one in before.co_consts if isinstance(one, types.CodeType)]
    made = [one for one in after.co_consts if isinstance(one, types.CodeType)]
    if [one.co_name for one in inner] != [one.co_name for one in made]:
        return  # an older compiler folds or orders otherwise: left as it is
    for one, other in zip(inner, made):
        if one.co_freevars == other.co_freevars:
            pairs.append((one, other))
            _pair(one, other, pairs)


def exchange(pairs: List[Tuple[Any, Any]], hook: Any) -> int:
    """Gives all functions of this process that have the old code the new one; how many they are."""
    setattr(builtins, HOOK, hook)
    setattr(builtins, SLICE, slice)
    codes: Dict[Any, Any] = {}
    for old, new in pairs:
        codes.setdefault((old.co_filename, old.co_firstlineno, old), new)
    gc.unfreeze()
    count = 0
    for found in gc.get_objects():
        if type(found) is types.FunctionType:
            new = _replacement(codes, found.__code__)
            if new is not None:
                found.__code__ = new
                count += 1
    return count


def _replacement(codes: Dict[Any, Any], code: Any) -> Optional[Any]:
    return codes.get((code.co_filename, code.co_firstlineno, code))
