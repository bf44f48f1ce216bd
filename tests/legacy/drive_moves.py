"""Drives steps of moves whose hosts and cluster are drawn, so that `parity record` sees how.

In `legacy_py`: `parity -C .. record --max 80 UNITS -- python ../tests/legacy/drive_moves.py`, where
UNITS is `--unit` with each function of `batch_move` and `driving` that is a unit. A day of the
cluster shows most of it; here is what it shows seldom: hosts that are silent or refuse at any call,
writers that never rest, clocks that are set back, commands whose outcome is not known.
"""

from __future__ import annotations

import contextlib
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "legacy_py"))

from sable import batch_move, driving, errors, state
from sable.pauses import Pauses
from sable.replica import Replica
from sable.runner import Runner
from sable.wire import Client

ROUNDS = 90
NAMES = ("orders", "größe", "東京-01", "z\U0001f600", "a")
STEPS = [
    *batch_move.STEPS.values(),
    batch_move.thaw_source,
    batch_move.drop_copy,
]


class Hosts(Client):
    """Storage hosts that answer what the lots say."""

    def __init__(self, lots: random.Random) -> None:
        super().__init__()
        self.lots = lots
        self.trouble = lots.choice([0.0, 0.0, 0.05, 0.2])
        self.busy = lots.random() < 0.1
        self.rotten = lots.choice(["", "", "", "count", "digest", "last_seq", "bytes"])

    def call(
        self,
        address: str,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        timeout: float = 5.0,
    ) -> dict[str, Any]:
        """What a host might say."""
        if self.lots.random() < self.trouble:
            kinds = (errors.Unavailable, errors.NotHere, errors.Fenced, errors.CopyDiffers)
            raise self.lots.choice(kinds)(f"{address} says no", endpoint="a")
        assert body is not None
        return self.reply(address, path, body)

    def reply(self, address: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A reply of the form that a host gives."""
        lots = self.lots
        if path == "/v1/digest":
            facts = {"digest": "ab" * 32, "count": 7, "bytes": 70, "log_count": 3}
            if address.endswith(":2") and self.rotten in facts:
                facts[self.rotten] = "cd" * 32 if self.rotten == "digest" else 8
            return {**facts, "later": lots.choice([[], ["k1", "größe"]])}
        if path == "/v1/last_seq":
            return {"last_seq": 10 if self.rotten == "last_seq" else 9}
        match body["do"]:
            case "stage":
                return lots.choice([{"count": 0, "last_key": None}, {"count": 5, "last_key": "k5"}])
            case "pull_chunk":
                rows = lots.choice([0, 1, body["rows"]])
                key = f"k{lots.randint(1, 99)}" if rows else lots.choice([None, ""])
                return {"last_key": key, "rows": rows, "bytes": 9, "done": lots.random() < 0.3}
            case "pull_changes":
                pulled = lots.choice([50, 51, 2000] if self.busy else [0, 3, 49, 50, 70])
                return {"last_seq": 9, "pulled": pulled}
            case "freeze" | "thaw":
                return {"last_seq": 9}
        return {}


class Alone(Replica):
    """The state on one host, where now and then the outcome of a command is not known."""

    def __init__(self, lots: random.Random) -> None:
        super().__init__()
        self.lots = lots

    def commit(self, command: dict[str, Any], timeout: float = 3.0) -> dict[str, Any]:
        """As a cluster would."""
        if self.lots.random() < 0.1:
            raise errors.Unavailable("not committed: 3")
        return state.apply_command(self.state, command)


class Clock:
    """A clock that the lots move, at times backwards; nobody waits for it."""

    def __init__(self, lots: random.Random) -> None:
        self.lots = lots
        self.now = 1_790_000_000_000

    def time_ns(self) -> int:
        """Nanoseconds since 1970."""
        self.now += self.lots.choice([0, 1, 90, 199, 200, 201, 350, 2000, -50])
        return self.now * 1_000_000

    def sleep(self, seconds: float) -> None:
        """Returns at once."""


def drawn(lots: random.Random, name: str) -> tuple[Alone, dict[str, Any]]:
    """The state with one move in it, and that move."""
    replica = Alone(lots)
    known = replica.state
    for number, host in enumerate(("source-1", "target-1"), 1):
        known["hosts"][host] = {"address": f"127.0.0.1:{number}", "capacity": 9, "limit": 4}
    home = lots.choice(["source-1"] * 5 + ["target-1"])
    holder = lots.choice([None, None, "batch-1", "batch-1", "operator:ops"])
    endpoint = {"host": home, "bytes": 70, "locked_by": holder, "version": lots.randint(1, 3)}
    known["endpoints"][name] = endpoint
    move = state.new_move({"endpoint": name, "source": "source-1", "target": "target-1"})
    move.update(state="running", bytes=lots.choice([0, 70, 10**6]), rows=lots.choice([0, 7, 900]))
    move.update(frozen_at=1_790_000_000_000 + lots.choice([0, 100, 5000]))
    known["workflows"]["batch-1"] = {
        "id": "batch-1",
        "state": "running",
        "token": lots.choice([3, 3, 3, 3, 4]),
        "cancelled": lots.random() < 0.15,
        "moves": {name: dict(move)},
    }
    return replica, move


def main() -> None:
    """Drives one step after the other."""
    lots = random.Random(11)
    stopped = threading.Event()
    stopped.set()  # who waits goes on
    batch_move.time = Clock(lots)  # type: ignore[assignment]
    for number in range(ROUNDS):
        for step in [*STEPS, driving._roll_back, driving.end_move]:
            name = lots.choice(NAMES)
            replica, move = drawn(lots, name)
            client = Hosts(lots)
            context: batch_move.Context = {
                "replica": replica,
                "client": client,
                "address": Runner(replica, "m1", Pauses(False), 1)._address,
                "workflow": "batch-1",
                "token": 3,
                "chunk_size": lots.choice([1024, 65_536]),
                "move": move,
            }
            with contextlib.suppress(errors.SableError):
                if step is driving._roll_back:
                    client.trouble = lots.choice([0.0, 0.3, 0.9])
                    driving._roll_back(context, stopped.wait)
                elif step is driving.end_move:
                    more = {"leftover": lots.choice([None, "target-1"])} if number % 2 else {}
                    driving.end_move(context, lots.choice(["moved", "rolled_back"]), **more)
                else:
                    step(context)


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.1f} s")
