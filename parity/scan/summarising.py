"""From the tree of a file to its summary, in one walk."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from parity.evidence.syntax import tree_hash
from parity.scan.reading import Read
from parity.scan.summary import (
    ATTRIBUTE,
    KEYWORD,
    NAME,
    OTHER,
    PLAIN,
    SELF,
    STAR,
    STAR_STAR,
    ClassFacts,
    FunctionFacts,
    Summary,
)

DEEPEST: Final = 20_000
"""Frames of the walk: its calls are Python's own and take no stack of the process."""
LONGEST_TEXT: Final = 60
Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp

MUTATORS: Final = frozenset(
    "append add appendleft clear discard extend extendleft insert pop popitem popleft put"
    " put_nowait"
    " remove reverse rotate set setdefault sort update get_nowait move_to_end subtract".split()
)
WRAPPERS: Final = frozenset(
    "Optional Union Final ClassVar Annotated Required NotRequired ReadOnly Awaitable"
    " Coroutine".split()
)
ELEMENTS: Final = frozenset(
    "list List set Set frozenset FrozenSet tuple Tuple deque Deque Sequence MutableSequence"
    " Iterable Iterator Collection AbstractSet MutableSet Generator AsyncIterator AsyncIterable"
    " AsyncGenerator KeysView ValuesView Queue".split()
)
MAPPINGS: Final = frozenset(
    "dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict Counter ChainMap"
    " WeakValueDictionary".split()
)
OPERATORS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv",
    ast.Mod: "mod", ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or",
    ast.BitXor: "xor", ast.BitAnd: "and", ast.MatMult: "matmul",
}  # fmt: skip
COMPARED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "__eq__", ast.NotEq: "__ne__", ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__",
    ast.GtE: "__ge__",
}  # fmt: skip
UNARY: Final[Mapping[type[ast.unaryop], str]] = {
    ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__",
}  # fmt: skip
MADE: Final[Mapping[type[ast.expr], str]] = {
    ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict", ast.GeneratorExp: "generator",
}  # fmt: skip


def summarise(read: Read, module: str, is_package: bool) -> Summary:
    """The summary of a file; where it nests too deeply, of what seems to be in it."""
    summary = Summary(lines=read.lines, notes=[list(note) for note in read.notes])
    if read.tree is None:
        return outlined(summary, read)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        _Walk(summary, module, is_package).module(read.tree)
    except RecursionError:
        text = "nested too deeply to be analysed: its functions are listed as opaque"
        summary = Summary(lines=read.lines, notes=[*summary.notes, ["too-deep", 1, text]])
        return outlined(summary, read)
    finally:
        sys.setrecursionlimit(before)
    return summary


def outlined(summary: Summary, read: Read) -> Summary:
    """A file that was not parsed: functions of which nothing is known."""
    summary.functions.append(FunctionFacts("<module>", 1, read.lines, flags=["unread"]))
    for one in read.outline:
        facts = FunctionFacts(one.name, one.line, one.line, outer=0, flags=["unread"])
        summary.functions.append(facts)
    return summary


class _Scope:
    """Names that are bound here, and where to look for the others."""

    __slots__ = ("function", "kind", "names", "outer", "own_self", "params")

    def __init__(self, kind: str, outer: _Scope | None, function: int) -> None:
        self.kind = kind
        self.outer = outer
        self.function = function
        self.names: dict[str, int] = {}
        self.params: frozenset[str] = frozenset()
        self.own_self = ""


