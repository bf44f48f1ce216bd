"""What is saved while something runs is one save."""

from __future__ import annotations

from pathlib import Path

from parity.config import find_config
from parity.pipeline.watch import Saves


def test_what_a_build_writes_file_by_file_is_one_save(tmp_path: Path) -> None:
    (tmp_path / "parity.toml").write_text('sources = ["src"]\n', "utf-8")
    (tmp_path / "src").mkdir()
    config = find_config(tmp_path)
    names = [tmp_path / f"{letter}.class" for letter in "abc"]
    saves = Saves(list)
    for name in names:
        name.write_bytes(b"")
        saves._changes.put({name})
    assert saves.next(config) == tuple(names)
    assert saves._changes.empty()
