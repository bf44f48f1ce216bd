"""What a subject does to its process blames the right fixture: `python bench/faults.py`.

Each fault of faults.toml sits in one fixture of a unit of its own, on every JDK at hand. The runs
are held against runs of the same projects without faults: the fixture must get the verdict that
faults.toml names, every other one what it gets without the fault, and the exit status must be that
of the worst. `--quick` runs the short form, `--fault NAME` only some, `--jdk 17` on one JDK. Exits
with 0 where all is as it must be, else with 1.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.jdks import jdks
from bench.project import CONFIG, ROOT, Told, fixture_lines, folder_for, map_text, run_parity, toml
from bench.project import write as write_files
from bench.survivors import survivors_after

FAULTS = ROOT / "bench" / "faults.toml"
FIXTURES = 10
AT = 5
"""The fixture that has the fault; the one before it and all after it must not feel it."""
PLANTED = "(n % 6 == 2 ? 1 : 0)"
"""Java gives something else on 2 and 8, with the fault and without."""
STATUS = {"differs": 1, "unknown": 2, "matched": 0}
HEALTHY = "healthy"
JVM_ARGS = ["-Xmx192m", "-XX:MaxMetaspaceSize=96m", "-XX:MaxDirectMemorySize=128m"]
ALLOWED = {
    "path": "$",
    "kind": "changed",
    "reason": "one more where n is 2 or 8",
    "owner": "@bench",
    "expires": "2999-12-31",
}
Seen = tuple[tuple[str, str, str], ...]
"""Fixture, verdict and kind of each finding."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of faults.toml."""

    name: str
    side: str
    gives: str
    body: str
    dirty: str = "false"
    timeout: int = 1
    quick: bool = False

    @property
    def unit(self) -> str:
        """The id of its unit."""
        return f"{self.side}.{re.sub('[^a-z0-9]+', '_', self.name.lower()).strip('_')}"

    @property
    def verdict(self) -> str:
        """The verdict of its fixture."""
        return self.gives.split()[0]

    def entry(self) -> dict[str, Any]:
        """Its table in the map."""
        java, python = f"return n + {PLANTED}", "return n"
        if self.side == "java":
            dirty = f"boolean dirty = {self.dirty.strip()};\nif (fault) {{\n{self.body}\n}}\n"
            java = f"{dirty}{java} + (dirty ? 1000 : 0);"
        else:
            dirty = f"dirty = {'False' if self.dirty == 'false' else self.dirty.strip()}"
            body = textwrap.indent(self.body.strip(), "    ")
            java += ";"
            python = f"{dirty}\nif fault:\n{body}\n{python} + (1000 if dirty else 0)"
        return {
            "parameters": {"n": "long", "fault": "boolean"},
            "timeout": self.timeout,
            "python_body": python,
            "java_body": java,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fault on one JDK; `wrong` says why it is not as it must be."""

    fault: Fault
    jdk: int
    got: str
    wrong: str


def read_faults() -> list[Fault]:
    """All faults."""
    return [Fault(**entry) for entry in tomllib.loads(FAULTS.read_text("utf-8"))["fault"]]


def run_faults(
    folder: Path, faults: Sequence[Fault], homes: Mapping[int, Path]
) -> Iterator[tuple[list[Outcome], list[str]]]:
    """Outcomes of the faults of one exit status on one JDK, and what else is wrong, in turn."""
    for version, home in homes.items():
        for verdict, status in STATUS.items():
            some = [fault for fault in faults if fault.verdict == verdict]
            if some:
                yield _together(folder / f"{version}-{verdict}", some, version, home, status)


def _together(
    folder: Path, faults: Sequence[Fault], version: int, home: Path, status: int
) -> tuple[list[Outcome], list[str]]:
    allowed = status != 1
    write_project(folder / "without", faults, home, at=None, allowed=allowed)
    write_project(folder / "with", faults, home, at=AT, allowed=allowed)
    without = run_parity(folder / "without", "--no-cache")
    told = run_parity(folder / "with", "--no-cache")
    wrong = []
    if without.status != (0 if allowed else 1):
        wrong.append(f"without faults: exit status {without.status}\n{without.errors[-2000:]}")
    if told.status != status:
        wrong.append(f"exit status {told.status}, not {status}\n{told.errors[-2000:]}")
    left = survivors_after(folder, 2)
    wrong += [f"process {one.pid} is left over: {one.command}" for one in left]
    if _seen(told, HEALTHY) != _seen(without, HEALTHY):
        wrong.append(f"the healthy unit has {_seen(told, HEALTHY)}")
    return [_outcome(fault, version, without, told) for fault in faults], wrong


def _outcome(fault: Fault, version: int, without: Told, told: Told) -> Outcome:
    usual, seen = _seen(without, fault.unit), _seen(told, fault.unit)
    if usual is None or seen is None:
        return Outcome(fault, version, "not in the report", "it could not be run")
    here = f"n{AT}"
    got = " ".join(next((one[1:] for one in seen if one[0] == here), ("matched",)))
    others = [one for one in seen if one[0] != here]
    wrong = []
    if got != fault.gives:
        wrong.append(f"must be {fault.gives}")
    if others != list(usual):
        wrong.append(f"the other fixtures: {others}, not {list(usual)}")
    counted = sum(told.units[fault.unit][key] for key in STATUS) + told.units[fault.unit]["allowed"]
    if counted != FIXTURES:
        wrong.append(f"verdicts of {counted} fixtures")
    return Outcome(fault, version, got, "; ".join(wrong))


def _seen(told: Told, unit: str) -> Seen | None:
    found = told.units.get(unit)
    if found is None or found.get("error"):
        return None
    return tuple((one["fixture"], one["verdict"], one["kind"]) for one in found["findings"])


def write_project(
    folder: Path, faults: Sequence[Fault], home: Path, *, at: int | None, allowed: bool
) -> None:
    """A project with a unit for each fault, and one that is healthy; `at` is the faulty fixture."""
    healthy = Fault(HEALTHY, "java", "matched", "return 7;")
    entries = {HEALTHY: healthy.entry()}
    entries |= {fault.unit: fault.entry() for fault in faults}
    units = map_text(entries)
    if allowed:
        for unit in entries:
            units += f"\n[[unit.{toml(unit)}.allow]]\n"
            units += "".join(f"{key} = {toml(value)}\n" for key, value in ALLOWED.items())
    files = {
        "parity.toml": f"{CONFIG}home = {toml(str(home))}\njvm_args = {toml(JVM_ARGS)}\n",
        "parity.map.toml": units,
        "python/hanging.py": "while True:\n    pass\n",
        "classes/README": "The subjects stand in the map.\n",
    }
    for unit in entries:
        faulty = None if unit == HEALTHY else at
        rows = [{"id": f"n{n}", "args": [n, n == faulty]} for n in range(FIXTURES)]
        files[f"fixtures/{unit}.jsonl"] = fixture_lines(rows)
    write_files(folder, files)


def tell(outcomes: Sequence[Outcome], versions: Sequence[int]) -> None:
    """A table with a line for each fault and a column for each JDK."""
    table = Table(box=None, pad_edge=False)
    for column in ("side", "fault", "must give", *(f"JDK {version}" for version in versions), ""):
        table.add_column(column)
    by_fault: dict[str, dict[int, Outcome]] = {}
    for outcome in outcomes:
        by_fault.setdefault(outcome.fault.unit, {})[outcome.jdk] = outcome
    for found in by_fault.values():
        fault = next(iter(found.values())).fault
        passed = not any(one.wrong for one in found.values())
        got = [found[version].got if version in found else "–" for version in versions]
        told = "[green]PASS[/]" if passed else "[red]FAIL[/]"
        table.add_row(fault.side, fault.name, fault.gives, *got, told)
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    console.print(table)


def main() -> int:
    """Runs the faults and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the short form")
    parser.add_argument("--fault", action="append", default=[], help="only faults with this word")
    parser.add_argument("--jdk", type=int, action="append", default=[], help="only on this JDK")
    parser.add_argument("--out", type=Path, help="write the projects there, and leave them")
    given = parser.parse_args()
    homes = {version: home for version, home in jdks().items() if version in (given.jdk or jdks())}
    faults = [fault for fault in read_faults() if fault.quick or not given.quick]
    if given.fault:
        faults = [one for one in faults if any(word in one.unit for word in given.fault)]
    outcomes: list[Outcome] = []
    wrong: list[str] = []
    started = time.monotonic()
    with folder_for(given.out) as folder:
        for some, besides in run_faults(folder, faults, homes):
            outcomes += some
            wrong += [f"JDK {some[0].jdk}, {some[0].fault.verdict}: {one}" for one in besides]
    tell(outcomes, sorted(homes))
    wrong += [f"JDK {one.jdk}, {one.fault.unit}: {one.wrong}" for one in outcomes if one.wrong]
    for line in wrong:
        print(line)
    seconds = time.monotonic() - started
    print(f"{len(faults)} faults × {len(homes)} JDKs in {seconds:.0f} s: {len(wrong)} wrong")
    return 1 if wrong or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
