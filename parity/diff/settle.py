"""From differences to verdicts: allowances of the team, counts, and the verdict of a unit.

Differences are tallied as they come: what is kept does not grow with the number of fixtures.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from parity.model import Allowance, AllowanceState, Cause, Difference, Verdict, worst
from parity.values.paths import matches, place_of

State = Literal["used", "unused", "expired", "exceeded"]


class Group(NamedTuple):
    """Differences that get one verdict: not known, or covered by the same allowances (indices)."""

    unknown: bool
    covered_by: tuple[int, ...]


class Kept(NamedTuple):
    """A difference of a fixture; `order` is its place among all of the unit."""

    order: tuple[int, int, int]
    fixture: str
    difference: Difference


@dataclass(slots=True)
class Tally:
    """The differences of a unit's fixtures, or of some of them.

    Of each group `most` are kept: the first of each place, then the second of each, and so on, so
    that one that is found in a thousand elements of a list leaves room for others. Elements of a
    list are one place.
    """

    allowances: Sequence[Allowance]
    most: int | None = None
    matched: int = 0
    checked_again: int = 0
    outside: int = 0
    """Fixtures that the term `domain` leaves out."""
    fixtures: Counter[tuple[Group, ...]] = field(default_factory=Counter)
    differences: Counter[Group] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    kept: dict[Group, list[Kept]] = field(default_factory=dict)
    _rooms: dict[Group, _Room] = field(default_factory=dict, repr=False, compare=False)

    def add(self, fixture: str, place: tuple[int, int], found: Sequence[Difference]) -> None:
        """Adds a fixture with its differences; `place` says where it stands among the others."""
        if not found:
            self.matched += 1
            return
        groups = [self._group(one) for one in found]
        self.fixtures[tuple(sorted(set(groups)))] += 1
        for index, (group, one) in enumerate(zip(groups, found, strict=True)):
            self.differences[group] += 1
            self.kinds[one.kind] += 1
            self._keep(group, Kept((*place, index), fixture, one))

    def _keep(self, group: Group, one: Kept) -> None:
        kept = self.kept.setdefault(group, [])
        if self.most is None:
            kept.append(one)
            return
        room = self._rooms.get(group)
        if room is None:
            room = self._rooms[group] = _Room(kept)
        if len(kept) < self.most or room.gives_way(one, kept):
            room.add(one)
            kept.append(one)

    def merge(self, later: Tally) -> Tally:
        """Adds what was tallied of other fixtures, and gives the whole."""
        self.matched += later.matched
        self.checked_again += later.checked_again
        self.outside += later.outside
        self.fixtures += later.fixtures
        self.differences += later.differences
        self.kinds += later.kinds
        for group, more in later.kept.items():
            kept = sorted([*self.kept.get(group, ()), *more], key=lambda one: one.order)
            self.kept[group] = kept if self.most is None else _first_of_each(kept, self.most)
        self._rooms.clear()
        return self

    def _group(self, difference: Difference) -> Group:
        covering = tuple(
            index for index, one in enumerate(self.allowances) if covers(one, difference)
        )
        return Group(difference.verdict is Verdict.UNKNOWN, covering)


class _Room:
    """How many differences are kept of each place, while there is room for so many in all."""

    def __init__(self, kept: Sequence[Kept]) -> None:
        self.counts = Counter(map(_place, kept))
        self.deepest = max(self.counts.values(), default=0)

    def add(self, one: Kept) -> None:
        """One more of a place."""
        place = _place(one)
        self.counts[place] += 1
        self.deepest = max(self.deepest, self.counts[place])

    def gives_way(self, one: Kept, kept: list[Kept]) -> bool:
        """Whether one of a place of which more are kept was taken out for this one."""
        if self.counts.get(_place(one), 0) + 1 >= self.deepest:
            return False
        for index in reversed(range(len(kept))):
            place = _place(kept[index])
            if self.counts[place] == self.deepest:
                del kept[index]
                self.counts[place] -= 1
                self.deepest = max(self.counts.values())
                return True
        return False


def _place(one: Kept) -> tuple[str, str]:
    return one.difference.kind, place_of(one.difference.path)


def _first_of_each(kept: Sequence[Kept], most: int) -> list[Kept]:
    """So many of some that are in order: the first of each place, the second of each, and so on."""
    counts = Counter[tuple[str, str]]()
    ranked = []
    for one in kept:
        place = _place(one)
        ranked.append((counts[place], one.order, one))
        counts[place] += 1
    ranked.sort(key=lambda row: row[:2])
    return [one for _, _, one in sorted(ranked[:most], key=lambda row: row[1])]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a tally comes to: fixtures by verdict, the worst differences first, the allowances."""

    counts: Mapping[Verdict, int]
    found: Sequence[tuple[Verdict, Kept]]
    more: int
    allowances: Sequence[AllowanceState]


