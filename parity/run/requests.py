"""What the workers are sent for each fixture: read fast where it is plain, else closely."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from parity.fixtures.lines import PlainRows, Row, positional_args
from parity.model import Fixture, Observation, Refused
from parity.run.binding import HANDLERS, JavaCall, Unbindable, java_line
from parity.run.sides import LoadedUnit
from parity.sides.python.side import python_line
from parity.values.form import dumps


@dataclass(frozen=True, slots=True)
class Lines:
    """What the workers are sent of some fixtures: python's line and java's, or why it has none.

    Where both are sent the same, `java` is the very list that `python` is. `may_be_packed` says
    that the rows are nothing but arguments: then results may be told packed.
    """

    rows: Sequence[Row]
    python: list[str]
    java: Sequence[str | Observation]
    may_be_packed: bool = False

    def chosen(self, indices: Sequence[int]) -> Lines:
        """Those of some of the fixtures."""
        python = [self.python[index] for index in indices]
        same = self.java is self.python
        java = python if same else [self.java[index] for index in indices]
        return Lines([self.rows[index] for index in indices], python, java, self.may_be_packed)


@dataclass(frozen=True, slots=True)
class Requests:
    """Makes the lines for one unit."""

    loaded: LoadedUnit
    plain_call: int | None
    plain_event: bool
    plain_names: tuple[str, ...] | None

    @classmethod
    def of(cls, loaded: LoadedUnit) -> Requests:
        """Knows beforehand whether plain arguments go to java as they stand."""
        event = _takes_one_event(loaded)
        plain_call = None if event else _positional(loaded)
        return cls(loaded, plain_call, event, None if event else _event_names(loaded))

    def lines(self, rows: Sequence[Row]) -> Lines:
        """The lines of fixtures."""
        count = self.plain_call
        args = positional_args(rows, count) if count is not None else None
        if args is not None:
            shared = [f'{{"args":{one}}}' for one in args]
            return Lines(rows, shared, shared, isinstance(rows, PlainRows))
        both = [self._line(row) for row in rows]
        bare = all(row.is_bare for row in rows)
        return Lines(rows, [python for python, _ in both], [java for _, java in both], bare)

    def _line(self, row: Row) -> tuple[str, str | Observation]:
        if row.args is not None:
            line = f'{{"args":{row.args}}}'
            if row.positional == self.plain_call:
                return line, line
            if self.plain_event and row.positional == 1:
                (event,) = json.loads(row.args)
                return line, f'{{"event":{dumps(dumps(event))}}}'
        elif row.kwargs is not None and row.names == self.plain_names:
            python = f'{{"args":[],"kwargs":{row.kwargs}}}'
            return python, f'{{"event":{dumps(row.kwargs)}}}'
        fixture = row.fixture()
        call = java_call(self.loaded, fixture)
        java = call.line if isinstance(call, JavaCall) else Observation(call)
        return python_line(fixture), java


def java_call(loaded: LoadedUnit, fixture: Fixture) -> JavaCall | Refused:
    """What java is given of a fixture, or why it cannot be given it."""
    if loaded.java["kind"] == "class" and fixture.steps is None:
        why = f"`{loaded.unit.java}` is a class: name its method with #, or give steps"
        return Refused(None, None, why)
    try:
        return java_line(loaded.unit, fixture, loaded.java, loaded.parameters, loaded.methods)
    except Unbindable as error:
        return Refused(None, None, str(error))


def _positional(loaded: LoadedUnit) -> int | None:
    """How many arguments go from python to java one to one; None where it takes a closer look."""
    parameters, java = loaded.parameters, loaded.java
    if parameters is None or java["kind"] not in ("method", "expression"):
        return None
    if loaded.unit.terms.order or any("positional" not in one.kind for one in parameters):
        return None
    if any(one.supplied for one in parameters):
        return None
    names = [one.name for one in parameters]
    same = java["kind"] == "method" or names == [one["name"] for one in java["parameters"]]
    return len(names) if same and len(names) == len(java["parameters"]) else None


def _event_names(loaded: LoadedUnit) -> tuple[str, ...] | None:
    """Names of the arguments of which the event of a Lambda handler is made, where it is of all."""
    if loaded.java["kind"] not in HANDLERS or loaded.parameters is None:
        return None
    if loaded.unit.terms.event is not None:
        return None
    plain = all(one.kind in ("positional", "keyword") for one in loaded.parameters)
    names = tuple(one.name for one in loaded.parameters)
    supplied = any(one.supplied or one.name == "context" for one in loaded.parameters)
    return names if plain and not supplied and names != ("event",) else None


def _takes_one_event(loaded: LoadedUnit) -> bool:
    """Whether the one argument of python is the event of a Lambda handler."""
    if loaded.java["kind"] not in HANDLERS or loaded.parameters is None:
        return False
    names = [one.name for one in loaded.parameters if not one.supplied]
    if any(one.port is not None for one in loaded.parameters):
        return False
    return names == ["event"] and loaded.unit.terms.event in (None, "event")
