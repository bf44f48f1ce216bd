"""Runs a program with the mapped units watched, and turns what was seen into fixtures."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.errors import ParityError
from parity.fixtures import append_fixtures, forget_fixtures, keep_fixtures, read_fixtures
from parity.model import Fixture, Recorded, RecordedUnit, Unit
from parity.record.boundaries import marks_of
from parity.record.choose import READABLE, Call, Ways, choose
from parity.record.spool import GIVEN, Seen, Spooled, given_by, read_spool, text_of
from parity.sides.python.side import FORM, python_unit, python_worker
from parity.sides.worker import Worker
from parity.values.form import Form, dumps

try:
    import fcntl
except ImportError:  # not on this system
    fcntl = None  # type: ignore[assignment]

HOOK = Path(__file__).with_name("hook")
MOST_DISTINCT = 5_000
LARGEST_BYTES = 262_144
COVER_SECONDS = 10.0
LINGER_SECONDS = 5.0
AT_ONCE = 250
UNCHANGED = 1_000
RECORDED = "r_"
DIGITS = 8


def record(
    config: Config, units: Sequence[Unit], command: Sequence[str], *, most: int, anew: bool
) -> Recorded:
    """Runs `command` and adds fixtures of the units; up to `most` of each, more for new branches.

    `anew` forgets the fixtures that were recorded before. Raises ParityError where the command
    cannot be started; nothing is changed then.
    """
    config.private.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="recording-", dir=config.private))
    try:
        started = time.monotonic()
        status = _run(command, _environment(folder, units))
        seconds = time.monotonic() - started
        _let_end(folder)
        spooled = read_spool(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    recorded = _keep(config, units, spooled, most=most, anew=anew)
    return Recorded(
        tuple(recorded), status, seconds, spooled.processes, spooled.seconds, spooled.spent
    )


def _environment(folder: Path, units: Sequence[Unit]) -> dict[str, str]:
    plan = folder / "plan.json"
    document = {
        "form": str(FORM),
        "spool": str(folder),
        "most_distinct": MOST_DISTINCT,
        "largest_bytes": LARGEST_BYTES,
        "units": [
            {
                "id": unit.id,
                "python": unit.reference,
                "receiver": unit.python_receiver is not None,
            }
            for unit in units
            if unit.reference
        ],
        "ports": sorted({port.id for unit in units for port in unit.ports}),
    }
    plan.write_text(json.dumps(document), "utf-8")
    path = [str(HOOK), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PARITY_RECORD": str(plan), "PYTHONPATH": os.pathsep.join(path)}


def _run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """The exit status of the command, which gets the terminal; minus the signal that ended it."""
    try:
        process = subprocess.Popen(list(command), env=dict(env))
    except OSError as error:
        raise ParityError(
            f"`{command[0]}` cannot be started",
            where=None,
            why=error.strerror or str(error),
            next_step="write the command as you would type it: parity record -- python app.py",
        ) from None
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the terminal has told the program too
            process.send_signal(signal.SIGINT)


def _let_end(folder: Path) -> None:
    """Gives processes that have outlived the command a while to end and to write their last."""
    deadline = time.monotonic() + LINGER_SECONDS
    while time.monotonic() < deadline and any(map(_is_in_use, folder.glob("*.jsonl"))):
        time.sleep(0.05)


def _is_in_use(file: Path) -> bool:
    """Whether the process that writes a file lives: it holds a lock on it."""
    if fcntl is None:
        return False
    with file.open("ab") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


# ---------------------------------------------------------------- fixtures


def _keep(
    config: Config, units: Sequence[Unit], spooled: Spooled, *, most: int, anew: bool
) -> list[RecordedUnit]:
    if anew:
        for unit in units:
            if unit.id in spooled.units and spooled.units[unit.id].fixtures:
                _forget_recorded(config, unit)
    judged = [unit for unit in units if unit.terms.judge == "python" and unit.reference]
    workers: dict[str, Worker] = {}
    with ExitStack() as closing:
        for path in dict.fromkeys(unit.python_path for unit in judged):
            worker = python_worker(config, hash_seed=0, path=path)
            closing.callback(worker.close)
            some = [python_unit(unit) for unit in judged if unit.python_path == path]
            loaded = worker.load(some)
            workers |= {unit_id: worker for unit_id, one in loaded.items() if isinstance(one, dict)}
        return [_keep_unit(config, unit, spooled, workers.get(unit.id), most) for unit in units]


def _forget_recorded(config: Config, unit: Unit) -> None:
    """Leaves out what a recording has kept; what was written or saved otherwise stays."""
    known = read_fixtures(config.fixtures, unit)
    others = [one.id for one in known if not _is_recorded(one)]
    if others:
        keep_fixtures(config.fixtures, unit, others)
    else:
        forget_fixtures(config.fixtures, unit)


def _is_recorded(fixture: Fixture) -> bool:
    """Whether a recording has named it: by what it gives."""
    name = fixture.id.removeprefix(RECORDED)
    whole = _digest(text_of(_given(fixture)))
    return name != fixture.id and len(name) >= DIGITS and whole.startswith(name)


def _keep_unit(
    config: Config, unit: Unit, spooled: Spooled, worker: Worker | None, most: int
) -> RecordedUnit:
    known = read_fixtures(config.fixtures, unit)
    seen = spooled.units.get(unit.id, Seen())
    texts = {text_of(_given(fixture)) for fixture in known}
    fresh = {text: line for text, line in seen.fixtures.items() if text not in texts}
    added: list[str] = []
    if fresh:
        calls = _calls(worker, unit, known, fresh)
        candidates = dict(zip(fresh, calls[len(known) :], strict=True))
        added = choose(calls[: len(known)], candidates, most)
        ids = {fixture.id for fixture in known}
        append_fixtures(config.fixtures, unit, [_line(fresh[text], text, ids) for text in added])
    return RecordedUnit(
        unit,
        calls=seen.calls,
        distinct=len(seen.fixtures),
        added=len(added),
        fixtures=len(known) + len(added),
        formless=dict(sorted(seen.formless.items())),
        contradicting=len(seen.contradicting),
        trouble=_trouble(unit, seen),
    )


def _trouble(unit: Unit, seen: Seen) -> str | None:
    if unit.reference is None:
        return "it is an expression, which no program calls"
    return next(iter(sorted(seen.troubles)), None)


def _calls(
    worker: Worker | None,
    unit: Unit,
    known: Sequence[Fixture],
    fresh: Mapping[str, Mapping[str, Any]],
) -> list[Call]:
    """What speaks for each fixture that is known and for each that could be added.

    Nobody keeps an input that is too large to be read for the boundary that it lies at: those
    are looked for among the others.
    """
    given = [*map(_given, known), *map(given_by, fresh.values())]
    ways = _ways(worker, unit, given, len(known))
    seen = [*(one.observed for one in known), *(one.get("observed") for one in fresh.values())]
    small = [*(True for _ in known), *(len(text) <= READABLE for text in fresh)]
    chosen = [index for index, one in enumerate(small) if one]
    marks = marks_of(
        [given[index] for index in chosen],
        [ways.get(index) for index in chosen],
        [_ended(seen[index]) for index in chosen],
    )
    marked = dict(zip(chosen, marks, strict=True))
    return [
        Call(ways.get(index, frozenset()), marked.get(index, frozenset()))
        for index in range(len(given))
    ]


def _ended(observed: Mapping[str, Any] | None) -> list[str]:
    """How a call ended, told coarsely: which error, which kind of result, none or an empty one."""
    if not observed:
        return []
    if "raised" in observed:
        return [f"raised {dumps(observed['raised'].get('class'))}"]
    returned = observed.get("returned")
    plain = isinstance(returned, bool) or not returned
    return [f"returned {dumps(returned) if plain else type(returned).__name__}"]


def _ways(
    worker: Worker | None, unit: Unit, fixtures: Sequence[Mapping[str, Form]], known: int
) -> dict[int, Ways]:
    """The ways through the python side by the number of the fixture, of those that were run.

    The first `known` are, and of the others so many, as if by lot, until `UNCHANGED` in a row have
    gone no new way. None where the unit cannot be run here.
    """
    if worker is None:
        return {}
    lines = [dumps({"args": [], "kwargs": {}} | dict(fixture)) for fixture in fixtures]
    drawn = sorted(range(known, len(lines)), key=lambda index: _digest(lines[index]))
    order, ways = [*range(known), *drawn], dict[int, Ways]()
    gone, unchanged = set[tuple[str, int, int]](), 0
    for start in range(0, len(order), AT_ONCE):
        if start >= known and unchanged >= UNCHANGED:
            break
        numbers = order[start : start + AT_ONCE]
        told = worker.ways(unit.id, [lines[index] for index in numbers], COVER_SECONDS)
        for index, steps in zip(numbers, told, strict=True):
            ways[index] = frozenset((file, one, other) for file, one, other in steps)
            unchanged = unchanged + 1 if ways[index] <= gone else 0
            gone |= ways[index]
    return ways


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _given(fixture: Fixture) -> dict[str, Form]:
    given: dict[str, Form] = {"args": fixture.args, "kwargs": dict(fixture.kwargs)}
    given |= {"self": fixture.self_state} if fixture.has_self else {}
    return given | ({"world": dict(fixture.world)} if fixture.world else {})


def _line(line: Mapping[str, Form], text: str, taken: set[str]) -> dict[str, Form]:
    """A fixture's line, named by what it gives: the same input has the same name everywhere."""
    digest = _digest(text)
    lengths = range(DIGITS, len(digest) + 1)
    name = next(one for n in lengths if (one := RECORDED + digest[:n]) not in taken)
    taken.add(name)
    return {"id": name, **{key: line[key] for key in GIVEN if key in line}} | (
        {"observed": line["observed"]} if "observed" in line else {}
    )
