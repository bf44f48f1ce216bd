"""What expressions give: the rows of a summary that they make."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, Final

from parity.scan.rows import Rows, Scope
from parity.scan.shapes import (
    CASTS,
    COMPARED,
    ELEMENTS,
    FORWARDED,
    HANDLED,
    MADE,
    MAPPINGS,
    MUTATORS,
    OPERATORS,
    OWN_KEY,
    PAIRED,
    PAST,
    PROMISES,
    RETURNING,
    UNARY,
    WRAPPERS,
    Comprehension,
    Function,
    is_of_values,
    is_waiting,
    key_of,
    last_name,
    parameters_of,
    target_names,
    text_of,
)
from parity.scan.summary import (
    ATTRIBUTE,
    KEYWORD,
    NAME,
    OTHER,
    PLAIN,
    SELF,
    STAR,
    STAR_STAR,
    FunctionFacts,
    Summary,
)
from parity.scan.words import (
    as_written,
    dict_of,
    forget,
    go_over,
    goes_over_items,
    keep_pairs,
    keys_of,
    names_asked,
)
from parity.syntax import tree_hash

NAMING: Final = frozenset({"getattr", "setattr", "hasattr", "delattr"})
"""Builtins whose second argument is the name of an attribute."""
TESTS: Final = {"isinstance": 0, "issubclass": 1}
"""Builtins that ask whether something is of a class, or is one below it."""


class Expressions(Rows):
    """A walk through expressions."""

    def __init__(self, summary: Summary, module: str, is_package: bool) -> None:
        super().__init__(summary, module, is_package)
        self.items_of: dict[int, int] = {}
        """By variable of pairs of keys and values: the dict that they are of."""
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
        variable = self._read(node.id)
        if self.function and self._is_global(node.id):
            self._touch("r", "global", node.id, "", node.lineno)
        return variable

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
        if isinstance(node.value, str):
            return self._text(node.value)
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

    def _binary(self, node: ast.BinOp) -> int:
        left, right = self.value(node.left), self.value(node.right)
        name = OPERATORS[type(node.op)]
        if name == "mod":
            self._shown(node.left, node.right, right)
        to = self._operate(left, f"__{name}__", [right], node.lineno)
        if right not in self.literals.values():
            self._copy(to, self._operate(right, f"__r{name}__", [left], node.lineno))
        self._copy(to, left)
        if name in ("add", "or", "mul", "truediv"):
            self._copy(to, right)
        return to

    def _bool(self, node: ast.BoolOp) -> int:
        to = self._new()
        for at, one in enumerate(node.values, 1):
            value = self.value(one)
            self._copy(to, value)
            if at < len(node.values):
                self._truth(value, one.lineno)
        return to

    def _union(self, nodes: Iterable[ast.expr]) -> int:
        to = self._new()
        for node in nodes:
            self._copy(to, self.value(node))
        return to

    def _if_expression(self, node: ast.IfExp) -> int:
        self._truth(self.value(node.test), node.lineno)
        return self._union([node.body, node.orelse])

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
        for key in self._keys(node):
            self.out.items.append([to, base, key, self.function, node.lineno])
        self._operator_into(to, base, "__getitem__", [index], node.lineno)
        self._bag(node, written=False)
        return to

    def _keys(self, node: ast.Subscript) -> Sequence[str | None]:
        return [OWN_KEY] if node in self.forwarding else keys_of(node.slice, self.scope)

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> int:
        to = self._new()
        self.out.containers.append([to, type(node).__name__.lower()])
        for index, one in enumerate(node.elts):
            if isinstance(one, ast.Starred):
                self._put(to, None, self._item(self.value(one.value), one.lineno), one.lineno)
                continue
            value = self.value(one)
            if isinstance(node, ast.Set):
                self._looked_up(to, "__contains__", value, one.lineno)
            if value:
                key = str(index) if isinstance(node, ast.Tuple) else None
                self._put(to, key, value, one.lineno)
        return to

    def _dict(self, node: ast.Dict) -> int:
        to = self._new()
        self.out.containers.append([to, "dict"])
        for key, one in zip(node.keys, node.values, strict=True):
            value = self.value(one)
            if key is None:
                self._put(to, None, self._item(value, one.lineno), one.lineno)
                for asked in ("keys", "__getitem__"):
                    self._operate(value, asked, [], one.lineno)
                continue
            self._looked_up(to, "__setitem__", self.value(key), key.lineno)
            self._put(to, key_of(key), value, one.lineno)
        return to

    def _looked_up(self, container: int, name: str, key: int, line: int) -> None:
        """What comes into a set, or a dict as a key, is asked for its hash; a text is not."""
        if key and key not in self.literals.values():
            self._operator_into(0, container, name, [key, 0], line)

    def _starred(self, node: ast.Starred) -> int:
        return self._item(self.value(node.value), node.lineno)

    def _await(self, node: ast.Await) -> int:
        return self._awaited(self.value(node.value), "__await__", node.lineno)

    def _awaited(self, value: int, method: str, line: int) -> int:
        to = self._new()
        if value:
            self.out.awaits.append([to, value, self.facts.yields, method, self.function, line])
        return to

    def _yields(self) -> None:
        if "generator" not in self.facts.flags:
            self.facts.flags.append("generator")

    def _yield(self, node: ast.Yield) -> int:
        self._yields()
        value = self.value(node.value) if node.value is not None else 0
        self._copy(self.facts.yields, value)
        return self._awaited(value, "", node.lineno) if is_waiting(self.facts.decorators) else 0

    def _yield_from(self, node: ast.YieldFrom) -> int:
        self._yields()
        source = self.value(node.value)
        self._copy(self.facts.yields, self._each(source, node.lineno))
        return self._awaited(source, "__iter__", node.lineno)

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
        self.scope = Scope("comprehension", outer, self.function)
        for clause in node.generators:
            source = self.value(clause.iter)
            for name in target_names(clause.target):
                self.scope.names[name] = self._new()
            self._assign_to(clause.target, self._each(source, node.lineno))
            go_over(clause.target, clause.iter, self.scope)
            self._note_pairs(clause.target, clause.iter)
            for test in clause.ifs:
                self._truth(self.value(test), node.lineno)
        if isinstance(node, ast.DictComp) and dict_of(node.key, node.value, self.scope):
            self._copy_dict(to, dict_of(node.key, node.value, self.scope), node.lineno)
        elif isinstance(node, ast.DictComp):
            self._looked_up(to, "__setitem__", self.value(node.key), node.lineno)
            self._put(to, None, self.value(node.value), node.lineno)
        else:
            value = self.value(node.elt)
            if isinstance(node, ast.SetComp):
                self._looked_up(to, "__contains__", value, node.lineno)
            self._put(to, None, value, node.lineno)
            if isinstance(node.elt, ast.Tuple) and len(node.elt.elts) == 2:
                key, of = node.elt.elts
                self.items_of[to] = dict_of(key, of, self.scope)
        self.scope = outer
        return to

    def _note_pairs(self, target: ast.expr, source: ast.expr) -> None:
        """Notes of a loop over the items of a dict, which was just read, what gives these."""
        if goes_over_items(source):
            rows = (row for row in reversed(self.out.calls) if row[11] in ("items", "iteritems"))
            keep_pairs(target, next(rows)[10], self.scope)

    def _copy_dict(self, to: int, of: int, line: int) -> None:
        """A dict of what stands under the same keys in another."""
        maker = self._new()
        self.out.externals.append([maker, "builtins.dict", None])
        self._call_of(to, maker, [of], line, "dict")

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
               text_of(func), base, name, self._call_key(node),
               int(dropped and self.loops > 0)]  # fmt: skip
        self._keep_keys(node, row)
        self.out.calls.append(row)
        if last_name(func) in RETURNING and row[2] and is_waiting(self.facts.decorators):
            self._copy(self.facts.ret, row[2][0])
        if len(node.args) == 2:
            if row[9] in TESTS and row[2][0]:
                self.out.tested.append([*row[2], TESTS[row[9]]])
            elif row[9] in CASTS:
                self._annotate(node.args[0], to)
        elif row[9] in HANDLED and self.handled and self.handled[-1]:
            self._handled(to, node.lineno)
        return to

    def _keep_keys(self, node: ast.Call, row: list[Any]) -> None:
        """`dict((k, v) for k, v in x.items())` is made of x; `setattr(y, k, v)` in a loop over it
        stores each value under its own key."""
        if row[9] == "dict" and len(row[2]) == 1 and self.items_of.get(row[2][0]):
            row[2] = [self.items_of[row[2][0]]]
        elif row[9] == "setattr" and len(node.args) == 3:
            of = dict_of(node.args[1], node.args[2], self.scope)
            if of:
                row[2], row[12] = [*row[2], of], PAIRED

    def _handled(self, to: int, line: int) -> None:
        """`sys.exc_info()` gives the exception that is being handled, between two things."""
        caught = self._new()
        self.out.instances.append([caught, self.handled[-1]])
        self.out.containers.append([to, "tuple"])
        self._put(to, "1", caught, line)

    def _call_key(self, node: ast.Call) -> Any:
        """The first literal argument, which `get` and `getattr` take as a key."""
        if node in self.forwarding:
            return FORWARDED
        if isinstance(node.func, ast.Name) and node.func.id in NAMING:
            return self._names(node.args[1]) if len(node.args) > 1 else None
        if isinstance(node.func, ast.Attribute) and node.func.attr in PAST:
            wanted = node.args[-2:-1] if node.func.attr == "__setattr__" else node.args[-1:]
            return self._names(wanted[0]) if wanted else None
        return key_of(node.args[0]) if node.args else None

    def _names(self, node: ast.expr) -> str | None:
        names = names_asked(node, self.scope)
        if names and self.klass >= 0:
            names = as_written(names, self.out.classes[self.klass].qualname)
        return names

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
        at: Scope | None = self.scope
        while scope is not None and not scope.own_self and at is not None:
            at = at.outer
            if at is not None and at.kind == "function":
                scope = at
        to = self._new()
        if scope is not None and scope.own_self in scope.names:
            self.out.supers.append([to, self.klass, scope.names[scope.own_self]])
        return to

    # ------------------------------------------------------------ assigning

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
                for key in self._keys(target):
                    self._put(base, key, value, target.lineno)
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
        """Elements by their places; of an object that is no container, what iterating gives."""
        starred = any(isinstance(one, ast.Starred) for one in target.elts)
        iterator = self._operate(value, "__iter__", [], target.lineno) if value else 0
        each = self._item(iterator, target.lineno)
        if iterator:
            self._operator_into(each, iterator, "__next__", [], target.lineno)
        for index, one in enumerate(target.elts):
            to = self._item(value, target.lineno, None if starred else str(index))
            self._copy(to, each)
            self._assign_to(one, to)

    def _bind(self, name: str, value: int, line: int) -> None:
        self._copy(self._variable(name), value)
        self.scope.given.add(name)
        forget(name, self.scope)
        if self.function and self._is_global(name):
            self._touch("w", "global", name, "", line)

    # ------------------------------------------------------------ functions

    def _enter(
        self, name: str, node: Function | ast.Lambda, args: ast.arguments, own_self: str
    ) -> tuple[int, Any]:
        defaults = self._defaults(args)  # a lambda among them is a function before this one
        index = len(self.out.functions)
        qualname = self.prefix + name
        owner = self.klass if self.scope.kind == "class" else -1
        facts = FunctionFacts(qualname, node.lineno, node.end_lineno or node.lineno, owner)
        facts.outer, facts.ret, facts.yields = self.function, self._new(), self._new()
        saved = (self.scope, self.function, self.facts, self.prefix, self.loops)
        self.out.functions.append(facts)
        scope = Scope("function", self.scope, index)
        for param, kind in parameters_of(args):
            scope.names[param.arg] = variable = self._new()
            facts.params.append([param.arg, variable, kind])
            if (
                param.annotation is not None
                and kind in (PLAIN, KEYWORD)
                and is_of_values(param.annotation)
            ):
                scope.names[param.arg] = self._new()
                self.out.values.append([scope.names[param.arg], variable])
            if kind in (STAR, STAR_STAR):
                self.out.containers.append([variable, "tuple" if kind == STAR else "dict"])
            else:
                self._copy(variable, defaults.get(param.arg, 0))
                if param.annotation is not None:
                    self._annotate(param.annotation, scope.names[param.arg])
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
        head = last_name(value)
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if head in WRAPPERS:
            for one in parts[:1] if head == "Annotated" else parts:
                self._annotate(one, to)
        elif head in PROMISES:
            for one in (value, *parts):
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
