"""`parity fuzz`: looks for inputs on which the sides of a unit part."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.errors import ParityError
from parity.fixtures import read_fixtures
from parity.fuzz.calls import TIERS, Call, Signature
from parity.fuzz.groups import Group
from parity.fuzz.search import Found, Limits, Search, Target
from parity.fuzz.shapes import (
    ANYTHING,
    Items,
    Pairs,
    Shape,
    branches,
    joined,
    met,
    of_form,
    of_java,
    of_python,
)
from parity.fuzz.sources import sources_of
from parity.model import (
    Difference,
    Finding,
    Fixture,
    Form,
    RunReport,
    Trouble,
    Unit,
    UnitReport,
    Verdict,
)
from parity.pipeline.fuzz_judge import LaneJudge
from parity.pipeline.progress import Progress, Unwatched
from parity.pipeline.reports import again_command, troubled, with_lines
from parity.pipeline.run import STACK_BYTES
from parity.pipeline.units import Selection, selected_units
from parity.run import Engine, LoadedUnit
from parity.sides.java.classpath import class_path
from parity.sides.java.home import java_home
from parity.values.form import RECURSION, dumps

SECONDS = 10.0
EXAMPLES = 2_000
UNWATCHED = Unwatched()


@dataclass(frozen=True, slots=True)
class FuzzOptions:
    """How to look: seconds a unit, inputs a unit, the number that chance begins with.

    Where neither is told it is 2,000 inputs in at most 10 seconds; where one is, the other has no
    limit. `save` adds what was found to the unit's fixtures.
    """

    seconds: float | None = None
    examples: int | None = None
    seed: int = 0
    save: bool = False

    def limits(self, used: float) -> Limits:
        """The limits of one unit's search, `used` seconds of which are over."""
        if self.seconds is None and self.examples is None:
            return Limits(SECONDS - used, EXAMPLES, self.seed)
        seconds = None if self.seconds is None else self.seconds - used
        return Limits(seconds, self.examples, self.seed)


def fuzz(
    config: Config,
    selection: Selection,
    options: FuzzOptions,
    progress: Progress = UNWATCHED,
) -> RunReport:
    """Looks for differences of units, one after the other. Raises ParityError on bad use."""
    started = time.monotonic()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    threading.stack_size(STACK_BYTES)
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
        self.options = options
        self.progress = progress
        self.started = started
        self.searching = 0.0
        self.hints: list[str] = []
        self.home = java_home(config)
        self.ending = threading.Event()
        self._building = threading.Lock()
        self._entries: list[Path] | None = None

    def entries(self) -> list[Path]:
        """The class path, with whatever has changed compiled; asked for once."""
        with self._building:
            if self._entries is None:
                self.progress.doing("building")
                self._entries = class_path(self.config, self.home, self.ending)
            return self._entries

    def reports(
        self, units: Sequence[Unit], recorded: Mapping[str, Sequence[Fixture]]
    ) -> list[UnitReport]:
        """A report for every unit, in order."""
        refuse_recorded(units)
        jobs = min(2, os.cpu_count() or 1)
        engine = Engine(
            self.config, self.home, self.entries, jobs, 100_000, self.ending, cover=True
        )
        with engine:
            from parity.fuzz import typed  # noqa: F401 - while the workers start

            self.progress.doing("loading")
            loaded = engine.load(units)
            reports = []
            used = time.monotonic() - self.started
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
        self.progress.doing(f"looking at {unit.id}")
        started = time.monotonic()
        python, java = engine.lanes[0].facts(unit)
        target = target_of(loaded, python, java, fixtures)
        judge = LaneJudge(engine, loaded, self.config.private / "fuzz" / f"{os.getpid()}")
        spent = time.monotonic() - started
        if limits.seconds is not None:
            limits = replace(limits, seconds=limits.seconds - spent)
        try:
            found = Search(target, judge, limits, draw_for(self.config, limits.seed)).run()
            findings = [
                one for group in found.groups for one in self._findings(judge, loaded, group)
            ]
        finally:
            judge.close()
        return self._told(unit, found, findings)

    def _findings(self, judge: LaneJudge, loaded: LoadedUnit, group: Group) -> list[Finding]:
        """The finding of a group, seen once more; none where it cannot be seen again."""
        for call in (group.call, *group.examples[:3]):
            seen = judge.again(call)
            differing = [one for one in seen if one.verdict is Verdict.DIFFERS]
            if differing:
                worst = differing[0]
                return [self._finding(loaded, call, worst, group)]
        return []

    def _finding(
        self, loaded: LoadedUnit, call: Call, difference: Difference, group: Group
    ) -> Finding:
        unit = loaded.unit
        given = dumps(_as_input(call))
        return Finding(
            fixture=group.tier,
            verdict=difference.verdict,
            difference=with_lines(difference, loaded, self.config.root),
            again=again_command(unit, "", Selection(given=given)),
            tier=group.tier,
            call=dict(call),
            found=group.found,
        )

    def _told(self, unit: Unit, found: Found, findings: Sequence[Finding]) -> UnitReport:
        ordered = sorted(findings, key=lambda one: TIERS.index(one.tier))  # type: ignore[arg-type]
        verdicts = {
            Verdict.MATCHED: found.matched,
            Verdict.DIFFERS: found.differing if findings else 0,
            Verdict.UNKNOWN: found.unknown + (0 if findings else found.differing),
        }
        judged = found.matched + found.differing
        verdict = Verdict.DIFFERS if findings else Verdict.MATCHED if judged else Verdict.UNKNOWN
        return UnitReport(
            unit,
            verdict,
            {one: count for one, count in verdicts.items() if count},
            tuple(ordered),
            outside=found.outside,
        )


