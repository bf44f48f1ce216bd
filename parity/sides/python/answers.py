"""The answer file of a batch: mapped, so that what was committed outlives this process."""

import mmap
import os
from typing import List, Union

from .tracing import TRACER

HEADER = 64
STARTED, ANSWERED, LENGTH, DONE, PHASE, TRACE = 1, 2, 3, 4, 5, 7


class Answers:
    """Commits one answer after the other into a mapped file, without a system call for each."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = os.stat(path).st_size
        self.maps: List[mmap.mmap] = []
        self._map()
        self.end = HEADER + self.header[LENGTH]
        self.answered = self.header[ANSWERED]

    def commit(self, answer: Union[str, bytes]) -> None:
        """Adds an answer: its bytes first, then what says that they are whole."""
        data = answer if type(answer) is bytes else answer.encode("ascii")  # type: ignore
        end = self.end + len(data)
        if end > self.size:
            self._grow(end)
        self.mapped[self.end : end] = data
        self.end = end
        header = self.header
        header[LENGTH] = end - HEADER
        self.answered += 1
        header[ANSWERED] = self.answered

    def add_trace(self, trace: str) -> None:
        """Writes what the batch rests on behind the last answer."""
        data = trace.encode("ascii")
        start = HEADER + self.header[LENGTH]  # copies of this process may have answered, too
        end = start + len(data)
        if end > self.size:
            self._grow(end)
        self.mapped[start:end] = data
        self.header[TRACE] = len(data)

    def _grow(self, least: int) -> None:
        while self.size < least:
            self.size *= 2
        with TRACER.paused():
            os.truncate(self.path, self.size)
            self._map()

    def _map(self) -> None:
        descriptor = os.open(self.path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
        try:
            self.mapped = mmap.mmap(descriptor, self.size)
        finally:
            os.close(descriptor)
        # Closing a map closes the number of its descriptor, which the unit may have closed and
        # opened for itself by then: all of them stay.
        self.maps.append(self.mapped)
        self.header = memoryview(self.mapped)[:HEADER].cast("Q")
