"""`parity run --workflow` on a foreign project: equal, and with a defect in each state."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws.conftest import PROJECT, ROOT
from tests.aws.ports import listening, open_ports

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


SLOW = "import time\ntime.sleep(60)\n"


@pytest.mark.parametrize("where", ["python", "java_world"])
def test_nothing_is_left_of_a_run_that_is_killed(project: Path, where: str, tmp_path: Path) -> None:
    """Killed without warning while one of its programs is at it, with a child of its own."""
    module = {"python": "once", "java_world": "cloud"}[where]
    mark = tmp_path / "pids"
    begun = (
        "import os, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLOW!r}])\n"
        f"open({str(mark)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(60)\n"
    )
    (project / "python/shop" / f"{module}.py").write_text(begun, "utf-8")
    folder = tmp_path / "tmp"
    folder.mkdir()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    command = [sys.executable, "-P", "-m", "parity", "-C", str(project), "run"]
    with subprocess.Popen([*command, "--workflow", "Order"], env=env) as process:
        assert until(lambda: mark.is_file() and len(mark.read_text().split()) == 2, 120)
        pids = [*map(int, mark.read_text().split()), *below(process.pid)]
        assert len(pids) > 4  # the local AWS too
        ports = listening(pids)
        assert len(ports) >= 2
        process.kill()
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 30)
    assert open_ports(ports) == []
    assert until(lambda: not list(folder.iterdir()), 30), list(folder.iterdir())


def below(pid: int) -> list[int]:
    """All processes that one has started, and these."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [*map(int, children), *(deep for child in children for deep in below(int(child)))]


def until(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()
