"""What is known from earlier runs: a unit whose evidence still holds is not run again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from parity import evidence
from parity.config import Config
from parity.evidence import Basis, Evidence
from parity.model import Unit, UnitReport
from parity.pipeline.results import Result, result_document, result_of
from parity.sides.java.home import harness_jar
from parity.sides.java.side import unit_entries
from parity.sides.python.side import environment, interpreter

PASSING = frozenset({"crashed", "timeout", "unstable", "harness"})
"""Kinds of differences that the next run may not see: they are looked at anew each time."""


@dataclass(slots=True)
class Known:
    """The evidence of a project's units; `entries` gives the class path, built."""

    config: Config
    home: Path
    entries: Callable[[], Sequence[Path]]
    most: int | None
    _kept: dict[str, Evidence] = field(default_factory=dict)
    _basis: Basis | None = None

    def look_up(self, units: Sequence[Unit]) -> bool:
        """Whether there is evidence of every unit, be it stale or not."""
        for unit in units:
            kept = evidence.load(self.config, unit)
            if kept is not None:
                self._kept[unit.id] = kept
        return len(self._kept) == len(units)

    def look_at_files(self) -> None:
        """Notes the time: what is changed from now on is not what the units run on."""
        _ = self.basis

    def results(self, units: Sequence[Unit]) -> dict[str, Result]:
        """The results of the units whose evidence holds."""
        found = {}
        for unit in units:
            kept = self._kept.get(unit.id)
            if kept is not None and evidence.holds(kept, self.basis, unit):
                found[unit.id] = result_of(kept.result, unit, self.most)
        return found

    def keep(self, units: Mapping[str, Unit], results: Mapping[str, Result]) -> None:
        """Makes evidence of what was found; drops what the next run may not find again."""
        for unit_id, result in results.items():
            unit = units[unit_id]
            if PASSING & set(result.tally.kinds):
                evidence.forget(self.config, unit)
                self._kept.pop(unit_id, None)
                continue
            traces = result.traces
            python = [traces.python, {"files": self._own_entries(unit)}]
            document = result_document(result)
            taken = evidence.take(self.basis, unit, python, [traces.java], document)
            evidence.save(self.config, taken)
            self._kept[unit_id] = taken
        self.basis.keep()

    def commit(
        self, reports: Sequence[UnitReport], units: Sequence[Unit], *, all_ran: bool
    ) -> None:
        """Writes the files that are to be committed; where all units ran, no others are left."""
        for report in reports:
            kept = self._kept.get(report.unit.id)
            proof = evidence.committed.proof_of(report, kept, self.basis)
            evidence.committed.write(self.config, proof)
        if all_ran:
            evidence.committed.forget_others(self.config, units)

    @property
    def basis(self) -> Basis:
        """What all units rest on, as it is when it is first asked for."""
        if self._basis is None:
            self._basis = Basis(
                config=self.config,
                home=self.home,
                entries=self.entries(),
                env=environment(self.config, 0),
                harness=harness_jar(),
                interpreter_path=interpreter(self.config),
            )
        return self._basis

    def _own_entries(self, unit: Unit) -> list[str]:
        """Files and folders of a class path that only this unit has."""
        found = []
        for place in unit_entries(unit, self.config.root):
            found.append(str(place))  # of a folder: the names in it
            for folder, folders, files in os.walk(place):
                found += [str(Path(folder, name)) for name in (*folders, *files)]
        return found
