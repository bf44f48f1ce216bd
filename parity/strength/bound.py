"""How often two sides may differ that agreed on so many inputs."""

from __future__ import annotations

import math

from parity.model import Bound

CONFIDENCE = 0.95
STEPS = 60  # of halving: more than a float tells apart


def bound_of(inputs: int, differing: int, confidence: float = CONFIDENCE) -> Bound | None:
    """The upper end of Clopper's and Pearson's one-sided interval; of no inputs, nothing is known.

    Where none differs it is 1 - (1 - confidence)^(1/inputs), about 3/inputs at 95 %.
    """
    if inputs == 0:
        return None
    if differing >= inputs:
        return Bound(inputs, differing, 1.0, confidence)
    low, high = differing / inputs, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if _at_most(differing, inputs, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return Bound(inputs, differing, high, confidence)


def _at_most(differing: int, inputs: int, rate: float) -> float:
    """The chance to see at most so many, where each input differs at this rate."""
    if rate >= 1.0:
        return 0.0
    one, other = math.log(rate), math.log1p(-rate)
    whole = math.lgamma(inputs + 1)
    return math.fsum(
        math.exp(
            whole
            - math.lgamma(count + 1)
            - math.lgamma(inputs - count + 1)
            + count * one
            + (inputs - count) * other
        )
        for count in range(differing + 1)
    )
