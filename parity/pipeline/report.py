"""`parity report`: what a run has told, for people elsewhere. Nothing of the project is run."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from parity.config import Config
from parity.counterparts import Entry, Ledger, Point
from parity.errors import ParityError
from parity.evidence.history import burndown
from parity.fixtures import FixtureRows, fixture_file
from parity.github import Comments, PullRequest, token_of
from parity.ledger.forecast import forecast
from parity.mapping.references import class_of, method_of
from parity.model import Unit
from parity.pipeline.java_sources import JavaSources, method_lines
from parity.pipeline.mapped import mapped_units
from parity.pipeline.status import status
from parity.pipeline.workflow_judge import design_for, flow_of
from parity.report.html import Flow, Page, Shown, Source
from parity.report.markdown import MARK
from parity.values.form import dumps

SCHEMA: Final = 1
MOST_LINES: Final = 400
"""Lines of a source that are shown."""
NEEDED: Final = ("id", "java", "verdict", "fixtures", "differs", "findings")


def page_of(
    config: Config | None,
    report: Mapping[str, Any],
    strength: Mapping[str, Any] | None = None,
    workflows: Sequence[Mapping[str, Any]] = (),
) -> Page:
    """All that there is to show of a report: with the project, where there is one, its sources.

    Raises ParityError where something is no report.
    """
    _refuse_others(report)
    shares = {one["id"]: one["share"] for one in (strength or {}).get("units", ())}
    project = _Project(config) if config is not None else None
    shown = []
    for told in report["units"]:
        unit = project.shown(told, shares) if project is not None else None
        shown.append(unit or Shown(told, strength=shares.get(told["id"])))
    title = config.root.name if config is not None else "parity"
    points = _burndown(config) if config is not None else ()
    flows = tuple(_flow(config, one) for one in workflows)
    return Page(title, report["verdict"], tuple(shown), flows, points, forecast(points))


def _flow(config: Config | None, report: Mapping[str, Any]) -> Flow:
    """What was told of a workflow, with its machine where the project has it."""
    if report.get("schema") != SCHEMA or not {"workflow", "states"} <= report.keys():
        raise _no_report("it has no workflow and states of version 1", None)
    if config is None:
        return Flow(report)
    try:
        machine = design_for(config, flow_of(config, report["workflow"])).machine
    except ParityError as error:
        return Flow(report, without=f"{error.what}: {error.why}")
    return Flow(report, machine)


def _burndown(config: Config) -> tuple[Point, ...]:
    """What git knows of the migration; nothing where there is no git."""
    try:
        return burndown(config)
    except ParityError:
        return ()


def read_report(file: Path) -> Mapping[str, Any]:
    """A JSON document; `-` is the standard input. Raises ParityError where it is none."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
        document = json.loads(text)
    except (OSError, ValueError) as error:
        raise _no_report(str(error), str(file)) from None
    if not isinstance(document, dict):
        raise _no_report("it is no JSON object", str(file))
    return document


def post_comment(pull: str, text: str, env: Mapping[str, str], *, dry: bool) -> str:
    """Has a pull request show the text in its one comment, and says what became of it.

    With `dry` nothing is written, and without a token nothing is asked either. Raises ParityError.
    """
    named, token = PullRequest.of(pull, env), token_of(env)
    if dry and not token:
        return f"dry run: {named.name} would get this comment; there is no token to look for it"
    posted = Comments(named, token).put(text, MARK, dry=dry)
    begin = "dry run: the" if dry else "the"
    doubles = f", and {posted.removed} more of ours removed" if posted.removed else ""
    done = f"would be {posted.done}" if dry else posted.done
    return f"{begin} comment of {named.name} {done}{doubles} {posted.url}".rstrip()


def _refuse_others(report: Mapping[str, Any]) -> None:
    units = report.get("units")
    if report.get("schema") != SCHEMA or "verdict" not in report or not isinstance(units, list):
        raise _no_report("it has no verdict and units of version 1", None)
    for one in units:
        if not isinstance(one, dict) or any(key not in one for key in NEEDED):
            raise _no_report(f"a unit of it lacks one of {', '.join(NEEDED)}", None)


