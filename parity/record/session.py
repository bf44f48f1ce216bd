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
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from parity.config import Config
from parity.errors import ParityError
from parity.fixtures import (
    append_fixtures,
    fixture_file,
    forget_fixtures,
    keep_fixtures,
    read_fixtures,
)
from parity.model import OUTSIDE, Fixture, Recorded, RecordedUnit, Unit
from parity.record.boundaries import marks_of
from parity.record.choose import READABLE, Call, Ways, choose
from parity.record.hook._parity_mask import Masker
from parity.record.idle import wait_while_at_work
from parity.record.masking import mask_plan, masker_of, refuse_leaks
from parity.record.settling import Agrees, settled
from parity.record.spool import (
    GIVEN,
    Seen,
    Spoken,
    Spooled,
    given_by,
    read_files,
    read_spool,
    text_of,
)
from parity.sides.python.side import FORM, SEAMS, python_unit, python_worker
from parity.sides.worker import Worker
from parity.values.form import Form, dumps

try:
    import fcntl
except ImportError:  # not on this system
    fcntl = None  # type: ignore[assignment]

HOOK = Path(__file__).with_name("hook")
MOST_DISTINCT = 5_000
LARGEST_BYTES = 262_144
MOST_BYTES = 32 << 20
COVER_SECONDS = 10.0
LINGER_SECONDS = 5.0
AT_ONCE = 250
UNCHANGED = 1_000
ROUNDS = 4
RECORDED = "r_"
LEAKING = "it holds what was masked elsewhere; name what it is in `fields` of [mask]"
DIGITS = 8


@dataclass(frozen=True, slots=True)
class Keeping:
    """What of a recording is kept.

    Up to `most` fixtures of each unit, more for new branches; `anew` forgets those that were
    recorded before; `share` is that of the program's time which recording may take, None for
    whatever it takes; `masked` puts tokens for secrets and personal data. `agrees` says whether
    python does again what was recorded of it.
    """

    agrees: Agrees
    most: int = 200
    anew: bool = False
    share: float | None = None
    masked: bool = True


