"""Lists the acceptance lines with their commands, or runs one: `python bench/show.py 1.3`."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = ROOT / "bench" / "lines.toml"


def main() -> int:
    """Prints the list, or runs the line that is named and gives its exit status."""
    lines = tomllib.loads(LINES.read_text("utf-8"))["line"]
    if len(sys.argv) < 2:
        for number, line in lines.items():
            print(f"{number:<6}{line['shows']}\n      $ {line['command']}")
        print("\none of them: make show LINE=1.3", file=sys.stderr)
        return 0
    number = sys.argv[1]
    if number not in lines:
        print(f"error: there is no line {number}; `make show` lists them", file=sys.stderr)
        return 2
    command = lines[number]["command"]
    print(f"{number}  {lines[number]['shows']}\n$ {command}", flush=True)
    return subprocess.run(command, shell=True, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
