"""One run on several machines: each runs its shard, and `merge` makes one report of the parts."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.errors import ParityError
from parity.fixtures import fixture_file
from parity.model import RunReport, Trouble, Unit, UnitReport
from parity.pipeline.explaining import put_united, united_causes
from parity.pipeline.java_sources import JavaSources
from parity.pipeline.reports import report_of, troubled
from parity.pipeline.results import Result, result_document, result_of
from parity.pipeline.units import Selection, no_fixtures, selected_units
from parity.values.form import dumps

SCHEMA = 1
LARGE = 100_000
"""Fixtures from which on the pieces of one unit are spread over the shards."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The part `index` (from 1) of `count`."""

    index: int
    count: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """A shard written `2/5`. Raises ParityError where it is none."""
        found = re.fullmatch(r"([0-9]+)/([0-9]+)", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise ParityError(
                f"`{text}` is no shard",
                where="--shard",
                why="a shard is its number, from 1, and how many there are",
                next_step="for example --shard 2/5",
            )
        return cls(int(found[1]), int(found[2]))

    def takes(self, unit: Unit, fixtures: int) -> Callable[[int], bool]:
        """Which pieces of a unit are this shard's; it depends on the unit alone."""
        home = zlib.crc32(unit.id.encode()) % self.count
        spread = fixtures > LARGE

        def mine(piece: int) -> bool:
            return (home + (piece if spread else 0)) % self.count == self.index - 1

        return mine


def part_document(
    config: Config,
    shard: Shard,
    results: Mapping[str, Result | Trouble],
    counted: Mapping[str, int],
) -> dict[str, Any]:
    """What one shard has found, as JSON; `counted` are the fixtures of units that could not run."""
    units: dict[str, Any] = {}
    for unit_id, result in results.items():
        if isinstance(result, Trouble):
            units[unit_id] = {"trouble": _trouble_document(result), "fixtures": counted[unit_id]}
        elif result.fixtures:
            units[unit_id] = {**result_document(result), "classes": dict(result.classes)}
    return {
        "schema": SCHEMA,
        "shard": [shard.index, shard.count],
        "basis": content_of(config),
        "units": units,
    }


def parts_folder(config: Config) -> Path:
    """Where parts are written, and looked for, where nothing else is said."""
    return config.private / "parts"


def write_part(file: Path, document: Mapping[str, Any]) -> None:
    """Writes a part, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.tmp")
    temporary.write_text(dumps(document) + "\n", "ascii")
    temporary.replace(file)


def content_of(config: Config, *, build: bool = True) -> str:
    """A hash of map and fixtures, the same on every machine that has the same."""
    whole = hashlib.sha256()
    for file in config.map_files():
        whole.update(file.read_bytes() + b"\0")
    for unit in selected_units(config, Selection(), build=build):
        fixtures = fixture_file(config.fixtures, unit)
        if fixtures is not None:
            whole.update(f"{unit.id}\0".encode() + hashlib.sha256(fixtures.read_bytes()).digest())
    return whole.hexdigest()


def merge(config: Config, files: Sequence[Path]) -> RunReport:
    """One report of the parts in `files` (those in the folder of parts, where none is named), as if
    there had been one run. Nothing of the project is imported, compiled or run.

    Raises ParityError where a part is missing, is there twice, or is of something else.
    """
    files = files or sorted(parts_folder(config).glob("*.json"))
    return merge_parts(config, [read_part(file) for file in files])


def merge_parts(config: Config, parts: Sequence[Mapping[str, Any]]) -> RunReport:
    """One report of parts that are at hand."""
    _refuse_incomplete(parts)
    _refuse_other_basis(config, parts)
    units = selected_units(config, Selection(), build=False)
    sources = JavaSources(config.root)
    return RunReport(tuple(_unit_report(config, unit, parts, sources) for unit in units), {})


def _unit_report(
    config: Config, unit: Unit, parts: Sequence[Mapping[str, Any]], sources: JavaSources
) -> UnitReport:
    found = [part["units"][unit.id] for part in parts if unit.id in part["units"]]
    if not found:
        return troubled(unit, no_fixtures(config, unit), 0)
    for one in found:
        if "trouble" in one:
            return troubled(unit, Trouble(**one["trouble"]), one["fixtures"])
    most = Selection().most
    results = [result_of(one, unit, most) for one in found]
    if _disputed(one["classes"] for one in found):
        return troubled(unit, _torn(unit), sum(result.fixtures for result in results))
    told = united_causes([result.tally for result in results])
    tally = reduce(lambda whole, result: whole.merge(result.tally), results[1:], results[0].tally)
    put_united(tally, told)
    return report_of(results[0].loaded, tally, Selection(), sources, complete=True)


def _disputed(votes: Iterable[Mapping[str, str]]) -> bool:
    """Whether shards take different Java classes for one Python class, or the other way round."""
    pairs = {pair for some in votes for pair in some.items()}
    return len({one for one, _ in pairs}) < len(pairs) or len({two for _, two in pairs}) < len(
        pairs
    )


def _torn(unit: Unit) -> Trouble:
    return Trouble(
        what=f"the shards of `{unit.id}` disagree on which classes belong together",
        where=unit.map_file,
        why="in one of them a Python class came back as one Java class, in another as a second",
        next_step=f"run it on one machine: parity run {unit.id}",
        code="shards_disagree",
    )


def _trouble_document(trouble: Trouble) -> dict[str, Any]:
    return {
        "what": trouble.what,
        "where": trouble.where,
        "why": trouble.why,
        "next_step": trouble.next_step,
        "code": trouble.code,
    }


def read_part(file: Path) -> Mapping[str, Any]:
    """What `write_part` wrote. Raises ParityError where it is no part."""
    try:
        document = json.loads(file.read_text("ascii"))
        if document["schema"] != SCHEMA or not isinstance(document["units"], dict):
            raise ValueError("it is of another version")
        index, count = document["shard"]
        if not 1 <= index <= count:
            raise ValueError("its shard is none")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ParityError(
            f"{file} is no part of a run",
            where=None,
            why=str(error) or type(error).__name__,
            next_step="give the files that `parity run --shard` wrote",
        ) from None
    return document  # type: ignore[no-any-return]


def _refuse_incomplete(parts: Sequence[Mapping[str, Any]]) -> None:
    counts = sorted({part["shard"][1] for part in parts})
    have = sorted(part["shard"][0] for part in parts)
    if len(counts) == 1 and have == list(range(1, counts[0] + 1)):
        return
    wanted = f"1 to {counts[0]}" if len(counts) == 1 else f"of {counts}"
    raise ParityError(
        "these are not all parts of one run",
        where=None,
        why=f"there are the shards {have}, {wanted} are needed, each once"
        if parts
        else "there are none",
        next_step="run what is missing with --shard, and name one file of each",
    )


def _refuse_other_basis(config: Config, parts: Sequence[Mapping[str, Any]]) -> None:
    here = content_of(config, build=False)
    for part in parts:
        if part["basis"] != here:
            index, count = part["shard"]
            raise ParityError(
                f"shard {index}/{count} ran on another map or other fixtures",
                where=None,
                why="their content is not what is here",
                next_step="run all shards and `parity merge` on one commit; units that @PortedFrom "
                "maps are known where their classes are built",
            )
