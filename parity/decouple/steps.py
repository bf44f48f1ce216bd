"""States of the steps that a function calls: tasks with what they are given, waits, and choices by
what they give."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from parity.decouple.around import Surroundings, awaited, named
from parity.decouple.machine import END, Place, Refused, State, StateMaker
from parity.decouple.reading import Function, Source
from parity.decouple.saying import Sayer, field_named
from parity.seams import Refusal
from parity.values.words import pascal_case

DENIED: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.NotEq: ast.Eq,
    ast.IsNot: ast.Is,
    ast.NotIn: ast.In,
}


class Steps:
    """What all statements are made of; each state is given the one after it."""

    def __init__(self, unit: str, source: Source, function: Function, around: Surroundings) -> None:
        self.unit = unit
        self.source = source
        self.function = function
        self.around = around
        self.maker = StateMaker(source, function)
        self.values = Sayer(source, function, self._returned_by)
        self.notes = self.values.notes
        self.refusals: list[Refusal] = []
        self.functions: dict[str, str] = {}

    def _returned_by(self, call: ast.Call) -> str:
        step = self.around.step(call)
        return step.returns if step is not None else ""

    def _refuse(self, line: int, why: str) -> None:
        refusal = Refusal("workflow", self.unit, self.source.shown, line, why)
        if refusal not in self.refusals:
            self.refusals.append(refusal)

    def _pass(
        self, place: Place, node: ast.AST, then: str, said: Mapping[str, Any], name: str
    ) -> str:
        return self.maker.add(place, node, "Pass", said, name, then)

    def _is_step(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and self.around.step(node) is not None

    # -- tests

    def _condition(self, test: ast.expr, yes: str, no: str, place: Place) -> str:
        """The first state of a test; what it calls is called only where python does."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._condition(operand, no, yes, place)
            case ast.BoolOp(op=op, values=[first, *rest]):
                others = rest[0]
                if len(rest) > 1:
                    others = ast.copy_location(ast.BoolOp(op, rest), rest[0])
                second = self._condition(others, yes, no, place)
                if isinstance(op, ast.And):
                    return self._condition(first, second, no, place)
                return self._condition(first, yes, second, place)
            case ast.Constant(value=int(sure)):
                return yes if sure else no
            case ast.Compare(left=left, ops=[op], comparators=[other]):
                plain = DENIED.get(type(op))
                if plain is not None:
                    op, yes, no = plain(), no, yes
                return self._hoisted(
                    [left, other],
                    place,
                    lambda given: self._choice(
                        test, self.values.rule(test, given[0], op, given[1]), yes, no, place
                    ),
                )
            case ast.Await() | ast.Call() | ast.Name() | ast.Subscript():
                value = awaited(test)
                if self.values.kind(value) != "bool":
                    why = "which values count as true is not said: compare, or annotate it `bool`"
                    raise Refused(test, why)

                def chosen(given: list[ast.expr]) -> str:
                    rule = {"Variable": self.values.path(given[0]), "BooleanEquals": True}
                    return self._choice(test, rule, yes, no, place)

                return self._hoisted([value], place, chosen)
            case _:
                raise Refused(test, "it computes: make it a step")

    def _choice(self, test: ast.AST, rule: State, yes: str, no: str, place: Place) -> str:
        if yes == END or no == END:
            end = self._pass(place, test, END, {}, "done")
            yes, no = yes or end, no or end
        whole = {"Choices": [{**rule, "Next": yes}], "Default": no}
        return self.maker.add(place, test, "Choice", whole, "choose")

    # -- calls

    def _wait(self, statement: ast.stmt, call: ast.Call, then: str, place: Place) -> str:
        if len(call.args) != 1:
            raise Refused(call, "how long it waits is not said")
        value = call.args[0]
        seconds = self.values.seconds(value)
        said: State
        if seconds is not None and seconds >= 0:
            said = {"Seconds": seconds}
        elif isinstance(value, ast.Name) and self.values.kind(value) == "int":
            said = {"SecondsPath": self.values.path(value)}
        else:
            raise Refused(call, "a Wait takes whole seconds")
        return self.maker.add(place, statement, "Wait", said, "wait", then)

    def _task(
        self,
        statement: ast.AST,
        call: ast.Call,
        path: str | None,
        then: str,
        place: Place,
        more: Mapping[str, Any] | None = None,
    ) -> str:
        step = self.around.step(call)
        if step is None:
            shown = ast.unparse(call.func)
            why = f"`{shown}` is no function of the project that is seen: make it a step"
            raise Refused(call, why)
        if step.hindrance:
            raise Refused(call, step.hindrance)
        arguments = named(call, step)

        def made(values: list[ast.expr]) -> str:
            parameters: dict[str, Any] = {}
            for name, value in zip(arguments, values, strict=True):
                key, said = self.values.said(value)
                parameters[field_named(name, key)] = said
            resource = self._resource(step.unit)
            self._note(call, step.needs)
            whole = {
                "Resource": f"${{{resource}Function}}",
                "Parameters": parameters,
                "ResultPath": path,
                **(more or {}),
            }
            return self.maker.add(place, statement, "Task", whole, resource, then)

        return self._hoisted(list(arguments.values()), place, made)

    def _resource(self, unit: str) -> str:
        """The name of a step's function, with as much of where it stands as makes it its own."""
        parts = unit.replace(":", ".").split(".")
        for count in range(1, len(parts) + 1):
            name = "".join(map(pascal_case, parts[-count:]))
            if self.functions.setdefault(name, unit) == unit:
                return name
        raise AssertionError(unit)

    def _note(self, node: ast.expr, told: Sequence[str]) -> None:
        for one in told:
            note = f"line {node.lineno}: {one}"
            if note not in self.notes:
                self.notes.append(note)

    def _hoisted(
        self, values: Sequence[ast.expr], place: Place, made: Callable[[list[ast.expr]], str]
    ) -> str:
        """Calls within values become states before the one that takes them, in their order."""
        given: list[ast.expr] = []
        calls: list[tuple[ast.Call, str]] = []
        for value in map(awaited, values):
            if isinstance(value, ast.Call):
                held = self.maker.variable("held")
                calls.append((value, f"$.{held}"))
                self.values.holds(held, value)
                given.append(ast.copy_location(ast.Name(held, ast.Load()), value))
            else:
                given.append(value)
        then = made(given)
        for call, path in reversed(calls):
            then = self._task(call, call, path, then, place)
        return then
