"""`parity strength`: what the fixtures of units are worth."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import itertools
import json
import os
import queue
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.content import Content
from parity.diff import Judge
from parity.diff.settle import covers
from parity.errors import ParityError
from parity.evidence import committed
from parity.evidence.whole import StrengthProof, measured_on, write_strength
from parity.fixtures import FixtureRows, append_fixtures, keep_fixtures, line_of
from parity.fixtures.choice import evenly
from parity.fixtures.lines import Row
from parity.mapping import file_name, read_explanations
from parity.model import (
    Branch,
    Difference,
    Fate,
    Killer,
    Mutant,
    StrengthReport,
    Trouble,
    Unit,
    UnitStrength,
    Verdict,
)
from parity.pipeline.building import Building, go_deep
from parity.pipeline.java_sources import JavaSources
from parity.pipeline.judging import differences_of, is_outside, same_answer
from parity.pipeline.mapped import mapped_units
from parity.pipeline.progress import UNWATCHED, Progress
from parity.pipeline.units import (
    Selection,
    fixtures_of,
    no_fixtures,
    refuse_problems,
    selected_units,
)
from parity.run import Again, Engine, Lane, LoadedUnit, Observed, Piece, Source, folder_of
from parity.run.engine import SALTS
from parity.sides.java.home import harness_jar
from parity.sides.worker import Answer, Batch, Stopped, Struck
from parity.strength import (
    Found,
    Line,
    Striking,
    bound_of,
    explained,
    fewest,
    found_of,
    keep,
    kept,
    python_branches,
)
from parity.values.form import dumps

MOST_FIXTURES = 2_000
MOST_TRACED = 500
TRACE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Strength:
    """How to ask.

    `more` are files of inputs beside the fixtures, by unit, and `fuzz` is how many are tried by
    fuzzing: they tell what would catch survivors, and `save` adds those that do to the fixtures.
    `minimise` looks for the fewest fixtures of equal worth, `write` keeps only those. At most
    `most` fixtures of a unit are run, an even choice.
    """

    jobs: int | None = None
    floor: float | None = None
    minimise: bool = False
    most: int = MOST_FIXTURES
    write: bool = False
    cache: bool = True
    fuzz: int = 0
    seed: int = 0
    save: bool = False
    more: Mapping[str, Path] = field(default_factory=dict)


def strength(
    config: Config,
    unit_ids: Sequence[str],
    options: Strength,
    progress: Progress = UNWATCHED,
    line_of: Line | None = None,
) -> StrengthReport:
    """Runs the mutants of units on their fixtures. Raises ParityError on bad use or bad input.

    `line_of` gives the Java line of a mutant, where the caller has the sources at hand.
    """
    started = time.monotonic()
    go_deep()
    sys.set_int_max_str_digits(0)
    units = selected_units(config, Selection(units=tuple(unit_ids)))
    work = [_Work.of(config, unit, options) for unit in units]
    refuse_problems([file for one in work for file in one.files])
    building = Building(config, progress)
    building.entries()
    jobs = options.jobs or os.cpu_count() or 1
    asked = [one for one in work if one.rows]
    size = sum(len(one.rows) for one in asked)
    engine = Engine(
        config,
        building.home,
        building.entries,
        jobs,
        size,
        building.ending,
        cover=options.fuzz > 0,
    )
    config.private.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="strength-", dir=config.private))
    try:
        if asked:
            with engine:
                _Strength(config, engine, options, progress, folder).find(asked)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    known = [unit.id for unit in mapped_units(config, build=False)]
    line_of = line_of or JavaSources(config.root).line
    found = [one.report(config) for one in work]
    reports, explanations = explained(found, read_explanations(config), line_of, known)
    times = {
        "mutants": sum(one.seconds for one in reports),
        "total": time.monotonic() - started,
    }
    rounded = {name: round(value, 3) for name, value in times.items()}
    return StrengthReport(reports, rounded, options.floor, explanations)


def commit(config: Config, report: StrengthReport) -> list[str]:
    """Writes what fixtures are worth beside the evidence of their units.

    Gives the units of which nothing could be written. Raises ParityError where one has no evidence.
    """
    left = [one.unit.id for one in report.units if one.trouble is not None]
    for one in report.units:
        if one.trouble is not None:
            continue
        proof = committed.read(config, one.unit)
        if proof is None:
            raise ParityError(
                f"`{one.unit.id}` has no evidence that its fixtures could be worth something for",
                where=str(committed.evidence_folder(config)),
                why="what is measured is bound to the fixtures and classes of that evidence",
                next_step="parity run --evidence first",
            )
        explained = len(one.survivors) - len(one.unexplained)
        caught = one.count("caught")
        worth = StrengthProof(one.unit.id, one.judged, caught, explained, measured_on(proof))
        write_strength(config, worth)
    return left


@dataclass(slots=True)
class _Work:
    """One unit: its inputs (fixtures first), what both sides do on them, what came of it."""

    unit: Unit
    rows: list[Row]
    fixtures: int
    files: list[FixtureRows]
    pieces: dict[int, tuple[Piece, Observed]] = field(default_factory=dict)
    loaded: LoadedUnit | None = None
    seconds: float = 0.0
    """What its mutants took in an earlier round."""
    result: UnitStrength | None = None
    choosing: bool = False
    """Whether all inputs are asked for that catch a mutant, to choose among them."""
    chosen: Sequence[Row] = ()
    """Inputs to be saved."""

    @classmethod
    def of(cls, config: Config, unit: Unit, options: Strength) -> _Work:
        """The unit with its fixtures read, an even choice where there are very many."""
        fixtures = fixtures_of(config, unit, Selection())
        file = fixtures if isinstance(fixtures, FixtureRows) else None
        rows = list(fixtures.all()) if isinstance(fixtures, FixtureRows) else list(fixtures)
        rows = evenly(rows, options.most)
        more = options.more.get(unit.id)
        extra = FixtureRows(more, unit) if more is not None else None
        added = [_named_apart(row) for row in extra.all()] if extra is not None else []
        files = [one for one in (file, extra) if one is not None]
        return cls(unit, [*rows, *(added if rows else ())], len(rows), files)

    def report(self, config: Config) -> UnitStrength:
        """What is told of the unit."""
        if self.result is not None:
            return self.result
        return UnitStrength(self.unit, trouble=no_fixtures(config, self.unit))

    def add(self, rows: Sequence[Row]) -> None:
        """Takes more inputs; what is known of the others is asked again with them."""
        self.rows += rows
        self.pieces.clear()
        self.seconds = self.result.seconds if self.result is not None else 0.0

    def killing(self) -> _Work:
        """The same with no more inputs than those that catch what the fixtures do not."""
        fates = self.result.fates if self.result is not None else ()
        killers = sorted({fate.killed_by for fate in fates if fate.killed_by is not None})
        rows = [*self.rows[: self.fixtures], *(self.rows[index] for index in killers)]
        return _Work(self.unit, rows, self.fixtures, self.files, loaded=self.loaded, choosing=True)

    def fewest_killing(self) -> list[Row]:
        """Of more inputs than the fixtures, the fewest that catch as much as all."""
        worth: dict[int, set[int]] = {}
        for fate in self.result.fates if self.result is not None else ():
            for index in fate.killers:
                worth.setdefault(index, set()).add(fate.mutant.index)
        indices = sorted(worth)
        return [self.rows[indices[one]] for one in fewest([worth[index] for index in indices])]

    def fail(self, trouble: Trouble) -> None:
        """Says why nothing can be told of it."""
        self.result = UnitStrength(self.unit, self.fixtures, trouble=trouble)

    @property
    def is_whole(self) -> bool:
        """Whether all fixtures of the file are here."""
        return all(file.seen in (0, self.fixtures) for file in self.files[:1])

    @property
    def salt(self) -> int:
        """The salt of its runs: a property of the unit, so that no lane makes a difference."""
        return zlib.crc32(self.unit.id.encode()) % len(SALTS)


@dataclass(frozen=True, slots=True)
class _Collector:
    """Keeps what the engine observes, by unit and piece."""

    units: Mapping[str, _Work]

    def first(self, piece: Piece, observed: Observed, lane: Lane) -> Sequence[Again]:
        """Keeps it; nothing is run again."""
        self.units[piece.source.loaded.unit.id].pieces[piece.index] = piece, observed
        return ()

    def again(self, again: Again, observed: Observed, lane: Lane) -> None:
        """Nothing was asked for."""


@dataclass(slots=True)
class _Inputs:
    """The inputs of a unit with what both sides did, and the judge of what a mutant does.

    Java is sent those that can judge (`judging`), and counts them from 0.
    """

    loaded: LoadedUnit
    rows: Sequence[Row]
    lines: Sequence[str | None]
    python: Sequence[Answer | None]
    java: Sequence[Answer]
    judge: Judge
    lane: Lane
    base: list[list[Difference]] = field(default_factory=list)

    @classmethod
    def of(cls, work: _Work, loaded: LoadedUnit, lane: Lane) -> _Inputs:
        """All pieces of a unit in their order, judged as `parity run` judges them."""
        lines: list[str | None] = []
        python: list[Answer | None] = []
        java: list[Answer] = []
        for _, (piece, observed) in sorted(work.pieces.items()):
            sent = piece.lines.java
            lines += [line if isinstance(line, str) else None for line in sent]
            python += observed.python or [None] * len(sent)
            java += observed.java
        judge = Judge(loaded.unit.terms, document=loaded.is_handler)
        inputs = cls(loaded, work.rows, lines, python, java, judge, lane)
        inputs.base = inputs._judged()
        if judge.pairs.disputed:
            judge.pairs.settle()
            inputs.base = inputs._judged()
        return inputs

    def _judged(self) -> list[list[Difference]]:
        return [
            [] if self._is_same(index) else self._differences(self.judge, index, java)
            for index, java in enumerate(self.java)
        ]

    def _is_same(self, index: int) -> bool:
        """Whether both sides returned the same bytes: no tree is needed to see that."""
        python, java = self.python[index], self.java[index]
        recorded = self.loaded.python is None
        return same_answer(self.rows[index].observed, python, java, recorded)

    def _differences(self, judge: Judge, index: int, java: Answer) -> list[Difference]:
        """What is neither the same nor allowed."""
        if is_outside(self.python[index]):
            return [Difference("$", "harness", None, None, Verdict.UNKNOWN, "it does not count")]
        hold = partial(self.lane.hold, self.loaded.unit)
        fixture = self.rows[index].fixture()
        found = differences_of(judge, self.loaded, fixture, self.python[index], java, hold)
        allowances = self.loaded.unit.allowances
        return [one for one in found if not any(covers(each, one) for each in allowances)]

    def can_judge(self, index: int) -> bool:
        """Whether both sides did something on an input, so that a change can be seen."""
        answered = self.lines[index] is not None and isinstance(self.java[index], bytes)
        return answered and all(one.verdict is not Verdict.UNKNOWN for one in self.base[index])

    def is_caught(self, judging: Sequence[int], position: int, text: str) -> bool:
        """Whether the run of an input would tell a mutant, that did this, from the counterpart."""
        index = judging[position]
        judge = dataclasses.replace(self.judge, pairs=copy.deepcopy(self.judge.pairs))
        found = self._differences(judge, index, b"0\t" + text.encode("ascii"))
        if any(one.kind == "harness" for one in found):
            return False
        return _told(found) != _told(self.base[index])


def _told(differences: Sequence[Difference]) -> set[tuple[str, ...]]:
    return {
        (one.path, one.kind, one.verdict.value, dumps(one.python), dumps(one.java))
        for one in differences
    }


@dataclass(slots=True)
class _Strength:
    """All units on their way from fixtures to what these are worth."""

    config: Config
    engine: Engine
    options: Strength
    progress: Progress
    folder: Path
    files: str = ""
    """A hash of the class path and of the harness."""

    def find(self, work: Sequence[_Work]) -> None:
        """Fills in the results."""
        self.progress.doing("loading")
        loaded = self.engine.load([one.unit for one in work])
        for one in work:
            state = loaded[one.unit.id]
            if isinstance(state, Trouble):
                one.fail(state)
            else:
                one.loaded = state
        self.files = _files_hash(self.config, self.engine.entries())
        self._judge([one for one in work if one.loaded is not None], self.folder / "run")
        if self.options.fuzz:
            surviving = [one for one in work if one.result is not None and one.result.survivors]
            for one in surviving:
                one.add(self._tried(one))
            self._judge(surviving, self.folder / "more")
        if self.options.save:
            self._choose(work)
        for one in work:
            if one.result is not None and one.result.trouble is None:
                one.result = self._written(one, one.result)

    def _choose(self, work: Sequence[_Work]) -> None:
        """Which of the inputs that catch more are saved: each is tried on all that survived."""
        asked = [(one, one.killing()) for one in work]
        asked = [(one, few) for one, few in asked if len(few.rows) > few.fixtures]
        self._judge([few for _, few in asked], self.folder / "chosen")
        for one, few in asked:
            one.chosen = few.fewest_killing()

    def _judge(self, work: Sequence[_Work], folder: Path) -> None:
        """Runs both sides on the inputs of units, then the mutants of their counterparts."""
        sources = [
            Source(one.loaded, one.rows, folder_of(folder, one.unit))
            for one in work
            if one.loaded is not None
        ]
        if sources:
            self.progress.expect({one.unit.id: len(one.rows) for one in work})
            self.engine.run(sources, _Collector({one.unit.id: one for one in work}))
            self._strike(work)

    def _tried(self, one: _Work) -> list[Row]:
        """Inputs of a search, on which both sides agree."""
        if one.unit.terms.judge == "recorded" or one.loaded is None:
            return []  # nothing is known of what python does on a new input
        from parity.pipeline.strength_inputs import more_inputs

        self.progress.doing(f"trying inputs of {one.unit.id}")
        options = self.options
        fixtures = one.rows[: one.fixtures]
        return more_inputs(
            self.config, self.engine, one.loaded, fixtures, options.fuzz, options.seed
        )

    def _strike(self, work: Sequence[_Work]) -> None:
        """Each lane takes one unit of its salt after the other."""
        left: dict[int, queue.SimpleQueue[_Work]] = {salt: queue.SimpleQueue() for salt in SALTS}
        for one in sorted(work, key=lambda one: -len(one.rows)):
            left[one.salt].put(one)
        lanes = self.engine.lanes
        with ThreadPoolExecutor(len(lanes)) as threads:
            jobs = [threads.submit(self._lane, lane, left[lane.salt]) for lane in lanes]
            try:
                for job in jobs:
                    job.result()
            except BaseException:
                self.engine.stop()
                raise

    def _lane(self, lane: Lane, left: queue.SimpleQueue[_Work]) -> None:
        while not self.engine.is_ended:
            try:
                one = left.get_nowait()
            except queue.Empty:
                return
            assert one.loaded is not None
            one.result = self._unit(lane, one, one.loaded)
            self.progress.judged(one.unit.id, len(one.rows))
        raise Stopped

    def _unit(self, lane: Lane, one: _Work, loaded: LoadedUnit) -> UnitStrength:
        inputs = _Inputs.of(one, loaded, lane)
        judging = [index for index in range(len(one.rows)) if inputs.can_judge(index)]
        if not judging:
            return UnitStrength(one.unit, one.fixtures, trouble=_nothing_judged(one.unit))
        more = ".more" if len(one.rows) > one.fixtures else ""
        file = self.config.private / "strength" / f"{file_name(one.unit.id)}{more}.json"
        key = self._key(one, inputs)
        known = kept(file, key, one.unit) if self.options.cache and not one.choosing else None
        told = known or self._struck(lane, one, inputs, judging)
        if known is None and told.trouble is None and not one.choosing:
            keep(file, key, told)
        return told

    def _key(self, one: _Work, inputs: _Inputs) -> str:
        """A hash of all that the strength of a unit depends on."""
        whole = hashlib.sha256(repr((one.unit, self.options.minimise, one.fixtures)).encode())
        whole.update(f"{self.files}\0{inputs.loaded.java}".encode())
        for row, python, java in zip(one.rows, inputs.python, inputs.java, strict=True):
            whole.update(f"{row.id}\0{row.text}\0{_untimed(python)}\0{_untimed(java)}\n".encode())
        return whole.hexdigest()

    def _struck(
        self, lane: Lane, one: _Work, inputs: _Inputs, judging: Sequence[int]
    ) -> UnitStrength:
        """What the mutants of a unit do on its inputs."""
        loaded = inputs.loaded
        place = self.folder / file_name(one.unit.id).replace("/", ".")
        requests = place.with_name(f"{place.name}.lines")
        requests.write_text("".join(f"{inputs.lines[index]}\n" for index in judging), "ascii")
        batch = Batch(one.unit.id, requests, len(judging), place, one.unit.terms.timeout)
        started = time.monotonic()
        document = lane.mutants(batch)
        if isinstance(document, Trouble):
            return UnitStrength(one.unit, one.fixtures, trouble=document)
        found = found_of(document)
        is_caught = partial(inputs.is_caught, judging)

        def strike(lines: Sequence[str], number: int) -> Sequence[bytes | Struck]:
            return lane.strike(batch, lines, place.with_name(f"{place.name}.{number}"))

        whole = self.options.minimise or one.choosing
        known = {} if whole or one.result is None else _known(one.result, found, judging)
        fates = Striking(strike, is_caught, whole, known).fates(found)
        seconds = time.monotonic() - started
        ways = self._python_branches(lane, one, loaded)
        told = _told_of(one, inputs, judging, found, fates, ways, self.options)
        return dataclasses.replace(told, seconds=one.seconds + seconds)

    def _python_branches(self, lane: Lane, one: _Work, loaded: LoadedUnit) -> tuple[Branch, ...]:
        """Branches of the file that python's side is in; none where there is none."""
        file = loaded.python.get("file") if loaded.python is not None else None
        if file is None or not Path(file).is_file():
            return ()
        lines = [
            line for _, (piece, _) in sorted(one.pieces.items()) for line in piece.lines.python
        ]
        told = lane.ways(one.unit, lines[: min(one.fixtures, MOST_TRACED)], TRACE_SECONDS)
        name = Path(file).name
        steps = {
            index: [(start, end) for each, start, end in some if each == name]
            for index, some in enumerate(told)
        }
        return python_branches(name, Path(file).read_text("utf-8", "replace"), steps)

    def _written(self, one: _Work, told: UnitStrength) -> UnitStrength:
        """Writes the fixtures that were asked for."""
        if self.options.save:
            lines = _named(one.chosen, one.rows[: one.fixtures])
            append_fixtures(self.config.fixtures, one.unit, lines)
            told = dataclasses.replace(told, saved=len(lines))
        if self.options.write and told.needed is not None and one.is_whole:
            keep_fixtures(self.config.fixtures, one.unit, told.needed)
        return told


