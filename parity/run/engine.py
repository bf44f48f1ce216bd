"""Runs pieces of units on lanes of workers; what is made of the answers is the caller's affair.

Which salt a piece runs on first is a property of the piece, and the other salt is the one on which
some of its fixtures run again: so the report does not depend on how many lanes there are.
"""

from __future__ import annotations

import itertools
import subprocess
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar

from parity.config import Config
from parity.fixtures import Chunk, FixtureRows
from parity.fixtures.lines import Row
from parity.mapping import file_name
from parity.model import Trouble, Unit
from parity.run.lane import Lane, Observed, Running
from parity.run.requests import Lines, Requests
from parity.run.sides import LoadedUnit
from parity.sides.java.archive import end_archive as end_class_archive
from parity.sides.java.side import begin_class_archive
from parity.sides.worker import Stopped

SALTS = (0, 1)
WAIT_SECONDS = 0.2
NOTHING = Lines([], [], [])
Made = TypeVar("Made")


@dataclass(slots=True)
class Packing:
    """Whether a unit's results are wanted packed; whoever reads them says where it does not pay."""

    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A loaded unit and its fixtures: a file's, or some that were chosen.

    `skip` are pieces that an earlier run has judged; `only` says which pieces are to be run here.
    """

    loaded: LoadedUnit
    fixtures: FixtureRows | Sequence[Row]
    folder: Path
    skip: frozenset[int] = frozenset()
    only: Callable[[int], bool] | None = None
    packing: Packing = field(default_factory=Packing)

    def share(self) -> int:
        """About how many of the fixtures are to be run here."""
        rows = self.fixtures
        size = rows.expected() if isinstance(rows, FixtureRows) else len(rows)
        if self.only is None:
            return size
        chunk = rows.size if isinstance(rows, FixtureRows) else max(1, size)
        return min(size, chunk * sum(map(self.only, range(-(-size // chunk)))))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a unit's fixtures on its way through a lane."""

    source: Source
    index: int
    lines: Lines
    first: int
    """Index of the piece's first fixture among those of the unit."""

    @property
    def salt(self) -> int:
        """The salt of its first run."""
        return (zlib.crc32(self.source.loaded.unit.id.encode()) + self.index) % len(SALTS)

    def place(self, run: str) -> Path:
        """Where the files of its first run, or of the one again, stand."""
        return self.source.folder / f"{self.index:06}.{run}"


@dataclass(frozen=True, slots=True)
class Again:
    """Fixtures of a piece that run once more, on the other salt; `packed` as in their first run."""

    piece: Piece
    chosen: Sequence[int]
    packed: bool = False


class Consumer(Protocol):
    """Whoever makes something of the answers."""

    def first(self, piece: Piece, observed: Observed, lane: Lane) -> Sequence[Again]:
        """Takes the answers of a first run; gives what has to run again now."""
        ...

    def again(self, again: Again, observed: Observed, lane: Lane) -> None:
        """Takes the answers of a run again."""
        ...


