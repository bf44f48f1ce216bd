"""`parity record` of a class: what each instance was made of, and its calls step by step."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.functional.conftest import Project
from tests.functional.test_record import fixtures, record, units

SHOP = """\
class Till:
    def __init__(self, limit, name=None):
        if limit < 0:
            raise ValueError("no limit")
        self.limit = limit
        self.taken = []

    def take(self, amount, note=""):
        if self.total() + amount > self.limit:
            raise OverflowError("full")
        self.taken.append(amount)
        return self.total()

    acquire = take

    def total(self):
        return sum(self.taken)

    def each(self):
        yield from self.taken

    async def later(self, amount):
        return self.take(amount)

    def __getitem__(self, index):
        return self.taken[index]

    def __setitem__(self, index, amount):
        self.taken[index] = amount

    def sign_in(self, email):
        return email


class Kiosk(Till):
    pass


class Slotted:
    __slots__ = ("n",)

    def __init__(self, n):
        self.n = n


class Bare:
    def name(self):
        return "bare"
"""
TILL = """\
package shop;

import java.util.ArrayList;
import java.util.List;

public final class Till {
    private final long limit;
    private final List<Long> taken = new ArrayList<>();

    public Till(long limit, String name) {
        if (limit < 0) {
            throw new IllegalArgumentException("no limit");
        }
        this.limit = limit;
    }

    public long take(long amount, String note) {
        if (total() + amount > limit) {
            throw new ArithmeticException("full");
        }
        taken.add(amount);
        return total();
    }

    public long total() {
        return taken.stream().mapToLong(Long::longValue).sum();
    }
}
"""


@pytest.fixture
def shop(project: Project) -> Project:
    for file in (project.folder / "fixtures").rglob("*.jsonl"):
        file.unlink()
    names = ("Till", "Slotted", "Bare")
    entries = [f'[unit."shop:{name}"]\njava = "shop.Till"\n' for name in names]
    return project.write({"src/shop.py": SHOP, "parity.map.toml": "".join(entries)})


def recorded(project: Project, program: str, *options: str) -> dict[str, Any]:
    """What came of recording a program that has the classes at hand."""
    head = 'import asyncio, sys, threading\nsys.path.insert(0, "src")\nfrom shop import *\n'
    project.write({"app.py": head + program})
    told = record(project, options=options)
    assert told.status == 0, told.text
    return units(told)["shop:Till"]


def lives(project: Project) -> list[tuple[Any, list[Any]]]:
    """The constructor's arguments and the steps of each fixture."""
    return [
        (one["args"], [[step["call"], *step["args"]] for step in one["steps"]])
        for one in fixtures(project, "Till")
    ]


def test_an_instance_is_a_fixture_and_its_calls_from_outside_are_the_steps(shop: Project) -> None:
    program = """
till = Till(10)
till.take(4), till.acquire(3)
try:
    till.take(9)
except OverflowError:
    till.total()
Kiosk(5).take(1)
del till
other = Till(7)
other.take(1)
"""
    found = recorded(shop, program)
    assert found["calls"] == 2
    assert sorted(lives(shop), key=len) == [
        ([7], [["take", 1]]),
        ([10], [["take", 4], ["take", 3], ["take", 9], ["total"]]),
    ]


def test_names_of_arguments_and_coroutines_are_kept(shop: Project) -> None:
    recorded(shop, "till = Till(9, name='a')\nasyncio.run(till.later(2))\ntill.take(1, note='x')\n")
    (one,) = fixtures(shop, "Till")
    assert one["kwargs"] == {"name": "a"}
    assert one["steps"] == [
        {"call": "later", "args": [2]},
        {"call": "take", "args": [1], "kwargs": {"note": "x"}},
    ]


def test_what_is_recorded_is_run_on_both_sides(shop: Project) -> None:
    shop.write({"java/shop/Till.java": TILL}).javac()
    recorded(shop, "for n in range(6):\n    till = Till(n)\n    [till.take(1) for _ in range(n)]\n")
    shop.write({"parity.map.toml": '[unit."shop:Till"]\njava = "shop.Till"\n'})
    told = shop.run()
    assert told.status == 0, told.text
    assert told.unit["matched"] == 6


@pytest.mark.parametrize(
    ("calls", "steps"),
    [
        ("till.take(1); list(till.each()); till.take(2)", [["take", 1]]),
        ("till.take(1); till[0] = 5; till.take(2)", [["take", 1]]),
        ("till.take(1); till[0]; till.take(2)", [["take", 1], ["take", 2]]),
        ("[till.take(0) for _ in range(60)]", [["take", 0]] * 40),
        ("till._hidden = 1; till.take(1); till.total()", [["take", 1], ["total"]]),
    ],
)
def test_an_instance_is_followed_up_to_what_is_no_step(
    shop: Project, calls: str, steps: list[Any]
) -> None:
    recorded(shop, f"till = Till(9)\n{calls}\n")
    assert lives(shop) == [([9], steps)]


def test_what_has_no_form_ends_it_and_is_counted(shop: Project) -> None:
    program = (
        "till = Till(9)\ntill.take(1)\ntry:\n    till.take(print)\nexcept TypeError:\n    pass\n"
    )
    found = recorded(shop, program)
    assert lives(shop) == [([9], [["take", 1]])]
    assert sum(found["formless"].values()) == 1


def test_an_instance_that_threads_call_at_once_is_none(shop: Project) -> None:
    program = """
import time
till = Till(9)
till.total = lambda: time.sleep(0.3) or 0
threads = [threading.Thread(target=till.take, args=(n,)) for n in range(2)]
[one.start() for one in threads], [one.join() for one in threads]
"""
    found = recorded(shop, program)
    assert found["fixtures"] == 0
    assert "two threads" in str(found["formless"])


def test_what_steps_are_given_is_masked(shop: Project) -> None:
    recorded(shop, "till = Till(9)\ntill.sign_in('Ann Smith')\ntill.take(1, 'ann@corp.example')\n")
    (one,) = fixtures(shop, "Till")
    text = json.dumps(one).lower()
    assert "ann" not in text
    assert one["steps"][1]["args"][1].endswith(".example")


def test_a_class_that_cannot_be_followed_is_told(shop: Project) -> None:
    told = record(shop.write({"app.py": 'import sys\nsys.path.insert(0, "src")\nimport shop\n'}))
    found = units(told)
    assert "weakly" in found["shop:Slotted"]["trouble"]
    assert "__init__" in found["shop:Bare"]["trouble"]


def test_sampling_takes_the_first_instance_and_then_ever_fewer(shop: Project) -> None:
    found = recorded(shop, "for n in range(500):\n    Till(9).take(1)\n", "--sample")
    assert found["calls"] == 500
    assert lives(shop) == [([9], [["take", 1]])]
