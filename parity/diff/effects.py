"""Compares the port calls of both sides, each answered from what was recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parity.diff.classes import ClassPairs
from parity.diff.walk import Comparison
from parity.model import OUTSIDE, Difference, Effect, Form, Observation, Port, Terms, Verdict
from parity.values.form import element

NEITHER = (
    "neither side makes the recorded call %s: what an earlier fixture left may stand for it "
    '(isolate = "fixture" in the map), or the fixture is to be recorded again'
)
Made = Mapping[int, Effect]
"""Calls by the recorded one that answered them."""


@dataclass(frozen=True, slots=True)
class RecordedCalls:
    """The port calls that a fixture brings, and the ports of its unit."""

    calls: Sequence[Mapping[str, Form]]
    ports: tuple[Port, ...]

    def effects(self) -> tuple[Effect, ...]:
        """The calls as python made them when they were recorded."""
        return tuple(
            Effect(call["port"], call["call"], call.get("args", []), index, call.get("thread", 0))
            for index, call in enumerate(self.calls)
        )

    def port(self, name: str) -> Port | None:
        """The port that a name in fixtures stands for."""
        known = name.partition("#")[0]
        return next((port for port in self.ports if port.id == known), None)


def was_ended(side: Observation) -> bool:
    """Whether a side was ended by a call that has no answer: what it did after it is no outcome."""
    return any(effect.entry is None for effect in side.effects)


def effect_differences(
    recorded: RecordedCalls,
    python: Observation,
    java: Observation,
    terms: Terms,
    pairs: ClassPairs,
) -> list[Difference]:
    """Where the calls of the sides part: one not recorded, one not made, arguments, order."""
    made, java_made = _answered(python), _answered(java)
    for side, observation in (("python", python), ("java", java)):
        if was_ended(observation):
            return _unanswered(recorded, side, observation, Comparison(terms, pairs=pairs))
    found = list(_missing(recorded, made, java_made))
    for index in sorted(made.keys() & java_made.keys()):
        one, other = made[index], java_made[index]
        port = recorded.port(one.port)
        named = dataclasses.replace(terms, names="camel") if _is_camel(port) else terms
        where = f"{element('$effects', index)}.args"
        found += [
            dataclasses.replace(difference, kind="effect")
            for difference in Comparison(named, pairs=pairs).differences(
                one.args, other.args, where
            )
        ]
    return found or list(_order(recorded, made, java))


def _is_camel(port: Port | None) -> bool:
    return port is not None and port.names == "camel"


def _answered(side: Observation) -> dict[int, Effect]:
    return {effect.entry: effect for effect in side.effects if effect.entry is not None}


def _unanswered(
    recorded: RecordedCalls, side: str, observation: Observation, comparison: Comparison
) -> list[Difference]:
    """The call that ended a side, beside the recorded one that it should have been."""
    call = next(effect for effect in observation.effects if effect.entry is None)
    used = _answered(observation)
    left = [one for one in recorded.effects() if one.entry not in used and one.port == call.port]
    named = [one for one in left if one.call == call.call]
    wanted = next(iter(named or left), None)
    index = len(recorded.calls) if wanted is None or wanted.entry is None else wanted.entry
    path = element("$effects", index)
    if side == "python":
        note = "python made a call that is not recorded: record the fixture again"
        return [Difference(path, "effect", call.form(), None, note=note)]
    note = "java made a call that is not recorded, and was ended there"
    if wanted is not None and wanted.call == call.call and call.port in OUTSIDE:
        parts = comparison.differences(wanted.args, call.args, f"{path}.args")
        return [dataclasses.replace(one, kind="effect", note=note) for one in parts]
    shown = None if wanted is None else wanted.form()
    return [Difference(path, "effect", shown, call.form(), note=note)]


def _missing(recorded: RecordedCalls, made: Made, java_made: Made) -> Iterator[Difference]:
    for one in recorded.effects():
        index = one.entry or 0
        path = element("$effects", index)
        if index in made and index not in java_made:
            note = "java did not make this call"
            yield Difference(path, "effect", made[index].form(), None, note=note)
        elif index in java_made and index not in made:
            note = "python does not make this call any more: record the fixture again"
            yield Difference(path, "effect", None, java_made[index].form(), note=note)
        elif index not in made:
            yield Difference(path, "effect", None, None, Verdict.UNKNOWN, NEITHER % one.call)


def _order(recorded: RecordedCalls, made: Made, java: Observation) -> Iterator[Difference]:
    """The first call of each port and thread that java made after one that python made later."""
    places = {index: place for place, index in enumerate(made)}
    last: dict[tuple[str, int], list[Effect]] = {}
    told: set[tuple[str, int]] = set()
    for call in java.effects:
        port = recorded.port(call.port)
        here = call.port, call.thread
        if call.entry is None or here in told or (port is not None and port.order == "any"):
            continue
        for before in last.setdefault(here, []):
            assert before.entry is not None
            same_thread = made[before.entry].thread == made[call.entry].thread
            if _are_reads(before, call):
                continue
            if same_thread and places[before.entry] > places[call.entry]:
                note = "java made it after a call of this port that python made later"
                path = element("$effects", call.entry)
                yield Difference(path, "effect", call.form(), before.form(), note=note)
                told.add(here)
                break
        last[here].append(call)


def _are_reads(one: Effect, other: Effect) -> bool:
    """Whether two calls to the world change nothing: in which order they come is nothing to it."""
    return one.port in OUTSIDE and is_read(one) and is_read(other)


def is_read(call: Effect) -> bool:
    """Whether a call to the world changes nothing there."""
    if call.port == "aws":
        return call.call.partition(".")[2].startswith(READS)
    if call.port == "http":
        return call.call in ("GET", "HEAD", "OPTIONS")
    text = call.args[0] if call.args else ""
    return call.call == "execute" and str(text).startswith(("select ", "show ", "values "))


READS = ("BatchGet", "Describe", "Get", "Head", "List", "Query", "Scan", "Select")
"""What the names of AWS operations begin with that change nothing."""


def unstable_effects(first: Observation, again: Observation) -> list[tuple[str, Form, Form]]:
    """Where one side called its ports in another way when it ran again: path, and both calls."""
    one, other = _in_order(first), _in_order(again)
    found: list[tuple[str, Form, Form]] = []
    for index in range(max(len(one), len(other))):
        mine = one[index] if index < len(one) else None
        theirs = other[index] if index < len(other) else None
        if mine != theirs:
            found.append((element("$effects", index), mine, theirs))
    return found[:1]


def _in_order(side: Observation) -> list[Form]:
    """The calls by what answered them: threads come and go in any order."""
    last = len(side.effects)
    ordered = sorted(side.effects, key=lambda one: last if one.entry is None else one.entry)
    return [one.form() for one in ordered]
