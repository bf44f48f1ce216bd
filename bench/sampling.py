"""What sampling costs BatchMoveEndpoint and what it keeps: first half of line 9.2.

`PYTHONPATH=. python bench/sampling.py [--rounds N] [--endpoints N] [--rows N]`. Each round runs the
sample's demo alone, then recorded with `--sample`, in turn, on the same machine. Once, it is
recorded without sampling. It is the move that is timed: on a quiet machine. Exits with 0
where the move takes at most 10 % longer (medians), and the sampled recording reaches at least 95 %
of the branches of the units' functions that the other one reaches.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.overhead import DEMO, ROOT, project, run, seconds_of
from bench.sample import reached
from parity.config import find_config
from parity.fixtures import read_fixtures
from parity.mapping import read_map

SLOWER, BRANCHES = 1.10, 0.95
MOST = "40"  # fixtures a unit; what goes a way of its own is kept beyond it


def recorded(folder: Path, demo: list[str], *options: str) -> tuple[float, float]:
    """Seconds of the move while it is recorded, and the share of time that recording takes."""
    parity = [sys.executable, "-m", "parity", "-C", str(project(folder))]
    text = run([*parity, "record", "--json", "--max", MOST, *options, "--", *demo])
    times = json.loads(text.strip().splitlines()[-1])["times"]
    return seconds_of(text), times["recording"] / times["processes"]


def branches(folder: Path) -> dict[str, tuple[int, int]]:
    """Fixtures of each unit and the branches of its own function that they reach."""
    config = find_config(folder)
    found = {}
    for unit in read_map(config):
        if unit.reference is not None:
            one = reached(unit, tuple(read_fixtures(config.fixtures, unit)))
            found[unit.id] = (one.fixtures, one.covered)
    return found


def main() -> int:
    """Runs the rounds and prints what they cost and what they keep."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--endpoints", type=int, default=240)
    parser.add_argument("--rows", type=int, default=6000)
    asked = parser.parse_args()
    rounds = asked.rounds
    demo = [*DEMO, "--endpoints", str(asked.endpoints), "--rows", str(asked.rows)]
    sys.path.insert(0, str(ROOT / "legacy_py"))
    alone, sampled, kept = [], [], []
    with TemporaryDirectory(prefix="parity-") as name:
        whole = Path(name)
        seconds, share = recorded(whole, demo)
        all_of_it = branches(whole)
    print(f"all of it: {seconds:.1f} s, {share:.2%} of the time, {summed(all_of_it)}")
    for number in range(1, rounds + 1):
        alone.append(seconds_of(run(demo)))
        with TemporaryDirectory(prefix="parity-") as name:
            seconds, share = recorded(Path(name), demo, "--sample")
            some = branches(Path(name))
        sampled.append(seconds)
        kept.append(sum(one for _, one in some.values()))
        print(
            f"{number}: {alone[-1]:.1f} s alone, {seconds:.1f} s sampled, {share:.2%} of the time, "
            f"{summed(some)}",
            flush=True,
        )
    missed = {u: (some[u][1], n) for u, (_, n) in all_of_it.items() if some[u][1] < n}
    print(f"branches missed in the last round: {missed or 'none'}")
    slower = statistics.median(sampled) / statistics.median(alone)
    part = statistics.median(kept) / sum(one for _, one in all_of_it.values())
    print(
        f"the move takes {slower:.2f} times as long when it is sampled (medians of {rounds}); the "
        f"sample reaches {part:.1%} of the branches that a recording of everything reaches"
    )
    return 0 if slower <= SLOWER and part >= BRANCHES else 1


def summed(found: dict[str, tuple[int, int]]) -> str:
    """All units together."""
    fixtures = sum(number for number, _ in found.values())
    return f"{fixtures} fixtures reach {sum(one for _, one in found.values())} branches"


if __name__ == "__main__":
    sys.exit(main())
