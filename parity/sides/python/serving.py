"""Answers the supervisor: loads units, and runs their batches in children of this process.

The process that loaded the units is a template. Each batch gets a copy of it, which starts from the
state after loading and may end as badly as it likes.
"""

import _thread
import contextlib
import functools
import gc
import inspect
import json
import os
import resource
import select
import signal
import sys
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Set, Tuple

from . import surroundings
from .answers import DONE, STARTED, Answers
from .cover import Cover
from .domain import domain_of
from .facts import facts_of
from .loading import Loader, Subject, Unloadable
from .named import Project
from .printed import Printed
from .running import CODEC_DEPTH, Limits, Runner
from .tracing import TRACER
from .ways import Steps
from .world import watch_generators

if TYPE_CHECKING:
    from parity.values import form
else:
    from . import form

leave = os._exit
POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
RLIMIT_LOCKS = 10
MARK_BITS = 40
CHUNK = 1 << 16


class Requests:
    """Lines from the supervisor."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.buffer = bytearray()
        self.ended = False

    def next(self) -> Any:
        """The next request, waited for; None at the end."""
        while not self.ready() and not self.ended:
            self.read()
        return self._take() if self.ready() else None

    def ready(self) -> bool:
        """Whether a whole line is here."""
        return b"\n" in self.buffer

    def read(self) -> None:
        """Reads what has come."""
        chunk = os.read(self.descriptor, CHUNK)
        self.buffer += chunk
        self.ended = not chunk

    def _take(self) -> Any:
        end = self.buffer.index(b"\n")
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        return json.loads(line)


class Events:
    """Lines to the supervisor; for as long as the unit leaves the pipe alone."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.pipe = pipe_of(descriptor)

    def send(self, event: Any) -> None:
        """Sends one line, unless the number of the pipe is something else by now."""
        if pipe_of(self.descriptor) != self.pipe:
            return
        # In a line of its own, also where a unit wrote into the pipe.
        data = b"\n" + form.dumps(event).encode("ascii") + b"\n"
        while data:
            data = data[os.write(self.descriptor, data) :]


