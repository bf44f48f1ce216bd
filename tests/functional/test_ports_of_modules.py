"""Functions, bound methods and objects of modules as ports: recorded, then run on both sides."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.functional.conftest import CONFIG, Project

STAMPS = """\
import itertools
import time

_numbers = itertools.count(5)
LIMIT = 3


class Session:
    def __init__(self):
        self.asked = 0

    def get(self, what, limit=2):
        self.asked += 1
        return [what] * limit

    @property
    def size(self):
        return self.asked


session = Session()


def now_ms():
    return time.time_ns() // 1_000_000


class Hosts:
    def __init__(self, known):
        self.known = known

    def address(self, name):
        return self.known[name]
"""

SHOP = """\
import stamps
from stamps import now_ms, session


def stamp(name: str) -> dict:
    return {"at": now_ms(), "first": next(stamps._numbers), "second": next(stamps._numbers)}


def ask(context: dict) -> dict:
    bag = context["hosts"]
    where = [bag["source"](context["name"]), bag["target"](context["name"])]
    return {"where": where, "found": session.get("x", limit=3), "size": session.size}


def later(now_ms: int) -> int:
    return now_ms + 1


def direct(name: str) -> str:
    return stamps.Hosts({"h": name}).address("h")
"""

PROGRAM = """\
import shop
import stamps

one, two = stamps.Hosts({"a": "1", "b": "2"}), stamps.Hosts({"a": "3", "b": "4"})
for name in "ab":
    shop.stamp(name)
    shop.ask({"name": name, "hosts": {"source": one.address, "target": two.address}})
    shop.later(ord(name))
    shop.direct(name)
assert next(stamps._numbers) == 9 and list(zip("xy", stamps._numbers)) == [("x", 10), ("y", 11)]
"""

PORTS = """\
[port."stamps:_numbers"]
java = "shop.Numbers"
methods = { __next__ = "next" }
[port."stamps:now_ms"]
java = "shop.Now"
methods = { __call__ = "ms" }
[port."stamps:session"]
java = "shop.Session"
[port."stamps:Hosts.address"]
java = "shop.Addresses"
methods = { __call__ = "of" }
"""
MAP = (
    PORTS
    + """\
