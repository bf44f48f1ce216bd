"""What verbs print and write: data on stdout, hints on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

    answer(as_json, partial(workflow_document, report), partial(print_workflow, report), then)
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


def causes(report: RunReport) -> Callable[[Console], None]:
    def render(out: Console) -> None:
        from parity.report.text import print_causes

        print_causes(report, out)

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
    """A run that has ended; answers its exit status."""
    from parity.report.advice import next_command
    from parity.report.document import run_document

    then = next_command(report)
    answer(as_json, partial(run_document, report), render, then, report.hints)
    return report.exit_status


def answer(
    as_json: bool,
    document: Callable[[], Any],
    render: Callable[[Console], None],
    then: str,
    hints: Iterable[str] = (),
) -> None:
    """What a verb found as one JSON document; or as a text, with hints and what to type next."""
    if as_json:
        print_json(document())
        return
    print_rich(render)
    for hint in hints:
        print(f"hint: {hint}", file=sys.stderr)
    print(f"next: {then}", file=sys.stderr)


def print_json(document: Any) -> None:
    """A document on one line of stdout."""
    from parity.values.form import dumps

    print(dumps(document))


def print_rich(render: Callable[[Console], None]) -> None:
    """A text on stdout, as wide as the terminal."""
    from rich.console import Console

    render(Console(width=None if sys.stdout.isatty() else 140, highlight=False))
