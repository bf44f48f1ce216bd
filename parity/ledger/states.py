"""Where each unit stands: derived from the map, the evidence and the sources, never typed in."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from parity.counterparts import (
    RANKS,
    Counterpart,
    Entry,
    Next,
    PythonUnit,
    State,
)
from parity.evidence.committed import Proof
from parity.evidence.drift import Moved
from parity.model import Unit, Verdict, WontPort
from parity.scanned import LADDER

NEXT_SHOWN: Final = 10
PASSING: Final = (Verdict.MATCHED, Verdict.ALLOWED)


@dataclass
class Standing:
    """All that a state is derived from."""

    python: Mapping[str, PythonUnit]
    counterparts: Mapping[str, Counterpart]
    mapped: Mapping[str, Unit]
    proof: Callable[[Unit], Proof | None]
    moved: Callable[[Unit, Proof], Moved]
    is_gone: Callable[[str], bool]
    """Whether the python of a unit is no longer in the sources."""
    stages: Mapping[str, State]
    """Units that are in shadow or cut over, by the records of the evidence folder."""
    wont_port: Sequence[WontPort]
    owner: Callable[[str, str], str]
    """The owner of a unit in a file, where the map names none."""
    fixtures: Callable[[Unit], int]
    workflows: Mapping[str, tuple[str, ...]]
    today: datetime.date
    unseen: dict[str, int] = field(default_factory=dict)

    def entries(self) -> list[Entry]:
        """An entry for every unit, sorted by id."""
        found = {one.id: one for one in self._by_themselves()}
        for unit_id in sorted({*self.python} - {*found}):
            found[unit_id] = self._without(unit_id)
        for unit_id, parents in self._parts(found).items():
            found[unit_id] = self._part(found[unit_id], parents, found)
        return [found[unit_id] for unit_id in sorted(found)]

    # ------------------------------------------------------------ with a counterpart

    def _by_themselves(self) -> Iterator[Entry]:
        for unit_id, one in self.counterparts.items():
            unit = self.mapped.get(unit_id)
            if unit is None:
                why = "a name says so, neither the map nor an annotation: parity map --entries"
                yield self._entry(unit_id, one.java, "ported", why)
                continue
            proof = self.proof(unit)
            state, why = self._state(unit, proof)
            calls = sum(proof.counts.values()) if proof is not None else self.fixtures(unit)
            yield self._entry(unit_id, one.java, state, why, calls, unit.owner)

    def _state(self, unit: Unit, proof: Proof | None) -> tuple[State, str]:
        if proof is None:
            return "ported", "there is no evidence: parity run --evidence"
        if proof.verdict not in PASSING:
            differing = proof.counts.get(Verdict.DIFFERS, 0)
            whole = sum(proof.counts.values())
            told = f"{differing} of {whole} fixtures differ" if differing else "it is unknown"
            return "ported", f"its evidence says {proof.verdict.value}: {told}"
        if unit.reference is not None and self.is_gone(unit.reference):
            return "retired", "its python is gone, and it was proven"
        if not proof.rests_on:
            return "ported", "its evidence rests on nothing that can be looked at"
        moved = self.moved(unit, proof)
        for one in moved.unseen:
            self.unseen[one] = self.unseen.get(one, 0) + 1
        if moved.python is not None:
            also = f"; and {moved.java}" if moved.java is not None else ""
            return "drifted-python", f"{moved.python} since it was proven{also}"
        if moved.java is not None:
            return "drifted-java", f"{moved.java} since it was proven"
        if moved.other is not None:
            return "ported", f"{moved.other} since it was proven"
        count = sum(proof.counts.values())
        allowed = proof.counts.get(Verdict.ALLOWED, 0)
        told = f"{count} fixtures" + (f", {allowed} of them allowed" if allowed else "")
        if moved.unseen:
            told += f"; {moved.unseen[0]}, so that was not looked at"
        return self.stages.get(unit.id, "proven"), told

    # ------------------------------------------------------------ without one

    def _without(self, unit_id: str) -> Entry:
        for one in self.wont_port:
            if _is_below(unit_id, one.id):
                if one.expires < self.today:
                    why = f"that it is not ported was good until {one.expires}: {one.reason}"
                    return self._entry(unit_id, "", "not-started", why, owner=one.owner)
                why = f"{one.reason} (until {one.expires})"
                return self._entry(unit_id, "", "wont-port", why, owner=one.owner)
        return self._entry(unit_id, "", "not-started", "it has no counterpart")

    def _parts(self, found: Mapping[str, Entry]) -> dict[str, tuple[str, ...]]:
        """Units without a counterpart that are called by such as have one, and by nothing else."""
        callers = callers_of(self.python.values())
        candidates: dict[str, tuple[str, ...]] = {}
        for unit_id, entry in found.items():
            if entry.state != "not-started":
                continue
            outer = _class_above(unit_id, found)
            if outer is not None:
                candidates[unit_id] = (outer,)
                continue
            unit = self.python[unit_id]
            mine = tuple(sorted(callers.get(unit_id, set()) - {unit_id}))
            if mine and not unit.entry:
                candidates[unit_id] = mine
        while True:
            outside = [
                unit_id
                for unit_id, mine in candidates.items()
                if any(one not in candidates and _is_open(found.get(one)) for one in mine)
            ]
            if not outside:
                break
            for unit_id in outside:
                del candidates[unit_id]
        return _rooted(candidates)

    def _part(self, entry: Entry, parents: tuple[str, ...], found: Mapping[str, Entry]) -> Entry:
        states = [found[parent].state for parent in parents]
        state = min(states, key=lambda one: (RANKS[one], one))
        more = f" and {len(parents) - 3} more" if len(parents) > 3 else ""
        why = f"a part of {', '.join(parents[:3])}{more}: nothing else calls it"
        return Entry(
            entry.id, "", state, entry.owner, why, entry.file, entry.line, entry.lines, 0, parents
        )

    def _entry(
        self,
        unit_id: str,
        java: str,
        state: State,
        why: str,
        calls: int = 0,
        owner: str | None = None,
    ) -> Entry:
        unit = self.python.get(unit_id)
        file = unit.file if unit is not None else ""
        return Entry(
            id=unit_id,
            java=java,
            state=state,
            owner=owner or self.owner(unit_id, file),
            why=why,
            file=file,
            line=unit.line if unit is not None else 0,
            lines=unit.lines if unit is not None else 0,
            calls=calls,
            workflows=self.workflows.get(unit_id, ()),
        )


def next_units(
    entries: Iterable[Entry], python: Mapping[str, PythonUnit], most: int = NEXT_SHOWN
) -> list[Next]:
    """What to port next: leaves first, then what is called most, then what is easiest to cut."""
    open_ids = {one.id for one in entries if one.state == "not-started"}
    callers = callers_of(python.values())
    ranked: list[tuple[tuple[int, ...], str, str]] = []
    for unit_id in open_ids:
        unit = python.get(unit_id)
        if unit is None or unit.qualname.rpartition(".")[2].startswith("__"):
            continue
        below = len(open_ids.intersection(unit.calls) - {unit_id})
        called = len(callers.get(unit_id, ()))
        rank = LADDER.index(unit.klass) if unit.klass in LADDER else len(LADDER)
        key = (below, rank >= LADDER.index("opaque"), -called, rank, unit.ties, unit.lines)
        leaf = "a leaf" if not below else f"calls {below} that are not ported"
        seam = "nothing to cut" if not unit.ties else f"{unit.ties} ties to cut"
        why = f"{leaf}, called by {called}, {unit.klass}, {seam}, {unit.lines} lines"
        ranked.append((key, unit_id, why))
    return [Next(unit_id, why) for _, unit_id, why in sorted(ranked)[:most]]


def callers_of(units: Iterable[PythonUnit]) -> dict[str, set[str]]:
    """Who calls each unit."""
    callers: dict[str, set[str]] = {}
    for unit in units:
        for to in unit.calls:
            callers.setdefault(to, set()).add(unit.id)
    return callers


def worse_than(
    entries: Iterable[Entry], then: Mapping[str, State], was: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Units that have come less far than they had then, and in what."""
    found: dict[str, str] = {}
    now = {one.id: one for one in entries}
    renamed = {old: unit_id for unit_id, olds in was.items() for old in olds}
    for unit_id, before in then.items():
        entry = now.get(unit_id) or now.get(renamed.get(unit_id, ""))
        if entry is None:
            if RANKS[before] < RANKS["retired"]:
                found[unit_id] = f"it was {before}, and neither the map nor the sources have it"
        elif RANKS[entry.state] < RANKS[before]:
            found[unit_id] = f"it was {before}, and is {entry.state}: {entry.why}"
    return found


def _is_open(entry: Entry | None) -> bool:
    return entry is None or entry.state == "not-started"


def _rooted(candidates: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """For each part the units with a state of their own that it hangs on, over other parts too.

    Parts that only call one another hang on nothing, and are none.
    """
    found: dict[str, tuple[str, ...]] = {}
    for unit_id in candidates:
        roots: set[str] = set()
        seen = {unit_id}
        waiting = list(candidates[unit_id])
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in candidates:
                waiting += candidates[one]
            else:
                roots.add(one)
        if roots:
            found[unit_id] = tuple(sorted(roots))
    return found


def _class_above(unit_id: str, found: Mapping[str, Entry]) -> str | None:
    """The class that is mapped as a whole and has this method."""
    outer = unit_id.rpartition(".")[0]
    while ":" in outer:
        entry = found.get(outer)
        if entry is not None and entry.java:
            return outer
        outer = outer.rpartition(".")[0]
    return None


def _is_below(unit_id: str, prefix: str) -> bool:
    return unit_id == prefix or (unit_id.startswith(prefix) and unit_id[len(prefix)] in ".:")
