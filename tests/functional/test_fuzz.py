"""`parity fuzz` on small pairs: what it finds, what it leaves alone, and that it ends."""

from __future__ import annotations

import json
import shlex
from typing import Any

from tests.functional.conftest import Project

PYTHON = """
import os
import time

LIMIT = 48271
TABLE = []

def share(total, parts):
    return total // parts

def same(text):
    return text.strip()

def tag(code):
    return "special" if code == LIMIT * 3 else "plain"

def fill(count):
    if count == 77:
        os._exit(3)
    while 3000 < count < 10**9:
        pass
    return len([0] * count)

def sort(items):
    items.sort()
    return len(items)

def slow(n):
    return n

def loads(n):
    if not TABLE:
        end = time.thread_time() + 0.9
        while time.thread_time() < end:
            pass
        TABLE.append(1)
    return n + len(TABLE)
"""
JAVA = """
package shop;
import java.util.List;
public final class Shop {
  private Shop() {}
  public static long share(long total, long parts) { return total / parts; }
  public static String same(String text) { return text.strip(); }
  public static String tag(int code) { return "plain"; }
  public static long fill(long count) { return Math.max(count, 0); }
  public static int sort(List<Long> items) { return items.size(); }
  public static long loads(long n) { return n + 1; }
  public static long slow(long n) throws InterruptedException { Thread.sleep(300); return n; }
}
"""


def shop(project: Project, name: str, terms: str = "", fixtures: str = "") -> Project:
    unit = f'schema = 1\n[unit."shop:{name}"]\njava = "shop.Shop#{name}"\n{terms}\n'
    files = {"src/shop.py": PYTHON, "java/Shop.java": JAVA, "parity.map.toml": unit}
    if fixtures:
        files[f"fixtures/shop/{name}.jsonl"] = fixtures
    return project.write(files).javac()


def fuzz(project: Project, name: str, *options: str) -> tuple[int, dict[str, Any]]:
    told = project.parity("fuzz", f"shop:{name}", "--json", *options)
    assert told.out, told.err
    return told.status, told.unit


RECORDED = '{"id": "even", "args": [12, 4]}\n{"id": "odd", "args": [7, 2]}\n'


def test_a_difference_near_the_recorded_is_found_made_small_and_shown_again(
    project: Project,
) -> None:
    shop(project, "share", fixtures=RECORDED)
    status, unit = fuzz(project, "share", "--examples", "400")
    assert status == 1
    (finding,) = [one for one in unit["findings"] if one["kind"] == "changed"]
    assert finding["tier"] == "near"
    assert unit["fuzz"]["branches"] > 2
    total, parts = finding["fixture_args"]
    assert (abs(total), abs(parts)) == (1, 2)
    assert finding["python"] == -1
    assert finding["java"] == 0
    command = shlex.split(finding["again"])
    again = project.parity(*command[1:], "--json")
    assert again.status == 1
    assert again.unit["findings"][0]["python"] == finding["python"]


def test_the_same_seed_gives_the_same_report_and_saved_inputs_are_fixtures_once(
    project: Project,
) -> None:
    shop(project, "share", 'raises = { "ZeroDivisionError" = "ArithmeticException" }')
    options = ("--examples", "300", "--seed", "7")
    first = fuzz(project, "share", *options)
    kept = project.folder / ".parity" / "examples"
    assert any(kept.iterdir())
    for file in [one for one in kept.rglob("*") if one.is_file()]:
        file.unlink()
    assert fuzz(project, "share", *options) == first
    status, unit = fuzz(project, "share", *options, "--save")
    assert status == 1
    lines = (project.folder / "fixtures/shop/share.jsonl").read_text("utf-8").splitlines()
    saved = [json.loads(line) for line in lines[1:]]
    assert len(saved) == unit["fuzz"]["saved"] > 1
    assert {one["id"] for one in saved} >= {one["fixture"] for one in unit["findings"]}
    run = project.run("--no-cache").unit
    assert run["fixtures"] == len(saved)
    assert run["differs"] >= len(unit["findings"])


