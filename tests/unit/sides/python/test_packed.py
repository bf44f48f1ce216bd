"""What the python worker packs where packed results are wanted, and what it says in text."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from typing import Any

import pytest

from parity.sides.answers import AnswerFile
from parity.sides.worker import observed
from tests.unit.sides.python.conftest import Opened

LARGE = {"name": "x" * 150, "numbers": list(range(40)), "share": 0.1, "none": [None, True]}
MODULE = """
    import array

    LARGE = {"name": "x" * 150, "numbers": list(range(40)), "share": 0.1, "none": [None, True]}

    def do(what, given):
        if what == "print": print("hello")
        if what == "change": given.append(1)
        if what == "raise": raise ValueError(what)
        if what == "small": return {"a": 1}
        if what == "tuple": return (LARGE, LARGE)
        if what == "array": return [LARGE, array.array("d", [1.0])] * 60
        if what == "text": return "y" * 400
        if what == "object": return [object()] + [LARGE] * 20
        if what == "long": return [LARGE] * 100
        if what == "deep":
            deep = []
            for _ in range(1500): deep = [deep]
            return [deep, "z" * 5000]
        return LARGE
"""


@pytest.fixture
def answers(opened: Opened) -> Callable[..., list[bytes]]:
    border = opened(MODULE, "do")

    def told(*whats: str, packed: bool = True) -> list[bytes]:
        lines = [{"args": [what, []]} for what in whats]
        file = AnswerFile(border.run("do", lines, packed=packed).answers)
        try:
            return file.answers()
        finally:
            file.close()

    return told


def is_packed(answer: bytes) -> bool:
    return b" \t#" in answer


def test_a_large_plain_result_is_packed_as_marshal_does(answers: Any) -> None:
    (answer,) = answers("same")
    micros, _, told = answer.partition(b"\t")
    assert told == b"#" + marshal.dumps(LARGE, 2)
    time, size = micros.split()
    assert (float(time) >= 0, int(size)) == (True, len(told) - 1)


def test_it_is_said_in_text_where_nobody_asks_for_bytes(answers: Any) -> None:
    (packed,), (text,) = answers("same"), answers("same", packed=False)
    assert not is_packed(text)
    assert observed(packed).outcome == observed(text).outcome


@pytest.mark.parametrize("what", ["small", "tuple", "array", "text", "object", "deep", "raise"])
def test_what_cannot_be_packed_or_is_not_worth_it_is_said_as_ever(answers: Any, what: str) -> None:
    (wanted,), (as_ever,) = answers(what), answers(what, packed=False)
    assert not is_packed(wanted)
    assert wanted.partition(b"\t")[2] == as_ever.partition(b"\t")[2]


@pytest.mark.parametrize("what", ["print", "change"])
def test_a_call_that_did_more_than_return_says_so_in_text(answers: Any, what: str) -> None:
    (wanted,), (as_ever,) = answers(what), answers(what, packed=False)
    assert wanted.partition(b"\t")[2] == as_ever.partition(b"\t")[2]
    assert b'"returned":{"name"' in wanted


def test_answers_of_both_kinds_stand_in_one_file(answers: Any) -> None:
    told = answers("same", "small", "same", "raise", "long", "same")
    assert list(map(is_packed, told)) == [True, False, True, False, True, True]
