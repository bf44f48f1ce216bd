"""Whatever is killed after whatever step: the move is resumed or rolled back, nothing is lost.

The full matrix runs with SABLE_ALL_KILLS=1; without it, each step and each victim is met.
"""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

from sable.pauses import POINTS

VICTIMS = ("leader", "follower", "source", "target")
CASES = [(point, victim) for point in POINTS for victim in VICTIMS]
if os.environ.get("SABLE_ALL_KILLS") != "1":  # those after which the most is at stake
    CASES = [
        case
        for number, case in enumerate(CASES)
        if case[0] in ("freeze", "switch") or number % len(VICTIMS) == (number // 4) % len(VICTIMS)
    ]


@pytest.mark.parametrize(("point", "victim"), CASES)
def test_a_kill_after_a_step_loses_nothing(place: Any, point: str, victim: str) -> None:
    names = place.endpoints(2)
    writers = place.writers(names)
    leader = place.cluster.leader()
    place.cluster.arm(leader, point)
    workflow = place.start(names)
    place.wait_at(leader)
    followers = [name for name in ("m1", "m2", "m3") if name != leader]
    name = {
        "leader": leader,
        "follower": followers[0],
        "source": "source-1",
        "target": "target-1",
    }[victim]
    place.cluster.kill(name)
    if victim != "leader":
        place.cluster.arm(leader, None)
    time.sleep(0.3)
    place.cluster.start(name)
    status = place.fleet.wait_for(workflow, 30)
    writers.end()
    assert place.violations() == []
    assert writers.stale == []
    assert writers.unknown == 0
    assert {move["state"] for move in status["moves"].values()} <= {"moved", "rolled_back"}


def test_a_dead_target_is_rolled_back_and_swept_when_it_returns(place: Any) -> None:
    names = place.endpoints(1)
    leader = place.cluster.leader()
    place.cluster.arm(leader, "copy")
    workflow = place.start(names, "target-2")
    place.wait_at(leader)
    place.cluster.kill("target-2")
    place.cluster.arm(leader, None)
    status = place.fleet.wait_for(workflow, 60)
    assert [move["error"] for move in status["moves"].values()] == ["Unavailable"]
    assert place.fleet.state()["leftovers"]
    write = {"endpoint": names[0], "key": "k", "value": "v", "write_id": "w1"}
    address = place.fleet.route(names[0], fresh=True)
    assert place.fleet.ask_storage(address, "/v1/write", write) == {"seq": 1}
    place.cluster.start("target-2")
    assert place.violations() == []


def test_a_leader_that_was_only_slow_is_fenced(place: Any) -> None:
    names = place.endpoints(1)
    slow = place.cluster.leader()
    place.cluster.arm(slow, "verify")
    workflow = place.start(names)
    place.wait_at(slow)
    with place.cluster.suspended(slow):
        place.fleet.wait_for(workflow, 40)
        back = place.start(names, "source-1")  # where the slow leader believes the endpoint to be
        assert place.fleet.wait_for(back, 20)["summary"]["outcome"] == "moved"
    place.cluster.arm(slow, None)
    time.sleep(0.5)
    assert place.violations() == []


@pytest.mark.parametrize("victims", [("m1", "m2", "m3"), ()], ids=["management", "everything"])
def test_all_killed_and_started_again_know_everything(own_place: Any, victims: tuple[str]) -> None:
    names = own_place.endpoints(4)
    writers = own_place.writers(names)
    workflow = own_place.start(names)
    acknowledged = [own_place.endpoints(1)[0] for _ in range(5)]
    victims = victims or tuple(own_place.cluster.plan)
    for name in victims:
        own_place.cluster.kill(name)
    own_place.cluster.start(*victims)
    status = own_place.fleet.wait_for(workflow, 30)
    writers.end()
    assert status["summary"]["outcome"] == "moved"
    assert own_place.violations() == []
    assert set(names + acknowledged) == set(own_place.fleet.state()["endpoints"])
