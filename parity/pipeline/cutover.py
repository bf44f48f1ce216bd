"""`parity cutover`: whether a workflow or a unit may let production through; the way and back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from parity.aws.deployed import Account, wait_for
from parity.config import Config, toml_key
from parity.cutover.door import Came, Door, shown
from parity.cutover.journal import Journal, is_under_way, open_step
from parity.errors import ParityError, did_you_mean
from parity.evidence.whole import StageRecord, forget_stage, write_stage
from parity.gate import Gate, Moved, Outcome, Route, Seen, Step, What
from parity.pipeline.progress import Progress
from parity.pipeline.unit_door import UnitDoor, check_unit, stage_name
from parity.pipeline.workflow_door import WorkflowDoor, check_workflow

LOOK_SECONDS: Final = 1.0
QUIET_BEFORE: Final = "alarm-rings"
"""What opens the gate no more once work is moved: the proof of the step then leads it back."""
FEW: Final = 5
"""So many calls without Java's answer say nothing yet of their share."""


def check(config: Config, name: str, account: Account | None) -> Gate:
    """Whether a workflow, or a unit, may cut over. Nothing of the project is built or run."""
    if name in config.table.switch:
        return check_unit(config, name, account)
    if name not in config.table.workflow and ":" in name:
        raise _no_switch(config, name)
    return check_workflow(config, name, account)


def switch_of(config: Config, name: str) -> UnitDoor:
    """The switch of a unit. Raises ParityError where the config has none."""
    if name not in config.table.switch:
        raise _no_switch(config, name)
    return UnitDoor(config, name)


def _no_switch(config: Config, name: str) -> ParityError:
    known = sorted(config.table.switch)
    return ParityError(
        f"`{name}` has no switch",
        where=str(config.file),
        why=f"it has switches of {', '.join(known) or 'none'}",
        next_step=did_you_mean(name, known)
        or f"write a table {config.place_of(f'switch.{toml_key(name)}')}",
    )


def door_of(config: Config, name: str, account: Account) -> Door:
    """The door of a workflow or of a unit. Raises ParityError."""
    if name in config.table.switch:
        return UnitDoor(config, name)
    return WorkflowDoor(config, name, account)


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
    """Moves the work from legacy to Java, whatever the door is that it goes through."""

    config: Config
    name: str
    account: Account
    progress: Progress
    now: Callable[[], float] = time.time
    proved: int = 0

    def __post_init__(self) -> None:
        self.door = door_of(self.config, self.name, self.account)
        self.terms = self.door.terms
        self.stage = stage_name(self.name) if ":" in self.name else self.name
        self.journal = Journal(self.config.private / "cutover" / f"{self.stage}.jsonl")

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
            told.append(self.door.plan(weight))
            told.append(
                f"wait until Java was asked {self.terms.executions} times "
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
                f"{self.door.name} leads where nobody decided",
                where=self.account.endpoint,
                why=f"it is {shown(now)}; the journal says "
                + " or ".join(shown(one) for one in sorted(decided)),
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
            self.door.proven()
            record = StageRecord("cut-over", self.door.units())
            write_stage(self.config, self.stage, record)
            self._add("done", weight=100)
            return self._told("done", "all of the work is Java's")
        return self._told("waiting", f"{self._java_weight()} % of the work is Java's")

    def _to(self, weight: int) -> float:
        """Makes one step; answers when it was made."""
        before = self._known_route()
        self._add("shift", weight=weight, before=before)
        self.door.turn(Route(self._weights(weight)))
        there = self._known_route()
        if there != self._weights(weight):
            raise ParityError(
                f"{self.door.name} did not move",
                where=self.account.endpoint,
                why=f"it is {shown(there)} after it was to be {shown(self._weights(weight))}",
                next_step=f"parity cutover {self.name} shift --resume, or rollback",
            )
        return self._add("shifted", weight=weight).at

    def _back(self, why: str) -> None:
        self._add("back", weight=0, why=why, before=self._known_route())
        self.door.turn(Route(self._weights(0)))
        forget_stage(self.config, self.stage)
        self._add("is-back", weight=0, why=why)

    # ------------------------------------------------------------ the proof of a step

    def _proved(self, weight: int, since: float) -> Moved | None:
        """None where a step is proven; else what came of it."""
        seen: list[Seen] = []
        ringing: list[str] = []
        failed: list[Came] = []
        compared: set[str] = set()
        known: set[str] = set()

        def look() -> bool:
            self.progress.doing(
                f"{weight} %: {len(compared)} of {self.terms.executions} executions compared"
            )
            ringing.extend(self._ringing())
            if ringing:
                return True
            for came in self.door.came(since, known):
                if came.failed:
                    failed.append(came)
                    continue
                compared.add(came.name)
                self.proved += 1
                seen.extend(came.seen)
            return bool(seen) or late() or len(compared) >= self.terms.executions

        def late() -> bool:
            many = len(failed) * 100 > self.door.late * (len(failed) + len(compared))
            return many and len(failed) >= FEW

        in_time = wait_for(self.terms.seconds, look, LOOK_SECONDS)
        if ringing:
            why = f"alarm {', '.join(ringing)} rings"
        elif seen:
            why = f"{seen[0].execution} differs from python at {seen[0].path}"
        elif late():
            why = f"{len(failed)} calls had no answer, {len(compared)} had: {failed[-1].failed}"
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

    # ------------------------------------------------------------ the door

    def _route(self) -> Route | None:
        return self.door.route()

    def _known_route(self) -> tuple[tuple[int, int], ...]:
        route = self._route()
        if route is None:
            raise self.door.absent()
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
