"""A JVM inside a process of its own: JPype starts it, and the Java half serves from then on.

`python -P -m parity.sides.java.worker IN OUT JSON`; see docs/worker-protocol.md. What is imported
here is waited for at each start.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any

# As in archive.py, which is not imported here for the time that takes.
USE = "-XX:SharedArchiveFile="
OURS = ".parity.jsa"
PR_SET_CHILD_SUBREAPER = 36
MAKE = "-XX:ArchiveClassesAtExit="


def main() -> None:
    """Serves on the two file descriptors that the command line names."""
    requests, answers = int(sys.argv[1]), int(sys.argv[2])
    if os.getpgrp() == os.getpid():  # else whoever started it ends it, and its group is not ours
        threading.Thread(target=end_with_supervisor, args=(requests,), daemon=True).start()
    try:
        given = json.loads(sys.argv[3])
        flags = given["flags"]
        serve = start(given)
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
    if any(flag.startswith(MAKE) for flag in flags):
        leave_in_order()
    os._exit(0)


def start(given: dict[str, Any]) -> Any:
    """Starts the JVM that the supervisor chose; gives what serves in it."""
    import jpype
    import jpype.config

    jpype.config.destroy_jvm = False
    flags = list(given["flags"])
    archives = [
        flag.removeprefix(USE) for flag in flags if flag.startswith(USE) and flag.endswith(OURS)
    ]
    told, tells = os.pipe() if archives else (-1, -1)
    if archives:
        flags += [f"-Xlog:cds*=warning:file=/dev/fd/{tells}:none:filecount=0", "-Xlog:cds*=off"]
    jpype.startJVM(
        library(given["home"]),
        *flags,
        classpath=[given["harness"]],
        convertStrings=False,
        interrupt=False,
    )
    for archive in archives:
        drop_refused(archive, told)
    return jpype.JClass("parity.harness.Worker").serve


def end_with_supervisor(requests: int) -> None:
    """Ends this process, and what the units started, when nobody can send requests any more.

    A unit that runs keeps the JVM from seeing that the pipe is at its end.
    """
    supervisor = os.getppid()
    take_what_is_left()
    pipe = select.poll()
    pipe.register(requests, 0)  # nothing but the end of it wakes
    while not pipe.poll():
        pass
    end_what_left(supervisor)
    os.killpg(0, signal.SIGKILL)


def end_what_left(supervisor: int) -> None:
    """Ends what the units started and what has left this process's group."""
    from parity.sides.marks import own_mark, with_mark

    for pid in with_mark(own_mark(supervisor)) - {os.getpid()}:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue


def take_what_is_left() -> None:
    """Asks that processes which left their session fall to this one: the supervisor ends them."""
    if sys.platform == "linux":
        try:
            import ctypes

            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        except (ImportError, OSError):
            return


def library(home: str) -> str:
    """The JVM's shared library below a JDK. Raises FileNotFoundError where there is none."""
    for name in ("libjvm.so", "libjvm.dylib"):
        for place in (Path(home, "lib", "server", name), Path(home, "jre", "lib", "server", name)):
            if place.is_file():
                return str(place)
    raise FileNotFoundError(f"there is no JVM library below {home}")


def drop_refused(archive: str, told: int) -> None:
    """Removes an archive of classes that the JVM did not take: it starts all the same.

    It has then complained, or it has not mapped the file: one JVM does the one, one the other.
    """
    os.set_blocking(told, False)
    try:
        complaints = os.read(told, 1 << 16).decode("utf-8", "replace")
    except BlockingIOError:
        complaints = ""
    try:
        mapped = Path("/proc/self/maps").read_text("utf-8", "replace")
        if archive in complaints or archive not in mapped:
            Path(archive).unlink(missing_ok=True)
    except OSError:  # no /proc, or not ours to remove
        return


def leave_in_order() -> None:
    """Ends as a Java program does, which is when the JVM archives its classes."""
    import jpype

    jpype.JClass("java.lang.System").exit(0)


def leave_standard_output_to_nobody() -> None:
    """What native code prints must not meet anything that is read."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


if __name__ == "__main__":
    main()
