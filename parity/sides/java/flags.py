"""The flags that a JVM of parity starts with, by how much it has to run and on which JDK."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parity.sides.java.archive import archive_flags
from parity.sides.java.home import java_version

ALWAYS = (
    "-Xrs",  # signals are the supervisor's affair
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:+DisplayVMOutputToStderr",  # where its last words are looked for: that memory ran out
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
)
QUICK = ("-XX:TieredStopAtLevel=1",)
# From here on the better code of the second compiler pays for its making. At 100,000 small fixtures
# on two cores a run took 5.3 s without it and 7.0 s with it.
MANY_FIXTURES = 300_000
# The order of `Set.of` and `Map.of` is ours to choose (Salt.java), but compiled code keeps the one
# that the JVM drew at its start: what iterates them is interpreted.
ORDERED = (
    "java/util/ImmutableCollections$Set12*",
    "java/util/ImmutableCollections$SetN$SetNIterator",
    "java/util/ImmutableCollections$MapN$MapNIterator",
)
HEAP = 1 << 30
METASPACE = 512 << 20
NATIVE_ACCESS_SINCE = 24


def start_flags(
    home: Path, harness: Path, jvm_args: Sequence[str], fixtures: int, memory: int
) -> list[str]:
    """All flags of a JVM that is to run about `fixtures` fixtures within `memory` bytes of heap.

    What `jvm_args` of the config says comes last and wins. `memory` 0 leaves the default.
    """
    flags = base_flags(home, jvm_args, fixtures, memory)
    return [*flags, *archive_flags(home, harness, flags)]


def base_flags(home: Path, jvm_args: Sequence[str], fixtures: int, memory: int) -> list[str]:
    """The flags without the archive of classes, which depends on them."""
    flags = [*ALWAYS, *(QUICK if fixtures < MANY_FIXTURES else ())]
    flags += [f"-Xmx{memory or HEAP}", f"-XX:MaxMetaspaceSize={METASPACE}", *ordered()]
    if (java_version(home) or 0) >= NATIVE_ACCESS_SINCE:
        flags += ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    return [*flags, *jvm_args]


def ordered() -> list[str]:
    """Flags that keep the order of `Set.of` and `Map.of` ours."""
    flags = ["-XX:CompileCommand=quiet"]
    for owner in ORDERED:
        flags += [f"-XX:CompileCommand={what},{owner}.*" for what in ("exclude", "dontinline")]
    return flags
