"""Equal bytes are matched without a tree; what may mean more is looked at closely."""

from __future__ import annotations

import pytest

from parity.fixtures.lines import PlainRows, Row, plain_row, plain_rows
from parity.model import Crashed, Observation
from parity.pipeline.judging import all_same, same_answer
from parity.run.lane import Observed

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


def test_a_worker_that_says_so_is_believed_to_tell_of_nothing_else() -> None:
    text = b'{"returned":{"a":1,"args":2}}'
    assert not same_answer(None, b"1.0\t" + text, b"2.0\t" + text, recorded=False)
    assert same_answer(None, b"1.0\t" + text, b"2.0 \t" + text, recorded=False)
    assert not same_answer(None, b'1.0 \t{"returned":3}', b"2.0 \t" + text, recorded=False)


def test_only_a_result_is_believed_to_be_alone() -> None:
    text = b'{"raised":{"class":"ValueError","message":null}}'
    assert not same_answer(None, b"1.0 \t" + text, b"2.0 \t" + text, recorded=False)


def rows(*observed: str | None) -> PlainRows | list[Row]:
    """Rows of as many fixtures, with what was recorded of python."""
    lines = [f'{{"id": "n{i}", "args": [{i}]}}' for i in range(len(observed))]
    if not any(observed):
        plain = plain_rows([f"{line}\n".encode() for line in lines], 1)
        assert plain is not None
        return plain
    read = [plain_row(line, 1) for line in lines]
    return [
        row._replace(observed=text)
        for row, text in zip(read, observed, strict=True)
        if row is not None
    ]


SIX = b'2.5 \t{"returned":6}'
SEVEN = b'0.5 \t{"returned":7}'


def test_all_are_the_same_where_each_is_alone_and_equal() -> None:
    assert all_same(rows(None, None), Observed([SIX, SEVEN], [b"9" + SIX, b"9" + SEVEN]))
    recorded = rows('{"returned":6}', '{"returned":7}')
    assert all_same(recorded, Observed([SIX, SEVEN], [SIX, SEVEN]))


@pytest.mark.parametrize(
    "other",
    [SIX, FIVE, b'0.5\t{"returned":7}', b'0.5 \t{"raised":7}', CRASHED],
    ids=["unequal", "unmarked and unequal", "unmarked", "raised", "crashed"],
)
def test_one_that_is_not_has_all_looked_at(other: bytes | Observation) -> None:
    assert not all_same(rows(None, None), Observed([SIX, SEVEN], [SIX, other]))
    assert not all_same(rows(None, None), Observed([SIX, other], [SIX, SEVEN]))
    assert not all_same(rows(None, None), Observed([SIX, other], [SIX, other])) or other == SIX


def test_one_that_was_recorded_otherwise_has_all_looked_at() -> None:
    recorded = rows('{"returned":6}', '{"returned":8}')
    assert not all_same(recorded, Observed([SIX, SEVEN], [SIX, SEVEN]))


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
