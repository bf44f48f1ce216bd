"""From the tree of a file to its summary, in one walk."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Any, Final

from parity.scan.expressions import Expressions
from parity.scan.reading import Read
from parity.scan.rows import Scope
from parity.scan.shapes import (
    DELETING,
    MAPPINGS,
    OPERATORS,
    Function,
    captured_names,
    first_param,
    flags_of,
    forwarding_of,
    is_none,
    is_of_values,
    last_name,
    text_of,
)
from parity.scan.shortening import shorten
from parity.scan.summary import ClassFacts, FunctionFacts, Summary
from parity.scan.words import forget, go_over, keep_elements
from parity.syntax import tree_hash

FIELDS: Final = frozenset(
    ["attr.ib", "attr.attrib", "attr.field", "attrs.field", "attrib", "field"]
)
"""What gives a field of a class: a parameter of the constructor that is made for it."""
DEEPEST: Final = 20_000
"""Frames of the walk: its calls are Python's own and take no stack of the process."""


def summarise(read: Read, module: str, is_package: bool) -> Summary:
    """The summary of a file; where it nests too deeply, of what seems to be in it."""
    summary = Summary(lines=read.lines, notes=[list(note) for note in read.notes])
    if read.tree is None:
        return outlined(summary, read)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        walk = _Walk(summary, module, is_package)
        walk.module(read.tree)
    except RecursionError:
        text = "nested too deeply to be analysed: its functions are listed as opaque"
        summary = Summary(lines=read.lines, notes=[*summary.notes, ["too-deep", 1, text]])
        return outlined(summary, read)
    finally:
        sys.setrecursionlimit(before)
    shorten(summary, frozenset(walk.literals.values()))
    return summary


def outlined(summary: Summary, read: Read) -> Summary:
    """A file that was not parsed: functions of which nothing is known."""
    summary.functions.append(FunctionFacts("<module>", 1, read.lines, flags=["unread"]))
    for one in read.outline:
        facts = FunctionFacts(one.name, one.line, one.line, outer=0, flags=["unread"])
        summary.functions.append(facts)
    return summary


