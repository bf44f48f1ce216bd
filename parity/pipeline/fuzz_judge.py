"""Runs and judges the inputs of a search: python first, then java on what python answered."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from parity.diff import Judge
from parity.fixtures.lines import Row
from parity.fuzz.calls import Call
from parity.fuzz.groups import Seen, word_of
from parity.model import (
    Crashed,
    Difference,
    Formless,
    Observation,
    Outside,
    Raised,
    Refused,
    Returned,
    SideName,
    TimedOut,
    Verdict,
)
from parity.pipeline.fuzz_asking import (
    NO_REPLY,
    UNANSWERED,
    as_asked,
    brings_replies,
    is_unanswered,
)
from parity.pipeline.judging import arguments_of, is_outside, same_answer
from parity.run import Engine, Lane, LoadedUnit
from parity.run.requests import Lines, Requests
from parity.sides.worker import Answer, Batch, by_name, observed, reached
from parity.values.form import dumps

PYTHON_PATIENCE: Final = 0.4
JAVA_PATIENCE: Final = 1.5
"""Seconds that an input of a search may take: one that takes longer is not worth the others."""
SETTLING: Final = 4
"""How much longer than those before it the first input of a batch may take to load what all use."""
MOST_STALLED: Final = 2
"""First inputs without an answer after which none is waited for longer than for others."""
MOST_TOLD: Final = 100
"""Differences of one value that are looked at: a search tells one of a kind."""
MOST_WALKED: Final = 1 << 15
"""Bytes of answers that differ which are looked at in a batch; long ones then wait for the next."""
LONG: Final = 1 << 12
UNEQUAL: Final = 8
"""How much dearer bytes are to look at than to find equal."""


@dataclass(slots=True)
class UnderWay:
    """A batch of calls on its way through a lane."""

    lane: Lane
    lines: Lines
    python: Future[list[Answer]]
    batch: Batch
    told: list[Answer] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    java: Future[list[Answer]] | None = None
    java_batch: Batch | None = None
    asking: dict[int, Call] = field(default_factory=dict)
    """Calls that bring replies of ports, by their index; then with what python asked for them."""


@dataclass(slots=True)
class Settling:
    """How long the first input of a batch may take on a side, going by what others took.

    A unit may load tables or compile patterns in its first call, and each batch may run in a
    process of its own. `longest` is what that took at most, where any has ended.
    """

    patience: float
    longest: float | None = None
    stalled: int = 0

    def most(self, timeout: float) -> float:
        """Seconds for the next one, of a unit with this timeout."""
        if self.longest is not None:
            return min(timeout, max(self.patience, SETTLING * self.longest))
        return timeout if self.stalled < MOST_STALLED else min(timeout, self.patience)

    def note(self, answers: Sequence[Answer]) -> None:
        """Learns from the answers of a batch."""
        if not answers:
            return
        first = answers[0]
        if isinstance(first, Observation):
            self.stalled += 1
            return
        self.longest = max(self.longest or 0.0, float(first[: first.index(b"\t")].split()[0]) / 1e6)


class LaneJudge:
    """Judges calls of one unit; `depth` batches may be under way, on the lanes in turn."""

    def __init__(self, engine: Engine, loaded: LoadedUnit, folder: Path) -> None:
        self.engine = engine
        self.loaded = loaded
        self.folder = folder
        self.judge = Judge(loaded.unit.terms, document=loaded.is_handler, most=MOST_TOLD)
        self.requests = Requests.of(loaded)
        self.depth = 2 * len(engine.lanes)
        self.until: float | None = None
        """When batches that are under way are given up, by the monotonic clock."""
        self.settling = {"python": Settling(PYTHON_PATIENCE), "java": Settling(JAVA_PATIENCE)}
        self._count = 0
        self._left: deque[UnderWay] = deque()
        folder.mkdir(parents=True, exist_ok=True)

    # ------------------------------------------------------------ a batch

    def begin(self, calls: Sequence[Call]) -> None:
        """Lets python run calls; java follows as soon as its answers are there."""
        lane = self.engine.lanes[self._count % len(self.engine.lanes)]
        rows = [row_of(call, str(index)) for index, call in enumerate(calls)]
        lines = self.requests.lines(rows)
        asking = {index: call for index, call in enumerate(calls) if brings_replies(call)}
        for index in asking:
            lines.python[index] = by_name(lines.python[index])
        place = self.folder / f"{self._count:06}"
        self._count += 1
        batch = self._batch(place, "python", lines.python)
        python = lane.observe("python", self.loaded.unit, batch)
        self._left.append(UnderWay(lane, lines, python, batch, asking=asking))
        self._hand_on(wait=False)

    def _batch(self, place: Path, side: SideName, lines: Sequence[str]) -> Batch:
        file = place.with_name(f"{place.name}.{side}.lines")
        file.write_text("\n".join(lines) + "\n", "ascii")
        timeout = self.loaded.unit.terms.timeout
        settling = self.settling[side]
        return Batch(
            self.loaded.unit.id,
            file,
            len(lines),
            place,
            min(timeout, settling.patience),
            cover=True,
            once=True,
            until=self.until,
            first=settling.most(timeout),
        )

    def _hand_on(self, *, wait: bool) -> None:
        """Gives java what python has answered of the batches that are under way."""
        for one in self._left:
            if one.java_batch is None and (wait or one.python.done()):
                self._begin_java(one)
                wait = False

    def _begin_java(self, one: UnderWay) -> None:
        one.told = one.python.result()
        self.settling["python"].note(one.told)
        if one.asking:
            one.lines = self._as_asked(one)
        java = one.lines.java
        one.chosen = [
            index
            for index, answer in enumerate(one.told)
            if isinstance(java[index], str) and not is_unfit(answer)
        ]
        sent = [line for index in one.chosen if isinstance(line := java[index], str)]
        one.java_batch = self._batch(one.batch.place, "java", sent)
        if sent:
            one.java = one.lane.observe("java", self.loaded.unit, one.java_batch)

    def _as_asked(self, one: UnderWay) -> Lines:
        """The lines of a batch with the calls of ports as python made them."""
        rows, java = list(one.lines.rows), list(one.lines.java)
        for index, answer in enumerate(one.told):
            if index in one.asking and not is_unfit(answer):
                call = as_asked(one.asking[index], observed(answer))
                if call is None:
                    java[index] = UNANSWERED
                    continue
                one.asking[index] = call
                rows[index] = row_of(call, str(index))
                java[index] = self.requests.lines([rows[index]]).java[0]
        return replace(one.lines, rows=rows, java=java)

    def finish(self) -> list[Seen]:
        """What came of the batch that was begun first."""
        one = self._left[0]
        if one.java_batch is None:
            self._begin_java(one)
        self._hand_on(wait=False)
        java = one.java.result() if one.java is not None else []
        self.settling["java"].note(java)
        self._hand_on(wait=False)
        self._left.popleft()
        assert one.java_batch is not None
        theirs = dict(zip(one.chosen, java, strict=False))
        ways = reached(one.batch, "python")
        java_ways = dict(zip(one.chosen, reached(one.java_batch, "java"), strict=True))
        skipped = set(one.chosen[len(java) :])
        seen: list[Seen] = []
        walked = 0
        for index, row in enumerate(one.lines.rows):
            if index >= len(one.told) or index in skipped:
                seen.append(Seen("skipped"))
                continue
            answer, their = one.told[index], theirs.get(index)
            bulk = sum(len(one) for one in (answer, their) if isinstance(one, bytes))
            if walked > MOST_WALKED and bulk > LONG and not is_same(answer, their):
                seen.append(Seen("skipped", bulk=bulk * UNEQUAL))
                continue
            found = self._seen(row, answer, their, one.lines.java[index], one.lane)
            if found.verdict == "differs":
                walked += bulk
                bulk *= UNEQUAL
            new: set[int] = set()
            sign = 0
            for side, way in (1, ways[index]), (2, java_ways.get(index)):
                if way is not None:
                    sign = (sign * 1_000_003) ^ way[0]
                    new |= {number * 4 + side for number in way[1]}
            call = one.asking.get(index)
            seen.append(replace(found, new=frozenset(new), sign=sign, bulk=bulk, call=call))
        self._forget(one.batch.place)
        return seen

    def _place(self, name: str) -> Path:
        self._count += 1
        return self.folder / f"{name}.{self._count:06}"

    def _forget(self, place: Path) -> None:
        for file in self.folder.glob(f"{place.name}.*"):
            file.unlink(missing_ok=True)

    # ------------------------------------------------------------ a call

    def _seen(
        self,
        row: Row,
        python: Answer,
        java: Answer | None,
        line: str | Observation,
        lane: Lane,
    ) -> Seen:
        if is_outside(python):
            return Seen("outside")
        if is_same(python, java):
            return Seen("matched", word_of_bytes(python))
        if line is UNANSWERED:
            return Seen("unknown", "unanswered", (NO_REPLY,))
        told = observed(python)
        if is_unanswered(told):
            return Seen("unknown", "unanswered", (NO_REPLY,))
        match told.outcome:
            case TimedOut() | Crashed():
                return Seen("costly", "costly")
            case Refused(why=why) | Formless(why=why):
                note = f"python cannot take this: {why}"
                refused = Difference("$args", "type", None, None, Verdict.UNKNOWN, note)
                return Seen("unknown", "refused", (refused,))
        if java is None:
            if not isinstance(line, Observation):
                return Seen("unknown")
            java = line
        answer = observed(java)
        found = self.differences(row, told, answer, lane)
        word = word_of_outcome(told)
        if any(one.verdict is Verdict.DIFFERS for one in found):
            return Seen("differs", word, tuple(found))
        if found:
            return Seen("unknown", word, tuple(found))
        return Seen("matched", word)

    def differences(
        self, row: Row, python: Observation, java: Observation, lane: Lane
    ) -> list[Difference]:
        """What the judge of `parity run` finds."""
        arguments = arguments_of(self.loaded, row.fixture())
        hold = partial(lane.hold, self.loaded.unit)
        return self.judge.differences(python, java, arguments, hold)

    # ------------------------------------------------------------ once more

    def asked(self, call: Call) -> Call | None:
        """The call with what python asks its ports for, whatever it was given before.

        In a search it may have kept what an earlier input was answered. None where no reply was
        recorded to what it asks, or where it asks something else each time.
        """
        if not brings_replies(call):
            return call
        line = by_name(self.requests.lines([row_of(call, "asked")]).python[0])
        asked = []
        for lane in self.engine.lanes[:2]:
            place = self._place("asked")
            batch = self._single(place, "python", line)
            (answer,) = lane.observe("python", self.loaded.unit, batch).result()
            self._forget(place)
            asked.append(as_asked(call, observed(answer)))
        return asked[0] if asked[0] == asked[-1] else None

    def again(self, call: Call) -> list[Difference]:
        """The differences of a call that both lanes show, without probes and in the unit's time.

        What a side does in one of them alone is `unstable`, as for `parity run`.
        """
        row = row_of(call, "again")
        lines = self.requests.lines([row])
        places = [self._place("again"), self._place("again")]
        both = [
            self._alone(lane, lines, place)
            for lane, place in zip(self.engine.lanes[:2], places, strict=True)
        ]
        (python, java), (python_again, java_again) = [
            (first.result()[0], second.result()[0] if isinstance(second, Future) else second)
            for first, second in both
        ]
        for place in places:
            self._forget(place)
        told, answer = observed(python), observed(java)
        found = self.differences(row, told, answer, self.engine.lanes[0])
        wobbling = [
            *self.judge.wobble("python", told, observed(python_again)),
            *self.judge.wobble("java", answer, observed(java_again)),
        ]
        paths = [one.path for one in wobbling]
        return wobbling + [one for one in found if one.path not in paths]

    def _alone(
        self, lane: Lane, lines: Lines, place: Path
    ) -> tuple[Future[list[Answer]], Future[list[Answer]] | Observation]:
        unit, told = self.loaded.unit, lines.java[0]
        python = lane.observe("python", unit, self._single(place, "python", lines.python[0]))
        if isinstance(told, Observation):
            return python, told
        return python, lane.observe("java", unit, self._single(place, "java", told))

    def _single(self, place: Path, side: SideName, line: str) -> Batch:
        """A batch of one line, in the unit's time."""
        file = place.with_name(f"{place.name}.{side}.lines")
        file.write_text(line + "\n", "ascii")
        return Batch(self.loaded.unit.id, file, 1, place, self.loaded.unit.terms.timeout)

    def close(self) -> None:
        """Forgets the files of all that was run."""
        while self._left:
            one = self._left.popleft()
            one.python.cancel()
        shutil.rmtree(self.folder, ignore_errors=True)


