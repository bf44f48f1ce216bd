"""The units that are mapped: by a table of the map, or by `@PortedFrom` in a class file."""

from __future__ import annotations

import threading
from pathlib import Path

from parity.config import Config
from parity.errors import ConfigError, Problem
from parity.ledger.annotated import annotated_in
from parity.mapping import read_annotated, read_map
from parity.sides.java.classfiles import ClassIndex
from parity.sides.java.classpath import Maven, class_path, known_class_path
from parity.sides.java.home import java_home
from parity.units import Unit


def mapped_units(
    config: Config, *, build: bool = True, may_be_empty: bool = False
) -> tuple[Unit, ...]:
    """The units of the map, and those that class files map by `@PortedFrom`; sorted by id.

    Sources that changed and name the annotation are compiled first, where `build` allows it.
    Raises ConfigError where two classes claim one unit.
    """
    if build:
        _build_what_is_annotated(config)
    annotated = _annotated(config)
    units = read_map(config, may_be_empty=may_be_empty or bool(annotated))
    known = {name for unit in units for name in (unit.id, *unit.was)}
    said: dict[str, list[str]] = {}
    for unit_id, java in annotated:
        if unit_id not in known:
            said.setdefault(unit_id, []).append(java)
    problems = [
        Problem(f'@PortedFrom("{unit_id}")', f"two classes carry it: {', '.join(javas)}",
                "keep one, or say in the map which it is")
        for unit_id, javas in said.items()
        if len(javas) > 1
    ]  # fmt: skip
    if problems:
        raise ConfigError(str(config.root), problems, kind="annotations")
    if not said:
        return units
    more = read_annotated(config, {unit_id: javas[0] for unit_id, javas in said.items()})
    return tuple(sorted([*units, *more], key=lambda unit: unit.id))


def _annotated(config: Config) -> list[tuple[str, str]]:
    entries = known_class_path(config)
    if not entries:
        return []
    return annotated_in(ClassIndex(entries, config.private / "cache", config.root))


def _build_what_is_annotated(config: Config) -> None:
    maven = config.table.java.maven
    if maven is None:
        return
    project = Maven(config, config.root / maven, Path(), threading.Event())
    if any(file.endswith((".java", ".kt")) and _names_it(file) for file in project.unseen()):
        class_path(config, java_home(config))


def _names_it(file: str) -> bool:
    try:
        return b"@PortedFrom" in Path(file).read_bytes()
    except OSError:
        return False
