"""Judges the causes that parity tells of a catalogue's naive Java.

`python bench/catalogue_causes.py FILE [--causes F] [--fuzzed F] [--only ID ...] [--out DIR]`. FILE
is what `bench/catalogue.py` takes; the causes are a TOML file with the accepted ids of each entry
(`[int-mod]`, `accepted = ["..."]`), beside which the entry's own id is accepted, and what an entry
names as `causes`. Without `--fuzzed` the units are run on all listed inputs; with it, the findings
are those that `bench/catalogue_fuzz.py --write F` wrote. Of each entry the cause is right and
proven, wrong and proven, right but not proven, or none. Exits with 0 where 85 % are right and
proven and none is wrong and proven, else with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.catalogue import Entry
from bench.catalogue_domains import DATA
from bench.catalogue_project import INPUTS, chosen_entries, mend, unit_of, write_project
from bench.fuzzing import cause_of
from bench.project import folder_for, run_parity

ENOUGH = 0.85  # 70 of 82
WORDS = ("right and proven", "wrong and proven", "right, not proven", "wrong, not proven", "none")


def accepted_ids(entry: Entry, causes: Mapping[str, Any]) -> set[str]:
    """The ids of causes that explain an entry."""
    named = causes.get(str(entry.line["id"]), {}).get("accepted", [])
    return {str(entry.line["id"]), *named, *entry.line.get("causes", [])}


def word_of(findings: Sequence[Mapping[str, Any]], accepted: Collection[str]) -> str:
    """What the causes of an entry's findings are worth; one that is wrong and proven spoils it."""
    causes = [one["cause"] for one in findings if one.get("cause")]
    proven = [one["id"] in accepted for one in causes if one["proven"]]
    if proven:
        return WORDS[0] if all(proven) else WORDS[1]
    if causes:
        return WORDS[2] if any(one["id"] in accepted for one in causes) else WORDS[3]
    return WORDS[4]


def units_run(folder: Path, entries: Sequence[Entry]) -> dict[str, Mapping[str, Any]]:
    """The units of the naive Java by the entry's id, run on all listed inputs."""
    broken = write_project(folder, entries, inputs=INPUTS)
    if broken:
        raise SystemExit("\n".join(f"error: {unit}: {why}" for unit, why in broken.items()))
    told = run_parity(folder)
    if not told.units:
        raise SystemExit(told.errors)
    return {str(entry.line["id"]): told.units[unit_of(entry, "naive")] for entry in entries}


def units_fuzzed(file: Path) -> dict[str, Mapping[str, Any]]:
    """The units of the naive Java by the entry's id, as fuzzing told them."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return {row["id"]: row["unit"] for row in rows if row["side"] == "naive"}


def main() -> int:
    """Judges a file and prints what is not right and proven."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--causes", type=Path, default=DATA / "causes.toml")
    parser.add_argument("--mended", type=Path, default=DATA / "mended.toml")
    parser.add_argument("--fuzzed", type=Path, help="what catalogue_fuzz.py --write has written")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID")
    parser.add_argument("--if-there", action="store_true", help="no FILE: say so, and end with 0")
    parser.add_argument("--out", type=Path, help="folder of the project; it stays")
    options = parser.parse_args()
    if options.if_there and not options.file.is_file():
        print(f"there is no {options.file}: nothing is judged")
        return 0
    entries = mend(chosen_entries(options.file, options.only), options.mended)
    known = options.causes.is_file()
    causes = tomllib.loads(options.causes.read_text("utf-8")) if known else {}
    if options.fuzzed:
        units = units_fuzzed(options.fuzzed)
    else:
        with folder_for(options.out) as folder:
            units = units_run(folder, entries)
    table = Table("entry", "cause is", "causes", "accepted", box=None, pad_edge=False)
    counts: Counter[str] = Counter()
    for entry in entries:
        name = str(entry.line["id"])
        findings = units.get(name, {}).get("findings", [])
        accepted = accepted_ids(entry, causes)
        word = word_of(findings, accepted)
        counts[word] += 1
        if word != WORDS[0]:
            told = ", ".join(sorted({cause_of(one) for one in findings} - {""}))
            table.add_row(name, word, told, ", ".join(sorted(accepted)))
    console = Console(width=150, highlight=False, markup=False)
    if table.row_count:
        console.print(table)
    told = ", ".join(f"{counts[word]} {word}" for word in WORDS)
    console.print(f"{len(entries)} entries: {told}")
    good = bool(entries) and counts[WORDS[0]] >= ENOUGH * len(entries) and not counts[WORDS[1]]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