def settle(tally: Tally, today: datetime.date, *, complete: bool) -> Settled:
    """Verdicts and counts; at most `tally.most` differences are shown, the worst first.

    An allowance that has expired or is exceeded allows nothing. Whether one is unused is judged
    only when the unit ran on all its fixtures (`complete`).
    """
    states = [
        AllowanceState(allowance, used, _state(allowance, used, today, complete))
        for allowance, used in zip(tally.allowances, _uses(tally), strict=True)
    ]
    verdicts = {group: _verdict(group, states) for group in tally.differences}
    counts = Counter({Verdict.MATCHED: tally.matched} if tally.matched else {})
    for groups, fixtures in tally.fixtures.items():
        counts[worst([verdicts[group] for group in groups])] += fixtures
    found = [(verdicts[group], one) for group, kept in tally.kept.items() for one in kept]
    found.sort(key=lambda one: (-one[0].rank, one[1].order))
    shown = found if tally.most is None else found[: tally.most]
    return Settled(dict(counts), shown, tally.differences.total() - len(shown), states)


def failing(states: Iterable[AllowanceState]) -> list[AllowanceState]:
    """Allowances that make their unit fail."""
    return [state for state in states if state.state != "used"]


def _uses(tally: Tally) -> list[int]:
    """On how many fixtures each allowance covers something."""
    uses = [0] * len(tally.allowances)
    for groups, fixtures in tally.fixtures.items():
        for index in {index for group in groups for index in group.covered_by}:
            uses[index] += fixtures
    return uses


def _state(allowance: Allowance, used: int, today: datetime.date, complete: bool) -> State:
    if allowance.expires < today:
        return "expired"
    if allowance.at_most is not None and used > allowance.at_most:
        return "exceeded"
    return "used" if used or not complete else "unused"


def _verdict(group: Group, states: Sequence[AllowanceState]) -> Verdict:
    if group.unknown:
        return Verdict.UNKNOWN
    valid = any(states[index].state == "used" for index in group.covered_by)
    return Verdict.ALLOWED if valid else Verdict.DIFFERS


def covers(allowance: Allowance, difference: Difference) -> bool:
    """Whether an allowance is for a difference."""
    same_kind = allowance.kind == difference.kind and difference.verdict is Verdict.DIFFERS
    return same_kind and matches(allowance.path, difference.path)


# ---------------------------------------------------------------- documents


def tally_document(tally: Tally) -> dict[str, Any]:
    """A tally as JSON, for a journal and for other machines."""
    return {
        "matched": tally.matched,
        "checked_again": tally.checked_again,
        "outside": tally.outside,
        "fixtures": [[groups, count] for groups, count in tally.fixtures.items()],
        "differences": [[group, count] for group, count in tally.differences.items()],
        "kinds": dict(tally.kinds),
        "kept": [
            [group, [[one.order, one.fixture, difference_document(one.difference)] for one in kept]]
            for group, kept in tally.kept.items()
        ],
    }


def tally_of(
    document: Mapping[str, Any], allowances: Sequence[Allowance], most: int | None
) -> Tally:
    """The tally that `tally_document` wrote."""
    return Tally(
        allowances,
        most,
        document["matched"],
        document["checked_again"],
        document["outside"],
        Counter({tuple(map(_group, groups)): count for groups, count in document["fixtures"]}),
        Counter({_group(group): count for group, count in document["differences"]}),
        Counter(document["kinds"]),
        {
            _group(group): [
                Kept((order[0], order[1], order[2]), fixture, difference_of(difference))
                for order, fixture, difference in kept
            ]
            for group, kept in document["kept"]
        },
    )


def _group(document: Sequence[Any]) -> Group:
    return Group(document[0], tuple(document[1]))


def difference_document(difference: Difference) -> dict[str, Any]:
    """A difference as JSON."""
    return {
        "path": difference.path,
        "kind": difference.kind,
        "python": difference.python,
        "java": difference.java,
        "verdict": difference.verdict.value,
        "note": difference.note,
        "python_line": difference.python_line,
        "java_line": difference.java_line,
        **({"cause": dataclasses.asdict(difference.cause)} if difference.cause else {}),
    }


def difference_of(document: Mapping[str, Any]) -> Difference:
    """The difference that `difference_document` wrote."""
    cause = document.get("cause")
    return Difference(
        **{
            **document,
            "verdict": Verdict(document["verdict"]),
            "cause": cause_of(cause) if cause else None,
        }
    )


def cause_of(document: Mapping[str, Any]) -> Cause:
    """The cause of a difference that was written down."""
    lists = {name: tuple(document[name]) for name in ("also", "rivals")}
    return Cause(**{**document, **lists})
