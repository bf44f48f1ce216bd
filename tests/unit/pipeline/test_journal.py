"""What a run has written down is believed where it is whole, and nowhere else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from parity.pipeline.journal import Journal
from parity.sides.answers import START, AnswerFile
from tests.unit.sides.test_answers import commit


@dataclass
class PieceOf:
    """All that a journal asks of a piece."""

    index: int


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def answered(folder: Path, name: str, count: int) -> None:
    file = AnswerFile.made(folder / f"{name}.answers")
    commit(file, count, b"1.0\t{}\n" * count)
    file.close()


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
    for number, start in enumerate(("0000000", "0000003", "0000009")):
        answered(journal.folder, f"000001.first.python.{start}", 3 if number < 2 else 0)
    whole = journal.folder / "000001.first.python.0000000.trace"
    whole.write_text(json.dumps(trace), "ascii")
    alone = journal.folder / "000001.first.python.0000008.trace"  # of a fixture that ran alone
    alone.write_text(json.dumps(trace), "ascii")
    told = journal.traces(PieceOf(1))  # type: ignore[arg-type]
    unknown = {"beyond": ["whatever was done by a process that was ended"]}
    assert told == {"python": [trace, trace, unknown], "java": []}
    for size in range(whole.stat().st_size - 1, -1, -1):
        os.truncate(whole, size)
        told = journal.traces(PieceOf(1))  # type: ignore[arg-type]
        assert told == {"python": [trace, unknown, unknown], "java": []}


def test_an_answer_file_that_lost_its_head_has_no_answers(journal: Journal) -> None:
    answered(journal.folder, "000001.first.java.0000000", 3)
    path = journal.folder / "000001.first.java.0000000.answers"
    os.truncate(path, START - 10)
    assert journal.traces(PieceOf(1)) == {"python": [], "java": []}  # type: ignore[arg-type]
