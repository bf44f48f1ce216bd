"""Results that are their own form cross the border packed, and verdicts do not depend on that."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from parity.config import find_config
from parity.pipeline import run as running
from parity.pipeline.judging import UnitJudging
from parity.report.document import run_document
from parity.sides.worker import is_packed
from tests.functional.conftest import Project

PYTHON = """
import array

def made(n):
    return {"name": "x" * 220, "n": n, "half": n / 2, "all": [{"i": i} for i in range(3)]}

def same(n): return made(n)
def tenth(n): return {**made(n), "n": n + (n % 10 == 0)}
def pairs(n): return {**made(n), "pair": (n, n)}
def some_pairs(n): return {**made(n), "pair": (n, n) if n == 7 else [n, n]}
def formless(n): return {**made(n), "more": array.array("d", [n]) if n == 7 else [float(n)]}
def endless(n): return {**made(n), "half": float("nan") if n == 7 else n / 2}
def event(n): return made(n)
counted = []
def counting(n):
    counted.append(n)
    return {**made(n), "n": len(counted), "pair": (1, 1) if n == 7 else [1, 1]}
"""
JAVA = """package shop;
import java.util.*;
public final class Made {
  static int counted = 0;
  static Map<String, Object> made(long n) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("name", "x".repeat(220)); made.put("n", n); made.put("half", n / 2.0);
    List<Object> all = new ArrayList<>();
    for (long i = 0; i < 3; i++) all.add(Map.of("i", i));
    made.put("all", all);
    return made;
  }
  static Map<String, Object> with(Map<String, Object> made, String name, Object value) {
    made.put(name, value); return made;
  }
  public static Object same(long n) { return made(n); }
  public static Object tenth(long n) { return made(n); }
  public static Object pairs(long n) { return with(made(n), "pair", List.of(n, n)); }
  public static Object somePairs(long n) { return pairs(n); }
  public static Object formless(long n) { return with(made(n), "more", List.of((double) n)); }
  public static Object endless(long n) { return made(n); }
  public static Object counting(long n) {
    return with(with(made(n), "n", ++counted), "pair", List.of(1, 1));
  }
}
"""
NAMES = {"some_pairs": "somePairs"}
UNITS = ["same", "tenth", "pairs", "some_pairs", "formless", "endless", "counting"]
COUNT = 40


@pytest.fixture
def made(project: Project) -> Project:
    """A project of all these units, each on the same fixtures."""
    lines = "".join(f'{{"id": "n{n}", "args": [{n}]}}\n' for n in range(COUNT))
    entries = [f'[unit."made:{one}"]\njava = "shop.Made#{NAMES.get(one, one)}"\n' for one in UNITS]
    files = {f"fixtures/made/{one}.jsonl": lines for one in UNITS}
    files |= {"src/made.py": PYTHON, "java/shop/Made.java": JAVA}
    project.write({**files, "parity.map.toml": "\n".join(entries)})
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    return project.javac()


def verdicts(project: Project, monkeypatch: pytest.MonkeyPatch, *, packed: bool) -> dict[str, Any]:
    """The report of a run, by unit; and how many of python's answers were packed at first."""
    counted: dict[str, int] = {}
    first = UnitJudging.first

    def counting(self: UnitJudging, piece: Any, answers: Any, lane: Any) -> Any:
        counted[self.loaded.unit.id] = sum(map(is_packed, answers.python))
        return first(self, piece, answers, lane)

    class Plain(running.Packing):
        def __init__(self, wanted: bool = False) -> None:
            super().__init__(wanted and packed)

    with monkeypatch.context() as patch:
        patch.setattr(UnitJudging, "first", counting)
        patch.setattr(running, "Packing", Plain)
        options = dataclasses.replace(running.Options(), cache=False)
        report = run_document(running.run(find_config(project.folder), options=options))
    units = {one["id"].removeprefix("made:"): one for one in report["units"]}
    for name, unit in units.items():
        unit["packed"] = counted[f"made:{name}"]
        unit.pop("times", None)
    return units


def test_verdicts_are_the_same_as_if_nothing_were_packed(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = verdicts(made, monkeypatch, packed=True)
    text = verdicts(made, monkeypatch, packed=False)
    assert {unit.pop("packed") for unit in text.values()} == {0}
    assert {unit.pop("packed") for unit in packed.values()} == {COUNT}
    assert packed == text
    matched = {name: unit["matched"] for name, unit in packed.items()}
    assert matched["same"] == COUNT
    assert matched["tenth"] == COUNT - 4
    assert (matched["formless"], matched["endless"]) == (COUNT - 1, COUNT - 1)
    (finding,) = packed["formless"]["findings"]
    assert (finding["verdict"], finding["path"]) == ("unknown", "$.more")
