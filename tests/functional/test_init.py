"""`parity init`: from files that know nothing of parity to a verdict, or to what is missing."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest

from parity.config import find_config
from parity.errors import ParityError
from parity.pipeline.init import InitOptions
from parity.pipeline.init import init as begin
from parity.pipeline.progress import UNWATCHED
from parity.sides.java.classpath import class_path, known_class_path
from parity.sides.java.home import java_home
from tests.functional.conftest import Project, Told

PRICES = '''\
"""Prices of a shop."""


def net_total(cents: int, percent: int) -> int:
    """What is left of a price.

    >>> net_total(1000, 19)
    810
    """
    return cents * (100 - percent) // 100


def label(name: str, size: int = 12) -> str:
    """A label of a shelf."""
    return name.strip()[:size].upper()


class Basket:
    """What somebody buys."""

    def __init__(self, owner: str = "") -> None:
        self.owner = owner

    def full_price(self, one: int, count: int) -> int:
        """All of them."""
        return one * count


def shelf_tag(name: str) -> str:
    """A tag, which the Java of that name does not make."""
    return name + "!"


def secret(key: bytes) -> bytes:
    """It has no counterpart."""
    return key[::-1]
'''
JAVA = {
    "java/com/example/Prices.java": "package com.example;\n\npublic final class Prices {\n"
    "  private Prices() {}\n\n"
    "  public static long netTotal(long cents, int percent) {\n"
    "    return Math.floorDiv(cents * (100 - percent), 100L);\n  }\n}\n",
    "java/com/example/ShelfLabel.java": "package com.example;\n\npublic final class ShelfLabel {\n"
    "  private ShelfLabel() {}\n\n"
    "  public static ShelfLabel getInstance() {\n    return new ShelfLabel();\n  }\n\n"
    "  public String label(String name) {\n    String bare = name.strip();\n"
    "    int end = bare.offsetByCodePoints(0, Math.min(12, bare.codePointCount(0, bare.length())));"
    "\n    return bare.substring(0, end).toUpperCase(java.util.Locale.ROOT);\n  }\n}\n",
    "java/com/example/ShelfTag.java": "package com.example;\n\npublic class ShelfTag {\n"
    '  public String tag(String name) {\n    return "?" + name;\n  }\n}\n',
    "java/com/example/Basket.java": "package com.example;\n\npublic class Basket {\n"
    "  public long fullPrice(long one, long count) {\n"
    "    return Math.multiplyExact(one, count);\n  }\n}\n",
}


SIDES = ("source", "target")


@pytest.fixture
def stranger(tmp_path: Path) -> Project:
    """Python, Java and its classes; nothing that parity has written."""
    project = Project(tmp_path)
    project.write({"src/shop/__init__.py": "", "src/shop/prices.py": PRICES, **JAVA})
    return project.javac()


def init(project: Project, *args: str) -> Told:
    return project.parity("init", "--seconds", "4", *args)


def test_a_repository_comes_to_a_first_verdict(stranger: Project) -> None:
    told = init(stranger, "--yes", "--json")
    report = told.report
    assert report["units"] == [
        "shop.prices:Basket.full_price",
        "shop.prices:label",
        "shop.prices:net_total",
    ], told.text
    assert {one["id"] for one in report["report"]["units"]} == set(report["units"])
    assert all(one["fixtures"] for one in report["report"]["units"])
    assert report["recorded"] == 1  # the doctest
    (left,) = report["left_out"]
    assert left["unit"] == "shop.prices:shelf_tag"
    assert "agreed on 0 of" in left["why"]
    assert not (stranger.folder / "tests/fixtures/shop.prices/shelf_tag.jsonl").exists()
    table = tomllib.loads((stranger.folder / "parity.map.toml").read_text("utf-8"))["unit"]
    assert table["shop.prices:net_total"] == {"java": "com.example.Prices#netTotal"}
    assert table["shop.prices:label"] == {
        "parameters": {"name": "String", "size": "Object"},
        "java_expression": "com.example.ShelfLabel.getInstance().label(name)",
        "domain": "size == 12",
    }
    again = stranger.run()
    assert again.status == told.status
    assert {one["id"]: one["verdict"] for one in again.report["units"]} == {
        one["id"]: one["verdict"] for one in report["report"]["units"]
    }
    assert (stranger.folder / ".parity" / ".gitignore").read_text() == "*\n"


COUNTER = """\
class Counter:
    def __init__(self, first: int = 0):
        self.count = first

    def add_some(self, more: int) -> int:
        self.count = (self.count + more) % 1000
        return self.count

    def value(self) -> int:
        return self.count
