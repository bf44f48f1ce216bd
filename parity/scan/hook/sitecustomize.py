"""Notes who of some files calls whom and who does I/O, in whatever Python program this starts in.

`PARITY_SCAN_FILES` names a file with the paths that are watched, one a line; `PARITY_SCAN_SEEN` a
folder that takes a JSON file of each process: `edges`, pairs of [file, first line, name]; `ran`,
who ran; `io`, who does I/O, with the event and the line, and whether in its own body.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import sys
import threading
from contextlib import suppress
from typing import Any

IO_EVENTS = {
    "open": "file", "os.listdir": "file", "os.scandir": "file", "os.mkdir": "file",
    "os.rename": "file", "os.remove": "file", "os.rmdir": "file", "os.chmod": "file",
    "os.chown": "file", "os.link": "file", "os.symlink": "file", "os.truncate": "file",
    "os.utime": "file", "os.lockf": "file", "os.chdir": "file", "shutil.copyfile": "file",
    "shutil.move": "file", "shutil.rmtree": "file", "tempfile.mkstemp": "file",
    "tempfile.mkdtemp": "file", "fcntl.flock": "file", "fcntl.lockf": "file",
    "os.system": "process", "os.fork": "process", "os.forkpty": "process", "os.exec": "process",
    "os.kill": "process", "os.killpg": "process", "os.posix_spawn": "process",
    "subprocess.Popen": "process", "socket.bind": "network", "socket.connect": "network",
    "socket.sendto": "network", "socket.sendmsg": "network", "socket.getaddrinfo": "network",
    "socket.gethostbyname": "network", "socket.gethostbyaddr": "network",
    "socket.getnameinfo": "network", "sqlite3.connect": "db",
}  # fmt: skip
OF_THE_INTERPRETER = ("<frozen", "linecache.py", "importlib")


class Watch:
    """What was seen in this process."""

    def __init__(self, files: set[str], folder: str) -> None:
        self.files = files
        self.folder = folder
        self.known: dict[str, bool] = {}
        self.first: dict[Any, int] = {}
        self.edges: set[Any] = set()
        self.ran: set[Any] = set()
        self.io: dict[Any, int] = {}
        self.busy = threading.local()
        self.here = os.getcwd() + os.sep

    def is_watched(self, file: str) -> bool:
        """Whether a file is one of those that were scanned."""
        found = self.known.get(file)
        if found is None:
            found = self.known[file] = os.path.realpath(file) in self.files
        return found

    def profile(self, frame: Any, event: str, _: Any) -> None:
        """Notes a call; the interpreter calls this at each."""
        code = frame.f_code
        if event != "call" or not self.is_watched(code.co_filename):
            return
        if frame.f_lasti > self.first.setdefault(code, frame.f_lasti):
            return  # a generator goes on
        self.ran.add(code)
        caller = frame.f_back
        if caller is not None and self.is_watched(caller.f_code.co_filename):
            self.edges.add((caller.f_code, code, caller.f_lineno))

    def audit(self, event: str, _: Any) -> None:
        """Notes I/O; the interpreter tells of it here."""
        if event not in IO_EVENTS or getattr(self.busy, "now", False):
            return
        self.busy.now = True
        try:
            self._stack(event, sys._getframe().f_back)  # none while Python starts
        finally:
            self.busy.now = False

    def _stack(self, event: str, frame: Any) -> None:
        while frame is not None:
            file = frame.f_code.co_filename
            if any(one in file for one in OF_THE_INTERPRETER):
                return
            if self.is_watched(file):
                self.io.setdefault((frame.f_code, event), frame.f_lineno)
                return
            if file.startswith(self.here) and "site-packages" not in file:
                return  # a test's own, or what it puts between
            frame = frame.f_back

    def write(self) -> None:
        """Writes what was seen."""
        sys.setprofile(None)

        def where(code: Any) -> list[Any]:
            return [os.path.realpath(code.co_filename), code.co_firstlineno, code.co_name]

        found = {
            "edges": [[where(a), where(b), line] for a, b, line in self.edges],
            "ran": [where(one) for one in self.ran],
            "io": [[where(a), IO_EVENTS[b], b, line] for (a, b), line in self.io.items()],
        }
        name = os.path.join(self.folder, f"{os.getpid()}-{id(self)}.json")
        with open(name, "w") as file:
            json.dump(found, file)


def begin() -> None:
    """Watches from now on, if told what."""
    listed, folder = os.environ.get("PARITY_SCAN_FILES"), os.environ.get("PARITY_SCAN_SEEN")
    if not listed or not folder:
        return
    with open(listed, encoding="utf-8") as file:
        watch = Watch(set(file.read().splitlines()), folder)
    atexit.register(watch.write)
    sys.addaudithook(watch.audit)
    threading.setprofile(watch.profile)
    sys.setprofile(watch.profile)


def next_one() -> None:
    """Lets the `sitecustomize` run that this one stands before, if there is one."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [one for one in sys.path if os.path.abspath(one or ".") != here]
    own = sys.modules.pop("sitecustomize", None)
    with suppress(ImportError):
        importlib.import_module("sitecustomize")
    if own is not None:
        sys.modules["sitecustomize"] = own


if __name__ == "sitecustomize":
    next_one()
    begin()
