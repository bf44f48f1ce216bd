"""A build ends with the run that asked for it, and so does all that the build has started."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.config import Config, ConfigTable, JavaConfig
from parity.errors import ParityError
from parity.sides.java.build import run_build
from parity.sides.java.classpath import class_path
from parity.sides.worker import Stopped

WAITS = "sleep 60 & echo $! > child; wait"


def shell(folder: Path, script: str, stop: threading.Event, seconds: float = 30) -> str:
    """What a shell script prints."""
    command = ["sh", "-c", script]
    return run_build(command, folder, dict(os.environ), seconds, stop).stdout


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or only waits for its parent to look at it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state in "ZX"


def child_has_ended(folder: Path) -> bool:
    """Whether what the script started ends within two seconds."""
    pid = int((folder / "child").read_text("ascii"))
    deadline = time.monotonic() + 2
    while not has_ended(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return has_ended(pid)


def test_a_build_gives_what_it_prints(tmp_path: Path) -> None:
    assert shell(tmp_path, "echo classes", threading.Event()) == "classes\n"


def test_a_run_that_is_ended_ends_its_build(tmp_path: Path) -> None:
    stop = threading.Event()

    def end_when_it_runs() -> None:
        deadline = time.monotonic() + 30
        while not (tmp_path / "child").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.1)
        stop.set()

    threading.Thread(target=end_when_it_runs).start()
    with pytest.raises(Stopped):
        shell(tmp_path, WAITS, stop)
    assert child_has_ended(tmp_path)


def test_a_build_that_does_not_end_is_ended(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        shell(tmp_path, WAITS, threading.Event(), seconds=1.5)
    assert child_has_ended(tmp_path)


@pytest.fixture
def heard() -> Iterator[None]:
    """SIGINT as Python hears it, also where the tests were started with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_that_reaches_another_thread_ends_a_build_too(tmp_path: Path) -> None:
    def interrupt_here_when_it_runs() -> None:
        deadline = time.monotonic() + 30
        while not (tmp_path / "child").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)  # the main thread waits by now
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        time.sleep(3)  # nor does the end of this thread wake it

    threading.Thread(target=interrupt_here_when_it_runs, daemon=True).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        shell(tmp_path, WAITS, threading.Event())
    assert time.monotonic() - started < 2
    assert child_has_ended(tmp_path)


def test_a_build_that_fails_says_what_is_wrong_in_plain_text_and_once(tmp_path: Path) -> None:
    wrong = "[ERROR] Prices.java:[3,5] ';' expected"
    advice = ["[ERROR] -> [Help 1]", "[ERROR] ", "[ERROR] Re-run Maven using the -X switch"]
    lines = ["[INFO] compiling", "\x1b[0m" + wrong, wrong, *advice]
    (tmp_path / "printed").write_text("\n".join(lines))
    (tmp_path / "mvnw").write_text("#!/bin/sh\ncat printed\nexit 1\n")
    (tmp_path / "mvnw").chmod(0o755)
    (tmp_path / "pom.xml").write_text("<project/>")
    table = ConfigTable(sources=["."], java=JavaConfig(maven="pom.xml"))
    config = Config(tmp_path, tmp_path / "parity.toml", table)
    with pytest.raises(ParityError) as told:
        class_path(config, tmp_path)
    assert told.value.why == wrong
