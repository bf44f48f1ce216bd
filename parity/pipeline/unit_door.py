"""The door of a single unit: the switch in the legacy server, its gate, and its calls."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from parity.aws.deployed import Account, wait_for
from parity.aws.design import Handled
from parity.config import Config, SwitchConfig
from parity.cutover.door import Came
from parity.cutover.gate import DeployedUnit, UnitGate, unit_reasons
from parity.cutover.switch import JAVA, LEGACY, SEEN_SECONDS, Call, CallLog, SwitchFile, install
from parity.diff.raised import stand_for
from parity.diff.settle import covers
from parity.diff.walk import Comparison
from parity.errors import ParityError
from parity.evidence.whole import StageRecord, write_stage
from parity.fixtures import read_fixtures
from parity.gate import Gate, Moved, Route, Seen
from parity.mapping import file_name
from parity.model import Difference, Fixture, Raised, Unit, Verdict
from parity.pipeline.mapped import mapped_units
from parity.pipeline.progress import Progress
from parity.pipeline.workflow_door import KnownUnits, package_apart

LOOK_SECONDS: Final = 0.5
EVENT: Final = "event"


# ---------------------------------------------------------------- the gate


def check_unit(config: Config, name: str, account: Account | None) -> Gate:
    """Whether a unit may go first. Nothing of the project is built, imported or run."""
    terms = config.table.switch[name]
    known = KnownUnits(config)
    unit = _mapped(config, name)
    facts = known.facts(name, (), unit)
    known.keep()
    switch = SwitchFile(config.root / terms.file)
    gate = UnitGate(
        facts,
        terms,
        _unfit(config, unit),
        known.today,
        has_switch=switch.entry(name) is not None,
        processes=_processes(config.root / terms.log, name),
    )
    deployed = None if account is None else _deployed(gate, account)
    found = unit_reasons(gate, deployed)
    looked = {"units": 1, "processes": gate.processes, "alarms": len(terms.alarms)}
    return Gate(name, found, looked, deployed is not None)


def _mapped(config: Config, name: str) -> Unit | None:
    units = mapped_units(config, build=False, may_be_empty=True)
    return next((one for one in units if one.id == name), None)


def _unfit(config: Config, unit: Unit | None) -> str:
    """Why a Lambda cannot be asked in a unit's place, beside it; empty where it can."""
    if unit is None:
        return ""
    if unit.reference is None:
        return "python's side is an expression, which no server calls"
    if unit.java is None or "#" in unit.java:
        return f"{unit.java_text or 'its counterpart'} is no handler of a Lambda"
    for fixture in read_fixtures(config.fixtures, unit):
        if _has_effects(fixture):
            return (
                f"it has effects (fixture {fixture.id} has recorded calls of ports, a receiver or "
                "steps): it cannot be called twice for one call"
            )
    return ""


def _has_effects(fixture: Fixture) -> bool:
    world = fixture.world or {}
    return bool(world.get("ports")) or fixture.has_self or fixture.steps is not None


def _processes(log: Path, name: str) -> int:
    """How many processes of the server have said that they have the switch."""
    return sum(1 for one in CallLog(log, name).calls() if "hello" in one.facts)


def _deployed(gate: UnitGate, account: Account) -> DeployedUnit:
    terms = gate.terms
    alarms = account.alarms(terms.alarms) if terms.alarms else {}
    told = account.function(terms.function)
    if told is None:
        return DeployedUnit(None, f"there is no function {terms.function}", alarms)
    broken = ""
    if told.get("State", "Active") not in ("Active", "Inactive"):
        broken = f"{terms.function} is {told['State']}: {told.get('StateReason', '')}"
    handled = Handled(str(told.get("Handler", "")), str(told.get("Runtime", "")))
    proof = gate.unit.proof
    apart = None if proof is None else package_apart(account, told, proof, {})
    return DeployedUnit(handled, broken, alarms, apart or "")


# ---------------------------------------------------------------- the door


