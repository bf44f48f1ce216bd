"""`[port."…"]`: effectful units run alone on both sides, their calls answered from the fixture.

Most tests look at one unit of one run: a JVM for each would only wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.functional.conftest import CONFIG, Project

SHOP = """\
from concurrent.futures import ThreadPoolExecutor

import hosts
from hosts import HostClient, Missing


def copy(client: HostClient, name: str) -> int:
    rows = client.read(name, limit=2)
    for row in rows:
        client.write(name, row)
    return len(rows)


def size(client: "HostClient", name: str) -> int:
    try:
        return client.size(name)
    except Missing:
        return -len("x")


def careful(host_client, name):
    try:
        host_client.delete(name)
        return True
    except Exception:
        return False


def between(source: HostClient, target: HostClient, name: str) -> None:
    target.write(name, source.read(name, 1)[0])


class Mover:
    def __init__(self, client: HostClient) -> None:
        self.client = client

    def move(self, name: str) -> int:
        return self.client.size(name)


def together(client: HostClient, names: list) -> int:
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(client.size, names))


async def later(client: HostClient, name: str) -> int:
    first = await client.ask(name)
    second = await client.ask(name)
    return first + second


def opened(client: HostClient, name: str) -> int:
    return client.open(name).size(name)


def bag(context: dict) -> int:
    return context["client"].size(context["name"])


def free(disk: hosts.Disk, name: str) -> int:
    return disk.free(name) + disk.near(1, 2.0, "c", True)


def fixed(fixed: hosts.Fixed, name: str) -> int:
    return fixed.free(name)


def handler(name: str, client: HostClient) -> dict:
    return {"size": client.size(name)}
"""

HOSTS = """\
class Missing(Exception):
    def __init__(self, name: str) -> None:
        super().__init__("there is no " + name)
        self.name = name


class HostClient:
    def __init__(self, address: str) -> None:
        raise RuntimeError("nobody may reach a host here")

    def read(self, name: str, limit: int = 10) -> list:
        raise RuntimeError("real")

    def write(self, name: str, row: dict) -> None:
        raise RuntimeError("real")

    def delete(self, name: str) -> None:
        raise RuntimeError("real")

    def size(self, name: str) -> int:
        raise RuntimeError("real")

    def open(self, name: str) -> "HostClient":
        raise RuntimeError("real")

    async def ask(self, name: str) -> int:
        raise RuntimeError("real")


class Disk:
    def free(self, name: str) -> int:
        raise RuntimeError("real")

    def near(self, a: int, b: float, c: str, d: bool) -> int:
        raise RuntimeError("real")


class Fixed:
    def free(self, name: str) -> int:
        raise RuntimeError("real")
"""

CLIENT = """\
package shop;

import java.util.List;
import java.util.concurrent.CompletableFuture;

public interface HostClient {
  record Row(String key, long value) {}

  List<Row> read(String name, int limit);

  void write(String name, Row row);

  void delete(String name) throws java.io.IOException;

  long size(String name);

  HostClient open(String name);

  CompletableFuture<Long> ask(String name);

  default long twice(String name) {
    return 2 * size(name);
  }
}
"""

MISSING = """\
package shop;

public final class MissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String name;

  public MissingException(String name, int code) {
    super("there is no " + name + code);
    this.name = name;
  }

  public String name() {
    return name;
  }
}
"""

MOVES = """\
package shop;

import java.util.List;
import java.util.Map;

public final class Moves {
  private final HostClient client;

  public Moves(HostClient client) {
    this.client = client;
  }

  public int copy(String name) {
    List<HostClient.Row> rows = client.read(name, 2);
    rows.forEach(row -> client.write(name, row));
    return rows.size();
  }

  public int copyElsewhere(String name) {
    List<HostClient.Row> rows = client.read(name, 2);
    rows.forEach(row -> client.write(name + "!", row));
    return rows.size();
  }

  public int copyTwice(String name) {
    List<HostClient.Row> rows = client.read(name, 2);
    rows.forEach(row -> client.write(name, row));
    client.write(name, rows.get(1));
    return rows.size();
  }

  public int copyOne(String name) {
    List<HostClient.Row> rows = client.read(name, 2);
    client.write(name, rows.get(0));
    return rows.size();
  }

  public int copyBackwards(String name) {
    List<HostClient.Row> rows = client.read(name, 2);
    client.write(name, rows.get(1));
    client.write(name, rows.get(0));
    return rows.size();
  }

  public int copyMore(String name) {
    int rows = copy(name);
    try {
      client.size("extra");
    } catch (Exception unlikely) {
      return rows;
    }
    return rows;
  }

