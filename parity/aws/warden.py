"""Starts the control plane, and leaves nothing of it behind, however it or its user ends.

Its standard input is a pipe that only the user holds: when that is closed, by a `kill -9` even,
the whole process group goes, JVMs included, and then the folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress


def main() -> None:
    """`warden FOLDER COMMAND...`: runs the command until it or the user ends."""
    folder, command = sys.argv[1], sys.argv[2:]
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    control = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    threading.Thread(target=_end_with_user, args=(control.pid,), daemon=True).start()
    control.wait()
    end_group(control.pid)
    shutil.rmtree(folder, ignore_errors=True)


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
