"""`<` for `<=`: the comparison that takes equals in on one side only is proven, and which it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parity.values.words import camel_case
from tests.functional.conftest import CONFIG, Project

PYTHON = """\
def bucket(days):
    if days < 0:
        return "future"
    if days <= 30:
        return "0-30"
    if days <= 60:
        return "31-60"
    return "61+"


def is_adult(age):
    return age >= 18


def fee(cents, days, grace):
    if days > grace:
        return cents // 10 + 5
    return 0


def open_on(day, start):
    return "open" if start <= day else "closed"


def sign(n):
    if n <= 0:
        return 7 if n == 0 else -1
    return 1


def same(days):
    total = 0
    while days > 0:
        total, days = total + days, days - 1
    return total
"""
JAVA = """\
package shop;

import java.time.LocalDate;

public final class Limits {
  public static String bucket(long days) {
    if (days < 0) return "future";
    if (days <= 30) return "0-30";
    if (days < 60) return "31-60";
    return "61+";
  }

  public static boolean isAdult(long age) {
    return age > 18;
  }

  public static long fee(long cents, long days, long grace) {
    return days >= grace ? Math.floorDiv(cents, 10L) + 5 : 0;
  }

  public static String openOn(LocalDate day, LocalDate start) {
    return day.isAfter(start) ? "open" : "closed";
  }

  public static long sign(long n) {
    return n < 0 ? -1 : n == 0 ? 9 : 1;
  }

  public static long same(long days) {
    long total = 0;
    for (; days >= 0; days--) total += days;
    return total;
  }
}
"""
DAYS = [{"$date": f"2024-03-{day:02}"} for day in (1, 14, 15, 16, 29)]
GIVEN: dict[str, list[list[Any]]] = {
    "bucket": [[n] for n in (-1, 0, 1, 29, 30, 31, 59, 60, 61, 99)],
    "is_adult": [[n] for n in (0, 17, 18, 19, 40)],
    "fee": [[n, day, 7] for n in (90, 1005) for day in (0, 6, 7, 8)],
    "open_on": [[day, DAYS[2]] for day in DAYS],
    "sign": [[n] for n in (-5, -1, 0, 1, 3)],
    "same": [[n] for n in (0, 1, 5)],
}


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    files = {"parity.toml": CONFIG, "src/limits.py": PYTHON, "java/shop/Limits.java": JAVA}
    tables = [
        f'[unit."limits:{name}"]\njava = "shop.Limits#{camel_case(name)}"\n' for name in GIVEN
    ]
    files["parity.map.toml"] = "schema = 1\n" + "".join(tables)
    for name, given in GIVEN.items():
        files[f"fixtures/limits/{name}.jsonl"] = "".join(
            json.dumps({"id": f"f{index}", "args": args}) + "\n" for index, args in enumerate(given)
        )
    project = Project(Path(tmp_path_factory.mktemp("limits"))).write(files).javac("-g")
    return {unit["id"]: unit for unit in project.run().report["units"]}


@pytest.mark.parametrize(
    ("name", "line"), [("bucket", 6), ("is_adult", 12), ("fee", 16), ("open_on", 22)]
)
def test_a_comparison_that_takes_equals_otherwise_is_proven(
    units: dict[str, Any], name: str, line: int
) -> None:
    findings = units[f"limits:{name}"]["findings"]
    assert findings
    for one in findings:
        assert one["cause"]["id"] == "boundary", one
        assert one["cause"]["proven"]
        assert one["python_line"] == f"src/limits.py:{line}"


def test_what_differs_at_a_boundary_for_another_reason_has_no_such_cause(
    units: dict[str, Any],
) -> None:
    (finding,) = units["limits:sign"]["findings"]
    assert (finding["cause"] or {}).get("id") != "boundary"
    assert units["limits:same"]["verdict"] == "matched"
