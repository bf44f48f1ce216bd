"""Runs what is to be kept once more: of masked inputs, what python does on them is observed here.

An input that python does not do the same on again is no fixture: what it does hangs on more than
what it was given. Where it hangs on the clock, that is fixed; to see that, python runs at another
time as well: a number of days is the same all day. Where it hangs on what other inputs have left
behind, each runs by itself.
"""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from parity.model import Formless, Observation, Raised, Refused, Returned, Stepped, Unit
from parity.record.spool import GIVEN, Spoken
from parity.sides.worker import Batch, Worker, observed
from parity.values.form import Form, dumps

Agrees = Callable[[Unit, Mapping[str, Any], Observation], bool]
"""Whether python does what was recorded of it."""

ELSEWHERE: Final = datetime.timedelta(days=401, hours=7, minutes=13, seconds=11)
"""Another time: of another year, month, day, day of the week, hour, minute and second."""
ELSEWHERE_SECONDS: Final = 10.0
OTHERWISE = "it does something else when it is run again: it depends on more than its input"
ASKS_OTHERWISE = "masked, it asks its ports for something else"
NOT_RUN = "masked, and python cannot be run here to see what it does then (docs/recording.md)"


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines that may be kept, by the text that they were spoken of with; the others by reason.

    They hold where each is run `apart`: not all do where others have run before.
    """

    lines: dict[str, dict[str, Form]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Python:
    """Python, which runs inputs of a unit once more."""

    worker: Worker
    unit: Unit
    folder: Path
    agrees: Agrees
    apart: bool = False
    """Whether each input is run from the state after loading."""

    def observe(
        self, fixtures: Sequence[Mapping[str, Form]], name: str, until: float | None = None
    ) -> list[Observation]:
        """What it does on fixtures; on the first of them where that takes longer than `until`."""
        if not fixtures:
            return []
        requests = self.folder / f"{name}.lines"
        lines = [dumps({"args": [], "kwargs": {}} | _request(fixture)) for fixture in fixtures]
        requests.write_text("".join(f"{line}\n" for line in lines), "ascii")
        out, seconds = self.folder / name, self.unit.terms.timeout
        batch = Batch(
            self.unit.id, requests, len(lines), out, seconds, until=until, apart=self.apart
        )
        answers = self.worker.observe(batch)
        for file in self.folder.glob(f"{name}.*"):
            file.unlink()
        return [observed(answer) for answer in answers]

    def holds(self, fixture: Mapping[str, Form], seen: Observation) -> bool:
        """Whether it has done again what was recorded; true where that cannot be told."""
        calls = (fixture.get("world") or {}).get("ports") or []
        if calls and isinstance(seen.outcome, Returned | Raised):
            made = [(one.entry, one.args) for one in seen.effects]
            told = [dumps(call.get("args")) for call in calls]
            if any(entry is None or told[entry] != dumps(args) for entry, args in made):
                return False
        if "observed" not in fixture or not isinstance(seen.outcome, Returned | Raised):
            return True
        return self.agrees(self.unit, fixture["observed"], seen)


def settled(
    worker: Worker | None,
    unit: Unit,
    spoken: Mapping[str, Spoken],
    folder: Path,
    agrees: Agrees,
    apart: bool = False,
) -> Settled:
    """What of these inputs may be kept, with what python does on them."""
    made = Settled(apart=apart)
    if worker is None:
        for text, one in spoken.items():
            if one.masked and not one.settled and unit.terms.judge == "recorded":
                made.lost[NOT_RUN] += 1
            else:
                made.lines[text] = _without_observed(one) if one.masked else one.fixture
        return made
    python = _Python(worker, unit, folder, agrees, apart)
    seen = python.observe([one.fixture for one in spoken.values()], "first")
    alone = _apart(python, list(spoken.values()), seen)
    if alone is not None:
        python, seen, made = replace(python, apart=True), alone, Settled(apart=True)
    late: list[str] = []
    for (text, one), told in zip(spoken.items(), seen, strict=True):
        useless = _useless(told)
        if useless is not None:
            made.lost[useless] += 1
        elif one.masked:
            line = _observed_again(one.fixture, told)
            if line is None:
                made.lost[ASKS_OTHERWISE] += 1
            else:
                made.lines[text] = line
        elif python.holds(one.fixture, told):
            made.lines[text] = one.fixture
        else:
            late.append(text)
    late += _moving(python, spoken, made)
    _settle_clocks(python, {text: spoken[text] for text in late}, made)
    return made


def _apart(
    python: _Python, spoken: Sequence[Spoken], seen: Sequence[Observation]
) -> list[Observation] | None:
    """What python does on each input by itself, where one of them holds only so: others have left
    something behind."""
    if python.apart or python.unit.terms.isolate == "fixture":
        return None
    lines = [_without_observed(one) if one.masked else one.fixture for one in spoken]
    held = [python.holds(line, told) for line, told in zip(lines, seen, strict=True)]
    if all(held):
        return None
    told = replace(python, apart=True).observe(lines, "apart")
    pairs = zip(lines, held, told, strict=True)
    return (
        told if any(not before and python.holds(line, now) for line, before, now in pairs) else None
    )


def _moving(python: _Python, spoken: Mapping[str, Spoken], made: Settled) -> list[str]:
    """Takes back those on which python does something else at another time."""
    texts = [
        text
        for text, line in made.lines.items()
        if "observed" in line and "clock" not in (line.get("world") or {})
    ]
    moved = [_at(made.lines[text], _when(spoken[text]), ELSEWHERE) for text in texts]
    until = time.monotonic() + ELSEWHERE_SECONDS
    seen = python.observe(moved, "elsewhere", until)
    moving = [
        text
        for text, told in zip(texts, seen, strict=False)
        if not python.holds(made.lines[text], told)
    ]
    for text in moving:
        del made.lines[text]
    return moving


def _useless(python: Observation) -> str | None:
    """Why no run could ever tell anything of an input, or None where one may."""
    outcome = python.outcome
    if isinstance(outcome, Stepped):
        return next(filter(None, map(_useless, outcome.steps)), None)
    if isinstance(outcome, Refused):
        return f"python cannot be given it again: {outcome.why}"
    if isinstance(outcome, Formless):
        return f"what python gives cannot be compared: {outcome.why} ({outcome.type})"
    return None


def _settle_clocks(python: _Python, spoken: Mapping[str, Spoken], made: Settled) -> None:
    """Keeps those that do the same once the clock says what it said when they were recorded."""
    lines = {text: _at(one.fixture, _when(one)) for text, one in spoken.items()}
    seen = python.observe(list(lines.values()), "clock")
    for (text, line), told in zip(lines.items(), seen, strict=True):
        if spoken[text].masked:
            kept = _observed_again(line, told)
        else:
            kept = line if python.holds(line, told) else None
        if kept is not None:
            made.lines[text] = kept
        else:
            made.lost[OTHERWISE] += 1


def _when(one: Spoken) -> float:
    """When a call was made; an event of a log does not say."""
    return one.at or time.time()


def _at(
    fixture: Mapping[str, Form], at: float, later: datetime.timedelta = datetime.timedelta()
) -> dict[str, Form]:
    """The fixture with the clock at a time, or so much later."""
    moment = datetime.datetime.fromtimestamp(at, datetime.UTC).replace(tzinfo=None) + later
    world = {"clock": moment.isoformat() + "Z"} | dict(fixture.get("world") or {})
    return {**fixture, "world": world}


def _request(fixture: Mapping[str, Form]) -> dict[str, Form]:
    given = {name: fixture[name] for name in GIVEN if name in fixture}
    return given | ({"by_name": True} if "ports" in fixture.get("world", {}) else {})


def _without_observed(one: Spoken) -> dict[str, Form]:
    if one.settled:
        return one.fixture
    return {name: value for name, value in one.fixture.items() if name != "observed"}


def _observed_again(fixture: Mapping[str, Form], python: Observation) -> dict[str, Form] | None:
    """The line of a masked input with what python does on it; None where its ports are asked
    for what was not recorded."""
    line = {name: value for name, value in fixture.items() if name != "observed"}
    outcome = python.outcome
    if not isinstance(outcome, Returned | Raised):
        return line
    calls = (fixture.get("world") or {}).get("ports")
    if calls is not None:
        made = {one.entry: one.args for one in python.effects}
        if None in made:
            return None
        entries = sorted(entry for entry in made if entry is not None)
        asked = [dict(calls[entry], args=made[entry]) for entry in entries]
        line["world"] = {**line["world"], "ports": asked}
    told: dict[str, Form] = {}
    if isinstance(outcome, Returned):
        told["returned"] = outcome.value
    else:
        told["raised"] = {"class": outcome.kind, "message": outcome.message}
    told |= {"args": python.args} if python.args is not None else {}
    told |= {"kwargs": python.kwargs} if python.kwargs is not None else {}
    told |= {"self": python.self_state} if python.self_changed else {}
    return line | {"observed": told}
