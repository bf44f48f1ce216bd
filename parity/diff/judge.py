"""Judges what both sides did on one fixture."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.diff.classes import ClassPairs
from parity.diff.effects import (
    RecordedCalls,
    effect_differences,
    unstable_effects,
    was_ended,
)
from parity.diff.raised import line_to_add, stand_for
from parity.diff.walk import Comparison
from parity.model import (
    Crashed,
    Difference,
    Fault,
    Fixture,
    Form,
    Formless,
    Observation,
    Outside,
    Raised,
    Refused,
    Returned,
    SideName,
    Stepped,
    Terms,
    TimedOut,
    Verdict,
)
from parity.values.form import dumps, element, member

Hold = Callable[[list[Form], Sequence[str]], list[Form] | None]
"""What java's declared parameter types make of python's values, given with their python paths;
None where they refuse."""
RECEIVER: Final = "where a new instance will do, `receiver` in the map names how each side makes it"


@dataclass(slots=True)
class Judge:
    """Compares the observations of one unit, fixture by fixture, in their order.

    `document` is true for Lambda handlers: their result is a JSON document, and what they do to
    their event is seen by nobody. `arguments` says where a python argument is in java's order.
    `most` is how many differences of one value are worth being told.
    """

    terms: Terms
    document: bool = False
    pairs: ClassPairs = field(default_factory=ClassPairs)
    most: int | None = None

    def differences(
        self, python: Observation, java: Observation, arguments: Arguments, hold: Hold
    ) -> list[Difference]:
        """Every difference on one fixture; those of verdict `unknown` say what is not known."""
        answered = isinstance(java.outcome, Returned | Raised | Stepped)
        found = _unknown("python", python)
        effects: list[Difference] = []
        if answered and not found and arguments.calls is not None:
            effects = effect_differences(arguments.calls, python, java, self.terms, self.pairs)
            if was_ended(python) or was_ended(java):
                return effects
        found = found or self._outcomes(python, java, "$")
        if any(one.verdict is Verdict.UNKNOWN for one in found):
            return found
        found += effects
        if answered and not self.document and arguments.compared:
            found += self._mutations(python, java, arguments, hold)
        if "output" in self.terms.compare and answered:
            for name in ("out", "err"):
                printed = getattr(python, name), getattr(java, name)
                if printed[0] != printed[1]:
                    found.append(Difference(f"$output.{name}", "output", *printed))
        return found

    def recording(self, python: Observation, observed: Mapping[str, Any]) -> list[Difference]:
        """Where python does something else than what was recorded of it."""
        recorded = recorded_observation(observed)
        found = compare_same_side(recorded, python, self.terms)
        note = RECORDING_NOTE if self.terms.isolate == "fixture" else LEFT_NOTE
        return [dataclasses.replace(one, kind="recording", note=note) for one in found]

    def wobble(self, side: SideName, first: Observation, again: Observation) -> list[Difference]:
        """Where one side did not do the same twice; it is no judge, and not judged, there."""
        verdict = Verdict.UNKNOWN if side == "python" else Verdict.DIFFERS
        found = []
        parts = [
            (one.path, one.python, one.java) for one in compare_same_side(first, again, self.terms)
        ]
        for path, one, other in parts + unstable_effects(first, again):
            both = [one, other]
            python, java = (both, None) if side == "python" else (None, both)
            note = f"{side} gave two different values in two runs"
            found.append(Difference(path, "unstable", python, java, verdict, note))
        return found

    def _comparison(self, *, document: bool = False) -> Comparison:
        return Comparison(self.terms, document=document, pairs=self.pairs, most=self.most)

    # ------------------------------------------------------------ outcomes

    def _outcomes(self, python: Observation, java: Observation, path: str) -> list[Difference]:
        match python.outcome, java.outcome:
            case Raised() as raised, Formless("$", kind, why) if not why.endswith(UNFINISHED):
                where = "$raised" if path == "$" else path
                note = f"java returned what cannot be written: {why} ({kind})"
                found = Difference(where, "raised", shown(raised), None, note=note)
                return [with_lines(found, raised, None)]
        unknown = _unknown("java", java)
        if unknown:
            return unknown
        match python.outcome, java.outcome:
            case Returned(value), Returned(java_value):
                comparison = self._comparison(document=self.document)
                return comparison.differences(value, java_value, path)
            case Raised() as raised, Raised() as java_raised:
                return self._both_raised(raised, java_raised, path)
            case Stepped(steps), Stepped(java_steps):
                return self._steps(steps, java_steps)
            case outcome, Crashed(how):
                return [Difference(path, "crashed", shown(outcome), None, note=how)]
            case outcome, TimedOut(seconds):
                note = f"no answer within {seconds:g} s, twice"
                return [Difference(path, "timeout", shown(outcome), None, note=note)]
            case outcome, java_outcome:
                where = "$raised" if path == "$" else path
                values = shown(outcome), shown(java_outcome)
                found = Difference(where, "raised", *values)
                return [with_lines(found, outcome, java_outcome)]

    def _both_raised(self, python: Raised, java: Raised, path: str) -> list[Difference]:
        where = "$raised" if path == "$" else path
        if not stand_for(python, java, self.terms):
            note = f"if they mean the same, add to the unit: {line_to_add(python, java)}"
            found = Difference(where, "raised", shown(python), shown(java), note=note)
            return [with_lines(found, python, java)]
        if "messages" in self.terms.compare and python.message != java.message:
            values = python.message, java.message
            return [Difference(member(where, "message"), "message", *values)]
        return []

    def _steps(
        self, python: tuple[Observation, ...], java: tuple[Observation, ...]
    ) -> list[Difference]:
        found: list[Difference] = []
        for index in range(max(len(python), len(java))):
            path = element("$steps", index)
            if index >= min(len(python), len(java)):
                rest = python[index:] or java[index:]
                side = "java" if python[index:] else "python"
                value = shown(rest[0].outcome)
                note = f"{side} took no such step"
                if side == "java":
                    return [*found, Difference(path, "missing", value, None, note=note)]
                return [*found, Difference(path, "unexpected", None, value, note=note)]
            unknown = _unknown("python", python[index])
            told = unknown or self._outcomes(python[index], java[index], path)
            if unknown or _unknown("java", java[index]):
                return [*found, *(_in_step(one, path) for one in told)]
            found += told
        return found

    # ------------------------------------------------------------ mutated arguments

    def _mutations(
        self, python: Observation, java: Observation, arguments: Arguments, hold: Hold
    ) -> list[Difference]:
        if python.args is None and python.kwargs is None and java.args is None:
            return self._self_state(python, java, arguments)
        after = arguments.after(python)
        java_held = java.held if java.args is not None else _held(arguments, hold)
        java_after = java.args if java.args is not None else java_held or arguments.sent
        if java_held is not None:
            held = hold(after, arguments.paths)
            if held is None:
                note = "java's parameter cannot hold what python left in it"
                return [Difference("$args", "mutated", after, java_after, note=note)]
            after = held
        found: list[Difference] = []
        comparison = self._comparison()
        for index, value in enumerate(after):
            path = arguments.paths[index]
            if path.startswith(DEFAULT):
                continue  # python filled it in: no caller holds it
            for one in comparison.differences(value, java_after[index], path):
                place, note = _plain_path(one.path), _mutation(one, java)
                found.append(dataclasses.replace(one, path=place, kind="mutated", note=note))
        return found + self._self_state(python, java, arguments)

    def _self_state(
        self, python: Observation, java: Observation, arguments: Arguments
    ) -> list[Difference]:
        seen = python.self_changed or java.self_changed
        if not seen or not arguments.self_compared:
            return []
        if python.self_changed != java.self_changed:
            side = "python" if python.self_changed else "java"
            values = python.self_state, java.self_state
            return [Difference("$self", "mutated", *values, note=f"only {side} changed it")]
        comparison = self._comparison()
        found = comparison.differences(python.self_state, java.self_state, "$self")
        return [dataclasses.replace(one, kind="mutated") for one in found]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What java was given: the sent values, their python paths, and how to find them again.

    A receiver that the map makes for java is not the fixture's: what python does to its own is
    then not compared (`self_compared`).
    """

    sent: list[Form]
    paths: tuple[str, ...]
    compared: bool = True
    self_compared: bool = True
    calls: RecordedCalls | None = None
    """The port calls that the fixture brings, where the unit has ports."""

    def after(self, python: Observation) -> list[Form]:
        """Python's arguments as the call left them, in java's order."""
        return [self._after(index, path, python) for index, path in enumerate(self.paths)]

    def _after(self, index: int, path: str, python: Observation) -> Form:
        starred = STARRED.fullmatch(path)
        if starred is not None:
            whole = python.args is None or starred.group(1) is None
            return self.sent[index] if whole else (python.args or [])[int(starred.group(1)) :]
        if path.startswith("$args[") and python.args is not None:
            return python.args[int(path[len("$args[") : path.index("]")])]
        if path == "$kwargs" and python.kwargs is not None:
            return {name: python.kwargs[name] for name in self.sent[index]}
        if path.startswith("$kwargs") and python.kwargs is not None:
            for name, value in python.kwargs.items():
                if member("$kwargs", name) == path:
                    return value
        return self.sent[index]