def _named_apart(row: Row) -> Row:
    """An input that no fixture's id can be mistaken for."""
    return row._replace(id=f"input {row.id}")


def _told_of(
    work: _Work,
    inputs: _Inputs,
    judging: Sequence[int],
    found: Found,
    fates: Sequence[Fate],
    ways: tuple[Branch, ...],
    options: Strength,
) -> UnitStrength:
    fixtures = range(work.fixtures)
    matched = [index for index in fixtures if not inputs.base[index]]
    differing = [index for index in fixtures if inputs.can_judge(index) and inputs.base[index]]
    distinct = {inputs.lines[index] for index in (*matched, *differing)}
    branches = [
        dataclasses.replace(one, inputs=frozenset(judging[each] for each in one.inputs))
        for one in found.branches
    ]
    settled = tuple(_settled(fate, work, judging) for fate in fates)
    return UnitStrength(
        unit=work.unit,
        fixtures=work.fixtures,
        inputs=len(work.rows),
        differing=len(differing),
        unjudged=work.fixtures - len(matched) - len(differing),
        fates=settled,
        dropped=found.dropped,
        java_branches=tuple(branches),
        python_branches=ways,
        bound=bound_of(len(distinct), len({inputs.lines[index] for index in differing})),
        needed=_needed(work, inputs, settled, [*branches, *ways]) if options.minimise else None,
    )


