"""The pure time of a function: arguments parsed before, answers dropped.

`python limit.py CASE`, a JSON object; prints the nanoseconds of each pass over all fixtures,
by the clock and of the processor.
"""

import importlib
import json
import sys
import time

case = json.loads(sys.argv[1])
module, _, name = case["python"].partition(":")
function = getattr(importlib.import_module(module), name)
with open(case["fixtures"], encoding="utf-8") as file:
    lines = file.readlines()
for _ in range(case["passes"]):
    fixtures = [json.loads(line) for line in lines]
    if "args" in fixtures[0]:
        inputs = [fixture["args"] for fixture in fixtures]
        started, busy = time.perf_counter_ns(), time.thread_time_ns()
        for given in inputs:
            function(*given)
    else:
        inputs = [fixture["kwargs"] for fixture in fixtures]
        started, busy = time.perf_counter_ns(), time.thread_time_ns()
        for given in inputs:
            function(**given)
    print(time.perf_counter_ns() - started, time.thread_time_ns() - busy)
