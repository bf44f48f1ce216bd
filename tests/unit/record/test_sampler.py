"""Calls are taken that look new, of the others fewer, within a share of the processor's time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from parity.record.hook._parity_watch import MOST_VALUES, Outlines, Sampler


class Unit:
    """What a sampler asks of a unit."""

    def __init__(self) -> None:
        self.outlines = Outlines()
        self.calls = 0


class Order:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


def taken(calls: list[tuple[Any, ...]], share: float = 1.0) -> list[tuple[Any, ...]]:
    sampler, unit = Sampler(share, time.perf_counter()), Unit()
    return [args for args in calls if sampler.wants(unit, args, {})]  # type: ignore[arg-type]


def test_names_that_go_on_for_ever_are_one_outline() -> None:
    calls = [(f"endpoint-{n:05}", "move") for n in range(5_000)]
    assert len(taken(calls)) < 4 * MOST_VALUES


def test_a_word_that_is_rare_is_taken() -> None:
    calls = [(f"endpoint-{n:05}", "move") for n in range(5_000)]
    calls[3_000] = ("endpoint-03000", "cancel")
    calls[3_500] = ("endpoint-03500", None)  # type: ignore[assignment]
    assert {calls[3_000], calls[3_500]} <= set(taken(calls))


def test_members_and_lengths_tell_inputs_apart() -> None:
    calls: list[tuple[Any, ...]] = [({"id": n, "rows": [n]},) for n in range(500)]
    odd: list[tuple[Any, ...]] = [
        ({"id": 1, "rows": [1], "limit": 2},),
        ({"id": 1, "rows": []},),
        ({"id": 1, "rows": [1, 2]},),
        ({"id": -5, "rows": [1]},),
        ({"id": 1, "rows": [None]},),
        ({"id": 1.5, "rows": [1]},),
    ]
    kept = taken(calls + odd)
    assert all(one in kept for one in odd)
    assert len(kept) < 100


def test_the_state_of_an_object_counts() -> None:
    calls: list[tuple[Any, ...]] = [(Order(id=f"o{n}", state="open"),) for n in range(500)]
    paid = (Order(id="o1", state="paid"),)
    kept = taken([*calls, paid])
    assert kept[-1] is paid
    assert len(kept) < 100


def test_beyond_its_share_only_what_is_new_is_taken_and_beyond_twice_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "process_time", lambda: 4.0)  # 0.2 s of them, and 0.05 more
    sampler, unit = Sampler(0.05, time.perf_counter()), Unit()
    known, new = (1, "a"), (1, "a", None)
    for _ in range(2):
        assert sampler.wants(unit, known, {})  # type: ignore[arg-type]
    sampler.spent = 0.24
    assert any(sampler.wants(unit, known, {}) for _ in range(8))  # type: ignore[arg-type]
    sampler.spent = 0.26
    assert not any(sampler.wants(unit, known, {}) for _ in range(8))  # type: ignore[arg-type]
    assert sampler.wants(unit, new, {})  # type: ignore[arg-type]
    sampler.spent = 0.51
    assert not sampler.wants(unit, (2, "b", 5.0), {})  # type: ignore[arg-type]


def test_what_cannot_be_looked_at_is_sampled_all_the_same() -> None:
    class Odd(dict):  # type: ignore[type-arg]
        __hash__ = None  # type: ignore[assignment]

        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert taken([(Odd(),)] * 3)


def test_what_is_idle_counts_a_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    sampler, unit = Sampler(0.05, time.perf_counter() - 100.0), Unit()
    sampler.spent = 0.54
    assert sampler.wants(unit, (1,), {})  # type: ignore[arg-type]
    assert sampler.wants(unit, (1,), {})  # type: ignore[arg-type]
    sampler.spent = 0.6
    assert not sampler.wants(unit, (1,), {})  # type: ignore[arg-type]
