"""Makes verdicts of answers: piece by piece as they come, in the order of the fixtures."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from parity.diff import Judge, Tally
from parity.diff.effects import RecordedCalls
from parity.diff.judge import Arguments, Hold, has_recording, recorded_observation
from parity.diff.settle import tally_document, tally_of
from parity.fixtures.lines import PlainRows, Row
from parity.model import (
    Allowance,
    Crashed,
    Difference,
    Fixture,
    Observation,
    TimedOut,
    Verdict,
)
from parity.pipeline.journal import Journal
from parity.pipeline.progress import Progress
from parity.pipeline.traces import Traces
from parity.run import Again, JavaCall, Lane, LoadedUnit, Observed, Piece, java_call
from parity.sides.recorded_calls import settled
from parity.sides.worker import Answer, is_packed, is_plain_packed, observed

CHECKED_AGAIN = 32
RETURNED = b'\t{"returned":'
ALONE = b" \t"
"""What stands in an answer of which the worker itself says that it is nothing but a result."""
RESULTS = (b'{"returned":', b"#")
"""How what such an answer tells begins, in text and packed."""
UNEQUAL_SHARE = 1 / 8
"""Where more than so much of what is packed is not equal, it is not packed any more."""
OUTSIDE = b'\t{"outside":'


@dataclass(slots=True)
class Unequal:
    """A fixture whose answers are not the same bytes, or one that runs again all the same."""

    index: int
    row: Row
    python: Answer | None
    java: Answer
    equal: bool
    found: list[Difference] = field(default_factory=list)

    @property
    def outside(self) -> bool:
        """Whether the term `domain` leaves it out: then it does not count."""
        return is_outside(self.python)


@dataclass(slots=True)
class Judged:
    """A piece after its first run: how many fixtures it has, and those that are looked at."""

    piece: Piece
    fixtures: int
    looked_at: list[Unequal]
    chosen: list[Unequal] = field(default_factory=list)


class UnitJudging:
    """The verdicts of one unit.

    Pieces come in any order from several lanes; they are judged in theirs, since which Java class
    stands for which Python class is what the fixtures say one after the other.
    """

    def __init__(
        self,
        loaded: LoadedUnit,
        size: int,
        journal: Journal,
        judge: Judge,
        most: int | None,
        progress: Progress,
    ) -> None:
        """`size` is about how many fixtures there are; `judge` brings what is settled already;
        `most` findings are kept, all where it is None."""
        self.loaded = loaded
        self.judge = judge
        self.journal = journal
        self.step = max(1, -(-size // CHECKED_AGAIN))
        self.allowances: Sequence[Allowance] = loaded.unit.allowances
        self.most = most
        self._progress = progress
        self.tally = Tally(self.allowances, self.most)
        self._lock = threading.RLock()
        self._kept = journal.judged()
        self._waiting: dict[int, Judged] = {}
        self._next = 0
        self._tallies: dict[int, Tally] = {}
        self._merged = 0
        self.traces = Traces()
        self._votes: dict[int, list[list[Any]]] = {}
        self._done: dict[int, Judged] = {}

    @property
    def judged_before(self) -> frozenset[int]:
        """Pieces that an earlier run has judged."""
        return frozenset(self._kept)

    def first(self, piece: Piece, answers: Observed, lane: Lane) -> list[Again]:
        """Judges a piece as soon as those before it are judged; what is to run again now."""
        judged = self._looked_at(piece, answers, lane)
        with self._lock:
            self._waiting[piece.index] = judged
            return list(self._judge_waiting(lane))

    def again(self, again: Again, answers: Observed) -> None:
        """Looks for what wobbles; then the piece is done."""
        with self._lock:
            judged = self._done.pop(again.piece.index)
        for position, one in enumerate(judged.chosen):
            python = answers.python[position] if answers.python is not None else None
            wobbling = self._wobble(one, python, answers.java[position])
            paths = [difference.path for difference in wobbling]
            one.found = wobbling + [rest for rest in one.found if rest.path not in paths]
        self._finish(judged, len(judged.chosen))

    def whole(self) -> Tally:
        """What is known when all pieces are done."""
        with self._lock:
            list(self._judge_waiting(None))
            self._merge()
            return self.tally

    # ------------------------------------------------------------ the first run

    def _looked_at(self, piece: Piece, answers: Observed, lane: Lane) -> Judged:
        rows, java = piece.lines.rows, answers.java
        python: Sequence[Answer | None] = answers.python or [None] * len(java)
        sampled = -piece.first % self.step
        if piece.source.packing.wanted and not any(map(is_packed, python)):
            piece.source.packing.wanted = False  # results are small, or of other kinds
        if all_same(rows, answers):
            equal = [True] * len(rows)
            looked_at: Sequence[int] = range(sampled, len(rows), self.step)
        else:
            recorded = answers.python is None
            equal = [
                same_answer(row.observed, mine, theirs, recorded)
                for row, mine, theirs in zip(rows, python, java, strict=True)
            ]
            spelt = self._spelt(piece, python, equal, lane)
            if spelt is not None:
                return self._looked_at(piece, spelt, lane)
            looked_at = [
                index
                for index, same in enumerate(equal)
                if not same or index % self.step == sampled
            ]
        found = [
            Unequal(index, rows[index], python[index], java[index], equal[index])
            for index in looked_at
        ]
        return Judged(piece, len(rows), found)

    def _spelt(
        self, piece: Piece, python: Sequence[Answer | None], equal: Sequence[bool], lane: Lane
    ) -> Observed | None:
        """What both sides say in text, where packed results that are looked at do not say it all.

        All fixtures of the piece run anew for that: so each is told as if nothing were ever packed.
        """
        unequal = [mine for mine, same in zip(python, equal, strict=True) if not same]
        if len(unequal) > len(equal) * UNEQUAL_SHARE:
            piece.source.packing.wanted = False  # to read them takes longer than packing saves
        if all(mine is None or not is_packed(mine) or is_plain_packed(mine) for mine in unequal):
            return None
        piece.source.packing.wanted = False
        place = piece.place("spelt")
        return lane.begin(self.loaded, piece.lines, place, resumed=False).observed()

    def _judge_waiting(self, lane: Lane | None) -> Iterator[Again]:
        while True:
            if self._next in self._kept:
                self._replay(self._kept[self._next])
            elif self._next in self._waiting:
                assert lane is not None
                yield from self._judge(self._waiting.pop(self._next), lane)
            else:
                return
            self._next += 1

    def _judge(self, judged: Judged, lane: Lane) -> Iterator[Again]:
        before = dict(self.judge.pairs.votes)
        for one in judged.looked_at:
            if not one.equal and not one.outside:
                one.found = self._differences(one, lane)
        self._votes[judged.piece.index] = [
            [*pair, votes - before.get(pair, 0)]
            for pair, votes in self.judge.pairs.votes.items()
            if votes > before.get(pair, 0)
        ]
        judged.chosen = [
            one for one in judged.looked_at if self._runs_again(one, judged.piece.first)
        ]
        if judged.chosen:
            self._done[judged.piece.index] = judged
            packed = any(is_packed(one.python) for one in judged.chosen)
            yield Again(judged.piece, [one.index for one in judged.chosen], packed)
        else:
            self._finish(judged, 0)

    def _runs_again(self, one: Unequal, first: int) -> bool:
        """What did not match, and an even sample of what did; not what ended badly, twice."""
        if one.outside or (not one.found and (first + one.index) % self.step):
            return False
        sides = [side for side in (one.python, one.java) if isinstance(side, Observation)]
        return not any(isinstance(side.outcome, Crashed | TimedOut) for side in sides)

    def _differences(self, one: Unequal, lane: Lane) -> list[Difference]:
        hold = partial(lane.hold, self.loaded.unit)
        fixture = one.row.fixture()
        found = differences_of(self.judge, self.loaded, fixture, one.python, one.java, hold)
        if one.python is not None and has_recording(fixture):
            python = observed(one.python)
            found = self.judge.recording(python, fixture.observed or {}) + found
        return found

    # ------------------------------------------------------------ the run again

    def _wobble(self, one: Unequal, python: Answer | None, java: Answer) -> list[Difference]:
        found: list[Difference] = []
        if one.python is not None and python is not None and not _same(one.python, python):
            found += self.judge.wobble("python", observed(one.python), observed(python))
        if not _same(one.java, java):
            found += self.judge.wobble("java", observed(one.java), observed(java))
        return found

    def _finish(self, judged: Judged, checked_again: int) -> None:
        tally = Tally(self.allowances, self.most, checked_again=checked_again)
        differing = [one for one in judged.looked_at if one.found]
        tally.outside = sum(one.outside for one in judged.looked_at)
        tally.matched = judged.fixtures - len(differing) - tally.outside
        index = judged.piece.index
        for one in differing:
            tally.add(one.row.id, (index, one.index), one.found)
        traces = self.journal.traces(judged.piece)
        with self._lock:
            votes = self._votes.pop(index, [])
            document = {"votes": votes, "tally": tally_document(tally), "traces": traces}
            self.journal.keep(judged.piece, document)
            self.traces.add(traces)
            self._tallies[index] = tally
            self._merge()
        self._progress.judged(self.loaded.unit.id, judged.fixtures)

    def _replay(self, document: Mapping[str, Any]) -> None:
        for python, java, votes in document["votes"]:
            for _ in range(votes):
                self.judge.pairs.agree(python, java)
        self.traces.add(document["traces"])
        tally = tally_of(document["tally"], self.allowances, self.most)
        self._tallies[self._next] = tally
        seen = tally.matched + tally.outside + tally.fixtures.total()
        self._progress.judged(self.loaded.unit.id, seen)

    def _merge(self) -> None:
        while self._merged in self._tallies:
            self.tally.merge(self._tallies.pop(self._merged))
            self._merged += 1


@dataclass(frozen=True, slots=True)
class Judging:
    """All units of a run, for the engine."""

    units: Mapping[str, UnitJudging]

    def first(self, piece: Piece, answers: Observed, lane: Lane) -> list[Again]:
        """Hands the answers to the piece's unit."""
        return self.units[piece.source.loaded.unit.id].first(piece, answers, lane)

    def again(self, again: Again, answers: Observed, lane: Lane) -> None:
        """Hands the answers to the piece's unit."""
        self.units[again.piece.source.loaded.unit.id].again(again, answers)


