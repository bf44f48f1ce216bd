"""A variable that may hold more than can be followed, and what is left when a group is solved."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan, scanning
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import LET_IN, MOST_HELD, MOST_LET_IN, NARROW, STEPS, Moving
from parity.scan.objects import EXTERNAL, FUNCTION, MODULE
from parity.scan.solving import Solver

KINDS = (FUNCTION, EXTERNAL, MODULE)


class _Plain:
    """What a variable holds, as the limits say it, without a short cut."""

    def __init__(self, kinds: list[int]) -> None:
        self.kinds = kinds
        self.held: set[int] = set()
        self.dropped = self.capped = False

    def take(self, objects: set[int]) -> None:
        more = sorted(objects - self.held)
        room = MOST_HELD - len(self.held)
        if len(more) > room:
            self.capped = True
            functions = [one for one in more if self.kinds[one] in LET_IN]
            functions = functions[: max(0, room + MOST_LET_IN - MOST_HELD)]
            others = [one for one in more if self.kinds[one] not in LET_IN]
            kept = others[: max(0, room - len(functions))]
            self.dropped |= any(self.kinds[one] == EXTERNAL for one in others[len(kept) :])
            more = functions + kept
        self.held |= set(more)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(("name", "is_told"), [("builtins.str()", False), ("json.loads()", True)])
def test_a_value_that_does_not_fit_is_no_loss(name: str, is_told: bool, together: bool) -> None:
    moving = Moving()
    to = moving.new()
    moving._add_all(to, frozenset(moving.objects.number(MODULE, at) for at in range(MOST_HELD)))
    one = moving.objects.external(name)
    if together:
        moving._add_all(to, frozenset({one}))
    else:
        moving.add(to, one)
    assert one not in moving.holds[to]
    assert (to in moving.dropped) is is_told


@pytest.mark.parametrize(
    ("last", "klass"),
    [("shutil.rmtree", "port"), ("math.sqrt", "pure"), ("strange.go", "opaque")],
)
def test_of_what_does_not_fit_is_told_what_it_would_do(
    tmp_path: Path, last: str, klass: str
) -> None:
    """The last comes when its list is full: names of the outside come in as they are numbered."""
    many = "".join(f"all.append(operator.attrgetter{n}_)\n" for n in range(MOST_HELD))
    text = f"import math, operator, shutil, strange\nall = []\n{many}all.append({last})\n"
    call = "def f():\n for one in all: one(1)\n"
    (tmp_path / "m.py").write_text(text + call, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    (unit,) = (unit for unit in found.units if unit.id == "m:f")
    assert unit.own_class == klass


@pytest.mark.parametrize("seed", range(40))
def test_a_full_variable_holds_what_the_limits_say_however_it_came(seed: int) -> None:
    chance = random.Random(seed)
    moving = Moving()
    for number in range(400):
        moving.objects.number(chance.choice(KINDS), number)
    to = moving.new()
    plain = _Plain(moving.objects.kinds)
    few = sorted(chance.sample(range(400), chance.choice((20, 60, 100, 300))))
    for _ in range(chance.randrange(2, 40)):
        objects = set(chance.sample(few, chance.randrange(1, min(30, len(few)))))
        moving._add_all(to, frozenset(objects))
        if not plain.held:
            plain.held = set(objects)
        else:
            plain.take(objects)
        assert moving.holds[to] == plain.held
        assert (to in moving.capped, to in moving.dropped) == (plain.capped, plain.dropped)


def test_a_group_that_is_solved_is_freed_without_a_walk_for_cycles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[Solver]] = []

    class Watched(Solver):
        def __init__(
            self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects
        ) -> None:
            super().__init__(modules, aliases, effects)
            made.append(weakref.ref(self))

    monkeypatch.setattr(scanning, "Solver", Watched)
    (tmp_path / "m.py").write_text("class A:\n    def f(self): return self.f()\n", "utf-8")
    collects = gc.isenabled()
    gc.disable()
    try:
        found = scanning.solve(scanning.plan(gather(ScanOptions([tmp_path], tmp_path))), 0)
    finally:
        if collects:
            gc.enable()
    assert found.units
    assert [one() for one in made] == [None]


def test_what_takes_too_long_is_followed_less_far(tmp_path: Path) -> None:
    many = 60
    classes = "".join(f"class C{n}:\n def go(self): pass\n" for n in range(many))
    made = ", ".join(f"C{n}()" for n in range(many))
    calls = "".join(f" for x in all: x.go{n % 7}()\n" for n in range(700))
    (tmp_path / "m.py").write_text(f"{classes}def f():\n all = [{made}]\n{calls}", "utf-8")
    of = scanning.plan(gather(ScanOptions([tmp_path], tmp_path)))
    solver = Solver(scanning._modules(of, of.components[0]), of.aliases, of.effects)
    solver.solve()
    assert solver.steps > STEPS * 1000
    assert solver.most == NARROW[0]
    assert solver.capped
