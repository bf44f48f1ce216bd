"""`parity record -- COMMAND`: what a program gives to mapped units becomes fixtures."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from parity.config import find_config
from parity.pipeline.record import record as pipeline_record
from tests.functional.conftest import ROOT, Project, Told

SHOP = """\
import asyncio
import functools


def half(n, by=2):
    if n < 0:
        raise ValueError("negative")
    if n > 100:
        return None
    return n // by


class Cart:
    def __init__(self, n):
        self.n = n

    def add(self, k):
        self.n += k
        return self.n

    @classmethod
    def make(cls, n):
        return n + 1

    @staticmethod
    def twice(n):
        return n * 2

    @property
    def double(self):
        return self.n * 2


class Special(Cart):
    def add(self, k):
        return super().add(k) + 1


def in_place(items):
    items.sort()


@functools.lru_cache
def cached(n):
    return n * 3


async def later(n):
    await asyncio.sleep(0)
    return n


def steps(n):
    yield from range(n)


def decorated_by(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


@decorated_by
def decorated(a, b=1):
    return a + b


def numbers(n):
    return iter([1, n])


class Lazy:  # as frameworks write it: it gives itself where a class is asked for it
    def __init__(self, getter):
        self.getter = getter
        self.name = getter.__name__

    def __get__(self, one, kind=None):
        if one is None:
            return self
        one.__dict__[self.name] = self.getter(one)
        return one.__dict__[self.name]


class Page:
    def __init__(self, n):
        self.n = n

    @Lazy
    def hooks(self):
        return [self.n]

    @functools.cached_property
    def size(self):
        return self.n * 2

    @functools.lru_cache
    def at(self, k):
        return self.n + k


def odd(value):
    return value


def moody(n, _mood=[0]):
    _mood[0] += 1
    return _mood[0]


HELD = {"half": half}
"""
UNITS = [
    *("half", "Cart.add", "Cart.make", "Cart.twice", "Cart.double", "Special.add"),
    *("in_place", "cached", "later", "steps", "decorated", "odd"),
    *("Page.hooks", "Page.size", "Page.at", "numbers"),
]
APP = """\
import asyncio, multiprocessing, os, sys, threading
sys.path.insert(0, "src")
import shop
from shop import half as taken

for n in range(-3, 40):
    try:
        shop.HELD["half"](n)
    except ValueError:
        pass
shop.half(7, by=3)
cart = shop.Cart(2)
cart.add(3)
shop.Cart.make(2), shop.Cart.twice(2), cart.double
shop.Special(1).add(2)
shop.in_place([3, 1, 2])
shop.cached(3), shop.cached(3)
assert asyncio.run(shop.later(4)) == 4
assert list(shop.steps(3)) == [0, 1, 2]
shop.decorated(1, b=2)
assert list(shop.numbers(2)) == [1, 2]
page = shop.Page(4)
assert (page.hooks[0], page.hooks, page.size, page.at(1), page.at(1)) == (4, [4], 8, 5, 5)
shop.odd(lambda: 1), shop.odd(3)
child = multiprocessing.get_context("spawn" if "spawn" in sys.argv else "fork").Process(
    target=shop.half, args=(1000,)
)
if __name__ == "__main__":
    child.start()
    child.join()
    if os.fork() == 0:
        taken(2000)
        os._exit(0)
    os.wait()
    thread = threading.Thread(target=taken, args=(3000,))
    thread.start()
    thread.join()
    if "wait" in sys.argv:
        print("working", flush=True)
        while True:
            taken(50)
"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A program that calls all of its functions, all of them mapped."""
    entries = [f'[unit."shop:{name}"]\njava = "shop.Half#half"\n' for name in UNITS]
    for file in (project.folder / "fixtures").rglob("*.jsonl"):
        file.unlink()
    return project.write({"src/shop.py": SHOP, "app.py": APP, "parity.map.toml": "".join(entries)})


def record(project: Project, *arguments: str, options: tuple[str, ...] = ()) -> Told:
    """`parity record` of the program, run in the folder of the project."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "parity", "record", "--json", *options, "--"]
    done = subprocess.run(
        [*command, sys.executable, *(arguments or ("app.py",))],
        cwd=project.folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


def units(told: Told) -> dict[str, dict[str, Any]]:
    return {unit["id"]: unit for unit in json.loads(told.out.splitlines()[-1])["units"]}


def fixtures(project: Project, name: str) -> list[dict[str, Any]]:
    """The lines of a unit's file, less its first."""
    text = (project.folder / "fixtures" / "shop" / f"{name}.jsonl").read_text("utf-8")
    head, *lines = text.splitlines()
    assert json.loads(head) == {"parity": 1, "unit": f"shop:{name}"}
    return [json.loads(line) for line in lines]


def observed(project: Project, name: str) -> list[tuple[Any, Any]]:
    """Arguments and result of each fixture."""
    return [
        (one["args"], one.get("observed", {}).get("returned")) for one in fixtures(project, name)
    ]


def test_every_kind_of_function_is_recorded_in_every_process(shop: Project) -> None:
    told = record(shop)
    assert told.status == 0, told.text
    assert {name for name in units(told) if units(told)[name]["fixtures"] == 0} == set()
    inputs = [one["args"] for one in fixtures(shop, "half")]
    for n in (-1, 7, 39, 1000, 2000, 3000):  # a child, a fork and a thread among them
        assert [n] in inputs
    assert observed(shop, "Cart.make") == [([2], 3)]
    assert observed(shop, "Cart.twice") == [([2], 4)]
    assert observed(shop, "later") == [([4], 4)]
    assert observed(shop, "steps") == [([3], None)]
    assert observed(shop, "cached") == [([3], 9)]
    assert observed(shop, "numbers") == [([2], None)]
    assert observed(shop, "Page.hooks") == [([], [4])]
    assert observed(shop, "Page.size") == [([], 8)]
    assert observed(shop, "Page.at") == [([1], 5)]
    assert fixtures(shop, "decorated")[0]["kwargs"] == {"b": 2}


def test_what_python_did_is_recorded_too(shop: Project) -> None:
    record(shop)
    by_input = {json.dumps(one["args"]): one for one in fixtures(shop, "half")}
    raised = {"class": "ValueError", "message": "negative"}
    assert by_input["[-1]"]["observed"] == {"raised": raised}
    assert by_input["[1000]"]["observed"] == {"returned": None}
    (sorted_,) = fixtures(shop, "in_place")
    assert sorted_["args"] == [[3, 1, 2]]
    assert sorted_["observed"] == {"returned": None, "args": [[1, 2, 3]]}
    (double,) = fixtures(shop, "Cart.double")
    assert double["self"] == {"$object": ["shop:Cart", {"n": 5}]}
    added = {json.dumps(one["self"]): one["observed"] for one in fixtures(shop, "Cart.add")}
    changed = {"$object": ["shop:Cart", {"n": 5}]}
    before = json.dumps({"$object": ["shop:Cart", {"n": 2}]})
    assert added[before] == {"returned": 5, "self": changed}


def test_what_has_no_form_is_counted_by_reason(shop: Project) -> None:
    told = record(shop)
    odd = units(told)["shop:odd"]
    assert (odd["calls"], odd["fixtures"]) == (2, 1)
    assert odd["formless"] == {"it has no fields that could be written (function)": 1}


def test_a_started_process_is_recorded(shop: Project) -> None:
    told = record(shop, "app.py", "spawn")
    assert told.status == 0, told.text
    assert [1000] in [one["args"] for one in fixtures(shop, "half")]


def test_what_was_recorded_matches_when_it_is_run(shop: Project) -> None:
    record(shop)
    java = "package shop;\n\npublic final class Half {\n"
    java += "  public static Long half(long n, int by) {\n"
    java += '    if (n < 0) { throw new IllegalArgumentException("negative"); }\n'
    java += "    return n > 100 ? null : Long.valueOf(Math.floorDiv(n, by));\n  }\n}\n"
    told = shop.write({"java/shop/Half.java": java}).javac().run("shop:half")
    assert told.status == 0, told.text
    assert told.unit["matched"] == len(fixtures(shop, "half")) == 47


def test_recording_twice_adds_nothing(shop: Project) -> None:
    record(shop)
    before = {file: file.read_bytes() for file in shop.folder.rglob("fixtures/**/*.jsonl")}
    told = record(shop)
    assert {unit["added"] for unit in units(told).values()} == {0}
    assert before == {file: file.read_bytes() for file in shop.folder.rglob("fixtures/**/*.jsonl")}


def test_of_many_those_are_kept_that_go_different_ways(shop: Project) -> None:
    record(shop, options=("--max", "4", "--unit", "shop:half"))
    kept = [one["args"][0] for one in fixtures(shop, "half")]
    assert len(kept) == 4
    assert any(n < 0 for n in kept)
    assert any(n > 100 for n in kept)
    assert any(0 <= n <= 100 for n in kept)
    shop.write({"app.py": "import sys\nsys.path.insert(0, 'src')\nimport shop\nshop.half(5)\n"})
    record(shop, options=("--max", "4", "--unit", "shop:half"))
    assert [one["args"][0] for one in fixtures(shop, "half")] == kept


def test_fixtures_written_by_hand_stay_as_they_are(shop: Project) -> None:
    text = '{"parity":1,"unit":"shop:half"}\n\n{"id": "mine", "args": [ 3 ]}\n'
    shop.write({"fixtures/shop/half.jsonl": text})
    record(shop, options=("--unit", "shop:half"))
    now = (shop.folder / "fixtures/shop/half.jsonl").read_text("utf-8")
    assert now.startswith(text)
    assert [3] not in [json.loads(line)["args"] for line in now.removeprefix(text).splitlines()]


def test_anew_forgets_what_was_recorded_and_nothing_else(shop: Project) -> None:
    record(shop, options=("--unit", "shop:half"))
    before = fixtures(shop, "half")
    mine = '{"id": "mine", "args": [12345]}\n{"id": "r_00000000", "args": [54321]}\n'
    with (shop.folder / "fixtures/shop/half.jsonl").open("a") as file:
        file.write(mine)
    shop.write({"app.py": "import sys\nsys.path.insert(0, 'src')\nimport shop\nshop.half(98765)\n"})
    record(shop, options=("--unit", "shop:half", "--anew"))
    assert [98765] not in [one["args"] for one in before]
    assert [one["args"] for one in fixtures(shop, "half")] == [[12345], [54321], [98765]]


def test_an_input_with_two_results_is_told(shop: Project) -> None:
    shop.write(
        {
            "parity.map.toml": '[unit."shop:moody"]\njava = "shop.Half#half"\n',
            "app.py": "import sys\nsys.path.insert(0, 'src')\nimport shop\nimport os\n"
            "pid = os.fork()\nif pid == 0:\n    shop.moody(9)\nshop.moody(1)\n"
            "if pid:\n    os.wait()\n",
        }
    )
    told = record(shop)
    assert units(told)["shop:moody"]["contradicting"] == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_program_that_is_killed_leaves_what_was_seen(shop: Project, how: int) -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "parity", "record", "--json", "--"]
    with subprocess.Popen(
        [*command, sys.executable, "app.py", "wait"],
        cwd=shop.folder,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    ) as recording:
        assert recording.stdout is not None
        assert recording.stdout.readline() == "working\n"
        os.kill(child_of(recording.pid), how)
        out = recording.stdout.read()
    assert recording.returncode == 0
    assert json.loads(out.splitlines()[-1])["status"] == -how
    assert len(fixtures(shop, "half")) >= 40


