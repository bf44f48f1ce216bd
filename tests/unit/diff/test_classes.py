"""Which class stands for which, whatever the order in which they are met."""

from __future__ import annotations

import itertools

from parity.diff.classes import ClassPairs


def met(pairs: list[tuple[str, str]]) -> ClassPairs:
    """The pairs after one round, settled if they are disputed, and one more round."""
    classes = ClassPairs()
    for python, java in pairs:
        classes.agree(python, java)
    if classes.disputed:
        classes.settle()
    return classes


def test_classes_of_one_name_belong_together_in_any_order() -> None:
    pairs = [("shop:Cart", "com.Order"), ("shop:Cart", "com.Cart"), ("shop:Order", "com.Order")]
    for order in itertools.permutations(pairs):
        classes = met(list(order))
        agreed = [classes.agree(*pair, remember=False) for pair in pairs]
        assert agreed == [False, True, True]


def test_what_is_met_most_often_counts_where_names_do_not_tell() -> None:
    pairs = [("shop:A", "com.X"), ("shop:A", "com.Y"), ("shop:A", "com.Y")]
    for order in itertools.permutations(pairs):
        classes = met(list(order))
        assert classes.agree("shop:A", "com.Y")
        assert not classes.agree("shop:A", "com.X")


def test_without_a_dispute_nothing_is_settled() -> None:
    classes = met([("shop:A", "com.X"), ("shop:B", "com.Y"), ("shop:A", "com.X")])
    assert not classes.disputed
    assert not classes.agree("shop:B", "com.X", remember=False)
    assert not classes.disputed


def test_names_in_two_styles_are_one_name() -> None:
    pairs = [("shop:line_item", "com.Other"), ("shop:line_item", "com.shop$LineItem")]
    assert met(pairs).agree("shop:line_item", "com.shop$LineItem")
