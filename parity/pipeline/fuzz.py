"""`parity fuzz`: looks for inputs on which the sides of a unit part."""

from __future__ import annotations

import datetime
import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from parity.config import Config
from parity.diff import Tally, settle
from parity.errors import ParityError
from parity.fixtures import append_fixtures, read_fixtures
from parity.fixtures.choice import evenly
from parity.fuzz.calls import TIERS, Call, Slot
from parity.fuzz.domains import proposed
from parity.fuzz.groups import Group, weight
from parity.fuzz.search import Found, Limits, Search, Target
from parity.fuzz.shrinking import size
from parity.model import (
    Cause,
    Difference,
    Finding,
    Fixture,
    Form,
    Looked,
    RunReport,
    Trouble,
    Unit,
    UnitReport,
    Verdict,
    worst,
)
from parity.pipeline.building import Building, go_deep
from parity.pipeline.explaining import Causes, Explainer
from parity.pipeline.fuzz_asking import UNRECORDED
from parity.pipeline.fuzz_judge import JAVA_PATIENCE, PYTHON_PATIENCE, LaneJudge, row_of
from parity.pipeline.fuzz_target import call_of, target_of
from parity.pipeline.java_sources import JavaSources
from parity.pipeline.places import java_place
from parity.pipeline.progress import UNWATCHED, Progress
from parity.pipeline.reports import again_command, troubled, with_lines
from parity.pipeline.units import Selection, selected_units
from parity.run import Engine, LoadedUnit
from parity.sides.java.archive import cache_folder
from parity.values.form import dumps
from parity.values.paths import place_of

SECONDS = 10.0
EXAMPLES = 2_000
LONG, MANY = 60.0, 1_000_000
ROWS, PATTERNS, PER_PATTERN = 40, 6, 8
LOOKING = 0.72
"""The share of the time in which inputs are looked for and made small."""
LEAST_TO_EXPLAIN, EXAMPLES_TO_EXPLAIN = 0.7, 5
LEAST_SECONDS = 1.0
ENDING = 0.5
"""Seconds that starting python and ending the workers take."""


@dataclass(frozen=True, slots=True)
class FuzzOptions:
    """How to look: seconds a unit, inputs a unit, the number that chance begins with.

    Where neither is told it is 2,000 inputs in at most 10 seconds; where one is, the other has no
    limit. `save` adds what was found to the unit's fixtures, with up to `agreeing` inputs on which
    the sides agree. So many as `least` are tried also where that takes up to four times as long.
    """

    seconds: float | None = None
    examples: int | None = None
    seed: int = 0
    save: bool = False
    agreeing: int = 0
    least: int = 0

    def limits(self, used: float) -> Limits:
        """The limits of one unit's search, `used` seconds of which are over."""
        if self.seconds is None and self.examples is None:
            return Limits(SECONDS - used, EXAMPLES, self.seed)
        seconds = None if self.seconds is None else self.seconds - used
        return Limits(seconds, self.examples, self.seed, self.least)


def fuzz(
    config: Config,
    selection: Selection,
    options: FuzzOptions,
    progress: Progress = UNWATCHED,
) -> RunReport:
    """Looks for differences of units, one after the other. Raises ParityError on bad use."""
    started = time.monotonic()
    go_deep()
    sys.set_int_max_str_digits(0)  # numbers are looked at in the size that a search makes them
    units = selected_units(config, selection)
    recorded = {unit.id: read_fixtures(config.fixtures, unit) for unit in units}
    run = _Fuzz(config, options, progress, started)
    reports = run.reports(units, recorded)
    times = {"run": run.searching, "total": time.monotonic() - started}
    return RunReport(
        tuple(reports), {name: round(value, 3) for name, value in times.items()}, tuple(run.hints)
    )


