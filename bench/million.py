"""One unit on a million fixtures: memory of every process, and linear time.

`python bench/million.py [--count 1000000] [--part 100000]`. Compares the time a fixture of both
counts, and tells the most that each process held. Exits with 1 where a criterion is not met.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from statistics import median

from bench.engine import loop_seconds_of
from bench.project import folder_for
from bench.speed import processes
from bench.speed.cases import Bench, Case, short
from bench.speed.criteria import Criterion, tell
from bench.speed.processes import Failed, Held

HEAP_MIB = 512  # the cap that the project gives its JVMs
LIMIT_MIB = 1024


def criteria(bench: Bench, count: int, part: int, rounds: int) -> list[Criterion]:
    """Both counts in turn. Raises Failed."""
    cases = [Case("tiny", "method", number) for number in (part, count)]
    single = Case("tiny", "method", 1)
    for case in (*cases, single):
        bench.project(case, jvm_args=[f"-Xmx{HEAP_MIB}m"])
    start = min(processes.parity_run(bench, single).report["times"]["run"] for _ in range(3))
    per: dict[int, list[float]] = {part: [], count: []}
    whole: dict[int, list[float]] = {part: [], count: []}
    holds = Held()
    for _ in range(rounds):
        for case in cases:
            print(f"{time.strftime('%H:%M:%S')} {case.name}", file=sys.stderr, flush=True)
            held = Held()
            ran = processes.parity_run(bench, case, held=held)
            per[case.count].append(loop_seconds_of(ran, start) / case.count * 1e6)
            whole[case.count].append(ran.seconds)
            holds = held
    ratio = median(a / b for a, b in zip(per[count], per[part], strict=True))
    told = [
        f"{short(one)}: {median(per[one]):.1f} µs, {median(whole[one]):.1f} s whole" for one in per
    ]
    mib = 2**20
    return [
        Criterion(
            "4.7",
            f"{short(count)} against {short(part)}, time a fixture in the loop",
            ratio,
            1.15,
            "×",
            note="; ".join(told),
        ),
        Criterion(
            "4.7",
            "largest process without a JVM",
            holds.largest_without_jvm / mib,
            LIMIT_MIB,
            "MiB",
        ),
        Criterion(
            "4.7",
            f"largest process with a JVM, whose cap is {HEAP_MIB} MiB",
            holds.largest_jvm / mib,
            LIMIT_MIB + HEAP_MIB,
            "MiB",
            note=f"all processes together {holds.total / mib:.0f} MiB",
        ),
    ]


def main() -> int:
    """Runs both counts and prints a line for each criterion."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--part", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--out", type=Path, help="keep the project there")
    given = parser.parse_args()
    with folder_for(given.out) as folder:
        bench = Bench(folder)
        bench.build()
        try:
            found = criteria(bench, given.count, given.part, given.rounds)
        except Failed as failed:
            print(f"error: {failed}", file=sys.stderr)
            return 1
    return tell(found)


if __name__ == "__main__":
    sys.exit(main())
