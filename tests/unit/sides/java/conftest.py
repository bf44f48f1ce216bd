"""One JVM for all tests of what Java makes of values: a class with a method per declared type."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parity.config import Config, ConfigTable
from parity.model import Observation, Outcome, Unit
from parity.sides.java.home import java_home
from parity.sides.java.side import java_unit
from parity.sides.worker import observation_of
from parity.values.form import dumps
from tests.unit.sides.java.cells import CELLS, SAMPLES, declared
from tests.unit.sides.java.containers import CONTAINERS
from tests.unit.sides.java.conversions import CONVERSIONS
from tests.unit.sides.java.driver import Driver

JAVA = Path(__file__).parent / "java"
DECLARED = dict.fromkeys(
    [declared(row, kind) for row in CELLS for kind in SAMPLES]
    + [conversion.declared for conversion in CONVERSIONS + CONTAINERS]
)


def sees() -> str:
    """A class with a method for each declared type, which tells what it was given."""
    lines = (JAVA / "Sees.java").read_text("utf-8").splitlines()
    end = len(lines) - lines[::-1].index("}") - 1
    methods = []
    for number, text in enumerate(DECLARED):
        variables, _, kind = text.rpartition("> ") if text[0] == "<" else ("", "", text)
        head = (
            f"public static {variables}{'> ' if variables else ''}Object see{number}({kind} value)"
        )
        methods.append(f"  {head} throws Exception {{ return told(value); }}")
    return "\n".join([*lines[:end], *methods, *lines[end:]]) + "\n"


@dataclass(frozen=True)
class Java:
    """A worker in which every method is loaded."""

    driver: Driver

    def see(self, declared: str, form: Any) -> Outcome:
        """What a parameter of that type makes of a value."""
        return self.run(declared, form).outcome

    def run(self, unit: str, *args: Any) -> Observation:
        """One call of a method."""
        (answer,) = self.driver.run(unit, [dumps({"args": list(args)})]).answers
        return observation_of(answer)


def gives() -> list[str]:
    """Names of the methods that give a result."""
    text = (JAVA / "Gives.java").read_text("utf-8")
    return [line.split("(")[0].split()[-1] for line in text.splitlines() if "public static" in line]


def units() -> Sequence[Unit]:
    numbered = enumerate(DECLARED)
    seen = [Unit(declared, "", java=f"cells.Sees#see{number}") for number, declared in numbered]
    return seen + [Unit(name, "", java=f"cells.Gives#{name}") for name in gives()]


@pytest.fixture(scope="session")
def java(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Java]:
    """The harness with the classes of `java/` on its class path."""
    root = tmp_path_factory.mktemp("java")
    (root / "Sees.java").write_text(sees(), "utf-8")
    sources = [str(root / "Sees.java"), str(JAVA / "Gives.java")]
    options = [
        "-parameters",
        "-Xlint:all,-rawtypes,-auxiliaryclass",
        "-Werror",
        "-d",
        str(root / "classes"),
    ]
    done = subprocess.run(
        ["javac", *options, *sources], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    config = Config(root=root, file=root / "parity.toml", table=ConfigTable())
    driver = Driver(root, java_home(config))
    assert "ready" in driver.hello([root / "classes"])
    loaded = driver.load([java_unit(unit) for unit in units()])
    assert [one for one in loaded if "problem" in one] == []
    yield Java(driver)
    driver.close()
