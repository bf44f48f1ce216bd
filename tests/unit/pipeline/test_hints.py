"""What is told beside the verdicts of a run."""

from __future__ import annotations

from pathlib import Path

from parity.config import Config, ConfigTable
from parity.pipeline.run import hints_of


def test_of_many_fixtures_without_a_unit_a_few_are_named(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"unit{number:02}.jsonl").write_text('{"id": "a", "args": []}\n')
    config = Config(tmp_path, tmp_path / "parity.toml", ConfigTable(sources=["."], fixtures="."))
    told = hints_of(config, ())
    assert len(told) == 5
    assert told[0].startswith("unit00.jsonl belongs to no unit of the map")
    assert told[-1] == "36 more files of fixtures belong to no unit of the map"
    (tmp_path / "unit05.jsonl").unlink()
    for number in range(6, 40):
        (tmp_path / f"unit{number:02}.jsonl").unlink()
    assert len(hints_of(config, ())) == 5
