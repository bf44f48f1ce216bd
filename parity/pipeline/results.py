"""What a run has found of each unit, also as JSON: for the evidence, and for other machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parity.diff import Tally
from parity.diff.settle import tally_document, tally_of
from parity.model import Trouble, Unit
from parity.pipeline.traces import Traces
from parity.run import LoadedUnit
from parity.run.sides import both


@dataclass(frozen=True, slots=True)
class Result:
    """A unit that was run: what both sides said of it, its differences, and what it rests on."""

    loaded: LoadedUnit
    tally: Tally
    traces: Traces = field(default_factory=Traces)
    classes: Mapping[str, str] = field(default_factory=dict)
    """Which Java class stands for which Python class."""

    @property
    def fixtures(self) -> int:
        """How many fixtures were run, with those that the term `domain` leaves out."""
        return self.tally.matched + self.tally.outside + self.tally.fixtures.total()


def result_document(result: Result) -> dict[str, Any]:
    """A result as JSON, less its traces."""
    return {
        "python": result.loaded.python,
        "java": result.loaded.java,
        "tally": tally_document(result.tally),
    }


def result_of(document: Mapping[str, Any], unit: Unit, most: int | None) -> Result:
    """The result that `result_document` wrote."""
    loaded = both(unit, document["python"], document["java"])
    assert not isinstance(loaded, Trouble)
    return Result(loaded, tally_of(document["tally"], unit.allowances, most))