  public int copyMuchMore(String name) {
    int rows = copy(name);
    try {
      client.size("extra");
    } catch (Throwable swallowed) {
      return rows;
    }
    return rows;
  }

  public int copyWrong(String name) {
    return copy(name) + 1;
  }

  public static long size(HostClient client, String name) {
    try {
      return client.size(name);
    } catch (MissingException missing) {
      return -missing.name().length();
    }
  }

  public boolean careful(String name) {
    try {
      client.delete(name);
      return true;
    } catch (Exception error) {
      return false;
    }
  }

  public static void between(HostClient source, HostClient target, String name) {
    target.write(name, source.read(name, 1).get(0));
  }

  public static void betweenSwapped(HostClient source, HostClient target, String name) {
    source.write(name, target.read(name, 1).get(0));
  }

  public long move(String name) {
    return client.size(name);
  }

  public long halved(String name) {
    return client.twice(name) / 2;
  }

  public long together(List<String> names) {
    return names.parallelStream().mapToLong(client::size).sum();
  }

  public long togetherWrong(List<String> names) {
    return names.parallelStream().mapToLong(name -> client.size(name + name)).sum();
  }

  public long later(String name) {
    return client.ask(name).join() + client.ask(name).join();
  }

  public long opened(String name) {
    return client.open(name).size(name);
  }

  public long notOpened(String name) {
    client.open(name);
    return client.size(name);
  }

  public static long bag(Map<String, Object> context) {
    return ((HostClient) context.get("client")).size((String) context.get("name"));
  }

  public static long free(Disk disk, String name) {
    return disk.free(name) + disk.near(1, 2.0, 'c', true);
  }

  public static long fixed(Fixed fixed, String name) {
    return fixed.free(name);
  }
}
"""

HANDLER = """\
package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

public final class Sized implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final HostClient client;

  public Sized() {
    throw new IllegalStateException("the real ones");
  }

  Sized(HostClient client) {
    this.client = client;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return Map.of("size", client.size((String) event.get("name")));
  }
}
"""

CONCRETE = """\
package shop;

public class Disk {
  private final String address;

  public Disk(String address) {
    throw new IllegalStateException("real");
  }

  public long free(String name) {
    return address.length();
  }

  int near(long a, double b, char c, boolean d) {
    return 0;
  }
}
"""

FINAL = """\
package shop;