class _Fuzz:
    """The units of one run of the verb."""

    def __init__(
        self, config: Config, options: FuzzOptions, progress: Progress, started: float
    ) -> None:
        self.config = config
        self.sources = JavaSources(config.root)
        self.options = options
        self.progress = progress
        self.started = started
        self.searching = 0.0
        self.hints: list[str] = []
        self.building = Building(config, progress)

    def reports(
        self, units: Sequence[Unit], recorded: Mapping[str, Sequence[Fixture]]
    ) -> list[UnitReport]:
        """A report for every unit, in order."""
        refuse_recorded(units)
        fixtures = 0 if (self.options.seconds or 0) <= LONG else MANY
        jobs = min(2, os.cpu_count() or 1)
        building = self.building
        engine = Engine(
            self.config,
            building.home,
            building.entries,
            jobs,
            fixtures,
            building.ending,
            cover=True,
        )
        with engine:
            self.typed = typed_door()
            self.typed.keep_below((cache_folder() or self.config.private) / "hypothesis")
            self.kept = self.typed.Kept(self.config.private / "examples")
            self.progress.doing("loading")
            loaded = engine.load(units)
            reports = []
            used = time.monotonic() - self.started + ENDING
            for unit in units:
                state = loaded[unit.id]
                if isinstance(state, Trouble):
                    reports.append(troubled(unit, state, 0))
                    continue
                limits = self.options.limits(used)
                started = time.monotonic()
                reports.append(self._report(engine, state, recorded[unit.id], limits))
                self.searching += time.monotonic() - started
                used = 0.0
        return reports

    def _report(
        self, engine: Engine, loaded: LoadedUnit, fixtures: Sequence[Fixture], limits: Limits
    ) -> UnitReport:
        unit = loaded.unit
        self.progress.doing(f"looking for inputs of {unit.id}")
        started = time.monotonic()
        target = self._target(engine, loaded, fixtures)
        judge = LaneJudge(engine, loaded, self.config.private / "fuzz" / f"{os.getpid()}")
        begun = time.monotonic()
        if limits.seconds is not None:
            left = limits.seconds - (begun - started)
            limits = replace(limits, seconds=max(left, LEAST_SECONDS))
        try:
            looking = limits
            if limits.seconds is not None:
                looking = replace(limits, seconds=limits.seconds * LOOKING)
                judge.until = begun + (looking.at_most or 0.0)
            found = Search(target, judge, looking, self._draw).run()
            late = judge.until is not None and time.monotonic() > judge.until
            ends = None if limits.seconds is None else begun + limits.seconds
            if judge.judge.pairs.disputed:
                judge.judge.pairs.settle()  # which class stands for which, by all that was seen
            findings = self._findings(engine, judge, loaded, found, ends)
            wanted = self._worth_keeping(judge, findings, found) if self.options.save else []
        finally:
            judge.close()
        self.kept.replace(
            unit.id, [(one.call, one.tier) for one in findings if one.call is not None]
        )
        saved = self._save(unit, fixtures, wanted)
        if saved:
            self.hints.append(f"{saved} fixtures were added to those of {unit.id}")
        domain = self._proposed(target, found, findings)
        looked = Looked(self.options.seed, found.tried, found.branches, saved, domain)
        return self._told(unit, found, findings, looked, late=late)

    def _target(self, engine: Engine, loaded: LoadedUnit, fixtures: Sequence[Fixture]) -> Target:
        python, java = engine.lanes[0].facts(loaded.unit)
        target = target_of(loaded, python, java, fixtures)
        sources = target.sources
        if sources.patterns:
            texts = self.typed.matching(sources.patterns[:PATTERNS], PER_PATTERN, self.options.seed)
            sources = replace(sources, texts=(*sources.texts, *texts))
        return replace(target, sources=sources, failing=self.kept.trials(loaded.unit.id))

    def _draw(self, slots: Sequence[Slot], number: int) -> Sequence[Sequence[Form]]:
        """Rows of values that Hypothesis draws."""
        number += self.options.seed * 1_000_003
        rows: list[list[Form]] = self.typed.rows([slot.shape for slot in slots], ROWS, number)
        return rows

    # ------------------------------------------------------------ findings

    def _findings(
        self,
        engine: Engine,
        judge: LaneJudge,
        loaded: LoadedUnit,
        found: Found,
        ends: float | None,
    ) -> list[Finding]:
        """One for each cause, or each kind that has none, with the verdict that allowances give."""
        shown = [
            Shown.of(group, *self._again(judge, group, ends))
            for group in sorted(found.groups, key=lambda one: one.hangs)
        ]
        shown = [one for one in shown if one.differences]
        if not shown:
            return []
        shown = self._explained(engine, judge, loaded, shown, found, ends)
        ordered = sorted(shown, key=lambda one: (TIERS.index(one.group.tier), size(one.call)))
        tally = Tally(loaded.unit.allowances)
        for index, one in enumerate(ordered):
            tally.add(str(index), (index, 0), one.differences)
        settled = settle(tally, datetime.datetime.now(datetime.UTC).date(), complete=False)
        verdicts: dict[int, Verdict] = {}
        for verdict, kept in settled.found:
            index = int(kept.fixture)
            verdicts[index] = worst([verdict, verdicts.get(index, Verdict.MATCHED)])
        told = [self._finding(loaded, one, verdicts[index]) for index, one in enumerate(ordered)]
        return one_of_a_kind(told)

    def _explained(
        self,
        engine: Engine,
        judge: LaneJudge,
        loaded: LoadedUnit,
        shown: Sequence[Shown],
        found: Found,
        ends: float | None,
    ) -> list[Shown]:
        """The same with causes; what of a kind has another cause is a finding of its own."""
        left = None if ends is None else ends - time.monotonic()
        if left is not None and left < LEAST_TO_EXPLAIN:
            return list(shown)
        self.progress.doing("explaining")
        quick = {index: one for index, one in enumerate(shown) if not one.group.is_dear}
        calls = {str(index): one.call for index, one in quick.items()}
        for index, one in quick.items():
            for number, call in enumerate(evenly(one.group.examples, EXAMPLES_TO_EXPLAIN)):
                calls[f"{index}.{number}"] = call
        rows = [row_of(call, name) for name, call in calls.items()]
        others = [row_of(call, f"m{index}") for index, call in enumerate(evenly(found.sample, 24))]
        explainer = Explainer(self.config, judge.folder / "explained", self.sources)
        causes = explainer.explain_rows(
            loaded,
            judge.judge,
            rows,
            others,
            engine.lanes[0],
            probing=left is None or left > 2 * LEAST_TO_EXPLAIN,
            budget=2.0 if left is None else min(2.0, left / 2),
        )
        explained = [one.because(causes.get(str(index), {})) for index, one in enumerate(shown)]
        return explained + self._others(judge, shown, explained, calls, causes)

    def _others(
        self,
        judge: LaneJudge,
        shown: Sequence[Shown],
        explained: Sequence[Shown],
        calls: Mapping[str, Call],
        causes: Causes,
    ) -> list[Shown]:
        """Inputs of the same kinds that have a cause which none of those shown has."""
        known = {one.cause for one in explained}
        found: list[Shown] = []
        for name, by_path in causes.items():
            index, _, number = name.partition(".")
            proven = {one.id for one in by_path.values() if one.proven}
            if number and proven and not proven & known:
                known |= proven
                call = judge.asked(calls[name])
                differences = judge.again(call) if call is not None else []
                if call is not None and any(one.verdict is Verdict.DIFFERS for one in differences):
                    group = shown[int(index)].group
                    found.append(Shown.of(group, call, differences).because(by_path))
        return found

    def _again(
        self, judge: LaneJudge, group: Group, ends: float | None
    ) -> tuple[Call, list[Difference]]:
        """What an input of a group shows once more; nothing where none shows anything.

        Where there is no time to see java hang for as long as it may, nothing is known of that.
        """
        patience = 3 * judge.loaded.unit.terms.timeout
        if group.hangs and ends is not None and time.monotonic() + patience > ends:
            note = (
                f"java gave no answer within {JAVA_PATIENCE} s; more time could not be given here"
            )
            return group.call, [
                replace(one, verdict=Verdict.UNKNOWN, note=note)
                for one in group.differences
                if one.kind == "timeout"
            ]
        wobbling: tuple[Call, list[Difference]] = group.call, []
        for call in filter(None, map(judge.asked, (group.call, *group.examples[:3]))):
            seen = judge.again(call)
            if any(one.verdict is Verdict.DIFFERS for one in seen):
                return call, seen
            if seen and not wobbling[1]:
                wobbling = call, seen
        return wobbling

    def _finding(self, loaded: LoadedUnit, shown: Shown, verdict: Verdict) -> Finding:
        given = dumps(dict(shown.call))
        return Finding(
            fixture=fixture_id(shown.call),
            verdict=verdict,
            difference=with_lines(
                shown.worst, loaded, self.sources, java_place(loaded, self.sources)
            ),
            again=again_command(loaded.unit, "", Selection(given=given)),
            tier=shown.group.tier,
            call=dict(shown.call),
            found=shown.group.found,
        )

    def _proposed(self, target: Target, found: Found, findings: Sequence[Finding]) -> str | None:
        """The domain that would leave out findings far from what was recorded."""
        if not findings:
            return None
        groups = [
            ([group.call, *group.examples], group.python_raised)
            for group in found.groups
            if group.tier in ("boundary", "far")
        ]
        recorded = target.recorded
        return proposed(target.signature, groups, recorded, found.sample)

    def _told(
        self,
        unit: Unit,
        found: Found,
        findings: Sequence[Finding],
        looked: Looked,
        *,
        late: bool,
    ) -> UnitReport:
        verdict = worst([one.verdict for one in findings]) if findings else Verdict.MATCHED
        if not found.matched + found.differing or (found.differing and not findings):
            verdict = worst([verdict, Verdict.UNKNOWN])  # what was seen once was not seen again
        counts = Counter({Verdict.MATCHED: found.matched, Verdict.UNKNOWN: found.unknown})
        counts[verdict] += found.differing
        if domain := looked.domain:
            self.hints.append(
                f"{unit.id}: if such inputs do not count, add to the unit: domain = {dumps(domain)}"
            )
        return UnitReport(
            unit,
            verdict,
            {one: count for one, count in counts.items() if count},
            tuple(findings),
            outside=found.outside,
            looked=looked,
            trouble=self._nothing_known(unit, found, late=late),
        )

    def _nothing_known(self, unit: Unit, found: Found, *, late: bool) -> Trouble | None:
        """What to say where no input could be judged."""
        if found.matched or found.differing:
            return None
        why = "none could be made of its types"
        next_step = "write a fixture that counts: inputs are made of what it shows"
        if late and not found.unknown:
            why = "the time was over before one that counts was answered"
            next_step = "give it more time: --seconds 30"
        elif found.unknown:
            slow = f"python gave no answer within {PYTHON_PATIENCE} s, or ended its process"
            why = next((note for note, _ in found.reasons.most_common(1)), slow)
            next_step = f"see what it does with one: parity compare {unit.id} --input '[…]'"
            if why == UNRECORDED:
                next_step = "record the calls with their replies: parity record -- COMMAND"
            elif found.reasons:
                next_step = (
                    "`parity map` shows both signatures: name another method, a `receiver` or an "
                    "expression; or write a fixture that both sides take, inputs are made like it"
                )
        elif found.outside:
            why = f"all {found.outside} are outside of `{unit.terms.domain}`"
        return Trouble(
            what=f"nothing could be told of the {found.tried} inputs tried of `{unit.id}`",
            where=f'[unit."{unit.id}"] in {unit.map_file}',
            why=why,
            next_step=next_step,
            code="nothing_tried",
        )

    # ------------------------------------------------------------ fixtures

    def _worth_keeping(
        self, judge: LaneJudge, findings: Sequence[Finding], found: Found
    ) -> list[Call]:
        """Inputs for fixtures: what differs, and what reached new branches."""
        wanted = [*(one.call for one in findings if one.call is not None), *found.reaching]
        wanted += evenly(found.sample, self.options.agreeing) if self.options.agreeing else []
        return list(filter(None, map(judge.asked, wanted)))

    def _save(self, unit: Unit, fixtures: Sequence[Fixture], wanted: Sequence[Call]) -> int:
        """Adds inputs to the fixtures of a unit, each once."""
        known = {dumps(dict(call_of(one))) for one in fixtures}
        names = {one.id for one in fixtures}
        lines = []
        for call in wanted:
            text, name = dumps(dict(call)), fixture_id(call)
            if text not in known and name not in names:
                known.add(text)
                names.add(name)
                lines.append({"id": name, **call})
        append_fixtures(self.config.fixtures, unit, lines)
        return len(lines)


