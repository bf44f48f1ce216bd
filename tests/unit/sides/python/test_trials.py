"""Trials of the python side: constructs meant otherwise, in copies that do nothing to the world."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from parity.config import find_config
from parity.model import Unit
from parity.sides.python.side import python_unit, python_worker
from parity.sides.worker import Worker

CONFIG = 'sources = ["src"]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n'
EVERYWHERE, ARGUMENTS = -1, -2
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
Make = Callable[..., Worker]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Make]:
    workers: list[Worker] = []

    def make(*units: str, **modules: str) -> Worker:
        for name, text in modules.items():
            file = tmp_path / "src" / f"{name}.py"
            file.parent.mkdir(exist_ok=True)
            file.write_text(dedent(text), "utf-8")
        (tmp_path / "parity.toml").write_text(CONFIG, "utf-8")
        worker = python_worker(find_config(tmp_path), hash_seed=0)
        workers.append(worker)
        loaded = worker.load([python_unit(Unit(unit, "map")) for unit in units])
        assert all(isinstance(one, dict) for one in loaded.values()), loaded
        return worker

    yield make
    for worker in workers:
        worker.close()


def lines(*args: Any) -> list[str]:
    return [json.dumps({"args": list(one)}) for one in args]


def tried(worker: Worker, unit: str, given: list[str], *plans: Any) -> list[Any]:
    told = worker.trials(unit, given, plans, 5.0)
    assert told is not None
    return [
        None if texts is None else [None if text is None else json.loads(text) for text in texts]
        for texts in told["observations"]
    ]


HELPED = """
    from helper import share

    def total(a, b):
        return share(a, b) + 1
"""
HELPER = """
    def share(a, b):
        return a // b
