"""`parity run --watch`: a save runs what rests on the file, on workers that stay up."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psutil
import pytest

from parity.config import find_config
from parity.errors import ParityError
from parity.model import RunReport
from parity.pipeline.run import Options, run
from parity.pipeline.units import Selection
from parity.pipeline.watch import watch
from parity.report.text import summary
from tests.functional.conftest import ROOT, Project

SECONDS = 60.0


def at_a_terminal() -> None:
    """Whoever runs the tests in the background has told their children to pass Ctrl-C by."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watch:
    """A `parity … --watch` under way, and what it has said so far."""

    def __init__(self, project: Project, *args: str) -> None:
        self.folder = project.folder
        self.out, self.err = (self.folder.with_suffix(one) for one in (".out", ".err"))
        command = [sys.executable, "-P", "-m", "parity", "-C", str(self.folder), *args, "--watch"]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                command, env=env, stdout=out, stderr=err, preexec_fn=at_a_terminal
            )
        self.told = 0

    def report(self) -> dict[str, Any]:
        """The next report, waited for."""
        lines = self.wait(lambda: self.out.read_text().splitlines()[self.told :])
        self.told += 1
        report: dict[str, Any] = json.loads(lines[0])
        self.quiet()
        return report

    def error(self, text: str) -> None:
        """Waits until something is said on standard error."""
        self.wait(lambda: text in self.err.read_text())
        self.quiet()

    def quiet(self) -> None:
        """Waits until it watches again."""
        self.wait(lambda: self.err.read_text().rstrip().endswith("Ctrl-C ends"))

    def wait(self, known: Callable[[], Any]) -> Any:
        """What `known` gives as soon as it gives something."""
        end = time.monotonic() + SECONDS
        while not (found := known()):
            assert time.monotonic() < end, self.out.read_text() + self.err.read_text()
            assert self.process.poll() is None, self.err.read_text()
            time.sleep(0.02)
        return found

    def save(self, name: str, text: str) -> None:
        """Saves a file of the project."""
        self.err.write_text("")
        (self.folder / name).write_text(text, "utf-8")

    def workers(self) -> dict[str, set[int]]:
        """Process ids of the workers, by side."""
        found: dict[str, set[int]] = {"java": set(), "python": set()}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                command = " ".join(child.cmdline())
                if "parity.sides.java.worker" in command:
                    found["java"].add(child.pid)
                elif "sides/python/worker.py" in command:
                    found["python"].add(child.pid)
        return found

    def end(self) -> int:
        """Presses Ctrl-C when nothing is under way; gives the exit status."""
        time.sleep(0.5)
        self.quiet()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)


@pytest.fixture
def watched(project: Project) -> Iterator[Callable[..., Watch]]:
    """Starts watches on a project of two units, and ends them."""
    project.write(
        {
            "parity.map.toml": '[unit."shop:half"]\njava = "shop.Half#half"\n'
            '[unit."other:twice"]\njava = "shop.Twice#twice"\n',
            "src/other.py": "def twice(n: int) -> int:\n    return 2 * n\n",
            "java/shop/Twice.java": "package shop;\n\npublic final class Twice {\n"
            "    public static long twice(long n) { return 2 * n; }\n}\n",
            "fixtures/other/twice.jsonl": '{"id": "four", "args": [4]}\n',
        }
    ).javac()
    started: list[Watch] = []

    def start(*args: str) -> Watch:
        started.append(Watch(project, *(args or ("run", "--json"))))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


def cached(report: dict[str, Any]) -> dict[str, bool]:
    """Which units were not run."""
    return {unit["id"]: unit["cached"] for unit in report["units"]}


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    """The verdict of each unit."""
    return {unit["id"]: unit["verdict"] for unit in report["units"]}


def test_a_save_runs_only_what_rests_on_the_file(watched: Callable[..., Watch]) -> None:
    watch = watched()
    assert verdicts(watch.report()) == {"other:twice": "matched", "shop:half": "matched"}
    before = watch.workers()
    time.sleep(0.2)
    watch.save("src/shop.py", "def half(n: int) -> int:\n    return int(n / 2)\n")
    report = watch.report()
    assert verdicts(report) == {"other:twice": "matched", "shop:half": "differs"}
    assert cached(report) == {"other:twice": True, "shop:half": False}
    watch.save("fixtures/other/twice.jsonl", '{"id": "a", "args": [4]}\n{"id": "b", "args": [5]}\n')
    report = watch.report()
    assert cached(report) == {"other:twice": False, "shop:half": True}
    assert {unit["id"]: unit["fixtures"] for unit in report["units"]}["other:twice"] == 2
    after = watch.workers()
    assert after["java"] == before["java"] != set()
    assert not after["python"] & before["python"]
    assert watch.end() == 1


def test_a_class_that_was_compiled_is_loaded_in_the_jvm_that_is_up(
    watched: Callable[..., Watch], project: Project
) -> None:
    watch = watched()
    watch.report()
    before = watch.workers()["java"]
    source = project.folder / "java/shop/Half.java"
    source.write_text(source.read_text().replace("Math.floorDiv(n, 2)", "n / 2"))
    watch.error("Half.class is older than its source")
    watch.err.write_text("")
    project.javac()
    report = watch.report()
    assert verdicts(report) == {"other:twice": "matched", "shop:half": "differs"}
    assert cached(report)["other:twice"]
    assert watch.workers()["java"] == before
    assert watch.end() == 1


