"""BatchMoveEndpoint: the steps by which an endpoint moves from one storage host to another.

A step may be run again at any time: each finds what an earlier attempt has done. What a step
returns is recorded in the replicated state before the next one begins.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any, Final

from sable import chunks, digests, planning, progress
from sable.errors import CopyDiffers, NotHere, SableError, UnknownWorkflow
from sable.replica import Replica
from sable.wire import Client

# coupling: context bag
# Holds `replica`, `client`, `address` of a host, `workflow` (its id), `token`, `chunk_size` and
# `move`, to which each step's facts are added for the steps that follow.
Context = dict[str, Any]

COMMANDS_OF_A_TOKEN: Final = 10**9
_sent = itertools.count()  # coupling: global counter

SMALL_CATCH_UP: Final = 50
MOST_ROUNDS: Final = 30


def now_ms() -> int:
    """Milliseconds since 1970, in UTC."""
    return time.time_ns() // 1_000_000  # coupling: clock


def read_workflow(workflow: str, replica: Replica) -> dict[str, Any]:
    """A workflow as it is known now, and the moment at which it would have ended.

    Raises UnknownWorkflow.
    """
    found = replica.view("workflows", workflow)
    if found is None:
        raise UnknownWorkflow(f"there is no workflow {workflow}", workflow=workflow)
    return {"workflow": found, "finished_at": now_ms()}


def plan_batch(workflow: dict[str, Any], replica: Replica, client: Client) -> list[dict[str, Any]]:
    """The moves with targets, sizes and order; asks every source how large its endpoints are now.

    Raises TargetFull where there is no room, NotHere where a source lacks an endpoint.
    """
    hosts, endpoints = replica.view("hosts"), replica.view("endpoints")
    rows: dict[str, int] = {}
    # coupling: computes and does I/O
    for host in sorted({move["source"] for move in workflow["moves"].values()}):
        for found in client.call(hosts[host]["address"], "GET", "/v1/inventory")["endpoints"]:
            if found["role"] == "live" and found["name"] in workflow["moves"]:
                endpoints[found["name"]]["bytes"] = found["bytes"]
                rows[found["name"]] = found["rows"]
    for name, move in workflow["moves"].items():
        if name not in rows:
            raise NotHere(f"{move['source']} has no live {name}", endpoint=name)
    wanted = [
        {"endpoint": name, "source": move["source"], "target": move["target"]}
        for name, move in workflow["moves"].items()
    ]
    planned = planning.plan_moves(wanted, endpoints, hosts)
    for move in planned:
        count = rows[move["endpoint"]]
        per_chunk = chunks.rows_per_chunk(move["bytes"], count, workflow["batch"]["chunk_size"])
        move.update(rows=count, chunks=chunks.chunk_count(count, per_chunk))
    return planned


def lock_endpoint(context: Context) -> dict[str, Any]:
    """Holds the endpoint, and fences off whoever drove this move before."""
    commit(context, "lock")
    fence_hosts(context)
    return {}


def copy_chunks(context: Context) -> dict[str, Any]:
    """Copies the records as they are, chunk by chunk, while writers write."""
    move = context["move"]
    staged = _tell(context, "target", "stage", move=context["workflow"])
    copied, after = staged["count"], staged["last_key"]
    rows = chunks.rows_per_chunk(move["bytes"], move["rows"], context["chunk_size"])
    source = context["address"](move["source"])
    while True:
        began = now_ms()
        done = _tell(context, "target", "pull_chunk", source=source, after=after, rows=rows)
        copied, after = copied + done["rows"], done["last_key"] or after
        if done["done"]:
            return {"copied": copied}
        rows = chunks.next_rows(rows, now_ms() - began)
        # coupling: status written on the way
        commit(context, "record", facts={"copied": copied})


def catch_up(context: Context) -> dict[str, Any]:
    """Applies the changes made meanwhile, until few come at a time."""
    for _ in range(MOST_ROUNDS):
        if _pull_changes(context)["pulled"] < SMALL_CATCH_UP:
            break
    return {}


def verify_copy(context: Context) -> dict[str, Any]:
    """Compares copy and source up to the last change that the copy has; CopyDiffers if unequal."""
    upto = _pull_changes(context)["last_seq"]
    source = _ask(context, "source", "digest", upto=upto)
    target = _ask(context, "target", "digest", upto=upto, without=source["later"])
    _check_equal(context, source, target)
    return {}


def freeze_source(context: Context) -> dict[str, Any]:
    """Stops the writers, applies the last changes, compares everything once more.

    While that fails the writers write on: nothing was recorded that relies on the freeze.
    """
    _pull_changes(context)  # the target answers and has little to catch up
    frozen_at = now_ms()
    try:
        _compare_frozen(context, _tell(context, "source", "freeze")["last_seq"])
    except SableError:
        thaw_source(context)
        raise
    return {"frozen_at": frozen_at}


def switch_route(context: Context) -> dict[str, Any]:
    """Points the route to the target; then the source answers no more, and the target begins to.

    In this order no reader sees the source after a writer has written to the target.
    """
    commit(context, "switch")
    _tell(context, "source", "retire")
    _tell(context, "target", "activate")
    return {"switched": True, "pause_ms": max(0, now_ms() - context["move"]["frozen_at"])}


def release_source(context: Context) -> dict[str, Any]:
    """Deletes what the source still has."""
    _tell(context, "source", "drop", role="retired")
    return {}


def thaw_source(context: Context) -> dict[str, Any]:
    """Lets the writers of a move that is given up write on."""
    try:
        _tell(context, "source", "thaw")
    except NotHere:  # then it has nothing that could be frozen
        pass
    return {}


def drop_copy(context: Context) -> dict[str, Any]:
    """Deletes the copy of a move that is given up."""
    _tell(context, "target", "drop", role="staging", move=context["workflow"])
    return {}


def fence_hosts(context: Context) -> None:
    """From now on both hosts refuse an earlier leader of this move."""
    for side in ("source", "target"):
        _tell(context, side, "fence")


def commit(context: Context, do: str, **facts: Any) -> dict[str, Any]:
    """Commits a command about the context's move."""
    command = {"do": do, "workflow": context["workflow"], "token": context["token"], **facts}
    return insist(context["replica"], {**command, "endpoint": context["move"]["endpoint"]})


