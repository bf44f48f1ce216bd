"""Drafts a state machine for a function that calls steps: each statement a state, or a refusal.

Variables of the function are fields of the machine's data: `order` is `$.order`. Steps are given
their parameters by name. What a state machine cannot say is refused with its line, and then there
is no machine at all: a draft is right or is none.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.decouple.reading import Function, Source, dotted, every_parameter, names_in, within
from parity.seams import Draft, DraftedState, Refusal
from parity.values.words import pascal_case

ANY: Final = {"Exception", "BaseException"}
SLEEPS: Final = {"time.sleep", "asyncio.sleep"}
POOLS: Final = {"concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor",
                "multiprocessing.pool.ThreadPool"}  # fmt: skip
LOGS: Final = ("logging.", "logger.", "log.", "LOG.", "_log.", "_logger.", "LOGGER.")
COMPARED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "Equals", ast.Lt: "LessThan", ast.LtE: "LessThanEquals", ast.Gt: "GreaterThan",
    ast.GtE: "GreaterThanEquals",
}  # fmt: skip
END: Final = ""
"""The way to where a machine ends."""


@dataclass(frozen=True, slots=True)
class Step:
    """A function of the project that an orchestrator may call."""

    unit: str
    parameters: tuple[str, ...]
    required: frozenset[str]
    returns: str
    hindrance: str
    """Why it cannot be a step as it is; empty where it can."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a draft needs to know of the project: steps by line and text, and exceptions."""

    step: Callable[[ast.Call], Step | None]
    subclasses: Callable[[str], frozenset[str] | None]
    """The names of all classes below an exception of the project; None where it is none."""


class _Refused(Exception):
    def __init__(self, node: ast.AST, why: str) -> None:
        super().__init__(why)
        self.line = getattr(node, "lineno", 0)
        self.why = why


