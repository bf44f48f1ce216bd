"""What recording costs a move: the sample's demo with and without it, in turn.

`python bench/overhead.py [--rounds N]`. Each round runs `python -m sable demo --no-kills` alone and
then recorded, on the same machine; prints the seconds of the moves of both, their ratio, and the
share of the time of the processes that the recorder says it took. Exits with 0 if all ended well.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
DEMO = [sys.executable, "-m", "sable", "demo", "--no-kills"]
ATTEMPTS = 3
NOT_STARTED = re.compile(r"did not start|there is no leader|no leader for")
TOOK = re.compile(r"took\s+(?:(\d+)m )?([\d.]+) ?s")


def project(folder: Path) -> Path:
    """A project of the sample's map that keeps its recordings to itself."""
    config = f'sources = ["{ROOT / "legacy_py"}"]\nfixtures = "fixtures"\n[java]\nclasspath = []\n'
    (folder / "parity.toml").write_text(config, "utf-8")
    shutil.copyfile(ROOT / "parity.map.toml", folder / "parity.map.toml")
    return folder


def run(command: list[str]) -> str:
    """What a command prints. A cluster that a busy machine does not start in time is started again:
    it has moved nothing, and nothing of it is measured."""
    env = os.environ | {"PYTHONPATH": str(ROOT / "legacy_py")}
    for attempt in range(1, ATTEMPTS + 1):
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, cwd=ROOT
        )
        if not done.returncode:
            return done.stdout
        if attempt == ATTEMPTS or not NOT_STARTED.search(done.stderr):
            break
        print("the cluster did not start in time: once more", file=sys.stderr, flush=True)
    raise SystemExit(f"error: {command} ended with {done.returncode}\n{done.stderr[-2000:]}")


def seconds_of(text: str) -> float:
    """Seconds from the start of the workflow to its end, as the demo's summary tells them."""
    found = TOOK.search(text)
    if found is None:
        raise SystemExit(f"error: the demo does not say how long it took:\n{text[-500:]}")
    return 60.0 * int(found.group(1) or 0) + float(found.group(2))


def main() -> int:
    """Runs the rounds and prints their medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    alone, watched, shares = [], [], []
    for number in range(1, rounds + 1):
        alone.append(seconds_of(run(DEMO)))
        with TemporaryDirectory(prefix="parity-") as folder:
            parity = [sys.executable, "-m", "parity", "-C", str(project(Path(folder)))]
            text = run([*parity, "record", "--json", "--", *DEMO])
        watched.append(seconds_of(text))
        times = json.loads(text.strip().splitlines()[-1])["times"]
        shares.append(times["recording"] / times["processes"])
        print(f"{number}: {alone[-1]:.1f} s alone, {watched[-1]:.1f} s recorded, {shares[-1]:.2%}")
    ratio = statistics.median(watched) / statistics.median(alone)
    print(
        f"the move takes {ratio:.2f} times as long when it is recorded (medians of {rounds}); "
        f"{statistics.median(shares):.2%} of the time of all processes goes into recording"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
