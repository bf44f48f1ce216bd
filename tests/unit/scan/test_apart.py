"""Decorators of the project, followed apart for each function that they are put on."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scan import apart
from tests.unit.scan.one_file import called, scan_of, unit

TWO = "class A:\n def go(self): pass\nclass B:\n def go(self): pass\n"
BOTH = {"m:A.go", "m:B.go"}
PLAIN = "def deco(f):\n def inner(*a, **k): return f(*a, **k)\n return inner\n"
DECORATORS = {
    "a plain one": ("deco", PLAIN),
    "one that takes part in the call": (
        "deco",
        "def deco(f):\n def inner(x):\n  got = f(x)\n  return got\n return inner\n",
    ),
    "one that is made": (
        "deco(3)",
        "import functools\ndef deco(n):\n def made(f):\n  @functools.wraps(f)\n"
        "  def inner(*a): return f(*a)\n  return inner\n return made\n",
    ),
    "one that asks for an annotation": (
        "deco",
        "def deco(f) -> object:\n def inner(x: object) -> object: return f(x)\n return inner\n",
    ),
}
USED = "@{0}\ndef one(x):\n x.go()\n return x\n@{0}\ndef two(y):\n y.go()\n return y\n"
ASKED = "def first(): one(A()).go()\ndef second(): two(B()).go()\n"


@pytest.mark.parametrize("kind", DECORATORS)
def test_arguments_and_results_are_those_of_the_function(tmp_path: Path, kind: str) -> None:
    name, defined = DECORATORS[kind]
    found = scan_of(tmp_path, f"{TWO}{defined}{USED.format(name)}{ASKED}")
    assert called(found, "m:one") == {"m:A.go"}
    assert called(found, "m:two") == {"m:B.go"}
    assert "m:B.go" not in called(found, "m:first")
    assert "m:A.go" not in called(found, "m:second")
    inner = next(one.id for one in found.units if one.id.endswith(".inner"))
    assert called(found, inner) == {"m:one", "m:two"}
    assert inner in called(found, "m:first") & called(found, "m:second")


def test_methods_and_coroutines_are_kept_apart_too(tmp_path: Path) -> None:
    text = (
        f"{TWO}import asyncio\n"
        "def deco(f):\n async def inner(*a): return await f(*a)\n return inner\n"
        "class M:\n @deco\n async def one(self, x): return x\n"
        " @deco\n async def two(self, y): return y\n"
        "async def first(m: M): (await m.one(A())).go()\nasync def second(m: M): "
        "(await m.two(B())).go()\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:first") & BOTH == {"m:A.go"}
    assert called(found, "m:second") & BOTH == {"m:B.go"}


def test_what_a_decorator_does_is_told_once_and_of_itself(tmp_path: Path) -> None:
    text = (
        f"{TWO}import os\n"
        "def log(t): print(t)\n"
        "def deco(f):\n def inner(x):\n  log(os.environ['HOME'])\n  x.go()\n  return f(x)\n"
        " return inner\n"
    )
    found = scan_of(tmp_path, f"{text}{USED.format('deco')}{ASKED}")
    inner = unit(found, "m:deco.<locals>.inner")
    calls = [(one.to, one.line) for one in inner.calls]
    assert sorted(calls) == sorted(set(calls))
    assert {one for one, _ in calls} == {"m:log", "m:one", "m:two", *BOTH}
    assert {one.kind for one in inner.effects if not one.via} == {"env"}
    assert not inner.unresolved
    assert found.totals["calls"]["unresolved"] == 0
    assert [one.id for one in found.units].count("m:deco.<locals>.inner") == 1


def test_a_decorator_that_is_also_called_is_called_there(tmp_path: Path) -> None:
    found = scan_of(
        tmp_path, f"{TWO}{PLAIN}{USED.format('deco')}def by(f): deco(f)(B()).go()\nby(two)\n"
    )
    assert called(found, "m:by") & BOTH == {"m:B.go"}
    assert called(found, "m:two") == {"m:B.go"}


def test_without_room_a_decorator_is_followed_for_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_OF_ALL", 0)
    found = scan_of(tmp_path, f"{TWO}{PLAIN}{USED.format('deco')}{ASKED}")
    assert called(found, "m:one") == BOTH
    assert called(found, "m:first") >= BOTH
