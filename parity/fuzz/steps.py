"""Sequences of calls on one receiver: which methods of a class, in which order, with what."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

from parity.fuzz.calls import Call, Signature
from parity.fuzz.making import Maker
from parity.fuzz.shapes import ANYTHING, kind_of
from parity.model import Form

LONGEST: Final = 24
MOST_AT_ONCE: Final = 12
AGAIN: Final = 0.6
"""How often a value is one that the sequence has already: keys have to meet."""
Step = dict[str, Any]


def first_sequences(signature: Signature, maker: Maker) -> Iterator[Call]:
    """Calls of a class of which nothing was recorded: each method once, in turn and back."""
    steps: list[Step] = []
    for name, own in signature.steps.items():
        steps += [{"call": name, "args": args} for args in _first_args(own, maker)]
    for args in _first_args(signature, maker):
        yield {"args": args, "steps": [*steps, *steps][:LONGEST]}
        yield {"args": args, "steps": [*reversed(steps), *steps][:LONGEST]}


def _first_args(signature: Signature, maker: Maker) -> list[list[Form]]:
    """As few arguments as python needs, and as many as java takes."""
    names = _names(signature)
    return [signature.firsts(names[:count], maker) for count in dict.fromkeys(_counts(signature))]


def _names(signature: Signature) -> list[str]:
    return [one.name for one in signature.parameters or () if "positional" in one.kind]


def _counts(signature: Signature) -> tuple[int, int]:
    """How many arguments are given by position, at least and at most."""
    plain = [one for one in signature.parameters or () if "positional" in one.kind]
    least = sum(not one.has_default and one.formless is None for one in plain)
    return least, max(least, min(len(plain), signature.count))


class Sequences:
    """Makes sequences of steps, and changes them."""

    def __init__(self, signature: Signature, maker: Maker, chance: random.Random) -> None:
        self.signature = signature
        self.maker = maker
        self.random = chance
        self.names = list(signature.steps)

    def made(self, call: Call) -> Call:
        """The call with another sequence."""
        steps: list[Step] = []
        for _ in range(self.random.randint(1, MOST_AT_ONCE)):
            steps.append(self._step(self.random.choice(self.names), steps))
        return {**call, "steps": steps}

    def changed(self, call: Call) -> Call:
        """The call with one step more, one less, or in another place."""
        steps = list(call.get("steps") or ())
        at = self.random.randrange(len(steps) + 1)
        way = self.random.random()
        if not steps or (way < 0.5 and len(steps) < LONGEST and self.names):
            if self.names:
                steps.insert(at, self._step(self.random.choice(self.names), steps))
        elif way < 0.7:
            steps.insert(at, self.random.choice(steps))
        else:
            moved = steps.pop(at - 1)
            if way < 0.85:
                steps.insert(self.random.randrange(len(steps) + 1), moved)
        return {**call, "steps": steps[:LONGEST]}

    def _step(self, name: str, steps: Sequence[Step]) -> Step:
        own = self.signature.steps[name]
        least, most = _counts(own)
        count = self.random.randint(least, most)
        return {"call": name, "args": [self._value(own, at, steps) for at in range(count)]}

    def _value(self, own: Signature, at: int, steps: Sequence[Step]) -> Form:
        value = self.maker.sample(own.shapes.get(own.name_of(at), ANYTHING))
        kind = kind_of(value)
        known = [one for step in steps for one in step["args"] if kind_of(one) == kind]
        return self.random.choice(known) if known and self.random.random() < AGAIN else value
