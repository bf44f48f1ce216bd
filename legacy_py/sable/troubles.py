"""The troubles of the exercise: what befalls moves that wait at a pause point."""

from __future__ import annotations

import itertools
import sqlite3
import time
import urllib.parse
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from sable import asking, workload
from sable.errors import Unavailable
from sable.fleet import Fleet

if TYPE_CHECKING:
    from sable.exercise import Day

Fault = Callable[[str, list[str]], Any]  # told a workflow and its endpoints


class Troubles:
    """One after the other; what a trouble leaves behind is put right beside the next ones."""

    def __init__(self, day: Day, pool: ThreadPoolExecutor) -> None:
        self._day: Final = day
        self._cluster: Final = day.cluster
        self._fleet: Final = day.fleet
        self._pool: Final = pool
        self._managers: Final = day.cluster.names("management")
        self._later: Final[list[Future[Any]]] = []

    def befall(self) -> None:
        """All of them; returns when every host is back and every workflow has ended."""
        self._day.start([("minnow", "target-4")])  # larger than it says: its plan fails
        self._day.start([("void", "source-3")])  # which has room for nothing, and that is enough
        lost = self._at("lock", 2, "target-3", lambda *_: self._cluster.kill("target-3"))
        writers = workload.Workload(self._fleet, ["remote", "nobody"], 9, self._day.journal, 9)
        writers.begin(2, 0)
        self._at("validate", 2, "target-1", self._cancel)
        self._at("validate", 3, "target-2", lambda *_: self._restart("source-1"))
        self._at("plan", 5, "?", self._hold)
        for change in asking.ROTS:
            self._at("catch_up", 2, "target-2", self._rot(change))
        self._at("copy", 2, "target-1", self._cancel)
        self._at("freeze", 2, "target-2", lambda *_: self._restart("target-2"))
        self._at("switch", 2, "target-1", lambda *_: self._restart("source-2"))
        self._at("verify", 2, "target-1", self._suspend_leader)
        writers.end()
        self._fleet.wait_for(lost, 30)
        self._cluster.start("target-3")
        for work in self._later:
            work.result()

    def _at(self, point: str, count: int, target: str, fault: Fault) -> str:
        """Starts a workflow, does something to it when it waits at a point, and lets it go on."""
        names = list(itertools.islice(self._day.spare, count))
        for manager in self._managers:
            self._cluster.arm(manager, point)
        workflow = self._day.start([(name, target) for name in names], point) or ""
        who = {workflow} if point in ("validate", "plan") else set(names)
        deadline = time.monotonic() + 10
        while not any(who <= set(self._cluster.paused(manager)) for manager in self._managers):
            if time.monotonic() > deadline:
                raise Unavailable(f"{workflow} does not come to {point}")
            time.sleep(0.02)
        for _ in range(3):
            self._day.look(workflow)
        fault(workflow, names)
        self._day.counts["faults"] += 1
        for manager in self._managers:
            self._cluster.arm(manager, None)
        if target != "target-3":
            self._fleet.wait_for(workflow, 20)
        return workflow

    def _cancel(self, workflow: str, names: list[str]) -> None:
        self._fleet.call("POST", f"/v1/workflows/{workflow}/cancel")

    def _restart(self, name: str) -> None:
        """Kills a host that is back in a second."""
        self._later.append(self._pool.submit(self._day.restart, name))

    def _hold(self, workflow: str, names: list[str]) -> None:
        """An operator locks all endpoints but one of a planned workflow, until it has failed."""
        paths = [f"/v1/endpoints/{urllib.parse.quote(name)}/lock" for name in names[1:]]
        for path in paths:
            self._fleet.call("POST", path, {"holder": "ops"})

        def let_go() -> None:
            self._fleet.wait_for(workflow, 20)
            for path in paths:
                self._fleet.call("DELETE", path, {"holder": "ops"})

        self._later.append(self._pool.submit(let_go))

    def _rot(self, change: str) -> Fault:
        """One of the copies on target-2 changes on its disk."""

        def rot(workflow: str, names: list[str]) -> None:
            file = self._cluster.folder / "target-2" / "store.sqlite"
            with sqlite3.connect(file, timeout=5) as data:
                data.execute(change, (names[0],))
            data.close()

        return rot

    def _suspend_leader(self, workflow: str, names: list[str]) -> None:
        """The leader stands still until another one has done its work, and is fenced then."""
        leader = self._cluster.leader()
        others = [name for name in self._managers if name != leader]
        for name in others:
            self._cluster.arm(name, None)
        fleet = Fleet([self._cluster.address(name) for name in others], self._cluster.client)
        with self._cluster.suspended(leader):
            fleet.wait_for(workflow, 30)
