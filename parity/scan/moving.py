"""Objects that move along copies between variables, and uses that wait for them.

Objects move along copies; what a load, a call or an operator gives depends on what its base turns
out to hold, so each waits at its base and is worked off as objects arrive, until nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from parity.scan.objects import (
    BOUND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
    METHOD,
    MODULE,
    PARTIAL,
    PROPERTY,
    Objects,
)

MOST_HELD: Final = 40
"""A variable that may hold more than this says nothing; what comes later is dropped, and told."""

MOST_LET_IN: Final = 160
"""The same for functions of the project, which come in beyond it: a call may be theirs."""

MOST_OBJECTS: Final = 60
"""The same for instances of classes of the project."""

LARGE: Final = 16
"""Sets of more than this are shared by all variables that hold the same."""

MOST_LOOSE: Final = 4096
"""As many variables may have such a set of their own before it is looked for one to share."""

WIDE: Final = (MOST_HELD, MOST_LET_IN, MOST_OBJECTS)
NARROW: Final = (10, 20, 15)
"""The same, once more has been done than is to be expected of files of this size."""

STEPS: Final = 7
"""Objects that uses are worked off with, for each variable of the files; servers take about three,
a library whose objects may all be one another's parts fifty."""

(LOAD, STORE, ITEM, PUT, OPERATE, CALL, BIND, BIND_STORE, BIND_CALL, HAND, MERGE, INSTANTIATE,
 SUPERS, STATIC_LOAD, WRAP, ANY_LOAD, ANY_STORE, STATIC_CALL, AWAIT,
 VALUES, RAISE, FORWARD, DATA, OF_META, STORE_PAST, BY_INTERFACE,
 KEEP, LOAD_PAST, BESIDE, FOLLOWED, NEXT, DELETE, UNBIND, NAMES_OF,
 NAMED_BY, OWNED, DELETE_PAST, SET_EACH, ASKED_FOR) = range(39)  # fmt: skip

CALLABLE: Final = frozenset({FUNCTION, BOUND, PARTIAL, CLASS})
LET_IN: Final = frozenset({FUNCTION, BOUND, PARTIAL})
OBJECTS: Final = frozenset({INSTANCE, FAMILY})
ANY: Final = frozenset(range(12))
ABOUT: Final = (
    ANY, OBJECTS | {MODULE, CLASS, FUNCTION, BOUND, CONTAINER, EXTERNAL, PROPERTY},
    OBJECTS | {CONTAINER, EXTERNAL}, OBJECTS | {CONTAINER},
    OBJECTS | {CONTAINER, EXTERNAL, CLASS}, ANY, ANY,
    frozenset({FUNCTION, INSTANCE, PROPERTY}), frozenset({FUNCTION, BOUND, PARTIAL}),
    CALLABLE | {EXTERNAL, CONTAINER}, OBJECTS | {CONTAINER}, frozenset({CLASS, EXTERNAL}),
    OBJECTS | {CLASS},
    frozenset({MODULE, EXTERNAL, CLASS}), CALLABLE | {EXTERNAL},
    OBJECTS | {CLASS, MODULE, EXTERNAL}, OBJECTS, frozenset({EXTERNAL}), ANY,
    frozenset({EXTERNAL}), frozenset({CLASS}), frozenset({FUNCTION}),
    ANY - {FUNCTION, BOUND, METHOD}, frozenset({FUNCTION}), OBJECTS, frozenset({CLASS}),
    frozenset({FUNCTION}), OBJECTS, frozenset({CONTAINER}), frozenset({CLASS}),
    frozenset({CLASS}), OBJECTS, frozenset({FUNCTION, INSTANCE, PROPERTY}),
    frozenset({CONTAINER}), frozenset({CLASS}), ANY, OBJECTS, OBJECTS | {CONTAINER},
    CALLABLE | {EXTERNAL, CONTAINER},
)  # fmt: skip
"""Kinds of objects that each kind of use is about; the others it passes over."""

Use = tuple[Any, ...]
"""What waits at a variable: its kind, and what is to be done with what the variable holds."""


