"""Judges the sample, and measures which branches of its Python units the fixtures reach.

`python bench/sample.py`, in a checkout. Every unit of parity.map.toml is run with `parity run`,
and each on its own fixtures alone under coverage.py, branch by branch. Exits with 0 where at least
14 units on at least 1,000 distinct fixtures all match and each reaches 90 % of its branches, else
with 1.
"""

from __future__ import annotations

import argparse
import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import coverage
from rich.console import Console
from rich.table import Table

from parity.config import find_config
from parity.fixtures import read_fixtures
from parity.mapping import read_map
from parity.model import Fixture, Unit
from parity.values.form import Reader

ROOT = Path(__file__).resolve().parent.parent
UNITS, FIXTURES, PERCENT = 14, 1000, 90.0


@dataclass(frozen=True)
class Reached:
    """Branches of one unit: those that its fixtures reach, and all that it has."""

    unit: str
    fixtures: int
    covered: int
    branches: int

    @property
    def percent(self) -> float:
        """100 where there is no branch."""
        return 100.0 * self.covered / self.branches if self.branches else 100.0


def any_class(name: str) -> type:
    """A class of the sample by `module:qualname`."""
    module, _, qualname = name.partition(":")
    __import__(module)
    found: Any = sys.modules[module]
    for part in qualname.split("."):
        found = getattr(found, part)
    assert isinstance(found, type)
    return found


def reached(unit: Unit, fixtures: tuple[Fixture, ...]) -> Reached:
    """The branches of a unit's own function, those of functions inside of it included."""
    if not fixtures:
        return Reached(unit.id, 0, 0, 1)
    module_name, _, qualname = str(unit.reference).partition(":")
    __import__(module_name)
    module = sys.modules[module_name]
    function: Any = module
    for part in qualname.split("."):
        function = getattr(function, part)
    file = str(module.__file__)
    measured = coverage.Coverage(data_file=None, branch=True, include=[file], config_file=False)
    calls = [call_of(unit, function, fixture) for fixture in fixtures]
    measured.start()
    for call in calls:
        try:
            call()
        except Exception:  # what it raises, `parity run` compares
            continue
    measured.stop()
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        measured.json_report(outfile=str(report), ignore_errors=False)
        files = json.loads(report.read_text("utf-8"))["files"]
    regions = next(iter(files.values()))["functions"]
    own = [
        s["summary"] for n, s in regions.items() if n == qualname or n.startswith(qualname + ".")
    ]
    covered = sum(summary["covered_branches"] for summary in own)
    branches = sum(summary["num_branches"] for summary in own)
    return Reached(unit.id, len(fixtures), covered, branches)


class Replying:
    """Stands in for a port: each call gets the next reply that was recorded for its name."""

    def __init__(self, port: str, replies: list[dict[str, Any]]) -> None:
        self._port = port
        self._replies = replies

    def __getattr__(self, call: str) -> Callable[..., Any]:
        return lambda *_, **__: self._reply(call)

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self._reply("__call__")

    def __next__(self) -> Any:
        return self._reply("__next__")

    def _reply(self, call: str) -> Any:
        mine = (self._port, call)
        one = next(one for one in self._replies if (one["port"], one["call"]) == mine)
        self._replies.remove(one)
        if "raised" in one:
            raise any_class(one["raised"]["class"])(*one["raised"].get("args", ()))
        return Reader(any_class).read(one["returned"], "$")


@contextmanager
def standing_in(unit: Unit, replies: list[dict[str, Any]]) -> Iterator[None]:
    """Inside of it, the ports that are names of modules get their replies."""
    with ExitStack() as stack:
        for port in unit.ports:
            module, _, name = port.id.partition(":")
            if "." not in name and not isinstance(
                getattr(sys.modules.get(module), name, type), type
            ):
                stand_in = Replying(port.id, replies)
                stack.enter_context(mock.patch(f"{module}.{name}", stand_in))
        yield


def call_of(unit: Unit, function: Any, fixture: Fixture) -> Callable[[], Any]:
    """The call of a fixture, ready to be made."""
    replies = list((fixture.world or {}).get("ports") or ())
    reader = Reader(any_class, stand_in=lambda port: Replying(port, replies))
    args = [reader.read(arg, f"$args[{i}]") for i, arg in enumerate(fixture.args)]
    kwargs = {name: reader.read(value, f"$kwargs.{name}") for name, value in fixture.kwargs.items()}
    if fixture.has_self:
        args.insert(0, reader.read(fixture.self_state, "$self"))
    target = inspect.unwrap(function)

    def call() -> Any:
        with standing_in(unit, replies):
            return target(*args, **kwargs)

    return call


def main() -> int:
    """Runs the sample and prints a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.parse_args()
    config = find_config(ROOT)
    sys.path[:0] = [str(source) for source in config.sources]
    command = [sys.executable, "-m", "parity", "-C", str(ROOT), "run", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout) if done.stdout.strip() else {"units": []}
    runs = {unit["id"]: unit for unit in report["units"]}
    table = Table("unit", "counterpart", box=None, pad_edge=False)
    for name in ("fixtures", "matched", "branches", "reached"):
        table.add_column(name, justify="right")
    found = []
    for unit in read_map(config):
        run = runs.get(unit.id, {"fixtures": 0, "matched": 0})
        one = reached(unit, tuple(read_fixtures(config.fixtures, unit)))
        found.append(one)
        numbers = (run["fixtures"], run["matched"], one.branches, f"{one.percent:.0f} %")
        table.add_row(unit.id, unit.java_text, *map(str, numbers))
    console = Console(width=150, highlight=False, markup=False)
    console.print(table)
    total = sum(one.fixtures for one in found)
    least = min((one.percent for one in found), default=0.0)
    matched = done.returncode == 0 and all(u["verdict"] == "matched" for u in report["units"])
    console.print(
        f"{len(found)} units on {total} distinct fixtures, at least {least:.0f} % of the branches"
        f" of each; parity run exits with {done.returncode}"
    )
    print(done.stderr, file=sys.stderr, end="" if matched else "\n")
    enough = len(found) >= UNITS and total >= FIXTURES and least >= PERCENT
    return 0 if matched and enough else 1


if __name__ == "__main__":
    sys.exit(main())
