"""Nothing that was observed is lost: `python bench/kills.py [--kills 100] [--seed 1]`.

The supervisor of one run is killed with -9 at random instants over its whole length; `--resume`
goes on, killed now and then as well, until it ends. Its report must equal that of the undisturbed
run byte for byte, times apart, and two seconds after a kill no process of the run may be left.
First the same report is asked of --jobs 1, 2 and 3, and of three shards that are merged. Exits with
0 where all is so, else with 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.endings import Running, judged, report_of, start, wait_for, write_project
from bench.project import folder_for

JOBS = (1, 2, 3)
SHARDS = 3
SECOND_KILL = 0.3
MOST_KILLS = 3
RUN = ("run", "--json", "--no-cache")


@dataclass(slots=True)
class Shown:
    """What was seen: how many were asked for, and what is wrong."""

    kills: int = 0
    early: int = 0
    with_pieces: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The report of a run that nobody disturbs, its seconds, and how many of them fixtures ran."""

    report: str
    seconds: float
    looping: float


def undisturbed(folder: Path, *args: str) -> Undisturbed:
    """A run that nobody disturbs. Raises SystemExit."""
    started = time.monotonic()
    status, out, errors = start(folder, *RUN, *args).result()
    if status != 1:
        raise SystemExit(f"error: the run ended with {status}, not 1\n{errors}\n{out[-2000:]}")
    looping = json.loads(out)["times"]["loop"]
    return Undisturbed(report_of(out), time.monotonic() - started, looping)


def compare_layouts(folder: Path, report: str, jobs: Sequence[int] = JOBS) -> list[str]:
    """Whether lanes and shards change the report."""
    wrong = []
    for count in jobs:
        if undisturbed(folder, "--jobs", str(count)).report != report:
            wrong.append(f"--jobs {count} gives another report")
    for index in range(1, SHARDS + 1):
        status, _, errors = start(folder, *RUN, "--shard", f"{index}/{SHARDS}").result()
        if status not in (0, 1, 2):
            wrong.append(f"shard {index} ended with {status}: {errors[-500:]}")
    status, out, errors = start(folder, "merge", "--json").result()
    if status != 1 or report_of(out) != report:
        wrong.append(f"merged shards give another report, status {status} {errors[-500:]}")
    return wrong


def kill_often(folder: Path, usual: Undisturbed, kills: int, seed: int) -> Shown:
    """Kills runs, goes on with them, and compares.

    Every other kill comes at an instant of the whole run, the others while fixtures are run.
    """
    report, seconds = usual.report, usual.seconds
    chance = random.Random(seed)
    shown = Shown()
    for number in range(kills):
        told = f"kill {number + 1}"
        instant = seconds * (number + chance.random()) / kills
        running = start(folder, *RUN)
        if number % 2:
            runs = folder / ".parity" / "runs"
            wait_for("the loop", lambda runs=runs, running=running: running.ended or _begun(runs))
            instant = usual.looping * (number + chance.random()) / kills
        _kill_one(shown, running, instant, told)
        kept = len(judged(folder))
        shown.with_pieces += kept > 0
        again = 1
        while again < MOST_KILLS and chance.random() < SECOND_KILL:
            instant = seconds * chance.random()
            _kill_one(shown, start(folder, *RUN, "--resume"), instant, f"{told}, again")
            again += 1
        status, out, errors = start(folder, *RUN, "--resume").result()
        same = status == 1 and report_of(out) == report
        if not same:
            shown.wrong.append(f"{told} at {instant:.2f} s: status {status}, {errors[-800:]}")
            (folder / f"report-{number}.json").write_text(out, "utf-8")
        if sys.stderr.isatty() or (number + 1) % 10 == 0:
            print(f"{number + 1} of {kills}: {len(shown.wrong)} wrong", file=sys.stderr)
    return shown


def _begun(runs: Path) -> bool:
    return any(runs.glob("*/first"))


def _kill_one(shown: Shown, running: Running, seconds: float, told: str) -> None:
    time.sleep(seconds)
    shown.early += running.ended
    shown.kills += 1
    left = running.kill()
    shown.wrong += [f"{told} at {seconds:.2f} s: {one.command} is left over" for one in left]


def main() -> int:
    """Runs, kills, compares, and says what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write the project there, and leave it")
    given = parser.parse_args()
    started = time.monotonic()
    with folder_for(given.out) as place:
        folder = write_project(place / "enduring")
        undisturbed(folder)
        usual = undisturbed(folder)
        wrong = compare_layouts(folder, usual.report)
        print(f"--jobs 1, 2, 3 and {SHARDS} merged shards: {len(wrong)} give another report")
        shown = kill_often(folder, usual, given.kills, given.seed)
        wrong += shown.wrong
    for line in wrong:
        print(line)
    print(
        f"{given.kills} runs of {usual.seconds:.1f} s killed {shown.kills} times"
        f" ({shown.early} had ended already, {shown.with_pieces} had judged pieces)"
        f" in {time.monotonic() - started:.0f} s:"
        f" {len(wrong)} wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
