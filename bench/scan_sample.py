"""`parity scan` on the sample, scored as the servers of `bench/scan.py` are: lines 8.1 and 8.2.

    python bench/scan_sample.py [--folder FOLDER [--again]] [--without-users]

Its tests start processes, so it is `parity scan --confirm` that watches: one run of each half of
the test files. What was seen counts whether a test passed or not. Exits with 1 where a line is not
met.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench.scan import FREE, tell_edges  # noqa: E402 - this checkout's

PACKAGE = ROOT / "legacy_py" / "sable"
TESTS = ROOT / "tests" / "legacy"


def main() -> int:
    """Scans, runs both halves, prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="what was seen is kept there")
    parser.add_argument("--again", action="store_true", help="what is kept there counts")
    parser.add_argument("--without-users", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        static = _scan(Path(temporary), alone=options.without_users)
        seen = [_seen(half, folder, again=options.again) for half in (0, 1)]
    return 0 if _told(static, seen) else 1


def _scan(project: Path, *, alone: bool) -> dict[str, Any]:
    config = f"sources = ['{PACKAGE.parent}']\n[scan]\n" + ("users = []\n" if alone else "")
    (project / "parity.toml").write_text(config, "utf-8")
    where = ["-C", str(project)] if alone else []
    what = [] if alone else [str(PACKAGE)]
    return _parity([*where, "scan", *what, "--json"])


def _seen(half: int, folder: Path, *, again: bool) -> dict[str, Any]:
    """The report of a run of half of the test files."""
    kept = folder / f"half-{half}.json"
    if not (again and kept.is_file()):
        files = [str(one) for one in sorted(TESTS.glob("test_*.py")) if _half(one) == half]
        tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
        found = _parity(["scan", str(PACKAGE), "--json", "--confirm", "--", *tests])
        kept.write_text(json.dumps(found), "utf-8")
    document: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return document


def _half(file: Path) -> int:
    return crc32(file.name.encode()) % 2


def _parity(arguments: Sequence[str]) -> dict[str, Any]:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "parity", *arguments]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env, cwd=ROOT)
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def _told(static: dict[str, Any], seen: Sequence[dict[str, Any]]) -> bool:
    units, calls = static["units"], static["totals"]["calls"]
    share = calls["resolved"] / (calls["resolved"] + calls["unresolved"])
    opaque = static["totals"]["own_class"]["opaque"] / len(units)
    print(f"== legacy_py: {static['files']} files, {static['lines']} lines, {len(units)} units")
    print(f"calls within it with a target: {share:.1%}; opaque by themselves: {opaque:.1%}")
    targets = {unit["id"]: {call["to"] for call in unit["calls"]} for unit in units}
    halves = [_edges(one) for one in seen]
    ran = {unit["id"] for one in seen for unit in one["units"] if unit["ran"]}
    met = tell_edges(targets, halves, ran) & _labels(static, seen, ran)
    return met and share >= 0.95 and opaque <= 0.10


def _edges(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (unit["id"], call["to"])
        for unit in document["units"]
        for call in unit["calls"]
        if call["seen"]
    }


def _labels(static: dict[str, Any], seen: Sequence[dict[str, Any]], ran: set[str]) -> bool:
    """Whether no unit that ran and is labelled free of I/O did any, itself or in what it calls."""
    free = {unit["id"] for unit in static["units"] if unit["class"] in FREE and unit["id"] in ran}
    wrong = {
        unit["id"]
        for one in seen
        for unit in one["units"]
        if unit["id"] in free and unit["class"] not in FREE
    }
    silent = {one["unit"] for found in seen for one in found["confirmed"]["refuted"]}
    print(f"of {len(free)} units that ran and are labelled free of I/O, {len(wrong)} reach some")
    print(f"{len(silent)} were seen doing I/O in their own bodies and are missed silently")
    for name in sorted(wrong | silent):
        print(f"  wrong: {name}")
    return not wrong and not silent


if __name__ == "__main__":
    sys.exit(main())
