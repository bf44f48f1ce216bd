"""One request on the legacy server: `{"request", "world"}` in, all that came of it out.

A cluster is started for it, three management hosts and the storage hosts of the world, and is gone
when this ends.
"""

from __future__ import annotations

import json
import sys
import urllib.parse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sable_trial import worlds
from sable_trial.fleets import Watched, wait_for

SECONDS: Final = 240.0


def main() -> None:
    """Reads a request, writes what came of it."""
    asked = json.load(sys.stdin)
    json.dump(run(asked["request"], asked["world"]), sys.stdout)


def run(request: dict[str, Any], world: worlds.World) -> dict[str, Any]:
    """The result of the workflow, the world that it has left, and the hops."""
    world = {**world, "workflow": request["workflow"]}
    told = {"SABLE_PAUSES": "1", "SABLE_TRIAL_IDS": request["workflow"]}
    sizes = {"sources": world["sources"], "targets": world["targets"]}
    with (
        TemporaryDirectory(prefix="sable-") as folder,
        Watched.make(Path(folder), **sizes, **told) as cluster,
    ):
        cluster.start()
        name = _begin(cluster, world)
        ended = cluster.fleet.wait_for(name, SECONDS)
        left = worlds.read_out(cluster.fleet.state(), cluster.ask)
        hops = _hops(cluster)
    return {"returned": ended["summary"], "world": left, "hops": hops}


def _begin(cluster: Watched, world: worlds.World) -> str:
    """Makes the world, and the workflow begin in it; what an operator holds is held before."""
    leader = cluster.leader()
    cluster.register(**worlds.limits(world))
    worlds.fill(world, cluster.ask)
    for name, home in worlds.homes(world).items():
        body = {"name": name, "host": home, "bytes": worlds.registered_bytes(world, name)}
        cluster.fleet.call("POST", "/v1/endpoints", body)
    cluster.arm(leader, "validate")
    started = cluster.client.call(
        cluster.address(leader), "POST", "/v1/workflows", worlds.batch(world)
    )
    wait_for("the pause", lambda: cluster.paused(leader), SECONDS)
    for name in world.get("held", []):
        path = f"/v1/endpoints/{urllib.parse.quote(name, safe='')}/lock"
        holder = worlds.OPERATOR.partition(":")[2]
        cluster.fleet.call("POST", path, {"holder": holder})
    cluster.arm(leader, None)
    return str(started["workflow"])


def _hops(cluster: Watched) -> list[dict[str, Any]]:
    """What every management host has kept, in the order in which it began."""
    kept = []
    for name in cluster.names("management"):
        kept += cluster.client.call(cluster.address(name), "GET", "/v1/hops", timeout=60)["hops"]
    kept.sort(key=lambda hop: hop.pop("at"))
    return kept


if __name__ == "__main__":
    main()
