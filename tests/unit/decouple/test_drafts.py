"""A draft does what its function does, call by call, or names the line that it cannot say."""

from __future__ import annotations

import asyncio
import copy
import inspect
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from parity.errors import ParityError
from parity.pipeline.decouple import Project, project_of
from parity.pipeline.drafts import drafted
from tests.unit.decouple.machine import Endless, Failed, Machine

DATA = Path(__file__).resolve().parents[2] / "data" / "orchestrators"
ROUNDS = 40


@cache
def code_of(name: str) -> CodeType:
    return compile((DATA / f"{name}.py").read_text("utf-8"), name, "exec")


def module_of(name: str) -> ModuleType:
    module = ModuleType(name)
    exec(code_of(name), module.__dict__)
    return module


@cache
def project() -> Project:
    return project_of(DATA, DATA)


def flows() -> list[str]:
    module = module_of("flows")
    steps = module.VALUES.keys()
    return [
        name
        for name, one in vars(module).items()
        if inspect.isfunction(one) and name not in steps and one.__module__ != "logging"
    ]


class Play:
    """What steps answer, by chance and the same again; and what they were asked."""

    def __init__(self, module: ModuleType, seed: int) -> None:
        self.module = module
        self.chance = random.Random(seed)
        self.calls: list[tuple[str, Any]] = []

    def answer(self, name: str, event: Any) -> Any:
        self.calls.append((name, copy.deepcopy(event)))
        if len(self.calls) > 60:
            raise Endless
        if self.chance.random() < 0.15:
            raise self.chance.choice(self.module.RAISES)(name)
        return copy.deepcopy(self.chance.choice(self.module.VALUES[name]))


class Pool:
    """A pool of one, which takes the items in their order."""

    def __init__(self, max_workers: int) -> None:
        pass

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function: Any, items: Any) -> Iterator[Any]:
        return map(function, items)


def by_python(name: str, given: dict[str, Any], seed: int) -> tuple[list[Any], Any]:
    module = module_of("flows")
    play = Play(module, seed)
    for step in module.VALUES:
        setattr(module, step, stub(step, getattr(module, step), play))
    slept: list[float] = []
    module.time = type("Time", (), {"sleep": slept.append})  # type: ignore[attr-defined]
    module.ThreadPoolExecutor = Pool  # type: ignore[attr-defined]
    flow = getattr(module, name)
    try:
        result = flow(**copy.deepcopy(given))
        if inspect.iscoroutine(result):
            result = asyncio.run(at_once(result))
        return play.calls, result
    except Endless:
        return play.calls, "endless"
    except Exception as error:
        return play.calls, Failed(type(error).__name__)


async def at_once(result: Any) -> Any:
    async def nothing(_: float) -> None:
        pass

    asyncio_sleep, asyncio.sleep = asyncio.sleep, nothing  # type: ignore[assignment]
    try:
        return await result
    finally:
        asyncio.sleep = asyncio_sleep


def stub(name: str, old: Any, play: Play) -> Any:
    signature = inspect.signature(old)

    def answer(*args: Any, **kwargs: Any) -> Any:
        return play.answer(name, signature.bind(*args, **kwargs).arguments)

    async def later(*args: Any, **kwargs: Any) -> Any:
        return answer(*args, **kwargs)

    return later if inspect.iscoroutinefunction(old) else answer


def by_machine(name: str, given: dict[str, Any], seed: int) -> tuple[list[Any], Any]:
    draft = drafted_of(name)
    module = module_of("flows")
    play = Play(module, seed)

    def call(function: str, event: Any) -> Any:
        try:
            return play.answer(draft.functions[function].partition(":")[2], event)
        except Endless:
            raise
        except Exception as error:
            raise Failed(type(error).__name__) from None

    try:
        assert draft.machine is not None
        return play.calls, Machine(draft.machine, call).run(copy.deepcopy(given))
    except Endless:
        return play.calls, "endless"
    except Failed as failed:
        return play.calls, failed


@cache
def drafted_of(name: str) -> Any:
    return drafted(project(), f"flows:{name}")


