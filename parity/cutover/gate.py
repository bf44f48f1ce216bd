"""The rules of the gate: each looks at facts and says what stands in the way, with the cure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.aws.deployed import Alarm
from parity.aws.design import Design, Handled, parts_apart
from parity.aws.machine_checks import Doubt
from parity.config import CutoverConfig, SwitchConfig
from parity.evidence.committed import Proof
from parity.evidence.drift import Moved
from parity.evidence.whole import StrengthProof, WorkflowProof, measured_on
from parity.gate import REASONS, Reason, Route
from parity.model import Allowance, Unit, Verdict

PASSING: Final = (Verdict.MATCHED, Verdict.ALLOWED)
LIMITS: Final = ("history", "loop", "payload")
SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known of a unit that a state stands for."""

    id: str
    states: tuple[str, ...]
    unit: Unit | None
    """None where the map has no such unit."""

    proof: Proof | None = None
    moved: Moved = field(default_factory=Moved)
    strength: StrengthProof | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a workflow from the repository alone."""

    workflow: str
    terms: CutoverConfig
    design: Design
    units: Sequence[UnitFacts]
    without: Sequence[str]
    """States that call a function and have no unit."""

    proof: WorkflowProof | None
    rests_on: Mapping[str, str]
    """What the evidence of the workflow would rest on if it were proven now."""

    allowances: Sequence[Allowance]
    doubts: Sequence[Doubt]
    today: datetime.date


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the account has of it."""

    machine: str
    exists: bool
    definition: Mapping[str, Any] | None = None
    """That of the version that is to get the work; None where there is no such version."""

    legacy: bool = False
    """Whether the version that wraps the legacy server is there."""

    route: Route | None = None
    alarms: Mapping[str, Alarm] = field(default_factory=dict)
    functions: Mapping[str, Handled] = field(default_factory=dict)
    """What runs each state, by what the deployed function says."""

    broken: Mapping[str, str] = field(default_factory=dict)
    """States whose function cannot be called, and why."""

    packages: Mapping[str, str] = field(default_factory=dict)
    """States whose package is not what was proven, and how they part."""


def reasons(facts: Facts, deployed: Deployed | None) -> tuple[Reason, ...]:
    """All that stands in the way, in the order of REASONS."""
    found = [*_of_repository(facts)]
    if deployed is not None:
        found += _of_account(facts, deployed)
    return _in_order(found)


def _in_order(found: Iterable[Reason]) -> tuple[Reason, ...]:
    order = list(REASONS)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.about, one.why)))


# ---------------------------------------------------------------- the repository


def _of_repository(facts: Facts) -> Iterator[Reason]:
    for state in facts.without:
        yield Reason(
            "unmapped-state",
            state,
            "it calls a function, and `states` names no unit for it",
            f'write {state} = "module:function" in [workflow.{facts.workflow}.states]',
        )
    for one in facts.units:
        yield from _of_unit(one, facts.terms.floor, facts.today)
        yield from _java(one, facts)
    yield from _of_whole(facts)
    for allowance in facts.allowances:
        if allowance.expires < facts.today:
            yield _expired(facts.workflow, allowance)
    if not facts.terms.alarms:
        where = f"[workflow.{facts.workflow}.cutover], such as one on ExecutionsFailed"
        yield _unwatched(facts.workflow, where)
    for doubt in facts.doubts:
        if doubt.kind in LIMITS:
            yield Reason("limit", doubt.where, doubt.what, doubt.hint)


def _unwatched(about: str, where: str) -> Reason:
    why = "nothing would tell that it goes wrong between two steps"
    return Reason("no-alarm", about, why, f"name alarms in {where}")


def _of_unit(one: UnitFacts, floor: float, today: datetime.date) -> Iterator[Reason]:
    if one.unit is None:
        about = ", ".join(one.states) or one.id
        why = f"the config names {one.id}, which the map does not have"
        yield Reason("unmapped-state", about, why, f'write [unit."{one.id}"] into the map')
        return
    for allowance in one.unit.allowances:
        if allowance.expires < today:
            yield _expired(one.id, allowance)
    again = f"parity run {one.id} --evidence, and commit what it writes"
    if one.proof is None:
        yield Reason("unproven", one.id, "there is no file of evidence", again)
        return
    if one.proof.verdict not in PASSING:
        why = f"its evidence says `{one.proof.verdict.value}`"
        yield Reason("not-matched", one.id, why, f"parity compare {one.id}")
    stale = (
        ("stale-python", one.moved.python),
        ("stale-java", one.moved.java),
        ("stale-terms", one.moved.other),
    )
    for kind, changed in stale:
        if changed is not None:
            yield Reason(kind, one.id, changed, again)
    yield from _worth(one, one.proof, floor)


def _expired(about: str, allowance: Allowance) -> Reason:
    return Reason(
        "allowance-expired",
        about,
        f"{allowance.path} ({allowance.kind}) was accepted until {allowance.expires}: "
        f"{allowance.reason}",
        f"mend the difference, or have {allowance.owner} accept it anew",
    )


