"""Generators are keyed by construct: nothing of a catalogue that judges them stands in them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = (
    ROOT.parent / "shared" / "semantic_catalogue.json",
    ROOT / "bench" / "catalogue" / "held_out.json",
)
SOURCES = [
    *(ROOT / "parity" / "fuzz").glob("*.py"),
    *(ROOT / "parity" / "pipeline").glob("fuzz*.py"),
]
COMMON = re.compile(r"bytes|[A-Za-z0-9+/]{2,3}={1,2}")  # a type, one byte in base64
LONG = 4  # shorter texts and numbers are everybody's
ROUND = {2**n + m for n in range(65) for m in (-1, 0, 1)} | {10**n for n in range(40)}


def constants() -> set[Any]:
    """Every text and number in the code, docstrings and comments left out."""
    assert len(SOURCES) > 5
    trees = [ast.parse(file.read_text("utf-8")) for file in SOURCES]
    found = (one.value for tree in trees for one in ast.walk(tree) if isinstance(one, ast.Constant))
    return {one for one in found if isinstance(one, str | int | float)}


def literals(value: Any) -> Iterator[Any]:
    """The texts and numbers within an input that say where they come from."""
    if isinstance(value, list):
        for one in value:
            yield from literals(one)
    elif isinstance(value, str) and len(value) >= LONG and not COMMON.fullmatch(value):
        yield value
    elif isinstance(value, int) and len(str(abs(value))) > LONG and abs(value) not in ROUND:
        yield abs(value)


@pytest.mark.parametrize("file", CATALOGUES, ids=["visible", "held out"])
def test_no_id_and_no_literal_of_a_catalogue_stands_in_the_code(file: Path) -> None:
    if not file.is_file():
        pytest.skip(f"there is no {file.name} beside the checkout")
    entries = json.loads(file.read_text("utf-8"))["entries"]
    ids = {entry["id"] for entry in entries if "-" in entry["id"]}
    revealing = {one for entry in entries for one in literals(entry["revealing_inputs"])}
    assert len(ids) > 40
    assert constants() & (ids | revealing) == set()
