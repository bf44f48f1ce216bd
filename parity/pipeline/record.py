"""`parity record`: the mapped units of a program are watched, and what they were given is kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from parity.config import Config
from parity.errors import ParityError
from parity.fixtures import read_fixtures
from parity.model import Recorded
from parity.pipeline.units import Selection, selected_units
from parity.record import record as run_recorded
from parity.values.form import RECURSION


def record(
    config: Config,
    unit_ids: Sequence[str],
    command: Sequence[str],
    *,
    most: int = 200,
    anew: bool = False,
) -> Recorded:
    """Runs a program with units watched and keeps what they were given as fixtures.

    Raises ParityError on bad use, and where no unit can be watched.
    """
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
    return run_recorded(config, units, command, most=most, anew=anew)
