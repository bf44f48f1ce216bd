"""One process of the cluster: a management host or a storage host, as its environment says."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

from sable import settings, wire
from sable.pauses import Pauses
from sable.replica import Replica
from sable.runner import Runner
from sable.server import ManagementServer
from sable.storage import StorageHost
from sable.store import Store

THREADS: Final = 24


def main() -> None:
    """Runs until it is terminated, or until whoever started it is gone."""
    told = settings.read_settings()
    told.folder.mkdir(parents=True, exist_ok=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for who started it
    (run_management if told.role == "management" else run_storage)(told)


def run_management(told: settings.Settings) -> None:
    """A management host: Raft, the workflows' runner when it leads, and HTTP."""
    pauses, replica = Pauses(told.pauses), Replica()
    server = wire.Server(
        told.port, ManagementServer(told.name, replica, pauses).routes(), threads=THREADS
    )
    replica.join(told.raft_address, list(told.partners), told.folder)
    runner = Runner(replica, told.name, pauses, told.workers)
    threading.Thread(target=_or_exit, args=(runner.run,), daemon=True).start()
    server.run()
    runner.stop()
    replica.leave()


def run_storage(told: settings.Settings) -> None:
    """A storage host: its data base and HTTP."""
    store = Store(told.folder / "store.sqlite")
    wire.Server(told.port, StorageHost(store, wire.Client()).routes(), threads=THREADS).run()
    store.close()


def _or_exit(work: Callable[[], None]) -> None:
    """A host without its runner must not look alive."""
    try:
        work()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(70)


def _end(*about: object) -> None:
    """Ends as a process should, or two seconds later at once: a move may be tried for ever."""
    last = threading.Timer(2, os._exit, (0,))
    last.daemon = True
    last.start()
    sys.exit(0)


def _end_with_parent() -> None:
    """The parent holds the other end of standard input: it closes however the parent ends."""
    while os.read(0, 1):  # standard input, without its lock
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
