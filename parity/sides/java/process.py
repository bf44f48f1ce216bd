"""The process of a java worker: started when a lane needs it, or ahead of that.

A JVM takes longer to start than all of parity takes to be imported: where it is certain to be
needed, the one goes on beside the other. So this module imports little.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from parity.config import Config
from parity.errors import ParityError
from parity.sides.java.flags import MANY_FIXTURES, start_flags
from parity.sides.java.home import PACKAGE, harness_jar, java_home
from parity.sides.process import Process

MEMORY = 1 << 30
CRASH_FILE = "jvm-crash.log"
"""What the JVM has written of its last crash, below `.parity`."""

SHORT_LINE = 24  # bytes: shorter ones are rare, so that a file's size bounds its fixtures
PACKED = 100  # times the size of a packed file is what may be in it

Start = tuple[str, ...]


class Ahead:
    """Processes that were started before a lane asked for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: list[tuple[Start, Process]] = []

    def begin(self, config: Config, jobs: int) -> None:
        """Starts as many as a run on so many jobs has lanes, unless something stands in the way.

        What that is, the run itself will find and tell.
        """
        if _bytes_below(config.fixtures) > MANY_FIXTURES * SHORT_LINE:
            return  # there may be so many fixtures that the JVM takes other flags
        try:
            home = java_home(config)
            start = _start(config, home, 0)
            for _ in range(jobs):
                self._started.append((start, _process(config, home, start)))
        except (ParityError, OSError):
            return

    def take(self, start: Start) -> Process | None:
        """One that was started like this and has not been taken."""
        with self._lock:
            for index, (other, process) in enumerate(self._started):
                if other == start:
                    del self._started[index]
                    return process
        return None

    def close(self) -> None:
        """Ends those that nobody has taken."""
        with self._lock:
            for _, process in self._started:
                process.close()
            self._started.clear()


AHEAD = Ahead()


def java_process(config: Config, home: Path, fixtures: int) -> Process:
    """A process with a JVM that is to run about so many fixtures; one that is there already."""
    start = _start(config, home, fixtures)
    return AHEAD.take(start) or _process(config, home, start)


def _process(config: Config, home: Path, start: Start) -> Process:
    command = [sys.executable, "-P", "-m", "parity.sides.java.worker"]
    return Process(command, _environment(home), config.root, start)


def _start(config: Config, home: Path, fixtures: int) -> Start:
    import json

    harness = harness_jar()
    flags = [
        f"-XX:ErrorFile={config.private / CRASH_FILE}",  # not among the sources of the project
        "-XX:-CreateCoredumpOnCrash",
        *start_flags(home, harness, config.table.java.jvm_args, fixtures, MEMORY),
    ]
    return (json.dumps({"home": str(home), "harness": str(harness), "flags": flags}),)


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "JAVA_HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": str(PACKAGE.parent),
    }


def _bytes_below(folder: Path) -> int:
    """The size of all files in a folder; a packed one counts as much as may be in it."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            size = Path(place, name).stat().st_size
            total += size * PACKED if name.endswith(".zst") else size
    return total
