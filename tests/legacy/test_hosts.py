"""A management host's replica and a storage host's data, each by itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from sable import replica as replicas
from sable.cluster import free_ports
from sable.errors import CopyDiffers, Fenced, Frozen, NotHere, PausesDisabled, UnknownHost
from sable.pauses import Pauses
from sable.settings import read_settings
from sable.store import Store

from .conftest import wait_until


def joined(folder: Path, address: str) -> replicas.Replica:
    replica = replicas.Replica()
    replica.join(address, [], folder)
    wait_until(lambda: replica.leads() and replica.ready())
    return replica


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # PySyncObj leaves a file to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_host_knows_everything_again_after_its_journal_was_compacted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "COMPACT_AFTER", 20)
    address = f"127.0.0.1:{free_ports(1)[0]}"
    replica = joined(tmp_path, address)
    facts = {"do": "register_host", "address": "127.0.0.1:80", "capacity": 1, "limit": 1}
    for number in range(60):
        assert replica.commit({**facts, "name": f"größe-{number}"})["capacity"] == 1
    with pytest.raises(UnknownHost):
        replica.commit({"do": "register_endpoint", "name": "e", "host": "h", "bytes": 0})
    wait_until((tmp_path / "raft.dump").exists)
    before = replica.view()
    replica.leave()
    time.sleep(0.2)
    again = joined(tmp_path, address)
    again.commit({"do": "barrier"})
    assert again.view() == before
    assert again.view("hosts", "größe-59", "limit") == 1
    assert again.view("hosts", "nobody", "limit") is None
    again.leave()


@pytest.fixture
def store(tmp_path: Path) -> Any:
    store = Store(tmp_path / "store.sqlite")
    store.load("e", [["a", "1"], ["b", "2"]])
    yield store
    store.close()


def test_a_repeated_write_counts_once(store: Store) -> None:
    assert [store.write("e", "a", "x", "w1"), store.write("e", "b", None, "w2")] == [1, 2]
    assert store.write("e", "a", "x", "w1") == 1
    assert store.read("e", "a") == {"value": "x", "seq": 1}
    assert store.read("e", "b") == {"value": None, "seq": 2}
    assert store.read("e", "z") == {"value": None, "seq": None}
    assert store.last_seq("e") == 2


def test_a_frozen_endpoint_is_read_and_not_written(store: Store) -> None:
    assert store.set_frozen("e", True, 1) == 0
    with pytest.raises(Frozen):
        store.write("e", "a", "x", "w1")
    assert store.read("e", "a")["value"] == "1"
    store.set_frozen("e", False, 2)
    assert store.write("e", "a", "x", "w1") == 1
    with pytest.raises(Fenced):
        store.set_frozen("e", True, 1)


def test_a_retired_endpoint_is_not_here(store: Store) -> None:
    store.retire("e", 1)
    for call in (
        lambda: store.read("e", "a"),
        lambda: store.write("e", "a", "x", "w"),
        lambda: store.set_frozen("e", False, 2),
    ):
        with pytest.raises(NotHere):
            call()
    store.drop("e", "staging", 2)
    assert [found["role"] for found in store.inventory()] == ["retired"]
    store.drop("e", "retired", 2)
    assert store.inventory() == []


def test_a_copy_takes_what_is_newer_and_no_gaps(store: Store) -> None:
    assert store.stage("c", "m1", 1) == {"count": 0, "last_key": None}
    store.add_chunk("c", [["a", "new", 5], ["b", "old", 0]], 1)
    assert store.stage("c", "m1", 1) == {"count": 2, "last_key": "b"}
    changes = [[n, "a", f"v{n}", f"w{n}"] for n in range(1, 4)]
    assert store.add_changes("c", changes, 1) == 3
    assert store.add_changes("c", changes, 1) == 3
    with pytest.raises(CopyDiffers):
        store.add_changes("c", [[5, "a", "v", "w5"]], 1)
    assert store.chunk("c", None, 9) == [["a", "new", 5], ["b", "old", 0]]
    assert store.digest("c", 3, [])["later"] == ["a"]
    with pytest.raises(NotHere):
        store.read("c", "a")
    store.drop("c", "staging", 1, "m2")
    assert store.stage("c", "m1", 1)["count"] == 2
    assert store.stage("c", "m2", 1)["count"] == 0
    store.activate("c", 1)
    store.activate("c", 1)
    with pytest.raises(CopyDiffers):
        store.stage("c", "m3", 1)


def test_a_host_is_told_everything_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROLE", "NAME", "FOLDER"):
        monkeypatch.setenv(f"SABLE_{name}", "x")
    with pytest.raises(ValueError, match="SABLE_PORT not set"):
        read_settings()
    monkeypatch.setenv("SABLE_PORT", "80")
    told = read_settings()
    assert (told.port, told.partners, told.workers, told.pauses) == (80, (), 16, False)


def test_nobody_waits_where_pauses_are_not_allowed() -> None:
    Pauses(False).reached("copy", "e")
    Pauses(True).reached("copy", "e")
    with pytest.raises(PausesDisabled):
        Pauses(False).arm("copy")


def test_a_pause_point_says_how_far_a_move_is_there() -> None:
    pauses = Pauses(True)
    assert pauses.facts() == {"armed": None, "waiting": [], "percent": 0.0}
    assert [pauses.arm(point)["percent"] for point in ("plan", "copy", "release")] == [0, 62, 100]
