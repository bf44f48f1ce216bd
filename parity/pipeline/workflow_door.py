"""The door of a workflow: the alias of its state machine, its gate, and its executions."""

from __future__ import annotations

import datetime
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from parity import evidence
from parity.aws.deployed import Account, Run
from parity.aws.design import Handled
from parity.aws.machine_checks import doubts
from parity.aws.machines import Ended, tasks_in
from parity.aws.payloads import Assumed
from parity.config import Config, CutoverConfig, WorkflowConfig, toml_key
from parity.content import Content
from parity.cutover.door import Came
from parity.cutover.gate import Deployed, Facts, UnitFacts, counted, reasons
from parity.diff.generated import Window
from parity.errors import ParityError
from parity.evidence.committed import Proof
from parity.evidence.drift import Drift
from parity.evidence.drift import Moved as Drifted
from parity.evidence.packages import Package, classes_apart
from parity.evidence.whole import StageRecord, read_strength, read_workflow, write_stage
from parity.gate import Gate, Route, Seen
from parity.model import Unit, Verdict, WorkflowReport
from parity.pipeline.collecting import without_collecting
from parity.pipeline.mapped import mapped_units
from parity.pipeline.programs import Failed
from parity.pipeline.progress import Progress
from parity.pipeline.sources import JavaClasses
from parity.pipeline.workflow import resting, run_workflow
from parity.pipeline.workflow_judge import (
    Request,
    WorkflowJudge,
    allowances_of,
    design_for,
    flow_of,
    outcome_of,
    python_ran,
    usual_world,
)

ENDED_BADLY: Final = {"FAILED": "", "TIMED_OUT": "States.Timeout", "ABORTED": "States.Aborted"}


# ---------------------------------------------------------------- the gate


@without_collecting()
def check_workflow(config: Config, name: str, account: Account | None) -> Gate:
    """Whether a workflow may cut over. Nothing of the project is built, imported or run.

    Without an account only the repository is looked at. Raises ParityError on bad input, and where
    AWS does not answer.
    """
    facts = _facts(config, name)
    deployed = _deployed(facts, account) if account is not None else None
    found = reasons(facts, deployed)
    return Gate(name, found, counted(facts, deployed), deployed is not None)


