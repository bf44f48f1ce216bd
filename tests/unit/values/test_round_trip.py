"""The law of the fixture form: writing and reading a value gives the same value."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from parity.values.check import check_form, read_text
from parity.values.form import TAGS, Form, dumps, read, write
from tests.unit.values.samples import identical, resolve
from tests.unit.values.strategies import VALUES

SLOW_IS_FINE = settings(
    database=None, deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow]
)


def written_and_read(value: Any, *, aliases: bool = False) -> tuple[Form, Any]:
    """A value after a journey through text, checked on the way as a fixture file is."""
    text = dumps(write(value, exact=True, aliases=aliases))
    form = read_text(text)
    check_form(form, text)
    return form, read(form, resolve)


@SLOW_IS_FINE
@given(VALUES)
def test_writing_and_reading_is_the_identity(value: Any) -> None:
    _, again = written_and_read(value)
    assert identical(value, again, shared=False)


@SLOW_IS_FINE
@given(VALUES)
def test_reading_and_writing_is_a_fixed_point(value: Any) -> None:
    text = dumps(write(value, exact=True))
    assert dumps(write(read(json.loads(text), resolve), exact=True)) == text


def test_the_strategy_gives_every_tag_that_is_no_reference() -> None:
    met: set[str] = set()

    @settings(database=None, deadline=None, max_examples=500, derandomize=True)
    @given(VALUES)
    def look(value: Any) -> None:
        text = dumps(write(value, exact=True))
        met.update(tag for tag in TAGS if f'{{"{tag}":' in text)

    look()
    assert met == TAGS - {"$ref", "$port"}
