"""`parity run --workflow`: one request on both sides from equal worlds, then hop by hop."""

from __future__ import annotations

import datetime
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from parity.aws.design import Design, Handled, machine_in
from parity.aws.local import LocalAws
from parity.aws.machines import execute, invoke, tasks_of
from parity.config import Config, WorkflowConfig
from parity.diff.generated import Window
from parity.diff.settle import settle
from parity.errors import ParityError, did_you_mean
from parity.evidence.basis import hash_of
from parity.evidence.whole import StateProof, WorkflowProof, write_workflow
from parity.model import (
    Difference,
    HopFinding,
    RequestReport,
    StateReport,
    Verdict,
    WorkflowReport,
    worst,
)
from parity.pipeline.local import Local, local_aws
from parity.pipeline.mapped import mapped_units
from parity.pipeline.programs import Conversation, Failed, Place
from parity.pipeline.progress import Progress
from parity.pipeline.run import Options, run
from parity.pipeline.units import Selection
from parity.pipeline.workflow_judge import (
    Ran,
    Request,
    WorkflowJudge,
    design_for,
    flow_of,
    outcome_of,
    python_ran,
    usual_world,
)

TERMS: Final = ("numbers", "nulls", "unordered", "generated", "allow", "states")
"""What of a workflow's table says how the sides are compared."""


def run_workflow(
    config: Config,
    name: str,
    progress: Progress,
    *,
    template: Path | None = None,
    evidence: bool = False,
    inputs: Path | None = None,
) -> WorkflowReport:
    """Runs all requests of a workflow (or those of another file), and the units of its states.

    With `evidence` what came of it is written to be committed. `template` stands in for that of
    the config. Raises ParityError where it cannot begin.
    """
    flow = flow_of(config, name)
    if template is not None:
        flow = replace(flow, template=str(template.resolve()))
    if inputs is None:
        requests = list(_requests(config.root / flow.requests, None))
    else:
        requests = list(_requests(inputs, usual_world(config, flow)))
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
        fenced = inputs is not None  # they are production's, which is not to be touched
        place = Place.of(config, {**aws.environment, **_outputs(aws)}, fenced=fenced)
        with Conversation(flow.java_world, place, flow.seconds) as world:
            runner = _Runner(config, name, flow, aws, world, progress, fenced=fenced)
            report = runner.report(requests)
    ended = time.monotonic()
    verdicts = _verdicts(config, units, progress, evidence=evidence)
    seconds = {
        "start": started - began,
        "workflow": ended - started,
        "units": time.monotonic() - ended,
    }
    states = [
        replace(one, unit_verdict=verdicts.get(one.unit)) if one.unit else one
        for one in report.states
    ]
    report = replace(report, states=tuple(states), seconds=seconds)
    if evidence:
        write_workflow(config, _proof(config, flow, report))
    return report


def _proof(config: Config, flow: WorkflowConfig, report: WorkflowReport) -> WorkflowProof:
    """What is committed of a workflow: no values, no times."""
    design = design_for(config, flow)
    requests = Counter(one.verdict.value for one in report.requests)
    states = {}
    for one in report.states:
        handled = design.handled.get(one.state, Handled("", ""))
        passing = one.matched + one.allowed
        states[one.state] = StateProof(
            one.unit, one.hops, passing, handled.handler, handled.runtime
        )
    rests_on = resting(config, flow, design)
    return WorkflowProof(report.name, report.verdict, requests, states, rests_on)


def resting(config: Config, flow: WorkflowConfig, design: Design) -> dict[str, str]:
    """Hashes of what the verdict of a workflow rests on, beside its units."""
    terms = {name: getattr(flow, name) for name in TERMS}
    requests = (config.root / flow.requests).read_bytes()
    return {
        "definition": hash_of(design.definition),
        "terms": hash_of(terms),
        "requests": hashlib.sha256(requests).hexdigest(),
    }


def _outputs(aws: LocalAws) -> dict[str, str]:
    """What the template puts out: names of tables, buckets and the like."""
    outputs = {name: value for stack in aws.stacks for name, value in stack.outputs.items()}
    return {"PARITY_OUTPUTS": json.dumps(outputs)}


def _mapped(config: Config, flow: WorkflowConfig) -> tuple[str, ...]:
    """The units of the states that are mapped; where none is, the states stand alone."""
    mapped = {unit.id for unit in mapped_units(config, build=False, may_be_empty=True)}
    return tuple(unit for unit in dict.fromkeys(flow.states.values()) if unit in mapped)


def _verdicts(
    config: Config, units: tuple[str, ...], progress: Progress, *, evidence: bool
) -> dict[str, Verdict]:
    """What the fixtures of units say."""
    if not units:
        return {}
    report = run(config, Selection(units), progress, Options(evidence=evidence))
    return {one.unit.id: one.verdict for one in report.units}


