"""What the python worker adds to a call: µs per fixture, beside the call by itself.

.venv/bin/python bench/python_worker.py [INTERPRETER...]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.unit.sides.python.border import Border

FIXTURES = 20_000
ROUNDS = 5

MODULE = """
def tiny(order, rate):
    return {"total": order["price"] * order["count"] + rate, "item": order["item"]}


def medium(event):
    lines = []
    for line in event["lines"]:
        for part in range(4):
            lines.append(
                {"sku": line["sku"], "part": part, "price": line["price"] * (part + 1), "ok": True}
            )
    return {"id": event["id"], "lines": lines, "total": sum(one["price"] for one in lines)}
"""

PURE = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import mod
call, calls = getattr(mod, sys.argv[2]), json.load(open(sys.argv[3]))
best = 1e9
for _ in range(3):
    started = time.perf_counter()
    for args in calls:
        call(*args)
    best = min(best, time.perf_counter() - started)
print(best / len(calls) * 1e6)
"""


def calls_of(unit: str) -> list[list[Any]]:
    """The arguments of each call: 48 bytes for tiny, half a kilobyte for medium."""
    if unit == "tiny":
        return [[{"price": n, "count": 3, "item": f"i{n % 97}"}, 2] for n in range(FIXTURES)]
    lines = [{"sku": f"sku-{k:04d}", "price": k * 1.25, "count": k} for k in range(10)]
    return [[{"id": n, "lines": lines}] for n in range(FIXTURES)]


def pure(interpreter: str, folder: Path, unit: str) -> float:
    """The call alone, in µs."""
    calls = folder / "calls.json"
    calls.write_text(json.dumps(calls_of(unit)))
    command = [interpreter, "-c", PURE, str(folder), unit, str(calls)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def worker(border: Border, unit: str) -> float:
    """A fixture in the worker, in µs."""
    lines = [{"args": args, "kwargs": {}} for args in calls_of(unit)]
    started = time.perf_counter()
    batch = border.run(unit, lines, size=1 << 26)
    seconds = time.perf_counter() - started
    assert batch.header()["answered"] == FIXTURES
    stamps = batch.times()
    assert stamps <= seconds
    return stamps / FIXTURES * 1e6


def main() -> None:
    """Prints a line for each interpreter and unit."""
    for interpreter in sys.argv[1:] or [sys.executable]:
        folder = Path(tempfile.mkdtemp())
        (folder / "mod.py").write_text(MODULE)
        with Border(folder, interpreter) as border:
            version = border.hello()["ready"]["version"]
            border.load(*({"id": name, "python": f"mod:{name}"} for name in ("tiny", "medium")))
            for unit in ("tiny", "medium"):
                alone = statistics.median(pure(interpreter, folder, unit) for _ in range(ROUNDS))
                added = statistics.median(worker(border, unit) for _ in range(ROUNDS)) - alone
                print(f"{version:8} {unit:8} call {alone:7.2f} µs   added {added:7.2f} µs")


if __name__ == "__main__":
    main()
