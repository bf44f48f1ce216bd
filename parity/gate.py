"""Whether a workflow may cut over, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

REASONS: Final[Mapping[str, str]] = {
    "unmapped-state": "a state has no unit: nothing says what python it replaces",
    "unproven": "a unit has no evidence",
    "not-matched": "the evidence of a unit says that it differs, or that it is not known",
    "stale-python": "the python of a unit has changed since it was proven",
    "stale-java": "the Java of a unit has changed since it was proven",
    "stale-terms": "fixtures or terms of a unit have changed since it was proven",
    "allowance-expired": "an accepted difference has expired",
    "not-measured": "nobody has measured what the fixtures of a unit are worth",
    "stale-strength": "a unit has been proven anew since its fixtures were measured",
    "weak": "the fixtures of a unit catch too few mutants",
    "workflow-unproven": "the workflow as a whole has no evidence",
    "workflow-differs": "the evidence of the workflow says that it differs, or is not known",
    "state-unseen": "no hop has gone through a state",
    "stale-definition": "the state machine has changed since the workflow was proven",
    "stale-requests": "requests or terms of the workflow have changed since it was proven",
    "java-version": "what was proven on one version of Java would run on another",
    "limit": "the state machine may come over a limit of Step Functions",
    "no-alarm": "no alarm watches the workflow, or one that is named does not exist",
    "alarm-rings": "an alarm is ringing already",
    "alarm-silent": "an alarm tells nobody, or has nothing to look at",
    "not-deployed": "the state machine, or the version that is to get the work, is not there",
    "other-definition": "what is deployed is not the definition that was proven",
    "other-handler": "a state calls another handler than the one that was proven",
    "other-package": "what is in the package of a function is not what was proven",
    "not-alone": "a unit cannot be called for the same call twice, here and in its Lambda",
    "no-switch": "the legacy server has no switch for the unit, or no process that follows it",
    "no-alias": "there is no alias that could shift the work",
    "strange-route": "the alias leads to a version that nobody has named",
    "no-way-back": "the version that wraps the legacy server is not there",
}
"""Every reason for a shut gate, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing in the way: of what kind, about what, why, and what opens the gate again."""

    kind: str
    about: str
    why: str
    cure: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a workflow may cut over."""

    workflow: str
    reasons: tuple[Reason, ...]
    looked_at: Mapping[str, int] = field(default_factory=dict)
    """How much was looked at: units, states, alarms, deployed handlers."""

    deployed: bool = True
    """Whether AWS was asked; without it, only what is in the repository is known."""

    @property
    def open(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons and self.deployed

    @property
    def exit_status(self) -> int:
        """0 open, 1 shut; 2 where nothing is in the way but AWS was not asked."""
        if self.reasons:
            return 1
        return 0 if self.deployed else 2


@dataclass(frozen=True, slots=True)
class Route:
    """Where an alias leads: versions of the state machine by their numbers, with weights of 100."""

    weights: tuple[tuple[int, int], ...]

    def of(self, version: int) -> int:
        """The weight of a version."""
        return dict(self.weights).get(version, 0)


What = Literal["begin", "shift", "shifted", "proved", "back", "is-back", "done"]
Outcome = Literal["done", "waiting", "rolled-back", "refused", "dry"]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the journal of a cutover: what was begun or done, and the weights of the alias."""

    what: What
    at: float
    """Seconds since 1970."""

    weight: int | None = None
    """Percent of the work that Java is to get, or gets."""

    why: str = ""
    before: tuple[tuple[int, int], ...] = ()
    """Versions and weights before it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An execution of production that parted from what python makes of the same input."""

    execution: str
    path: str
    python: object
    java: object


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of moving the work."""

    workflow: str
    route: Route | None
    outcome: Outcome
    why: str = ""
    steps: tuple[Step, ...] = ()
    seen: tuple[Seen, ...] = ()
    proved: int = 0
    """Executions of production that were compared in this run."""

    @property
    def exit_status(self) -> int:
        """0 done, 1 rolled back or the gate is shut, 2 it could not be told yet."""
        return {"done": 0, "dry": 0, "waiting": 2, "rolled-back": 1, "refused": 1}[self.outcome]
