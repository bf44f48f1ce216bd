"""Several causes in one unit: each finding is told its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.conftest import CONFIG, Project

PYTHON = """\
def notice(name, cents, days):
    level = ["first", "second", "final"][min(days // 14, 2)]
    return "%s %s %.2f" % (level, name.split()[0].title(), cents / 100)
"""
JAVA = """\
package shop;

import java.util.Locale;

public final class Notices {
  public static String notice(String name, long cents, long days) {
    String[] levels = {"first", "second", "final"};
    String level = levels[(int) Math.min(Math.floorDiv(days, 14L), 2)];
    String word = name.split("\\\\s+")[0];
    String first = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    return String.format(Locale.ROOT, "%s %s %.2f", level, first, cents / 100.0);
  }
}
"""
FIXTURES = """\
{"id": "plain", "args": ["ada l", 1999, 15]}
{"id": "late", "args": ["ada", 5, 40]}
{"id": "early", "args": ["ada", 1999, -1]}
{"id": "earlier", "args": ["bob", 7, -20]}
{"id": "large", "args": ["ada", 10000000000001999, 15]}
{"id": "no_cause", "args": ["ad\\u001fa", 1999, 3]}
"""


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    project = Project(Path(tmp_path_factory.mktemp("together"))).write(
        {
            "parity.toml": CONFIG,
            "parity.map.toml": '[unit."notices:notice"]\njava = "shop.Notices#notice"\n',
            "src/notices.py": PYTHON,
            "java/shop/Notices.java": JAVA,
            "fixtures/notices/notice.jsonl": FIXTURES,
        }
    )
    findings = project.javac("-g").run().unit["findings"]
    return {
        one["fixture"]: [one["cause"]["id"], *one["cause"].get("also", [])]
        for one in findings
        if one["cause"] is not None and one["cause"]["proven"]
    }


def test_what_one_cause_explains_alone_is_not_told_with_another(
    causes: dict[str, list[str]],
) -> None:
    """What nothing explains has pairs tried: they add nothing to what each of the two does."""
    assert causes == {
        "early": ["index-from-end"],
        "earlier": ["index-from-end"],
        "large": ["integers-as-doubles"],
    }


FAR = {
    "src/fees.py": "def fee(cents, days):\n    return cents + share(cents, days)\n\n\n"
    "def share(cents, days):\n    return cents // days * days\n",
    "java/shop/Fees.java": "package shop;\n\npublic final class Fees {\n"
    "  public static long fee(long cents, long days) {\n"
    "    return cents + Shares.share(cents, days);\n  }\n}\n",
    "java/shop/Shares.java": "package shop;\n\nfinal class Shares {\n"
    "  static long share(long cents, long days) {\n"
    "    return Rounding.down(cents, days);\n  }\n}\n",
    "java/shop/Rounding.java": "package shop;\n\nfinal class Rounding {\n"
    "  static long down(long value, long step) {\n    return value / step * step;\n  }\n}\n",
    "fixtures/fees/fee.jsonl": '{"id": "one", "args": [-7, 2]}\n{"id": "two", "args": [-9, 4]}\n'
    '{"id": "three", "args": [9, 4]}\n',
}


def test_a_cause_that_java_has_in_a_class_that_a_helper_calls_is_proven_there(
    tmp_path: Path,
) -> None:
    texts = {
        "parity.toml": CONFIG,
        "parity.map.toml": '[unit."fees:fee"]\njava = "shop.Fees#fee"\n',
    }
    findings = Project(tmp_path).write({**texts, **FAR}).javac("-g").run().unit["findings"]
    assert {(one["cause"]["id"], one["cause"]["proven"]) for one in findings} == {
        ("floor-division", True)
    }
    assert {one["java_line"] for one in findings} == {"java/shop/Rounding.java:5"}


SIMILAR = """\
def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            cost = last if x == y else last + 1
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, cost)
    return row[len(b)]


def grade(a, b):
    return (20 - distance(a, b)) // 7
"""
SIMILAR_JAVA = """\
package shop;

public final class Similar {
  public static long grade(String a, String b) {
    return (20 - distance(a, b)) / 7;
  }

  static long distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int last = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? last : last + 1;
        last = row[j];
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), cost);
      }
    }
    return row[b.length()];
  }
}
"""


def test_a_unit_that_takes_milliseconds_a_call_has_causes(tmp_path: Path) -> None:
    """Every construct of its loops in turn cannot be tried on every fixture in time."""
    texts = ["".join("abcdef"[at * step % 6] for at in range(100)) for step in range(1, 17)]
    rows = [json.dumps({"id": f"n{at}", "args": [texts[0], one]}) for at, one in enumerate(texts)]
    project = Project(tmp_path).write(
        {
            "parity.toml": CONFIG,
            "parity.map.toml": '[unit."similar:grade"]\njava = "shop.Similar#grade"\n',
            "src/similar.py": SIMILAR,
            "java/shop/Similar.java": SIMILAR_JAVA,
            "fixtures/similar/grade.jsonl": "\n".join([*rows, ""]),
        }
    )
    findings = project.javac("-g").run().unit["findings"]
    causes = [one["cause"] for one in findings if one["cause"] is not None]
    assert {(one["id"], one["proven"]) for one in causes} == {("floor-division", True)}
    assert findings[0]["cause"] is not None
