"""What the workers are sent for each fixture: read fast where it is plain, else closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from parity.fixtures import Row
from parity.model import Fixture, Observation, Refused
from parity.run.binding import HANDLERS, JavaCall, Unbindable, java_line
from parity.run.sides import LoadedUnit
from parity.sides.python.side import python_line
from parity.values.form import dumps


class Request(NamedTuple):
    """A fixture on its way: its row, python's line, and java's line or why it has none."""

    row: Row
    python: str
    java: str | Observation


@dataclass(frozen=True, slots=True)
class Requests:
    """Makes the lines for one unit."""

    loaded: LoadedUnit
    plain_call: int | None
    plain_event: bool

    @classmethod
    def of(cls, loaded: LoadedUnit) -> Requests:
        """Knows beforehand whether plain arguments go to java as they stand."""
        event = _takes_one_event(loaded)
        return cls(loaded, None if event else _positional(loaded), event)

    def request(self, row: Row) -> Request:
        """The lines of a fixture."""
        if row.args is not None:
            if row.positional == self.plain_call:
                line = f'{{"args":{row.args}}}'
                return Request(row, line, line)
            if self.plain_event and row.positional == 1:
                return Request(
                    row, f'{{"args":{row.args}}}', f'{{"event":{dumps(row.args[1:-1])}}}'
                )
        fixture = row.fixture()
        call = java_call(self.loaded, fixture)
        java = call.line if isinstance(call, JavaCall) else Observation(call)
        return Request(row, python_line(fixture), java)


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


def _takes_one_event(loaded: LoadedUnit) -> bool:
    """Whether the one argument of python is the event of a Lambda handler."""
    if loaded.java["kind"] not in HANDLERS or loaded.parameters is None:
        return False
    names = [one.name for one in loaded.parameters if not one.supplied]
    return names == ["event"] and loaded.unit.terms.event in (None, "event")
