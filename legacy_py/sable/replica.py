"""The replicated state on one management host: PySyncObj's Raft around `sable.state`."""

from __future__ import annotations

import copy
import json
import threading
from pathlib import Path
from typing import Any, Final

from pysyncobj import SyncObj, SyncObjConf, SyncObjConsumer, SyncObjException, replicated

from sable import state
from sable.errors import SableError, Unavailable, error_from_json

COMPACT_AFTER: Final = 100_000


class Replica(SyncObjConsumer):  # type: ignore[misc]
    """Holds the state; changes it only by commands that a majority has in its journals."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raft: SyncObj | None = None
        super().__init__()  # attributes above are this process's own, those below are replicated
        self.state = state.empty_state()

    def join(self, address: str, partners: list[str], folder: Path) -> None:
        """Takes part in the cluster, with what this host's journal already holds.

        An acknowledged command is in the journals of a majority, in the operating system's hands:
        it outlives every process, not a power failure of two hosts.
        """
        conf = SyncObjConf(
            journalFile=str(folder / "raft.journal"),
            fullDumpFile=str(folder / "raft.dump"),
            logCompactionMinEntries=COMPACT_AFTER,
            logCompactionMinTime=24 * 3600,
            useFork=False,
            autoTickPeriod=0.005,
            appendEntriesPeriod=0.01,
            raftMinTimeout=0.6,
            raftMaxTimeout=1.4,
            connectionRetryTime=0.3,
            commandsWaitLeader=False,
        )
        self._raft = SyncObj(address, partners, conf=conf, consumers=[self])

    def leave(self) -> None:
        """Takes part no longer."""
        if self._raft is not None:
            self._raft.destroy()

    @replicated  # type: ignore[untyped-decorator]
    def _apply(self, text: str) -> str:
        with self._lock:
            try:
                return json.dumps(state.apply_command(self.state, json.loads(text)))
            except SableError as error:
                return json.dumps({**error.as_json(), "status": error.status})

    def commit(self, command: dict[str, Any], timeout: float = 3.0) -> dict[str, Any]:
        """What a command returned or raised, once a majority has it and this host has applied it.

        Unavailable means that the outcome is not known: the same command may be sent again.
        """
        try:
            reply = json.loads(self._apply(json.dumps(command), sync=True, timeout=timeout))
        except SyncObjException as error:
            raise Unavailable(f"not committed: {error.errorCode}") from error
        if "error" in reply:
            raise error_from_json(reply, reply["status"])
        return dict(reply)

    def view(self, *path: str) -> Any:
        """A copy of a part of the state as this host knows it; None where there is nothing."""
        with self._lock:
            part: Any = self.state
            for key in path:
                part = part.get(key) if isinstance(part, dict) else None
            return copy.deepcopy(part)

    def unfinished(self) -> list[str]:
        """The ids of workflows that have not ended, the oldest first."""
        with self._lock:
            workflows = self.state["workflows"].values()
            return [one["id"] for one in workflows if one["state"] != "ended"]

    def ready(self) -> bool:
        """Whether this host has caught up with the others since it was started."""
        return self._raft is not None and bool(self._raft.isReady())

    def leads(self) -> bool:
        """Whether this host believes that it is the leader."""
        return self._raft is not None and bool(self._raft._isLeader())

    def leader(self) -> str | None:
        """The Raft address of the leader, as far as this host knows."""
        node = self._raft._getLeader() if self._raft is not None else None
        return None if node is None else str(node.address)