def _known(before: UnitStrength, found: Found, judging: Sequence[int]) -> dict[int, list[Killer]]:
    """Mutants that a fixture has caught in an earlier round, by their number in this one."""
    places = {index: position for position, index in enumerate(judging)}
    earlier: dict[Mutant, list[Fate]] = {}
    for fate in before.fates:
        earlier.setdefault(_any_round(fate.mutant), []).append(fate)
    known = {}
    for mutant in found.mutants:
        fates = earlier.get(_any_round(mutant))
        by = fates.pop(0).by if fates else ()
        if by and by[0].input in places:
            first = by[0]
            known[mutant.index] = [Killer(places[first.input], first.how)]
    return known


def _any_round(mutant: Mutant) -> Mutant:
    """A mutant as it is in each round: its number and what reaches it belong to one."""
    return dataclasses.replace(mutant, index=0, reached=0)


def _settled(fate: Fate, work: _Work, judging: Sequence[int]) -> Fate:
    """A fate with the inputs as they are counted here; what no fixture catches has survived."""
    by = tuple(Killer(judging[one.input], one.how) for one in fate.by)
    fixtures = tuple(one for one in by if one.input < work.fixtures)
    if fate.state != "caught" or fixtures:
        return dataclasses.replace(fate, by=fixtures)
    shown = work.rows[by[0].input].fixture()
    killer = {"args": shown.args, "kwargs": shown.kwargs} if shown.kwargs else shown.args
    killers = tuple(one.input for one in by)
    first = killers[0]
    return Fate(fate.mutant, "survived", killer=killer, killed_by=first, killers=killers)


