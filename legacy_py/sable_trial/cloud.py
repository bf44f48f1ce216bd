"""The world of the port: its table in AWS, and storage hosts that it reaches over the network.

Reads commands as lines of JSON and answers each with one; the storage hosts live as long as this
process does. Endpoint and credentials of AWS are in the environment, the table's name in the
outputs of the stack.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import boto3

from sable_trial import worlds
from sable_trial.fleets import Watched

KINDS: Final = ("hosts", "endpoints", "workflows", "requests", "leftovers")


class Cloud:
    """What AWS and the storage hosts hold."""

    def __init__(self) -> None:
        outputs = json.loads(os.environ["PARITY_OUTPUTS"])
        self.table = boto3.resource("dynamodb").Table(outputs["Table"])
        self.fleet: Watched | None = None

    def load(self, world: worlds.World) -> dict[str, Any]:
        """New storage hosts with the records of the world, and a table with its state."""
        self.end()
        fleet = self.fleet = Watched.make(
            Path(tempfile.mkdtemp(prefix="sable-")),
            management=0,
            sources=world["sources"],
            targets=world["targets"] + world.get("spare", 0),
        )
        fleet.start()
        worlds.fill(world, fleet.ask)
        addresses = {name: fleet.address(name) for name in worlds.hosts(world)}
        known = worlds.state_of(world, addresses, time.time_ns() // 1_000_000)
        self._write(known)
        return {}

    def _write(self, known: dict[str, Any]) -> None:
        """The state as `com.sable.moves.Parts` keeps it, and nothing else."""
        with self.table.batch_writer() as batch:
            for item in self.table.scan(ProjectionExpression="pk, sk")["Items"]:
                batch.delete_item(Key=item)
        holds = {
            endpoint: workflow["id"]
            for workflow in known["workflows"].values()
            for endpoint in workflow["moves"]
        }
        rows = {(kind, name): body for kind in KINDS for name, body in known[kind].items()}
        rows["single", "holds"] = holds
        with self.table.batch_writer() as batch:
            for (kind, name), body in rows.items():
                item = {"pk": kind, "sk": name, "version": 1, "body": json.dumps(body)}
                batch.put_item(Item=item)

    def read(self) -> dict[str, Any]:
        """All that there is now."""
        assert self.fleet is not None
        return worlds.read_out(self.known(), self.fleet.ask)

    def look(self, state: str, event: dict[str, Any]) -> dict[str, Any]:
        """What the step that was given an event can have changed."""
        assert self.fleet is not None
        del state
        context = event.get("context", event)
        endpoint = context.get("move", {}).get("endpoint")
        known = self.known()
        return worlds.copied(
            worlds.part(
                lambda *path: _at(known, path), self.fleet.ask, context["workflow"], endpoint
            )
        )

    def one(self, kind: str, name: str) -> dict[str, Any] | None:
        """A host or an endpoint as the table has it now."""
        client = self.table.meta.client  # which threads may share
        key = {"pk": kind, "sk": name}
        told = client.get_item(TableName=self.table.name, Key=key, ConsistentRead=True)
        found: dict[str, Any] | None = json.loads(told["Item"]["body"]) if "Item" in told else None
        return found

    def known(self) -> dict[str, Any]:
        """The state: a move that a step has been at is an item of its own beside its workflow."""
        known: dict[str, Any] = {kind: {} for kind in KINDS}
        known["token"], moves = 0, []
        for item in self._items():
            kind, name = item["pk"], item["sk"]
            if (kind, name) == ("single", "token"):
                known["token"] = int(item["count"])
            if kind not in KINDS or (body := json.loads(item["body"])) is None:
                continue
            if kind == "workflows" and "/" in name:
                moves.append((*name.split("/", 1), body))
            else:
                known[kind][name] = body
        for workflow, endpoint, move in moves:
            known["workflows"][workflow]["moves"][endpoint] = move
        for workflow in known["workflows"].values():
            for own in ("switches", "followed"):  # what only the table keeps
                workflow.pop(own, None)
        return known

    def _items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            page = self.table.scan(ConsistentRead=True, **more)
            found += page["Items"]
            if "LastEvaluatedKey" not in page:
                return found
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def end(self) -> None:
        """Ends the storage hosts."""
        fleet, self.fleet = self.fleet, None
        if fleet is not None:
            fleet.stop()
            shutil.rmtree(fleet.folder, ignore_errors=True)


def _at(known: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        known = known.get(key) if isinstance(known, dict) else None
    return known


def main() -> None:
    """Answers line by line until there are no more."""
    cloud = Cloud()
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            match asked["do"]:
                case "load":
                    told = cloud.load({**asked["world"], **asked.get("input", {})})
                case "read":
                    told = cloud.read()
                case "look":
                    told = cloud.look(asked["state"], asked["input"])
                case other:
                    raise ValueError(f"there is no {other!r}")
            print(json.dumps(told), flush=True)
    finally:
        cloud.end()


if __name__ == "__main__":
    main()
