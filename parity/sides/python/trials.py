"""Runs a unit with some constructs meant as Java means them, to see what it would give then.

All of it happens in copies of the process that loaded the units: one in which functions are
rewritten, and a copy of that for each trial, which starts afresh and may end as it likes.
"""

import ast
import json
import os
import resource
import select
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Set, Tuple, Type

from .hook import ARGUMENTS, LOOKS, Hook, known_meanings, with_copies
from .instrument import Rewriter, Site, exchange, rewritten
from .rooted import is_of_sources
from .running import CODEC_DEPTH, Limits, Runner, leave
from .slips import SlipRewriter, Slips
from .tracing import HERE, STDLIB
from .valued import Valued

if TYPE_CHECKING:
    from .serving import Server

Work = Callable[[Callable[[Any], None]], None]
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
LOOK_SECONDS = 1.0
TRIAL_SECONDS = 0.5
LEAST_SECONDS = 0.1
SLOWER = 16  # times the work of a plain run that a trial may take: an endless loop takes all of it
PATIENCE = 0.5  # seconds in which a trial may do nothing at all: a lock may never be released
LOOK_EVERY = 0.05
WAITING = 2  # looks after which one that waits leaves its processor to the next
MOST_COPIES = 8  # for each processor
WAITED = 15  # seconds that a copy may wait or be kept waiting, for each that it may work
DEEPER = 4
CHUNK = 1 << 16
MOST_FILES = 40
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED = frozenset(
    [
        "os.chflags",
        "os.chmod",
        "os.chown",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.kill",
        "os.killpg",
        "os.link",
        "os.lockf",
        "os.mkdir",
        "os.posix_spawn",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.setxattr",
        "os.removexattr",
        "os.spawn",
        "os.startfile",
        "os.symlink",
        "os.system",
        "os.truncate",
        "os.utime",
        "os.putenv",
        "os.unsetenv",
        "subprocess.Popen",
        "sqlite3.connect",
        "ctypes.dlopen",
        "signal.pthread_kill",
        "pty.spawn",
        "webbrowser.open",
        "urllib.Request",
        "syslog.syslog",
    ]
)
REFUSED_KINDS = ("socket.", "shutil.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "telnetlib.")
"""What nobody has asked for is not done in a trial: it ends there."""
AF_UNIX = 1
"""An event loop wakes itself by a pair of such sockets; whoever connects one is refused then."""


class Trials:
    """The trials of one request: `lines` are fixtures, `plans` the meanings of each trial."""

    def __init__(self, server: "Server", request: Dict[str, Any]) -> None:
        self.server = server
        self.unit = request["unit"]
        self.lines: List[str] = request["lines"]
        self.plans: Optional[List[List[Tuple[int, str]]]] = request.get("plans")
        self.first: int = request.get("first", len(self.lines))
        self.values: bool = request.get("values", False)
        self.slips: bool = request.get("slips", False)
        self.budget: float = request.get("budget", 2.0)
        self.subject = server.subjects[self.unit]
        subject, lines, known = server.plain_run
        same = subject is self.subject and lines == self.lines
        self.plain_run: Dict[str, Any] = known if same else {}

    def answer(self) -> Dict[str, Any]:
        """What came of all trials; of none where this copy ends badly or late."""
        told = forked(self._write_all, self.budget + LOOK_SECONDS, alone=False)
        try:
            tried = json.loads(told)
        except ValueError:
            return {"tried": None}
        self.server.plain_run = (self.subject, self.lines, tried.pop("plain_run"))
        return {"tried": tried}

    def _write_all(self, write: Callable[[Any], None]) -> None:
        from .serving import limit_memory

        os.close(self.server.requests.descriptor)
        limit_memory(self.server.limits.memory)
        write({**self._all(), "plain_run": self.plain_run})

    def _all(self) -> Dict[str, Any]:
        if self.values:
            self._rewrite(Valued)
            told = lines_of(forked(self._valued, self.budget))
            return {"values": json.loads(told[-1]) if told else []}
        sites = self._rewrite(Slips, SlipRewriter) if self.slips else self._rewrite(Hook)
        if self.plans is None:
            looked = [json.loads(one) for one in lines_of(forked(self._look, LOOK_SECONDS))]
            baseline = self._plainly()
            described = self._described(sites, looked)
            return {"sites": described, "looked": looked, "plain": baseline, "worked": worked()}
        trials = [self._trial(plan, self.first) for plan in self.plans]
        ended = side_by_side(
            trials,
            self.plain_run["seconds"],
            lambda: worked() > self.budget,
            patience=self.plain_run["patience"],
        )
        observations = [None if one is None else answers_of(one, self.first) for one in ended]
        return {"observations": observations, "worked": worked()}

    # ------------------------------------------------------------ rewriting

    def _rewrite(
        self, kind: Type[Hook], rewriter: Callable[..., ast.NodeTransformer] = Rewriter
    ) -> List[Site]:
        self.sites: List[Site] = []
        pairs: List[Tuple[Any, Any]] = []
        for file, text in self._texts():
            pairs += rewritten(text, file, self.sites, rewriter)
        self.hook = kind(self.sites)
        exchange(pairs, self.hook)
        return self.sites

    def _texts(self) -> List[Tuple[str, str]]:
        """The project's own files of which code runs, and the text of an expression."""
        if not self.plain_run:
            self._run_plainly()
        found: List[Tuple[str, str]] = []
        source = getattr(self.subject, "source", None)
        for name in self.plain_run["files"]:
            if source is not None and name == source[0]:
                found.append(source)
                continue
            try:
                with open(name, encoding="utf-8") as file:
                    found.append((name, file.read()))
            except (OSError, ValueError):
                continue
        return found

    def _run_plainly(self) -> None:
        """Which files take part, and how long a trial may work and wait; once for these lines."""
        before, began = worked(), time.monotonic()
        told = lines_of(forked(self._files, TRIAL_SECONDS))
        plain = worked() - before
        self.plain_run = {
            "files": sorted({json.loads(one) for one in told})[:MOST_FILES],
            "seconds": min(TRIAL_SECONDS, max(LEAST_SECONDS, SLOWER * plain)),
            "patience": max(PATIENCE, 2 * (time.monotonic() - began)),  # a unit may sleep itself
        }

    def _files(self, write: Callable[[Any], None]) -> None:
        sources = self.server.loader.sources
        seen: Set[str] = set()

        def enter(frame: Any, event: str, argument: Any) -> None:
            name = frame.f_code.co_filename
            if name in seen:
                return
            seen.add(name)
            own = name.startswith("<python") or is_of_sources(os.path.realpath(name), sources)
            if own or (not name.startswith(("<", HERE, STDLIB)) and self._beside(name)):
                write(name)

        runner = self._runner()
        sys.setprofile(enter)
        for line in self.lines:
            runner.answer(line)
        sys.setprofile(None)

    def _beside(self, name: str) -> bool:
        """Whether a file stands in the folder of the unit's own."""
        code = getattr(self.subject.target, "__code__", None)
        return code is not None and os.path.dirname(name) == os.path.dirname(code.co_filename)

    def _described(self, sites: List[Site], looked: List[Any]) -> List[List[Any]]:
        reached = {number for one in looked for number in one["reached"]}
        return [
            [one.number, one.file, one.line, one.column, one.kind, one.what]
            for one in sites
            if one.number in reached or one.kind == "constant"  # each says what python has
        ]

    # ------------------------------------------------------------ runs

    def _runner(self) -> Runner:
        known = self.server.limits
        limits = Limits(known.max_items, known.memory, known.depth * DEEPER)
        loader = self.server.loader
        return Runner(self.subject, loader.resolve, loader.sources, limits, [0] * 8)

    def _look(self, write: Callable[[Any], None]) -> None:
        runner = self._runner()
        hook = self.hook
        for number, line in enumerate(self.lines):
            hook.begin(LOOKS if number < self.first else 0)
            hook.looking = True
            runner.answer(line)
            hook.looking = False
            given = [[*meaning, *pair] for meaning in hook.given for pair in hook.given[meaning]]
            found, reached = known_meanings(hook.found), sorted(hook.reached)
            write({"found": found, "reached": reached, "given": given})

    def _valued(self, write: Callable[[Any], None]) -> None:
        """Writes what the expressions were, now and then: the last of it is what counts."""
        runner, hook = self._runner(), self.hook
        assert isinstance(hook, Valued)
        count = len(self.lines)
        for number, line in enumerate(self.lines, 1):
            runner.answer(line)
            if number == count or number & (number - 1) == 0:
                write(hook.told())

    def _plainly(self) -> List[Optional[str]]:
        """What the rewritten unit did on each line; None from where it did not end in time."""
        count = len(self.lines)
        return answers_of(forked(self._trial([], count), TRIAL_SECONDS), count)

    def _trial(self, plan: List[Tuple[int, str]], count: int) -> Work:
        """The work of a copy that answers the first lines under a plan."""

        def run(write: Callable[[Any], None]) -> None:
            if any(site == ARGUMENTS for site, _ in plan):
                self.subject.target = with_copies(self.subject.target)
            runner = self._runner()
            self.hook.turn(plan)
            for line in self.lines[:count]:
                told = runner.answer(line)
                assert isinstance(told, str)  # it was not asked to pack
                write(told.rstrip("\n").partition("\t")[2])

        return run


def answers_of(told: str, count: int) -> List[Optional[str]]:
    """What a copy has told of so many lines; None from where it ended."""
    answers: List[Optional[str]] = [json.loads(one) for one in lines_of(told)]
    return answers + [None] * (count - len(answers))


def lines_of(told: str) -> List[str]:
    """The whole lines of what a copy has told."""
    return told.split("\n")[:-1]


def worked() -> float:
    """Seconds of work of this process and of the copies that have ended: waiting is no work."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Copy:
    """A copy of this process at work, and what it has told so far."""

    def __init__(self, work: Work, seconds: float, alone: bool) -> None:
        self.reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _work(work, seconds, self.reader, writer, alone)
        os.close(writer)
        self.told = bytearray()
        self.deadline = time.monotonic() + WAITED * max(seconds, TRIAL_SECONDS)
        self.next_look = 0.0
        self.waiting: Optional[Tuple[str, ...]] = None
        self.looks = 0

    def read(self) -> bool:
        """Takes what there is; False where nothing more will come."""
        chunk = os.read(self.reader, CHUNK)
        self.told += chunk
        return bool(chunk)

    def is_stuck(self, patience: float) -> bool:
        """Whether all its threads have waited for so many seconds, and for the same thing.

        Looks are counted, not time: this process may itself have been stopped.
        """
        now = time.monotonic()
        if now < self.next_look:
            return False
        self.next_look = now + LOOK_EVERY
        waiting = waiting_threads(self.pid)
        self.looks = self.looks + 1 if waiting and waiting == self.waiting else 0
        self.waiting = waiting
        return self.looks * LOOK_EVERY >= patience

    def end(self) -> str:
        """Ends it, whatever it does, and gives what it has told."""
        os.close(self.reader)
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        return self.told.decode("ascii", "replace")


def waiting_threads(pid: int) -> Optional[Tuple[str, ...]]:
    """How often each thread of a process has waited so far; None where one is at work, or where
    the system does not tell."""
    told: List[str] = []
    try:
        for thread in sorted(os.listdir("/proc/%d/task" % pid)):
            with open("/proc/%d/task/%s/status" % (pid, thread), encoding="utf-8") as file:
                rows = dict(row.split(":", 1) for row in file.read().splitlines() if ":" in row)
            if not rows["State"].lstrip().startswith("S"):
                return None
            told.append(thread + rows["voluntary_ctxt_switches"])
    except (OSError, KeyError):
        return None
    return tuple(told)


def forked(work: Work, seconds: float, alone: bool = True) -> str:
    """What a copy of this process writes in so many seconds of work; then it is ended.

    One that is `alone` runs the unit: it ends before it does anything outside of itself.
    """
    (told,) = side_by_side([work], seconds, lambda: False, alone)
    assert told is not None
    return told


def side_by_side(
    works: List[Work],
    seconds: float,
    is_late: Callable[[], bool],
    alone: bool = True,
    patience: float = float("inf"),
) -> List[Optional[str]]:
    """What a copy of this process writes for each of several works, as many at once as there are
    processors; None for those that are not begun because it is late.

    One that does nothing for `patience` seconds is ended.
    """
    told: List[Optional[str]] = [None] * len(works)
    waiting = list(enumerate(works))[::-1]
    running: Dict[int, Tuple[int, Copy]] = {}  # by descriptor
    try:
        while waiting or running:
            while waiting and _is_room([copy for _, copy in running.values()]):
                if is_late():
                    waiting = []
                    break
                number, work = waiting.pop()
                copy = Copy(work, seconds, alone)
                running[copy.reader] = (number, copy)
            if not running:
                break
            first = min(copy.deadline for _, copy in running.values())
            left = max(0.0, first - time.monotonic())
            if patience < float("inf"):
                left = min(left, LOOK_EVERY)
            ready = set(select.select(list(running), [], [], left)[0])
            for reader, (number, copy) in list(running.items()):
                ended = reader in ready and not copy.read()
                if ended or time.monotonic() > copy.deadline or copy.is_stuck(patience):
                    del running[reader]
                    told[number] = copy.end()
    finally:
        for _, copy in running.values():
            copy.end()
    return told


def _is_room(running: List[Copy]) -> bool:
    """Whether there is a processor for one more."""
    at_work = sum(copy.looks < WAITING for copy in running)
    return at_work < PROCESSORS and len(running) < MOST_COPIES * PROCESSORS


def _work(
    work: Callable[[Callable[[Any], None]], None],
    seconds: float,
    reader: int,
    writer: int,
    alone: bool,
) -> None:
    """Works in a copy of the process, and ends it."""
    from .serving import dies_with_parent, dying

    def write(document: Any) -> None:
        data = json.dumps(document).encode("ascii") + b"\n"
        while data:
            data = data[os.write(writer, data) :]

    with dying():
        os.close(reader)
        dies_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)  # counts work, not waiting; ends this copy
        if alone:
            sys.addaudithook(refuse)
        work(write)
        sys.setrecursionlimit(CODEC_DEPTH)


def refuse(event: str, args: Tuple[Any, ...]) -> None:
    """Ends this copy before it does something to the world."""
    if event == "open":
        flags = args[2] if len(args) > 2 and isinstance(args[2], int) else 0
        if flags & WRITING and args[0] != os.devnull:
            leave(0)
    elif event == "socket.__new__" and args[1] == AF_UNIX:
        return
    elif event in REFUSED or event.startswith(REFUSED_KINDS):
        leave(0)
