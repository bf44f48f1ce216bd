"""Faults while BatchMoveEndpoint runs on the local AWS: the law of the workflow has to hold in all.

`python bench/workflow_faults.py [--executions 20] [--moves 20] [--seed 1]`. Endpoints move to and
fro between eight storage hosts, several executions at a time, while applications write. Meanwhile
handlers throw, JVMs are killed before, during and after what they do, time is up, tasks are
delivered twice, writes to the bucket and the table are refused or late, storage hosts are killed
and come back, one never does, executions are stopped. Nothing in the handlers knows of it.

An operator starts a workflow again whose execution has ended before its moves have: nobody else
does. Exits with 0 where all executions have ended, each move is done or rolled back exactly once,
the audit finds nothing (no acknowledged write lost or twice, one live home each, no lock, no copy
left), and at least `--least` faults were hit, of every kind some; else with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from bench.project import ROOT
from bench.sample_aws import sample_aws, sample_cloud
from parity.aws import warden
from parity.aws.faults import Fault
from parity.aws.local import LocalAws

sys.path.insert(0, str(ROOT / "legacy_py"))

AT_A_TIME: Final = 10
SIDE: Final = 4
GONE: Final = f"target-{SIDE + 1}"
SECONDS: Final = 400.0
MOST: Final = 8
"""Executions of a workflow, started by an operator one after the other, at most."""

LATEST: Final = 6.0
"""Seconds after which an event is delivered again at the latest."""

ERRORS: Final = "com.sable.moves.errors."
THROWN: Final = (f"{ERRORS}Unavailable", f"{ERRORS}Unavailable", "java.lang.NullPointerException")
OF_A_MOVE: Final = (
    *("AdmitMove", "LockEndpoint", "CopyChunks", "CatchUp", "VerifyCopy", "FreezeSource"),
    *("SwitchRoute", "ReleaseSource", "EndMove", "TurnBack", "RollBack"),
)
OF_A_WORKFLOW: Final = (
    *("ClaimWorkflow", "ReadWorkflow", "PlanBatch", "RecordPlan", "ListMoves", "Summarise"),
    "FinishWorkflow",
)
WAYS: Final = {
    "throws-before": 0.0,
    "throws-after": 0.0,
    "killed-before": 0.0,
    "killed-during": 0.05,
    "killed-after": 0.0,
    "timed-out": 0.04,
    "abandoned": 0.04,
    "twice": 0.0,
    "twice-at-once": 0.0,
    "again-later": LATEST,
}
"""What befalls invocations, and how many seconds after something at most."""

REQUESTS: Final = (
    ("refused", "s3 PUT /*/ListMoves/*"),
    ("refused-after", "s3 PUT /*/ListMoves/*"),
    ("slow", "s3 PUT /*/ListMoves/*"),
    ("refused", "dynamodb POST *TransactWriteItems"),
    ("refused-after", "dynamodb POST *TransactWriteItems"),
)


def main() -> int:
    """Runs this in a process that nothing is left of, however it or this one ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--executions", type=int, default=20)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=200, help="faults that have to be hit")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.inside:
        return inside(told)
    folder = Path(tempfile.gettempdir()) / f"parity-faults-{secrets.token_hex(6)}"
    guard = [sys.executable, "-I", warden.__file__, str(folder), "-"]
    command = [*guard, sys.executable, *sys.argv, "--inside"]
    env = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=env, start_new_session=True) as run:
        return run.wait()


def inside(told: argparse.Namespace) -> int:
    """The local AWS, the hosts, the writers; then the faults."""
    console = Console(width=140, highlight=False, markup=False)
    with sample_aws() as aws, sample_cloud() as cloud:
        return Trial(aws, cloud, told, console).run()


@dataclass
class Driven:
    """A workflow, and the executions that have driven it, one after the other."""

    workflow: str
    executions: list[str] = field(default_factory=list)


