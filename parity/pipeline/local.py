"""`parity local`: a local AWS with the handlers of a project."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from parity.aws.classes import Classes
from parity.aws.client import REGION
from parity.aws.local import LocalAws, Options
from parity.aws.stack import Code, Stack
from parity.config import Config
from parity.errors import ParityError
from parity.model import LocalStack
from parity.pipeline.building import Building
from parity.pipeline.progress import Progress

LOOK_SECONDS: Final = 0.2
GRACE_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Local:
    """What `parity local up` was asked for."""

    templates: tuple[Path, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    region: str = REGION
    concurrency: int = 4
    logs: Path | None = None
    prefer_project: bool = False
    """Whether handlers come from the class path of the project where it has them."""

    environment: Mapping[str, str] = field(default_factory=dict)


def local_aws(config: Config, local: Local, progress: Progress) -> LocalAws:
    """A local AWS with all that the templates ask for; whoever asked ends it.

    Raises ParityError where it does not start, or a template cannot be made.
    """
    for template in local.templates:
        if not template.exists():
            raise ParityError(
                f"there is no template {template}",
                where=str(template),
                why="neither a file nor a folder has that name",
                next_step="name a CloudFormation or SAM template, or a `cdk.out`",
            )
    config.private.mkdir(exist_ok=True)
    (config.private / "cache").mkdir(exist_ok=True)
    building = Building(config, progress)
    options = Options(
        java=building.home,
        cache=config.private / "cache",
        port=local.port,
        region=local.region,
        concurrency=local.concurrency,
        logs=local.logs.resolve() if local.logs else None,
        environment=local.environment,
    )
    code = ProjectCode(building)
    with ExitStack() as undo:
        progress.doing("starting the local AWS")
        aws = undo.enter_context(LocalAws(options, code.prepare if local.prefer_project else _rest))
        for template in local.templates:
            progress.doing(f"making {template.name}")
            aws.load(
                template,
                parameters=local.parameters,
                project_code=code.of,
                prefer_project=local.prefer_project,
            )
        undo.pop_all()
        return aws


def _rest() -> None:
    """Does nothing: what the project has is asked for when a handler is nowhere else."""


def described(aws: LocalAws) -> list[LocalStack]:
    """What was made, and what of the templates was not."""
    return [_described(stack) for stack in aws.stacks]


def _described(stack: Stack) -> LocalStack:
    made = [
        *(("bucket", bucket.name) for bucket in stack.buckets),
        *(("table", table.name) for table in stack.tables),
        *(("queue", queue.name) for queue in stack.queues),
        *(("parameter", parameter.name) for parameter in stack.parameters),
        *(("function", function.name) for function in stack.functions),
        *(("version", f"{version.of}:{version.number}") for version in stack.function_versions),
        *(("alias", f"{alias.of}:{alias.name}") for alias in stack.function_aliases),
        *(("state machine", machine.arn) for machine in stack.machines),
        *(("version", f"{version.of}:{version.number}") for version in stack.machine_versions),
        *(("alias", f"{alias.of}:{alias.name}") for alias in stack.machine_aliases),
    ]
    missing = tuple((one.logical, one.kind, one.why) for one in stack.missing)
    return LocalStack(stack.name, tuple(made), missing, stack.outputs)


def stay(aws: LocalAws, command: Sequence[str], tell: Callable[[], None]) -> int:
    """Waits for a command run beside it, or for Ctrl-C; answers what to exit with.

    `tell` says that it is there: whoever hears that may end it at once, and it ends as it should.
    Whoever started this process and ends without a word ends this too.
    """
    parent = os.getppid()
    signal.signal(signal.SIGTERM, _interrupt)
    child: subprocess.Popen[bytes] | None = None
    try:
        tell()
        child = _started(aws, command) if command else None
        while os.getppid() == parent:
            if child is not None and child.poll() is not None:
                return child.returncode if child.returncode >= 0 else 128 - child.returncode
            if not aws.is_alive():
                raise ParityError(
                    "the local AWS has ended",
                    where=aws.endpoint,
                    why="its process is gone",
                    next_step="start it again: parity local up",
                )
            time.sleep(LOOK_SECONDS)
        return 0
    except KeyboardInterrupt:
        return 0 if child is None else 130
    finally:
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _started(aws: LocalAws, command: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, env={**os.environ, **aws.environment})
    except OSError as error:
        raise ParityError(
            f"{command[0]} cannot be started",
            where=None,
            why=error.strerror or str(error),
            next_step="name a program after the two dashes: parity local up -- pytest",
        ) from None


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class ProjectCode:
    """The project's own class path, built when a handler is looked for on it."""

    def __init__(self, building: Building) -> None:
        java = building.config.table.java
        ways = (java.maven, java.gradle, java.classpath, java.classpath_command)
        self._is_configured = any(way is not None for way in ways)
        self._building = building
        self._classes: Classes | None = None

    def prepare(self) -> None:
        """Builds what has changed, where there is anything to build."""
        if self._is_configured:
            self._classes = Classes(self._building.entries())

    def of(self, handler: str) -> Code | None:
        """The whole class path where the class of a handler is on it."""
        if not self._is_configured:
            return None
        entries = self._building.entries()
        if self._classes is None:
            self._classes = Classes(entries)
        if handler.partition("::")[0] not in self._classes:
            return None
        return Code(tuple(str(entry.resolve()) for entry in entries))
