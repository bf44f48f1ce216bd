"""`parity run --workflow`: one request on both sides from equal worlds, then hop by hop."""

from __future__ import annotations

import datetime
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from parity.aws.local import LocalAws
from parity.aws.machines import Ended, execute, invoke, tasks_of
from parity.aws.stack import StateMachine
from parity.config import Config, WorkflowConfig
from parity.diff.generated import Generated, Window, placed_at
from parity.diff.settle import Tally, covers, settle
from parity.diff.walk import Comparison
from parity.errors import ParityError, did_you_mean
from parity.model import (
    Allowance,
    Difference,
    Hop,
    HopFinding,
    RequestReport,
    StateReport,
    Terms,
    Verdict,
    WorkflowReport,
    worst,
)
from parity.pipeline.local import Local, local_aws
from parity.pipeline.mapped import mapped_units
from parity.pipeline.programs import Conversation, Failed, Place, run_once
from parity.pipeline.progress import Progress
from parity.pipeline.run import run
from parity.pipeline.units import Selection

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


def run_workflow(
    config: Config, name: str, progress: Progress, template: Path | None = None
) -> WorkflowReport:
    """Runs all requests of a workflow, and the units of its states.

    `template` stands in for that of the config. Raises ParityError where it cannot begin.
    """
    flow = _flow(config, name)
    if template is not None:
        flow = replace(flow, template=str(template.resolve()))
    requests = list(_requests(config.root / flow.requests))
    units = _mapped(config, flow)
    local = Local(
        templates=(config.root / flow.template,),
        parameters=flow.parameters,
        concurrency=flow.concurrency,
        prefer_project=True,  # which is built where it has changed: a package may be old
    )
    began = time.monotonic()
    with local_aws(config, local, progress) as aws:
        started = time.monotonic()
        place = Place.of(config, {**aws.environment, **_outputs(aws)})
        with Conversation(flow.java_world, place, flow.seconds) as world:
            report = _Runner(config, name, flow, aws, world, progress).report(requests)
    ended = time.monotonic()
    verdicts = _verdicts(config, units, progress)
    seconds = {
        "start": started - began,
        "workflow": ended - started,
        "units": time.monotonic() - ended,
    }
    states = [
        replace(one, unit_verdict=verdicts.get(one.unit)) if one.unit else one
        for one in report.states
    ]
    return replace(report, states=tuple(states), seconds=seconds)


def _outputs(aws: LocalAws) -> dict[str, str]:
    """What the template puts out: names of tables, buckets and the like."""
    outputs = {name: value for stack in aws.stacks for name, value in stack.outputs.items()}
    return {"PARITY_OUTPUTS": json.dumps(outputs)}


def _mapped(config: Config, flow: WorkflowConfig) -> tuple[str, ...]:
    """The units of the states that are mapped; where none is, the states stand alone."""
    mapped = {unit.id for unit in mapped_units(config, build=False, may_be_empty=True)}
    return tuple(unit for unit in dict.fromkeys(flow.states.values()) if unit in mapped)


def _verdicts(config: Config, units: tuple[str, ...], progress: Progress) -> dict[str, Verdict]:
    """What the fixtures of units say."""
    if not units:
        return {}
    return {one.unit.id: one.verdict for one in run(config, Selection(units), progress).units}