def inputs(name: str, seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    found: dict[str, Any] = {}
    parameters = inspect.signature(getattr(module_of("flows"), name)).parameters
    for parameter, one in parameters.items():
        lists = [["a", "b", "b"], [], ["b"]]
        plain = ["gift", "x", {"k": 1}]
        found[parameter] = chance.choice(lists if parameter[-1] == "s" else plain)
        if one.default is not one.empty and chance.random() < 0.5:
            del found[parameter]
    if "rows" in found:
        found["rows"] = [chance.choice(plain)]
    if "kind" in found:
        found["kind"] = chance.choice(["gift", "big"])
    return found


@pytest.mark.parametrize("name", flows())
def test_a_draft_calls_what_its_function_calls(name: str) -> None:
    draft = drafted_of(name)
    assert draft.refusals == ()
    ends = set()
    for seed in range(ROUNDS):
        given = inputs(name, seed)
        python, result = by_python(name, given, seed)
        machine, came = by_machine(name, given, seed)
        failed = isinstance(result, Failed)
        if failed and "lets the others go on" in " ".join(draft.notes):
            assert machine == python[: len(machine)]
        else:
            assert machine == python, seed
        if failed:
            assert isinstance(came, Failed), seed
            assert came.error == result.error
        else:
            assert came == result, seed
        ends.add(failed)
    assert ends, name


def test_there_are_more_than_twenty_and_most_shapes_are_among_them() -> None:
    assert len(flows()) >= 20
    kinds = {one.kind for name in flows() for one in drafted_of(name).states}
    assert kinds == {"Task", "Pass", "Choice", "Wait", "Fail", "Map", "Parallel"}


@pytest.mark.parametrize("name", flows())
def test_every_state_names_its_line(name: str) -> None:
    draft = drafted_of(name)
    lines = (DATA / "flows.py").read_text("utf-8").splitlines()
    function = getattr(module_of("flows"), name).__code__
    for state in draft.states:
        assert state.line >= function.co_firstlineno
        assert lines[state.line - 1].strip() == state.source


def marked() -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    ahead: list[tuple[int, str]] = []
    name = ""
    for number, line in enumerate((DATA / "beyond.py").read_text("utf-8").splitlines(), 1):
        mark = line.partition("# refused: ")[2]
        if line.startswith("@"):
            ahead.append((number, mark))
            continue
        name = match[1] if (match := re.match(r"(?:async )?def (\w+)", line)) else name
        found += [(name, *one) for one in [*ahead, (number, mark)] if one[1]]
        ahead.clear()
    return found


@pytest.mark.parametrize(("name", "line", "why"), marked())
def test_what_cannot_be_said_is_refused_with_its_line(name: str, line: int, why: str) -> None:
    draft = drafted(project(), f"beyond:{name}")
    assert draft.machine is None
    assert (line, True) in [(one.line, why in one.why) for one in draft.refusals], draft.refusals
    assert {one.line for one in draft.refusals} == {line}


def test_what_only_tests_hand_in_is_no_step(tmp_path: Path) -> None:
    drivers = "".join(
        f"class Driver{n}:\n    def copy_all(self, source): return source\n" for n in range(6)
    )
    text = f"{drivers}def move(driver, source):\n    return driver.copy_all(source)\n"
    (tmp_path / "moves.py").write_text(text, "utf-8")
    (tmp_path / "tests").mkdir()
    used = "from moves import Driver1, move\n\ndef test_move(): move(Driver1(), 1)\n"
    (tmp_path / "tests" / "test_moves.py").write_text(used, "utf-8")
    (tmp_path / "parity.toml").write_text('sources = ["."]\n', "utf-8")
    found = project_of(tmp_path, None)
    (call,) = found.unit("moves:move").calls
    assert (call.to, call.how) == ("moves:Driver1.copy_all", "by use")
    assert drafted(found, "moves:move").machine is None


def notes_of(tmp_path: Path, text: str, name: str) -> list[str]:
    (tmp_path / "flow.py").write_text(text, "utf-8")
    draft = drafted(project_of(tmp_path, tmp_path), f"flow:{name}")
    assert draft.machine is not None, draft.refusals
    return list(draft.notes)


def test_two_steps_of_one_name_are_two_functions(tmp_path: Path) -> None:
    (tmp_path / "cards.py").write_text("def charge(order): return 1\n", "utf-8")
    (tmp_path / "flow.py").write_text(
        "import cards\n\nclass Bank:\n    def charge(self, order): return 2\n\n"
        "def charge(order): return 3\n\n"
        "def pay(order):\n    charge(order)\n    cards.charge(order)\n"
        "    Bank().charge(order)\n    cards.charge(1)\n",
        "utf-8",
    )
    draft = drafted(project_of(tmp_path, tmp_path), "flow:pay")
    assert draft.machine is not None
    assert sorted(draft.functions.values()) == ["cards:charge", "flow:Bank.charge", "flow:charge"]
    states = draft.machine["States"].values()
    called = [one["Resource"].strip("${}") for one in states if one["Type"] == "Task"]
    order = [draft.functions[one.removesuffix("Function")] for one in called]
    assert order == ["flow:charge", "cards:charge", "flow:Bank.charge", "cards:charge"]


def test_what_a_step_takes_from_its_object_or_a_module_is_noted(tmp_path: Path) -> None:
    text = (
        "_seen = 0\n\ndef count():\n    global _seen\n    _seen += 1\n    return 1\n\n"
        "class Flow:\n    def __init__(self, order): self.order = order\n"
        "    def check(self): return self.size()\n    def size(self): return self.order\n"
        "    def run(self):\n        self.check()\n        self.size()\n        count()\n"
    )
    assert sorted(notes_of(tmp_path, text, "Flow.run")) == [
        "line 14: flow:Flow.size reads self.order: its Lambda has to have it",
        "line 15: flow:count uses flow:_seen, which is written: each Lambda has one of its own",
    ]


def test_what_a_draft_takes_for_granted_is_noted(tmp_path: Path) -> None:
    text = (
        "import time\n\ndef step(x): return x\n\n"
        "def run(orders, rate, when=time.time()):\n"
        "    rate += 1\n    step(rate)\n    [step(one) for one in orders]\n"
        "    try:\n        step(rate['x'])\n    except Exception:\n        step(1)\n"
        "    try:\n        step(2)\n    except (ValueError, OSError):\n        step(when)\n"
    )
    assert sorted(notes_of(tmp_path, text, "run")) == [
        "line 10: `rate['x']` has to be there",
        "line 15: errors of libraries below OSError have to be named",
        "line 15: errors of libraries below ValueError have to be named",
        "line 5: the input has to have `when`",
        "line 6: `rate` is taken for a whole number",
        "line 8: `orders` is taken for a list",
    ]


def test_an_entry_may_be_decorated(tmp_path: Path) -> None:
    text = (
        "from celery import shared_task\n\ndef step(x): return x\n\n"
        "@shared_task(acks_late=True)\ndef run(x):\n    return step(x)\n"
    )
    assert notes_of(tmp_path, text, "run") == ["line 5: what @shared_task does besides is left out"]


def test_a_function_that_is_defined_twice_is_drafted_where_it_stands(tmp_path: Path) -> None:
    text = (
        "import sys\n\ndef step(x): return x\n\n"
        "if sys.argv:\n    def run(x):\n        return step(1)\n"
        "else:\n    def run(x):\n        return step(2)\n"
    )
    (tmp_path / "flow.py").write_text(text, "utf-8")
    found = project_of(tmp_path, tmp_path)
    ids = [row["id"] for row in found.document["units"] if ":run" in row["id"]]
    assert len(ids) == 2
    given = [drafted(found, one).machine["States"]["Step"]["Parameters"] for one in sorted(ids)]
    assert sorted(one["x"] for one in given) == [1, 2]


def test_what_is_read_of_an_object_that_is_made_on_the_way_is_refused(tmp_path: Path) -> None:
    text = (
        "class Target:\n    def __init__(self, path): self.path = path\n"
        "    def exists(self): return self.path\n    def told(self): return self.exists\n\n"
        "def run(path):\n    Target(path).told()\n    return Target(path).exists()\n"
    )
    (tmp_path / "flow.py").write_text(text, "utf-8")
    (refusal,) = drafted(project_of(tmp_path, tmp_path), "flow:run").refusals
    assert (refusal.line, "self.path of an object that is made here" in refusal.why) == (8, True)


@pytest.mark.usefixtures("usual_depth")
def test_a_file_that_is_nested_too_deep_stops_no_draft(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text(f"def f(x):\n    return x{'.a()' * 3000}\n", "utf-8")
    (tmp_path / "flow.py").write_text("def step(x): pass\ndef run(x): step(x)\n", "utf-8")
    found = project_of(tmp_path, tmp_path)
    assert drafted(found, "flow:run").machine is not None
    with pytest.raises(ParityError, match="cannot be read"):
        drafted(found, "deep:f")


@pytest.mark.usefixtures("usual_depth")
def test_what_is_nested_too_deep_is_refused_with_its_line(tmp_path: Path) -> None:
    ways = "".join(f"    elif x == {n}:\n        return {n}\n" for n in range(1, 1500))
    text = f"\ndef run(x):\n    if x == 0:\n        return 0\n{ways}"
    (tmp_path / "flow.py").write_text(text, "utf-8")
    (refusal,) = drafted(project_of(tmp_path, tmp_path), "flow:run").refusals
    assert (refusal.line, "nested too deep" in refusal.why) == (2, True)
