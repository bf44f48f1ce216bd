"""What a fixture costs in the java worker: microseconds at the border, by size and kind of unit.

`python -m bench.java_worker [--fixtures N] [--rounds N] [--home JDK] [--start]`. Drives a worker by
docs/worker-protocol.md, a batch to warm it up and then the rounds; prints the medians of the
microseconds a fixture: on the clock, on the processors (all threads of the worker, its compiler
too), and of the subject itself.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from parity.config import Config, ConfigTable
from parity.sides.java.flags import start_flags
from parity.sides.java.home import harness_jar, java_home
from tests.unit.sides.java.driver import Driver

SOURCES = Path(__file__).parent / "java_worker_java"
HOST = {"name": "host-0017.example", "cpus": 32, "load": 0.4375, "tags": ["ssd", "rack-4"]}
DISK = {"name": "disk-0017", "size": 1_099_511_627_776, "used": 0.4375}
EVENT = {"host": "host-0017.example", "disks": [DISK] * 6, "limits": {"iops": 9000, "moves": 3}}
UNITS = {
    "tiny": "bench.Units#tiny",
    "plan": "bench.Units#plan",
    "typed": "bench.Units#typed",
    "pojo": "bench.Units$Pojo",
}


def fixture(unit: str, number: int) -> dict[str, Any]:
    """The line of one fixture; no two are alike."""
    if unit == "tiny":
        return {"args": [100_000 + number, "volume-17-abcd"]}
    if unit == "pojo":
        return {"event": json.dumps({**EVENT, "host": f"host-{number}"})}
    hosts = [{**HOST, "cpus": number % 100 + place} for place in range(6)]
    if unit == "typed":
        return {"args": [[{"$object": ["m:Host", host]} for host in hosts], 2]}
    return {"args": [hosts, 3]}


def compiled(folder: Path) -> Path:
    """The folder with the classes of the units."""
    sources = [str(file) for file in SOURCES.rglob("*.java")]
    command = ["javac", "--release", "17", "-parameters", "-d", str(folder / "classes"), *sources]
    subprocess.run(command, check=True)
    return folder / "classes"


def documents() -> list[dict[str, Any]]:
    """The units as the worker is told of them."""
    empty = dict.fromkeys(["receiver", "package", "expression", "body", "parameters"])
    flat = {"imports": [], "methods": {}, "class_unit": False, "isolate": False}
    return [{"id": name, "java": java, **empty, **flat} for name, java in UNITS.items()]


def processor_seconds(pid: int) -> float:
    """What all threads of a process have used so far; nan where the system does not say."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text("ascii").split()[0]) for task in tasks) / 1e9 or float("nan")


def costs(folder: Path, home: Path, fixtures: int, rounds: int) -> None:
    """Prints a line per unit."""
    flags = start_flags(home, harness_jar(), [], fixtures * (rounds + 1) * len(UNITS), 0)
    print(f"{home.name}, {fixtures} fixtures a batch, {rounds} batches after the first")
    print("unit      in B  out B    first us    us   cpu us   of it the subject")
    for unit in UNITS:
        driver = Driver(folder, home, flags)
        driver.hello([folder / "classes"])
        driver.load(documents())
        lines = [json.dumps(fixture(unit, n), separators=(",", ":")) for n in range(fixtures)]
        taken, used, inside = [], [], []
        for _ in range(rounds + 1):
            started, before = time.perf_counter(), processor_seconds(driver.process.pid)
            answered = driver.run(unit, lines, parse=False)
            taken.append((time.perf_counter() - started) / fixtures * 1e6)
            used.append((processor_seconds(driver.process.pid) - before) / fixtures * 1e6)
            inside.append(statistics.mean(answered.micros))
        sizes = f"{len(lines[0]):6} {answered.length / fixtures:6.0f}"
        median = statistics.median(taken[1:])
        cpu = statistics.median(used[1:])
        print(f"{unit:8}{sizes} {taken[0]:11.1f} {median:6.1f} {cpu:7.1f}", end="")
        print(f" {statistics.median(inside):12.1f}")
        driver.close()


def main() -> None:
    """Measures what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fixtures", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    config = Config(root=Path.cwd(), file=Path("parity.toml"), table=ConfigTable())
    with TemporaryDirectory(prefix="parity-") as folder:
        compiled(Path(folder))
        costs(Path(folder), given.home or java_home(config), given.fixtures, given.rounds)


if __name__ == "__main__":
    main()
