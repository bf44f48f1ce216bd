"""`parity scan --html`: a scan, and what the project says of its units, to be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parity.config import Config, config_above
from parity.pipeline.scan import base_of
from parity.pipeline.status import status
from parity.report.scan_page import Beside, ScanPage
from parity.scan.reading import text_of


def page_of(project: Path, path: Path | None, document: Mapping[str, Any]) -> ScanPage:
    """All that there is to show of a scan; nothing of the project is built, imported or run."""
    base = base_of(project, path)
    config = config_above(path if path is not None else project)
    title = (path or project).resolve().name
    own = config is not None and (path is None or _is_within(path.resolve(), config))
    beside = _beside(config) if config is not None and own else {}
    return ScanPage(title, document, lambda file: _text(base / file), beside)


def _text(file: Path) -> str:
    try:
        return text_of(file.read_bytes())
    except OSError:
        return ""


def _is_within(path: Path, config: Config) -> bool:
    return any(path.is_relative_to(source.resolve()) for source in config.sources)


def _beside(config: Config) -> dict[str, Beside]:
    """Counterpart, state and owner of each unit that the ledger has."""
    return {
        one.id: Beside(" ".join(one.java.split()), one.state, one.owner)
        for one in status(config).entries
    }
