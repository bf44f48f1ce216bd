"""Slips on the python side: what is left out, turned round or another constant, in trials."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from parity.config import find_config
from parity.diff.causes.slips import FURTHER
from parity.model import Unit
from parity.sides.python.side import python_unit, python_worker
from parity.sides.worker import Worker

CONFIG = 'sources = ["src"]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n'
Slipped = Callable[..., dict[str, Any]]


@pytest.fixture
def slipped(tmp_path: Path) -> Iterator[Slipped]:
    """What `mod:f` gives under each slip that would change something: by kind of it and line."""
    workers: list[Worker] = []

    def run(text: str, *args: Any, further: bool = False) -> dict[str, Any]:
        (tmp_path / "src").mkdir()
        (tmp_path / "src" / "mod.py").write_text(dedent(text), "utf-8")
        (tmp_path / "parity.toml").write_text(CONFIG, "utf-8")
        worker = python_worker(find_config(tmp_path), hash_seed=0)
        workers.append(worker)
        worker.load([python_unit(Unit("mod:f", "map"))])
        lines = [json.dumps({"args": list(args)})]
        looked = worker.trials("mod:f", lines, None, 5.0, slips=True)
        assert looked is not None
        where = {site[0]: site[2] for site in looked["sites"]}
        found = looked["looked"][0]["found"]
        found = [one for one in found if one[1].startswith(FURTHER) is further]
        plans = [[(site, key)] for site, key in found]
        told = worker.trials("mod:f", lines, plans, 5.0, slips=True)
        assert told is not None
        given = [json.loads(texts[0])["returned"] for texts in told["observations"]]
        pairs = zip(found, given, strict=True)
        return {f"{key.partition('/')[2]} {where[site]}": value for (site, key), value in pairs}

    yield run
    for worker in workers:
        worker.close()


def test_a_call_is_left_out_where_what_it_was_given_could_stand_for_its_result(
    slipped: Slipped,
) -> None:
    text = """
    def norm(text):
        return "<" + text + ">"

    def f(a):
        a = a.strip()
        b = norm(a)
        return [b, len(a), sorted([2, 1])]
    """
    told = slipped(text, " x ")
    assert told["receiver 6"] == ["< x >", 3, [1, 2]]
    assert told["argument 7"] == ["x", 1, [1, 2]]
    assert told["argument 8"] == ["<x>", 1, [2, 1]]
    assert told["first 3"] == [">", 1, [1, 2]]
    assert told["operand 3"] == ["<x", 1, [1, 2]]  # all but the last of it


def test_each_of_what_a_call_was_given_may_be_all_there_is(slipped: Slipped) -> None:
    text = """
    def f(a, b):
        return [max(a, b), a / b]
    """
    told = slipped(text, 5, 2)
    assert told["second 3"] == [2, 2.5]
    assert told["operand 3"] == [5, 5]


def test_what_a_call_or_an_assignment_does_is_not_done(slipped: Slipped) -> None:
    text = """
    def f(a):
        n = 1
        a.append(9)
        n += 5
        a[0] = 7
        return [a, n]
    """
    assert slipped(text, [1]) == {
        "done 4": [[7], 6],
        "change 5": [[7, 9], 1],
        "store 6": [[1, 9], 6],
    }


def test_a_negation_is_left_out(slipped: Slipped) -> None:
    assert slipped("def f(a, b):\n    return [-a,\n        not b, -1]\n", 3, False) == {
        "negation 2": [3, True, -1],
        "negation 3": [-3, False, -1],
    }


def test_a_case_of_its_own_does_not_come_and_and_is_or(slipped: Slipped) -> None:
    text = """
    def f(a, b):
        if a or b:
            return "special"
        return "as ever"
    """
    assert slipped(text, 1, 0) == {
        "branch 3": "as ever",
        "turned 3": "as ever",
        "rest 3": "special",
        "all-but-last 3": "as ever",
    }


def test_what_is_not_tested_always_comes(slipped: Slipped) -> None:
    text = "def f(a):\n    return a if a > 0 else 0\n"
    assert slipped(text, -3) == {"test 2": -3}


def test_a_call_within_the_target_of_a_change_is_left_out(slipped: Slipped) -> None:
    text = """
    def f(a):
        n = {"x": 1, "X": 2}
        n[a.upper()] += 5
        return n
    """
    assert slipped(text, "x")["receiver 4"] == {"x": 6, "X": 2}


def test_turned_operands_keep_their_values(slipped: Slipped) -> None:
    assert slipped("def f(a, b):\n    return a and b\n", 0, 7) == {
        "turned 2": 7,
        "rest 2": 0,
        "all-but-last 2": 7,
    }


def test_another_constant_stands_for_a_number_a_text_and_a_name_in_capitals(
    slipped: Slipped, tmp_path: Path
) -> None:
    text = '''
    LIMIT = 3

    def f(a):
        """A text that says nothing to the program."""
        return [a + 2, "x", LIMIT, f"{a}-{1}"]
    '''
    slipped(text, 1)
    worker = python_worker(find_config(tmp_path), hash_seed=0)
    worker.load([python_unit(Unit("mod:f", "map"))])
    lines = [json.dumps({"args": [1]})]
    looked = worker.trials("mod:f", lines, None, 5.0, slips=True)
    assert looked is not None
    given = {text: site for (site, _, text, _) in looked["looked"][0]["given"] if _ == text}
    assert {"2", '"x"', "3", "1"} <= set(given)
    assert not any("says nothing" in text for text in given)
    plans = [[(given[one], "other-constant/8")] for one in ("2", '"x"', "3", "1")]
    told = worker.trials("mod:f", lines, plans, 5.0, slips=True)
    worker.close()
    assert told is not None
    assert [json.loads(texts[0])["returned"] for texts in told["observations"]] == [
        [9, "x", 3, "1-1"],
        [3, 8, 3, "1-1"],
        [3, "x", 8, "1-1"],
        [3, "x", 3, "1-8"],
    ]


def test_another_constant_stands_within_a_table(slipped: Slipped, tmp_path: Path) -> None:
    text = """
    HOURS = {"early": 8, "night": (10, [3])}

    def f(a):
        return [HOURS[a], HOURS["early"]]
    """
    slipped(text, "night")
    worker = python_worker(find_config(tmp_path), hash_seed=0)
    worker.load([python_unit(Unit("mod:f", "map"))])
    lines = [json.dumps({"args": ["night"]})]
    looked = worker.trials("mod:f", lines, None, 5.0, slips=True)
    assert looked is not None
    given = [one for one in looked["looked"][0]["given"] if one[1] == "other-constant/listed"]
    assert {text for _, _, text, _ in given} == {'"early"', "8", '"night"', "10", "3"}
    told = worker.trials(
        "mod:f", lines, [[(given[0][0], "other-constant/[10, 7]")]], 5.0, slips=True
    )
    worker.close()
    assert told is not None
    assert json.loads(told["observations"][0][0])["returned"] == [{"$tuple": [7, [3]]}, 8]


def test_a_variable_stands_for_another_of_its_kind(slipped: Slipped) -> None:
    text = """
    def f(net, gross, name):
        part = 1
        part += len(
            name)
        return [
            net,
            gross,
            part]
    """
    assert slipped(text, 3, 5.0, "a", further=True) == {
        "gross 7": [5.0, 5.0, 2],
        "part 7": [2, 5.0, 2],
        "net 8": [3, 3, 2],
        "part 8": [3, 2, 2],
        "net 9": [3, 5.0, 3],
        "gross 9": [3, 5.0, 5.0],
    }


def test_arguments_sides_and_tests_stand_the_other_way_round(slipped: Slipped) -> None:
    text = """
    def cut(text, start, end):
        return text[start:end]

    def f(a):
        b = cut(a, 1, 3)
        c = 9 - 5
        d = "more" if c > 3 else "less"
        if d:
            return [b, c, d]
    """
    told = slipped(text, "abcd", further=True)
    assert told["last-arguments 6"] == ["", 4, "more"]
    assert told["sides 7"] == ["bc", -4, "less"]
    assert told["sides 8"] == ["bc", 4, "less"]
    assert told["test 8"] == ["bc", 4, "less"]
    assert told["test 9"] is None


def test_a_loop_goes_on_where_it_ends_and_ends_where_it_goes_on(slipped: Slipped) -> None:
    text = """
    def f(a):
        n = 0
        for b in a:
            if b > 5:
                break
            if b == 2:
                continue
            n = n + b
        return n
    """
    told = slipped(text, [1, 2, 4, 8, 3], further=True)
    assert told["leap 6"] == 8
    assert told["leap 8"] == 1


def test_a_call_stands_for_the_one_that_does_the_same_the_other_way_round(slipped: Slipped) -> None:
    text = """
    def f(a):
        n = max(a)
        return [n, "a.b.c".rpartition(
            ".")[2]]
    """
    told = slipped(text, [3, 1], further=True)
    assert told["twin 3"] == [1, "c"]
    assert told["twin 4"] == [3, "b.c"]


def test_a_place_in_what_is_sorted_may_be_before_equals_or_behind(slipped: Slipped) -> None:
    text = """
    from bisect import bisect
    def f(a):
        return bisect(a, 3)
    """
    assert slipped(text, [1, 3, 5], further=True)["twin 4"] == 1


def test_the_case_behind_is_tested_first(slipped: Slipped) -> None:
    text = """
    def f(a):
        if a < 7:
            return "hot"
        elif a < 30:
            return "warm"
        return "cold"
    """
    assert slipped(text, 3, further=True)["cases 3"] == "warm"
