"""`parity run` and `parity compare`: units on both sides, judged."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from parity import evidence
from parity.config import Config
from parity.diff import Judge
from parity.errors import ParityError
from parity.evidence import Base
from parity.fixtures import FixtureRows, unmapped_files
from parity.model import Against, RunReport, Trouble, Unit, UnitReport
from parity.pipeline.building import Building, go_deep
from parity.pipeline.explaining import BUDGET, Explainer, wanting
from parity.pipeline.java_sources import JavaSources
from parity.pipeline.journal import Journal, RunFolder
from parity.pipeline.judging import Judging, UnitJudging
from parity.pipeline.known import Known
from parity.pipeline.progress import UNWATCHED, Progress
from parity.pipeline.reports import report_of, troubled
from parity.pipeline.results import Result
from parity.pipeline.shards import Shard, part_document, parts_folder, write_part
from parity.pipeline.units import (
    Fixtures,
    Selection,
    fixtures_of,
    no_fixtures,
    refuse_problems,
    selected_units,
)
from parity.pipeline.warm import Warm
from parity.run import Engine, Lane, LoadedUnit, Packing, Source, folder_of, in_parallel
from parity.sides.java.side import unit_entries

EVERYTHING = Selection()
Results = dict[str, Result | Trouble]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run.

    `jobs` lanes at a time (as many as there are cores); `resume` goes on from a run that was ended
    before it was done; `cache` lets evidence of earlier runs count; `evidence` writes what is to be
    committed; `against` names what the run is held against; `shard` is the part of the fixtures
    that is run, with the file that takes what was found. `on_judged` is told the verdicts before
    causes are looked for, where there are differences that want one; that takes about
    `budget` seconds of work a unit.
    """

    jobs: int | None = None
    resume: bool = False
    cache: bool = True
    evidence: bool = False
    against: str | None = None
    shard: Shard | None = None
    part: Path | None = None
    on_judged: Callable[[RunReport], object] | None = None
    budget: float = BUDGET

    def part_file(self, config: Config) -> Path:
        """Where a shard writes what it has found."""
        assert self.shard is not None
        return self.part or parts_folder(config) / f"{self.shard.index}-of-{self.shard.count}.json"


MOST_HINTS = 5
"""So many files without a unit are named; a map that begins has more."""


def run(
    config: Config,
    selection: Selection = EVERYTHING,
    progress: Progress = UNWATCHED,
    options: Options | None = None,
    warm: Warm | None = None,
) -> RunReport:
    """Runs units on both sides and judges them; on workers that stay up where `warm` keeps them.

    Raises ParityError on bad use or bad input.
    """
    started = time.monotonic()
    go_deep()
    units = selected_units(config, selection)
    work = [(unit, fixtures_of(config, unit, selection)) for unit in units]
    options = options or Options()
    base = evidence.base(config, options.against) if options.against is not None else None
    run = _Run(config, selection, options, work, progress, warm)
    reports = run.reports()
    total = time.monotonic() - started
    times = {
        "build": run.building.seconds,
        "run": total - run.building.seconds,
        "loop": run.looping,
        "total": total,
    }
    rounded = {name: round(value, 3) for name, value in times.items()}
    hints = (*run.hints, *(() if selection.units else hints_of(config, units)))
    against = _against(base, reports) if base is not None else None
    return RunReport(tuple(reports), rounded, hints, against)


def _against(base: Base, reports: Sequence[UnitReport]) -> Against:
    reasons = {report.unit.id: base.worse(report) for report in reports}
    worse = {unit_id: why for unit_id, why in reasons.items() if why is not None}
    return Against(base.ref, base.commit, worse)


def hints_of(config: Config, units: Sequence[Unit]) -> tuple[str, ...]:
    """What is worth knowing of the fixtures beside what they say."""
    root = f"{config.root}/"
    files = [str(file).removeprefix(root) for file in unmapped_files(config.fixtures, units)]
    shown = files if len(files) <= MOST_HINTS else files[: MOST_HINTS - 1]
    hints = [f"{file} belongs to no unit of the map, and was not read" for file in shown]
    if len(files) > len(shown):
        rest = len(files) - len(shown)
        hints.append(f"{rest} more files of fixtures belong to no unit of the map")
    return tuple(hints)


