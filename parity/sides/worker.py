"""A side's worker as its user sees it: units are loaded, fixtures are run, nothing gets lost.

A worker that dies or hangs is replaced; the fixture that was in flight is run once more, alone,
before it is blamed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from parity.errors import ParityError
from parity.model import (
    Crashed,
    Fault,
    Form,
    Formless,
    Observation,
    Outcome,
    Raised,
    Refused,
    Returned,
    SideName,
    Stepped,
    TimedOut,
    Trouble,
)
from parity.sides.process import START_SECONDS, Gone, Process, Silent
from parity.values.form import dumps

Loaded = dict[str, Any]


class Worker:
    """One side in a process of its own, started again whenever the subject ends it."""

    def __init__(
        self, side: SideName, start: Callable[[], Process], hello: dict[str, Any], needs: str
    ) -> None:
        """`needs` says what the side needs to start, for whoever sees that it did not."""
        self.side = side
        self._needs = needs
        self._start = start
        self._hello = hello
        self._process: Process | None = None
        self._units: list[dict[str, Any]] = []
        self.version = ""

    def load(self, units: Sequence[dict[str, Any]]) -> dict[str, Loaded | Trouble]:
        """What is known of each unit after loading it, or why it cannot be run."""
        results: dict[str, Loaded | Trouble] = {}
        left = list(units)
        while left:
            process = self._fresh()
            process.send([dumps({"op": "load", "units": left})])
            left = self._loaded(process, left, results)
        self._units = [unit for unit in units if not isinstance(results[unit["id"]], Trouble)]
        return results

    def run(self, unit_id: str, lines: Sequence[str], seconds: float) -> list[Observation]:
        """One observation per line, in order."""
        observed: list[Observation] = []
        while len(observed) < len(lines):
            rest = lines[len(observed) :]
            try:
                for answer in self._answers("run", unit_id, rest, seconds):
                    observed.append(observation_of(answer))
            except (Gone, Silent):
                observed.append(self._alone(unit_id, lines[len(observed)], seconds))
        return observed

    def ways(self, unit_id: str, lines: Sequence[str], seconds: float) -> list[list[Any]]:
        """Steps from line to line that the python side takes; none where it ends or hangs."""
        ways: list[list[Any]] = []
        while len(ways) < len(lines):
            try:
                for answer in self._answers("ways", unit_id, lines[len(ways) :], seconds):
                    ways.append(answer["ways"])
            except (Gone, Silent):
                self.close()
                ways.append([])
        return ways

    def hold(self, unit_id: str, args: list[Form], paths: Sequence[str]) -> list[Form] | None:
        """What java's declared parameter types make of these values; None where they refuse."""
        process = self._ready()
        request = {"op": "hold", "unit": unit_id, "args": args, "paths": list(paths)}
        process.send([dumps(request)])
        try:
            answer = process.answer(START_SECONDS)
        except (Gone, Silent):
            self.close()
            return None
        held: list[Form] | None = answer.get("args")
        return held

    def close(self) -> None:
        """Ends the process, if there is one."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _answers(
        self, op: str, unit_id: str, lines: Sequence[str], seconds: float
    ) -> Iterator[dict[str, Any]]:
        """The answers to a request about fixtures, one a line, as they come."""
        process = self._ready()
        process.send([dumps({"op": op, "unit": unit_id, "fixtures": len(lines)}), *lines])
        for _ in lines:
            yield process.answer(seconds + GRACE)

    def _alone(self, unit_id: str, line: str, seconds: float) -> Observation:
        self.close()
        try:
            (answer,) = self._answers("run", unit_id, [line], seconds)
        except Gone as gone:
            self.close()
            return Observation(Crashed(gone.how))
        except Silent:
            self.close()
            return Observation(TimedOut(seconds))
        return observation_of(answer)

    def _ready(self) -> Process:
        if self._process is None:
            process = self._fresh()
            process.send([dumps({"op": "load", "units": self._units})])
            for _ in self._units:
                process.answer(START_SECONDS)
        assert self._process is not None
        return self._process

    def _fresh(self) -> Process:
        self.close()
        self._process = process = self._start()
        process.send([dumps(self._hello)])
        try:
            answer = process.answer(START_SECONDS)
        except (Gone, Silent) as ending:
            raise ParityError(
                f"the {self.side} worker did not start",
                where=None,
                why=ending.how if isinstance(ending, Gone) else "it gave no sign of life",
                next_step=self._needs,
            ) from None
        if "problem" in answer:
            trouble = trouble_of(answer["problem"])
            raise ParityError(
                trouble.what, where=trouble.where, why=trouble.why, next_step=trouble.next_step
            )
        self.version = answer["ready"]["version"]
        return process

    def _loaded(
        self, process: Process, units: list[dict[str, Any]], results: dict[str, Loaded | Trouble]
    ) -> list[dict[str, Any]]:
        """Loads in order; gives the units after the one that ended the worker."""
        for index, unit in enumerate(units):
            try:
                answer = process.answer(START_SECONDS)
            except (Gone, Silent) as ending:
                how = ending.how if isinstance(ending, Gone) else "it did not end"
                results[unit["id"]] = Trouble(
                    f"loading `{unit['id']}` ended the {self.side} worker",
                    where=unit.get(self.side),
                    why=how,
                    next_step="its module or class must not exit or hang when it is loaded",
                    code=f"{self.side}_load_crashed",
                )
                if index == 0 and self.side == "java" and len(units) > 1:
                    return self._one_by_one(units, results)
                return units[index + 1 :]
            known = "problem" in answer
            results[unit["id"]] = trouble_of(answer["problem"]) if known else answer["loaded"]
        return []

    def _one_by_one(
        self, units: list[dict[str, Any]], results: dict[str, Loaded | Trouble]
    ) -> list[dict[str, Any]]:
        """Java compiles all units before it answers for the first: find the one to blame."""
        for unit in units:
            process = self._fresh()
            process.send([dumps({"op": "load", "units": [unit]})])
            self._loaded(process, [unit], results)
        fine = [unit for unit in units if not isinstance(results[unit["id"]], Trouble)]
        self._units = fine
        self.close()
        return []


GRACE = 0.5


def trouble_of(problem: dict[str, Any]) -> Trouble:
    """The protocol's PROBLEM as a noun."""
    near = problem.get("nearest") or []
    hint = problem["next"]
    if near:
        hint += "; near: " + ", ".join(f"`{name}`" for name in near)
    return Trouble(
        what=problem["what"],
        where=problem.get("where"),
        why=problem["why"],
        next_step=hint,
        code=problem["code"],
    )


