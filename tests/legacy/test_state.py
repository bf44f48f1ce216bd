"""The commands of the replicated state: what each changes, refuses, and does when repeated."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sable import requests, state
from sable.errors import (
    AlreadyRegistered,
    Cancelled,
    DuplicateStart,
    EndpointLocked,
    Fenced,
    InvalidField,
    SableError,
    TargetFull,
    TooLateToCancel,
    UnknownEndpoint,
    UnknownHost,
    UnknownWorkflow,
    WrongSource,
)


class Known:
    """A state with two hosts and two endpoints, and short ways to change it."""

    def __init__(self) -> None:
        self.state = state.empty_state()
        for number in (1, 2):
            facts = {"address": "127.0.0.1:80", "capacity": 100, "limit": 4}
            self.do("register_host", name=f"h{number}", **facts)
        for name in ("a", "b"):
            self.do("register_endpoint", name=name, host="h1", bytes=10)

    def do(self, command: str, **facts: Any) -> dict[str, Any]:
        """Applies a command, which must leave the state alone when it raises."""
        before = copy.deepcopy(self.state)
        try:
            return state.apply_command(self.state, {"do": command, **facts})
        except SableError:
            assert self.state == before
            raise

    def start(self, name: str = "w1", **body: Any) -> dict[str, Any]:
        batch = requests.parse_batch({"moves": ["a -> h2"], **body})
        return self.do("start", id=name, at=1000, batch=batch)

    def drive(self, command: str, token: int = 1, **facts: Any) -> dict[str, Any]:
        return self.do(command, workflow="w1", endpoint="a", token=token, **facts)

    @property
    def move(self) -> dict[str, Any]:
        move: dict[str, Any] = self.state["workflows"]["w1"]["moves"]["a"]
        return move


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def driven() -> Known:
    """One with a workflow that is claimed and planned."""
    known = Known()
    known.start()
    known.do("claim", workflow="w1", leader="m1")
    known.do("plan", workflow="w1", token=1, moves=[{"endpoint": "a", "target": "h2", "bytes": 7}])
    return known


def test_a_host_may_come_back_elsewhere_but_not_with_other_facts(known: Known) -> None:
    again = {"name": "h1", "capacity": 100, "limit": 4}
    assert known.do("register_host", address="127.0.0.1:81", **again)["address"].endswith(":81")
    with pytest.raises(AlreadyRegistered):
        known.do("register_host", address="127.0.0.1:81", **{**again, "limit": 5})


def test_an_endpoint_is_registered_once(known: Known) -> None:
    known.state["endpoints"]["a"]["version"] = 7
    assert known.do("register_endpoint", name="a", host="h1", bytes=0)["version"] == 7
    with pytest.raises(AlreadyRegistered):
        known.do("register_endpoint", name="a", host="h2", bytes=0)
    with pytest.raises(UnknownHost):
        known.do("register_endpoint", name="c", host="h9", bytes=0)


def test_only_its_holder_lets_go_of_a_lock(known: Known) -> None:
    for _ in range(2):
        known.do("set_lock", name="a", holder="x", locked=True)
    for locked in (True, False):
        with pytest.raises(EndpointLocked):
            known.do("set_lock", name="a", holder="y", locked=locked)
    known.do("set_lock", name="a", holder="x", locked=False)
    assert known.state["endpoints"]["a"]["locked_by"] is None
    with pytest.raises(UnknownEndpoint):
        known.do("set_lock", name="z", holder="x", locked=True)


def test_a_start_is_known_by_its_request_id(known: Known) -> None:
    assert known.start(request_id="same") == {"workflow": "w1", "started": True}
    assert known.start("w2", request_id="same") == {"workflow": "w1", "started": False}
    with pytest.raises(DuplicateStart):
        known.start("w2", moves=["b -> h2"], request_id="same")
    with pytest.raises(EndpointLocked):
        known.start("w2", request_id="other")
    assert known.start("w2", moves=["b -> h2"])["started"]


def test_a_start_without_room_changes_nothing(known: Known) -> None:
    known.state["endpoints"]["a"]["bytes"] = 101
    with pytest.raises(TargetFull):
        known.start()


def test_only_the_last_claim_counts(driven: Known) -> None:
    assert driven.do("claim", workflow="w1", leader="m2") == {"token": 2}
    about: dict[str, dict[str, Any]] = {
        "lock": {},
        "record": {"facts": {}},
        "switch": {},
        "turn_back": {"error": "", "text": ""},
        "end_move": {"facts": {}},
        "plan": {"moves": []},
        "finish": {"summary": {}, "at": 1},
    }
    for command, facts in about.items():
        with pytest.raises(Fenced):
            driven.drive(command, token=1, **facts)


def test_a_plan_counts_once(driven: Known) -> None:
    assert (driven.move["target"], driven.move["bytes"]) == ("h2", 7)
    other = [{"endpoint": "a", "target": "h1"}]
    driven.do("plan", workflow="w1", token=1, moves=other)
    assert driven.move["target"] == "h2"


def test_a_move_goes_forward_and_ends(driven: Known) -> None:
    for _ in range(2):
        driven.drive("lock")
        assert driven.state["endpoints"]["a"]["locked_by"] == "w1"
        driven.drive("record", facts={"step": "freeze", "copied": 5})
    for _ in range(2):
        driven.drive("switch")
        assert driven.state["endpoints"]["a"]["host"] == "h2"
        assert driven.state["endpoints"]["a"]["version"] == 2
    assert driven.drive("turn_back", error="X", text="")["state"] == "running"
    with pytest.raises(TooLateToCancel):
        driven.do("cancel", workflow="w1")
    driven.drive("lock")  # a late repetition
    for _ in range(2):
        driven.drive("end_move", facts={"state": "moved"})
        assert driven.state["endpoints"]["a"]["locked_by"] is None
        driven.drive("finish", summary={"n": 1}, at=2000)
    assert driven.state["workflows"]["w1"]["finished_at"] == 2000
    assert driven.state["leftovers"] == {}
    with pytest.raises(TooLateToCancel):
        driven.do("cancel", workflow="w1")


def test_a_move_goes_back_and_leaves_a_copy_to_sweep(driven: Known) -> None:
    driven.drive("lock")
    assert driven.drive("turn_back", error="X", text="why")["state"] == "rolling_back"
    with pytest.raises(Cancelled):
        driven.drive("switch")
    driven.drive("end_move", facts={"state": "rolled_back"}, leftover="h2")
    assert driven.drive("turn_back", error="Y", text="")["state"] == "rolled_back"
    assert driven.move["error"] == "X"
    (key,) = driven.state["leftovers"]
    assert [driven.do("sweep", key=key)["swept"] for _ in range(2)] == [True, False]


def test_a_cancelled_workflow_does_not_switch(driven: Known) -> None:
    driven.do("cancel", workflow="w1")
    with pytest.raises(Cancelled):
        driven.drive("switch")


def test_a_lock_of_another_and_an_endpoint_that_moved_are_refused(driven: Known) -> None:
    driven.do("set_lock", name="a", holder="x", locked=True)
    with pytest.raises(EndpointLocked):
        driven.drive("lock")
    driven.drive("end_move", facts={"state": "rolled_back"})
    assert driven.state["endpoints"]["a"]["locked_by"] == "x"
    driven.state["endpoints"]["a"].update(host="h2", locked_by=None)
    with pytest.raises(WrongSource):
        driven.drive("lock")


def test_what_is_not_there_is_named(driven: Known) -> None:
    with pytest.raises(UnknownWorkflow):
        driven.do("cancel", workflow="w9")
    with pytest.raises(InvalidField):
        driven.do("lock", workflow="w1", endpoint="b", token=1)
    assert driven.do("barrier") == {"token": 1}
