"""Programs of the config: run once, or talked to line by line; gone with whoever started them."""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from parity.aws import warden
from parity.config import Config

GRACE_SECONDS: Final = 10.0
HARMLESS: Final = (
    *("HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LOGNAME", "TERM", "TZ", "USER"),
    *("COVERAGE_PROCESS_START", "LD_LIBRARY_PATH", "SSL_CERT_FILE"),
)
"""Names in the environment that let a program into nothing."""

NOWHERE: Final = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "fenced",
    "AWS_SECRET_ACCESS_KEY": "fenced",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What keeps any AWS SDK from finding an account."""

PIECE: Final = 1 << 20


class Failed(Exception):
    """A program of the config did not do its part; the text says which, and what it said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where programs of a project run: its folder, and what their environment has besides."""

    root: Path
    environment: Mapping[str, str]

    @classmethod
    def of(cls, config: Config, more: Mapping[str, str], *, fenced: bool = False) -> Place:
        """`python3` is the project's interpreter, and can import what is in its sources.

        One that is `fenced` knows nothing of what this process is let into: of the environment it
        has what any program needs and what the config's `env_pass` names, and nothing of AWS but
        what it is given.
        """
        chosen = config.table.python.interpreter
        interpreter = config.root / chosen if chosen else Path(sys.executable)
        path = [str(interpreter.parent), os.environ.get("PATH", os.defpath)]
        sources = [*map(str, config.sources), os.environ.get("PYTHONPATH", "")]
        found = {
            "PATH": os.pathsep.join(path),
            "PYTHONPATH": os.pathsep.join(filter(None, sources)),
        }
        inherited = _fence(config) if fenced else os.environ
        return cls(config.root, {**inherited, **found, **more})


def _fence(config: Config) -> dict[str, str]:
    """The environment of a program that is not to reach production."""
    kept = (*HARMLESS, *config.table.python.env_pass)
    passed = {name: value for name, value in os.environ.items() if name in kept}
    return {**passed, **NOWHERE}


def run_once(command: Sequence[str], place: Place, given: Any, seconds: float) -> Any:
    """What a program answers, as JSON; it gets `given` on its standard input."""
    with Program(command, place) as program:
        program.say(given)
        program.end_of_input()
        answer = program.rest(seconds)
        status = program.status(seconds)
        if status != 0:
            raise Failed(f"{program.name} failed: {program.last_words()}")
    return _json(program.name, answer)


class Conversation:
    """A program that answers each line with one, as long as it is needed."""

    def __init__(self, command: Sequence[str], place: Place, seconds: float) -> None:
        self._program = Program(command, place)
        self._seconds = seconds

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._program.close(at_once=kind is not None)

    def ask(self, **asked: Any) -> Any:
        """What it answers."""
        self._program.say(asked)
        line = self._program.line(self._seconds)
        if not line:
            words = self._program.last_words()
            raise Failed(f"{self._program.name} ended at {asked['do']!r}: {words}")
        return _json(self._program.name, line)


class Program:
    """A process with a temporary folder of its own, which goes with it, as do its children.

    It ends, and they do, when this process ends, however that happens.
    """

    def __init__(self, command: Sequence[str], place: Place) -> None:
        self.name = " ".join(command)
        folder = f"{tempfile.gettempdir()}/parity-program-{secrets.token_hex(8)}"
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115, as long as the process
        reading, writing = os.pipe()
        guarded = [sys.executable, "-I", warden.__file__, folder, str(reading), *command]
        self._process = subprocess.Popen(
            guarded,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**place.environment, "TMPDIR": folder},
            cwd=place.root,
            pass_fds=[reading],
            start_new_session=True,
        )
        os.close(reading)
        self._input = os.fdopen(writing, "wb")
        self._talking: threading.Thread | None = None
        self._kept = bytearray()

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(at_once=kind is not None)

    def say(self, value: Any) -> None:
        """Writes a line of JSON; whether it is read is seen by what comes back."""
        self._talking = threading.Thread(
            target=self._write, args=(json.dumps(value).encode() + b"\n",), daemon=True
        )
        self._talking.start()

    def end_of_input(self) -> None:
        """Nothing more is said."""
        talking, self._talking = self._talking, None

        def close() -> None:
            if talking is not None:
                talking.join()
            with suppress(OSError):
                self._input.close()

        threading.Thread(target=close, daemon=True).start()

    def line(self, seconds: float) -> bytes:
        """The next line that it writes; empty where it has ended."""
        return self._until(b"\n", seconds)

    def rest(self, seconds: float) -> bytes:
        """All that it writes until it ends."""
        return self._until(None, seconds)

    def status(self, seconds: float) -> int:
        """Its exit status."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise self._too_slow(seconds) from None

    def last_words(self) -> str:
        """The last lines of what it wrote on its standard error."""
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        return "\n".join(said.splitlines()[-3:]) or "it said nothing"

    def close(self, *, at_once: bool = False) -> None:
        """Lets it end by itself where it does so soon, ends it otherwise, or at once."""
        self.end_of_input()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.wait(0 if at_once else GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def _write(self, data: bytes) -> None:
        with suppress(OSError, ValueError):  # it has ended, which reading tells
            self._input.write(data)
            self._input.flush()

    def _until(self, mark: bytes | None, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        looked = 0
        while True:
            end = self._kept.find(mark, looked) if mark else -1
            if end >= 0:
                found = bytes(self._kept[: end + 1])
                del self._kept[: end + 1]
                return found
            looked = len(self._kept)
            ready, _, _ = select.select([source], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise self._too_slow(seconds)
            piece = os.read(source, PIECE)
            if not piece:
                found = bytes(self._kept)
                self._kept.clear()
                return b"" if mark else found
            self._kept += piece

    def _too_slow(self, seconds: float) -> Failed:
        assert self._process.stdin is not None
        self._process.stdin.close()
        return Failed(f"{self.name} took more than {seconds:g} s")


def _json(name: str, text: bytes) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        raise Failed(f"{name} answered no JSON: {text[:80].decode('utf-8', 'replace')}") from None