UNFINISHED = "(max_items)"
"""How it ends why an iterator was not read to its end: it might have raised yet."""
DEFAULT = "$default"
STARRED = re.compile(r"\$args\[(?:([0-9]+):|:0)\]")
IN_STARRED = re.compile(r"^\$args\[([0-9]+):\]\[([0-9]+)\]")


def _plain_path(path: str) -> str:
    """The path of an element of starred arguments among all of them."""
    return IN_STARRED.sub(lambda m: element("$args", int(m.group(1)) + int(m.group(2))), path)


RECORDING_NOTE = "python does not do what was recorded; `python` is what it did then"
LEFT_NOTE = (
    f'{RECORDING_NOTE}. If an earlier fixture left something: isolate = "fixture" in the map'
)


def _held(arguments: Arguments, hold: Hold) -> list[Form] | None:
    """What java's parameters made of the values it was sent, where that is something else."""
    held = hold(arguments.sent, arguments.paths)
    return None if held is None or dumps(held) == dumps(arguments.sent) else held


def _mutation(one: Difference, java: Observation) -> str:
    return one.note or ("only python changed it" if java.args is None else "")


def _unknown(side: SideName, observation: Observation) -> list[Difference]:
    """Why nothing can be told from what a side did; empty where it can."""
    match observation.outcome:
        case Refused(parameter, kind, why):
            of = f" of type {kind}" if kind else ""
            name = f"{side}'s parameter `{parameter}`{of} cannot take this"
            told = name if parameter else f"{side} cannot be given this"
            if parameter == "world":
                told = f"{side} cannot be given what was recorded of its ports"
            cure = f"; {RECEIVER}" if parameter == "self" else ""
            return [_not_known("$args", "type", f"{told}: {why}{cure}")]
        case Formless(path, kind, why):
            what = f"what {side} gave at {path} cannot be written: {why} ({kind})"
            return [_not_known(path, "harness", what)]
        case Outside(domain):
            return [_not_known("$args", "type", f"it is outside of the domain: {domain}")]
        case Fault(why):
            return [_not_known("$", "harness", f"{side}'s worker failed: {why}")]
        case Crashed(how) if side == "python":
            return [_not_known("$", "crashed", f"python ended: {how}")]
        case TimedOut(seconds) if side == "python":
            return [
                _not_known("$", "timeout", f"python gave no answer within {seconds:g} s, twice")
            ]
    return []