def record(
    config: Config,
    units: Sequence[Unit],
    command: Sequence[str],
    keeping: Keeping,
    patience: float | None = None,
) -> Recorded:
    """Runs `command` and adds fixtures of the units; ends it where it does nothing for `patience`
    seconds.

    Raises ParityError where the command cannot be started; nothing is changed then.
    """
    if command[0] in {unit.id for unit in units}:
        raise ParityError(
            f"`{command[0]}` is a unit, and no program",
            where=None,
            why="the command to run begins there",
            next_step=f"name the unit by its option: parity record --unit {command[0]} -- COMMAND",
        )
    config.private.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="recording-", dir=config.private))
    try:
        started = time.monotonic()
        status, idle = _run(command, _environment(config, folder, units, keeping), patience)
        seconds = time.monotonic() - started
        _let_end(folder)
        spooled = read_spool(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    recorded = _recorded(config, units, spooled, keeping, status, seconds)
    return replace(recorded, idle=idle)


def record_files(
    config: Config, units: Sequence[Unit], places: Sequence[Path], keeping: Keeping
) -> Recorded:
    """Adds fixtures of what was recorded elsewhere: files, or folders of them."""
    files: list[Path] = []
    for place in places:
        files += sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    config.private.mkdir(exist_ok=True)
    return _recorded(config, units, read_files(files), keeping, 0, 0.0)


def record_events(config: Config, unit: Unit, events: Sequence[Form], keeping: Keeping) -> Recorded:
    """Adds fixtures of a unit that is given each of these events, in fixture form."""
    config.private.mkdir(exist_ok=True)
    masker = masker_of(mask_plan(config)) if keeping.masked else None
    spooled = Spooled(processes=1)
    seen = spooled.units.setdefault(unit.id, Seen())
    for event in events:
        fixture: dict[str, Form] = {"args": [event]}
        masked = fixture
        if masker is not None:
            masked = masker.fixture(fixture, [])
            spooled.hidden.update(masker.hidden())
        seen.calls += 1
        seen.add(masked, masked=masked != fixture)
    if masker is not None:
        spooled.masked.update(masker.counts)
    return _recorded(config, [unit], spooled, keeping, 0, 0.0)


def plan_of(config: Config, units: Sequence[Unit], keeping: Keeping) -> dict[str, Any]:
    """What the recorded processes are told, but for the places of files."""
    return {
        "most_distinct": MOST_DISTINCT,
        "largest_bytes": LARGEST_BYTES,
        "most_bytes": MOST_BYTES,
        "share": keeping.share,
        "mask": mask_plan(config) if keeping.masked else None,
        "units": [
            {
                "id": unit.id,
                "python": unit.reference,
                "receiver": unit.python_receiver is not None,
            }
            for unit in units
            if unit.reference
        ],
        "ports": sorted({port.id for unit in units for port in unit.ports} - {*OUTSIDE}),
    }


def _recorded(
    config: Config,
    units: Sequence[Unit],
    spooled: Spooled,
    keeping: Keeping,
    status: int,
    seconds: float,
) -> Recorded:
    kept = _keep(config, units, spooled, keeping)
    return Recorded(
        tuple(kept),
        status,
        seconds,
        spooled.processes,
        spooled.seconds,
        spooled.spent,
        dict(sorted(spooled.masked.items())),
    )


def _environment(
    config: Config, folder: Path, units: Sequence[Unit], keeping: Keeping
) -> dict[str, str]:
    plan = folder / "plan.json"
    document = {"form": str(FORM), "spool": str(folder)} | plan_of(config, units, keeping)
    outside = sorted({port.id for unit in units for port in unit.ports} & {*OUTSIDE})
    if outside:
        document["outside"] = {"path": str(SEAMS), "ports": outside}
    plan.write_text(json.dumps(document), "utf-8")
    path = [str(HOOK), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PARITY_RECORD": str(plan), "PYTHONPATH": os.pathsep.join(path)}


def _run(
    command: Sequence[str], env: Mapping[str, str], patience: float | None
) -> tuple[int, bool]:
    """The exit status of the command, which gets the terminal, minus the signal that ended it; and
    whether it was ended for doing nothing."""
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
            idle = patience is not None and wait_while_at_work(process, patience)
            return process.wait(), idle
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
    config: Config, units: Sequence[Unit], spooled: Spooled, keeping: Keeping
) -> list[RecordedUnit]:
    if keeping.anew:
        for unit in units:
            if unit.id in spooled.units and spooled.units[unit.id].calls_by_text:
                _forget_recorded(config, unit)
    judged = [unit for unit in units if unit.terms.judge == "python" and unit.reference]
    workers: dict[str, Worker] = {}
    masker = masker_of(mask_plan(config)) if keeping.masked else None
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(dir=config.private)))
        for path in dict.fromkeys(unit.python_path for unit in judged):
            worker = python_worker(config, hash_seed=0, path=path)
            closing.callback(worker.close)
            some = [python_unit(unit) for unit in judged if unit.python_path == path]
            loaded = worker.load(some)
            workers |= {unit_id: worker for unit_id, one in loaded.items() if isinstance(one, dict)}
        keeper = _Keeper(config, spooled, keeping, masker, folder)
        return [keeper.unit(unit, workers.get(unit.id)) for unit in units]


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


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Makes fixtures of what was seen, unit by unit."""

    config: Config
    spooled: Spooled
    keeping: Keeping
    masker: Masker | None
    folder: Path

    def unit(self, unit: Unit, worker: Worker | None) -> RecordedUnit:
        """Adds the fixtures of one unit to its file."""
        known = read_fixtures(self.config.fixtures, unit)
        seen = self.spooled.units.get(unit.id, Seen())
        lost: Counter[str] = Counter()
        lines, apart = self._lines(unit, worker, known, seen, lost)
        self._write(unit, lines)
        return RecordedUnit(
            unit,
            calls=seen.calls,
            distinct=len(seen.calls_by_text),
            added=len(lines),
            fixtures=len(known) + len(lines),
            formless=dict(sorted(seen.formless.items())),
            contradicting=len(seen.contradicting),
            lost=dict(sorted(lost.items())),
            masked=sum(one.masked for one in lines.values()),
            apart=apart,
            trouble=_trouble(unit, seen),
        )

    def _lines(
        self,
        unit: Unit,
        worker: Worker | None,
        known: Sequence[Fixture],
        seen: Seen,
        lost: Counter[str],
    ) -> tuple[dict[str, Spoken], bool]:
        """What is added, by the text that it was seen with: chosen, and chosen again in the place
        of those that turned out to be no fixtures; and whether that holds only one by one."""
        texts = {text_of(_given(fixture)) for fixture in known}
        texts |= {text_of(_at_any_time(_given(fixture))) for fixture in known}
        fresh = {text: one for text, one in seen.calls_by_text.items() if text not in texts}
        if not fresh:
            return {}, False
        calls = _calls(worker, unit, known, {text: one.fixture for text, one in fresh.items()})
        candidates = dict(zip(fresh, calls[len(known) :], strict=True))
        kept: dict[str, Spoken] = {}
        apart = False
        for _ in range(ROUNDS):
            chosen = choose(calls[: len(known)], candidates, self.keeping.most)
            asked = {text: fresh[text] for text in chosen if text not in kept}
            done = settled(worker, unit, asked, self.folder, self.keeping.agrees, apart)
            apart = done.apart
            lost.update(done.lost)
            lines = {text: replace(fresh[text], fixture=line) for text, line in done.lines.items()}
            self._drop_leaks(lines, lost)
            kept |= lines
            for text in set(asked) - set(lines):
                del candidates[text]
            if len(lines) == len(asked):
                break
        given = {text: text_of(kept[text].fixture) for text in chosen if text in kept}
        new = {text: kept[text] for text, settled_as in given.items() if settled_as not in texts}
        return new, apart

    def _drop_leaks(self, fresh: dict[str, Spoken], lost: Counter[str]) -> None:
        """Leaves out what holds a value that was known for a secret only later, or elsewhere."""
        if self.masker is None or not self.spooled.hidden:
            return
        for text, one in list(fresh.items()):
            if self.masker.leaks(one.fixture, self.spooled.hidden):
                lost[LEAKING] += 1
                del fresh[text]

    def _write(self, unit: Unit, lines: Mapping[str, Spoken]) -> None:
        """Adds the lines; takes them back where they hold what was to be masked."""
        known = read_fixtures(self.config.fixtures, unit)
        ids = {fixture.id for fixture in known}
        named = [_line(one.fixture, text_of(one.fixture), ids) for one in lines.values()]
        append_fixtures(self.config.fixtures, unit, named)
        file = fixture_file(self.config.fixtures, unit)
        if self.masker is None or file is None:
            return
        try:
            added = {str(line["id"]) for line in named}
            refuse_leaks(self.masker, file, added, self.spooled.hidden)
        except ParityError:
            if known:
                keep_fixtures(self.config.fixtures, unit, [one.id for one in known])
            else:
                forget_fixtures(self.config.fixtures, unit)
            raise


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
    given |= {"steps": fixture.steps} if fixture.steps is not None else {}
    return given | ({"world": dict(fixture.world)} if fixture.world else {})


def _at_any_time(given: dict[str, Form]) -> dict[str, Form]:
    """What a fixture gives but for its clock, which recording sets."""
    world = {name: value for name, value in given.get("world", {}).items() if name != "clock"}
    return {**given, "world": world}


def _line(line: Mapping[str, Form], text: str, taken: set[str]) -> dict[str, Form]:
    """A fixture's line, named by what it gives: the same input has the same name everywhere."""
    digest = _digest(text)
    lengths = range(DIGITS, len(digest) + 1)
    name = next(one for n in lengths if (one := RECORDED + digest[:n]) not in taken)
    taken.add(name)
    return {"id": name, **{key: line[key] for key in GIVEN if key in line}} | (
        {"observed": line["observed"]} if "observed" in line else {}
    )
