"""Both sides of a run: loaded once, then run unit by unit, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from parity.config import Config
from parity.model import (
    Fixture,
    Form,
    Observation,
    Parameter,
    Refused,
    Trouble,
    Unit,
)
from parity.run.binding import HANDLERS, JavaCall, Unbindable, java_line, refuse_unbindable
from parity.sides.java.side import java_unit, java_worker
from parity.sides.python.side import python_line, python_unit, python_worker
from parity.sides.worker import Loaded, Worker


@dataclass(frozen=True, slots=True)
class LoadedUnit:
    """What is known of a unit after loading; python is None where it is judged by recordings."""

    unit: Unit
    python: Loaded | None
    java: Loaded
    parameters: tuple[Parameter, ...] | None
    methods: dict[str, tuple[Parameter, ...] | None] = field(default_factory=dict)

    @property
    def is_handler(self) -> bool:
        """Whether java is a Lambda handler."""
        return self.java["kind"] in HANDLERS

    @property
    def printed(self) -> str:
        """What python printed while it was imported."""
        return str(self.python.get("output", "")) if self.python is not None else ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Both observations of one fixture; python's is None where the recording judges."""

    python: Observation | None
    java: Observation
    call: JavaCall | None


@dataclass(slots=True)
class Sides:
    """The workers of both sides. `salt` 0 is the first run, 1 the one that shows wobble."""

    config: Config
    home: Path
    entries: Sequence[Path]
    salt: int = 0
    _python: Worker = field(init=False)
    _java: Worker = field(init=False)
    _threads: tuple[ThreadPoolExecutor, ThreadPoolExecutor] = field(init=False)

    def __post_init__(self) -> None:
        self._python = python_worker(self.config, hash_seed=self.salt)
        self._java = java_worker(self.config, self.home, self.entries, salt=self.salt)
        self._threads = (ThreadPoolExecutor(1), ThreadPoolExecutor(1))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._python.close()
            self._java.close()
        for threads in self._threads:
            threads.shutdown(wait=True, cancel_futures=True)
        self._python.close()
        self._java.close()

    @property
    def versions(self) -> tuple[str, str]:
        """Versions of Python and Java, once something was loaded."""
        return self._python.version, self._java.version

    def load(self, units: Sequence[Unit]) -> dict[str, LoadedUnit | Trouble]:
        """Both sides of every unit, or why it cannot be run."""
        judged = [unit for unit in units if unit.terms.judge == "python"]
        python = self._threads[0].submit(self._load, self._python, list(map(python_unit, judged)))
        java = self._threads[1].submit(self._load, self._java, list(map(java_unit, units)))
        return {
            unit.id: _both(unit, python.result().get(unit.id), java.result()[unit.id])
            for unit in units
        }

    def observe(self, loaded: LoadedUnit, fixtures: Sequence[Fixture]) -> Running:
        """Both sides on the fixtures, running behind the caller's back."""
        calls = [_call(loaded, fixture) for fixture in fixtures]
        unit = loaded.unit
        lines = [call.line for call in calls if isinstance(call, JavaCall)]
        java = self._threads[1].submit(self._run, self._java, unit, lines)
        python: Future[list[Observation]] | None = None
        if loaded.python is not None:
            lines = [python_line(fixture) for fixture in fixtures]
            python = self._threads[0].submit(self._run, self._python, unit, lines)
        return Running(python, java, calls)

    def hold(self, unit: Unit, args: list[Form], paths: Sequence[str]) -> list[Form] | None:
        """What java's declared parameter types make of these values."""
        return self._threads[1].submit(self._java.hold, unit.id, args, paths).result()

    def _load(self, worker: Worker, units: list[dict[str, Any]]) -> dict[str, Loaded | Trouble]:
        return worker.load(units) if units else {}

    def _run(self, worker: Worker, unit: Unit, lines: list[str]) -> list[Observation]:
        return worker.run(unit.id, lines, unit.terms.timeout) if lines else []


class Running:
    """Fixtures that are being run on both sides."""

    def __init__(
        self,
        python: Future[list[Observation]] | None,
        java: Future[list[Observation]],
        calls: Sequence[JavaCall | Refused],
    ) -> None:
        self._python = python
        self._java = java
        self._calls = calls

    def pairs(self) -> list[Pair]:
        """Both observations of each fixture, in order; waits for them."""
        java = iter(self._java.result())
        python = self._python.result() if self._python is not None else None
        pairs = []
        for index, call in enumerate(self._calls):
            mine = python[index] if python is not None else None
            if isinstance(call, JavaCall):
                pairs.append(Pair(mine, next(java), call))
            else:
                pairs.append(Pair(mine, Observation(call), None))
        return pairs


def _call(loaded: LoadedUnit, fixture: Fixture) -> JavaCall | Refused:
    if loaded.java["kind"] == "class" and fixture.steps is None:
        why = f"`{loaded.unit.java}` is a class: name its method with #, or give steps"
        return Refused(None, None, why)
    try:
        return java_line(loaded.unit, fixture, loaded.java, loaded.parameters, loaded.methods)
    except Unbindable as error:
        return Refused(None, None, str(error))


def _both(
    unit: Unit, python: Loaded | Trouble | None, java: Loaded | Trouble
) -> LoadedUnit | Trouble:
    if isinstance(python, Trouble):
        return python
    if isinstance(java, Trouble):
        return java
    if python is None:
        names = tuple(Parameter(name, "positional") for name in unit.parameters) or None
        return _bindable(LoadedUnit(unit, None, java, names))
    methods = {
        name: _parameters(described) for name, described in python.get("methods", {}).items()
    }
    return _bindable(LoadedUnit(unit, python, java, _parameters(python["parameters"]), methods))


def _bindable(loaded: LoadedUnit) -> LoadedUnit | Trouble:
    unit = loaded.unit
    try:
        refuse_unbindable(unit, loaded.java, loaded.parameters)
    except Unbindable as error:
        return Trouble(
            what=f"java cannot be given the arguments of `{unit.id}`",
            where=f'[unit."{unit.id}"] in {unit.map_file}',
            why=str(error),
            next_step="mend the unit in the map",
            code="unbindable",
        )
    return loaded


def _parameters(described: list[dict[str, Any]] | None) -> tuple[Parameter, ...] | None:
    if described is None:
        return None
    return tuple(
        Parameter(
            name=one["name"],
            kind=one["kind"],
            has_default="default" in one,
            default=one.get("default"),
            formless=one.get("formless"),
            supplied=one.get("supplied", False),
        )
        for one in described
    )
