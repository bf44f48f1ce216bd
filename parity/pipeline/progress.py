"""What a run tells of itself while it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Progress(Protocol):
    """Whoever watches a run; told from several threads."""

    def doing(self, what: str) -> None:
        """What comes before the first fixture: "building", "loading"."""
        ...

    def expect(self, fixtures: Mapping[str, int]) -> None:
        """About how many fixtures of each unit are going to be judged, beside those told before."""
        ...

    def judged(self, unit: str, fixtures: int) -> None:
        """So many more fixtures of a unit are judged."""
        ...


class Unwatched:
    """The progress of a run that nobody watches."""

    def doing(self, what: str) -> None:
        """Nobody is told."""

    def expect(self, fixtures: Mapping[str, int]) -> None:
        """Nobody is told."""

    def judged(self, unit: str, fixtures: int) -> None:
        """Nobody is told."""


UNWATCHED = Unwatched()
