"""Worlds: a fleet as a few numbers say, made on storage hosts and in a state, and read out whole.

    {"sources": 4, "targets": 4, "endpoints": 60, "rows": 2000, "changes": 20,
     "workflow": "batch-…", "chunk_size": "64 KiB", "limit": 4, "capacity": "4 TiB", "sized": true,
     "held": [endpoint…], "strays": {endpoint: host},
     "faults": [{"host", "do", "endpoint", "times"}]}

Without `workflow` none has begun. Both sides make it with this module, from the same numbers, each
on storage hosts of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from sable import requests, state
from sable.workload import endpoint_names, first_records

ROWS_AT_ONCE: Final = 2000
OPERATOR: Final = "operator:ann"

World = dict[str, Any]
Ask = Callable[[str, str, dict[str, Any] | None], Any]
"""Asks a storage host, by its name: a GET without a body, else a POST."""
View = Callable[..., Any]
"""A part of the replicated state at a path; None where there is nothing."""


def hosts(world: World) -> list[str]:
    """The storage hosts, as `sable.cluster` names them."""
    sides = (("source-", world["sources"]), ("target-", world["targets"]))
    return [f"{side}{number + 1}" for side, most in sides for number in range(most)]


def homes(world: World) -> dict[str, str]:
    """Where each endpoint lives before anything moves."""
    names = endpoint_names(world["endpoints"])
    return {name: f"source-{number % world['sources'] + 1}" for number, name in enumerate(names)}


def batch(world: World) -> dict[str, Any]:
    """What is asked for: all endpoints move, two of three to a host of the caller's choice."""
    moves = [
        {"endpoint": name}
        if number % 3 == 2
        else {"endpoint": name, "target": f"target-{number % world['targets'] + 1}"}
        for number, name in enumerate(homes(world))
    ]
    return {"moves": moves, "chunk_size": world["chunk_size"], "label": world["workflow"]}


def registered_bytes(world: World, name: str) -> int:
    """What an endpoint was registered with; `"sized": false` is a fleet that does not know yet."""
    records = first_records(name, world["rows"]) if world.get("sized", True) else []
    return sum(len(key.encode()) + len(value.encode()) for key, value in records)


def fill(world: World, ask: Ask) -> None:
    """Records and logs of changes on empty storage hosts, and what they are to get wrong."""
    for name, home in homes(world).items():
        _load(ask, home, name, world["rows"])
        for number in range(world.get("changes", 0)):
            _write(ask, home, name, number)
    for name, stray in world.get("strays", {}).items():
        _load(ask, stray, name, 1)
    for fault in world.get("faults", []):
        ask(fault["host"], "/v1/faults", fault)


def _load(ask: Ask, host: str, name: str, rows: int) -> None:
    records = first_records(name, rows)
    for start in range(0, max(rows, 1), ROWS_AT_ONCE):
        ask(host, "/v1/load", {"endpoint": name, "rows": records[start : start + ROWS_AT_ONCE]})


def _write(ask: Ask, host: str, name: str, number: int) -> None:
    """Every seventh write is of a new key, every fifth deletes."""
    key = f"new-{number:06d}" if number % 7 == 6 else f"key-{number * 13:06d}"
    value = None if number % 5 == 4 else f"{name} changed, for the {number}th time: é€𝄞"
    body = {"endpoint": name, "key": key, "value": value, "write_id": f"w-{number}"}
    ask(host, "/v1/write", body)


def state_of(world: World, addresses: dict[str, str], at: int) -> dict[str, Any]:
    """The replicated state before the workflow is driven: all registered, the workflow begun."""
    known = registered(world, addresses)
    if "workflow" not in world:
        return known
    parsed = requests.parse_batch(batch(world))
    command = {"do": "start", "id": world["workflow"], "at": at, "batch": parsed}
    state.apply_command(known, command)
    for name in world.get("held", []):
        held = {"do": "set_lock", "name": name, "holder": OPERATOR, "locked": True}
        state.apply_command(known, held)
    return known


def registered(world: World, addresses: dict[str, str]) -> dict[str, Any]:
    """The state in which hosts and endpoints are known, and nothing has begun."""
    known = state.empty_state()
    for name in hosts(world):
        told = {"name": name, "address": addresses[name], **limits(world)}
        state.apply_command(known, {"do": "register_host", **requests.parse_host(told)})
    for name, home in homes(world).items():
        told = {"name": name, "host": home, "bytes": registered_bytes(world, name)}
        state.apply_command(known, {"do": "register_endpoint", **told})
    return known


def limits(world: World) -> dict[str, Any]:
    """How much a host holds, and how many moves it takes at once."""
    return {"capacity": world.get("capacity", "4 TiB"), "limit": world.get("limit", 4)}


def read_out(known: dict[str, Any], ask: Ask) -> dict[str, Any]:
    """All that there is: the state, what each storage host holds, and what it was asked to do.

    Where a host listens is no part of the world, but that each is registered where it listens is:
    it was asked there.
    """
    parts = {key: known[key] for key in ("endpoints", "workflows", "requests", "leftovers")}
    facts = {
        name: {key: host[key] for key in ("capacity", "limit")}
        for name, host in known["hosts"].items()
    }
    storage = {name: _storage(name, ask) for name in known["hosts"]}
    calls = {name: ask(name, "/v1/calls", None)["calls"] for name in known["hosts"]}
    return {**parts, "token": known["token"], "hosts": facts, "storage": storage, "calls": calls}


def _storage(host: str, ask: Ask) -> dict[str, Any]:
    return {
        row["name"]: {**row, **_contents(host, row["name"], ask)}
        if row["role"] != "retired"
        else row
        for row in ask(host, "/v1/inventory", None)["endpoints"]
    }


def _contents(host: str, name: str, ask: Ask) -> dict[str, Any]:
    every = 1 << 40
    records = ask(host, "/v1/chunk", {"endpoint": name, "rows": every})["records"]
    changes = ask(host, "/v1/changes", {"endpoint": name, "after": 0, "rows": every})["changes"]
    return {"records": {key: [value, seq] for key, value, seq in records}, "changes": changes}


def part(view: View, ask: Ask, workflow: str, endpoint: str | None) -> dict[str, Any]:
    """What one step of a workflow can have changed: of one move, or of the workflow as a whole."""
    if endpoint is None:
        return {"workflow": view("workflows", workflow), "token": view("token")}
    move = view("workflows", workflow, "moves", endpoint)
    found: dict[str, Any] = {"move": move, "endpoint": view("endpoints", endpoint)}
    for side in ("source", "target"):
        host = move[side]
        found[side] = None if host is None else ask(host, "/v1/look", {"endpoint": endpoint})
    left = f"{move['target']}/{endpoint}"
    found["leftover"] = view("leftovers", left)
    return found


def copied(value: Any) -> Any:
    """A value as JSON carries it, apart from what it was made of."""
    return json.loads(json.dumps(value))