def _as_input(call: Call) -> Form:
    """A call as `--input` takes it."""
    if set(call) == {"args"}:
        return {"args": call["args"]}
    return dict(call)


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


# ---------------------------------------------------------------- what is known of a unit


def target_of(
    loaded: LoadedUnit,
    python: Mapping[str, Any],
    java: Mapping[str, Any],
    fixtures: Sequence[Fixture],
) -> Target:
    """What a search needs to know of a unit."""
    calls = [call_of(one) for one in fixtures]
    held = held_by_java(loaded, [of_java(one) for one in java.get("shapes", ())])
    names = set(held) | {one.name for one in loaded.parameters or ()}
    annotated = {name: of_python(shape) for name, shape in (python.get("shapes") or {}).items()}
    plain = Signature(loaded.parameters, {}, {}, len(held))
    shown = shown_by(plain, calls)
    shapes = {
        name: met(
            held.get(name, ANYTHING),
            _narrowed(annotated.get(name, ANYTHING), shown.get(name, ANYTHING)),
        )
        for name in names
    }
    signature = Signature(loaded.parameters, shapes, held, len(held))
    return Target(signature, sources_of(python, java), calls)


def _narrowed(annotated: Shape, shown: Shape) -> Shape:
    """What fixtures show, with what annotations say beside it."""
    if shown == ANYTHING:
        return annotated
    if annotated == ANYTHING:
        return shown
    found = met(annotated, shown)
    more = [one for one in branches(annotated) if all(one != known for known in branches(found))]
    kinds = {type(one) for one in branches(found)}
    return joined([found, *(one for one in more if type(one) not in kinds)])


def call_of(fixture: Fixture) -> Call:
    """A fixture as an input."""
    call: dict[str, Form] = {"args": fixture.args}
    if fixture.kwargs:
        call["kwargs"] = dict(fixture.kwargs)
    if fixture.has_self:
        call["self"] = fixture.self_state
    if fixture.steps is not None:
        call["steps"] = fixture.steps
    if fixture.world is not None:
        call["world"] = dict(fixture.world)
    return call


def held_by_java(loaded: LoadedUnit, shapes: Sequence[Shape]) -> dict[str, Shape]:
    """What java can hold, by the names that python has for its parameters."""
    parameters = loaded.parameters
    if loaded.is_handler or loaded.java["kind"] == "class":
        return {}
    if loaded.java["kind"] == "expression":
        names = [one["name"] for one in loaded.java["parameters"]]
        return dict(zip(names, shapes, strict=False))
    if parameters is None:
        return {f"arg{index}": shape for index, shape in enumerate(shapes)}
    order = loaded.unit.terms.order or tuple(one.name for one in parameters if not one.supplied)
    kinds = {one.name: one.kind for one in parameters}
    held = dict(zip(order, shapes, strict=False))
    return {name: _of_starred(shape, kinds.get(name, "")) for name, shape in held.items()}


def _of_starred(shape: Shape, kind: str) -> Shape:
    """The shape of one of the values that a starred parameter gathers."""
    for one in branches(shape):
        if kind == "args" and isinstance(one, Items):
            return one.of
        if kind == "kwargs" and isinstance(one, Pairs):
            return one.of
    return shape


def shown_by(signature: Signature, calls: Sequence[Call]) -> dict[str, Shape]:
    """What fixtures show of each parameter."""
    values: dict[str, list[Shape]] = {}
    for call in calls[:500]:
        for index, value in enumerate(call.get("args") or ()):
            values.setdefault(signature.name_of(index), []).append(of_form(value))
        for name, value in (call.get("kwargs") or {}).items():
            values.setdefault(name, []).append(of_form(value))
    return {name: joined(shapes) for name, shapes in values.items()}


def draw_for(config: Config, seed: int) -> Any:
    """Rows of values that Hypothesis draws."""

    def draw(slots: Any, number: int) -> list[Any]:
        from parity.fuzz import typed

        return typed.rows([slot.shape for slot in slots], 40, seed * 1_000_003 + number)

    return draw
