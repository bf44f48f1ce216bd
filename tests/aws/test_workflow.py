"""`parity run --workflow` on a foreign project: equal, and with a defect in each state."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.aws.conftest import PROJECT, ROOT

JAVA = "src/main/java/shop"
DEFECTS = {
    "PriceLine": (
        f"{JAVA}/PriceLine.java",
        "Math.floorDiv(cents * 9, 10)",
        "Math.round(cents * 0.9)",
    ),
    "Receipt": (f"{JAVA}/Receipt.java", '",\\"shop\\":', '",\\"store\\":'),
}


def run(folder: Path, *more: str) -> tuple[int, str, str]:
    """`parity run --workflow Order` in a copy of the project."""
    command = [sys.executable, "-P", "-m", "parity", "-C", str(folder)]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
    done = subprocess.run(
        [*command, "run", "--workflow", "Order", *more],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, to be broken."""
    copy = tmp_path / "order_workflow"
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns("target", ".parity"))
    return copy


def test_equal_sides_match_and_every_state_was_gone_through(project: Path) -> None:
    status, out, err = run(project, "--json")
    assert status == 0, out + err
    report = json.loads(out)
    assert report["verdict"] == "matched"
    assert [one["verdict"] for one in report["requests"]] == ["matched"] * 3
    hops = {one["state"]: (one["unit"], one["hops"], one["matched"]) for one in report["states"]}
    assert hops == {
        "PriceLine": ("shop.flow:price_line", 5, 5),
        "TotalOrder": ("shop.flow:total_order", 3, 3),
        "Receipt": ("shop.flow:receipt", 3, 3),
    }


def test_defects_in_two_handlers_are_each_found_in_their_own_state(project: Path) -> None:
    for file, right, wrong in DEFECTS.values():
        plant(project / file, right, wrong)
    status, out, err = run(project, "--json")
    assert status == 1, out + err
    report = json.loads(out)
    first = {one["request"]: one["state"] for one in report["diverges"]}
    assert first == {"three_kinds": "Receipt", "odd_tenth": "PriceLine", "nothing": "Receipt"}
    verdicts = {one["state"]: one["verdict"] for one in report["states"]}
    assert verdicts == {"PriceLine": "differs", "TotalOrder": "matched", "Receipt": "differs"}
    assert [one["verdict"] for one in report["requests"]] == ["differs"] * 3


def test_a_world_that_ends_otherwise_differs_though_each_handler_matches(project: Path) -> None:
    plant(project / "infra/order.asl.json", "States.Format('{}', $.cents)", "States.Format('7')")
    status, out, err = run(project, "--json")
    assert status == 1, out + err
    report: dict[str, Any] = json.loads(out)
    assert report["diverges"] == []
    paths = {one["path"] for one in report["requests"][0]["findings"]}
    assert paths == {"$.world.orders.one.cents"}


def plant(file: Path, right: str, wrong: str) -> None:
    """Puts a defect into a file."""
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), "utf-8")
