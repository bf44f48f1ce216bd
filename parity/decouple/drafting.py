"""Drafts a state machine for a function that calls steps: each statement a state, or a refusal.

Variables of the function are fields of the machine's data: `order` is `$.order`. Steps are given
their parameters by name. What a state machine cannot say is refused with its line, and then there
is no machine at all: a draft is right or is none.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from parity.decouple.around import (
    Surroundings,
    awaited,
    defaults,
    error_named,
    hindrances,
    is_no_exception,
)
from parity.decouple.catching import caught_by, is_builtin_error, is_open_below
from parity.decouple.gathering import Each, gathered_in, is_empty_before
from parity.decouple.machine import (
    END,
    At,
    Handler,
    Place,
    Refused,
    Scope,
    State,
    every_name,
    reached,
)
from parity.decouple.plain import plain
from parity.decouple.reading import Function, Source, dotted, every_parameter, names_in
from parity.decouple.retrying import SLEEPS, is_told_only, tried, uses_outside
from parity.decouple.saying import Sayer, what
from parity.decouple.steps import Steps
from parity.decouple.variables import assigned, carried, surely_assigned
from parity.seams import Draft, Refusal

POOLS: Final = frozenset(
    {
        "concurrent.futures.ThreadPoolExecutor",
        "concurrent.futures.ProcessPoolExecutor",
        "multiprocessing.pool.ThreadPool",
    }
)


def draft(unit: str, source: Source, function: Function, around: Surroundings) -> Draft:
    """The machine for a function; none, with every refusal, where something cannot be said."""
    try:
        drafter = _Drafter(unit, source, plain(function), around)
        machine = drafter.whole()
    except RecursionError:
        why = "it is nested too deep to be drafted: make steps of its parts"
        refusal = Refusal("workflow", unit, source.shown, function.lineno, why)
        return Draft(unit, None, (), {}, (refusal,), ())
    notes = tuple(drafter.notes)
    if machine is None:
        return Draft(unit, None, (), {}, tuple(drafter.refusals), notes)
    names = every_name(machine["States"])
    drafted = [one for one in drafter.maker.drafted if one.path.rpartition("/")[2] in names]
    drafted.sort(key=lambda one: one.line)
    return Draft(unit, machine, tuple(drafted), drafter.functions, (), notes)


class _Drafter(Steps):
    """Statements become states from the last to the first: each is given the state after it."""

    def whole(self) -> State | None:
        """The outermost machine; None where something was refused."""
        for node, why in hindrances(self.function, self.around, self.values):
            self._refuse(getattr(node, "lineno", self.function.lineno), why)
        known = {one.arg for one in every_parameter(self.function.args)} - {"self", "cls"}
        body = [one for one in self.function.body if not _is_text(one)]
        place = Place(known=frozenset(known))
        end = self._pass(place, self.function, END, {"Result": None}, "ReturnNothing")
        start = self._block(body, end, place)
        start = self._defaults(start, place)
        if self.refusals:
            return None
        where = f"{self.source.shown}:{self.function.lineno}"
        states = reached(start, place.states)
        return {"Comment": f"Draft of {self.unit} ({where})", "StartAt": start, "States": states}

    def _defaults(self, then: str, place: Place) -> str:
        """What a caller may leave out is put under the input, in two states."""
        known: dict[str, Any] = {}
        for name, value in defaults(self.function):
            try:
                key, said = self.values.said(value)
            except Refused:
                key = "{}"
            if key:
                self.notes.append(f"line {value.lineno}: the input has to have `{name}`")
            else:
                known[name] = said
        if not known:
            return then
        merged = {"whole.$": "States.JsonMerge($.defaults, $.given, false)"}
        said = {"Parameters": merged, "OutputPath": "$.whole"}
        then = self._pass(place, self.function, then, said, "take_input")
        said = {"Parameters": {"defaults": known, "given.$": "$"}}
        return self._pass(place, self.function, then, said, "give_defaults")

    # -- statements

    def _block(self, body: Sequence[ast.stmt], then: str, place: Place) -> str:
        """The first state of statements that go on to `then`."""
        before: list[frozenset[str]] = []
        known = place.known
        for statement in body:
            before.append(known)
            known |= surely_assigned(statement) or set()
        for at in range(len(body) - 1, -1, -1):
            try:
                then = self._statement(body, at, then, place.knowing(before[at]))
            except Refused as refused:
                self._refuse(refused.line, refused.why)
        return then

    def _statement(self, body: Sequence[ast.stmt], at: int, then: str, place: Place) -> str:
        statement, scope = body[at], place.scope
        match statement:
            case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
                return then
            case ast.Import() | ast.ImportFrom():
                return then
            case ast.Expr(value=value):
                return self._expression(statement, value, None, then, place)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                return self._expression(statement, value, name, then, place)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Sub()):
                return self._count(statement, name, then, place)
            case ast.Return():
                return self._return(statement, place)
            case ast.If():
                yes = self._block(statement.body, then, place)
                no = self._block(statement.orelse, then, place)
                return self._condition(statement.test, yes, no, place)
            case ast.While(orelse=[]):
                return self._while(statement, then, place)
            case ast.For():
                return self._for(body, at, then, place)
            case ast.Try():
                return self._try(statement, then, place)
            case ast.With(items=[ast.withitem()]):
                return self._pool(statement, then, place)
            case ast.Raise():
                return self._raise(statement, place)
            case ast.Break() if scope.stop is not None:
                return scope.stop
            case ast.Continue() if scope.again is not None:
                return scope.again
            case ast.Break():
                raise Refused(statement, "a Map does all items: none ends it early")
            case _:
                raise Refused(statement, f"no state says {what(statement)}: make it a step")

    def _expression(
        self, statement: ast.stmt, value: ast.expr, name: str | None, then: str, place: Place
    ) -> str:
        """A value that is kept in a variable, or a call for what it does."""
        value = awaited(value)
        path = f"$.{name}" if name is not None else None
        if isinstance(value, ast.Call):
            called = self.values.resolved(value.func)
            if called in SLEEPS:
                return self._wait(statement, value, then, place)
            if name is None and is_told_only(called):
                return self._told(value, called, then, place)
            if called == "asyncio.gather":
                return self._gather(statement, value, path, then, place)
            if called == "asyncio.wait_for":
                return self._limited(statement, value, path, then, place)
            return self._task(statement, value, path, then, place)
        if isinstance(value, ast.ListComp):
            return self._comprehension(statement, value, path, 1, then, place)
        if name is None:
            raise Refused(statement, "a value that nobody takes")

        def kept(given: list[ast.expr]) -> str:
            said = {**self.values.given(given[0]), "ResultPath": path}
            return self._pass(place, statement, then, said, name)

        return self._hoisted([value], place, kept)

    def _told(self, call: ast.Call, called: str, then: str, place: Place) -> str:
        """What is told to people is left out, and the steps that it takes are not."""
        self.notes.append(f"line {call.lineno}: {called} is left out")
        given = [*call.args, *(one.value for one in call.keywords)]
        direct = [one for one in map(awaited, given) if self._is_step(one)]
        for one in given:
            for node in ast.walk(one):
                if isinstance(node, ast.NamedExpr) or (
                    isinstance(node, ast.Call)
                    and node not in direct
                    and (self._is_step(node) or not self.around.is_quiet(node))
                ):
                    why = f"what is told does something ({what(node)}): give it a line of its own"
                    raise Refused(node, why)
        return self._hoisted(direct, place, lambda _: then)

    def _count(self, statement: ast.AugAssign, name: str, then: str, place: Place) -> str:
        step = self.values.constant(statement.value)
        if type(step) is not int or self.values.kind(statement.target) != "int":
            raise Refused(statement, "it computes: make it a step")
        if self.values.is_guessed(name):
            self.notes.append(f"line {statement.lineno}: `{name}` is taken for a whole number")
        step = step if isinstance(statement.op, ast.Add) else -step
        held = f"$.{self.maker.variable('sum')}"
        moved = {"InputPath": f"{held}.value", "ResultPath": f"$.{name}"}
        last = self._pass(place, statement, then, moved, f"keep_{name}")
        added = {"value.$": f"States.MathAdd($.{name}, {step})"}
        said = {"Parameters": added, "ResultPath": held}
        return self._pass(place, statement, last, said, f"count_{name}")

    def _return(self, statement: ast.Return, place: Place) -> str:
        if place.scope.is_item:
            raise Refused(statement, "a Map does all items: none returns from within")
        if statement.value is None:
            return self._pass(place, statement, END, {"Result": None}, "return")
        value = awaited(statement.value)
        if isinstance(value, ast.Call | ast.ListComp):
            held = self.maker.variable("result")
            end = self._pass(place, statement, END, {"InputPath": f"$.{held}"}, "return")
            return self._expression(statement, value, held, end, place)

        def ended(given: list[ast.expr]) -> str:
            return self._pass(place, statement, END, self.values.given(given[0]), "return")

        return self._hoisted([value], place, ended)

    def _raise(self, statement: ast.Raise, place: Place) -> str:
        scope, call = place.scope, statement.exc
        if call is None or (isinstance(call, ast.Name) and call.id == scope.error):
            if scope.caught is None or scope.is_tried:
                raise Refused(statement, "a Fail cannot be caught by what is around it")
            said = {"ErrorPath": f"{scope.caught}.Error", "CausePath": f"{scope.caught}.Cause"}
            return self.maker.add(place, statement, "Fail", said, "raise_again")
        error = error_named(call, self.around, self.values)
        unseen = self.around.subclasses(error) is None and not is_builtin_error(error)
        if scope.handlers and (unseen or is_no_exception(error)):
            raise Refused(statement, f"whether the `try` around it catches {error} is not seen")
        for handler in scope.handlers:
            if "States.ALL" in handler.errors or error in handler.errors:
                kept = {"Result": {"Error": error, "Cause": ""}, "ResultPath": handler.path}
                return self._pass(place, statement, handler.to, kept, f"raise_{error}")
        cause = ""
        if isinstance(call, ast.Call) and call.args:
            match call.args[0]:
                case ast.Constant(value=str(text)):
                    cause = text
                case other:
                    cause = ast.unparse(other)
        said = {"Error": error, "Cause": cause}
        return self.maker.add(place, statement, "Fail", said, f"fail_{error}")

    # -- loops

    def _while(self, statement: ast.While, then: str, place: Place) -> str:
        top = self.maker.name("Again")
        around = replace(place.scope, stop=then, again=top)
        start = self._block(statement.body, top, place.within(around))
        if not (isinstance(statement.test, ast.Constant) and statement.test.value is True):
            start = self._condition(statement.test, start, then, place)
        if start == top:
            raise Refused(statement, "it goes round without doing anything")
        # a name of its own, so that the way back leads to the test and what it calls
        comment = self.maker.comment(statement)
        self.maker.put(place, top, statement, {"Type": "Pass", "Comment": comment, "Next": start})
        self.notes.append(f"line {statement.lineno}: its rounds have no bound, a history has")
        return top

    def _for(self, body: Sequence[ast.stmt], at: int, then: str, place: Place) -> str:
        statement = body[at]
        assert isinstance(statement, ast.For)
        retried = self._retried(statement, then, place)
        if retried is not None:
            return retried
        if statement.orelse:
            raise Refused(statement, "`else` of a loop: a Map does all items")
        if not isinstance(statement.target, ast.Name):
            raise Refused(statement, "an item with several names: give it one")
        item = statement.target.id
        inner, gathered, given = gathered_in(statement.body)
        if gathered is not None and not is_empty_before(body[:at], gathered):
            raise Refused(statement, f"`{gathered}` is not made empty right before the loop")
        if gathered is not None and any(gathered in names_in(one) for one in inner):
            raise Refused(statement, f"`{gathered}` is used within the loop: items know no other")
        if gathered is not None and place.scope.handlers:
            for use in uses_outside(self.function, {gathered}, statement, list(body)):
                why = f"`{gathered}` holds what was done before an error: a Map gives all or none"
                raise Refused(use, why)
        for name in sorted(carried(inner, {item})):
            raise Refused(statement, f"`{name}` goes from item to item: a Map cannot")
        own = {item}.union(*(assigned(one) for one in inner))
        for use in uses_outside(self.function, own, statement, [statement]):
            raise Refused(use, f"`{use.id}` comes from the last item of a Map")
        path = f"$.{gathered}" if gathered is not None else None
        each = Each(statement, item, statement.iter, inner, given, path, 1)
        return self._map(each, then, place)

    def _retried(self, statement: ast.For, then: str, place: Place) -> str | None:
        """A Task with Retry for a loop that tries a step again; None for any other loop."""
        scope = place.scope
        found = tried(statement, self.function, self.values, self.around.subclasses)
        if found is None:
            return None
        if found.is_returned and scope.is_item:
            raise Refused(found.call, "a Map does all items: none returns from within")
        handlers = scope.handlers
        if not found.raises:
            path = f"$.{self.maker.variable('caught')}"
            after = self._block(statement.orelse, then, place)
            if after == END:
                after = self._pass(place, found.handler, END, {}, "given_up")
            handlers = (Handler(found.errors, after, path), *handlers)
        kept: str | None = None
        match found.call:
            case ast.Return():
                kept = f"$.{self.maker.variable('result')}"
                then = self._pass(place, found.call, END, {"InputPath": kept}, "return")
            case ast.Assign(targets=[ast.Name(id=name)]):
                kept = f"$.{name}"
            case ast.Assign():
                raise Refused(found.call, "several names at once: give the result one")
            case _:
                pass
        around = place.within(replace(scope, handlers=handlers, caught=None))
        return self._task(found.call, found.step, kept, then, around, found.said())

    def _map(self, each: Each, then: str, place: Place) -> str:
        """A Map whose items do the body, and give a value where one is gathered."""
        known = place.known | {each.item}
        machine = Place(scope=Scope(is_item=True), known=known)
        if each.given is not None:
            held = self.maker.variable("given")
            end = self._pass(machine, each.given, END, {"InputPath": f"$.{held}"}, "give")
            at = At(each.given.lineno)
            start = self._expression(at, each.given, held, end, machine)
            around = Scope(is_item=True)
        else:
            start = self._pass(machine, each.statement, END, {"Result": None}, "end_item")
            around = Scope(is_item=True, again=start)
        start = self._block(each.body, start, machine.within(around))
        told = self._told_to_items(each, place.known)
        states = reached(start, machine.states)

        def made(values: list[ast.expr]) -> str:
            key, said = self.values.said(values[0])
            if not key and isinstance(said, list):
                held = self.maker.variable("items")
                kept = {"Result": said, "ResultPath": f"$.{held}"}
                after = made([ast.copy_location(ast.Name(held, ast.Load()), each.items)])
                return self._pass(place, each.items, after, kept, "items")
            if not key or not isinstance(said, str) or not said.startswith("$"):
                raise Refused(each.items, "the items are no variable: make a step that gives them")
            self._is_list(each.items, values[0])
            whole = {
                "ItemsPath": said,
                "MaxConcurrency": each.at_a_time,
                "ItemSelector": told,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": start,
                    "States": states,
                },
                "ResultPath": each.path,
            }
            name = f"each_{each.item}"
            return self.maker.add(place, each.statement, "Map", whole, name, then)

        return self._hoisted([self.values.counted(each.items)], place, made)

    def _is_list(self, items: ast.expr, said: ast.expr) -> None:
        kind = self.values.kind(said).partition("[")[0].rpartition(".")[2]
        if kind.lower() in ("dict", "mapping", "str", "int", "float", "bool", "nonetype"):
            raise Refused(items, f"the items are those of a {kind}: a Map takes a list")
        if not kind:
            self.notes.append(f"line {items.lineno}: {what(items)} is taken for a list")

    def _told_to_items(self, each: Each, known: frozenset[str]) -> dict[str, str]:
        """The variables that an item is given, itself included."""
        parts = [*each.body, *([each.given] if each.given is not None else [])]
        used = set().union(*(names_in(one) for one in parts))
        own = {each.item}.union(*(assigned(one) for one in each.body))
        maybe = {name for one in self.function.body for name in assigned(one)}
        arguments = {one.arg for one in every_parameter(self.function.args)}
        told = {f"{each.item}.$": "$$.Map.Item.Value"}
        for name in sorted(used - own):
            if name in known and name not in ("self", "cls"):
                told[f"{name}.$"] = f"$.{name}"
            elif name in maybe and name not in arguments:
                why = f"`{name}` may not be there yet, and items need it"
                raise Refused(each.statement, why)
        return told

    def _comprehension(
        self,
        statement: ast.stmt,
        value: ast.ListComp | ast.GeneratorExp,
        path: str | None,
        at_a_time: int,
        then: str,
        place: Place,
    ) -> str:
        match value.generators:
            case [ast.comprehension(target=ast.Name(id=item), iter=items, ifs=[])]:
                each = Each(statement, item, items, [], value.elt, path, at_a_time)
                return self._map(each, then, place)
            case _:
                raise Refused(value, "a Map takes all items of one list: make a step that chooses")

    # -- side by side

    def _gather(
        self, statement: ast.stmt, value: ast.Call, path: str | None, then: str, place: Place
    ) -> str:
        if value.keywords:
            raise Refused(value, "gather with return_exceptions: a Map ends at the first error")
        self.notes.append(
            f"line {value.lineno}: where one fails, python lets the others go on; AWS ends them"
        )
        match value.args:
            case [ast.Starred(value=ast.ListComp() | ast.GeneratorExp() as each)]:
                return self._comprehension(statement, each, path, 0, then, place)
            case [*calls] if calls and all(isinstance(one, ast.Call) for one in calls):
                branches = [self._branch(one, place.known) for one in calls]
                whole = {"Branches": branches, "ResultPath": path}
                return self.maker.add(place, statement, "Parallel", whole, "together", then)
            case _:
                raise Refused(value, "what is gathered is not seen: write the calls here")

    def _branch(self, call: ast.expr, known: frozenset[str]) -> State:
        machine = Place(scope=Scope(is_item=True), known=known)
        held = self.maker.variable("given")
        end = self._pass(machine, call, END, {"InputPath": f"$.{held}"}, "give")
        start = self._expression(At(call.lineno), call, held, end, machine)
        return {"StartAt": start, "States": reached(start, machine.states)}

    def _limited(
        self, statement: ast.stmt, value: ast.Call, path: str | None, then: str, place: Place
    ) -> str:
        limit = value.args[1:] + [one.value for one in value.keywords if one.arg == "timeout"]
        match value.args[:1], limit:
            case [ast.Call() as call], [ast.Constant(value=int(seconds))] if seconds > 0:
                more = {"TimeoutSeconds": seconds}
                return self._task(statement, call, path, then, place, more)
            case _:
                raise Refused(value, "a timeout is a whole number of seconds, of one call")

    def _pool(self, statement: ast.With, then: str, place: Place) -> str:
        """`with ThreadPoolExecutor(4) as pool: results = list(pool.map(step, items))`."""
        held = statement.items[0]
        made, name = held.context_expr, held.optional_vars
        if not isinstance(made, ast.Call) or self.values.resolved(made.func) not in POOLS:
            raise Refused(statement, "a context is left in each case, a machine has no such thing")
        unknown = "of a pool only `list(pool.map(step, items))` is known"
        workers = [*made.args, *(one.value for one in made.keywords if one.arg == "max_workers")]
        count = self.values.constant(workers[0]) if len(workers) == 1 else None
        if type(count) is not int or count < 1 or not isinstance(name, ast.Name):
            raise Refused(statement, unknown)
        pool, path = name.id, None
        match statement.body:
            case [ast.Assign(targets=[ast.Name(id=result)], value=value)]:
                path = f"$.{result}"
            case [ast.Return(value=ast.expr() as value) as last] if not place.scope.is_item:
                path = f"$.{self.maker.variable('result')}"
                then = self._pass(place, last, END, {"InputPath": path}, "return")
            case [ast.Expr(value=value)]:
                pass
            case _:
                raise Refused(statement, unknown)
        match value:
            case ast.Call(
                func=ast.Name(id="list"),
                args=[ast.Call(func=ast.Attribute() as mapping, args=[step, items], keywords=[])],
            ) if dotted(mapping) == f"{pool}.map":
                pass
            case _:
                raise Refused(value, unknown)
        if isinstance(step, ast.Lambda) and len(step.args.args) == 1:
            item, call = step.args.args[0].arg, step.body
        else:
            item = self.maker.variable("item")
            given = ast.copy_location(ast.Name(item, ast.Load()), value)
            call = ast.copy_location(ast.Call(step, [given], []), value)
        self.notes.append(
            f"line {value.lineno}: where an item fails, python does those begun; AWS ends them"
        )
        return self._map(Each(statement.body[0], item, items, [], call, path, count), then, place)

    # -- errors

    def _try(self, statement: ast.Try, then: str, place: Place) -> str:
        if statement.finalbody:
            raise Refused(statement.finalbody[0], "`finally`: say it in both ways")
        scope = place.scope
        after = self._block(statement.orelse, then, place)
        handlers: list[Handler] = []
        for handler in statement.handlers:
            path = f"$.{self.maker.variable('caught')}"
            if _holds(handler, self.values):
                why = f"what `{handler.name}` holds is python's: a Catch has its name and text only"
                self._refuse(handler.lineno, why)
                continue
            around = replace(scope, caught=path, error=handler.name, is_tried=bool(scope.handlers))
            first = self._block(handler.body, then, place.within(around))
            if first == END:
                first = self._pass(place, handler, END, {}, "handled")
            errors = caught_by(handler, self.around.subclasses)
            self._refuse_fields_that_may_be_missing(statement, errors)
            for name in is_open_below(handler):
                self.notes.append(
                    f"line {handler.lineno}: errors of libraries below {name} have to be named"
                )
            handlers.append(Handler(errors, first, path))
        around = replace(scope, handlers=(*handlers, *scope.handlers), is_tried=True)
        return self._block(statement.body, after, place.within(around))

    def _refuse_fields_that_may_be_missing(
        self, statement: ast.Try, errors: tuple[str, ...]
    ) -> None:
        """A path that leads nowhere ends a machine, whatever is caught around it."""
        fields = [
            node
            for one in statement.body
            for node in ast.walk(one)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
        ]
        if not fields:
            return
        if {"KeyError", "IndexError"} & set(errors):
            why = f"where {what(fields[0])} is not there a machine ends: ask for it in a step"
            self._refuse(fields[0].lineno, why)
        elif "States.ALL" in errors:
            self.notes.append(f"line {fields[0].lineno}: {what(fields[0])} has to be there")


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _holds(handler: ast.ExceptHandler, values: Sayer) -> bool:
    """Whether a handler uses what its error holds, but for telling it or raising another."""
    waiting: list[ast.AST] = list(handler.body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Raise():
                continue
            case ast.Expr(value=ast.Call() as call) if is_told_only(values.resolved(call.func)):
                continue
            case ast.Name(id=name) if name == handler.name:
                return True
            case _:
                waiting.extend(ast.iter_child_nodes(node))
    return False
