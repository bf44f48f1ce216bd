"""What becomes of a workflow when hosts are lost for good, on the legacy server and on the port.

`python bench/host_failure.py [--moves 16] [--write]`. The same batch of moves, with applications
that write, four times: one of three management hosts is killed for good (the one that leads),
then two of them; on a local AWS the JVM of one handler at work is killed, then all that there
are. Prints what came of each; `--write` puts that into `docs/decisions/where-it-runs.toml`, from
which `parity evaluate` makes the record. Exits with 1 where the law of the workflow is broken.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from bench.project import ROOT
from bench.sample_aws import sample_aws, sample_cloud

sys.path.insert(0, str(ROOT / "legacy_py"))

RECORD: Final = ROOT / "docs/decisions/where-it-runs.toml"
BEGIN: Final = "# What bench/host_failure.py --write has written, from here to the end.\n"
ROWS: Final = 200
PATIENCE: Final = 240.0
STILL: Final = 20.0
"""Seconds after which a workflow that has not gone on stands still."""


@dataclass(frozen=True)
class Row:
    """What came of one loss."""

    option: str
    what: str
    outcome: str
    violations: int


def main() -> int:
    """All four, and the record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=16)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args()
    console = Console(width=160, highlight=False, markup=False)
    rows = [legacy(told.moves, lost) for lost in (1, 2)]
    rows += port(told.moves)
    for row in rows:
        console.print(f"{row.option:<16}{row.what}: {row.outcome}")
    if told.write:
        write(rows)
    return 1 if any(row.violations for row in rows) else 0


# ---------------------------------------------------------------- three hosts


