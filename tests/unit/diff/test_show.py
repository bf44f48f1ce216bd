"""Large values side by side: only what parts them is shown, and never too much of it."""

from __future__ import annotations

from parity.diff.show import WIDTH, show


def test_what_is_short_enough_to_read_is_not_shown_again() -> None:
    assert show([1, 2], [1, 3]) == []


def test_what_one_side_alone_has_is_not_shown_twice() -> None:
    large = {f"key{n}": n for n in range(50)}
    assert show(None, large) == []
    assert show(large, None) == []
    assert show(large, [large]) == []


def test_only_what_parts_two_large_values_is_shown() -> None:
    python = {f"key{n}": n for n in range(50)}
    lines = show(python, python | {"key7": 8})
    assert len(lines) == 1
    assert "key7" in lines[0]


def test_no_more_is_shown_than_can_be_read() -> None:
    lines = show(["a" * 1000 + str(n) for n in range(100)], ["b" * 1000] * 100)
    assert len(lines) == 20
    assert max(map(len, lines)) == WIDTH
