"""The report of one unit, from what was tallied of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from parity.diff import Tally, settle
from parity.diff.forms import unmarked
from parity.diff.settle import failing
from parity.model import (
    AllowanceState,
    Difference,
    Finding,
    Trouble,
    Unit,
    UnitReport,
    Verdict,
    worst,
)
from parity.pipeline.java_sources import JavaSources
from parity.pipeline.places import java_place
from parity.pipeline.units import Selection
from parity.run import LoadedUnit
from parity.values.form import dumps


def troubled(unit: Unit, trouble: Trouble, fixtures: int) -> UnitReport:
    """The report of a unit of which nothing can be told."""
    counts = {Verdict.UNKNOWN: fixtures} if fixtures else {}
    return UnitReport(unit, Verdict.UNKNOWN, counts, (), trouble=trouble)


def report_of(
    loaded: LoadedUnit,
    tally: Tally,
    selection: Selection,
    sources: JavaSources,
    *,
    complete: bool,
    cached: bool = False,
) -> UnitReport:
    """The report of a unit that ran, now or before (`cached`), `complete` where on all fixtures."""
    unit = loaded.unit
    today = datetime.datetime.now(datetime.UTC).date()
    settled = settle(tally, today, complete=complete)
    place = java_place(loaded, sources) if settled.found else None
    findings = tuple(
        Finding(
            one.fixture,
            verdict,
            with_lines(one.difference, loaded, sources, place),
            again_command(unit, one.fixture, selection),
        )
        for verdict, one in settled.found
    )
    return UnitReport(
        unit=unit,
        verdict=_unit_verdict(settled.counts, settled.allowances),
        counts=settled.counts,
        findings=findings,
        more_findings=settled.more,
        allowances=tuple(settled.allowances),
        printed=loaded.printed,
        checked_again=tally.checked_again,
        cached=cached,
        outside=tally.outside,
        trouble=None if settled.counts else all_outside(unit, tally.outside),
    )


def all_outside(unit: Unit, outside: int) -> Trouble:
    """What to say of a unit none of whose fixtures counts."""
    return Trouble(
        what=f"no fixture of `{unit.id}` is inside its domain",
        where=f'[unit."{unit.id}"] in {unit.map_file}',
        why=f"domain = {dumps(unit.terms.domain)} leaves out all {outside}",
        next_step="add a fixture that counts, or mend `domain`",
        code="all_outside",
    )


def _unit_verdict(counts: Mapping[Verdict, int], states: Sequence[AllowanceState]) -> Verdict:
    verdict = worst([verdict for verdict, count in counts.items() if count])
    return Verdict.DIFFERS if failing(states) else verdict


def with_lines(
    difference: Difference, loaded: LoadedUnit, sources: JavaSources, java_place: str | None
) -> Difference:
    """Points at the unit itself, and at its counterpart, where a difference has no line."""
    root = sources.root
    python = loaded.python or {}
    place = f"{python['file']}:{python['line']}" if python.get("line") else None
    cause = difference.cause
    if cause is not None:
        lines = _below(root, cause.python_line), _below(root, cause.java_line)
        cause = replace(cause, python_line=lines[0], java_line=lines[1])
        place, java_place = lines[0] or place, lines[1] or java_place
    return replace(
        difference,
        python=unmarked(difference.python),
        java=unmarked(difference.java),
        python_line=_below(root, difference.python_line or place),
        java_line=_with_folder(_below(root, difference.java_line), java_place, sources),
        cause=cause,
    )


def _with_folder(line: str | None, place: str | None, sources: JavaSources) -> str | None:
    """The line where java threw, which knows its file by name only, with the folder of the file."""
    if line is None:
        return place
    name, colon, number = line.rpartition(":")
    folder, slash, same = (place or "").rpartition("/")
    if same.partition(":")[0] == name:
        return f"{folder}{slash}{line}"
    file = sources.only(name) if "/" not in name else None
    return line if file is None else _below(sources.root, f"{file}{colon}{number}")


def _below(root: Path, place: str | None) -> str | None:
    """A place as seen from the root of the project, so that reports are alike on all machines."""
    return place.removeprefix(f"{root}/") if place is not None else None


def again_command(unit: Unit, fixture: str, selection: Selection) -> str:
    """The command that shows a finding again."""
    if selection.given is not None:
        return f"parity compare {quoted(unit.id)} --input {quoted(selection.given)}"
    return f"parity compare {quoted(unit.id)} --fixture {quoted(fixture)}"


def quoted(text: str) -> str:
    """Text as a shell takes it for one word."""
    if text and all(character.isalnum() or character in "_.:-/" for character in text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
