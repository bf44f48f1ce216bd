"""A state machine as its ASL file says it: states, the ways between them, machines within."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from parity.errors import ParityError

KINDS: Final = frozenset({"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"})


@dataclass(frozen=True, slots=True)
class State:
    """One state. `path` tells it apart from those of machines within: `Moves/Copy`."""

    name: str
    path: str
    body: Mapping[str, Any]
    within: tuple[Machine, ...]

    @property
    def kind(self) -> str:
        """`Task`, `Map`, …"""
        return str(self.body["Type"])

    @property
    def distributed(self) -> bool:
        """Whether each item of a Map is an execution of its own."""
        processor = self.body.get("ItemProcessor") or {}
        return bool((processor.get("ProcessorConfig") or {}).get("Mode") == "DISTRIBUTED")

    def ways(self) -> Iterator[str]:
        """The states that may follow when nothing fails."""
        for key in ("Next", "Default"):
            if key in self.body:
                yield str(self.body[key])
        for choice in self.body.get("Choices", ()):
            if "Next" in choice:
                yield str(choice["Next"])

    def catchers(self) -> Iterator[Mapping[str, Any]]:
        """What is done about a failure that is not tried again."""
        yield from self.body.get("Catch", ())

    def retriers(self) -> Iterator[Mapping[str, Any]]:
        """What is tried again, and how often."""
        yield from self.body.get("Retry", ())

    def retries(self) -> int:
        """How often it is tried again at most, each retrier counting for itself."""
        return sum(int(one.get("MaxAttempts", 3)) for one in self.retriers())


@dataclass(frozen=True, slots=True)
class Machine:
    """States and the first of them; `path` is empty for the outermost machine."""

    path: str
    start: str
    states: Mapping[str, State]
    body: Mapping[str, Any]

    def everywhere(self) -> Iterator[tuple[Machine, State]]:
        """All states, those of machines within behind the state that holds them."""
        for state in self.states.values():
            yield self, state
            for machine in state.within:
                yield from machine.everywhere()


def often_caught(machine: Machine, more_than: int) -> dict[str, int]:
    """States that more than so many of a machine's states catch to, and how many do."""
    counts = Counter(
        str(one["Next"]) for state in machine.states.values() for one in state.catchers()
    )
    return {name: count for name, count in counts.items() if count > more_than}


def read_machine(text: str, where: str) -> Machine:
    """The machine of an ASL file; a ParityError names what is no machine at all."""
    try:
        body = json.loads(text)
    except ValueError as error:
        raise _refused(where, f"it is no JSON: {error}") from error
    return _machine(body, "", where)


def _machine(body: Any, path: str, where: str) -> Machine:
    if not isinstance(body, dict) or not isinstance(body.get("States"), dict):
        raise _refused(where, f"`{path or 'it'}` has no `States`")
    states = {name: _state(name, path, one, where) for name, one in body["States"].items()}
    machine = Machine(path, str(body.get("StartAt")), states, body)
    for name in [machine.start, *(way for one in states.values() for way in _all_ways(one))]:
        if name not in states:
            raise _refused(where, f"`{path + '/' if path else ''}{name}` is not there")
    return machine


def _state(name: str, path: str, body: Any, where: str) -> State:
    own = f"{path}/{name}" if path else name
    if not isinstance(body, dict) or body.get("Type") not in KINDS:
        raise _refused(where, f"`{own}` is no state: its `Type` is none of ASL's")
    inner = [body[key] for key in ("ItemProcessor", "Iterator") if key in body]
    inner += body.get("Branches", [])
    return State(name, own, body, tuple(_machine(one, own, where) for one in inner))


def _all_ways(state: State) -> Iterator[str]:
    yield from state.ways()
    yield from (str(one.get("Next")) for one in state.catchers())


def _refused(where: str, why: str) -> ParityError:
    return ParityError(
        "this is no state machine",
        where=where,
        why=why,
        next_step="mend the ASL file; `cfn-lint` checks a whole template with its machines",
    )
