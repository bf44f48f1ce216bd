"""docs/guides/cut-over.md in a clean clone: each command typed into one shell, in its order."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import threading
import time
from pathlib import Path

from tests.functional.test_guides import BLOCK, Command, commands

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/guides/cut-over.md"
SECONDS = 1800.0
DONE = "@@ done with "


def cloned(folder: Path) -> Path:
    """All that git knows, as it is now; what `make` sets up is what is set up already."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout  # fmt: skip
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    jar = "parity/harness/target/parity-harness.jar"
    (folder / jar).parent.mkdir(parents=True)
    shutil.copy2(ROOT / jar, folder / jar)
    return folder


class Shell:
    """One shell that is typed into."""

    def __init__(self, folder: Path) -> None:
        env = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self.process = subprocess.Popen(
            ["bash"], cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.reading = threading.Thread(target=self._read, daemon=True)
        self.reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def type(self, line: str) -> tuple[str, int]:
        """What it prints, and the exit status."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\necho '{DONE}'$?\n")
        self.process.stdin.flush()
        printed, until = "", time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                told = self.lines.get(timeout=1)
            except queue.Empty:
                assert self.process.poll() is None, printed
                continue
            before, is_done, status = told.partition(DONE)  # Maven ends no line
            printed += before
            if is_done:
                return printed, int(status)
        raise TimeoutError(f"{line}: {printed}")

    def end(self) -> None:
        """Ends it; what it has started ends with the local AWS, or with its input."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reading.join(60)  # it ends with the last of those that write there
        assert not self.reading.is_alive(), "something it started goes on"
        assert self.process.stdout is not None
        self.process.stdout.close()


def test_the_whole_way_from_a_clean_clone(tmp_path: Path) -> None:
    found: list[Command] = []
    for block in BLOCK.finditer(GUIDE.read_text("utf-8")):
        assert block["kind"] == "console"
        found += commands(block["text"])
    assert len(found) >= 15
    folder = cloned(tmp_path / "clone")
    shell = Shell(folder)
    try:
        for command in found:
            began = time.monotonic()
            printed, status = shell.type(command.line)
            print(f"{time.monotonic() - began:6.1f} s  {command.line}")
            assert status == command.status, f"$ {command.line}\n{printed[-4000:]}"
            lines = [" ".join(line.split()) for line in printed.splitlines()]
            for told in command.told:
                wanted = " ".join(told.split())
                assert any(one.startswith(wanted) for one in lines), f"{told!r}\n{printed[-4000:]}"
    finally:
        shell.end()
