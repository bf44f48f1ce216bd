"""What whoever recorded is told besides the numbers."""

from __future__ import annotations

from parity.model import Recorded, RecordedUnit, Unit
from parity.report.recording import record_hints


def test_a_unit_that_leaves_something_behind_is_to_be_run_input_by_input() -> None:
    units = tuple(RecordedUnit(Unit(name), calls=1, apart=name == "kept") for name in ("kept", "b"))
    (hint,) = record_hints(Recorded(units, 0, 1.0, 1, 1.0, 0.0))
    assert hint.startswith("kept: ")
    assert 'isolate = "fixture"' in hint
