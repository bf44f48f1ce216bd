"""Runs `parity` with a profile of each of its threads: `supervised.py OUT ARGUMENT…`."""

from __future__ import annotations

import atexit
import cProfile
import pstats
import runpy
import sys
import threading
from types import FrameType

profiles: list[cProfile.Profile] = []


def begin(frame: FrameType | None = None, event: str = "", arg: object = None) -> None:
    """Profiles the thread that calls it, from now on."""
    sys.setprofile(None)
    one = cProfile.Profile()
    profiles.append(one)
    one.enable()


def main() -> None:
    """Runs parity, and writes what was seen, however it ends."""
    out, *arguments = sys.argv[1:]
    sys.argv = ["parity", *arguments]
    threading.setprofile(begin)
    begin()
    atexit.register(write, out)  # parity ends without unwinding
    runpy.run_module("parity", run_name="__main__", alter_sys=True)


def write(out: str) -> None:
    """Writes what all threads did."""
    profiles[0].disable()
    seen = pstats.Stats(profiles[0])
    for one in profiles[1:]:
        one.create_stats()
        if one.stats:
            seen.add(one)
    seen.dump_stats(out)


if __name__ == "__main__":
    main()
