"""`parity port --skeleton --values`: beside each line of the Python what its expressions were."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.functional.conftest import Project

SHOP = """\
import os
from decimal import Decimal


def share(total, people, name=None):
    if people < 0 or total is None:
        return None
    each = total // max(people, 1)
    label = f"{name}:{each}".upper()
    each *= 2
    done = [n - 1 for n in range(people)]
    return {"each": each, "label": label[:4], "tax": Decimal(total) / 8, "left": len(done)}


def writes(path):
    with open(path, "w") as file:
        file.write("x")
    return len(path) + 1


def never(n):
    return n * 2
"""
FIXTURES = {
    "share": [[100, 3], [-7, 2, "ann"], [0, 0], [2**40, 1, "b"], [5, -1]],
    "writes": [["{folder}/touched"]],
}


@pytest.fixture
def shop(project: Project) -> Project:
    files = {"src/shop.py": SHOP, "parity.map.toml": ""}
    for name, inputs in FIXTURES.items():
        lines = [json.dumps({"parity": 1, "unit": f"shop:{name}"})]
        lines += [json.dumps({"id": f"n{i}", "args": args}) for i, args in enumerate(inputs)]
        text = "\n".join(lines) + "\n"
        files[f"fixtures/shop/{name}.jsonl"] = text.replace("{folder}", str(project.folder))
    return project.write(files)


def comments(project: Project, name: str) -> dict[str, str]:
    """What is told below each line of the Python, by the line."""
    (file,) = (project.folder / "out/src/main/java").rglob(f"{name.title()}.java")
    lines = [line.strip()[2:].strip() for line in file.read_text("utf-8").splitlines()]
    return {line: below[1:].strip() for line, below in pairwise(lines) if below.startswith("# ")}


def started(project: Project, name: str, *options: str) -> None:
    out = str(project.folder / "out")
    told = project.parity("port", f"shop:{name}", "--skeleton", "--out", out, *options)
    assert told.status == 0, told.text


def test_types_and_ranges_of_expressions_are_told(shop: Project) -> None:
    started(shop, "share", "--values")
    told = comments(shop, "share")
    assert told["if people < 0 or total is None:"].startswith("people: int, -1 … 3; total: int, -7")
    assert (
        "total // max(people, 1): int, -4 … 1099511627776" in told["each = total // max(people, 1)"]
    )
    assert "max(people, 1): int, 1 … 3" in told["each = total // max(people, 1)"]
    assert ".upper(): str, 6 … 15 long" in told['label = f"{name}:{each}".upper()']
    assert told["each *= 2"].startswith("each: int, -4 … 1099511627776")
    assert "n: int, 0 … 2" in told["done = [n - 1 for n in range(people)]"]
    last = next(one for line, one in told.items() if line.startswith("return {"))
    assert "Decimal(total) / 8: Decimal, -0.875 … 137438953472" in last
    assert "len(done): int, 0 … 3" in last


def test_without_it_nothing_is_run_and_nothing_is_told(shop: Project) -> None:
    shop.write({"src/shop.py": SHOP + 'open("imported", "w").close()\n'})
    started(shop, "share")
    assert comments(shop, "share") == {}
    assert not list(Path(shop.folder).rglob("imported"))


def test_what_would_write_is_ended_before_it_does(shop: Project) -> None:
    started(shop, "writes", "--values")
    assert not (shop.folder / "touched").exists()
    assert comments(shop, "writes") == {}


def test_where_there_are_no_fixtures_there_is_nothing_to_tell(shop: Project) -> None:
    started(shop, "never", "--values")
    assert comments(shop, "never") == {}
