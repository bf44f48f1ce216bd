"""Each cell of the type table, by the harness: what each declared type makes of each value."""

from __future__ import annotations

import pytest

from parity.model import Refused, Returned
from parity.sides.java.types import KINDS, PARAMETERS
from tests.unit.sides.java.cells import CELLS, SAMPLES, Made, declared
from tests.unit.sides.java.conftest import Java
from tests.unit.sides.java.containers import CONTAINERS
from tests.unit.sides.java.conversions import CONVERSIONS, Conversion

ROWS = [(row, kind) for row in PARAMETERS for kind in KINDS]


def params(conversions: list[Conversion]) -> list[object]:
    return [
        pytest.param(one, id=one.name.encode("ascii", "backslashreplace").decode())
        for one in conversions
    ]


@pytest.mark.parametrize(("row", "kind"), ROWS, ids=[f"{row} of {kind}" for row, kind in ROWS])
def test_a_cell(java: Java, row: str, kind: str) -> None:
    made = CELLS[row].get(kind)
    outcome = java.see(declared(row, kind), SAMPLES[kind])
    assert (made is not None) == (kind in PARAMETERS[row])
    if made is None:
        assert isinstance(outcome, Refused)
        assert outcome.parameter == "value"
        assert f"a Python {kind} is not taken by" in outcome.why
    else:
        assert isinstance(outcome, Returned)
        assert outcome.value[:2] == [made.kind, made.value]


@pytest.mark.parametrize("conversion", params(CONVERSIONS + CONTAINERS))
def test_a_conversion(java: Java, conversion: Conversion) -> None:
    outcome = java.see(conversion.declared, conversion.form)
    expected = conversion.expected
    if isinstance(expected, Made):
        assert isinstance(outcome, Returned)
        assert outcome.value[:2] == [expected.kind, expected.value]
        if conversion.elements is not None:
            assert outcome.value[2] == list(conversion.elements)
    else:
        assert isinstance(outcome, Refused)
        assert outcome.parameter == "value"
        assert expected in outcome.why
