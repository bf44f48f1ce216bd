"""Conversions read values of any size in a time that grows with them."""

from __future__ import annotations

import time

from parity.diff.causes.conversions import of_java


def test_a_long_text_of_digits_is_read_at_once() -> None:
    reread = dict(of_java())["float-text/reread"]
    started = time.monotonic()
    assert reread("0" * 1_000_000) == "0" * 1_000_000
    assert time.monotonic() - started < 2
    assert reread("a 1.0E10, -2.50 b12.5") == "a 10000000000.0, -2.5 b12.5"
