"""`parity decouple --asl`: a state machine for an orchestrator, by what the scan knows."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, cached_property
from typing import Final

from parity.aws.asl import read_machine
from parity.decouple import (
    Function,
    Source,
    Step,
    Surroundings,
    draft,
    every_parameter,
    within,
)
from parity.errors import ParityError
from parity.pipeline.decouple import Project, function_of, unit_of
from parity.scanned import BY_USE, ScannedCall, ScannedUnit
from parity.seams import Draft

DONE: Final = frozenset({"file", "network", "db", "process", "thread"})
"""Effects that are missed where a call is left out."""


def drafted(project: Project, id_: str) -> Draft:
    """The draft for a unit. Nothing of the project is imported or run."""
    unit = project.unit(id_)
    source = project.source(unit)
    function, _ = function_of(source, unit)
    if function is None:
        raise ParityError(
            f"`{id_}` is no function",
            where=f"{unit.file}:{unit.line}",
            why=f"it is a {unit.kind}",
            next_step="name the function that calls the steps",
        )
    found = draft(id_, source, function, _Around(project, unit).surroundings())
    if found.machine is not None:
        read_machine(json.dumps(found.machine), id_)  # what is no machine is a defect of ours
    return found


class _Around:
    """What the scan knows around one orchestrator."""

    def __init__(self, project: Project, unit: ScannedUnit) -> None:
        self.project = project
        self.unit = unit
        self.rows = {row["id"]: row for row in project.document["units"]}
        self.calls = [*unit.calls, *self._in_lambdas()]
        self.source = cache(self._source)
        self.function = cache(self._function)
        self.described = cache(self._described)

    def _in_lambdas(self) -> Iterator[ScannedCall]:
        """The calls of lambdas that stand in the function: units of their own for the scan."""
        for row in self.rows.values():
            is_here = self.unit.line <= row["line"] <= self.unit.end
            if row["kind"] == "lambda" and row["file"] == self.unit.file and is_here:
                yield from unit_of(row).calls

    def surroundings(self) -> Surroundings:
        """Steps by their calls, exceptions by their names."""
        below = self._classes()

        def subclasses(name: str) -> frozenset[str] | None:
            return frozenset(_all_below(name, below)) if name in below else None

        return Surroundings(self.step, subclasses, self.is_quiet, self.unit.entry)

    def step(self, call: ast.Call) -> Step | None:
        """The function that a call means, where the scan has found exactly one; what tests hand
        in is none that a workflow could rely on."""
        match call.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                pass
            case _:
                return None
        found = {
            one.to
            for one in self.calls
            if one.line in range(call.lineno, (call.end_lineno or call.lineno) + 1)
            and _last(one.to) == name
            and one.how not in ("constructor", BY_USE)
        }
        if len(found) != 1 or _has_namesakes(call, name):
            return None
        row = self.rows.get(found.pop())
        if row is None or row["kind"] not in ("function", "method"):
            return None
        function, owner = self.function(row["id"])
        if function is None:
            return None
        bound = {ast.unparse(one) for one in function.decorator_list}
        is_bound = owner is not None and "staticmethod" not in bound
        is_plain = is_bound and "classmethod" not in bound
        if is_plain and owner is not None and _is_of(call, owner.name):
            return None  # the receiver is an argument, and no event holds an object
        step = self.described(row["id"], is_bound)
        kept = next(self._kept(row["id"]), "")
        if step is not None and kept and _is_made_here(call):
            why = f"{step.unit} reads {kept} of an object that is made here: give it to a step"
            return replace(step, hindrance=why)
        return step

    def is_quiet(self, call: ast.Call) -> bool:
        """Whether a call neither is one of the project's, or may be, nor does I/O."""
        lines = range(call.lineno, (call.end_lineno or call.lineno) + 1)
        text = ast.unparse(call.func)
        name = text.rpartition(".")[2]
        return not (
            any(one.line in lines and _last(one.to) == name for one in self.calls)
            or any(
                one.line in lines and one.inside and one.text.startswith(text)
                for one in self.unit.unresolved
            )
            or any(
                one.line in lines and one.kind in DONE and not one.via for one in self.unit.effects
            )
        )

    def _function(self, id_: str) -> tuple[Function | None, ast.ClassDef | None]:
        return function_of(self.source(id_), unit_of(self.rows[id_]))

    def _described(self, id_: str, is_bound: bool) -> Step | None:
        unit = unit_of(self.rows[id_])
        function, _ = self.function(id_)
        if function is None:
            return None
        arguments = function.args
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][is_bound:]
        hindrance = ""
        if arguments.vararg or arguments.kwarg:
            hindrance = f"{unit.id} takes any number of arguments: an event has names"
        at = self._changes(unit.id, set())
        if at:
            hindrance = f"{unit.id} changes what it is given ({at}): give it back instead"
        written = [one for one in unit.writes if one.startswith("self.")]
        if written:
            hindrance = f"{unit.id} writes {written[0]}: a Lambda keeps nothing"
        if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function)):
            hindrance = f"{unit.id} is a generator: it gives no whole"
        returns = ast.unparse(function.returns) if function.returns is not None else ""
        is_coroutine = isinstance(function, ast.AsyncFunctionDef)
        return Step(
            unit.id, tuple(names), returns, hindrance, is_coroutine, tuple(self._needs(unit))
        )

    def _needs(self, unit: ScannedUnit) -> Iterator[str]:
        """What a step takes from its object, and what it leaves in a module."""
        for one in self._kept(unit.id):
            yield f"{unit.id} reads {one}: its Lambda has to have it"
        for effect in unit.effects:
            is_near = len(effect.via) < 2  # further away many a path is one that may be only
            if effect.kind == "global" and is_near and effect.api in self._written:
                kept = effect.api.removeprefix("global ")
                yield f"{unit.id} uses {kept}, which is written: each Lambda has one of its own"

    def _kept(self, id_: str) -> Iterator[str]:
        """The attributes of its object that a method reads, its methods left out."""
        for one in self.rows[id_].get("reads", ()):
            name = one.removeprefix("self.")
            if name != one and name not in self._methods:
                yield one

    @cached_property
    def _methods(self) -> frozenset[str]:
        """The names of all methods of the project."""
        return frozenset(_last(id_) for id_, row in self.rows.items() if row["kind"] == "method")

    @cached_property
    def _written(self) -> frozenset[str]:
        """The variables of modules that functions write."""
        return frozenset(
            one
            for row in self.rows.values()
            if row["kind"] in ("function", "method")
            for one in row.get("writes", ())
            if one.startswith("global ")
        )

    def _changes(self, id_: str, seen: set[str]) -> str:
        """Where a function, or one that it hands its arguments to, changes them; else nothing."""
        row = self.rows.get(id_)
        if row is None or id_ in seen or row["kind"] not in ("function", "method"):
            return ""
        seen.add(id_)
        unit = unit_of(row)
        for effect in unit.effects:
            if effect.kind == "argument" and not effect.via:
                return f"{effect.file}:{effect.line}"
        function, _ = self.function(id_)
        if function is None:
            return ""
        own = {one.arg for one in every_parameter(function.args)} - {"self", "cls"}
        for node in within(function.body):
            if not isinstance(node, ast.Call):
                continue
            given = [*node.args, *(one.value for one in node.keywords)]
            if not any(isinstance(n, ast.Name) and n.id in own for g in given for n in ast.walk(g)):
                continue
            for one in unit.calls:
                if one.line == node.lineno and (found := self._changes(one.to, seen)):
                    return found
        return ""

    def _source(self, id_: str) -> Source:
        return self.project.source(unit_of(self.rows[id_]))

    def _classes(self) -> dict[str, set[str]]:
        """The classes of the project by their simple names, with those right below each."""
        below: dict[str, set[str]] = {}
        for file in sorted({row["file"] for row in self.project.document["units"]}):
            try:
                tree = ast.parse(self.project.place(file).read_bytes())
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                continue  # the scan has told of it
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    below.setdefault(node.name, set())
                    for base in node.bases:
                        name = ast.unparse(base).rpartition(".")[2]
                        below.setdefault(name, set()).add(node.name)
        return below


def _all_below(name: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for one in below.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _last(id_: str) -> str:
    return id_.rpartition(":")[2].rpartition(".")[2]


def _has_namesakes(call: ast.Call, name: str) -> bool:
    """Whether a call holds another of its name: the scan tells calls by line and name."""
    text = ast.unparse(call.func)
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and ast.unparse(node.func) != text
        and ast.unparse(node.func).rpartition(".")[2] == name
        for node in ast.walk(call)
    )


def _is_made_here(call: ast.Call) -> bool:
    """Whether a method is called on what another call gives, `super()` left out."""
    match call.func:
        case ast.Attribute(value=ast.Call(func=made)):
            return not (isinstance(made, ast.Name) and made.id == "super")
        case _:
            return False


def _is_of(call: ast.Call, owner: str) -> bool:
    """Whether a method is called on its class, with the receiver as an argument."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name == owner
        case _:
            return False