def insist(replica: Replica, command: dict[str, Any]) -> dict[str, Any]:
    """Commits a command however long it takes to know what came of it.

    A driver that does not know must not decide: another one may already go by what was committed.
    Ends with Fenced when another host has taken over.
    """
    while True:
        try:
            return replica.commit(command)
        except SableError as error:
            if error.name != "Unavailable":
                raise
            time.sleep(0.05)


STEPS: Final[dict[str, Callable[[Context], dict[str, Any]]]] = dict(
    zip(
        progress.MOVE_STEPS,
        (
            lock_endpoint,
            copy_chunks,
            catch_up,
            verify_copy,
            freeze_source,
            switch_route,
            release_source,
        ),
        strict=True,
    )
)


def _tell(context: Context, side: str, do: str, **facts: Any) -> dict[str, Any]:
    """Sends a command that is refused if a later one has arrived before it."""
    token = context["token"] * COMMANDS_OF_A_TOKEN + next(_sent)
    body = {"do": do, "endpoint": context["move"]["endpoint"], "token": token, **facts}
    return _post(context, side, "command", body)


def _ask(context: Context, side: str, what: str, **facts: Any) -> dict[str, Any]:
    return _post(context, side, what, {"endpoint": context["move"]["endpoint"], **facts})


def _post(context: Context, side: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    address = context["address"](context["move"][side])
    reply: dict[str, Any] = context["client"].call(address, "POST", f"/v1/{path}", body)
    return reply


def _compare_frozen(context: Context, last_seq: int) -> None:
    _pull_changes(context)
    source = {**_ask(context, "source", "digest", upto=last_seq), "last_seq": last_seq}
    target = {
        **_ask(context, "target", "digest", upto=last_seq),
        **_ask(context, "target", "last_seq"),
    }
    _check_equal(context, source, target)


def _check_equal(context: Context, source: dict[str, Any], target: dict[str, Any]) -> None:
    differences = digests.compare_copies(source, target)
    if differences:
        raise CopyDiffers("; ".join(differences), endpoint=context["move"]["endpoint"])


def _pull_changes(context: Context) -> dict[str, Any]:
    source = context["address"](context["move"]["source"])
    return _tell(context, "target", "pull_changes", source=source, rounds=5)
