"""What both sides say of a unit once it is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.model import Parameter, Trouble, Unit
from parity.run.binding import HANDLERS, Unbindable, refuse_unbindable
from parity.sides.java.side import unit_entries
from parity.sides.worker import Loaded


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
    def packs(self) -> bool:
        """Whether python gives results packed where they are wanted (docs/worker-protocol.md)."""
        return self.python is not None and bool(self.python.get("packs"))

    @property
    def printed(self) -> str:
        """What python printed while it was imported."""
        return str(self.python.get("output", "")) if self.python is not None else ""


def both(
    unit: Unit, python: Loaded | Trouble | None, java: Loaded | Trouble
) -> LoadedUnit | Trouble:
    """A loaded unit, or why it cannot be run; python is None where recordings judge."""
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


def missing_path(unit: Unit, root: Path) -> Trouble | None:
    """Why a unit cannot be run that puts something on a path which is not there."""
    for key, entries in (
        ("java_classpath", unit_entries(unit, root)),
        ("python_path", [root / entry for entry in unit.python_path]),
    ):
        for entry in entries:
            if not entry.exists():
                return Trouble(
                    what=f"`{entry}` is not there",
                    where=f'[unit."{unit.id}"] in {unit.map_file}',
                    why=f"`{key}` names it",
                    next_step=f"put it there, or mend `{key}`",
                    code="path_missing",
                )
    return None


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
            port=one.get("port"),
        )
        for one in described
    )