class Trial:
    """A fleet, its writers, and all that befalls the workflows that move its endpoints."""

    def __init__(
        self, aws: LocalAws, cloud: Any, told: argparse.Namespace, console: Console
    ) -> None:
        self.aws: Final = aws
        self.cloud: Final = cloud
        self.told: Final = told
        self.console: Final = console
        self.dice: Final = random.Random(told.seed)
        self.states: Final = aws.client("stepfunctions")
        self.lambdas: Final = aws.client("lambda")
        (machine,) = [one for stack in aws.stacks for one in stack.machines]
        self.machine: Final = machine.arn
        self.functions: Final = {
            name.rpartition("-")[2].removesuffix("Function"): name
            for stack in aws.stacks
            for name in (one.name for one in stack.functions)
        }
        self.hits: Final[Counter[str]] = Counter()
        self.ends: Final[dict[str, str]] = {}
        self.has_spare = False

    def run(self) -> int:
        """All waves; then what the audit says."""
        from sable import workload
        from sable_trial import law, worlds

        each = min(AT_A_TIME, -(-self.told.executions // 2))  # endpoints move to and fro
        sizes = {"sources": SIDE, "targets": SIDE, "spare": 1, "limit": 8, "changes": 2}
        world = {**sizes, "endpoints": each * self.told.moves, "rows": self.told.rows}
        self.cloud.load(world)
        self.fleet = law.CloudFleet(self.cloud)
        homes = worlds.homes(world)
        self.names = list(homes)
        journal = self.cloud.fleet.folder / "journal"
        journal.mkdir()
        lines = [json.dumps({"endpoint": name, "rows": self.told.rows}) for name in self.names]
        (journal / "loaded.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        writers = workload.Workload(self.fleet, self.names, self.told.rows, journal)
        writers.begin(3, 1, per_second=5)
        began = time.monotonic()
        waves = -(-self.told.executions // each)
        for number in range(waves):
            self.wave(number, min(each, self.told.executions - number * each), number == waves - 1)
            self.console.print(f"{time.monotonic() - began:6.1f} s  wave {number + 1} of {waves}")
        writers.end()
        self.come_to_rest()
        found = law.violations(self.fleet, journal, homes)
        return self.tell(found, writers, time.monotonic() - began)

    # ---------------------------------------------------------------- a wave

    def wave(self, number: int, executions: int, last: bool) -> None:
        """So many workflows at a time, with what befalls them, until all have ended."""
        moves = self.told.moves
        self.aws.plan(self.faults(executions, moves, late=27.0 if last and number else 3.5))
        self.dice.shuffle(self.names)
        batches = [self.names[at * moves : (at + 1) * moves] for at in range(executions)]
        driven = []
        if last:  # before the others, while its host is there
            self.register_spare()
            driven.append(self.start(batches.pop(), lambda _: GONE, f"gone-{number}"))
        driven += [
            self.start(batch, self.anywhere, f"wave-{number}-{at}")
            for at, batch in enumerate(batches)
        ]
        over = threading.Event()
        work: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
            (self.kill_hosts, (2 * executions, over))
        ]
        if last:
            work.append((self.take_away, (driven[0],)))
        for one, cancels in zip(driven[last:], (False, True), strict=False):
            work.append((self.stop, (one, cancels)))
        threads = [threading.Thread(target=do, args=about, daemon=True) for do, about in work]
        for thread in threads:
            thread.start()
        with ThreadPoolExecutor(len(driven)) as operators:
            list(operators.map(self.bring_to_an_end, driven))
        over.set()
        for thread in threads:
            thread.join()
        with ThreadPoolExecutor(len(driven)) as operators:  # whoever was stopped last
            list(operators.map(self.bring_to_an_end, driven))

    def faults(self, executions: int, moves: int, *, late: float) -> Iterator[Fault]:
        """What is to go wrong in a wave: some eight in ten of its moves, and its workflows."""
        yield Fault("slow", "s3 PUT /*/ListMoves/*", seconds=late)
        dice = self.dice
        for number in range(executions * moves * 8 // 10):
            what = list(WAYS)[number % len(WAYS)]
            outer = dice.random() < 0.15
            name = dice.choice(OF_A_WORKFLOW if outer else OF_A_MOVE)
            often = executions if outer else executions * moves
            if name in ("TurnBack", "RollBack"):
                often //= 10
            yield Fault(
                what,
                f"*{name}Function",
                skip=dice.randrange(max(1, often * 8 // 10)),
                seconds=dice.uniform(0, WAYS[what]),
                error=dice.choice(THROWN),
            )
        for what, on in REQUESTS * max(1, executions // 2):
            skip = dice.randrange(executions if on.startswith("s3") else executions * moves * 4)
            times = dice.randrange(1, 7) if what == "refused" else 1
            yield Fault(what, on, skip=skip, times=times, seconds=dice.uniform(1, 3))

    def anywhere(self, name: str) -> str | None:
        """A host that an endpoint is not on, or whichever is chosen when it is planned."""
        if self.dice.random() < 0.2 and not self.has_spare:
            return None
        home = self.cloud.one("endpoints", name)["host"]
        hosts = [f"{side}-{at + 1}" for side in ("source", "target") for at in range(SIDE)]
        return self.dice.choice([host for host in hosts if host != home])

    def start(self, names: list[str], to: Callable[[str], str | None], label: str) -> Driven:
        """A workflow begins, as whoever asks for one has it begin."""
        chosen = {name: to(name) for name in names}
        moves = [
            {"endpoint": name} | ({"target": host} if host else {}) for name, host in chosen.items()
        ]
        body = {"moves": moves, "label": label, "chunk_size": "4 KiB", "request_id": label}
        workflow = str(self.call("Start", body)["workflow"])
        arn = self.machine.replace(":stateMachine:", ":execution:") + f":{workflow}"
        return Driven(workflow, [arn])

    def call(self, function: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a function of the server gives."""
        answer = self.lambdas.invoke(
            FunctionName=self.functions[function], Payload=json.dumps(body).encode()
        )
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise SystemExit(f"{function} of {str(body)[:200]}: {told}")
        return dict(told)

    # ---------------------------------------------------------------- what befalls it

    def kill_hosts(self, times: int, over: threading.Event) -> None:
        """Storage hosts are killed and come back."""
        dice = random.Random(self.dice.random())
        for _ in range(times):
            if over.wait(dice.uniform(1, 4)):
                return
            name = f"{dice.choice(('source', 'target'))}-{dice.randrange(SIDE) + 1}"
            self.cloud.fleet.kill(name)
            time.sleep(dice.uniform(0.1, 3))
            self.bring_back(name)
            self.hits["host killed, and back"] += 1

    def bring_back(self, name: str) -> None:
        """A host is there again, however long that takes on a machine that is busy."""
        from sable.errors import Unavailable

        until = time.monotonic() + SECONDS
        while True:
            try:
                return self.cloud.fleet.start(name)
            except Unavailable:
                if time.monotonic() > until:
                    raise

    def register_spare(self) -> None:
        """A host that will not be there for long."""
        self.has_spare = True  # where whatever has no target would go
        facts = {"capacity": "4 TiB", "limit": 8}
        self.call(
            "RegisterHost", {"name": GONE, "address": self.cloud.fleet.address(GONE), **facts}
        )

    def take_away(self, one: Driven) -> None:
        """The host goes for good when the moves to it are planned, before any route is switched."""
        until = time.monotonic() + SECONDS
        while self.state_of(one)["state"] != "running" and time.monotonic() < until:
            time.sleep(0.01)
        self.cloud.fleet.kill(GONE)
        self.fleet.gone.add(GONE)
        self.hits["host gone for good"] += 1

    def stop(self, one: Driven, cancels: bool) -> None:
        """An execution is stopped on its way; whoever cancels it first has its moves go back."""
        until = time.monotonic() + SECONDS
        while self.state_of(one)["state"] != "running" and time.monotonic() < until:
            time.sleep(0.1)
        if cancels:  # which is refused once a route has switched
            self.lambdas.invoke(
                FunctionName=self.functions["Cancel"],
                Payload=json.dumps({"workflow": one.workflow}).encode(),
            )
        time.sleep(random.Random(one.workflow).uniform(0, 6))
        arn = one.executions[-1]
        if self.states.describe_execution(executionArn=arn)["status"] != "RUNNING":
            return
        self.states.stop_execution(executionArn=arn, error="Operator", cause="a trial")
        self.hits["cancelled, and stopped" if cancels else "stopped"] += 1

    # ---------------------------------------------------------------- ends

    def state_of(self, one: Driven) -> dict[str, Any]:
        return dict(self.cloud.one("workflows", one.workflow))

    def bring_to_an_end(self, one: Driven) -> None:
        """Waits for its execution; starts another one where that leaves moves open."""
        while len(one.executions) < MOST:
            status = self.wait(one.executions[-1])
            if status == "RUNNING" or self.state_of(one)["state"] == "ended":
                return
            name = f"{one.workflow}-{len(one.executions)}"
            given = json.dumps({"workflow": one.workflow})
            started = self.states.start_execution(
                stateMachineArn=self.machine, name=name, input=given
            )
            one.executions.append(started["executionArn"])
        self.console.print(f"given up: {one.workflow}: {self.why_open(one.executions[-1])}")

    def why_open(self, arn: str) -> str:
        """What the tasks of an execution failed of, by function: where its moves were left."""
        found: Counter[str] = Counter()
        called = ""
        events = self.states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        for event in events:
            called = event.get("stateEnteredEventDetails", {}).get("name", called)
            failed = event.get("taskFailedEventDetails") or event.get(
                "lambdaFunctionFailedEventDetails"
            )
            if failed:
                found[f"{called} {failed.get('error')} {str(failed.get('cause'))[:120]}"] += 1
        return "; ".join(f"{count} x {what}" for what, count in found.most_common(8))

    def wait(self, arn: str) -> str:
        """How an execution has ended."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            found = self.states.describe_execution(executionArn=arn)
            if found["status"] != "RUNNING":
                self.ends[arn] = f"{found['status']} {found.get('error', '')}".strip()
                return str(found["status"])
            time.sleep(0.2)
        self.ends[arn] = "RUNNING"
        return "RUNNING"

    def come_to_rest(self) -> None:
        """Late deliveries are over, and the schedule has swept what was left to sweep."""
        time.sleep(LATEST + 1)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.call("SweepLeftovers", {})
            busy = [one for one in self.aws.sandboxes() if one["state"] == "busy"]
            if not (busy or self.fleet.state()["leftovers"]):
                return
            time.sleep(0.5)

    def tell(self, found: list[Any], writers: Any, seconds: float) -> int:
        """Prints the figures; 0 where all is as it has to be."""
        for hit in self.aws.hits():
            requested = " " in hit["on"]
            self.hits[f"{hit['what']}: {hit['on'].split()[0]}" if requested else hit["what"]] += 1
        table = Table("what went wrong", "hits", box=None, pad_edge=False)
        for what, count in sorted(self.hits.items()):
            table.add_row(what, str(count))
        self.console.print(table)
        state = self.fleet.state()
        moves = Counter(
            move["state"] for one in state["workflows"].values() for move in one["moves"].values()
        )
        facts, total = writers.facts(), sum(self.hits.values())
        wanted = {*WAYS, "host killed, and back", "host gone for good", "stopped", "slow: s3"}
        missing = sorted(wanted - set(self.hits)) if self.told.least >= 50 else []
        self.console.print(
            f"{total} faults hit (at least {self.told.least}) in {seconds:.0f} s; executions:"
            f" {dict(Counter(self.ends.values()))}; moves: {dict(moves)}"
        )
        self.console.print(
            f"writers: {facts['acknowledged']} acknowledged, {facts['unknown']} unknown,"
            f" {facts['reads']} reads, {facts['stale_reads']} older than one before"
        )
        self.console.print(f"violations of the law: {len(found)}" + "".join(
            f"\n  {one.kind}: {one.endpoint} {one.text}" for one in found[:20]))  # fmt: skip
        for line in missing:
            self.console.print(f"  not hit at all: {line}")
        expected = self.told.executions * self.told.moves
        good = not (found or missing or facts["stale_reads"] or "RUNNING" in self.ends.values())
        return 0 if good and total >= self.told.least and sum(moves.values()) == expected else 1


if __name__ == "__main__":
    sys.exit(main())
