"""Rewrites functions so that each construct asks, while it runs, in whose language it is meant.

What is rewritten calls one object under a name that only this program uses; its code takes the
place of the old code in functions that exist already, so nothing is imported a second time.
"""

import ast
import builtins
import gc
import marshal
import sys
import types
from typing import (
    Any,
    Callable,
    Container,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
)

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
        self.inner: Tuple[Optional[int], Optional[int]] = (None, None)
        """The sites of an operator's two sides, where these are operators as well."""


class Bodies(ast.NodeTransformer):
    """Puts calls of the hook into the bodies of one file's functions, at all of their sites or at
    `only` some of them; `sites` takes what all of them are. What stands above a body stays as it
    is, and so do annotations and patterns."""

    def __init__(self, file: str, sites: List[Site], only: Optional[Container[int]] = None) -> None:
        self.file = file
        self.sites = sites
        self.only = only

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """A value, without its annotation."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> Any:
        """A parameter, whose annotation stays."""
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        """A body, without what stands above it."""
        returns, node.returns = node.returns, None
        decorators, node.decorator_list = node.decorator_list, []
        self.generic_visit(node)
        node.returns, node.decorator_list = returns, decorators
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_match_case(self, node: Any) -> Any:
        """A case, without its pattern."""
        if node.guard is not None:
            node.guard = self._guard(node.guard)
        node.body = [self.visit(one) for one in node.body]
        return node

    def _guard(self, node: ast.expr) -> Any:
        return self.visit(node)


class Rewriter(Bodies):
    """Puts calls of the hook around constructs that Java may mean otherwise."""

    def __init__(self, file: str, sites: List[Site], only: Optional[Container[int]] = None) -> None:
        super().__init__(file, sites, only)
        self.numbers: Dict[ast.AST, int] = {}

    def _site(self, node: ast.AST, kind: str, what: str = "") -> ast.expr:
        site = Site(len(self.sites), self.file, node, kind, what)
        self.sites.append(site)
        self.numbers[node] = site.number
        return ast.Constant(value=site.number)

    def _site_at(self, node: ast.AST) -> Optional[int]:
        """The site of an operator that was visited; None for anything else."""
        return self.numbers.get(node) if isinstance(node, ast.BinOp) else None

    def _hook(self, node: ast.AST, method: str, arguments: List[Any], plain: Any) -> Any:
        """A call of the hook with a site and operands; `plain`, which says the same to Python,
        where nobody asks there."""
        if self.only is not None and arguments[0].value not in self.only:
            return _placed(plain, node)
        target = ast.Attribute(value=_name(HOOK), attr=method, ctx=ast.Load())
        return _placed(ast.Call(func=target, args=arguments, keywords=[]), node)

    def _guard(self, node: ast.expr) -> Any:
        return self._test(node)

    # -- operators

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        what = OPERATORS[type(node.op)]
        site = self._site(node, "binary", what)
        left, right = self.visit(node.left), self.visit(node.right)
        self.sites[self.numbers[node]].inner = self._site_at(node.left), self._site_at(node.right)
        plain = ast.BinOp(left=left, op=node.op, right=right)
        return self._hook(node, "binary", [site, left, right], plain)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return _placed(ast.UnaryOp(op=node.op, operand=self._test(node.operand)), node)
        if isinstance(node.op, ast.UAdd) or isinstance(node.operand, ast.Constant):
            return node if isinstance(node.operand, ast.Constant) else self.generic_visit(node)
        site = self._site(node, "unary", OPERATORS[type(node.op)])
        operand = self.visit(node.operand)
        plain = ast.UnaryOp(op=node.op, operand=operand)
        return self._hook(node, "unary", [site, operand], plain)

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

    def _compared(self, node: ast.AST, operator: Any, left: Any, right: Any) -> Any:
        site = self._site(node, "binary", OPERATORS[type(operator)])
        left, right = self.visit(left), self.visit(right)
        plain = ast.Compare(left=left, ops=[operator], comparators=[right])
        return self._hook(node, "binary", [site, left, right], plain)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        value = self.visit(node.value)
        if not _is_simple(node.target):
            node.target, node.value = self.visit(node.target), value
            return node
        read = _loaded(node.target)
        site = self._site(node, "binary", OPERATORS[type(node.op)])
        self.sites[self.numbers[node]].inner = None, self._site_at(node.value)
        changed = self._hook(node, "changed", [site, read, value], value)
        if changed is value:
            node.value = value
            return node
        return _placed(ast.Assign(targets=[node.target], value=changed), node)

    # -- truth

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        what = "or" if isinstance(node.op, ast.Or) else "and"
        site = self._site(node, "either", what)
        *first, last = [self.visit(value) for value in node.values]
        held = [self._hook(one, "held", [_copied(site), one], one) for one in first]
        whole = _placed(ast.BoolOp(op=node.op, values=[*held, last]), node)
        return self._hook(node, "either", [site, whole], whole)

    def _test(self, node: ast.expr) -> Any:
        if isinstance(node, (ast.Compare, ast.Constant)):
            return self.visit(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.visit(node)
        if isinstance(node, ast.BoolOp):
            node.values = [self._test(one) for one in node.values]
            return node
        site = self._site(node, "truth")
        value = self.visit(node)
        return self._hook(node, "truth", [site, value], value)

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
        name = called_name(node.func)
        function = node.func
        if isinstance(function, ast.Attribute):
            function.value = self.visit(function.value)
        else:
            function = self.visit(function)
        site = self._site(node, "call", name)
        arguments = [self.visit(one) for one in node.args]
        keywords = [ast.keyword(arg=one.arg, value=self.visit(one.value)) for one in node.keywords]
        plain = ast.Call(func=function, args=arguments, keywords=[])
        called = self._hook(node, "call", [site, function, *arguments], plain)
        called.keywords = keywords
        return called

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        if not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        index: Any = node.slice
        if isinstance(index, ast.Slice):
            ends = [index.lower, index.upper, index.step]
            parts = [None if one is None else self.visit(one) for one in ends]
            made = [ast.Constant(value=None) if one is None else one for one in parts]
            what = "[:]"
            plain = _placed(ast.Slice(lower=parts[0], upper=parts[1], step=parts[2]), node)
            index = _placed(ast.Call(func=_name(SLICE), args=made, keywords=[]), node)
        else:
            what = "[]"
            inner = getattr(index, "value", index) if type(index).__name__ == "Index" else index
            plain = index = self.visit(inner)
        site = self._site(node, "binary", what)
        value = self.visit(node.value)
        if sys.version_info < (3, 9) and what == "[]":
            plain = ast.Index(value=plain)
        whole = ast.Subscript(value=value, slice=plain, ctx=ast.Load())
        return self._hook(node, "binary", [site, value, index], whole)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        if node.attr not in READ or not isinstance(node.ctx, ast.Load):
            return node
        name = ast.Constant(value=node.attr)
        site = self._site(node, "read", node.attr)
        return self._hook(node, "read", [site, node.value, name], node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        value = self.visit(node.value)
        given = node.format_spec
        spec = self.visit(given) if given is not None else ast.Constant(value="")
        conversion = ast.Constant(value=node.conversion)
        site = self._site(node, "formatted")
        made = self._hook(node, "formatted", [site, value, conversion, spec], value)
        if made is value:
            node.value, node.format_spec = value, None if given is None else spec
            return node
        return _placed(ast.FormattedValue(value=made, conversion=-1, format_spec=None), node)

    # -- loops, closures, handlers

    def visit_For(self, node: ast.For) -> Any:
        self.generic_visit(node)
        site = self._site(node.iter, "each")
        node.iter = self._hook(node.iter, "each", [site, node.iter], node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> Any:
        node.target = self.visit(node.target)
        node.iter = self.visit(node.iter)
        node.ifs = [self._test(one) for one in node.ifs]
        if not node.is_async:
            site = self._site(node.iter, "each")
            node.iter = self._hook(node.iter, "each", [site, node.iter], node.iter)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        node.body = self.visit(node.body)
        return self._hook(node, "closure", [self._site(node, "closure"), node], node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> Any:
        self.generic_visit(node)
        return self._hook(node, "generator", [self._site(node, "generator"), node], node)

    def _made(self, node: Any) -> Any:
        self.generic_visit(node)
        site = self._site(node, "made", type(node).__name__)
        return self._hook(node, "made", [site, node], node)

    visit_Dict = visit_DictComp = visit_Set = visit_SetComp = _made

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        node.body = [self.visit(one) for one in node.body]
        if node.type is not None:
            site = self._site(node, "caught")
            node.type = self._hook(node, "caught", [site, node.type], node.type)
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


def called_name(function: ast.expr) -> str:
    """What is called, as it is written: a name, or a method behind a dot."""
    if isinstance(function, ast.Attribute):
        return "." + function.attr
    return function.id if isinstance(function, ast.Name) else ""


def rewritten(
    text: str,
    file: str,
    sites: List[Site],
    kind: Callable[..., ast.NodeTransformer] = Rewriter,
    only: Optional[Container[int]] = None,
) -> List[Tuple[Any, Any]]:
    """Each function's code as it is and as it is rewritten; none where the text is no Python."""
    try:
        before = compile(text, file, "exec", dont_inherit=True)
        tree = kind(file, sites, only).visit(ast.parse(text, file))
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