@dataclass
class UnitDoor:
    """The switch of a unit: what its file says, and what comes of the calls it lets through."""

    config: Config
    unit: str

    def __post_init__(self) -> None:
        self.terms: SwitchConfig = self.config.table.switch[self.unit]
        self.switch = SwitchFile(self.config.root / self.terms.file)
        self.late = self.terms.late
        self._log: CallLog | None = None

    @property
    def name(self) -> str:
        """The switch."""
        return f"the switch {self.terms.file}"

    def units(self) -> tuple[str, ...]:
        """The one unit."""
        return (self.unit,)

    def route(self) -> Route | None:
        """Whom the switch asks, in the journal's numbers."""
        entry = self.switch.entry(self.unit)
        if entry is None:
            return None
        java = int(entry.get("percent", 0)) if entry.get("mode") == "java" else 0
        return Route(((LEGACY, 100 - java), (JAVA, java)))

    def turn(self, route: Route) -> None:
        """Has the switch ask the Lambda for so many percent of the calls, and compare them."""
        java = route.of(JAVA)
        self._wish("java" if java else "legacy", percent=java, guard=True)

    def proven(self) -> None:
        """From now on the Lambda is asked alone; the function only where that gives no answer."""
        self._wish("java", percent=100, guard=False)

    def plan(self, weight: int) -> str:
        """What a step writes."""
        return f"{self.terms.file}: {weight} % of the calls to {self.terms.function}, compared"

    def absent(self) -> ParityError:
        """There is no switch."""
        return ParityError(
            f"there is no switch for {self.unit}",
            where=str(self.switch.file),
            why="the file is not there, or does not name it",
            next_step=f"parity cutover {self.unit} switch FOLDER, and start the server with it",
        )

    def came(self, since: float, known: set[str]) -> Iterator[Came]:
        """Calls that the Lambda was asked for since the switch was turned."""
        if self._log is None:
            self._log = CallLog(self.config.root / self.terms.log, self.unit)
        revision = self.switch.revision
        for call in self._log.calls():
            if call.revision == revision and call.name not in known and "hello" not in call.facts:
                known.add(call.name)
                yield self._came(call)

    # ------------------------------------------------------------ in the shadow

    def shadow(self, progress: Progress) -> Moved:
        """Has the Lambda asked beside the function, which is served, until enough were compared."""
        if self.route() is None:
            raise self.absent()
        seen: list[Seen] = []
        failed: list[Came] = []
        compared: set[str] = set()
        known: set[str] = set()

        def look() -> bool:
            progress.doing(f"shadow: {len(compared)} of {self.terms.executions} calls compared")
            for came in self.came(0.0, known):
                if came.failed:
                    failed.append(came)
                else:
                    compared.add(came.name)
                    seen.extend(came.seen)
            return bool(seen) or len(compared) >= self.terms.executions

        self._wish("shadow", percent=0, guard=True)
        try:
            in_time = wait_for(self.terms.seconds, look, LOOK_SECONDS)
        finally:
            self._wish("legacy", percent=0, guard=True)
        if seen:
            why = f"{seen[0].execution} differs from python at {seen[0].path}"
            return Moved(self.unit, self.route(), "refused", why, (), tuple(seen), len(compared))
        if not in_time:
            last = f"; the last without an answer: {failed[-1].failed}" if failed else ""
            why = f"{len(compared)} of {self.terms.executions} calls were compared{last}"
            return Moved(self.unit, self.route(), "waiting", why, (), (), len(compared))
        record = StageRecord("shadow", (self.unit,), {"executions": len(compared)})
        write_stage(self.config, stage_name(self.unit), record)
        why = f"{len(compared)} calls matched"
        return Moved(self.unit, self.route(), "done", why, (), (), len(compared))

    def install(self, folder: Path) -> list[Path]:
        """Writes what the server needs; a switch that is there already is left as it stands."""
        made = install(folder)
        if self.route() is None:
            self._wish("legacy", percent=0, guard=True)
        return [*made, self.switch.file]

    # ------------------------------------------------------------ calls

    def _wish(self, mode: str, *, percent: int, guard: bool) -> None:
        unit = _mapped(self.config, self.unit)
        wish = {
            "mode": mode,
            "percent": percent,
            "guard": guard,
            "function": self.terms.function,
            "seconds": self.terms.answer_seconds,
            "event": unit.terms.event if unit is not None else None,
            "log": str((self.config.root / self.terms.log).resolve()),
        }
        self.switch.write(self.unit, wish)
        time.sleep(SEEN_SECONDS)  # whoever is told that it is done may rest on that

    def _came(self, call: Call) -> Came:
        facts = call.facts
        if "failed" in facts:
            return Came(call.name, failed=str(facts["failed"]))
        if facts.get("same"):
            return Came(call.name)
        python, java = facts.get("python"), facts.get("java")
        if facts.get("note"):
            told = {"python": python, "why": facts["note"]}
            return Came(call.name, (Seen(call.name, "$", told, java),))
        apart = self._apart(python or {}, java or {})
        seen = (Seen(call.name, one.path, one.python, one.java) for one in apart)
        return Came(call.name, tuple(seen))

    def _apart(self, python: Mapping[str, Any], java: Mapping[str, Any]) -> list[Difference]:
        """Where two outcomes part; what is absent is not null to who has called a function."""
        unit = _mapped(self.config, self.unit)
        if unit is None:
            raise self.absent()
        terms = replace(unit.terms, nulls="strict")
        if "returned" in python and "returned" in java:
            comparison = Comparison(terms, document=True)
            found = comparison.differences(python["returned"], java["returned"])
        elif "raised" in python and "raised" in java:
            one = Raised(python["raised"], (), python.get("message"), None, ())
            other = Raised(java["raised"], (), java.get("message"), None, ())
            is_same = stand_for(one, other, terms)
            if "messages" in terms.compare:
                is_same = is_same and one.message == other.message
            found = [] if is_same else [Difference("$raised", "raised", dict(python), dict(java))]
        else:
            found = [Difference("$", "raised", dict(python), dict(java))]
        today = datetime.datetime.now(datetime.UTC).date()
        return [one for one in found if not _is_allowed(unit, one, today)]


def _is_allowed(unit: Unit, difference: Difference, today: datetime.date) -> bool:
    return difference.verdict is not Verdict.UNKNOWN and any(
        covers(one, difference) and one.expires >= today for one in unit.allowances
    )


def stage_name(unit: str) -> str:
    """The file name of how far a unit has come by itself."""
    return file_name(unit).replace("/", ".")
