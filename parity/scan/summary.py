"""What is kept of a file: its definitions and constraints, as rows that JSON can hold.

A *variable* is a number within the file: a name in a scope, or what an expression gives. Variable
0 is what nobody asks about. Rows say how values move between variables; `solving` links the rows
of all files and finds what each variable may hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

NAME, SELF, ATTRIBUTE, OTHER = range(4)
"""How a call names its target: f(), self.f(), x.f(), anything else."""

PLAIN, STAR, STAR_STAR, KEYWORD = range(4)
"""Kinds of parameters."""

FEWEST_LINES = 5
"""A function that ends fewer lines below its first computes too little to be taken apart."""


@dataclass(slots=True)
class FunctionFacts:
    """A function, a lambda, or (the first of a file) the module's own body."""

    qualname: str
    line: int
    end: int
    owner: int = -1
    outer: int = -1
    params: list[list[Any]] = field(default_factory=list)
    ret: int = 0
    yields: int = 0
    passes: list[int] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    provides: str = ""
    raises: list[list[Any]] = field(default_factory=list)
    touches: list[list[Any]] = field(default_factory=list)
    makes: list[list[Any]] = field(default_factory=list)
    decorators: list[str] = field(default_factory=list)
    hash: str = ""

    def has_plain(self, variable: int) -> bool:
        """Whether a variable is one of the parameters that a call may give by position."""
        return any(one[1] == variable and one[2] == PLAIN for one in self.params)

    @property
    def provided(self) -> str:
        """What calling it gives, in words."""
        if self.provides:
            return self.provides
        if "generator" in self.flags:
            return "a generator"
        return "a value" if "returns" in self.flags else "None"


@dataclass(slots=True)
class ClassFacts:
    """A class: the variables of its bases, of what its body binds, and of its metaclass; `declared`
    are names that are only annotated, so that it has nothing by them itself."""

    qualname: str
    line: int
    bases: list[int] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    decorators: list[str] = field(default_factory=list)
    meta: int = 0
    declared: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Summary:
    """One file. Rows are lists, in the order of the comments."""

    size: int = 1
    lines: int = 0
    functions: list[FunctionFacts] = field(default_factory=list)
    classes: list[ClassFacts] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)  # bound at the top level
    plain: dict[str, int] = field(default_factory=dict)  # of these, assigned: name, line
    free: dict[str, int] = field(default_factory=dict)  # used, but bound nowhere in the file
    externals: list[list[Any]] = field(default_factory=list)  # variable, name, text
    is_function: list[list[int]] = field(default_factory=list)  # variable, function
    is_class: list[list[int]] = field(default_factory=list)  # variable, class
    containers: list[list[Any]] = field(default_factory=list)  # variable, type
    supers: list[list[int]] = field(default_factory=list)  # variable, class, self
    copies: list[list[int]] = field(default_factory=list)  # to, from
    instances: list[list[int]] = field(default_factory=list)  # to, annotation
    values: list[list[int]] = field(default_factory=list)  # to, from: of builtin types only
    loads: list[Sequence[Any]] = field(default_factory=list)  # to, base, name, function, line
    stores: list[list[Any]] = field(default_factory=list)  # base, name, from, function, line
    items: list[list[Any]] = field(default_factory=list)  # to, base, key or null, function, line
    puts: list[list[Any]] = field(default_factory=list)  # base, key or null, from, function, line
    operators: list[list[Any]] = field(default_factory=list)  # to, base, name, args, function, line
    awaits: list[list[Any]] = field(default_factory=list)  # see AWAIT
    raised: list[list[Any]] = field(default_factory=list)  # what may be a class, function, line
    tested: list[list[int]] = field(default_factory=list)  # variable, classes, whether below
    calls: list[list[Any]] = field(default_factory=list)  # see CALL
    imports: list[list[Any]] = field(default_factory=list)  # see IMPORT
    stars: list[list[Any]] = field(default_factory=list)  # module, line
    aliases: list[list[Any]] = field(default_factory=list)  # name, line: of dict types
    bags: list[list[Any]] = field(default_factory=list)  # function, parameter, key, is written
    notes: list[list[Any]] = field(default_factory=list)  # kind, line, text

    def row(self) -> list[Any]:
        """The summary as a JSON value."""
        values = [getattr(self, one.name) for one in fields(self)]
        values[2] = [_row(one) for one in self.functions]
        values[3] = [_row(one) for one in self.classes]
        return values


@dataclass(frozen=True, slots=True)
class Head:
    """What the other files must know of one: its imports, its notes, the modules it names, and
    the names that it gives; None where it may give any."""

    imports: list[list[Any]]
    notes: list[list[Any]]
    reaches: list[str]
    lines: int
    gives: list[str] | None


CALL = ("to", "callee", "args", "keywords", "star", "stars", "line", "function", "form", "text",
        "base", "name", "key", "is_dropped")  # fmt: skip
"""The columns of a call: result, target, arguments, [name, variable] pairs, `*` and `**` argument,
line, function, form, text of the target, variable and name where it is an attribute, first
argument where that is a literal key, whether nobody takes the result although it is in a loop."""


AWAIT = ("to", "from", "yields", "method", "function", "line")
"""The columns of what is waited for: what it gives, what it is, what comes out of the function in
the meantime, and the method by which an object says what runs."""

IMPORT = ("variable", "module", "name", "line", "function")
"""The columns of an import; the name is null where the module itself is bound."""


def unit_names(module: str, summary: Summary) -> Iterator[str]:
    """The names of the units of a file: where one is defined again, with its line."""
    seen: set[str] = set()
    for facts in summary.functions:
        name = f"{module}:{facts.qualname}"
        if name in seen:
            name = f"{name}@{facts.line}"
        seen.add(name)
        yield name


def from_row(row: list[Any]) -> Summary:
    """A summary as `row` gave it."""
    values = list(row)
    values[2] = [FunctionFacts(*one) for one in row[2]]
    values[3] = [ClassFacts(*one) for one in row[3]]
    return Summary(*values)


def _row(facts: FunctionFacts | ClassFacts) -> list[Any]:
    return [getattr(facts, one.name) for one in fields(facts)]