def _in_step(one: Difference, step: str) -> Difference:
    if one.path.startswith("$steps"):
        return one
    return dataclasses.replace(one, path=step + one.path.removeprefix("$args").removeprefix("$"))


def _not_known(path: str, kind: str, note: str) -> Difference:
    return Difference(path, kind, None, None, verdict=Verdict.UNKNOWN, note=note)


def shown(outcome: object) -> Form:
    """An outcome where a finding shows one side's value."""
    match outcome:
        case Returned(value):
            return {"returned": value}
        case Raised(kind, _, message):
            return {"raised": {"class": kind, "message": message}}
        case Stepped(steps):
            return [shown(step.outcome) for step in steps]
        case Crashed(how):
            return {"crashed": how}
        case TimedOut(seconds):
            return {"timeout": seconds}
        case Refused(_, _, why) | Formless(_, _, why) | Fault(why):
            return {"unknown": why}
        case Outside(domain):
            return {"outside": domain}
    raise AssertionError(f"no outcome: {outcome!r}")


def with_lines(difference: Difference, python: object, java: object) -> Difference:
    """The difference with the lines where each side raised."""
    return dataclasses.replace(
        difference,
        python_line=python.line if isinstance(python, Raised) else None,
        java_line=java.line if isinstance(java, Raised) else None,
    )


