"""Moves in parallel: limits, targets that the server chooses, and what readers and writers see."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from sable import driving, planning
from sable.errors import Fenced
from sable.pauses import Pauses

from .conftest import Place


def test_a_hosts_limit_holds_for_all_workflows_together(place: Place) -> None:
    leader = place.cluster.leader()
    place.cluster.arm(leader, "copy")
    workflows = [place.start(place.endpoints(4), target) for target in ("target-1", "target-2")]
    place.wait_at(leader, 4)
    time.sleep(0.5)
    states = [place.fleet.call("GET", f"/v1/workflows/{one}") for one in workflows]
    running = sum(status["progress"]["states"].get("running", 0) for status in states)
    assert running == 4
    assert states[1]["crowded"][0] == {"host": "source-1", "moves": 4, "rounds": 1}
    place.cluster.arm(leader, None)
    for one in workflows:
        assert place.fleet.wait_for(one, 30)["summary"]["outcome"] == "moved"
    assert place.violations() == []


def test_endpoints_go_where_there_is_most_room(place: Place) -> None:
    names = place.endpoints(4)
    status = place.fleet.wait_for(place.start(names, "?"), 30)
    targets = [move["target"] for move in status["moves"].values()]
    assert "source-1" not in targets
    assert len(set(targets)) == 2
    assert place.violations() == []


def test_operators_are_told_where_a_new_endpoint_would_go(place: Place) -> None:
    state = place.fleet.state()
    free = planning.free_space(state["endpoints"], state["hosts"])
    most = max(free.values())
    told = [
        place.fleet.call("GET", "/v1/hosts", {"room_for": size})["emptiest"]
        for size in (most, most + 1)
    ]
    assert told == [planning.choose_target(most, None, free), None]
    assert "emptiest" not in place.fleet.call("GET", "/v1/hosts")


def test_workflows_are_found_by_a_move_and_told_as_they_stand(place: Place) -> None:
    names = place.endpoints(5)
    workflow = place.start(names)
    query = {"move": f"\u00a0{names[2]}@source-1\u00a0-> target-1"}
    found = place.fleet.call("GET", "/v1/workflows", query)["workflows"]
    assert [row["workflow"] for row in found] == [workflow]
    for other in ({"endpoint": names[2], "target": "source-1"}, "nobody -> ?"):
        assert place.fleet.call("GET", "/v1/workflows", {"move": other})["workflows"] == []
    place.fleet.wait_for(workflow, 30)
    status = place.fleet.call("GET", f"/v1/workflows/{workflow}", {"slowest": 4})
    assert len(status["slowest"]) == 4
    assert status["summary"]["slowest"] == status["slowest"][:3]
    assert status["hosts"] == status["summary"]["hosts"]
    text = place.fleet.call("GET", "/v1/workflows", {**query, "format": "text"})["text"]
    assert text.splitlines()[0] == "1 workflow: moved"


def test_writers_and_readers_go_on_while_endpoints_move_to_and_fro(place: Place) -> None:
    names = place.endpoints(3)
    writers = place.writers(names, 3)
    for target in ("target-1", "target-2", "source-1"):
        status = place.fleet.wait_for(place.start(names, target), 30)
        assert status["summary"]["outcome"] == "moved"
        assert status["summary"]["pause_p99_ms"] < 5000
    writers.end()
    facts = writers.facts()
    assert (facts["unknown"], facts["stale_reads"]) == (0, 0)
    assert facts["acknowledged"] > 10
    assert place.violations() == []


def test_an_empty_endpoint_and_one_of_a_single_record_move(place: Place) -> None:
    names = place.endpoints(1, rows=0) + place.endpoints(1, rows=1)
    status = place.fleet.wait_for(place.start(names, chunk_size=1024), 30)
    assert [move["copied"] for move in status["moves"].values()] in ([0, 1], [1, 0])
    assert place.violations() == []


def test_a_driver_that_was_followed_stops_before_it_asks_any_host() -> None:
    known = {"token": 2, "switched": True}
    replica = SimpleNamespace(view=lambda *path: known.get(path[-1]))
    move = {"endpoint": "e", "state": "running", "step": "verify"}
    context = {"replica": replica, "workflow": "batch-1", "token": 1, "move": move}
    with pytest.raises(Fenced, match="1 was followed by 2"):
        driving.run_move(context, Pauses(False), lambda seconds: None)
