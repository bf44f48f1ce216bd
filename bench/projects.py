"""Runs the foreign projects of tests/projects and prints one table of verdicts.

`python bench/projects.py [FOLDER...]`: the published library pairs where none is named. Exits with
the worst status of the projects: 0 agree, 1 differ, 2 could not tell.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PROJECTS = ROOT / "tests" / "projects"
PUBLISHED = [
    "geohashes",
    "phone_numbers",
    "queries",
    "short_ids",
    "text_metrics",
    "transliteration",
    "versions",
]
WORST = [0, 2, 1]  # exit statuses, least bad first


@dataclass(frozen=True)
class Outcome:
    """What `parity run --json` said of one project."""

    name: str
    status: int
    report: dict[str, Any]
    errors: str


def run_project(folder: Path) -> Outcome:
    """One `parity run` in a folder."""
    command = [sys.executable, "-m", "parity", "-C", str(folder), "run", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout) if done.stdout.strip() else {"units": []}
    return Outcome(folder.name, done.returncode, report, done.stderr.strip())


def table_of(outcomes: list[Outcome]) -> Table:
    """A row per unit, the projects one below the other."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("project", "unit", "counterpart"):
        table.add_column(name, no_wrap=True, max_width=40, overflow="ellipsis")
    for name in ("fixtures", "matched", "allowed", "differs", "unknown"):
        table.add_column(name, justify="right", min_width=len(name))
    table.add_column("verdict", min_width=len("differs"))
    for outcome in outcomes:
        for index, unit in enumerate(outcome.report["units"]):
            counts = [unit[name] for name in ("matched", "allowed", "differs", "unknown")]
            numbers = [str(count) if count else "-" for count in counts]
            name = outcome.name if index == 0 else ""
            counterpart = " ".join(unit["java"].split()).replace("[", r"\[")
            cells = [unit["id"], counterpart, str(unit["fixtures"]), *numbers, unit["verdict"]]
            table.add_row(name, *cells)
    return table


def main() -> int:
    """Runs the projects and prints what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", help="folders below tests/projects")
    names = parser.parse_args().folders or PUBLISHED
    started = time.monotonic()
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(run_project, [PROJECTS / name for name in names]))
    console = Console(width=170, highlight=False)
    for outcome in outcomes:
        if outcome.status == 2:
            told = [unit["error"]["what"] for unit in outcome.report["units"] if "error" in unit]
            console.print(f"{outcome.name}: {outcome.errors or '; '.join(told)}", markup=False)
    console.print(table_of(outcomes))
    units = [unit for outcome in outcomes for unit in outcome.report["units"]]
    verdicts = [unit["verdict"] for unit in units]
    counts = {word: verdicts.count(word) for word in ("matched", "allowed", "differs", "unknown")}
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    fixtures = sum(unit["fixtures"] for unit in units)
    seconds = time.monotonic() - started
    console.print(
        f"{len(outcomes)} library pairs, {len(units)} units on {fixtures} fixtures: {told}"
        f" ({seconds:.0f} s)"
    )
    return max((outcome.status for outcome in outcomes), key=WORST.index)


if __name__ == "__main__":
    sys.exit(main())