@dataclass(slots=True)
class Engine:
    """Lanes of workers, started at once and loaded when the units are known."""

    config: Config
    home: Path
    entries: Callable[[], Sequence[Path]]
    jobs: int = 2
    fixtures: int = 0
    ending: threading.Event = field(default_factory=threading.Event)
    """Set when the run is ended from outside, for whatever goes on besides the lanes."""
    resumed: bool = False
    cover: bool = False
    """Whether java's classes get probes, for whoever asks which branches are reached."""
    lanes: list[Lane] = field(init=False)
    _archive: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.lanes = [
            Lane(
                self.config,
                self.home,
                self.entries,
                index % len(SALTS),
                self.ending,
                self.fixtures,
                self.cover,
            )
            for index in range(max(self.jobs, len(SALTS)))
        ]

    def __enter__(self) -> Self:
        """Starts the workers ahead of their first use; may be entered twice."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and self._archive is not None:
            end_class_archive(self._archive)
        self.close()

    @property
    def is_ended(self) -> bool:
        """Whether the workers were ended; there is no starting again."""
        return self.ending.is_set()

    def start(self) -> None:
        """Starts the workers that do not run yet."""
        for lane in self.lanes:
            lane.start()

    def renew(self) -> None:
        """Has workers ready for the next `load`, ahead of it; returns at once."""
        for lane in self.lanes:
            lane.renew()

    def close(self) -> None:
        """Ends the workers, and waits until they are gone."""
        self.stop()
        with ExitStack() as closing:
            for lane in self.lanes:
                closing.callback(lane.close)
        if self._archive is not None and self._archive.poll() is None:
            self._archive.returncode = 0  # it ends by itself, and nobody waits for it

    def stop(self) -> None:
        """Ends the workers; what was committed is kept."""
        self.ending.set()
        for lane in self.lanes:
            lane.kill()

    def load(self, units: Sequence[Unit]) -> dict[str, LoadedUnit | Trouble]:
        """Both sides of every unit, or why it cannot be run."""
        works = [partial(lane.load, units) for lane in self.lanes]
        if self._archive is None:
            self._archive = begin_class_archive(self.config, self.home, self.fixtures)
        known: dict[str, LoadedUnit | Trouble] = {}
        for loaded in in_parallel(works, self.stop):
            known = loaded | known
            known |= {key: one for key, one in loaded.items() if isinstance(one, Trouble)}
        return known

    def run(self, sources: Sequence[Source], consumer: Consumer) -> None:
        """Runs all fixtures; nothing where a fixture file is wrong: its `problems` then tell."""
        run = _Run(self, sources, consumer)
        crews = [self.lanes] if self.jobs == 1 else [[lane] for lane in self.lanes]
        in_parallel([partial(run.work, crew) for crew in crews], run.end)


Begun = tuple[Lane, Piece | Again, Running]


class _Run:
    """One run: what is left to do, taken by whoever has a lane for it."""

    def __init__(self, engine: Engine, sources: Sequence[Source], consumer: Consumer) -> None:
        self.engine = engine
        self.consumer = consumer
        self.condition = threading.Condition()
        self.again: dict[int, deque[Again]] = {salt: deque() for salt in SALTS}
        self.pieces = {salt: _Pieces(sources, salt, self) for salt in SALTS}
        self.under_way = 0
        self.refused = False

    def end(self) -> None:
        """Ends the run from outside."""
        self.engine.stop()
        with self.condition:
            self.condition.notify_all()

    def work(self, crew: Sequence[Lane]) -> None:
        """Works until nothing is left. While a lane runs one task, the next one is made ready."""
        running: Begun | None = None
        while True:
            taken = self._take(crew, wait=running is None)
            begun = None
            if taken is not None:
                lane, task = taken
                begun = lane, task, self._begin(lane, task)
            if running is not None:
                self._finish(*running)
            elif begun is None:
                return
            running = begun

    def _begin(self, lane: Lane, task: Piece | Again) -> Running:
        resumed = self.engine.resumed
        match task:
            case Piece(source, _, lines):
                place, packed = task.place("first"), source.packing.wanted
                return lane.begin(source.loaded, lines, place, resumed=resumed, packed=packed)
            case Again(piece, chosen, packed):
                lines, place = piece.lines.chosen(chosen), piece.place("again")
                loaded = piece.source.loaded
                return lane.begin(loaded, lines, place, resumed=resumed, packed=packed)

    def _finish(self, lane: Lane, task: Piece | Again, running: Running) -> None:
        observed = running.observed()
        match task:
            case Piece():
                for again in self.consumer.first(task, observed, lane):
                    self._queue(again)
            case Again():
                self.consumer.again(task, observed, lane)
        with self.condition:
            self.under_way -= 1
            self.condition.notify_all()

    def _queue(self, again: Again) -> None:
        with self.condition:
            self.again[1 - again.piece.salt].append(again)
            self.condition.notify_all()

    def _take(self, crew: Sequence[Lane], *, wait: bool) -> tuple[Lane, Piece | Again] | None:
        """What is to be done next; None where nothing is left or, without `wait`, nothing yet."""
        while True:
            if self.engine.ending.is_set():
                raise Stopped
            for lane in crew:
                with self.condition:
                    if self.again[lane.salt]:
                        self.under_way += 1
                        return lane, self.again[lane.salt].popleft()
                    self.under_way += 1  # whoever looks for a piece may find one
                piece = self.pieces[lane.salt].take()
                if piece is not None:
                    return lane, piece
                with self.condition:
                    self.under_way -= 1
                    self.condition.notify_all()
            with self.condition:
                if any(self.again[lane.salt] for lane in crew):
                    continue
                if not wait or self._is_done():
                    return None
                self.condition.wait(WAIT_SECONDS)

    def _is_done(self) -> bool:
        """Whether nothing is left, and nobody is at what may leave something."""
        left = any(self.again.values())
        return not left and self.under_way == 0 and all(p.exhausted for p in self.pieces.values())


class _Pieces:
    """The pieces that run first on one salt, read from their files one after the other.

    Each salt reads all files: splitting lines is quick, and what is looked at closely is its own.
    """

    def __init__(self, sources: Sequence[Source], salt: int, run: _Run) -> None:
        self.run = run
        self.salt = salt
        self.lock = threading.Lock()
        self.exhausted = False
        self.left = itertools.chain.from_iterable(self._of(source) for source in sources)

    def take(self) -> Piece | None:
        """The next one, or None where there is none left."""
        with self.lock:
            piece = next(self.left, None)
            self.exhausted = self.exhausted or piece is None
            return piece

    def _of(self, source: Source) -> Iterator[Piece]:
        requests = Requests.of(source.loaded)
        first = 0
        for index, take in _stretches(source):
            piece = Piece(source, index, NOTHING, first)
            count, rows = take(piece.salt == self.salt)
            first += count
            self._look_for_problems(source)
            if rows is None or index in source.skip or self.run.refused:
                continue
            elsewhere = source.only is not None and not source.only(index)
            made = NOTHING if elsewhere else requests.lines(rows)
            source.folder.mkdir(parents=True, exist_ok=True)
            yield Piece(source, index, made, piece.first)

    def _look_for_problems(self, source: Source) -> None:
        rows = source.fixtures
        if isinstance(rows, FixtureRows) and rows.problems:
            self.run.refused = True


Taken = tuple[int, Sequence[Row] | None]


def _stretches(source: Source) -> Iterator[tuple[int, Callable[[bool], Taken]]]:
    """Index of each piece, and how to get its rows (only their number, where they are not mine)."""
    single = source.loaded.unit.terms.isolate == "fixture"
    rows = source.fixtures
    if isinstance(rows, FixtureRows):
        for chunk in rows.chunks(1 if single else None):
            yield chunk.index, partial(_of_file, rows, chunk)
        return
    size = 1 if single else max(1, len(rows))
    for index, start in enumerate(range(0, len(rows), size)):
        some = rows[start : start + size]
        yield index, partial(_chosen, some)


def _of_file(rows: FixtureRows, chunk: Chunk, mine: bool) -> Taken:
    return len(chunk.lines), rows.rows(chunk) if mine else None


def _chosen(rows: Sequence[Row], mine: bool) -> Taken:
    return len(rows), rows if mine else None


def folder_of(root: Path, unit: Unit) -> Path:
    """Where the files of a unit's run stand."""
    return root / file_name(unit.id)


def in_parallel(works: Sequence[Callable[[], Made]], end: Callable[[], None]) -> list[Made]:
    """What each gives, each in a thread of its own; the first error ends all and is raised.

    The caller's thread only waits, so that Ctrl-C reaches it at once.
    """
    made: dict[int, Made] = {}
    errors: list[BaseException] = []

    def do(index: int, work: Callable[[], Made]) -> None:
        try:
            made[index] = work()
        except BaseException as error:  # told to the caller, in its thread
            errors.append(error)
            end()

    threads = [
        threading.Thread(target=do, args=(index, work), daemon=True)
        for index, work in enumerate(works)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(WAIT_SECONDS)
    except BaseException:
        end()
        raise
    if errors:
        raise next((error for error in errors if not isinstance(error, Stopped)), errors[0])
    return [made[index] for index in range(len(works))]
