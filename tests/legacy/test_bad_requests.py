"""A bad request has a named error, and leaves the state as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from .conftest import Place, running_place


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A cluster with endpoints named `alpha` and `beta`, and a host that is nearly full."""
    for place in running_place(tmp_path_factory.mktemp("asked"), sources=2):
        for name, host in (("alpha", "source-1"), ("beta", "source-1"), ("held", "source-2")):
            size = 3 << 31
            place.fleet.call("POST", "/v1/endpoints", {"name": name, "host": host, "bytes": size})
        small = {"name": "small", "address": "127.0.0.1:20001", "capacity": "1 GiB"}
        place.fleet.call("POST", "/v1/hosts", small)
        place.fleet.call("POST", "/v1/endpoints/held/lock", {"holder": "ops"})
        yield place


def ask(place: Place, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    """Status and body of a reply; text and bytes are sent as they are."""
    raw = body if isinstance(body, str | bytes | None) else json.dumps(body)
    address = place.cluster.address("m1")
    with urllib3.PoolManager() as pools:
        reply = pools.request(method, f"http://{address}{path}", body=raw, retries=False)
        return reply.status, json.loads(reply.data)


def moves(*wanted: Any, **more: Any) -> dict[str, Any]:
    return {"moves": list(wanted), **more}


START = ("POST", "/v1/workflows")
BAD = {
    "unknown endpoint": (404, "UnknownEndpoint", *START, moves("nobody -> target-1")),
    "unknown target": (404, "UnknownHost", *START, moves("alpha -> nowhere")),
    "same source and target": (400, "SameSourceAndTarget", *START, moves("alpha -> source-1")),
    "wrong source": (409, "WrongSource", *START, moves("alpha@source-2 -> target-1")),
    "full target": (409, "TargetFull", *START, moves("alpha -> small")),
    "locked": (409, "EndpointLocked", *START, moves("held -> target-1")),
    "named twice": (400, "RepeatedEndpoint", *START, moves("alpha -> ?", "alpha -> target-1")),
    "no moves": (400, "InvalidField", *START, moves()),
    "moves of another type": (400, "InvalidField", *START, {"moves": "alpha -> target-1"}),
    "not a move": (400, "InvalidField", *START, moves("alpha to target-1")),
    "field unknown": (400, "InvalidField", *START, moves({"endpoint": "alpha", "to": "x"})),
    "bad name": (400, "InvalidName", *START, moves({"endpoint": "../alpha"})),
    "bad size": (400, "InvalidSize", *START, moves("alpha -> ?", chunk_size="5 parsecs")),
    "small chunk": (400, "InvalidField", *START, moves("alpha -> ?", chunk_size=1)),
    "bad request id": (400, "InvalidField", *START, moves("alpha -> ?", request_id="a b")),
    "malformed": (400, "MalformedJson", *START, '{"moves": ['),
    "not an object": (400, "MalformedJson", *START, "[1, 2]"),
    "not UTF-8": (400, "MalformedJson", *START, b'{"moves": "\xff"}'),
    "nested deep": (400, "MalformedJson", *START, "[" * 100_000),
    "10 MB": (413, "BodyTooLarge", *START, b" " * 10_000_000),
    "wrong method": (405, "WrongMethod", "PUT", "/v1/workflows", {}),
    "unknown path": (404, "UnknownPath", "GET", "/v2/workflows", None),
    "unknown workflow": (404, "UnknownWorkflow", "GET", "/v1/workflows/batch-0", None),
    "cancel unknown": (404, "UnknownWorkflow", "POST", "/v1/workflows/batch-0/cancel", {}),
    "unknown route": (404, "UnknownEndpoint", "GET", "/v1/endpoints/nobody", None),
    "bad expression": (400, "InvalidField", "GET", "/v1/endpoints?match=%28", None),
    "bad order": (400, "InvalidField", "GET", "/v1/endpoints?order=colour", None),
    "bad limit": (400, "InvalidField", "GET", "/v1/endpoints?limit=many", None),
    "unlimited": (400, "InvalidField", "GET", "/v1/endpoints", '{"limit": Infinity}'),
    "since a number": (400, "InvalidTimestamp", "GET", "/v1/workflows", {"since": 5}),
    "offset of a week": (400, "InvalidField", "GET",
                         "/v1/workflows?format=text&since=2024-02-29T12:30Z&offset_minutes=10080",
                         None),
    "size of no disk": (400, "InvalidSize", "POST", "/v1/endpoints",
                        {"name": "new", "host": "source-1", "bytes": 10**40}),
    "host elsewhere": (400, "InvalidField", "POST", "/v1/hosts",
                       {"name": "h", "address": "10.0.0.1:80"}),
    "host with other facts": (409, "AlreadyRegistered", "POST", "/v1/hosts",
                              {"name": "small", "address": "127.0.0.1:20001", "limit": 9}),
    "endpoint elsewhere": (409, "AlreadyRegistered", "POST", "/v1/endpoints",
                           {"name": "alpha", "host": "source-2"}),
    "endpoint on no host": (404, "UnknownHost", "POST", "/v1/endpoints",
                            {"name": "new", "host": "nowhere"}),
    "endpoint without host": (400, "InvalidField", "POST", "/v1/endpoints", {"name": "new"}),
    "lock of another": (409, "EndpointLocked", "POST", "/v1/endpoints/held/lock", {"holder": "x"}),
    "unlock of another": (409, "EndpointLocked", "DELETE", "/v1/endpoints/held/lock",
                          {"holder": "x"}),
    "lock without holder": (400, "InvalidField", "POST", "/v1/endpoints/alpha/lock", {}),
    "pause nowhere": (400, "InvalidField", "POST", "/v1/pauses", {"after": "lunch"}),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_request_is_named_and_changes_nothing(served: Place, case: str) -> None:
    status, error, method, path, body = BAD[case]
    before = served.fleet.state()
    found = ask(served, method, path, body)
    assert (found[0], found[1]["error"]) == (status, error)
    assert found[1]["text"]
    assert served.fleet.state() == before


def test_a_repeated_start_finds_its_workflow_and_another_batch_is_refused(served: Place) -> None:
    names = served.endpoints(2)
    leader = served.cluster.leader()
    served.cluster.arm(leader, "freeze")
    body = moves(f"{names[0]} -> target-1", request_id="same-1")
    first = served.fleet.call("POST", "/v1/workflows", body)
    again = served.fleet.call("POST", "/v1/workflows", body)
    assert (first["started"], again["started"]) == (True, False)
    assert again["workflow"] == first["workflow"]
    served.wait_at(leader)
    before = served.fleet.state()
    other = moves(f"{names[1]} -> target-1", request_id="same-1")
    assert ask(served, *START, other)[1]["error"] == "DuplicateStart"
    twice = moves(f"{names[0]} -> target-2", request_id="other-1")
    assert ask(served, *START, twice)[1]["error"] == "EndpointLocked"
    assert served.fleet.state() == before
    served.cluster.arm(leader, None)
    served.fleet.wait_for(first["workflow"], 20)


def test_a_cancel_rolls_back_before_the_switch_and_is_refused_after(served: Place) -> None:
    leader = served.cluster.leader()
    served.cluster.arm(leader, "freeze")
    names = served.endpoints(1)
    workflow = served.start(names)
    served.wait_at(leader)
    served.fleet.call("POST", f"/v1/workflows/{workflow}/cancel", {})
    served.cluster.arm(leader, None)
    status = served.fleet.wait_for(workflow, 20)
    assert status["summary"]["outcome"] == "cancelled"
    served.cluster.arm(leader, "switch")
    workflow = served.start(names)
    served.wait_at(leader)
    before = served.fleet.state()
    answer = ask(served, "POST", f"/v1/workflows/{workflow}/cancel", {})
    assert (answer[0], answer[1]["error"]) == (409, "TooLateToCancel")
    assert served.fleet.state() == before
    served.cluster.arm(leader, None)
    assert served.fleet.wait_for(workflow, 20)["summary"]["outcome"] == "moved"
    ended = ask(served, "POST", f"/v1/workflows/{workflow}/cancel", {})
    assert (ended[0], ended[1]["error"]) == (409, "TooLateToCancel")


STORAGE = {
    "write to nobody": (410, "NotHere", "/v1/write",
                        {"endpoint": "x", "key": "k", "value": "v", "write_id": "1"}),
    "write without a key": (400, "InvalidField", "/v1/write", {"endpoint": "x"}),
    "write of a number": (400, "InvalidField", "/v1/write",
                          {"endpoint": "x", "key": "k", "value": 1, "write_id": "1"}),
    "load of an empty key": (400, "InvalidField", "/v1/load",
                             {"endpoint": "x", "rows": [["", "v"]]}),
    "load of half a character": (400, "InvalidField", "/v1/load",
                                 {"endpoint": "x", "rows": [["k", "\ud83d"]]}),
    "command unknown": (400, "InvalidField", "/v1/command",
                        {"do": "dance", "endpoint": "x", "token": 1}),
    "drop of what lives": (400, "InvalidField", "/v1/command",
                           {"do": "drop", "role": "live", "endpoint": "x", "token": 1}),
}  # fmt: skip


@pytest.mark.parametrize("case", STORAGE)
def test_a_storage_host_names_its_errors(served: Place, case: str) -> None:
    status, error, path, body = STORAGE[case]
    address = served.cluster.address("target-1")
    with urllib3.PoolManager() as pools:
        reply = pools.request(
            "POST", f"http://{address}{path}", body=json.dumps(body), retries=False
        )
    assert (reply.status, reply.json()["error"]) == (status, error)


def test_an_older_token_is_refused(served: Place) -> None:
    name = served.endpoints(1)[0]
    address = served.cluster.address("source-1")
    command = {"do": "fence", "endpoint": name, "token": 1_000_000}
    served.fleet.ask_storage(address, "/v1/command", command)
    with urllib3.PoolManager() as pools:
        stale = {**command, "do": "freeze", "token": 999_999}
        reply = pools.request("POST", f"http://{address}/v1/command", json=stale, retries=False)
    assert (reply.status, reply.json()["error"]) == (409, "Fenced")