class _Walk(Expressions):
    def __init__(self, summary: Summary, module: str, is_package: bool) -> None:
        super().__init__(summary, module, is_package)
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

    def module(self, tree: ast.Module) -> None:
        self.out.functions.append(self.facts)
        last = tree.body[-1] if tree.body else None
        self.facts.end = (getattr(last, "end_lineno", None) or 1) if last else 1
        self._bind_all(self.scope, tree.body)
        self._body(tree.body)
        own = [one for one in tree.body if not isinstance(one, Function | ast.ClassDef)]
        self.facts.hash = tree_hash(own)
        self.out.names = self.scope.names

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
        value = self._made_of_class(node.value) or self.value(node.value)
        for target in node.targets:
            self._assign_to(target, value)
            self._made(target, node.value)
            self._declared(target, node.value)
            if isinstance(target, ast.Name):
                keep_elements(target.id, node.value, self.scope)
            if self.scope is self.top and isinstance(target, ast.Name):
                self.out.plain.setdefault(target.id, node.lineno)
                if (
                    isinstance(node.value, ast.Subscript)
                    and last_name(node.value.value) in MAPPINGS
                ):
                    self.out.aliases.append([target.id, node.lineno])

    def _made_of_class(self, value: ast.expr) -> int:
        """`f = classmethod(f)` below a method, as before there were decorators: the method; or
        `f = staticmethod(f)` of a function around the class, which is given no object."""
        match value:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Name(id=name) as given]) if (
                self.scope.kind == "class" and kind in ("classmethod", "staticmethod")
            ):
                for facts in reversed(self.out.functions):
                    if facts.owner == self.klass and facts.qualname == f"{self.prefix}{name}":
                        facts.flags.append(kind)
                        return self._variable(name)
                if kind == "staticmethod":
                    return self._as_it_is(value, self.value(given))
        return 0

    def _as_it_is(self, call: ast.Call, function: int) -> int:
        """A function that no object is put before: as `partial` gives it, with nothing bound."""
        to, maker = self._new(), self._new()
        self.out.externals.append([maker, "functools.partial", None])
        self._call_of(to, maker, [function], call.lineno, "staticmethod")
        return to

    def _declared(self, target: ast.expr, value: ast.expr) -> None:
        """Notes `x = attr.ib()` in the body of a class."""
        if self.scope.kind != "class" or not isinstance(value, ast.Call):
            return
        if isinstance(target, ast.Name) and text_of(value.func) in FIELDS:
            self.out.classes[self.klass].fields.append(target.id)

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
                klass = self.out.classes[self.klass]
                klass.fields.append(node.target.id)
                if node.value is None:
                    klass.declared.append(node.target.id)

    def _augmented(self, node: ast.AugAssign) -> None:
        value = self.value(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            to = self._variable(target.id)
            forget(target.id, self.scope)
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
            if "returns" not in self.facts.flags and not is_none(node.value):
                self.facts.flags.append("returns")

    def _if(self, node: ast.If) -> None:
        self._truth(self.value(node.test), node.lineno)
        self._body(node.body)
        self._body(node.orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._assign_to(node.target, self._each(self.value(node.iter), node.iter.lineno))
        go_over(node.target, node.iter, self.scope)
        self._note_pairs(node.target, node.iter)
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
            if isinstance(handler.type, ast.Tuple):
                kinds = self._item(kinds, handler.lineno)
            if handler.name is not None and handler.type is not None:
                to = self._variable(handler.name)
                self.out.instances.append([to, kinds])
            self.handled.append(kinds)
            self._body(handler.body)
            self.handled.pop()
        self._body(node.orelse)
        self._body(node.finalbody)

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            raised = self.value(node.exc)
            if raised and not isinstance(node.exc, ast.Call):
                self.out.raised.append([raised, self.function, node.lineno])
            named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            self.facts.raises.append([text_of(named), node.lineno])
        if node.cause is not None:
            self.value(node.cause)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                base, index = self.value(target.value), self.value(target.slice)
                self._operate(base, "__delitem__", [index], target.lineno)
            elif isinstance(target, ast.Attribute):
                name = DELETING + target.attr
                self._operate(self.value(target.value), name, [], target.lineno)
            if isinstance(target, ast.Subscript | ast.Attribute):
                self._touched("w", target)

    def _assert(self, node: ast.Assert) -> None:
        self._truth(self.value(node.test), node.lineno)
        if node.msg is not None:
            self.value(node.msg)

    def _match(self, node: ast.Match) -> None:
        subject = self.value(node.subject)
        for case in node.cases:
            for name in captured_names(case.pattern):
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
                    self.out.imports.append([0, whole, None, node.lineno, self.function])

    def _imported(self, name: str, module: str, member: str | None, line: int) -> None:
        row = [self._variable(name), module, member, line, self.function]
        self.out.imports.append(row)

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
            text_of(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list
        ]
        entered = self._enter(
            node.name,
            node,
            node.args,
            first_param(node, names, in_class=self.scope.kind == "class"),
        )
        facts = self.facts
        if entered[1][0].kind == "class":
            self.forwarding.update(forwarding_of(node))
        facts.decorators = names
        facts.flags += flags_of(node, names)
        facts.provides = ast.unparse(node.returns) if node.returns is not None else ""
        self._body(node.body)
        if node.returns is not None and "generator" not in facts.flags:
            self._annotate(node.returns, facts.ret)
        if node.returns is not None and is_of_values(node.returns):
            given = facts.ret
            facts.ret = self._new()
            self.out.values.append([facts.ret, given])
        self._leave(entered)
        to = self._new()
        self.out.is_function.append([to, entered[0]])
        for variable, one in reversed(decorators):
            given = to
            to = self._new()
            self._call_of(to, variable, [given], one.lineno, "@" + text_of(one))
        self._copy(self._variable(node.name), to)
        self.scope.given.add(node.name)

    def _class(self, node: ast.ClassDef) -> None:
        index = len(self.out.classes)
        facts = ClassFacts(self.prefix + node.name, node.lineno)
        for base in node.bases:
            at = len(facts.bases)
            is_meta = isinstance(base, ast.Call) and last_name(base.func) == "with_metaclass"
            for one in base.args if is_meta and isinstance(base, ast.Call) else [base]:
                named = one.value if isinstance(one, ast.Subscript) else one
                facts.bases.append(self.value(named))
            if is_meta and len(facts.bases) > at:
                facts.meta = facts.bases.pop(at)
        for keyword in node.keywords:
            given = self.value(keyword.value)
            if keyword.arg == "metaclass":
                facts.meta = given
        for one in node.decorator_list:
            if isinstance(one, ast.Call) and last_name(one.func) == "add_metaclass" and one.args:
                facts.meta = self.value(one.args[0])
        decorators = [(self.value(one), one) for one in node.decorator_list]
        facts.decorators = [
            text_of(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list
        ]
        self.out.classes.append(facts)
        saved = (self.scope, self.klass, self.prefix)
        self.scope = Scope("class", self.scope, self.function)
        self.klass, self.prefix = index, f"{facts.qualname}."
        self._bind_all(self.scope, node.body)
        facts.names = self.scope.names
        self._body(node.body)
        facts.meta = facts.meta or facts.names.get("__metaclass__", 0)
        self.scope, self.klass, self.prefix = saved
        to = self._new()
        self.out.is_class.append([to, index])
        for variable, one in reversed(decorators):
            given, to = to, self._new()
            self._call_of(to, variable, [given], one.lineno, "@" + text_of(one))
            self._copy(to, given)
        self._copy(self._variable(node.name), to)
        self.scope.given.add(node.name)
