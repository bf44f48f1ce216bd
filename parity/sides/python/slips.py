"""What whoever ported a unit may have left out or written otherwise, whatever the languages mean.

A step that is not made, a case of its own that is not handled, `and` for `or`, another constant:
each is tried as a construct is that Java means otherwise (see `hook`), with a rewriting of its own.
"""

import ast
import itertools
import json
import sys
import types
from typing import Any, Container, Iterator, List, Optional, Set

from .hook import IN_PLACE, LONGEST, OPERATORS, SHOWN, Held, Hook, same, shown
from .instrument import FRAMED, HOOK, Bodies, Site, called_name
from .instrument import OPERATORS as WRITTEN

RECEIVER = "left-out-step/receiver"
ARGUMENTS = ("left-out-step/argument", "left-out-step/second", "left-out-step/third")
OPERAND = "left-out-step/operand"
NEGATION = "left-out-step/negation"
CHANGED = "left-out-step/change"
STORE = "left-out-step/store"
DONE = "left-out-step/done"
FIRST = "left-out-step/first"
BRANCH = "left-out-case/branch"
ALWAYS = "left-out-case/test"
REST = "left-out-case/rest"
LAST = "left-out-case/all-but-last"
TURNED = "and-or/turned"
VARIABLE = "other-variable/"
SWAPPED = ("turned-round/arguments", "turned-round/last-arguments")
SIDES = "turned-round/sides"
TEST = "turned-round/test"
LEAP = "turned-round/leap"
CONSTANT = "other-constant/"
LISTED = CONSTANT + "listed"
"""Of a constant that holds others, one of these."""
NUMBERS = (int, float)
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
PLAIN = (int, float, str)
MOST_LISTED = 64
CONTAINERS = (list, tuple, set, frozenset)
SAME = object()