def pipe_of(descriptor: int) -> Optional[Any]:
    """What an open descriptor is, or None for a closed one."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


class Server:
    """Answers the supervisor, line by line, and looks after its children."""

    def __init__(self, requests: Requests, events: Events) -> None:
        self.requests = requests
        self.events = events
        self.subjects: Dict[str, Subject] = {}
        self.plain_run: Tuple[Any, List[str], Dict[str, Any]] = (None, [], {})
        """Of the trials asked for last: the subject, the fixtures, and what a run of them told."""
        self.functions: Optional[Dict[str, List[Any]]] = None
        """Functions that were loaded, by the file of their code; None before they are looked up."""
        self.rewritten: Dict[Any, bytes] = {}
        """Programs that trials have asked for last, by rewriter and texts."""
        self.isolated: Set[str] = set()
        self.children: Dict[int, int] = {}
        self.frozen = False
        self.remembered: Optional[surroundings.Surroundings] = None
        """What is around the units before each batch; None where it may have changed."""
        self.held: Optional[int] = None
        """Bytes of data that this process has then."""
        self.pid = os.getpid()
        self.supervisor = os.getppid()
        self.usual_depth = sys.getrecursionlimit()

    def serve(self) -> None:
        """Answers until the supervisor closes its end."""
        hello = self.requests.next()
        ask_kernel(PR_SET_CHILD_SUBREAPER, 1)  # what left its session is found below this process
        surroundings.watch()
        watch_generators()
        TRACER.install()
        most = hello.get("max_items", 10_000)
        self.loader = Loader(hello["sources"], hello["types"], most)
        self.limits = Limits(most, hello.get("memory"), self.usual_depth)
        sys.path[:0] = hello.get("path", []) + hello["sources"]
        self.events.send({"ready": {"version": "%d.%d.%d" % sys.version_info[:3]}})
        while True:
            request = self._next()
            if request is None:
                break
            if request["op"] != "run" or not request.get("fork", True):
                self.remembered = None
            with tied():
                getattr(self, "_" + request["op"])(request)
            if os.getpid() != self.pid:
                os._exit(0)  # what was loaded forked, and this is its copy

    def _next(self) -> Any:
        """The next request; children that end in the meantime are told of."""
        while self.children and not (self.requests.ready() or self.requests.ended):
            if select.select([self.requests.descriptor], [], [], POLL_SECONDS)[0]:
                self.requests.read()
            self._reap()
        return self.requests.next()

    def _reap(self) -> None:
        for pid in list(self.children):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                self.events.send({"ended": self.children.pop(pid), "status": status})

    # -- requests

    def _load(self, request: Dict[str, Any]) -> None:
        printed = Printed()
        self.functions = None
        before = sys.stdout, sys.stderr
        for unit in request["units"]:
            printed.install()
            sys.setrecursionlimit(self.usual_depth)
            try:
                with TRACER.loading(unit["id"]):
                    subject, loaded = self.loader.load(unit)
                    if unit.get("domain") is not None:
                        subject.domain = domain_of(subject, unit["domain"])
                        subject.domain_text = unit["domain"]
                self.subjects[unit["id"]] = subject
                loaded["output"] = "".join(printed.take())
                if unit.get("isolate"):
                    self.isolated.add(unit["id"])
                if _thread._count():
                    loaded["threads"] = True
                if subject.is_direct:
                    loaded["packs"] = True
                answer = {"unit": unit["id"], "loaded": loaded}
            except Unloadable as problem:
                answer = {"unit": unit["id"], "problem": problem.problem}
            finally:
                sys.stdout, sys.stderr = before
            sys.setrecursionlimit(CODEC_DEPTH)
            self.events.send(answer)

    def _run(self, request: Dict[str, Any]) -> None:
        batch = Batch(self, request)
        if not request.get("fork", True):
            batch.run()
            return
        self._prepare(request["unit"])
        pid = os.fork()
        if pid == 0:
            batch.run_as_child()
        self.children[pid] = request["batch"]
        self.events.send({"started": request["batch"], "pid": pid})

    def _prepare(self, unit: str) -> None:
        """Does once what would come out the same in the copies of this process: a page that many
        of them write, be it to count a reference, is copied for each."""
        if self.remembered is None:
            self.remembered = surroundings.Surroundings(self._project())
            self.held = data_bytes()
        TRACER.prepare(unit)
        if not self.frozen:
            gc.collect()
            gc.freeze()
            self.frozen = True

    def _project(self) -> Project:
        """What is the project's own, of modules and of texts in the map."""
        sources = [one.source[1] for one in self.subjects.values() if one.source is not None]
        imports = [one.imports for one in self.subjects.values() if one.imports]
        return Project(self.loader.sources, sources + imports, TRACER.paused)

    def _ways(self, request: Dict[str, Any]) -> None:
        subject = self.subjects[request["unit"]]
        target = inspect.unwrap(subject.target)
        code = getattr(target, "__code__", None)
        own = [os.path.dirname(os.path.realpath(code.co_filename))] if code is not None else []
        roots = self.loader.sources + own
        lines = [form.dumps(self.requests.next()) for _ in range(request["fixtures"])]
        apart = request["unit"] in self.isolated
        for some in [[line] for line in lines] if apart else [lines]:
            pid = os.fork()  # what these leave behind is not there for who comes next
            if pid == 0:
                with dying():
                    dies_with_parent(signal.SIGKILL)
                    self._tell_ways(request["unit"], some, roots)
            _, status = os.waitpid(pid, 0)
            end_like(status)

    def _tell_ways(self, unit: str, lines: List[str], roots: List[str]) -> None:
        runner = self.runner(unit, [0] * 8)
        for line in lines:
            steps = Steps(roots)
            with contextlib.suppress(Exception), steps:
                runner.answer(line)
            self.events.send({"ways": sorted(steps.taken)})

    def _facts(self, request: Dict[str, Any]) -> None:
        subject = self.subjects[request["unit"]]
        facts = facts_of(subject, request.get("texts") or [])
        sys.setrecursionlimit(CODEC_DEPTH)
        self.events.send({"facts": facts})

    def _try(self, request: Dict[str, Any]) -> None:
        from .trials import Trials  # only where something differs

        with TRACER.paused():
            answer = Trials(self, request).answer()
        self.events.send(answer)

    def runner(self, unit: str, header: Any, packs: bool = False) -> Runner:
        """What runs the fixtures of a unit."""
        resolve, sources = self.loader.resolve, self.loader.sources
        subject = self.subjects[unit]
        around = self.remembered or surroundings.Surroundings(self._project())
        return Runner(subject, resolve, sources, self.limits, header, packs, around)


