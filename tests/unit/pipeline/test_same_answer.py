"""Equal bytes are matched without a tree; what may mean more is looked at closely."""

from __future__ import annotations

import pytest

from parity.model import Crashed, Observation
from parity.pipeline.judging import same_answer

FIVE = b'1.5\t{"returned":5}'
CRASHED = Observation(Crashed("it ended with status 3"))


def test_equal_results_are_the_same_whatever_time_they_took() -> None:
    assert same_answer(None, b'9.0\t{"returned":5}', FIVE, recorded=False)


@pytest.mark.parametrize(
    "python",
    [
        b'1.5\t{"returned":5.0}',
        b'1.5\t{"returned":"5"}',
        b'1.5\t{"returned":15}',
        b'1.5\t{"raised":{"class":"ValueError"}}',
        CRASHED,
    ],
)
def test_anything_else_is_not(python: bytes | Observation) -> None:
    assert not same_answer(None, python, FIVE, recorded=False)
    if isinstance(python, bytes):
        assert not same_answer(None, FIVE, python, recorded=False)


@pytest.mark.parametrize(
    "text",
    [
        b'{"returned":null,"args":[[1]]}',
        b'{"returned":null,"kwargs":{"a":1}}',
        b'{"returned":null,"self":{}}',
        b'{"returned":null,"output":{"out":"x","err":""}}',
        b'{"raised":{"class":"ValueError","message":null}}',
        b'{"steps":[{"returned":1}]}',
        b'{"fault":"the worker failed"}',
        b'{"formless":{"path":"$","type":"x","why":"y"}}',
    ],
)
def test_equal_bytes_that_say_more_than_a_result_are_looked_at(text: bytes) -> None:
    assert not same_answer(None, b"1.0\t" + text, b"2.0\t" + text, recorded=False)


def test_two_crashes_are_not_the_same() -> None:
    assert not same_answer(None, CRASHED, CRASHED, recorded=False)


def test_what_was_recorded_counts_too() -> None:
    assert same_answer('{"returned":5}', FIVE, FIVE, recorded=False)
    assert not same_answer('{"returned":6}', FIVE, FIVE, recorded=False)
    assert not same_answer('{"returned":5,"args":[]}', FIVE, FIVE, recorded=False)


def test_without_python_the_recording_decides_and_nothing_else() -> None:
    assert same_answer('{"returned":5}', None, FIVE, recorded=True)
    assert not same_answer('{"returned":6}', None, FIVE, recorded=True)
    assert not same_answer(None, None, FIVE, recorded=True)
