"""The local AWS as a value: started, loaded with templates, asked, and gone without a trace."""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from parity.aws.client import REGION, client, environment, no_extra
from parity.aws.control import ACCOUNT, Orders
from parity.aws.documents import read_documents
from parity.aws.faults import Fault
from parity.aws.loading import load
from parity.aws.runtime_jars import native_entry, runtime_jars
from parity.aws.stack import Code, Stack
from parity.aws.template import Place, ProjectCode, made_before, read_stack
from parity.aws.warden import end_group
from parity.errors import ParityError

START_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Options:
    """How a local AWS is started."""

    java: Path
    """The JDK that runs the handlers."""

    cache: Path
    """Folder for what is kept between runs: where the jars of AWS's runtime are."""

    port: int = 0
    region: str = REGION
    concurrency: int = 4
    """JVMs a version of a function, at most; each has one invocation at a time."""

    logs: Path | None = None
    """Folder for what handlers print; gone with the local AWS where none is given."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that all handlers see besides those of their function."""


class LocalAws:
    """A running local AWS; leaving it as a context ends it."""

    def __init__(self, options: Options, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Starts it, and does what there is to do `meanwhile` in this thread."""
        self.options = options
        self.stacks: list[Stack] = []
        jars = runtime_jars(options.cache)  # may take a while: before there is anything to leave
        native_entry()
        # The warden makes it, which is there to remove it whenever this process is killed.
        self._folder = Path(tempfile.gettempdir()) / f"parity-aws-{secrets.token_hex(8)}"
        self._warden: subprocess.Popen[bytes] | None = None
        self.logs = options.logs or self._folder / "logs"
        try:
            with tempfile.TemporaryFile() as log:
                self._warden = self._started(jars, log)
                meanwhile()
                told = self._told(log)
        except BaseException:
            self.close()
            raise
        self.endpoint = f"http://127.0.0.1:{told['port']}"
        self._group: int = told["pid"]
        self._api = f"http://{told['api']}"

    def __enter__(self) -> LocalAws:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that make any AWS SDK talk to it."""
        return environment(self.endpoint, self.options.region)

    def client(self, service: str) -> Any:
        """A boto3 client of it."""
        return client(service, self.endpoint, self.options.region)

    def load(
        self,
        template: Path,
        *,
        parameters: Mapping[str, str] | None = None,
        project_code: ProjectCode | None = None,
        prefer_project: bool = False,
    ) -> list[Stack]:
        """Makes all that a template or a `cdk.out` asks for. Raises ParityError."""
        place = Place(self.options.region, ACCOUNT, self.endpoint)
        made: list[Stack] = []
        for document in read_documents(template):
            stack = read_stack(
                document,
                place,
                parameters or {},
                project_code or _no_code,
                prefer_project=prefer_project,
                before=made_before([*self.stacks, *made]),
            )
            missing = load(stack, self.endpoint, self.options.region)
            made.append(replace(stack, missing=(*stack.missing, *missing)))
        self.stacks += made
        return made

    def sandboxes(self) -> list[dict[str, Any]]:
        """The JVMs that there are: id, function, version, pid, state, request, invocations."""
        with urllib.request.urlopen(f"{self._api}/parity/sandboxes", timeout=30) as answer:
            return list(json.loads(answer.read()))

    def plan(self, faults: Iterable[Fault]) -> None:
        """Has these go wrong from now on, besides those that are still to come."""
        body = json.dumps([asdict(fault) for fault in faults]).encode()
        with urllib.request.urlopen(f"{self._api}/parity/faults", body, timeout=30) as answer:
            answer.read()

    def hits(self) -> list[dict[str, Any]]:
        """The faults that have had their effect: what, on which function or request, when."""
        with urllib.request.urlopen(f"{self._api}/parity/faults", timeout=30) as answer:
            return list(json.loads(answer.read()))

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._warden is not None and self._warden.poll() is None

    def close(self) -> None:
        """Ends it with all its processes, and removes its folder."""
        warden, self._warden = self._warden, None
        if warden is not None:
            assert warden.stdin is not None
            assert warden.stdout is not None
            warden.stdin.close()
            try:
                warden.wait(20)
            except subprocess.TimeoutExpired:
                warden.kill()
                warden.wait()
            warden.stdout.close()
            if hasattr(self, "_group"):
                end_group(self._group)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _started(self, jars: list[Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
        options = self.options
        orders = Orders(
            port=options.port,
            region=options.region,
            folder=str(self._folder),
            logs=str(self.logs),
            java=str(options.java / "bin" / "java"),
            runtime=[str(jar) for jar in jars],
            concurrency=options.concurrency,
            environment={**environment("", options.region), **options.environment},
        )
        control = [sys.executable, "-m", "parity.aws.control", json.dumps(asdict(orders))]
        warden = [sys.executable, "-m", "parity.aws.warden", str(self._folder), "-", *control]
        return subprocess.Popen(
            warden,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_control_environment(self._folder),
            start_new_session=True,
        )

    def _told(self, log: IO[bytes]) -> dict[str, Any]:
        assert self._warden is not None
        assert self._warden.stdout is not None
        ready, _, _ = select.select([self._warden.stdout], [], [], START_SECONDS)
        line = self._warden.stdout.readline() if ready else b""
        if line:
            return dict(json.loads(line))
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip()
        if "No module named 'moto'" in said or "No module named 'boto3'" in said:
            raise no_extra()
        raise ParityError(
            "the local AWS did not start",
            where=(self.options.port and f"port {self.options.port}") or None,
            why="\n".join(said.splitlines()[-3:]) or f"it said nothing for {START_SECONDS:g} s",
            next_step="leave out --port, or name one that is free",
        )


def _control_environment(folder: Path) -> dict[str, str]:
    """The environment of the control plane: nothing in it leads to a real AWS."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    package = str(Path(__file__).resolve().parents[2])
    return {**kept, "TMPDIR": str(folder), "PYTHONPATH": package, "AWS_CONFIG_FILE": os.devnull}


def _no_code(_: str) -> Code | None:
    return None
