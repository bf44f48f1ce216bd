"""`parity scan`: what is in a project, read and never run; an unchanged one from the last scan."""

from __future__ import annotations

import json
import marshal
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from parity.config import Config, ScanConfig, config_above, find_config, private_folder
from parity.errors import ParityError
from parity.pipeline.collecting import without_collecting
from parity.remembered import write_quietly
from parity.scan import Gathered, ScanOptions, gather, packaging_files

if TYPE_CHECKING:
    from parity.report.scan_document import Part
    from parity.scan.scanning import Plan

REPORTS: Final = 4
"""As many reports of a project are kept: of folders of its own, say."""
PARTS: Final = 200
"""As many parts of projects, each of packages that know of no others."""
LAST: Final = 4
"""As many earlier states of a group a change is compared with."""
OF_PROJECTS: Final = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
"""What lies in the folder of a project, and hardly in any other."""
UNREADABLE: Final = (OSError, ValueError, EOFError, TypeError)


@dataclass(frozen=True, slots=True)
class Scanned:
    """The report without its times, as JSON in pieces, and what it took."""

    frame: tuple[str, ...]
    parts: Sequence[Part]
    seconds: float
    cached: bool

    @property
    def text(self) -> str:
        """The report, joined."""
        from parity.report.scan_document import framed

        return "".join(framed(self.frame, self.parts))

    @property
    def document(self) -> dict[str, Any]:
        """The report as it is read."""
        document: dict[str, Any] = json.loads(self.text)
        return document

    @property
    def without_units(self) -> dict[str, Any]:
        """The report without its units, which are most of it."""
        from parity.report.scan_document import without_units

        return without_units(self.frame, self.parts)

    def write(self, into: IO[bytes]) -> None:
        """Writes the report with its times; it may be large, and is not joined."""
        from parity.report.scan_document import framed

        times = {"scan": round(self.seconds, 3), "cached": self.cached}
        *before, last = self.frame
        timed = (*before, f'{last[:-1]},"times":{json.dumps(times)}}}\n')
        for piece in framed(timed, self.parts):
            into.write(piece.encode("ascii"))


def scan(project: Path, path: Path | None = None) -> Scanned:
    """Scans the sources that the config names, or `path`: a source root, or a package below one."""
    began = time.perf_counter()
    return _scanned(gather(_options(project, path)), began)


def _scanned(gathered: Gathered, began: float) -> Scanned:
    """The report of what was gathered, made where it is not kept."""
    recalled = _recalled(gathered)
    frame, parts = recalled if recalled is not None else _made(gathered)
    return Scanned(frame, parts, time.perf_counter() - began, cached=recalled is not None)


def base_of(project: Path, path: Path | None) -> Path:
    """The folder that the files of a scan are named from."""
    return _options(project, path).base


def gathered_of(config: Config) -> Gathered:
    """The sources that a config names, read; the scan of an unchanged project needs no more."""
    return gather(_of_config(config, config.sources, config.root, "", config.private))


def report_of(gathered: Gathered) -> dict[str, Any]:
    """The report of what was gathered, made where it is not kept."""
    return _scanned(gathered, time.perf_counter()).document


def confirm(project: Path, path: Path | None, command: Sequence[str]) -> Scanned:
    """Scans, runs `command` where one stands, and says in the report what the run showed.

    Raises ParityError where it cannot be run, or runs no Python of the project.
    """
    from parity.report.scan_document import divided
    from parity.scan.confirming import confirm as confirmed

    began = time.perf_counter()
    base = _options(project, path).base
    document = scan(project, path).document
    files = sorted({str((base / unit["file"]).resolve()) for unit in document["units"]})
    status, seen = _watched(command, files)
    if not any(found["ran"] for found in seen):
        raise ParityError(
            "the command ran nothing of what was scanned",
            where=" ".join(command),
            why=f"it ended with {status}, and no Python process that it started came from there",
            next_step="run it by itself: does it import the sources, not an installed copy, "
            "and not with `python -I`?",
        )
    confirmed(document, seen, base)
    document["confirmed"] = {"command": list(command), "status": status, **document["confirmed"]}
    frame, part = divided(document)
    return Scanned(frame, [part], time.perf_counter() - began, cached=False)


