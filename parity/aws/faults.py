"""What goes wrong in a local AWS because somebody wants it to, at the border of the handlers.

Handlers and state machines know nothing of it: an event is not handed out, an answer is thrown
away, a JVM is killed, a request to a service is refused or late. All of it happens on AWS too.
"""

from __future__ import annotations

import fnmatch
import json
import queue
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, get_args

from parity.aws.sandboxes import Border, Invocation, Pool, Reply, Sandbox, failure

Invoking = Literal[
    "throws-before",
    "throws-after",
    "killed-before",
    "killed-during",
    "killed-after",
    "timed-out",
    "abandoned",
    "twice",
    "twice-at-once",
    "again-later",
]
"""What befalls an invocation:

- `throws-before`, `throws-after`: `error` in place of the handler, or in place of its answer.
- `killed-before`, `-during`, `-after`: the JVM ends by a signal when it asks for the event,
  `seconds` after it got it, or when it has answered, which nobody hears.
- `timed-out`: time is up when it answers, `seconds` after it got the event at the latest.
- `abandoned`: the same to whoever waits (`States.Timeout`); but the handler goes on.
- `twice`: it runs once more when it has answered, and the second answer counts.
- `twice-at-once`: two JVMs have the event at a time; the first answer counts.
- `again-later`: its answer counts; `seconds` later the event is delivered once more.
"""

Requesting = Literal["refused", "refused-after", "slow"]
"""What befalls a request: 503 and it is not done, 503 and it is done, or it is `seconds` late."""

REQUESTING: Final = frozenset(get_args(Requesting))
KNOWN: Final = frozenset((*get_args(Invoking), *REQUESTING))
SERVICE: Final = re.compile(r"Credential=[^/]+/\d+/[^/]+/([\w-]+)/aws4_request")
Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, for so many of the invocations or requests that it is about."""

    what: Invoking | Requesting
    on: str = "*"
    """Which: a pattern over the name of a function, or over `s3 PUT /bucket/key`."""

    about: str = ""
    """A text that the event has to contain."""

    skip: int = 0
    """So many go well before."""

    times: int = 1
    seconds: float = 0.0
    error: str = "java.lang.IllegalStateException"
    """The class that is told where something is thrown."""

    def __post_init__(self) -> None:
        if self.what not in KNOWN:
            raise ValueError(f"there is no fault {self.what!r}; there are {sorted(KNOWN)}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault that has had its effect: what it was, on which function or request, and when."""

    what: str
    on: str
    at: float