class _Runner:
    def __init__(
        self,
        config: Config,
        name: str,
        flow: WorkflowConfig,
        aws: LocalAws,
        world: Conversation,
        progress: Progress,
    ) -> None:
        self.config = config
        self.name = name
        self.flow = flow
        self.aws = aws
        self.java_world = world
        self.progress = progress
        self.machine = _machine(aws, flow, config)
        self.tasks = tasks_of(self.machine)
        terms = Terms(numbers=flow.numbers, nulls=flow.nulls, unordered=tuple(flow.unordered))
        self.comparison = Comparison(terms, document=True)
        self.generated = Generated(flow.generated)
        self.allowances = [_allowance(one) for one in flow.allow]
        self.tally = Tally(self.allowances)
        self.hops: Counter[str] = Counter()
        self.outcomes: dict[Verdict, Counter[str]] = {one: Counter() for one in Verdict}
        _refuse_unknown_states(config, flow, self.tasks)

    def report(self, requests: Sequence[Request]) -> WorkflowReport:
        """Each request on both sides, then python's hops on java."""
        judged: list[RequestReport] = []
        findings: list[HopFinding] = []
        for request in requests:
            self.progress.doing(f"{self.name}: {request.id}")
            self.generated.begin()
            differences: tuple[Difference, ...] = ()
            trouble = ""
            try:
                ran = self._python(request)
                differences = tuple(self._whole(request, ran))
                findings += self._hop_by_hop(request, ran)
            except Failed as why:
                trouble = str(why)
            judged.append(RequestReport(request.id, differences, trouble))
        settled = settle(self.tally, datetime.date.today(), complete=True)
        states = [
            StateReport(
                state,
                self.flow.states.get(state),
                self.hops[state],
                self.outcomes[Verdict.MATCHED][state],
                self.outcomes[Verdict.ALLOWED][state],
            )
            for state in self.tasks
        ]
        return WorkflowReport(
            self.name,
            tuple(judged),
            tuple(states),
            tuple(findings),
            tuple(settled.allowances),
            dict(self.generated.used),
        )

    def _python(self, request: Request) -> Ran:
        given = {"request": request.input, "world": request.world}
        began = time.time()
        place = Place.of(self.config, {})
        told = run_once(self.flow.python, place, given, self.flow.seconds)
        window = Window(began, time.time())
        name = self.flow.python[0]
        try:
            hops = [
                Hop(one["state"], one["input"], _outcome(one), one.get("world"))
                for one in told["hops"]
            ]
            ran = Ran(_outcome(told), told["world"], tuple(hops), window)
        except (KeyError, TypeError) as why:
            raise Failed(f"{name} answered without {why}") from None
        strange = {hop.state for hop in hops} - set(self.tasks)
        if strange:
            raise Failed(f"the state machine has no task called {', '.join(sorted(strange))}")
        return ran

    def _whole(self, request: Request, ran: Ran) -> list[Difference]:
        """The differences of the result and of the world that is left."""
        began = time.time()
        self.java_world.ask(do="load", world=request.world)
        states = self.aws.client("stepfunctions")
        ended = execute(states, self.machine.arn, request.input, self.flow.seconds)
        world = self.java_world.ask(do="read")
        java = Window(began, time.time())
        differences = [
            *self._outcomes(ran.outcome, _ended(ended), "$.result"),
            *self.comparison.differences(ran.world, world, "$.world"),
        ]
        return self._judged(request.id, differences, (ran.window, java), "$")

    def _hop_by_hop(self, request: Request, ran: Ran) -> Iterator[HopFinding]:
        """Java's handlers given python's events, one after the other; the first that diverges."""
        self.java_world.ask(do="load", world=request.world)
        lambdas = self.aws.client("lambda")
        first: HopFinding | None = None
        for index, hop in enumerate(ran.hops):
            self.progress.doing(f"{self.name}: {request.id}, hop {index + 1} of {len(ran.hops)}")
            java = _ended(invoke(lambdas, self.tasks[hop.state], hop.input))
            found = self._outcomes(hop.outcome, java, "$")
            if hop.world is not None:
                world = self.java_world.ask(do="look", state=hop.state, input=hop.input)
                found += self.comparison.differences(hop.world, world, "$world")
            # Java's clock runs on from what python's events tell of theirs.
            windows = ran.window, Window(ran.window.begin, time.time())
            found = self._judged(request.id, found, windows, f"$.states.{hop.state}")
            verdict = worst([one.verdict for one in found] or [Verdict.MATCHED])
            self.hops[hop.state] += 1
            self.outcomes[verdict][hop.state] += 1
            if verdict is Verdict.DIFFERS and first is None:
                first = HopFinding(request.id, index, hop, java, tuple(found))
        if first is not None:
            yield first

    def _judged(
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

    def _outcomes(self, python: Any, java: Any, path: str) -> list[Difference]:
        if "returned" in python and "returned" in java:
            return self.comparison.differences(python["returned"], java["returned"], path)
        if "raised" in python and "raised" in java:
            name = str(java["raised"]).rpartition(".")[2].rpartition("$")[2]
            if name == python["raised"] or java["raised"] == python["raised"]:
                return []
        return [Difference(path, "raised", python, java)]


def _allowance(table: Mapping[str, Any]) -> Allowance:
    return Allowance(**{**table, "expires": datetime.date.fromisoformat(table["expires"])})


def _outcome(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"raised": told["raised"]} if "raised" in told else {"returned": told["returned"]}


def _ended(ended: Ended) -> dict[str, Any]:
    if ended.error is None:
        return {"returned": ended.value}
    return {"raised": ended.error, "cause": ended.cause[:CAUSE]}


def _flow(config: Config, name: str) -> WorkflowConfig:
    flow = config.table.workflow.get(name)
    if flow is None:
        known = sorted(config.table.workflow)
        raise ParityError(
            f"there is no workflow `{name}`",
            where=str(config.file),
            why=f"it has {', '.join(known) or 'none'}",
            next_step=did_you_mean(name, known) or f"write a table [workflow.{name}]",
        )
    return flow


def _machine(aws: LocalAws, flow: WorkflowConfig, config: Config) -> StateMachine:
    machines = [one for stack in aws.stacks for one in stack.machines]
    for machine in machines:
        if flow.machine in (machine.logical, machine.name):  # CDK adds a hash to logical ids
            return machine
    known = [one.logical for one in machines]
    raise ParityError(
        f"there is no state machine `{flow.machine}`",
        where=str(config.root / flow.template),
        why=f"it makes {', '.join(known) or 'none'}",
        next_step=did_you_mean(flow.machine, known) or "mend `machine` in the config",
    )


def _refuse_unknown_states(config: Config, flow: WorkflowConfig, tasks: Mapping[str, str]) -> None:
    strange = sorted(set(flow.states) - set(tasks))
    if strange:
        raise ParityError(
            f"there is no task `{strange[0]}`",
            where=str(config.file),
            why=f"the state machine has {', '.join(tasks) or 'none'}",
            next_step=did_you_mean(strange[0], list(tasks)) or "mend `states` in the config",
        )


def _requests(file: Path) -> Iterator[Request]:
    try:
        lines = file.read_text("utf-8").splitlines()
        read = [json.loads(line) for line in lines if line.strip()]
        requests = [Request(one["id"], one["input"], one.get("world")) for one in read]
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise ParityError(
            "the requests of the workflow cannot be read",
            where=str(file),
            why=repr(why),
            next_step='write one a line: {"id": "…", "input": …, "world": …}',
        ) from None
    if not requests:
        raise ParityError(
            "the workflow has no requests",
            where=str(file),
            why="the file is empty",
            next_step='write one a line: {"id": "…", "input": …, "world": …}',
        )
    yield from requests