def is_same(python: Answer, java: Answer | None) -> bool:
    """Whether both sides gave the same bytes."""
    return java is not None and same_answer(None, python, java, recorded=False)


def is_unfit(answer: Answer) -> bool:
    """Whether java need not be asked: python has not answered, or the input does not count."""
    if isinstance(answer, Observation):
        return True
    if is_outside(answer):
        return True
    told = answer[answer.index(b"\t") + 1 :]
    return told.startswith((b'{"refused":', b'{"formless":', b'{"fault":', b'{"ended":'))


def row_of(call: Call, name: str) -> Row:
    """A call as a row of a fixture file."""
    args = call.get("args")
    text = dumps({"id": name, **call})
    plain = None
    if args is not None and len(call) == 1:
        plain = dumps(args)
        if '"$' in plain:
            plain = None
    return Row(name, 1, text, plain, len(args or ()) if plain is not None else -1, None)


def word_of_bytes(answer: Answer) -> str:
    """How a call has ended that returned, from the first byte of what it gave."""
    assert isinstance(answer, bytes)
    start = answer.index(b"\t") + len(b'\t{"returned":')
    return answer[start : start + 1].decode("ascii").translate(DIGITS)


DIGITS: Final = {ord(digit): "0" for digit in "123456789-"}


def word_of_outcome(observation: Observation) -> str:
    """How a call has ended, in a word."""
    match observation.outcome:
        case Returned(value):
            return word_of(value)
        case Raised(kind=kind):
            return f"raised {kind}"
        case Outside():
            return "outside"
        case outcome:
            return type(outcome).__name__
