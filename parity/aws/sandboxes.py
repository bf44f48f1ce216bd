"""JVMs that run handlers, as many as are wanted, one invocation each at a time."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

INIT_SECONDS: Final = 120.0
"""How long a JVM may take to its first `next`. AWS gives 10 s, on a machine with nothing else."""

HEAP_SHARE: Final = 0.85
"""Of a function's memory; the rest is for the JVM itself."""

MAIN: Final = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
NATIVE: Final = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a JVM of a function is started with; another value means another JVM."""

    name: str
    version: str
    arn: str
    handler: str
    memory: int
    timeout: float
    environment: tuple[tuple[str, str], ...]
    classpath: tuple[str, ...]
    folder: str
    concurrency: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an invocation: the payload, and whether it tells of an error."""

    payload: bytes
    error: bool = False


def failure(kind: str, message: str) -> Reply:
    """A reply of Lambda itself, as the function did not give one."""
    document = {"errorType": kind, "errorMessage": message}
    return Reply(json.dumps(document).encode(), error=True)


class Border:
    """What happens where an event is handed out and where an answer comes: nothing by itself."""

    def hands_out(self, sandbox: Sandbox) -> bool:
        """Whether a JVM that has taken the event gets it."""
        return True

    def answered(self, sandbox: Sandbox, reply: Reply) -> Reply | None:
        """What is heard of an answer."""
        return reply


@dataclass(slots=True)
class Invocation:
    """An event on its way to a handler."""

    payload: bytes
    arn: str
    client_context: str = ""
    border: Border = field(default_factory=Border)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    deadline: float = 0.0
    """When time is up, by the wall clock; 0 until a JVM has taken it."""
    taken: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    reply: Reply | None = None

    def answer(self, reply: Reply) -> None:
        """Keeps the first reply; whatever comes after it is late."""
        if self.reply is None:
            self.reply = reply
        self.taken.set()
        self.done.set()


@dataclass(frozen=True, slots=True)
class Machine:
    """What is the same for all JVMs of one local AWS."""

    java: str
    runtime: tuple[str, ...]
    native: str
    api: str
    environment: dict[str, str]
    logs: Path
    scratch: Path