@dataclass(frozen=True, slots=True)
class _Handler:
    """What catches the errors of states: their names, and the state to go to."""

    errors: tuple[str, ...]
    to: str
    path: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a statement stands: what catches its errors, and where `break` and `continue` go."""

    handlers: tuple[_Handler, ...] = ()
    stop: str | None = None
    again: str | None = None
    caught: str | None = None
    """Where the error stands that a bare `raise` raises again."""

    inner: bool = False
    """Whether this is the machine of a Map, from which nothing returns."""

    outer: bool = False
    """Whether a bare `raise` would meet a `try` around it."""


@dataclass(slots=True)
class _States:
    """States of one machine as they are made, the last first."""

    states: dict[str, dict[str, Any]] = field(default_factory=dict)


def draft(unit: str, source: Source, function: Function, around: Surroundings) -> Draft:
    """The machine for a function; none, with every refusal, where something cannot be said."""
    drafter = _Drafter(unit, source, function, around)
    machine = drafter.whole()
    if drafter.refusals or machine is None:
        return Draft(unit, None, (), {}, tuple(drafter.refusals), tuple(drafter.notes))
    return Draft(unit, machine, tuple(sorted(drafter.drafted, key=lambda one: one.line)),
                 drafter.functions, (), tuple(drafter.notes))  # fmt: skip


class _Drafter:
    def __init__(self, unit: str, source: Source, function: Function, around: Surroundings) -> None:
        self.unit = unit
        self.source = source
        self.function = function
        self.around = around
        self.refusals: list[Refusal] = []
        self.notes: list[str] = []
        self.drafted: list[DraftedState] = []
        self.functions: dict[str, str] = {}
        self.taken: set[str] = set()
        self.names = names_in(function)
        self.fresh = 0
        self.kinds: dict[str, str] = {}
        self.constants = _constants(source.tree)
        for one in every_parameter(function.args):
            if one.annotation is not None:
                self.kinds[one.arg] = ast.unparse(one.annotation)

    # -- the machine -------------------------------------------------------------------------

    def whole(self) -> dict[str, Any] | None:
        """The outermost machine."""
        self._refuse_what_cannot_be()
        known = {one.arg for one in every_parameter(self.function.args)} - {"self", "cls"}
        self._infer_kinds()
        body = [one for one in self.function.body if not _is_text(one)]
        into = _States()
        end = self._pass(into, self.function, END, {"Result": None}, name="ReturnNothing")
        start = self._block(body, end, _Scope(), into, known)
        if self.refusals:
            return None
        states = _reached(start, into.states)
        self.drafted = [one for one in self.drafted if one.path.rpartition("/")[2] in _all(states)]
        where = f"{self.source.shown}:{self.function.lineno}"
        return {"Comment": f"Draft of {self.unit} ({where})", "StartAt": start, "States": states}

    def _refuse_what_cannot_be(self) -> None:
        arguments = self.function.args
        if arguments.vararg or arguments.kwarg:
            self._refuse(self.function, "it takes any number of arguments")
        for node in within(self.function.body):
            match node:
                case ast.Yield() | ast.YieldFrom():
                    self._refuse(node, "it gives values on the way: a machine gives one at its end")
                case ast.Global() | ast.Nonlocal():
                    self._refuse(node, "it writes variables outside of it")
                case _:
                    pass

    def _infer_kinds(self) -> None:
        """What kind of value a variable holds where each assignment says the same."""
        seen: dict[str, set[str]] = {}
        for node in within(self.function.body):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    seen.setdefault(name, set()).add(self._kind(value))
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                    seen.setdefault(name, set()).add(ast.unparse(annotation))
                case ast.AugAssign(target=ast.Name(id=name)):
                    seen.setdefault(name, set()).add("int")
                case ast.For(target=ast.Name(id=name)):
                    seen.setdefault(name, set()).add("")
                case _:
                    pass
        for name, kinds in seen.items():
            whole = kinds | ({self.kinds[name]} if name in self.kinds else set())
            self.kinds[name] = whole.pop() if len(whole) == 1 else ""

    def _kind(self, value: ast.expr) -> str:
        match value:
            case ast.Await():
                return self._kind(value.value)
            case ast.Constant():
                return type(value.value).__name__
            case ast.Call():
                step = self.around.step(value)
                return step.returns if step is not None else ""
            case ast.Name():
                return self.kinds.get(value.id, "")
            case ast.List() | ast.ListComp():
                return "list"
            case _:
                return ""

    def _refuse(self, node: ast.AST, why: str) -> None:
        line = getattr(node, "lineno", self.function.lineno)
        refusal = Refusal("workflow", self.unit, self.source.shown, line, why)
        if refusal not in self.refusals:
            self.refusals.append(refusal)

    # -- statements, from the last to the first ------------------------------------------------

    def _block(
        self, body: Sequence[ast.stmt], then: str, scope: _Scope, into: _States, known: set[str]
    ) -> str:
        """The first state of statements that go on to `then`. `known` gains what they assign."""
        before: list[set[str]] = []
        reached = set(known)
        for statement in body:
            before.append(set(reached))
            reached |= _surely(statement) or set()
        known |= reached
        for at in range(len(body) - 1, -1, -1):
            try:
                then = self._statement(body, at, then, scope, into, before[at])
            except _Refused as refused:
                self._refuse(_At(refused.line), refused.why)
        return then

    def _statement(
        self,
        body: Sequence[ast.stmt],
        at: int,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
    ) -> str:
        statement = body[at]
        match statement:
            case ast.Pass():
                return then
            case ast.Expr(value=ast.Constant()):
                return then
            case ast.Expr(value=value):
                return self._expression(statement, value, None, then, scope, into, known)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                return self._expression(statement, value, name, then, scope, into, known)
            case ast.AnnAssign(value=None):
                return then
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Sub()):
                return self._count(statement, name, then, into)
            case ast.Return():
                return self._return(statement, scope, into, known)
            case ast.If():
                yes = self._block(statement.body, then, scope, into, set(known))
                no = self._block(statement.orelse, then, scope, into, set(known))
                return self._condition(statement.test, yes, no, scope, into, known)
            case ast.While(orelse=[]):
                return self._while(statement, then, scope, into, known)
            case ast.For():
                return self._for(body, at, then, scope, into, known)
            case ast.Try():
                return self._try(statement, then, scope, into, known)
            case ast.With(items=[ast.withitem()]):
                return self._pool(statement, then, scope, into, known)
            case ast.Raise():
                return self._raise(statement, scope, into)
            case ast.Break() if scope.stop is not None:
                return scope.stop
            case ast.Continue() if scope.again is not None:
                return scope.again
            case ast.Break():
                raise _Refused(statement, "a Map does all items: none ends it early")
            case ast.Import() | ast.ImportFrom():
                return then
            case _:
                raise _Refused(statement, f"no state says {_what(statement)}: make it a step")

    def _expression(
        self,
        statement: ast.stmt,
        value: ast.expr,
        name: str | None,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
    ) -> str:
        """A value that is kept in a variable, or a call for what it does."""
        if isinstance(value, ast.Await):
            value = value.value
        path = f"$.{name}" if name is not None else None
        if isinstance(value, ast.Call):
            called = self._resolved(value.func)
            if called in SLEEPS:
                return self._wait(statement, value, then, into)
            if name is None and (called == "print" or _is_log(called)):
                self.notes.append(f"line {value.lineno}: {called} is left out")
                return then
            if called == "asyncio.gather":
                return self._gather(statement, value, path, then, scope, into, known)
            if called == "asyncio.wait_for":
                return self._limited(statement, value, path, then, scope, into, known)
            return self._task(statement, value, path, then, scope, into, known)
        if isinstance(value, ast.ListComp):
            return self._comprehension(statement, value, path, then, scope, into, known, 1)
        if name is None:
            raise _Refused(statement, "a value that nobody takes")
        return self._hoisted(
            [value],
            scope,
            into,
            known,
            lambda given: self._assign(statement, given[0], name, then, into),
        )

    def _assign(
        self, statement: ast.stmt, value: ast.expr, name: str, then: str, into: _States
    ) -> str:
        key, said = self._said(value)
        path = f"$.{name}"
        if not key:
            return self._pass(into, statement, then, {"Result": said, "ResultPath": path}, name)
        given = "InputPath" if key == ".$" else "Parameters"
        return self._pass(into, statement, then, {given: said, "ResultPath": path}, name)

    def _count(self, statement: ast.AugAssign, name: str, then: str, into: _States) -> str:
        by = statement.value
        count = by.value if isinstance(by, ast.Constant) else None
        if not isinstance(count, int) or type(count) is bool or self.kinds.get(name) != "int":
            raise _Refused(statement, "it computes: make it a step")
        step = count if isinstance(statement.op, ast.Add) else -count
        held = self._variable("sum")
        last = self._pass(
            into,
            statement,
            then,
            {"InputPath": f"{held}.value", "ResultPath": f"$.{name}"},
            f"keep_{name}",
        )
        said = {"value.$": f"States.MathAdd($.{name}, {step})"}
        return self._pass(
            into, statement, last, {"Parameters": said, "ResultPath": held}, f"count_{name}"
        )

    def _return(self, statement: ast.Return, scope: _Scope, into: _States, known: set[str]) -> str:
        if scope.inner:
            raise _Refused(statement, "a Map does all items: none returns from within")
        value = statement.value
        if isinstance(value, ast.Await):
            value = value.value
        if value is None:
            return self._pass(into, statement, END, {"Result": None}, "return")
        if isinstance(value, ast.Call | ast.ListComp):
            held = self._variable("result")[2:]
            end = self._pass(into, statement, END, {"InputPath": f"$.{held}"}, "return")
            return self._expression(statement, value, held, end, scope, into, known)

        def end_with(given: list[ast.expr]) -> str:
            key, said = self._said(given[0])
            if not key:
                return self._pass(into, statement, END, {"Result": said}, "return")
            given_ = "InputPath" if key == ".$" else "Parameters"
            return self._pass(into, statement, END, {given_: said}, "return")

        return self._hoisted([value], scope, into, known, end_with)

    def _raise(self, statement: ast.Raise, scope: _Scope, into: _States) -> str:
        if statement.exc is None:
            if scope.caught is None or scope.outer:
                raise _Refused(statement, "a Fail cannot be caught by what is around it")
            said = {"ErrorPath": f"{scope.caught}.Error", "CausePath": f"{scope.caught}.Cause"}
            return self._add(into, statement, "Fail", said, "raise_again")
        call = statement.exc
        name = dotted(call.func if isinstance(call, ast.Call) else call)
        if name is None:
            raise _Refused(statement, "what it raises has no name")
        error = name.rpartition(".")[2]
        unseen = self.around.subclasses(error) is None and not _is_builtin_error(error)
        if scope.handlers and unseen:
            raise _Refused(statement, f"whether the `try` around it catches {error} is not seen")
        for handler in scope.handlers:
            if "States.ALL" in handler.errors or error in handler.errors:
                held = {"Error": error, "Cause": ""}
                return self._pass(
                    into,
                    statement,
                    handler.to,
                    {"Result": held, "ResultPath": handler.path},
                    f"raise_{error}",
                )
        cause = ""
        if isinstance(call, ast.Call) and call.args:
            match call.args[0]:
                case ast.Constant(value=str(text)):
                    cause = text
                case other:
                    cause = ast.unparse(other)
        return self._add(into, statement, "Fail", {"Error": error, "Cause": cause}, f"fail_{error}")

    # -- control ---------------------------------------------------------------------------------

    def _while(
        self, statement: ast.While, then: str, scope: _Scope, into: _States, known: set[str]
    ) -> str:
        top = self._name("Again")
        inner = _Scope(scope.handlers, then, top, scope.caught, scope.inner, scope.outer)
        first = self._block(statement.body, top, inner, into, set(known))
        endless = isinstance(statement.test, ast.Constant) and statement.test.value is True
        if endless:
            start = first
        else:
            start = self._condition(statement.test, first, then, scope, into, known)
        if start == top:
            raise _Refused(statement, "it goes round without doing anything")
        # a name of its own, so that the way back leads to the test and what it calls
        into.states[top] = {"Type": "Pass", "Comment": self._comment(statement), "Next": start}
        self.drafted.append(self._told(top, "Pass", statement))
        self.notes.append(f"line {statement.lineno}: its rounds have no bound, a history has")
        return top

    def _for(
        self,
        body: Sequence[ast.stmt],
        at: int,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
    ) -> str:
        statement = body[at]
        assert isinstance(statement, ast.For)
        retried = self._retried(statement, then, scope, into, known)
        if retried is not None:
            return retried
        if statement.orelse:
            raise _Refused(statement, "`else` of a loop: a Map does all items")
        if not isinstance(statement.target, ast.Name):
            raise _Refused(statement, "an item with several names: give it one")
        item = statement.target.id
        inner = list(statement.body)
        gathered: str | None = None
        given: ast.expr | None = None
        match inner[-1]:
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=kept), attr="append"), args=[one]
                )
            ):
                gathered, given = kept, one
                inner = inner[:-1]
            case _:
                pass
        if gathered is not None and not self._empty_before(body, at, gathered):
            raise _Refused(statement, f"`{gathered}` is not made empty right before the loop")
        assigned = {name for one in inner for name in _assigned(one)} | {item}
        if gathered is not None and any(gathered in names_in(one) for one in inner):
            raise _Refused(statement, f"`{gathered}` is used within the loop: items know no other")
        carried = _carried(inner, {item})
        if carried:
            name = sorted(carried)[0]
            raise _Refused(statement, f"`{name}` goes from item to item: a Map cannot")
        inside = {id(node) for node in ast.walk(statement)}
        for node in ast.walk(self.function):
            if isinstance(node, ast.Name) and node.id in assigned and id(node) not in inside:
                if isinstance(node.ctx, ast.Load) and not self._counts_another(node, statement):
                    raise _Refused(node, f"`{node.id}` comes from the last item of a Map")
        path = f"$.{gathered}" if gathered is not None else None
        return self._map(
            statement, item, statement.iter, inner, given, path, 1, then, scope, into, known
        )

    def _empty_before(self, body: Sequence[ast.stmt], at: int, name: str) -> bool:
        for one in reversed(body[:at]):
            match one:
                case (
                    ast.Assign(targets=[ast.Name(id=found)], value=ast.List(elts=[]))
                    | ast.AnnAssign(target=ast.Name(id=found), value=ast.List(elts=[]))
                ) if found == name:
                    return True
                case _:
                    if name in names_in(one):
                        return False
        return False

    def _map(
        self,
        statement: ast.stmt,
        item: str,
        items: ast.expr,
        body: Sequence[ast.stmt],
        given: ast.expr | None,
        path: str | None,
        at_a_time: int,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
    ) -> str:
        """A Map whose items do `body`, and give `given` where it is there."""
        machine = _States()
        inner = _Scope(inner=True)
        if given is not None:
            held = self._variable("given")[2:]
            end = self._pass(machine, given, END, {"InputPath": f"$.{held}"}, "give")
            value = given
            start = self._expression(
                _At(given.lineno), value, held, end, inner, machine, {*known, item}
            )
        else:
            start = self._pass(machine, statement, END, {"Result": None}, "end_item")
        inner = _Scope(inner=True, again=start if given is None else None)
        start = self._block(body, start, inner, machine, {*known, item})
        used = set().union(*(names_in(one) for one in body), names_in(given) if given else set())
        told = {f"{item}.$": "$$.Map.Item.Value"}
        assigned = {name for one in body for name in _assigned(one)}
        maybe = {name for one in self.function.body for name in _assigned(one)}
        arguments = {one.arg for one in every_parameter(self.function.args)}
        for name in sorted(used - {item} - assigned):
            if name in known and name not in ("self", "cls"):
                told[f"{name}.$"] = f"$.{name}"
            elif name in maybe and name not in arguments:
                raise _Refused(statement, f"`{name}` may not be there yet, and items need it")
        states = _reached(start, machine.states)

        def made(values: list[ast.expr]) -> str:
            key, said = self._said(values[0])
            if not key or not isinstance(said, str) or not said.startswith("$"):
                raise _Refused(items, "the items are no variable: make a step that gives them")
            whole = {
                "ItemsPath": said,
                "MaxConcurrency": at_a_time,
                "ItemSelector": told,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": start,
                    "States": states,
                },
                "ResultPath": path,
            }
            return self._add(into, statement, "Map", whole, f"each_{item}", then, scope)

        return self._hoisted([items], scope, into, known, made)

    def _comprehension(
        self,
        statement: ast.stmt,
        value: ast.ListComp | ast.GeneratorExp,
        path: str | None,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
        at_a_time: int,
    ) -> str:
        match value.generators:
            case [ast.comprehension(target=ast.Name(id=item), iter=items, ifs=[])]:
                return self._map(
                    statement, item, items, [], value.elt, path, at_a_time, then, scope, into, known
                )
            case _:
                raise _Refused(value, "a Map takes all items of one list: make a step that chooses")

    def _gather(
        self,
        statement: ast.stmt,
        value: ast.Call,
        path: str | None,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
    ) -> str:
        if value.keywords:
            raise _Refused(value, "gather with return_exceptions: a Map ends at the first error")
        self.notes.append(
            f"line {value.lineno}: where one fails, python lets the others go on; AWS ends them"
        )
        match value.args:
            case [ast.Starred(value=ast.ListComp() | ast.GeneratorExp() as each)]:
                return self._comprehension(statement, each, path, then, scope, into, known, 0)
            case [*calls] if calls and all(isinstance(one, ast.Call) for one in calls):
                branches = []
                for call in calls:
                    machine = _States()
                    held = self._variable("given")[2:]
                    end = self._pass(machine, call, END, {"InputPath": f"$.{held}"}, "give")
                    start = self._expression(
                        _At(call.lineno), call, held, end, _Scope(inner=True), machine, set(known)
                    )
                    branches.append({"StartAt": start, "States": _reached(start, machine.states)})
                whole = {"Branches": branches, "ResultPath": path}
                return self._add(into, statement, "Parallel", whole, "together", then, scope)
            case _:
                raise _Refused(value, "what is gathered is not seen: write the calls here")

    def _limited(
        self,
        statement: ast.stmt,
        value: ast.Call,
        path: str | None,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
    ) -> str:
        limit = value.args[1:] + [one.value for one in value.keywords if one.arg == "timeout"]
        match value.args[:1], limit:
            case [ast.Call() as call], [ast.Constant(value=int(seconds))] if seconds > 0:
                more = {"TimeoutSeconds": seconds}
                return self._task(statement, call, path, then, scope, into, known, more)
            case _:
                raise _Refused(value, "a timeout is a whole number of seconds, of one call")

    def _pool(
        self, statement: ast.With, then: str, scope: _Scope, into: _States, known: set[str]
    ) -> str:
        """`with ThreadPoolExecutor(4) as pool: results = list(pool.map(step, items))`."""
        held = statement.items[0]
        made, name = held.context_expr, held.optional_vars
        if not isinstance(made, ast.Call) or self._resolved(made.func) not in POOLS:
            raise _Refused(statement, "a context is left in each case, a machine has no such thing")
        workers = [*made.args, *(one.value for one in made.keywords if one.arg == "max_workers")]
        match workers, statement.body, name:
            case (
                [ast.Constant(value=int(count))],
                [ast.Assign(targets=[ast.Name(id=result)], value=value)],
                ast.Name(id=pool),
            ):
                path: str | None = f"$.{result}"
            case [ast.Constant(value=int(count))], [ast.Expr(value=value)], ast.Name(id=pool):
                path = None
            case _:
                raise _Refused(statement, "of a pool only `list(pool.map(step, items))` is known")
        match value:
            case ast.Call(func=ast.Name(id="list"), args=[ast.Call() as mapped]):
                pass
            case _:
                raise _Refused(value, "of a pool only `list(pool.map(step, items))` is known")
        if dotted(mapped.func) != f"{pool}.map" or len(mapped.args) != 2 or mapped.keywords:
            raise _Refused(value, "of a pool only `list(pool.map(step, items))` is known")
        step, items = mapped.args
        item = self._variable("item")[2:]
        call: ast.expr = ast.copy_location(
            ast.Call(step, [ast.copy_location(ast.Name(item, ast.Load()), mapped)], []), mapped
        )
        if isinstance(step, ast.Lambda) and len(step.args.args) == 1:
            item, call = step.args.args[0].arg, step.body
        self.notes.append(
            f"line {value.lineno}: where an item fails, python does those begun; AWS ends them"
        )
        inner = statement.body[0]
        return self._map(inner, item, items, [], call, path, count, then, scope, into, known)

    def _try(
        self, statement: ast.Try, then: str, scope: _Scope, into: _States, known: set[str]
    ) -> str:
        if statement.finalbody:
            raise _Refused(statement.finalbody[0], "`finally`: say it in both ways")
        after = self._block(statement.orelse, then, scope, into, set(known))
        handlers: list[_Handler] = []
        for handler in statement.handlers:
            path = self._variable("caught")
            if handler.name and any(
                isinstance(node, ast.Name) and node.id == handler.name
                for one in handler.body
                for node in ast.walk(one)
            ):
                why = f"what `{handler.name}` holds is python's: a Catch has its name and text only"
                self._refuse(handler, why)
                continue
            inner = _Scope(
                scope.handlers, scope.stop, scope.again, path, scope.inner, bool(scope.handlers)
            )
            first = self._block(handler.body, then, inner, into, set(known))
            if first == END:
                first = self._pass(into, handler, END, {}, "handled")
            handlers.append(_Handler(self._errors(handler), first, path))
        body = _Scope(
            (*handlers, *scope.handlers), scope.stop, scope.again, scope.caught, scope.inner,
            scope.outer,
        )  # fmt: skip
        return self._block(statement.body, after, body, into, set(known))

    def _errors(self, handler: ast.ExceptHandler) -> tuple[str, ...]:
        if handler.type is None:
            return ("States.ALL",)
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        found: set[str] = set()
        for kind in kinds:
            name = dotted(kind)
            if name is None:
                raise _Refused(handler, "what it catches has no name")
            simple = name.rpartition(".")[2]
            if simple in ANY:
                return ("States.ALL",)
            below = self.around.subclasses(simple)
            if below is None and not _is_builtin_error(simple):
                raise _Refused(handler, f"which errors are a {simple} is not seen: name them")
            found |= {simple, *(below or ()), *_builtin_subclasses(simple)}
            if below is None:
                for one in _builtin_subclasses(simple) | {simple}:
                    found |= self.around.subclasses(one) or frozenset()
            if simple in ("TimeoutError", "OSError"):
                found.add("States.Timeout")
        return tuple(sorted(found))

    def _retried(
        self, statement: ast.For, then: str, scope: _Scope, into: _States, known: set[str]
    ) -> str | None:
        """`for _ in range(N): try: step(); break; except E: sleep`, as a Task with Retry."""
        match statement:
            case ast.For(
                target=ast.Name(id=attempt),
                iter=ast.Call(func=ast.Name(id="range"), args=[bound], keywords=[]),
                body=[ast.Try(handlers=[handler], orelse=[], finalbody=[]) as tried],
            ):
                pass
            case _:
                return None
        count = self._constant(bound)
        if type(count) is not int or count < 1:
            raise _Refused(statement, "how often it is tried is no number that is written")
        match tried.body:
            case [ast.Expr() | ast.Assign() as call, ast.Break()]:
                ends = False
            case [ast.Return(value=ast.expr()) as call]:
                ends = True
            case _:
                raise _Refused(tried, "more than one step is tried again: make them one")
        if ends and scope.inner:
            raise _Refused(call, "a Map does all items: none returns from within")
        of_handler = {id(node) for one in handler.body for node in ast.walk(one)}
        for node in ast.walk(self.function):
            if isinstance(node, ast.Name) and node.id == attempt and id(node) not in of_handler:
                if isinstance(node.ctx, ast.Load) and not self._counts_another(node, statement):
                    raise _Refused(node, f"how often it was tried (`{attempt}`) is not known")
        errors = self._errors(handler)
        again, interval, rate = self._between(handler, attempt, count)
        states_handlers = scope.handlers
        retry = {
            "ErrorEquals": list(errors),
            "IntervalSeconds": interval,
            "MaxAttempts": count - 1,
            "BackoffRate": rate,
        }
        if not again:
            path = self._variable("caught")
            after = self._block(statement.orelse, then, scope, into, set(known))
            if after == END:
                after = self._pass(into, handler, END, {}, "given_up")
            states_handlers = (_Handler(errors, after, path), *scope.handlers)
        elif statement.orelse:
            raise _Refused(statement.orelse[0], "this is never reached: the last error is raised")
        inner = _Scope(states_handlers, scope.stop, scope.again, None, scope.inner, scope.outer)
        value = call.value
        if isinstance(value, ast.Await):
            value = value.value
        if not isinstance(value, ast.Call):
            raise _Refused(call, "what is tried again is no call")
        more = {"Retry": [retry]} if count > 1 else {}
        path_: str | None = None
        after = then
        if ends:
            path_ = self._variable("result")
            after = self._pass(into, call, END, {"InputPath": path_}, "return")
        elif isinstance(call, ast.Assign):
            if not isinstance(call.targets[0], ast.Name):
                raise _Refused(call, "several names at once: give the result one")
            path_ = f"$.{call.targets[0].id}"
        if interval and not _sleeps(handler):
            self.notes.append(f"line {statement.lineno}: it is tried again after a second")
        return self._task(call, value, path_, after, inner, into, known, more)

    def _counts_another(self, use: ast.Name, loop: ast.For) -> bool:
        """Whether a use is within another loop that has the same name."""
        return any(
            isinstance(node, ast.For)
            and node is not loop
            and isinstance(node.target, ast.Name)
            and node.target.id == use.id
            and any(one is use for one in ast.walk(node))
            for node in ast.walk(self.function)
        )

    def _between(
        self, handler: ast.ExceptHandler, attempt: str, count: int
    ) -> tuple[bool, int, float]:
        """Whether the last error is raised again, the wait after an attempt, and its growth."""
        again, slept, interval, rate = False, False, 1, 1.0
        for one in handler.body:
            match one:
                case ast.If(test=test, body=[ast.Raise(exc=None)], orelse=[]) if not slept:
                    last = {f"{attempt} == {count - 1}", f"{attempt} >= {count - 1}"}
                    folded = ast.unparse(
                        _Folded(self).visit(ast.parse(ast.unparse(test), mode="eval"))
                    )
                    if folded not in last:
                        raise _Refused(one, "which attempt is the last one is not seen")
                    again = True
                case (
                    ast.Expr(value=ast.Await(value=ast.Call() as call))
                    | ast.Expr(value=ast.Call() as call)
                ):
                    called = self._resolved(call.func)
                    if _is_log(called) or called == "print":
                        self.notes.append(f"line {one.lineno}: {called} is left out")
                    elif called in SLEEPS and len(call.args) == 1:
                        interval, rate = self._interval(call.args[0], attempt)
                        slept = True
                    else:
                        raise _Refused(one, "a Retry does nothing but wait")
                case ast.Pass() | ast.Continue():
                    pass
                case _:
                    raise _Refused(one, "a Retry does nothing but wait")
        return again, interval, rate

    def _interval(self, value: ast.expr, attempt: str) -> tuple[int, float]:
        match value:
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Name(id=name)) if name == attempt:
                base = self._constant(left)
                if isinstance(base, int | float) and base >= 1:
                    return 1, float(base)
            case ast.BinOp(
                left=factor,
                op=ast.Mult(),
                right=ast.BinOp(left=left, op=ast.Pow(), right=ast.Name(id=name)),
            ) if name == attempt:
                first, base = self._constant(factor), self._constant(left)
                if type(first) is int and first > 0 and isinstance(base, int | float) and base >= 1:
                    return first, float(base)
            case _:
                seconds = self._constant(value)
                if isinstance(seconds, float) and seconds.is_integer():
                    seconds = int(seconds)
                if type(seconds) is int and seconds > 0:
                    return seconds, 1.0
        raise _Refused(value, "a Retry waits whole seconds, and longer by a factor")

    def _condition(
        self,
        test: ast.expr,
        yes: str,
        no: str,
        scope: _Scope,
        into: _States,
        known: set[str],
    ) -> str:
        """The first state of a test; what it calls is called only where python does."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._condition(operand, no, yes, scope, into, known)
            case ast.BoolOp(op=ast.And(), values=[first, *rest]):
                others = (
                    rest[0]
                    if len(rest) == 1
                    else ast.copy_location(ast.BoolOp(ast.And(), rest), rest[0])
                )
                second = self._condition(others, yes, no, scope, into, known)
                return self._condition(first, second, no, scope, into, known)
            case ast.BoolOp(op=ast.Or(), values=[first, *rest]):
                others = (
                    rest[0]
                    if len(rest) == 1
                    else ast.copy_location(ast.BoolOp(ast.Or(), rest), rest[0])
                )
                second = self._condition(others, yes, no, scope, into, known)
                return self._condition(first, yes, second, scope, into, known)
            case ast.Constant(value=bool(sure)):
                return yes if sure else no
            case ast.Compare(left=left, ops=[op], comparators=[other]):
                return self._hoisted(
                    [left, other], scope, into, known,
                    lambda given: self._compare(test, given[0], op, given[1], yes, no, into),
                )  # fmt: skip
            case ast.Await() | ast.Call() | ast.Name() | ast.Subscript():
                plain = test.value if isinstance(test, ast.Await) else test
                if self._kind(plain) != "bool":
                    raise _Refused(
                        test,
                        "which values count as true is not said: compare, or annotate it `bool`",
                    )
                return self._hoisted(
                    [plain], scope, into, known,
                    lambda given: self._choice(test, {"Variable": self._path(given[0]), "BooleanEquals": True}, yes, no, into),
                )  # fmt: skip
            case _:
                raise _Refused(test, "it computes: make it a step")

    def _compare(
        self,
        test: ast.expr,
        left: ast.expr,
        op: ast.cmpop,
        other: ast.expr,
        yes: str,
        no: str,
        into: _States,
    ) -> str:
        if isinstance(op, ast.NotEq | ast.IsNot | ast.NotIn):
            yes, no = no, yes
            op = {ast.NotEq: ast.Eq, ast.IsNot: ast.Is, ast.NotIn: ast.In}[type(op)]()
        path = self._path(left)
        if isinstance(op, ast.In):
            match other:
                case ast.Tuple(elts=elts) | ast.List(elts=elts) | ast.Set(elts=elts) if elts:
                    every = [self._test(test, path, ast.Eq(), one) for one in elts]
                    return self._choice(
                        test, {"Or": every} if len(every) > 1 else every[0], yes, no, into
                    )
                case _:
                    raise _Refused(test, "what it may be in is not written here")
        return self._choice(test, self._test(test, path, op, other), yes, no, into)

    def _test(self, test: ast.expr, path: str, op: ast.cmpop, other: ast.expr) -> dict[str, Any]:
        key, value = self._said(other)
        if isinstance(op, ast.Is | ast.Eq) and not key and value is None:
            return {"Variable": path, "IsNull": True}
        if isinstance(op, ast.Is):
            raise _Refused(test, "`is` asks for the same object")
        word = COMPARED.get(type(op))
        if word is None:
            raise _Refused(test, "no Choice compares so")
        if key:
            kinds = {self.kinds.get(_root(path), ""), self.kinds.get(_root(str(value)), "")}
            if kinds <= {"int", "float"} and path.count(".") == 1 == str(value).count("."):
                return {"Variable": path, f"Numeric{word}Path": value}
            raise _Refused(test, "what is compared with what is not said: annotate both as numbers")
        match value:
            case bool() if word == "Equals":
                return {"Variable": path, "BooleanEquals": value}
            case str():
                return {"Variable": path, f"String{word}": value}
            case int() | float() if not isinstance(value, bool):
                kind = self.kinds.get(_root(path), "") if path.count(".") == 1 else ""
                if kind not in ("", "int", "float"):
                    raise _Refused(test, f"a {kind} is compared with a number")
                if not kind:
                    self.notes.append(f"line {test.lineno}: {path} is taken for a number")
                return {"Variable": path, f"Numeric{word}": value}
            case _:
                raise _Refused(test, "a Choice compares texts, numbers and truths only")

    def _choice(self, test: ast.AST, rule: dict[str, Any], yes: str, no: str, into: _States) -> str:
        if yes == END or no == END:
            end = self._pass(into, test, END, {}, "done")
            yes, no = yes or end, no or end
        whole = {"Choices": [{**rule, "Next": yes}], "Default": no}
        return self._add(into, test, "Choice", whole, "choose")

    # -- calls and values ------------------------------------------------------------------------

    def _wait(self, statement: ast.stmt, call: ast.Call, then: str, into: _States) -> str:
        if len(call.args) != 1:
            raise _Refused(call, "how long it waits is not said")
        seconds = self._constant(call.args[0])
        if isinstance(seconds, float) and seconds.is_integer():
            seconds = int(seconds)
        if type(seconds) is int and seconds >= 0:
            return self._add(into, statement, "Wait", {"Seconds": seconds}, "wait", then)
        if isinstance(call.args[0], ast.Name) and self.kinds.get(call.args[0].id) == "int":
            path = self._path(call.args[0])
            return self._add(into, statement, "Wait", {"SecondsPath": path}, "wait", then)
        raise _Refused(call, "a Wait takes whole seconds")

    def _task(
        self,
        statement: ast.AST,
        call: ast.Call,
        path: str | None,
        then: str,
        scope: _Scope,
        into: _States,
        known: set[str],
        more: Mapping[str, Any] | None = None,
    ) -> str:
        step = self.around.step(call)
        if step is None:
            shown = ast.unparse(call.func)
            raise _Refused(
                call, f"`{shown}` is no function of the project that is seen: make it a step"
            )
        if step.hindrance:
            raise _Refused(call, step.hindrance)
        named: list[tuple[str, ast.expr]] = []
        if len(call.args) > len(step.parameters):
            raise _Refused(call, "more is given than it takes")
        for name, value in zip(step.parameters, call.args, strict=False):
            named.append((name, value))
        for keyword in call.keywords:
            if keyword.arg is None:
                raise _Refused(call, "what it is given is not seen: write the arguments")
            named.append((keyword.arg, keyword.value))
        if any(isinstance(one, ast.Starred) for one in call.args):
            raise _Refused(call, "what it is given is not seen: write the arguments")

        def made(values: list[ast.expr]) -> str:
            parameters: dict[str, Any] = {}
            for (name, _), value in zip(named, values, strict=True):
                key, said = self._said(value)
                parameters[_named(name, key)] = said
            resource = pascal_case(step.unit.rpartition(":")[2].rpartition(".")[2])
            self.functions.setdefault(resource, step.unit)
            whole = {
                "Resource": f"${{{resource}Function}}",
                "Parameters": parameters,
                "ResultPath": path,
                **(more or {}),
            }
            return self._add(into, statement, "Task", whole, resource, then, scope)

        return self._hoisted([value for _, value in named], scope, into, known, made)

    def _hoisted(
        self,
        values: Sequence[ast.expr],
        scope: _Scope,
        into: _States,
        known: set[str],
        made: Callable[[list[ast.expr]], str],
    ) -> str:
        """Calls within values become states before the one that takes them, in their order."""
        given: list[ast.expr] = []
        calls: list[tuple[ast.Call, str]] = []
        for value in values:
            plain = value.value if isinstance(value, ast.Await) else value
            if isinstance(plain, ast.Call):
                held = self._variable("held")
                calls.append((plain, held))
                name = ast.copy_location(ast.Name(held[2:], ast.Load()), plain)
                self.kinds[held[2:]] = self._kind(plain)
                given.append(name)
            else:
                given.append(plain)
        then = made(given)
        for call, held in reversed(calls):
            then = self._task(call, call, held, then, scope, into, known)
        return then

    def _said(self, value: ast.expr) -> tuple[str, Any]:
        """A value as ASL says it: `.$` with a path, or nothing with a literal."""
        match value:
            case ast.Constant() if _is_json(value.value):
                return "", value.value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return "", -number
            case ast.Name() | ast.Subscript():
                if isinstance(value, ast.Name) and value.id in self.constants:
                    if value.id not in _assigned_anywhere(self.function):
                        return "", self.constants[value.id]
                return ".$", self._path(value)
            case ast.List() | ast.Tuple():
                said = [self._said(one) for one in value.elts]
                if any(key for key, _ in said):
                    raise _Refused(value, "a list is put together: make it a step")
                return "", [one for _, one in said]
            case ast.Dict():
                whole: dict[str, Any] = {}
                for name, one in zip(value.keys, value.values, strict=True):
                    if not isinstance(name, ast.Constant) or type(name.value) is not str:
                        raise _Refused(value, "a key that is no text")
                    if name.value.endswith(".$"):
                        raise _Refused(value, "a key that ends in `.$`")
                    key, said_ = self._said(one)
                    whole[_named(name.value, key)] = said_
                template = any(key.endswith(".$") for key in _keys(whole))
                return ("{}" if template else ""), whole
            case _:
                raise _Refused(value, f"no state says {_what(value)}: make it a step")

    def _path(self, value: ast.expr) -> str:
        match value:
            case ast.Name(id=name):
                local = _assigned_anywhere(self.function) | {
                    one.arg for one in every_parameter(self.function.args)
                }
                if name in ("self", "cls"):
                    raise _Refused(value, "its own object is no data: give what it holds")
                made = name.rstrip("0123456789") in ("held_", "item_", "given_", "result_")
                if name not in local and not made:
                    raise _Refused(value, f"`{name}` is no variable of this function")
                return f"$.{name}"
            case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))) if (
                key.isidentifier()
            ):
                return f"{self._path(inner)}.{key}"
            case _:
                raise _Refused(value, f"no path says {_what(value)}: make it a step")

    def _constant(self, value: ast.expr) -> Any:
        match value:
            case ast.Constant():
                return value.value
            case ast.Name(id=name) if name not in _assigned_anywhere(self.function):
                return self.constants.get(name)
            case _:
                return None

    def _resolved(self, node: ast.expr) -> str:
        name = dotted(node) or ""
        root, dot, rest = name.partition(".")
        return f"{self.source.imports.get(root, root)}{dot}{rest}"

    # -- making states ---------------------------------------------------------------------------

    def _pass(
        self, into: _States, node: ast.AST, then: str, said: Mapping[str, Any], name: str
    ) -> str:
        return self._add(into, node, "Pass", dict(said), name, then)

    def _add(
        self,
        into: _States,
        node: ast.AST,
        kind: str,
        said: dict[str, Any],
        name: str,
        then: str | None = None,
        scope: _Scope | None = None,
    ) -> str:
        own = self._name(pascal_case(name))
        state: dict[str, Any] = {"Type": kind, "Comment": self._comment(node), **said}
        if scope is not None and scope.handlers:
            catches: list[dict[str, Any]] = []
            for handler in scope.handlers:
                catches.append(
                    {
                        "ErrorEquals": list(handler.errors),
                        "ResultPath": handler.path,
                        "Next": handler.to,
                    }
                )
                if "States.ALL" in handler.errors:
                    break
            state["Catch"] = catches
        if then is not None:
            state |= {"Next": then} if then else {"End": True}
        into.states[own] = state
        self.drafted.append(self._told(own, kind, node))
        return own

    def _told(self, name: str, kind: str, node: ast.AST) -> DraftedState:
        line = getattr(node, "lineno", self.function.lineno)
        text = self.source.lines[line - 1].decode("utf-8", "replace").strip()
        return DraftedState(name, kind, self.source.shown, line, text)

    def _comment(self, node: ast.AST) -> str:
        return f"{self.source.shown}:{getattr(node, 'lineno', self.function.lineno)}"

    def _name(self, wanted: str) -> str:
        wanted = wanted[:70] or "State"
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}{number}"
        self.taken.add(name)
        return name

    def _variable(self, word: str) -> str:
        """The path of a field that no variable of the function has."""
        while True:
            self.fresh += 1
            name = f"{word}_{self.fresh}"
            if name not in self.names:
                return f"$.{name}"


