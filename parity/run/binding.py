"""Gives java the arguments that python gets: bound to python's signature, defaults applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parity.model import Fixture, Form, Parameter, Terms, Unit
from parity.sides.java.event import EventRefused, event_text
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


def bind(
    parameters: Sequence[Parameter] | None, args: list[Form], kwargs: Mapping[str, Form]
) -> list[Bound]:
    """Arguments by parameter, in the order of the signature.

    Without a signature, positional arguments keep their order. Raises Unbindable where python
    could not be called with them either, or where a default cannot be written.
    """
    if parameters is None:
        if kwargs:
            raise Unbindable("python's signature is not known: give positional arguments only")
        return [Bound(f"arg{i}", value, element("$args", i)) for i, value in enumerate(args)]
    rest = [Bound("", value, element("$args", i), i) for i, value in enumerate(args)]
    named = {name: Bound(name, value, member("$kwargs", name)) for name, value in kwargs.items()}
    bound = [_bind_one(parameter, rest, named) for parameter in parameters]
    if rest:
        taken = len(args) - len(rest)
        raise Unbindable(f"python takes {taken} positional arguments, not {len(args)}")
    if named:
        raise Unbindable(f"python has no parameter {', '.join(f'`{name}`' for name in named)}")
    return [one for one in bound if one is not None]


def _bind_one(parameter: Parameter, rest: list[Bound], named: dict[str, Bound]) -> Bound | None:
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
    if rest and parameter.kind in ("positional", "positional-only"):
        if name in named and parameter.kind == "positional":
            raise Unbindable(f"python is given `{name}` by position and by name")
        first = rest.pop(0)
        return Bound(name, first.value, first.path)
    if name in named and parameter.kind != "positional-only":
        return named.pop(name)
    if parameter.supplied:
        return None
    if parameter.has_default:
        return Bound(name, parameter.default, member("$default", name))
    if parameter.formless is not None:
        raise Unbindable(f"the default of `{name}` cannot be written: {parameter.formless}")
    raise Unbindable(f"no value for python's parameter `{name}`")


def ordered(unit: Unit, bound: list[Bound], parameters: Sequence[Parameter] | None) -> list[Bound]:
    """The arguments in the order in which java's method takes them."""
    order = unit.terms.order
    if order:
        return [_named(bound, name, "order") for name in order]
    for parameter in parameters or ():
        if parameter.kind in ("keyword", "args", "kwargs"):
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
    if fixture.steps is not None:
        return JavaCall(dumps(_steps(unit, fixture, parameters, methods)), [], ())
    bound = bind(parameters, fixture.args, fixture.kwargs)
    if java["kind"] in HANDLERS:
        return JavaCall(dumps({"event": _event(unit, bound, unit.terms)}), [], ())
    chosen = _chosen(unit, bound, java, parameters)
    sent = [one.value for one in chosen]
    paths = tuple(one.path for one in chosen)
    line: dict[str, Any] = {"args": sent}
    if '"$ref"' in dumps(sent):
        line["paths"] = paths  # where python has what the references point at
    if fixture.has_self and unit.java_receiver is None:
        line["self"] = fixture.self_state
    return JavaCall(dumps(line), sent, paths)


def refuse_unbindable(
    unit: Unit, java: Mapping[str, Any], parameters: Sequence[Parameter] | None
) -> None:
    """Raises Unbindable where no fixture at all could be given to java."""
    if parameters is None or java["kind"] == "class":
        return
    bound = [Bound(one.name, None, "") for one in parameters if not one.supplied]
    if java["kind"] not in HANDLERS:
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
    chosen = ordered(unit, bound, parameters)
    _refuse_other_count(unit, chosen, java)
    return chosen


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
    names = [one.name for one in bound if one.name != "context"]
    single = terms.event or ("event" if names == ["event"] else None)
    try:
        if single is not None:
            return event_text(_named(bound, single, "event").value, terms.names)
        document = {one.name: one.value for one in bound}
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
        bound = bind(methods.get(name), step.get("args", []), step.get("kwargs", {}))
        steps.append({"call": unit.methods.get(name, name), "args": [one.value for one in bound]})
    line: dict[str, Any] = {"steps": steps}
    if unit.java_receiver is None and not fixture.has_self:
        made = bind(parameters, fixture.args, fixture.kwargs)
        line["args"] = [one.value for one in made]
    if fixture.has_self:
        line["self"] = fixture.self_state
    return line