def _watched(command: Sequence[str], files: Sequence[str]) -> tuple[int, list[Any]]:
    """The exit status of a command, and what was seen in each of its Python processes."""
    hook = Path(__file__).parent.parent / "scan" / "hook"
    with tempfile.TemporaryDirectory() as folder:
        listed, into = Path(folder) / "files", Path(folder) / "seen"
        into.mkdir()
        listed.write_text("\n".join(files), "utf-8")
        found = [str(hook), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(found),
            "PARITY_SCAN_FILES": str(listed),
            "PARITY_SCAN_SEEN": str(into),
        }
        try:
            status = subprocess.run(command, env=env, stdout=sys.stderr, check=False).returncode
        except OSError as error:
            raise ParityError(
                f"{command[0]} cannot be run",
                where=" ".join(command),
                why=error.strerror or str(error),
                next_step="give the command after `--` as a shell would take it",
            ) from error
        return status, [json.loads(one.read_bytes()) for one in sorted(into.iterdir())]


def _made(gathered: Gathered) -> tuple[tuple[str, ...], list[Part]]:
    """The frame and the parts of a report, which are kept; of the millions of objects on the way
    hardly any is in a cycle."""
    from parity.report.scan_document import frame_of, notes_of, scan_document
    from parity.scan.keeping import side_by_side
    from parity.scan.scanning import in_order, joined, plan, summed

    with without_collecting():
        planned = plan(gathered)
        found = {at: _known_part(planned, at) for at in range(len(planned.components))}
        missing = [at for at, part in found.items() if part is None]
        missing.sort(key=planned.size, reverse=True)
        size = sum(map(planned.size, missing))
        found.update(side_by_side(lambda at: (at, _made_part(planned, at)), missing, size))
        parts = [part for _, part in sorted(found.items()) if part is not None]
        head = replace(
            joined(planned, []),
            notes=in_order([*planned.notes, *(note for one in parts for note in notes_of(one))]),
            totals=summed([one.totals for one in parts]),
        )
        frame = frame_of(scan_document(head))
        _keep(gathered, frame, [planned.key(at) for at, _ in sorted(found.items())])
        return frame, parts


def _made_part(planned: Plan, at: int) -> Part:
    from parity.report.scan_document import part_of
    from parity.scan.scanning import solve

    part = part_of(solve(planned, at))
    _keep_part(planned, at, part)
    return part


def _keep_part(planned: Plan, at: int, part: Part) -> None:
    cache, key = planned.gathered.options.cache, planned.key(at)
    if cache is not None:
        kept = (part.lists, part.notes, part.totals, part.modules, part.entered)
        write_quietly(cache / f"part-{key}", marshal.dumps(kept))
        _forget(cache, "part-*", PARTS)
        _note_last(planned, at, cache)


def _note_last(planned: Plan, at: int, cache: Path) -> None:
    """Notes what a group was last: what changes next is compared with that."""
    now = (planned.key(at), planned.contents(at))
    before = [one for one in _last(planned, at, cache) if one[0] != now[0]]
    kept = marshal.dumps([now, *before][:LAST])
    write_quietly(cache / f"last-{planned.place(at)}", kept)
    _forget(cache, "last-*", PARTS)


def _last(planned: Plan, at: int, cache: Path) -> list[tuple[str, list[str]]]:
    """The keys of a group as it was the last few times, and of its files."""
    try:
        kept: list[Any] = marshal.loads((cache / f"last-{planned.place(at)}").read_bytes())
        return [(key, contents) for key, contents in kept]
    except UNREADABLE:
        return []


def _known_part(planned: Plan, at: int) -> Part | None:
    """What is kept of a group; or was, where all that changed since means what it meant."""
    cache = planned.gathered.options.cache
    if cache is None:
        return None
    same = _recalled_part(cache, planned.key(at))
    if same is not None:
        return same
    for key, contents in _last(planned, at, cache):
        part = _moved_part(planned, at, cache, key, contents)
        if part is not None:
            _keep_part(planned, at, part)
            return part
    return None


