"""Pairs the elements of two bags, where order does not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from parity.diff.forms import by_place, kind_of, names_classes, refers, sketch_of, text_of
from parity.model import Form

TRIED_AT_MOST = 90_000
Same = Callable[[Form, Form], bool]
Groups = dict[str, list[int]]


@dataclass(slots=True)
class Pairing:
    """Indices of python's and java's elements: pairs, and what is left without a partner.

    `given_up` counts elements that were too many to be tried against one another.
    """

    pairs: list[tuple[int, int]] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    unexpected: list[int] = field(default_factory=list)
    given_up: int = 0


def pair_up(python: Sequence[Form], java: Sequence[Form], same: Same) -> Pairing:
    """As many pairs of elements as can be made; `same` tells whether two are one value."""
    pairing = Pairing()
    tuples = any(kind_of(one)[0] == "tuple" for one in python)
    mine = _grouped(python, text_of)
    theirs = _grouped([by_place(one) for one in java] if tuples else java, text_of)
    for text in list(mine):
        if text in theirs:
            certain = not any(names_classes(python[index]) for index in mine[text])
            _pair(
                pairing, mine[text], theirs[text], _always if certain else _of(python, java, same)
            )
    left = [index for group in mine.values() for index in group]
    right = [index for group in theirs.values() for index in group]
    if any(refers(python[i]) for i in left) or any(refers(java[i]) for i in right):
        buckets: list[tuple[list[int], list[int]]] = [(left, right)]
    else:
        mine = _grouped(python, sketch_of, left)
        theirs = _grouped(java, sketch_of, right)
        buckets = [(mine.get(one, []), theirs.get(one, [])) for one in {**mine, **theirs}]
    for one, other in buckets:
        if len(one) * len(other) > TRIED_AT_MOST:
            pairing.given_up += len(one)
            continue
        _pair(pairing, one, other, _of(python, java, same))
        pairing.missing += one
        pairing.unexpected += other
    pairing.missing.sort()
    pairing.unexpected.sort()
    return pairing


def _grouped(
    items: Sequence[Form], text: Callable[[Form], str], chosen: Sequence[int] | None = None
) -> Groups:
    groups: Groups = defaultdict(list)
    for index in range(len(items)) if chosen is None else chosen:
        groups[text(items[index])].append(index)
    return dict(groups)


def _always(one: int, other: int) -> bool:
    return True


def _of(python: Sequence[Form], java: Sequence[Form], same: Same) -> Callable[[int, int], bool]:
    return lambda one, other: same(python[one], java[other])


def _pair(
    pairing: Pairing, mine: list[int], theirs: list[int], same: Callable[[int, int], bool]
) -> None:
    """Moves a greatest set of pairs from the two lists to the pairing (augmenting paths)."""
    if same is _always:
        count = min(len(mine), len(theirs))
        pairing.pairs += zip(mine[:count], theirs[:count], strict=True)
        del mine[:count], theirs[:count]
        return
    taken: dict[int, int] = {}
    remembering = cache(same)
    for one in mine:
        _augment(one, theirs, remembering, taken, set())
    pairing.pairs += sorted((one, other) for other, one in taken.items())
    paired = set(taken.values())
    mine[:] = [one for one in mine if one not in paired]
    theirs[:] = [other for other in theirs if other not in taken]


def _augment(
    one: int,
    theirs: Sequence[int],
    same: Callable[[int, int], bool],
    taken: dict[int, int],
    tried: set[int],
) -> bool:
    free = next((other for other in theirs if other not in taken and same(one, other)), None)
    if free is not None:
        taken[free] = one
        return True
    for other in theirs:
        if other not in tried and same(one, other):
            tried.add(other)
            if _augment(taken[other], theirs, same, taken, tried):
                taken[other] = one
                return True
    return False