class Moving:
    """Variables, what they hold, and what waits for that."""

    def __init__(self) -> None:
        self.objects = Objects()
        self.holds: dict[int, frozenset[int] | set[int]] = {}
        self.flows: dict[int, int | set[int]] = {}
        self.waiting: dict[int, Use | list[Use]] = {}
        self.moved: dict[int, frozenset[int] | set[int]] = {}
        self.pending: list[int] = []
        self.loose: set[int] = set()
        """Variables that hold much in a set of their own."""
        self.capped: set[int] = set()
        self.dropped: set[int] = set()
        """Of these the ones that may hold more of the outside than they do."""
        self.missed: dict[int, set[str]] = {}
        """By variable: what that would do, if it is anything; also of those that it would go to."""
        self.guessed: set[int] = set()
        """Of these what they hold is known by a name only."""
        self.size = 1
        self.steps = 0
        self.enough = 0
        """Steps after which variables are held narrower; 0 before it is known."""
        self._limit(WIDE)
        self.uses: dict[int, Callable[[Use, int], None]] = {}
        """How each kind of use is worked off."""

    def _limit(self, limits: tuple[int, int, int]) -> None:
        """Sets how much a variable may hold."""
        self.most, self.most_let_in, self.most_objects = limits
        self.rooms = dict.fromkeys(LET_IN, limits[1]) | dict.fromkeys(OBJECTS, limits[2])

    def new(self) -> int:
        """A variable of nobody's."""
        self.size += 1
        return self.size - 1

    def add(self, variable: int, obj: int) -> None:
        """Lets a variable hold an object."""
        held = self.holds.get(variable)
        if held is None:
            if variable:
                self.holds[variable] = self.moved[variable] = self.objects.alone(obj)
                self.pending.append(variable)
            return
        if obj in held:
            return
        if len(held) >= self.most:
            self.capped.add(variable)
            kind = self.objects.kinds[obj]
            if len(held) >= self.rooms.get(kind, self.most):
                if kind == EXTERNAL and obj not in self.objects.values:
                    self._drop(variable, (obj,))
                return
        if isinstance(held, frozenset):  # others may hold the same one
            held = self.holds[variable] = set(held)
        held.add(obj)
        self._move(variable, self.objects.alone(obj))

    def _add_all(self, variable: int, objects: frozenset[int] | set[int]) -> None:
        """Lets a variable hold objects, which may be all that another one holds."""
        held = self.holds.get(variable)
        if held is None:
            if variable:
                self.holds[variable] = self.moved[variable] = frozenset(objects)
                self.pending.append(variable)
            return
        if held is objects:
            return
        if len(held) >= self.most_let_in and variable in self.dropped:
            self._drop(variable, objects)
            return  # nothing comes in any more, and that is told
        more = objects - held
        if not more:
            return
        room = self.most - len(held)
        if len(more) > room:
            self.capped.add(variable)
            more = self._let_in(variable, more, room)
            if not more:
                return
        if isinstance(held, frozenset):
            held = self.holds[variable] = set(held)
        held |= more
        if len(held) > LARGE:
            self.loose.add(variable)
            if len(self.loose) >= MOST_LOOSE:
                self._share()
        self._move(variable, more)

    def _share(self) -> None:
        """Lets variables that came to hold much share one set where they hold the same."""
        holds = self.holds
        shared: dict[frozenset[int], frozenset[int]] = {}
        for variable in self.loose:
            held = frozenset(holds[variable])
            holds[variable] = shared.setdefault(held, held)
        self.loose.clear()

    def _let_in(self, variable: int, more: frozenset[int] | set[int], room: int) -> frozenset[int]:
        """Of objects for which there is no room those that come in: functions before all, and
        instances of classes of the project after all."""
        kinds = self.objects.kinds
        places = max(0, room + self.most_let_in - self.most)
        found = sorted([one for one in more if kinds[one] in LET_IN])[:places] if places else []
        room -= len(found)
        after = max(0, min(room, 0) + self.most_objects - self.most)
        if room <= 0 and variable in self.dropped:
            self._drop(variable, more)
            return frozenset(found)
        others = sorted([one for one in more if kinds[one] not in LET_IN])
        kept, left_out = others[: max(0, room)], others[max(0, room) :]
        if after:
            kept += [one for one in left_out if kinds[one] in OBJECTS][:after]
        values = self.objects.values
        if any(kinds[one] == EXTERNAL and one not in values for one in left_out):
            self._drop(variable, left_out)
        return frozenset(found + kept)

    def _drop(self, variable: int, objects: Iterable[int]) -> None:
        """Notes that a variable does not hold objects that it may hold."""
        self.dropped.add(variable)
        for one in objects:
            if self.objects.kinds[one] == EXTERNAL and one not in self.objects.values:
                kind = self.done_by(one)
                if kind:
                    self.missed.setdefault(variable, set()).add(kind)

    def _spread_missed(self) -> None:
        """What a variable does not hold, none holds that it is copied to."""
        pending = sorted(self.missed)
        while pending:
            source = pending.pop()
            for one in self.copies_of(source):
                kinds = self.missed.setdefault(one, set())
                if not self.missed[source] <= kinds:
                    kinds |= self.missed[source]
                    pending.append(one)

    def done_by(self, obj: int) -> str:
        """The kind of effect of something of the outside, or nothing; here nothing is known."""
        return "unknown"

    def _move(self, variable: int, more: frozenset[int] | set[int]) -> None:
        """Notes what a variable came to hold, to be handed on."""
        moved = self.moved.get(variable)
        if moved is None:
            self.moved[variable] = more
            self.pending.append(variable)
        else:
            self.moved[variable] = moved | more

    def flow(self, source: int, to: int) -> None:
        """Lets `to` hold whatever `source` holds."""
        if not source or not to or source == to:
            return
        if self._tie(source, to):
            held = self.holds.get(source)
            if held:
                self._add_all(to, held)

    def _tie(self, source: int, to: int) -> bool:
        """Notes a copy; whether it is new. Of most variables there is one copy only."""
        flows = self.flows.get(source)
        if flows is None:
            self.flows[source] = to
        elif isinstance(flows, int):
            if flows == to:
                return False
            self.flows[source] = {flows, to}
        elif to in flows:
            return False
        else:
            flows.add(to)
        return True

    def copies_of(self, variable: int) -> Iterable[int]:
        """The variables that hold whatever a variable holds."""
        to = self.flows.get(variable, ())
        return (to,) if isinstance(to, int) else to

    def uses_of(self, variable: int) -> Sequence[Use]:
        """What waits at a variable."""
        waits = self.waiting.get(variable, ())
        return waits if isinstance(waits, list) else (waits,) if waits else ()

    def wait(self, variable: int, use: Use) -> None:
        """Lets `use` be worked off with each object that a variable holds or will hold."""
        others = self.waiting.get(variable)
        if others is None:
            self.waiting[variable] = use
        elif isinstance(others, list):
            others.append(use)
        else:
            self.waiting[variable] = [others, use]
        held = self.holds.get(variable)
        if held:
            work_off, about, kinds = self.uses[use[0]], ABOUT[use[0]], self.objects.kinds
            for obj in tuple(held):
                if kinds[obj] in about:
                    work_off(use, obj)

    def _work(self) -> None:
        pending, moved, flows, waiting = self.pending, self.moved, self.flows, self.waiting
        uses, kinds, about, add_all = self.uses, self.objects.kinds, ABOUT, self._add_all
        if not self.enough:
            self.enough = STEPS * self.size
        while pending:
            variable = pending.pop()
            objects = moved.pop(variable)
            to = flows.get(variable)
            if to is not None:
                for one in (to,) if isinstance(to, int) else tuple(to):
                    add_all(one, objects)
            waits = waiting.get(variable)
            if waits is not None:
                asked = tuple(waits) if isinstance(waits, list) else (waits,)
                self.steps += len(objects) * len(asked)
                if self.steps > self.enough and self.most == MOST_HELD:
                    self._limit(NARROW)
                for use in asked:
                    kind = use[0]
                    work_off, wanted = uses[kind], about[kind]
                    for obj in objects:
                        if kinds[obj] in wanted:
                            work_off(use, obj)
