"""What every verb that runs the subjects begins with."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from parity.config import Config
from parity.pipeline.progress import Progress
from parity.sides.java.classpath import class_path
from parity.sides.java.home import java_home
from parity.values.form import RECURSION

STACK_BYTES = 256 << 20


def go_deep() -> None:
    """Lets values be walked as deeply as they may be nested, in all threads from now on."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    threading.stack_size(STACK_BYTES)


class Building:
    """The JDK and the class path of a project, with whatever has changed compiled.

    Raises ParityError where there is no JDK, or one that is too old.
    """

    def __init__(self, config: Config, progress: Progress) -> None:
        self.config = config
        self.progress = progress
        self.home = java_home(config)
        self.ending = threading.Event()
        """Set when the run is ended from outside: the build then ends as well."""
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._entries: list[Path] | None = None

    def entries(self) -> list[Path]:
        """The class path; asked for once, from whatever thread."""
        with self._lock:
            if self._entries is None:
                started = time.monotonic()
                self.progress.doing("building")
                self._entries = class_path(self.config, self.home, self.ending)
                self.seconds = time.monotonic() - started
            return self._entries
