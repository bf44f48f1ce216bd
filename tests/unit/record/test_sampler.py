"""Calls are taken that look new, of the others fewer, within a share of the processor's time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from parity.record.hook._parity_sample import (
    FIRSTS,
    LOOKS,
    MOST_VALUES,
    OTHERS,
    Board,
    Sampled,
    Sampler,
    Taken,
    size_of,
)


class Unit:
    """What a sampler asks of a unit."""

    def __init__(self, name: str = "shop:price") -> None:
        self.id = name
        self.sampled = Sampled()
        self.calls = 0

    def wanted(self, sampler: Sampler, *args: Any) -> Taken | None:
        self.calls += 1
        return sampler.wants(self, args, {})


class Order:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


@pytest.fixture
def sampler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sampler:
    monkeypatch.setattr(time, "process_time", lambda: 10.0)
    return Sampler(0.35, time.perf_counter(), Board(str(tmp_path)))  # 3.55 s: looks 1.42


def taken(sampler: Sampler, calls: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    unit = Unit()
    return [args for args in calls if unit.wanted(sampler, *args) is not None]


def test_names_that_go_on_for_ever_are_one_outline(sampler: Sampler) -> None:
    calls = [(f"endpoint-{n:05}", "move") for n in range(5_000)]
    assert len(taken(sampler, calls)) < 4 * MOST_VALUES


def test_a_word_that_is_rare_is_taken(sampler: Sampler) -> None:
    calls = [(f"endpoint-{n:05}", "move") for n in range(5_000)]
    calls[3_000] = ("endpoint-03000", "cancel")
    calls[3_500] = ("endpoint-03500", None)  # type: ignore[assignment]
    assert {calls[3_000], calls[3_500]} <= set(taken(sampler, calls))


def test_members_and_lengths_tell_inputs_apart(sampler: Sampler) -> None:
    calls: list[tuple[Any, ...]] = [({"id": n, "rows": [n]},) for n in range(500)]
    odd: list[tuple[Any, ...]] = [
        ({"id": 1, "rows": [1], "limit": 2},),
        ({"id": 1, "rows": []},),
        ({"id": 1, "rows": [1, 2]},),
        ({"id": -5, "rows": [1]},),
        ({"id": 1, "rows": [None]},),
        ({"id": 1.5, "rows": [1]},),
    ]
    kept = taken(sampler, calls + odd)
    assert all(one in kept for one in odd)
    assert len(kept) < 100


def test_the_state_of_an_object_counts(sampler: Sampler) -> None:
    calls: list[tuple[Any, ...]] = [(Order(id=f"o{n}", state="open"),) for n in range(500)]
    paid = (Order(id="o1", state="paid"),)
    kept = taken(sampler, [*calls, paid])
    assert kept[-1] is paid
    assert len(kept) < 100


def test_the_first_of_a_unit_is_taken_whatever_was_spent(sampler: Sampler) -> None:
    sampler.spent = [9.0, 9.0, 9.0]
    unit = Unit()
    first = unit.wanted(sampler, 1)
    assert first is not None
    assert first.pot == FIRSTS
    assert unit.wanted(sampler, 1, 2) is None


def test_beyond_the_share_nothing_else_is_taken(sampler: Sampler) -> None:
    unit = Unit()
    unit.wanted(sampler, 1, "a")
    sampler.spent[OTHERS] = 2.12
    assert unit.wanted(sampler, 1, "b") is not None
    sampler.spent[OTHERS] = 2.14
    assert unit.wanted(sampler, 1, "c") is None
    sampler.spent[OTHERS] = 0.0
    assert unit.wanted(sampler, 1, "d") is not None


def test_one_unit_takes_no_more_than_half_of_what_is_there(sampler: Sampler) -> None:
    greedy, other = Unit("shop:greedy"), Unit("shop:other")
    for unit in (greedy, other):
        unit.wanted(sampler, 1, "a")
    greedy.sampled.seconds = 1.07
    assert greedy.wanted(sampler, 1, "b") is None
    assert other.wanted(sampler, 1, "b") is not None


def test_what_will_take_too_long_is_left_while_what_is_short_is_taken(sampler: Sampler) -> None:
    unit = Unit()
    first = unit.wanted(sampler, list(range(100)))
    sampler.spend(0.1, unit.sampled, first, ended=True)  # a millisecond a part
    assert unit.wanted(sampler, list(range(5_000))) is None
    assert unit.wanted(sampler, list(range(5))) is not None


def test_what_is_as_large_as_what_was_too_large_is_left(sampler: Sampler) -> None:
    unit = Unit()
    unit.wanted(sampler, "a")
    unit.sampled.too_large = 50.0
    assert unit.wanted(sampler, list(range(100))) is None
    assert unit.wanted(sampler, list(range(10))) is not None


def test_who_is_looked_at_too_much_is_not_for_a_while(sampler: Sampler) -> None:
    unit, other = Unit("shop:often"), Unit("shop:seldom")
    for one in (unit, other):
        one.wanted(sampler, 1)
    sampler.spent[LOOKS] = unit.sampled.looking = 0.72  # more than half of what may go into it
    assert other.wanted(sampler, 1, 2) is not None
    assert not sampler.is_closed(other.sampled)
    assert unit.wanted(sampler, 1, 2) is None
    assert sampler.is_closed(unit.sampled)
    assert not sampler.is_closed(Unit("shop:new").sampled)  # its first call is taken all the same


def test_what_another_process_has_taken_is_not_taken_again(tmp_path: Path) -> None:
    one, other = (Sampler(1.0, time.perf_counter(), Board(str(tmp_path))) for _ in range(2))
    assert Unit().wanted(one, 1, "a") is not None
    unit = Unit()
    assert unit.wanted(other, 1, "a") is None
    assert unit.wanted(other, 1, None) is not None


def test_where_a_value_stands_on_the_board_hangs_on_the_key(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        Board(str(tmp_path / name), name.encode()).takes("shop:price", "ann@corp.example")
    one, other = ((tmp_path / name / "board").read_bytes() for name in ("one", "other"))
    assert sum(one) == sum(other) == 1
    assert one.index(1) != other.index(1)


def test_a_board_that_cannot_be_shared_is_a_process_own(tmp_path: Path) -> None:
    board = Board(str(tmp_path / "absent"))
    assert [board.takes("a"), board.takes("a"), board.takes("b")] == [True, False, True]


def test_what_cannot_be_looked_at_is_sampled_all_the_same(sampler: Sampler) -> None:
    class Odd(dict):  # type: ignore[type-arg]
        __hash__ = None  # type: ignore[assignment]

        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert taken(sampler, [(Odd(),)] * 3)


def test_what_is_idle_counts_a_tenth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    sampler = Sampler(0.3, time.perf_counter() - 100.0, Board(str(tmp_path)))
    assert sampler.allowed() == pytest.approx(3.0 + 0.05, rel=0.01)


def test_what_is_new_goes_before_what_is_put_together_anew(sampler: Sampler) -> None:
    unit = Unit()
    for _ in range(3):
        unit.wanted(sampler, 1, "a")
    sampler.spent[OTHERS] = 0.55  # more than a quarter
    assert unit.wanted(sampler, 1, "a") is None
    assert unit.wanted(sampler, 2, "b") is not None
    assert unit.wanted(sampler, 1, "b") is not None
    sampler.spent[OTHERS] = 1.1  # more than half
    assert unit.wanted(sampler, 2, "a") is None
    assert unit.wanted(sampler, 1, "c") is not None


def test_numbers_of_another_magnitude_look_new(sampler: Sampler) -> None:
    numbers = [n / 1_000 + 7 for n in range(1_000)]
    odd = [0.25, -1.0, 0.0, 5_000_000.0, float("inf"), float("nan")]
    assert {*map(repr, odd)} <= {
        repr(args[0]) for args in taken(sampler, [(n,) for n in numbers + odd])
    }


def test_a_large_argument_does_not_hide_the_others(sampler: Sampler) -> None:
    state = {"hosts": {f"h{n}": {"limit": 4, "up": True} for n in range(30)}}
    calls: list[tuple[Any, ...]] = [(state, {"do": do}) for do in ("lock", "move", "stop")]
    assert taken(sampler, calls) == calls


def test_a_few_items_stand_for_the_size_of_all() -> None:
    rows = [[n, "x" * 160, None] for n in range(1_000)]
    assert size_of(rows) == pytest.approx(1_000 * 14, rel=0.01)
    assert size_of({"rows": rows, "id": 1}) == pytest.approx(1_000 * 14 + 4, rel=0.01)
    assert size_of(Order(rows=rows)) == pytest.approx(1_000 * 14, rel=0.01)
    assert size_of({}) == size_of(None) == 1
    deep: list[Any] = []
    deep.append(deep)
    assert size_of(deep) < 100
