"""What recorded and fuzzed fixtures of pairs are worth: line 5.4.

`python bench/strength.py FILE [--fuzz N] [--out DIR]`. FILE is read as bench/cases.py reads it.
Exits with 0 where at least 96 % of PIT's default mutants are caught by recorded and fuzzed inputs,
at most 3 % are left out by a rule, and a mutant takes at most 15 ms; else with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.cases import PACKAGE, Case, read_cases, write_project
from bench.project import ROOT, folder_for, map_text, write

FUZZED = 300
CAUGHT, LEFT_OUT, MILLISECONDS = 0.96, 0.03, 15.0


@dataclass(frozen=True)
class Worth:
    """Mutants of all units: made, left out by a rule, caught by fixtures, caught by more inputs."""

    made: int
    equivalent: int
    recorded: int
    fuzzed: int
    milliseconds: float

    @property
    def judged(self) -> int:
        """Mutants that could be caught."""
        return self.made - self.equivalent

    @property
    def share(self) -> float:
        """Share that is caught of what could be."""
        return (self.recorded + self.fuzzed) / self.judged if self.judged else 0.0

    @property
    def share_of_all(self) -> float:
        """The share where what was left out counts as alive."""
        return (self.recorded + self.fuzzed) / self.made if self.made else 0.0


def write_map(folder: Path, cases: Sequence[Case]) -> None:
    """The map: by value where a pair is known to be equal so only."""
    units: dict[str, Mapping[str, Any]] = {}
    for case in cases:
        entry = {"java": f"{PACKAGE}.{case.name}.Solution#{case.line['java_method']}"}
        units[case.unit] = entry | ({"numbers": "by-value"} if case.numeric else {})
    write(folder, {"parity.map.toml": map_text(units)})


def strength(folder: Path, *options: str) -> dict[str, Any]:
    """`parity strength --json` in a folder. Raises SystemExit where it tells nothing."""
    command = [sys.executable, "-P", "-m", "parity", "-C", str(folder), "strength", "--json"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, *options], env=env, capture_output=True, text=True, check=False
    )
    if not done.stdout:
        raise SystemExit(done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def worth(report: Mapping[str, Any], again: int = 0) -> Worth:
    """The figures of a report; so many of its mutants were looked at with a second set."""
    units = report["units"]
    equivalent = sum(unit["equivalent"] for unit in units)
    judged = sum(unit["mutants"] for unit in units)
    recorded = sum(unit["caught"] for unit in units)
    more = sum(one["caught_by"] is not None for unit in units for one in unit["survivors"])
    made = judged + equivalent
    seconds = report["times"]["mutants"]
    each = 1000 * seconds / (made + again) if made else 0.0
    return Worth(made, equivalent, recorded, more, each)


def with_survivors(report: Mapping[str, Any]) -> int:
    """Mutants of the units for which more inputs are tried."""
    units = [unit for unit in report["units"] if unit["survivors"]]
    return sum(unit["mutants"] + unit["equivalent"] for unit in units)


def tell(name: str, one: Worth) -> None:
    """One line of figures."""
    print(
        f"{name:<20}{one.recorded + one.fuzzed} of {one.judged} caught: {one.share:.1%}"
        f"  (counting {one.equivalent} equivalent ones as alive: {one.share_of_all:.1%})"
        f"  {one.milliseconds:.1f} ms a mutant and fixture set"
    )


def main() -> int:
    """Runs the pairs with what was recorded, then with fuzzed inputs beside it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--fuzz", type=int, default=FUZZED, help="inputs tried of each pair")
    parser.add_argument("--out", type=Path, help="folder of the project; it stays")
    options = parser.parse_args()
    cases = read_cases(options.file)
    with folder_for(options.out) as folder:
        broken = write_project(folder, cases)
        runnable = [case for case in cases if str(case.line["id"]) not in broken]
        write_map(folder, runnable)
        recorded = strength(folder, "--no-cache")
        fuzzed = strength(folder, "--no-cache", "--fuzz", str(options.fuzz))
    for unit in fuzzed["units"]:
        for one in unit["survivors"]:
            if one["caught_by"] is None:
                source = (one["source"] or "").strip()
                print(f"alive  {unit['id']}  line {one['line']}  {one['mutation']}  | {source}")
    dropped: Counter[str] = Counter()
    for unit in fuzzed["units"]:
        dropped.update(unit["dropped"])
        for one in unit["equivalents"]:
            print(f"equivalent  {unit['id']}  line {one['line']}  {one['rule']}")
        if "error" in unit:
            print(f"nothing told of {unit['id']}: {unit['error']['what']}")
    alone, both = worth(recorded), worth(fuzzed, with_survivors(recorded))
    print(f"no mutants for PIT itself: {dict(sorted(dropped.items()))}")
    tell("recorded alone", alone)
    tell("recorded and fuzzed", both)
    left_out = both.equivalent / both.made if both.made else 1.0
    fine = both.share >= CAUGHT and left_out <= LEFT_OUT and alone.milliseconds <= MILLISECONDS
    untold = len(cases) - len(runnable) + sum("error" in unit for unit in fuzzed["units"])
    print(f"{'met' if fine and not untold else 'NOT MET'}: {untold} pairs of which nothing is told")
    return 0 if fine and not untold else 1


if __name__ == "__main__":
    sys.exit(main())
