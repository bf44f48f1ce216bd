"""Every coupling that the sample's README lists is found, with its line."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan

ROOT = Path(__file__).resolve().parents[3]
LEGACY = ROOT / "legacy_py"
LISTED = re.compile(r"^\| ([^|]+) \| `(sable/\w+\.py):(\d+)` \|", re.MULTILINE)
KINDS = {
    "context bag": "context bag",
    "global counter": "global state",
    "clock": "clock",
    "computes and does I/O": "computes and does I/O",
    "status written on the way": "status on the way",
    "module-level cache": "global state",
    "collaborator made in a constructor": "collaborator made in a constructor",
    "thread pool": "threads",
    "lock": "lock",
    "random id": "random",
    "environment": "environment",
}
"""What the README calls a coupling, and what `scan` calls its kind."""


def listed() -> list[tuple[str, str, int]]:
    text = (LEGACY / "README.md").read_text("utf-8")
    return [(name, file, int(line)) for name, file, line in LISTED.findall(text)]


@cache
def scanned() -> Scan:
    return scan(gather(ScanOptions([LEGACY], LEGACY)))


def marked_lines(file: Path, line: int) -> range:
    """The lines of the statement that a marker stands in, or stands above."""
    tree = ast.parse(file.read_text("utf-8"))
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    within = [one for one in statements if one.lineno <= line <= (one.end_lineno or 0)]
    exact = [one for one in within if one.lineno == line or not hasattr(one, "body")]
    if exact:
        best = max(exact, key=lambda one: one.lineno)
    else:
        best = min((one for one in statements if one.lineno > line), key=lambda one: one.lineno)
    return range(best.lineno, (best.end_lineno or best.lineno) + 1)


def test_the_readme_lists_all_that_the_sources_mark() -> None:
    marks = set()
    for file in (LEGACY / "sable").glob("*.py"):
        for number, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            if "# coupling:" in text:
                marks.add((text.partition("# coupling:")[2].strip(), f"sable/{file.name}", number))
    assert marks == set(listed())
    assert len(marks) == len(KINDS)


@pytest.mark.parametrize(("name", "file", "line"), listed())
def test_a_listed_coupling_is_found_with_its_line(name: str, file: str, line: int) -> None:
    lines = marked_lines(LEGACY / file, line)
    found = [one for one in scanned().couplings if one.file == file and one.line in lines]
    assert KINDS[name] in {one.kind for one in found}
