"""What a search needs to know of a unit: what its parameters take, and what its sources name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from parity.fuzz.calls import Call, Signature, calls_of_ports, parts_of_reply, value_within
from parity.fuzz.search import Target
from parity.fuzz.shapes import (
    ANYTHING,
    Items,
    Pairs,
    Scalar,
    Shape,
    branches,
    joined,
    met,
    of_form,
    of_java,
    of_python,
    with_nulls,
)
from parity.fuzz.sources import sources_of
from parity.model import Fixture, Form, Parameter
from parity.run import LoadedUnit
from parity.run.binding import asked_by_java


def target_of(
    loaded: LoadedUnit,
    python: Mapping[str, Any],
    java: Mapping[str, Any],
    fixtures: Sequence[Fixture],
) -> Target:
    """What a search needs to know of a unit."""
    calls = [call_of(one) for one in fixtures]
    if loaded.java["kind"] == "class":
        own = [one.name for one in loaded.parameters or ()]
        held = {} if loaded.unit.java_receiver else held_by_overloads(java, "<init>", own)
    else:
        held = held_by_java(loaded, [of_java(one) for one in java.get("shapes", ())])
    parameters = left_to_python(loaded)
    names = set(held) | {one.name for one in loaded.parameters or ()}
    annotated = {name: of_python(shape) for name, shape in (python.get("shapes") or {}).items()}
    plain = Signature(loaded.parameters, count=len(held))
    shapes, told = _shapes(names, held, annotated, shown_by(plain, calls))
    signature = Signature(
        parameters,
        shapes,
        told,
        held,
        most_taken(java, "<init>", len(held)),
        replies_of(calls),
        steps_of(loaded, python, java, calls),
    )
    domain = loaded.unit.terms.domain
    if domain is not None:
        python = {**python, "sources": [*python.get("sources", ()), domain]}
    return Target(signature, sources_of(python, java), calls)


def left_to_python(loaded: LoadedUnit) -> Sequence[Parameter] | None:
    """The parameters, those at the end that only python takes as what it supplies by itself.

    Another value than their default is a question that java is not asked.
    """
    asked = asked_by_java(loaded.unit, loaded.java)
    if loaded.parameters is None or asked is None:
        return loaded.parameters
    found: list[Parameter] = []
    at_end = True
    for one in reversed(loaded.parameters):
        mine = (one.has_default or one.formless is not None) and one.name not in asked
        at_end = at_end and (mine or one.kind == "keyword")
        found.append(replace(one, supplied=True) if mine and at_end else one)
    return found[::-1]


def _shapes(
    names: Iterable[str],
    held: Mapping[str, Shape],
    annotated: Mapping[str, Shape],
    shown: Mapping[str, Shape],
) -> tuple[dict[str, Shape], dict[str, Shape]]:
    """What both sides make of parameters together, with None where it may be, and without."""
    told = {
        name: met(
            held.get(name, ANYTHING),
            _narrowed(annotated.get(name, ANYTHING), shown.get(name, ANYTHING)),
        )
        for name in names
    }
    shapes = {
        name: with_nulls(shape, held.get(name, ANYTHING), annotated.get(name, ANYTHING))
        for name, shape in told.items()
    }
    return shapes, told


def steps_of(
    loaded: LoadedUnit,
    python: Mapping[str, Any],
    java: Mapping[str, Any],
    calls: Sequence[Call],
) -> dict[str, Signature]:
    """The methods of a class that both sides have, in python's order, less those of its own."""
    if loaded.java["kind"] != "class":
        return {}
    found: dict[str, Signature] = {}
    for name, hints in (python.get("steps") or {}).items():
        parameters = loaded.methods.get(name)
        java_name = loaded.unit.methods.get(name, name)
        if parameters is None or java_name not in java.get("steps", {}):
            continue
        if name.startswith("_") and name not in loaded.unit.methods:
            continue
        names = [one.name for one in parameters]
        held = held_by_overloads(java, java_name, names)
        annotated = {one: of_python(shape) for one, shape in hints.items()}
        mine = [step for call in calls for step in call.get("steps") or () if step["call"] == name]
        shown = shown_by(Signature(parameters), mine)
        shapes, told = _shapes(names, held, annotated, shown)
        count = most_taken(java, java_name, 0)
        found[name] = Signature(parameters, shapes, told, held, count)
    return found


