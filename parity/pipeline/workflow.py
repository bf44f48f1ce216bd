"""`parity run --workflow`: one request on both sides from equal worlds, then hop by hop."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parity.aws.local import LocalAws
from parity.aws.machines import Ended, execute, invoke, tasks_of
from parity.aws.stack import StateMachine
from parity.config import Config, WorkflowConfig
from parity.diff.walk import Comparison
from parity.errors import ParityError, did_you_mean
from parity.model import (
    Difference,
    Hop,
    HopFinding,
    RequestReport,
    StateReport,
    Terms,
    WorkflowReport,
)
from parity.pipeline.local import Local, local_aws
from parity.pipeline.progress import Progress

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


class Failed(Exception):
    """A program of the config did not do its part; the text says which, and what it said."""


def run_workflow(config: Config, name: str, progress: Progress) -> WorkflowReport:
    """Runs all requests of a workflow. Raises ParityError where it cannot begin."""
    flow = _flow(config, name)
    requests = list(_requests(config.root / flow.requests))
    local = Local(
        templates=(config.root / flow.template,),
        parameters=flow.parameters,
        concurrency=flow.concurrency,
    )
    with local_aws(config, local, progress) as aws:
        return _Runner(config, name, flow, aws, progress).report(requests)


class _Runner:
    def __init__(
        self, config: Config, name: str, flow: WorkflowConfig, aws: LocalAws, progress: Progress
    ) -> None:
        self.config = config
        self.name = name
        self.flow = flow
        self.aws = aws
        self.progress = progress
        self.machine = _machine(aws, flow, config)
        self.tasks = tasks_of(self.machine)
        terms = Terms(numbers=flow.numbers, nulls=flow.nulls, unordered=tuple(flow.unordered))
        self.comparison = Comparison(terms, document=True)
        self.hops: Counter[str] = Counter()
        self.matched: Counter[str] = Counter()
        _refuse_unknown_states(config, flow, self.tasks)

    def report(self, requests: Sequence[Request]) -> WorkflowReport:
        """Each request on both sides, then python's hops on java."""
        judged: list[RequestReport] = []
        findings: list[HopFinding] = []
        for request in requests:
            self.progress.doing(f"{self.name}: {request.id}")
            try:
                ran = self._python(request)
                differences = self._whole(request, ran)
                judged.append(RequestReport(request.id, tuple(differences)))
                findings += self._hop_by_hop(request, ran)
            except Failed as why:
                judged.append(RequestReport(request.id, (), str(why)))
        states = [
            StateReport(state, self.flow.states.get(state), self.hops[state], self.matched[state])
            for state in self.tasks
        ]
        return WorkflowReport(self.name, tuple(judged), tuple(states), tuple(findings))

    def _python(self, request: Request) -> Ran:
        told = self._program(
            self.flow.python, [], {"request": request.input, "world": request.world}, {}
        )
        try:
            hops = [Hop(one["state"], one["input"], _outcome(one)) for one in told["hops"]]
            ran = Ran(_outcome(told), told["world"], tuple(hops))
        except (KeyError, TypeError) as why:
            said = f"{self.flow.python[0]} answered without {why}"
            raise Failed(said) from None
        strange = {hop.state for hop in hops} - set(self.tasks)
        if strange:
            raise Failed(f"the state machine has no task called {', '.join(sorted(strange))}")
        return ran

    def _whole(self, request: Request, ran: Ran) -> list[Difference]:
        """The differences of the result and of the world that is left."""
        self._load(request.world)
        states = self.aws.client("stepfunctions")
        ended = execute(states, self.machine.arn, request.input, self.flow.seconds)
        differences = self._outcomes(ran.outcome, _ended(ended), "$.result")
        world = self._program(self.flow.java_world, ["read"], None, self.aws.environment)
        return differences + self.comparison.differences(ran.world, world, "$.world")

    def _hop_by_hop(self, request: Request, ran: Ran) -> Iterator[HopFinding]:
        """Java's handlers given python's events, one after the other; the first that diverges."""
        self._load(request.world)
        lambdas = self.aws.client("lambda")
        first: HopFinding | None = None
        for index, hop in enumerate(ran.hops):
            java = _ended(invoke(lambdas, self.tasks[hop.state], hop.input))
            differences = tuple(self._outcomes(hop.outcome, java, "$"))
            self.hops[hop.state] += 1
            self.matched[hop.state] += not differences
            if differences and first is None:
                first = HopFinding(request.id, index, hop, java, differences)
        if first is not None:
            yield first

    def _outcomes(self, python: Any, java: Any, path: str) -> list[Difference]:
        if "returned" in python and "returned" in java:
            return self.comparison.differences(python["returned"], java["returned"], path)
        if "raised" in python and "raised" in java:
            name = str(java["raised"]).rpartition(".")[2].rpartition("$")[2]
            if name == python["raised"] or java["raised"] == python["raised"]:
                return []
        return [Difference(path, "raised", python, java)]

    def _load(self, world: Any) -> None:
        self._program(self.flow.java_world, ["load"], world, self.aws.environment)

    def _program(
        self, command: Sequence[str], more: Sequence[str], given: Any, env: Mapping[str, str]
    ) -> Any:
        """What a program of the config answers, as JSON; it gets `given` on standard input."""
        try:
            done = subprocess.run(
                [*command, *more],
                input=json.dumps(given),
                env={**os.environ, **env},
                cwd=self.config.root,
                capture_output=True,
                text=True,
                timeout=self.flow.seconds,
                check=False,
            )
        except FileNotFoundError:
            raise Failed(f"there is no program {command[0]}") from None
        except subprocess.TimeoutExpired:
            raise Failed(f"{command[0]} took more than {self.flow.seconds:g} s") from None
        if done.returncode != 0:
            last = "\n".join(done.stderr.strip().splitlines()[-3:])
            raise Failed(f"{' '.join([*command, *more])} failed: {last}")
        try:
            return json.loads(done.stdout) if done.stdout.strip() else None
        except ValueError:
            raise Failed(f"{command[0]} answered no JSON: {done.stdout[:80]}") from None


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
        if machine.logical == flow.machine:
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