"""
JAVA_COUNTER = """\
package com.example;

public class Counter {
  private long count;

  public Counter(long first) {
    count = first;
  }

  public long addSome(long more) {
    return Math.floorMod(count + more, 1000L);
  }

  public long value() {
    return count;
  }
}
"""


def test_a_class_whose_methods_change_it_is_one_unit(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write({"src/shop/__init__.py": "", "src/shop/counter.py": COUNTER})
    project.write({"java/com/example/Counter.java": JAVA_COUNTER}).javac()
    told = init(project, "--yes", "--json")
    assert told.report["units"] == ["shop.counter:Counter"], told.text
    table = tomllib.loads((project.folder / "parity.map.toml").read_text())["unit"]
    assert table["shop.counter:Counter"] == {
        "java": "com.example.Counter",
        "methods": {"add_some": "addSome"},
    }
    (unit,) = told.report["report"]["units"]
    assert unit["verdict"] == "differs"
    assert unit["findings"][0]["path"].startswith("$steps")


def test_a_term_for_names_in_camel_case_is_a_comment(tmp_path: Path) -> None:
    project = Project(tmp_path).write(
        {
            "src/orders.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Line:\n"
            "    unit_price: int\n\n\ndef line(cents: int) -> Line:\n    return Line(cents)\n",
            "java/com/example/Orders.java": "package com.example;\n\npublic final class Orders {\n"
            "  public record Line(long unitPrice) {}\n\n"
            "  public static Line line(long cents) {\n    return new Line(cents);\n  }\n}\n",
        }
    )
    project.javac("-g").parity("init", "--classpath", "classes", "--seconds", "2")
    lines = (tmp_path / "parity.map.toml").read_text("utf-8").splitlines()
    term = '# names = "camel"  # '
    assert lines[lines.index('java = "com.example.Orders#line"') + 1].startswith(term)


def test_the_term_for_names_is_a_comment_where_java_cannot_take_an_argument(tmp_path: Path) -> None:
    project = Project(tmp_path).write(
        {
            "src/orders.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Line:\n"
            "    unit_price: int\n\n\ndef price(lines: list[Line]) -> int:\n"
            "    return sum(one.unit_price for one in lines)\n",
            "tests/test_orders.py": "import orders\n\n\ndef test_it():\n"
            "    assert orders.price([orders.Line(3)]) == 3\n    assert orders.price([]) == 0\n",
            "java/com/example/Orders.java": "package com.example;\n\npublic final class Orders {\n"
            "  public record Line(long unitPrice) {}\n\n"
            "  public static long price(java.util.List<Line> lines) {\n"
            "    return lines.stream().mapToLong(Line::unitPrice).sum();\n  }\n}\n",
        }
    )
    project.javac("-g").parity("init", "--classpath", "classes", "--seconds", "2")
    lines = (tmp_path / "parity.map.toml").read_text("utf-8").splitlines()
    term = lines[lines.index('java = "com.example.Orders#price"') + 1]
    assert term.startswith('# names = "camel"  # ')
    assert "it is given as `unit_price`" in term


def test_what_tests_give_a_named_unit_is_judged_though_no_input_could_be_made(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path).write(
        {
            "src/orders.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Line:\n"
            "    unit_price: int\n\n\ndef price(line: Line) -> int:\n    return line.unit_price\n"
            "\n\ndef half_price(cents: int) -> int:\n    return cents // 2\n",
            "tests/test_orders.py": "import orders\n\n\ndef test_it():\n"
            "    assert orders.price(orders.Line(3)) == 3\n"
            "    assert orders.half_price(3) == 1\n",
            "java/com/example/Orders.java": "package com.example;\n\npublic final class Orders {\n"
            "  public record Line(long unitPrice) {}\n\n"
            "  public static long price(Line line) {\n    return line.unitPrice();\n  }\n\n"
            "  public static long halfPrice(long cents) {\n    return cents / 2;\n  }\n}\n",
        }
    )
    limits = ("--seconds", "2", "--most", "1")
    told = project.javac("-g").parity("init", "--classpath", "classes", *limits, "--json")
    assert told.report["units"] == ["orders:half_price", "orders:price"], told.text
    lines = (tmp_path / "parity.map.toml").read_text("utf-8").splitlines()
    assert lines[lines.index('java = "com.example.Orders#price"') + 1].startswith(
        '# names = "camel"  # '
    )


def test_init_says_of_what_units_nothing_is_kept(tmp_path: Path) -> None:
    java = "package com.example;\n\npublic final class Codes {\n  public static long "
    java += "next(long step) {\n    return step;\n  }\n}\n"
    project = Project(tmp_path).write(
        {
            "src/codes.py": "import os\n\n\ndef next(step: int) -> int:\n"
            "    return os.getpid() + step\n",
            "tests/test_codes.py": "import codes\n\n\ndef test_it():\n    codes.next(3)\n",
            "java/com/example/Codes.java": java,
        }
    )
    project.javac()
    told = init(project, "--yes", "--classpath", "classes", "--seconds", "2")
    assert "codes:next: of 1 calls none is kept: it does something else" in told.text


RATES = """
import sqlite3