class _At(ast.Pass):
    """A place without a node."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.lineno = line


class _Folded(ast.NodeTransformer):
    """`N - 1` of numbers that are written as one number."""

    def __init__(self, drafter: _Drafter) -> None:
        self.drafter = drafter

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        left, right = self.drafter._constant(node.left), self.drafter._constant(node.right)
        if isinstance(node.op, ast.Sub) and type(left) is int and type(right) is int:
            return ast.Constant(left - right)
        return node


def _is_json(value: object) -> bool:
    return value is None or type(value) in (str, int, float, bool)


def _named(name: str, key: str) -> str:
    """The name of a field of Parameters: `.$` behind it says that a path follows."""
    return f"{name}.$" if key == ".$" else name


def _keys(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [*value, *(key for one in value.values() for key in _keys(one))]


def _root(path: str) -> str:
    return path.removeprefix("$.").partition(".")[0]


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_log(name: str) -> bool:
    return any(name.startswith(one) for one in LOGS) or ".logger." in name or ".log." in name


def _sleeps(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Call) for one in handler.body for node in ast.walk(one))


def _what(node: ast.AST) -> str:
    text = ast.unparse(node).partition("\n")[0]
    return f"`{text[:60]}{'…' if len(text) > 60 else ''}`"


def _assigned(statement: ast.stmt) -> set[str]:
    """Variables that a statement may assign, those of comprehensions left out."""
    found: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if not isinstance(
            node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp | ast.Lambda
        ):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _surely(statement: ast.stmt) -> set[str] | None:
    """Variables that are there in each case after a statement; None where nothing comes after."""
    match statement:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return None
        case ast.Assign() | ast.AnnAssign(value=ast.expr()) | ast.With():
            return _assigned(statement)
        case ast.If():
            ways = [_surely_all(statement.body), _surely_all(statement.orelse)]
        case ast.Try():
            ways = [_surely_all([*statement.body, *statement.orelse])]
            ways += [_surely_all(one.body) for one in statement.handlers]
        case _:
            return set()
    left = [one for one in ways if one is not None]
    return set.intersection(*left) if left else None


def _surely_all(body: Sequence[ast.stmt]) -> set[str] | None:
    found: set[str] = set()
    for one in body:
        more = _surely(one)
        if more is None:
            return None
        found |= more
    return found


def _assigned_anywhere(function: Function) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Lambda):
            found.update(one.arg for one in node.args.args)
    return found


def _carried(body: Sequence[ast.stmt], own: set[str]) -> set[str]:
    """Variables that an item may read before it has assigned them, and assigns."""
    assigned = {name for one in body for name in _assigned(one)}
    return _read_first(body, set(own)) & assigned


def _read_first(body: Sequence[ast.stmt], done: set[str]) -> set[str]:
    """Variables that may be read before these statements have assigned them."""
    found: set[str] = set()
    for one in body:
        blocks = [
            block
            for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(one, name, None), list)
        ]
        blocks += [handler.body for handler in getattr(one, "handlers", ())]
        inside = {id(node) for block in blocks for part in block for node in ast.walk(part)}
        for node in ast.walk(one):
            if id(node) in inside:
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found |= {node.id} - done
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                found |= {node.target.id} - done
        for block in blocks:
            before = (
                {one.target.id}
                if isinstance(one, ast.For) and isinstance(one.target, ast.Name)
                else set()
            )
            found |= _read_first(block, done | before)
        done = done | (_surely(one) or set())
    return found


def _reached(start: str, states: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The states that are reached, in the order of the ways."""
    found: dict[str, Any] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        if name in found or name not in states:
            continue
        state = found[name] = states[name]
        ways = [state.get("Next"), *(one["Next"] for one in state.get("Choices", ()))]
        ways += [state.get("Default"), *(one["Next"] for one in state.get("Catch", ()))]
        waiting.extend(one for one in ways if one)
    return found


def _all(states: Mapping[str, Any]) -> set[str]:
    found = set(states)
    for state in states.values():
        inner = [state["ItemProcessor"]] if "ItemProcessor" in state else state.get("Branches", [])
        for machine in inner:
            found |= _all(machine["States"])
    return found


def _constants(tree: ast.Module) -> dict[str, Any]:
    """Variables of the module that are one literal, and are assigned once."""
    found: dict[str, Any] = {}
    times: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            times[node.id] = times.get(node.id, 0) + 1
    for one in tree.body:
        match one:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=value))
            ) if times.get(name) == 1 and _is_json(value):
                found[name] = value
            case _:
                pass
    return found


def _is_builtin_error(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def _builtin_subclasses(name: str) -> set[str]:
    kind = getattr(builtins, name, None)
    if not isinstance(kind, type) or not issubclass(kind, BaseException):
        return set()
    found: set[str] = set()
    waiting = [kind]
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one.__module__ == "builtins":
                found.add(one.__name__)
                waiting.append(one)
    return found
