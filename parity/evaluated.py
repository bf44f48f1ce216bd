"""What three ways to run a workflow cost a month, and what else tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Option = Literal["ec2", "ecs", "step_functions"]
OPTIONS: Final[Mapping[Option, str]] = {
    "ec2": "servers on EC2",
    "ecs": "containers on ECS with Fargate",
    "step_functions": "Lambda under Step Functions",
}


@dataclass(frozen=True, slots=True)
class Price:
    """What one thing costs, in US dollars, where that was seen, and when."""

    name: str
    dollars: float
    source: str
    seen: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that goes into the model; without a source it is assumed."""

    name: str
    value: float
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is paid for: how much of it a month, and at what price."""

    what: str
    amount: float
    price: str
    """The name of its price; `staff` for hours of people."""

    dollars: float
    grows: bool
    """Whether it grows with the number of executions."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What one way costs a month."""

    option: Option
    lines: tuple[Line, ...]

    @property
    def dollars(self) -> float:
        """The sum."""
        return sum(line.dollars for line in self.lines)

    @property
    def without_people(self) -> float:
        """The sum without the hours that people spend on it."""
        return sum(line.dollars for line in self.lines if line.price != "staff")


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The number of executions a month from which on one way costs as much as another or more."""

    option: Option
    other: Option
    executions: int | None
    """None where it never does below the most that is looked at."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of Step Functions or Lambda: what the workload needs of it, and what there is."""

    what: str
    needs: float
    most: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the workload stays within it."""
        return self.needs <= self.most


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened to one way in an experiment: what was taken from it, and what came of it."""

    option: Option
    what: str
    outcome: str
    source: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that a decision between the three rests on."""

    workload: str
    executions: int
    figures: tuple[Figure, ...]
    prices: tuple[Price, ...]
    """Those that were used."""

    bills: tuple[Bill, ...]
    break_even: tuple[BreakEven, ...]
    limits: tuple[Limit, ...]
    failures: tuple[Failure, ...]
    notes: Mapping[Option, tuple[str, ...]]
    """Who patches, how it scales: what people wrote of each way."""

    chosen: Option | None = None
    """The choice that the team has made, to be confirmed or not."""

    @property
    def cheapest(self) -> Option:
        """The way that costs least."""
        return min(self.bills, key=lambda bill: bill.dollars).option

    @property
    def breaks(self) -> tuple[Limit, ...]:
        """Limits that the workload does not stay within."""
        return tuple(one for one in self.limits if not one.holds)

    @property
    def confirmed(self) -> bool | None:
        """Whether the choice costs least and stays within all limits; None without a choice."""
        if self.chosen is None:
            return None
        return self.chosen == self.cheapest and not (
            self.chosen == "step_functions" and self.breaks
        )