class Batch:
    """A stretch of one unit's fixtures."""

    def __init__(self, server: Server, request: Dict[str, Any]) -> None:
        self.server = server
        self.request = request
        self.unit = request["unit"]

    def run_as_child(self) -> None:
        """Runs in the copy that was just forked, and ends it."""
        with dying():
            os.close(self.server.requests.descriptor)
            limit_memory(self.server.limits.memory, self.server.held)
            self.run()

    def run(self) -> None:
        """Runs the fixtures, commits their answers, says that it is done."""
        with open(self.request["requests"], "rb") as requests:
            lines = (
                requests.read()
                .decode("utf-8", "surrogatepass")
                .split("\n")[self.request.get("from", 0) : -1]
            )
        answers = Answers(self.request["answers"])
        left: List[str] = []
        with TRACER.running(self.unit):
            if self.unit in self.server.isolated or self.request.get("apart"):
                for line in lines:
                    left += self._run_apart(line)
            else:
                left = self._run_here(lines, answers)
        if self.request.get("trace"):
            answers.add_trace(TRACER.told(self.unit, left))
        answers.header[DONE] = 1
        self.server.events.send({"done": self.request["batch"]})

    def _run_here(self, lines: List[str], answers: Answers) -> List[str]:
        """Runs fixtures in this process; gives the names of the threads that they left."""
        header, commit = answers.header, answers.commit
        with TRACER.paused():
            packs = self.request.get("packed", False)
            runner = self.server.runner(self.unit, header, packs)
        answer = runner.answer
        if self.request.get("cover"):
            self._run_covered(lines, runner, answers)
            lines = []
        for number, line in enumerate(lines, header[STARTED] + 1):
            header[STARTED] = number
            commit(answer(line))
        sys.setrecursionlimit(CODEC_DEPTH)
        return sorted(runner.surroundings.left)

    def _run_covered(self, lines: List[str], runner: Runner, answers: Answers) -> None:
        """The same, noting which places of the unit's own code each fixture reaches."""
        with TRACER.paused():
            cover = Cover(runner.subject, runner.sources)
        for line in lines:
            answers.header[STARTED] += 1
            cover.begin()
            try:
                told = runner.answer(line)
            finally:
                cover.end()
            answers.commit(told)
        with TRACER.paused():
            cover.write(self.request["cover"])

    def _run_apart(self, line: str) -> List[str]:
        """Runs one fixture in a copy; where that ends badly, this process ends in the same way."""
        noted = self.request["answers"] + ".noted"
        with TRACER.paused():
            pid = os.fork()
        if pid == 0:
            with dying():
                with TRACER.paused():
                    answers = Answers(self.request["answers"])
                names = self._run_here([line], answers)
                with TRACER.paused(), open(noted, "w") as file:
                    json.dump([TRACER.noted(), names], file)
        _, status = os.waitpid(pid, 0)
        end_like(status)
        with TRACER.paused(), open(noted) as file:
            facts, left = json.load(file)
            os.unlink(noted)
        TRACER.merge(facts)
        return list(left)


def end_like(status: int) -> None:
    """Ends this process as another one ended, unless that was well."""
    if os.WIFSIGNALED(status):
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
        if os.WTERMSIG(status) != signal.SIGKILL:
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    if status:
        leave(os.WEXITSTATUS(status))


@contextlib.contextmanager
def dying() -> Iterator[None]:
    """Ends this process, a copy of another one, after what is done inside."""
    status = 70
    try:
        yield
        status = 0
    except BaseException:
        import traceback

        os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
    finally:
        leave(status)


@contextlib.contextmanager
def tied() -> Iterator[None]:
    """Inside of it, this process ends with the supervisor, whatever keeps it from looking."""
    dies_with_parent(signal.SIGKILL)
    yield
    dies_with_parent(0)


def dies_with_parent(number: int) -> None:
    """Asks for a signal at the end of the parent process, or with 0 for none; only Linux has it."""
    ask_kernel(PR_SET_PDEATHSIG, number)


def ask_kernel(option: int, value: int) -> None:
    """Sets something of this process that only Linux has."""
    kernel = libc()
    if kernel is not None:
        with contextlib.suppress(OSError):
            kernel.prctl(option, value, 0, 0, 0)


@functools.lru_cache(maxsize=None)
def libc() -> Any:
    """The C library of this process, or None where its `prctl` is not to be had."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes

        return ctypes.CDLL(None)
    except (ImportError, OSError):
        return None


def end_group(supervisor: int) -> None:
    """Ends this process and all that the units have started."""
    with contextlib.suppress(OSError, AttributeError):  # of what has ended, of other systems
        end_what_left(supervisor)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def end_what_left(supervisor: int) -> None:
    """Ends what has left this process's group: it has the mark of the supervisor (marks.py)."""
    mark = resource.getrlimit(RLIMIT_LOCKS)[1]
    if sys.platform != "linux" or mark >> MARK_BITS != supervisor:
        return
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with contextlib.suppress(OSError):
                if resource.prlimit(int(name), RLIMIT_LOCKS)[1] == mark:
                    os.kill(int(name), signal.SIGKILL)


def limit_memory(allowed: Optional[int], held: Optional[int]) -> None:
    """Lets this process have so many bytes of data more than are held."""
    if allowed is None or held is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (held + allowed, hard))


def data_bytes() -> Optional[int]:
    """How many bytes of data this process has; only Linux counts and caps them."""
    try:
        with open("/proc/self/status") as file:
            return next(
                (int(line.split()[1]) * 1024 for line in file if line.startswith("VmData:")), None
            )
    except (IndexError, OSError):
        return None


def own_streams() -> None:
    """Keeps the subject's hands off standard input and standard output of this process."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def main(requests: int, answers: int, usual_stack: int) -> None:
    """Serves on two file descriptors until the first is at its end."""
    os.set_inheritable(requests, False)
    os.set_inheritable(answers, False)
    if usual_stack > 0:
        import threading

        threading.stack_size(usual_stack)  # else each thread takes as much as this one
    own_streams()
    server = Server(Requests(requests), Events(answers))
    sys.setrecursionlimit(CODEC_DEPTH)
    with contextlib.suppress(BrokenPipeError):
        server.serve()
    end_group(server.supervisor)