def _no_report(why: str, where: str | None) -> ParityError:
    return ParityError(
        "this is no report of `parity run --json`",
        where=where,
        why=why,
        next_step="parity run --json > run.json; parity report run.json --html report",
    )


class _Project:
    """What the project says of units: owners, states, sources, inputs, allowances."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.java = JavaSources(config.root)
        mapped = mapped_units(config, build=False, may_be_empty=True)
        self.units = {unit.id: unit for unit in mapped}
        ledger: Ledger = status(config)
        self.entries = {one.id: one for one in ledger.entries}
        self.texts: dict[str, list[str]] = {}

    def shown(self, told: Mapping[str, Any], shares: Mapping[str, float | None]) -> Shown:
        """A unit with all that is known of it."""
        unit, entry = self.units.get(told["id"]), self.entries.get(told["id"])
        return Shown(
            told,
            owner=(entry.owner if entry is not None else "") or (unit and unit.owner) or "",
            workflows=entry.workflows if entry is not None else (),
            state=entry.state if entry is not None else "",
            why=entry.why if entry is not None else "",
            python=self._python(told, entry),
            java=self._java(told, unit),
            inputs=self._inputs(told, unit),
            expires=_expires(unit),
            strength=shares.get(told["id"]),
        )

    def _python(self, told: Mapping[str, Any], entry: Entry | None) -> Source | None:
        if entry is None or not entry.file:
            return None
        last = entry.line + entry.lines - 1
        return self._source(entry.file, entry.line, last, told, "python_line")

    def _java(self, told: Mapping[str, Any], unit: Unit | None) -> Source | None:
        if unit is None or unit.java is None:
            return None
        outer = class_of(unit.java).partition("$")[0]
        file = self.java.file(outer, f"{outer.rpartition('.')[2]}.java")
        if file is None:
            return None
        lines = self.java.text(file).splitlines()
        word = method_of(unit.java) or "handleRequest"
        name = file.relative_to(self.config.root).as_posix()
        return self._source(name, *method_lines(lines, word), told, "java_line")

    def _source(
        self, file: str, first: int, last: int, told: Mapping[str, Any], key: str
    ) -> Source | None:
        lines = self._lines(file)
        if not lines:
            return None
        last = min(last, first + MOST_LINES, len(lines))
        places = {one.get(key) or "" for one in told["findings"]}
        marks = {
            int(line)
            for name, _, line in (place.rpartition(":") for place in places)
            if name == file and line.isdigit() and first <= int(line) <= last
        }
        return Source(file, first, "\n".join(lines[first - 1 : last]), tuple(sorted(marks)))

    def _lines(self, file: str) -> list[str]:
        if file not in self.texts:
            try:
                text = (self.config.root / file).read_text("utf-8", "replace")
            except OSError:
                text = ""
            self.texts[file] = text.splitlines()
        return self.texts[file]

    def _inputs(self, told: Mapping[str, Any], unit: Unit | None) -> dict[str, str]:
        """What the fixtures give that findings are on."""
        wanted = {one["fixture"] for one in told["findings"] if "fixture_args" not in one}
        file = fixture_file(self.config.fixtures, unit) if unit is not None else None
        if not wanted or unit is None or file is None:
            return {}
        found = {}
        for row in FixtureRows(file, unit).all():
            if row.id in wanted:
                fixture = row.fixture()
                found[row.id] = dumps(
                    fixture.steps
                    if fixture.steps is not None
                    else {"args": fixture.args, "kwargs": dict(fixture.kwargs)}
                    if fixture.kwargs
                    else fixture.args
                )
        return found


def _expires(unit: Unit | None) -> dict[tuple[str, str], tuple[str, str, str]]:
    return {
        (one.path, one.kind): (one.expires.isoformat(), one.owner, one.reason)
        for one in (unit.allowances if unit is not None else ())
    }
