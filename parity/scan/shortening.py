"""A summary without the variables that only repeat another, and without what nobody asks for.

Most variables of a file are steps on the way: `x = f(y)` has one for what the call gives and one
for `x`. Where a variable of a function is given one value by one copy only, both are the same.
"""

from __future__ import annotations

from typing import Any, Final

from parity.scan.summary import Summary

SOURCES: Final[tuple[tuple[str, int], ...]] = (
    ("externals", 0), ("is_function", 0), ("is_class", 0), ("containers", 0), ("supers", 0),
    ("instances", 0), ("loads", 0), ("items", 0), ("operators", 0), ("awaits", 0), ("calls", 0),
    ("imports", 0), ("values", 0),
)  # fmt: skip
"""Tables whose rows give a variable what it holds, and the column of that variable."""


def shorten(summary: Summary, literals: frozenset[int]) -> None:
    """Makes a summary smaller; whatever is asked of it has the same answers.

    `literals` are variables that hold a value of a builtin type and nothing else.
    """
    _set_passes(summary)
    same = _same(summary)
    if same:
        _renamed(summary, same)
    summary.operators = [row for row in summary.operators if row[1] not in literals]
    _drop_unread(summary)


def _set_passes(summary: Summary) -> None:
    """Finds the parameters that functions give back as they are: a call has its own argument back,
    not what all calls pass."""
    given = {row[column] for table, column in SOURCES for row in getattr(summary, table)}
    given |= {to for to, _ in summary.copies}
    returns = {
        facts.ret: facts
        for facts in summary.functions
        if "async" not in facts.flags and "generator" not in facts.flags
    }
    left: list[list[int]] = []
    for row in summary.copies:
        facts = returns.get(row[0])
        if facts is not None and row[1] not in given and facts.has_plain(row[1]):
            facts.passes.append(row[1])
        else:
            left.append(row)
    summary.copies = left


def _same(summary: Summary) -> dict[int, int]:
    """Of each variable that is but a copy of another, that other."""
    given: dict[int, int] = dict.fromkeys(_asked_by_name(summary), 2)
    for table, column in SOURCES:
        for row in getattr(summary, table):
            variable = row[column]
            given[variable] = given.get(variable, 0) + 2
    for to, _ in summary.copies:
        given[to] = given.get(to, 0) + 1
    same = {to: source for to, source in summary.copies if given[to] == 1}
    return {to: _first(to, same) for to in same}


def _asked_by_name(summary: Summary) -> list[int]:
    """Variables that other files may reach, or that stand for more than what they hold."""
    found = [*summary.names.values(), *summary.free.values()]
    for klass in summary.classes:
        found += klass.names.values()
    for facts in summary.functions:
        found += [param[1] for param in facts.params]
        found.append(facts.yields)
    return found


def _first(variable: int, same: dict[int, int]) -> int:
    """The variable at the end of a chain of copies; one of a circle stands for itself."""
    seen = {variable}
    while variable in same:
        variable = same[variable]
        if variable in seen:
            return variable
        seen.add(variable)
    return variable


def _renamed(summary: Summary, same: dict[int, int]) -> None:
    get = same.get
    summary.copies = [
        [to, get(source, source)] for to, source in summary.copies if get(to, to) == to
    ]
    for table, columns in (
        ("instances", (1,)), ("values", (1,)), ("loads", (1,)), ("stores", (0, 2)), ("items", (1,)),
        ("puts", (0, 2)), ("operators", (1,)), ("awaits", (1,)), ("supers", (2,)),
        ("raised", (0,)), ("tested", (0, 1)), ("calls", (1, 4, 5, 10)),
    ):  # fmt: skip
        for row in getattr(summary, table):
            for column in columns:
                row[column] = get(row[column], row[column])
    for row in summary.operators:
        row[3] = [get(one, one) for one in row[3]]
    for row in summary.calls:
        row[2] = [get(one, one) for one in row[2]]
        row[3] = [[name, get(one, one)] for name, one in row[3]]
    for facts in summary.functions:
        facts.ret = get(facts.ret, facts.ret)
    for klass in summary.classes:
        klass.bases = [get(one, one) for one in klass.bases]
        klass.meta = get(klass.meta, klass.meta)


def _drop_unread(summary: Summary) -> None:
    """Copies and elements that nobody reads, and results that nobody takes."""
    read = set(_asked_by_name(summary))
    for facts in summary.functions:
        read.add(facts.ret)
    for klass in summary.classes:
        read.update((*klass.bases, klass.meta))
    for table, columns in (
        ("instances", (1,)), ("values", (1,)), ("loads", (1,)), ("stores", (0, 2)),
        ("puts", (0, 2)), ("operators", (1,)), ("awaits", (1,)), ("supers", (2,)), ("raised", (0,)),
        ("tested", (0, 1)), ("calls", (1, 4, 5, 10)),
    ):  # fmt: skip
        for row in getattr(summary, table):
            read.update(row[column] for column in columns)
    for row in summary.operators:
        read.update(row[3])
    for row in summary.calls:
        read.update(row[2])
        read.update(one for _, one in row[3])
    ways: dict[int, list[int]] = {}
    for to, source in summary.copies:
        ways.setdefault(to, []).append(source)
    for to, source, *_ in summary.items:
        ways.setdefault(to, []).append(source)
    pending = [to for to in ways if to in read]
    while pending:
        for source in ways[pending.pop()]:
            if source not in read:
                read.add(source)
                if source in ways:
                    pending.append(source)
    summary.copies = [row for row in summary.copies if row[0] in read]
    summary.items = [row for row in summary.items if row[0] in read]
    summary.externals = [row for row in summary.externals if row[2] is None or row[0] in read]
    rows: list[Any]
    for rows in (summary.operators, summary.awaits, summary.calls):
        for row in rows:
            if row[0] not in read:
                row[0] = 0