def legacy(moves: int, lost: int) -> Row:
    """A batch on the legacy server, which loses hosts a quarter through."""
    from sable import audit, workload
    from sable.cluster import Cluster

    with tempfile.TemporaryDirectory() as folder, Cluster.make(Path(folder), 3, 2, 2) as cluster:
        cluster.start()
        cluster.register(limit=2)
        names = workload.endpoint_names(moves)
        homes = {
            name: (host, cluster.address(host))
            for number, name in enumerate(names)
            for host in [f"source-{number % 2 + 1}"]
        }
        journal = cluster.folder / "journal"
        workload.load(cluster.fleet, homes, ROWS, journal)
        writers = workload.Workload(cluster.fleet, names, ROWS, journal)
        writers.begin(writers=2, readers=1, per_second=20)
        body = {"moves": [{"endpoint": name} for name in names], "label": f"{lost} lost"}
        workflow = cluster.fleet.call("POST", "/v1/workflows", body)["workflow"]
        watch = Watch(lambda: moved_there(cluster.fleet, workflow))
        watch.until(moves // 4)
        leader = cluster.leader()
        others = [name for name in cluster.names("management") if name != leader]
        victims = [leader, *others][:lost]
        before = writers.acknowledged
        for name in victims:
            cluster.kill(name)
        watch.begin()
        ended = watch.until(moves, STILL)
        told = watch.told(moves)
        meanwhile = writers.acknowledged - before
        writers.end()
        if not ended:  # to look at what is left there has to be a majority
            cluster.start(*victims)
            ended = watch.until(moves, PATIENCE)
            told += "; " + ("once their disks are back it ends" if ended else "it does not end")
        cluster.fleet.wait_for(workflow, PATIENCE)
        audit.settle(cluster.fleet, 10)
        found = audit.audit(cluster.fleet, journal)
    what = "one of three hosts lost for good" if lost == 1 else "two of three hosts lost for good"
    law = f"; {meanwhile} writes of applications went on meanwhile, {len(found)} lost or twice"
    return Row("ec2", what, told + law, len(found))


def moved_there(fleet: Any, workflow: str) -> int | None:
    """How many moves have ended; None where nobody can be asked."""
    from sable.errors import SableError

    try:
        state = fleet.call("GET", f"/v1/workflows/{workflow}", patience=1.0)
    except SableError:
        return None
    return sum(state["progress"]["states"].get(one, 0) for one in ("moved", "rolled_back"))


class Watch:
    """How far a workflow is, and how long it stood after a loss."""

    def __init__(self, look: Callable[[], int | None]) -> None:
        self.look = look
        self.count = 0
        self.lost: float | None = None
        self.gap: float | None = None
        self.seconds = 0.0

    def begin(self) -> None:
        """The loss is now."""
        self.lost, self.at = time.monotonic(), self.count

    def until(self, count: int, still: float = PATIENCE) -> bool:
        """Whether so many have ended, before nothing has happened for so long."""
        last = time.monotonic()
        while time.monotonic() - last < still:
            found = self.look()
            if found is not None and found > self.count:
                last = time.monotonic()
                self.count = found
                if self.lost is not None and self.gap is None:
                    self.gap = last - self.lost
            if self.count >= count:
                self.seconds = time.monotonic() - (self.lost or last)
                return True
            time.sleep(0.05)
        return False

    def told(self, moves: int) -> str:
        """What was seen of it."""
        if self.count >= moves:
            gap = "at once" if self.gap is None else f"after {self.gap:.1f} s"
            return f"goes on {gap} and ends: {self.count} of {moves} moves"
        return f"stands still with {moves - self.count} of {moves} moves open, for {STILL:g} s"


# ---------------------------------------------------------------- handlers


def port(moves: int) -> list[Row]:
    """A batch on a local AWS, a JVM of whose handlers is killed; then all of them."""
    with sample_aws() as aws, sample_cloud() as cloud:
        return [lost_handlers(aws, cloud, moves, every) for every in (False, True)]


def lost_handlers(aws: Any, cloud: Any, moves: int, every: bool) -> Row:
    """One batch, and one JVM or all of them."""
    from sable_trial import law, worlds

    name = f"batch-{int(every):012x}"
    world = {"sources": 2, "targets": 2, "endpoints": moves, "rows": ROWS, "limit": 2,
             "workflow": name, "chunk_size": "4 KiB"}  # fmt: skip
    cloud.load(world)
    (machine,) = [one for stack in aws.stacks for one in stack.machines]
    states = aws.client("stepfunctions")
    started = states.start_execution(
        stateMachineArn=machine.arn, name=name, input=json.dumps({"workflow": name})
    )["executionArn"]

    def ended() -> int:
        kept = cloud.known()["workflows"][name]["moves"].values()
        return sum(one["state"] in law.FINAL for one in kept)

    watch = Watch(ended)
    watch.until(moves // 4)
    killed = kill(aws, every)
    watch.begin()
    watch.until(moves)
    deadline = time.monotonic() + PATIENCE
    while (told := states.describe_execution(executionArn=started))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)
    journal = cloud.fleet.folder / "journal"
    journal.mkdir()
    lines = [json.dumps({"endpoint": one, "rows": ROWS}) for one in worlds.homes(world)]
    (journal / "loaded.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    found = law.violations(law.CloudFleet(cloud), journal, worlds.homes(world))
    kept = cloud.known()["workflows"][name]["moves"].values()
    ends = ", ".join(f"{count} {state}" for state, count in Counter(
        one["state"] for one in kept).items())  # fmt: skip
    what = (
        f"all {len(killed)} JVMs of handlers killed"
        if every
        else f"the JVM of {killed[0]} killed at work"
    )
    outcome = (
        f"{watch.told(moves)} ({ends}); the execution {told['status'].lower()}; "
        f"{len(found)} violations of the law"
    )
    return Row("step_functions", what, outcome, len(found) + (told["status"] != "SUCCEEDED"))


def kill(aws: Any, every: bool) -> list[str]:
    """Kills a JVM that has a request, or all; answers whose they were."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        there = aws.sandboxes()
        busy = [one for one in there if one["state"] == "busy"]
        victims = there if every else busy[:1]
        if busy and victims:
            for one in victims:
                os.kill(one["pid"], signal.SIGKILL)
            return [one["function"].removesuffix("Function").rpartition("-")[2] for one in victims]
        time.sleep(0.005)
    raise SystemExit("no handler was at work")


# ---------------------------------------------------------------- the record


def write(rows: list[Row]) -> None:
    """Puts the rows at the end of the workload, in place of those of the last time."""
    kept = RECORD.read_text("utf-8").partition(BEGIN)[0].rstrip("\n") + "\n\n"
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    text = kept + BEGIN
    for row in rows:
        source = f"bench/host_failure.py, {day}"
        fields = {"option": row.option, "what": row.what, "outcome": row.outcome, "source": source}
        text += "[[failure]]\n"
        text += "".join(f"{name} = {json.dumps(value)}\n" for name, value in fields.items()) + "\n"
    RECORD.write_text(text.rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
