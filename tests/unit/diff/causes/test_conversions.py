"""Conversions read values of any size in a time that grows with them."""

from __future__ import annotations

import time

from parity.diff.causes.conversions import of_both, of_java


def test_a_long_text_of_digits_is_read_at_once() -> None:
    reread = dict(of_java())["float-text/reread"]
    started = time.monotonic()
    assert reread("0" * 1_000_000) == "0" * 1_000_000
    assert time.monotonic() - started < 2
    assert reread("a 1.0E10, -2.50 b12.5") == "a 10000000000.0, -2.5 b12.5"


def test_rows_in_another_order_are_the_same_rows_whatever_they_are_made_of() -> None:
    sort = dict(of_both())["element-order/rows"]
    python = sort([{"$tuple": ["b", 1]}, {"$tuple": ["C", 1]}])
    rows = [{"$object": ["shop.Row", {"name": name, "at": 1}, "record"]} for name in "Cb"]
    assert sort(rows) == sort(rows[::-1])
    assert [one["$tuple"][0] for one in python] == [one["$object"][1]["name"] for one in sort(rows)]
    assert sort([["b", 1], ["C", 1]]) == [["C", 1], ["b", 1]]


def test_what_an_object_is_called_is_no_element() -> None:
    sort = dict(of_both())["element-order/sorted"]
    form = {"$object": ["shop.Row", {"tags": ["b", "a"]}, "record"]}
    assert sort(form) == {"$object": ["shop.Row", {"tags": ["a", "b"]}, "record"]}
