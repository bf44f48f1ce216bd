"""Decorators of the project, followed apart for each function that they are put on.

What a decorator makes of a function calls that function and no other one. Were the variables of
`wrapper` the same wherever its decorator stands, each decorated function would be given the
arguments of all, and whoever calls one would be given the results of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parity.scan.effects import Effects
from parity.scan.guessing import Guessing
from parity.scan.linking import Module
from parity.scan.objects import BOUND, FUNCTION
from parity.scan.summary import OTHER, FunctionFacts, Summary

MOST_VARIABLES: Final = 400
"""A decorator with more is followed once for all functions."""
MOST_OF_ALL: Final = 0.5
"""Variables that are made for this, for each variable of the files."""
STEPS_APART: Final = 100
"""Steps more, for each of these, before variables are held narrower: what comes to a place is gone
through there by itself, and more of it than where all places share what a variable may hold."""
BELONGING: Final[Mapping[str, tuple[int | None, tuple[int, ...]]]] = {
    "loads": (3, (0, 1)), "stores": (3, ()), "items": (3, (0,)), "puts": (3, ()),
    "operators": (4, (0,)), "awaits": (4, (0,)), "raised": (1, ()), "calls": (7, (0,)),
    "imports": (4, (0,)), "externals": (None, (0,)), "is_function": (None, (0,)),
    "containers": (None, (0,)), "supers": (None, (0,)), "copies": (None, (0, 1)),
    "instances": (None, (0,)), "values": (None, (0,)), "tested": (None, (0,)),
}  # fmt: skip
"""By table of a summary: the column of a row that names the function it belongs to, if one does,
and those of which one may be a variable of that function."""


@dataclass(frozen=True, slots=True)
class Decorator:
    """A function of a file with all that is defined in it: numbers within the file."""

    module: int
    functions: range
    variables: tuple[int, ...]
    rows: Summary
    calls: tuple[int, ...]
    """By call in `rows`: its number among those of the file."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A decorator as it is followed for one place: what stands for its file there."""

    of: Decorator
    module: int


