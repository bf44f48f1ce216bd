"""`parity record`: the mapped units of a program are watched, and what they were given is kept."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.diff import Judge
from parity.errors import ParityError
from parity.fixtures import read_fixtures
from parity.model import Observation, Recorded, Unit
from parity.pipeline.units import Selection, selected_units
from parity.record import Keeping, read_events, record_events, record_files, standalone
from parity.record import record as run_recorded
from parity.values.form import RECURSION


def record(
    config: Config,
    unit_ids: Sequence[str],
    command: Sequence[str],
    *,
    most: int = 200,
    anew: bool = False,
    share: float | None = None,
    masked: bool = True,
    patience: float | None = None,
) -> Recorded:
    """Runs a program with units watched and keeps what they were given as fixtures; ends it where
    it does nothing for `patience` seconds.

    Raises ParityError on bad use, and where no unit can be watched.
    """
    units = _watchable(config, unit_ids)
    keeping = Keeping(_agrees, most, anew, share, masked)
    return run_recorded(config, units, command, keeping, patience)


def record_from(
    config: Config,
    unit_ids: Sequence[str],
    places: Sequence[Path],
    *,
    most: int = 200,
    anew: bool = False,
) -> Recorded:
    """Keeps what was recorded elsewhere, or by a recording that was killed."""
    units = _watchable(config, unit_ids)
    return record_files(config, units, places, Keeping(_agrees, most, anew))


def record_from_events(
    config: Config,
    unit_ids: Sequence[str],
    files: Sequence[Path],
    *,
    member: str | None = None,
    most: int = 200,
    anew: bool = False,
    masked: bool = True,
) -> Recorded:
    """Keeps the events of a log as inputs of one unit. `member` is where a line holds its event."""
    units = _watchable(config, unit_ids)
    if len(unit_ids) != 1:
        raise ParityError(
            "a log holds the events of one unit",
            where=None,
            why=f"{len(unit_ids)} units are named",
            next_step="name it: parity record --events FILE --unit module:handler",
        )
    events = read_events(files, member)
    return record_events(config, units[0], events, Keeping(_agrees, most, anew, masked=masked))


def write_standalone(
    config: Config,
    unit_ids: Sequence[str],
    file: Path,
    *,
    share: float | None = None,
    masked: bool = True,
) -> list[str]:
    """Writes a program that records without parity, on Python 3.6 or newer; gives the units."""
    units = _watchable(config, unit_ids)
    text = standalone(config, units, Keeping(_agrees, share=share, masked=masked))
    file.touch(0o700)
    file.write_text(text, "utf-8")
    return [unit.id for unit in units if unit.reference]


def _watchable(config: Config, unit_ids: Sequence[str]) -> list[Unit]:
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    units = selected_units(config, Selection(units=tuple(unit_ids)))
    if not any(unit.reference for unit in units):
        raise ParityError(
            "there is nothing to watch",
            where=", ".join(str(file) for file in config.map_files()),
            why="every unit is an expression, which no program calls",
            next_step='map a callable: [unit."module:function"]',
        )
    for unit in units:
        read_fixtures(config.fixtures, unit)  # what is wrong there is told before anything runs
    return units


def _agrees(unit: Unit, observed: Mapping[str, Any], python: Observation) -> bool:
    """Whether a run would find nothing of kind `recording`."""
    return not Judge(unit.terms).recording(python, observed)
