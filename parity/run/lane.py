"""A lane: a python worker and a java worker that run the same fixtures at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.model import Form, Observation, SideName, Trouble, Unit
from parity.run.requests import Lines
from parity.run.sides import LoadedUnit, both, missing_path
from parity.sides.java.side import java_unit, java_worker
from parity.sides.python.side import python_unit, python_worker
from parity.sides.worker import Answer, Batch, Loaded, Struck, Worker


@dataclass(frozen=True, slots=True)
class Observed:
    """What both sides answered, fixture by fixture; python is None where recordings judge."""

    python: list[Answer] | None
    java: list[Answer]


@dataclass(frozen=True, slots=True)
class Running:
    """Fixtures that both sides are running."""

    python: Future[list[Answer]] | list[Answer] | None
    java: Future[list[Answer]] | list[Answer]
    lines: Lines

    def observed(self) -> Observed:
        """What both sides answered; waits for it. Raises Stopped where the run is ended."""
        java = _result(self.java)
        python = None if self.python is None else _result(self.python)
        if len(java) < len(self.lines.java):
            answered = iter(java)
            java = [
                line if isinstance(line, Observation) else next(answered)
                for line in self.lines.java
            ]
        return Observed(python, java)


def _result(answers: Future[list[Answer]] | list[Answer]) -> list[Answer]:
    return answers.result() if isinstance(answers, Future) else answers


@dataclass(slots=True)
class Lane:
    """Two workers of one salt: it seeds the order of python's sets and of java's `Set.of`."""

    config: Config
    home: Path
    entries: Callable[[], Sequence[Path]]
    salt: int
    stop: threading.Event
    fixtures: int = 0
    cover: bool = False
    """Whether java's classes get probes that tell which branches are reached."""
    _pythons: dict[tuple[str, ...], Worker] = field(init=False)
    """By what their units put before the sources on sys.path."""
    _java: Worker = field(init=False)
    _threads: tuple[ThreadPoolExecutor, ThreadPoolExecutor] = field(init=False)

    def __post_init__(self) -> None:
        self._pythons = {}
        self._java = java_worker(
            self.config,
            self.home,
            self.entries,
            salt=self.salt,
            fixtures=self.fixtures,
            stop=self.stop,
            cover=self.cover,
        )
        self._threads = (ThreadPoolExecutor(1), ThreadPoolExecutor(1))

    def start(self) -> None:
        """Starts both processes ahead of their first use."""
        self._java.start()
        self._python(()).start()

    def renew(self) -> None:
        """Has both processes ready for the next `load`; returns at once."""
        self._threads[1].submit(self._java.renew)
        for worker in self._pythons.values():
            self._threads[0].submit(worker.renew)

    def load(self, units: Sequence[Unit]) -> dict[str, LoadedUnit | Trouble]:
        """Both sides of every unit, or why it cannot be run."""
        lacking = {unit.id: missing_path(unit, self.config.root) for unit in units}
        whole = [unit for unit in units if lacking[unit.id] is None]
        described = [java_unit(unit, self.config.root) for unit in whole]
        java = self._threads[1].submit(self._java.load, described)
        known = self._threads[0].submit(self._load_python, whole).result()
        loaded = java.result()
        return {
            unit.id: lacking[unit.id] or both(unit, known.get(unit.id), loaded[unit.id])
            for unit in units
        }

    def begin(
        self,
        loaded: LoadedUnit,
        lines: Lines,
        place: Path,
        *,
        resumed: bool,
        packed: bool = False,
    ) -> Running:
        """Lets both sides run the fixtures, behind what they have to run already.

        `packed` says that whoever reads the answers can read packed results.
        """
        packed = packed and lines.may_be_packed and loaded.packs
        if not lines.rows:
            return Running(None if loaded.python is None else [], [], lines)
        sent = [line for line in lines.java if isinstance(line, str)]
        python: Future[list[Answer]] | None = None
        java: Future[list[Answer]] | list[Answer] = []
        file = None
        if loaded.python is not None:
            file = _written(place, "python", lines.python)
            batch = self._batch(loaded, file, len(lines.python), place, resumed, packed)
            python = self._threads[0].submit(self._python(loaded.unit.python_path).observe, batch)
        if sent:
            shared = file is not None and lines.java is lines.python
            own = file if shared and file is not None else _written(place, "java", sent)
            batch = self._batch(loaded, own, len(sent), place, resumed, packed)
            java = self._threads[1].submit(self._java.observe, batch)
        return Running(python, java, lines)

    def observe(self, side: SideName, unit: Unit, batch: Batch) -> Future[list[Answer]]:
        """Lets one side run a batch, behind what it has to run already."""
        if side == "java":
            return self._threads[1].submit(self._java.observe, batch)
        return self._threads[0].submit(self._python(unit.python_path).observe, batch)

    def facts(self, unit: Unit) -> tuple[dict[str, Any], dict[str, Any]]:
        """What python and java know of a unit without calling it."""
        texts = [text for text in (unit.python, unit.python_body) if text is not None]
        worker = self._python(unit.python_path)
        python = self._threads[0].submit(worker.facts, unit.id, texts)
        java = self._threads[1].submit(self._java.facts, unit.id)
        return python.result(), java.result()

    def hold(self, unit: Unit, args: list[Form], paths: Sequence[str]) -> list[Form] | None:
        """What java's declared parameter types make of these values."""
        return self._threads[1].submit(self._java.hold, unit.id, args, paths).result()

    def ways(self, unit: Unit, lines: Sequence[str], seconds: float) -> list[list[Any]]:
        """Steps from line to line that python takes on each of these."""
        worker = self._python(unit.python_path)
        return self._threads[0].submit(worker.ways, unit.id, lines, seconds).result()

    def trials(
        self,
        unit: Unit,
        lines: Sequence[str],
        plans: Sequence[Sequence[tuple[int, str]]] | None,
        budget: float,
        chosen: Sequence[int] | None = None,
        slips: bool = False,
    ) -> dict[str, Any] | None:
        """What python does with constructs meant otherwise; see `Worker.trials`."""
        worker = self._python(unit.python_path)
        asked = (unit.id, lines, plans, budget, chosen, slips)
        return self._threads[0].submit(worker.trials, *asked).result()

    def mutants(self, batch: Batch) -> dict[str, Any] | Trouble:
        """Java's mutants of a unit, and what the batch's fixtures reach."""
        return self._threads[1].submit(self._java.mutants, batch).result()

    def strike(self, batch: Batch, lines: Sequence[str], place: Path) -> list[bytes | Struck]:
        """What mutants do on the batch's fixtures."""
        return self._threads[1].submit(self._java.strike, batch, lines, place).result()

    def kill(self) -> None:
        """Ends both processes at once; for whoever ends the run from another thread."""
        for worker in (*self._pythons.values(), self._java):
            worker.kill()

    def close(self) -> None:
        """Ends both processes."""
        self.kill()
        for threads in self._threads:
            threads.shutdown(wait=True, cancel_futures=True)
        for worker in (*self._pythons.values(), self._java):
            worker.close()

    def _python(self, path: tuple[str, ...]) -> Worker:
        """The python worker of the units that put these folders before the sources."""
        if path not in self._pythons:
            self._pythons[path] = python_worker(
                self.config, hash_seed=self.salt, path=path, stop=self.stop
            )
        return self._pythons[path]

    def _load_python(self, units: Sequence[Unit]) -> dict[str, Loaded | Trouble]:
        judged: dict[tuple[str, ...], list[Unit]] = {}
        for unit in units:
            if unit.terms.judge == "python":
                judged.setdefault(unit.python_path, []).append(unit)
        known: dict[str, Loaded | Trouble] = {}
        for path, some in judged.items():
            known |= self._python(path).load([python_unit(unit) for unit in some])
        return known

    def _batch(
        self,
        loaded: LoadedUnit,
        requests: Path,
        count: int,
        place: Path,
        resumed: bool,
        packed: bool,
    ) -> Batch:
        unit = loaded.unit
        return Batch(unit.id, requests, count, place, unit.terms.timeout, resumed, packed=packed)


def _written(place: Path, side: str, lines: Sequence[str]) -> Path:
    path = place.with_name(f"{place.name}.{side}.lines")
    path.write_text("\n".join(lines) + "\n", "ascii")
    return path
