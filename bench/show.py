"""Lists the acceptance lines with their commands, or runs one: `python bench/show.py 1.3`.

`python bench/show.py 4.1 --short` runs the short form of a line that takes long.
"""

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
            if "short" in line:
                print(f"      $ {line['short']}  # the short form")
        print("\none of them: make show LINE=1.3, SHORT=1 for its short form", file=sys.stderr)
        return 0
    number = sys.argv[1]
    if number not in lines:
        print(f"error: there is no line {number}; `make show` lists them", file=sys.stderr)
        return 2
    line = lines[number]
    command = line.get("short", line["command"]) if "--short" in sys.argv else line["command"]
    print(f"{number}  {line['shows']}\n$ {command}", flush=True)
    return subprocess.run(command, shell=True, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
