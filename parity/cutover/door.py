"""What production goes through: the alias of a state machine, or the switch of a unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from parity.errors import ParityError
from parity.gate import Route, Seen


class Terms(Protocol):
    """What the config says of the way: of workflows and units alike."""

    @property
    def alarms(self) -> list[str]:
        """Alarms whose ringing leads all back."""

    @property
    def steps(self) -> list[int]:
        """Percents of the work."""

    @property
    def executions(self) -> int:
        """How many executions or calls of Java each step has to see."""

    @property
    def seconds(self) -> float:
        """How long a step waits for them."""

    @property
    def legacy(self) -> int:
        """The version that is legacy's."""

    @property
    def java(self) -> int:
        """The version that is Java's."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one execution or call that went to Java."""

    name: str
    seen: tuple[Seen, ...] = ()
    """Where it parted from python."""

    failed: str = ""
    """Why Java gave no answer, where legacy's was served in its place."""


class Door(Protocol):
    """A door, and what is seen of those who went through it."""

    @property
    def terms(self) -> Terms:
        """How far and how fast."""

    @property
    def name(self) -> str:
        """What people call it: alias live, say."""

    @property
    def late(self) -> float:
        """The percent of calls that may go without Java's answer, where legacy serves them."""

    def units(self) -> tuple[str, ...]:
        """The units that go with it."""

    def route(self) -> Route | None:
        """Where it leads; None where there is none."""

    def turn(self, route: Route) -> None:
        """Has it lead elsewhere."""

    def came(self, since: float, known: set[str]) -> Iterator[Came]:
        """What has come since it was turned, but for what is known, to which it is added."""

    def proven(self) -> None:
        """All of the work is Java's, and proven."""

    def plan(self, weight: int) -> str:
        """The call that a step makes, as a sentence."""

    def absent(self) -> ParityError:
        """What to say where it is not there."""


def shown(weights: Sequence[tuple[int, int]]) -> str:
    """Weights as people read them."""
    return ", ".join(f"{weight} % version {version}" for version, weight in weights) or "nowhere"
