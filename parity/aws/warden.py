"""Starts a program, and leaves nothing of it behind, however it or its user ends.

Its standard input is a pipe that only the user holds: when that is closed, by a `kill -9` even,
the whole process group goes, JVMs included, and then the folder. It makes the folder itself: a user
that makes it and is killed before there is a warden would leave it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

LAST_SECONDS: Final = 5.0


def main() -> None:
    """`warden FOLDER INPUT COMMAND...`: runs the command until it or the user ends.

    INPUT is the descriptor that it reads from, or `-` for a pipe that nobody writes to.
    """
    folder, given, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    source = subprocess.PIPE if given == "-" else int(given)
    Path(folder).mkdir(0o700, exist_ok=True)
    try:
        control = subprocess.Popen(command, stdin=source, start_new_session=True)
    except OSError as error:
        _remove(folder)
        sys.exit(f"{command[0]} cannot be started: {error.strerror}")
    if source >= 0:
        os.close(source)
    threading.Thread(target=_end_with_user, args=(control.pid,), daemon=True).start()
    status = control.wait()
    end_group(control.pid)
    _remove(folder)
    sys.exit(status if status >= 0 else 128 - status)


def _remove(folder: str) -> None:
    """Removes the folder, once all that wrote into it are gone, which takes some a moment."""
    until = time.monotonic() + LAST_SECONDS
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder) or time.monotonic() > until:
            return
        time.sleep(0.1)


def _end_with_user(group: int) -> None:
    with suppress(OSError):
        while os.read(0, 1024):
            pass
    end_group(group)


def end_group(group: int) -> None:
    """Kills all processes of a group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
