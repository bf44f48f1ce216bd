"""Which of the recorded calls become fixtures: those that go new ways, then those at boundaries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parity.fixtures.choice import evenly, greedily
from parity.record.boundaries import Marks

Ways = frozenset[tuple[str, int, int]]
"""Steps from line to line of a file that the python side took on a fixture."""

READABLE = 4096
"""Characters of an input that is kept for no other reason than to have more of them."""
AT_BOUNDARIES = 0.75
"""Share of the room beside the ways that inputs at boundaries may take."""


@dataclass(frozen=True, slots=True)
class Call:
    """What speaks for a recorded call: the ways that it goes, the boundaries that it lies at."""

    ways: Ways
    marks: Marks = frozenset()


def choose(known: Sequence[Call], candidates: Mapping[str, Call], most: int) -> list[str]:
    """Texts of the candidates to be added to as many as are known, in the order of their text.

    Whatever goes a way that no other fixture goes is added, however many there are already. The
    rest up to `most` are inputs that people still read: first those at boundaries of what was
    seen, then an even choice from short to long.
    """
    left = sorted(candidates, key=lambda text: (len(text), text))
    chosen = _new(left, [one.ways for one in known], lambda text: candidates[text].ways, len(left))
    room = max(0, most - len(known) - len(chosen))
    left = [text for text in left if text not in set(chosen)]
    readable = [text for text in left if len(text) <= READABLE]
    if all(len(text) > READABLE for text in candidates):
        readable = left[:room]
    marked = [one.marks for one in [*known, *(candidates[text] for text in chosen)]]
    most_marked = room if len(readable) <= room else int(room * AT_BOUNDARIES)
    at_boundaries = _new(readable, marked, lambda text: candidates[text].marks, most_marked)
    readable = [text for text in readable if text not in set(at_boundaries)]
    chosen += at_boundaries
    chosen += evenly(readable, room - len(at_boundaries))
    return sorted(chosen, key=lambda text: (len(text), text))


def _new(
    texts: Sequence[str],
    known: Sequence[Collection[Any]],
    has: Callable[[str], Collection[Any]],
    most: int,
) -> list[str]:
    """Up to `most` texts, each the one that has most of what none before it has."""
    added = greedily([has(text) for text in texts], set().union(*known), most)
    return [texts[index] for index in added]
