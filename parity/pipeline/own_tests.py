"""`parity report --native`: findings as tests of each side's own kind. Nothing is run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from parity.config import Config
from parity.counterparts import ABSTRACT, PUBLIC, STATIC, JavaMethod
from parity.fixtures import FixtureRows, fixture_file
from parity.mapping.references import class_of, method_of, types_of
from parity.model import Unit
from parity.pipeline.mapped import mapped_units
from parity.pipeline.sources import JavaClasses
from parity.report.own_tests import (
    Given,
    JavaCall,
    PythonCall,
    Tests,
    Unwritable,
    write_junit_test,
    write_pytest,
)
from parity.sides.java.classfiles import full_types, parameter_types, same_types

CONFTEST: Final = """\
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.joinpath(one).resolve()) for one in {places!r}]
"""


def write_own_tests(config: Config, report: Mapping[str, Any], folder: Path) -> Tests:
    """Writes `python/` and `java/` below a folder: a file for each unit with findings.

    Raises OSError, and ParityError where the map is none.
    """
    units = {one.id: one for one in mapped_units(config, build=False, may_be_empty=True)}
    java, tests = JavaClasses(config), Tests()
    for told in report["units"]:
        unit = units.get(told["id"])
        if not told["findings"]:
            continue
        if unit is None:
            tests.left_out.append(f"{told['id']}: the map has it no more")
            continue
        given = _given(config, unit, told)
        try:
            write_pytest(unit.id, _python_call(unit), given, folder / "python", tests)
        except Unwritable as why:
            tests.left_out.append(f"pytest: {unit.id}: {why}")
        try:
            count = len(given[0].args) + len(given[0].kwargs)
            call = _java_call(java, unit, count)
            write_junit_test(unit.id, call, given, folder / "java", tests)
        except Unwritable as why:
            tests.left_out.append(f"JUnit: {unit.id}: {why}")
    if any(one.suffix == ".py" for one in tests.files):
        here = (folder / "python").resolve()
        places = [os.path.relpath(config.root / one, here) for one in config.table.sources]
        (here / "conftest.py").write_text(CONFTEST.format(places=places), "utf-8")
    return tests


def _given(config: Config, unit: Unit, told: Mapping[str, Any]) -> list[Given]:
    """The findings with their inputs."""
    wanted = {one["fixture"] for one in told["findings"]}
    file = fixture_file(config.fixtures, unit)
    rows = FixtureRows(file, unit).all() if file is not None else ()
    fixtures = {row.id: row.fixture() for row in rows if row.id in wanted}
    found = []
    for one in told["findings"]:
        fixture = fixtures.get(one["fixture"])
        if one["verdict"] == "allowed":
            continue
        if "fixture_args" in one and not one.get("fixture_more"):
            found.append(Given(one, one["fixture_args"] or ()))
        elif fixture is None:
            found.append(Given(one, (), why="its fixture is gone"))
        elif fixture.has_self or fixture.steps is not None or fixture.world:
            why = "its fixture has a receiver, steps or a world"
            found.append(Given(one, fixture.args, fixture.kwargs, why))
        else:
            found.append(Given(one, fixture.args, fixture.kwargs))
    return found or [Given({"fixture": "-", "verdict": "allowed"}, (), why="all is allowed")]


def _python_call(unit: Unit) -> PythonCall:
    reference = unit.reference
    if reference is None:
        raise Unwritable("its python side is an expression of the map")
    module, _, name = reference.partition(":")
    if "." in name:
        raise Unwritable("it is a method, and of its receiver nothing is written")
    return PythonCall(module, name)


def _java_call(java: JavaClasses, unit: Unit, count: int) -> JavaCall:
    """How the counterpart is called. Raises Unwritable where that is more than a plain call."""
    if unit.java is None or unit.java_receiver is not None:
        raise Unwritable("its counterpart is an expression of the map, or has a receiver there")
    owner, name = java.index.of(class_of(unit.java)), method_of(unit.java)
    if owner is None or name is None:
        raise Unwritable(
            "its counterpart is a whole class"
            if owner is not None
            else "its class is not compiled here"
        )
    named = [one for one in owner.methods if one.name == name and _fits(one, unit.java, count)]
    if len(named) != 1:
        raise Unwritable(f"{len(named)} methods {name} take {count} arguments: say its types")
    (method,) = named
    is_static = bool(method.flags & STATIC)
    if not is_static and (owner.flags & ABSTRACT or "()V" not in owner.constructors):
        raise Unwritable("there is no constructor without arguments")
    if not owner.flags & PUBLIC and "$" in owner.name:
        raise Unwritable("its class cannot be named from outside")
    return JavaCall(owner.name, name, is_static, tuple(full_types(method)))


def _fits(method: JavaMethod, java: str, count: int) -> bool:
    types = types_of(java)
    return len(parameter_types(method)) == count if types is None else same_types(method, types)
