"""How long the first input of a batch may take, in a search."""

from __future__ import annotations

from parity.model import Observation, TimedOut
from parity.pipeline.fuzz_judge import Settling


def test_the_first_input_of_all_has_the_time_of_its_unit() -> None:
    assert Settling(0.4).most(5.0) == 5.0
    assert Settling(0.4).most(0.2) == 0.2


def test_later_ones_go_by_what_loading_took() -> None:
    settling = Settling(0.4)
    settling.note([b"700000 \t1", b"9 \t1"])
    assert settling.most(5.0) == 2.8
    assert settling.most(1.0) == 1.0
    settling.note([b"20 \t1"])
    assert settling.most(5.0) == 2.8


def test_where_loading_takes_no_time_each_has_what_others_have() -> None:
    settling = Settling(0.4)
    settling.note([b"20.5 \t1"])
    assert settling.most(5.0) == 0.4


def test_what_never_answers_is_not_waited_for_again_and_again() -> None:
    settling = Settling(0.4)
    settling.note([])
    for _ in range(2):
        assert settling.most(5.0) == 5.0
        settling.note([Observation(TimedOut(5.0))])
    assert settling.most(5.0) == 0.4
