"""A JVM inside a process of its own: JPype starts it, and the Java half serves from then on.

`python -P -m parity.sides.java.worker IN OUT JSON`; see docs/worker-protocol.md. What is imported
here is waited for at each start.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

LOOK_SECONDS = 0.25


def main() -> None:
    """Serves on the two file descriptors that the command line names."""
    requests, answers = int(sys.argv[1]), int(sys.argv[2])
    supervisor = os.getppid()
    threading.Thread(target=end_with, args=(supervisor,), daemon=True).start()
    try:
        serve = start(json.loads(sys.argv[3]))
    except Exception as error:  # whatever keeps the JVM from starting is told, not raised
        problem = {
            "code": "jvm_not_started",
            "what": "the JVM did not start",
            "where": None,
            "why": str(error) or type(error).__name__,
            "next": "check `home` and `jvm_args` in [java] of the config",
        }
        os.write(answers, json.dumps({"problem": problem}).encode("ascii") + b"\n")
        os._exit(0)
    leave_standard_output_to_nobody()
    serve(requests, answers)
    os._exit(0)


def start(given: dict[str, Any]) -> Any:
    """Starts the JVM that the supervisor chose; gives what serves in it."""
    import jpype
    import jpype.config

    jpype.config.destroy_jvm = False
    jpype.startJVM(
        library(given["home"]),
        *given["flags"],
        classpath=[given["harness"]],
        convertStrings=False,
        interrupt=False,
    )
    return jpype.JClass("parity.harness.Worker").serve


def end_with(supervisor: int) -> None:
    """Ends this process, and what the units started, when the supervisor is gone.

    A unit that runs keeps the JVM from seeing that the pipe of requests is at its end.
    """
    while os.getppid() == supervisor:
        time.sleep(LOOK_SECONDS)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def library(home: str) -> str:
    """The JVM's shared library below a JDK. Raises FileNotFoundError where there is none."""
    for name in ("libjvm.so", "libjvm.dylib"):
        for place in (Path(home, "lib", "server", name), Path(home, "jre", "lib", "server", name)):
            if place.is_file():
                return str(place)
    raise FileNotFoundError(f"there is no JVM library below {home}")


def leave_standard_output_to_nobody() -> None:
    """What native code prints must not meet anything that is read."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


if __name__ == "__main__":
    main()
