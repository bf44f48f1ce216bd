"""Verbs before and at the door: evaluate, cutover."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parity.cli.options import AS_JSON
from parity.cli.telling import answer, cannot_be_written, tell_workflow
from parity.config import find_config
from parity.report.progress import shown

if TYPE_CHECKING:
    from parity.config import Config
    from parity.gate import Moved
    from parity.pipeline.cutover import Cutover
    from parity.pipeline.progress import Progress


@click.command()
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
            raise cannot_be_written(error) from None
    then = f"parity evaluate {workload} --write decision.html"
    answer(as_json, partial(evaluation_document, found), partial(print_evaluation, found), then)
    return 1 if found.confirmed is False else 0


@click.group()
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
    answer(as_json, partial(gate_document, gate), partial(print_gate, gate), gate_command(gate))
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
    return tell_workflow(report, as_json, f"parity cutover {name} shift")


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

    document, render = partial(moved_document, moved), partial(print_moved, moved)
    answer(as_json, document, render, moved_command(moved))
    return moved.exit_status


def _confirm(yes: bool, what: str) -> None:
    """Nothing moves production by mistake."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"say --yes to {what}: there is no terminal to ask at")
    click.confirm(f"{what}?", abort=True, err=True)
