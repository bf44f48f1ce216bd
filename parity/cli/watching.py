"""Runs that go on with each file that is saved."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from parity.cli.telling import finish
from parity.errors import ParityError
from parity.report.progress import shown

if TYPE_CHECKING:
    from rich.console import Console

    from parity.model import RunReport, Verdict
    from parity.pipeline.run import Options
    from parity.pipeline.units import Selection


class ReportTable(Protocol):
    """How a report is shown: whole, or what is to be told of these `units`."""

    def __call__(
        self, report: RunReport, *, units: Collection[str] | None = None
    ) -> Callable[[Console], None]: ...


def watch_and_tell(
    project: Path,
    selection: Selection,
    options: Options | None,
    as_json: bool,
    table: ReportTable,
) -> int:
    """Tells each report until Ctrl-C; the exit status is that of the last one."""
    from parity.pipeline.run import Options
    from parity.pipeline.watch import watch

    status = 2
    before: dict[str, Verdict] = {}
    if not as_json:
        options = replace(options or Options(), on_judged=_tell_verdict)
    with shown(as_json=as_json) as progress:
        for watched in watch(project, selection, progress, options, _tell_saved, _tell_given_up):
            progress.close()
            status = watched.exit_status
            match watched.outcome:
                case ParityError() as error:
                    print(error, file=sys.stderr)
                case report:
                    _tell_again(report, before, as_json, table)
                    before = {unit.unit.id: unit.verdict for unit in report.units}
            print("watching; Ctrl-C ends", file=sys.stderr, flush=True)
    return status


def _tell_verdict(report: RunReport) -> None:
    from parity.report.text import summary

    print(f"{summary(report)}; looking for causes", flush=True)


def _tell_saved(saved: Sequence[Path]) -> None:
    more = f" and {len(saved) - 1} more" if len(saved) > 1 else ""
    print(f"saved: {saved[0]}{more}", file=sys.stderr, flush=True)


def _tell_given_up(files: Sequence[Path]) -> None:
    for file in files:
        print(f"{file} changes in each run: it is watched no more", file=sys.stderr, flush=True)


def _tell_again(
    report: RunReport, before: Mapping[str, Verdict], as_json: bool, table: ReportTable
) -> None:
    """The units that ran, and those of which something else is known than before."""
    units = {
        unit.unit.id
        for unit in report.units
        if not unit.cached or unit.verdict is not before.get(unit.unit.id)
    }
    if units or as_json:
        finish(report, as_json, table(report, units=units if before else None))
        sys.stdout.flush()
    else:
        print("nothing to run again", file=sys.stderr)
