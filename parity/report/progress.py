"""How far a run has come, on standard error: a display on a terminal, else a line now and then.

rich is imported when there is something to show: a run in which nothing changed does without it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

EVERY_SECONDS = 10.0
REFRESHES_PER_SECOND = 4.0


class Tallied:
    """Counts what was told; safe for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._expected: Counter[str] = Counter()
        self._judged: Counter[str] = Counter()
        self._began: float | None = None

    def expect(self, fixtures: Mapping[str, int]) -> None:
        """Adds to what is going to be judged."""
        with self._lock:
            self._expected.update(fixtures)
            if self._began is None:
                self._began = self._clock()

    def judged(self, unit: str, fixtures: int) -> None:
        """Adds to what is judged."""
        with self._lock:
            self._judged[unit] += fixtures

    @property
    def units(self) -> tuple[int, int]:
        """How many units are done, of how many."""
        judged = self._judged
        done = sum(judged[unit] >= size for unit, size in self._expected.items())
        return done, len(self._expected)

    @property
    def fixtures(self) -> tuple[int, int]:
        """How many fixtures are done, of how many; the second is not less than the first."""
        done = self._judged.total()
        return done, max(done, self._expected.total())

    @property
    def rate(self) -> float:
        """Fixtures a second since the first was expected."""
        seconds = self._clock() - self._began if self._began is not None else 0.0
        return self._judged.total() / seconds if seconds > 0 else 0.0

    def __str__(self) -> str:
        units, of_units = self.units
        fixtures, of_fixtures = self.fixtures
        return (
            f"{units:,} of {of_units:,} units, {fixtures:,} of {of_fixtures:,} fixtures, "
            f"{self.rate:,.0f}/s"
        )


class Lines:
    """A line at most every ten seconds, for the log of a build."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._tallied = Tallied(clock)
        self._lock = threading.Lock()
        self._told = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is left on the screen."""

    def doing(self, what: str) -> None:
        """Not told: each step speaks for itself when it fails."""

    def expect(self, fixtures: Mapping[str, int]) -> None:
        """Adds to what is going to be judged."""
        self._tallied.expect(fixtures)

    def judged(self, unit: str, fixtures: int) -> None:
        """Adds to what is judged, and tells it where the last line is long ago."""
        self._tallied.judged(unit, fixtures)
        with self._lock:
            now = self._clock()
            if now - self._told >= EVERY_SECONDS:
                self._told = now
                print(self._tallied, file=self._out, flush=True)


class Display:
    """A line on a terminal that moves, and is gone when the run has ended."""

    def __init__(self) -> None:
        self._tallied = Tallied()
        self._lock = threading.RLock()
        self._bars: Bars | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Takes the display away."""
        with self._lock:
            if self._bars is not None:
                self._bars.stop()

    def doing(self, what: str) -> None:
        """Shows what comes before the first fixture."""
        with self._lock:
            bars, task = self._shown()
            bars.update(task, description=what)

    def expect(self, fixtures: Mapping[str, int]) -> None:
        """Adds to what is going to be judged."""
        self._tallied.expect(fixtures)
        self._tell()

    def judged(self, unit: str, fixtures: int) -> None:
        """Adds to what is judged."""
        self._tallied.judged(unit, fixtures)
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            bars, task = self._shown()
            units, of_units = self._tallied.units
            done, total = self._tallied.fixtures
            rate = f"{self._tallied.rate:,.0f}/s" if done else ""
            what = f"{units:,} of {of_units:,} units"
            counted = f"{done:,} of {total:,} fixtures"
            bars.update(
                task, description=what, completed=done, total=total, counted=counted, rate=rate
            )

    def _shown(self) -> tuple[Bars, TaskID]:
        if self._bars is None or self._task is None:
            from rich import progress
            from rich.console import Console

            self._bars = progress.Progress(
                progress.SpinnerColumn(),
                progress.TextColumn("{task.description}"),
                progress.BarColumn(bar_width=24),
                progress.TextColumn("{task.fields[counted]}"),
                progress.TextColumn("{task.fields[rate]}"),
                progress.TimeRemainingColumn(compact=True, elapsed_when_finished=False),
                console=Console(stderr=True),
                transient=True,
                refresh_per_second=REFRESHES_PER_SECOND,
            )
            self._task = self._bars.add_task("", total=None, counted="", rate="")
            self._bars.start()
        return self._bars, self._task


class Nothing:
    """No progress at all."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is left on the screen."""

    def doing(self, what: str) -> None:
        """Not told."""

    def expect(self, fixtures: Mapping[str, int]) -> None:
        """Not told."""

    def judged(self, unit: str, fixtures: int) -> None:
        """Not told."""


Shown = Display | Lines | Nothing


def shown(*, as_json: bool, out: TextIO | None = None) -> Shown:
    """What standard error takes: with --json nothing, unless it is a terminal."""
    stream = out or sys.stderr
    if stream.isatty():
        return Display()
    return Nothing() if as_json else Lines(stream)
