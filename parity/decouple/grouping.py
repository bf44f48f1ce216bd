"""Proposes which units move into one Lambda, and says of each cut why it is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from parity.scanned import ScannedUnit, Shared
from parity.seams import Cut, Group

IO: Final = {"file", "console", "network", "db", "process", "thread"}


def group(
    units: Sequence[ScannedUnit],
    circles: Sequence[Sequence[str]],
    shared: Sequence[Shared],
    globals_: Mapping[str, int],
) -> tuple[Group, ...]:
    """All functions and methods, each in one group. Never is state cut through, nor a circle."""
    grouper = _Grouper([one for one in units if one.kind in ("function", "method")])
    for circle in circles:
        grouper.join(circle, "they call one another in a circle")
    for one in shared:
        users_of = [*one.units, *_through_itself(units, one)]
        grouper.join(users_of, f"methods of {one.owner} share {', '.join(one.state)}")
        grouper.keeps(one.units, ", ".join(one.state))
    users: dict[str, list[str]] = {}
    for unit in units:
        for name in {*unit.reads, *unit.writes}:
            plain = name.removeprefix("global ")
            if plain in globals_:
                users.setdefault(plain, []).append(unit.id)
    for name, ids in sorted(users.items()):
        grouper.join(ids, f"they share {name}")
        grouper.keeps(ids, name)
    grouper.merge()
    return tuple(grouper.groups())


def _through_itself(units: Sequence[ScannedUnit], one: Shared) -> list[str]:
    """The methods of a class that come to its state through other methods of their own object."""
    reaching = {*one.units}
    own = [unit for unit in units if unit.id.startswith(f"{one.owner}.")]
    more = True
    while more:
        found = {
            unit.id
            for unit in own
            if unit.id not in reaching
            and any(call.to in reaching and call.how == "self" for call in unit.calls)
        }
        reaching |= found
        more = bool(found)
    return sorted(reaching - {*one.units})


class _Grouper:
    def __init__(self, units: Sequence[ScannedUnit]) -> None:
        self.units = {one.id: one for one in units}
        self.head = {id_: id_ for id_ in self.units}
        self.why: dict[str, list[str]] = {}
        self.kept: dict[str, str] = {}
        self.callers: dict[str, set[str]] = {id_: set() for id_ in self.units}
        for unit in units:
            for call in unit.calls:
                if call.to in self.callers and call.to != unit.id:
                    self.callers[call.to].add(unit.id)

    def of(self, id_: str) -> str:
        """The unit that stands for the group of a unit."""
        while self.head[id_] != id_:
            self.head[id_] = self.head[self.head[id_]]
            id_ = self.head[id_]
        return id_

    def join(self, ids: Sequence[str], why: str) -> None:
        """Puts units into one group."""
        known = [one for one in ids if one in self.units]
        if len(known) < 2:
            return
        first = self.of(known[0])
        for other in known[1:]:
            head = self.of(other)
            if head != first:
                self.head[head] = first
                self.why.setdefault(first, []).extend(self.why.pop(head, []))
        reasons = self.why.setdefault(first, [])
        if why not in reasons:
            reasons.append(why)

    def keeps(self, ids: Sequence[str], state: str) -> None:
        """Notes what written state units have."""
        self.kept.update(dict.fromkeys(ids, state))

    def merge(self) -> None:
        """What computes goes with its only caller, as long as anything changes."""
        moved = True
        while moved:
            moved = False
            for id_ in sorted(self.units):
                callers = {self.of(one) for one in self.callers[id_]} - {self.of(id_)}
                if self._keeps(id_) is None and len(callers) == 1:
                    (caller,) = callers
                    self.join([caller, id_], f"{id_} has no other caller, and does no I/O itself")
                    moved = True

    def _keeps(self, id_: str) -> str | None:
        """Why a unit is no part of its caller's group, by itself."""
        unit = self.units[id_]
        if unit.entry:
            return f"it is entered from outside ({unit.entry[0]})"
        kinds = sorted({one.kind for one in unit.effects if not one.via and one.kind in IO})
        if kinds:
            return f"it does {', '.join(kinds)} I/O: a port"
        return None

    def groups(self) -> Iterator[Group]:
        """The groups by name, each with the calls that leave it."""
        members: dict[str, list[str]] = {}
        for id_ in sorted(self.units):
            members.setdefault(self.of(id_), []).append(id_)
        states: dict[str, set[str]] = {}
        for id_, state in self.kept.items():
            if id_ in self.units:
                states.setdefault(self.of(id_), set()).add(state)
        for head, ids in sorted(members.items()):
            own = set(ids)
            entered = [one for one in ids if self.callers[one] - own or not self.callers[one]]
            cuts = [
                Cut(call.to, id_, self.units[id_].file, call.line, self._cut(call.to, states))
                for id_ in ids
                for call in self.units[id_].calls
                if call.to in self.units and call.to not in own
            ]
            yield Group(
                (entered or ids)[0], tuple(ids), tuple(self.why.get(head, ())),
                tuple(dict.fromkeys(cuts)),
            )  # fmt: skip

    def _cut(self, to: str, states: Mapping[str, set[str]]) -> str:
        kept = self._keeps(to)
        if kept is not None:
            return kept
        state = states.get(self.of(to))
        if state:
            return f"it keeps {'; '.join(sorted(state))}: all have to call the one that has it"
        count = len({self.of(one) for one in self.callers[to]} - {self.of(to)})
        return f"{count} groups call it: a library that each takes along" if count > 1 else "shared"