@dataclass(frozen=True, slots=True)
class Shown:
    """An input of a group that has shown its differences once more, the one that counts first."""

    group: Group
    call: Call
    differences: Sequence[Difference]

    @classmethod
    def of(cls, group: Group, call: Call, differences: Sequence[Difference]) -> Shown:
        """What differs before what is not known, how a call ended before what it left behind."""
        ordered = sorted(differences, key=lambda one: (-one.verdict.rank, weight(one)))
        return cls(group, call, ordered)

    @property
    def worst(self) -> Difference:
        """The difference that is told."""
        return self.differences[0]

    @property
    def cause(self) -> str | None:
        """The id of its cause, be it proven or not."""
        return self.worst.cause.id if self.worst.cause is not None else None

    def because(self, causes: Mapping[str, Cause]) -> Shown:
        """The same with causes by path."""
        explained = [
            replace(one, cause=causes.get(one.path, one.cause)) for one in self.differences
        ]
        return replace(self, differences=explained)


def one_of_a_kind(findings: Sequence[Finding]) -> list[Finding]:
    """The first of each cause; of each kind and place where there is no cause."""
    kept: dict[tuple[str, ...], Finding] = {}
    for one in findings:
        cause = one.difference.cause
        place = one.difference.kind, place_of(one.difference.path)
        key = (cause.id,) if cause is not None else place
        known = kept.get(key)
        kept[key] = one if known is None else replace(known, found=known.found + one.found)
    return list(kept.values())


def fixture_id(call: Call) -> str:
    """The id of an input as a fixture: the same wherever it is found."""
    return "fuzz_" + hashlib.sha256(dumps(dict(call)).encode("ascii")).hexdigest()[:10]


def typed_door() -> ModuleType:
    """What Hypothesis is used through. Raises ParityError where it is not installed."""
    try:
        from parity.fuzz import typed
    except ImportError as error:
        raise ParityError(
            "`parity fuzz` needs Hypothesis",
            where=None,
            why=f"it cannot be imported: {error}",
            next_step="pip install 'parity-ledger[fuzz]'",
        ) from None
    return typed


def refuse_recorded(units: Sequence[Unit]) -> None:
    """Raises ParityError where python cannot be asked what it does on a new input."""
    judged = [unit.id for unit in units if unit.terms.judge == "recorded"]
    if judged:
        raise ParityError(
            f"`{judged[0]}` cannot be fuzzed",
            where=None,
            why='it is judged by recordings (judge = "recorded"), and a new input has none',
            next_step="name other units, or let python judge",
        )
