"""The law of the workflow, held against a table and storage hosts: what is planted is found.

A table is stood for by what it would hold; the storage hosts are real.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sable import state
from sable_trial import law, worlds
from sable_trial.fleets import Watched

WORLD = {"sources": 1, "targets": 2, "endpoints": 4, "rows": 6}
NAMES = list(worlds.homes(WORLD))
MOVED, BACK, LATER, STAYS = NAMES
WORKFLOW = "batch-1"


class Port:
    """What a local AWS would hold, and the storage hosts."""

    def __init__(self, fleet: Watched, journal: Path) -> None:
        self.fleet = fleet
        self.journal = journal
        addresses = {name: fleet.address(name) for name in worlds.hosts(WORLD)}
        self.table = worlds.registered(WORLD, addresses)

    def known(self) -> dict[str, Any]:
        """The state."""
        return worlds.copied(self.table)  # type: ignore[no-any-return]

    def one(self, kind: str, name: str) -> dict[str, Any] | None:
        """A part of it."""
        found: dict[str, Any] | None = self.table[kind].get(name)
        return found

    def do(self, command: str, **facts: Any) -> dict[str, Any]:
        """Changes the state as a step does."""
        token = self.table["workflows"].get(WORKFLOW, {}).get("token", 0)
        told = {"do": command, "workflow": WORKFLOW, "token": token, **facts}
        return dict(state.apply_command(self.table, told))

    def tell(self, host: str, command: str, endpoint: str, **facts: Any) -> None:
        """Commands a storage host as a step does."""
        body = {"do": command, "endpoint": endpoint, "token": 1, **facts}
        self.fleet.ask(host, "/v1/command", body)

    def change(self, host: str, *statements: str) -> None:
        """Changes a storage host's data behind its back."""
        with closing(sqlite3.connect(self.fleet.folder / host / "store.sqlite", timeout=10)) as db:
            for statement in statements:
                assert db.execute(statement).rowcount > 0, statement
            db.commit()

    def move(self, endpoint: str, target: str) -> None:
        """One move, all of it, or up to where it is given up."""
        source = self.fleet.address("source-1")
        self.do("lock", endpoint=endpoint)
        self.tell(target, "stage", endpoint, move=WORKFLOW)
        self.tell(target, "pull_chunk", endpoint, source=source, after=None, rows=100)
        self.tell("source-1", "freeze", endpoint)
        self.tell(target, "pull_changes", endpoint, source=source, rounds=5)
        if endpoint == BACK:
            self.do("turn_back", endpoint=endpoint, error="Unavailable", text="a trial")
            self.tell("source-1", "thaw", endpoint)
            self.tell(target, "drop", endpoint, role="staging", move=WORKFLOW)
            self.do("end_move", endpoint=endpoint, facts={"state": "rolled_back"})
            return
        self.do("switch", endpoint=endpoint)
        self.tell("source-1", "retire", endpoint)
        self.tell(target, "activate", endpoint)
        self.tell("source-1", "drop", endpoint, role="retired")
        self.do("end_move", endpoint=endpoint, facts={"state": "moved"})


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    """A workflow that has ended: two moves, one rolled back; nothing is wrong."""
    folder = tmp_path_factory.mktemp("law")
    made = Watched.make(folder / "fleet", management=0, sources=1, targets=2)
    with made as fleet:
        assert isinstance(fleet, Watched)
        fleet.start()
        worlds.fill(WORLD, fleet.ask)
        journal = folder / "journal"
        journal.mkdir()
        port = Port(fleet, journal)
        lines = [{"endpoint": name, "rows": WORLD["rows"]} for name in NAMES]
        (journal / "loaded.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
        write = {"endpoint": MOVED, "key": "key-000001", "value": "new"}
        told = fleet.ask("source-1", "/v1/write", {**write, "write_id": "w"})
        kept = {**write, "id": "w", "seq": told["seq"]}
        (journal / "acknowledged-1.jsonl").write_text(json.dumps(kept), "utf-8")
        moves = [{"endpoint": name, "source": None, "target": f"target-{at}"} for name, at in
                 ((MOVED, 1), (BACK, 1), (LATER, 2))]  # fmt: skip
        batch = {"moves": moves, "chunk_size": 1024, "label": "law", "request_id": None}
        port.do("start", id=WORKFLOW, at=1, batch=batch)
        port.do("claim", leader="one")
        port.do("plan", moves=[{**move, "source": "source-1", "bytes": 9} for move in moves])
        for move in moves:
            port.move(move["endpoint"], move["target"])
        port.do("finish", at=2, summary={"moved": 2, "rolled_back": 1})
        yield port


def violations(port: Port) -> set[Any]:
    fleet = law.CloudFleet(port)  # type: ignore[arg-type]
    return set(law.violations(fleet, port.journal, worlds.homes(WORLD)))


def move_of(port: Port, endpoint: str) -> dict[str, Any]:
    move: dict[str, Any] = port.table["workflows"][WORKFLOW]["moves"][endpoint]
    return move


def leave_a_move_open(port: Port) -> str:
    move_of(port, LATER)["state"] = "running"
    return LATER


def leave_a_move_on_its_way_back(port: Port) -> str:
    move_of(port, LATER)["state"] = "rolling_back"
    return LATER


def roll_back_what_has_switched(port: Port) -> str:
    move_of(port, LATER)["state"] = "rolled_back"
    return LATER


def switch_twice(port: Port) -> str:
    port.table["endpoints"][MOVED]["version"] += 1
    return MOVED


def forget_a_switch(port: Port) -> str:
    port.table["endpoints"][LATER]["version"] = 1
    return LATER


def say_more_in_the_summary(port: Port) -> str:
    port.table["workflows"][WORKFLOW]["summary"]["moved"] = 3
    return ""


def never_finish(port: Port) -> str:
    port.table["workflows"][WORKFLOW]["state"] = "running"
    return ""


def keep_a_lock(port: Port) -> str:
    port.table["endpoints"][BACK]["locked_by"] = WORKFLOW
    return BACK


def keep_a_route(port: Port) -> str:
    port.table["endpoints"][MOVED]["host"] = "source-1"
    return MOVED


def route_what_never_moved(port: Port) -> str:
    port.table["endpoints"][STAYS]["host"] = "target-2"
    return STAYS


def keep_a_freeze(port: Port) -> str:
    port.change("source-1", f"update endpoints set frozen = 1 where name = '{BACK}'")
    return BACK


def keep_the_copy(port: Port) -> str:
    port.change("target-1", f"insert into endpoints(name, role) values ('{BACK}', 'staging')")
    return BACK


def keep_the_source(port: Port) -> str:
    port.change("source-1", f"insert into endpoints(name, role) values ('{LATER}', 'live')")
    return LATER


def lose_a_record(port: Port) -> str:
    at = f"endpoint = '{LATER}'"
    where = f"where {at} and key = (select max(key) from records where {at})"
    port.change("target-2", f"delete from records {where}")
    return LATER


def apply_a_write_twice(port: Port) -> str:
    again = "insert into changes select endpoint, seq + 1, key, value, write_id from changes"
    port.change("target-1", f"{again} where endpoint = '{MOVED}'")
    return MOVED


def lose_an_acknowledged_write(port: Port) -> str:
    port.change("target-1", f"delete from changes where endpoint = '{MOVED}'")
    return MOVED


PLANTED: list[tuple[str, Callable[[Port], str]]] = [
    ("unfinished", leave_a_move_open),
    ("unfinished", leave_a_move_on_its_way_back),
    ("changed", roll_back_what_has_switched),
    ("duplicated", switch_twice),
    ("lost", forget_a_switch),
    ("changed", say_more_in_the_summary),
    ("unfinished", never_finish),
    ("locked", keep_a_lock),
    ("homeless", keep_a_route),
    ("homeless", route_what_never_moved),
    ("frozen", keep_a_freeze),
    ("leftover", keep_the_copy),
    ("duplicated", keep_the_source),
    ("lost", lose_a_record),
    ("duplicated", apply_a_write_twice),
    ("lost", lose_an_acknowledged_write),
]


def test_nothing_is_found_where_nothing_is_wrong(port: Port) -> None:
    assert violations(port) == set()


@pytest.mark.parametrize(("kind", "plant"), PLANTED, ids=[plant.__name__ for _, plant in PLANTED])
def test_what_is_planted_is_found(port: Port, kind: str, plant: Callable[[Port], str]) -> None:
    table = port.known()
    before = violations(port)
    endpoint = plant(port)
    new = violations(port) - before
    assert (kind, endpoint) in {(one.kind, one.endpoint) for one in new}
    port.table = table


def test_what_is_left_on_a_host_that_is_gone_is_no_violation(port: Port) -> None:
    fleet = law.CloudFleet(port)  # type: ignore[arg-type]
    left = {"host": "target-9", "endpoint": BACK, "move": WORKFLOW, "token": 1}
    port.table["leftovers"] = {f"target-9/{BACK}": left}
    port.table["hosts"]["target-9"] = {**port.table["hosts"]["target-1"], "address": "127.0.0.1:1"}
    fleet.gone.add("target-9")
    assert fleet.state()["leftovers"] == {}
    assert "target-9" not in fleet.state()["hosts"]


def test_a_route_is_looked_up_again_only_when_it_is_asked_for_afresh(port: Port) -> None:
    fleet = law.CloudFleet(port)  # type: ignore[arg-type]
    first = fleet.route(STAYS)
    port.table["endpoints"][STAYS]["host"] = "target-1"
    assert fleet.route(STAYS) == first
    assert fleet.route(STAYS, fresh=True) == port.fleet.address("target-1")
