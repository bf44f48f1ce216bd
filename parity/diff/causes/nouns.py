"""What an explanation starts from, and what it tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from parity.diff.judge import Arguments
from parity.model import Observation

EVERYWHERE = -1
ARGUMENTS = -2
Meaning = tuple[int, str]
"""A site, or EVERYWHERE, and what is meant there."""
Plan = tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One input with what both sides did; `line` is what the python side is sent."""

    fixture: str
    line: str
    python: Observation
    java: Observation
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Site:
    """One construct of the python source that was run."""

    number: int
    file: str
    line: int
    column: int
    kind: str
    what: str

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run with open eyes has seen on one input: sites, and meanings that would matter."""

    reached: frozenset[int]
    found: frozenset[Meaning]
    given: tuple[tuple[Meaning, str, str], ...] = ()
    """What some constructs gave, and what they would have given under a meaning: plain values, a
    text as itself and others as JSON."""


class Trials(Protocol):
    """Whoever runs the python side with constructs meant otherwise."""

    def __call__(
        self,
        lines: Sequence[str],
        plans: Sequence[Plan] | None,
        budget: float,
        chosen: Sequence[int] | None = None,
        slips: bool = False,
    ) -> dict[str, Any] | None:
        """The answer of the python worker (docs/worker-protocol.md, `try`)."""
        ...


@dataclass(frozen=True, slots=True)
class JavaText:
    """The text of the counterpart: `first` is the number of its first line in `file`.

    `beyond` are files and texts of the project's Java that it may reach, its own whole file first.
    """

    file: str
    first: int
    text: str
    beyond: tuple[tuple[str, str], ...] = ()

    @property
    def whole(self) -> str:
        """All of it, its own text once."""
        beyond = [text for _, text in self.beyond]
        own = [] if any(self.text in text for text in beyond) else [self.text]
        return "\n".join([*own, *beyond])
