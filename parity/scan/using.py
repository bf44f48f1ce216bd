"""What the users of the code show of it: which of its own units its calls reach when they use it.

Users (tests, mostly) are solved together with the code, and of all that is found there only the
targets of calls of the code among units of the code are taken. So nothing that a user holds, does
or fakes comes into the report: no effect, no object of the outside, and no call is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.scan.components import conftests
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.objects import CLASS, EXTERNAL, FUNCTION
from parity.scan.solving import Solver
from parity.scan.summary import FunctionFacts
from parity.scanned import BY_USE

MOST_SHOWN: Final = 24
"""A call that users lead to more units than this says nothing of any one of them."""

ASKED: Final = frozenset(
    "property __getattr__ __getattribute__ __get__ __set__ __iter__ __next__ __aiter__ __anext__"
    " __await__ __enter__ __exit__ __aenter__ __aexit__".split()
)
"""What a place asks of what it is handed although no call is written there, and does not ask of all
values: these have a text, are equal to something, and many of them hold others by a key."""

FIXTURES: Final = frozenset({"fixture", "yield_fixture"})
"""Last names of decorators by which pytest knows what it is to hand to tests."""

Target = tuple[int, int]
"""Function or class, and its number."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What users show of one call: a written one by its file and row, or what a place asks without
    one, by what is asked, function, line and module; and whether they also lead it to what is not
    known."""

    written: tuple[int, int] | None
    asked: tuple[Any, ...]
    targets: tuple[Target, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """What a solved project learned from its users, beside targets: the calls that had none
    before, and whether users also lead them to what is not known; and what answers where no call
    is written, a property or an operator: function, line, getter."""

    is_open: Mapping[int, bool] = field(default_factory=dict)
    answers: tuple[tuple[int, int, int], ...] = ()


class _Using(Solver):
    """Code and its users together; here nothing is guessed by names, which users have many of."""

    def hand_fixtures(self, first: int) -> None:
        """Parameters of tests, and of fixtures, that have the name of a fixture of pytest hold what
        it gives: the one of their own file, or of the nearest `conftest`. Users begin at the
        module `first`."""
        fixtures: dict[tuple[str, str], FunctionFacts] = {}
        for module in self.modules[first:]:
            for facts in module.summary.functions:
                if _is_fixture(facts):
                    name = facts.qualname.rpartition(".")[2]
                    fixtures.setdefault((module.source.module, name), facts)
        for at, facts in self.functions[self.first_function[first] :] if fixtures else ():
            if not _is_fixture(facts) and not facts.qualname.rpartition(".")[2].startswith("test"):
                continue
            for name, variable, _ in facts.params:
                own = self.modules[at].source.module
                for place in (own, *conftests(own)):
                    given = fixtures.get((place, name))
                    if given is not None and given is not facts:
                        near = self.numbers[place]
                        for source in (given.ret, given.yields, *given.passes):
                            self.flow(self.var(near, source), self.var(at, variable))
                        break

    def _guess(self) -> None:
        if self._guess_decorators():
            self._work()


def shown_by(
    modules: Sequence[Module],
    users: Sequence[Module],
    aliases: Mapping[str, str],
    effects: Effects,
) -> list[Shown]:
    """What the users of modules show of the calls in these; summaries are used up by this.

    Texts, comparisons and arithmetic are left out, as is what is handed to the outside: these ask
    all values the same, whoever gave them.
    """
    solver = _Using([*modules, *users], aliases, effects)
    solver.hand_fixtures(len(modules))
    solver.solve()
    return list(_shown(solver, len(modules)))


def learn(solver: Solver, shown: Sequence[Shown]) -> Learned:
    """Gives the calls of a solved project the targets that its users show, beside their own."""
    is_open: dict[int, bool] = {}
    answers: list[tuple[int, int, int]] = []
    answered: dict[tuple[Any, ...], set[Target]] = {}
    for key, number in solver.operator_calls.items():
        if key[0] in ASKED:
            answered.setdefault(_place(key), set()).update(solver.targets.get(number, ()))
    for one in shown:
        if one.written is None:
            fresh = [target for target in one.targets if target not in answered.get(one.asked, ())]
            if len(fresh) <= MOST_SHOWN:
                _, function, line, _ = one.asked
                answers += [(function, line, getter) for _, getter in fresh]
            continue
        module, row = one.written
        number = solver.call_numbers[module][row]
        targets = solver.targets.get(number, {})
        fresh = [target for target in one.targets if target not in targets]
        if fresh and len(fresh) <= MOST_SHOWN:
            if not targets:
                is_open[number] = one.is_open
            solver.targets[number] = {**targets, **dict.fromkeys(fresh, BY_USE)}
    return Learned(is_open, tuple(answers))


def _place(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is asked, function, line and module of a call that is not written, by what the solver
    knows it by: between them stand variables, which another solver may have numbered otherwise."""
    return (key[0], *key[-3:])


def _shown(solver: Solver, modules: int) -> Iterator[Shown]:
    functions, classes = solver.first_function[modules], solver.first_class[modules]
    for module in range(modules):
        for row, number in enumerate(solver.call_numbers[module]):
            targets = _own(solver, number, functions, classes)
            if targets:
                is_open = _is_open(solver, number)
                yield Shown((module, row), (), targets, is_open)
    asked: dict[tuple[Any, ...], dict[Target, None]] = {}
    for key, number in solver.operator_calls.items():
        if key[0] in ASKED and solver.calls[number][7] < functions:
            found = _own(solver, number, functions, classes)
            asked.setdefault(_place(key), {}).update(dict.fromkeys(found))
    for place, one in asked.items():
        if one:
            yield Shown(None, place, tuple(sorted(one)), is_open=False)


def _is_fixture(facts: FunctionFacts) -> bool:
    return any(name.rpartition(".")[2] in FIXTURES for name in facts.decorators)


def _own(solver: Solver, number: int, functions: int, classes: int) -> tuple[Target, ...]:
    """The targets of a call that are no user's."""
    last = {FUNCTION: functions, CLASS: classes}
    found = solver.targets.get(number, ())
    return tuple(sorted((kind, key) for kind, key in found if kind in last and key < last[kind]))


def _is_open(solver: Solver, number: int) -> bool:
    """Whether a call may also lead to what is not known."""
    if solver.calls[number][1] in solver.missed:
        return True
    return any(
        kind == EXTERNAL and solver.effects.kind_of(name) != "pure"
        for kind, name in solver.targets.get(number, ())
    )
