"""Gives java the arguments that python gets: bound to python's signature, defaults applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parity.mapping.raised import stand_ins
from parity.model import Fixture, Form, Parameter, Terms, Unit
from parity.sides.java.event import EventRefused, event_text
from parity.sides.recorded_calls import settled
from parity.values.form import dumps, element, member

HANDLERS = ("handler", "stream-handler")


class Unbindable(Exception):
    """A fixture whose arguments java cannot be given; says why."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One parameter of a call: its name, the value it gets, and that value's python path."""

    name: str
    value: Form
    path: str
    index: int = -1
    port: str | None = None
    """The port that it stands for, where it is one."""


def port_in(value: Form) -> str | None:
    """The port that a value in fixture form stands for."""
    if isinstance(value, dict) and len(value) == 1 and "$port" in value:
        return str(value["$port"])
    return None


def without_ports(value: Form) -> Form:
    """A value less the members that are ports: a constructor takes them, no event carries them."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value)), str):
        ((tag, payload),) = value.items()
        if tag == "$dict":
            kept = [[key, without_ports(one)] for key, one in payload if port_in(one) is None]
            return {"$dict": kept}
        if tag.startswith("$"):
            return value
    if isinstance(value, dict):
        return {name: without_ports(one) for name, one in value.items() if port_in(one) is None}
    if isinstance(value, list):
        return [without_ports(one) for one in value]
    return value


def bind(
    parameters: Sequence[Parameter] | None,
    args: list[Form],
    kwargs: Mapping[str, Form],
    asked: Sequence[str] | None = None,
) -> list[Bound]:
    """Arguments by parameter, in the order of the signature.

    Without a signature, positional arguments keep their order. Raises Unbindable where python
    could not be called with them either, or where a default cannot be written that java is given:
    `asked` are the names of those that it is given, None for all.
    """
    if parameters is None:
        if kwargs:
            raise Unbindable("python's signature is not known: give positional arguments only")
        return [Bound(f"arg{i}", value, element("$args", i)) for i, value in enumerate(args)]
    rest = [Bound("", value, element("$args", i), i) for i, value in enumerate(args)]
    named = {name: Bound(name, value, member("$kwargs", name)) for name, value in kwargs.items()}
    bound = [_bind_one(parameter, rest, named, asked) for parameter in parameters]
    if rest:
        taken = len(args) - len(rest)
        given = f"{taken} positional argument{'s' if taken != 1 else ''}"
        raise Unbindable(f"python takes {given}, not {len(args)}")
    if named:
        raise Unbindable(f"python has no parameter {', '.join(f'`{name}`' for name in named)}")
    return [one for one in bound if one is not None]


def _bind_one(
    parameter: Parameter,
    rest: list[Bound],
    named: dict[str, Bound],
    asked: Sequence[str] | None,
) -> Bound | None:
    name = parameter.name
    if parameter.kind == "args":
        values = [one.value for one in rest]
        path = f"$args[{rest[0].index}:]" if rest else "$args[:0]"
        rest.clear()
        return Bound(name, values, path)
    if parameter.kind == "kwargs":
        collected = {key: one.value for key, one in named.items()}
        named.clear()
        return Bound(name, collected, "$kwargs")
    if parameter.port is not None and not (rest and port_in(rest[0].value)):
        if name in named:
            return named.pop(name)
        return Bound(name, {"$port": parameter.port}, member("$port", name), port=parameter.port)
    if rest and parameter.kind in ("positional", "positional-only"):
        if name in named and parameter.kind == "positional":
            raise Unbindable(f"python is given `{name}` by position and by name")
        first = rest.pop(0)
        return Bound(name, first.value, first.path, port=port_in(first.value))
    if name in named and parameter.kind != "positional-only":
        return named.pop(name)
    if parameter.supplied:
        return None
    if parameter.has_default:
        return Bound(name, parameter.default, member("$default", name))
    if parameter.formless is not None:
        if asked is not None and name not in asked:
            return None
        raise Unbindable(f"the default of `{name}` cannot be written: {parameter.formless}")
    raise Unbindable(f"no value for python's parameter `{name}`")


def ordered(unit: Unit, bound: list[Bound], parameters: Sequence[Parameter] | None) -> list[Bound]:
    """The arguments in the order in which java's method takes them."""
    order = unit.terms.order
    if order:
        return [_named(bound, name, "order") for name in order]
    for parameter in parameters or ():
        if parameter.kind in ("keyword", "args", "kwargs") and parameter.port is None:
            raise Unbindable(
                f"`{parameter.name}` is keyword-only or starred: say in which order java takes "
                f'the parameters, order = ["{parameter.name}", ...], or write a java_expression'
            )
    return bound


