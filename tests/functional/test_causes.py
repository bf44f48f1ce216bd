"""Causes as people and programs are told of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.conftest import Project

PYTHON = {
    "src/shares.py": """\
from rounding import share


def shares(total, parts):
    return [share(total, parts), "%d parts" % parts]


def label(name):
    return name.strip() + "!"


def off(n):
    return n + 1


def less(a, b):
    return a - b


def priced(cents, vip, code):
    code = code.strip().upper()
    if vip and cents > 70:
        cents -= 5
    if code == "FREE":
        return 0
    return cents


def tagged(name):
    return name.strip().upper() + "."
""",
    "src/rounding.py": "\n\ndef share(total, parts):\n    return total // parts\n",
}
JAVA = {
    "java/shop/Shares.java": """\
package shop;

import java.util.List;

public final class Shares {
  public static List<Object> shares(int total, int parts) {
    int share =
        total / parts;
    return List.of(share, parts + " parts");
  }

  public static String label(String name) {
    return name.trim() + "!";
  }

  public static int off(int n) {
    return n + 2;
  }

  public static int less(int a, int b) {
    return b - a;
  }

  public static int priced(int cents, boolean vip, String code) {
    if (vip && cents > 70) {
      cents -= 5;
    }
    return cents;
  }

  public static String tagged(String name) {
    return name.strip() + ".";
  }
}
""",
}
MAP = """\
schema = 1
[unit."shares:shares"]
java = "shop.Shares#shares(int,int)"
[unit."shares:label"]
java = "shop.Shares#label(String)"
[unit."shares:off"]
java = "shop.Shares#off(int)"
[unit."shares:less"]
java = "shop.Shares#less(int,int)"
[unit."shares:priced"]
java = "shop.Shares#priced(int,boolean,String)"
[unit."shares:tagged"]
java = "shop.Shares#tagged(String)"
"""
FIXTURES = {
    "fixtures/shares/shares.jsonl": [[7, 2], [-7, 2], [-1, 3], [9, 3], [1, -4]],
    "fixtures/shares/label.jsonl": [[" a "], ["\u00a0a"]],
    "fixtures/shares/off.jsonl": [[1], [5]],
    "fixtures/shares/less.jsonl": [[1, 3], [5, 9], [2, 2]],
    "fixtures/shares/priced.jsonl": [[90, True, "free "], [60, False, "Free"], [80, True, ""]],
    "fixtures/shares/tagged.jsonl": [["a "], ["bc"], ["D"]],
}
CONFIG = 'sources = ["src"]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    lines = {
        name: "".join(
            json.dumps({"id": f"f{index}", "args": args}) + "\n" for index, args in enumerate(given)
        )
        for name, given in FIXTURES.items()
    }
    files = {"parity.toml": CONFIG, "parity.map.toml": MAP, **PYTHON, **JAVA, **lines}
    return Project(Path(tmp_path_factory.mktemp("causes"))).write(files).javac("-g")


def test_a_cause_is_told_with_its_lines_and_stays_known(project: Project) -> None:
    first = project.run()
    units = {unit["id"]: unit for unit in first.report["units"]}
    findings = units["shares:shares"]["findings"]
    assert [one["fixture"] for one in findings] == ["f1", "f2", "f4"]
    for one in findings:
        cause = one["cause"]
        assert (cause["id"], cause["proven"]) == ("floor-division", True)
        assert (cause["explains"], cause["of"]) == (3, 3)
        assert "Math.floorDiv" in cause["fix"]
        assert one["python_line"] == "src/rounding.py:4"
        assert one["java_line"] == "java/shop/Shares.java:8"
    (label,) = units["shares:label"]["findings"]
    assert (label["cause"]["id"], label["cause"]["proven"]) == ("strip-space", True)
    again = project.run()
    assert again.report["units"][0]["cached"]
    assert [unit["findings"] for unit in again.report["units"]] == [
        unit["findings"] for unit in first.report["units"]
    ]


@pytest.mark.parametrize(
    ("unit", "cause", "said", "python_line", "java_line"),
    [
        (
            "less",
            "turned-round",
            ("what `-` has stand in one order", "they stand in the other one"),
            17,
            None,
        ),
        ("off", "other-constant", ("1 stands there", "2 stands in its place"), 13, 17),
        ("priced", "left-out-case", None, 24, None),
        (
            "tagged",
            "left-out-step",
            ("`.upper(…)` changes a value, or does something", "there is no such step"),
            30,
            None,
        ),
    ],
)
def test_a_slip_is_told_with_its_lines(
    project: Project,
    unit: str,
    cause: str,
    said: tuple[str, str] | None,
    python_line: int,
    java_line: int | None,
) -> None:
    findings = project.run("--no-cache", f"shares:{unit}").unit["findings"]
    assert len(findings) == 2
    for one in findings:
        assert (one["cause"]["id"], one["cause"]["proven"]) == (cause, True)
        assert one["python_line"] == f"src/shares.py:{python_line}"
        if java_line is not None:
            assert one["java_line"] == f"java/shop/Shares.java:{java_line}"
    if said is not None:
        out = project.parity("compare", f"shares:{unit}").out
        assert f"python: {said[0]}\n" in out
        assert f"java: {said[1]}\n" in out


def test_people_read_the_cause_and_the_fix(project: Project) -> None:
    told = project.parity("compare", "shares:shares", "--input", "[-9, 2]")
    assert told.status == 1
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    assert "cause floor-division (proven: explains 1 of 1)" in lines
    assert "fix Math.floorDiv(a, b); Math.floor(a / b) for doubles" in lines
    assert "at src/rounding.py:4 java/shop/Shares.java:8" in lines