class _Walk:
    def __init__(self, summary: Summary, module: str, is_package: bool) -> None:
        self.out = summary
        self.package = module if is_package else module.rpartition(".")[0]
        self.scope = _Scope("module", None, 0)
        self.top = self.scope
        self.function = 0
        self.facts = FunctionFacts("<module>", 1, 1)
        self.klass = -1
        self.prefix = ""
        self.loops = 0
        self.literals: dict[str, int] = {}
        self.seen: set[tuple[Any, ...]] = set()
        self.expressions: dict[type[ast.expr], Any] = {
            ast.Name: self._name, ast.Attribute: self._attribute, ast.Call: self._call,
            ast.Constant: self._constant, ast.JoinedStr: self._joined, ast.BinOp: self._binary,
            ast.BoolOp: self._bool, ast.UnaryOp: self._unary, ast.Compare: self._compare,
            ast.Subscript: self._subscript, ast.List: self._sequence, ast.Tuple: self._sequence,
            ast.Set: self._sequence, ast.Dict: self._dict, ast.IfExp: self._if_expression,
            ast.Lambda: self._lambda, ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension, ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension, ast.Await: self._await, ast.Yield: self._yield,
            ast.YieldFrom: self._yield_from, ast.NamedExpr: self._named, ast.Starred: self._starred,
            ast.FormattedValue: self._formatted,
        }  # fmt: skip
        self.statements: dict[type[ast.stmt], Any] = {
            ast.Expr: self._expression, ast.Assign: self._assign, ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented, ast.Return: self._return, ast.If: self._if,
            ast.For: self._for, ast.AsyncFor: self._for, ast.While: self._while,
            ast.With: self._with, ast.AsyncWith: self._with, ast.Try: self._try,
            ast.Raise: self._raise, ast.FunctionDef: self._def, ast.AsyncFunctionDef: self._def,
            ast.ClassDef: self._class, ast.Import: self._import, ast.ImportFrom: self._import_from,
            ast.TryStar: self._try, ast.Delete: self._delete, ast.Assert: self._assert,
            ast.Match: self._match,
        }  # fmt: skip

    # ------------------------------------------------------------ variables and scopes

    def module(self, tree: ast.Module) -> None:
        self.out.functions.append(self.facts)
        last = tree.body[-1] if tree.body else None
        self.facts.end = (getattr(last, "end_lineno", None) or 1) if last else 1
        self._bind_all(self.scope, tree.body)
        self._body(tree.body)
        own = [one for one in tree.body if not isinstance(one, Function | ast.ClassDef)]
        self.facts.hash = tree_hash(own)
        self.out.names = self.scope.names

    def _new(self) -> int:
        self.out.size += 1
        return self.out.size - 1

    def _bind_all(self, scope: _Scope, body: Sequence[ast.stmt]) -> None:
        bound: set[str] = set()
        elsewhere: set[str] = set()
        for name in _bound(body, elsewhere):
            bound.add(name)
        for name in sorted(bound - elsewhere):
            if name not in scope.names:
                scope.names[name] = self._new()
        if scope.kind != "module":
            for name in sorted(elsewhere):
                if name not in self.top.names and self._find(name, scope) is None:
                    self.top.names[name] = self._new()
                    self.out.plain.setdefault(name, 1)

    def _find(self, name: str, scope: _Scope) -> int | None:
        """The variable of a name as seen from a scope: a class's own names only within it."""
        at: _Scope | None = scope
        while at is not None:
            if (at is scope or at.kind != "class") and name in at.names:
                return at.names[name]
            at = at.outer
        return None

    def _variable(self, name: str) -> int:
        found = self._find(name, self.scope)
        if found is None:
            found = self.out.free.get(name)
            if found is None:
                found = self.out.free[name] = self._new()
        return found

    def _literal(self, kind: str) -> int:
        """The one variable of a file that holds a value of a builtin type."""
        found = self.literals.get(kind)
        if found is None:
            found = self.literals[kind] = self._new()
            self.out.externals.append([found, f"builtins.{kind}()"])
        return found

    def _copy(self, to: int, source: int) -> None:
        if source and to and to != source:
            self.out.copies.append([to, source])

    # ------------------------------------------------------------ expressions

    def value(self, node: ast.expr) -> int:
        """The variable of what an expression gives."""
        handler = self.expressions.get(type(node))
        if handler is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.value(child)
            return 0
        return int(handler(node))

    def _name(self, node: ast.Name) -> int:
        variable = self._variable(node.id)
        if self.function and self._is_global(node.id):
            self._touch("r", "global", node.id, "", node.lineno)
        return variable

    def _is_global(self, name: str) -> bool:
        at: _Scope | None = self.scope
        while at is not None and at is not self.top:
            if name in at.names and (at is self.scope or at.kind != "class"):
                return False
            at = at.outer
        return True

    def _touch(self, mode: str, kind: str, name: str, attr: str, line: int) -> None:
        key = (self.function, mode, kind, name, attr)
        if key not in self.seen:
            self.seen.add(key)
            self.facts.touches.append([mode, kind, name, attr, line])

    def _touched(self, mode: str, node: ast.expr) -> None:
        """Notes that what stands at the root of `a.b[c].d` is read or changed."""
        line, attr, key = node.lineno, "", None
        while isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node, ast.Attribute):
                attr = node.attr
            elif key is None and isinstance(node.slice, ast.Constant):
                key = node.slice.value
            node = node.value
        if not isinstance(node, ast.Name):
            return
        scope = self._function_scope()
        if scope is not None and node.id == scope.own_self and attr:
            self._touch(mode, "self", attr, "", line)
        elif scope is not None and node.id in scope.params:
            if mode == "w":
                self._touch(mode, "argument", node.id, "", line)
        elif self.function and self._is_global(node.id):
            self._touch(mode, "global", node.id, attr, line)

    def _function_scope(self) -> _Scope | None:
        at: _Scope | None = self.scope
        while at is not None and at.kind == "comprehension":
            at = at.outer
        return at if at is not None and at.kind == "function" else None

    def _attribute(self, node: ast.Attribute) -> int:
        base = self.value(node.value)
        to = self._new()
        self.out.loads.append([to, base, node.attr, self.function, node.lineno])
        if isinstance(node.value, ast.Name):
            scope = self._function_scope()
            if scope is not None and node.value.id == scope.own_self:
                self._touch("r", "self", node.attr, "", node.lineno)
            elif self.function and self._is_global(node.value.id):
                self._touch("r", "global", node.value.id, node.attr, node.lineno)
        return to

    def _constant(self, node: ast.Constant) -> int:
        if node.value is None or node.value is Ellipsis:
            return 0
        return self._literal(type(node.value).__name__)

    def _joined(self, node: ast.JoinedStr) -> int:
        for part in node.values:
            self.value(part)
        return self._literal("str")

    def _formatted(self, node: ast.FormattedValue) -> int:
        self._operate(self.value(node.value), "__repr__" if node.conversion == 114 else "__str__",
                      [], node.lineno)  # fmt: skip
        if node.format_spec is not None:
            self.value(node.format_spec)
        return self._literal("str")

    def _operate(self, base: int, name: str, args: list[int], line: int) -> int:
        to = self._new()
        if base:
            self.out.operators.append([to, base, name, args, self.function, line])
        return to

    def _binary(self, node: ast.BinOp) -> int:
        left, right = self.value(node.left), self.value(node.right)
        name = OPERATORS[type(node.op)]
        to = self._operate(left, f"__{name}__", [right], node.lineno)
        if right not in self.literals.values():
            self._copy(to, self._operate(right, f"__r{name}__", [left], node.lineno))
        self._copy(to, left)
        if name in ("add", "or", "mul", "truediv"):
            self._copy(to, right)
        return to

    def _bool(self, node: ast.BoolOp) -> int:
        return self._union(node.values)

    def _union(self, nodes: Iterable[ast.expr]) -> int:
        to = self._new()
        for node in nodes:
            self._copy(to, self.value(node))
        return to

    def _if_expression(self, node: ast.IfExp) -> int:
        self._truth(self.value(node.test), node.lineno)
        return self._union([node.body, node.orelse])

    def _truth(self, variable: int, line: int) -> None:
        if variable:
            self.out.operators.append([0, variable, "__bool__", [], self.function, line])

    def _unary(self, node: ast.UnaryOp) -> int:
        operand = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            self._truth(operand, node.lineno)
            return self._literal("bool")
        to = self._operate(operand, UNARY[type(node.op)], [], node.lineno)
        self._copy(to, operand)
        return to

    def _compare(self, node: ast.Compare) -> int:
        left = self.value(node.left)
        for op, one in zip(node.ops, node.comparators, strict=True):
            right = self.value(one)
            name = COMPARED.get(type(op))
            if name is not None:
                self._operate(left, name, [right], node.lineno)
            elif isinstance(op, ast.In | ast.NotIn):
                self._operate(right, "__contains__", [left], node.lineno)
            left = right
        return self._literal("bool")

    def _subscript(self, node: ast.Subscript) -> int:
        base = self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            for part in (node.slice.lower, node.slice.upper, node.slice.step):
                if part is not None:
                    self.value(part)
            to = self._operate(base, "__getitem__", [0], node.lineno)
            self._copy(to, base)
            return to
        index = self.value(node.slice)
        to = self._new()
        key = _key(node.slice)
        self.out.items.append([to, base, key, self.function, node.lineno])
        self._operator_into(to, base, "__getitem__", [index], node.lineno)
        self._bag(node, written=False)
        return to

    def _operator_into(self, to: int, base: int, name: str, args: list[int], line: int) -> None:
        if base:
            self.out.operators.append([to, base, name, args, self.function, line])

    def _bag(self, node: ast.Subscript, *, written: bool) -> None:
        """Notes a text key of a parameter: a dict that is used like an object."""
        scope = self._function_scope()
        if scope is None or not isinstance(node.value, ast.Name):
            return
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if node.value.id in scope.params and isinstance(key, str):
            self.out.bags.append([self.function, node.value.id, key, int(written)])

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> int:
        to = self._new()
        self.out.containers.append([to, type(node).__name__.lower()])
        for index, one in enumerate(node.elts):
            if isinstance(one, ast.Starred):
                self._put(to, None, self._item(self.value(one.value), one.lineno), one.lineno)
                continue
            value = self.value(one)
            if value:
                key = str(index) if isinstance(node, ast.Tuple) else None
                self._put(to, key, value, one.lineno)
        return to

    def _put(self, base: int, key: str | None, value: int, line: int) -> None:
        if value and base:
            self.out.puts.append([base, key, value, self.function, line])

    def _item(self, base: int, line: int, key: str | None = None) -> int:
        to = self._new()
        if base:
            self.out.items.append([to, base, key, self.function, line])
        return to

    def _each(self, base: int, line: int) -> int:
        """What iterating gives."""
        to = self._item(base, line)
        if base:
            iterator = self._operate(base, "__iter__", [], line)
            self._operator_into(to, iterator, "__next__", [], line)
            self.out.items.append([to, iterator, None, self.function, line])
        return to

    def _dict(self, node: ast.Dict) -> int:
        to = self._new()
        self.out.containers.append([to, "dict"])
        for key, one in zip(node.keys, node.values, strict=True):
            value = self.value(one)
            if key is None:
                self._put(to, None, self._item(value, one.lineno), one.lineno)
                continue
            self.value(key)
            self._put(to, _key(key), value, one.lineno)
        return to

    def _starred(self, node: ast.Starred) -> int:
        return self._item(self.value(node.value), node.lineno)

    def _await(self, node: ast.Await) -> int:
        value = self.value(node.value)
        if value:
            to = self._operate(value, "__await__", [], node.lineno)
            self._copy(to, value)
            return to
        return value

    def _yields(self) -> None:
        if "generator" not in self.facts.flags:
            self.facts.flags.append("generator")

    def _yield(self, node: ast.Yield) -> int:
        self._yields()
        if node.value is not None:
            self._copy(self.facts.yields, self.value(node.value))
        return 0

    def _yield_from(self, node: ast.YieldFrom) -> int:
        self._yields()
        source = self.value(node.value)
        self._copy(self.facts.yields, self._each(source, node.lineno))
        return 0

    def _named(self, node: ast.NamedExpr) -> int:
        value = self.value(node.value)
        scope = self.scope
        while scope.kind == "comprehension" and scope.outer is not None:
            scope = scope.outer
        if node.target.id not in scope.names:
            scope.names[node.target.id] = self._new()
        self._copy(scope.names[node.target.id], value)
        return value

    def _comprehension(self, node: Comprehension) -> int:
        to = self._new()
        self.out.containers.append([to, MADE[type(node)]])
        outer = self.scope
        self.scope = _Scope("comprehension", outer, self.function)
        for clause in node.generators:
            source = self.value(clause.iter)
            for name in _targets(clause.target):
                self.scope.names[name] = self._new()
            self._assign_to(clause.target, self._each(source, node.lineno))
            for test in clause.ifs:
                self._truth(self.value(test), node.lineno)
        if isinstance(node, ast.DictComp):
            self.value(node.key)
            self._put(to, None, self.value(node.value), node.lineno)
        else:
            self._put(to, None, self.value(node.elt), node.lineno)
        self.scope = outer
        return to

    def _lambda(self, node: ast.Lambda) -> int:
        name = f"<lambda:{node.lineno}:{node.col_offset}>"
        index = self._enter(name, node, node.args, "")
        self._copy(self.facts.ret, self.value(node.body))
        self._leave(index)
        to = self._new()
        self.out.is_function.append([to, index[0]])
        return to

    # ------------------------------------------------------------ calls

    def _call(self, node: ast.Call, *, dropped: bool = False) -> int:
        func = node.func
        if isinstance(func, ast.Name) and func.id == "super" and self.klass >= 0:
            return self._super(node)
        base, name, form = 0, "", OTHER
        if isinstance(func, ast.Name):
            callee, form = self._name(func), NAME
            name = func.id
            if name in ("next", "setattr", "delattr") and node.args:
                self._touched("w", node.args[0])
        elif isinstance(func, ast.Attribute):
            callee = self._attribute(func)
            base, name = self.out.loads[-1][1], func.attr
            form = self._attribute_form(func)
            if name in MUTATORS:
                self._touched("w", func.value)
        else:
            callee = self.value(func)
        to = self._new()
        row = [to, callee, *self._arguments(node), node.lineno, self.function, form,
               _text(func), base, name, self._call_key(node),
               int(dropped and self.loops > 0)]  # fmt: skip
        self.out.calls.append(row)
        return to

    def _call_key(self, node: ast.Call) -> Any:
        """The first literal argument, which `get` and `getattr` take as a key."""
        if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "setattr", "hasattr"):
            return _pattern(node.args[1]) if len(node.args) > 1 else None
        return _key(node.args[0]) if node.args else None

    def _attribute_form(self, func: ast.Attribute) -> int:
        scope = self._function_scope()
        if isinstance(func.value, ast.Name) and scope is not None:
            return SELF if func.value.id == scope.own_self else ATTRIBUTE
        return ATTRIBUTE

    def _arguments(self, node: ast.Call) -> list[Any]:
        args: list[int] = []
        keywords: list[list[Any]] = []
        star = stars = 0
        for one in node.args:
            if isinstance(one, ast.Starred):
                star = self.value(one.value)
            elif not star:
                args.append(self.value(one))
            else:
                self.value(one)
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is None:
                stars = value
            elif value:
                keywords.append([keyword.arg, value])
        return [args, keywords, star, stars]

    def _super(self, node: ast.Call) -> int:
        for one in node.args:
            self.value(one)
        scope = self._function_scope()
        at: _Scope | None = self.scope
        while scope is not None and not scope.own_self and at is not None:
            at = at.outer
            if at is not None and at.kind == "function":
                scope = at
        to = self._new()
        if scope is not None and scope.own_self in scope.names:
            self.out.supers.append([to, self.klass, scope.names[scope.own_self]])
        return to

    # ------------------------------------------------------------ statements

    def _body(self, body: Sequence[ast.stmt]) -> None:
        for node in body:
            handler = self.statements.get(type(node))
            if handler is not None:
                handler(node)

    def _expression(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._call(node.value, dropped=True)
        elif not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def _assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self._assign_to(target, value)
            self._made(target, node.value)
            if self.scope is self.top and isinstance(target, ast.Name):
                self.out.plain.setdefault(target.id, node.lineno)
                if isinstance(node.value, ast.Subscript) and _last(node.value.value) in MAPPINGS:
                    self.out.aliases.append([target.id, node.lineno])

    def _made(self, target: ast.expr, value: ast.expr) -> None:
        """Notes `self.x = Client()` in a constructor: who makes it cannot be given another."""
        scope = self._function_scope()
        if scope is None or not self.facts.qualname.endswith("__init__"):
            return
        match target, value:
            case ast.Attribute(value=ast.Name(id=name)), ast.Call() if name == scope.own_self:
                if self.out.calls:
                    made = [target.attr, len(self.out.calls) - 1, target.lineno]
                    self.facts.makes.append(made)

    def _assign_to(self, target: ast.expr, value: int) -> None:
        match target:
            case ast.Name():
                self._bind(target.id, value, target.lineno)
            case ast.Attribute():
                base = self.value(target.value)
                row = [base, target.attr, value, self.function, target.lineno]
                self.out.stores.append(row)
                self._touched("w", target)
            case ast.Subscript():
                base = self.value(target.value)
                index = self.value(target.slice)
                self._put(base, _key(target.slice), value, target.lineno)
                self._operator_into(0, base, "__setitem__", [index, value], target.lineno)
                self._touched("w", target)
                self._bag(target, written=True)
            case ast.Tuple() | ast.List():
                self._unpack(target, value)
            case ast.Starred():
                to = self._new()
                self.out.containers.append([to, "list"])
                self._put(to, None, value, target.lineno)
                self._assign_to(target.value, to)

    def _unpack(self, target: ast.Tuple | ast.List, value: int) -> None:
        starred = any(isinstance(one, ast.Starred) for one in target.elts)
        for index, one in enumerate(target.elts):
            key = None if starred else str(index)
            self._assign_to(one, self._item(value, target.lineno, key))

    def _bind(self, name: str, value: int, line: int) -> None:
        self._copy(self._variable(name), value)
        if self.function and self._is_global(name):
            self._touch("w", "global", name, "", line)

    def _annotated(self, node: ast.AnnAssign) -> None:
        to = self._new()
        self._annotate(node.annotation, to)
        if node.value is not None:
            self._copy(to, self.value(node.value))
            self._made(node.target, node.value)
        self._assign_to(node.target, to)
        if isinstance(node.target, ast.Name):
            if self.scope is self.top:
                self.out.plain.setdefault(node.target.id, node.lineno)
            elif self.scope.kind == "class":
                self.out.classes[self.klass].fields.append(node.target.id)

    def _augmented(self, node: ast.AugAssign) -> None:
        value = self.value(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            to = self._variable(target.id)
            if self.function and self._is_global(target.id):
                self._touch("w", "global", target.id, "", node.lineno)
        else:
            to = self.value(target)
            self._touched("w", target)
        name = OPERATORS[type(node.op)]
        for one in (f"__i{name}__", f"__{name}__"):
            self._operator_into(0, to, one, [value], node.lineno)
        if isinstance(target, ast.Name):
            self._copy(to, value)
        elif isinstance(target, ast.Attribute):
            base = self.out.loads[-1][1]
            self.out.stores.append([base, target.attr, value, self.function, node.lineno])

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            self._copy(self.facts.ret, self.value(node.value))
            if "returns" not in self.facts.flags and not _is_none(node.value):
                self.facts.flags.append("returns")

    def _if(self, node: ast.If) -> None:
        self._truth(self.value(node.test), node.lineno)
        self._body(node.body)
        self._body(node.orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._assign_to(node.target, self._each(self.value(node.iter), node.iter.lineno))
        self._loop(node)

    def _while(self, node: ast.While) -> None:
        self._truth(self.value(node.test), node.lineno)
        self._loop(node)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        self.loops += 1
        self._body(node.body)
        self.loops -= 1
        self._body(node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            source = self.value(item.context_expr)
            line = item.context_expr.lineno
            prefix = "a" if isinstance(node, ast.AsyncWith) else ""
            entered = self._operate(source, f"__{prefix}enter__", [], line)
            self._operate(source, f"__{prefix}exit__", [0, 0, 0], line)
            if item.optional_vars is not None:
                self._assign_to(item.optional_vars, entered)
        self._body(node.body)

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        self._body(node.body)
        for handler in node.handlers:
            kinds = self.value(handler.type) if handler.type is not None else 0
            if handler.name is not None and handler.type is not None:
                to = self._variable(handler.name)
                if isinstance(handler.type, ast.Tuple):
                    kinds = self._item(kinds, handler.lineno)
                self.out.instances.append([to, kinds])
            self._body(handler.body)
        self._body(node.orelse)
        self._body(node.finalbody)

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.value(node.exc)
            named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            self.facts.raises.append([_text(named), node.lineno])
        if node.cause is not None:
            self.value(node.cause)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                base, index = self.value(target.value), self.value(target.slice)
                self._operate(base, "__delitem__", [index], target.lineno)
            if isinstance(target, ast.Subscript | ast.Attribute):
                self._touched("w", target)

    def _assert(self, node: ast.Assert) -> None:
        self._truth(self.value(node.test), node.lineno)
        if node.msg is not None:
            self.value(node.msg)

    def _match(self, node: ast.Match) -> None:
        subject = self.value(node.subject)
        for case in node.cases:
            for name in _captured(case.pattern):
                self._copy(self._variable(name), self._item(subject, node.lineno))
                self._copy(self._variable(name), subject)
            for one in ast.walk(case.pattern):
                if isinstance(one, ast.MatchClass):
                    self.value(one.cls)
            if case.guard is not None:
                self.value(case.guard)
            self._body(case.body)

    # ------------------------------------------------------------ imports

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            whole = alias.name
            if alias.asname is not None:
                self._imported(alias.asname, whole, None, node.lineno)
            else:
                self._imported(whole.partition(".")[0], whole.partition(".")[0], None, node.lineno)
                if "." in whole:
                    self.out.imports.append([0, whole, None, node.lineno])

    def _imported(self, name: str, module: str, member: str | None, line: int) -> None:
        self.out.imports.append([self._variable(name), module, member, line])

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level:
            parts = self.package.split(".") if self.package else []
            if node.level - 1 > len(parts) or (not parts and self.package == ""):
                text = f"`{'.' * node.level}{module}` leads out of the source root"
                self.out.notes.append(["beyond-root", node.lineno, text])
                return
            kept = parts[: len(parts) - node.level + 1]
            module = ".".join([*kept, module] if module else kept)
        for alias in node.names:
            if alias.name == "*":
                self.out.stars.append([module, node.lineno])
                text = f"takes all names of `{module}`"
                self.out.notes.append(["star-import", node.lineno, text])
            else:
                self._imported(alias.asname or alias.name, module, alias.name, node.lineno)

    # ------------------------------------------------------------ definitions

    def _def(self, node: Function) -> None:
        decorators = [(self.value(one), one) for one in node.decorator_list]
        names = [
            _text(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list
        ]
        entered = self._enter(node.name, node, node.args, _first_param(node, self.scope, names))
        facts = self.facts
        facts.decorators = names
        facts.flags += _flags(node, names)
        facts.provides = ast.unparse(node.returns) if node.returns is not None else ""
        self._body(node.body)
        if node.returns is not None and "generator" not in facts.flags:
            self._annotate(node.returns, facts.ret)
        self._leave(entered)
        to = self._new()
        self.out.is_function.append([to, entered[0]])
        for variable, one in reversed(decorators):
            given = to
            to = self._new()
            line = one.lineno
            row = [to, variable, [given], [], 0, 0, line, self.function, OTHER, "@" + _text(one),
                   0, "", None, 0]  # fmt: skip
            self.out.calls.append(row)
        self._copy(self._variable(node.name), to)

    def _enter(
        self, name: str, node: Function | ast.Lambda, args: ast.arguments, own_self: str
    ) -> tuple[int, Any]:
        index = len(self.out.functions)
        qualname = self.prefix + name
        owner = self.klass if self.scope.kind == "class" else -1
        facts = FunctionFacts(qualname, node.lineno, node.end_lineno or node.lineno, owner)
        facts.outer, facts.ret, facts.yields = self.function, self._new(), self._new()
        defaults = self._defaults(args)
        saved = (self.scope, self.function, self.facts, self.prefix, self.loops)
        self.out.functions.append(facts)
        scope = _Scope("function", self.scope, index)
        for param, kind in _parameters(args):
            scope.names[param.arg] = variable = self._new()
            facts.params.append([param.arg, variable, kind])
            if kind in (STAR, STAR_STAR):
                self.out.containers.append([variable, "tuple" if kind == STAR else "dict"])
            else:
                self._copy(variable, defaults.get(param.arg, 0))
                if param.annotation is not None:
                    self._annotate(param.annotation, variable)
        scope.params = frozenset(scope.names)
        scope.own_self = own_self
        self.scope, self.function, self.facts = scope, index, facts
        self.prefix, self.loops = f"{qualname}.<locals>.", 0
        if isinstance(node, Function):
            self._bind_all(scope, node.body)
        facts.hash = tree_hash([node])
        return index, saved

    def _leave(self, entered: tuple[int, Any]) -> None:
        self.scope, self.function, self.facts, self.prefix, self.loops = entered[1]

    def _defaults(self, args: ast.arguments) -> dict[str, int]:
        plain = [*args.posonlyargs, *args.args]
        pairs = list(zip(reversed(plain), reversed(args.defaults), strict=False))
        found = {param.arg: self.value(default) for param, default in pairs}
        for param, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            if default is not None:
                found[param.arg] = self.value(default)
        return found

    def _class(self, node: ast.ClassDef) -> None:
        index = len(self.out.classes)
        facts = ClassFacts(self.prefix + node.name, node.lineno)
        for base in node.bases:
            parts = base.args if isinstance(base, ast.Call) else [base]
            for one in parts:
                named = one.value if isinstance(one, ast.Subscript) else one
                facts.bases.append(self.value(named))
        for keyword in node.keywords:
            self.value(keyword.value)
        decorators = [(self.value(one), one) for one in node.decorator_list]
        facts.decorators = [
            _text(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list
        ]
        self.out.classes.append(facts)
        saved = (self.scope, self.klass, self.prefix)
        self.scope = _Scope("class", self.scope, self.function)
        self.klass, self.prefix = index, f"{facts.qualname}."
        self._bind_all(self.scope, node.body)
        facts.names = self.scope.names
        self._body(node.body)
        self.scope, self.klass, self.prefix = saved
        to = self._new()
        self.out.is_class.append([to, index])
        for variable, one in reversed(decorators):
            given, to = to, self._new()
            row = [to, variable, [given], [], 0, 0, one.lineno, self.function, OTHER,
                   "@" + _text(one), 0, "", None, 0]  # fmt: skip
            self.out.calls.append(row)
            self._copy(to, given)
        self._copy(self._variable(node.name), to)

    # ------------------------------------------------------------ annotations

    def _annotate(self, node: ast.expr, to: int) -> None:
        """Lets `to` hold instances of what an annotation names."""
        match node:
            case ast.Constant(value=str() as text):
                try:
                    self._annotate(ast.parse(text.strip(), mode="eval").body, to)
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    pass
            case ast.Constant():
                pass
            case ast.BinOp(left=left, right=right):
                self._annotate(left, to)
                self._annotate(right, to)
            case ast.Subscript(value=value, slice=inner):
                self._annotate_subscript(value, inner, to)
            case ast.Name() | ast.Attribute():
                lineno = getattr(node, "lineno", 1)
                node.lineno = lineno
                self.out.instances.append([to, self._quietly(node)])

    def _quietly(self, node: ast.expr) -> int:
        """The variable of an annotation's name, which is not read when the function runs."""
        function, self.function = self.function, 0
        try:
            return self.value(node)
        finally:
            self.function = function

    def _annotate_subscript(self, value: ast.expr, inner: ast.expr, to: int) -> None:
        head = _last(value)
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if head in WRAPPERS:
            for one in parts[:1] if head == "Annotated" else parts:
                self._annotate(one, to)
        elif head in ("type", "Type"):
            self._copy(to, self._quietly(parts[0]))
        elif head in ELEMENTS or head in MAPPINGS:
            self.out.containers.append([to, "dict" if head in MAPPINGS else head.lower()])
            element = self._new()
            for one in parts[1:] if head in MAPPINGS else parts[:1] if "ener" in head else parts:
                self._annotate(one, element)
            self._put(to, None, element, getattr(value, "lineno", 1))
        elif head not in ("Callable", "Literal"):
            self._annotate(value, to)


def _bound(body: Sequence[ast.stmt], elsewhere: set[str]) -> Iterator[str]:
    """Names that statements bind in their own scope; `global` and `nonlocal` ones into
    `elsewhere`."""
    pending: list[ast.stmt] = list(body)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    if alias.name != "*":
                        yield alias.asname or alias.name.partition(".")[0]
            case ast.Global() | ast.Nonlocal():
                elsewhere.update(node.names)
            case ast.Assign():
                for target in node.targets:
                    yield from _targets(target)
            case ast.AnnAssign() | ast.AugAssign():
                yield from _targets(node.target)
            case ast.For() | ast.AsyncFor():
                yield from _targets(node.target)
                pending += node.body + node.orelse
            case ast.While() | ast.If():
                pending += node.body + node.orelse
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    if item.optional_vars is not None:
                        yield from _targets(item.optional_vars)
                pending += node.body
            case ast.Match():
                for case in node.cases:
                    yield from _captured(case.pattern)
                    pending += case.body
            case ast.Try() | ast.TryStar():
                pending += node.body + node.orelse + node.finalbody
                for handler in node.handlers:
                    if handler.name is not None:
                        yield handler.name
                    pending += handler.body


def _targets(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name():
            yield node.id
        case ast.Tuple() | ast.List():
            for one in node.elts:
                yield from _targets(one)
        case ast.Starred():
            yield from _targets(node.value)


def _captured(pattern: ast.pattern) -> Iterator[str]:
    for one in ast.walk(pattern):
        if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name is not None:
            yield one.name
        elif isinstance(one, ast.MatchMapping) and one.rest is not None:
            yield one.rest


def _parameters(args: ast.arguments) -> Iterator[tuple[ast.arg, int]]:
    for one in [*args.posonlyargs, *args.args]:
        yield one, PLAIN
    if args.vararg is not None:
        yield args.vararg, STAR
    for one in args.kwonlyargs:
        yield one, KEYWORD
    if args.kwarg is not None:
        yield args.kwarg, STAR_STAR


def _first_param(node: Function, scope: _Scope, decorators: Sequence[str]) -> str:
    """What a method calls its receiver; nothing where it has none."""
    if scope.kind != "class" or "staticmethod" in decorators:
        return ""
    params = [*node.args.posonlyargs, *node.args.args]
    return params[0].arg if params else ""


def _flags(node: Function, decorators: Sequence[str]) -> list[str]:
    flags = ["async"] if isinstance(node, ast.AsyncFunctionDef) else []
    for name in decorators:
        last = name.rpartition(".")[2]
        if last in ("staticmethod", "classmethod", "abstractmethod"):
            flags.append(last)
        elif "property" in last.lower() or last in ("getter", "reify", "setter", "lazy_attribute"):
            flags.append("setter" if last == "setter" else "property")
    if node.name in ("__new__", "__init_subclass__", "__class_getitem__"):
        flags.append("classmethod")
    return flags


def _key(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
        return str(node.value)
    return None


def _pattern(node: ast.expr) -> str | None:
    """The name that `getattr` is given, `*` standing for what is computed."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Add()):
            return f"{text}*"
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod()):
            return text.replace("%s", "*") if "%s" in text else None
        case ast.JoinedStr(values=values):
            parts = [str(one.value) if isinstance(one, ast.Constant) else "*" for one in values]
            return "".join(parts) if any(part != "*" for part in parts) else None
        case _:
            return None


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _text(node: ast.expr) -> str:
    """A short text of what is called or raised."""
    parts: list[str] = []
    while True:
        match node:
            case ast.Attribute():
                parts.append(f".{node.attr}")
                node = node.value
            case ast.Call():
                parts.append("()")
                node = node.func
            case ast.Subscript():
                parts.append("[]")
                node = node.value
            case ast.Name():
                parts.append(node.id)
                break
            case _:
                parts.append("…")
                break
    return "".join(reversed(parts))[:LONGEST_TEXT]
