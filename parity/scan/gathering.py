"""The files of a scan, read once, and a key of all that its report depends on."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parity.errors import ParityError
from parity.remembered import PACKAGE
from parity.scan.sources import Source, find_sources
from parity.scanned import Note

SUMMARIES: Final = 9
"""Changes with whatever a summary holds, or how it is made."""
SHIPPED: Final = tuple(
    Path(__file__).with_name(name) for name in ("effects.toml", "libraries.toml")
)
"""Tables of effects: of Python itself, and of published libraries."""
PACKAGING: Final = ("pyproject.toml", "setup.cfg", "setup.py")
MADE: Final = "*.egg-info/entry_points.txt"
DECLARING: Final = (b"entry-points", b"entry_points", b"plugins")
"""Where a project declares entry points, and what it calls them there."""
STUBS: Final = Path(__file__).with_name("stubs.toml")
"""What the stubs of Python's own library say."""
JUDGES: Final = ("scanned.py", "syntax.py", "report/scan_document.py", "report/scan_moved.py")


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What is scanned: source roots, the folder that paths are shown from, what is left out,
    tables of effects beside the shipped one, and a folder for what need not be kept; `users` names
    what is read for its use of the rest, of what is left out and in the folders `beside`;
    `packaging` are files that may declare entry points."""

    roots: Sequence[Path]
    base: Path
    exclude: Sequence[str] = ()
    effects: Sequence[Path] = ()
    cache: Path | None = None
    only: str = ""
    users: Sequence[str] = ()
    beside: Sequence[Path] = ()
    packaging: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """The bytes of what is to be scanned and of its users, and a key of all that the scan depends
    on; `tables` is one of all but these."""

    options: ScanOptions
    sources: tuple[tuple[Source, bytes], ...]
    users: tuple[tuple[Source, bytes], ...]
    notes: tuple[Note, ...]
    reader: str
    tables: str
    key: str
    packaging: tuple[tuple[str, bytes], ...] = ()


def gather(options: ScanOptions) -> Gathered:
    """Reads all files; ParityError where there is no Python, or a table of effects is missing."""
    sources = find_sources(
        options.roots, options.base, options.exclude, options.only, options.users, options.beside
    )
    if not sources.found:
        raise _nothing(options)
    notes = list(sources.notes)
    reader = f"{SUMMARIES} {sys.version} {_judges()}"
    whole = hashlib.sha256(f"{reader} {options!r}".encode("utf-8", "surrogatepass"))
    for file in [*SHIPPED, STUBS, *options.effects]:
        whole.update(_table(file))
    packaging = tuple(_declaring(options.packaging))
    whole.update(repr(packaging).encode())
    tables = whole.hexdigest()
    read, users = _read(sources.found, notes), _read(sources.users, [])
    for source, data in (*read, *users):
        whole.update(f"\0{source!r} {len(data)}\0".encode("utf-8", "surrogatepass"))
        whole.update(data)
    whole.update(f"{len(users)} {notes!r}".encode("utf-8", "surrogatepass"))
    key = whole.hexdigest()
    return Gathered(options, read, users, tuple(notes), reader, tables, key, packaging)


def _read(sources: Sequence[Source], notes: list[Note]) -> tuple[tuple[Source, bytes], ...]:
    read: list[tuple[Source, bytes]] = []
    for source in sources:
        data = _bytes_of(source, notes)
        if data is not None:
            read.append((source, data))
    return tuple(read)


def packaging_files(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The files in folders that may declare entry points."""
    found: dict[Path, None] = {}
    for folder in folders:
        for one in (*(folder / name for name in PACKAGING), *sorted(folder.glob(MADE))):
            if one.is_file():
                found[one] = None
    return tuple(found)


def _declaring(files: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of those files that name entry points; one that cannot be read names none."""
    for file in files:
        try:
            data = file.read_bytes()
        except OSError:
            continue
        if any(word in data for word in DECLARING) or file.suffix == ".txt":
            yield file.name, data


def _table(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ParityError(
            f"the table of effects {file} cannot be read",
            where="`effects` below [scan]",
            why=error.strerror or str(error),
            next_step="name a file that is there",
        ) from None


def _bytes_of(source: Source, notes: list[Note]) -> bytes | None:
    try:
        return Path(source.path).read_bytes()
    except OSError as error:
        notes.append(Note("unreadable", source.shown, 0, error.strerror or str(error)))
        return None


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
    files = [*sorted(PACKAGE.glob("scan/*.py")), *(PACKAGE / name for name in JUDGES)]
    stats = [(file.name, file.stat()) for file in files]
    return [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]
