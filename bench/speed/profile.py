"""Where the time of `parity run` goes: process, function of the supervisor, Java method."""

from __future__ import annotations

import json
import pstats
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.project import ROOT, java_program
from bench.speed import processes
from bench.speed.cases import Bench, Case
from bench.speed.processes import Failed, Held

MOST = 15
WAITS = {
    "<method 'acquire' of '_thread.lock' objects>",
    "<built-in method select.select>",
    "<built-in method posix.waitpid>",
    "<built-in method posix.read>",
    "<method 'poll' of 'select.poll' objects>",
    "<built-in method time.sleep>",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Seconds of processor by process and by function of the supervisor, samples by Java method."""

    case: str
    processes: list[tuple[str, float]]
    functions: list[tuple[str, float, float]]
    methods: list[tuple[str, int]]

    def show(self) -> None:
        """Prints it."""
        table = Table(
            box=None, pad_edge=False, title=f"profile of {self.case}", title_justify="left"
        )
        table.add_column("where")
        table.add_column("own", justify="right")
        table.add_column("with callees", justify="right")
        for name, seconds in self.processes:
            table.add_row(name, f"{seconds:.2f} s", "")
        for name, own, whole in self.functions:
            table.add_row(f"supervisor: {name}", f"{own:.2f} s", f"{whole:.2f} s")
        for name, samples in self.methods:
            table.add_row(f"java: {name}", f"{samples} samples", "")
        Console(width=None if Console().is_terminal else 120).print(table)


def profiled(bench: Bench, case: Case) -> Profile:
    """A run with the supervisor under cProfile and the JVMs under the Flight Recorder.

    Raises Failed.
    """
    records = bench.folder / "records" / case.subject
    shutil.rmtree(records, ignore_errors=True)
    records.mkdir(parents=True)
    args = [
        f"-XX:FlightRecorderOptions:repository={records}",
        "-XX:StartFlightRecording:settings=profile",
        "-Xlog:jfr*=off",
    ]
    project = bench.project(case, "profiled", jvm_args=args)
    out = records / "supervisor.pstats"
    fresh = ["--no-cache"] if processes.parity_knows("run", "--no-cache") else []
    command = [sys.executable, "-P", str(ROOT / "bench" / "speed" / "supervised.py"), str(out)]
    command += ["-C", str(project), "run", "--json", *fresh]
    held = Held()
    ended = processes.run(command, project, bench.env(), held=held)
    if ended.status == 2:
        raise Failed(f"{case.name}: parity run exits with 2: {ended.errors[-1000:]}")
    spent = sorted(held.spent.items(), key=lambda one: -one[1])
    named = [
        (f"{held.names[pid]}{', with a JVM' if pid in held.java else ''}", seconds)
        for pid, seconds in spent
        if seconds >= 0.05
    ]
    return Profile(case.name, named, _functions(out), _methods(records))


def _functions(file: Path) -> list[tuple[str, float, float]]:
    if not file.exists():
        return []
    known: dict[tuple[str, int, str], tuple[int, int, float, float, Any]]
    known = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]
    worked = [one for one in known.items() if one[0][2] not in WAITS]
    dear = sorted(worked, key=lambda one: -one[1][2])[:MOST]
    return [
        (f"{source.removeprefix(f'{ROOT}/')}:{line} {name}", own, whole)
        for (source, line, name), (_, _, own, whole, _) in dear
    ]


def _methods(records: Path) -> list[tuple[str, int]]:
    """The methods that JVMs were seen in, by the recordings that they left."""
    counted: Counter[str] = Counter()
    for file in sorted(records.rglob("*.jfr")):
        command = [java_program("jfr"), "print", "--json", "--events", "jdk.ExecutionSample"]
        told = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
        if told.returncode:
            continue
        for event in json.loads(told.stdout)["recording"]["events"]:
            trace = event["values"]["stackTrace"]
            if trace and trace["frames"]:
                method = trace["frames"][0]["method"]
                counted[f"{method['type']['name']}.{method['name']}"] += 1
    return counted.most_common(MOST)
