"""Which findings are of one kind: one of each is enough for whoever reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from parity.fuzz.calls import TIERS, Call, Tier
from parity.fuzz.shapes import number_of, tag_of
from parity.model import Difference, Form, Verdict

INDEX: Final = re.compile(r"\[[0-9]+\]|\['[^']*'\]|\.[^.\[]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one trial.

    `python` says how python ended, in a word; `new` are branches that no trial before has reached,
    `sign` stands for all that it reached; `bulk` is the bytes of both answers. `call` is what was
    judged, where that is another one: python asked its ports for something else.
    """

    verdict: str
    python: str = ""
    differences: tuple[Difference, ...] = ()
    new: frozenset[int] = frozenset()
    sign: int = 0
    bulk: int = 0
    call: Call | None = None


@dataclass(slots=True)
class Group:
    """Findings of one kind, the nearest first met; `call` is the one that is shown."""

    key: tuple[str, ...]
    call: Call
    differences: Sequence[Difference]
    tier: Tier
    found: int = 1
    examples: list[Call] = field(default_factory=list)

    @property
    def hangs(self) -> bool:
        """Whether java gave no answer."""
        return self.key[0] == "timeout"

    @property
    def python_raised(self) -> bool:
        """Whether python refused the input, as it refuses what it is not meant for."""
        return self.key[2].startswith("raised ")

    @property
    def is_dear(self) -> bool:
        """Whether each run of its inputs ends a process."""
        return self.key[0] in ("timeout", "crashed")

    def add(
        self, call: Call, differences: Sequence[Difference], tier: Tier, *, light: bool = True
    ) -> None:
        """One more of the kind; it is kept as an example where its answers are `light` to read."""
        self.found += 1
        if TIERS.index(tier) < TIERS.index(self.tier):
            self.call, self.differences, self.tier = call, differences, tier
        if light and len(self.examples) < 40:
            self.examples.append(call)


def key_of(differences: Sequence[Difference]) -> tuple[str, ...] | None:
    """What findings of one kind share; None where nothing differs."""
    differing = [one for one in differences if one.verdict is Verdict.DIFFERS]
    if not differing:
        return None
    worst = min(differing, key=weight)
    return (worst.kind, _root(worst.path), _word(worst, "python"), _word(worst, "java"))


def weight(one: Difference) -> tuple[int, int]:
    """What is said of how the call ended counts before what it left behind."""
    late = {"mutated": 1, "output": 2, "message": 3, "unstable": 4}
    return late.get(one.kind, 0), len(one.path)


def _root(path: str) -> str:
    """The path without the places that differ from input to input."""
    head = re.match(r"\$[a-z]*", path)
    return head[0] if head else "$"


def _word(one: Difference, side: str) -> str:
    form = one.python if side == "python" else one.java
    if one.kind in ("missing", "unexpected"):
        return ""
    return word_of(form, raised=one.kind == "raised")


def word_of(form: Form, *, raised: bool = False) -> str:
    """The kind of a value in a word; with `raised`, of how a call has ended."""
    if raised and isinstance(form, dict):
        if "raised" in form:
            return f"raised {form['raised']['class']}"
        return next(iter(form), "")
    if form is None or isinstance(form, bool | str):
        return type(form).__name__
    number = number_of(form)
    if number is not None:
        return type(number).__name__
    return tag_of(form) or type(form).__name__