class _Run:
    """The units of one run on their way from fixtures to verdicts."""

    def __init__(
        self,
        config: Config,
        selection: Selection,
        options: Options,
        work: Sequence[tuple[Unit, Fixtures]],
        progress: Progress,
        warm: Warm | None,
    ) -> None:
        self.warm = warm
        self.config = config
        self.selection = selection
        self.options = options
        self.work = work
        self.progress = progress
        self.looping = 0.0
        self.hints: list[str] = []
        self.building = Building(config, progress)
        self.sources = JavaSources(config.root)
        self.known = self._known()
        self.cached: Results = {}
        """What earlier runs tell of units, which need not run for that."""

    def reports(self) -> list[UnitReport]:
        """A report for every unit, in order."""
        try:
            results = self.results()
        except ParityError:
            self._refuse_wrong_fixtures()  # what a person wrote is told before what cannot start
            raise
        shard = self.options.shard
        if shard is not None:
            counted = {unit.id: _counted(fixtures) for unit, fixtures in self.work}
            part = part_document(self.config, shard, results, counted)
            write_part(self.options.part_file(self.config), part)
        reports = self._reports(results)
        if self.options.evidence and self.known is not None:
            units = [unit for unit, _ in self.work]
            self.known.commit(reports, units, all_ran=not self.selection.units)
        return reports

    def _reports(self, results: Results) -> list[UnitReport]:
        found = self.cached | results
        return [
            self._report(unit, fixtures, found.get(unit.id), cached=unit.id in self.cached)
            for unit, fixtures in self.work
            if self.options.shard is None or _is_here(found.get(unit.id))
        ]

    def _refuse_wrong_fixtures(self) -> None:
        files = [rows for _, rows in self.work if isinstance(rows, FixtureRows)]
        for rows in files:
            rows.forget()
            list(rows.all())
        refuse_problems(files)

    def results(self) -> Results:
        """What was found of the units that ran; `cached` is known of the others with fixtures.

        The workers start at once where something has to run, and not at all where nothing has.
        Raises ConfigError where a fixture file is wrong.
        """
        runnable = [unit for unit, fixtures in self.work if _size(fixtures)]
        with ExitStack() as workers:
            engine = self._engine()
            known = self.known
            if known is None or not (self.options.cache and known.look_up(runnable)):
                self._start(engine, workers)
            if known is not None:
                known.look_at_files()
                self.cached.update(known.results(runnable))
            left = [unit for unit in runnable if unit.id not in self.cached]
            if not left:
                return {}
            self._start(engine, workers)
            results = self._ran(engine, left)
        if known is not None:
            ran = {key: one for key, one in results.items() if isinstance(one, Result)}
            known.keep({unit.id: unit for unit in left}, ran)
        return results

    def _engine(self) -> Engine:
        jobs = self.options.jobs or os.cpu_count() or 1
        size = sum(_size(fixtures) for _, fixtures in self.work)
        building = self.building
        if self.warm is not None:
            engine = self.warm.engine(
                self.config, building.home, building.entries, jobs, size, building.ending
            )
            building.ending = engine.ending
            return engine
        return Engine(self.config, building.home, building.entries, jobs, size, building.ending)

    def _start(self, engine: Engine, workers: ExitStack) -> None:
        if self.warm is None:  # else they run already, and whoever keeps them ends them
            workers.enter_context(engine)

    def _known(self) -> Known | None:
        """What earlier runs have found, where this one may take it for its own."""
        whole = self.selection.complete and not self.selection.every_finding
        if not whole or self.options.shard is not None:
            return None
        building = self.building
        return Known(self.config, building.home, building.entries, self.selection.most)

    def _ran(self, engine: Engine, units: Sequence[Unit]) -> Results:
        self.progress.doing("loading")
        loaded = engine.load(units)
        basis = _basis(self.config, units, self.building.entries())
        with RunFolder(self.config, basis, resume=self.options.resume) as folder:
            if self.options.resume and not folder.resumed:
                self.hints.append("there is no ended run of what is here now: all was run anew")
            engine.resumed = folder.resumed
            started = time.monotonic()
            judged = self._judged(engine, loaded, folder.path)
            self.looping = time.monotonic() - started
            wanted = [one for one in judged.values() if wanting(one.whole())]
            if wanted and self.options.on_judged is not None:
                reports = self._reports(_results(loaded, judged))
                self.options.on_judged(RunReport(tuple(reports), {}))
            self._explain(engine, wanted, folder.path)
        return _results(loaded, judged)

    def _judged(
        self, engine: Engine, loaded: dict[str, LoadedUnit | Trouble], folder: Path
    ) -> dict[str, UnitJudging]:
        ready = [one for one in loaded.values() if isinstance(one, LoadedUnit)]
        judges = {one.unit.id: _judge(one) for one in ready}
        judged = self._run(engine, ready, judges, folder / "first")
        for unit, rows in self.work:
            if isinstance(loaded.get(unit.id), Trouble) and isinstance(rows, FixtureRows):
                list(rows.all())  # what is wrong there is told with the rest
        refuse_problems([rows for _, rows in self.work if isinstance(rows, FixtureRows)])
        disputed = [one for one in ready if judges[one.unit.id].pairs.disputed]
        for one in disputed:
            judges[one.unit.id].pairs.settle()
        return judged | self._run(engine, disputed, judges, folder / "settled")

    def _run(
        self,
        engine: Engine,
        ready: Sequence[LoadedUnit],
        judges: dict[str, Judge],
        folder: Path,
    ) -> dict[str, UnitJudging]:
        fixtures = {unit.id: rows for unit, rows in self.work}
        judgings: dict[str, UnitJudging] = {}
        sources = []
        for one in ready:
            rows = fixtures[one.unit.id]
            if isinstance(rows, FixtureRows):
                rows.forget()
            place = folder_of(folder, one.unit)
            judging = UnitJudging(
                one,
                _size(rows),
                Journal(place),
                judges[one.unit.id],
                self.selection.most,
                self.progress,
            )
            judgings[one.unit.id] = judging
            shard = self.options.shard
            only = shard.takes(one.unit, _size(rows)) if shard is not None else None
            sources.append(
                Source(one, rows, place, judging.judged_before, only, Packing(wanted=True))
            )
        if sources:
            self.progress.expect({one.loaded.unit.id: one.share() for one in sources})
            engine.run(sources, Judging(judgings))
        return judgings

    def _explain(self, engine: Engine, wanted: Sequence[UnitJudging], folder: Path) -> None:
        """Gives differences their causes, a unit at a time on each lane."""
        if not wanted:
            return
        self.progress.doing("explaining")
        explainer = Explainer(self.config, folder / "explained", self.sources)
        fixtures = {unit.id: rows for unit, rows in self.work}

        def explain(lane: Lane, units: Sequence[UnitJudging]) -> None:
            for one in units:
                rows = fixtures[one.loaded.unit.id]
                if not isinstance(rows, FixtureRows):
                    names = {row.id for row in rows}
                    known = explainer.known_rows(one.loaded.unit)
                    rows = [*rows, *(row for row in known if row.id not in names)]
                explainer.explain_tally(
                    one.loaded,
                    one.whole(),
                    one.judge,
                    rows,
                    lane,
                    probing=one.traces.touches_nothing,
                    budget=self.options.budget,
                )

        lanes = engine.lanes
        in_parallel(
            [partial(explain, lane, wanted[i :: len(lanes)]) for i, lane in enumerate(lanes)],
            engine.stop,
        )

    def _report(
        self, unit: Unit, fixtures: Fixtures, result: Result | Trouble | None, *, cached: bool
    ) -> UnitReport:
        if isinstance(result, Trouble):
            return troubled(unit, result, _counted(fixtures))
        if result is None or not result.fixtures:
            return troubled(unit, no_fixtures(self.config, unit), 0)
        complete = self.selection.complete and self.options.shard is None
        return report_of(
            result.loaded,
            result.tally,
            self.selection,
            self.sources,
            complete=complete,
            cached=cached,
        )


