"""`parity status`: where each unit stands, from the map, the evidence and the sources."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from parity import evidence
from parity.config import Config
from parity.content import Content
from parity.counterparts import Entry, Ledger, State
from parity.evidence import Base
from parity.evidence.against import blobs, top_of
from parity.evidence.committed import Proof
from parity.evidence.drift import Drift
from parity.evidence.history import burndown
from parity.evidence.java_source import text_hash
from parity.evidence.whole import read_stages
from parity.fixtures import fixture_file
from parity.ledger.forecast import forecast
from parity.ledger.matching import Matching
from parity.ledger.owners import Owners
from parity.ledger.states import PASSING, Standing, next_units, worse_than
from parity.mapping import read_wont_port
from parity.model import Unit
from parity.pipeline.collecting import without_collecting
from parity.pipeline.mapped import mapped_units
from parity.pipeline.sources import JavaClasses, PythonSources
from parity.syntax import python_hash

STAGES: Final[Mapping[str, State]] = {"shadow": "shadow", "cut-over": "cut-over"}


@without_collecting()
def status(config: Config, against: str | None = None, *, history: bool = False) -> Ledger:
    """The ledger of a project. Nothing of it is built, imported or run.

    Raises ParityError on bad input, and where there is no merge base with `against`.
    """
    content = Content(config.private / "cache" / "status.json")
    python, java = PythonSources(config, content), JavaClasses(config)
    mapped = {unit.id: unit for unit in mapped_units(config, build=False, may_be_empty=True)}
    side = python.side()
    matching = Matching([*mapped.values()], side, java.index, [], java.looked, quick=True)
    found = matching.counterparts()
    today = datetime.datetime.now(datetime.UTC).date()
    drift = Drift(config, content, java.entries, today)
    owners = Owners(config.root)
    standing = Standing(
        python=side.units,
        counterparts=found.by_unit,
        mapped=mapped,
        proof=partial(evidence.committed.read, config),
        moved=drift.of,
        is_gone=lambda unit_id: side.has(unit_id) is False,
        stages=_stages(config),
        wont_port=read_wont_port(config),
        owner=lambda unit_id, file: owners.of(file or _file_of(python, config, unit_id)),
        fixtures=partial(_recorded, config),
        workflows=_workflows(config),
        today=today,
    )
    entries = standing.entries()
    worse = None
    if against is not None:
        base = evidence.base(config, against)
        then = _then(config, base, entries, mapped)
        worse = worse_than(entries, then, {unit.id: unit.was for unit in mapped.values()})
    content.keep()
    points = burndown(config) if history else None
    return Ledger(
        entries=tuple(entries),
        next=tuple(next_units(entries, side.units)),
        notes=tuple(_notes(java, standing.unseen)),
        against=against,
        worse=worse,
        burndown=points,
        forecast=forecast(points or ()),
    )


def _notes(java: JavaClasses, unseen: Mapping[str, int]) -> Sequence[str]:
    notes = [f"{why}: of {count} units" for why, count in sorted(unseen.items())]
    if not java.looked:
        notes.append("nothing is compiled here: Java is judged by the tokens of its sources")
    return notes


def _file_of(python: PythonSources, config: Config, unit_id: str) -> str:
    """The source of a unit that no function is, a class say, from the root of the project."""
    file = python.file_of(unit_id.partition(":")[0]) if ":" in unit_id else None
    return file.removeprefix(f"{config.root}/") if file is not None else ""


def _recorded(config: Config, unit: Unit) -> int:
    """How many fixtures a unit has."""
    file = fixture_file(config.fixtures, unit)
    if file is None or file.suffix != ".jsonl":
        return 0
    data = file.read_bytes()
    lines = data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
    return lines - data.startswith(b'{"parity"')


def _workflows(config: Config) -> dict[str, tuple[str, ...]]:
    """The workflows that each unit is a state of."""
    found: dict[str, tuple[str, ...]] = {}
    for name, flow in sorted(config.table.workflow.items()):
        for unit_id in dict.fromkeys(flow.states.values()):
            found[unit_id] = (*found.get(unit_id, ()), name)
    return found


def _stages(config: Config) -> dict[str, State]:
    """Units in shadow or cut over, by the records in the evidence folder."""
    found: dict[str, State] = {}
    for record in read_stages(config).values():
        found.update(dict.fromkeys(record.units, STAGES[record.stage]))
    return found


# ---------------------------------------------------------------- the merge base


def _then(
    config: Config, base: Base, entries: Sequence[Entry], mapped: Mapping[str, Unit]
) -> dict[str, State]:
    """How far units had come at the merge base, by what was committed there."""
    then: dict[str, State] = dict.fromkeys(_mapped_then(config, base), "ported")
    passing = {proof.unit: proof for proof in base.proofs.values() if proof.verdict in PASSING}
    then.update(dict.fromkeys((one for one in passing if one in then), "proven"))
    drifted = {one.id for one in entries if one.state.startswith("drifted")}
    names = {name: unit.id for unit in mapped.values() for name in (unit.id, *unit.was)}
    suspects = {one: passing[one] for one in then if one in passing and names.get(one) in drifted}
    for unit_id in _drifted_then(config, base, suspects):
        then[unit_id] = "ported"
    return then


def _mapped_then(config: Config, base: Base) -> list[str]:
    """The units that the map files had at the merge base."""
    import tomllib

    top = top_of(config)
    files = [file.resolve().relative_to(top).as_posix() for file in config.map_files()]
    found: list[str] = []
    for data in blobs(top, [f"{base.commit}:{file}".encode() for file in files]):
        try:
            found += tomllib.loads(data.decode("utf-8")).get("unit", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            continue  # a map that could not be read then had no unit that could get worse
    return found


def _drifted_then(config: Config, base: Base, suspects: Mapping[str, Proof]) -> list[str]:
    """Of units that have drifted now, those that had drifted at the merge base already."""
    top = top_of(config)
    prefix = config.root.resolve().relative_to(top).as_posix()
    prefix = "" if prefix == "." else f"{prefix}/"
    kinds = {"modules": python_hash, "java sources": text_hash}
    paths = sorted(
        {
            (kind, path)
            for proof in suspects.values()
            for kind in kinds
            for path in proof.rests_on.get(kind, {})
            if not path.startswith(("$", "/"))
        }
    )
    asked = [f"{base.commit}:{prefix}{path}".encode() for _, path in paths]
    hashes = {one: kinds[one[0]](data) for one, data in zip(paths, blobs(top, asked), strict=True)}
    return [
        unit_id
        for unit_id, proof in suspects.items()
        if any(
            hashes.get((kind, path), kept) != kept
            for kind in kinds
            for path, kept in proof.rests_on.get(kind, {}).items()
        )
    ]
