"""Reads the map files of a project into units; refuses them whole, with everything wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from parity.config import Config, ConfigTable, read_bytes
from parity.errors import ConfigError, Problem
from parity.mapping.kept import unit_of, units_document
from parity.remembered import Remembered
from parity.units import Explanation, Unit, WontPort


def read_map(config: Config, *, may_be_empty: bool = False) -> tuple[Unit, ...]:
    """All units of the project's map, sorted by id. Raises ConfigError with everything wrong.

    Where it `may_be_empty` there need be no map, and no unit in it.
    """
    files = _files(config, may_be_empty=may_be_empty)
    units: dict[str, Unit] = {}
    for file in files:
        for unit in _units(config, file):
            other = units.get(unit.id)
            if other is not None:
                why = f"it is also defined in {other.map_file}"
                problem = Problem(f'unit."{unit.id}"', why, "keep one of the two")
                raise ConfigError(str(file), [problem], kind="map")
            units[unit.id] = unit
    if not units and not may_be_empty:
        why = 'it has no [unit."…"] table'
        raise ConfigError(str(files[0]), [Problem("unit", why)], kind="map")
    _refuse_equal_file_names(units.values())
    return tuple(units[unit_id] for unit_id in sorted(units))


def read_annotated(config: Config, counterparts: Mapping[str, str]) -> tuple[Unit, ...]:
    """Units that are mapped elsewhere than in a map, on the terms of the (first) map's defaults.

    Raises ConfigError with everything wrong.
    """
    files = _files(config, may_be_empty=True)
    file = files[0] if files else config.root / "parity.map.toml"
    data = read_bytes(file) if files else b""
    text = json.dumps(counterparts, sort_keys=True)
    remembered = Remembered(
        config.private / "cache", Path(f"{file}#annotated"), data + text.encode()
    )
    known = remembered.recall()
    if known is not None:
        return tuple(unit_of(document) for document in known)
    from parity.mapping.checking import annotated_units

    units = annotated_units(file, data, counterparts)
    document = units_document(units)
    if document is not None:
        remembered.keep(document)
    return tuple(units)


def _files(config: Config, *, may_be_empty: bool) -> list[Path]:
    if may_be_empty and config.table.map == ConfigTable().map:
        default = config.root / str(ConfigTable().map)
        return [default] if default.is_file() else []
    return config.map_files()


def read_wont_port(config: Config) -> tuple[WontPort, ...]:
    """What the map files, that `read_map` has read, leave behind."""
    found: list[WontPort] = []
    for file in _files(config, may_be_empty=True):
        data = read_bytes(file)
        if b"wont_port" in data:
            from parity.mapping.checking import wont_port_in

            found += wont_port_in(file, data)
    return tuple(found)


def read_explanations(config: Config) -> tuple[Explanation, ...]:
    """What the map files, that `read_map` has read, say of mutants which survive."""
    from parity.mapping.checking import explanations_in

    files = _files(config, may_be_empty=True)
    return tuple(one for file in files for one in explanations_in(file, read_bytes(file)))


def _units(config: Config, file: Path) -> Sequence[Unit]:
    """The units of a map file, judged anew only where the file is not what it was."""
    data = read_bytes(file)
    remembered = Remembered(config.private / "cache", file, data)
    known = remembered.recall()
    if known is not None:
        return [unit_of(document) for document in known]
    from parity.mapping.checking import checked_units

    units = checked_units(file, data)
    document = units_document(units)
    if document is not None:
        remembered.keep(document)
    return units


@cache
def file_name(unit_id: str) -> str:
    """Path of a unit's fixtures below the fixtures folder, without the ending."""
    return "/".join(_safe(part) for part in unit_id.split(":"))


PLAIN = re.compile(r"[A-Za-z0-9_.\-]*")


def _safe(part: str) -> str:
    if PLAIN.fullmatch(part):
        return part
    return "".join(c if c.isalpha() or c.isdecimal() or c in "_.-" else "_" for c in part)


def _refuse_equal_file_names(units: Iterable[Unit]) -> None:
    taken: dict[str, Unit] = {}
    for unit in units:
        name = file_name(unit.id).casefold()
        other = taken.setdefault(name, unit)
        if other is not unit:
            why = f"its fixtures would be in the same file as those of `{other.id}`: {name}.jsonl"
            problem = Problem(f'unit."{unit.id}"', why, "give one of them another name")
            raise ConfigError(unit.map_file, [problem], kind="map")
