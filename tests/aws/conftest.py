"""One local AWS for the tests of this folder, with the handlers of a foreign project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
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


# ---------------------------------------------------------------- a project that is proven

CUTOVER = """
[workflow.Order.cutover]
machine = "orders"
alarms = ["orders-fail"]
floor = 60
executions = 2
seconds = 60
world = "fixtures/world.json"
"""
MAP = """
[unit."shop.flow:price_line"]
java = "shop.PriceLine"
raises = { "UnknownArticle" = "shop.UnknownArticle", "Busy" = "shop.Busy" }

[unit."shop.flow:receipt"]
java = "shop.Receipt"
event = "order"

[unit."shop.flow:total_order"]
java = "shop.TotalOrder"
event = "order"
"""
LINES = {
    "price_line": [
        {"article": "apple", "count": 12, "gift": False, "attempt": 0},
        {"article": "pear", "count": 1, "gift": True, "attempt": 0},
        {"article": "pear", "count": 10, "gift": False, "attempt": 0},
        {"article": "pear", "count": 9, "gift": False, "attempt": 1},
        {"article": "kiwi", "count": 9, "gift": False, "attempt": 0},
        {"article": "plum", "count": 1, "gift": False, "attempt": 0},
        {"article": "plum", "count": 1, "gift": False, "attempt": 1},
    ],
    "total_order": [{"order": {"id": "a", "lines": [{"cents": 3}, {"cents": 4}, {"left": True}]}}],
    "receipt": [{"order": {"id": "a", "cents": 7}, "shop": "nobody"}],
}


def parity(folder: Path, *more: str, endpoint: str | None = None) -> tuple[int, str, str]:
    """One command in a project."""
    command = [sys.executable, "-P", "-m", "parity", "-C", str(folder), *more]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
    if endpoint is not None:
        keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
        env |= {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "us-east-1", **keys}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="session")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with a map, fixtures and all of its evidence.

    Its PriceLine errs on more than 500 pieces, of which no fixture knows.
    """
    folder = tmp_path_factory.mktemp("cutover") / "shop"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("target", ".parity"))
    source = folder / "src/main/java/shop/PriceLine.java"
    text = source.read_text()
    assert "return count >= 10 ?" in text
    source.write_text(
        text.replace("return count >= 10 ?", "return count > 500 ? cents : count >= 10 ?")
    )
    config = folder / "parity.toml"
    config.write_text('fixtures = "inputs"\n' + config.read_text() + CUTOVER)
    (folder / "parity.map.toml").write_text(MAP)
    (folder / "fixtures/world.json").write_text('{"orders": {}}')
    for name, given in LINES.items():
        file = folder / f"inputs/shop.flow/{name}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = [json.dumps({"id": f"n{n}", "kwargs": one}) for n, one in enumerate(given)]
        file.write_text("\n".join(rows) + "\n")
    status, out, err = parity(folder, "run", "--workflow", "Order", "--evidence")
    assert status == 0, out + err
    status, out, err = parity(folder, "strength", "--evidence")
    assert status == 0, out + err
    return folder
