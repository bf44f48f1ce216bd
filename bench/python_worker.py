"""What the python worker adds to a call: µs of processor time per fixture.

    .venv/bin/python bench/python_worker.py [INTERPRETER...]

Beside it the call by itself, and the least that a loop over JSON texts can do (`loads`, the call,
`dumps`): on a busy machine read the ratio to that.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SIDE = Path(__file__).parents[1] / "parity" / "sides" / "python"
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

# Runs in the measured interpreter: 48 bytes in and 24 out for tiny, 0.5 KB and 2 KB for medium.
INNER = """
import json, os, statistics, sys, time
side, folder = sys.argv[1:]
sys.path.insert(0, side)
import worker
sys.path[0] = folder
serving = worker.import_side()
from _parity_side import answers, loading, running, surroundings, tracing, world
surroundings.watch()
world.watch_generators()
tracing.TRACER.install()
loader = loading.Loader([folder], [])
limits = running.Limits(10_000, None, 1000)
out = os.fdopen(os.dup(1), "w")

def tiny():
    return [[{"price": n, "count": 3, "item": "item %d" % (n % 97)}, 2] for n in range(3_000)]

def medium():
    lines = [{"sku": "sku-%04d" % k, "price": k * 1.25, "count": k} for k in range(10)]
    return [[{"id": n, "lines": lines}] for n in range(300)]

def per_call(action, items):
    started = time.process_time()
    for item in items:
        action(item)
    return (time.process_time() - started) / len(items) * 1e6

def start(target, calls):
    def loop(text):
        json.dumps(target(*json.loads(text)["args"]))
    path = os.path.join(folder, "answers")
    with open(path, "wb") as file:
        file.truncate(1 << 24)
    file = answers.Answers(path)
    runner = running.Runner(subject, loader.resolve, [folder], limits, file.header)
    runner.usual_depth = runner.surroundings.depth = 3000
    sys.setrecursionlimit(3000)
    def run(line):
        file.header[1] += 1
        file.commit(runner.answer(line))
    lines = [json.dumps({"args": args, "kwargs": {}}, separators=(",", ":")) for args in calls]
    rounds = []
    with tracing.TRACER.running("unit"):
        for _ in range(5):
            alone = per_call(lambda args: target(*args), calls)
            rounds.append([alone, per_call(loop, lines), per_call(run, lines)])
            file.end = 64
    return [statistics.median(column) for column in zip(*rounds)]

for name, make in (("tiny", tiny), ("medium", medium)):
    subject, _ = loader.load({"id": name, "python": "measured:" + name})
    call, loop, worked = start(subject.target, make())
    version = "%d.%d" % sys.version_info[:2]
    print("%-5s %-7s call %6.2f   loop %7.2f   worker %7.2f   added %7.2f   worker/loop %.2f" % (
        version, name, call, loop, worked, worked - call, worked / loop), file=out)
"""


def main() -> None:
    """Prints a line for each interpreter and unit."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "measured.py").write_text(MODULE)
        for interpreter in sys.argv[1:] or [sys.executable]:
            command = [interpreter, "-c", INNER, str(SIDE), folder]
            told = subprocess.run(command, capture_output=True, text=True)
            print(told.stdout or told.stderr, end="", flush=True)


if __name__ == "__main__":
    main()