class SlipRewriter(Bodies):
    """Puts calls of the hook around what may be left out or be otherwise."""

    def __init__(self, file: str, sites: List[Site], only: Optional[Container[int]] = None) -> None:
        super().__init__(file, sites, only)
        self.variables: List[Set[str]] = []
        """The variables of each function around what is visited."""

    def visit_FunctionDef(self, node: Any) -> Any:
        """A body, with its variables."""
        self.variables.append(variables_of(node))
        made = super().visit_FunctionDef(node)
        self.variables.pop()
        return made

    visit_AsyncFunctionDef = visit_FunctionDef

    def _hook(
        self, node: ast.AST, method: str, arguments: List[ast.expr], kind: str, what: str = ""
    ) -> Any:
        """A call of the hook with a site and operands; None where nobody asks there."""
        site = Site(len(self.sites), self.file, node, kind, what)
        self.sites.append(site)
        if self.only is not None and site.number not in self.only:
            return None
        target = ast.Attribute(value=ast.Name(id=HOOK, ctx=ast.Load()), attr=method, ctx=ast.Load())
        number = ast.Constant(value=site.number)
        made = ast.Call(func=target, args=[number, *arguments], keywords=[])
        return ast.copy_location(made, node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> Any:
        """The fields of an f-string, not the text between them."""
        node.values = [
            self.visit(one) if isinstance(one, ast.FormattedValue) else one for one in node.values
        ]
        return node

    def visit_Expr(self, node: ast.Expr) -> Any:
        """A call that stands by itself is there for what it does; a text by itself says nothing."""
        if isinstance(node.value, ast.Constant):
            return node
        if isinstance(node.value, ast.Call):
            node.value = self._call(node.value, "done")
            return node
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> Any:
        """A call whose value is used."""
        return self._call(node, "call")

    def _call(self, node: ast.Call, kind: str) -> Any:
        name = called_name(node.func)
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in FRAMED:
            return node
        called = self._hook(node, kind, [node.func, *node.args], kind, name)
        if called is None:
            return node
        called.keywords = node.keywords
        return called

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """An operation, of which the left side may be all there is."""
        what = WRITTEN[type(node.op)]
        self.generic_visit(node)
        return self._hook(node, "operand", [node.left, node.right], "operand", what) or node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        """A minus or a `not`, without which the operand is all there is."""
        is_minus = isinstance(node.op, ast.USub)
        if isinstance(node.operand, ast.Constant) and not isinstance(node.op, ast.Not):
            return node
        self.generic_visit(node)
        if not (is_minus or isinstance(node.op, ast.Not)):
            return node
        what = "neg" if is_minus else "not"
        return self._hook(node, "negated", [node.operand], "negated", what) or node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """A change of what a name holds, which may not be made."""
        node.value = value = self.visit(node.value)
        if not isinstance(node.target, ast.Name):
            node.target = self.visit(node.target)
            return node
        read = ast.copy_location(ast.Name(id=node.target.id, ctx=ast.Load()), node)
        changed = self._hook(node, "changed", [read, value], "change", WRITTEN[type(node.op)])
        if changed is None:
            return node
        return ast.copy_location(ast.Assign(targets=[node.target], value=changed), node)

    def visit_Assign(self, node: ast.Assign) -> Any:
        """What is put into an object or a container, where it may not be put."""
        self.generic_visit(node)
        if not all(isinstance(one, (ast.Attribute, ast.Subscript)) for one in node.targets):
            return node
        stores = self._hook(node, "stores", [], "store")
        if stores is None:
            return node
        return ast.copy_location(ast.If(test=stores, body=[node], orelse=[]), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        """`and` and `or`."""
        *first, last = [self.visit(value) for value in node.values]
        number = len(self.sites)
        whole = ast.copy_location(ast.BoolOp(op=node.op, values=[*first, last]), node)
        what = "or" if isinstance(node.op, ast.Or) else "and"
        made = self._hook(node, "either", [whole], "either", what)
        if made is None:
            return whole
        whole.values = [self._held(one, number) for one in first] + [last]
        return made

    def _held(self, node: ast.expr, number: int) -> ast.expr:
        target = ast.Attribute(value=ast.Name(id=HOOK, ctx=ast.Load()), attr="held", ctx=ast.Load())
        made = ast.Call(func=target, args=[ast.Constant(value=number), node], keywords=[])
        return ast.copy_location(made, node)

    def visit_Compare(self, node: ast.Compare) -> Any:
        """A comparison, of which the sides may be turned round."""
        self.generic_visit(node)
        if len(node.ops) > 1 or not isinstance(node.ops[0], ORDERS):
            return node
        sides = [node.left, node.comparators[0]]
        return self._hook(node, "ordered", sides, "ordered", WRITTEN[type(node.ops[0])]) or node

    def visit_Continue(self, node: ast.Continue) -> Any:
        """A loop that goes on, and may end."""
        return self._leap(node, ast.Break(), "continue")

    def visit_Break(self, node: ast.Break) -> Any:
        """A loop that ends, and may go on."""
        return self._leap(node, ast.Continue(), "break")

    def _leap(self, node: ast.stmt, other: ast.stmt, what: str) -> Any:
        leaps = self._hook(node, "leaps", [], "leap", what)
        if leaps is None:
            return node
        body = [ast.copy_location(other, node)]
        return ast.copy_location(ast.If(test=leaps, body=body, orelse=[node]), node)

    def visit_If(self, node: ast.If) -> Any:
        """A case of its own."""
        self.generic_visit(node)
        node.test = self._hook(node.test, "branch", [node.test], "branch") or node.test
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        """A case of its own, too."""
        self.generic_visit(node)
        node.test = self._hook(node.test, "branch", [node.test], "branch") or node.test
        return node

    def visit_Constant(self, node: ast.Constant) -> Any:
        """A number or a text."""
        if type(node.value) not in (int, float, str):
            return node
        return self._hook(node, "constant", [node], "constant", json.dumps(node.value)) or node

    def visit_Name(self, node: ast.Name) -> Any:
        """A variable; a name in capitals is one of a constant."""
        if not isinstance(node.ctx, ast.Load):
            return node
        if self.variables and node.id in self.variables[-1]:
            return self._hook(node, "variable", [node], "variable", node.id) or node
        if not node.id.isupper():
            return node
        return self._hook(node, "constant", [node], "constant") or node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """So it is behind a point."""
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or not node.attr.isupper():
            return node
        return self._hook(node, "constant", [node], "constant") or node


class Slips(Hook):
    """Does all as Python does it, but for the slip that the trial under way has for its site."""

    def _wanted(self, site: int, key: str) -> bool:
        return self.on and key in self.at.get(site, ())

    def _reach(self, site: int) -> bool:
        """Whether one looks, and has not seen enough of this site."""
        if not self.looking:
            return False
        self.reached.add(site)
        self.looks[site] = self.looks.get(site, 0) + 1
        return self.looks[site] <= self.most

    def _note(self, site: int, key: str, was: Any, other: Any) -> None:
        """Notes that the sides may part here, and plain values that would show it."""
        if same(was, other):
            return
        self.found.add((site, key))
        if type(was) in SHOWN and type(other) in SHOWN:
            self._keep((site, key), (shown(was), shown(other)))

    def call(self, site: int, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of anything, or what it was given."""
        if self._wanted(site, RECEIVER):
            return _receiver(function)
        for key, given in zip(ARGUMENTS, args):
            if self._wanted(site, key):
                return given
        for at, key in enumerate(SWAPPED):
            if self._wanted(site, key):
                args = (*args[:at], args[at + 1], args[at], *args[at + 2 :])
        if not self._reach(site):
            return function(*args, **kwargs)
        for key, one, other in zip(SWAPPED, args, args[1:]):
            if _are_alike(one, other) and not same(one, other):
                self.found.add((site, key))
        result = function(*args, **kwargs)
        receiver = _receiver(function)
        if _stands_for(receiver, result):
            self._note(site, RECEIVER, result, receiver)
        else:
            for key, given in zip(ARGUMENTS, args):
                if _stands_for(given, result):
                    self._note(site, key, result, given)
        return result

    def done(self, site: int, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call that stands by itself, or nothing."""
        if self._wanted(site, DONE):
            return None
        if self._reach(site):
            self.found.add((site, DONE))
        return function(*args, **kwargs)

    def operand(self, site: int, a: Any, b: Any) -> Any:
        """An operation, or one of its sides."""
        if self._wanted(site, OPERAND):
            return a
        if self._wanted(site, FIRST):
            return b
        if self._wanted(site, SIDES):
            a, b = b, a
        result = OPERATORS[self.sites[site].what](a, b)
        if self._reach(site):
            for key, side in ((OPERAND, a), (FIRST, b)):
                if type(side) is type(result) or (_is_number(side) and _is_number(result)):
                    self._note(site, key, result, side)
            if _are_alike(a, b) and not same(a, b):
                self.found.add((site, SIDES))
        return result

    def ordered(self, site: int, a: Any, b: Any) -> Any:
        """A comparison, or the same with its sides turned round."""
        compare = OPERATORS[self.sites[site].what]
        if self._wanted(site, SIDES):
            return compare(b, a)
        if self._reach(site) and not same(a, b):
            self.found.add((site, SIDES))
        return compare(a, b)

    def leaps(self, site: int) -> bool:
        """Whether a loop goes on where it ends, or ends where it goes on."""
        if self._reach(site):
            self.found.add((site, LEAP))
        return self._wanted(site, LEAP)

    def variable(self, site: int, value: Any) -> Any:
        """What a variable holds, or another one beside it."""
        wanted = [one for one in self.at.get(site, ()) if one.startswith(VARIABLE)]
        if self.on and wanted:
            return sys._getframe(1).f_locals.get(wanted[0][len(VARIABLE) :], value)
        if self._reach(site):
            for name, other in sys._getframe(1).f_locals.items():
                if name.isidentifier() and _are_alike(value, other):
                    self._note(site, VARIABLE + name, value, other)
        return value

    def negated(self, site: int, value: Any) -> Any:
        """The opposite of a value, or the value."""
        if self._wanted(site, NEGATION):
            return value
        negated = -value if self.sites[site].what == "neg" else not value
        if self._reach(site):
            self._note(site, NEGATION, negated, value)
        return negated

    def changed(self, site: int, a: Any, b: Any) -> Any:
        """A change in place, or nothing."""
        if self._wanted(site, CHANGED):
            return a
        if self._reach(site):
            self.found.add((site, CHANGED))
        return IN_PLACE[self.sites[site].what](a, b)

    def stores(self, site: int) -> bool:
        """Whether something is put where it belongs."""
        if self._reach(site):
            self.found.add((site, STORE))
        return not self._wanted(site, STORE)

    def branch(self, site: int, test: Any) -> Any:
        """The test of a case: what is not handled never comes, what is not tested always."""
        if self._wanted(site, BRANCH):
            return False
        if self._wanted(site, ALWAYS):
            return True
        if self._wanted(site, TEST):
            return not test
        if self._reach(site):
            self.found.update([(site, BRANCH if test else ALWAYS), (site, TEST)])
        return test

    def held(self, site: int, value: Any) -> Any:
        """An operand of `and` or `or`, but the last: turned round the one is the other, and what
        decides leaves out those behind it."""
        is_or = self.sites[site].what == "or"
        for key, counts_as in ((TURNED, not value), (REST, is_or), (LAST, not is_or)):
            if self._wanted(site, key):
                return Held(value, counts_as)
        return value

    def either(self, site: int, value: Any) -> Any:
        """The result of `and` or `or`."""
        if self._reach(site):
            self.found.update([(site, TURNED), (site, REST), (site, LAST)])
        return value.value if type(value) is Held else value

    def constant(self, site: int, value: Any) -> Any:
        """A number or a text, or another one; or what holds some of them, with another one."""
        if self.on:
            for key in self.at.get(site, ()):
                if key.startswith(CONSTANT):
                    other = json.loads(key[len(CONSTANT) :])
                    return _with(value, *other) if type(other) is list else other
        if self._reach(site):
            if type(value) in PLAIN:
                self._keep_constant(site, CONSTANT, value)
            elif type(value) in CONTAINERS or isinstance(value, (dict, tuple)):
                for one in itertools.islice(_listed(value), MOST_LISTED):
                    self._keep_constant(site, LISTED, one)
        return value

    def _keep_constant(self, site: int, key: str, value: Any) -> None:
        """Keeps that a constant is there: of what holds some, each by itself."""
        text = json.dumps(value)
        pairs = self.given.setdefault((site, key), [])
        if len(text) <= LONGEST and (text, text) not in pairs:
            pairs.append((text, text))


def _listed(value: Any) -> Iterator[Any]:
    """The numbers and texts that something holds, also further within."""
    if type(value) in PLAIN:
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _listed(key)
            yield from _listed(one)
    elif isinstance(value, CONTAINERS):
        for one in value:
            yield from _listed(one)


def _with(value: Any, mine: Any, other: Any) -> Any:
    """The same with another constant in place of one of those that it holds."""
    if type(value) in PLAIN:
        return other if type(value) is type(mine) and value == mine else value
    if isinstance(value, dict):
        made = {_with(key, mine, other): _with(one, mine, other) for key, one in value.items()}
        return made if type(value) is dict else value
    if type(value) in CONTAINERS:
        return type(value)(_with(one, mine, other) for one in value)
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(_with(one, mine, other) for one in value)
    return value


def variables_of(function: Any) -> Set[str]:
    """The names that a function gives values to, parameters among them; not those of functions
    within it."""
    taken = function.args
    found = [*getattr(taken, "posonlyargs", []), *taken.args, *taken.kwonlyargs]
    found += [one for one in (taken.vararg, taken.kwarg) if one is not None]
    names, left = {one.arg for one in found}, list(function.body)
    outside: Set[str] = set()
    while left:
        node = left.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            outside.update(node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        left += ast.iter_child_nodes(node)
    return names - outside


def _are_alike(one: Any, other: Any) -> bool:
    """Whether one value may stand where another does."""
    return type(one) is type(other) or (_is_number(one) and _is_number(other))


def _is_number(value: Any) -> bool:
    return type(value) in NUMBERS


def _receiver(function: Any) -> Any:
    """What a method is called on; SAME where there is nothing of the kind."""
    owner = getattr(function, "__self__", None)
    if owner is None or isinstance(owner, (types.ModuleType, type)):
        return SAME
    return owner


def _stands_for(given: Any, result: Any) -> bool:
    """Whether what was given could stand where the result of a call does."""
    if result is None or isinstance(result, bool):
        return False
    return type(given) is type(result) or (
        isinstance(given, CONTAINERS) and isinstance(result, CONTAINERS)
    )
