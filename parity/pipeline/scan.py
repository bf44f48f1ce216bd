"""`parity scan`: what is in a project, read and never run; an unchanged one from the last scan."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.config import Config, config_above, private_folder
from parity.errors import ParityError
from parity.remembered import write_quietly
from parity.report.scan import scan_document
from parity.scan import Gathered, ScanOptions, gather
from parity.scan import scan as scan_sources

REPORTS = 4
"""As many reports of a project are kept: of folders of its own, say."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """The report as JSON text, without its times, and what it took."""

    text: str
    seconds: float
    cached: bool

    @property
    def document(self) -> dict[str, Any]:
        """The report."""
        document: dict[str, Any] = json.loads(self.text)
        return document

    @property
    def timed_text(self) -> str:
        """The report as JSON text, with its times."""
        times = {"scan": round(self.seconds, 3), "cached": self.cached}
        return f'{self.text[:-1]},"times":{json.dumps(times)}}}'


def scan(project: Path, path: Path | None = None) -> Scanned:
    """Scans the sources that the config names, or `path`: a source root, or a package below one."""
    began = time.perf_counter()
    options = _options(project, path)
    gathered = gather(options)
    text = _recalled(gathered)
    cached = text is not None
    if text is None:
        document = scan_document(scan_sources(gathered))
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        _keep(gathered, text)
    return Scanned(text, time.perf_counter() - began, cached)


def _options(project: Path, path: Path | None) -> ScanOptions:
    if path is None:
        from parity.config import find_config

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
    cache = private / "scan"
    if config is None:
        return ScanOptions(roots, base, ("test", "tests"), (), cache, only)
    table = config.table.scan
    effects = tuple(config.root / file for file in table.effects)
    return ScanOptions(roots, base, tuple(table.exclude), effects, cache, only)


def _root_of(path: Path) -> tuple[Path, str]:
    """The source root of a folder, and the top package where the folder is in one."""
    root = path
    while (root / "__init__.py").is_file() and root.parent != root:
        root = root.parent
    return root, path.relative_to(root).parts[0] if path != root else ""


def _place(gathered: Gathered) -> Path | None:
    cache = gathered.options.cache
    return cache / f"report-{gathered.key[:32]}.json" if cache is not None else None


def _recalled(gathered: Gathered) -> str | None:
    place = _place(gathered)
    try:
        return place.read_text("utf-8") if place is not None else None
    except (OSError, ValueError):
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
