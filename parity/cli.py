"""The command line: data on stdout, progress and hints on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from parity import pipeline
from parity.config import find_config
from parity.diff.show import show
from parity.errors import ParityError
from parity.model import RunReport
from parity.report import next_command, run_document
from parity.values.form import dumps

if TYPE_CHECKING:  # rich costs more to import than a run in which nothing changed
    from rich.console import Console


def main() -> NoReturn:
    """Runs `parity` and exits: 0 agree, 1 differ, 2 could not tell, 130 interrupted."""
    try:
        status = cli.main(prog_name="parity", standalone_mode=False)
    except ParityError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(2)
    except Exception:  # a defect of ours: told as one, and never as a verdict
        import traceback

        traceback.print_exc()
        sys.exit(2)
    sys.exit(status)


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(f"parity {version('parity-ledger')}")
    except PackageNotFoundError:
        print("parity unbuilt")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.option(
    "-C",
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder of the project; its config, or that of the nearest folder above, is read.",
)
@click.pass_context
def cli(context: click.Context, project: Path) -> None:
    """Proves that a Java port does what its Python original does, and says why where not."""
    context.obj = project


@cli.command()
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--show-output", is_flag=True, help="Show what python printed on import.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Run fixtures on N lanes at a time; as many as there are cores where it is left out.",
)
@click.option("--no-cache", is_flag=True, help="Run all, whatever evidence there is.")
@click.option(
    "--evidence", is_flag=True, help="Write the evidence of each unit, to commit or to keep."
)
@click.option(
    "--against",
    metavar="REF",
    help="Exit with 1 only where a unit is worse than its evidence where this branch left REF.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was ended before it was done.")
@click.option(
    "--shard",
    metavar="I/N",
    help="Run the I-th of N parts; `parity merge` makes one report of all.",
)
@click.option(
    "--part",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where a shard writes what it has found; .parity/parts/I-of-N.json where it is left out.",
)
@click.pass_obj
def run(
    project: Path,
    units: tuple[str, ...],
    as_json: bool,
    show_output: bool,
    jobs: int | None,
    no_cache: bool,
    evidence: bool,
    against: str | None,
    resume: bool,
    shard: str | None,
    part: Path | None,
) -> int:
    """Runs units (all where none is named) on their fixtures, on both sides."""
    if part is not None and shard is None:
        raise click.UsageError("--part goes with --shard")
    if shard is not None and units:
        raise click.UsageError("a shard is a part of all units: name none")
    piece = pipeline.Shard.of(shard) if shard is not None else None
    options = pipeline.Options(
        jobs=jobs,
        resume=resume,
        cache=not no_cache,
        evidence=evidence,
        against=against,
        shard=piece,
        part=part,
    )
    report = _run(project, pipeline.Selection(units=units), options)
    return _finish(report, as_json, _run_table(report, show_output))


@cli.command()
@click.argument("unit")
@click.option("--fixture", metavar="ID", help="Only this fixture.")
@click.option("--input", "given", metavar="JSON", help="One input by hand: '[1, 2]' or '{…}'.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--show-output", is_flag=True, help="Show what python printed on import.")
@click.pass_obj
def compare(
    project: Path,
    unit: str,
    fixture: str | None,
    given: str | None,
    as_json: bool,
    show_output: bool,
) -> int:
    """Compares one unit at a desk: the first difference first."""
    if fixture is not None and given is not None:
        raise click.UsageError("give --fixture or --input, not both")
    report = _run(project, pipeline.Selection((unit,), fixture, given))

    def render(out: Console) -> None:
        from parity.report.text import print_comparison

        print_comparison(report, out, show, output=show_output)

    return _finish(report, as_json, render)


@cli.command()
@click.argument(
    "files", nargs=-1, metavar="[FILE]...", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def merge(project: Path, files: tuple[Path, ...], as_json: bool) -> int:
    """Makes one report of the parts that shards have written (.parity/parts where none is named).

    Nothing of the project is imported, compiled or run.
    """
    report = pipeline.merge(find_config(project), files)
    return _finish(report, as_json, _run_table(report, output=False))


@cli.command(context_settings={"ignore_unknown_options": True})
@click.option("--unit", "units", multiple=True, metavar="UNIT", help="Only this unit; repeatable.")
@click.option(
    "--max",
    "most",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="Fixtures a unit; those that go new branches are kept beyond it.",
)
@click.option("--anew", is_flag=True, help="Forget the fixtures that the units had.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def record(
    project: Path,
    units: tuple[str, ...],
    most: int,
    anew: bool,
    as_json: bool,
    command: tuple[str, ...],
) -> int:
    """Runs any Python program and keeps what the mapped units were given as fixtures.

    Write the program after two dashes: parity record -- python server.py
    """
    from parity.report.recording import print_recorded, record_document, record_hints

    recorded = pipeline.record(find_config(project), units, command, most=most, anew=anew)
    if as_json:
        print(dumps(record_document(recorded)))
    else:
        _print(lambda out: print_recorded(recorded, out))
        for hint in record_hints(recorded):
            print(f"hint: {hint}", file=sys.stderr)
        print("next: parity run", file=sys.stderr)
    return 0 if any(unit.calls for unit in recorded.units) else 2


def _run_table(report: RunReport, output: bool) -> Callable[[Console], None]:
    def render(out: Console) -> None:
        from parity.report.text import print_run

        print_run(report, out, show, output=output)

    return render


def _run(
    project: Path, selection: pipeline.Selection, options: pipeline.Options | None = None
) -> RunReport:
    config = find_config(project)
    if not sys.stderr.isatty():
        return pipeline.run(config, selection, options=options)
    from rich.console import Console

    with Console(stderr=True).status("building and loading") as status:

        def progress(unit: str, done: int, of: int) -> None:
            status.update(f"{done} of {of} units: {unit}")

        return pipeline.run(config, selection, progress, options)


def _finish(report: RunReport, as_json: bool, render: Callable[[Console], None]) -> int:
    if as_json:
        print(dumps(run_document(report)))
    else:
        _print(render)
        for hint in report.hints:
            print(f"hint: {hint}", file=sys.stderr)
        print(f"next: {next_command(report)}", file=sys.stderr)
    return report.exit_status


def _print(render: Callable[[Console], None]) -> None:
    from rich.console import Console

    render(Console(width=None if sys.stdout.isatty() else 140, highlight=False))
