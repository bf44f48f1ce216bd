"""Judges a map file: what its tables say is sound, or everything wrong in it is one error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from parity.config import read_toml
from parity.errors import ConfigError, Problem, did_you_mean
from parity.mapping.tables import MapTable, PortTable, ReceiverTable, TermsTable, UnitTable
from parity.tables import problems_of
from parity.units import OUTSIDE, Allowance, Explanation, Port, Terms, Unit, WontPort

REFERENCE = re.compile(r"^[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*$")


def checked_units(file: Path, data: bytes) -> list[Unit]:
    """The units that `data` of a map file holds. Raises ConfigError with everything wrong."""
    return _checked(file, _table(file, data))


def annotated_units(file: Path, data: bytes, counterparts: Mapping[str, str]) -> list[Unit]:
    """Units with no table of their own, on the terms that `data` of a map gives to all."""
    table = _table(file, data)
    own = {unit_id: UnitTable(java=java) for unit_id, java in counterparts.items()}
    return _checked(file, table.model_copy(update={"unit": own, "survivor": []}))


def _checked(file: Path, table: MapTable) -> list[Unit]:
    problems = list(_wrong_explanations(table))
    ports = _ports(table, problems)
    defaults = Defaults(table.defaults, problems)
    units = []
    for unit_id, entry in table.unit.items():
        found = list(_wrong_with(unit_id, entry, table))
        problems += [Problem(f'unit."{unit_id}"{p.where}', p.why, p.hint) for p in found]
        if not found:
            unit = _unit(unit_id, entry, table, defaults, file, ports)
            problems += [Problem(f'unit."{unit_id}"{p.where}', p.why, p.hint) for p in _odd(unit)]
            units.append(unit)
    for name in sorted({*table.wont_port} & {*table.unit}):
        why = "the unit has a counterpart, and is not to be ported"
        problems.append(Problem(f'wont_port."{name}"', why, "keep one of the two tables"))
    if problems:
        raise ConfigError(str(file), problems, kind="map")
    return units


def explanations_in(file: Path, data: bytes) -> list[Explanation]:
    """What a map file that is sound says of survivors."""
    return [
        Explanation(
            owner=one.class_,
            mutation=one.mutation,
            reason=one.reason,
            source=one.source.strip() if one.source is not None else None,
            method=one.method,
            units=tuple(one.units),
            at_most=one.at_most,
        )
        for one in _table(file, data).survivor
    ]


def wont_port_in(file: Path, data: bytes) -> list[WontPort]:
    """What a map file that is sound leaves behind."""
    table = _table(file, data)
    return [WontPort(name, **one.model_dump()) for name, one in sorted(table.wont_port.items())]


def _table(file: Path, data: bytes) -> MapTable:
    document = read_toml(file, data)
    try:
        return MapTable.model_validate(document)
    except ValidationError as error:
        raise ConfigError(str(file), problems_of(error, MapTable), kind="map") from None


def _wrong_explanations(table: MapTable) -> Iterable[Problem]:
    for number, one in enumerate(table.survivor, 1):
        if one.source is None and one.method is None:
            why = "says neither the line nor the method that the mutant changes"
            yield Problem(f"survivor {number}", why, 'add source = "the line as it stands"')
        for unit_id in one.units:
            if unit_id not in table.unit:
                hint = did_you_mean(unit_id, sorted(table.unit)) or "units of this file count"
                yield Problem(f"survivor {number}.units", f"`{unit_id}` is no unit of it", hint)


class Defaults:
    """`[defaults]`: terms for all units, and terms for those whose id has a prefix."""

    def __init__(self, table: Mapping[str, Any], problems: list[Problem]) -> None:
        known = set(TermsTable.model_fields)
        own = {key: value for key, value in table.items() if key in known}
        self._all = self._terms("defaults", own, problems)
        self._prefixes: dict[str, dict[str, Any]] = {}
        for key, value in table.items():
            if key in known:
                continue
            if not isinstance(value, dict):
                hint = did_you_mean(key, sorted(known)) or f"known: {', '.join(sorted(known))}"
                problems.append(Problem(f"defaults.{key}", "unknown key", hint))
                continue
            self._prefixes[key] = self._terms(f'defaults."{key}"', value, problems)

    def of(self, unit_id: str) -> dict[str, Any]:
        """The terms that hold for a unit before its own; the longest prefix wins."""
        fitting = [prefix for prefix in self._prefixes if _has_prefix(unit_id, prefix)]
        return self._all | self._prefixes[max(fitting, key=len)] if fitting else dict(self._all)

    def _terms(
        self, where: str, table: Mapping[str, Any], problems: list[Problem]
    ) -> dict[str, Any]:
        try:
            return written_terms(TermsTable.model_validate(table))
        except ValidationError as error:
            for problem in problems_of(error, TermsTable):
                problems.append(Problem(f"{where}.{problem.where}", problem.why, problem.hint))
            return {}


def _has_prefix(unit_id: str, prefix: str) -> bool:
    return unit_id == prefix or (unit_id.startswith(prefix) and unit_id[len(prefix)] in ".:")


def written_terms(table: TermsTable) -> dict[str, Any]:
    """The terms that are written in a table, as the noun holds them."""
    known = {field.name for field in fields(Terms)}
    written = {name: getattr(table, name) for name in table.model_fields_set if name in known}
    for name in ("unordered", "order"):
        if name in written:
            written[name] = tuple(written[name])
    if "compare" in written:
        written["compare"] = frozenset(written["compare"])
    return written


def _wrong_with(unit_id: str, entry: UnitTable, table: MapTable) -> Iterable[Problem]:
    reference = ":" in unit_id
    if reference and not REFERENCE.match(unit_id):
        yield Problem("", "is no module:qualname", 'for example [unit."shop.prices:total"]')
    python = [name for name in ("python", "python_body") if getattr(entry, name) is not None]
    java = [
        name
        for name in ("java", "java_expression", "java_body")
        if getattr(entry, name) is not None
    ]
    if reference and python:
        yield Problem(f".{python[0]}", "a unit named module:qualname is that callable", "drop it")
    if not reference and len(python) != 1:
        why = "a free name needs its python side as `python` or `python_body`, one of them"
        yield Problem("", why, "or name the unit module:qualname")
    if len(java) != 1:
        why = f"gives {' and '.join(java)}: keep one" if java else "has no counterpart"
        yield Problem("", why, "" if java else 'add java = "com.example.Class#method"')
    if entry.parameters is None and (entry.java_expression or entry.java_body or python):
        why = "expressions need their parameters"
        yield Problem("", why, 'for example parameters = { a = "long", b = "String" }')
    for name in entry.parameters or {}:
        if not name.isidentifier():
            yield Problem(f".parameters.{name}", "is no name of a parameter")


def _odd(unit: Unit) -> Iterable[Problem]:
    """Terms of a unit, with those that it has from `[defaults]`, that contradict one another."""
    if unit.terms.domain is not None and unit.terms.judge == "recorded":
        why = 'is evaluated by python, which judge = "recorded" never imports'
        yield Problem(".domain", why, "drop `domain`, or let python judge")


def _ports(table: MapTable, problems: list[Problem]) -> tuple[Port, ...]:
    """The ports of the file, sorted by their names; texts tell them apart by other names."""
    ports: list[Port] = []
    for name, entry in sorted(table.port.items()):
        where = f'port."{name}"'
        wrong = _wrong_port(name, entry)
        if wrong is not None:
            problems.append(Problem(where, *wrong))
            continue
        port = Port(name, **entry.model_dump(exclude_none=True))
        for other in ports:
            for side in ("python", "java"):
                called = getattr(port, f"{side}_name")
                if called == getattr(other, f"{side}_name"):
                    why = f"in {side} texts it is `{called}`, as `{other.id}` is"
                    problems.append(Problem(where, why, "give one of the two another name"))
        ports.append(port)
    return tuple(ports)


def _wrong_port(name: str, entry: PortTable) -> tuple[str, str] | None:
    """What is wrong with a port by itself: why, and what to do."""
    if name in OUTSIDE:
        if entry.java is not None or entry.methods or entry.names != "exact":
            return "is what libraries ask of the world: no class stands for it", "keep `order` only"
        return None
    if not REFERENCE.match(name):
        known = ", ".join(f"[port.{one}]" for one in OUTSIDE)
        return "is no module:Class", f'for example [port."shop.hosts:HostClient"], or {known}'
    if entry.java is None:
        return "has no Java type", 'add java = "com.example.HostClient"'
    return None


def _unit(
    unit_id: str,
    entry: UnitTable,
    table: MapTable,
    defaults: Defaults,
    file: Path,
    ports: tuple[Port, ...],
) -> Unit:
    python_receiver, java_receiver = _receivers(unit_id, entry, table.receiver)
    return Unit(
        id=unit_id,
        map_file=str(file),
        java=entry.java,
        java_expression=entry.java_expression,
        java_body=entry.java_body,
        java_imports=tuple(entry.java_imports),
        java_package=entry.java_package,
        java_classpath=tuple(entry.java_classpath),
        java_receiver=java_receiver,
        python=entry.python,
        python_body=entry.python_body,
        python_imports=tuple(entry.python_imports),
        python_path=tuple(entry.python_path),
        python_receiver=python_receiver,
        parameters=dict(entry.parameters or {}),
        methods=entry.methods,
        owner=entry.owner,
        was=tuple(entry.was),
        terms=Terms(**(defaults.of(unit_id) | written_terms(entry))),
        allowances=tuple(Allowance(**allow.model_dump()) for allow in entry.allow),
        ports=ports,
    )


def _receivers(
    unit_id: str, entry: UnitTable, named: Mapping[str, ReceiverTable]
) -> tuple[str | None, str | None]:
    """The set-up of both sides: the unit's own Java text, a named one, or its class's."""
    if entry.receiver is not None and entry.receiver in named:
        return named[entry.receiver].python, named[entry.receiver].java
    shared = named.get(unit_id) or named.get(unit_id.rpartition(".")[0])
    python = shared.python if shared is not None else None
    return python, entry.receiver or (shared.java if shared is not None else None)