public class Fixed {
  public final long free(String name) {
    return 1;
  }
}
"""

PORTS = """\
[port."hosts:HostClient"]
java = "shop.HostClient"
[port."hosts:Disk"]
java = "shop.Disk"
[port."hosts:Fixed"]
java = "shop.Fixed"
[receiver."made"]
python = "Mover(host_client)"
java = "new Moves(hostClient)"
"""
ANY = PORTS.replace('"shop.HostClient"', '"shop.HostClient"\norder = "any"')
ROWS = [{"key": "a", "value": 1}, {"key": "b", "value": 2}]


def call(name: str, *args: Any, **reply: Any) -> dict[str, Any]:
    """A recorded call of the port."""
    port = reply.pop("port", "hosts:HostClient") + reply.pop("of", "")
    return {"port": port, "call": name, "args": list(args)} | (reply or {"returned": None})


COPY = [
    call("read", "x", 2, returned=ROWS),
    call("write", "x", ROWS[0]),
    call("write", "x", ROWS[1]),
]
SIZE = [call("size", "x", returned=7)]
GONE = {"class": "hosts:Missing", "message": "there is no x", "fields": {"name": "x"}}
BROKEN = {"class": "OSError", "args": [5, "broken"], "message": "broken"}
BETWEEN = [
    call("read", "x", 1, returned=ROWS[:1], of="#source"),
    call("write", "x", ROWS[0], of="#target"),
]
NAMES = ["a", "b", "c", "d", "e"]
SIZES = [call("size", name, returned=index) for index, name in enumerate(NAMES)]
OPENED = [
    call("open", "x", returned={"$port": "hosts:HostClient#opened"}),
    call("size", "x", returned=3, of="#opened"),
]
BAG = {"client": {"$port": "hosts:HostClient"}, "name": "x"}
FREE = [
    call("free", "x", returned=7, port="hosts:Disk"),
    call("near", 1, 2.0, "c", True, returned=1, port="hosts:Disk"),
]

# unit, counterpart, arguments, recorded calls; a unit is a text where python has the same one twice
UNITS = {
    "copy": ("copy", COPY),
    "copyElsewhere": ("copy", COPY),
    "copyTwice": ("copy", COPY),
    "copyOne": ("copy", COPY),
    "copyBackwards": ("copy", COPY),
    "copyMore": ("copy", COPY),
    "copyMuchMore": ("copy", COPY),
    "copyWrong": ("copy", COPY),
    "size": ("size", [call("size", "x", raised=GONE)]),
    "careful": ("careful", [call("delete", "x", raised=BROKEN)]),
    "between": ("between", BETWEEN),
    "betweenSwapped": ("between", BETWEEN),
    "move": ("Mover.move", SIZE),
    "halved": ("Mover.move", SIZE),
    "together": ("together", SIZES),
    "togetherWrong": ("together", SIZES),
    "later": ("later", [call("ask", "x", returned=1), call("ask", "x", returned=2)]),
    "opened": ("opened", OPENED),
    "notOpened": ("opened", OPENED),
    "bag": ("bag", SIZE),
    "free": ("free", FREE),
    "fixed": ("fixed", []),
}
LAMBDA = "package com.amazonaws.services.lambda.runtime;\n"
RUNTIME = "java/com/amazonaws/services/lambda/runtime"


def written(project: Project, ports: str) -> Project:
    """The project with a module for each counterpart, since a unit has one only."""
    for name, (unit, calls) in UNITS.items():
        ports += f'[unit."shop_{name}:{unit}"]\njava = "shop.Moves#{name}"\n'
        fixture = {"id": "one", "args": arguments(name), "world": {"ports": calls}}
        project.write(
            {
                f"src/shop_{name}.py": SHOP,
                f"fixtures/shop_{name}/{unit}.jsonl": json.dumps(fixture) + "\n",
            }
        )
    return project.write({"parity.map.toml": ports})


def arguments(name: str) -> list[Any]:
    """What the fixture of a counterpart gives; ports are left out."""
    return [BAG] if name == "bag" else [NAMES] if name.startswith("together") else ["x"]


MORE = {
    "handler": ("handler", 'java = "shop.Sized"', SIZE),
    "swallowing": ("careful", 'java = "shop.Moves#careful"', []),
    "received": ("Mover.move", 'java = "shop.Moves#move"\nreceiver = "made"', SIZE),
    "written": (
        "sized",
        'python = "host_client.size(name)"\njava_expression = "hostClient.size(name)"\n'
        'parameters = { name = "String" }',
        SIZE,
    ),
    "labelled": (
        "labelled",
        "python = 'host_client_of(\"a\").size(name)'\n"
        "java_expression = 'hostClientOf(\"a\").size(name)'\n"
        'parameters = { name = "String" }',
        [call("size", "x", returned=7, of="#a")],
    ),
    "recorded": ("copy", 'java = "shop.Moves#copy"\njudge = "recorded"', COPY),
    "recordedOne": ("copy", 'java = "shop.Moves#copyOne"\njudge = "recorded"', COPY),
}


def with_more(project: Project, ports: str) -> Project:
    """The project with the units that need terms."""
    text = ""
    for name, (unit, terms, calls) in MORE.items():
        free = "python =" in terms
        unit_id = f"labels.{name}" if free else f"shop_{name}:{unit}"
        file = unit_id.replace(":", "/")
        fixture = {"id": "one", "args": ["x"], "world": {"ports": calls}}
        source = "raise ImportError\n" if "recorded" in terms else SHOP
        if "recorded" in terms:
            fixture["observed"] = {"returned": 2}
        text += f'[unit."{unit_id}"]\n{terms}\n'
        project.write({f"fixtures/{file}.jsonl": json.dumps(fixture) + "\n"})
        if not free:
            project.write({f"src/shop_{name}.py": source})
    written(project, ports + text)
    return project


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop whose units move things between hosts, well and badly."""
    project = Project(tmp_path_factory.mktemp("shop"))
    java = {
        "HostClient": CLIENT,
        "MissingException": MISSING,
        "Moves": MOVES,
        "Disk": CONCRETE,
        "Fixed": FINAL,
        "Sized": HANDLER,
    }
    project.write(
        {
            "parity.toml": CONFIG,
            "src/hosts.py": HOSTS,
            **{f"java/shop/{name}.java": text for name, text in java.items()},
            f"{RUNTIME}/Context.java": LAMBDA + "public interface Context {}\n",
            f"{RUNTIME}/RequestHandler.java": LAMBDA
            + "public interface RequestHandler<I, O> { O handleRequest(I input, Context c); }\n",
        }
    )
    return with_more(project, PORTS).javac("-parameters")


@pytest.fixture(scope="module")
def reports(shop: Project) -> dict[str, dict[str, Any]]:
    """What a run says of each counterpart."""
    told = shop.run()
    assert told.out, told.err
    return {
        one["id"].partition(":")[0].partition("_")[2] or one["id"]: one
        for one in told.report["units"]
    }


