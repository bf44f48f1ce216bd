"""Gives findings their causes: runs their inputs once more, with constructs meant otherwise."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import re
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from parity.config import Config
from parity.diff import Judge, Tally
from parity.diff.causes import Case, JavaText, Trials, explain
from parity.diff.causes.probing import PROBED, probes
from parity.diff.causes.proving import PASSING
from parity.fixtures import FixtureRows, fixture_file, line_of
from parity.fixtures.lines import Row
from parity.model import Cause, Difference, Outside, Unit, Verdict
from parity.pipeline.java_sources import JavaSources
from parity.pipeline.judging import arguments_of, python_of
from parity.pipeline.places import counterpart, line_in_map
from parity.run import Lane, LoadedUnit
from parity.run.requests import Requests
from parity.sides.worker import observed

AGREEING = 24
BUDGET = 2.0
PROBE_SECONDS = 1.0
PROBE_TEXT = 4096
WEIGHING_SECONDS = 1.0
MOST_REACHED = 60
_NUMBERS = itertools.count()
Causes = Mapping[str, Mapping[str, Cause]]
"""By fixture and path."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains units on a lane; files of its runs stand in `folder`."""

    config: Config
    folder: Path
    sources: JavaSources

    def explain_tally(
        self,
        loaded: LoadedUnit,
        tally: Tally,
        judge: Judge,
        rows: FixtureRows | Sequence[Row],
        lane: Lane,
        *,
        probing: bool = True,
        budget: float = BUDGET,
    ) -> None:
        """Puts causes to the differences that a tally has kept, but for those that are allowed."""
        wanted = wanting(tally)
        if not wanted:
            return
        differing, others = _chosen(rows, wanted)
        causes = self.explain_rows(
            loaded, judge, differing, others, lane, probing=probing, budget=budget
        )
        put_causes(tally, causes)

    def known_rows(self, unit: Unit) -> list[Row]:
        """The first fixtures of a unit's file, beside an input that was given by hand."""
        file = fixture_file(self.config.fixtures, unit)
        if file is None:
            return []
        rows = FixtureRows(file, unit)
        return list(itertools.islice(rows.all(), AGREEING))

    def explain_rows(
        self,
        loaded: LoadedUnit,
        judge: Judge,
        differing: Sequence[Row],
        others: Sequence[Row],
        lane: Lane,
        *,
        probing: bool = True,
        budget: float = BUDGET,
    ) -> Causes:
        """The causes of fixtures that differ; of `others` those count that agree.

        Python works with constructs meant otherwise for about `budget` seconds in all.
        """
        names = {row.id for row in differing}
        cases = self.cases(loaded, [*differing, *others], lane)
        near = [case for case in cases if case.fixture not in names]
        agreeing, _ = self._parted(loaded, judge, near, lane)
        found = [case for case in cases if case.fixture in names]
        if not probing or loaded.python is None:
            return self.explain_cases(loaded, judge, found, agreeing, lane, budget=budget)
        tried = self._probed(loaded, [*differing, *others], lane)
        alike, unlike = self._parted(loaded, judge, tried, lane)
        agreeing += alike
        return self.explain_cases(loaded, judge, found, agreeing, lane, unlike, budget=budget)

    def explain_cases(
        self,
        loaded: LoadedUnit,
        judge: Judge,
        differing: Sequence[Case],
        agreeing: Sequence[Case],
        lane: Lane,
        probed: Sequence[Case] = (),
        *,
        budget: float = BUDGET,
    ) -> Causes:
        """The causes of what was observed already; `probed` are other inputs that differ."""
        unit = loaded.unit
        trials: Trials | None = None
        if loaded.python is not None:
            trials = partial(lane.trials, unit)
        hold = partial(lane.hold, unit)
        java = java_text(self.config, loaded, self.sources)
        causes = explain(judge, hold, differing, agreeing, trials, java, probed, budget)
        return _placed(self.config, unit, causes)

    def _parted(
        self, loaded: LoadedUnit, judge: Judge, cases: Sequence[Case], lane: Lane
    ) -> tuple[list[Case], list[Case]]:
        """Those that agree, and those that differ; what is not known is neither."""
        hold = partial(lane.hold, loaded.unit)
        copied = copy.deepcopy(judge)
        agreeing, differing = [], []
        until = time.thread_time() + WEIGHING_SECONDS
        for case in cases:
            if time.thread_time() > until:
                break
            found = copied.differences(case.python, case.java, case.arguments, hold)
            if not found:
                agreeing.append(case)
            elif all(one.verdict is Verdict.DIFFERS for one in found):
                differing.append(case)
        return agreeing, differing

    def _probed(self, loaded: LoadedUnit, rows: Sequence[Row], lane: Lane) -> list[Case]:
        """What both sides do on inputs near known ones, where python answers in a moment."""
        small = [row for row in rows if len(row.text) <= PROBE_TEXT]
        known = [row.fixture() for row in small[: PROBED * 4]]
        made = [Row.of(line_of(one)) for one in probes(known)]
        if not made:
            return []
        quick = with_timeout(loaded, PROBE_SECONDS)
        lines = Requests.of(quick).lines(made)
        told = lane.trials(loaded.unit, lines.python, [()], PROBE_SECONDS)
        texts = ((told or {}).get("observations") or [None])[0] or []
        fit = [row for row, text in zip(made, texts, strict=False) if text is not None]
        return self.cases(quick, fit, lane) if fit else []

    def cases(self, loaded: LoadedUnit, rows: Sequence[Row], lane: Lane) -> list[Case]:
        """What both sides do on fixtures, of those that count and both can be given."""
        lines = Requests.of(loaded).lines(rows)
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{next(_NUMBERS):06}"
        told = lane.begin(loaded, lines, place, resumed=False).observed()
        cases = []
        for index, row in enumerate(rows):
            fixture = row.fixture()
            arguments = arguments_of(loaded, fixture)
            mine = told.python[index] if told.python is not None else None
            python = python_of(mine, fixture, arguments)
            java = observed(told.java[index])
            if python is None or isinstance(python.outcome, Outside):
                continue  # nothing is known of it, or it does not count
            if arguments.compared:
                cases.append(Case(row.id, lines.python[index], python, java, arguments))
        return cases