def _named(bound: list[Bound], name: str, what: str) -> Bound:
    for one in bound:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in bound)
    raise Unbindable(f"`{what}` names `{name}`, which python does not have; it has {known}")


@dataclass(frozen=True, slots=True)
class JavaCall:
    """What java is sent for a fixture, and where in python's call its arguments come from."""

    line: str
    sent: list[Form]
    paths: tuple[str, ...]


def java_line(
    unit: Unit,
    fixture: Fixture,
    java: Mapping[str, Any],
    parameters: Sequence[Parameter] | None,
    methods: Mapping[str, Sequence[Parameter] | None],
) -> JavaCall:
    """The line of a fixture for the java worker. Raises Unbindable where there is none."""
    world = _world(unit, fixture)
    if fixture.steps is not None:
        return JavaCall(dumps(_steps(unit, fixture, parameters, methods) | world), [], ())
    bound = bind(parameters, fixture.args, fixture.kwargs, asked_by_java(unit, java))
    if java["kind"] in HANDLERS:
        return JavaCall(dumps({"event": _event(unit, bound, unit.terms), **world}), [], ())
    chosen = _chosen(unit, bound, java, parameters)
    sent = [one.value for one in chosen]
    paths = tuple(one.path for one in chosen)
    line: dict[str, Any] = {"args": sent, **world}
    if '"$ref"' in dumps(sent):
        line["paths"] = paths  # where python has what the references point at
    if fixture.has_self and unit.java_receiver is None:
        line["self"] = fixture.self_state
    return JavaCall(dumps(line), sent, paths)


def asked_by_java(unit: Unit, java: Mapping[str, Any]) -> Sequence[str] | None:
    """The names of python's parameters that java is given; None where it is given all."""
    if java["kind"] in HANDLERS:
        return None if unit.terms.event is None else (unit.terms.event,)
    if java["kind"] == "expression":
        return [parameter["name"] for parameter in java["parameters"]]
    return unit.terms.order or None


def _world(unit: Unit, fixture: Fixture) -> dict[str, Any]:
    """The world of a fixture, with the Java classes that stand for what port calls raised."""
    if fixture.world is None:
        return {}
    world = settled(fixture.world)
    if world.get("ports"):
        world["ports"] = [_port_call(unit, call) for call in world["ports"]]
    return {"world": world}


def _port_call(unit: Unit, call: Mapping[str, Any]) -> dict[str, Any]:
    if "raised" not in call:
        return dict(call)
    told = call["raised"]
    raised = {"class": told} if isinstance(told, str) else dict(told)
    return {**call, "raised": raised | {"java": stand_ins(raised["class"], unit.terms)}}


def refuse_unbindable(
    unit: Unit, java: Mapping[str, Any], parameters: Sequence[Parameter] | None
) -> None:
    """Raises Unbindable where no fixture at all could be given to java."""
    if parameters is None or java["kind"] == "class":
        return
    bound = [
        Bound(one.name, None, "", port=one.port)
        for one in parameters
        if not one.supplied or one.port is not None
    ]
    if java["kind"] not in HANDLERS:
        if unit.ports and len(bound) == len(java["parameters"]):
            return  # a parameter that no annotation says to be a port may be given one
        _chosen(unit, bound, java, parameters)
    elif unit.terms.event is not None:
        _named(bound, unit.terms.event, "event")


def _chosen(
    unit: Unit,
    bound: list[Bound],
    java: Mapping[str, Any],
    parameters: Sequence[Parameter] | None,
) -> list[Bound]:
    if java["kind"] == "expression":
        names = [parameter["name"] for parameter in java["parameters"]]
        return [_named(bound, name, "parameters") for name in names]
    chosen = _with_ports(unit, ordered(unit, bound, parameters), java)
    _refuse_other_count(unit, chosen, java)
    return chosen