def _moved_part(planned: Plan, at: int, cache: Path, key: str, contents: list[str]) -> Part | None:
    from parity.report.scan_moved import moved_part

    files = planned.moved(at, contents)
    last = _recalled_part(cache, key) if files else None
    return moved_part(last, files) if last is not None and files else None


def _recalled_part(cache: Path, key: str) -> Part | None:
    from parity.report.scan_document import Part

    try:
        return Part(*marshal.loads((cache / f"part-{key}").read_bytes()))
    except UNREADABLE:
        return None


def _options(project: Path, path: Path | None) -> ScanOptions:
    if path is None:
        config = find_config(project)
        return _of_config(config, config.sources, config.root, "", config.private)
    if not path.is_dir():
        raise ParityError(
            f"there is no folder {path}",
            where=None,
            why="it is a file" if path.exists() else "nothing has that name",
            next_step="name a source root, or a package",
        )
    root, only = _root_of(path.resolve())
    found = config_above(path)
    private = found.private if found is not None else private_folder(root)
    return _of_config(found, [root], root, only, private)


def _of_config(
    config: Config | None, roots: list[Path], base: Path, only: str, private: Path
) -> ScanOptions:
    table = config.table.scan if config is not None else ScanConfig()
    effects = tuple(config.root / file for file in table.effects) if config is not None else ()
    users = tuple(table.users)
    beside = tuple(_beside(config, roots, only)) if users else ()
    exclude = tuple(table.exclude)
    packaging = packaging_files(one for one in map(_project_of, roots) if one is not None)
    cache = private / "scan"
    return ScanOptions(roots, base, exclude, effects, cache, only, users, beside, packaging)


def _beside(config: Config | None, roots: Sequence[Path], only: str) -> list[Path]:
    """The folders in which users may lie: those above the roots, up to that of the project."""
    found: dict[Path, None] = {}
    for root in roots:
        top = config.root.resolve() if config is not None else _project_of(root)
        folder = root if only else root.parent
        while top is not None and folder.is_relative_to(top):
            found[folder] = None
            folder = folder.parent
    return sorted(found, key=lambda one: len(one.parts), reverse=True)


def _project_of(root: Path) -> Path | None:
    """The nearest folder from a root upwards that holds what a project has at its top."""
    for folder in (root, *root.parents):
        if any((folder / name).exists() for name in OF_PROJECTS):
            return folder
    return None


def _root_of(path: Path) -> tuple[Path, str]:
    """The source root of a folder, and the top package where the folder is in one."""
    root = path
    while (root / "__init__.py").is_file() and root.parent != root:
        root = root.parent
    return root, path.relative_to(root).parts[0] if path != root else ""


def _place(gathered: Gathered) -> Path | None:
    cache = gathered.options.cache
    return cache / f"report-{gathered.key[:32]}" if cache is not None else None


def _recalled(gathered: Gathered) -> tuple[tuple[str, ...], list[Part]] | None:
    """The report of what did not change: its frame, with the parts that are kept beside it."""
    place = _place(gathered)
    if place is None:
        return None
    try:
        frame, keys = marshal.loads(place.read_bytes())
        found = [_recalled_part(place.parent, key) for key in keys]
    except UNREADABLE:
        return None
    parts = [part for part in found if part is not None]
    return (frame, parts) if len(parts) == len(found) else None


def _keep(gathered: Gathered, frame: tuple[str, ...], keys: list[str]) -> None:
    place = _place(gathered)
    if place is None:
        return
    write_quietly(place, marshal.dumps((frame, keys)))
    _forget(place.parent, "report-*", REPORTS)


def _forget(folder: Path, pattern: str, kept: int) -> None:
    """Leaves the newest of what was kept."""
    with suppress(OSError):
        found = sorted(folder.glob(pattern), key=lambda one: one.stat().st_mtime_ns)
        for old in found[:-kept]:
            old.unlink()