def _untimed(answer: Answer | None) -> str:
    """An answer without how long it took."""
    if isinstance(answer, bytes):
        return answer.partition(b"\t")[2].decode("ascii")
    return repr(answer)


def _named(rows: Sequence[Row], known: Sequence[Row]) -> list[dict[str, Any]]:
    """Inputs as lines of a fixture file, under names that it does not have yet."""
    names = {row.id for row in known}
    free = (name for number in itertools.count(1) if (name := f"caught_{number}") not in names)
    return [{**json.loads(line_of(row.fixture())), "id": next(free)} for row in rows]


def _needed(
    work: _Work, inputs: _Inputs, fates: Sequence[Fate], branches: Sequence[Branch]
) -> tuple[str, ...]:
    """Ids of the fewest fixtures that catch and reach what all do, and of all that do not match."""
    worth: list[set[tuple[str, int]]] = [set() for _ in range(work.fixtures)]
    for number, fate in enumerate(fates):
        for one in fate.by:
            worth[one.input].add(("mutant", number))
    for number, branch in enumerate(branches):
        for index in branch.inputs:
            if index < work.fixtures:
                worth[index].add(("branch", number))
    kept_anyway = {index for index in range(work.fixtures) if inputs.base[index]}
    return tuple(work.rows[index].id for index in sorted({*fewest(worth), *kept_anyway}))


def _files_hash(config: Config, entries: Sequence[Path]) -> str:
    """A hash of all classes of the class path, and of the Java half itself."""
    content = Content(config.private / "cache" / "strength-files.json")
    whole = hashlib.sha256(f"{content.raw(str(harness_jar()))}".encode())
    for entry in entries:
        files = sorted(entry.rglob("*.class")) if entry.is_dir() else [entry]
        for file in files:
            whole.update(f"{file.relative_to(entry)}\0{content.raw(str(file))}\n".encode())
    content.keep()
    return whole.hexdigest()


def _nothing_judged(unit: Unit) -> Trouble:
    return Trouble(
        what=f"no fixture of `{unit.id}` can judge a mutant",
        where=None,
        why="on none of them did both sides do something that can be compared",
        next_step=f"see why: parity run {unit.id}",
        code="nothing_judged",
    )
