"""Plans batches of a fleet whose hosts answer over HTTP, so that `parity record` sees how.

In `legacy_py`: `parity -C .. record --unit sable.batch_move:plan_batch -- python
../tests/legacy/plan_batches.py`. The fleet is drawn anew for each batch: hosts without room, names
beyond the first plane of Unicode, sources that lack an endpoint, endpoints that nobody registered.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "legacy_py"))

from sable import batch_move
from sable.errors import SableError
from sable.replica import Replica
from sable.wire import Client, Server

BATCHES = 60
ENDPOINTS = (
    "orders",
    "größe",
    "ÆON",
    "東京-01",
    "whale",
    "minnow",
    "a",
    "b-2",
    "z\U0001f600",
    "z\uffee",
)
SOURCES = ("source-1", "source-2", "s\U0001f600", "s\uffee")
TARGETS = ("target-1", "target-2")
ROLES = ["live"] * 9 + ["staging"]


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def serve(inventory: list[dict[str, Any]]) -> str:
    """The address of a host that tells this inventory, as it is when asked."""
    port = free_port()
    server = Server(port, [("GET", "/v1/inventory", lambda body: {"endpoints": inventory})])
    threading.Thread(target=server.run, daemon=True).start()
    return f"127.0.0.1:{port}"


def main() -> None:
    """Plans one batch after the other."""
    lots = random.Random(7)
    inventories: dict[str, list[dict[str, Any]]] = {host: [] for host in SOURCES + TARGETS}
    addresses = {host: serve(inventory) for host, inventory in inventories.items()}
    replica, client = Replica(), Client()
    for number in range(BATCHES):
        state = replica.state
        state["hosts"] = {
            host: {
                "address": address,
                "capacity": lots.choice([0, 50_000, 10**6, 4 << 40]),
                "limit": lots.randint(1, 4),
            }
            for host, address in addresses.items()
        }
        state["endpoints"] = {}
        for inventory in inventories.values():
            inventory.clear()
        for name in ENDPOINTS:
            home = lots.choice(SOURCES)
            size = lots.choice([0, 1, 999, 60_000, 10**7])
            state["endpoints"][name] = {
                "host": home,
                "bytes": lots.choice([0, 100, 5000]),
                "locked_by": lots.choice([None, "batch-1"]),
                "version": lots.randint(1, 9),
            }
            rows = lots.choice([0, 1, 7, 5000, 12_345]) if size else 0
            found = {"name": name, "role": lots.choice(ROLES), "rows": rows, "bytes": size}
            if lots.random() < 0.97:
                inventories[home].append({**found, "frozen": 0, "last_seq": 3})
        moves = {
            name: {
                "source": state["endpoints"][name]["host"],
                "target": lots.choice([None, None, *TARGETS]),
            }
            for name in lots.sample(ENDPOINTS, lots.randint(1, 6))
        }
        if number % 15 == 14:
            del state["endpoints"][next(iter(moves))]
        batch = {"chunk_size": lots.choice([1024, 65_536, 1 << 33])}
        workflow = {"id": f"batch-{number}", "moves": moves, "batch": batch}
        with contextlib.suppress(SableError, KeyError):
            batch_move.plan_batch(workflow, replica, client)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # the servers know no end
