"""How a workflow of the config is asked on the python side, and how its outcomes are compared."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from parity.aws.design import Design, design_of
from parity.aws.machines import Ended
from parity.config import Config, WorkflowConfig, toml_key
from parity.diff.generated import Generated, Window, placed_at
from parity.diff.settle import Tally, covers
from parity.diff.walk import Comparison
from parity.errors import ParityError, did_you_mean
from parity.model import Allowance, Difference, Hop, Terms, Verdict
from parity.pipeline.programs import Failed, Place, run_once

CAUSE: Final = 1000
"""Characters of what java says of an error."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a workflow is started with, and the world that it finds."""

    id: str
    input: Any
    world: Any


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a request on the python side."""

    outcome: Any
    world: Any
    hops: tuple[Hop, ...]
    window: Window


def flow_of(config: Config, name: str) -> WorkflowConfig:
    """The table of a workflow. Raises ParityError where there is none."""
    flow = config.table.workflow.get(name)
    if flow is None:
        known = sorted(config.table.workflow)
        raise ParityError(
            f"there is no workflow `{name}`",
            where=str(config.file),
            why=f"it has {', '.join(known) or 'none'}",
            next_step=did_you_mean(name, known)
            or f"write a table {config.place_of(f'workflow.{toml_key(name)}')}",
        )
    return flow


def design_for(config: Config, flow: WorkflowConfig) -> Design:
    """The state machine of a workflow as its template has it. Raises ParityError."""
    return design_of(config.root / flow.template, flow.machine, flow.parameters)


def usual_world(config: Config, flow: WorkflowConfig) -> Any:
    """The world that inputs of production are tried on. Raises ParityError."""
    if flow.cutover.world is None:
        return None
    file = config.root / flow.cutover.world
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise ParityError(
            "the world for inputs of production cannot be read",
            where=str(file),
            why=str(error),
            next_step="write one world as JSON, or mend `world` in [workflow.….cutover]",
        ) from None


class WorkflowJudge:
    """Compares outcomes and worlds on the terms of a workflow."""

    def __init__(self, flow: WorkflowConfig) -> None:
        terms = Terms(numbers=flow.numbers, nulls=flow.nulls, unordered=tuple(flow.unordered))
        self.comparison = Comparison(terms, document=True)
        self.generated = Generated(flow.generated)
        self.allowances = allowances_of(flow)
        self.tally = Tally(self.allowances)

    def judged(
        self, name: str, found: list[Difference], windows: tuple[Window, Window], root: str
    ) -> list[Difference]:
        """What is left of differences once generated values and allowances are looked at."""
        left = list(self.generated.left(found, *windows, root))
        placed = [replace(one, path=placed_at(root, one.path)) for one in left]
        self.tally.add(name, (0, 0), placed)
        return [
            replace(one, verdict=Verdict.ALLOWED) if self._is_allowed(there) else one
            for one, there in zip(left, placed, strict=True)
        ]

    def _is_allowed(self, difference: Difference) -> bool:
        today = datetime.date.today()
        return any(covers(one, difference) and one.expires >= today for one in self.allowances)

    def outcomes(self, python: Any, java: Any, path: str) -> list[Difference]:
        """Where two outcomes part; an error matches by the simple name of its class."""
        if "returned" in python and "returned" in java:
            return self.comparison.differences(python["returned"], java["returned"], path)
        if "raised" in python and "raised" in java:
            name = str(java["raised"]).rpartition(".")[2].rpartition("$")[2]
            if name == python["raised"] or java["raised"] == python["raised"]:
                return []
        return [Difference(path, "raised", python, java)]


def allowances_of(flow: WorkflowConfig) -> list[Allowance]:
    """The differences that a workflow's table accepts."""
    return [_allowance(one) for one in flow.allow]


def python_ran(
    config: Config, flow: WorkflowConfig, request: Request, *, fenced: bool = False
) -> Ran:
    """Runs a request on the python side. Raises Failed."""
    given = {"request": request.input, "world": request.world}
    began = time.time()
    place = Place.of(config, {}, fenced=fenced)
    told = run_once(flow.python, place, given, flow.seconds)
    window = Window(began, time.time())
    name = flow.python[0]
    try:
        hops = [
            Hop(one["state"], one["input"], _outcome(one), one.get("world")) for one in told["hops"]
        ]
        return Ran(_outcome(told), told["world"], tuple(hops), window)
    except (KeyError, TypeError) as why:
        raise Failed(f"{name} answered without {why}") from None


def _allowance(table: Mapping[str, Any]) -> Allowance:
    return Allowance(**{**table, "expires": datetime.date.fromisoformat(table["expires"])})


def _outcome(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"raised": told["raised"]} if "raised" in told else {"returned": told["returned"]}


def outcome_of(ended: Ended) -> dict[str, Any]:
    """How java ended, as python's outcome is told."""
    if ended.error is None:
        return {"returned": ended.value}
    return {"raised": ended.error, "cause": ended.cause[:CAUSE]}
