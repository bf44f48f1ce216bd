"""The replicated state, and the commands that change it: the same on every host, without I/O.

A command either changes the state and returns facts, or raises a named error and changes nothing.
Every command may come twice, because its sender may not have seen the reply.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sable import planning, requests
from sable.errors import (
    AlreadyRegistered,
    Cancelled,
    DuplicateStart,
    EndpointLocked,
    Fenced,
    InvalidField,
    TooLateToCancel,
    UnknownEndpoint,
    UnknownHost,
    UnknownWorkflow,
    WrongSource,
)

State = dict[str, Any]
FINAL = ("moved", "rolled_back")


def empty_state() -> State:
    """What a cluster knows before the first command."""
    return {
        "hosts": {},
        "endpoints": {},
        "workflows": {},
        "requests": {},
        "leftovers": {},
        "token": 0,
    }


def apply_command(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """Runs one command by its `do`."""
    return COMMANDS[command["do"]](state, command)


def register_host(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A storage host becomes known; it may come back under another address."""
    name, host = command["name"], {key: command[key] for key in ("address", "capacity", "limit")}
    before = state["hosts"].get(name)
    if before is not None and {**before, "address": host["address"]} != host:
        raise AlreadyRegistered(f"{name} is registered with other facts", host=name)
    state["hosts"][name] = host
    return {"name": name, **host}


