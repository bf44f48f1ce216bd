"""Which of the recorded calls become fixtures: those that go new ways first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Ways = frozenset[tuple[str, int, int]]
"""Steps from line to line of a file that the python side took on a fixture."""

READABLE = 4096
"""Characters of an input that is kept for no other reason than to have more of them."""


def choose(known: Sequence[Ways], candidates: Mapping[str, Ways], most: int) -> list[str]:
    """Texts of the candidates to be added to as many as are known, in the order of their text.

    Whatever goes a way that no other fixture goes is added, however many there are already; the
    rest up to `most` is an even choice from short to long, of inputs that people still read.
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
    room = max(0, most - len(known) - len(chosen))
    readable = [text for text in left if len(text) <= READABLE]
    if all(len(text) > READABLE for text in candidates):
        readable = left[:room]
    step = max(1.0, len(readable) / max(room, 1))
    chosen += [readable[int(index * step)] for index in range(min(room, len(readable)))]
    return sorted(chosen, key=lambda text: (len(text), text))
