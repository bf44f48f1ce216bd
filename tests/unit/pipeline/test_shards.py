"""Shards: every piece of every unit is in one of them, and parts that do not belong are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.errors import ParityError
from parity.model import Unit
from parity.pipeline.shards import LARGE, Shard


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "1/0", "a/b", "1/3/2", "-1/3"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ParityError, match="is no shard"):
        Shard.of(text)


@given(
    name=st.text("abc:._", min_size=1),
    fixtures=st.sampled_from([1, LARGE, LARGE + 1]),
    piece=st.integers(0, 500),
    count=st.integers(1, 9),
)
def test_each_piece_is_in_one_shard(name: str, fixtures: int, piece: int, count: int) -> None:
    unit = Unit(name, "")
    takers = [
        index for index in range(1, count + 1) if Shard(index, count).takes(unit, fixtures)(piece)
    ]
    assert len(takers) == 1


def test_a_unit_that_is_not_large_stays_whole() -> None:
    takes = Shard(1, 3).takes(Unit("a:b", ""), LARGE)
    assert len({takes(piece) for piece in range(50)}) == 1


def test_a_large_one_is_spread() -> None:
    takes = Shard(1, 3).takes(Unit("a:b", ""), LARGE + 1)
    assert {takes(piece) for piece in range(3)} == {True, False}