class Sandbox:
    """One JVM of a function, and the invocation that it has."""

    def __init__(self, settings: Settings, machine: Machine, pool: Pool) -> None:
        self.id = uuid.uuid4().hex[:12]
        self.settings = settings
        self.pool = pool
        self.invocation: Invocation | None = None
        self.invocations = 0
        self.ready = False
        self.gone = False
        self.init_error: Reply | None = None
        self.started = time.monotonic()
        with (machine.logs / f"{settings.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                _command(settings, machine),
                env=_environment(settings, machine, self.id),
                cwd=settings.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def state(self) -> str:
        """`starting`, `idle`, `busy` or `gone`."""
        if self.gone:
            return "gone"
        if not self.ready:
            return "starting"
        return "busy" if self.invocation else "idle"

    def kill(self) -> None:
        """Ends the JVM; whoever waits for it hears of it at once."""
        self.process.kill()

    def _watch(self) -> None:
        timer = threading.Timer(INIT_SECONDS, self._end_start)
        timer.daemon = True
        timer.start()
        status = self.process.wait()
        timer.cancel()
        self.pool.ended(self, status)

    def _end_start(self) -> None:
        if not self.ready:
            self.init_error = failure(
                "Sandbox.Timedout", f"the JVM was not ready after {INIT_SECONDS:g} s"
            )
            self.kill()


class Pool:
    """The JVMs of one version of a function and the invocations that wait for one of them."""

    def __init__(self, settings: Settings, machine: Machine) -> None:
        self.settings = settings
        self.machine = machine
        self.sandboxes: dict[str, Sandbox] = {}
        self._waiting: deque[Invocation] = deque()
        self._changed = threading.Condition()
        self._polling = 0
        self._retired = False

    def invoke(self, invocation: Invocation) -> Reply:
        """Runs it on a JVM, started where none is free and there may be one more."""
        with self._changed:
            self._waiting.append(invocation)
            self._start_what_is_wanted()
            self._changed.notify()
        invocation.taken.wait()
        if not invocation.done.wait(max(0.0, invocation.deadline - time.time())):
            self.time_out(invocation)
        assert invocation.reply is not None
        return invocation.reply

    def take(self, sandbox: Sandbox) -> Invocation | None:
        """The next invocation for a JVM that asks; None when it is not to ask any more."""
        with self._changed:
            sandbox.ready = True
            sandbox.invocation = None
            self._polling += 1
            try:
                while not self._waiting and not sandbox.gone and not self._retired:
                    self._changed.wait()
                if sandbox.gone or self._retired:
                    return None
                invocation = self._waiting.popleft()
            finally:
                self._polling -= 1
            sandbox.invocation = invocation
            sandbox.invocations += 1
            invocation.deadline = time.time() + self.settings.timeout
            invocation.taken.set()
            return invocation

    def put_back(self, sandbox: Sandbox) -> None:
        """Gives another JVM what this one could not be told."""
        with self._changed:
            invocation, sandbox.invocation = sandbox.invocation, None
            if invocation is not None and not invocation.done.is_set():
                self._waiting.appendleft(invocation)
                self._start_what_is_wanted()
                self._changed.notify()

    def ended(self, sandbox: Sandbox, status: int) -> None:
        """Tells all who wait that a JVM is gone."""
        how = f"exit status {status}" if status >= 0 else f"signal {-status}"
        with self._changed:
            sandbox.gone = True
            self.sandboxes.pop(sandbox.id, None)
            invocation = sandbox.invocation
            if invocation is not None:
                said = f"RequestId: {invocation.id} Error: Runtime exited with error: {how}"
                invocation.answer(failure("Runtime.ExitError", said))
            elif not sandbox.ready and not self.sandboxes:
                why = sandbox.init_error or failure(
                    "Runtime.ExitError", f"Error: Runtime exited before it was ready: {how}"
                )
                while self._waiting:
                    self._waiting.popleft().answer(why)
            self._start_what_is_wanted()
            self._changed.notify_all()

    def retire(self) -> None:
        """Ends the JVMs that are idle, and the others after what they have."""
        with self._changed:
            self._retired = True
            for sandbox in self.sandboxes.values():
                if sandbox.invocation is None:
                    sandbox.kill()
            self._changed.notify_all()

    def _start_what_is_wanted(self) -> None:
        starting = sum(not sandbox.ready for sandbox in self.sandboxes.values())
        wanted = len(self._waiting) - self._polling - starting
        free = self.settings.concurrency - len(self.sandboxes)
        for _ in range(min(wanted, free)):
            sandbox = Sandbox(self.settings, self.machine, self)
            self.sandboxes[sandbox.id] = sandbox

    def time_out(self, invocation: Invocation) -> None:
        """Tells whoever waits that time is up, and ends the JVM that has it."""
        said = f"RequestId: {invocation.id} Error: Task timed out after {self.settings.timeout:.2f}"
        invocation.answer(failure("Sandbox.Timedout", f"{said} seconds"))
        with self._changed:
            holders = [one for one in self.sandboxes.values() if one.invocation is invocation]
        for sandbox in holders:
            sandbox.kill()


def _command(settings: Settings, machine: Machine) -> list[str]:
    heap = max(64, int(settings.memory * HEAP_SHARE))
    return [
        machine.java,
        f"-Xmx{heap}m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",  # what AWS's runtime starts with, for short starts
        "-Xshare:auto",
        "-XX:-UsePerfData",
        "-XX:-CreateCoredumpOnCrash",
        f"-XX:ErrorFile={machine.logs / settings.name}-crash.log",
        f"-Djava.io.tmpdir={machine.scratch}",
        f"-D{NATIVE}={machine.native}",
        "-cp",
        os.pathsep.join([*machine.runtime, *settings.classpath]),
        MAIN,
        settings.handler,
    ]


def _environment(settings: Settings, machine: Machine, sandbox: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        **machine.environment,
        "AWS_LAMBDA_RUNTIME_API": f"{machine.api}/{sandbox}",
        "AWS_LAMBDA_FUNCTION_NAME": settings.name,
        "AWS_LAMBDA_FUNCTION_VERSION": settings.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{settings.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": sandbox,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": settings.folder,
        "_HANDLER": settings.handler,
        **dict(settings.environment),
    }
