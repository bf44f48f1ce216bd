"""Where a port may leave something out or write it otherwise: calls of the hook around it."""

import ast
import copy
import json
from typing import Any, Container, List, Optional, Set

from .instrument import FRAMED, HOOK, Bodies, Site, called_name
from .instrument import OPERATORS as WRITTEN

ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


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
        """A case of its own, and the one behind it."""
        behind = node.orelse[0] if len(node.orelse) == 1 else None
        return self._branch(node, behind.test if isinstance(behind, ast.If) else None)

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        """A case of its own, too."""
        return self._branch(node, node.orelse.test if isinstance(node.orelse, ast.IfExp) else None)

    def _branch(self, node: Any, behind: Optional[ast.expr]) -> Any:
        later = []
        if behind is not None and not any(map(_is_bound, ast.walk(behind))):
            nothing = ast.arguments(
                posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]
            )
            asked = ast.Lambda(args=nothing, body=copy.deepcopy(behind))
            later = [ast.copy_location(asked, behind)]
        self.generic_visit(node)
        node.test = self._hook(node.test, "branch", [node.test, *later], "branch") or node.test
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


def _is_bound(node: ast.AST) -> bool:
    """Whether something cannot stand in a function of its own."""
    bound = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)
    return isinstance(node, bound) or (isinstance(node, ast.Name) and node.id in FRAMED)