[unit."shop:ask"]
java = "shop.Ask"
event = "context"
[unit."shop:direct"]
java = "shop.Shop#direct(String)"
[unit."shop:later"]
java = "shop.Shop#later(long)"
[unit."shop:stamp"]
java = "shop.Stamp"
"""
)

TYPES = {
    "Numbers": "interface Numbers { long next(); }",
    "Now": "interface Now { long ms(); }",
    "Addresses": "interface Addresses { String of(String name); }",
    "Session": """interface Session {
  List<String> get(String what, int limit);

  int size();

  default List<String> get(String what) {
    return get(what, 3);
  }
}""",
    "Ask": """final class Ask implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Addresses source;
  private final Addresses target;
  private final Session session;

  public Ask() {
    throw new IllegalStateException("the real ones");
  }

  Ask(Addresses source, Addresses target, Session session) {
    this.source = source;
    this.target = target;
    this.session = session;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    if (!event.get("hosts").equals(Map.of())) {
      throw new IllegalStateException("no event carries a collaborator");
    }
    String name = (String) event.get("name");
    List<String> where = List.of(source.of(name), target.of(name));
    return Map.of("where", where, "found", session.get("x"), "size", session.size());
  }
}""",
    "Stamp": """final class Stamp
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Numbers numbers;
  private final Now now;

  Stamp(Numbers numbers, Now now) {
    this.numbers = numbers;
    this.now = now;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    long first = numbers.next();
    return Map.of("at", now.ms(), "first", first, "second", numbers.next());
  }
}""",
    "Shop": """final class Shop {
  private Shop() {}

  public static long later(long now) {
    return now + 1;
  }

  public static String direct(String name) {
    return name;
  }
}""",
}
LAMBDA = "package com.amazonaws.services.lambda.runtime;\n"
RUNTIME = "java/com/amazonaws/services/lambda/runtime"
IMPORTS = (
    "package shop;\n\nimport com.amazonaws.services.lambda.runtime.*;\nimport java.util.*;\n\n"
)


@pytest.fixture(scope="module")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, list[Any]]]:
    """A project whose program was recorded, and its fixtures."""
    project = Project(tmp_path_factory.mktemp("stamps"))
    project.write(
        {
            "parity.toml": CONFIG,
            "parity.map.toml": MAP,
            "src/stamps.py": STAMPS,
            "src/shop.py": SHOP,
            "program.py": PROGRAM,
            **{f"java/shop/{name}.java": IMPORTS + "public " + t for name, t in TYPES.items()},
            f"{RUNTIME}/Context.java": LAMBDA + "public interface Context {}\n",
            f"{RUNTIME}/RequestHandler.java": LAMBDA
            + "public interface RequestHandler<I, O> { O handleRequest(I input, Context c); }\n",
        }
    )
    project.javac("-parameters")
    project.env["PYTHONPATH"] = str(project.folder / "src")
    told = project.parity(
        "record", "--json", "--", sys.executable, str(project.folder / "program.py")
    )
    assert told.status == 0, told.text
    made = {}
    for one in ("ask", "direct", "later", "stamp"):
        lines = (project.folder / f"fixtures/shop/{one}.jsonl").read_text("utf-8").splitlines()
        made[one] = [json.loads(line) for line in lines[1:]]
    return project, made


Stamps = tuple[Project, dict[str, list[Any]]]


def test_calls_of_functions_and_objects_are_kept(stamps: Stamps) -> None:
    calls = [[one["port"] for one in f["world"]["ports"]] for f in stamps[1]["stamp"]]
    assert calls == [["stamps:now_ms", "stamps:_numbers", "stamps:_numbers"]] * 2
    numbers = {f["world"]["ports"][1]["returned"] for f in stamps[1]["stamp"]}
    assert numbers == {5, 7}


def test_bound_methods_in_a_bag_are_told_apart_by_their_names_there(stamps: Stamps) -> None:
    fixture = stamps[1]["ask"][0]
    name = "stamps:Hosts.address#%s"
    assert fixture["args"][0]["hosts"] == {
        side: {"$port": name % side} for side in ("source", "target")
    }
    assert [one["port"] for one in fixture["world"]["ports"]] == [
        name % "source",
        name % "target",
        "stamps:session",
        "stamps:session",
    ]


def test_a_parameter_of_that_name_and_a_method_called_as_ever_are_no_ports(stamps: Stamps) -> None:
    assert [one["args"] for one in stamps[1]["later"]] == [[97], [98]]
    assert all("world" not in one for one in stamps[1]["later"] + stamps[1]["direct"])


def test_both_sides_are_answered_from_the_fixture(stamps: Stamps) -> None:
    told = stamps[0].run()
    assert told.status == 0, told.text
    assert {unit["id"]: unit["matched"] for unit in told.report["units"]} == {
        f"shop:{one}": 2 for one in ("ask", "direct", "later", "stamp")
    }


def test_a_call_that_is_left_out_is_found(stamps: Stamps) -> None:
    project = stamps[0]
    source = project.folder / "java/shop/Stamp.java"
    text = source.read_text("utf-8")
    source.write_text(text.replace("numbers.next());", "first + 1);"), "utf-8")
    project.javac("-parameters")
    try:
        told = project.run("shop:stamp")
    finally:
        source.write_text(text, "utf-8")
        project.javac("-parameters")
    (unit,) = told.report["units"]
    assert told.status == 1
    assert {(one["kind"], one["path"]) for one in unit["findings"]} == {("effect", "$effects[2]")}


def test_a_plain_value_is_refused(stamps: Stamps) -> None:
    project = stamps[0]
    file = project.folder / "parity.map.toml"
    file.write_text(MAP + '[port."stamps:LIMIT"]\njava = "shop.Limit"\n', "utf-8")
    try:
        told = project.run("shop:stamp")
    finally:
        file.write_text(MAP, "utf-8")
    assert told.status == 2
    assert "is a plain value: nothing of it can be called" in told.text + json.dumps(told.report)