def test_a_recording_that_is_killed_leaves_the_fixtures_as_they_were(shop: Project) -> None:
    record(shop, options=("--unit", "shop:half"))
    before = (shop.folder / "fixtures/shop/half.jsonl").read_bytes()
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "parity", "record", "--"]
    with subprocess.Popen(
        [*command, sys.executable, "app.py", "wait"],
        cwd=shop.folder,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    ) as recording:
        assert recording.stdout is not None
        assert recording.stdout.readline() == "working\n"
        child = child_of(recording.pid)
        recording.kill()
        os.kill(child, signal.SIGKILL)
    assert (shop.folder / "fixtures/shop/half.jsonl").read_bytes() == before
    assert record(shop).status == 0


def child_of(pid: int) -> int:
    """The first process that another has started."""
    for _ in range(100):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        if children:
            return int(children[0])
        time.sleep(0.05)
    raise AssertionError("it has started nothing")


AT_ONCE = """\
import os, sys, threading, time
sys.path.insert(0, "src")
import shop

real, gate = os.open, threading.Barrier(12)
def slow(*args, **kwargs):
    time.sleep(0.1)
    return real(*args, **kwargs)
os.open = slow
def work(n):
    gate.wait()
    shop.half(n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


def test_threads_that_begin_at_once_are_all_recorded(shop: Project) -> None:
    shop.write({"app.py": AT_ONCE})
    told = record(shop, options=("--unit", "shop:half"))
    assert units(told)["shop:half"]["formless"] == {}
    assert sorted(one["args"][0] for one in fixtures(shop, "half")) == list(range(12))


def test_a_program_that_closes_what_it_does_not_know_is_recorded(shop: Project) -> None:
    shop.write(
        {
            "app.py": "import os, sys\nsys.path.insert(0, 'src')\nimport shop\nshop.half(1)\n"
            "os.closerange(3, 200)\n"
            "own = [os.open('own', os.O_WRONLY | os.O_CREAT) for _ in range(99)]\nshop.half(2)\n"
        }
    )
    told = record(shop, options=("--unit", "shop:half"))
    assert units(told)["shop:half"]["formless"] == {}
    assert observed(shop, "half") == [([1], 0), ([2], 1)]
    assert (shop.folder / "own").read_text() == ""


OUTLIVES = """\
import subprocess, sys, time
errors = open("errors", "w")
child = [sys.executable, "child.py", *sys.argv[1:]]
subprocess.Popen(child, stderr=errors, stdout=errors)
time.sleep(1)
"""
OUTLIVING = """\
import os, sys, time
sys.path.insert(0, "src")
import shop
shop.half(1)
spool, deadline = os.path.dirname(os.environ["PARITY_RECORD"]), time.monotonic() + 60
while "on" in sys.argv and os.path.isdir(spool) and time.monotonic() < deadline:
    time.sleep(0.05)
