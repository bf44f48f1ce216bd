"""Stands for any build tool: compiles what is not compiled yet and prints the class path."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLASSES = HERE / "build" / "classes"


def main() -> int:
    """Compiles where a source is newer than the last build."""
    sources = sorted((HERE / "java").rglob("*.java"))
    stamp = HERE / "build" / "stamp"
    newest = max(source.stat().st_mtime_ns for source in sources)
    if not stamp.exists() or stamp.stat().st_mtime_ns < newest:
        CLASSES.mkdir(parents=True, exist_ok=True)
        home = os.environ.get("JAVA_HOME")
        javac = str(Path(home, "bin", "javac")) if home else "javac"
        command = [javac, "--release", "17", "-d", str(CLASSES), *map(str, sources)]
        status = subprocess.run(command, stdout=sys.stderr, check=False).returncode
        if status:
            return status
        stamp.touch()
    print(CLASSES.relative_to(HERE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
