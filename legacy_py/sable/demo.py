"""The whole proof in one command: a batch moved under writers while two hosts are killed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sable import audit, workload
from sable.cluster import Cluster
from sable.errors import Unavailable

SECONDS = 120


def run(
    folder: Path | None, endpoints: int, rows: int, kills: bool, say: Callable[[str], Any]
) -> int:
    """0 when all moved, nothing is lost, duplicated, homeless or locked, and in time; else 1."""
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        with Cluster.make(place) as cluster:
            return _run(cluster, endpoints, rows, kills, say)


def spread(cluster: Cluster, names: list[str]) -> dict[str, tuple[str, str]]:
    """A source host and its address for each endpoint, in turn."""
    sources = [name for name in cluster.plan if name.startswith("source-")]
    homes = {name: sources[number % len(sources)] for number, name in enumerate(names)}
    return {name: (host, cluster.address(host)) for name, host in homes.items()}


def all_moves(cluster: Cluster) -> list[str]:
    """A move to the target hosts, in turn, for each endpoint that is on a source host."""
    targets = [name for name in cluster.plan if name.startswith("target-")]
    rows = cluster.fleet.call("GET", "/v1/endpoints", {"order": "host"})["endpoints"]
    here = [row for row in rows if row["host"].startswith("source-")]
    return [
        f"{row['name']}@{row['host']} -> {targets[number % len(targets)]}"
        for number, row in enumerate(here)
    ]


def _run(
    cluster: Cluster, endpoints: int, rows: int, kills: bool, say: Callable[[str], Any]
) -> int:
    began, journal = time.monotonic(), cluster.folder / "journal"
    cluster.start()
    cluster.register()
    say(f"{time.monotonic() - began:5.1f} s  {len(cluster.plan)} hosts, {cluster.leader()} leads")
    names = workload.endpoint_names(endpoints)
    workload.load(cluster.fleet, spread(cluster, names), rows, journal)
    say(f"{time.monotonic() - began:5.1f} s  {endpoints} endpoints of {rows} records loaded")
    running = workload.Workload(cluster.fleet, names, rows, journal)
    running.begin(writers=4, readers=2)
    body = {"moves": all_moves(cluster), "label": "demo", "request_id": "demo-0001"}
    workflow = cluster.fleet.call("POST", "/v1/workflows", body)["workflow"]
    if kills:
        _kill_on_the_way(cluster, workflow, lambda text: say(
            f"{time.monotonic() - began:5.1f} s  {text}"))  # fmt: skip
    status = cluster.fleet.wait_for(workflow, SECONDS)
    running.end()
    audit.settle(cluster.fleet, 10)
    violations = audit.audit(cluster.fleet, journal)
    took = time.monotonic() - began
    facts = running.facts()
    say(status["text"])
    say(f"  writers   {facts['acknowledged']} acknowledged, {facts['unknown']} unknown, "
        f"{facts['pauses']} met a switch: p50 {facts['pause_p50_ms']} ms, "
        f"p99 {facts['pause_p99_ms']} ms")  # fmt: skip
    say(f"  readers   {facts['reads']} reads, {facts['stale_reads']} older than one before")
    say(f"  audit     {audit.counts_text(violations)}")
    for found in violations[:20]:
        say(f"    {found.kind}: {found.endpoint} {found.text}")
    say(f"  ended after {took:.1f} s of {SECONDS} s")
    good = status["summary"]["outcome"] == "moved" and not violations and not facts["stale_reads"]
    return 0 if good and took <= SECONDS else 1


def _kill_on_the_way(cluster: Cluster, workflow: str, say: Callable[[str], Any]) -> None:
    """Kills the leader and a storage host once a fifth is done; both come back a second later."""
    while cluster.fleet.call("GET", f"/v1/workflows/{workflow}")["progress"]["percent"] < 20:
        time.sleep(0.02)
    victims = [cluster.leader(), "target-2"]
    for name in victims:
        say(f"kill -9 {name}, pid {cluster.kill(name)}")
    time.sleep(1)
    cluster.start(*victims)
    try:
        say(f"both are back, {cluster.leader()} leads")
    except Unavailable:
        say("both are back, there is no leader yet")
