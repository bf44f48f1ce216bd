"""The answer file: what is whole is read, what is not is no answer."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from parity.sides.answers import START, AnswerFile


@pytest.fixture
def file(tmp_path: Path) -> AnswerFile:
    return AnswerFile.made(tmp_path / "answers")


def write(file: AnswerFile, at: int, data: bytes) -> None:
    descriptor = os.open(file.path, os.O_RDWR)
    try:
        os.pwrite(descriptor, data, at)
    finally:
        os.close(descriptor)


def commit(file: AnswerFile, answered: int, data: bytes, started: int = 0, done: int = 0) -> None:
    write(file, START, data)
    write(file, 8, struct.pack("<QQQQ", started or answered, answered, len(data), done))


def test_a_new_file_has_no_answers(file: AnswerFile) -> None:
    assert file.answers() == []
    progress = file.progress()
    assert (progress.started, progress.answered, progress.done) == (0, 0, False)


def test_whole_answers_are_read_as_they_come(file: AnswerFile) -> None:
    commit(file, 1, b'1.0\t{"returned":1}\n')
    assert file.answers() == [b'1.0\t{"returned":1}']
    commit(file, 2, b'1.0\t{"returned":1}\n2.0\t{"returned":2}\n', started=3)
    assert file.answers() == [b'1.0\t{"returned":1}', b'2.0\t{"returned":2}']
    assert file.progress().started == 3


def test_bytes_that_were_not_committed_are_no_answer(file: AnswerFile) -> None:
    commit(file, 1, b'1.0\t{"returned":1}\n', started=2)
    write(file, START + 19, b'2.0\t{"retur')
    assert file.answers() == [b'1.0\t{"returned":1}']


def test_bytes_that_were_committed_without_being_counted_are_no_answer(file: AnswerFile) -> None:
    data = b'1.0\t{"returned":1}\n2.0\t{"returned":2}\n'
    commit(file, 1, data, started=2)
    assert file.answers() == [b'1.0\t{"returned":1}']


def test_what_the_disk_had_no_room_for_is_no_answer(file: AnswerFile) -> None:
    first, second = b'1.0\t{"returned":1}\n', b'2.0\t{"returned":2}\n'
    commit(file, 3, first + second[:4] + bytes(len(second) - 4) + second)
    assert file.answers() == [first[:-1]]
    commit(file, 2, first + bytes(len(second)))
    assert file.answers() == [first[:-1]]


def test_a_file_that_was_made_longer_is_read_on(file: AnswerFile) -> None:
    line = b"1.0\t" + b"x" * (3 << 20) + b"\n"
    commit(file, 1, line, done=1)
    assert file.answers() == [line[:-1]]
    assert file.progress().done


def test_packed_answers_say_how_long_they_are(file: AnswerFile) -> None:
    packed = b"u\x0b\x00\x00\x00a\nb\t#c\n \t#d"
    answers = [
        b'1.0\t{"raised":1}',
        b"2.0 %d \t#%b" % (len(packed), packed),
        b'3.0 \t{"returned":1}',
    ]
    commit(file, 3, b"".join(one + b"\n" for one in [*answers]))
    assert file.answers() == answers
    commit(file, 2, b"".join(one + b"\n" for one in answers))
    assert file.answers() == answers[:2]


TEXTS = [b'1.0\t{"returned":1}', b'2.5\t{"returned":[1,2]}', b'3.0\t{"raised":{}}']
PACKED = [TEXTS[0], b"1.0 5 \t#a\nb\0\t", b"2.0 3 \t#xyz", TEXTS[2]]


@pytest.mark.parametrize("answers", [TEXTS, PACKED])
def test_a_file_that_was_cut_anywhere_has_the_answers_that_are_whole(
    file: AnswerFile, answers: list[bytes]
) -> None:
    data = b"".join(answer + b"\n" for answer in answers)
    commit(file, len(answers), data)
    assert file.answers() == answers
    seen = set()
    for size in range(START + len(data), -1, -1):
        os.truncate(file.path, size)
        whole = file.answers()
        assert whole == answers[: len(whole)]
        assert sum(len(answer) + 1 for answer in whole) <= max(0, size - START)
        seen.add(len(whole))
    assert seen == set(range(len(answers) + 1))
