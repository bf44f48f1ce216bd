"""The verb that starts a local AWS: local."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parity.cli.telling import print_json, print_rich
from parity.config import config_above
from parity.report.progress import shown

if TYPE_CHECKING:
    from parity.config import Config
    from parity.model import LocalStack


@click.group()
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
        print_json(local_document(stacks, environment, logs))
    else:
        print_rich(lambda out: print_local(stacks, environment, logs, out))
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
