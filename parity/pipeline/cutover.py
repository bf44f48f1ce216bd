"""`parity cutover`: whether a workflow may let production through, and the way there and back."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from parity import evidence
from parity.aws.asl import read_machine
from parity.aws.deployed import Account, Run, wait_for
from parity.aws.design import Handled, design_of
from parity.aws.machine_checks import doubts
from parity.aws.machines import Ended, tasks_in
from parity.aws.payloads import Assumed
from parity.config import Config, WorkflowConfig
from parity.content import Content
from parity.cutover.gate import Deployed, Facts, UnitFacts, counted, reasons
from parity.cutover.journal import Journal, is_under_way, open_step
from parity.diff.generated import Window
from parity.errors import ParityError
from parity.evidence.drift import Drift
from parity.evidence.drift import Moved as Drifted
from parity.evidence.whole import (
    StageRecord,
    forget_stage,
    read_strength,
    read_workflow,
    write_stage,
)
from parity.gate import Gate, Moved, Outcome, Route, Seen, Step, What
from parity.model import Verdict, WorkflowReport
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
    flow_of,
    outcome_of,
    python_ran,
    usual_world,
)

LOOK_SECONDS: Final = 1.0
QUIET_BEFORE: Final = "alarm-rings"
"""What opens the gate no more once work is moved: the proof of the step then leads it back."""
ENDED_BADLY: Final = {"FAILED": "", "TIMED_OUT": "States.Timeout", "ABORTED": "States.Aborted"}


# ---------------------------------------------------------------- the gate


@without_collecting()
def check(config: Config, name: str, account: Account | None) -> Gate:
    """Whether a workflow may cut over. Nothing of the project is built, imported or run.

    Without an account only the repository is looked at. Raises ParityError on bad input, and where
    AWS does not answer.
    """
    facts = _facts(config, name)
    deployed = _deployed(facts, account) if account is not None else None
    found = reasons(facts, deployed)
    return Gate(name, found, counted(facts, deployed), deployed is not None)


def _facts(config: Config, name: str) -> Facts:
    flow = flow_of(config, name)
    template = config.root / flow.template
    if not template.exists():
        raise ParityError(
            f"there is no template {flow.template}",
            where=str(template),
            why=f"[workflow.{name}] names it",
            next_step="make it (cdk synth, say), or mend `template`",
        )
    design = design_of(template, flow.machine, flow.parameters)
    machine = read_machine(_text(design.definition), flow.template)
    assumed: dict[str, Any] = {**flow.cutover.assumed}
    content = Content(config.private / "cache" / "status.json")
    today = datetime.datetime.now(datetime.UTC).date()
    drift = Drift(config, content, JavaClasses(config).entries, today)
    mapped = {unit.id: unit for unit in mapped_units(config, build=False, may_be_empty=True)}
    units = []
    for unit_id in dict.fromkeys(flow.states.values()):
        states = tuple(state for state, unit in flow.states.items() if unit == unit_id)
        unit = mapped.get(unit_id)
        proof = evidence.committed.read(config, unit) if unit is not None else None
        units.append(
            UnitFacts(
                unit_id,
                states,
                unit,
                proof,
                drift.of(unit, proof) if unit is not None and proof is not None else Drifted(),
                read_strength(config, unit) if unit is not None else None,
            )
        )
    content.keep()
    return Facts(
        workflow=name,
        terms=flow.cutover,
        design=design,
        units=units,
        without=[state for state in design.functions if state not in flow.states],
        proof=read_workflow(config, name),
        rests_on=resting(config, flow, design),
        allowances=allowances_of(flow),
        doubts=doubts(machine, replace(Assumed(), **assumed)),
        today=today,
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
    broken: dict[str, str] = {}
    called = tasks_in(_text(definition), machine) if definition is not None else {}
    known: dict[str, Mapping[str, Any] | None] = {}
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
    return Deployed(
        machine=machine,
        exists=True,
        definition=definition,
        legacy=account.definition(machine, terms.legacy) is not None,
        route=account.route(machine, terms.alias),
        alarms=alarms,
        functions=functions,
        broken=broken,
    )


def _text(definition: Mapping[str, Any] | None) -> str:
    return json.dumps(definition)


# ---------------------------------------------------------------- in the shadow


def shadow(config: Config, name: str, inputs: Path, progress: Progress) -> WorkflowReport:
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


# ---------------------------------------------------------------- the way there and back


@dataclass(frozen=True, slots=True)
class ShiftOptions:
    """What `shift` was asked for."""

    to: int | None = None
    """Only so far; through all steps of the config where it is None."""

    resume: bool = False
    dry_run: bool = False


@dataclass
class Cutover:
    """Moves the work of a workflow from one version to the other by the weights of an alias."""

    config: Config
    name: str
    account: Account
    progress: Progress
    now: Callable[[], float] = time.time
    proved: int = 0

    def __post_init__(self) -> None:
        self.flow = flow_of(self.config, self.name)
        self.terms = self.flow.cutover
        self.journal = Journal(self.config.private / "cutover" / f"{self.name}.jsonl")

    # ------------------------------------------------------------ verbs

    def status(self) -> Moved:
        """Where the alias leads, and the journal. Nothing is changed."""
        steps = self.journal.steps()
        outcome: Outcome = "waiting" if is_under_way(steps) else "done"
        why = steps[-1].why if steps else "no cutover was begun here"
        return Moved(self.name, self._route(), outcome, why, steps)

    def plan(self) -> tuple[str, ...]:
        """The calls that a shift would make, as sentences."""
        told = []
        for weight in self.terms.steps:
            told.append(
                f"states:UpdateStateMachineAlias {self.terms.alias}: {weight} % to version "
                f"{self.terms.java}, {100 - weight} % to version {self.terms.legacy}"
            )
            told.append(
                f"wait for {self.terms.executions} executions of version {self.terms.java} "
                f"(at most {self.terms.seconds:g} s); compare each with python, look at "
                f"{', '.join(self.terms.alarms) or 'no alarm'}"
            )
        return tuple(told)

    def shift(self, options: ShiftOptions) -> Moved:
        """Goes step by step, with proof in between; back at once where something parts.

        Raises ParityError where a cutover is under way and it is not to go on with it, and where
        the alias leads where nobody decided.
        """
        steps = self.journal.steps()
        if options.resume:
            return self._resumed(steps, options)
        if is_under_way(steps):
            raise ParityError(
                f"a cutover of {self.name} is under way",
                where=str(self.journal.file),
                why=f"its last step is `{steps[-1].what}`",
                next_step=f"parity cutover {self.name} shift --resume, or rollback",
            )
        shut = self._shut()
        if shut:
            return Moved(self.name, self._route(), "refused", shut, steps)
        if options.dry_run:
            return Moved(self.name, self._route(), "dry", "\n".join(self.plan()), steps)
        self._add("begin", before=self._known_route())
        return self._forward(self._ahead(self._java_weight(), options), None)

    def rollback(self, why: str = "asked for") -> Moved:
        """Leads all of the work to the version that wraps the legacy server."""
        self._back(why)
        return self._told("done", why)

    # ------------------------------------------------------------ going on

    def _resumed(self, steps: Sequence[Step], options: ShiftOptions) -> Moved:
        if not is_under_way(steps):
            raise ParityError(
                f"no cutover of {self.name} is under way here",
                where=str(self.journal.file),
                why="its journal is empty, or its last step is done",
                next_step=f"parity cutover {self.name} shift",
            )
        begun = open_step(steps)
        if begun is not None and begun.what == "back":
            self._back(begun.why)
            return self._told("rolled-back", begun.why)
        shut = self._shut(but=QUIET_BEFORE)
        if shut:
            return Moved(self.name, self._route(), "refused", shut, tuple(steps))
        now = self._known_route()
        last = next((one for one in reversed(steps) if one.what in ("shift", "shifted")), None)
        if last is None:
            return self._forward(self._ahead(self._java_weight(), options), None)
        decided = {self._weights(last.weight or 0)}
        if begun is not None:
            decided.add(begun.before)
        if now not in decided:
            raise ParityError(
                f"the alias {self.terms.alias} leads where nobody decided",
                where=self.account.endpoint,
                why=f"it is {_shown(now)}; the journal says "
                + " or ".join(_shown(one) for one in sorted(decided)),
                next_step=f"find out who moved it; parity cutover {self.name} rollback leads "
                "all back to legacy",
            )
        weight = last.weight or 0
        is_proved = steps[-1].what == "proved"
        unproved = None if is_proved else weight
        since = last.at if last.what == "shifted" and not is_proved else None
        return self._forward([*self._ahead(weight, options)], unproved, since)

    def _shut(self, but: str = "") -> str:
        """Why the gate is shut; empty where it is open, but for one kind of reasons."""
        found = check(self.config, self.name, self.account).reasons
        told = [f"{one.kind}: {one.about}" for one in found if one.kind != but]
        return f"the gate is shut ({'; '.join(told[:3])})" if told else ""

    def _ahead(self, weight: int, options: ShiftOptions) -> list[int]:
        """The steps that are still to be made."""
        wanted = [options.to] if options.to is not None else self.terms.steps
        return [one for one in wanted if one > weight]

    def _forward(
        self, ahead: Sequence[int], unproved: int | None, since: float | None = None
    ) -> Moved:
        """Proves the step that is made, if it is not yet, then makes and proves those ahead."""
        if unproved is not None:
            if since is None:
                since = self._to(unproved)
            moved = self._proved(unproved, since)
            if moved is not None:
                return moved
        for weight in ahead:
            moved = self._proved(weight, self._to(weight))
            if moved is not None:
                return moved
        if self._java_weight() == 100:
            record = StageRecord("cut-over", _units(self.flow))
            write_stage(self.config, self.name, record)
            self._add("done", weight=100)
            return self._told("done", "all of the work is Java's")
        return self._told("waiting", f"{self._java_weight()} % of the work is Java's")

    def _to(self, weight: int) -> float:
        """Makes one step; answers when it was made."""
        before = self._known_route()
        self._add("shift", weight=weight, before=before)
        machine = self._machine
        self.account.turn(machine, self.terms.alias, Route(self._weights(weight)))
        there = self._known_route()
        if there != self._weights(weight):
            raise ParityError(
                f"the alias {self.terms.alias} did not move",
                where=self.account.endpoint,
                why=f"it is {_shown(there)} after it was to be {_shown(self._weights(weight))}",
                next_step=f"parity cutover {self.name} shift --resume, or rollback",
            )
        return self._add("shifted", weight=weight).at

    def _back(self, why: str) -> None:
        self._add("back", weight=0, why=why, before=self._known_route())
        self.account.turn(self._machine, self.terms.alias, Route(self._weights(0)))
        forget_stage(self.config, self.name)
        self._add("is-back", weight=0, why=why)

    # ------------------------------------------------------------ the proof of a step

    def _proved(self, weight: int, since: float) -> Moved | None:
        """None where a step is proven; else what came of it."""
        seen: list[Seen] = []
        ringing: list[str] = []
        machine = self._machine
        compared: set[str] = set()
        known: set[str] = set()

        def look() -> bool:
            self.progress.doing(
                f"{weight} %: {len(compared)} of {self.terms.executions} executions compared"
            )
            ringing.extend(self._ringing())
            if ringing:
                return True
            for run in self.account.runs(machine, since, known):
                known.add(run.arn)
                if run.version == self.terms.java:
                    compared.add(run.arn)
                    self.proved += 1
                    seen.extend(self._apart(run, since))
            return bool(seen) or len(compared) >= self.terms.executions

        in_time = wait_for(self.terms.seconds, look, LOOK_SECONDS)
        if ringing:
            why = f"alarm {', '.join(ringing)} rings"
        elif seen:
            why = f"{seen[0].execution} differs from python at {seen[0].path}"
        elif not in_time:
            told = (
                f"{len(compared)} of {self.terms.executions} executions came in "
                f"{self.terms.seconds:g} s: {weight} % is not proven"
            )
            return self._told("waiting", told)
        else:
            self._add("proved", weight=weight, why=f"{len(compared)} executions matched")
            return None
        self._back(why)
        return self._told("rolled-back", why, seen)

    def _ringing(self) -> list[str]:
        """Alarms that ring, and those that are gone: what is not there cannot be quiet."""
        found = self.account.alarms(self.terms.alarms)
        return [
            name for name in self.terms.alarms if name not in found or found[name].state == "ALARM"
        ]

    def _apart(self, run: Run, since: float) -> list[Seen]:
        """Where an execution of production parts from what python makes of its input."""
        request = Request(run.name, run.given, self._world)
        try:
            ran = python_ran(self.config, self.flow, request)
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

    # ------------------------------------------------------------ the alias

    @cached_property
    def _world(self) -> Any:
        return usual_world(self.config, self.flow)

    @cached_property
    def _machine(self) -> str:
        wanted = self.terms.machine
        if wanted is None:
            template = self.config.root / self.flow.template
            wanted = design_of(template, self.flow.machine, self.flow.parameters).name
        found = self.account.machine(wanted)
        if found is None:
            raise ParityError(
                f"there is no state machine {wanted}",
                where=self.account.endpoint,
                why="the account has none of this name",
                next_step="deploy it, or mend `machine` in the config",
            )
        return found

    def _route(self) -> Route | None:
        return self.account.route(self._machine, self.terms.alias)

    def _known_route(self) -> tuple[tuple[int, int], ...]:
        route = self._route()
        if route is None:
            raise ParityError(
                f"there is no alias {self.terms.alias}",
                where=self.account.endpoint,
                why="the state machine has none of this name",
                next_step=f"create it with all of the work on version {self.terms.legacy}",
            )
        return tuple(one for one in route.weights if one[1])

    def _java_weight(self) -> int:
        return dict(self._known_route()).get(self.terms.java, 0)

    def _weights(self, java: int) -> tuple[tuple[int, int], ...]:
        weights = {self.terms.legacy: 100 - java, self.terms.java: java}
        return tuple(sorted((version, one) for version, one in weights.items() if one))

    # ------------------------------------------------------------ telling

    def _add(
        self,
        what: What,
        weight: int | None = None,
        why: str = "",
        before: tuple[tuple[int, int], ...] = (),
    ) -> Step:
        return self.journal.add(Step(what, self.now(), weight, why, before))

    def _told(self, outcome: Outcome, why: str, seen: Sequence[Seen] = ()) -> Moved:
        steps = self.journal.steps()
        return Moved(self.name, self._route(), outcome, why, steps, tuple(seen), self.proved)


def _shown(weights: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{weight} % version {version}" for version, weight in weights) or "nowhere"
