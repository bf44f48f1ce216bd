"""What fixtures are worth: `parity strength` as people run it."""

from __future__ import annotations

import json
import time

from tests.functional.conftest import Project

MAP = '[unit."shop:{0}"]\njava = "shop.Shop#{0}"\n'


def shop(
    project: Project, name: str, python: str, java: str, fixtures: str, more: str = ""
) -> Project:
    """A unit of that name: its Python, its method in class Shop, arguments of fixtures by line."""
    lines = [
        json.dumps({"id": f"f{number}", "args": json.loads(args)}) + "\n"
        for number, args in enumerate(fixtures.split("|"))
    ]
    return project.write(
        {
            "parity.map.toml": MAP.format(name) + more,
            "src/shop.py": python,
            "java/shop/Shop.java": f"package shop;\nimport java.util.*;\nclass Shop {{\n{java}}}\n",
            f"fixtures/shop/{name}.jsonl": "".join(lines),
        }
    ).javac("-g", "-parameters")


CLAMP = "def clamp(n, most):\n    if n > most:\n        return most * 2\n    return n + 1\n"
JAVA_CLAMP = (
    "  static int clamp(int n, int most) {\n"
    "    if (n > most) {\n"
    "      return most * 2;\n"
    "    }\n"
    "    return n + 1;\n"
    "  }\n"
)


def test_fixtures_at_the_boundary_catch_every_mutant(project: Project) -> None:
    told = shop(project, "clamp", CLAMP, JAVA_CLAMP, "[5,4]|[3,3]|[2,9]").parity(
        "strength", "--json", "--floor", "100"
    )
    assert told.status == 0, told.text
    unit = told.unit
    assert unit["mutants"] >= 6
    assert unit["caught"] == unit["mutants"]
    assert unit["survivors"] == []
    assert unit["branches"]["java"] == {"taken": 2, "of": 2, "missed": []}
    assert unit["branches"]["python"] == {"taken": 2, "of": 2, "missed": []}


def test_a_survivor_is_told_with_its_line_and_a_unit_below_the_floor_exits_1(
    project: Project,
) -> None:
    shop(project, "clamp", CLAMP, JAVA_CLAMP, "[2,9]|[0,9]")
    told = project.parity("strength", "--json", "--floor", "95")
    assert told.status == 1
    unit = told.unit
    survivors = {(one["line"], one["mutation"]): one for one in unit["survivors"]}
    boundary = survivors[5, "changed conditional boundary"]
    assert boundary["source"] == "    if (n > most) {"
    assert boundary["reached"] == 2
    unreached = survivors[6, "Replaced integer multiplication with division"]
    assert unreached["reached"] == 0
    assert unit["branches"]["java"]["taken"] == 1
    assert unit["branches"]["python"]["missed"] == [{"in": "shop.py", "line": 2, "way": "in"}]
    text = project.parity("strength").text
    assert "survived Shop.java:5  changed conditional boundary" in text
    assert "if (n > most) {" in text
    assert "no fixture comes here" in text


def test_more_inputs_show_what_would_catch_a_survivor_and_are_added_only_when_asked(
    project: Project,
) -> None:
    shop(project, "clamp", CLAMP, JAVA_CLAMP, "[2,9]|[0,9]")
    project.write({"more.jsonl": '{"id": "x", "args": [7, 7]}\n{"id": "y", "args": [8, 3]}\n'})
    file = project.folder / "fixtures/shop/clamp.jsonl"
    before = file.read_text()
    more = str(project.folder / "more.jsonl")
    unit = project.parity("strength", "--json", "shop:clamp", "--inputs", more).unit
    caught_by = {one["mutation"]: one["caught_by"] for one in unit["survivors"]}
    assert caught_by["changed conditional boundary"] == [7, 7]
    assert [8, 3] in caught_by.values()
    assert file.read_text() == before
    told = project.parity("strength", "--json", "shop:clamp", "--inputs", more, "--save")
    assert told.unit["saved"] == 2
    assert file.read_text().startswith(before)
    again = project.parity("strength", "--json").unit
    assert again["fixtures"] == 4
    assert again["caught"] == again["mutants"]


COUNT = (
    "def count(n):\n    total = 0\n    while n > 0:\n        total += n\n        n -= 1\n"
    "    return total\n"
)
JAVA_COUNT = (
    "  static int count(int n) {\n"
    "    int total = 0;\n"
    "    while (n > 0) {\n"
    "      total += n;\n"
    "      n--;\n"
    "    }\n"
    "    return total;\n"
    "  }\n"
)


