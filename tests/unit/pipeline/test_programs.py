"""Programs of the config: what they answer, and that nothing of them is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parity.pipeline.programs import Conversation, Failed, Place, run_once

ECHO = "import json, sys\nfor line in sys.stdin: print(json.dumps([json.loads(line)]), flush=True)"
CHILD = """
import os, subprocess, sys, tempfile, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(os.path.join(tempfile.gettempdir(), "file"), "w").close()
print([os.getpid(), child.pid, tempfile.gettempdir()].__repr__().replace("'", '"'), flush=True)
time.sleep(60)
"""


def command(source: str) -> list[str]:
    return [sys.executable, "-c", source]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, dict(os.environ))


def test_a_program_is_given_a_request_and_answers_it(place: Place) -> None:
    asked = {"text": "größe" * 100_000}
    assert run_once(command(ECHO), place, asked, 30) == [asked]


def test_a_conversation_is_had_line_by_line(place: Place) -> None:
    with Conversation(command(ECHO), place, 30) as talk:
        assert talk.ask(do="load", world=1) == [{"do": "load", "world": 1}]
        assert talk.ask(do="read") == [{"do": "read"}]


@pytest.mark.parametrize(
    ("source", "seconds", "said"),
    [
        ("import sys; sys.exit('no such shop')", 30, "no such shop"),
        ("print('<html>')", 30, "answered no JSON"),
        ("import time; time.sleep(60)", 1, "took more than 1 s"),
    ],
)
def test_a_program_that_does_not_do_its_part_is_told_of(
    place: Place, source: str, seconds: float, said: str
) -> None:
    with pytest.raises(Failed, match=said):
        run_once(command(source), place, {}, seconds)


def test_a_program_that_is_not_there_is_told_of(place: Place) -> None:
    with pytest.raises(Failed, match="nowhere cannot be started"):
        run_once(["nowhere"], place, {}, 30)


def test_a_conversation_that_breaks_off_says_what_was_said(place: Place) -> None:
    source = "import sys; input(); sys.exit('the table is gone')"
    with (
        pytest.raises(Failed, match=r"'read'.*the table is gone"),
        Conversation(command(source), place, 30) as talk,
    ):
        talk.ask(do="read")


def gone(found: list[Any]) -> bool:
    *processes, folder = found
    return not any(Path(one).exists() for one in (folder, *(f"/proc/{pid}" for pid in processes)))


def until(true: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def test_nothing_is_left_where_it_is_ended(place: Place) -> None:
    with Conversation(command(CHILD), place, 30) as talk:
        found = talk.ask(do="begin")
        assert found[-1].startswith(tempfile.gettempdir())
        with pytest.raises(Failed, match=r"took more than 0\.1 s"):
            Conversation.ask(impatient(talk), do="never")
    assert until(lambda: gone(found))


def impatient(talk: Conversation) -> Conversation:
    talk._seconds = 0.1
    return talk


def test_nothing_is_left_where_its_user_is_killed(tmp_path: Path) -> None:
    user = f"""
import json, os, sys
from pathlib import Path
from parity.pipeline.programs import Conversation, Place
with Conversation([sys.executable, "-c", {CHILD!r}], Place(Path("."), dict(os.environ)), 30) as t:
    print(json.dumps(t.ask(do="begin")), flush=True)
    t.ask(do="never")
"""
    with subprocess.Popen([sys.executable, "-c", user], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        found = json.loads(process.stdout.readline())
        assert not gone(found)
        process.send_signal(signal.SIGKILL)
    assert until(lambda: gone(found))