class Decorating(Guessing):
    """Gives each place where a decorator stands variables of its own, and takes them together
    again once all is found."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.files, self.functions_written = len(self.modules), len(self.functions)
        """How many files and functions there are; what stands for one at a place comes after."""
        self.layouts: dict[int, Decorator] = {}
        self.makers: set[int] = set()
        """Variables of what stands behind an `@`: results of calls that give a decorator."""
        self.decorating: set[int] = set()
        """Calls by which something is decorated, or a decorator is made."""
        self.apart: dict[tuple[int, int], int] = {}
        self.made_apart: list[Apart] = []
        self.not_laid_out: list[int] = []
        self.standing_for: dict[tuple[int, int], int] = {}
        self.room = 0

    def _find_decorators(self) -> None:
        """To be called before the rows of the files are used up."""
        names: Counter[str] = Counter()
        for at, module in enumerate(self.modules):
            for row in module.summary.calls:
                if row[9].startswith("@"):
                    names[row[9].partition("(")[0].rpartition(".")[2].lstrip("@")] += 1
                    self.makers.add(self.own[at][row[1]])
        self.makers.discard(0)
        self.room = int(self.size * MOST_OF_ALL)
        for at, module in enumerate(self.modules):
            first = self.first_function[at]
            for index, facts in enumerate(module.summary.functions):
                if facts.qualname in names and facts.outer == 0 and facts.owner < 0:
                    found = _decorator(at, module.summary, index)
                    if found is not None:
                        self.layouts[first + index] = found
                        self.enough += STEPS_APART * len(found.variables) * names[facts.qualname]

    def _function_number(self, at: int, function: int) -> int:
        """The number among all of a function of a file."""
        return self.standing_for.get((at, function), self.first_function[at] + function)

    def _note_decorating(self, number: int) -> None:
        call = self.calls[number]
        if self.layouts and (call[9].startswith("@") or call[0] in self.makers):
            self.decorating.add(number)

    def _as_it_stands(self, number: int, function: int) -> int:
        """What a place calls where it calls a function: that of its own if it decorates."""
        of = self.layouts.get(function)
        if of is None or number not in self.decorating:
            return function
        found = self.apart.get((number, function))
        if found is None:
            if len(of.variables) > self.room:
                return function
            self.room -= len(of.variables)
            found = self.apart[(number, function)] = self._set_apart(of)
        return found

    def _set_apart(self, of: Decorator) -> int:
        """Lays out a decorator once more; the number of the function that it is there."""
        at = len(self.modules)
        own = list(self.own[of.module])
        for variable in of.variables:
            own[variable] = self.new()
        self.modules.append(Module(self.modules[of.module].source, _copied(of.rows)))
        self.own.append(own)
        self.first_function.append(self.first_function[of.module])
        self.first_class.append(self.first_class[of.module])
        self.call_numbers.append([])
        facts = self.modules[of.module].summary.functions
        for index in of.functions:
            self.standing_for[(at, index)] = len(self.functions)
            self.functions.append((at, facts[index]))
        self._seed(at)
        self.made_apart.append(Apart(of, at))
        self.not_laid_out.append(at)
        return self.standing_for[(at, of.functions[0])]

    def _work(self) -> None:
        """Nothing is laid out amid other work: what that calls may be laid out in turn."""
        super()._work()
        while self.not_laid_out:
            at = self.not_laid_out.pop()
            self._install(at)
            super()._work()

    def _install(self, at: int) -> None:
        raise NotImplementedError

    def _take_together(self) -> None:
        """What was found of a decorator at all places is told of the one that is written."""
        if not self.made_apart:
            return
        written = {
            number: self.first_function[at] + index
            for (at, index), number in self.standing_for.items()
        }
        files = {one.module: one.of.module for one in self.made_apart}
        for obj, key in enumerate(self.objects.of):
            if key[0] in (FUNCTION, BOUND) and key[1] in written:
                self.objects.of[obj] = (key[0], written[key[1]], *key[2:])
        for number, found in self.targets.items():
            if any(kind == FUNCTION and key in written for kind, key in found):
                self.targets[number] = _renamed(found, written)
        for one in self.made_apart:
            self._join_calls(one)
            self._join_variables(one)
        for key, number in list(self.operator_calls.items()):
            at = self.call_modules[number]
            if at in files and key[-1] == at:
                del self.operator_calls[key]
                self.operator_calls.setdefault((*key[:-1], files[at]), number)
        self.call_modules = [files.get(at, at) for at in self.call_modules]
        del self.modules[self.files :], self.own[self.files :], self.call_numbers[self.files :]
        del self.first_function[self.files :], self.first_class[self.files :]
        del self.functions[self.functions_written :]

    def _join_calls(self, one: Apart) -> None:
        """Calls that are written once are told once."""
        numbers = self.call_numbers[one.of.module]
        for number, of in zip(self.call_numbers[one.module], one.of.calls, strict=True):
            found = self.targets.pop(number, None)
            if found:
                into = self.targets.setdefault(numbers[of], {})
                for target, how in found.items():
                    into.setdefault(target, how)
            call = list(self.calls[number])
            call[1], call[8], call[10] = 0, OTHER, 0  # as what is called where no call is written
            self.calls[number] = call

    def _join_variables(self, one: Apart) -> None:
        here, there = self.own[one.of.module], self.own[one.module]
        for variable in one.of.variables:
            to, source = here[variable], there[variable]
            held = self.holds.get(source)
            if held:
                self.holds[to] = held | self.holds.get(to, frozenset())
            if source in self.missed:
                self.missed.setdefault(to, set()).update(self.missed[source])
            if source in self.guessed:
                self.guessed.add(to)
            if source in self.capped:
                self.capped.add(to)
                self.capped.discard(source)


def _renamed(found: Mapping[tuple[int, Any], str], written: Mapping[int, int]) -> dict[Any, str]:
    renamed: dict[tuple[int, Any], str] = {}
    for (kind, key), how in found.items():
        renamed.setdefault((kind, written.get(key, key) if kind == FUNCTION else key), how)
    return renamed


def _decorator(at: int, summary: Summary, index: int) -> Decorator | None:
    """A function with what is defined in it; None where it defines no function, or too much."""
    functions = _with_inner(summary.functions, index)
    facts = summary.functions[index]
    if len(functions) < 2 or any(facts.line <= one.line <= facts.end for one in summary.classes):
        return None
    after = next((row[0] for row in summary.is_function if row[1] == index), 0)
    first = facts.yields - 1  # what it returns is numbered first, then what it yields
    shared = {*summary.free.values(), *summary.names.values()}
    variables = tuple(one for one in range(first, after) if one not in shared)
    if not variables or len(variables) > MOST_VARIABLES:
        return None
    rows, calls = _rows_of(summary, functions, frozenset(variables))
    return Decorator(at, functions, variables, rows, calls)


def _with_inner(functions: Sequence[FunctionFacts], index: int) -> range:
    end = index + 1
    while end < len(functions) and functions[end].outer >= index:
        end += 1
    return range(index, end)


def _rows_of(
    summary: Summary, functions: range, variables: frozenset[int]
) -> tuple[Summary, tuple[int, ...]]:
    """The rows of a file that belong to functions, and the numbers of the calls among them."""
    inner = [summary.functions[one] for one in functions]
    rows = Summary(len(variables), summary.lines, inner)
    calls: tuple[int, ...] = ()
    for table, (function, columns) in BELONGING.items():
        kept = {
            number: row
            for number, row in enumerate(getattr(summary, table))
            if (function is not None and row[function] in functions)
            or any(row[one] in variables for one in columns)
        }
        setattr(rows, table, list(kept.values()))
        if table == "calls":
            calls = tuple(kept)
    return _copied(rows), calls


def _copied(rows: Summary) -> Summary:
    """The same rows, of which each is used up once."""
    copy = Summary(rows.size, rows.lines, rows.functions)
    for table in BELONGING:
        setattr(copy, table, [list(row) for row in getattr(rows, table)])
    return copy