def test_a_mutant_that_loops_ends_itself_and_is_caught(project: Project) -> None:
    shop(project, "count", COUNT, JAVA_COUNT, "[4]|[0]")
    began = time.monotonic()
    told = project.parity("strength", "--json")
    assert told.status == 0, told.text
    unit = told.unit
    assert not any("increment" in one["mutation"] for one in unit["survivors"])
    assert unit["caught"] >= 4
    assert told.report["times"]["mutants"] < 4 or time.monotonic() - began < 20


def test_a_mutant_that_recurses_without_end_is_caught(project: Project) -> None:
    python = "def down(n):\n    if n == 0:\n        return 0\n    return 1 + down(n - 1)\n"
    java = (
        "  static int down(int n) {\n    if (n == 0) {\n      return 0;\n    }\n"
        "    return 1 + down(n - 1);\n  }\n"
    )
    unit = shop(project, "down", python, java, "[3]|[0]").parity("strength", "--json").unit
    assert unit["caught"] == unit["mutants"] >= 4


def test_a_boundary_that_makes_no_difference_is_left_out_by_its_rule(project: Project) -> None:
    python = (
        "def most(numbers):\n    best = numbers[0]\n    for one in numbers:\n"
        "        if one > best:\n            best = one\n    return best\n"
    )
    java = (
        "  static int most(List<Integer> numbers) {\n"
        "    int best = numbers.get(0);\n"
        "    for (int i = 0; i < numbers.size(); i++) {\n"
        "      if (numbers.get(i) > best) {\n"
        "        best = numbers.get(i);\n"
        "      }\n"
        "    }\n"
        "    return best;\n"
        "  }\n"
    )
    unit = (
        shop(project, "most", python, java, "[[3,1,2]]|[[1,2]]").parity("strength", "--json").unit
    )
    left_out = [(one["line"], one["rule"]) for one in unit["equivalents"]]
    assert left_out == [(7, "same-at-equality")]
    assert unit["caught"] == unit["mutants"]  # one turn more of the loop raises


def test_only_what_the_run_would_tell_catches_a_mutant(project: Project) -> None:
    python = 'def half(n):\n    raise ValueError(f"odd: {n + 1}")\n'
    java = (
        "  static int half(int n) {\n"
        '    throw new IllegalArgumentException("odd: " + (n + 1));\n'
        "  }\n"
    )
    shop(project, "half", python, java, "[1]|[4]|[9]")
    unit = project.parity("strength", "--json").unit
    assert (unit["mutants"], unit["caught"]) == (1, 0)
    shop(project, "half", python, java, "[1]|[4]|[9]", 'compare = ["messages"]\n')
    unit = project.parity("strength", "--json").unit
    assert (unit["mutants"], unit["caught"]) == (1, 1)


def test_state_that_stays_between_fixtures_makes_no_mutant_caught(project: Project) -> None:
    python = "seen = []\n\ndef number(text):\n    seen.append(text)\n    return len(seen) + 2\n"
    java = (
        "  static int seen;\n  static int unused;\n"
        "  static int number(String text) {\n    seen++;\n    unused = seen * 3;\n"
        "    return seen + 2;\n  }\n"
    )
    shop(project, "number", python, java, '["a"]|["b"]|["c"]')
    unit = project.parity("strength", "--json").unit
    assert unit["differing"] == 0
    alive = [one["mutation"] for one in unit["survivors"]]
    assert alive == ["Replaced integer multiplication with division"]


def test_the_fewest_fixtures_are_told_and_written_only_when_asked(project: Project) -> None:
    shop(project, "clamp", CLAMP, JAVA_CLAMP, "[2,9]|[5,4]|[3,3]|[1,9]|[0,9]")
    file = project.folder / "fixtures/shop/clamp.jsonl"
    before = file.read_text()
    whole = project.parity("strength", "--json").unit
    told = project.parity("strength", "--json", "--minimise").unit
    assert told["caught"] == whole["caught"]
    assert len(told["needed"]) < 5
    assert file.read_text() == before
    assert project.parity("strength", "--write").status == 2
    project.parity("strength", "--json", "--minimise", "--write")
    kept = [json.loads(line)["id"] for line in file.read_text().splitlines()]
    assert kept == told["needed"]
    fewer = project.parity("strength", "--json").unit
    assert fewer["caught"] == whole["caught"]
    assert fewer["branches"]["java"] == whole["branches"]["java"]
    assert fewer["branches"]["python"] == whole["branches"]["python"]


