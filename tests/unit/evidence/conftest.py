"""A project on disk, what its workers would have traced, and evidence of it."""

from __future__ import annotations

import datetime
import os
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from parity.config import Config, find_config
from parity.evidence import Basis, Evidence, load, save, stale, take
from parity.mapping import read_map
from parity.model import Unit

CONFIG = """
sources = ["src", "more"]
types = ["ipaddress"]
[python]
env_pass = ["TAX"]
[java]
classpath = ["classes", "extra", "lib/util.jar"]
jvm_args = ["-Xmx64m"]
"""
MAP = """
schema = 1
[unit."shop.prices:total"]
java = "com.example.Prices#total"
[[unit."shop.prices:total".allow]]
path = "$.a"
kind = "type"
reason = "later"
owner = "@shop"
expires = 2027-01-31
[unit."shop.money:cents"]
java = "com.example.Money#cents"
"""
FILES = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "from shop.money import cents\n\ndef total(a):\n    return cents(a) + 1",
    "src/shop/money.py": "def cents(a):\n    return a * 100\n",
    "src/shop/unrelated.py": "x = 1\n",
    "more/rates.py": "RATE = 3\n",
    "data/table.csv": "1,2\n",
    "data/more/old.txt": "",
    "classes/com/example/Prices.class": "prices",
    "classes/com/example/Money.class": "money",
    "classes/com/example/Unrelated.class": "unrelated",
    "classes/messages.properties": "a=b",
    "extra/com/example/Extra.class": "extra",
    "tests/fixtures/shop.prices/total.jsonl": '{"id": "a", "args": [1]}\n',
    "tests/fixtures/shop.money/cents.jsonl": '{"id": "a", "args": [1]}\n',
    "site/lib/site-packages/taxes/__init__.py": "",
    "site/lib/site-packages/taxes-2.1.dist-info/RECORD": "taxes/__init__.py,sha256=x,0\n",
    "site/lib/site-packages/other-1.dist-info/RECORD": "other.py,sha256=y,0\n",
    "jdk/release": 'IMPLEMENTOR="Tests"\nJAVA_VERSION="17.0.15"\n',
    "harness.jar": "harness",
    "data/bin/python": "",
}

FAST = ("src/fast", "more/fast", "site/lib/site-packages/fast")  # an import that found nothing


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def age(root: Path, seconds: float = 60) -> None:
    """Lets everything below a folder be as old as in real life."""
    then = time.time() - seconds
    for folder, _, files in os.walk(root):
        for name in files:
            os.utime(Path(folder, name), (then, then))


@dataclass
class Project:
    """A project of tests; each `basis` is what a new process would see."""

    root: Path
    env: dict[str, str] = field(default_factory=lambda: {"TAX": "19", "PATH": "/bin"})
    home: str = "jdk"
    entries: list[str] = field(default_factory=lambda: ["classes", "extra", "lib/util.jar"])
    today: datetime.date = datetime.date(2026, 11, 1)

    @property
    def config(self) -> Config:
        return find_config(self.root)

    def unit(self, unit_id: str = "shop.prices:total") -> Unit:
        return {unit.id: unit for unit in read_map(self.config)}[unit_id]

    def basis(self) -> Basis:
        basis = Basis(
            self.config,
            home=self.root / self.home,
            entries=[self.root / entry for entry in self.entries],
            env=self.env,
            harness=self.root / "harness.jar",
            interpreter_path=Path(sys.executable),
            today=self.today,
        )
        site = str(self.root / "site/lib/site-packages")
        own = basis.interpreter
        basis.interpreter = type(own)(own.version, own.stdlib, (site,))
        return basis

    def python_trace(self, **more: Any) -> dict[str, Any]:
        at = self.root
        modules = {
            "shop": "src/shop/__init__.py",
            "shop.prices": "src/shop/prices.py",
            "shop.money": "src/shop/money.py",
            "rates": "more/rates.py",
            "taxes": "site/lib/site-packages/taxes/__init__.py",
        }
        trace: dict[str, Any] = {
            "modules": {name: str(at / file) for name, file in modules.items()}
            | {"json": str(Path(os.__file__).parent / "json" / "__init__.py"), "sys": None},
            "imports": {"shop.prices": ["shop.money"]},
            "files": [str(at / "data/table.csv"), str(at / "src/shop/prices.py")],
            "absent": [
                str(at / "data/override.csv"),
                *(f"{at}/{place}{end}" for place in FAST for end in ("", ".py")),
                "speedups",
            ],
            "folders": [str(at / "data/more")],
            "env": ["TAX", "PATH"],
            "beyond": [],
        }
        return trace | more

    def java_trace(self, **more: Any) -> dict[str, Any]:
        classes, jar = str(self.root / "classes"), str(self.root / "lib/util.jar")
        trace: dict[str, Any] = {
            "classes": {
                "com.example.Prices": classes,
                "com.example.Money": classes,
                "com.example.Extra": str(self.root / "extra"),
                "org.util.Util": jar,
                "parity.Expression1": None,
            },
            "resources": {"messages.properties": classes},
            "absent": ["com.example.Plugin", "META-INF/services/x.Y"],
            "beyond": [],
        }
        return trace | more

    def take(self, **more: Any) -> Evidence:
        python = self.python_trace(**more.get("python", {}))
        java = self.java_trace(**more.get("java", {}))
        basis = self.basis()
        evidence = take(basis, self.unit(), [python], [java], {"verdict": "matched"})
        save(self.config, evidence)
        basis.keep()
        return evidence

    def stale(self) -> str | None:
        """What a later process says of the evidence that was kept."""
        evidence = load(self.config, self.unit())
        assert evidence is not None
        basis = self.basis()
        why = stale(evidence, basis, self.unit())
        basis.keep()
        return why

    def write(self, name: str, text: str) -> None:
        write(self.root / name, text)

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        file = self.root / name
        file.write_text(change(file.read_text("utf-8")), "utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path.resolve() / "project"
    write(root / "parity.toml", CONFIG)
    write(root / "parity.map.toml", MAP)
    for name, text in FILES.items():
        write(root / name, text)
    jar(root / "lib/util.jar", {"org/util/Util.class": "util"})
    age(root)
    made = Project(root)
    time.sleep(0.03)  # what was written above was written before the run that is taken
    return made


def jar(file: Path, entries: dict[str, str], *, year: int = 2020) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as written:
        for name, text in entries.items():
            written.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), text)
