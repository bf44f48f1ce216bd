"""What whoever recorded is told besides the numbers."""

from __future__ import annotations

from parity.model import Recorded, RecordedUnit, Unit
from parity.report.recording import record_hints


def test_a_unit_that_leaves_something_behind_is_to_be_run_input_by_input() -> None:
    names = ("kept", "other")
    units = tuple(RecordedUnit(Unit(one, ""), calls=1, apart=one == "kept") for one in names)
    (hint,) = record_hints(Recorded(units, 0, 1.0, 1, 1.0, 0.0))
    assert hint.startswith("kept: ")
    assert 'isolate = "fixture"' in hint
