"""Clusters for the tests: real processes on loopback, ended with the test that started them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "legacy_py"))

MISSING = [name for name in ("pysyncobj", "urllib3", "waitress") if find_spec(name) is None]
if not MISSING:
    from sable import audit, fleet, workload
    from sable.cluster import Cluster
else:  # one failing test that says so, instead of a run that does not begin
    collect_ignore_glob = ["test_[!i]*.py"]

ROWS = 60


class Place:
    """A running cluster, with a journal of all that was ever acknowledged in it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.fleet = cluster.fleet
        self.journal = cluster.folder / "journal"
        self.made = 0

    def endpoints(self, count: int, host: str = "source-1", rows: int = ROWS) -> list[str]:
        """New endpoints with records on a host."""
        names = [f"{name}.{self.made}" for name in workload.endpoint_names(count)]
        self.made += 1
        address = self.cluster.address(host)
        workload.load(self.fleet, dict.fromkeys(names, (host, address)), rows, self.journal)
        return names

    def start(self, names: list[str], target: str = "target-1", **more: Any) -> str:
        """Starts to move endpoints; the id of the workflow."""
        moves = [f"{name} -> {target}" for name in names]
        body = {"moves": moves, "request_id": f"test-{time.time_ns()}", **more}
        workflow: str = self.fleet.call("POST", "/v1/workflows", body)["workflow"]
        return workflow

    def writers(self, names: list[str], count: int = 2) -> workload.Workload:
        """Writers that have begun to write to endpoints."""
        running = workload.Workload(self.fleet, names, ROWS, self.journal)
        running.begin(count, 1, per_second=40)
        return running

    def violations(self) -> list[audit.Violation]:
        """What the audit finds, once everything has come to rest."""
        audit.settle(self.fleet, 10)
        return audit.audit(self.fleet, self.journal)

    def wait_at(self, host: str, count: int = 1, seconds: float = 10) -> None:
        """Returns when so many wait at the armed point."""
        wait_until(lambda: len(self.cluster.paused(host)) >= count, seconds)


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Returns when a condition holds; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)


def running_place(folder: Path, sources: int = 1, targets: int = 2) -> Iterator[Place]:
    """A cluster of three management hosts that allows pauses."""
    fleet._addresses.clear()
    with Cluster.make(folder, 3, sources, targets, SABLE_PAUSES="1") as cluster:
        cluster.start()
        cluster.leader()
        cluster.register()
        yield Place(cluster)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A cluster that the tests of a module share."""
    yield from running_place(tmp_path_factory.mktemp("cluster"))


@pytest.fixture
def own_place(tmp_path: Path) -> Iterator[Place]:
    """A cluster that a test may leave in any state."""
    yield from running_place(tmp_path)
