"""The command line: data on stdout, progress and hints on stderr."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import click

from parity.config import config_above, find_config
from parity.desk import completed, picked
from parity.errors import ParityError
from parity.report.progress import shown

# All else is imported where it is used: a JVM that is certain to be needed starts meanwhile, and
# rich costs more to import than a run in which nothing changed.
if TYPE_CHECKING:
    from rich.console import Console

    from parity.config import Config
    from parity.gate import Moved
    from parity.model import LocalStack, RunReport, Verdict, WorkflowReport
    from parity.pipeline.cutover import Cutover
    from parity.pipeline.progress import Progress
    from parity.pipeline.run import Options
    from parity.pipeline.units import Selection


def main() -> NoReturn:
    """Runs `parity` and exits: 0 agree, 1 differ, 2 could not tell, 130 interrupted."""
    status = _status()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):
        status = 2
    # Nothing is left to be done, and taking the interpreter down in order takes longer than a
    # small run: only what other libraries have registered still runs.
    atexit._run_exitfuncs()
    os._exit(status)


def _status() -> int:
    """What there is to exit with."""
    if "_PARITY_COMPLETE" in os.environ:
        from parity.completing import register

        register()
    try:
        return int(cli.main(prog_name="parity", standalone_mode=False) or 0)
    except ParityError as error:
        print(error, file=sys.stderr)
    except click.ClickException as error:
        error.show()
    except (KeyboardInterrupt, click.Abort):
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
    except Exception:  # a defect of ours: told as one, and never as a verdict
        import traceback

        traceback.print_exc()
    finally:
        _end_ahead()
    return 2


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    print(f"parity {_version()}")
    context.exit()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("parity-ledger")
    except PackageNotFoundError:
        return "unbuilt"


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
JUNIT = click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write JUnit XML too: a suite for each unit, a case for each fixture.",
)
SARIF = click.option(
    "--sarif",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write SARIF too: each finding at its Python and its Java line.",
)


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
        _start_ahead(config, jobs)
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
        _write_files(config, report, junit, sarif)
        return _finish(report, as_json, _run_table(report, output=show_output))
    if watch:
        if resume or shard is not None:
            raise click.UsageError("--watch goes with neither --resume nor --shard")
        if junit or sarif:
            raise click.UsageError("--junit and --sarif are of a run that ends: leave out --watch")
        return _watch(project, selection, options, as_json, partial(_run_table, output=show_output))
    report = _run(config, selection, options, as_json=as_json)
    _write_files(config, report, junit, sarif)
    return _finish(report, as_json, _run_table(report, output=show_output))


def _run_workflow(
    config: Config, name: str, template: Path | None, as_json: bool, *, evidence: bool
) -> int:
    from parity.pipeline.workflow import run_workflow

    with shown(as_json=as_json) as progress:
        report = run_workflow(config, name, progress, template=template, evidence=evidence)
    return _tell_workflow(report, as_json, "parity run")


def _tell_workflow(report: WorkflowReport, as_json: bool, then: str) -> int:
    """A workflow that ran on both sides, and the command to type next."""
    from parity.report.workflow import print_workflow, workflow_document

    if as_json:
        from parity.values.form import dumps

        print(dumps(workflow_document(report)))
    else:
        _print(partial(print_workflow, report))
        print(f"next: {then}", file=sys.stderr)
    return report.verdict.exit_status


@cli.command()
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
    _start_ahead(config, None)
    from parity.pipeline.units import Selection

    selection = Selection((unit,), fixture, given)
    if watch:
        return _watch(project, selection, None, as_json, partial(_comparison, output=show_output))
    report = _run(config, selection, as_json=as_json)
    return _finish(report, as_json, _comparison(report, output=show_output))


@cli.command()
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
    _start_ahead(config, 2)
    from parity.pipeline.fuzz import FuzzOptions
    from parity.pipeline.fuzz import fuzz as look
    from parity.pipeline.units import Selection

    options = FuzzOptions(seconds, examples, seed, save)
    with shown(as_json=as_json) as progress:
        report = look(config, Selection(units), options, progress)
    return _finish(report, as_json, _run_table(report, output=False))


@cli.command()
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
    _write_files(config, report, junit, sarif)
    return _finish(report, as_json, _run_table(report, output=False))


@cli.command("report")
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "--html",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write pages into this folder, to be opened in a browser from wherever it lies.",
)
@click.option(
    "--md",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the comment of a pull request, or a step summary: $GITHUB_STEP_SUMMARY.",
)
@click.option(
    "--badge",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the verdict as an SVG.",
)
@click.option("--annotations", is_flag=True, help="Print what GitHub shows beside the code.")
@click.option(
    "--native",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each finding as a JUnit and a pytest test into this folder; they need no parity.",
)
@click.option(
    "--comment",
    metavar="PULL",
    help="Write or edit the one comment of a pull request at GitHub: 17, owner/name#17, or build.",
)
@click.option("--dry-run", is_flag=True, help="With --comment: print it, and write nothing.")
@click.option(
    "--strength",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `parity strength --json` has told, to be shown as well.",
)
@click.option(
    "--workflow",
    "workflows",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `parity run --workflow NAME --json` has told, to be shown as well; repeatable.",
)
@click.pass_obj
def report_(
    project: Path,
    file: Path,
    html: Path | None,
    md: Path | None,
    badge: Path | None,
    annotations: bool,
    native: Path | None,
    comment: str | None,
    dry_run: bool,
    strength: Path | None,
    workflows: tuple[Path, ...],
) -> int:
    """Shows a report of `parity run --json` (FILE, or - for what comes in) to people elsewhere.

    Nothing of the project is imported, compiled or run. It exits with 0 whatever the verdict.
    """
    from parity.pipeline.report import page_of, post_comment, read_report
    from parity.report import html as pages
    from parity.report import markdown as texts

    if not (html or md or badge or annotations or native or comment):
        raise click.UsageError(
            "say what to write: --html, --md, --badge, --annotations, --native or --comment"
        )
    if dry_run and not comment:
        raise click.UsageError("--dry-run goes with --comment")
    report, config = read_report(file), config_above(project)
    page = page_of(
        config,
        report,
        read_report(strength) if strength is not None else None,
        [read_report(one) for one in workflows],
    )
    try:
        if html is not None:
            pages.write_html(page, html)
        if md is not None:
            md.write_text(texts.markdown(page), "utf-8")
        if badge is not None:
            badge.write_text(texts.badge(page), "utf-8")
        if native is not None:
            _write_native(config or find_config(project), report, native)
    except OSError as error:
        raise _cannot_be_written(error) from None
    if annotations:
        for line in texts.build_lines(page):
            print(line)
    if comment is not None:
        text = texts.markdown(page)
        if dry_run:
            print(text, end="")
        print(post_comment(comment, text, os.environ, dry=dry_run), file=sys.stderr)
    if html is not None:
        print(f"next: open {html / 'index.html'}", file=sys.stderr)
    return 0


def _write_native(config: Config, report: Mapping[str, Any], folder: Path) -> None:
    from parity.pipeline.own_tests import write_own_tests

    tests = write_own_tests(config, report, folder)
    for line in tests.left_out:
        print(f"not written: {line}", file=sys.stderr)
    for file in tests.files:
        print(file)
    print(f"{tests.cases} tests in {len(tests.files)} files", file=sys.stderr)


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
@click.option("--anew", is_flag=True, help="Forget what was recorded of the units before.")
@click.option(
    "--sample",
    is_flag=False,
    flag_value=5.0,
    type=click.FloatRange(min=0.1, max=100),
    metavar="PERCENT",
    help="Take only some calls: what looks new, within this share of the time (5 by default).",
)
@click.option("--unmasked", is_flag=True, help="Keep secrets and personal data as they are.")
@click.option(
    "--standalone",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a program that records without parity, on Python 3.6 or newer.",
)
@click.option(
    "--from",
    "places",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    metavar="PATH",
    help="Keep what such a program, or a recording that was killed, has left; repeatable.",
)
@click.option(
    "--events",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Keep the events of a log as inputs of one unit; repeatable.",
)
@click.option("--event", "member", metavar="NAME", help="Where a line of the log has its event.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def record(
    project: Path,
    units: tuple[str, ...],
    most: int,
    anew: bool,
    sample: float | None,
    unmasked: bool,
    standalone: Path | None,
    places: tuple[Path, ...],
    events: tuple[Path, ...],
    member: str | None,
    as_json: bool,
    command: tuple[str, ...],
) -> int:
    """Runs any Python program and keeps what the mapped units were given as fixtures.

    Write the program after two dashes: parity record -- python server.py
    """
    from parity.pipeline import record as pipeline
    from parity.report.recording import print_recorded, record_document, record_hints

    ways = [bool(command), standalone is not None, bool(places), bool(events)]
    if sum(ways) != 1:
        raise click.UsageError(
            "give a program after `--`, or one of --standalone, --from, --events"
        )
    config = find_config(project)
    share = None if sample is None else sample / 100
    masked = not unmasked
    if standalone is not None:
        watched = pipeline.write_standalone(config, units, standalone, share=share, masked=masked)
        print(f"{standalone} records {', '.join(watched)}")
        print(f"next: python3 {standalone} -- COMMAND", file=sys.stderr)
        return 0
    if places:
        recorded = pipeline.record_from(config, units, places, most=most, anew=anew)
    elif events:
        recorded = pipeline.record_from_events(
            config, units, events, member=member, most=most, anew=anew, masked=masked
        )
    else:
        recorded = pipeline.record(
            config, units, command, most=most, anew=anew, share=share, masked=masked
        )
    if as_json:
        from parity.values.form import dumps

        print(dumps(record_document(recorded)))
    else:
        _print(lambda out: print_recorded(recorded, out))
        for hint in record_hints(recorded):
            print(f"hint: {hint}", file=sys.stderr)
        print("next: parity run", file=sys.stderr)
    return 0 if any(unit.calls for unit in recorded.units) else 2


@cli.command()
@click.argument("units", nargs=-1, shell_complete=completed, metavar="[UNIT]...")
@AS_JSON
@click.option(
    "--floor",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 where a unit catches a smaller share of its mutants.",
)
@click.option(
    "--minimise", is_flag=True, help="Tell the fewest fixtures that are worth as much as all."
)
@click.option("--write", is_flag=True, help="With --minimise: keep only those in the file.")
@click.option(
    "--inputs",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="More inputs of one unit, a fixture a line: do they catch what the fixtures do not?",
)
@click.option(
    "--fuzz",
    type=click.IntRange(min=1),
    metavar="N",
    help="Try N more inputs of each unit: which of them catch what the fixtures do not?",
)
@click.option("--seed", type=int, default=0, help="The number that chance begins with in --fuzz.")
@click.option("--save", is_flag=True, help="Add the inputs that catch more to the fixtures.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Run on N lanes at a time.")
@click.option("--no-cache", is_flag=True, help="Run all mutants, whatever is known of them.")
@click.option("--evidence", is_flag=True, help="Write it beside the evidence of the units.")
@click.option(
    "--workflow", metavar="NAME", help="The units of its states, which its gate asks about."
)
@click.pass_obj
def strength(
    project: Path,
    units: tuple[str, ...],
    workflow: str | None,
    as_json: bool,
    floor: float | None,
    minimise: bool,
    write: bool,
    inputs: Path | None,
    fuzz: int | None,
    seed: int,
    save: bool,
    jobs: int | None,
    no_cache: bool,
    evidence: bool,
) -> int:
    """Tells what the fixtures of units are worth: the mutants of the counterpart they catch."""
    from parity.pipeline.java_sources import JavaSources
    from parity.pipeline.strength import Strength, commit
    from parity.pipeline.strength import strength as measured
    from parity.report.strength import print_strength, strength_command, strength_document
    from parity.values.form import dumps

    if write and not minimise:
        raise click.UsageError("--write goes with --minimise")
    if inputs is not None and len(units) != 1:
        raise click.UsageError("--inputs are of one unit: name it")
    if save and inputs is None and fuzz is None:
        raise click.UsageError("--save goes with --inputs or --fuzz: the inputs it may add")
    config = find_config(project)
    if workflow is not None:
        from parity.pipeline.workflow_judge import flow_of

        units = (*units, *flow_of(config, workflow).states.values())
    options = Strength(
        jobs=jobs,
        floor=None if floor is None else floor / 100,
        minimise=minimise,
        write=write,
        cache=not no_cache,
        fuzz=fuzz or 0,
        seed=seed,
        save=save,
        more={units[0]: inputs} if inputs is not None else {},
    )
    source = JavaSources(config.root).line
    with shown(as_json=as_json) as progress:
        report = measured(config, units, options, progress, source)
    if evidence:
        for unit_id in commit(config, report):
            print(f"hint: nothing is written of {unit_id}", file=sys.stderr)
    if as_json:
        print(dumps(strength_document(report, source)))
    else:
        _print(lambda out: print_strength(report, source, out))
        print(f"next: {strength_command(report)}", file=sys.stderr)
    return report.exit_status


@cli.group()
def local() -> None:
    """Runs Java handlers and state machines on this machine, as AWS would."""


@local.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--template",
    "templates",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A CloudFormation or SAM template, or a cdk.out; repeatable.",
)
@click.option(
    "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Of templates."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Of loopback.")
@click.option(
    "--region", default="us-east-1", show_default=True, metavar="NAME", help="Its AWS region."
)
@click.option(
    "--concurrency",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    metavar="N",
    help="JVMs a function, at most; each has one invocation at a time.",
)
@click.option(
    "--logs",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep what handlers print there.",
)
@click.option(
    "--project-code",
    is_flag=True,
    help="Take handlers from the class path of the project, not from packages of the template.",
)
@click.option("--json", "as_json", is_flag=True, help="Print endpoint and resources as JSON.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def up(
    project: Path,
    templates: tuple[Path, ...],
    parameters: tuple[str, ...],
    port: int,
    region: str,
    concurrency: int,
    logs: Path | None,
    project_code: bool,
    as_json: bool,
    command: tuple[str, ...],
) -> int:
    """Starts a local AWS, makes what templates ask for, and prints how to reach it.

    It stays until Ctrl-C; with a command (parity local up -- pytest) until that has ended, whose
    exit status it passes on.
    """
    from parity.pipeline.local import Local, described, local_aws, stay

    wanted = Local(
        templates=templates,
        parameters=_pairs(parameters),
        port=port,
        region=region,
        concurrency=concurrency,
        logs=logs,
        prefer_project=project_code,
    )
    with shown(as_json=as_json) as progress:
        aws = local_aws(_config_or_none(project), wanted, progress)

    def tell() -> None:
        if not command or as_json:
            _tell_local(described(aws), aws.environment, str(aws.logs), as_json)

    with aws:
        return stay(aws, command, tell)


def _tell_local(
    stacks: Sequence[LocalStack], environment: Mapping[str, str], logs: str, as_json: bool
) -> None:
    from parity.report.local import local_document, print_local

    if as_json:
        from parity.values.form import dumps

        print(dumps(local_document(stacks, environment, logs)))
    else:
        _print(lambda out: print_local(stacks, environment, logs, out))
        print("running; Ctrl-C ends", file=sys.stderr)
    sys.stdout.flush()


def _pairs(given: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` words as a table."""
    pairs: dict[str, str] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals:
            raise click.UsageError(f"--parameter takes NAME=VALUE, not {word}")
        pairs[name] = value
    return pairs