@pytest.mark.parametrize(
    ("name", "wrong", "text"),
    [
        ("parity.map.toml", "[unit.", "parity.map.toml"),
        ("parity.toml", "sources = [", "parity.toml"),
        ("fixtures/shop/half.jsonl", '{"id": "four", "args": [4}\n', "half.jsonl"),
    ],
)
def test_a_file_that_is_wrong_meanwhile_is_told_and_is_no_end(
    watched: Callable[..., Watch], project: Project, name: str, wrong: str, text: str
) -> None:
    watch = watched()
    watch.report()
    right = (project.folder / name).read_text()
    watch.save(name, wrong)
    watch.error(text)
    watch.save(name, right + "\n")
    assert set(verdicts(watch.report()).values()) == {"matched"}
    assert watch.end() == 0


def test_a_python_file_that_is_wrong_meanwhile_is_told_and_is_no_end(
    watched: Callable[..., Watch], project: Project
) -> None:
    watch = watched()
    watch.report()
    right = (project.folder / "src/shop.py").read_text()
    watch.save("src/shop.py", "def half(n: int) -> int:\n    return n //\n")
    report = watch.report()
    assert verdicts(report) == {"other:twice": "matched", "shop:half": "unknown"}
    watch.save("src/shop.py", right)
    assert verdicts(watch.report())["shop:half"] == "matched"
    assert watch.end() == 0


def test_a_comment_runs_nothing(watched: Callable[..., Watch]) -> None:
    watch = watched("run")
    watch.error("Ctrl-C ends")
    assert "2 matched" in watch.out.read_text()
    before = watch.out.read_text()
    watch.save("src/shop.py", "# so\ndef half(n: int) -> int:\n    return n // 2\n")
    watch.error("nothing to run again")
    assert watch.out.read_text() == before
    assert watch.end() == 0


def test_ctrl_c_leaves_no_worker(watched: Callable[..., Watch]) -> None:
    watch = watched()
    watch.report()
    workers = watch.workers()
    assert watch.end() == 0
    alive = [pid for some in workers.values() for pid in some if psutil.pid_exists(pid)]
    assert not alive


def test_a_log_that_a_unit_writes_is_given_up(
    watched: Callable[..., Watch], project: Project
) -> None:
    log = project.folder / "calls.log"
    text = f"def half(n):\n    with open({str(log)!r}, 'a') as f:\n        f.write('x')\n"
    (project.folder / "src/shop.py").write_text(f"{text}    return n // 2\n")
    watch = watched("run")
    told = f"{log} changes in each run: it is watched no more"
    watch.wait(lambda: told in watch.err.read_text())
    time.sleep(1)
    watch.err.write_text("")
    length = log.stat().st_size
    time.sleep(1)
    assert log.stat().st_size == length
    watch.save("src/other.py", "def twice(n: int) -> int:\n    return n + n + 1\n")
    watch.wait(lambda: "1 differs" in watch.out.read_text())


def test_without_its_library_it_says_what_to_install(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ParityError) as raised:
        next(watch(project.folder, Selection()))
    assert raised.value.next_step == "pip install 'parity-ledger[watch]'"


def test_one_unit_at_a_desk(watched: Callable[..., Watch]) -> None:
    watch = watched("compare", "shop:half", "--input", "[-3]", "--json")
    assert verdicts(watch.report()) == {"shop:half": "matched"}
    watch.save("src/shop.py", "def half(n: int) -> int:\n    return int(n / 2)\n")
    assert verdicts(watch.report()) == {"shop:half": "differs"}
    assert watch.end() == 1


def test_the_verdict_is_told_before_causes_are_looked_for(project: Project) -> None:
    text = "def half(n: int) -> int:\n    return int(n / 2)\n"
    config = find_config(project.write({"src/shop.py": text}).javac().folder)
    told: list[RunReport] = []
    report = run(config, options=Options(on_judged=told.append))
    (early,) = told
    assert [unit.verdict for unit in early.units] == [unit.verdict for unit in report.units]
    assert summary(early) == summary(report) == "differs: 1 unit on 2 fixtures: 1 differs"
    causes = [
        [finding.difference.cause for finding in one.units[0].findings] for one in (early, report)
    ]
    assert causes[0] == [None]
    assert causes[1][0] is not None


def test_at_a_desk_the_verdict_stands_before_the_findings(watched: Callable[..., Watch]) -> None:
    watch = watched("compare", "shop:half")
    watch.quiet()
    watch.save("src/shop.py", "def half(n: int) -> int:\n    return int(n / 2)\n")
    watch.wait(lambda: "$  (" in watch.out.read_text() or "where" in watch.out.read_text())
    out = watch.out.read_text()
    assert (
        0
        <= out.find("differs: 1 unit on 2 fixtures: 1 differs; looking for causes")
        < out.find("where")
    )


def test_watch_and_a_shard_do_not_go_together(project: Project) -> None:
    told = project.parity("run", "--watch", "--shard", "1/2")
    assert told.status == 2
    assert "--watch goes with neither" in told.err
