"""The fewest fixtures that catch and reach as much as all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from parity.fixtures.choice import greedily


def fewest(worth: Sequence[Collection[Any]]) -> list[int]:
    """Indices of fixtures whose worth together is that of all, in their order.

    `worth` is what each fixture catches and reaches. The one that adds most is taken first, the
    earlier of two; what the others make needless is then left out. The smallest set of all is not
    looked for: finding it takes exponential time.
    """
    return _needed(greedily(worth), worth)


def _needed(chosen: Sequence[int], worth: Sequence[Collection[Any]]) -> list[int]:
    left = list(chosen)
    for index in reversed(chosen):
        others: set[Any] = set().union(*(worth[one] for one in left if one != index))
        if others.issuperset(worth[index]):
            left.remove(index)
    return sorted(left)
