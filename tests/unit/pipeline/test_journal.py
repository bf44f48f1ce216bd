"""What a run has written down is believed where it is whole, and nowhere else."""

from __future__ import annotations

import json
import os
import struct
from dataclasses import dataclass
from pathlib import Path

import pytest

from parity.pipeline.journal import Journal
from parity.sides.answers import START, AnswerFile
from tests.unit.sides.test_answers import commit, write

TRACE_LENGTH = 56


@dataclass
class PieceOf:
    """All that a journal asks of a piece."""

    index: int


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def answered(folder: Path, name: str, count: int, trace: bytes = b"") -> Path:
    """An answer file; one with a trace is of a batch that has come to its end."""
    file = AnswerFile.made(folder / name)
    data = b"1.0\t{}\n" * count
    commit(file, count, data, done=bool(trace))
    write(file, START + len(data), trace)
    write(file, TRACE_LENGTH, struct.pack("<Q", len(trace)))
    file.close()
    os.truncate(file.path, START + len(data) + len(trace))
    return file.path


def test_a_judged_piece_that_was_cut_anywhere_is_not_judged(journal: Journal) -> None:
    document = {"votes": [], "tally": {"matched": 3}, "traces": {"python": [], "java": []}}
    journal.keep(PieceOf(4), document)  # type: ignore[arg-type]
    assert journal.judged() == {4: document}
    path = journal.folder / "000004.judged"
    for size in range(path.stat().st_size - 1, -1, -1):
        os.truncate(path, size)
        assert journal.judged() == {}


def test_answers_without_a_whole_trace_say_that_something_is_not_known(journal: Journal) -> None:
    trace = {"modules": {"shop": "/shop.py"}}
    told = json.dumps(trace).encode("ascii")
    whole = answered(journal.folder, "000001.first.python.0000000.answers", 3, told)
    answered(journal.folder, "000001.first.python.0000003.answers", 3)
    answered(journal.folder, "000001.first.python.0000006.once", 1, told)
    answered(journal.folder, "000001.first.python.0000009.answers", 0)
    piece = PieceOf(1)
    unknown = {"beyond": ["whatever was done by a process that was ended"]}
    assert journal.traces(piece) == {"python": [trace, unknown, trace], "java": []}  # type: ignore[arg-type]
    for lost in range(1, len(told) + 1):
        os.truncate(whole, whole.stat().st_size - 1)
        found = journal.traces(piece)["python"]  # type: ignore[arg-type]
        assert found == [unknown, unknown, trace], lost


def test_an_answer_file_that_lost_its_head_has_no_answers(journal: Journal) -> None:
    path = answered(journal.folder, "000001.first.java.0000000.answers", 3, b"{}")
    os.truncate(path, START - 10)
    assert journal.traces(PieceOf(1)) == {"python": [], "java": []}  # type: ignore[arg-type]
