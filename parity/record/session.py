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
from pathlib import Path

from parity.config import Config
from parity.errors import ParityError
from parity.fixtures import append_fixtures, forget_fixtures, read_fixtures
from parity.model import Fixture, Recorded, RecordedUnit, Unit
from parity.record.choose import Ways, choose
from parity.record.spool import Seen, Spooled, read_spool, text_of
from parity.sides.python.side import FORM, python_unit, python_worker
from parity.sides.worker import Worker
from parity.values.form import Form, dumps

HOOK = Path(__file__).with_name("hook")
MOST_DISTINCT = 5_000
LARGEST_BYTES = 262_144
COVER_SECONDS = 10.0


def record(
    config: Config, units: Sequence[Unit], command: Sequence[str], *, most: int, anew: bool
) -> Recorded:
    """Runs `command` and adds fixtures of the units; up to `most` of each, more for new branches.

    `anew` forgets the fixtures that the units had. Raises ParityError where the command cannot be
    started; nothing is changed then.
    """
    config.private.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="recording-", dir=config.private))
    try:
        started = time.monotonic()
        status = _run(command, _environment(folder, units))
        seconds = time.monotonic() - started
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
        "units": [{"id": unit.id, "python": unit.reference} for unit in units if unit.reference],
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


# ---------------------------------------------------------------- fixtures


def _keep(
    config: Config, units: Sequence[Unit], spooled: Spooled, *, most: int, anew: bool
) -> list[RecordedUnit]:
    if anew:
        for unit in units:
            if unit.id in spooled.units and spooled.units[unit.id].fixtures:
                forget_fixtures(config.fixtures, unit)
    worker = python_worker(config, hash_seed=0)
    try:
        judged = [unit for unit in units if unit.terms.judge == "python" and unit.reference]
        loaded = worker.load([python_unit(unit) for unit in judged]) if judged else {}
        runnable = {unit_id for unit_id, one in loaded.items() if isinstance(one, dict)}
        return [
            _keep_unit(config, unit, spooled, worker if unit.id in runnable else None, most)
            for unit in units
        ]
    finally:
        worker.close()


def _keep_unit(
    config: Config, unit: Unit, spooled: Spooled, worker: Worker | None, most: int
) -> RecordedUnit:
    known = read_fixtures(config.fixtures, unit)
    seen = spooled.units.get(unit.id, Seen())
    texts = {text_of(_given(fixture)) for fixture in known}
    fresh = {text: line for text, line in seen.fixtures.items() if text not in texts}
    added: list[str] = []
    if fresh:
        ways = _ways(worker, unit, [*map(_given, known), *fresh.values()])
        candidates = dict(zip(fresh, ways[len(known) :], strict=True))
        added = choose(ways[: len(known)], candidates, most)
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


def _ways(worker: Worker | None, unit: Unit, fixtures: Sequence[Mapping[str, Form]]) -> list[Ways]:
    """The ways through the python side; none are known where it cannot be run here."""
    if worker is None:
        return [frozenset() for _ in fixtures]
    lines = [dumps({"args": [], "kwargs": {}} | dict(fixture)) for fixture in fixtures]
    return [
        frozenset((file, one, other) for file, one, other in steps)
        for steps in worker.ways(unit.id, lines, COVER_SECONDS)
    ]


def _given(fixture: Fixture) -> dict[str, Form]:
    given: dict[str, Form] = {"args": fixture.args, "kwargs": dict(fixture.kwargs)}
    return given | ({"self": fixture.self_state} if fixture.has_self else {})


def _line(line: Mapping[str, Form], text: str, taken: set[str]) -> dict[str, Form]:
    """A fixture's line, named by what it gives: the same input has the same name everywhere."""
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    length = next(n for n in range(8, 65) if f"r_{digest[:n]}" not in taken)
    name = f"r_{digest[:length]}"
    taken.add(name)
    return {"id": name, **{key: line[key] for key in ("self", "args", "kwargs") if key in line}} | (
        {"observed": line["observed"]} if "observed" in line else {}
    )
