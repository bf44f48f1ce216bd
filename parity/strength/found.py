"""What the java side tells of a unit's mutants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parity.model import Branch, Mutant


@dataclass(frozen=True, slots=True)
class Found:
    """What the java side told of a unit: its mutants, its branches, what its inputs reach.

    `unstable` are inputs on which the counterpart does not repeat itself; they catch nothing.
    `dropped` counts what PIT by default does not take for mutants, by the name of its filter.
    """

    mutants: tuple[Mutant, ...]
    branches: tuple[Branch, ...]
    unstable: frozenset[int]
    dropped: Mapping[str, int]


def found_of(document: Mapping[str, Any]) -> Found:
    """The document of docs/worker-protocol.md as a noun."""
    mutants = tuple(
        Mutant(
            index=index,
            owner=one["class"],
            method=one["method"],
            file=one["file"],
            line=one["line"],
            mutator=one["mutator"],
            what=one["what"],
            reached=one["reached"],
            equivalent=one["equivalent"],
        )
        for index, one in enumerate(document["mutants"])
    )
    taken: Sequence[Sequence[int]] = document["taken"]
    inputs: dict[int, set[int]] = {}
    for index, ways in enumerate(taken):
        for way in ways:
            inputs.setdefault(way, set()).add(index)
    branches = tuple(
        Branch(one["class"], one["line"], one["way"], frozenset(inputs.get(number, ())))
        for number, one in enumerate(document["branches"])
        if one["counts"]
    )
    unstable = frozenset(document["unstable"])
    return Found(mutants, branches, unstable, document["dropped"])