def differences_of(
    judge: Judge,
    loaded: LoadedUnit,
    fixture: Fixture,
    python: Answer | None,
    java: Answer,
    hold: Hold,
) -> list[Difference]:
    """Where the sides part on a fixture; python is None where what was recorded of it judges."""
    arguments = arguments_of(loaded, fixture)
    mine = python_of(python, fixture, arguments)
    if mine is None:
        why = "it is judged by recordings, and this fixture has no `observed`"
        return [Difference("$", "recording", None, None, Verdict.UNKNOWN, note=why)]
    return judge.differences(mine, observed(java), arguments, hold)


def arguments_of(loaded: LoadedUnit, fixture: Fixture) -> Arguments:
    """What java is given of a fixture, for the judge."""
    unit = loaded.unit
    call = java_call(loaded, fixture)
    sent, paths = (call.sent, call.paths) if isinstance(call, JavaCall) else ([], ())
    calls = None
    if unit.ports:
        calls = RecordedCalls(settled(fixture.world or {}).get("ports") or [], unit.ports)
    return Arguments(sent, paths, isinstance(call, JavaCall), unit.java_receiver is None, calls)


def python_of(answer: Answer | None, fixture: Fixture, arguments: Arguments) -> Observation | None:
    """What python did, or where it has not run what was recorded of it; None where nothing was."""
    if answer is not None:
        return observed(answer)
    if not has_recording(fixture):
        return None
    recorded = recorded_observation(fixture.observed or {})
    if arguments.calls is None:
        return recorded
    return dataclasses.replace(recorded, effects=arguments.calls.effects())


