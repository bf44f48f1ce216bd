"""The audit finds each kind of violation, planted in a running cluster as an accident would."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from sable.errors import AlreadyRegistered

from .conftest import Place, running_place


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A cluster in which endpoints were moved under writers, and in which nothing is wrong."""
    for place in running_place(tmp_path_factory.mktemp("audited")):
        names = place.endpoints(3)
        writers = place.writers(names)
        place.fleet.wait_for(place.start(names), 30)
        writers.end()
        assert writers.acknowledged > 0
        assert place.violations() == []
        yield place


def change(place: Place, host: str, *statements: str) -> None:
    """Changes a storage host's data behind its back."""
    with closing(sqlite3.connect(place.cluster.folder / host / "store.sqlite", timeout=10)) as db:
        for statement in statements:
            assert db.execute(statement).rowcount > 0, statement
        db.commit()


def some_write(place: Place) -> dict[str, Any]:
    """A write that was acknowledged, and is the last one of its key."""
    journals = sorted(place.journal.glob("acknowledged-*.jsonl"))
    lines = [json.loads(line) for path in journals for line in path.read_text("utf-8").splitlines()]
    return max(lines, key=lambda line: (line["endpoint"], line["seq"]))


def lose_a_write(place: Place) -> str:
    write = some_write(place)
    at = f"endpoint = '{write['endpoint']}'"
    change(place, "target-1", f"delete from changes where {at} and write_id = '{write['id']}'")
    return str(write["endpoint"])


def lose_a_record(place: Place) -> str:
    name = some_write(place)["endpoint"]
    at = f"endpoint = '{name}' and seq = 0"
    where = f"where {at} and key = (select min(key) from records where {at})"
    change(place, "target-1", f"delete from records {where}")
    return str(name)


def revert_a_record(place: Place) -> str:
    write = some_write(place)
    at = f"endpoint = '{write['endpoint']}' and key = '{write['key']}'"
    change(place, "target-1", f"update records set value = 'older', seq = 0 where {at}")
    return str(write["endpoint"])


def write_twice(place: Place) -> str:
    write = some_write(place)
    columns = (
        f"endpoint, seq + 100000, key, value, write_id from changes where seq = {write['seq']}"
    )
    again = f"insert into changes select {columns} and endpoint = '{write['endpoint']}'"
    change(place, "target-1", again)
    return str(write["endpoint"])


def keep_a_second_home(place: Place) -> str:
    name = some_write(place)["endpoint"]
    change(place, "source-1", f"insert into endpoints(name, role) values ('{name}', 'live')")
    return str(name)


def point_a_route_nowhere(place: Place) -> str:
    body = {"name": "never-loaded", "host": "target-2", "bytes": 1}
    place.fleet.call("POST", "/v1/endpoints", body)
    return "never-loaded"


def keep_a_lock(place: Place) -> str:
    name = place.endpoints(1)[0]
    place.fleet.call("POST", f"/v1/endpoints/{name}/lock", {"holder": "somebody"})
    return name


def keep_a_freeze(place: Place) -> str:
    name = place.endpoints(1)[0]
    change(place, "source-1", f"update endpoints set frozen = 1 where name = '{name}'")
    return name


def leave_a_copy(place: Place) -> str:
    name = place.endpoints(1)[0]
    change(place, "target-2", f"insert into endpoints(name, role) values ('{name}', 'staging')")
    return name


def leave_a_workflow(place: Place) -> str:
    leader = place.cluster.leader()
    place.cluster.arm(leader, "lock")
    place.start(place.endpoints(1))
    place.wait_at(leader)
    return ""


def change_an_acknowledged_value(place: Place) -> str:
    write = some_write(place)
    at = f"endpoint = '{write['endpoint']}' and seq = {write['seq']}"
    for table in ("changes", "records"):
        change(place, "target-1", f"update {table} set value = 'another' where {at}")
    return str(write["endpoint"])


# Those that lose the write the others look for come last.
PLANTED: list[tuple[str, Callable[[Place], str]]] = [
    ("homeless", point_a_route_nowhere),
    ("locked", keep_a_lock),
    ("frozen", keep_a_freeze),
    ("leftover", leave_a_copy),
    ("unfinished", leave_a_workflow),
    ("duplicated", keep_a_second_home),
    ("changed", change_an_acknowledged_value),
    ("changed", revert_a_record),
    ("duplicated", write_twice),
    ("lost", lose_a_record),
    ("lost", lose_a_write),
]


@pytest.mark.parametrize(("kind", "plant"), PLANTED, ids=[plant.__name__ for _, plant in PLANTED])
def test_the_audit_finds_what_is_planted(
    moved: Place, kind: str, plant: Callable[[Place], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sable.audit.settle", lambda fleet, seconds: None)
    before = set(moved.violations())
    endpoint = plant(moved)
    new = set(moved.violations()) - before
    assert (kind, endpoint) in {(violation.kind, violation.endpoint) for violation in new}


def test_two_facts_of_one_name_are_refused(moved: Place) -> None:
    moved.fleet.call("POST", "/v1/endpoints", {"name": "twice", "host": "target-1"})
    with pytest.raises(AlreadyRegistered):
        moved.fleet.call("POST", "/v1/endpoints", {"name": "twice", "host": "target-2"})
