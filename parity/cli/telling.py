"""What verbs print and write: data on stdout, hints on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from parity.errors import ParityError

if TYPE_CHECKING:
    from rich.console import Console

    from parity.config import Config
    from parity.model import RunReport, WorkflowReport


def version_text() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("parity-ledger")
    except PackageNotFoundError:
        return "unbuilt"


def tell_workflow(report: WorkflowReport, as_json: bool, then: str) -> int:
    """A workflow that ran on both sides, and the command to type next."""
    from parity.report.workflow import print_workflow, workflow_document

    if as_json:
        from parity.values.form import dumps

        print(dumps(workflow_document(report)))
    else:
        print_rich(partial(print_workflow, report))
        print(f"next: {then}", file=sys.stderr)
    return report.verdict.exit_status


def run_table(
    report: RunReport, *, output: bool, units: Collection[str] | None = None
) -> Callable[[Console], None]:
    def render(out: Console) -> None:
        from parity.diff.show import show
        from parity.report.text import print_run

        print_run(report, out, show, output=output, units=units)

    return render


def comparison(
    report: RunReport, *, output: bool, units: Collection[str] | None = None
) -> Callable[[Console], None]:
    def render(out: Console) -> None:
        from parity.diff.show import show
        from parity.report.text import print_comparison

        print_comparison(report, out, show, output=output)

    return render


def write_files(config: Config, report: RunReport, junit: Path | None, sarif: Path | None) -> None:
    """What programs read of a report, beside what is printed."""
    try:
        if junit is not None:
            from parity.pipeline.units import fixture_ids
            from parity.report.junit import write_junit

            write_junit(report, partial(fixture_ids, config), junit)
        if sarif is not None:
            from parity.report.sarif import write_sarif

            write_sarif(report, version_text(), sarif)
    except OSError as error:
        raise cannot_be_written(error) from None


def cannot_be_written(error: OSError) -> ParityError:
    return ParityError(
        "a report cannot be written",
        where=str(error.filename),
        why=error.strerror or str(error),
        next_step="name a file that can be written; all else is done",
    )


def finish(report: RunReport, as_json: bool, render: Callable[[Console], None]) -> int:
    from parity.report.advice import next_command
    from parity.report.document import run_document

    if as_json:
        from parity.values.form import dumps

        print(dumps(run_document(report)))
    else:
        print_rich(render)
        for hint in report.hints:
            print(f"hint: {hint}", file=sys.stderr)
        print(f"next: {next_command(report)}", file=sys.stderr)
    return report.exit_status


def print_rich(render: Callable[[Console], None]) -> None:
    from rich.console import Console

    render(Console(width=None if sys.stdout.isatty() else 140, highlight=False))