def test_what_is_known_is_not_run_again_and_is_the_same(project: Project) -> None:
    shop(project, "clamp", CLAMP, JAVA_CLAMP, "[2,9]|[5,4]")
    first = project.parity("strength", "--json").unit
    second = project.parity("strength", "--json").unit
    assert (first.pop("cached"), second.pop("cached")) == (False, True)
    assert first == second
    anew = project.parity("strength", "--json", "--no-cache").unit
    assert anew.pop("cached") is False
    assert anew == first
    changed = JAVA_CLAMP.replace("n + 1", "1 + n")
    shop(project, "clamp", CLAMP, changed, "[2,9]|[5,4]")
    assert project.parity("strength", "--json").unit["cached"] is False


def test_a_fixture_on_which_the_sides_differ_is_told_and_still_judges_by_what_changes(
    project: Project,
) -> None:
    python = CLAMP.replace("n + 1", "n + 2")
    told = shop(project, "clamp", python, JAVA_CLAMP, "[2,9]|[5,4]").parity("strength", "--json")
    assert told.status == 0
    assert told.unit["differing"] == 1
    assert told.unit["bound"]["differing"] == 1
    assert told.unit["caught"] > 0
    assert "next: parity run shop:clamp" in project.parity("strength").err


def test_what_cannot_be_told_exits_2(project: Project) -> None:
    shop(project, "clamp", CLAMP, JAVA_CLAMP, "[2,9]")
    (project.folder / "fixtures/shop/clamp.jsonl").unlink()
    told = project.parity("strength", "--json")
    assert told.status == 2
    assert told.unit["error"]["code"] == "no_fixtures"
    shop(project, "clamp", CLAMP, JAVA_CLAMP, '["two","nine"]')
    told = project.parity("strength", "--json")
    assert told.status == 2
    assert told.unit["error"]["code"] == "nothing_judged"
    assert project.parity("strength", "shop:nothing").status == 2


def test_mutants_of_the_methods_that_the_counterpart_reaches_are_its_own(
    project: Project,
) -> None:
    python = "def total(numbers):\n    return sum(one + 1 for one in numbers)\n"
    java = (
        "  static int total(List<Integer> numbers) {\n"
        "    return numbers.stream().mapToInt(one -> more(one)).sum();\n"
        "  }\n"
        "  static int more(int one) {\n    return one + 1;\n  }\n"
        "  static int unused(int one) {\n    return one - 1;\n  }\n"
    )
    unit = shop(project, "total", python, java, "[[1,2]]|[[]]").parity("strength", "--json").unit
    assert unit["caught"] == unit["mutants"] == 4  # of total, its lambda, and twice of more


SURVIVOR = """
[[survivor]]
class = "shop.Shop"
source = "if (n > most) {"
mutation = "changed conditional boundary"
reason = "the till never asks for as many as there are"
"""


def test_a_unit_whose_survivors_are_all_explained_reaches_the_floor(project: Project) -> None:
    shop(project, "clamp", CLAMP, JAVA_CLAMP, "[5,4]|[9,3]|[2,9]", SURVIVOR)
    told = project.parity("strength", "--json", "--floor", "100")
    assert told.status == 0, told.text
    assert told.unit["explained"] == 1
    assert told.unit["share"] < 1
    (survivor,) = told.unit["survivors"]
    assert survivor["explained"] == "the till never asks for as many as there are"
    assert [one["state"] for one in told.report["explanations"]] == ["used"]
    project.write({"more.jsonl": '{"id": "x", "args": [7, 7]}\n'})
    more = ("shop:clamp", "--inputs", str(project.folder / "more.jsonl"))
    told = project.parity("strength", "--json", *more)
    assert told.status == 1
    assert [one["state"] for one in told.report["explanations"]] == ["refuted"]
    text = project.parity("strength", *more, "--save").text
    assert "refuted explanation (an input catches it): shop.Shop" in text
    told = project.parity("strength", "--json")
    assert told.status == 1
    assert [one["state"] for one in told.report["explanations"]] == ["stale"]


def test_the_fewest_inputs_are_saved_that_catch_as_much(project: Project) -> None:
    shop(project, "clamp", CLAMP, JAVA_CLAMP, "[2,9]|[0,9]")
    rows = [f'{{"id": "x{n}", "args": [{n}, {n - 1}]}}\n' for n in range(1, 9)]
    project.write({"more.jsonl": "".join(rows) + '{"id": "y", "args": [7, 7]}\n'})
    more = str(project.folder / "more.jsonl")
    told = project.parity("strength", "--json", "shop:clamp", "--inputs", more, "--save")
    assert told.unit["saved"] == 2
    again = project.parity("strength", "--json").unit
    assert again["caught"] == again["mutants"]
