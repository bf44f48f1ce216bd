"""Puts the Java half into the wheel: built by Maven, never committed; and the one source of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE = Path("parity", "harness")
JAR = "parity-harness.jar"
ANNOTATION = Path("parity", "ported_from", "src", "main", "java", "parity", "PortedFrom.java")
ANNOTATION_IN_WHEEL = "parity/port/templates/PortedFrom.java.j2"  # what `parity port` writes
NO_MAVEN = """parity's Java half has to be built, and there is no `mvn` on PATH.
  Install a JDK 17 or newer and Maven, then build again;
  or install the wheel, which carries the jar:
    pip install parity-ledger
"""


class HarnessHook(BuildHookInterface[Any]):
    """Builds the harness jar and adds it to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files; an editable install builds nothing."""
        if version == "editable" or self.target_name != "wheel":
            return
        folder = Path(self.root) / MODULE
        jar = self._given(folder) or self._built(folder)
        build_data["force_include"][str(jar)] = str(MODULE / JAR)
        build_data["force_include"][str(Path(self.root) / ANNOTATION)] = ANNOTATION_IN_WHEEL
        build_data["pure_python"] = True

    def _given(self, folder: Path) -> Path | None:
        """A jar that stands beside the sources already, as in a build from a source archive."""
        jar = folder / JAR
        return jar if jar.is_file() else None

    def _built(self, folder: Path) -> Path:
        maven = shutil.which("mvn")
        if maven is None:
            raise SystemExit(NO_MAVEN)
        command = [
            maven,
            "-q",
            "-B",
            "-ntp",
            "-Dmaven.test.skip=true",
            "-f",
            str(folder / "pom.xml"),
            "package",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            told = (done.stdout + done.stderr).strip()[-2000:]
            raise SystemExit(f"Maven could not build parity's Java half:\n{told}")
        return folder / "target" / JAR
