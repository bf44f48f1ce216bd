"""A hard day of a cluster in under a minute: every kind of request, and every kind of trouble.

Operators move endpoints while writers write and somebody keeps asking; requests are refused, hosts
are killed and suspended, copies rot. All of it comes by HTTP or by a fault, as it would in service:
whoever watches the processes meanwhile sees every branch of the functions that compute.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from sable import asking, audit, planning, workload
from sable.cluster import Cluster
from sable.errors import SableError
from sable.troubles import Troubles

OPERATORS: Final = 6
TURNS: Final = 8
SPARE: Final = 30


def run(folder: Path | None, say: Callable[[str], Any]) -> int:
    """0 when every request was answered as it should be and the audit is clean; else 1."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        with Cluster.make(folder or Path(temporary), SABLE_PAUSES="1") as cluster:
            cluster.start()
            cluster.leader()
            day = Day(cluster)
            violations = day.spend()
        took = time.monotonic() - began
        counted = ", ".join(f"{count} {what}" for what, count in sorted(day.counts.items()))
        say(f"{counted}; audit: {audit.counts_text(violations)}; {took:.1f} s")
        for wrong in [*day.wrong, *violations]:
            say(f"  {wrong}")
    return 1 if day.wrong or violations else 0


class Day:
    """What happens to one cluster, and what came of it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster: Final = cluster
        self.fleet: Final = cluster.fleet
        self.journal: Final = cluster.folder / "journal"
        self.names: Final = workload.endpoint_names(OPERATORS * 7 + SPARE)
        self.writers: Final = workload.Workload(self.fleet, self.names, 400, self.journal)
        self.spare: Final = iter(self.names[-SPARE:])  # for the troubles
        self.counts: Final = Counter[str]()
        self.wrong: Final[list[str]] = []
        self._numbers: Final = itertools.count()
        self._over: Final = threading.Event()

    def spend(self) -> list[audit.Violation]:
        """The whole day; what the audit finds at its end."""
        self.open()
        self.refusals(asking.REFUSED)
        with ThreadPoolExecutor(16) as pool:
            try:
                self.writers.facts()  # as somebody asks before the first write
                self.writers.begin(3, 1, per_second=40)
                curious = pool.submit(self.keep_asking)
                last, *_ = pool.map(self.operate, range(OPERATORS))
                self.refusals(asking.refused_after(last))
                Troubles(self, pool).befall()
            finally:
                self._over.set()
        curious.result()
        self.writers.end()
        for workflow in self.fleet.state()["workflows"]:
            self.look(workflow)
        self.fleet.call("DELETE", "/v1/endpoints/ballast/lock", {"holder": "ops"})
        self.counts["writes"] = self.writers.acknowledged
        self.wrong.extend(self.writers.stale)
        audit.settle(self.fleet, 20)
        return audit.audit(self.fleet, self.journal)

    def open(self) -> None:
        """Registers hosts of several sizes, and endpoints that say of themselves what they like."""
        for number, (host, capacity) in enumerate(asking.CAPACITIES.items()):
            facts = {"address": self.cluster.address(host), "limit": 2 + number % 3}
            body = {"name": f" {host}", "capacity": capacity, **facts}
            self.fleet.call("POST", "/v1/hosts", body)
        for number, name in enumerate(self.names):
            claim = f"{1 + number * 0.37:.2f} {asking.UNITS[number % 5]}"
            rows = number * 53 % 900 if number % 7 else 0
            self.load(name, f"source-{1 + number % 2}", rows, claim)
        self.load("whale", "source-1", 5, "4095.5 GiB")
        self.load("void", "source-2", 0, 0)
        self.load("minnow", "source-2", 4000, "1 kB")
        self.load("ballast", "source-4", 3, "60 kB")
        self.fleet.call("POST", "/v1/endpoints/ballast/lock", {"holder": "ops"})
        self.load("remote", "target-3", 3, 99)
        self.fit()

    def fit(self) -> None:
        """The largest that somebody could bring just fits, and one byte more does not."""
        state = self.fleet.state()
        most = max(planning.free_space(state["endpoints"], state["hosts"]).values())
        for size, fits in ((most, True), (most + 1, False)):
            told = self.fleet.call("GET", "/v1/hosts", {"room_for": size})["emptiest"]
            if (told is not None) is not fits:
                self.wrong.append(f"{told} for {size} bytes, {most} are free")

    def load(self, name: str, host: str, rows: int, claim: str | int) -> None:
        """An endpoint with records, registered under a size that need not be right."""
        self.fleet.call("POST", "/v1/endpoints", {"name": name, "host": host, "bytes": claim})
        workload.load(self.fleet, {name: (host, self.cluster.address(host))}, rows, self.journal)

    def refusals(self, requests: list[tuple[str, str, str, Any]]) -> None:
        """Every bad request is answered, by a follower, by the error that it should be."""
        leader = self.cluster.leader()
        follower = next(name for name in self.cluster.names("management") if name != leader)
        for error, method, path, body in requests:
            connection = http.client.HTTPConnection(self.cluster.address(follower), timeout=10)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, path, data)
            answer = json.loads(connection.getresponse().read())
            connection.close()
            self.counts["refusals"] += 1
            if answer.get("error") != error:
                self.wrong.append(f"{method} {path} {data[:90]!r}: {answer}, not {error}")

    def operate(self, number: int) -> str:
        """One operator moves endpoints to and fro and watches them go; their last workflow."""
        dice, last = random.Random(number), ""
        mine = self.names[:-SPARE][number::OPERATORS]
        for turn in range(TURNS):
            if (number, turn) == (0, TURNS // 3):
                self.restart(self.cluster.leader())
            names = dice.sample(mine, 1 + (turn * 3 + number) % 7)
            workflow = self.start(
                [(name, dice.choice(asking.GOALS)) for name in names], f"op{number}"
            )
            while workflow and self.look(workflow)["state"] != "ended":
                time.sleep(0.1)
            last = workflow or last
        return last

    def start(self, wanted: list[tuple[str, str]], label: str = "") -> str | None:
        """The id of a workflow that moves endpoints to hosts, each said in another way."""
        moves, number = [], next(self._numbers)
        for at, (name, target) in enumerate(wanted, number):
            home = self.fleet.call("GET", f"/v1/endpoints/{urllib.parse.quote(name)}")["host"]
            target = "?" if target == home and number % 9 else target
            moves.append(asking.move_form(at, name, home, target))
        said = {"label": f"  {label}  é\t{number} ", "request_id": f"day:{number}.0"}
        chunk = asking.CHUNKS[number % len(asking.CHUNKS)]
        body = {"moves": moves, **said, "chunk_size": chunk}
        try:
            reply = self.fleet.call("POST", "/v1/workflows", body)
        except SableError as error:
            self.counts["refusals"] += 1
            if error.name not in asking.EXPECTED:
                self.wrong.append(f"{body}: {error.name}")
            return None
        self.counts["workflows"] += 1
        return str(reply["workflow"])

    def look(self, workflow: str) -> dict[str, Any]:
        """The status of a workflow, asked in another way each time."""
        number = next(self._numbers)
        query = {"percentile": number * 13 % 101, "offset_minutes": number * 45 % 1560 - 720}
        query["slowest"] = number * 5 % 8
        self.counts["questions"] += 1
        return self.fleet.call("GET", f"/v1/workflows/{workflow}", query)

    def keep_asking(self) -> None:
        """Lists of everything in all forms, again and again."""
        for number in itertools.count():
            if self._over.wait(0.15):
                return
            for path, query in asking.questions(number):
                self.fleet.call("GET", path, query)
                self.counts["questions"] += 1
            self.writers.facts()

    def restart(self, name: str, down: float = 0.5) -> None:
        """Kills a host, and starts it again a while later."""
        self.cluster.kill(name)
        self.counts["kills"] += 1
        time.sleep(down)
        self.cluster.start(name)