def observation_of(answer: dict[str, Any]) -> Observation:
    """The protocol's OBSERVATION as a noun."""
    output = answer.get("output") or {}
    return Observation(
        outcome=_outcome(answer),
        args=answer.get("args"),
        kwargs=answer.get("kwargs"),
        held=answer.get("held"),
        self_state=answer.get("self"),
        self_changed="self" in answer,
        out=output.get("out", ""),
        err=output.get("err", ""),
        micros=answer.get("us", 0.0),
    )


def _outcome(answer: dict[str, Any]) -> Outcome:
    match answer:
        case {"returned": value}:
            return Returned(value)
        case {"raised": raised}:
            return raised_of(raised)
        case {"refused": dict(refused)}:
            return Refused(refused.get("parameter"), refused.get("type"), refused["why"])
        case {"formless": {"path": path, "type": kind, "why": why}}:
            return Formless(path, kind, why)
        case {"steps": steps}:
            return Stepped(tuple(observation_of(step) for step in steps))
        case {"fault": why}:
            return Fault(why)
    raise AssertionError(f"a worker answered {dumps(answer)[:200]}")


def raised_of(raised: dict[str, Any]) -> Raised:
    """What was raised, from a worker's answer or from a fixture's `observed`."""
    return Raised(
        kind=raised["class"],
        bases=tuple(raised.get("bases") or ()),
        message=raised.get("message"),
        line=raised.get("line"),
        causes=tuple(raised.get("causes") or ()),
    )
