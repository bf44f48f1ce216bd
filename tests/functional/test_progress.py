"""What a run tells of itself while it lasts."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping

from parity.config import find_config
from parity.pipeline.run import run
from tests.functional.conftest import ROOT, Project

LINES = "".join(f'{{"id": "n{n}", "args": [{n}]}}\n' for n in range(-1500, 1500))


class Told:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.expected: Counter[str] = Counter()
        self.counted: Counter[str] = Counter()

    def doing(self, what: str) -> None:
        self.did.append(what)

    def expect(self, fixtures: Mapping[str, int]) -> None:
        self.expected.update(fixtures)

    def judged(self, unit: str, fixtures: int) -> None:
        self.counted[unit] += fixtures


def test_every_fixture_that_is_judged_is_told_and_none_that_is_cached(project: Project) -> None:
    header = '{"parity": 1, "unit": "shop:half"}\n'
    project.write({"fixtures/shop/half.jsonl": header + LINES}).javac()
    told, again = Told(), Told()
    assert run(find_config(project.folder), progress=told).exit_status == 0
    assert told.did == ["building", "loading"]
    assert told.expected == told.counted == {"shop:half": 3000}
    assert run(find_config(project.folder), progress=again).units[0].cached
    assert not again.expected
    assert not again.counted


def test_a_terminal_shows_it_and_is_left_clean(project: Project) -> None:
    project.javac()
    ours, theirs = pty.openpty()
    env = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"}
    command = [sys.executable, "-P", "-m", "parity", "-C", str(project.folder), "run", "--json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        assert process.stdout is not None
        assert b'"verdict":"matched"' in process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert b" of 1 units" in shown
    assert b"2 of 2 fixtures" in shown or b"0 of 2 fixtures" in shown
    assert shown.rstrip().endswith((b"\x1b[?25h", b"\x1b[2K", b"\x1b[1A\x1b[2K"))


def test_json_off_a_terminal_tells_nothing(project: Project) -> None:
    told = project.javac().run()
    assert told.status == 0
    assert told.err == ""


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other end is closed
        return b""
