"""Kills processes of the legacy server at random moments while endpoints move to and fro.

Unlike tests/legacy/test_kills.py, which kills after a step, this kills in the middle of anything,
several processes at a time, and now and then stops one for seconds. Prints a line per round; ends
with 1 if the audit finds anything.

    python bench/legacy_chaos.py --rounds 20 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "legacy_py"))

from sable import audit, workload
from sable.cluster import Cluster
from sable.errors import Unavailable

ENDPOINTS, ROWS = 16, 1200
SECONDS_OF_KILLS = 6


def main() -> int:
    """Runs the rounds."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder, Cluster.make(Path(folder), 3, 2, 2) as cluster:
        cluster.start()
        cluster.register()
        names = workload.endpoint_names(ENDPOINTS)
        homes = {name: (host, cluster.address(host)) for name, host in zip(
            names, ["source-1", "source-2"] * (ENDPOINTS // 2), strict=True)}  # fmt: skip
        journal = cluster.folder / "journal"
        workload.load(cluster.fleet, homes, ROWS, journal)
        running = workload.Workload(cluster.fleet, names, ROWS, journal)
        running.begin(writers=3, readers=2)
        kills = 0
        for number in range(options.rounds):
            kills += _round(cluster, dice, number)
        running.end()
        violations = audit.audit(cluster.fleet, journal)
        print(f"{options.rounds} rounds, {kills} kills, {running.facts()}")
        print(audit.counts_text(violations), running.stale[:3], sep="\n")
        for found in violations[:20]:
            print(found)
        if violations:
            for name in cluster.plan:
                print(name, (cluster.folder / name / "stderr").read_text("utf-8")[-2000:])
        return 1 if violations or running.stale else 0


def _round(cluster: Cluster, dice: random.Random, number: int) -> int:
    """One batch to random targets, with kills at random moments until it has ended."""
    body = {"moves": [], "label": f"round {number}", "request_id": f"round-{number:04d}"}
    storage = [name for name, facts in cluster.plan.items() if facts["role"] == "storage"]
    for row in cluster.fleet.call("GET", "/v1/endpoints")["endpoints"]:
        target = dice.choice([host for host in storage if host != row["host"]])
        body["moves"].append(f"{row['name']} -> {target}")
    workflow = cluster.fleet.call("POST", "/v1/workflows", body)["workflow"]
    ended = threading.Event()
    kills = [0]

    def break_things() -> None:
        while not ended.wait(dice.uniform(0.02, 0.4)):
            if dice.random() < 0.2:  # looks dead, and then goes on where it was
                with cluster.suspended(dice.choice(sorted(cluster.plan))):
                    time.sleep(dice.uniform(0.5, 3))
                continue
            victims = dice.sample(sorted(cluster.plan), dice.choice([1, 1, 1, 2, 3]))
            for name in victims:
                cluster.kill(name)
            kills[0] += len(victims)
            time.sleep(dice.uniform(0, 0.5))
            cluster.start(*victims)

    breaking = threading.Thread(target=break_things)
    breaking.start()
    began = time.monotonic()
    try:
        while time.monotonic() < began + SECONDS_OF_KILLS:
            time.sleep(0.1)
            try:
                if cluster.fleet.call("GET", f"/v1/workflows/{workflow}")["state"] == "ended":
                    break
            except Unavailable:
                pass
    finally:
        ended.set()
        breaking.join()
    status = cluster.fleet.wait_for(workflow, 60)
    audit.settle(cluster.fleet, 10)
    took = time.monotonic() - began
    print(f"{number:3} {took:5.1f} s  {kills[0]} kills  {status['progress']['states']}", flush=True)
    return kills[0]


if __name__ == "__main__":
    sys.exit(main())
