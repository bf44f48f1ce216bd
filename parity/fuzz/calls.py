"""Calls of a unit: what a fixture's line says of an input, and where its values stand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from parity.fuzz.making import Maker
from parity.fuzz.shapes import (
    ANYTHING,
    Shape,
    as_meant,
    fits,
    has_reals,
    has_strange_none,
    items_of,
    number_of,
    pairs_of,
    tag_of,
)
from parity.model import Form, Parameter
from parity.values.form import dumps

Call = Mapping[str, Form]
"""A fixture's line less its id and what was observed: `args`, and where there are, `kwargs`,
`self`, `steps` and `world`."""
Tier = Literal["recorded", "near", "boundary", "far"]
TIERS: Final[tuple[Tier, ...]] = ("recorded", "near", "boundary", "far")
PORT: Final = "$port"
Place = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Trial:
    """An input that is tried: how far it is from what was recorded, and by how many changes."""

    call: Call
    text: str
    tier: Tier
    steps: int = 0

    @classmethod
    def of(cls, call: Call, tier: Tier, steps: int = 0) -> Trial:
        """A trial of a call."""
        return cls(call, dumps(call), tier, steps)


@dataclass(frozen=True, slots=True)
class Slot:
    """A value of a call: where it stands, and what java can hold there."""

    place: Place
    shape: Shape


@dataclass(frozen=True, slots=True)
class Signature:
    """What the parameters of a unit take; by position where python does not tell their names."""

    parameters: Sequence[Parameter] | None
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    """What both sides make of it together, for making values."""
    told: Mapping[str, Shape] = field(default_factory=dict)
    """What was recorded or annotated, where `shapes` holds None beside it."""
    held: Mapping[str, Shape] = field(default_factory=dict)
    """What java can hold, for refusing them."""
    count: int = 0
    """How many arguments java takes, where python does not tell; at most, of what a class has."""
    replies: Mapping[str, Shape] = field(default_factory=dict)
    """What calls of ports were answered, by port and name."""
    steps: Mapping[str, Signature] = field(default_factory=dict)
    """The methods of a class that may be called step by step."""

    def slots(self, call: Call) -> list[Slot]:
        """The values of a call."""
        args, kwargs = call.get("args") or [], call.get("kwargs") or {}
        found = [
            Slot(("args", index), self.shapes.get(self.name_of(index), ANYTHING))
            for index in range(len(args))
            if tag_of(args[index]) != PORT
        ]
        found += [Slot(("kwargs", name), self.shapes.get(name, ANYTHING)) for name in kwargs]
        if "self" in call:
            found.append(Slot(("self", ""), ANYTHING))
        for index, step in enumerate(call.get("steps") or ()):
            own = self.steps.get(step["call"], UNKNOWN)
            found += [
                Slot((f"steps/{index}", at), own.shapes.get(own.name_of(at), ANYTHING))
                for at in range(len(step.get("args") or ()))
            ]
        for index, one in enumerate(calls_of_ports(call)):
            if tag_of(one.get("returned")) != PORT:
                found += [
                    Slot((f"ports/{index}{inner}", key), self.replies.get(name, ANYTHING))
                    for inner, key, name in parts_of_reply(one)
                ]
        return found

    def can_hold(self, call: Call) -> bool:
        """Whether java can be given the call, as far as is known, and each number is meant so."""
        args = call.get("args") or ()
        named = [(self.name_of(index), value) for index, value in enumerate(args)]
        named += (call.get("kwargs") or {}).items()
        return (
            all(self._can_hold(name, value) for name, value in named)
            and all(own.can_hold(step) for own, step in self._known_steps(call))
            and all(self._can_answer(reply) for reply in calls_of_ports(call))
        )

    def _can_answer(self, reply: Mapping[str, Form]) -> bool:
        """Whether a database could give such a reply: its columns hold what they held."""
        return reply["port"] != "sql" or all(
            fits(value_within(reply, inner, key), self.replies.get(name, ANYTHING))
            for inner, key, name in parts_of_reply(reply)
        )

    def _can_hold(self, name: str, value: Form) -> bool:
        if not fits(value, self.held.get(name, ANYTHING)):
            return False
        shape = self.shapes.get(name, ANYTHING)
        return not has_reals(shape) or as_meant(value, shape)

    def is_told(self, call: Call) -> bool:
        """Whether None stands only where it was recorded or annotated, or where nothing was."""
        args = enumerate(call.get("args") or ())
        named = [(self.name_of(index), value) for index, value in args]
        named += (call.get("kwargs") or {}).items()
        return not any(
            has_strange_none(value, self.told.get(name, ANYTHING)) for name, value in named
        ) and all(own.is_told(step) for own, step in self._known_steps(call))

    def _known_steps(self, call: Call) -> Iterator[tuple[Signature, Call]]:
        """The steps of a call whose methods are known, each with its method."""
        for step in call.get("steps") or ():
            if step["call"] in self.steps:
                yield self.steps[step["call"]], step

    def name_of(self, index: int) -> str:
        """The parameter that takes a positional argument."""
        if self.parameters is None:
            return f"arg{index}"
        positional = [one for one in self.parameters if "positional" in one.kind]
        if index < len(positional):
            return positional[index].name
        return next((one.name for one in self.parameters if one.kind == "args"), "")

    def completed(self, call: Call) -> Call:
        """The call with the defaults that it leaves to python, as far as they have a form."""
        args, kwargs = list(call.get("args") or ()), dict(call.get("kwargs") or {})
        needed = [one for one in self.parameters or () if not one.supplied]
        plain = [one for one in needed if "positional" in one.kind]
        in_turn = True
        for one in [*plain[len(args) :], *(one for one in needed if one.kind == "keyword")]:
            if one.name in kwargs or not one.has_default or one.formless is not None:
                in_turn = False
            elif in_turn and one.kind != "keyword":
                args.append(one.default)
            elif one.kind != "positional-only":
                kwargs[one.name] = one.default
        return {**call, **_call(args, kwargs)}

    def first_calls(self, maker: Maker) -> Iterator[Call]:
        """Calls of nothing but what the types say, for units of which nothing was recorded."""
        if self.parameters is None:
            names = [f"arg{index}" for index in range(self.count)]
            yield {"args": self.firsts(names, maker)}
            return
        needed = [one for one in self.parameters if not one.supplied]
        plain = [one for one in needed if "positional" in one.kind]
        always = [one.name for one in plain if not one.has_default]
        named = [one.name for one in needed if one.kind == "keyword" and not one.has_default]
        kwargs = dict(zip(named, self.firsts(named, maker), strict=True))
        lengths = dict.fromkeys((len(always), len(plain)))
        for length in lengths:
            names = [one.name for one in plain[:length]]
            yield _call(self.firsts(names, maker), kwargs)
        if any(one.kind == "args" for one in needed):
            names = [*(one.name for one in plain), self.name_of(len(plain))]
            yield _call(self.firsts(names, maker), kwargs)
        optional = [one.name for one in needed if one.kind == "keyword" and one.has_default]
        if optional:
            names = [one.name for one in plain]
            more = dict(zip(optional, self.firsts(optional, maker), strict=True))
            yield _call(self.firsts(names, maker), kwargs | more)

    def firsts(self, names: Sequence[str], maker: Maker) -> list[Form]:
        """A value for each, not all the same."""
        made = []
        for index, name in enumerate(names):
            values = list(
                itertools.islice(maker.at_edges(self.shapes.get(name, ANYTHING)), 3 + index)
            )
            made.append(values[(1 + index) % len(values)] if values else None)
        return made


UNKNOWN: Final = Signature(None)
"""The signature of what nothing is known of."""


def _call(args: list[Form], kwargs: Mapping[str, Form]) -> Call:
    return {"args": args, "kwargs": dict(kwargs)} if kwargs else {"args": args}


def calls_of_ports(call: Call) -> Sequence[Mapping[str, Form]]:
    """What the fixture answers to calls of ports, in order."""
    return (call.get("world") or {}).get("ports") or ()


def parts_of_reply(reply: Mapping[str, Form]) -> Iterator[tuple[str, int | str, str]]:
    """What may be another value in a reply: inside of what, by which key, and of which kind.

    A reply of a database is a table, whose columns its statement says: only its cells may.
    """
    name = f"{reply['port']}.{reply['call']}"
    if reply.get("returned") is None:
        return
    if reply["port"] != "sql":
        yield "", "returned", name
        return
    columns = reply["returned"].get("columns") or ()
    for number, row in enumerate(reply["returned"].get("rows") or ()):
        for at, column in zip(range(len(row)), columns, strict=False):
            yield f"/returned/rows/{number}", at, f"{name}.{column}"


def value_within(reply: Form, inner: str, key: int | str) -> Form:
    """A part of a reply."""
    for step in (*filter(None, inner.split("/")), key):
        reply = reply[int(step)] if isinstance(reply, list) else reply[str(step)]
    return reply


def _with_part(reply: Form, steps: Sequence[int | str], value: Form) -> Form:
    """A copy of a reply with another part."""
    if not steps:
        return value
    if isinstance(reply, list):
        items, at = list(reply), int(steps[0])
        items[at] = _with_part(items[at], steps[1:], value)
        return items
    name = str(steps[0])
    return {**reply, name: _with_part(reply[name], steps[1:], value)}


def value_at(call: Call, place: Place) -> Form:
    """The value at a place of a call."""
    root, key = place
    if root == "self":
        return call["self"]
    if root.startswith("steps/"):
        return call["steps"][int(root[6:])]["args"][key]
    if root.startswith("ports/"):
        number, _, inner = root[6:].partition("/")
        return value_within(calls_of_ports(call)[int(number)], inner, key)
    return call[root][key]


def with_value(call: Call, place: Place, value: Form) -> Call:
    """The call with another value at one place."""
    root, key = place
    if root == "self":
        return {**call, "self": value}
    if root == "args":
        args = list(call["args"])
        args[int(key)] = value
        return {**call, "args": args}
    if root.startswith("steps/"):
        steps = list(call["steps"])
        index = int(root[6:])
        args = list(steps[index]["args"])
        args[int(key)] = value
        steps[index] = {**steps[index], "args": args}
        return {**call, "steps": steps}
    if root.startswith("ports/"):
        replies = list(calls_of_ports(call))
        number, *steps = filter(None, root[6:].split("/"))
        replies[int(number)] = _with_part(replies[int(number)], [*steps, key], value)
        return {**call, "world": {**call["world"], "ports": replies}}
    return {**call, root: {**call[root], key: value}}


def magnitudes(call: Call, slots: Sequence[Slot]) -> tuple[int, ...]:
    """How large each value of a call is: its number, its length, or the largest within."""
    return tuple(_magnitude(value_at(call, slot.place)) for slot in slots)


def _magnitude(form: Form) -> int:
    number = number_of(form)
    if isinstance(number, bool):
        return 1
    if isinstance(number, int):
        return abs(number)
    if isinstance(number, float):
        return int(abs(number)) if abs(number) < 1e300 else 1 << 1000
    if isinstance(form, str):
        return len(form)
    items = items_of(form)
    if items is None:
        items = [one for pair in pairs_of(form) or () for one in pair]
    return max([len(items), *map(_magnitude, items)])