def with_timeout(loaded: LoadedUnit, seconds: float) -> LoadedUnit:
    """The unit with less time for each call."""
    terms = dataclasses.replace(loaded.unit.terms, timeout=min(seconds, loaded.unit.terms.timeout))
    return dataclasses.replace(loaded, unit=dataclasses.replace(loaded.unit, terms=terms))


def wanting(tally: Tally) -> dict[str, None]:
    """The fixtures whose differences want a cause, in order."""
    kept = [
        one
        for group, some in tally.kept.items()
        if not group.unknown and not group.covered_by
        for one in some
        if one.difference.verdict is Verdict.DIFFERS and one.difference.kind not in PASSING
    ]
    return dict.fromkeys(one.fixture for one in sorted(kept, key=lambda one: one.order))


def put_causes(tally: Tally, causes: Causes) -> None:
    """Gives each kept difference the cause of its fixture and path."""
    for group, some in tally.kept.items():
        tally.kept[group] = [
            one._replace(
                difference=dataclasses.replace(
                    one.difference, cause=causes[one.fixture][one.difference.path]
                )
            )
            if one.difference.path in causes.get(one.fixture, {})
            else one
            for one in some
        ]


def united_causes(tallies: Sequence[Tally]) -> dict[CauseName, Cause]:
    """What several shards say of each cause: proven where none of them holds otherwise."""
    united: dict[CauseName, Cause] = {}
    for tally in tallies:
        told = {_name(cause): cause for cause in _causes(tally)}
        for name, cause in told.items():
            known = united.get(name)
            united[name] = cause if known is None else _joined(known, cause)
    return united


def put_united(tally: Tally, united: Mapping[CauseName, Cause]) -> None:
    """Gives each difference of a merged tally the counts of all shards."""
    for group, some in tally.kept.items():
        tally.kept[group] = [
            one._replace(difference=_counted(one.difference, united)) for one in some
        ]