def all_same(rows: Sequence[Row], answers: Observed) -> bool:
    """Whether `same_answer` holds for all of them, where that is quickly seen."""
    python, java = answers.python, answers.java
    if python is None or not all(type(one) is bytes for one in (*python, *java)):
        return False
    told = [one.partition(ALONE)[2] for one in java]  # type: ignore
    if told != [one.partition(ALONE)[2] for one in python]:  # type: ignore
        return False
    if not all(one.startswith(RESULTS) for one in told):
        return False
    return isinstance(rows, PlainRows) or all(
        row.observed is None or one == row.observed.encode("ascii")
        for row, one in zip(rows, told, strict=True)
    )


def is_outside(python: Answer | None) -> bool:
    """Whether python was not called, since the term `domain` leaves the input out."""
    return isinstance(python, bytes) and OUTSIDE in python and _ending(python).startswith(OUTSIDE)


def _ending(answer: bytes) -> bytes:
    return answer[answer.index(b"\t") :]


def says_more(answer: bytes, told: bytes) -> bool:
    """Whether there may be more than a result: changed arguments, output, port calls.

    Many workers' answers say that there is not: to look for it takes longer than all the rest.
    """
    return not answer.startswith(ALONE, answer.index(b"\t") - 1) and (
        b',"args":' in told
        or b',"kwargs":' in told
        or b',"self":' in told
        or b',"output":' in told
        or b',"held":' in told
        or b',"effects":' in told
    )


def same_answer(expected: str | None, python: Answer | None, java: Answer, recorded: bool) -> bool:
    """Whether both sides returned the same bytes and did nothing else, as was recorded.

    What is not the same here may still be the same value: a closer look decides.
    """
    if not isinstance(java, bytes):
        return False
    told = _ending(java)
    if not (recorded or (isinstance(python, bytes) and _ending(python) == told)):
        return False
    if is_packed(java):
        return expected is None and not recorded
    if not told.startswith(RETURNED) or says_more(java, told):
        return False
    if expected is None:
        return not recorded
    return told[1:] == expected.encode("ascii")


def _same(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same but for how long they took."""
    if isinstance(one, bytes) and isinstance(other, bytes):
        return _ending(one) == _ending(other)
    return one == other
