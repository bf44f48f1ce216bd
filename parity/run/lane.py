"""A lane: a python worker and a java worker that run the same fixtures at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from parity.config import Config
from parity.model import Form, Observation, Trouble, Unit
from parity.run.requests import Request
from parity.run.sides import LoadedUnit, both
from parity.sides.java.side import java_unit, java_worker
from parity.sides.python.side import python_unit, python_worker
from parity.sides.worker import Answer, Batch, Worker


@dataclass(frozen=True, slots=True)
class Observed:
    """What both sides answered, fixture by fixture; python is None where recordings judge."""

    python: list[Answer] | None
    java: list[Answer]


@dataclass(slots=True)
class Lane:
    """Two workers of one salt: it seeds the order of python's sets and of java's `Set.of`."""

    config: Config
    home: Path
    entries: Callable[[], Sequence[Path]]
    salt: int
    stop: threading.Event
    fixtures: int = 0
    _python: Worker = field(init=False)
    _java: Worker = field(init=False)
    _threads: tuple[ThreadPoolExecutor, ThreadPoolExecutor] = field(init=False)

    def __post_init__(self) -> None:
        self._python = python_worker(self.config, hash_seed=self.salt, stop=self.stop)
        self._java = java_worker(
            self.config,
            self.home,
            self.entries,
            salt=self.salt,
            fixtures=self.fixtures,
            stop=self.stop,
        )
        self._threads = (ThreadPoolExecutor(1), ThreadPoolExecutor(1))

    def start(self) -> None:
        """Starts both processes ahead of their first use."""
        self._java.start()
        self._python.start()

    @property
    def versions(self) -> tuple[str, str]:
        """Versions of Python and Java, once something was loaded."""
        return self._python.version, self._java.version

    def load(self, units: Sequence[Unit]) -> dict[str, LoadedUnit | Trouble]:
        """Both sides of every unit, or why it cannot be run."""
        judged = [python_unit(unit) for unit in units if unit.terms.judge == "python"]
        described = [java_unit(unit, self.config.root) for unit in units]
        java = self._threads[1].submit(self._java.load, described)
        python = self._threads[0].submit(self._python.load, judged) if judged else None
        known = python.result() if python is not None else {}
        loaded = java.result()
        return {unit.id: both(unit, known.get(unit.id), loaded[unit.id]) for unit in units}

    def observe(
        self, loaded: LoadedUnit, requests: Sequence[Request], place: Path, *, resumed: bool
    ) -> Observed:
        """Both sides on the fixtures. Raises Stopped where the run is ended from outside."""
        if not requests:
            return Observed([] if loaded.python is not None else None, [])
        sent = [one.java for one in requests if isinstance(one.java, str)]
        shared = len(sent) == len(requests) and all(one.python == one.java for one in requests)
        python: Future[list[Answer]] | None = None
        lines = None
        if loaded.python is not None:
            lines = _written(place, "python", [one.python for one in requests])
            batch = self._batch(loaded, lines, len(requests), place, resumed)
            python = self._threads[0].submit(self._python.observe, batch)
        java: Future[list[Answer]] | None = None
        if sent:
            file = lines if lines is not None and shared else _written(place, "java", sent)
            batch = self._batch(loaded, file, len(sent), place, resumed)
            java = self._threads[1].submit(self._java.observe, batch)
        answered = iter(java.result() if java is not None else [])
        return Observed(
            python.result() if python is not None else None,
            [one.java if isinstance(one.java, Observation) else next(answered) for one in requests],
        )

    def hold(self, unit: Unit, args: list[Form], paths: Sequence[str]) -> list[Form] | None:
        """What java's declared parameter types make of these values."""
        return self._threads[1].submit(self._java.hold, unit.id, args, paths).result()

    def kill(self) -> None:
        """Ends both processes at once; for whoever ends the run from another thread."""
        self._python.kill()
        self._java.kill()

    def close(self) -> None:
        """Ends both processes."""
        self.kill()
        for threads in self._threads:
            threads.shutdown(wait=True, cancel_futures=True)
        self._python.close()
        self._java.close()

    def _batch(
        self, loaded: LoadedUnit, requests: Path, count: int, place: Path, resumed: bool
    ) -> Batch:
        unit = loaded.unit
        return Batch(unit.id, requests, count, place, unit.terms.timeout, resumed)


def _written(place: Path, side: str, lines: Sequence[str]) -> Path:
    path = place.with_name(f"{place.name}.{side}.lines")
    path.write_text("\n".join(lines) + "\n", "ascii")
    return path