class _Runner:
    def __init__(
        self,
        config: Config,
        name: str,
        flow: WorkflowConfig,
        aws: LocalAws,
        world: Conversation,
        progress: Progress,
        *,
        fenced: bool,
    ) -> None:
        self.fenced = fenced
        self.config = config
        self.name = name
        self.flow = flow
        self.aws = aws
        self.java_world = world
        self.progress = progress
        self.machine = machine_in(aws.stacks, flow.machine, config.root / flow.template)
        self.tasks = tasks_of(self.machine)
        self.judge = WorkflowJudge(flow)
        self.hops: Counter[str] = Counter()
        self.outcomes: dict[Verdict, Counter[str]] = {one: Counter() for one in Verdict}
        _refuse_unknown_states(config, flow, self.tasks)

    def report(self, requests: Sequence[Request]) -> WorkflowReport:
        """Each request on both sides, then python's hops on java."""
        judged: list[RequestReport] = []
        findings: list[HopFinding] = []
        for request in requests:
            self.progress.doing(f"{self.name}: {request.id}")
            self.judge.generated.begin()
            differences: tuple[Difference, ...] = ()
            trouble = ""
            try:
                ran = self._python(request)
                differences = tuple(self._whole(request, ran))
                findings += self._hop_by_hop(request, ran)
            except Failed as why:
                trouble = str(why)
            judged.append(RequestReport(request.id, differences, trouble))
        settled = settle(self.judge.tally, datetime.date.today(), complete=True)
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
            dict(self.judge.generated.used),
        )

    def _python(self, request: Request) -> Ran:
        ran = python_ran(self.config, self.flow, request, fenced=self.fenced)
        strange = {hop.state for hop in ran.hops} - set(self.tasks)
        if strange:
            raise Failed(f"the state machine has no task called {', '.join(sorted(strange))}")
        return ran

    def _whole(self, request: Request, ran: Ran) -> list[Difference]:
        """The differences of the result and of the world that is left."""
        began = time.time()
        self._load(request)
        states = self.aws.client("stepfunctions")
        ended = execute(states, self.machine.arn, request.input, self.flow.seconds)
        world = self.java_world.ask(do="read")
        java = Window(began, time.time())
        differences = [
            *self.judge.outcomes(ran.outcome, outcome_of(ended), "$.result"),
            *self.judge.comparison.differences(ran.world, world, "$.world"),
        ]
        return self.judge.judged(request.id, differences, (ran.window, java), "$")

    def _load(self, request: Request) -> None:
        """AWS holds the world of a request; where all share one, what is asked for may matter."""
        self.java_world.ask(do="load", world=request.world, input=request.input)

    def _hop_by_hop(self, request: Request, ran: Ran) -> Iterator[HopFinding]:
        """Java's handlers given python's events, one after the other; the first that diverges."""
        self._load(request)
        lambdas = self.aws.client("lambda")
        first: HopFinding | None = None
        for index, hop in enumerate(ran.hops):
            self.progress.doing(f"{self.name}: {request.id}, hop {index + 1} of {len(ran.hops)}")
            java = outcome_of(invoke(lambdas, self.tasks[hop.state], hop.input))
            found = self.judge.outcomes(hop.outcome, java, "$")
            if hop.world is not None:
                world = self.java_world.ask(do="look", state=hop.state, input=hop.input)
                found += self.judge.comparison.differences(hop.world, world, "$world")
            # Java's clock runs on from what python's events tell of theirs.
            windows = ran.window, Window(ran.window.begin, time.time())
            found = self.judge.judged(request.id, found, windows, f"$.states.{hop.state}")
            verdict = worst([one.verdict for one in found] or [Verdict.MATCHED])
            self.hops[hop.state] += 1
            self.outcomes[verdict][hop.state] += 1
            if verdict is Verdict.DIFFERS and first is None:
                first = HopFinding(request.id, index, hop, java, tuple(found))
        if first is not None:
            yield first


def _refuse_unknown_states(config: Config, flow: WorkflowConfig, tasks: Mapping[str, str]) -> None:
    strange = sorted(set(flow.states) - set(tasks))
    if strange:
        raise ParityError(
            f"there is no task `{strange[0]}`",
            where=str(config.file),
            why=f"the state machine has {', '.join(tasks) or 'none'}",
            next_step=did_you_mean(strange[0], list(tasks)) or "mend `states` in the config",
        )


def _requests(file: Path, world: Any) -> Iterator[Request]:
    try:
        lines = file.read_text("utf-8").splitlines()
        read = [json.loads(line) for line in lines if line.strip()]
        requests = [Request(one["id"], one["input"], one.get("world", world)) for one in read]
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
