"""Batches run in copies of the template; what they committed outlives them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sides.python.conftest import Opened

ENDINGS = """
    import os, signal, sys, threading, time

    def ends(how):
        if how == "exit": os._exit(3)
        if how == "abort": os.abort()
        if how == "kill": os.kill(os.getpid(), signal.SIGKILL)
        if how == "term": os.kill(os.getpid(), signal.SIGTERM)
        if how == "alarm":
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            time.sleep(10)
        if how == "segfault":
            import ctypes
            ctypes.string_at(0)
        if how == "sys.exit": sys.exit(4)
        if how == "thread":
            one = threading.Thread(target=sys.exit)
            one.start()
            one.join()
        return how
"""


def calls(*values: Any) -> list[dict[str, Any]]:
    return [{"args": [value], "kwargs": {}} for value in values]


def test_an_answer_says_whether_it_is_of_nothing_but_what_was_returned(opened: Opened) -> None:
    text = """
    def plain(items): return len(items)
    def changing(items): items.sort()
    def printing(text): print(text)
    def raising(text): raise ValueError(text)

    class Counter:
        def add(self, number): return number
    """
    names = ("plain", "changing", "printing", "raising", "Counter")
    border = opened(text, *names)
    assert border.run("plain", calls([1], [2])).alone() == [True, True]
    world = {"args": [[1]], "kwargs": {}, "world": {"clock": "2026-01-01T00:00:00Z"}}
    assert border.run("plain", [world]).alone() == [True]
    assert border.run("changing", calls([1, 2], [2, 1])).alone() == [True, False]
    assert border.run("printing", calls("x")).alone() == [False]
    assert border.run("raising", calls("x")).alone() == [False]
    steps = {"steps": [{"call": "add", "args": [1]}]}
    batch = border.run("Counter", [steps])
    assert batch.told() == [{"steps": [{"returned": 1}]}]
    assert batch.alone() == [False]


def test_answers_stand_in_order_behind_the_head(opened: Opened) -> None:
    border = opened("def double(n): return n * 2", "double")
    batch = border.run("double", calls(1, 2.5, "a", [0]))
    assert batch.lines() == [
        '{"returned":2}',
        '{"returned":5.0}',
        '{"returned":"aa"}',
        '{"returned":[0,0]}',
    ]
    head = batch.header()
    assert (head["started"], head["answered"], head["done"], head["phase"]) == (4, 4, 1, 0)
    assert batch.status == 0


def test_a_batch_starts_where_it_is_told_to(opened: Opened) -> None:
    border = opened("def same(n): return n", "same")
    batch = border.run("same", calls(1, 2, 3), skip=2)
    assert batch.lines() == ['{"returned":3}']


def test_the_answer_file_grows(opened: Opened) -> None:
    border = opened("def text(n): return 'x' * n", "text")
    batch = border.run("text", calls(10, 300_000, 2, 3_000_000, 1), size=4096)
    assert [len(one["returned"]) for one in batch.told()] == [10, 300_000, 2, 3_000_000, 1]
    assert list(batch.told_trace()["modules"]) == ["mod"]


def test_the_file_is_made_longer_for_the_trace(opened: Opened) -> None:
    border = opened("def text(n): return 'x' * n", "text")
    for size in range(64, 2048, 300):
        batch = border.run("text", calls(700), size=size)
        assert [len(one["returned"]) for one in batch.told()] == [700]
        assert list(batch.told_trace()["modules"]) == ["mod"]


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("exit", 3 << 8),
        ("abort", signal.SIGABRT),
        ("kill", signal.SIGKILL),
        ("term", signal.SIGTERM),
        ("alarm", signal.SIGALRM),
        ("segfault", signal.SIGSEGV),
    ],
)
@pytest.mark.parametrize("isolate", [False, True])
def test_an_ending_blames_the_fixture_in_flight(
    opened: Opened, how: str, status: int, isolate: bool
) -> None:
    border = opened(ENDINGS, "ends", isolate=isolate)
    batch = border.run("ends", calls("fine", how, "after"))
    head = batch.header()
    assert batch.told() == [{"returned": "fine"}]
    assert (head["started"], head["answered"], head["done"]) == (2, 1, 0)
    assert batch.status is not None
    assert batch.status & ~0x80 == status  # whether it left a core file does not matter
    rest = border.run("ends", calls("fine", how, "after"), skip=2)
    assert rest.told() == [{"returned": "after"}]


def test_the_phase_says_whether_the_subject_runs(opened: Opened) -> None:
    border = opened(ENDINGS, "ends")
    assert border.run("ends", calls("exit")).header()["phase"] == 1
    assert border.run("ends", calls("fine")).header()["phase"] == 0


def test_leaving_is_raised_and_harmless_in_a_thread(opened: Opened) -> None:
    border = opened(ENDINGS, "ends")
    raised, thread = border.run("ends", calls("sys.exit", "thread")).told()
    assert raised["raised"]["class"] == "SystemExit"
    assert raised["raised"]["message"] == "4"
    assert thread == {"returned": "thread"}


def test_a_unit_that_forks_answers_once(opened: Opened) -> None:
    border = opened(
        """
        import os, sys

        def forks(how):
            pid = os.fork()
            if pid == 0:
                if how == "raise": raise ValueError
                if how == "leave": sys.exit(7)
                return "copy"
            return os.waitpid(pid, 0)[1] >> 8
        """,
        "forks",
    )
    told = border.run("forks", calls("return", "raise", "leave")).told()
    assert told == [{"returned": 0}, {"returned": 1}, {"returned": 7}]


def test_closing_all_descriptors_loses_nothing(opened: Opened) -> None:
    border = opened(
        """
        import os

        def closes(n):
            os.closerange(3, 256)
            return "x" * n
        """,
        "closes",
    )
    batch = border.run("closes", calls(1, 5000, 2), size=4096)
    assert [len(one["returned"]) for one in batch.told()] == [1, 5000, 2]
    assert (batch.header()["done"], batch.status) == (1, 0)


def test_what_takes_the_place_of_the_pipe_is_not_written_to(opened: Opened) -> None:
    border = opened(
        """
        import os

        def takes(path):
            os.closerange(3, 256)
            for _ in range(200):
                open(path, "a")
            keep.extend(open(path, "a") for _ in range(200))

        keep = []
        """,
        "takes",
    )
    path = border.folder / "taken"
    assert border.run("takes", calls(str(path))).header()["done"] == 1
    assert path.read_bytes() == b""


def test_batches_run_beside_each_other(opened: Opened) -> None:
    border = opened(
        """
        import os, time

        def meets(names):
            mine, other = names
            open(mine, "w").close()
            for _ in range(1000):
                if os.path.exists(other): return "met"
                time.sleep(0.01)
        """,
        "meets",
    )
    one, two = (str(border.folder / name) for name in ("one", "two"))
    first = border.start("meets", calls([one, two]))
    second = border.start("meets", calls([two, one]))
    for _ in range(6):
        border.events.append(border.receive())
    assert first.told() == second.told() == [{"returned": "met"}]
    pids = {event["pid"] for event in border.events if "started" in event}
    assert len(pids) == 2
    assert sorted(event["ended"] for event in border.events if "ended" in event) == [0, 1]
    assert sorted(event["done"] for event in border.events if "done" in event) == [0, 1]


def test_each_batch_starts_from_the_state_after_loading(opened: Opened) -> None:
    border = opened("seen = []\ndef count(n):\n    seen.append(n)\n    return len(seen)\n", "count")
    assert border.calls("count", [0], [0]) == [{"returned": 1}, {"returned": 2}]
    assert border.calls("count", [0]) == [{"returned": 1}]


def test_isolate_gives_each_fixture_the_state_after_loading(opened: Opened) -> None:
    border = opened(
        "seen = []\ndef count(n):\n    seen.append(n)\n    return len(seen)\n",
        "count",
        isolate=True,
    )
    batch = border.run("count", calls(0, 0, 0), size=64)
    assert batch.told() == [{"returned": 1}] * 3
    assert batch.header()["done"] == 1
    assert len(batch.told_trace()["modules"]) == 1


def test_a_module_with_threads_is_told_of_and_can_run_without_a_fork(opened: Opened) -> None:
    border = opened(
        """
        import queue, threading

        asked, answered = queue.Queue(), queue.Queue()

        def serve():
            while True:
                answered.put(asked.get() + 1)

        threading.Thread(target=serve, daemon=True).start()

        def ask(n):
            asked.put(n)
            return answered.get(timeout=10)
        """
    )
    (told,) = border.load({"id": "ask", "python": "mod:ask"})
    assert told["loaded"]["threads"] is True
    batch = border.run("ask", calls(1, 2), fork=False)
    assert batch.told() == [{"returned": 2}, {"returned": 3}]
    assert batch.header()["done"] == 1
    assert border.calls("ask", [5], fork=False) == [{"returned": 6}]


def test_a_module_without_threads_says_nothing_of_them(opened: Opened) -> None:
    border = opened("def f(): pass")
    (told,) = border.load({"id": "f", "python": "mod:f"})
    assert "threads" not in told["loaded"]


def test_the_end_of_the_pipe_ends_template_and_copies(opened: Opened) -> None:
    border = opened("import time\ndef hang(n): time.sleep(600)\n", "hang")
    border.start("hang", calls(1))
    pid = border.receive()["pid"]
    os.close(border.requests)
    border.requests = os.open(os.devnull, os.O_RDONLY)
    assert border.process.wait(10) in (0, -signal.SIGKILL)  # its whole group ends
    for _ in range(100):
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
        )
        if state.stdout.strip() in ("", "Z"):
            return
        time.sleep(0.05)
    raise AssertionError(f"{pid} is still there: {state.stdout}")


def test_requests_are_read_before_the_first_call(opened: Opened, tmp_path: Path) -> None:
    border = opened(
        """
        import pathlib

        def removes(path):
            pathlib.Path(path).unlink()
            return 1
        """,
        "removes",
    )
    path = tmp_path / "0.requests"
    told = border.calls("removes", [str(path)], [str(path)])
    assert told[0] == {"returned": 1}
    assert told[1]["raised"]["class"] == "FileNotFoundError"
    assert not path.exists()


def test_memory_is_capped_and_what_asks_for_more_is_told_so(opened: Opened) -> None:
    border = opened(
        """
        def eats(mib):
            return len(bytearray(mib << 20))
        """,
        "eats",
        memory=100 << 20,
    )
    told = border.calls("eats", [1], [500], [2])
    assert told == [
        {"returned": 1 << 20},
        {"ended": "it needed more than 100 MiB of memory"},
        {"returned": 2 << 20},
    ]


def test_threads_of_the_unit_fit_into_its_memory(opened: Opened) -> None:
    border = opened(
        """
        import threading

        def many(n):
            met = threading.Barrier(n + 1)
            threads = [threading.Thread(target=met.wait) for _ in range(n)]
            for one in threads: one.start()
            met.wait()
            for one in threads: one.join()
            return n
        """,
        "many",
        memory=400 << 20,
    )
    assert border.calls("many", [16]) == [{"returned": 16}]


def test_a_memory_error_without_a_cap_is_raised(opened: Opened) -> None:
    border = opened("def fails(n): raise MemoryError", "fails")
    (told,) = border.calls("fails", [1])
    assert told["raised"]["class"] == "MemoryError"


@pytest.mark.parametrize("isolate", [False, True])
def test_what_is_run_for_its_ways_leaves_nothing_behind(opened: Opened, isolate: bool) -> None:
    source = "seen = []\n\n\ndef many(n):\n    seen.append(n)\n    return len(seen)\n"
    border = opened(source, "many", isolate=isolate)
    lines = [{"args": [value], "kwargs": {}} for value in (0, 1)]
    border.send({"op": "ways", "unit": "many", "fixtures": 2}, *lines)
    assert border.receive()["ways"] == border.receive()["ways"]
    assert border.calls("many", [1]) == [{"returned": 1}]


def test_each_fixture_starts_afresh_where_a_batch_asks_for_it(opened: Opened) -> None:
    source = "seen = []\n\n\ndef many(n):\n    seen.append(n)\n    return len(seen)\n"
    border = opened(source, "many")
    lines = [{"args": [value], "kwargs": {}} for value in (0, 1)]
    told = {apart: border.run("many", lines, apart=apart).told() for apart in (False, True)}
    assert [one["returned"] for one in told[False]] == [1, 2]
    assert [one["returned"] for one in told[True]] == [1, 1]


def test_ways_are_told_on_the_pipe(opened: Opened) -> None:
    border = opened("def up(n):\n    if n:\n        return 1\n    return 2\n", "up")
    lines = [{"args": [value], "kwargs": {}} for value in (0, 1)]
    border.send({"op": "ways", "unit": "up", "fixtures": 2}, *lines)
    first, second = border.receive(), border.receive()
    assert ["mod.py", 2, 4] in first["ways"]
    assert ["mod.py", 2, 3] in second["ways"]
    assert border.calls("up", [1]) == [{"returned": 1}]


def test_a_deep_stack_is_there_for_deep_values(opened: Opened) -> None:
    border = opened("def same(n): return n", "same")
    deep = json.loads("[" * 900 + "]" * 900)
    deeper = '{"args":[' + '{"$tuple":[' * 1200 + "]}" * 1200 + '],"kwargs":{}}\n'
    fine, formless = border.run("same", [*calls(deep), deeper]).told()
    assert fine == {"returned": deep}
    assert "nested deeper" in formless["formless"]["why"]


def test_the_stack_is_as_deep_as_a_raised_limit_needs(opened: Opened) -> None:
    border = opened(
        """
        import sys

        def deep(n):
            return 0 if n == 0 else 1 + deep(n - 1)

        def far(n):
            sys.setrecursionlimit(10**6)
            return sum(map(deep, [n]))
        """,
        "far",
    )
    assert border.calls("far", [50_000]) == [{"returned": 50_000}]


def test_the_subject_recurses_as_deep_as_alone(opened: Opened) -> None:
    text = """
        def deep(n):
            return 0 if n == 0 else deep(n - 1) + 1

        def deepest(n, *more, **others):
            while True:
                try:
                    deep(n)
                except RecursionError:
                    return n
                n += 1
        """
    border = opened(text, "deepest")
    quick, long = border.run(
        "deepest", [{"args": [900], "kwargs": {}}, {"args": [900, {"$tuple": []}], "kwargs": {}}]
    ).told()
    alone = subprocess.run(
        [border.process.args[0], "-c", "import mod; print(mod.deepest(900))"],  # type: ignore[index]
        capture_output=True,
        text=True,
        cwd=border.folder,
        check=True,
    )
    assert quick["returned"] == long["returned"] == int(alone.stdout)
