"""Verbs that run both sides: run, compare, fuzz, merge."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parity.cli.options import AS_JSON, JUNIT, SARIF
from parity.cli.telling import (
    causes,
    comparison,
    finish,
    print_rich,
    run_table,
    tell_workflow,
    write_files,
)
from parity.cli.watching import watch_and_tell
from parity.config import find_config
from parity.desk import completed, picked
from parity.report.progress import shown

if TYPE_CHECKING:
    from parity.config import Config
    from parity.model import RunReport
    from parity.pipeline.run import Options
    from parity.pipeline.units import Selection


@click.command()
@click.argument("units", nargs=-1, shell_complete=completed, metavar="[UNIT]...")
@AS_JSON
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
@click.option(
    "--executor",
    type=click.Choice(["dask"]),
    help="Run shards as tasks of dask.distributed, on workers that see the project at this path.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The dask scheduler, such as tcp://host:8786; a cluster of this machine's without it.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Shards to make, and workers of a cluster of this machine's.",
)
@click.option("--watch", is_flag=True, help="Go on: run again what a saved file touches.")
@JUNIT
@SARIF
@click.option(
    "--workflow",
    metavar="NAME",
    help="Run a workflow of the config whole, on both sides, then state by state.",
)
@click.option(
    "--template",
    metavar="FILE",
    type=click.Path(exists=True, path_type=Path),
    help="With --workflow: a template, or a cdk.out, in place of the config's.",
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
    executor: str | None,
    scheduler: str | None,
    workers: int | None,
    watch: bool,
    junit: Path | None,
    sarif: Path | None,
    workflow: str | None,
    template: Path | None,
) -> int:
    """Runs units (all where none is named) on their fixtures, on both sides."""
    if workflow is not None:
        if units or shard or resume or watch or against or executor or junit or sarif:
            raise click.UsageError("--workflow goes with --template, --evidence and --json only")
        if evidence and template is not None:
            raise click.UsageError(
                "evidence is of the template in the config: leave out --template"
            )
        return _run_workflow(find_config(project), workflow, template, as_json, evidence=evidence)
    if template is not None:
        raise click.UsageError("--template goes with --workflow")
    if part is not None and shard is None:
        raise click.UsageError("--part goes with --shard")
    if shard is not None and units:
        raise click.UsageError("a shard is a part of all units: name none")
    if executor is None and (scheduler is not None or workers is not None):
        raise click.UsageError("--scheduler and --workers go with --executor dask")
    if executor is not None and (units or shard or resume or watch or evidence or against):
        raise click.UsageError(
            "--executor runs all units anew: name none, and leave out"
            " --shard, --resume, --watch, --evidence and --against"
        )
    config = find_config(project)
    if executor is None and (no_cache or not _has_evidence(config)):
        start_ahead(config, jobs)
    from parity.pipeline.run import Options
    from parity.pipeline.shards import Shard
    from parity.pipeline.units import Selection

    piece = Shard.of(shard) if shard is not None else None
    options = Options(
        jobs=jobs,
        resume=resume,
        cache=not no_cache,
        evidence=evidence,
        against=against,
        shard=piece,
        part=part,
    )
    selection = Selection(units=units)
    if executor is not None:
        from parity.pipeline.executor import Dask, run_on_dask

        dask = Dask(scheduler, workers)
        with shown(as_json=as_json) as progress:
            report = run_on_dask(config, dask, progress, options)
        write_files(config, report, junit, sarif)
        return finish(report, as_json, run_table(report, output=show_output))
    if watch:
        if resume or shard is not None:
            raise click.UsageError("--watch goes with neither --resume nor --shard")
        if junit or sarif:
            raise click.UsageError("--junit and --sarif are of a run that ends: leave out --watch")
        return watch_and_tell(
            project, selection, options, as_json, partial(run_table, output=show_output)
        )
    report = _run(config, selection, options, as_json=as_json)
    write_files(config, report, junit, sarif)
    return finish(report, as_json, run_table(report, output=show_output))


def _run_workflow(
    config: Config, name: str, template: Path | None, as_json: bool, *, evidence: bool
) -> int:
    from parity.pipeline.workflow import run_workflow

    with shown(as_json=as_json) as progress:
        report = run_workflow(config, name, progress, template=template, evidence=evidence)
    return tell_workflow(report, as_json, "parity run")


@click.command()
@click.argument("unit", required=False, shell_complete=completed, metavar="[UNIT]")
@click.option("--fixture", metavar="ID", help="Only this fixture.")
@click.option("--input", "given", metavar="JSON", help="One input by hand: '[1, 2]' or '{…}'.")
@AS_JSON
@click.option("--show-output", is_flag=True, help="Show what python printed on import.")
@click.option("--watch", is_flag=True, help="Go on: compare again when a file is saved.")
@click.pass_obj
def compare(
    project: Path,
    unit: str | None,
    fixture: str | None,
    given: str | None,
    as_json: bool,
    show_output: bool,
    watch: bool,
) -> int:
    """Compares one unit at a desk: the first difference first. Without UNIT you pick one."""
    if fixture is not None and given is not None:
        raise click.UsageError("give --fixture or --input, not both")
    config = find_config(project)
    unit = unit or picked(project)
    start_ahead(config, None)
    from parity.pipeline.units import Selection

    selection = Selection((unit,), fixture, given)
    if watch:
        return watch_and_tell(
            project, selection, None, as_json, partial(comparison, output=show_output)
        )
    if as_json or not sys.stdout.isatty():
        report = _run(config, selection, as_json=as_json)
        return finish(report, as_json, comparison(report, output=show_output))
    return _compare_at_once(config, selection, output=show_output)


def _compare_at_once(config: Config, selection: Selection, *, output: bool) -> int:
    """For whoever looks on: verdict and differences first, then the causes of these."""
    from parity.pipeline.run import Options
    from parity.pipeline.run import run as judged

    told: list[RunReport] = []
    with shown(as_json=False) as progress:

        def tell(report: RunReport) -> None:
            progress.close()
            print_rich(comparison(report, output=output))
            print("looking for causes", file=sys.stderr, flush=True)
            told.append(report)

        report = judged(config, selection, progress, Options(on_judged=tell))
    rest = causes(report) if told else comparison(report, output=output)
    return finish(report, False, rest)


@click.command()
@click.argument("units", nargs=-1, shell_complete=completed, required=True, metavar="UNIT...")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.5),
    metavar="S",
    help="Seconds a unit, the first one's with the start; 10 without this and --examples.",
)
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    metavar="N",
    help="Inputs a unit; 2,000 without this and --seconds.",
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    metavar="N",
    help="What chance begins with: the same number makes the same inputs.",
)
@click.option("--save", is_flag=True, help="Add what was found to the fixtures of the unit.")
@AS_JSON
@click.pass_obj
def fuzz(
    project: Path,
    units: tuple[str, ...],
    seconds: float | None,
    examples: int | None,
    seed: int,
    save: bool,
    as_json: bool,
) -> int:
    """Looks for inputs on which the sides of units part, near the recorded ones first."""
    config = find_config(project)
    start_ahead(config, 2)
    from parity.pipeline.fuzz import FuzzOptions
    from parity.pipeline.fuzz import fuzz as look
    from parity.pipeline.units import Selection

    options = FuzzOptions(seconds, examples, seed, save)
    with shown(as_json=as_json) as progress:
        report = look(config, Selection(units), options, progress)
    return finish(report, as_json, run_table(report, output=False))


@click.command()
@click.argument(
    "files", nargs=-1, metavar="[FILE]...", type=click.Path(dir_okay=False, path_type=Path)
)
@AS_JSON
@JUNIT
@SARIF
@click.pass_obj
def merge(
    project: Path,
    files: tuple[Path, ...],
    as_json: bool,
    junit: Path | None,
    sarif: Path | None,
) -> int:
    """Makes one report of the parts that shards have written (.parity/parts where none is named).

    Nothing of the project is imported, compiled or run.
    """
    from parity.pipeline.shards import merge as merged

    config = find_config(project)
    report = merged(config, files)
    write_files(config, report, junit, sarif)
    return finish(report, as_json, run_table(report, output=False))


def _has_evidence(config: Config) -> bool:
    """Whether there is any, so that it may be that nothing has to run."""
    folder = config.private / "evidence"
    return folder.is_dir() and any(folder.iterdir())


def start_ahead(config: Config, jobs: int | None) -> None:
    from parity.sides.java.process import AHEAD

    AHEAD.begin(config, max(2, jobs or os.cpu_count() or 1))


def _run(
    config: Config,
    selection: Selection,
    options: Options | None = None,
    *,
    as_json: bool,
) -> RunReport:
    from parity.pipeline.run import run as judged

    with shown(as_json=as_json) as progress:
        return judged(config, selection, progress, options)
