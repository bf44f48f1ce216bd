"""The shortest fair loop by hand: one JSON text into Java, one back, `==` first.

`python loop.py CASE`, a JSON object; prints how many differ, and the seconds of the loop.
"""

import importlib
import json
import sys
import time

import jpype

case = json.loads(sys.argv[1])
module, _, name = case["python"].partition(":")
function = getattr(importlib.import_module(module), name)
jpype.startJVM(classpath=case["classpath"])
subject = jpype.java.lang.String(case["subject"])
call = jpype.JClass("peer.Bridge").call
started = time.perf_counter()
differ = 0
with open(case["fixtures"], encoding="utf-8") as lines:
    for line in lines:
        fixture = json.loads(line)
        given = fixture["args"] if "args" in fixture else fixture["kwargs"]
        text = json.dumps(given)  # before python may change it
        python = function(*given) if isinstance(given, list) else function(**given)
        java = str(call(subject, text))
        if java != json.dumps(python, separators=(",", ":"), ensure_ascii=False):
            differ += json.loads(java) != python
print(json.dumps({"differ": differ, "loop": time.perf_counter() - started}))