def compare_same_side(one: Observation, other: Observation, terms: Terms) -> list[Difference]:
    """Where two observations of one side part; messages as far as the terms count them."""
    match one.outcome, other.outcome:
        case Returned(value), Returned(value_again):
            exact = Terms(compare=terms.compare & {"map-order"})
            found = Comparison(exact, same_side=True).differences(value, value_again)
        case Raised(kind=kind, message=message), Raised(kind=kind_again, message=message_again):
            found = []
            if kind != kind_again or ("messages" in terms.compare and message != message_again):
                found = [Difference("$raised", "raised", shown(one.outcome), shown(other.outcome))]
        case Stepped(steps), Stepped(steps_again) if len(steps) == len(steps_again):
            found = []
            for index, (step, again) in enumerate(zip(steps, steps_again, strict=True)):
                for difference in compare_same_side(step, again, terms):
                    path = element("$steps", index) + difference.path.removeprefix("$")
                    found.append(dataclasses.replace(difference, path=path))
        case (Fault() | Outside(), _) | (_, Fault() | Outside()):
            found = []  # nothing was seen that could be compared
        case Refused() | Formless(), Refused() | Formless():
            found = []  # nothing was seen that could be compared
        case outcome, outcome_again if outcome == outcome_again:
            found = []
        case outcome, outcome_again:
            found = [Difference("$", "raised", shown(outcome), shown(outcome_again))]
    return found + _state_differences(one, other)


def _state_differences(one: Observation, other: Observation) -> list[Difference]:
    exact = Comparison(Terms(), same_side=True)
    found: list[Difference] = []
    for name, root in (("args", "$args"), ("kwargs", "$kwargs"), ("self_state", "$self")):
        values = getattr(one, name), getattr(other, name)
        found += exact.differences(*values, root)
    return [dataclasses.replace(difference, kind="mutated") for difference in found]


def recorded_observation(observed: Mapping[str, Any]) -> Observation:
    """What a fixture says python did when it was recorded."""
    outcome: Returned | Raised
    if "raised" in observed:
        raised = observed["raised"]
        if isinstance(raised, str):
            raised = {"class": raised}
        outcome = Raised(raised["class"], (), raised.get("message"), None, ())
    else:
        outcome = Returned(observed.get("returned"))
    return Observation(
        outcome,
        args=observed.get("args"),
        kwargs=observed.get("kwargs"),
        self_state=observed.get("self"),
        self_changed="self" in observed,
    )


def has_recording(fixture: Fixture) -> bool:
    """Whether a fixture tells what python did."""
    observed = fixture.observed or {}
    return "returned" in observed or "raised" in observed