def _worth(one: UnitFacts, proof: Proof, floor: float) -> Iterator[Reason]:
    again = f"parity strength {one.id} --evidence"
    if one.strength is None:
        yield Reason("not-measured", one.id, "there is no file of it", again)
    elif one.strength.rests_on != measured_on(proof):
        why = "its fixtures, its Java or its terms are not those that were measured"
        yield Reason("stale-strength", one.id, why, again)
    elif one.strength.share is not None and one.strength.share * 100 < floor:
        why = (
            f"they catch {one.strength.caught} of {one.strength.mutants} mutants "
            f"({one.strength.share:.1%}), the floor is {floor:g} %"
        )
        cure = f"parity strength {one.id} --fuzz 300 --save, or explain the survivors in the map"
        yield Reason("weak", one.id, why, cure)


def _java(one: UnitFacts, facts: Facts) -> Iterator[Reason]:
    for state in one.states:
        handled = facts.design.handled.get(state)
        if handled is not None:
            yield from _runs_on(one, state, handled)


def _runs_on(one: UnitFacts, about: str, handled: Handled) -> Iterator[Reason]:
    proven = str(one.proof.rests_on.get("java", "")) if one.proof is not None else ""
    wanted = _version(handled.runtime)
    if proven and wanted and wanted != proven:
        why = f"{one.id} was proven on Java {proven}, and {about} runs on {handled.runtime}"
        cure = f"set [java] home to a JDK {wanted} and run parity run --evidence again"
        yield Reason("java-version", about, why, cure)


def _version(runtime: str) -> str:
    """`17` of `java17`; `8` of `java8.al2`."""
    name = runtime.partition(".")[0]
    return name.removeprefix("java") if name.startswith("java") else ""


def _of_whole(facts: Facts) -> Iterator[Reason]:
    again = f"parity run --workflow {facts.workflow} --evidence, and commit what it writes"
    proof = facts.proof
    if proof is None:
        yield Reason("workflow-unproven", facts.workflow, "there is no file of evidence", again)
        return
    if proof.verdict not in PASSING:
        why = f"its evidence says `{proof.verdict.value}`"
        yield Reason("workflow-differs", facts.workflow, why, again)
    if proof.rests_on.get("definition") != facts.rests_on["definition"]:
        why = "the definition in the template is not the one that ran"
        yield Reason("stale-definition", facts.workflow, why, again)
    for state, handled in facts.design.handled.items():
        ran = proof.states.get(state)
        if ran is not None and (ran.handler, ran.runtime) != (handled.handler, handled.runtime):
            why = (
                f"{state} ran {ran.handler} on {ran.runtime}, the template has "
                f"{handled.handler} on {handled.runtime}"
            )
            yield Reason("stale-definition", state, why, again)
    changed = [name for name in ("requests", "terms") if _is_other(proof, facts, name)]
    if changed:
        why = f"its {' and '.join(changed)} changed"
        yield Reason("stale-requests", facts.workflow, why, again)
    for state in facts.design.functions:
        ran = proof.states.get(state)
        if ran is None or not ran.hops:
            why = "no request leads through it, so nothing is known of it in the workflow"
            cure = "add a request that does, and run parity run --workflow --evidence again"
            yield Reason("state-unseen", state, why, cure)
        elif not ran.passes:
            why = f"{ran.hops - ran.passing} of {ran.hops} hops through {state} differ"
            yield Reason("workflow-differs", state, why, again)


def _is_other(proof: WorkflowProof, facts: Facts, name: str) -> bool:
    return proof.rests_on.get(name) != facts.rests_on[name]


# ---------------------------------------------------------------- the account


def _of_account(facts: Facts, deployed: Deployed) -> Iterator[Reason]:
    terms = facts.terms
    yield from _alarms(terms.alarms, deployed.alarms)
    if not deployed.exists:
        why = "the account has no state machine of this name"
        yield Reason("not-deployed", deployed.machine, why, "deploy the template")
        return
    if deployed.definition is None:
        why = f"it has no version {terms.java}"
        cure = "publish it, or name another one as `java` in [workflow.….cutover]"
        yield Reason("not-deployed", deployed.machine, why, cure)
    else:
        yield from _definition(facts, deployed.definition)
    if not deployed.legacy:
        why = f"it has no version {terms.legacy}"
        cure = "publish a version whose task calls the legacy server before the one of Java"
        yield Reason("no-way-back", deployed.machine, why, cure)
    yield from _route(terms, deployed)
    yield from _handlers(facts, deployed)
    yield from _packages(deployed)


def _alarms(names: Sequence[str], there: Mapping[str, Alarm]) -> Iterator[Reason]:
    for name in names:
        alarm = there.get(name)
        if alarm is None:
            why = "it does not exist; CloudFormation would take that for OK"
            yield Reason("no-alarm", name, why, "create it, or mend its name in the config")
        elif alarm.state == "ALARM":
            yield Reason("alarm-rings", name, "its state is ALARM", "find out why first")
        elif not alarm.tells:
            why = "its actions are off, or it has none"
            yield Reason("alarm-silent", name, why, "give it an action, and enable its actions")
        elif alarm.state == "INSUFFICIENT_DATA":
            why = "its state is INSUFFICIENT_DATA: it would not ring"
            cure = "have missing data count as not breaching, or let some executions go first"
            yield Reason("alarm-silent", name, why, cure)


