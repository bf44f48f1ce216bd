"""One function per verb: the only place where the stages meet."""

from __future__ import annotations

import datetime
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from parity.config import Config
from parity.diff import Judge, settle
from parity.diff.judge import Arguments, has_recording, recorded_observation
from parity.diff.settle import failing
from parity.errors import ConfigError, ParityError, Problem, did_you_mean
from parity.fixtures import fixture_file, fixture_of, read_fixtures, unmapped_files
from parity.mapping import file_name, read_map
from parity.model import (
    AllowanceState,
    Crashed,
    Difference,
    Finding,
    Fixture,
    Observation,
    Recorded,
    RunReport,
    TimedOut,
    Trouble,
    Unit,
    UnitReport,
    Verdict,
    worst,
)
from parity.record import record as run_recorded
from parity.run import LoadedUnit, Pair, Sides
from parity.sides.java.classpath import class_path
from parity.sides.java.home import java_home
from parity.values.form import MAX_DEPTH

FINDINGS_PER_UNIT = 100
CHECKED_AGAIN = 32
RECURSION = 20 * MAX_DEPTH  # values are walked by recursion, some frames for each level
Progress = Callable[[str, int, int], None]
"""Told the id of a unit, how many are done, and how many there are."""


def quietly(unit: str, done: int, of: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to run: units (all where none is named), one fixture, or an input given by hand.

    Of a unit at most 100 findings are kept, unless `every_finding` is wanted.
    """

    units: tuple[str, ...] = ()
    fixture: str | None = None
    given: str | None = None
    every_finding: bool = False

    @property
    def complete(self) -> bool:
        """Whether units run on all their fixtures, so that an unused allowance can be told."""
        return self.fixture is None and self.given is None


def run(
    config: Config, selection: Selection = Selection(), progress: Progress = quietly
) -> RunReport:
    """Runs units on both sides and judges them. Raises ParityError on bad use or bad input."""
    started = time.monotonic()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    units = selected_units(config, selection)
    work = {unit.id: chosen for unit, chosen in _fixtures(config, units, selection)}
    home = java_home(config)
    entries = class_path(config, home)
    built = time.monotonic()
    with Sides(config, home, entries) as sides, Sides(config, home, entries, salt=1) as again:
        runs = _Runs(sides, again, selection)
        reports = runs.reports([(unit, work[unit.id]) for unit in units], progress)
    ended = time.monotonic()
    times = {"build": built - started, "run": ended - built, "total": ended - started}
    rounded = {name: round(value, 3) for name, value in times.items()}
    return RunReport(tuple(reports), rounded, _hints(config, units, selection))


def record(
    config: Config,
    unit_ids: Sequence[str],
    command: Sequence[str],
    *,
    most: int = 200,
    anew: bool = False,
) -> Recorded:
    """Runs a program with units watched and keeps what they were given as fixtures.

    Raises ParityError on bad use, and where no unit can be watched.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    units = selected_units(config, Selection(units=tuple(unit_ids)))
    if not any(unit.reference for unit in units):
        raise ParityError(
            "there is nothing to watch",
            where=", ".join(str(file) for file in config.map_files()),
            why="every unit is an expression, which no program calls",
            next_step='map a callable: [unit."module:function"]',
        )
    for unit in units:
        read_fixtures(config.fixtures, unit)  # what is wrong there is told before anything runs
    return run_recorded(config, units, command, most=most, anew=anew)


def _hints(config: Config, units: Sequence[Unit], selection: Selection) -> tuple[str, ...]:
    if selection.units:
        return ()
    return tuple(
        f"{_below(config.root, str(file))} belongs to no unit of the map, and was not read"
        for file in unmapped_files(config.fixtures, units)
    )


def selected_units(config: Config, selection: Selection) -> list[Unit]:
    """The units of the map that are named, or all; an unknown name is an error."""
    units = {unit.id: unit for unit in read_map(config)}
    for unit_id in selection.units:
        if unit_id not in units:
            near = did_you_mean(unit_id, list(units))
            raise ParityError(
                f"there is no unit `{unit_id}`",
                where=", ".join(str(file) for file in config.map_files()),
                why='no [unit."…"] table has that name',
                next_step=near or "see which there are: " + ", ".join(list(units)[:10]),
            )
    return [units[unit_id] for unit_id in dict.fromkeys(selection.units or units)]


def _fixtures(
    config: Config, units: Sequence[Unit], selection: Selection
) -> list[tuple[Unit, list[Fixture]]]:
    """Fixtures of each unit; everything wrong in any of their files is one error."""
    if selection.given is not None:
        given = fixture_of(selection.given, where="--input")
        return [(unit, [given]) for unit in units]
    chosen: list[tuple[Unit, list[Fixture]]] = []
    refused: list[ConfigError] = []
    for unit in units:
        try:
            fixtures = read_fixtures(config.fixtures, unit)
        except ConfigError as error:
            refused.append(error)
            continue
        if selection.fixture is not None:
            fixtures = [_named_fixture(unit, fixtures, selection.fixture)]
        chosen.append((unit, fixtures))
    if len(refused) == 1:
        raise refused[0]
    if refused:
        problems = [
            Problem(f"{error.what.split(' has ')[0]}, {problem.where}", problem.why, problem.hint)
            for error in refused
            for problem in error.problems
        ]
        raise ConfigError(f"{len(refused)} fixture files together", problems, kind="fixtures")
    return chosen


def _named_fixture(unit: Unit, fixtures: list[Fixture], name: str) -> Fixture:
    for fixture in fixtures:
        if fixture.id == name:
            return fixture
    names = [fixture.id for fixture in fixtures]
    raise ParityError(
        f"`{unit.id}` has no fixture `{name}`",
        where=None,
        why=f"its file holds {len(names)} fixtures, none of that id",
        next_step=did_you_mean(name, names) or f"the first is `{names[0] if names else 'none'}`",
    )


@dataclass(slots=True)
class _Runs:
    """The units of one run on their way from fixtures to verdicts."""

    sides: Sides
    again: Sides
    selection: Selection
    again_loaded: dict[str, LoadedUnit | Trouble] = field(default_factory=dict)

    def reports(
        self, work: Sequence[tuple[Unit, list[Fixture]]], progress: Progress
    ) -> list[UnitReport]:
        """A report for every unit, in order."""
        runnable = [unit for unit, fixtures in work if fixtures]
        loaded = self.sides.load(runnable) if runnable else {}
        running = []
        for unit, fixtures in work:
            state = loaded.get(unit.id) or _no_fixtures(self.sides.config, unit)
            observed = (
                self.sides.observe(state, fixtures) if isinstance(state, LoadedUnit) else None
            )
            running.append((unit, fixtures, state, observed))
        self.again_loaded = {}
        reports = []
        for done, (unit, fixtures, state, observed) in enumerate(running):
            progress(unit.id, done, len(running))
            if isinstance(state, Trouble) or observed is None:
                assert isinstance(state, Trouble)
                reports.append(troubled(unit, state, fixtures))
                continue
            reports.append(self._judged(state, fixtures, observed.pairs(), runnable))
        return reports

    def _judged(
        self, loaded: LoadedUnit, fixtures: list[Fixture], pairs: list[Pair], units: list[Unit]
    ) -> UnitReport:
        judge = Judge(loaded.unit.terms, document=loaded.is_handler)
        judged = self._all_differences(judge, loaded, fixtures, pairs)
        if judge.pairs.disputed:
            judge.pairs.settle()
            judged = self._all_differences(judge, loaded, fixtures, pairs)
        chosen = _to_check_again(judged, pairs)
        self._check_again(
            judge, loaded, [(i, fixtures[i], pairs[i]) for i in chosen], judged, units
        )
        root = self.sides.config.root
        return _report(root, loaded, fixtures, judged, self.selection, len(chosen))

    def _all_differences(
        self, judge: Judge, loaded: LoadedUnit, fixtures: list[Fixture], pairs: list[Pair]
    ) -> list[list[Difference]]:
        return [
            self._differences(judge, loaded, fixture, pair)
            for fixture, pair in zip(fixtures, pairs, strict=True)
        ]

    def _differences(
        self, judge: Judge, loaded: LoadedUnit, fixture: Fixture, pair: Pair
    ) -> list[Difference]:
        python = pair.python
        if python is None:
            if not has_recording(fixture):
                why = "it is judged by recordings, and this fixture has no `observed`"
                return [Difference("$", "recording", None, None, Verdict.UNKNOWN, note=why)]
            python = recorded_observation(fixture.observed or {})
        call = pair.call
        compared = call is not None
        own_self = loaded.unit.java_receiver is None
        sent, paths = (call.sent, call.paths) if call else ([], ())
        arguments = Arguments(sent, paths, compared, own_self)
        hold = partial(self.sides.hold, loaded.unit)
        found = judge.differences(python, pair.java, arguments, hold)
        if pair.python is not None and has_recording(fixture):
            found = judge.recording(pair.python, fixture.observed or {}) + found
        return found

    def _check_again(
        self,
        judge: Judge,
        loaded: LoadedUnit,
        chosen: Sequence[tuple[int, Fixture, Pair]],
        judged: list[list[Difference]],
        units: list[Unit],
    ) -> None:
        """Runs fixtures again in other workers; a side that wobbles replaces its differences."""
        if not chosen:
            return
        if not self.again_loaded:
            self.again_loaded = self.again.load(units)
        state = self.again_loaded[loaded.unit.id]
        if isinstance(state, Trouble):
            return
        seconds = self.again.observe(state, [fixture for _, fixture, _ in chosen]).pairs()
        for (index, _, first), second in zip(chosen, seconds, strict=True):
            wobbling = _wobble(judge, first, second)
            if wobbling:
                paths = [one.path for one in wobbling]
                rest = [one for one in judged[index] if one.path not in paths]
                judged[index] = [*wobbling, *rest]


def _wobble(judge: Judge, first: Pair, second: Pair) -> list[Difference]:
    found: list[Difference] = []
    if first.python is not None and second.python is not None:
        found += judge.wobble("python", first.python, second.python)
    return found + judge.wobble("java", first.java, second.java)


def _to_check_again(judged: Sequence[list[Difference]], pairs: Sequence[Pair]) -> list[int]:
    """Fixtures that did not match, and an even sample of those that did."""
    matched = [index for index, found in enumerate(judged) if not found]
    step = max(1, -(-len(matched) // CHECKED_AGAIN))
    chosen = set(matched[::step]) | {index for index, found in enumerate(judged) if found}
    return sorted(index for index in chosen if not _ended_badly(pairs[index]))


def _ended_badly(pair: Pair) -> bool:
    """A crash or a timeout was seen twice already."""
    sides: list[Observation | None] = [pair.python, pair.java]
    return any(side is not None and isinstance(side.outcome, Crashed | TimedOut) for side in sides)


# ---------------------------------------------------------------- reports


def troubled(unit: Unit, trouble: Trouble, fixtures: Sequence[Fixture]) -> UnitReport:
    """The report of a unit of which nothing can be told."""
    counts = {Verdict.UNKNOWN: len(fixtures)} if fixtures else {}
    return UnitReport(unit, Verdict.UNKNOWN, counts, (), trouble=trouble)


def _no_fixtures(config: Config, unit: Unit) -> Trouble:
    file = fixture_file(config.fixtures, unit)
    place = file or config.fixtures / f"{file_name(unit.id)}.jsonl"
    return Trouble(
        what=f"`{unit.id}` has no fixtures",
        where=str(place),
        why="the file holds none" if file else "there is no such file",
        next_step='write one input a line: {"id": "first", "args": [1, 2]}',
        code="no_fixtures",
    )


def _report(
    root: Path,
    loaded: LoadedUnit,
    fixtures: Sequence[Fixture],
    judged: Sequence[list[Difference]],
    selection: Selection,
    checked_again: int,
) -> UnitReport:
    unit = loaded.unit
    today = datetime.datetime.now(datetime.UTC).date()
    verdicts, states = settle(judged, unit.allowances, today, complete=selection.complete)
    findings: list[Finding] = []
    counts: Counter[Verdict] = Counter()
    for fixture, differences, given in zip(fixtures, judged, verdicts, strict=True):
        counts[worst(given) if given else Verdict.MATCHED] += 1
        for difference, verdict in zip(differences, given, strict=True):
            again = again_command(unit, fixture, selection)
            placed = _with_lines(difference, loaded, root)
            findings.append(Finding(fixture.id, verdict, placed, again))
    findings.sort(key=lambda finding: -finding.verdict.rank)
    kept = len(findings) if selection.every_finding else FINDINGS_PER_UNIT
    return UnitReport(
        unit=unit,
        verdict=_unit_verdict(counts, states),
        counts=dict(counts),
        findings=tuple(findings[:kept]),
        more_findings=max(0, len(findings) - kept),
        allowances=tuple(states),
        printed=loaded.printed,
        checked_again=checked_again,
    )


def _unit_verdict(counts: Counter[Verdict], states: Sequence[AllowanceState]) -> Verdict:
    verdict = worst([verdict for verdict, count in counts.items() if count])
    return Verdict.DIFFERS if failing(states) else verdict


def _with_lines(difference: Difference, loaded: LoadedUnit, root: Path) -> Difference:
    """Points at the unit itself where a difference has no line of its own."""
    python = loaded.python or {}
    place = f"{python['file']}:{python['line']}" if python.get("line") else None
    java = loaded.java
    java_place = f"{java['source']}:{java['line']}" if java.get("line") else java.get("source")
    return replace(
        difference,
        python_line=_below(root, difference.python_line or place),
        java_line=_below(root, difference.java_line or java_place),
    )


def _below(root: Path, place: str | None) -> str | None:
    """A place as seen from the root of the project, so that reports are alike on all machines."""
    return place.removeprefix(f"{root}/") if place is not None else None


def again_command(unit: Unit, fixture: Fixture, selection: Selection) -> str:
    """The command that shows a finding again."""
    if selection.given is not None:
        return f"parity compare {quoted(unit.id)} --input {quoted(selection.given)}"
    return f"parity compare {quoted(unit.id)} --fixture {quoted(fixture.id)}"


def quoted(text: str) -> str:
    """Text as a shell takes it for one word."""
    if text and all(character.isalnum() or character in "_.:-/" for character in text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
