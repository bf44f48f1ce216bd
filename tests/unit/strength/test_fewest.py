"""The fewest fixtures that are worth as much as all."""

from __future__ import annotations

import random

from parity.strength import fewest


def test_what_one_does_for_all_needs_no_other() -> None:
    assert fewest([{1}, {1, 2, 3}, {2}, {3}]) == [1]


def test_the_first_of_two_equals_is_kept() -> None:
    assert fewest([{1, 2}, {1, 2}]) == [0]


def test_what_later_ones_make_needless_is_left_out() -> None:
    # The first taken has most, and the two after it have all of that.
    assert fewest([{1, 2, 3, 4}, {1, 2, 5, 6}, {3, 4, 7, 8}]) == [1, 2]


def test_fixtures_that_are_worth_nothing_are_not_kept() -> None:
    assert fewest([set(), {1}, set()]) == [1]
    assert fewest([]) == []


def test_the_chosen_are_worth_as_much_as_all_and_none_of_them_is_needless() -> None:
    chance = random.Random(7)
    for _ in range(200):
        worth = [set(chance.sample(range(30), chance.randrange(12))) for _ in range(12)]
        chosen = fewest(worth)
        assert set().union(*(worth[one] for one in chosen)) == set().union(*worth)
        for one in chosen:
            others = set().union(*(worth[other] for other in chosen if other != one))
            assert not others >= worth[one]
