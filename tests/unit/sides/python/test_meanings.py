"""What Java's formats make of values, for each construct that is meant otherwise."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parity.sides.python.meanings.formats import one, spec


def meant(value: object, text: str) -> dict[str, str]:
    return {key: thunk() for key, thunk in spec(value, text)}


@pytest.mark.parametrize("value", [Decimal("10.125"), 10.125])
def test_a_format_of_two_places_is_rounded_half_up(value: object) -> None:
    assert format(value, ">10,.2f") == "     10.12"
    assert meant(value, ">10,.2f")["format-rounding/half-up"] == "     10.13"


def test_a_decimal_keeps_all_of_its_digits() -> None:
    value = Decimal("12345678901234567890.125")
    assert meant(value, ",.2f")["format-rounding/half-up"] == "12,345,678,901,234,567,890.13"
    assert meant(Decimal("0.00125"), ".2%")["format-rounding/percent"] == "0.13%"
    assert meant(value, ",.2f")["format-grouping/none"] == "12345678901234567890.12"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert not [key for key, _ in one("f", Decimal(text), 2)]