MATCHED = [
    *("copy", "size", "careful", "between", "move", "halved", "together", "later", "opened"),
    *("bag", "free", "handler", "received", "labels.written", "labels.labelled", "recorded"),
]


@pytest.mark.parametrize("name", MATCHED)
def test_a_unit_runs_alone_with_its_calls_answered(
    reports: Mapping[str, Mapping[str, Any]], name: str
) -> None:
    assert reports[name]["verdict"] == "matched", reports[name]


def finding(reports: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, Any]:
    """The only finding of a unit, which is one of effects."""
    assert reports[name]["verdict"] == "differs", reports[name]
    (found,) = reports[name]["findings"]
    assert found["kind"] == "effect", found
    return dict(found)


def test_a_call_with_other_arguments_ends_java_and_is_told(reports: Any) -> None:
    found = finding(reports, "copyElsewhere")
    assert found["path"] == "$effects[1]"
    assert found["python"]["args"] == ["x", ROWS[0]]
    assert found["java"]["args"][0] == "x!"


def test_a_call_too_many_is_told(reports: Any) -> None:
    found = finding(reports, "copyTwice")
    assert found["path"] == "$effects[3]"
    assert found["python"] is None


@pytest.mark.parametrize("name", ["copyOne", "recordedOne"])
def test_a_missing_call_is_told(reports: Any, name: str) -> None:
    found = finding(reports, name)
    assert found["path"] == "$effects[2]"
    assert found["java"] is None


@pytest.mark.parametrize("name", ["copyMore", "copyMuchMore"])
def test_an_extra_call_is_told_whatever_catches_it(reports: Any, name: str) -> None:
    found = finding(reports, name)
    assert found["java"] == {"port": "hosts:HostClient", "call": "size", "args": ["extra"]}


def test_a_wrong_result_is_told_beside_right_calls(reports: Any) -> None:
    (found,) = reports["copyWrong"]["findings"]
    assert (found["path"], found["kind"]) == ("$", "changed")


def test_what_python_catches_is_told_too(reports: Any) -> None:
    assert finding(reports, "swallowing")["python"]["call"] == "delete"


def test_two_instances_of_one_port_are_told_apart(reports: Any) -> None:
    assert finding(reports, "betweenSwapped")["java"]["port"] == "hosts:HostClient#target"


def test_a_port_that_a_port_gives_is_another_one(reports: Any) -> None:
    assert finding(reports, "notOpened")["java"]["port"] == "hosts:HostClient"


def test_wrong_calls_in_threads_are_told(reports: Any) -> None:
    report = reports["togetherWrong"]
    assert report["verdict"] == "differs"
    # Threads race: where the second run tells their calls in another way, java is unstable.
    assert {one["kind"] for one in report["findings"]} <= {"effect", "unstable"}
    assert '"size"' in json.dumps(report["findings"])


def test_what_is_final_is_refused_by_name(reports: Any) -> None:
    assert reports["fixed"]["verdict"] == "unknown"
    assert "final methods, which would run for real: free(String)" in json.dumps(reports["fixed"])


def test_another_order_is_told_unless_any_will_do(reports: Any, shop: Project) -> None:
    found = finding(reports, "copyBackwards")
    assert found["path"] == "$effects[1]"
    written(shop, ANY)
    (report,) = shop.run("shop_copyBackwards:copy").report["units"]
    assert report["verdict"] == "matched", report
    with_more(shop, PORTS)


def test_a_fixture_that_is_wrong_about_ports_is_refused(shop: Project) -> None:
    file = "fixtures/shop_copy/copy.jsonl"
    whole = (shop.folder / file).read_text()
    lines = {
        "either `returned` or `raised`": {"port": "hosts:HostClient", "call": "read"},
        "no port `other:Client`": {**COPY[0], "port": "other:Client"},
        "unknown key 'answer'": {**COPY[0], "answer": 1},
    }
    for number, call_ in enumerate(lines.values()):
        fixture = {"id": str(number), "args": ["x"], "world": {"ports": [call_]}}
        whole += json.dumps(fixture) + "\n"
    shop.write({file: whole})
    told = shop.run("shop_copy:copy")
    assert told.status == 2
    for text in lines:
        assert text in told.err


def test_ports_with_one_name_are_refused(project: Project) -> None:
    two = '[port."a:Client"]\njava = "x.Client"\n[port."b:Client"]\njava = "y.Other"\n'
    project.write({"parity.map.toml": two + '[unit."shop:half"]\njava = "shop.Half#half"\n'})
    told = project.run()
    assert told.status == 2
    assert "in python texts it is `client`, as `a:Client` is" in told.err
