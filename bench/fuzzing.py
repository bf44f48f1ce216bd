"""Runs `parity fuzz` as people run it, and holds what it says against a domain read here."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.project import ROOT, Told
from parity.values.form import dumps, read


def judge_parser(doc: str | None, domains: Path) -> argparse.ArgumentParser:
    """The options that all judges of fuzzing have; `domains` is where those of FILE are."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--domains", type=Path, default=domains)
    parser.add_argument("--only", nargs="+", default=[], metavar="ID")
    parser.add_argument("--if-there", action="store_true", help="no FILE: say so, and end with 0")
    parser.add_argument("--write", type=Path, help="write all that was told as JSON lines")
    parser.add_argument("--out", type=Path, help="folder of the project; it stays")
    return parser


def has_no_file(options: argparse.Namespace) -> bool:
    """Whether there is nothing to judge, and that need not be: says so."""
    absent: bool = options.if_there and not options.file.is_file()
    if absent:
        print(f"there is no {options.file}: nothing is judged")
    return absent


def write_rows(file: Path | None, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes what was told as JSON lines, where that was asked for."""
    if file is not None:
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


@dataclass(frozen=True)
class Fuzzed:
    """What came of one unit: its entry in the report, the seconds of the whole command."""

    unit: Mapping[str, Any]
    seconds: float
    trouble: str = ""

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        """Differences, with the input that shows each; what is unknown is none."""
        return [one for one in self.unit.get("findings", []) if one["verdict"] == "differs"]

    @property
    def inputs(self) -> int:
        """How many inputs were judged."""
        return sum(int(self.unit.get(word, 0)) for word in ("matched", "differs", "unknown"))

    @property
    def smallest(self) -> Mapping[str, Any] | None:
        """The finding with the smallest input."""
        return min(self.findings, key=size, default=None)


def size(finding: Mapping[str, Any]) -> int:
    """How many characters the input of a finding takes in fixture form."""
    return len(dumps(finding.get("fixture_args")))


def parity(folder: Path, *arguments: str) -> Told:
    """A command of parity in a folder; a report that is none is empty."""
    command = [sys.executable, "-P", "-m", "parity", "-C", str(folder), *arguments]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {}
    return Told(done.returncode, report, done.stderr.strip())


def fuzz(folder: Path, unit: str, options: Sequence[str]) -> Fuzzed:
    """One unit, in a command of its own: the seconds hold its start and its end."""
    started = time.monotonic()
    told = parity(folder, "fuzz", unit, *options, "--json")
    seconds = time.monotonic() - started
    return _fuzzed(told, unit, seconds)


def _fuzzed(told: Told, unit: str, seconds: float) -> Fuzzed:
    found = told.units.get(unit)
    if found is None:
        lines = told.errors.strip().splitlines() or [f"exit status {told.status}"]
        why = lines[-1] if lines[0].startswith("Traceback") else "; ".join(lines[:2])
        return Fuzzed({"id": unit}, seconds, why)
    trouble = found.get("error")
    return Fuzzed(found, seconds, f"{trouble['what']}: {trouble['why']}" if trouble else "")


def fuzz_together(folder: Path, units: Sequence[str], options: Sequence[str]) -> list[Fuzzed]:
    """Many units in one command; each is given its share of the seconds."""
    started = time.monotonic()
    told = parity(folder, "fuzz", *units, *options, "--json")
    share = (time.monotonic() - started) / max(1, len(units))
    return [_fuzzed(told, unit, share) for unit in units]


def outside(findings: Sequence[Mapping[str, Any]], inside: Callable[..., Any]) -> list[str]:
    """The inputs of findings that are outside of a domain, or that it cannot tell of."""
    return [
        dumps(one.get("fixture_args"))
        for one in findings
        if not _is_inside(one.get("fixture_args"), inside)
    ]


def _is_inside(args: Any, inside: Callable[..., Any]) -> bool:
    try:
        return bool(inside(*(read(one) for one in args)))
    except Exception:  # a domain that cannot be told of an input is not one that holds
        return False


def shows_again(folder: Path, finding: Mapping[str, Any]) -> str:
    """Executes the `again` command of a finding; empty where it shows it, else what it did."""
    words = shlex.split(finding["again"])
    if words[:1] != ["parity"]:
        return f"no command of parity: {finding['again']}"
    told = parity(folder, *words[1:], "--json")
    same = [
        one
        for unit in told.units.values()
        for one in unit["findings"]
        if (one["path"], one["kind"]) == (finding["path"], finding["kind"])
        and one["verdict"] == finding["verdict"]
    ]
    if told.status != 1 or not same:
        return f"`{finding['again']}` ended with {told.status} and another finding or none"
    given = ("python", "java")
    if any(all(one[side] == finding[side] for side in given) for one in same):
        return ""
    return f"`{finding['again']}` gave other values"


def cause_of(finding: Mapping[str, Any]) -> str:
    """The cause of a finding in a word: proven, or with a `?`; empty where there is none."""
    cause = finding.get("cause")
    if not cause:
        return ""
    return str(cause["id"]) + ("" if cause["proven"] else "?")