def _config_or_none(project: Path) -> Config:
    """The project's config; one with nothing in it where there is no project."""
    from parity.config import Config, ConfigTable

    root = project.resolve()
    return config_above(project) or Config(root, root / "parity.toml", ConfigTable())


def _run_table(
    report: RunReport, *, output: bool, units: Collection[str] | None = None
) -> Callable[[Console], None]:
    def render(out: Console) -> None:
        from parity.diff.show import show
        from parity.report.text import print_run

        print_run(report, out, show, output=output, units=units)

    return render


def _comparison(
    report: RunReport, *, output: bool, units: Collection[str] | None = None
) -> Callable[[Console], None]:
    def render(out: Console) -> None:
        from parity.diff.show import show
        from parity.report.text import print_comparison

        print_comparison(report, out, show, output=output)

    return render


@cli.command()
@click.argument("workload", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--prices",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Prices of yours, over those that are shipped.",
)
@click.option(
    "--write",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the decision record: .md or .html; repeatable.",
)
@AS_JSON
@click.pass_obj
def evaluate(
    project: Path,
    workload: Path,
    prices: Path | None,
    files: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Compares EC2, ECS and Step Functions for a measured workload. It runs nothing.

    Exits with 1 where the choice that WORKLOAD names is not confirmed.
    """
    from parity.pipeline.evaluate import evaluate as weighed
    from parity.report.evaluation import (
        evaluation_document,
        print_evaluation,
        write_evaluation,
    )

    found = weighed(find_config(project), workload, prices)
    for file in files:
        try:
            write_evaluation(found, file)
        except OSError as error:
            raise _cannot_be_written(error) from None
    if as_json:
        import json

        print(json.dumps(evaluation_document(found), separators=(",", ":")))
    else:
        _print(partial(print_evaluation, found))
        print(f"next: parity evaluate {workload} --write decision.html", file=sys.stderr)
    return 1 if found.confirmed is False else 0


@cli.group()
@click.argument("workflow")
@click.option(
    "--region", metavar="NAME", help="Of the account; as the environment says without it."
)
@click.pass_context
def cutover(context: click.Context, workflow: str, region: str | None) -> None:
    """Lets production through to Java, and back: a gate, then steps with proof in between.

    Endpoint and credentials are those of the environment, as for any AWS SDK.
    """
    context.obj = (find_config(context.obj), workflow, region)


@cutover.command("check")
@AS_JSON
@click.option("--offline", is_flag=True, help="Ask no account: look at the repository only.")
@click.pass_obj
def cutover_check(asked: tuple[Config, str, str | None], as_json: bool, offline: bool) -> int:
    """Whether the workflow may cut over, and if not, what opens the gate. It runs nothing."""
    from parity.aws.deployed import Account
    from parity.pipeline.cutover import check
    from parity.report.cutover import gate_command, gate_document, print_gate

    config, workflow, region = asked
    gate = check(config, workflow, None if offline else Account(region=region))
    if as_json:
        import json

        print(json.dumps(gate_document(gate), separators=(",", ":")))
    else:
        _print(partial(print_gate, gate))
        print(f"next: {gate_command(gate)}", file=sys.stderr)
    return gate.exit_status


@cutover.command("plan")
@click.pass_obj
def cutover_plan(asked: tuple[Config, str, str | None]) -> int:
    """The calls that `shift` would make, and what it would wait for. It asks nobody."""
    from parity.aws.deployed import PERMISSIONS

    for line in _cutover(asked).plan():
        print(line)
    print(f"it needs {', '.join(PERMISSIONS)}")
    print(f"next: parity cutover {asked[1]} check", file=sys.stderr)
    return 0


@cutover.command("shadow")
@click.option(
    "--inputs",
    metavar="PLACE",
    help="Inputs of production of a workflow: a file of lines, s3://BUCKET/PREFIX, or "
    "logs:GROUP of CloudWatch.",
)
@click.option(
    "--last",
    type=click.FloatRange(min=0, min_open=True),
    metavar="HOURS",
    help="Of a bucket or a log group, what came in so many hours (24).",
    default=24.0,
    show_default=False,
)
@click.option(
    "--most",
    type=click.IntRange(1),
    metavar="N",
    help="Of a bucket or a log group, so many inputs, the newest (200).",
    default=200,
    show_default=False,
)
@AS_JSON
@click.pass_obj
def cutover_shadow(
    asked: tuple[Config, str, str | None],
    inputs: str | None,
    last: float,
    most: int,
    as_json: bool,
) -> int:
    """Has both sides do real work, of which legacy's counts.

    Inputs of a workflow run on both sides, and all that java does stays in a local AWS. Of a unit
    the Lambda is asked beside it, in the server.
    """
    config, name, region = asked
    if name in config.table.switch:
        if inputs is not None:
            raise click.UsageError("a unit is shadowed by its switch: leave out --inputs")
        from parity.pipeline.unit_door import UnitDoor

        with shown(as_json=as_json) as progress:
            moved = UnitDoor(config, name).shadow(progress)
        return _tell_moved(moved, as_json)
    if inputs is None:
        raise click.UsageError("say --inputs FILE, s3://BUCKET/PREFIX or logs:GROUP")
    from parity.pipeline.live import Asked, live_inputs
    from parity.pipeline.workflow_door import shadow_workflow

    with shown(as_json=as_json) as progress:
        live = live_inputs(config, Asked(inputs, last, most, region))
        for line in live.told:
            print(line, file=sys.stderr)
        report = shadow_workflow(config, name, live.file, progress)
    return _tell_workflow(report, as_json, f"parity cutover {name} shift")


@cutover.command("switch")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def cutover_switch(asked: tuple[Config, str, str | None], folder: Path) -> int:
    """Writes what puts a unit's switch into the legacy server. Everything stays legacy's."""
    from parity.pipeline.cutover import switch_of

    config, name, _ = asked
    files = switch_of(config, name).install(folder.resolve())
    for file in files:
        print(f"wrote {file}")
    print(f"start the server with PYTHONPATH={folder.resolve()} PARITY_SWITCH={files[-1]}")
    print(f"next: parity cutover {name} check", file=sys.stderr)
    return 0


@cutover.command("shift")
@click.option(
    "--to",
    type=click.IntRange(1, 100),
    metavar="PERCENT",
    help="Only so far; all steps of the config without it.",
)
@click.option("--resume", is_flag=True, help="Go on with a cutover that was ended on its way.")
@click.option("--dry-run", is_flag=True, help="Look at the gate, tell the steps, change nothing.")
@click.option("--yes", is_flag=True, help="Ask nobody before production is moved.")
@AS_JSON
@click.pass_obj
def cutover_shift(
    asked: tuple[Config, str, str | None],
    to: int | None,
    resume: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Moves work to Java step by step, with proof in between; back by itself where it parts."""
    from parity.pipeline.cutover import ShiftOptions

    options = ShiftOptions(to=to, resume=resume, dry_run=dry_run)
    if not dry_run:
        _confirm(yes, f"move production of {asked[1]} to Java")
    with shown(as_json=as_json) as progress:
        moved = _cutover(asked, progress=progress).shift(options)
    return _tell_moved(moved, as_json)


@cutover.command("rollback")
@click.option("--yes", is_flag=True, help="Ask nobody before production is moved.")
@AS_JSON
@click.pass_obj
def cutover_rollback(asked: tuple[Config, str, str | None], yes: bool, as_json: bool) -> int:
    """Leads all of the work back to the version that wraps the legacy server."""
    _confirm(yes, f"lead production of {asked[1]} back to legacy")
    return _tell_moved(_cutover(asked).rollback(), as_json)


@cutover.command("status")
@AS_JSON
@click.pass_obj
def cutover_status(asked: tuple[Config, str, str | None], as_json: bool) -> int:
    """Where the alias leads, and what was done so far. It changes nothing."""
    return _tell_moved(_cutover(asked).status(), as_json)


def _cutover(asked: tuple[Config, str, str | None], *, progress: Progress | None = None) -> Cutover:
    from parity.aws.deployed import Account
    from parity.pipeline.cutover import Cutover
    from parity.pipeline.progress import Unwatched

    config, workflow, region = asked
    return Cutover(config, workflow, Account(region=region), progress or Unwatched())


def _tell_moved(moved: Moved, as_json: bool) -> int:
    from parity.report.cutover import moved_command, moved_document, print_moved

    if as_json:
        from parity.values.form import dumps

        print(dumps(moved_document(moved)))
    else:
        _print(partial(print_moved, moved))
        print(f"next: {moved_command(moved)}", file=sys.stderr)
    return moved.exit_status


def _confirm(yes: bool, what: str) -> None:
    """Nothing moves production by mistake."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"say --yes to {what}: there is no terminal to ask at")
    click.confirm(f"{what}?", abort=True, err=True)


class _Table(Protocol):
    """How a report is shown: whole, or what is to be told of these `units`."""

    def __call__(
        self, report: RunReport, *, units: Collection[str] | None = None
    ) -> Callable[[Console], None]: ...


def _watch(
    project: Path,
    selection: Selection,
    options: Options | None,
    as_json: bool,
    table: _Table,
) -> int:
    """Tells each report until Ctrl-C; the exit status is that of the last one."""
    from parity.pipeline.watch import watch

    status = 2
    before: dict[str, Verdict] = {}
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


def _tell_saved(saved: Sequence[Path]) -> None:
    more = f" and {len(saved) - 1} more" if len(saved) > 1 else ""
    print(f"saved: {saved[0]}{more}", file=sys.stderr, flush=True)


def _tell_given_up(files: Sequence[Path]) -> None:
    for file in files:
        print(f"{file} changes in each run: it is watched no more", file=sys.stderr, flush=True)


def _tell_again(
    report: RunReport, before: Mapping[str, Verdict], as_json: bool, table: _Table
) -> None:
    """The units that ran, and those of which something else is known than before."""
    units = {
        unit.unit.id
        for unit in report.units
        if not unit.cached or unit.verdict is not before.get(unit.unit.id)
    }
    if units or as_json:
        _finish(report, as_json, table(report, units=units if before else None))
        sys.stdout.flush()
    else:
        print("nothing to run again", file=sys.stderr)


@cli.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--confirm", is_flag=True, help="Run COMMAND, and say what of it that shows.")
@click.option(
    "--html",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write pages into this folder, to be opened in a browser from wherever it lies.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@AS_JSON
@click.pass_obj
def scan(
    project: Path,
    path: Path | None,
    confirm: bool,
    html: Path | None,
    command: tuple[str, ...],
    as_json: bool,
) -> int:
    """Says what is in a project, or below PATH: units, effects, calls, couplings.

    It runs none of it, but for `--confirm . -- COMMAND`, which runs the tests, say, and adds what
    only a run shows.
    """
    from parity.pipeline.scan import confirm as confirmed
    from parity.pipeline.scan import scan as scanned

    if bool(command) != confirm:
        raise click.UsageError("--confirm PATH -- COMMAND needs both; without it there is none")
    found = confirmed(project, path, command) if confirm else scanned(project, path)
    if html is not None:
        _write_scan_page(project, path, found.document, html)
    if as_json:
        found.write(sys.stdout.buffer)
        return 0
    from parity.report.scan import print_scan

    _print(partial(print_scan, found.document))
    print(f"next: parity scan{f' {path}' if path is not None else ''} --json", file=sys.stderr)
    return 0


def _write_scan_page(
    project: Path, path: Path | None, document: Mapping[str, Any], folder: Path
) -> None:
    from parity.pipeline.scan_page import page_of
    from parity.report.scan_page import write_scan_page

    try:
        write_scan_page(page_of(project, path, document), folder)
    except OSError as error:
        raise _cannot_be_written(error) from None
    print(f"written: open {folder / 'index.html'}", file=sys.stderr)


@cli.command()
@click.option("--yes", is_flag=True, help="Ask nothing: build, record the tests, make inputs, run.")
@click.option("--no-run", is_flag=True, help="Read only: build and run nothing of the project.")
@click.option(
    "--sources",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="A root of the Python side, where it is not what is found; repeatable.",
)
@click.option(
    "--classpath",
    "class_path",
    multiple=True,
    metavar="ENTRY",
    help="A folder of classes or a pattern of jars, instead of a build; repeatable.",
)
@click.option("--tests", metavar="COMMAND", help="The project's own tests, to be recorded.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=25,
    show_default=True,
    metavar="N",
    help="Units to try, the surest first.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.5),
    default=4.0,
    show_default=True,
    metavar="S",
    help="Seconds a unit in which inputs are made.",
)
@AS_JSON
@click.pass_obj
def init(
    project: Path,
    yes: bool,
    no_run: bool,
    sources: tuple[str, ...],
    class_path: tuple[str, ...],
    tests: str | None,
    most: int,
    seconds: float,
    as_json: bool,
) -> int:
    """Sets a repository up: writes config and map, makes fixtures, ends with a first verdict.

    It never writes over a file. On a terminal it asks before it builds or runs anything.
    """
    import shlex

    from parity.pipeline.init import InitOptions
    from parity.pipeline.init import init as begin
    from parity.report.init import begun_document, init_command, print_begun

    roots = tuple(os.path.relpath(one, project) for one in sources)
    command = tuple(shlex.split(tests)) if tests is not None else ()
    options = InitOptions(roots, class_path, command, most, seconds, run=not no_run)
    with shown(as_json=as_json) as progress:

        def tell(line: str) -> None:
            progress.close()
            print(line, file=sys.stderr, flush=True)

        def ask(step: str) -> bool:
            if yes or not sys.stdin.isatty() or not sys.stderr.isatty():
                tell(step)
                return True
            progress.close()
            return click.confirm(f"{step}?", default=True, err=True)

        begun = begin(project, options, progress, ask, tell)
    if as_json:
        from parity.values.form import dumps

        print(dumps(begun_document(begun)))
    else:
        if begun.report is not None:
            _print(_run_table(begun.report, output=False))
        _print(partial(print_begun, begun, project.resolve()))
        print(f"next: {init_command(begun)}", file=sys.stderr)
    return begun.exit_status


@cli.command()
@AS_JSON
@click.pass_obj
def doctor(project: Path, as_json: bool) -> int:
    """Finds what keeps a run away or makes it slow, and says the cure. It runs nothing of yours."""
    from parity.pipeline.doctor import doctor as looked
    from parity.report.doctor import doctor_command, doctor_document, print_checks

    checks = looked(project)
    if as_json:
        from parity.values.form import dumps

        print(dumps(doctor_document(checks)))
    else:
        _print(partial(print_checks, checks))
        print(f"next: {doctor_command(checks)}", file=sys.stderr)
    return 2 if any(one.state == "wrong" for one in checks) else 0


@cli.command("map")
@click.argument("units", nargs=-1, shell_complete=completed, metavar="[UNIT]...")
@AS_JSON
@click.option("--entries", is_flag=True, help="Print what names found as tables for the map.")
@click.option(
    "--merge-driver",
    "versions",
    nargs=3,
    metavar="BASE OURS THEIRS",
    type=click.Path(path_type=Path),
    help="Merge two versions of a map table by table into OURS, as git asks a merge driver to.",
)
@click.pass_obj
def map_(
    project: Path,
    units: tuple[str, ...],
    as_json: bool,
    entries: bool,
    versions: tuple[Path, Path, Path] | None,
) -> int:
    """Says which Java replaces which unit, and lists all that does not fit. It runs nothing.

    The map comes first, then @PortedFrom in class files, then names.
    """
    if versions is not None:
        from parity.mapping.merging import merge_files

        conflicts = merge_files(*versions)
        for table in conflicts:
            print(f"conflict: {table}", file=sys.stderr)
        return 1 if conflicts else 0
    from parity.pipeline.counterparts import counterparts
    from parity.report.counterparts_document import counterparts_document, tables_for

    found = counterparts(find_config(project), units)
    if as_json:
        import json

        print(json.dumps(counterparts_document(found), separators=(",", ":")))
    elif entries:
        print(tables_for(found), end="")
    else:
        from parity.report.counterparts import map_command, print_counterparts

        _print(partial(print_counterparts, found))
        print(f"next: {map_command(found)}", file=sys.stderr)
    return found.exit_status


@cli.command()
@click.argument("unit", required=False, shell_complete=completed, metavar="[UNIT]")
@click.option(
    "--path",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A source root or a package, where it is not the sources of the config.",
)
@click.option("--only", multiple=True, metavar="KIND", help="Only this coupling; repeatable.")
@click.option("--write", is_flag=True, help="Make the change; taken back where the tests fail.")
@click.option("--tests", metavar="COMMAND", help="The project's own tests; else `tests`.")
@click.option("--asl", is_flag=True, help="Draft a state machine for an orchestrator instead.")
@click.option("--groups", is_flag=True, help="Of all units: which go into one Lambda, and why.")
@AS_JSON
@click.pass_obj
def decouple(
    project: Path,
    unit: str | None,
    path: Path | None,
    only: tuple[str, ...],
    write: bool,
    tests: str | None,
    asl: bool,
    groups: bool,
    as_json: bool,
) -> int:
    """Proposes where UNIT is taken apart from what is around it, as a diff.

    Nothing of the project is imported or run, but for its tests with --write.
    """
    from parity.pipeline.decouple import Tried, project_of, tests_of
    from parity.pipeline.decouple import decouple as proposed
    from parity.pipeline.decouple import write as written
    from parity.report.decouple import decouple_document, print_decoupled, status_of

    if groups == (unit is not None) or (groups and (asl or write or only or tests)):
        raise click.UsageError("name one UNIT, or ask for --groups of all (with --path and --json)")
    scanned = project_of(project, path)
    if unit is None:
        from parity.pipeline.decouple import groups as grouped
        from parity.report.decouple import groups_document, print_groups

        found = grouped(scanned)
        if as_json:
            import json

            print(json.dumps(groups_document(found)))
        else:
            print_groups(found)
        return 0
    if asl:
        if write or only or tests:
            raise click.UsageError("--asl goes with --path and --json only")
        from parity.pipeline.drafts import drafted
        from parity.report.decouple import draft_status, print_draft

        draft = drafted(scanned, unit)
        print_draft(draft, as_json=as_json)
        return draft_status(draft)
    proposal = proposed(scanned, unit, only)
    tried = Tried(proposal, "proposed" if proposal.seams else "nothing")
    if write:
        tried = written(scanned, proposal, tests_of(scanned, tests))
    if as_json:
        import json

        print(json.dumps(decouple_document(proposal, tried.outcome, tried.told)))
    else:
        print_decoupled(proposal, tried.outcome, tried.told)
    return status_of(proposal, tried.outcome)


@cli.command()
@AS_JSON
@click.option(
    "--against",
    metavar="REF",
    help="Exit with 1 where a unit has come less far than where this branch left REF.",
)
@click.option("--burndown", is_flag=True, help="Tell what was proven when, from git's history.")
@click.option("--all", "every", is_flag=True, help="List each unit that is not done.")
@click.pass_obj
def status(project: Path, as_json: bool, against: str | None, burndown: bool, every: bool) -> int:
    """Says where each unit stands, and what to port next. It runs nothing of the project."""
    from parity.pipeline.status import status as stand

    ledger = stand(find_config(project), against, history=burndown)
    if as_json:
        import json

        from parity.report.status_document import status_document

        print(json.dumps(status_document(ledger), separators=(",", ":")))
    else:
        from parity.report.status import print_status, status_command

        _print(partial(print_status, ledger, every=every))
        print(f"next: {status_command(ledger)}", file=sys.stderr)
    return ledger.exit_status


@cli.command()
@click.argument("units", nargs=-1, shell_complete=completed, required=True, metavar="UNIT...")
@click.option(
    "--skeleton", is_flag=True, help="Write all but the bodies; this is all that there is yet."
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of a module; files go below its src/main/java and src/test/java.",
)
@click.option("--package", metavar="NAME", help="The package above those of the modules.")
@click.option("--handler", "handlers", is_flag=True, help="Make functions Lambda handlers.")
@click.option("--no-map", is_flag=True, help="Leave the map alone; @PortedFrom is enough to run.")
@AS_JSON
@click.pass_obj
def port(
    project: Path,
    units: tuple[str, ...],
    skeleton: bool,
    out: Path | None,
    package: str | None,
    handlers: bool,
    no_map: bool,
    as_json: bool,
) -> int:
    """Starts the port of units: classes, records, ports, tests and the tables of the map."""
    if not skeleton:
        raise click.UsageError("the bodies are yours to write: add --skeleton")
    from parity.pipeline.port import PortOptions, start_port
    from parity.report.port import port_command, port_document, print_port

    options = PortOptions(out, package, handlers, not no_map)
    ported = start_port(find_config(project), units, options)
    if as_json:
        from parity.values.form import dumps

        print(dumps(port_document(ported)))
    else:
        _print(partial(print_port, ported))
        print(f"next: {port_command(ported)}", file=sys.stderr)
    return ported.exit_status


def _has_evidence(config: Config) -> bool:
    """Whether there is any, so that it may be that nothing has to run."""
    folder = config.private / "evidence"
    return folder.is_dir() and any(folder.iterdir())


def _end_ahead() -> None:
    """Ends what was started ahead; most verbs have not so much as imported it."""
    process = sys.modules.get("parity.sides.java.process")
    if process is not None:
        process.AHEAD.close()


def _start_ahead(config: Config, jobs: int | None) -> None:
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


def _write_files(config: Config, report: RunReport, junit: Path | None, sarif: Path | None) -> None:
    """What programs read of a report, beside what is printed."""
    try:
        if junit is not None:
            from parity.pipeline.units import fixture_ids
            from parity.report.junit import write_junit

            write_junit(report, partial(fixture_ids, config), junit)
        if sarif is not None:
            from parity.report.sarif import write_sarif

            write_sarif(report, _version(), sarif)
    except OSError as error:
        raise _cannot_be_written(error) from None


def _cannot_be_written(error: OSError) -> ParityError:
    return ParityError(
        "a report cannot be written",
        where=str(error.filename),
        why=error.strerror or str(error),
        next_step="name a file that can be written; all else is done",
    )


def _finish(report: RunReport, as_json: bool, render: Callable[[Console], None]) -> int:
    from parity.report.advice import next_command
    from parity.report.document import run_document

    if as_json:
        from parity.values.form import dumps

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
