"""A whole scan: files to summaries (kept by content), summaries to units."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parity.errors import ParityError
from parity.remembered import write_quietly
from parity.scan.coupling import couplings_of, shared_of
from parity.scan.describing import Description
from parity.scan.effects import SHIPPED, Effects, read_effects
from parity.scan.entries import entries_of
from parity.scan.linking import Module, check_roots
from parity.scan.reading import read_source
from parity.scan.solving import MOST_HELD, Solver
from parity.scan.sources import Source, find_sources
from parity.scan.summarising import summarise
from parity.scan.summary import VERSION, Summary, from_row
from parity.scanned import LADDER, Note, Scan, ScannedUnit


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What is scanned: source roots, the folder that paths are shown from, what is left out,
    tables of effects beside the shipped one, and a folder for what need not be kept."""

    roots: Sequence[Path]
    base: Path
    exclude: Sequence[str] = ()
    effects: Sequence[Path] = ()
    cache: Path | None = None
    only: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The bytes of what is to be scanned, and a key of all that the scan depends on."""

    options: ScanOptions
    effects: Effects
    sources: tuple[tuple[Source, bytes], ...]
    notes: tuple[Note, ...]
    key: str


def gather(options: ScanOptions) -> Gathered:
    """Reads all files; ParityError where there is no Python, ConfigError for tables of effects."""
    effects = read_effects(options.effects)
    sources = find_sources(options.roots, options.base, options.exclude, options.only)
    if not sources.found:
        raise _nothing(options)
    read: list[tuple[Source, bytes]] = []
    notes = list(sources.notes)
    whole = hashlib.sha256(f"{VERSION} {sys.version} {options!r} {_judges()}".encode())
    for file in [SHIPPED, *options.effects]:
        whole.update(file.read_bytes())
    for source in sources.found:
        try:
            data = Path(source.path).read_bytes()
        except OSError as error:
            notes.append(Note("unreadable", source.shown, 0, error.strerror or str(error)))
            continue
        read.append((source, data))
        whole.update(f"\0{source!r} {len(data)}\0".encode("utf-8", "surrogatepass"))
        whole.update(data)
    whole.update(repr(notes).encode("utf-8", "surrogatepass"))
    return Gathered(options, effects, tuple(read), tuple(notes), whole.hexdigest())


def scan(gathered: Gathered) -> Scan:
    """Scans a project without importing or running anything of it.

    Raises ParityError where the source root is a wrong one.
    """
    options, effects, notes = gathered.options, gathered.effects, list(gathered.notes)
    modules = [
        Module(source, _summary(source, data, options.cache)) for source, data in gathered.sources
    ]
    roots = [str(root) for root in options.roots]
    aliases, more = check_roots(modules, roots)
    notes += more
    for module in modules:
        for kind, line, text in module.summary.notes:
            notes.append(Note(kind, module.source.shown, line, text))
    solver = Solver(modules, aliases, effects)
    solver.solve()
    description = Description(solver, effects)
    units = tuple(description.units(entries_of(description, effects)))
    notes += _dynamic(units)
    if solver.capped:
        text = (
            f"{len(solver.capped)} variables may hold more than {MOST_HELD} objects: "
            "what is beyond that is not followed"
        )
        notes.append(Note("cap", "", 0, text))
    return Scan(
        roots=tuple(roots),
        files=len(modules),
        lines=sum(module.summary.lines for module in modules),
        units=units,
        groups=tuple(tuple(description.ids[at] for at in group) for group in description.groups),
        shared=tuple(shared_of(description)),
        couplings=tuple(couplings_of(description)),
        notes=tuple(sorted(notes, key=lambda one: (one.file, one.line, one.kind, one.text))),
        totals=_totals(description, units),
    )


def _nothing(options: ScanOptions) -> ParityError:
    return ParityError(
        "there is no Python to scan",
        where=", ".join(str(root) for root in options.roots),
        why="no file below it ends in .py and is not left out",
        next_step="name the source root: the folder that holds the packages; "
        "or look at `exclude` under [scan]",
    )


def _judges() -> Sequence[tuple[str, int, int]]:
    """The code that scans, by name, time and size: another parity scans again."""
    stats = [(file.name, file.stat()) for file in sorted(Path(__file__).parent.glob("*.py"))]
    return [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]


def _summary(source: Source, data: bytes, cache: Path | None) -> Summary:
    if cache is None:
        return summarise(read_source(data), source.module, source.is_package)
    place = cache / f"{_key(data, source)}.json"
    try:
        return from_row(json.loads(place.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError):
        summary = summarise(read_source(data), source.module, source.is_package)
        write_quietly(place, json.dumps(summary.row(), separators=(",", ":")))
        return summary


def _key(data: bytes, source: Source) -> str:
    """All that a summary depends on: the bytes, the module's name, and who reads them."""
    whole = hashlib.sha256(data)
    whole.update(f"\0{source.module}\0{source.is_package}\0{VERSION}\0{sys.version}".encode())
    return whole.hexdigest()[:40]


def _dynamic(units: Sequence[ScannedUnit]) -> list[Note]:
    notes: list[Note] = []
    for unit in units:
        for effect in unit.effects:
            if effect.kind == "dynamic" and not effect.via:
                text = f"`{effect.api}`: what it runs is not seen"
                notes.append(Note("dynamic", effect.file, effect.line, text))
    return list(dict.fromkeys(notes))


def _totals(
    description: Description, units: Sequence[ScannedUnit]
) -> Mapping[str, Mapping[str, int]]:
    classes = dict.fromkeys(LADDER, 0)
    own = dict.fromkeys(LADDER, 0)
    for unit in units:
        classes[unit.klass] += 1
        own[unit.own_class] += 1
    how: dict[str, int] = {}
    for unit in units:
        for call in unit.calls:
            word = "callback" if call.how.startswith("handed") else call.how
            how[word] = how.get(word, 0) + 1
    calls = {key: description.counts.get(key, 0) for key in ("resolved", "unresolved", "outside")}
    reasons = dict(sorted(description.reasons.items(), key=lambda one: (-one[1], one[0])))
    return {"class": classes, "own_class": own, "calls": calls, "how": how, "reasons": reasons}