CauseName = tuple[str, ...]


def _name(cause: Cause) -> CauseName:
    return cause.id, *cause.also


def _causes(tally: Tally) -> list[Cause]:
    kept = [one.difference.cause for some in tally.kept.values() for one in some]
    return [cause for cause in kept if cause is not None]


def _joined(one: Cause, other: Cause) -> Cause:
    return dataclasses.replace(
        one,
        proven=one.proven and other.proven,
        explains=one.explains + other.explains,
        of=one.of + other.of,
        rivals=tuple(sorted({*one.rivals, *other.rivals})),
    )


def _counted(difference: Difference, united: Mapping[CauseName, Cause]) -> Difference:
    if difference.cause is None:
        return difference
    whole = united[_name(difference.cause)]
    own = difference.cause
    cause = dataclasses.replace(whole, python_line=own.python_line, java_line=own.java_line)
    return dataclasses.replace(difference, cause=cause)


def _chosen(
    rows: FixtureRows | Sequence[Row], wanted: Mapping[str, None]
) -> tuple[list[Row], list[Row]]:
    """The rows that are wanted, and the first of the others."""
    every: Iterable[Row]
    if isinstance(rows, FixtureRows):
        rows.forget()
        every = rows.all()
    else:
        every = rows
    differing: list[Row] = []
    others: list[Row] = []
    for row in every:
        if row.id in wanted:
            differing.append(row)
        elif len(others) < AGREEING:
            others.append(row)
        if len(differing) == len(wanted) and len(others) == AGREEING:
            break
    return differing, others


# ---------------------------------------------------------------- places


def _placed(config: Config, unit: Unit, causes: Causes) -> Causes:
    """Places of expressions as lines of the map, which is where they stand."""
    placed: dict[str, dict[str, Cause]] = {}
    for fixture, by_path in causes.items():
        placed[fixture] = {
            path: dataclasses.replace(cause, python_line=_place(config, unit, cause.python_line))
            for path, cause in by_path.items()
        }
    return placed


def _place(config: Config, unit: Unit, place: str | None) -> str | None:
    if place is None or not place.startswith("<python"):
        return place
    text = unit.python if unit.python is not None else unit.python_body
    return f"{unit.map_file}:{line_in_map(config.root, unit, text or '')}"


def java_text(config: Config, loaded: LoadedUnit, sources: JavaSources) -> JavaText | None:
    """The text of the counterpart, from the map or from the project's Java sources."""
    unit = loaded.unit
    written = unit.java_expression or unit.java_body
    if written is not None:
        beyond = tuple((str(one), sources.text(one)) for one in _named(sources, written))
        return JavaText(unit.map_file, line_in_map(config.root, unit, written), written, beyond)
    method = counterpart(loaded, sources)
    if method is None or method.file.suffix != ".java":
        return None
    file, first, last = method
    text = "\n".join(sources.text(file).splitlines()[first - 1 : last])
    beyond = tuple((str(one), sources.text(one)) for one in _reached(sources, file))
    return JavaText(str(file), first, text, beyond)


def _named(sources: JavaSources, text: str) -> Iterable[Path]:
    """The files of the project's classes that may be meant by the words of a text."""
    return sources.of_types(set(re.findall(r"\b[A-Z]\w*", text)))


def _reached(sources: JavaSources, start: Path) -> list[Path]:
    """A source and those of other classes of the project that it names, and that these name: of
    their own package, or imported. The nearest first, at most MOST_REACHED."""
    reached = {start: None}
    pending = deque(reached)
    while pending and len(reached) < MOST_REACHED:
        file = pending.popleft()
        text = sources.text(file)
        imported = set(re.findall(r"import\s+(?:static\s+)?([\w.]+)", text))
        for one in _named(sources, text):
            near = one.parent == file.parent or any(
                name.endswith(f"{one.parent.name}.{one.stem}") for name in imported
            )
            if near and one not in reached:
                reached[one] = None
                pending.append(one)
    return list(reached)[:MOST_REACHED]
