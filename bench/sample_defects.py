"""Plants a realistic defect in each Java unit of the sample in turn, and checks that it is found.

`python bench/sample_defects.py [UNIT...]`. Each defect of sample_defects.toml changes one source of
java_lambdas; the run must then exit with 1, the unit differ at the path and in the kind that the
table says, and every other unit match, those that call it included. Exits with 0 where all is
found so and each unit has a defect, else with 1.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from rich.console import Console
from rich.table import Table

from bench.planted import Check, Defect, findings_of, place_of, wrong_with
from bench.project import ROOT, Told, run_parity
from parity.config import find_config
from parity.mapping import read_map
from parity.sides.java.classpath import class_path
from parity.sides.java.home import java_home

TABLE = ROOT / "bench" / "sample_defects.toml"
SOURCES = ROOT / "java_lambdas"


def read_defects() -> list[Defect]:
    """The table, by unit."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return [Defect(name=entry["name"], unit=unit, **more(entry)) for unit, entry in table.items()]


def more(entry: dict[str, object]) -> dict[str, object]:
    """The rest of an entry."""
    paths = entry["paths"]
    assert isinstance(paths, list)
    return {key: entry[key] for key in ("file", "old", "new", "kind")} | {"paths": tuple(paths)}


class Sample:
    """The sample, built once; its classes are copied for each defect."""

    def __init__(self, folder: Path, fixtures: Path | None = None) -> None:
        """`fixtures` take the place of those that the sample has."""
        self.folder = folder
        config = find_config(ROOT)
        entries = class_path(config, java_home(config))
        self.jars = [entry for entry in entries if entry.suffix == ".jar"]
        self.classes = [entry for entry in entries if entry.is_dir() and entry.name == "classes"]
        self.fixtures = fixtures or config.fixtures
        self.config = config

    def check(self, defect: Defect) -> Check:
        """One defect: found at its unit and path, and in no other unit."""
        told = self.run(defect)
        if isinstance(told, str):
            return Check(defect.name, place_of(defect), (f"does not compile: {told}",))
        wrong = [] if told.status == 1 else [f"exit status {told.status}: {told.errors}"]
        others = {unit_id: unit for unit_id, unit in told.units.items() if unit_id != defect.unit}
        wrong += wrong_with(defect, told.units) + findings_of(others)
        return Check(defect.name, place_of(defect), tuple(wrong))

    def run(self, defect: Defect, *units: str) -> Told | str:
        """One defect in a copy of its own, run on all units or on some.

        What javac says where it does not compile.
        """
        own = Path(mkdtemp(dir=self.folder))
        classes = own / "classes"
        for entry in self.classes:
            shutil.copytree(entry, classes, dirs_exist_ok=True)
        broken = self.plant(defect, own, classes)
        if broken:
            return broken
        (own / "parity.toml").write_text(self.table(classes), "utf-8")
        told = run_parity(own, *units)
        shutil.rmtree(own)
        return told

    def plant(self, defect: Defect, own: Path, classes: Path) -> str:
        """Compiles the changed source over its class; what javac says where it cannot."""
        (source,) = SOURCES.rglob(f"src/main/java/**/{defect.file}")
        changed = own / "changed" / source.name
        changed.parent.mkdir(parents=True)
        changed.write_text(defect.planted(source.read_text("utf-8")), "utf-8")
        path = ":".join(map(str, [classes, *self.jars]))
        command = ["javac", "-nowarn", "-parameters", "--release", "17", "-cp", path]
        command += ["-d", str(classes), str(changed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        shutil.rmtree(changed.parent)
        return done.stderr if done.returncode else ""

    def table(self, classes: Path) -> str:
        """The config of a copy: the sample's python side, map and fixtures as they are."""
        sources = [str(source) for source in self.config.sources]
        maps = [str(file) for file in self.config.map_files()]
        entries = [str(entry) for entry in (classes, *self.jars)]
        return (
            f"sources = {json.dumps(sources)}\nmap = {json.dumps(maps)}\n"
            f"fixtures = {json.dumps(str(self.fixtures))}\n"
            f"[java]\nclasspath = {json.dumps(entries)}\n"
        )


def main() -> int:
    """Plants the defects and prints what was not found, or found elsewhere too."""
    chosen = sys.argv[1:]
    defects = [one for one in read_defects() if not chosen or one.unit in chosen]
    with TemporaryDirectory(prefix="parity-") as folder:
        sample = Sample(Path(folder))
        with ThreadPoolExecutor(2) as threads:
            checks = list(threads.map(sample.check, defects))
        units = [unit.id for unit in read_map(sample.config)]
    console = Console(width=170, highlight=False, markup=False)
    table = Table("planted", "to be found", "found there only", box=None, pad_edge=False)
    for check in checks:
        table.add_row(check.name, check.place, "; ".join(check.wrong) or "yes")
    console.print(table)
    found = sum(not check.wrong for check in checks)
    console.print(
        f"{found} of {len(checks)} found at their unit and path, every other unit matched"
    )
    without = [unit for unit in units if unit not in {one.unit for one in read_defects()}]
    if without:
        console.print(f"no defect is planted in {', '.join(without)}")
    return 0 if checks and found == len(checks) and not without else 1


if __name__ == "__main__":
    sys.exit(main())
