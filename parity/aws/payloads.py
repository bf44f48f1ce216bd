"""How large states become, as a function of the number of items and of what functions return.

Step Functions refuses a state of more than 262,144 bytes. What a function returns is not in an ASL
file, so that is assumed, and said; what becomes of it is followed through the machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parity.aws.asl import Machine, State

MOST_BYTES: Final = 262_144
CONTEXT: Final = 256  # what one path into the context object gives: a name, a time, a count
MANIFEST: Final = 1024  # what a ResultWriter leaves in the state
PATH: Final = re.compile(r"\$\$?[\w.\[\]'*-]*")


@dataclass(frozen=True, slots=True)
class Assumed:
    """Bytes that are not in the file. `results` are those of single states, by their paths."""

    items: int = 1
    input: int = 1024
    item: int = 1024
    result: int = 1024
    error: int = 4096
    results: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payload:
    """The most bytes that a state takes or leaves behind."""

    state: str
    what: str  # "takes" | "leaves"
    bytes: int


Parts = dict[str, int]  # bytes by member; "" is what is not known by member


def payloads(machine: Machine, assumed: Assumed) -> Iterator[Payload]:
    """What each state takes and leaves, at most; machines within are looked into."""
    yield from _Walk(assumed).machine(machine, {"": assumed.input})[0]


class _Walk:
    def __init__(self, assumed: Assumed) -> None:
        self._assumed = assumed

    def machine(self, machine: Machine, given: Parts) -> tuple[list[Payload], int]:
        """All payloads, and how large the output is at most."""
        told: list[Payload] = []
        arrived: dict[str, Parts] = {machine.start: given}
        output = 0
        for name in _in_order(machine):
            state, parts = machine.states[name], arrived.get(name)
            if parts is None:
                continue
            taken, after, inner = self._state(state, parts)
            told += inner
            told.append(Payload(state.path, "takes", taken))
            told.append(Payload(state.path, "leaves", _total(after)))
            ways = list(state.ways())
            for way in ways:
                arrived[way] = _either(arrived.get(way), after)
            for catcher in state.catchers():
                caught = _placed(parts, catcher.get("ResultPath", "$"), self._assumed.error)
                arrived[catcher["Next"]] = _either(arrived.get(catcher["Next"]), caught)
            if not ways:
                output = max(output, _total(after))
        return told, output

    def _state(self, state: State, parts: Parts) -> tuple[int, Parts, list[Payload]]:
        body, told = state.body, list[Payload]()
        shape = body.get("Parameters", body.get("Arguments"))
        taken = _total(parts) if shape is None else _template(shape, parts, self._assumed)
        match state.kind:
            case "Task":
                result = self._assumed.results.get(state.path, self._assumed.result)
            case "Map":
                result, told = self._map(state, parts)
            case "Parallel":
                pairs = [self.machine(one, {"": taken}) for one in state.within]
                told = [payload for inner, _ in pairs for payload in inner]
                result = 2 + sum(size + 1 for _, size in pairs)
            case "Pass":
                result = len(json.dumps(body["Result"]).encode()) if "Result" in body else taken
            case _:
                return taken, parts, told
        if "ResultSelector" in body:
            result = _template(body["ResultSelector"], {"": result}, self._assumed)
        return taken, _placed(parts, body.get("ResultPath", "$"), result), told

    def _map(self, state: State, parts: Parts) -> tuple[int, list[Payload]]:
        selector = state.body.get("ItemSelector")
        item = {"": self._assumed.item}
        if selector is not None:
            item = {
                key.removesuffix(".$"): _template({key: value}, parts, self._assumed)
                for key, value in selector.items()
            }
        told, output = [], 0
        for inner in state.within:
            inside, output = self.machine(inner, item)
            told += inside
        whole = 2 + self._assumed.items * (output + 1)
        return MANIFEST if "ResultWriter" in state.body else whole, told


def _in_order(machine: Machine) -> list[str]:
    """The states, each behind those that lead to it; where a way leads back it is not followed."""
    seen: set[str] = set()
    order: list[str] = []

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        state = machine.states[name]
        for way in [*state.ways(), *(str(one["Next"]) for one in state.catchers())]:
            visit(way)
        order.append(name)

    visit(machine.start)
    return order[::-1]


def _either(one: Parts | None, other: Parts) -> Parts:
    if one is None:
        return dict(other)
    return {key: max(one.get(key, 0), other.get(key, 0)) for key in {*one, *other}}


def _total(parts: Parts) -> int:
    named = sum(len(key.encode()) + 4 + size for key, size in parts.items() if key)
    return named + parts.get("", 0)


def _placed(parts: Parts, path: str | None, size: int) -> Parts:
    """The parts of a state once a result stands at a path of it; null drops the result."""
    if path is None:
        return dict(parts)
    member = path.removeprefix("$").lstrip(".").split(".")[0]
    return {**parts, member: size} if member else {"": size}


def _template(shape: Any, parts: Parts, assumed: Assumed) -> int:
    """Bytes of an object whose members that end in `.$` are filled in."""
    if isinstance(shape, Mapping):
        members = 2
        for key, value in shape.items():
            members += len(json.dumps(str(key)).encode()) + 2
            if str(key).endswith(".$"):
                members += sum(_path(one, parts, assumed) for one in PATH.findall(str(value)))
            else:
                members += _template(value, parts, assumed)
        return members
    if isinstance(shape, list):
        return 2 + sum(1 + _template(one, parts, assumed) for one in shape)
    return len(json.dumps(shape).encode())


def _path(path: str, parts: Parts, assumed: Assumed) -> int:
    if path.startswith("$$.Map.Item.Value"):
        return assumed.item
    if path.startswith("$$"):
        return CONTEXT
    member = path.removeprefix("$").lstrip(".").split(".")[0].split("[")[0]
    return parts.get(member, parts.get("", 0)) if member else _total(parts)
