"""The rows of a file's summary, as a walk through its tree makes them: variables and scopes."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any, Final

from parity.scan.shapes import bound_names
from parity.scan.summary import OTHER, FunctionFacts, Summary

LONGEST_NAME: Final = 60
"""Texts of more characters than this are no names of attributes."""
LONGEST_PLACE: Final = 120
PLACE: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*(:[^\W\d]\w*(\.[^\W\d]\w*)*)?")
"""A name, or that of a thing with its module: `pack.module:Class`, `pack.module.Class`."""


SHOWN: Final = re.compile(r"%(\(\w+\))?[-+ #0-9.*]*s")
SHOWN_AS_IT_IS: Final = re.compile(r"%(\(\w+\))?[-+ #0-9.*]*r")
"""What stands in a text for a value that a text is made of."""


class Scope:
    """Names that are bound here, and where to look for the others."""

    __slots__ = (
        "elements", "function", "given", "kind", "names", "outer", "own_self", "pairs", "params",
        "words",
    )  # fmt: skip

    def __init__(self, kind: str, outer: Scope | None, function: int) -> None:
        self.kind = kind
        self.outer = outer
        self.function = function
        self.names: dict[str, int] = {}
        self.params: frozenset[str] = frozenset()
        self.own_self = ""
        self.words: dict[str, tuple[str, ...]] = {}
        """Names that are one of some texts, and which."""
        self.given: set[str] = set()
        """Names that are bound so far."""
        self.elements: dict[str, Sequence[ast.expr]] = {}
        """Names that are tuples, and what is written in these."""
        self.pairs: dict[str, tuple[str, int]] = {}
        """Names that are keys of what a loop goes over: that of their values, and the dict."""


class Rows:
    """Where a walk stands, and the rows that it has made so far."""

    def __init__(self, summary: Summary, module: str, is_package: bool) -> None:
        self.out = summary
        self.package = module if is_package else module.rpartition(".")[0]
        self.scope = Scope("module", None, 0)
        self.top = self.scope
        self.function = 0
        self.facts = FunctionFacts("<module>", 1, 1)
        self.klass = -1
        self.prefix = ""
        self.loops = 0
        self.handled: list[int] = []
        self.forwarding: set[ast.expr] = set()
        self.literals: dict[str, int] = {}
        self.seen: set[tuple[Any, ...]] = set()

    def _new(self) -> int:
        self.out.size += 1
        return self.out.size - 1

    def _bind_all(self, scope: Scope, body: Sequence[ast.stmt]) -> None:
        bound: set[str] = set()
        elsewhere: set[str] = set()
        for name in bound_names(body, elsewhere):
            bound.add(name)
        for name in sorted(bound - elsewhere):
            if name not in scope.names:
                scope.names[name] = self._new()
        if scope.kind != "module":
            for name in sorted(elsewhere):
                if name not in self.top.names and self._find(name, scope) is None:
                    self.top.names[name] = self._new()
                    self.out.plain.setdefault(name, 1)

    def _find(self, name: str, scope: Scope) -> int | None:
        """The variable of a name as seen from a scope: a class's own names only within it."""
        at: Scope | None = scope
        while at is not None:
            if (at is scope or at.kind != "class") and name in at.names:
                return at.names[name]
            at = at.outer
        return None

    def _read(self, name: str) -> int:
        """The variable of a name that is read: the body of a class sees what is around it until
        it binds the name itself (`Part = Part`)."""
        scope = self.scope
        is_later = scope.kind == "class" and name in scope.names and name not in scope.given
        return self._variable(name, scope.outer if is_later else None)

    def _variable(self, name: str, scope: Scope | None = None) -> int:
        found = self._find(name, scope or self.scope)
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
            self.out.externals.append([found, f"builtins.{kind}()", None])
        return found

    def _text(self, text: str) -> int:
        """The one variable of a file that holds a text that is written there: which one is told of
        those that may be names, of attributes or of things with their modules."""
        limit = LONGEST_NAME if text.isidentifier() else LONGEST_PLACE
        text = text if len(text) <= limit and PLACE.fullmatch(text) else ""
        found = self.literals.get(f"={text}")
        if found is None:
            found = self.literals[f"={text}"] = self._new()
            self.out.externals.append([found, "builtins.str()", text])
        return found

    def _call_of(self, to: int, callee: int, args: list[int], line: int, text: str) -> None:
        """A call that nobody wrote as one: a decorator, or what an expression comes to."""
        row = [to, callee, args, [], 0, 0, line, self.function, OTHER, text, 0, "", None, 0]
        self.out.calls.append(row)

    def _copy(self, to: int, source: int) -> None:
        if source and to and to != source:
            self.out.copies.append([to, source])

    def _is_global(self, name: str) -> bool:
        at: Scope | None = self.scope
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

    def _function_scope(self) -> Scope | None:
        at: Scope | None = self.scope
        while at is not None and at.kind == "comprehension":
            at = at.outer
        return at if at is not None and at.kind == "function" else None

    def _operate(self, base: int, name: str, args: list[int], line: int) -> int:
        to = self._new()
        if base:
            self.out.operators.append([to, base, name, args, self.function, line])
        return to

    def _operator_into(self, to: int, base: int, name: str, args: list[int], line: int) -> None:
        if base:
            self.out.operators.append([to, base, name, args, self.function, line])

    def _truth(self, variable: int, line: int) -> None:
        if variable:
            self.out.operators.append([0, variable, "__bool__", [], self.function, line])

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

    def _shown(self, left: ast.expr, node: ast.expr, shown: int) -> None:
        """The parts of `text % (a, b)` are made texts of, also where the text has a name: nothing
        else takes so many, or a dict."""
        is_several = isinstance(node, ast.Tuple | ast.Dict)
        text = left.value if isinstance(left, ast.Constant) else "%s" if is_several else None
        if not isinstance(text, str):
            return
        parts = [shown]
        if isinstance(node, ast.Tuple):
            parts = [
                self._item(shown, one.lineno, str(index))
                for index, one in enumerate(node.elts)
                if not isinstance(one, ast.Constant | ast.Starred)
            ]
        elif is_several or "%(" in text:
            parts = [self._item(shown, node.lineno)]
        for sign, name in ((SHOWN_AS_IT_IS, "__repr__"), (SHOWN, "__str__")):
            for part in parts if sign.search(text) else ():
                self._operate(part, name, [], node.lineno)

    def _bag(self, node: ast.Subscript, *, written: bool) -> None:
        """Notes a text key of a parameter: a dict that is used like an object."""
        scope = self._function_scope()
        if scope is None or not isinstance(node.value, ast.Name):
            return
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if node.value.id in scope.params and isinstance(key, str):
            self.out.bags.append([self.function, node.value.id, key, int(written)])