def most_taken(java: Mapping[str, Any], name: str, otherwise: int) -> int:
    """How many arguments java takes at most, of the methods of a class by that name."""
    overloads = java.get("steps", {}).get(name)
    return otherwise if overloads is None else max(map(len, overloads), default=0)


def held_by_overloads(
    java: Mapping[str, Any], java_name: str, names: Sequence[str]
) -> dict[str, Shape]:
    """What some overload of a method of a class can hold, by python's names."""
    overloads = java.get("steps", {}).get(java_name, ())
    held: dict[str, Shape] = {}
    for index, name in enumerate(names):
        taken = [of_java(one[index]) for one in overloads if index < len(one)]
        if taken:
            held[name] = joined(taken)
    return held


def _narrowed(annotated: Shape, shown: Shape) -> Shape:
    """What fixtures show, with what annotations say beside it."""
    if shown == ANYTHING:
        return annotated
    if annotated == ANYTHING:
        return shown
    found = met(annotated, shown)
    more = [one for one in branches(annotated) if all(one != known for known in branches(found))]
    kinds = {type(one) for one in branches(found)}
    return joined([found, *(one for one in more if type(one) not in kinds)])


def replies_of(calls: Sequence[Call]) -> dict[str, Shape]:
    """What calls of ports were answered in fixtures."""
    values: dict[str, list[Shape]] = {}
    for one in (reply for call in calls[:500] for reply in calls_of_ports(call)):
        for inner, key, name in parts_of_reply(one):
            shape = of_form(value_within(one, inner, key))
            if one["port"] == "sql" and shape == Scalar("int"):
                shape = Scalar("int", -(1 << 63), (1 << 63) - 1)
            values.setdefault(name, []).append(shape)
    return {name: joined(shapes) for name, shapes in values.items()}


def call_of(fixture: Fixture) -> Call:
    """A fixture as an input."""
    call: dict[str, Form] = {"args": fixture.args}
    if fixture.kwargs:
        call["kwargs"] = dict(fixture.kwargs)
    if fixture.has_self:
        call["self"] = fixture.self_state
    if fixture.steps is not None:
        call["steps"] = fixture.steps
    if fixture.world is not None:
        call["world"] = dict(fixture.world)
    return call


def held_by_java(loaded: LoadedUnit, shapes: Sequence[Shape]) -> dict[str, Shape]:
    """What java can hold, by the names that python has for its parameters."""
    parameters = loaded.parameters
    if loaded.is_handler:
        return {}
    if loaded.java["kind"] == "expression":
        names = [one["name"] for one in loaded.java["parameters"]]
        return dict(zip(names, shapes, strict=False))
    if parameters is None:
        return {f"arg{index}": shape for index, shape in enumerate(shapes)}
    order = loaded.unit.terms.order or tuple(one.name for one in parameters if not one.supplied)
    kinds = {one.name: one.kind for one in parameters}
    held = dict(zip(order, shapes, strict=False))
    return {name: _of_starred(shape, kinds.get(name, "")) for name, shape in held.items()}


def _of_starred(shape: Shape, kind: str) -> Shape:
    """The shape of one of the values that a starred parameter gathers."""
    for one in branches(shape):
        if kind == "args" and isinstance(one, Items):
            return one.of
        if kind == "kwargs" and isinstance(one, Pairs):
            return one.of
    return shape


def shown_by(signature: Signature, calls: Sequence[Call]) -> dict[str, Shape]:
    """What fixtures show of each parameter."""
    values: dict[str, list[Shape]] = {}
    for call in calls[:500]:
        for index, value in enumerate(call.get("args") or ()):
            values.setdefault(signature.name_of(index), []).append(of_form(value))
        for name, value in (call.get("kwargs") or {}).items():
            values.setdefault(name, []).append(of_form(value))
    return {name: joined(shapes) for name, shapes in values.items()}
