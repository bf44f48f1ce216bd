"""Near and simpler values of what is a text under a tag can be written, and are others."""

from __future__ import annotations

import random

import pytest

from parity.fuzz.shapes import tag_of
from parity.fuzz.tagged import any_bytes, near_tagged, simpler_tagged
from parity.model import Form
from parity.values.check import check_form
from parity.values.form import dumps

VALUES: list[Form] = [
    {"$bytes": "YWJj"},
    {"$decimal": "1.10"},
    {"$date": "2024-02-29"},
    {"$datetime": "2023-05-06T07:08:09"},
    {"$datetime": "2023-05-06T07:08:09.5+02:00"},
    {"$datetime": "2024-03-10T03:30:00-04:00[America/New_York]"},
    {"$time": "07:08:09"},
    {"$timedelta": "-90061.5"},
    {"$uuid": "12345678-1234-4234-8234-123456789abc"},
]


@pytest.mark.parametrize("form", VALUES, ids=str)
def test_what_is_near_is_of_the_same_tag_and_can_be_written(form: Form) -> None:
    near = list(near_tagged(form))
    assert len(near) > 3
    for one in (*near, *simpler_tagged(form)):
        assert tag_of(one) == tag_of(form)
        assert one != form
        check_form(one, dumps(one))


def test_the_ends_of_what_there_is_are_no_error() -> None:
    for form in (
        {"$date": "9999-12-31"},
        {"$datetime": "0001-01-01T00:00:00"},
        {"$decimal": "NaN"},
    ):
        for one in near_tagged(form):
            check_form(one, dumps(one))
    assert list(near_tagged("text")) == []


def test_bytes_by_chance_hold_broken_and_whole_characters() -> None:
    chance = random.Random(1)
    made = [any_bytes(chance) for _ in range(200)]
    assert len({str(one) for one in made}) > 100
    for one in made:
        check_form(one, dumps(one))
