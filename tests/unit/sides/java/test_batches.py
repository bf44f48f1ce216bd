"""Batches: what stands in the answer file while a worker runs, and after it is gone."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from parity.config import Config, ConfigTable
from parity.sides.java.home import java_home
from tests.unit.sides.java.driver import Driver, read

JDKS = sorted(Path("/usr/lib/jvm").glob("*-17-*")) + sorted(Path("/usr/lib/jvm").glob("*-25-*"))
SOURCE = """
package unruly;

import java.util.*;

public final class Subject {
  private static int count;

  public static long twice(long n) { return n * 2; }
  public static int count() { return ++count; }
  public static long loop(long n) { while (n > 0) { n = n | 1; } return n; }
  public static int die(int signal) throws Exception {
    String process = Long.toString(ProcessHandle.current().pid());
    return new ProcessBuilder("kill", "-" + signal, process).start().waitFor();
  }
  public static int deep(int n) { return deep(n + 1) + 1; }
  public static List<byte[]> much() {
    List<byte[]> all = new ArrayList<>();
    while (true) { all.add(new byte[1 << 24]); }
  }
  public static String large(int n) { return "x".repeat(n); }
  public static List<Long> sorted(List<Long> items) { Collections.sort(items); return items; }
  public static double first(List<Double> items) { items.add(0.5); return items.get(0); }
  public static void say(String what) { System.out.print(what); System.err.print("!"); }
}
"""


def unit(method: str) -> dict[str, Any]:
    empty = dict.fromkeys(["receiver", "package", "expression", "body", "parameters"])
    unit = {"id": method, "java": f"unruly.Subject#{method}", "imports": [], "methods": {}}
    return {**empty, **unit, "class_unit": False, "isolate": False}


METHODS = ["twice", "count", "loop", "die", "deep", "much", "large", "sorted", "first", "say"]
Start = Callable[..., Driver]


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unruly")
    (folder / "Subject.java").write_text(SOURCE, "ascii")
    subprocess.run(
        ["javac", "--release", "17", "-parameters", "-d", str(folder), "Subject.java"],
        cwd=folder,
        check=True,
    )
    return folder


def homes() -> list[Path]:
    config = Config(root=Path.cwd(), file=Path("parity.toml"), table=ConfigTable())
    return JDKS or [java_home(config)]


@pytest.fixture(params=homes(), ids=lambda home: home.name)
def start(
    request: pytest.FixtureRequest, classes: Path, tmp_path: Path
) -> Iterator[Callable[[], Driver]]:
    """Starts workers that have loaded every method."""
    drivers: list[Driver] = []

    def started() -> Driver:
        driver = Driver(tmp_path, request.param)
        drivers.append(driver)
        assert driver.hello([classes])["ready"]["salt"]
        assert ["loaded" in one for one in driver.load([unit(name) for name in METHODS])]
        return driver

    yield started
    for driver in drivers:
        driver.process.kill()
        driver.close()


def args(*values: Any) -> str:
    return json.dumps({"args": values}, separators=(",", ":"))


def test_a_batch_is_answered_in_order_and_ends_with_its_trace(start: Start, classes: Path) -> None:
    driver = start()
    answered = driver.run("twice", [args(n) for n in range(1000)])
    assert answered.answers == [{"returned": 2 * n} for n in range(1000)]
    assert (answered.started, answered.answered, answered.done) == (1000, 1000, True)
    assert all(micros >= 0 for micros in answered.micros)
    trace = driver.trace(1)
    assert list(trace["classes"].values()) == [str(classes)]
    assert trace["absent"] == trace["beyond"] == trace["files"] == []


def test_the_file_is_made_longer_for_the_trace(start: Start, classes: Path) -> None:
    driver = start()
    for size in range(64, 4096, 300):
        batch, answers = driver.begin("large", [args(1500)], size=size)
        assert driver.event() == {"done": batch}
        assert read(answers).answers == [{"returned": "x" * 1500}]
        assert list(driver.trace(batch)["classes"].values()) == [str(classes)]


def test_an_answer_says_whether_it_is_of_nothing_but_what_was_returned(start: Start) -> None:
    driver = start()
    assert driver.run("twice", [args(1), args("x")]).alone == [True, False]
    assert driver.run("sorted", [args([1, 2]), args([2, 1])]).alone == [True, False]
    assert driver.run("say", [args("x")]).alone == [False]
    assert driver.run("first", [args([])]).alone == [False]


def test_a_batch_starts_at_the_line_that_it_is_told(start: Start) -> None:
    driver = start()
    answered = driver.run("twice", [args(n) for n in range(10)], first=7)
    assert answered.answers == [{"returned": 2 * n} for n in (7, 8, 9)]
    assert answered.started == 3


def test_an_answer_may_be_larger_than_the_file(start: Start) -> None:
    driver = start()
    answered = driver.run("large", [args(n) for n in (3, 5_000_000, 1)])
    assert [len(one["returned"]) for one in answered.answers] == [3, 5_000_000, 1]


def test_what_was_committed_outlives_the_worker(start: Start) -> None:
    driver = start()
    _, file = driver.begin("die", [args("no number"), args(9), args(2)])
    with pytest.raises(EOFError):
        driver.event()
    assert driver.process.wait(10) == -9
    answered = read(file)
    assert "refused" in answered.answers[0]
    assert (answered.started, answered.answered, answered.done) == (2, 1, False)
    assert answered.phase == 1


def test_a_fixture_that_hangs_is_the_one_in_flight(start: Start) -> None:
    driver = start()
    _, file = driver.begin("loop", [args(0), args(-5), args(1), args(0)])
    with pytest.raises(TimeoutError):
        driver.event(1.0)
    answered = read(file)
    assert (answered.started, answered.answered, answered.phase) == (3, 2, 1)
    driver.process.send_signal(signal.SIGKILL)
    assert driver.process.wait(10) == -signal.SIGKILL
    assert read(file) == answered


def test_a_full_heap_ends_the_worker_with_status_3(start: Start) -> None:
    driver = start()
    _, file = driver.begin("much", [args()])
    with pytest.raises(EOFError):
        driver.event()
    assert driver.process.wait(10) == 3
    assert read(file).started == 1


def test_a_full_stack_is_raised_and_the_next_fixture_runs(start: Start) -> None:
    answers = start().run("deep", [args(1), args("x")]).answers
    assert answers[0]["raised"]["class"] == "java.lang.StackOverflowError"
    assert answers[0]["raised"]["line"].startswith("Subject.java:")
    assert "refused" in answers[1]


def test_arguments_are_told_when_they_changed(start: Start) -> None:
    answers = start().run("sorted", [args([1, 2]), args([2, 1])]).answers
    assert answers == [{"returned": [1, 2]}, {"returned": [1, 2], "args": [[1, 2]]}]


def test_what_was_held_is_told_beside_changed_arguments_only(start: Start) -> None:
    driver = start()
    (same,) = driver.run("first", [args([1.0, 2.0])]).answers
    assert same == {"returned": 1.0, "args": [[1.0, 2.0, 0.5]]}
    (held,) = driver.run("first", [args([1, 2.0])]).answers
    assert held == {"returned": 1.0, "args": [[1.0, 2.0, 0.5]], "held": [[1.0, 2.0]]}
    (twice,) = driver.run("twice", [args({"$int": "4"})]).answers
    assert twice == {"returned": 8}


def test_what_is_printed_stays_with_its_fixture(start: Start) -> None:
    answers = start().run("say", [args("a"), args("\u00e9\n")]).answers
    assert [one["output"] for one in answers] == [
        {"out": "a", "err": "!"},
        {"out": "\u00e9\n", "err": "!"},
    ]