KNOWN = {}


def rate(plan: str) -> int:
    if plan not in KNOWN:
        asked = "select rate from rates where plan = ?"
        found = sqlite3.connect("rates.db").execute(asked, (plan,))
        KNOWN[plan] = found.fetchone()[0]
    return KNOWN[plan]


def price(plan: str, cents: int) -> int:
    return cents * rate(plan)
"""
TEST_RATES = """
import sqlite3

import rates


def test_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    database = sqlite3.connect("rates.db")
    database.execute("create table rates (plan text, rate int)")
    database.execute("insert into rates values ('a', 3)")
    database.commit()
    for cents in (1, 2):
        rates.KNOWN.clear()
        assert rates.price("a", cents) == 3 * cents
"""
JAVA_RATES = """
package com.example;

import java.sql.*;
import java.util.*;

public final class Rates {
  private static final Map<String, Long> KNOWN = new HashMap<>();

  public static long price(String plan, long cents) throws SQLException {
    if (!KNOWN.containsKey(plan)) {
      try (Connection database = DriverManager.getConnection("jdbc:rates");
          PreparedStatement asked =
              database.prepareStatement("select rate from rates where plan = ?")) {
        asked.setString(1, plan);
        ResultSet rows = asked.executeQuery();
        rows.next();
        KNOWN.put(plan, rows.getLong(1));
      }
    }
    return cents * KNOWN.get(plan);
  }
}
"""


def test_what_asks_a_database_is_recorded_and_a_cache_is_told_with_its_term(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path).write(
        {
            "src/rates.py": RATES,
            "tests/test_rates.py": TEST_RATES,
            "java/com/example/Rates.java": JAVA_RATES,
        }
    )
    project.javac("-g")
    told = init(project, "--yes", "--classpath", "classes", "--seconds", "2", "--json")
    assert told.report["units"] == ["rates:price"], told.text
    written = (tmp_path / "parity.map.toml").read_text("utf-8")
    assert "[port.sql]" in written
    assert '# isolate = "fixture"  # recorded calls are not made' in written


def test_nothing_is_written_over(stranger: Project) -> None:
    stranger.write({"parity.map.toml": "schema = 1\n"})
    told = init(stranger, "--yes")
    assert told.status == 2
    assert "parity.map.toml" in told.err
    assert "nothing is written over" in told.err
    assert not (stranger.folder / "parity.toml").exists()
    assert (stranger.folder / "parity.map.toml").read_text() == "schema = 1\n"


def test_reading_only_runs_nothing_and_puts_no_guess_to_use(stranger: Project) -> None:
    mark = stranger.folder / "ran"
    source = stranger.folder / "src/shop/prices.py"
    source.write_text(PRICES + f"\nopen({str(mark)!r}, 'w')\n")
    told = init(stranger, "--no-run", "--json")
    assert told.status == 0, told.text
    assert not mark.exists()
    assert told.report["report"] is None
    assert told.report["units"] == ["shop.prices:Basket.full_price", "shop.prices:net_total"]
    assert [one["unit"] for one in told.report["left_out"]] == [
        "shop.prices:shelf_tag",
        "shop.prices:label",
    ]
    assert '#[unit."shop.prices:label"]' in (stranger.folder / "parity.map.toml").read_text()


def test_a_build_of_gradle_is_asked_for_its_class_path(stranger: Project) -> None:
    classes = stranger.folder / "classes"
    script = f'#!/bin/sh\necho "$@" > asked\necho noise\necho "parity-class-path:{classes}"\n'
    stranger.write({"build.gradle": "plugins { id 'java' }\n", "gradlew": script})
    (stranger.folder / "gradlew").chmod(0o755)
    assert init(stranger, "--no-run").status == 0
    config = find_config(stranger.folder)
    assert config.table.java.gradle == "."
    assert class_path(config, java_home(config)) == [classes]
    assert known_class_path(config) == [classes]
    asked = (stranger.folder / "asked").read_text()
    assert "-I" in asked
    assert "parityClassPath" in asked


def test_without_gradle_it_says_exactly_what_to_add(stranger: Project) -> None:
    script = "dependencies {\n    implementation 'com.example:rates:1.2'\n}\n"
    stranger.write({"build.gradle": script})
    stranger.env["PATH"] = os.pathsep.join(
        one for one in os.environ["PATH"].split(os.pathsep) if not (Path(one) / "gradle").exists()
    )
    told = init(stranger, "--yes")
    assert told.status == 2
    assert 'gradle = "."' in told.err
    assert "com.example:rates:1.2" in told.err
    assert "parity init --classpath 'classes' --classpath 'lib/*.jar'" in told.err
    assert not (stranger.folder / "parity.toml").exists()
    assert init(stranger, "--no-run", "--classpath", "classes", "--json").report["units"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"java/A.java": "class A {}"}, "parity init --sources"),
        ({"src/a.py": "def f(n): return n"}, "parity init --classpath"),
        ({"src/a.py": "x = 1", "java/A.java": "class A {}"}, "compile it into a folder"),
        ({"src/a.py": "x = 1", "j/A.java": "class A {}", "WORKSPACE": ""}, "Bazel"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    Project(tmp_path).write(files)
    with pytest.raises(ParityError) as told:
        begin(tmp_path, InitOptions(), UNWATCHED, lambda _: True, lambda _: None)
    assert said in told.value.next_step or said in told.value.what
    assert not (tmp_path / "parity.toml").exists()


def test_a_pom_with_modules_is_built(tmp_path: Path) -> None:
    coordinates = "<groupId>a</groupId><artifactId>{}</artifactId><version>1</version>"
    head = '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    plain = "".join(f"<maven.compiler.{one}>17</maven.compiler.{one}>" for one in SIDES)
    project = Project(tmp_path).write(
        {
            "python/prices.py": PRICES,
            "pom.xml": f"{head}{coordinates.format('all')}<packaging>pom</packaging>"
            f"<properties>{plain}<project.build.sourceEncoding>UTF-8"
            "</project.build.sourceEncoding></properties>"
            "<modules><module>one</module><module>two</module></modules></project>",
            **{
                f"{name}/pom.xml": f"{head}<parent>{coordinates.format('all')}</parent>"
                f"<artifactId>{name}</artifactId></project>"
                for name in ("one", "two")
            },
            "one/src/main/java/com/example/Prices.java": JAVA["java/com/example/Prices.java"],
            "two/src/main/java/com/example/Basket.java": JAVA["java/com/example/Basket.java"],
        }
    )
    told = init(project, "--yes", "--json")
    assert told.report["units"] == ["prices:Basket.full_price", "prices:net_total"], told.text
    verdicts = {one["id"]: one["verdict"] for one in told.report["report"]["units"]}
    assert verdicts["prices:net_total"] in ("matched", "differs")
    assert json.loads(told.out)["files"][0].endswith("parity.toml")
