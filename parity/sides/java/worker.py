"""A JVM inside a process of its own: JPype starts it, and the Java half serves from then on.

`python -m parity.sides.java.worker IN OUT`; see docs/worker-protocol.md.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import jpype
import jpype.config

FLAGS = (
    "-Xrs",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
)
# The order of `Set.of` and `Map.of` is ours to choose (Salt.java), but compiled code keeps the one
# that the JVM drew at its start: what iterates them is interpreted.
ORDERED = (
    "java/util/ImmutableCollections$Set12*",
    "java/util/ImmutableCollections$SetN$SetNIterator",
    "java/util/ImmutableCollections$MapN$MapNIterator",
)
NATIVE_ACCESS_SINCE = 24


def main() -> None:
    """Serves on the two file descriptors that the command line names."""
    requests, answers = int(sys.argv[1]), int(sys.argv[2])
    hello = read_line(requests)
    try:
        start(json.loads(hello))
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
    jpype.JClass("parity.harness.Worker").serve(hello, requests, answers)
    os._exit(0)


def start(hello: dict[str, Any]) -> None:
    """Starts the JVM of the JDK that the supervisor chose."""
    home = Path(hello["home"])
    given = hello["jvm_args"]
    flags = [*FLAGS, "-XX:CompileCommand=quiet"]
    for owner in ORDERED:
        flags += [f"-XX:CompileCommand={what},{owner}.*" for what in ("exclude", "dontinline")]
    flags += given
    if not any(flag.startswith("-Xmx") for flag in given):
        flags.append("-Xmx1g")
    if feature_of(home) >= NATIVE_ACCESS_SINCE:
        flags.append("--enable-native-access=ALL-UNNAMED")
        flags.append("--sun-misc-unsafe-memory-access=allow")
    jpype.config.destroy_jvm = False
    jpype.startJVM(
        str(library(home)),
        *flags,
        classpath=[hello["harness"]],
        convertStrings=False,
        interrupt=False,
    )


def library(home: Path) -> Path:
    """The JVM's shared library below a JDK. Raises FileNotFoundError where there is none."""
    for name in ("libjvm.so", "libjvm.dylib"):
        for place in (home / "lib" / "server" / name, home / "jre" / "lib" / "server" / name):
            if place.is_file():
                return place
    raise FileNotFoundError(f"there is no JVM library below {home}")


def feature_of(home: Path) -> int:
    """The major version that the JDK's `release` file tells; 0 where it has none."""
    try:
        text = (home / "release").read_text("utf-8")
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("JAVA_VERSION="):
            return int(line.partition("=")[2].strip('"').partition(".")[0].partition("-")[0])
    return 0


def leave_standard_output_to_nobody() -> None:
    """What native code prints must not meet anything that is read."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def read_line(descriptor: int) -> str:
    """One line, byte by byte, so that nothing behind it is taken from the Java half."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte:
            os._exit(0)
        line += byte
    return line.decode("ascii")


if __name__ == "__main__":
    main()