for n in range(2, 5):
    time.sleep(0.6)
    shop.half(n)
open("ended", "w").close()
"""


def test_a_process_that_ends_soon_after_the_program_is_recorded(shop: Project) -> None:
    shop.write({"app.py": OUTLIVES, "child.py": OUTLIVING})
    record(shop, options=("--unit", "shop:half"))
    assert [args for args, _ in observed(shop, "half")] == [[1], [2], [3], [4]]


def test_a_process_that_outlives_the_recording_does_not_notice(shop: Project) -> None:
    shop.write({"app.py": OUTLIVES, "child.py": OUTLIVING})
    record(shop, "app.py", "on", options=("--unit", "shop:half"))
    assert observed(shop, "half") == [([1], 0)]
    deadline = time.monotonic() + 40
    while not (shop.folder / "ended").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert (shop.folder / "ended").exists()
    assert (shop.folder / "errors").read_text() == ""
    assert list((shop.folder / ".parity").glob("recording-*")) == []


CHILD = "import sys; sys.path.insert(0, 'src'); import shop; shop.half(%d)"


def test_a_process_with_an_environment_of_its_own_is_recorded(shop: Project) -> None:
    shop.write(
        {
            "app.py": "import os, subprocess, sys\n"
            f"child = {CHILD!r}\n"
            "own = {'PATH': os.environ['PATH'], 'PYTHONPATH': 'elsewhere'}\n"
            "subprocess.run([sys.executable, '-c', child % 61], env=own, check=True)\n"
            "subprocess.Popen([sys.executable, '-c', child % 62], env={}).wait()\n"
            "subprocess.check_call([sys.executable, '-c', child % 63])\n"
            "assert own['PYTHONPATH'] == 'elsewhere' and len(own) == 2\n"
        }
    )
    told = record(shop, options=("--unit", "shop:half"))
    assert units(told)["shop:half"]["fixtures"] == 3, told.text
    assert observed(shop, "half") == [([61], 30), ([62], 31), ([63], 31)]


# ---------------------------------------------------------------- not to be noticed

SEEN = """\
import inspect, pickle, sys
sys.path.insert(0, "src")
import shop
print(inspect.signature(shop.half), inspect.iscoroutinefunction(shop.later))
print(inspect.isgeneratorfunction(shop.steps), shop.half.__name__, shop.Cart.add.__qualname__)
print(pickle.loads(pickle.dumps(shop.half)) is shop.half, type(shop.__loader__).__name__)
print(shop.cached(2), shop.cached.cache_info().misses, "_parity_watch" in repr(sys.path))
try:
    shop.half()
