"""Inputs without end, by how far they are from what was recorded; the best come first."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.fuzz.calls import Call, Signature, Slot, Tier, Trial, value_at, with_value
from parity.fuzz.making import Maker, coupled
from parity.fuzz.shapes import (
    NONE,
    branches,
    items_of,
    kind_of,
    takes_none,
)
from parity.fuzz.steps import Sequences
from parity.model import Form

BASES: Final = 48
PER_SLOT: Final = 64
FARTHEST_NEAR: Final = 4
BEFORE_NONE: Final = 24
RESTEPPED: Final = 0.5
"""How often the steps of a class change along with a value."""
Draw = Callable[[Sequence[Slot], int], Sequence[Sequence[Form]]]
"""Rows of values for slots, a number of them; they come from a library that has its own ideas."""


@dataclass(slots=True)
class Streams:
    """All the ways in which inputs of one unit are made."""

    signature: Signature
    maker: Maker
    random: random.Random
    bases: Sequence[Call]
    """What was recorded, or the plainest calls that the types allow."""
    recorded: bool
    draw: Draw
    kept: list[Trial] = field(default_factory=list)
    """Inputs that reached something new, to be changed further."""
    sequences: Sequences = field(init=False)

    def __post_init__(self) -> None:
        """Sequences of steps are made by the same chance as all else."""
        self.sequences = Sequences(self.signature, self.maker, self.random)

    def near(self) -> Iterator[Trial]:
        """One change away from what was recorded, then a few."""
        if not self.recorded:
            return
        several = [self._nearest(call) for call in self.bases[:BASES]]
        while several:
            for stream in list(several):
                call = next(stream, None)
                if call is None:
                    several.remove(stream)
                else:
                    yield Trial.of(call, "near", 1)
        while True:
            call = self.random.choice(self.bases)
            steps = self.random.choice((1, 1, 2, 2, 3))
            yield Trial.of(self._changed(call, steps), "near", steps)

    def _nearest(self, call: Call) -> Iterator[Call]:
        """Every single small change of a call, its values in turn."""
        streams = [
            zip(
                itertools.repeat(slot.place),
                self.maker.nearest(value_at(call, slot.place), slot.shape),
                strict=False,
            )
            for slot in self.signature.slots(call)
        ]
        for row in itertools.zip_longest(*streams):
            for found in row:
                if found is not None:
                    yield with_value(call, *found)
        yield from self._steps(call)

    def _steps(self, call: Call) -> Iterator[Call]:
        steps = list(call.get("steps") or ())
        for at in range(len(steps)):
            yield {**call, "steps": steps[:at] + steps[at + 1 :]}
            yield {**call, "steps": steps[: at + 1] + steps[at:]}
            if at + 1 < len(steps):
                swapped = [*steps[:at], steps[at + 1], steps[at], *steps[at + 2 :]]
                yield {**call, "steps": swapped}

    def boundary(self) -> Iterator[Trial]:
        """One value at an edge, then two, then all of them."""
        for call in self._in_turn([self._one_edge(), self._related(), self._two_edges()]):
            yield Trial.of(call, self._at_edge(call))
        while True:
            call = self._all_edges(self._restepped(self.random.choice(self.bases)))
            yield Trial.of(call, self._at_edge(call))

    def _at_edge(self, call: Call) -> Tier:
        """How far a call of values at edges is: one with a None that nobody told of is far."""
        return "boundary" if self.signature.is_told(call) else "far"

    def _in_turn(self, streams: Sequence[Iterator[Call]]) -> Iterator[Call]:
        left = list(streams)
        while left:
            for stream in list(left):
                call = next(stream, None)
                if call is None:
                    left.remove(stream)
                else:
                    yield call

    def _one_edge(self) -> Iterator[Call]:
        columns = [(slot, self._column(slot)) for slot in self.signature.slots(self.bases[0])]
        longest = max((len(column) for _, column in columns), default=0)
        for index in range(longest):
            for slot, column in columns:
                if index < len(column):
                    base = self.bases[index % len(self.bases)]
                    if _has(base, slot):
                        yield with_value(base, slot.place, column[index])

    def _column(self, slot: Slot) -> list[Form]:
        """The values of a slot, with None, where it is among them, behind the first few."""
        column = list(itertools.islice(self.maker.at_edges(slot.shape), 1500))
        if self.maker.nulls or not takes_none(slot.shape):
            return column
        values = [one for one in column if one is not None]
        return [*values[:BEFORE_NONE], None, *values[BEFORE_NONE:]]

    def _two_edges(self) -> Iterator[Call]:
        base = self.bases[0]
        slots = self.signature.slots(base)
        yield from self._coupled(base, slots)
        columns = {
            slot.place: list(itertools.islice(self.maker.at_edges(slot.shape), PER_SLOT))
            for slot in slots
        }
        couples = list(itertools.combinations(slots, 2))
        for rank in range(2 * PER_SLOT):
            for one, other in couples:
                mine, theirs = columns[one.place], columns[other.place]
                for at in range(rank + 1):
                    if at < len(mine) and rank - at < len(theirs):
                        call = with_value(base, one.place, mine[at])
                        yield with_value(call, other.place, theirs[rank - at])

    def _coupled(self, base: Call, slots: Sequence[Slot]) -> Iterator[Call]:
        """Two values that part the languages together, at each two places that can take them."""
        for one, other in itertools.combinations(slots, 2):
            for value, beside in coupled(one.shape, other.shape):
                call = with_value(base, one.place, value)
                yield with_value(call, other.place, beside)

    def _related(self) -> Iterator[Call]:
        """Two values that have to do with each other: the same, a part of it, its length."""
        base = self.bases[0]
        slots = self.signature.slots(base)
        for one, other in itertools.permutations(slots, 2):
            for value in itertools.islice(self.maker.at_edges(one.shape), 40):
                for kin in related(value):
                    call = with_value(base, one.place, value)
                    yield with_value(call, other.place, kin)

    def _restepped(self, call: Call) -> Call:
        """Of a class, the call with other steps."""
        return self.sequences.changed(call) if "steps" in call else call

    def _all_edges(self, call: Call) -> Call:
        for slot in self.signature.slots(call):
            if self.random.random() < 0.8:
                call = with_value(call, slot.place, self._edge(slot))
        return call

    def _edge(self, slot: Slot) -> Form:
        values = self._edges.get(slot)
        if values is None:
            values = list(itertools.islice(self.maker.at_edges(slot.shape), 400)) or [None]
            self._edges[slot] = values
        return self.random.choice(values)

    _edges: dict[Slot, list[Form]] = field(default_factory=dict)

    def far(self) -> Iterator[Trial]:
        """Whatever the types allow."""
        rows: Iterator[Sequence[Form]] = iter(())
        for count in itertools.count():
            base = self.bases[count % len(self.bases)]
            if self.signature.steps and "steps" in base:
                yield Trial.of(self.sequences.made(base), "far")
                continue
            slots = self.signature.slots(base)
            row = next(rows, None) if count % 4 == 0 else None
            if row is None and count % 4 == 0 and count in _DRAWS:
                rows = iter(self.draw(self.signature.slots(self.bases[0]), count))
                row = next(rows, None)
            call = base
            if row is not None:
                call = self.bases[0]
                for slot, value in zip(self.signature.slots(call), row, strict=True):
                    call = with_value(call, slot.place, value)
            else:
                for slot in slots:
                    value = self.maker.sample(slot.shape)
                    if count % 7 == 0 and NONE in branches(slot.shape):
                        value = None
                    call = with_value(call, slot.place, value)
            yield Trial.of(call, "far")

    def further(self) -> Iterator[Trial | None]:
        """Changes of what has reached something new; None while nothing has."""
        while True:
            if not self.kept:
                yield None
                continue
            # The latest are the most promising.
            index = len(self.kept) - 1 - int(self.random.expovariate(0.15)) % len(self.kept)
            parent = self.kept[index]
            steps = self.random.choice((1, 1, 1, 2, 3))
            call = self._changed(parent.call, steps)
            taken = parent.steps + steps
            tier: Tier = parent.tier if parent.tier != "recorded" else "near"
            if (tier == "near" and taken > FARTHEST_NEAR) or not self.signature.is_told(call):
                tier = "far"
            yield Trial.of(call, tier, taken)

    def _changed(self, call: Call, steps: int) -> Call:
        for _ in range(steps):
            if "steps" in call and self.random.random() < RESTEPPED:
                call = self._restepped(call)
            slots = self.signature.slots(call)
            if not slots:
                continue
            slot = self.random.choice(slots)
            donors = self._donors(call, slot, slots)
            value = self.maker.mutated(value_at(call, slot.place), slot.shape, donors)
            call = with_value(call, slot.place, value)
        return call

    def _donors(self, call: Call, slot: Slot, slots: Sequence[Slot]) -> list[Form]:
        """Values of the call that may stand at another of its places."""
        own = kind_of(value_at(call, slot.place))
        found: list[Form] = []
        for other in slots:
            value = value_at(call, other.place)
            if other.place == slot.place:
                continue
            found += [one for one in (value, *related(value)) if kind_of(one) == own]
        return found


_DRAWS: Final = frozenset({0, 400, 2_000, *range(8_000, 1_000_000, 8_000)})
"""After how many of its inputs the far stream asks for more rows: they are dear."""


def _has(call: Call, slot: Slot) -> bool:
    try:
        value_at(call, slot.place)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def related(value: Form) -> list[Form]:
    """Values that have to do with a value: itself, its parts, its length, its neighbours."""
    found: list[Any] = [value]
    if isinstance(value, bool) or value is None:
        return found
    if isinstance(value, int):
        return [value, value + 1, value - 1, -value, float(value) if abs(value) < 2**53 else value]
    if isinstance(value, float):
        return [value, -value, int(value) if value == int(value) and abs(value) < 2**53 else value]
    if isinstance(value, str):
        size = len(value)
        found += [value[:1], value[1:], value + "a", value.upper(), size, size - 1, -size, size + 1]
        return found
    items = items_of(value)
    if items is not None:
        size = len(items)
        found += [*items[:3], *items[-1:], items[1:], [*items, *items[:1]], size, -size, size + 1]
    return found