class KnownUnits:
    """What the repository knows of units, read and never run."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.today = datetime.datetime.now(datetime.UTC).date()
        self._content = Content(config.private / "cache" / "status.json")
        entries = JavaClasses(config).entries
        self._drift = Drift(config, self._content, entries, self.today)

    def facts(self, unit_id: str, states: tuple[str, ...], unit: Unit | None) -> UnitFacts:
        """Evidence and strength of a unit, and what has changed since."""
        if unit is None:
            return UnitFacts(unit_id, states, None)
        proof = evidence.committed.read(self.config, unit)
        moved = Drifted() if proof is None else self._drift.of(unit, proof)
        return UnitFacts(unit_id, states, unit, proof, moved, read_strength(self.config, unit))

    def keep(self) -> None:
        """Keeps what was learnt of files."""
        self._content.keep()


def _facts(config: Config, name: str) -> Facts:
    flow = flow_of(config, name)
    template = config.root / flow.template
    if not template.exists():
        raise ParityError(
            f"there is no template {flow.template}",
            where=str(template),
            why=f"[workflow.{toml_key(name)}] names it",
            next_step="make it (cdk synth, say), or mend `template`",
        )
    design = design_for(config, flow)
    assumed: dict[str, Any] = {**flow.cutover.assumed}
    mapped = {unit.id: unit for unit in mapped_units(config, build=False, may_be_empty=True)}
    known = KnownUnits(config)
    units = []
    for unit_id in dict.fromkeys(flow.states.values()):
        states = tuple(state for state, unit in flow.states.items() if unit == unit_id)
        units.append(known.facts(unit_id, states, mapped.get(unit_id)))
    known.keep()
    return Facts(
        workflow=name,
        terms=flow.cutover,
        design=design,
        units=units,
        without=[state for state in design.functions if state not in flow.states],
        proof=read_workflow(config, name),
        rests_on=resting(config, flow, design),
        allowances=allowances_of(flow),
        doubts=doubts(design.machine, replace(Assumed(), **assumed)),
        today=known.today,
    )


def _deployed(facts: Facts, account: Account) -> Deployed:
    terms = facts.terms
    wanted = terms.machine or facts.design.name
    alarms = account.alarms(terms.alarms) if terms.alarms else {}
    machine = account.machine(wanted)
    if machine is None:
        return Deployed(wanted, exists=False, alarms=alarms)
    definition = account.definition(machine, terms.java)
    functions: dict[str, Handled] = {}
    packages: dict[str, str] = {}
    proofs = {state: one.proof for one in facts.units for state in one.states}
    broken: dict[str, str] = {}
    called = tasks_in(_text(definition), machine) if definition is not None else {}
    known: dict[str, Mapping[str, Any] | None] = {}
    opened: dict[str, Package | None] = {}
    for state, target in called.items():
        if target not in known:
            known[target] = account.function(target)
        told = known[target]
        if told is None:
            broken[state] = f"there is no function {target}"
            continue
        if told.get("State", "Active") not in ("Active", "Inactive"):
            broken[state] = f"{target} is {told['State']}: {told.get('StateReason', '')}"
        functions[state] = Handled(str(told.get("Handler", "")), str(told.get("Runtime", "")))
        proof = proofs.get(state)
        apart = None if proof is None else package_apart(account, told, proof, opened)
        if apart is not None:
            packages[state] = f"the package of {target}: {apart}"
    return Deployed(
        machine=machine,
        exists=True,
        definition=definition,
        legacy=account.definition(machine, terms.legacy) is not None,
        route=account.route(machine, terms.alias),
        alarms=alarms,
        functions=functions,
        broken=broken,
        packages=packages,
    )


def package_apart(
    account: Account, function: Mapping[str, Any], proof: Proof, opened: dict[str, Package | None]
) -> str | None:
    """How the package of a function parts from what was proven; None where it does not."""
    digest = str(function.get("CodeSha256", ""))
    if digest not in opened:
        data = account.package(function)
        try:
            opened[digest] = None if data is None else Package(data)
        except zipfile.BadZipFile:
            opened[digest] = None
    package = opened[digest]
    if package is None:
        return "it cannot be looked into (lambda:GetFunction hands it out)"
    return next(classes_apart(package, proof.rests_on), None)


def _text(definition: Mapping[str, Any] | None) -> str:
    return json.dumps(definition)


# ---------------------------------------------------------------- in the shadow


def shadow_workflow(config: Config, name: str, inputs: Path, progress: Progress) -> WorkflowReport:
    """Runs real inputs on both sides, all that java does fenced into a local AWS.

    Where all of them match, the units of the workflow are in shadow. Raises ParityError.
    """
    flow = flow_of(config, name)
    report = run_workflow(config, name, progress, inputs=inputs)
    if report.verdict in (Verdict.MATCHED, Verdict.ALLOWED):
        record = StageRecord("shadow", _units(flow), {"executions": len(report.requests)})
        write_stage(config, name, record)
    return report


def _units(flow: WorkflowConfig) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flow.states.values()))


# ---------------------------------------------------------------- the door


@dataclass
class WorkflowDoor:
    """The alias of a state machine: legacy's version, Java's, and the executions of both."""

    config: Config
    workflow: str
    account: Account
    now: Callable[[], float] = time.time
    late: float = 0.0

    def __post_init__(self) -> None:
        self.flow = flow_of(self.config, self.workflow)
        self.terms: CutoverConfig = self.flow.cutover

    @property
    def name(self) -> str:
        """The alias."""
        return f"the alias {self.terms.alias}"

    def units(self) -> tuple[str, ...]:
        """The units of its states."""
        return _units(self.flow)

    def route(self) -> Route | None:
        """Where the alias leads."""
        return self.account.route(self._machine, self.terms.alias)

    def turn(self, route: Route) -> None:
        """Moves the weights of the alias."""
        self.account.turn(self._machine, self.terms.alias, route)

    def proven(self) -> None:
        """An alias needs nothing more."""

    def plan(self, weight: int) -> str:
        """The call of a step."""
        return (
            f"states:UpdateStateMachineAlias {self.terms.alias}: {weight} % to version "
            f"{self.terms.java}, {100 - weight} % to version {self.terms.legacy}"
        )

    def absent(self) -> ParityError:
        """There is no alias."""
        return ParityError(
            f"there is no alias {self.terms.alias}",
            where=self.account.endpoint,
            why="the state machine has none of this name",
            next_step=f"create it with all of the work on version {self.terms.legacy}",
        )

    def came(self, since: float, known: set[str]) -> Iterator[Came]:
        """Executions of Java's version that have ended, each compared with python."""
        for run in self.account.runs(self._machine, since, known):
            known.add(run.arn)
            if run.version == self.terms.java:
                yield Came(run.arn, tuple(self._apart(run, since)))

    def _apart(self, run: Run, since: float) -> list[Seen]:
        """Where an execution of production parts from what python makes of its input."""
        request = Request(run.name, run.given, self._world)
        try:
            ran = python_ran(self.config, self.flow, request, fenced=True)
        except Failed as why:
            return [Seen(run.name, "$.result", f"could not be told: {why}", run.status)]
        error = run.error or ENDED_BADLY.get(run.status)
        ended = Ended(error=error) if run.status in ENDED_BADLY else Ended(value=run.output)
        judge = WorkflowJudge(self.flow)
        found = judge.outcomes(ran.outcome, outcome_of(ended), "$.result")
        windows = ran.window, Window(since, self.now())
        return [
            Seen(run.name, one.path, one.python, one.java)
            for one in judge.judged(run.name, found, windows, "$")
            if one.verdict is Verdict.DIFFERS
        ]

    @cached_property
    def _world(self) -> Any:
        return usual_world(self.config, self.flow)

    @cached_property
    def _machine(self) -> str:
        wanted = self.terms.machine
        if wanted is None:
            wanted = design_for(self.config, self.flow).name
        found = self.account.machine(wanted)
        if found is None:
            raise ParityError(
                f"there is no state machine {wanted}",
                where=self.account.endpoint,
                why="the account has none of this name",
                next_step="deploy it, or mend `machine` in the config",
            )
        return found
