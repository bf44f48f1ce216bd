"""Copies of this process that work for a while, are ended whatever they do, and do nothing to the
world."""

import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from .running import CODEC_DEPTH, leave

TRIAL_SECONDS = 0.5
LOOK_EVERY = 0.05
WAITING = 2  # looks after which one that waits leaves its processor to the next
MOST_COPIES = 8  # for each processor
WAITED = 15  # seconds that a copy may wait or be kept waiting, for each that it may work
CHUNK = 1 << 16
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
Work = Callable[[Callable[[Any], None]], None]
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


def lines_of(told: str) -> List[str]:
    """The whole lines of what a copy has told."""
    return told.split("\n")[:-1]
