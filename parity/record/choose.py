"""Which of the recorded calls become fixtures: those that go new ways first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Ways = frozenset[tuple[str, int, int]]
"""Steps from line to line of a file that the python side took on a fixture."""


def choose(known: Sequence[Ways], candidates: Mapping[str, Ways], most: int) -> list[str]:
    """Texts of the candidates to be added to as many as are known, in the order of their text.

    Whatever goes a way that no other fixture goes is added, however many there are already; what
    is left up to `most` is filled evenly from short to long.
    """
    gone: set[tuple[str, int, int]] = set().union(*known)
    left = sorted(candidates, key=lambda text: (len(text), text))
    chosen: list[str] = []
    while left:
        best = max(left, key=lambda text: len(candidates[text] - gone))
        if not candidates[best] - gone:
            break
        gone |= candidates[best]
        chosen.append(best)
        left.remove(best)
    room = most - len(known) - len(chosen)
    if room > 0 and left:
        step = max(1.0, len(left) / room)
        chosen += [left[int(index * step)] for index in range(min(room, len(left)))]
    return sorted(chosen, key=lambda text: (len(text), text))
