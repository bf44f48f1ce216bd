"""Runs pairs of a Python and a Java function, and holds each verdict against what is known of it.

`python bench/cases.py FILE [--out DIR] [--keep]`. FILE holds one JSON object a line: `id`, `entry`
(the Python function), `java_method` (of a class `Solution`), `python`, `java`, `fixtures`, `truth`
(`equal-strict`, `equal-numeric` = int against double, anything else = differs) and
`mutation_differs` (fixtures after which an argument differs). Exits with 0 where every verdict is
as its truth says, else with 1.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.project import (
    CONFIG,
    Told,
    fixture_lines,
    fixtures_file,
    folder_for,
    javac,
    map_text,
    name_of,
    run_parity,
    trouble_of,
    write,
)

PACKAGE = "pairs"
STRICT, NUMERIC = "equal-strict", "equal-numeric"


@dataclass(frozen=True)
class Case:
    """One pair: its name in the project, its unit, and the line of the file."""

    name: str
    line: Mapping[str, Any]

    @property
    def unit(self) -> str:
        """The id of its unit."""
        return f"{PACKAGE}.{self.name}:{self.line['entry']}"

    @property
    def source(self) -> str:
        """Its Java source, below the project."""
        return f"java/{PACKAGE}/{self.name}/Solution.java"

    @property
    def mutated(self) -> int:
        """Fixtures after which an argument differs."""
        return int(self.line.get("mutation_differs") or 0)

    @property
    def numeric(self) -> bool:
        """Whether its results are equal as numbers, and of two types."""
        return bool(self.line["truth"] == NUMERIC)


@dataclass(frozen=True)
class Deviation:
    """A case of which something else was found than its truth says."""

    case: Case
    expected: str
    found: str


def read_cases(file: Path) -> list[Case]:
    """The cases of a file, each under a name of its own."""
    cases: list[Case] = []
    for line in file.read_text("utf-8").splitlines():
        if line.strip():
            read = json.loads(line)
            cases.append(Case(name_of(str(read["id"]), [case.name for case in cases]), read))
    return cases


def write_project(folder: Path, cases: Sequence[Case]) -> dict[str, str]:
    """Writes and compiles the project; the ids of cases whose Java does not compile, with why."""
    files = {"parity.toml": CONFIG, f"python/{PACKAGE}/__init__.py": ""}
    for case in cases:
        files[f"python/{PACKAGE}/{case.name}.py"] = case.line["python"]
        files[case.source] = in_package(case.line["java"], f"{PACKAGE}.{case.name}")
        files[fixtures_file(case.unit)] = fixture_lines(case.line["fixtures"])
    write(folder, files)
    broken = {str(file.relative_to(folder)): why for file, why in javac(folder).items()}
    return {str(case.line["id"]): broken[case.source] for case in cases if case.source in broken}


def in_package(java: str, package: str) -> str:
    """A source moved into a package."""
    without = re.sub(r"^\s*package\s+[\w.]+\s*;", "", java, count=1, flags=re.MULTILINE)
    return f"package {package};\n{without}"


def write_map(folder: Path, cases: Sequence[Case], **defaults: str) -> None:
    """The map of these cases."""
    units = {
        case.unit: {"java": f"{PACKAGE}.{case.name}.Solution#{case.line['java_method']}"}
        for case in cases
    }
    write(folder, {"parity.map.toml": map_text(units, defaults)})


def judge(folder: Path, cases: Sequence[Case]) -> list[Deviation]:
    """Runs the cases, those that differ by type only once more by value."""
    broken = write_project(folder, cases)
    found = [
        Deviation(case, case.line["truth"], f"its Java does not compile: {broken[case.line['id']]}")
        for case in cases
        if case.line["id"] in broken
    ]
    runnable = [case for case in cases if case.line["id"] not in broken]
    if runnable:
        write_map(folder, runnable)
        found += deviations(runnable, run_parity(folder), by_value=False)
    numeric = [case for case in runnable if case.numeric]
    if numeric:
        write_map(folder, runnable, numbers="by-value")
        told = run_parity(folder, *(case.unit for case in numeric))
        found += deviations(numeric, told, by_value=True)
    return found


def deviations(cases: Sequence[Case], told: Told, *, by_value: bool) -> list[Deviation]:
    """Where the report says something else than the truth."""
    found = []
    for case in cases:
        unit = told.units.get(case.unit)
        expected = expectation(case, by_value=by_value)
        if unit is None:
            found.append(Deviation(case, expected, told.errors or "it is not in the report"))
        elif not as_its_truth_says(case, unit, by_value=by_value):
            found.append(Deviation(case, expected, seen(unit)))
    return found


def as_its_truth_says(case: Case, unit: Mapping[str, Any], *, by_value: bool) -> bool:
    """Whether the unit's verdict, kinds and count are those of the truth."""
    if unit["unknown"] or "error" in unit:
        return False
    kinds = {finding["kind"] for finding in unit["findings"]}
    if case.line["truth"] not in (STRICT, NUMERIC):
        return bool(unit["verdict"] == "differs")
    if case.numeric and not by_value:
        wanted = {"type", "mutated"} if case.mutated else {"type"}
        return unit["verdict"] == "differs" and kinds == wanted and case.mutated == mutated(unit)
    if case.mutated:
        counted = unit["differs"] == case.mutated
        return unit["verdict"] == "differs" and kinds == {"mutated"} and counted
    return unit["verdict"] == "matched" and not unit["findings"]


def mutated(unit: Mapping[str, Any]) -> int:
    """On how many fixtures an argument differs."""
    return len({one["fixture"] for one in unit["findings"] if one["kind"] == "mutated"})


def expectation(case: Case, *, by_value: bool) -> str:
    """What the truth says, in words."""
    kinds = []
    if case.line["truth"] not in (STRICT, NUMERIC):
        kinds.append("anything")
    if case.numeric and not by_value:
        kinds.append("type")
    if case.mutated:
        kinds.append(f"mutated on {case.mutated}")
    told = f"differs: {', '.join(kinds)}" if kinds else "matched"
    return f"by value {told}" if by_value else told


def seen(unit: Mapping[str, Any]) -> str:
    """What the report says, in words."""
    findings = unit["findings"]
    kinds = sorted({finding["kind"] for finding in findings})
    told = f"{unit['verdict']}: {', '.join(kinds)} on {unit['differs']}" if kinds else ""
    example = next((f"{one['fixture']} {one['path']}" for one in findings), "")
    parts = [told or unit["verdict"], example, trouble_of(unit)]
    return "; ".join(part for part in parts if part)


def main() -> int:
    """Runs a file and prints what is not as its truth says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, help="folder of the project; it stays")
    parser.add_argument("--keep", action="store_true", help="keep the project")
    options = parser.parse_args()
    cases = read_cases(options.file)
    with folder_for(options.out, keep=options.keep) as folder:
        found = judge(folder, cases)
    console = Console(width=150, highlight=False, markup=False)
    if found:
        table = Table("case", "truth says", "parity says", box=None, pad_edge=False)
        for one in found:
            table.add_row(str(one.case.line["id"]), one.expected, one.found)
        console.print(table)
    wrong = {one.case.name for one in found}
    console.print(f"{len(cases) - len(wrong)} of {len(cases)} as their truth says")
    return 0 if cases and not found else 1


if __name__ == "__main__":
    sys.exit(main())
