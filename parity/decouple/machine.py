"""A state machine while it is drafted: its states, from the last to the first, and their places."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parity.decouple.reading import Function, Source, names_in
from parity.seams import DraftedState
from parity.values.words import pascal_case

END: Final = ""
"""The way to where a machine ends."""

CATCHING: Final = frozenset({"Task", "Map", "Parallel"})
LONGEST_NAME: Final = 70  # of 80 characters: a number may follow

State = dict[str, Any]


class Refused(Exception):
    """Something that no state says; `line` is 0 where it stands nowhere."""

    def __init__(self, node: ast.AST, why: str) -> None:
        super().__init__(why)
        self.line = getattr(node, "lineno", 0)
        self.why = why


class At(ast.Pass):
    """A place without a node."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.lineno = line


@dataclass(frozen=True, slots=True)
class Handler:
    """What catches the errors of states: their names, and the state to go to."""

    errors: tuple[str, ...]
    to: str
    path: str
    """Where the error is kept."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is around a statement: what catches its errors, where `break` and `continue` go."""

    handlers: tuple[Handler, ...] = ()
    stop: str | None = None
    again: str | None = None
    caught: str | None = None
    """Where the error stands that a bare `raise` raises again."""

    error: str | None = None
    """The variable that holds this error in Python."""

    is_item: bool = False
    """Whether this is the machine of a Map, from which nothing returns."""

    is_tried: bool = False
    """Whether a bare `raise` would meet a `try` around it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement becomes states: of which machine, in which scope, with which variables."""

    states: dict[str, State] = field(default_factory=dict)
    """The machine's states by name; a state goes in after those that it leads to."""

    scope: Scope = Scope()
    known: frozenset[str] = frozenset()
    """Variables that are there in each case."""

    def within(self, scope: Scope) -> Place:
        """The same machine in another scope."""
        return Place(self.states, scope, self.known)

    def knowing(self, known: frozenset[str]) -> Place:
        """The same scope with other variables."""
        return Place(self.states, self.scope, known)


class StateMaker:
    """Makes states with names of their own, each with the line that it stands for."""

    def __init__(self, source: Source, function: Function) -> None:
        self.source = source
        self.function = function
        self.drafted: list[DraftedState] = []
        self._taken: set[str] = set()
        self._names = names_in(function)
        self._fresh = 0

    def add(
        self,
        place: Place,
        node: ast.AST,
        kind: str,
        said: Mapping[str, Any],
        name: str,
        then: str | None = None,
    ) -> str:
        """A state's name; `then` is the one after it, None for a kind that has its own ways."""
        own = self.name(pascal_case(name))
        state: State = {"Type": kind, "Comment": self.comment(node), **said}
        if kind in CATCHING and place.scope.handlers:
            state["Catch"] = _catches(place.scope.handlers)
        if then is not None:
            state |= {"Next": then} if then else {"End": True}
        self.put(place, own, node, state)
        return own

    def pass_on(
        self, place: Place, node: ast.AST, then: str, said: Mapping[str, Any], name: str
    ) -> str:
        """A state that only says or moves a value."""
        return self.add(place, node, "Pass", said, name, then)

    def put(self, place: Place, name: str, node: ast.AST, state: State) -> None:
        """A state under a name that it got before."""
        place.states[name] = state
        line = getattr(node, "lineno", self.function.lineno)
        text = self.source.lines[line - 1].decode("utf-8", "replace").strip()
        self.drafted.append(DraftedState(name, state["Type"], self.source.shown, line, text))

    def comment(self, node: ast.AST) -> str:
        """The file and line that a state stands for."""
        return f"{self.source.shown}:{getattr(node, 'lineno', self.function.lineno)}"

    def name(self, wanted: str) -> str:
        """A name that no other state has."""
        wanted = wanted[:LONGEST_NAME] or "State"
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}{number}"
        self._taken.add(name)
        return name

    def variable(self, word: str) -> str:
        """A field that no variable of the function has; its path is `$.` and this."""
        while True:
            self._fresh += 1
            name = f"{word}_{self._fresh}"
            if name not in self._names:
                return name


def _catches(handlers: tuple[Handler, ...]) -> list[State]:
    catches: list[State] = []
    for one in handlers:
        catches.append({"ErrorEquals": list(one.errors), "ResultPath": one.path, "Next": one.to})
        if "States.ALL" in one.errors:
            break
    return catches


def reached(start: str, states: Mapping[str, State]) -> dict[str, State]:
    """The states that are reached, in the order of the ways."""
    found: dict[str, State] = {}
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


def every_name(states: Mapping[str, State]) -> set[str]:
    """The names of states, those of machines within them included."""
    found = set(states)
    for state in states.values():
        inner = [state["ItemProcessor"]] if "ItemProcessor" in state else state.get("Branches", [])
        for machine in inner:
            found |= every_name(machine["States"])
    return found
