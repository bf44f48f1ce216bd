"""`parity record` keeps the port calls of units, with their replies."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.functional.conftest import CONFIG, Project

HOSTS = """\
class Missing(Exception):
    def __init__(self, name):
        super().__init__("there is no " + name)
        self.name = name


class HostClient:
    calls = 0

    def __init__(self, rows):
        self.rows = rows

    def read(self, name, limit=10):
        if not self.has(name):
            raise Missing(name)
        return self.rows[name][:limit]

    def has(self, name):
        return name in self.rows

    def count(self):
        HostClient.calls += 1
        return HostClient.calls

    def fill(self, items):
        items.append(1)

    async def ask(self, name):
        return len(name)

    def items(self, name):
        yield from self.rows[name]

    def handle(self):
        return lambda: 1


class Cached(HostClient):
    def read(self, name, limit=10):
        return super().read(name, limit)
"""

SHOP = """\
import threading
from concurrent.futures import ThreadPoolExecutor

from hosts import HostClient, Missing


def both(client: HostClient, names: list) -> int:
    return sum(len(one(client, name)) for name in names)


def one(client: HostClient, name: str) -> list:
    try:
        return client.read(name, limit=2)
    except Missing as missing:
        return [missing.name]


def counted(client: HostClient) -> int:
    return client.count()


def together(client: HostClient, names: list) -> int:
    made = []
    extra = threading.Thread(target=lambda: made.append(client.has("extra")))
    extra.start()
    extra.join()
    with ThreadPoolExecutor(3) as pool:
        return sum(map(len, pool.map(client.read, names)))


def between(source: HostClient, target: HostClient) -> bool:
    return source.has("a") and target.has("a")


async def asked(client: HostClient, name: str) -> int:
    return await client.ask(name)


def drained(client: HostClient, name: str) -> int:
    return len(list(client.items(name)))


def filled(client: HostClient) -> int:
    items = []
    client.fill(items)
    return len(items)


def handled(client: HostClient) -> int:
    return client.handle()()


class Mover:
    def __init__(self, client: HostClient) -> None:
        self.client = client

    def move(self, name: str) -> list:
        return self.client.read(name)
"""

PROGRAM = """\
import asyncio
import shop
from hosts import Cached, HostClient

plain, cached = HostClient({"a": [1, 2, 3], "b": []}), Cached({"a": [4]})
shop.both(plain, ["a", "none"])
shop.both(cached, ["a"])
for _ in range(3):
    shop.counted(plain)
shop.together(plain, ["a", "b", "a"])
shop.between(plain, cached)
asyncio.run(shop.asked(plain, "four"))
shop.drained(plain, "a")
shop.filled(plain)
shop.handled(plain)
shop.Mover(plain).move("b")
plain.read("a")
"""

UNITS = [
    *("both", "one", "counted", "together", "between", "asked", "drained", "filled", "handled"),
    "Mover.move",
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was recorded of each unit, and what was told."""
    project = Project(tmp_path_factory.mktemp("recorded"))
    text = '[port."hosts:HostClient"]\njava = "shop.HostClient"\n'
    text += "".join(f'[unit."shop:{one}"]\njava = "shop.Moves#{one}"\n' for one in UNITS)
    project.write(
        {
            "parity.toml": CONFIG,
            "parity.map.toml": text,
            "src/hosts.py": HOSTS,
            "src/shop.py": SHOP,
            "program.py": PROGRAM,
        }
    )
    project.env["PYTHONPATH"] = str(project.folder / "src")
    program = str(project.folder / "program.py")
    told = project.parity("record", "--json", "--", sys.executable, program)
    assert told.status == 0, told.text
    made: dict[str, Any] = {"told": told.report}
    for one in UNITS:
        file = project.folder / f"fixtures/shop/{one}.jsonl"
        lines = file.read_text().splitlines()[1:] if file.exists() else []
        made[one] = [json.loads(line) for line in lines]
    return made


PORT = "hosts:HostClient"


def calls(fixture: dict[str, Any]) -> list[Any]:
    """Its port calls without their port."""
    return [
        [one["call"], one["args"], one.get("returned", one.get("raised"))]
        for one in fixture["world"]["ports"]
    ]


def test_calls_are_kept_with_their_replies_and_defaults(recorded: dict[str, Any]) -> None:
    fixtures = sorted(recorded["one"], key=lambda one: json.dumps(one["args"]))
    assert [one["args"][0] for one in fixtures] == [{"$port": PORT}] * 3
    kept = {json.dumps(calls(one)[0][1:]) for one in fixtures}
    missing = {"class": "hosts:Missing", "message": "there is no none", "fields": {"name": "none"}}
    assert kept == {
        json.dumps([["a", 2], [1, 2]]),
        json.dumps([["a", 2], [4]]),
        json.dumps([["none", 2], missing]),
    }
    assert all(len(calls(one)) == 1 for one in fixtures)


def test_an_outer_unit_has_the_calls_of_the_inner_one(recorded: dict[str, Any]) -> None:
    longest = max(recorded["both"], key=lambda one: len(calls(one)))
    assert [name for name, _, _ in calls(longest)] == ["read", "read"]


def test_one_input_with_other_replies_is_another_fixture(recorded: dict[str, Any]) -> None:
    assert sorted(calls(one)[0][2] for one in recorded["counted"]) == [1, 2, 3]
    (counted,) = [one for one in recorded["told"]["units"] if one["id"] == "shop:counted"]
    assert counted["contradicting"] == 0


def test_calls_of_threads_come_in_a_stable_order(recorded: dict[str, Any]) -> None:
    (fixture,) = recorded["together"]
    assert [[name, args] for name, args, _ in calls(fixture)] == [
        ["has", ["extra"]],
        ["read", ["a", 10]],
        ["read", ["a", 10]],
        ["read", ["b", 10]],
    ]
    assert [one["thread"] for one in fixture["world"]["ports"]] == [1, 2, 3, 4]


def test_two_instances_have_labels(recorded: dict[str, Any]) -> None:
    (fixture,) = recorded["between"]
    assert fixture["args"] == [{"$port": f"{PORT}#source"}, {"$port": f"{PORT}#target"}]
    names = [one["port"] for one in fixture["world"]["ports"]]
    assert names == [f"{PORT}#source", f"{PORT}#target"]


def test_what_is_awaited_and_what_is_drained_is_kept(recorded: dict[str, Any]) -> None:
    assert calls(recorded["asked"][0]) == [["ask", ["four"], 4]]
    assert calls(recorded["drained"][0]) == [["items", ["a"], [1, 2, 3]]]


def test_an_attribute_that_is_a_port_is_written_as_one(recorded: dict[str, Any]) -> None:
    (fixture,) = recorded["Mover.move"]
    assert fixture["self"] == {"$object": ["shop:Mover", {"client": {"$port": PORT}}]}
    assert calls(fixture) == [["read", ["b", 10], []]]


def test_what_cannot_be_replayed_is_told_and_not_kept(recorded: dict[str, Any]) -> None:
    told = {one["id"]: one for one in recorded["told"]["units"]}
    assert recorded["filled"] == recorded["handled"] == []
    assert list(told["shop:filled"]["formless"]) == ["a port call `fill` changes what it is given"]
    (why,) = told["shop:handled"]["formless"]
    assert why.startswith("what a port call `handle` gave: ")
