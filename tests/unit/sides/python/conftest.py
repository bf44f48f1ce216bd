"""A project of one module, and a worker that has loaded units of it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sides.python.border import Border

Opened = Callable[..., Border]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Starts a worker on `text` as module `mod`; every function and class of it is a unit."""
    borders: list[Border] = []

    def start(
        text: str,
        *names: str,
        interpreter: str = sys.executable,
        env: dict[str, str] | None = None,
        memory: int | None = None,
        **unit: Any,
    ) -> Border:
        (tmp_path / "mod.py").write_text(textwrap.dedent(text))
        border = Border(tmp_path, interpreter, env or {})
        borders.append(border)
        assert "ready" in border.hello(memory=memory)
        for told in border.load(*({"id": one, "python": f"mod:{one}", **unit} for one in names)):
            assert "loaded" in told, told
        return border

    yield start
    for border in borders:
        border.__exit__()