def _with_ports(unit: Unit, bound: list[Bound], java: Mapping[str, Any]) -> list[Bound]:
    """The arguments with a port where java's method takes one, and nowhere else."""
    if not unit.ports:
        return bound
    ids = {port.java.replace("$", "."): port.id for port in unit.ports}
    rest = [one for one in bound if one.port is None]
    handed = [one for one in bound if one.port is not None]
    chosen: list[Bound] = []
    for parameter in java["parameters"]:
        port = ids.get(parameter["type"].partition("<")[0])
        if port is not None:
            mine = [one for one in handed if (one.port or "").partition("#")[0] == port]
            chosen.append(mine[0] if mine else Bound(parameter["name"], {"$port": port}, "$port"))
            handed = [one for one in handed if one is not chosen[-1]]
        elif rest:
            chosen.append(rest.pop(0))
    return chosen + rest


def _refuse_other_count(unit: Unit, chosen: list[Bound], java: Mapping[str, Any]) -> None:
    takes = len(java["parameters"])
    if takes == len(chosen):
        return
    names = ", ".join(one.name for one in chosen)
    types = ", ".join(parameter["type"] for parameter in java["parameters"])
    raise Unbindable(
        f"python has {len(chosen)} parameters ({names}), {unit.java} takes {takes} ({types}): "
        "choose with order = [...], name another overload, or write a java_expression"
    )


def _event(unit: Unit, bound: list[Bound], terms: Terms) -> str:
    bound = [one for one in bound if one.port is None]
    names = [one.name for one in bound if one.name != "context"]
    single = terms.event or ("event" if names == ["event"] else None)
    try:
        if single is not None:
            return event_text(without_ports(_named(bound, single, "event").value), terms.names)
        document = {one.name: without_ports(one.value) for one in bound}
        return event_text(document, terms.names)
    except EventRefused as refused:
        raise Unbindable(f"the event cannot carry this: {refused}") from None


def _steps(
    unit: Unit,
    fixture: Fixture,
    parameters: Sequence[Parameter] | None,
    methods: Mapping[str, Sequence[Parameter] | None],
) -> dict[str, Any]:
    steps = []
    for step in fixture.steps or []:
        name = step["call"]
        given = _given(methods.get(name), step.get("args", []), step.get("kwargs", {}))
        steps.append({"call": unit.methods.get(name, name), **given})
    line: dict[str, Any] = {"steps": steps}
    if unit.java_receiver is None and not fixture.has_self:
        line |= _given(parameters, fixture.args, fixture.kwargs, ports=False)
    if fixture.has_self:
        line["self"] = fixture.self_state
    return line


def _given(
    parameters: Sequence[Parameter] | None,
    args: list[Form],
    kwargs: Mapping[str, Form],
    *,
    ports: bool = True,
) -> dict[str, Any]:
    """The arguments of a step, or of a constructor without its ports.

    `least` says how many of them java has to take: those behind it are what python takes where
    nothing is given, and a class may well have no place for them.
    """
    parameters = _without_formless_end(parameters, args, kwargs)
    bound = bind(parameters, args, kwargs)
    kept = bound if ports else [one for one in bound if one.port is None]
    by_name = {one.name: one for one in parameters or ()}
    least = len(kept)
    while least and _is_default(kept[least - 1], by_name):
        least -= 1
    given: dict[str, Any] = {"args": [one.value for one in kept]}
    return given if least == len(kept) else {**given, "least": least}


def _is_default(bound: Bound, parameters: Mapping[str, Parameter]) -> bool:
    """Whether a parameter holds what it holds where nothing is given: 1, 1.0 and true are three."""
    parameter = parameters.get(bound.name)
    if parameter is None:
        return False
    if parameter.kind in ("args", "kwargs"):
        return not bound.value
    return parameter.has_default and dumps(bound.value) == dumps(parameter.default)


def _without_formless_end(
    parameters: Sequence[Parameter] | None, args: list[Form], kwargs: Mapping[str, Form]
) -> Sequence[Parameter] | None:
    """The parameters less those at the end that are not given and whose defaults have no form."""
    if parameters is None:
        return None
    end = len(parameters)
    while end > len(args):
        last = parameters[end - 1]
        if last.formless is None or last.has_default or last.name in kwargs:
            break
        end -= 1
    return parameters[:end]
