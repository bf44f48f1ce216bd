"""`parity map`: which Java replaces which unit, read and never run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parity.config import Config
from parity.content import Content
from parity.counterparts import Counterparts
from parity.errors import ParityError, did_you_mean
from parity.ledger.matching import Matching
from parity.mapping import read_map
from parity.pipeline.collecting import without_collecting
from parity.pipeline.sources import JavaClasses, PythonSources


@without_collecting()
def counterparts(config: Config, unit_ids: Sequence[str] = ()) -> Counterparts:
    """The counterparts of a project (of some units only) and what does not fit.

    Nothing is built or run.
    """
    content = Content(config.private / "cache" / "declared.json")
    python, java = PythonSources(config, content), JavaClasses(config)
    annotated = java.annotated
    units = read_map(config, may_be_empty=True)
    matching = Matching(units, python.side(), java.index, annotated, java.looked)
    found = matching.counterparts()
    content.keep()
    return _of(found, unit_ids) if unit_ids else found


def _of(found: Counterparts, unit_ids: Sequence[str]) -> Counterparts:
    """Of all that was found what these units are in."""
    known = [*found.by_unit, *found.without]
    for unit_id in unit_ids:
        if unit_id not in known:
            raise ParityError(
                f"there is no unit `{unit_id}`",
                where=None,
                why="neither the map nor the sources have it",
                next_step=did_you_mean(unit_id, known) or "parity map lists those that there are",
            )
    return replace(
        found,
        found=tuple(one for one in found.found if one.unit in unit_ids),
        odd=tuple(one for one in found.odd if one.unit in unit_ids),
        without=tuple(one for one in found.without if one in unit_ids),
    )