def test_what_is_outside_of_the_domain_is_no_finding_and_in_no_count(project: Project) -> None:
    lines = RECORDED + '{"id": "minus", "args": [-7, 2]}\n'
    shop(project, "share", 'domain = "total >= 0 and parts > 0"', lines)
    status, unit = fuzz(project, "share", "--examples", "400")
    assert (status, unit["findings"]) == (0, [])
    assert unit["outside"] > 0
    assert unit["matched"] > 0
    run = project.run().unit
    assert (run["verdict"], run["matched"], run["outside"], run["fixtures"]) == ("matched", 2, 1, 2)


def test_a_unit_whose_fixtures_are_all_outside_is_unknown(project: Project) -> None:
    shop(project, "share", 'domain = "total > 1000"', RECORDED)
    told = project.run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "all_outside"
    assert told.unit["outside"] == 2


def test_a_domain_that_raises_is_not_known_and_says_so(project: Project) -> None:
    shop(project, "share", 'domain = "total > missing"', RECORDED)
    told = project.run()
    assert told.status == 2
    assert "`domain` raised NameError" in told.unit["findings"][0]["note"]


def test_a_constant_that_python_computes_is_met(project: Project) -> None:
    shop(project, "tag", fixtures='{"id": "one", "args": [1]}\n')
    status, unit = fuzz(project, "tag", "--examples", "900")
    assert status == 1
    assert unit["findings"][0]["fixture_args"] == [48271 * 3]


def test_two_that_do_the_same_have_no_finding(project: Project) -> None:
    shop(project, "same", 'domain = "text is not None and text.isascii() and text.isprintable()"')
    status, unit = fuzz(project, "same", "--examples", "600")
    assert (status, unit["verdict"], unit["findings"]) == (0, "matched", [])


def test_a_python_that_hangs_exits_or_fills_memory_harms_its_own_input_alone(
    project: Project,
) -> None:
    shop(project, "fill")
    status, unit = fuzz(project, "fill", "--examples", "250")
    assert (status, unit["findings"]) == (0, [])
    assert unit["unknown"] >= 1
    assert unit["matched"] > unit["unknown"]


def test_slow_inputs_make_no_search_longer_and_are_blamed_for_nothing(project: Project) -> None:
    shop(project, "slow", fixtures='{"id": "a", "args": [1]}\n')
    told = project.parity("fuzz", "shop:slow", "--json", "--seconds", "8")
    assert told.report["times"]["total"] < 30  # a batch of such inputs takes a minute
    unit = told.unit
    assert (told.status, unit["findings"], unit["differs"]) == (0, [], 0)
    assert 1 <= unit["matched"] < 100


def test_an_argument_that_only_python_changes_is_found(project: Project) -> None:
    shop(project, "sort", 'domain = "items is not None and None not in items"')
    status, unit = fuzz(project, "sort", "--examples", "300")
    assert status == 1
    assert unit["findings"][0]["kind"] == "mutated"
    assert len(unit["findings"][0]["fixture_args"][0]) == 2


def test_a_unit_that_recordings_judge_is_refused(project: Project) -> None:
    shop(project, "share", 'judge = "recorded"\nparameters = { total = "long", parts = "long" }')
    told = project.parity("fuzz", "shop:share")
    assert told.status == 2
    assert "cannot be fuzzed" in told.err


def test_what_only_python_takes_stays_at_its_default(project: Project) -> None:
    project.write(
        {
            "src/shop.py": "def scaled(n: int, times: int = 1, *, more: int = 0, kind=len):\n"
            "    return n * times + more\n",
            "java/Shop.java": "package shop;\npublic final class Shop {\n"
            "  public static long same(long n) { return n; }\n}\n",
            "parity.map.toml": 'schema = 1\n[unit."shop:scaled"]\nparameters = { n = "long" }\n'
            'java_expression = "shop.Shop.same(n)"\n',
        }
    ).javac()
    told = project.parity("fuzz", "shop:scaled", "--json", "--examples", "200")
    assert (told.status, told.unit["verdict"]) == (0, "matched"), told.out


def test_a_first_call_that_loads_what_all_others_use_is_waited_for(project: Project) -> None:
    shop(project, "loads", 'domain = "abs(n) < 1000"')
    status, unit = fuzz(project, "loads", "--examples", "100")
    assert (status, unit["unknown"]) == (0, 0)
    assert unit["matched"] >= 100
