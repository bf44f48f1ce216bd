"""Published functions beside published counterparts: verdicts and causes against what was expected.

`python bench/unseen.py [--list F] [--jars DIR] [--out DIR] [--only ID ...]`. Each pair of
bench/unseen.toml says, from before the first run, on which inputs the sides agree, on which they
differ, and which causes are right. A verdict is right where each input has the one expected. A
cause is right where each finding has a right one, proven; of a pair without right causes, where
none is called proven. Exits with 0 where all verdicts are right and no wrong cause is proven, else
with 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import unseen_services
from bench.catalogue import Entry
from bench.catalogue_project import write_project
from bench.causes import judged
from bench.project import CONFIG, ROOT, folder_for, javac, name_of, run_parity, trouble_of
from bench.strangers import COPY

LISTED = ROOT / "bench" / "unseen.toml"
SIDE = "naive"


@dataclass(frozen=True)
class Scored:
    """What came of a pair: whether its verdicts are right, and what its causes are."""

    entry: Entry
    trouble: str
    causes: str
    told: str


def entry_of(name: str, pair: Mapping[str, Any]) -> Entry:
    """A pair as an entry of a catalogue."""
    if "module" in pair:
        return unseen_services.entry_of(name, pair)
    line = {
        "id": name,
        "signature": pair["signature"],
        "python_setup": pair.get("setup", ""),
        "python": pair["python"],
        "naive_java": pair["java"],
        "benign_inputs": pair["agree"],
        "revealing_inputs": pair["differ"],
        "causes": pair["causes"],
    }
    return Entry(name_of(name), line)


def scored(entry: Entry, unit: Mapping[str, Any] | None) -> Scored:
    """A pair's verdicts and causes against what was expected of it."""
    if unit is None or unit.get("error"):
        return Scored(entry, trouble_of(unit) if unit else "it does not compile", "unmeasured", "")
    found = {one["fixture"]: one["verdict"] for one in unit["findings"]}
    wrong = []
    for word, verdict in (("benign", "matched"), ("revealing", "differs")):
        for number, given in enumerate(entry.line[f"{word}_inputs"], 1):
            was = found.get(f"{word}-{number}", "matched")
            if was != verdict:
                wrong.append(f"{given}: {was}, not {verdict}")
    causes = judged(entry, unit, entry.line["causes"])
    return Scored(entry, "; ".join(wrong), causes.kind, causes.told)


def fetched(jars: Sequence[str], folder: Path) -> Path:
    """A folder with these Maven artifacts; those that are there are not fetched again."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in jars:
        _, artifact, version = name.split(":")
        if not (folder / f"{artifact}-{version}.jar").is_file():
            to = f"-DoutputDirectory={folder}"
            subprocess.run(["mvn", "-q", "-B", "-ntp", COPY, f"-Dartifact={name}", to], check=True)
    return folder.resolve()


def measure(folder: Path, entries: Sequence[Entry], jars: Path) -> list[Scored]:
    """Runs all pairs in one project, and says what came of each."""
    os.environ["CLASSPATH"] = os.pathsep.join(map(str, sorted(jars.glob("*.jar"))))  # for javac
    texts = [entry for entry in entries if "pair" not in entry.line]
    broken = dict(write_project(folder, texts, sides=(SIDE,), inputs=("benign", "revealing")))
    services = [entry for entry in entries if "pair" in entry.line]
    if services:
        unseen_services.write_services(folder, services)
        broken |= {str(file): why for file, why in javac(folder).items()}
    for name, why in broken.items():
        print(f"error: the Java of {name} does not compile: {why}", file=sys.stderr)
    config = CONFIG.replace('["classes"]', f'["classes", "{jars}/*.jar"]')
    (folder / "parity.toml").write_text(config, "utf-8")
    told = run_parity(folder)
    if not told.report:
        raise SystemExit(told.errors)
    return [scored(entry, told.units.get(unseen_services.unit_id(entry))) for entry in entries]


def main() -> int:
    """Prints how each pair came out, and the counts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--list", type=Path, default=LISTED)
    parser.add_argument("--jars", type=Path, default=ROOT / ".parity" / "unseen-jars")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", nargs="+", default=[], metavar="ID")
    options = parser.parse_args()
    listed = tomllib.loads(options.list.read_text("utf-8"))
    entries = [
        entry_of(name, pair)
        for name, pair in listed["pair"].items()
        if not options.only or name in options.only
    ]
    unseen_services.fetched_whole(listed.get("whole", []), options.jars)
    with folder_for(options.out) as folder:
        results = measure(folder, entries, fetched(listed["jars"], options.jars))
    table = Table("pair", "verdicts", "causes", "told", box=None, pad_edge=False)
    for one in results:
        table.add_row(one.entry.name, one.trouble or "right", one.causes, one.told)
    Console(width=int(os.environ.get("COLUMNS", 180))).print(table)
    verdicts = sum(not one.trouble for one in results)
    right = sum(one.causes in ("right", "refused") for one in results)
    wrong = sum(one.causes == "wrong" for one in results)
    print(
        f"{len(results)} pairs: {verdicts} with right verdicts, {right} with right causes "
        f"(or none where none is right), {wrong} with a wrong cause proven"
    )
    return 0 if verdicts == len(results) and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
