"""The JDKs of this machine."""

from __future__ import annotations

import os
from pathlib import Path

from parity.sides.java.home import MINIMUM_JAVA, java_version

PLACES = (Path("/usr/lib/jvm"), Path("/Library/Java/JavaVirtualMachines"))


def jdks() -> dict[int, Path]:
    """One JDK of each major version that parity runs on: JAVA_HOME and its like win."""
    told = [Path(value) for name, value in os.environ.items() if name.startswith("JAVA_HOME")]
    found = [home for place in PLACES if place.is_dir() for home in sorted(place.iterdir())]
    homes: dict[int, Path] = {}
    for home in (*told, *found, *(one / "Contents" / "Home" for one in found)):
        version = java_version(home)
        if version is not None and version >= MINIMUM_JAVA and (home / "bin" / "javac").is_file():
            homes.setdefault(version, home.resolve())
    return dict(sorted(homes.items()))
