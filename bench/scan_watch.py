"""Runs a program and notes who of a package calls whom, and who does I/O.

    python bench/scan_watch.py SECONDS OUT PACKAGE_FOLDER TEST_FOLDER… -- -m MODULE ARGUMENT…

A program that takes longer than SECONDS is ended; what was seen until then counts. OUT is JSON:
`halves`, two lists of pairs of [file, first line, name], as seen in a random half of the tests
each; `own`, who has I/O in its own body; `io`, who has it in what it calls; `ran`, who ran at all.
What tests put between (fakes, callbacks) and what importing reads is left out.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import sys
import threading
from typing import Any
from zlib import crc32

IO_EVENTS = {
    "open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove", "os.rmdir",
    "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate", "os.utime", "os.system",
    "os.fork", "os.forkpty", "os.exec", "os.kill", "os.killpg", "os.posix_spawn", "os.chdir",
    "os.lockf", "socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg",
    "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
    "subprocess.Popen", "sqlite3.connect", "shutil.copyfile", "shutil.move", "shutil.rmtree",
    "tempfile.mkstemp", "tempfile.mkdtemp", "glob.glob", "fcntl.fcntl", "fcntl.flock",
    "fcntl.lockf", "fcntl.ioctl", "smtplib.connect", "urllib.Request", "ftplib.connect",
}  # fmt: skip
OF_THE_INTERPRETER = ("<frozen", "linecache.py", "importlib")


class Watch:
    """What was seen; `package` is where its sources are, `tests` what is not of it."""

    def __init__(self, out: str, package: str, tests: list[str]) -> None:
        self.out = out
        self.package = package
        self.tests = tests
        self.pid = os.getpid()
        self.halves: tuple[set[Any], set[Any]] = (set(), set())
        self.half = 0
        self.first: dict[Any, int] = {}
        self.inside: dict[str, bool] = {}
        self.near: dict[str, bool] = {}
        self.ran: set[Any] = set()
        self.own: set[Any] = set()
        self.io: set[Any] = set()
        self.busy = threading.local()

    def is_inside(self, file: str) -> bool:
        found = self.inside.get(file)
        if found is None:
            path = os.path.abspath(file)
            found = path.startswith(self.package + os.sep)
            found = found and not any(path.startswith(one + os.sep) for one in self.tests)
            self.inside[file] = found
        return found

    def is_of_test(self, file: str) -> bool:
        """Whether a file is the package's or its tests', which may stand beside it."""
        found = self.near.get(file)
        if found is None:
            found = self.near[file] = file.startswith(self.package) or self.is_test(file)
        return found

    def is_test(self, file: str) -> bool:
        path = os.path.abspath(file)
        return any(path.startswith(one + os.sep) for one in self.tests)

    def profile(self, frame: Any, event: str, _: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code.co_name.startswith("test") and self.is_of_test(code.co_filename):
            self.half = crc32(f"{code.co_filename}:{code.co_firstlineno}".encode()) % 2
        if not self.is_inside(code.co_filename):
            return
        if frame.f_lasti > self.first.setdefault(code, frame.f_lasti):
            return  # a generator goes on
        self.ran.add(code)
        caller = frame.f_back
        if caller is not None and self.is_inside(caller.f_code.co_filename):
            self.halves[self.half].add((caller.f_code, code))

    def audit(self, event: str, _: Any) -> None:
        if event not in IO_EVENTS or getattr(self.busy, "now", False):
            return
        self.busy.now = True
        try:
            self._stack(sys._getframe(1))
        finally:
            self.busy.now = False

    def _stack(self, frame: Any) -> None:
        own = True
        while frame is not None:
            file = frame.f_code.co_filename
            if any(one in file for one in OF_THE_INTERPRETER):
                return
            if self.is_inside(file):
                self.io.add(frame.f_code)
                if own:
                    self.own.add(frame.f_code)
                own = False
            elif self.is_test(file):
                return
            frame = frame.f_back

    def stop(self) -> None:
        """Ends a program that takes too long."""
        self.write()
        print("\nended: its time is over", file=sys.stderr, flush=True)
        os._exit(3)

    def write(self) -> None:
        if os.getpid() != self.pid:
            return
        sys.setprofile(None)

        def where(code: Any) -> list[Any]:
            return [os.path.abspath(code.co_filename), code.co_firstlineno, code.co_name]

        found = {
            "halves": [[[where(a), where(b)] for a, b in half.copy()] for half in self.halves],
            "own": [where(one) for one in self.own.copy()],
            "io": [where(one) for one in self.io.copy()],
            "ran": [where(one) for one in self.ran.copy()],
        }
        with open(self.out, "w", encoding="utf-8") as file:
            json.dump(found, file)


def main() -> None:
    """Watches the program that the arguments name."""
    at = sys.argv.index("--")
    seconds, out, package, *tests = sys.argv[1:at]
    rest = sys.argv[at + 1 :]
    watch = Watch(out, os.path.abspath(package), [os.path.abspath(one) for one in tests])
    atexit.register(watch.write)
    limit = threading.Timer(float(seconds), watch.stop)
    limit.daemon = True
    limit.start()
    sys.addaudithook(watch.audit)
    threading.setprofile(watch.profile)
    sys.argv = rest[1:]
    sys.path[0] = os.getcwd()
    sys.setprofile(watch.profile)
    try:
        runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
    finally:
        sys.setprofile(None)


if __name__ == "__main__":
    main()
