"""How fast the local AWS runs BatchMoveEndpoint with its real handlers, and what limits it.

`python bench/workflow_speed.py [--moves 60] [--concurrency 2] [--rounds 3]`. Starts the local AWS,
moves endpoints between eight storage hosts, and says what a second of it was: task invocations,
moves, and the processor time of the control plane, of the handlers and of the storage hosts, of
other programs, and none: where much is left, it waits and does not work. The first round starts
the JVMs; the last one counts. Exits with 1 where it is slower than it has to be: 25 task
invocations and 2.5 moves a second, and a start within 15 s. Attempts that a state machine makes
anew are no invocations more.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from bench.sample_aws import sample_aws, sample_cloud
from parity.aws.machines import execute

OUTER = 8
OF_A_MOVE = 9
TASKS, MOVES, START = 25.0, 2.5, 15.0


def main() -> int:
    """Runs the rounds and prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    console = Console(width=140, highlight=False, markup=False)
    began = time.monotonic()
    with sample_aws(told.concurrency) as aws:
        start = time.monotonic() - began
        console.print(f"start of the local AWS, template made: {start:.1f} s (at most {START:g})")
        with sample_cloud() as cloud:
            rates = [round_of(aws, cloud, number, told, console) for number in range(told.rounds)]
    tasks, moves = rates[-1]
    return 0 if tasks >= TASKS and moves >= MOVES and start <= START else 1


def round_of(
    aws: Any, cloud: Any, number: int, told: argparse.Namespace, console: Console
) -> tuple[float, float]:
    """One execution: invocations and moves a second."""
    name = f"batch-{number:012d}"
    sizes = {"sources": 4, "targets": 4, "endpoints": told.moves, "rows": told.rows, "changes": 2}
    cloud.load({"workflow": name, "chunk_size": "64 KiB", **sizes})
    (machine,) = [one for stack in aws.stacks for one in stack.machines]
    attempts = attempts_of(aws)
    before, began = shares(), time.monotonic()
    ended = execute(aws.client("stepfunctions"), machine.arn, {"workflow": name}, 600)
    seconds = time.monotonic() - began
    if ended.error or ended.value["moved"] != told.moves:
        raise SystemExit(f"round {number + 1} went wrong: {ended}")
    used = {kind: share - before.get(kind, 0.0) for kind, share in shares().items()}
    needed = OUTER + OF_A_MOVE * told.moves
    tasks, moves = needed / seconds, told.moves / seconds
    more = attempts_of(aws) - attempts - needed
    jvms = len(aws.sandboxes())
    console.print(
        f"round {number + 1}: {told.moves} moves in {seconds:.1f} s: {tasks:.1f} task invocations/s"
        f" (at least {TASKS:g}), {moves:.2f} moves/s (at least {MOVES:g}),"
        f" {jvms} JVMs, {more} attempts more"
    )
    whole = seconds * (os.cpu_count() or 1)
    console.print(f"  processor time of {os.cpu_count()} cores, and milliseconds of it a task:")
    for kind, share in used.items():
        console.print(f"    {kind:<15}{100 * share / whole:5.0f} %{1000 * share / needed:8.1f}")
    own = sum(share for kind, share in used.items() if kind not in ("others", "nobody"))
    console.print(
        f"  so much time is enough for {needed * (os.cpu_count() or 1) / own:.0f} a second on these"
        f" cores, and {needed / used['control plane']:.0f} on the one of the control plane"
    )
    return tasks, moves


def attempts_of(aws: Any) -> int:
    """How often handlers have been invoked so far."""
    return sum(one["invocations"] for one in aws.sandboxes())


def shares() -> dict[str, float]:
    """Seconds of processor time so far, by who had it."""
    found = {"control plane": 0.0, "handlers": 0.0, "storage hosts": 0.0, "this": 0.0}
    own = psutil.Process()
    for process in [own, *own.children(recursive=True)]:
        try:
            words, times = process.cmdline(), process.cpu_times()
        except psutil.Error:
            continue
        kind = "this"
        if "parity.aws.control" in words and "parity.aws.warden" not in words:
            kind = "control plane"
        elif words and Path(words[0]).name == "java":
            kind = "handlers"
        elif "sable_trial.watched" in words:
            kind = "storage hosts"
        found[kind] += times.user + times.system
    machine = psutil.cpu_times()
    idle = machine.idle + machine.iowait
    found["others"] = sum(machine) - machine.guest - machine.guest_nice - idle - sum(found.values())
    return {**found, "nobody": idle}


if __name__ == "__main__":
    sys.exit(main())