"""


def test_plans_are_tried_on_chosen_lines(made: Make) -> None:
    worker = made("first:total", first=HELPED, helper=HELPER)
    plan = [(EVERYWHERE, "floor-division/truncated")]
    told = worker.trials("first:total", lines([-7, 2], [-9, 2]), [plan, []], 5.0, [1])
    assert told is not None
    assert told["observations"] == [['{"returned":-3}'], ['{"returned":-4}']]


def test_meanings_are_looked_for_on_chosen_lines(made: Make) -> None:
    worker = made("first:total", first=HELPED, helper=HELPER)
    looked = worker.trials("first:total", lines([-7, 2], [-9, 2]), None, 5.0, [0])
    assert looked is not None
    one, two = looked["looked"]
    assert one["found"]
    assert one["reached"] == two["reached"]
    assert not two["found"]
    assert looked["plain"] == ['{"returned":-3}', '{"returned":-4}']


def test_a_construct_in_a_function_that_is_called_is_found_and_turned(made: Make) -> None:
    worker = made("first:total", first=HELPED, helper=HELPER)
    given = lines([-7, 2], [7, 2])
    looked = worker.trials("first:total", given, None, 5.0)
    assert looked is not None
    sites = {one[0]: one for one in looked["sites"]}
    found = [{(site, key) for site, key in one["found"]} for one in looked["looked"]]
    (site,) = {site for site, key in found[0] if key == "floor-division/truncated"}
    assert sites[site][1].endswith("helper.py")
    assert sites[site][2:] == [3, 11, "binary", "//"]
    assert not any(key == "floor-division/truncated" for _, key in found[1])
    assert looked["plain"] == ['{"returned":-3}', '{"returned":4}']
    meant = tried(worker, "first:total", given, [], [(site, "floor-division/truncated")])
    assert meant == [[{"returned": -3}, {"returned": 4}], [{"returned": -2}, {"returned": 4}]]


def test_a_clock_may_count_milliseconds(made: Make) -> None:
    worker = made("clock:now", clock="import time\n\ndef now():\n    return int(time.time())\n")
    given = [json.dumps({"args": [], "world": {"clock": "2024-01-01T00:00:01.5Z"}})]
    looked = worker.trials("clock:now", given, None, 5.0)
    assert looked is not None
    assert "epoch-millis/clock" in {key for _, key in looked["looked"][0]["found"]}
    plans = ([], [(EVERYWHERE, "epoch-millis/clock")])
    told = tried(worker, "clock:now", given, *plans)
    assert told == [[{"returned": 1704067201}], [{"returned": 1704067201500}]]


def test_a_construct_within_the_target_of_a_change_is_turned(made: Make) -> None:
    text = """
        def counted(a, b):
            found = {-3: 0, -4: 0}
            found[a // b] += 1
            return [found[-3], found[-4]]
    """
    worker = made("target:counted", target=text)
    plans = ([], [(EVERYWHERE, "floor-division/truncated")])
    told = tried(worker, "target:counted", lines([-7, 2]), *plans)
    assert told == [[{"returned": [0, 1]}], [{"returned": [1, 0]}]]


def test_what_a_construct_gave_and_would_have_given_is_told(made: Make) -> None:
    text = """
        def told(a, b):
            return f"{a // b} of {[x // b for x in (a, a - 2)]}"
    """
    worker = made("m:told", m=text)
    looked = worker.trials("m:told", lines([-7, 2], [7, 2]), None, 5.0)
    assert looked is not None
    first, second = (
        [tuple(pair) for _, key, *pair in one["given"] if key == "floor-division/truncated"]
        for one in looked["looked"]
    )
    assert sorted(first) == [("-4", "-3"), ("-4", "-3"), ("-5", "-4")]
    assert second == []


def test_a_trial_leaves_the_worker_as_it_was(made: Make) -> None:
    worker = made("first:total", first=HELPED, helper=HELPER)
    given = lines([-7, 2])
    plan = [(EVERYWHERE, "floor-division/truncated")]
    assert tried(worker, "first:total", given, plan, []) == [[{"returned": -2}], [{"returned": -3}]]


def test_what_java_throws_is_what_a_handler_may_catch(made: Make) -> None:
    text = """
        def at(xs, i):
            try:
                return xs[i]
            except IndexError:
                return "none"
    """
    worker = made("m:at", m=text)
    plan = [(EVERYWHERE, "index-from-end/throws")]
    assert tried(worker, "m:at", lines([[1], -1]), plan) == [[{"returned": "none"}]]


def test_a_trial_ends_before_it_writes_anything(made: Make, tmp_path: Path) -> None:
    text = """
        import os
        import pathlib

        def keep(path, text):
            with open(path, "a") as file:
                file.write(text * -1 if text else "empty")
            return 1

        def drop(path, i):
            os.remove([path, path + ".other"][i])

        def start(i):
            return os.system("exit %d" % (i // 2))
    """
    worker = made("m:keep", "m:drop", "m:start", m=text)
    file = tmp_path / "kept"
    assert tried(worker, "m:keep", lines([str(file), "a"]), []) == [[None]]
    assert not file.exists()
    file.write_text("here", "utf-8")
    plan = [(EVERYWHERE, "index-from-end/first")]
    assert tried(worker, "m:drop", lines([str(file), -1]), [], plan) == [[None], [None]]
    assert file.read_text("utf-8") == "here"
    assert tried(worker, "m:start", lines([-1]), []) == [[None]]


def test_a_method_of_a_compiled_pattern_is_found_and_turned(made: Make) -> None:
    text = r"""
        import re

        WORDS = re.compile(r"[^\w]+")

        def slug(name):
            return WORDS.sub("-", name)
    """
    worker = made("m:slug", m=text)
    plan = [(EVERYWHERE, "regex-class/ascii")]
    assert tried(worker, "m:slug", lines(["a é b"]), [], plan) == [
        [{"returned": "a-é-b"}],
        [{"returned": "a-b"}],
    ]


def test_a_coroutine_is_tried_and_may_not_reach_out(made: Make, tmp_path: Path) -> None:
    text = """
        import asyncio
        import socket

        async def share(a, b):
            await asyncio.sleep(0)
            return a // b

        async def shares(a, b):
            yield a // b

        async def tell(place):
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(place)
            return 1
    """
    worker = made("m:share", "m:shares", "m:tell", m=text)
    plan = [(EVERYWHERE, "floor-division/truncated")]
    assert tried(worker, "m:share", lines([-7, 2]), plan) == [[{"returned": -3}]]
    assert tried(worker, "m:shares", lines([-7, 2]), plan) == [[{"returned": [-3]}]]
    assert tried(worker, "m:tell", lines([str(tmp_path / "door")]), []) == [[None]]
    assert not (tmp_path / "door").exists()


def test_a_trial_that_does_not_end_costs_only_itself(made: Make) -> None:
    text = """
        def thirds(n):
            while n != -1:
                n = n // 3
            return n
    """
    worker = made("m:thirds", m=text)
    endless = [(EVERYWHERE, "floor-division/truncated")]
    first, second = tried(worker, "m:thirds", lines([-2], [-3]), endless, [])
    assert first == [None, None]
    assert second == [{"returned": -1}, {"returned": -1}]


def test_arguments_may_be_copies(made: Make) -> None:
    worker = made("m:sort", m="def sort(xs):\n    xs.sort()\n    return xs\n")
    plan = [(ARGUMENTS, "lost-mutation/arguments")]
    plain, copied = tried(worker, "m:sort", lines([[2, 1]]), [], plan)
    assert plain == [{"returned": [1, 2], "args": [[1, 2]]}]
    assert copied == [{"returned": [1, 2]}]


def test_trials_side_by_side_keep_their_order_and_what_is_late_is_not_begun(made: Make) -> None:
    worker = made(
        "m:f",
        m="""
            def f(x):
                total = 0
                for n in range(x):
                    total += n % 7
                return total
        """,
    )
    plan = [(EVERYWHERE, "integers-as-doubles/double")]
    quick, slow = lines([3]), lines([20_000])
    told = tried(worker, "m:f", quick, [], plan, [], plan)
    assert [repr(one[0]["returned"]) for one in told] == ["3", "3.0", "3", "3.0"]
    whole = worker.trials("m:f", slow, [plan] * 60, 0.2)
    assert whole is not None
    begun = [texts is not None for texts in whole["observations"]]
    assert begun == sorted(begun, reverse=True)
    assert begun[0]
    assert not begun[-1]


LOCKS = """
    import threading

    LOCK = threading.Lock()

    def f(x, y):
        LOCK.acquire()
        found = 6 // (x // y)
        LOCK.release()
        return found
"""


def test_a_trial_that_waits_for_ever_ends_soon(made: Make) -> None:
    worker = made("m:f", m=LOCKS)
    given = lines([-1, 2], [4, 2])  # -1 / 2 is 0: the lock is kept where that is divided by
    plan = [(EVERYWHERE, "floor-division/truncated")]
    began = time.monotonic()
    stuck, plain = tried(worker, "m:f", given, plan, [])
    assert time.monotonic() - began < 5.0  # without looking at it: seven and a half
    assert stuck[0]["raised"]
    assert stuck[1] is None
    assert plain == [{"returned": -6}, {"returned": 3}]


def test_trials_that_wait_for_ever_do_so_at_the_same_time(made: Make) -> None:
    worker = made("m:f", m=LOCKS)
    plans = [[(EVERYWHERE, "floor-division/truncated")]] * 8 * PROCESSORS
    began = time.monotonic()
    told = tried(worker, "m:f", lines([-1, 2], [4, 2]), *plans)
    assert time.monotonic() - began < 3.5  # one after the other on each processor: four
    assert len(told) == len(plans)
    assert all(one[1] is None for one in told)


def test_a_unit_that_sleeps_by_itself_is_not_taken_for_one_that_waits_for_ever(
    made: Make,
) -> None:
    text = """
        import ctypes

        def f(x, y):
            SLEEP(800_000)
            return x // y

        SLEEP = ctypes.CDLL(None).usleep
    """
    worker = made("m:f", m=text)
    plan = [(EVERYWHERE, "floor-division/truncated")]
    assert tried(worker, "m:f", lines([-7, 2]), plan) == [[{"returned": -3}]]


def test_a_trial_in_an_endless_loop_takes_little_where_a_plain_run_does(made: Make) -> None:
    worker = made(
        "m:f",
        m="""
            def f(x):
                while x != -2:
                    x = x // 2
                return x
        """,
    )
    plan = [(EVERYWHERE, "floor-division/truncated")]  # it stays at 0
    told = worker.trials("m:f", lines([-7]), [plan, plan], 5.0)
    assert told is not None
    assert told["observations"] == [[None], [None]]
    assert 0.1 < told["worked"] < 0.6  # half a second each without looking at the plain run


TRUNCATED = [(EVERYWHERE, "floor-division/truncated")]
KEEPING = {
    "nothing": "def halved(n): return n // 2, os.getpid()",
    "a count": "seen = []\ndef halved(n): seen.append(n); return n // 2, len(seen), os.getpid()",
    "what it has reckoned": "@cache\ndef half(n): return n // 2\n"
    "def halved(n): return half(n), os.getpid()",
}


@pytest.mark.parametrize("keeps", KEEPING)
def test_plans_share_copies_where_the_unit_keeps_nothing(made: Make, keeps: str) -> None:
    head = "import functools, os\ncache = functools.lru_cache(None)\n"
    worker = made("first:halved", first=head + KEEPING[keeps])
    given, plans = lines([-7]), [TRUNCATED, []] * 6
    assert worker.trials("first:halved", given, None, 5.0) is not None
    told = [
        texts[0]["returned"]["$tuple"] for texts in tried(worker, "first:halved", given, *plans)
    ]
    assert [one[0] for one in told] == [-3, -4] * 6
    assert {one[1] for one in told if len(one) == 3} <= {1}
    copies = len({one[-1] for one in told})
    together = -(-len(plans) // PROCESSORS) if keeps == "nothing" else 1
    assert copies == -(-len(plans) // together)


def test_a_trial_that_ends_its_copy_ends_no_other(made: Make) -> None:
    worker = made(
        "first:halved",
        first="""
        import os

        def halved(n):
            if n // 2 == 0:
                os._exit(0)
            return n
        """,
    )
    given = lines([4], [-1], [3])
    assert worker.trials("first:halved", given, None, 5.0) is not None
    plain = [{"returned": 4}, {"returned": -1}, {"returned": 3}]
    ended = [{"returned": 4}, None, None]
    plans = [[], TRUNCATED, [], [], TRUNCATED, TRUNCATED, []]
    wanted = [ended if plan else plain for plan in plans]
    assert tried(worker, "first:halved", given, *plans) == wanted


def test_what_a_plain_run_tells_is_asked_once_for_the_same_fixtures(made: Make) -> None:
    worker = made(
        "m:f",
        m="""
            def step(total):
                return total + 1

            def f(x):
                total = 0
                for _ in range(x):
                    total = step(total)
                return total
        """,
    )
    given = lines([300_000])
    asked = [worker.trials("m:f", one, [], 5.0) for one in (given, given, lines([300_001]))]
    told = [one for one in asked if one is not None]
    assert [set(one) for one in told] == [{"observations", "worked"}] * 3
    first, again, other = (one["worked"] for one in told)
    assert again < first / 2
    assert again < other / 2


LONG = """
    def work(n):
        total = 0
        for number in range(30_000):
            total = (total * 31 + number) % 1_000_003
        return total + other(n)

    def other(n):
        if n // 2 == -4:
            return 0
        return n // 4 * 1000
"""


def test_a_unit_that_takes_long_asks_only_where_a_plan_is_at_work(made: Make) -> None:
    worker = made("long:work", long=LONG)
    given = lines(*([-7] for _ in range(12)))
    looked = worker.trials("long:work", given, None, 5.0, [0, 1])
    assert looked is not None
    plain, known = looked["plain"], looked["seconds"]
    total = json.loads(plain[0])["returned"]
    assert len(known) == len(given)
    assert known[0] is not None
    everywhere = [(EVERYWHERE, "floor-division/truncated")]
    nothing = [(EVERYWHERE, "half-even/round")]
    told = worker.trials("long:work", given, [everywhere, nothing, []], 5.0, [0])
    assert told is not None
    # The second division is come to only where the first is meant as Java means it.
    observed = [json.loads(texts[0])["returned"] for texts in told["observations"]]
    assert observed == [total - 1000, total, total]


GROUPED = """
    def grouped(a, b, c):
        t = 1.0
        t += a - b
        return [a + b + c, a + (b + c), a * b / c, a * (b / c), t, [a] + [b] + [c], 1 + 2 + 3]
"""


def test_sums_and_products_may_be_reckoned_in_another_order(made: Make) -> None:
    worker = made("of:grouped", of=GROUPED)
    a, b, c = 2081.99749629668, 8360.767059616073, 2420.266571528825
    given = lines([a, b, c])
    plans = [[(EVERYWHERE, f"float-grouping/{name}")] for name in ("left", "right", "swapped")]
    (left,), (right,), (swapped,) = tried(worker, "of:grouped", given, *plans)
    rest = [[a, b, c], 6]
    none = [a + b + c, a + (b + c), a * b / c, a * (b / c), 1.0 + (a - b)]
    assert left["returned"] == [none[0], none[0], none[2], none[2], 1.0 + a - b, *rest]
    assert right["returned"] == [none[1], none[1], none[3], none[3], none[4], *rest]
    others = [a + c + b, a / c * b]
    assert swapped["returned"] == [others[0]] * 2 + [others[1]] * 2 + [1.0 - b + a, *rest]
    assert len({*none[:4], *others}) == 6  # each order gives another value
    (plain,) = tried(worker, "of:grouped", given, [])
    assert plain[0]["returned"] == [*none, *rest]


def test_what_was_rewritten_is_used_again_until_the_text_is_another_one(
    made: Make, tmp_path: Path
) -> None:
    worker = made("first:total", first=HELPED, helper=HELPER)
    given = lines([-7, 2])
    assert tried(worker, "first:total", given, TRUNCATED) == [[{"returned": -2}]]
    broken = "def share(a, b)\n    return a // b\n"
    (tmp_path / "src" / "helper.py").write_text(broken, "utf-8")
    assert tried(worker, "first:total", given, TRUNCATED) == [[{"returned": -3}]]
    (tmp_path / "src" / "helper.py").write_text(dedent(HELPER), "utf-8")
    assert tried(worker, "first:total", given, TRUNCATED) == [[{"returned": -2}]]
