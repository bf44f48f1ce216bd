"""What causes parity finds for a file of differences, and whether they are right.

`python bench/causes.py FILE [--causes TOML] [--out DIR] [--only ID ...] [--fuzzed F]`. FILE is what
`bench/catalogue.py` takes; an entry may name right ids itself (`causes`).
Each entry's Python is held against its naive Java on the revealing and benign inputs; with
`--fuzzed`, the findings are those that `bench/catalogue_fuzz.py --write F` wrote. `--causes` says
which ids are right for which entry, where the entries do not say it themselves. An entry counts as
right where each of its findings has a proven cause, and each of these is right. Exits with 1 where
a wrong cause was proven, or, with `--least N`, where fewer than N are right.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.catalogue import Entry, read_entries
from bench.catalogue_project import unit_of, write_project
from bench.project import folder_for, run_parity, trouble_of

CAUSES = Path(__file__).parent / "catalogue" / "causes.toml"
KINDS = ("right", "unproven", "none", "wrong", "unmeasured", "refused")


@dataclass(frozen=True)
class Judged:
    """What came of one entry: a word of KINDS, and the causes that were told."""

    entry: Entry
    kind: str
    told: str


def right_causes(file: Path) -> dict[str, list[str]]:
    """Which ids are right, by entry."""
    causes: dict[str, list[str]] = tomllib.loads(file.read_text("utf-8"))["causes"]
    return causes


def judged(entry: Entry, unit: Mapping[str, Any] | None, right: Sequence[str] | None) -> Judged:
    """Whether the causes of an entry's findings are right."""
    if unit is None or unit.get("error"):
        return Judged(entry, "unmeasured", trouble_of(unit) if unit else "it is not in the report")
    findings = [one for one in unit["findings"] if one["verdict"] == "differs"]
    causes = [one["cause"] for one in findings]
    told = ", ".join(f"{text} ({count})" for text, count in Counter(map(_text, causes)).items())
    if not findings:
        kind = "refused" if not entry.revealing and not right else "unmeasured"
        return Judged(entry, kind, "nothing differs")
    proven = [one for one in causes if one is not None and one["proven"]]
    ids = {name for one in proven for name in (one["id"], *one.get("also", []))}
    if ids - set(right or ()):
        return Judged(entry, "wrong", told)
    if not right:
        return Judged(entry, "refused", told)
    if len(proven) == len(causes):
        return Judged(entry, "right", told)
    return Judged(entry, "unproven" if any(causes) else "none", told)


def _text(cause: Mapping[str, Any] | None) -> str:
    if cause is None:
        return "none"
    ids = "+".join([cause["id"], *cause.get("also", [])])
    rivals = " or ".join(["", *cause.get("rivals", [])])
    word = "" if cause["proven"] else "perhaps "
    return f"{word}{ids}{rivals} {cause['explains']}/{cause['of']}"


def measure(folder: Path, entries: Sequence[Entry], right: Mapping[str, list[str]]) -> list[Judged]:
    """Runs all entries and judges what was told."""
    write_project(folder, entries, sides=("naive",), inputs=("benign", "revealing"))
    told = run_parity(folder)
    if told.errors and not told.report:
        raise SystemExit(told.errors)
    (folder / "report.json").write_text(json.dumps(told.report), "utf-8")
    return judged_all(entries, told.units, right)


def units_fuzzed(file: Path) -> dict[str, Mapping[str, Any]]:
    """The units of the naive Java, as fuzzing told them."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return {row["unit"]["id"]: row["unit"] for row in rows if row["side"] == "naive"}


def judged_all(
    entries: Sequence[Entry], units: Mapping[str, Any], right: Mapping[str, list[str]]
) -> list[Judged]:
    """What the units of a report say of their entries."""
    return [
        judged(
            entry,
            units.get(unit_of(entry, "naive")),
            entry.line.get("causes", right.get(str(entry.line["id"]))),
        )
        for entry in entries
    ]


def main() -> int:
    """Measures a file and prints what was told of each entry."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--causes", type=Path, default=CAUSES)
    parser.add_argument("--out", type=Path, help="folder of the project; it stays")
    parser.add_argument("--only", nargs="*", default=[], help="ids of entries")
    parser.add_argument("--fuzzed", type=Path, help="what catalogue_fuzz.py --write has written")
    parser.add_argument("--least", type=int, default=0, help="how many have to be right")
    options = parser.parse_args()
    entries = read_entries(options.file)
    if options.only:
        entries = [one for one in entries if one.line["id"] in options.only]
    right = right_causes(options.causes)
    if options.fuzzed:
        results = judged_all(entries, units_fuzzed(options.fuzzed), right)
    else:
        with folder_for(options.out) as folder:
            results = measure(folder, entries, right)
    console = Console(width=150, highlight=False, markup=False)
    table = Table("entry", "causes", "told", box=None, pad_edge=False)
    for one in results:
        table.add_row(str(one.entry.line["id"]), one.kind, one.told)
    console.print(table)
    counts = Counter(one.kind for one in results)
    wanted = sum(bool(one.kind != "refused") for one in results)
    print(
        f"right cause proven for {counts['right']} of {wanted}, "
        f"wrong cause proven for {counts['wrong']} of {len(results)}; "
        + ", ".join(f"{counts[kind]} {kind}" for kind in KINDS[1:] if counts[kind])
    )
    return 1 if counts["wrong"] or counts["right"] < options.least else 0


if __name__ == "__main__":
    sys.exit(main())