except TypeError as error:
    print(error)
try:
    shop.half(-1)
except ValueError as error:
    print(error.__traceback__.tb_next is not None)
"""


def test_the_program_sees_itself_as_it_is(shop: Project) -> None:
    shop.write({"app.py": SEEN})
    alone = subprocess.run(
        [sys.executable, "app.py"], cwd=shop.folder, capture_output=True, text=True, check=True
    )
    told = record(shop, options=("--unit", "shop:half", "--unit", "shop:later"))
    assert told.out.splitlines()[:-1] == alone.stdout.splitlines()


def test_the_sitecustomize_of_the_program_runs_too(shop: Project) -> None:
    shop.write({"own/sitecustomize.py": "import builtins\nbuiltins.OWN = 5\n"})
    shop.write({"app.py": "import sys\nsys.path.insert(0, 'src')\nimport shop\nshop.half(OWN)\n"})
    env = os.environ | {"PYTHONPATH": f"{ROOT}:{shop.folder / 'own'}"}
    command = [sys.executable, "-P", "-m", "parity", "record", "--unit", "shop:half", "--"]
    subprocess.run([*command, sys.executable, "app.py"], cwd=shop.folder, env=env, check=True)
    assert observed(shop, "half") == [([5], 2)]


# ---------------------------------------------------------------- bad use


def test_a_command_that_is_not_there_is_told(shop: Project) -> None:
    told = shop.parity("record", "--", "no-such-program")
    assert told.status == 2
    assert "`no-such-program` cannot be started" in told.err


def test_a_unit_in_the_place_of_the_program_is_told_with_its_option(shop: Project) -> None:
    told = shop.parity("record", "shop:half", "--", sys.executable, "app.py")
    assert told.status == 2
    assert "`shop:half` is a unit, and no program" in told.err
    assert "parity record --unit shop:half -- COMMAND" in told.err


def test_a_program_that_calls_nothing_is_told(shop: Project) -> None:
    told = shop.parity("record", "--", sys.executable, "-c", "pass")
    assert told.status == 2
    assert "hint: shop:Cart.add was not called" in told.err


def test_a_program_that_never_comes_to_the_sources_is_told_what_to_look_at(shop: Project) -> None:
    units = [f"shop:unit_{index}" for index in range(8)]
    tables = "".join(f'[unit."{name}"]\njava = "shop.Shop#half"\n' for name in units)
    shop.write({"parity.map.toml": f"schema = 1\n{tables}"})
    told = shop.parity("record", "--", "env", "PYTHONPATH=src", sys.executable, "-c", "import shop")
    assert told.status == 2
    assert "hint: no process has imported the module of a unit" in told.err
    assert told.err.count("was not called") == 5
    assert "hint: 3 more units were not called" in told.err


def test_without_a_command_there_is_nothing_to_record(shop: Project) -> None:
    assert shop.parity("record").status == 2


def test_wrong_fixtures_are_told_before_anything_runs(shop: Project) -> None:
    shop.write({"fixtures/shop/half.jsonl": "{\n", "app.py": "open('ran', 'w')\n"})
    told = record(shop)
    assert told.status == 2
    assert "half.jsonl" in told.err
    assert not (shop.folder / "ran").exists()


def test_what_hangs_on_the_day_is_kept_with_its_clock(project: Project) -> None:
    shop = (
        "import datetime\n\n\ndef age(born):\n    return datetime.date.today().year - born\n\n\n"
        "def half(n):\n    return n // 2\n"
    )
    app = "import sys\nsys.path.insert(0, 'src')\nimport shop\nshop.age(1990), shop.half(90)\n"
    entries = [f'[unit."shop:{name}"]\njava = "shop.Half#half"\n' for name in ("age", "half")]
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    project.write({"src/shop.py": shop, "app.py": app, "parity.map.toml": "".join(entries)})
    assert record(project).status == 0
    (aged,) = fixtures(project, "age")
    assert aged["world"]["clock"][:4] == str(aged["observed"]["returned"] + 1990)
    (halved,) = fixtures(project, "half")
    assert "world" not in halved
    told = units(record(project))
    assert {name: one["added"] for name, one in told.items()} == {"shop:age": 0, "shop:half": 0}


def test_what_holds_only_where_nothing_came_before_is_kept_and_said(project: Project) -> None:
    shop = (
        "seen = set()\n\n\ndef half(n):\n    if n in seen:\n        return 'seen'\n"
        "    seen.add(n)\n    return len(seen)\n"
    )
    app = (
        "import sys\nsys.path.insert(0, 'src')\nimport shop\n"
        "for n in (4, 6, 8):\n    shop.seen.clear()\n    shop.half(n)\nshop.half(9)\n"
    )
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    project.write({"src/shop.py": shop, "app.py": app})
    told = record(project)
    kept = {one["args"][0]: one["observed"]["returned"] for one in fixtures(project, "half")}
    assert kept == {4: 1, 6: 1, 8: 1}
    assert units(told)["shop:half"]["apart"]

    isolated = (project.folder / "parity.map.toml").read_text("utf-8")
    isolated = isolated.replace("java =", 'isolate = "fixture"\njava =', 1)
    project.write({"parity.map.toml": isolated})
    told = record(project, options=("--anew",))
    assert {one["args"][0] for one in fixtures(project, "half")} == {4, 6, 8}
    assert not units(told)["shop:half"]["apart"]


def test_a_program_that_does_nothing_any_more_is_ended_and_what_it_gave_is_kept(
    project: Project,
) -> None:
    app = (
        f"import sys, time\nsys.path.insert(0, {str(project.folder / 'src')!r})\nimport shop\n"
        "shop.half(4)\nwhile True:\n    time.sleep(1)\n"
    )
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    project.write({"src/shop.py": "def half(n):\n    return n // 2\n", "app.py": app})
    command = [sys.executable, str(project.folder / "app.py")]
    recorded = pipeline_record(find_config(project.folder), (), command, patience=2)
    assert recorded.idle
    assert [one["args"] for one in fixtures(project, "half")] == [[4]]
