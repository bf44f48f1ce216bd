"""Verbs that make fixtures and say what they are worth: record, strength."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from parity.cli.options import AS_JSON
from parity.cli.telling import answer
from parity.config import find_config
from parity.desk import completed
from parity.report.progress import shown


@click.command(context_settings={"ignore_unknown_options": True})
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
    flag_value=2.0,
    type=click.FloatRange(min=0.1, max=100),
    metavar="PERCENT",
    help="Take only some calls: what looks new, within this share of processor time (2 if none).",
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
    document, render = partial(record_document, recorded), partial(print_recorded, recorded)
    answer(as_json, document, render, "parity run", record_hints(recorded))
    return 0 if any(unit.calls for unit in recorded.units) else 2


@click.command()
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
    document = partial(strength_document, report, source)
    answer(as_json, document, partial(print_strength, report, source), strength_command(report))
    return report.exit_status
