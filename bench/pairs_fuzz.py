"""Fuzzes pairs of a Python and a Java function: few findings, inside of the domain, seen again.

`python bench/pairs_fuzz.py FILE [--domains F] [--seconds S | --examples N] [--only ID ...]
[--write F] [--out DIR]`. FILE is what `bench/cases.py` takes, the domains a TOML file by the name
of the Python function. Each pair is fuzzed beside its own fixtures. No cause may be told twice of
one pair, nor the same kind of difference at the same path without a cause; no input may be outside
of the domain; and the `again` command of every finding must show it again. Exits with 0 where all
of that holds, else with 1.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.cases import PACKAGE, Case, read_cases, write_project
from bench.fuzzing import (
    Fuzzed,
    cause_of,
    fuzz,
    has_no_file,
    judge_parser,
    outside,
    shows_again,
    write_rows,
)
from bench.project import ROOT, folder_for, map_text, write
from parity.values.form import dumps

DOMAINS = ROOT / "bench" / "pairs_domains.toml"


@dataclass(frozen=True)
class Result:
    """What fuzzing said of one pair, and what is wrong with it."""

    case: Case
    fuzzed: Fuzzed
    outside: Sequence[str]
    twice: Sequence[str]
    not_again: Sequence[str]

    @property
    def wrong(self) -> list[str]:
        """What should not be."""
        trouble = [self.fuzzed.trouble] if self.fuzzed.trouble else []
        out_of_domain = [f"outside of the domain: {args}" for args in self.outside]
        twice = [f"told more than once: {word}" for word in self.twice]
        return [*trouble, *out_of_domain, *twice, *self.not_again]


def predicate(case: Case, domain: str | None) -> Callable[..., Any]:
    """A domain as a function of the parameters that the pair's Python function has."""
    functions = (one for one in ast.walk(ast.parse(case.line["python"])))
    entry = next(
        one
        for one in functions
        if isinstance(one, ast.FunctionDef) and one.name == case.line["entry"]
    )
    names = ", ".join(one.arg for one in entry.args.args)
    made: Callable[..., Any] = eval(f"lambda {names}: (\n{domain or 'True'}\n)")
    return made


def write_units(folder: Path, cases: Sequence[Case], domains: Mapping[str, str]) -> None:
    """The project of the pairs; those that differ by type only are compared by value."""
    broken = write_project(folder, cases)
    if broken:
        raise SystemExit("\n".join(f"error: {name}: {why}" for name, why in broken.items()))
    units: dict[str, dict[str, Any]] = {}
    for case in cases:
        java = f"{PACKAGE}.{case.name}.Solution#{case.line['java_method']}"
        units[case.unit] = {"java": java}
        if case.numeric:
            units[case.unit]["numbers"] = "by-value"
        if case.line["entry"] in domains:
            units[case.unit]["domain"] = domains[case.line["entry"]]
    write(folder, {"parity.map.toml": map_text(units)})


def told_twice(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """The causes that are told more than once, and kinds at a path that have none."""
    words = [cause_of(one).rstrip("?") or f"{one['kind']} at {one['path']}" for one in findings]
    return [f"{word} ({count} times)" for word, count in Counter(words).items() if count > 1]


def results(
    folder: Path, cases: Sequence[Case], domains: Mapping[str, str], options: Sequence[str]
) -> list[Result]:
    """Fuzzes the pairs one by one and executes the command of each finding."""
    write_units(folder, cases, domains)
    found = []
    for case in cases:
        fuzzed = fuzz(folder, case.unit, options)
        inside = predicate(case, domains.get(case.line["entry"]))
        again = [shows_again(folder, one) for one in fuzzed.findings]
        wrong = outside(fuzzed.findings, inside)
        twice = told_twice(fuzzed.findings)
        one = Result(case, fuzzed, wrong, twice, list(filter(None, again)))
        told = "; ".join(one.wrong) or "fine"
        print(f"{case.line['entry']}: {len(fuzzed.findings)} findings, {told}", file=sys.stderr)
        found.append(one)
    return found


def table_of(found: Sequence[Result]) -> Table:
    """A row for each finding, and one for each pair that has none but trouble."""
    table = Table("pair", "kind", "input", "cause", "wrong", box=None, pad_edge=False)
    for one in found:
        findings = one.fuzzed.findings or ([{}] if one.wrong else [])
        for number, finding in enumerate(findings):
            shown = dumps(finding["fixture_args"]) if finding else ""
            table.add_row(
                str(one.case.line["entry"]) if number == 0 else "",
                f"{finding['kind']} {finding['path']}" if finding else "",
                shown if len(shown) <= 60 else shown[:57] + "...",
                cause_of(finding) if finding else "",
                "; ".join(one.wrong) if number == 0 else "",
            )
    return table


def main() -> int:
    """Fuzzes a file and prints what was found."""
    parser = judge_parser(__doc__, DOMAINS)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--examples", type=int, help="so many inputs, however long they take")
    options = parser.parse_args()
    if has_no_file(options):
        return 0
    cases = read_cases(options.file)
    cases = [one for one in cases if not options.only or one.line["entry"] in options.only]
    domains = tomllib.loads(options.domains.read_text("utf-8"))
    many = options.examples
    given = ["--examples", str(many)] if many else ["--seconds", f"{options.seconds}"]
    with folder_for(options.out) as folder:
        found = results(folder, cases, domains, given)
    rows = ({"entry": one.case.line["entry"], "unit": one.fuzzed.unit} for one in found)
    write_rows(options.write, rows)
    console = Console(width=170, highlight=False, markup=False)
    console.print(table_of(found))
    findings = [one for result in found for one in result.fuzzed.findings]
    proven = sum(bool(one.get("cause") and one["cause"]["proven"]) for one in findings)
    differing = sum(bool(one.fuzzed.findings) for one in found)
    console.print(
        f"{len(found)} pairs: {differing} differ, {len(findings)} findings, {proven} with a proven"
        f" cause; {sum(len(one.twice) for one in found)} told twice,"
        f" {sum(len(one.outside) for one in found)} outside of a domain,"
        f" {sum(len(one.not_again) for one in found)} not seen again,"
        f" {sum(bool(one.fuzzed.trouble) for one in found)} pairs in trouble"
    )
    return 1 if not found or any(one.wrong for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
