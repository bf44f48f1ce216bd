"""One local AWS for the tests of this folder, with the handlers of a foreign project."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.aws.local import LocalAws, Options
from parity.aws.stack import Code

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "tests/projects/order_workflow"


def jdk() -> Path:
    """The JDK on PATH."""
    found = shutil.which("java")
    assert found
    return Path(found).resolve().parents[1]


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled handlers of the project, apart: other tests build it at the same time."""
    copy = tmp_path_factory.mktemp("handlers") / "project"
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns("target", ".parity"))
    command = ["mvn", "-q", "-B", "-ntp", "-f", str(copy / "pom.xml"), "compile"]
    subprocess.run(command, check=True, capture_output=True)
    return copy / "target" / "classes"


@pytest.fixture(scope="session")
def aws(classes: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS with the project's template made."""
    cache = tmp_path_factory.mktemp("cache")
    with LocalAws(Options(java=jdk(), cache=cache)) as running:
        code = Code((str(classes),))
        running.load(PROJECT / "infra/template.yaml", project_code=lambda _: code)
        yield running
