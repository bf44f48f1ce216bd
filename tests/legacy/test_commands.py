"""The command line, as people type it: one terminal keeps the cluster, another works on it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sable.cluster import PACKAGE, Cluster

from .conftest import wait_until

ENV = {**os.environ, "PYTHONPATH": str(PACKAGE), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}


def sable(*words: str, wanted: int = 0, seconds: float = 90) -> str:
    """What a command prints; fails unless it ends with the wanted status."""
    done = subprocess.run(
        [sys.executable, "-m", "sable", *words],
        capture_output=True, text=True, env=ENV, timeout=seconds, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == wanted, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder of a cluster that another process keeps."""
    place = tmp_path_factory.mktemp("kept") / "cluster"
    words = ["up", str(place), "--sources", "1", "--targets", "1", "--pauses"]
    with subprocess.Popen(
        [sys.executable, "-m", "sable", *words], stdout=subprocess.PIPE, env=ENV
    ) as keeper:
        assert keeper.stdout is not None
        for _ in range(5):
            assert keeper.stdout.readline()
        yield str(place)
        pids = [
            health["pid"] for name in Cluster.known(place).plan if (health := alive(place, name))
        ]
        assert len(pids) == 5
        keeper.kill()  # as rudely as can be: nobody tells the hosts
        keeper.wait(10)
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def alive(folder: Path, name: str) -> dict[str, int] | None:
    cluster = Cluster.known(folder)
    try:
        return cluster.fleet.answers(cluster.address(name))
    finally:
        cluster.client.close()


def test_a_day_of_an_operator(folder: str) -> None:
    assert "3 endpoints of 50 records" in sable("load", folder, "--endpoints", "3", "--rows", "50")
    assert "größe-001" in sable("list", folder, "endpoints")
    assert "acknowledged" in sable("work", folder, "--seconds", "0.5", "--writers", "1")
    assert "m" in sable("kill", folder, "leader")
    moved = sable("move", folder, "--all", "--label", "evening")
    assert "evening: moved" in moved
    workflow = moved.split()[0]
    assert "evening: moved" in sable("watch", folder, workflow)
    assert "evening" in sable("list", folder, "workflows")
    assert "TooLateToCancel" in sable("cancel", folder, workflow, wanted=2)
    assert "'armed': 'copy'" in sable("pause", folder, "copy")
    sable("pause", folder, "off")
    assert "0 lost, 0 duplicated, 0 homeless, 0 locked" in sable("audit", folder)


def test_what_is_wrong_is_named_and_ends_with_2(folder: str, tmp_path: Path) -> None:
    assert "SameSourceAndTarget" in sable("move", folder, "orders-000 -> target-1", wanted=2)
    assert "UnknownPath" in sable("audit", str(tmp_path), wanted=2)
    assert "UnknownPath" in sable("kill", folder, "m9", wanted=2)


def test_the_demo_ends_well(tmp_path: Path) -> None:
    began = time.monotonic()
    words = ("demo", "--endpoints", "16", "--rows", "400", "--folder", str(tmp_path / "kept"))
    said = sable(*words, seconds=120)
    assert "kill -9" in said
    assert "0 lost, 0 duplicated, 0 homeless, 0 locked" in said
    assert "met a switch: p50" in said
    assert time.monotonic() - began < 120
