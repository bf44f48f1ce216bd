"""Three strangers' repositories: pip install, parity init, parity run, nothing by hand: line 10.3.

`python bench/strangers.py [--only NAME] [--keep DIR]`. Each repository of bench/strangers.toml is
made of published libraries in a temporary folder, twice: as it is, and with one difference planted.
Parity comes out of a wheel into an environment of its own. A repository that `reaches` a verdict
has to come to five units with five different inputs or more, and has to tell the planted
difference: a finding of its unit, on an input on which the sides agree where nothing is planted.
The other has to be told exactly what to add. Exits with 0 where all of that is so, else with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.project import ROOT

LISTED: Final = ROOT / "bench" / "strangers.toml"
COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
UNITS, INPUTS = 5, 5
HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
"""
PLAIN: Final = """    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
"""


@dataclass(frozen=True)
class Plant:
    """One change of a published library: in which file what becomes what, and of which unit."""

    unit: str
    file: str
    before: str
    after: str


@dataclass(frozen=True)
class Stranger:
    """A repository that is made of published libraries."""

    name: str
    shape: str
    python: list[str]
    java: list[str]
    reaches: bool
    needs: list[str] = field(default_factory=list)
    """What the Java sources need to be compiled."""
    plant: Plant | None = None

    @classmethod
    def of(cls, name: str, table: Mapping[str, Any]) -> Stranger:
        """One of bench/strangers.toml."""
        plant = table.get("plant")
        return cls(name, **{**table, "plant": Plant(**plant) if plant else None})

    def make(self, folder: Path) -> None:
        """Fetches all of it into a folder."""
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-compile"]
        told(*pip, "--disable-pip-version-check", "--target", str(folder / "python"), *self.python)
        for odd in [*folder.glob("python/*.dist-info"), *folder.glob("python/bin")]:
            shutil.rmtree(odd)
        match self.shape:
            case "maven":
                self._maven(folder)
            case "gradle":
                sources(self.java[0], folder / "src/main/java")
                (folder / "settings.gradle").write_text(f"rootProject.name = '{self.name}'\n")
                (folder / "build.gradle").write_text(gradle(self.needs))
            case _:
                for one in self.java:
                    fetch(one, folder / "lib")

    def _maven(self, folder: Path) -> None:
        modules = [one.split(":")[1] for one in self.java]
        listed = "".join(f"    <module>{one}</module>\n" for one in modules)
        parent = "  <groupId>stranger</groupId>\n  <artifactId>parent</artifactId>\n"
        folder.joinpath("pom.xml").write_text(
            f"{HEAD}{parent}  <version>1</version>\n  <packaging>pom</packaging>\n"
            f"  <properties>\n{PLAIN}  </properties>\n"
            f"  <modules>\n{listed}  </modules>\n</project>\n"
        )
        for one, module in zip(self.java, modules, strict=True):
            sources(one, folder / module / "src/main/java")
            folder.joinpath(module, "pom.xml").write_text(
                f"{HEAD}  <parent>\n{parent}  <version>1</version>\n  </parent>\n"
                f"  <artifactId>{module}</artifactId>\n"
                f"  <dependencies>\n{''.join(map(dependency, self.needs))}  </dependencies>\n"
                "</project>\n"
            )


def dependency(name: str) -> str:
    """`group:artifact:version` as a pom has it."""
    group, artifact, version = name.split(":")
    return (
        f"    <dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version></dependency>\n"
    )


def gradle(needs: Sequence[str]) -> str:
    """A build script as people write it."""
    lines = "".join(f"    implementation '{one}'\n" for one in needs)
    return (
        "plugins {\n    id 'java-library'\n}\n\nrepositories {\n    mavenCentral()\n}\n\n"
        f"dependencies {{\n{lines}}}\n"
    )


def fetch(name: str, folder: Path) -> Path:
    """Copies an artifact of Maven's into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told("mvn", "-q", "-B", "-ntp", COPY, f"-Dartifact={name}", f"-DoutputDirectory={folder}")
    artifact = name.split(":")[1]
    return next(folder.glob(f"{artifact}-*.jar"))


def sources(name: str, folder: Path) -> None:
    """Unpacks the published sources of a library."""
    with tempfile.TemporaryDirectory() as place:
        jar = fetch(f"{name}:jar:sources", Path(place))
        with zipfile.ZipFile(jar) as packed:
            packed.extractall(folder, [one for one in packed.namelist() if one.endswith(".java")])


def told(*command: str, folder: Path | None = None) -> str:
    """What a command prints; it has to succeed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def installed(folder: Path) -> Path:
    """The `parity` of a wheel of this checkout, in an environment of its own."""
    told(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "dist"), str(ROOT))
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    pip = [str(folder / "env/bin/python"), "-m", "pip", "install", "-q"]
    constraints = ["-c", str(ROOT / "constraints.txt")]
    told(*pip, "--disable-pip-version-check", *constraints, f"{wheel}[fuzz]", "pytest")
    return folder / "env/bin/parity"


