"""Classes that a JVM finds ready instead of reading, checking and linking them at each start.

An archive (class data sharing) holds what a run uses of the JDK, of the harness and of JPype. It
is made once in a JVM of its own, beside the first run, and kept in the user's cache folder, by
all that the JVM asks to be as it was: the JDK, the class path and the flags. A JVM that refuses
its archive starts all the same, without it; the worker then removes the file, so that the next
run makes another.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from parity.sides.java.home import PACKAGE
from parity.sides.java.rehearsal import requests

FOLDER = "PARITY_CACHE"  # names the cache folder, where it is not the user's
LAYOUT = 2  # of what is rehearsed: another number, another archive
KEPT = 6
SECONDS = 300
NICE = 10
AGAIN_AFTER = 24 * 3600.0
USE = "-XX:SharedArchiveFile="
OURS = ".parity.jsa"  # no archive of another name is ever removed
MAKE = "-XX:ArchiveClassesAtExit="
# What an archive does not depend on, or what goes against having one.
INDIFFERENT = ("-Xmx", "-XX:MaxMetaspaceSize=", "-XX:TieredStopAtLevel=")
OTHERWISE = (
    "-Xshare",
    "-XX:SharedArchiveFile",
    "-XX:AOT",
    "-XX:ArchiveClassesAtExit",
    "-javaagent",
)


def archive_flags(home: Path, harness: Path, flags: Sequence[str]) -> list[str]:
    """The flag that names the archive for a JVM with these flags, where there is one by now."""
    file = archive_file(home, harness, flags)
    if file is None or not file.is_file():
        return []
    return [USE + str(file)]


def begin_archive(
    home: Path, harness: Path, flags: Sequence[str]
) -> subprocess.Popen[bytes] | None:
    """Starts making the archive that is missing, at the lowest priority; None where none is.

    The process ends by itself; whoever is interrupted ends it with `end_archive`.
    """
    file = archive_file(home, harness, flags)
    if file is None or file.is_file() or _failed_lately(file):
        return None
    given = json.dumps({"home": str(home), "harness": str(harness), "flags": list(flags)})
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "parity.sides.java.archive", given],
            env=_environment() | {FOLDER: str(file.parent.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None


def archive_file(home: Path, harness: Path, flags: Sequence[str]) -> Path | None:
    """Where the archive is or would be; None where these flags or this user can have none."""
    if any(flag.startswith(OTHERWISE) for flag in flags):
        return None
    folder = cache_folder()
    support = _support_jar()
    if folder is None or support is None:
        return None
    lasting = [flag for flag in flags if not flag.startswith(INDIFFERENT)]
    try:
        parts = [_stamp(home / "release"), _stamp(harness), _stamp(support), LAYOUT, *lasting]
    except OSError:
        return None
    key = hashlib.sha256(json.dumps([str(home.resolve()), *parts]).encode()).hexdigest()[:32]
    return folder / "jvm" / (key + OURS)


def cache_folder() -> Path | None:
    """The folder of what parity keeps for all projects of a user; None where there is no home."""
    given = os.environ.get(FOLDER)
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base, "parity")
    home = os.environ.get("HOME")
    return Path(home, ".cache", "parity") if home else None


def archive_files(cache: Path) -> list[Path]:
    """The archives in a cache folder."""
    return sorted((cache / "jvm").glob("*" + OURS))


def archive_failure(cache: Path) -> Path | None:
    """The mark of the last archive that could not be made, where that is not long ago."""
    marks = [file.with_suffix(".failed") for file in (cache / "jvm").glob("*.failed")]
    return max(filter(_failed_lately, marks), key=lambda one: one.stat().st_mtime, default=None)


def make_archive(home: Path, harness: Path, flags: Sequence[str]) -> bool:
    """Rehearses a run, archives its classes and sees that a JVM takes them; whether it is there."""
    file = archive_file(home, harness, flags)
    if file is None:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("wb") as lock:
        if not _locked(lock) or file.is_file():
            return file.is_file()
        folder = file.with_suffix(".making")
        shutil.rmtree(folder, ignore_errors=True)  # of one that was killed: the lock is ours
        folder.mkdir()
        try:
            made = folder / f"made{OURS}"
            start = {"home": str(home), "harness": str(harness)}
            ended = _serve(start | {"flags": [*flags, MAKE + str(made)]}, home, folder)
            if made.is_file():
                ended = _serve(start | {"flags": [*flags, USE + str(made)]}, home, folder, 1)
            if not ended:
                return False
            if not made.is_file():  # never made, or refused and so removed by the worker
                file.with_suffix(".failed").touch()
                return False
            made.replace(file)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    _prune(file.parent)
    return True


def end_archive(process: subprocess.Popen[bytes]) -> None:
    """Ends the making of an archive; what is half made is not kept."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _serve(start: dict[str, object], home: Path, folder: Path, at_most: int | None = None) -> bool:
    """A worker with all or the first requests of a rehearsal; whether it came to its end."""
    requests_out, requests_in = os.pipe()
    events_out, events_in = os.pipe()
    worker = subprocess.Popen(
        [sys.executable, "-P", "-m", "parity.sides.java.worker"]
        + [str(requests_out), str(events_in), json.dumps(start)],
        env=_environment() | {"JAVA_HOME": str(home)},
        cwd=folder,
        pass_fds=(requests_out, events_in),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(requests_out)
    os.close(events_in)
    try:
        with os.fdopen(requests_in, "wb") as asked, os.fdopen(events_out, "rb") as told:
            for request, answers in islice(requests(home, folder), at_most):
                asked.write(json.dumps(request).encode("ascii") + b"\n")
                asked.flush()
                for _ in range(answers):
                    told.readline()  # empty where it is gone
        worker.wait(SECONDS)
        return True
    except BrokenPipeError:
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        worker.kill()
        worker.wait()


def _environment() -> dict[str, str]:
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONPATH": str(PACKAGE.parent)}


def _support_jar() -> Path | None:
    """The jar that JPype adds to every class path."""
    found = importlib.util.find_spec("jpype")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).resolve().parent.parent / "org.jpype.jar"


def _stamp(file: Path) -> tuple[str, int, int]:
    """What the JVM compares of a file: it refuses an archive when one of them has changed."""
    known = file.stat()
    return str(file), known.st_size, known.st_mtime_ns


def _failed_lately(file: Path) -> bool:
    try:
        return time.time() - file.with_suffix(".failed").stat().st_mtime < AGAIN_AFTER
    except OSError:
        return False


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _prune(folder: Path) -> None:
    """Removes the oldest archives: each change of a jar leaves one behind."""
    files = sorted(folder.glob("*" + OURS), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[KEPT:]:
        for name in (file, file.with_suffix(".lock"), file.with_suffix(".failed")):
            name.unlink(missing_ok=True)


def main() -> None:
    """Makes the archive that the command line describes."""
    os.nice(NICE)
    given = json.loads(sys.argv[1])
    make_archive(Path(given["home"]), Path(given["harness"]), given["flags"])


if __name__ == "__main__":
    main()
