"""`parity scan`: what is in a project, read and never run; an unchanged one from the last scan."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from parity.config import Config, ScanConfig, config_above, find_config, private_folder
from parity.errors import ParityError
from parity.pipeline.collecting import without_collecting
from parity.remembered import write_quietly
from parity.report.scan_document import scan_document
from parity.scan import Gathered, ScanOptions, gather
from parity.scan import scan as scan_sources

REPORTS = 4
"""As many reports of a project are kept: of folders of its own, say."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """The report as JSON, in UTF-8 and without its times, and what it took."""

    data: bytes
    seconds: float
    cached: bool

    @property
    def document(self) -> dict[str, Any]:
        """The report."""
        document: dict[str, Any] = json.loads(self.data)
        return document

    def write(self, into: IO[bytes]) -> None:
        """Writes the report with its times; it may be large, and is not copied."""
        times = {"scan": round(self.seconds, 3), "cached": self.cached}
        into.write(memoryview(self.data)[:-1])
        into.write(f',"times":{json.dumps(times)}}}\n'.encode())


def scan(project: Path, path: Path | None = None) -> Scanned:
    """Scans the sources that the config names, or `path`: a source root, or a package below one."""
    began = time.perf_counter()
    options = _options(project, path)
    gathered = gather(options)
    data = _recalled(gathered)
    cached = data is not None
    if data is None:
        text = _made(gathered)
        _keep(gathered, text)
        data = text.encode("ascii")
    return Scanned(data, time.perf_counter() - began, cached)


def gathered_of(config: Config) -> Gathered:
    """The sources that a config names, read; the scan of an unchanged project needs no more."""
    return gather(_of_config(config, config.sources, config.root, "", config.private))


def report_of(gathered: Gathered) -> dict[str, Any]:
    """The report of what was gathered, made where it is not kept."""
    data = _recalled(gathered)
    if data is None:
        text = _made(gathered)
        _keep(gathered, text)
        data = text.encode("ascii")
    document: dict[str, Any] = json.loads(data)
    return document


def _made(gathered: Gathered) -> str:
    """The report as JSON text; of the millions of objects on the way hardly any is in a cycle."""
    with without_collecting():
        return json.dumps(scan_document(scan_sources(gathered)), separators=(",", ":"))


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
    return ScanOptions(roots, base, tuple(table.exclude), effects, private / "scan", only)


def _root_of(path: Path) -> tuple[Path, str]:
    """The source root of a folder, and the top package where the folder is in one."""
    root = path
    while (root / "__init__.py").is_file() and root.parent != root:
        root = root.parent
    return root, path.relative_to(root).parts[0] if path != root else ""


def _place(gathered: Gathered) -> Path | None:
    cache = gathered.options.cache
    return cache / f"report-{gathered.key[:32]}.json" if cache is not None else None


def _recalled(gathered: Gathered) -> bytes | None:
    place = _place(gathered)
    try:
        return place.read_bytes() if place is not None else None
    except OSError:
        return None


def _keep(gathered: Gathered, text: str) -> None:
    place = _place(gathered)
    if place is None:
        return
    write_quietly(place, text)
    try:
        kept = sorted(place.parent.glob("report-*.json"), key=lambda one: one.stat().st_mtime_ns)
        for old in kept[:-REPORTS]:
            old.unlink()
    except OSError:
        pass