class Program:
    """The functions of some files, which ask one object: at every site, or at some of them."""

    def __init__(self, kind: Callable[..., ast.NodeTransformer] = Rewriter) -> None:
        self.kind = kind
        self.sites: List[Site] = []
        self.pairs: List[Tuple[Any, Any]] = []
        self._files: List[Tuple[str, str, range]] = []
        self.functions: List[Tuple[Any, Any]] = []  # with the code that each had

    def add(self, file: str, text: str) -> None:
        """Rewrites the functions of a file."""
        first = len(self.sites)
        self.pairs += rewritten(text, file, self.sites, self.kind)
        self._files.append((file, text, range(first, len(self.sites))))

    def packed(self) -> bytes:
        """All that was rewritten, for a copy of this process; nothing where marshal has no form."""
        sites = [vars(one) for one in self.sites]
        files = [(file, text, numbers.start, numbers.stop) for file, text, numbers in self._files]
        try:
            return marshal.dumps((self.pairs, sites, files))
        except ValueError:
            return b""

    def unpack(self, data: bytes) -> None:
        """Takes what was rewritten before."""
        self.pairs, sites, files = marshal.loads(data)
        for known in sites:
            site = Site.__new__(Site)
            vars(site).update(known)
            self.sites.append(site)
        self._files = [(file, text, range(start, stop)) for file, text, start, stop in files]

    def ask(self, hook: Any, functions: Mapping[str, Sequence[Any]]) -> None:
        """Gives functions that have the old code the new one: `functions_by_file` knows them."""
        setattr(builtins, HOOK, hook)
        setattr(builtins, SLICE, slice)
        codes: Dict[Any, Any] = {}
        for old, new in self.pairs:
            codes.setdefault(_key(old), new)
        for file, _, _ in self._files:
            for found in functions.get(file, ()):
                new = codes.get(_key(found.__code__))
                if new is not None:
                    self.functions.append((found, found.__code__))
                    found.__code__ = new

    def ask_at(self, only: Set[int], also: Set[int]) -> None:
        """Lets them ask at some sites only, and in the files of these `also` at others: what does
        not ask is as fast as it was."""
        codes: Dict[Any, Any] = {}
        for file, text, numbers in self._files:
            if not only.isdisjoint(numbers):
                known = self.sites[: numbers.start]
                for old, new in rewritten(text, file, known, self.kind, only | also):
                    codes.setdefault(_key(old), new)
        for function, code in self.functions:
            function.__code__ = codes.get(_key(code), code)


def functions_by_file() -> Dict[str, List[Any]]:
    """All functions of this process by the file of their code.

    To be called in the process that loaded them: a copy of it would write to nearly all that it
    shares with the others.
    """
    found: Dict[str, List[Any]] = {}
    gc.unfreeze()
    for one in gc.get_objects():
        if type(one) is types.FunctionType:
            found.setdefault(one.__code__.co_filename, []).append(one)
    gc.freeze()
    return found


def _key(code: Any) -> Tuple[str, int, Any]:
    return code.co_filename, code.co_firstlineno, code
