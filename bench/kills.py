"""Nothing that was observed is lost: `python bench/kills.py [--kills 100] [--seed 1]`.

The supervisor of one run is killed with -9 at random instants over its whole length; `--resume`
goes on, killed now and then as well, until it ends. Its report must equal that of the undisturbed
run byte for byte, times apart, and two seconds after a kill no process of the run may be left.
First the same report is asked of --jobs 1, 2 and 3, and of three shards that are merged; then of
shards and of `merge` that were killed on the way (`--parts`), and of a run whose journal has lost
its end somewhere (`--cuts`: one file of it is cut, at places spread over all of its bytes). Exits
with 0 where all is so, else with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
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
HALF = 0.5
MERGE_SECONDS = 0.6
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


def kill_parts(folder: Path, usual: Undisturbed, kills: int, seed: int) -> Shown:
    """Kills shards and goes on with them, with a merge that is killed as well, and compares."""
    chance = random.Random(seed)
    shown = Shown()
    for number in range(kills):
        shutil.rmtree(folder / ".parity" / "parts", ignore_errors=True)
        told = f"part {number + 1}"
        ended = number % SHARDS + 1
        for index in range(1, SHARDS + 1):
            args = (*RUN, "--shard", f"{index}/{SHARDS}")
            if index == ended:
                instant = usual.seconds * chance.random()
                _kill_one(shown, start(folder, *args), instant, told)
                # Else the next shard finds what this one has left: it is none of its own.
                if chance.random() < HALF:
                    args = (*args, "--resume")
            elif index == ended + 1:
                args = (*args, "--resume")
            status, _, errors = start(folder, *args).result()
            if status not in (0, 1, 2):
                shown.wrong.append(f"{told}: shard {index} ended with {status}: {errors[-500:]}")
        _kill_one(shown, start(folder, "merge", "--json"), MERGE_SECONDS * chance.random(), told)
        status, out, errors = start(folder, "merge", "--json").result()
        if status != 1 or report_of(out) != usual.report:
            shown.wrong.append(f"{told}: merge ends with {status} {errors[-800:]}")
    return shown


def cut_often(folder: Path, usual: Undisturbed, cuts: int) -> Shown:
    """Cuts the journal of a run that was killed, goes on with it, and compares."""
    shown = Shown()
    runs, kept = folder / ".parity" / "runs", folder / "kept"
    running = start(folder, *RUN)
    wait_for("a judged piece", lambda: running.ended or judged(folder))
    _kill_one(shown, running, 0, "the run")
    runs.rename(kept)
    places = [(path, at) for path in _journal(kept) for at in range(_written(path))]
    for number in range(cuts):
        path, at = places[len(places) * number // cuts]
        shutil.rmtree(runs, ignore_errors=True)
        shutil.copytree(kept, runs)
        os.truncate(runs / path.relative_to(kept), at)
        status, out, errors = start(folder, *RUN, "--resume").result()
        shown.kills += 1
        if status != 1 or report_of(out) != usual.report:
            told = f"{path.name} cut at {at} of {_written(path)}"
            shown.wrong.append(f"{told}: status {status}, {errors[-800:]}")
    shutil.rmtree(kept)
    return shown


def _journal(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def _written(path: Path) -> int:
    """The bytes of a file that hold anything: an answer file is longer than what is in it."""
    return len(path.read_bytes().rstrip(b"\0"))


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
    parser.add_argument("--parts", type=int, default=12, help="how often shards are killed")
    parser.add_argument("--cuts", type=int, default=60, help="at how many places to cut a journal")
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
        parts = kill_parts(folder, usual, given.parts, given.seed)
        print(f"shards and merges killed {parts.kills} times: {len(parts.wrong)} wrong")
        cut = cut_often(folder, usual, given.cuts)
        print(f"a journal cut at {cut.kills} places: {len(cut.wrong)} wrong")
        shown = kill_often(folder, usual, given.kills, given.seed)
        wrong += parts.wrong + cut.wrong + shown.wrong
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
