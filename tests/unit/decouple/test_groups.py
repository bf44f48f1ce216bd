"""Which units go into one Lambda: never through state or a circle, and every cut has its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from parity.cli import cli
from parity.pipeline.decouple import groups, project_of
from parity.seams import Group

SHOP = """
_seen = {}

class Stock:
    def __init__(self):
        self.left = {}

    def put(self, item, count):
        self.left[item] = count

    def take(self, item):
        self.left[item] -= 1

def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n != 0 and even(n - 1)

def remember(item):
    _seen[item] = True

def known(item):
    return item in _seen

def net(price):
    return rounded(price * 0.8)

def rounded(price):
    return round(price, 2)

def price_list(path):
    with open(path) as file:
        return file.read().split()

def order(path):
    return [clean(one) for one in price_list(path)]

def invoice(path):
    return [clean(one) for one in price_list(path)]

def clean(text):
    return text.strip()
"""


@pytest.fixture
def found(tmp_path: Path) -> tuple[Group, ...]:
    """The groups of a small shop."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "shop.py").write_text(SHOP)
    (tmp_path / "parity.toml").write_text('sources = ["src"]\n')
    return groups(project_of(tmp_path, None))


def of(found: tuple[Group, ...], name: str) -> Group:
    """The one group that a unit is in."""
    (one,) = [group for group in found if f"shop:{name}" in group.units]
    return one


def test_each_unit_is_in_one_group(found: tuple[Group, ...]) -> None:
    units = [unit for group in found for unit in group.units]
    assert len(units) == len(set(units)) == 13


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Stock.put", "Stock.take", "share self.left"),
        ("even", "odd", "circle"),
        ("remember", "known", "share shop:_seen"),
        ("net", "rounded", "no other caller"),
    ],
)
def test_what_belongs_together_stays_together(
    found: tuple[Group, ...], one: str, other: str, why: str
) -> None:
    group = of(found, one)
    assert group == of(found, other)
    assert any(why in reason for reason in group.together)


def test_io_is_a_group_of_its_own_and_what_several_call_is_a_library(
    found: tuple[Group, ...],
) -> None:
    assert of(found, "price_list").units == ("shop:price_list",)
    reasons = {cut.to: cut.why for cut in of(found, "order").cuts}
    assert "file I/O" in reasons["shop:price_list"]
    assert "2 groups call it" in reasons["shop:clean"]


def test_the_command_takes_a_unit_or_all(tmp_path: Path, found: tuple[Group, ...]) -> None:
    runner = CliRunner()
    project = ["-C", str(tmp_path), "decouple"]
    told = json.loads(runner.invoke(cli, [*project, "--groups", "--json"]).stdout)
    assert [one["name"] for one in told["groups"]] == [one.name for one in found]
    assert runner.invoke(cli, project).exit_code == 2
    assert runner.invoke(cli, [*project, "shop:net", "--groups"]).exit_code == 2


LOCK = """
class Lock:
    def __init__(self):
        self._readers = {}

    def acquire(self, me):
        self._acquire(me)

    def release(self, me):
        self._release(me)

    def held(self, me):
        self.acquire(me)

    def _acquire(self, me):
        self._readers[me] = 1

    def _release(self, me):
        self._readers.pop(me)

    def named(self):
        return "lock"

def first(lock: Lock):
    lock.acquire(1)
    lock.release(1)

def second(lock: Lock):
    lock.acquire(2)
    lock.release(2)
"""


def test_methods_that_come_to_state_through_their_own_go_with_it(tmp_path: Path) -> None:
    (tmp_path / "locks.py").write_text(LOCK, "utf-8")
    found = {unit: one for one in groups(project_of(tmp_path, tmp_path)) for unit in one.units}
    lock = found["locks:Lock._acquire"]
    names = ("__init__", "acquire", "release", "held", "_acquire", "_release")
    assert {f"locks:Lock.{name}" for name in names} <= {*lock.units}
    assert "locks:Lock.named" not in lock.units
    whys = {one.why for one in found["locks:first"].cuts}
    assert whys == {"it keeps self._readers: all have to call the one that has it"}