def parity(program: Path, folder: Path, *args: str) -> tuple[int, Any, str]:
    """Exit status, report and what was said beside it."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(program), *args, "--json"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    report = json.loads(done.stdout) if done.stdout.strip() else None
    return done.returncode, report, done.stderr


def inputs(folder: Path, units: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many different inputs each unit that was judged has."""
    counted = {}
    for file in folder.glob("tests/**/*.jsonl"):
        head, *lines = file.read_text("utf-8").splitlines()
        given = {json.dumps({**json.loads(one), "id": "", "observed": ""}) for one in lines}
        counted[json.loads(head)["unit"]] = len(given)
    return {one["id"]: counted.get(one["id"], 0) for one in units if one["verdict"] != "unknown"}


def show(stranger: Stranger, program: Path, place: Path) -> bool:
    """Makes a repository, lets parity loose on it, and says what came of it."""
    print(f"{stranger.name}: {', '.join(stranger.python)} against {', '.join(stranger.java)}")
    folder = place / stranger.name
    stranger.make(folder)
    planted = place / f"{stranger.name}-planted"
    shutil.copytree(folder, planted)
    status, begun, said = parity(program, folder, "init", "--yes")
    if not stranger.reaches:
        print(said)
        return status == 2 and "hint:" in said
    if begun is None:
        print(f"NOT MET: parity init ended with {status}\n{said}")
        return False
    status, report, said = parity(program, folder, "run")
    found = inputs(folder, report["units"])
    worth = {unit_id: count for unit_id, count in found.items() if count >= INPUTS}
    for one in report["units"]:
        counts = {name: one[name] for name in ("matched", "differs", "unknown") if one[name]}
        print(f"  {one['verdict']:<8} {one['id']}  {one['java']}  {counts}")
    for one in begun["left_out"]:
        print(f"  left out {one['unit']}  {one['java']}: {one['why'][:110]}")
    print(f"  {len(worth)} units with {INPUTS} inputs or more; parity run ended with {status}")
    return show_planted(stranger, program, folder, planted, report) and len(worth) >= UNITS


def show_planted(
    stranger: Stranger, program: Path, whole: Path, folder: Path, before: Mapping[str, Any]
) -> bool:
    """Says whether a finding of the unit is of what was planted, on an input of its own making."""
    plant = stranger.plant
    if plant is None:
        print("  NOT MET: nothing is planted")
        return False
    file = folder / plant.file
    text = file.read_text("utf-8")
    if text.count(plant.before) != 1:
        sys.exit(f"{file} has {text.count(plant.before)} times {plant.before!r}")
    file.write_text(text.replace(plant.before, plant.after), "utf-8")
    parity(program, folder, "init", "--yes")
    status, report, _ = parity(program, folder, "run")
    now = {one["id"]: one for one in (report or {"units": []})["units"]}.get(plant.unit)
    was = {one["id"]: one["verdict"] for one in before["units"]}.get(plant.unit)
    print(f"  planted in {plant.unit}: {was} before, {now and now['verdict']} now ({status})")
    for one in now["findings"] if now else ():
        if agree_on(program, whole, folder, plant.unit, one["fixture"]):
            told = f"{one['kind']} at {one['path']}: python {one['python']}, java {one['java']}"
            print(f"    {told}; {one['again']}\n    on this input the sides agree without it")
            return True
    print("  NOT MET: no finding is of what was planted")
    return False


def agree_on(program: Path, whole: Path, planted: Path, unit: str, fixture: str) -> bool:
    """Whether the sides agree on an input where nothing is planted."""
    for file in planted.glob("tests/**/*.jsonl"):
        lines = [json.loads(one) for one in file.read_text("utf-8").splitlines()]
        if lines[0]["unit"] == unit:
            (line,) = [one for one in lines[1:] if one["id"] == fixture]
            given = {key: value for key, value in line.items() if key not in ("id", "observed")}
            command = ("compare", unit, "--input", json.dumps(given))
            return parity(program, whole, *command)[0] == 0
    return False


def main() -> int:
    """Shows all repositories, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    parser.add_argument("--keep", type=Path, help="make them there, and leave them")
    options = parser.parse_args()
    table = tomllib.loads(LISTED.read_text("utf-8"))["repository"]
    strangers = [Stranger.of(name, one) for name, one in table.items()]
    with tempfile.TemporaryDirectory() as temporary:
        place = options.keep or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        program = installed(place)
        met = [show(one, program, place) for one in strangers if options.only in (None, one.name)]
    print(f"{sum(met)} of {len(met)} as they should be")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
