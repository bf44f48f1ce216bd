"""A project in a temporary folder, and the command line run on it as people run it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = 'sources = ["src"]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n'
QUICK = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-proc:none")
KEPT = tempfile.TemporaryDirectory(prefix="parity-classes-")
"""Classes by their sources: many tests begin with the same, and javac takes a second."""
FIXTURES = '{"id": "four", "args": [4]}\n{"id": "minus", "args": [-3]}\n'


@dataclass(frozen=True)
class Told:
    """What a command said: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything that was printed."""
        return self.out + self.err

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def unit(self) -> dict[str, Any]:
        """The only unit of the JSON report."""
        (unit,) = self.report["units"]
        return dict(unit)


SETTLED = 0.05
"""Seconds after which what was written does not count as changed while a run went on."""


@dataclass
class Project:
    """Files below a folder; Java sources are compiled into `classes`."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def write(self, files: dict[str, str]) -> Project:
        """Writes text files; missing folders are made."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return self

    def javac(self, *options: str) -> Project:
        """Compiles all of `java/` into `classes/`; what was compiled before is copied."""
        java = self.folder / "java"
        sources = sorted(java.rglob("*.java"))
        texts = [(str(path.relative_to(java)), path.read_bytes()) for path in sources]
        kept = Path(KEPT.name, hashlib.sha256(repr((options, texts)).encode()).hexdigest())
        if not kept.is_dir():
            command = ["javac", *QUICK, "-d", str(kept), *options, *map(str, sources)]
            subprocess.run(command, check=True, capture_output=True, text=True)
        classes = self.folder / "classes"
        shutil.copytree(kept, classes, copy_function=shutil.copyfile, dirs_exist_ok=True)
        time.sleep(SETTLED)
        return self

    def parity(self, *args: str) -> Told:
        """One command."""
        env = os.environ | {"PYTHONPATH": str(ROOT)} | self.env
        command = [sys.executable, "-P", "-m", "parity", "-C", str(self.folder), *args]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        return Told(done.returncode, done.stdout, done.stderr)

    def run(self, *args: str) -> Told:
        """`parity run --json`."""
        return self.parity("run", "--json", *args)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small project that matches: `shop:half` against `shop.Half#half`."""
    made = Project(tmp_path)
    return made.write(
        {
            "parity.toml": CONFIG,
            "parity.map.toml": '[unit."shop:half"]\njava = "shop.Half#half"\n',
            "src/shop.py": "def half(n: int) -> int:\n    return n // 2\n",
            "java/shop/Half.java": "package shop;\n\npublic final class Half {\n"
            "    public static long half(long n) { return Math.floorDiv(n, 2); }\n}\n",
            "fixtures/shop/half.jsonl": FIXTURES,
        }
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium; without it, or without Playwright, nothing is known of the pages."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no chromium")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()
