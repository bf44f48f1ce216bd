"""What the Python sources and the class files of a project hold, read and never run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parity.config import Config
from parity.content import Content
from parity.counterparts import PythonUnit
from parity.ledger.annotated import annotated_in
from parity.ledger.matching import PythonSide
from parity.ledger.reading import Declared, binds, declared
from parity.remembered import write_quietly
from parity.sides.java.classfiles import ClassIndex
from parity.sides.java.classpath import known_class_path

if TYPE_CHECKING:
    from parity.scan import Gathered

SCHEMA: Final = 1
PORTED_KINDS: Final = ("function", "method")
STATES: Final = ("global ",)


@dataclass(slots=True)
class PythonSources:
    """The units of the sources, and what their files declare."""

    config: Config
    content: Content
    _declared: dict[str, Declared | None] = field(default_factory=dict)
    _root: str = ""
    _units: list[PythonUnit] | None = None

    def __post_init__(self) -> None:
        self._root = str(self.config.root)

    def units(self) -> list[PythonUnit]:
        """Functions and methods that can be ported by themselves, in the order of the sources."""
        if self._units is None:
            self._units = indexed(self.config) if self.config.table.sources else []
        return self._units

    def side(self) -> PythonSide:
        """What matching asks of them."""
        units = {unit.id: unit for unit in self.units()}
        return PythonSide(units, self.binds, self.signature)

    def signature(self, unit: PythonUnit) -> str:
        """The signature of a unit as its source has it."""
        found = self.declared(f"{self._root}/{unit.file}") or {}
        return found.get(unit.qualname) or f"{unit.qualname}({', '.join(unit.requires)})"

    def binds(self, module: str, qualname: str) -> bool | None:
        """Whether a module of the sources binds a name; None where that cannot be told."""
        file = self.file_of(module)
        if file is not None:
            return binds(self.declared(file), qualname)
        top = module.partition(".")[0]
        there = any((source / top).is_dir() for source in self.config.sources)
        return False if there and "." in module else None

    def file_of(self, module: str) -> str | None:
        """The source of a module among the sources."""
        inner = module.replace(".", "/")
        for source in self.config.sources:
            for path in (f"{source}/{inner}/__init__.py", f"{source}/{inner}.py"):
                if os.path.isfile(path):
                    return path
        return None

    def declared(self, file: str) -> Declared | None:
        """What a source declares; kept as long as it stays the same."""
        if file not in self._declared:
            raw = self.content.raw(file)
            self._declared[file] = self.content.derived(
                f"declared {SCHEMA} {raw}", lambda: declared(Path(file).read_bytes())
            )
        return self._declared[file]


@dataclass
class JavaClasses:
    """The classes of a project as they lie there: nothing is built."""

    config: Config

    @cached_property
    def entries(self) -> list[Path]:
        """The class path as far as it is known."""
        return known_class_path(self.config)

    @cached_property
    def index(self) -> ClassIndex:
        """What its classes declare."""
        return ClassIndex(self.entries, self.config.private / "cache", self.config.root)

    @cached_property
    def annotated(self) -> list[tuple[str, str]]:
        """Unit and counterpart of each `@PortedFrom`."""
        return annotated_in(self.index)

    @property
    def looked(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.entries)


def indexed(config: Config) -> list[PythonUnit]:
    """The functions and methods of a project, from the last scan where nothing changed."""
    from parity.pipeline.scan import gathered_of, report_of

    gathered = gathered_of(config)
    place = _place(gathered)
    kept = _kept(place)
    if kept is not None:
        return [_of_row(row) for row in kept]
    units = list(_units(report_of(gathered)["units"]))
    rows = [list(asdict(unit).values()) for unit in units]
    if place is not None:
        write_quietly(place, json.dumps({"index": SCHEMA, "units": rows}, separators=(",", ":")))
        _forget_others(place)
    return units


def _place(gathered: Gathered) -> Path | None:
    cache = gathered.options.cache
    return cache / f"index-{gathered.key[:32]}.json" if cache is not None else None


def _kept(place: Path | None) -> list[Any] | None:
    try:
        kept = json.loads(place.read_bytes()) if place is not None else {}
        return list(kept["units"]) if kept.get("index") == SCHEMA else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _forget_others(place: Path) -> None:
    for other in place.parent.glob("index-*.json"):
        if other != place:
            other.unlink(missing_ok=True)


def _counts(unit: dict[str, Any]) -> bool:
    """Whether a unit can stand in the map: no lambda, no module body, nothing inside of another."""
    return unit["kind"] in PORTED_KINDS and "<" not in unit["id"] and "@" not in unit["id"]


def _units(reported: list[dict[str, Any]]) -> Iterator[PythonUnit]:
    """The units that can be ported; what stands inside of one is a part of it."""
    inside: dict[str, list[str]] = {}
    at_import: set[str] = set()
    for one in reported:
        if not _counts(one):
            outer = _outer(one["id"])
            for call in one["calls"]:
                inside.setdefault(outer, []).append(_outer(call["to"]))
                if outer.endswith(":"):
                    at_import.add(_outer(call["to"]))
    for one in reported:
        if _counts(one):
            yield _unit(one, inside.get(one["id"], []), at_import)


def _outer(unit_id: str) -> str:
    """The unit that something stands in: `a:f` for `a:f.<locals>.g`, `a:` for a module body."""
    module, _, qualname = unit_id.partition(":")
    outer = qualname.partition(".<")[0].partition("@")[0]
    return f"{module}:" if outer.startswith("<") else f"{module}:{outer}"


def _unit(one: dict[str, Any], inside: list[str], at_import: set[str]) -> PythonUnit:
    own = [effect for effect in one["effects"] if not effect["via"]]
    states = [state for state in (*one["reads"], *one["writes"]) if state.startswith(STATES)]
    return PythonUnit(
        id=one["id"],
        kind=one["kind"],
        file=one["file"],
        line=one["line"],
        end=one["end"],
        klass=one["class"],
        own_class=one["own_class"],
        requires=tuple(one["requires"]),
        calls=tuple(dict.fromkeys([*(_outer(call["to"]) for call in one["calls"]), *inside])),
        entry=bool(one["entry"]) or one["id"] in at_import,
        ties=len(own) + len(set(states)),
    )


def _of_row(row: list[Any]) -> PythonUnit:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return PythonUnit(*values)
