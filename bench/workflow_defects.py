"""Plants a defect in each handler of BatchMoveEndpoint; `run --workflow` has to name its state.

`python bench/workflow_defects.py [STATE...]`; `none` plants nothing. Each defect of
workflow_defects.toml changes one source of java_lambdas; its class goes into a copy of what is
deployed, which is run on a small world. It must exit with 1, and the first state that diverges
must be that of the handler. Exits with 0 where all is found so, else with 1. Without a defect
nothing may be found: that is run first.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.project import ROOT

TABLE = ROOT / "bench" / "workflow_defects.toml"
JAVA = ROOT / "java_lambdas"
NAME = "BatchMoveEndpoint"
BUILD = ["mvn", "-q", "-B", "-ntp", "-pl", "java_lambdas/workflow", "-am", "-DskipTests", "package"]
WORLDS: dict[str, dict[str, Any]] = {
    "small": {
        "endpoints": 5,
        "rows": 40,
        "changes": 9,
        "held": ["größe-001"],
        "strays": {"Zürich.ch-003": "target-2"},
    },
    "no_room": {"endpoints": 3, "rows": 500, "capacity": "64 KiB", "sized": False},
}


@dataclass(frozen=True)
class Defect:
    """A change of a handler, and the state that it is to be found in."""

    state: str
    name: str
    file: str
    old: str
    new: str
    world: str = "small"

    def source(self) -> Path:
        """The file that it changes."""
        (found,) = JAVA.glob(f"moves/src/main/java/**/{self.file}")
        return found

    def planted(self) -> str:
        """The file with the defect in it."""
        text = self.source().read_text("utf-8")
        assert text.count(self.old) == 1, f"{self.file}: {text.count(self.old)} of {self.old}"
        return text.replace(self.old, self.new)


def read_defects(chosen: list[str]) -> list[Defect]:
    """The table, by state."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return [Defect(state, **one) for state, one in table.items() if not chosen or state in chosen]


def deployed(folder: Path, defect: Defect | None) -> str:
    """A copy of what is deployed, with the changed class before the jars; what javac says."""
    workflow = JAVA / "workflow"
    function = folder / "target" / "function"
    function.mkdir(parents=True)
    (function / "lib").symlink_to(workflow / "target" / "function" / "lib")
    for file in ("template.json", f"{NAME}.asl.json"):
        shutil.copy(workflow / file, folder)
    if defect is None:
        return ""
    changed = folder / defect.source().name
    changed.write_text(defect.planted(), "utf-8")
    path = ":".join(str(jar) for jar in (function / "lib").glob("*.jar"))
    command = ["javac", "-nowarn", "-parameters", "--release", "17", "-cp", path]
    done = subprocess.run(
        [*command, "-d", str(function), str(changed)], capture_output=True, text=True, check=False
    )
    return done.stderr if done.returncode else ""


def config(folder: Path, worlds: list[str]) -> None:
    """The workflow of the sample, on small worlds, from the copy; without a map."""
    lines = []
    for number, world in enumerate(worlds):
        name = f"batch-{number:012d}"
        facts = {"workflow": name, "sources": 2, "targets": 2, "chunk_size": "64 KiB"}
        given = {"workflow": name}
        lines.append(json.dumps({"id": world, "input": given, "world": {**facts, **WORLDS[world]}}))
    (folder / "requests.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    flow = tomllib.loads((ROOT / "parity.toml").read_text("utf-8"))["workflow"][NAME]
    flow.update(
        template="template.json", requests="requests.jsonl", seconds=300.0, concurrency=1, states={}
    )
    del flow["cutover"]  # no gate is asked here
    head = f"sources = [{json.dumps(str(ROOT / 'legacy_py'))}]\n[workflow.{NAME}]\n"
    tables = {key: value for key, value in flow.items() if isinstance(value, dict)}
    text = head + "".join(
        f"{key} = {json.dumps(value)}\n" for key, value in flow.items() if key not in tables
    )
    for key, table in tables.items():
        text += f"[workflow.{NAME}.{key}]\n"
        text += "".join(f"{json.dumps(k)} = {json.dumps(v)}\n" for k, v in table.items())
    (folder / "parity.toml").write_text(text, "utf-8")


def run(folder: Path) -> tuple[int, dict[str, Any], str]:
    """`parity run --workflow` in a folder: exit status, report, what it said besides."""
    command = [sys.executable, "-m", "parity", "-C", str(folder), "run", "--workflow", NAME]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    report = json.loads(done.stdout) if done.stdout.strip() else {}
    return done.returncode, report, done.stderr


def checked(defect: Defect | None) -> str:
    """What was not as it has to be; empty where all was."""
    with TemporaryDirectory(prefix="parity-defect-") as made:
        folder = Path(made)
        if broken := deployed(folder, defect):
            return f"does not compile: {broken}"
        config(folder, [defect.world] if defect else list(WORLDS))
        status, report, errors = run(folder)
    named = [one["state"] for one in report.get("diverges", [])]
    if defect is None:
        requests = report.get("requests", [])
        found = [str(one)[:200] for request in requests for one in request["findings"]]
        return "" if status == 0 else f"exit status {status}, {named} {found[:3]} {errors[-300:]}"
    if status == 1 and named == [defect.state]:
        return ""
    return f"exit status {status}, named {', '.join(named) or 'none'} {errors[-300:]}".strip()


def main() -> int:
    """Plants the defects and prints what was not found, or found elsewhere."""
    console = Console(width=150, highlight=False, markup=False)
    subprocess.run(BUILD, cwd=ROOT, check=True)
    table = Table("state", "planted", "named first", "s", box=None, pad_edge=False)
    wrong = 0
    for defect in [None, *read_defects(sys.argv[1:])]:
        began = time.monotonic()
        told = checked(defect)
        wrong += bool(told)
        state, name = (defect.state, defect.name) if defect else ("-", "nothing")
        table.add_row(state, name, told or "yes", f"{time.monotonic() - began:.0f}")
        console.print(f"{state}: {told or 'as it has to be'}", style="dim")
    console.print(table)
    planted = len(table.rows) - 1
    console.print(f"{planted} defects, {wrong} not as they have to be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
