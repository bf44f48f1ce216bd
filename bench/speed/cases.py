"""The cases that are measured: a unit, how Java offers it, how many fixtures, what differs."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.project import ROOT, fixtures_file, javac, map_text, write

LOAD = ROOT / "bench" / "speed" / "load"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
PYTHON = {
    "tiny": "fleet.slots:place",
    "medium": "fleet.planning:plan",
    "heavy": "fleet.texts:distance",
}
JAVA = {
    "tiny-method": "fleet.Slots#place",
    "tiny-naive": "fleet.Slots#placeNaively",
    "tiny-map": "fleet.PlaceMapHandler",
    "tiny-pojo": "fleet.PlaceHandler",
    "medium-method": "fleet.Planning#plan",
    "medium-naive": "fleet.Planning#planNaively",
    "medium-map": "fleet.PlanMapHandler",
    "medium-pojo": "fleet.PlanHandler",
    "heavy-method": "fleet.Texts#distance",
}
NAMES = {
    "tiny": ["endpoint", "change", "copies"],
    "medium": ["moves", "hosts", "limit", "offset"],
    "heavy": ["before", "after", "scale"],
}
OFTEN = 10  # each so many-th fixture is one that the naive port gets wrong


@dataclass(frozen=True, slots=True)
class Case:
    """One unit in one form on so many fixtures; `naive` is the form that differs on a tenth."""

    unit: str
    form: str
    count: int

    @property
    def name(self) -> str:
        """As it is told: `medium pojo 10k`."""
        return f"{self.subject.replace('-', ' ')} {short(self.count)}"

    @property
    def subject(self) -> str:
        """Unit and form, the name by which peers know it."""
        return f"{self.unit}-{self.form}"

    @property
    def differing(self) -> int:
        """How many fixtures differ."""
        return -(-self.count // OFTEN) if self.form == "naive" else 0

    @property
    def is_handler(self) -> bool:
        """Whether Java takes one event."""
        return self.form in ("map", "pojo")


def short(count: int) -> str:
    """1000 as `1k`."""
    if count % 1_000_000 == 0:
        return f"{count // 1_000_000}M"
    return f"{count // 1000}k" if count % 1000 == 0 else str(count)


# ---------------------------------------------------------------- fixtures


def fixtures(case: Case) -> Iterator[dict[str, Any]]:
    """The fixtures of a case; the same ones each time."""
    chance = random.Random(f"{case.unit} of the bench")
    make = {"tiny": _tiny, "medium": _medium, "heavy": _heavy}[case.unit]
    for number in range(case.count):
        args = make(chance, number)
        given = {"kwargs": dict(zip(NAMES[case.unit], args, strict=True))}
        yield {"id": f"n{number:07}"} | (given if case.is_handler else {"args": args})


def _tiny(chance: random.Random, number: int) -> list[Any]:
    change = chance.randrange(1, 1 << 22) * 2 + 1
    return [f"orders-{number % 99991:05}", _below_zero(change, number), chance.randrange(1, 4)]


def _medium(chance: random.Random, number: int) -> list[Any]:
    hosts = [f"host-{index}" for index in range(1, 4)]
    moves = [
        {
            "endpoint": f"orders-{chance.randrange(10_000):04}-{index}",
            "source": chance.choice(hosts),
            "size": chance.randrange(1_000_000, 900_000_000),
        }
        for index in range(5)
    ]
    able = [
        {
            "host": host,
            "free": chance.randrange(1_000_000_000, 9_000_000_000),
            "rate": chance.randrange(1, 9) * 1_000_000,
        }
        for host in hosts
    ]
    return [moves, able, 2, _below_zero(chance.randrange(60) * 15 + 1, number)]


def _heavy(chance: random.Random, number: int) -> list[Any]:
    words = ["storage", "host", "moved", "endpoint", "café", "snapshot", "route", "frozen", "by"]
    before = [chance.choice(words) for _ in range(40)]
    after = [word if chance.random() < 0.7 else chance.choice(words) for word in before]
    return [" ".join(before), " ".join(after), 7]


def _below_zero(value: int, number: int) -> int:
    return -value if number % OFTEN == 0 else value


# ---------------------------------------------------------------- projects


@dataclass(frozen=True, slots=True)
class Bench:
    """The folder in which all is built, and in it one project for each case."""

    folder: Path

    def build(self) -> None:
        """Copies the sources, fetches the jars, compiles. Raises SystemExit."""
        shutil.copytree(LOAD / "python", self.folder / "python")
        for part in ("java", "peers_java"):
            shutil.copytree(LOAD / part, self.folder / "java", dirs_exist_ok=True)
        command = ["mvn", "-q", "-B", "-ntp", "-f", str(LOAD / "pom.xml"), COPY]
        command.append(f"-DoutputDirectory={self.folder / 'lib'}")
        fetched = subprocess.run(command, capture_output=True, text=True, check=False)
        if fetched.returncode:
            raise SystemExit(f"error: Maven cannot fetch the jars of the bench\n{fetched.stdout}")
        broken = javac(self.folder, "-cp", str(self.folder / "lib" / "*"))
        if broken:
            raise SystemExit(f"error: the Java of the bench does not compile: {broken}")

    def compiled_otherwise(self, name: str, text: str, other: str) -> bytes:
        """The class of a source in which one text is another."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            source = (self.folder / "java" / "fleet" / f"{name}.java").read_text("utf-8")
            assert text in source
            write(place, {f"java/fleet/{name}.java": source.replace(text, other)})
            broken = javac(place, "-cp", os.pathsep.join(self.classpath))
            assert not broken, broken
            return (place / "classes" / "fleet" / f"{name}.class").read_bytes()

    @property
    def classpath(self) -> list[str]:
        """For peers."""
        return [str(self.folder / "classes"), *map(str, sorted((self.folder / "lib").iterdir()))]

    def fixtures_of(self, case: Case) -> Path:
        """The file of a case's fixtures."""
        return self.project(case) / fixtures_file(PYTHON[case.unit])

    def project(self, case: Case, kind: str = "cases", **java: Any) -> Path:
        """The project of one case, made where it is not there: map, config, fixtures."""
        folder = self.folder / kind / f"{case.subject}-{case.count}"
        if folder.exists():
            return folder
        classpath = [str(self.folder / "classes"), str(self.folder / "lib" / "*.jar")]
        table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in java.items())
        config = (
            f'sources = ["{self.folder / "python"}"]\nfixtures = "fixtures"\n\n'
            f"[java]\nclasspath = {json.dumps(classpath)}\n{table}"
        )
        units = {PYTHON[case.unit]: {"java": JAVA[case.subject]}}
        write(folder, {"parity.toml": config, "parity.map.toml": map_text(units)})
        file = folder / fixtures_file(PYTHON[case.unit])
        file.parent.mkdir(parents=True)
        with file.open("w", encoding="utf-8") as out:
            for fixture in fixtures(case):
                out.write(json.dumps(fixture, ensure_ascii=True) + "\n")
        return folder

    def inputs_of(self, case: Case) -> Path:
        """A file of what Java is given, one JSON text a line, for the limit."""
        file = self.project(case) / "inputs.jsonl"
        if not file.exists():
            given = (one.get("args", one.get("kwargs")) for one in fixtures(case))
            file.write_text("".join(f"{json.dumps(one)}\n" for one in given), "utf-8")
        return file

    def peer(self, case: Case, **more: Any) -> str:
        """What the peers are told of a case, as JSON."""
        told = {
            "python": PYTHON[case.unit],
            "java": JAVA[case.subject],
            "subject": case.subject,
            "fixtures": str(self.fixtures_of(case)),
            "classpath": self.classpath,
        }
        return json.dumps(told | more)

    def env(self, **more: str) -> dict[str, str]:
        """The environment of whatever is measured, as people have it."""
        path = {"PYTHONPATH": str(self.folder / "python"), "XDG_CACHE_HOME": str(self.caches)}
        slow = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPYCACHEPREFIX"}
        kept = {name: value for name, value in os.environ.items() if name not in slow}
        return kept | path | more

    @property
    def caches(self) -> Path:
        """Where programs keep what they keep for a user."""
        return self.folder / "caches"