class Faults:
    """What is planned, and what of it has come to pass."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []
        self._hits: list[Hit] = []

    def plan(self, faults: Iterable[Fault]) -> None:
        """Adds faults; where several are due the first takes its turn, the next the next one."""
        with self._lock:
            self._planned += faults

    def hits(self) -> list[dict[str, Any]]:
        """Those that had their effect, in their order."""
        with self._lock:
            return [asdict(hit) for hit in self._hits]

    def hit(self, fault: Fault, on: str) -> None:
        """A fault has had its effect."""
        with self._lock:
            self._hits.append(Hit(fault.what, on, time.time()))

    def invoke(self, pool: Pool, invocation: Invocation) -> Reply:
        """Runs an invocation, with what is due to go wrong."""
        fault = self._due(pool.settings.name, invocation.payload, requests=False)
        if fault is None:
            return pool.invoke(invocation)
        return _WAYS[fault.what](_Case(self, fault, pool, invocation))

    def around(self, application: Application) -> Application:
        """A WSGI application whose requests may go wrong."""

        def answered(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
            if not self._planned:
                return application(environ, start)
            asked = _asked(environ)
            fault = self._due(asked, b"", requests=True)
            if fault is None:
                return application(environ, start)
            self.hit(fault, asked)
            if fault.what == "slow":
                time.sleep(fault.seconds)
                return application(environ, start)
            if fault.what == "refused-after":
                _do(application, environ)
            else:
                environ["wsgi.input"].read()  # or it is taken for the next request
            return _refusal(asked, start)

        return answered

    def _due(self, on: str, about: bytes, *, requests: bool) -> Fault | None:
        """The fault that is due now; all others that it could have been come nearer."""
        due: Fault | None = None
        with self._lock:
            for number, fault in enumerate(self._planned):
                if (fault.what in REQUESTING) is not requests:
                    continue
                if not (fnmatch.fnmatchcase(on, fault.on) and fault.about.encode() in about):
                    continue
                if fault.skip > 0:
                    self._planned[number] = replace(fault, skip=fault.skip - 1)
                elif due is None and fault.times > 0:
                    due = fault
                    self._planned[number] = replace(fault, times=fault.times - 1)
            self._planned = [fault for fault in self._planned if fault.times > 0]
        return due


# ---------------------------------------------------------------- requests


def _asked(environ: dict[str, Any]) -> str:
    """A request as patterns see it: `s3 PUT /bucket/key`, `dynamodb POST / …20120810.PutItem`."""
    found = SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    words = [found[1] if found else "-", environ["REQUEST_METHOD"], environ["PATH_INFO"]]
    return " ".join([*words, environ.get("HTTP_X_AMZ_TARGET", "")]).rstrip()


def _do(application: Application, environ: dict[str, Any]) -> None:
    """Has a request done; its answer is lost."""
    answer = application(environ, lambda *_: lambda _: None)
    for _ in answer:
        pass
    close = getattr(answer, "close", None)
    if close is not None:
        close()


def _refusal(asked: str, start: Start) -> Iterable[bytes]:
    """What a service says that is too busy."""
    if asked.startswith("s3 "):
        kind, said = (
            "application/xml",
            "<Error><Code>SlowDown</Code><Message>later</Message></Error>",
        )
    else:
        kind, said = "application/json", json.dumps({"__type": "ServiceUnavailable"})
    headers = [("Content-Type", kind), ("Content-Length", str(len(said)))]
    start("503 Service Unavailable", headers)
    return [said.encode()]


# ---------------------------------------------------------------- invocations


def _kill(sandbox: Sandbox) -> None:
    """Returns when the JVM is gone: it must not ask for another event with this one unanswered."""
    sandbox.kill()
    sandbox.process.wait()


@dataclass(frozen=True, slots=True)
class _Case:
    """A fault, and the invocation that it befalls."""

    faults: Faults
    fault: Fault
    pool: Pool
    invocation: Invocation

    def hit(self) -> None:
        self.faults.hit(self.fault, self.pool.settings.name)

    def once(self) -> Reply:
        """The invocation as it is."""
        return self.pool.invoke(self.invocation)

    def once_more(self) -> Reply:
        """The same event as an invocation of its own."""
        again = self.invocation
        return self.pool.invoke(Invocation(again.payload, again.arn, again.client_context))

    def within(self, border: Border) -> Reply:
        """The invocation with something at its border."""
        self.invocation.border = border
        return self.once()

    def later(self, seconds: float, do: Callable[[], Any]) -> None:
        timer = threading.Timer(seconds, do)
        timer.daemon = True
        timer.start()


def _throws_before(case: _Case) -> Reply:
    case.hit()
    return failure(case.fault.error, "a fault: the handler was not run")


def _throws_after(case: _Case) -> Reply:
    case.once()
    case.hit()
    return failure(case.fault.error, "a fault: the handler was run")


def _twice(case: _Case) -> Reply:
    case.once()
    case.hit()
    return case.once_more()


def _twice_at_once(case: _Case) -> Reply:
    replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()

    def run(once: Callable[[], Reply]) -> None:
        replies.put(once())

    for one in (case.once, case.once_more):
        threading.Thread(target=run, args=(one,), daemon=True).start()
    case.hit()
    return replies.get()


def _again_later(case: _Case) -> Reply:
    reply = case.once()

    def again() -> None:
        case.hit()
        case.once_more()

    case.later(case.fault.seconds, again)
    return reply


class _KilledBefore(Border):
    def __init__(self, case: _Case) -> None:
        self._case = case

    def hands_out(self, sandbox: Sandbox) -> bool:
        self._case.hit()
        sandbox.kill()
        return False


class _KilledAfter(_KilledBefore):
    def hands_out(self, sandbox: Sandbox) -> bool:
        return True

    def answered(self, sandbox: Sandbox, reply: Reply) -> Reply | None:
        self._case.hit()
        _kill(sandbox)
        return None


class _Ends(Border):
    """Comes to an end `seconds` after the event was handed out, or with the answer."""

    def __init__(self, case: _Case) -> None:
        self._case = case
        self._lock = threading.Lock()
        self._over = False

    def hands_out(self, sandbox: Sandbox) -> bool:
        self._case.later(self._case.fault.seconds, lambda: self._end(sandbox))
        return True

    def answered(self, sandbox: Sandbox, reply: Reply) -> Reply | None:
        self._end(sandbox)
        return None

    def _end(self, sandbox: Sandbox) -> None:
        with self._lock:
            over, self._over = self._over, True
        if not (over or self._case.invocation.done.is_set()):
            self._case.hit()
            self.end(sandbox)

    def end(self, sandbox: Sandbox) -> None:
        """What the end is."""


class _KilledDuring(_Ends):
    def answered(self, sandbox: Sandbox, reply: Reply) -> Reply | None:
        with self._lock:
            over, self._over = self._over, True
        if not over:
            return reply  # it was faster
        _kill(sandbox)
        return None

    def end(self, sandbox: Sandbox) -> None:
        sandbox.kill()


class _TimedOut(_Ends):
    def end(self, sandbox: Sandbox) -> None:
        self._case.pool.time_out(self._case.invocation)


class _Abandoned(_Ends):
    def end(self, sandbox: Sandbox) -> None:
        invocation = self._case.invocation

        def time_is_up() -> None:
            if sandbox.invocation is invocation:
                sandbox.kill()

        invocation.answer(failure("States.Timeout", "a fault: nobody waits for it any more"))
        self._case.later(max(0.0, invocation.deadline - time.time()), time_is_up)


_WAYS: Final[dict[str, Callable[[_Case], Reply]]] = {
    "throws-before": _throws_before,
    "throws-after": _throws_after,
    "killed-before": lambda case: case.within(_KilledBefore(case)),
    "killed-during": lambda case: case.within(_KilledDuring(case)),
    "killed-after": lambda case: case.within(_KilledAfter(case)),
    "timed-out": lambda case: case.within(_TimedOut(case)),
    "abandoned": lambda case: case.within(_Abandoned(case)),
    "twice": _twice,
    "twice-at-once": _twice_at_once,
    "again-later": _again_later,
}