def _is_here(result: Result | Trouble | None) -> bool:
    """Whether a shard has anything to say of a unit."""
    return isinstance(result, Trouble) or (result is not None and result.fixtures > 0)


def _judge(loaded: LoadedUnit) -> Judge:
    return Judge(loaded.unit.terms, document=loaded.is_handler)


def _results(
    loaded: Mapping[str, LoadedUnit | Trouble], judged: Mapping[str, UnitJudging]
) -> Results:
    """What was found of each unit, or why it was not run."""
    results: Results = {}
    for unit_id, state in loaded.items():
        if isinstance(state, Trouble):
            results[unit_id] = state
        else:
            judging = judged[unit_id]
            pairs = dict(judging.judge.pairs.java_of)
            results[unit_id] = Result(state, judging.whole(), judging.traces, pairs)
    return results


def _size(fixtures: Fixtures) -> int:
    return fixtures.lines if isinstance(fixtures, FixtureRows) else len(fixtures)


def _counted(fixtures: Fixtures) -> int:
    return fixtures.seen if isinstance(fixtures, FixtureRows) else len(fixtures)


def _basis(config: Config, units: Sequence[Unit], entries: Sequence[Path]) -> str:
    """A hash of what a run that goes on must find as it was: times and sizes of files, terms."""
    whole = hashlib.sha256(repr((config, units)).encode("utf-8", "backslashreplace"))
    own = [config.root / one for unit in units for one in unit.python_path]
    own += [entry for unit in units for entry in unit_entries(unit, config.root)]
    places = [*config.sources, config.fixtures, *entries, *own]
    for file in sorted({file for place in places for file in _files_below(place)}):
        state = file.stat()
        whole.update(f"{file}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def _files_below(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    found = []
    for folder, folders, files in os.walk(place):
        folders[:] = [one for one in folders if one not in ("__pycache__", ".git", ".parity")]
        found += [Path(folder, file) for file in files if not file.endswith(".pyc")]
    return found
