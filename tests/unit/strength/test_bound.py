"""How often two sides may differ that agreed on so many inputs."""

from __future__ import annotations

import math

import pytest

from parity.strength import bound_of


@pytest.mark.parametrize("inputs", [1, 10, 59, 300, 2_000])
def test_where_none_differs_it_is_the_exact_bound_of_the_rule_of_three(inputs: int) -> None:
    bound = bound_of(inputs, 0)
    assert bound is not None
    assert bound.rate == pytest.approx(1 - 0.05 ** (1 / inputs), rel=1e-9)
    if inputs >= 59:
        assert bound.rate == pytest.approx(3 / inputs, rel=0.03)


@pytest.mark.parametrize(("inputs", "differing"), [(10, 1), (100, 3), (40, 39), (1_000, 250)])
def test_as_few_differing_ones_as_were_seen_are_rare_beyond_the_bound(
    inputs: int, differing: int
) -> None:
    bound = bound_of(inputs, differing)
    assert bound is not None
    chance = math.fsum(
        math.comb(inputs, one) * bound.rate**one * (1 - bound.rate) ** (inputs - one)
        for one in range(differing + 1)
    )
    assert chance == pytest.approx(0.05, rel=1e-6)
    assert differing / inputs < bound.rate < 1


def test_where_all_differ_or_none_was_seen_nothing_is_bounded() -> None:
    every = bound_of(5, 5)
    assert every is not None
    assert every.rate == 1.0
    assert bound_of(0, 0) is None