def register_endpoint(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """An endpoint becomes known at the host where its records are."""
    name, host = command["name"], command["host"]
    if host not in state["hosts"]:
        raise UnknownHost(f"there is no host {host}", host=host)
    before = state["endpoints"].get(name)
    if before is not None and before["host"] != host:
        raise AlreadyRegistered(f"{name} is registered on {before['host']}", endpoint=name)
    if before is None:
        fresh = {"host": host, "bytes": command["bytes"], "locked_by": None, "version": 1}
        state["endpoints"][name] = fresh
    return {"name": name, **state["endpoints"][name]}


def set_lock(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """An operator holds an endpoint, or lets go of it."""
    endpoint = find_endpoint(state, command["name"])
    wanted = command["holder"] if command["locked"] else None
    if endpoint["locked_by"] not in (None, command["holder"]):
        raise EndpointLocked(f"{command['name']} is held by {endpoint['locked_by']}")
    endpoint["locked_by"] = wanted
    return {"name": command["name"], "locked_by": wanted}


def start(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A workflow begins, unless its request id says that it has begun before."""
    batch, request_id = command["batch"], command["batch"]["request_id"]
    known = state["requests"].get(request_id)
    if request_id is not None and known is not None:
        if state["workflows"][known]["batch"] != batch:
            raise DuplicateStart(f"{request_id} has started another batch", workflow=known)
        return {"workflow": known, "started": False}
    moves = requests.check_moves(batch["moves"], state["endpoints"], state["hosts"])
    held = {
        endpoint: other["id"]
        for other in state["workflows"].values()
        for endpoint, move in other["moves"].items()
        if move["state"] not in FINAL
    }
    for move in moves:
        if move["endpoint"] in held:
            raise EndpointLocked(f"{move['endpoint']} is held by {held[move['endpoint']]}")
    planning.plan_moves(moves, state["endpoints"], state["hosts"])  # raises TargetFull
    name = command["id"]
    state["workflows"][name] = {
        "id": name,
        "label": batch["label"],
        "batch": batch,
        "state": "validated",
        "created_at": command["at"],
        "finished_at": None,
        "cancelled": False,
        "token": 0,
        "leader": None,
        "summary": None,
        "moves": {move["endpoint"]: new_move(move) for move in moves},
    }
    if request_id is not None:
        state["requests"][request_id] = name
    return {"workflow": name, "started": True}


def new_move(move: dict[str, Any]) -> dict[str, Any]:
    """A move before its first step. `pause_ms` stays null until it has switched."""
    return {
        **move,
        "state": "waiting",
        "step": None,
        "bytes": 0,
        "rows": 0,
        "chunks": 0,
        "copied": 0,
        "frozen_at": None,
        "pause_ms": None,
        "switched": False,
        "error": None,
        "text": None,
    }


def claim(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A leader takes a workflow over: whoever drove it before is fenced by the newer token."""
    workflow = find_workflow(state, command["workflow"])
    state["token"] += 1
    workflow.update(token=state["token"], leader=command["leader"])
    return {"token": state["token"]}


def plan(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """The moves get their targets and their order."""
    workflow = _fenced(state, command)
    if workflow["state"] == "validated":
        planned = {move["endpoint"]: move for move in command["moves"]}
        workflow["moves"] = {
            name: {**workflow["moves"][name], **facts} for name, facts in planned.items()
        }
        workflow["state"] = "running"
    return {"moves": len(workflow["moves"])}


def lock(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """The workflow holds an endpoint that still lives where the plan says."""
    workflow, move = _driven(state, command)
    endpoint = find_endpoint(state, command["endpoint"])
    if endpoint["locked_by"] not in (None, workflow["id"]):
        raise EndpointLocked(f"{command['endpoint']} is held by {endpoint['locked_by']}")
    if endpoint["host"] != move["source"] and not move["switched"]:
        raise WrongSource(f"{command['endpoint']} lives on {endpoint['host']}")
    endpoint["locked_by"] = workflow["id"]
    move["state"] = "running"
    return {}


def record(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A step of a move is done, or says how far it is."""
    _, move = _driven(state, command)
    move.update(command["facts"])
    return {}


def turn_back(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A move is given up, unless its route has switched: whoever drives it next goes by that."""
    _, move = _driven(state, command)
    if not move["switched"] and move["state"] not in FINAL:
        move.update(state="rolling_back", error=command["error"], text=command["text"])
    return {"state": move["state"]}


def switch(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """The route of an endpoint changes: from here a move can only go forward."""
    workflow, move = _driven(state, command)
    if not move["switched"]:
        if workflow["cancelled"] or move["state"] == "rolling_back":
            raise Cancelled(f"{workflow['id']} was cancelled")
        endpoint = find_endpoint(state, command["endpoint"])
        endpoint.update(host=move["target"], version=endpoint["version"] + 1, bytes=move["bytes"])
        move["switched"] = True
    return {}


def end_move(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A move has ended: its lock is released, and what could not be cleaned is remembered."""
    workflow, move = _driven(state, command)
    endpoint = find_endpoint(state, command["endpoint"])
    if endpoint["locked_by"] == workflow["id"]:
        endpoint["locked_by"] = None
    move.update(command["facts"])
    if command.get("leftover"):
        state["leftovers"][f"{command['leftover']}/{command['endpoint']}"] = {
            "host": command["leftover"],
            "endpoint": command["endpoint"],
            "move": workflow["id"],
            "token": command["token"],
        }
    return {}


def sweep(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """What was left behind on a host is gone."""
    return {"swept": state["leftovers"].pop(command["key"], None) is not None}


def finish(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A workflow has ended with a summary."""
    workflow = _fenced(state, command)
    if workflow["state"] != "ended":
        workflow.update(state="ended", summary=command["summary"], finished_at=command["at"])
    return {}


def cancel(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """A workflow is told to roll back; too late once a route has switched or it has ended."""
    workflow = find_workflow(state, command["workflow"])
    if workflow["state"] == "ended":
        raise TooLateToCancel(f"{workflow['id']} has ended", workflow=workflow["id"])
    switched = sum(move["switched"] for move in workflow["moves"].values())
    if switched:
        raise TooLateToCancel(f"{workflow['id']} has switched {switched}", workflow=workflow["id"])
    workflow["cancelled"] = True
    return {"workflow": workflow["id"], "cancelled": True}


def barrier(state: State, command: dict[str, Any]) -> dict[str, Any]:
    """Changes nothing: a host that has applied it knows all that was committed before."""
    return {"token": state["token"]}


def find_endpoint(state: State, name: str) -> dict[str, Any]:
    """An endpoint by its canonical name."""
    if name not in state["endpoints"]:
        raise UnknownEndpoint(f"there is no endpoint {name}", endpoint=name)
    endpoint: dict[str, Any] = state["endpoints"][name]
    return endpoint


def find_workflow(state: State, name: str) -> dict[str, Any]:
    """A workflow by its id."""
    if name not in state["workflows"]:
        raise UnknownWorkflow(f"there is no workflow {name}", workflow=name)
    workflow: dict[str, Any] = state["workflows"][name]
    return workflow


def _fenced(state: State, command: dict[str, Any]) -> dict[str, Any]:
    workflow = find_workflow(state, command["workflow"])
    if command["token"] != workflow["token"]:
        raise Fenced(f"{command['token']} was followed by {workflow['token']}")
    return workflow


def _driven(state: State, command: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    workflow = _fenced(state, command)
    move = workflow["moves"].get(command["endpoint"])
    if move is None:
        raise InvalidField(f"{workflow['id']} does not move {command['endpoint']}")
    return workflow, move


COMMANDS: dict[str, Callable[[State, dict[str, Any]], dict[str, Any]]] = {
    command.__name__: command
    for command in (
        register_host, register_endpoint, set_lock, start, claim, plan, lock, record, turn_back,
        switch, end_move, sweep, finish, cancel, barrier,
    )
}  # fmt: skip
