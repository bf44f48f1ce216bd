"""`python -m parity` is `parity`."""

from __future__ import annotations

import sys


def start() -> None:
    """Runs `parity`; an interrupt while it is still being imported is one like any other."""
    try:
        from parity.cli import main
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    main()


if __name__ == "__main__":
    start()