def _definition(facts: Facts, deployed: Mapping[str, Any]) -> Iterator[Reason]:
    apart = list(parts_apart(facts.design.definition, deployed, {}))
    for one in apart[:SHOWN]:
        cure = "deploy the template that was proven, or prove the one that is deployed"
        yield Reason("other-definition", facts.design.name, one, cure)


def _route(terms: CutoverConfig, deployed: Deployed) -> Iterator[Reason]:
    if deployed.route is None:
        cure = f"create it with all of the work on version {terms.legacy}"
        yield Reason("no-alias", terms.alias, "the state machine has no such alias", cure)
        return
    for version, weight in deployed.route.weights:
        if weight and version not in (terms.legacy, terms.java):
            why = f"{weight} % go to version {version}, which is neither of the two"
            cure = "lead it to one of them first, or name that version in [workflow.….cutover]"
            yield Reason("strange-route", terms.alias, why, cure)


def _handlers(facts: Facts, deployed: Deployed) -> Iterator[Reason]:
    for state, why in deployed.broken.items():
        yield Reason("not-deployed", state, why, "deploy its function, and wait until it is Active")
    for state, proven in facts.design.handled.items():
        there = deployed.functions.get(state)
        if there is None or there == proven:
            continue
        why = (
            f"it calls {there.handler} on {there.runtime}; "
            f"proven is {proven.handler} on {proven.runtime}"
        )
        cure = "deploy the template that was proven"
        yield Reason("other-handler", state, why, cure)


def _packages(deployed: Deployed) -> Iterator[Reason]:
    for state, why in deployed.packages.items():
        yield _other_package(state, why)


def _other_package(about: str, why: str) -> Reason:
    return Reason("other-package", about, why, "build the sources that were proven, deploy that")


def counted(facts: Facts, deployed: Deployed | None) -> dict[str, int]:
    """How much was looked at."""
    counts = {"units": len(facts.units), "states": len(facts.design.functions)}
    if deployed is not None:
        counts["alarms"] = len(facts.terms.alarms)
        counts["handlers"] = len(deployed.functions)
    return counts


# ---------------------------------------------------------------- a single unit


@dataclass(frozen=True, slots=True)
class UnitGate:
    """What is known of a unit that goes first, from the repository and the server's own files."""

    unit: UnitFacts
    terms: SwitchConfig
    unfit: str
    """Why no Lambda can be asked in its place; empty where one can."""

    today: datetime.date
    has_switch: bool = False
    processes: int = 0
    """How many processes of the server have said that they have the switch."""


@dataclass(frozen=True, slots=True)
class DeployedUnit:
    """What the account has of it."""

    handled: Handled | None
    broken: str
    alarms: Mapping[str, Alarm]
    package: str = ""
    """How its package parts from what was proven; empty where it does not."""


def unit_reasons(gate: UnitGate, deployed: DeployedUnit | None) -> tuple[Reason, ...]:
    """All that stands in the way of a unit, in the order of REASONS."""
    found = [*_of_unit(gate.unit, gate.terms.floor, gate.today), *_of_switch(gate)]
    if deployed is not None:
        found += _of_function(gate, deployed)
    return _in_order(found)


def _of_switch(gate: UnitGate) -> Iterator[Reason]:
    name = gate.unit.id
    if not gate.terms.alarms:
        yield _unwatched(name, f'[switch."{name}"], such as one on the function\'s Errors')
    if gate.unfit:
        cure = "cut it over with its workflow, or split what computes from what has effects"
        yield Reason("not-alone", name, gate.unfit, cure)
    cure = f"parity cutover {name} switch FOLDER, and start the server with it"
    if not gate.has_switch:
        yield Reason("no-switch", name, f"{gate.terms.file} does not name it", cure)
    elif not gate.processes:
        yield Reason("no-switch", name, f"no process has told in {gate.terms.log}", cure)


def _of_function(gate: UnitGate, deployed: DeployedUnit) -> Iterator[Reason]:
    terms, one = gate.terms, gate.unit
    yield from _alarms(terms.alarms, deployed.alarms)
    if deployed.broken:
        cure = "deploy the function, and wait until it is Active"
        yield Reason("not-deployed", terms.function, deployed.broken, cure)
    if deployed.handled is None or one.unit is None:
        return
    handler = deployed.handled.handler.partition("::")[0]
    if handler != one.unit.java:
        why = f"it runs {handler}; proven is {one.unit.java_text}"
        yield Reason("other-handler", terms.function, why, "name the function of its counterpart")
    yield from _runs_on(one, terms.function, deployed.handled)
    if deployed.package:
        yield _other_package(terms.function, deployed.package)
