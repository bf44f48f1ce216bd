"""The flags of a JVM, and the archive of classes that it starts from."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.sides.java import archive
from parity.sides.java.archive import (
    archive_file,
    archive_flags,
    begin_archive,
    end_archive,
    make_archive,
)
from parity.sides.java.flags import MANY_FIXTURES, base_flags, start_flags
from parity.sides.java.home import harness_jar, java_version
from tests.unit.sides.java.driver import Driver
from tests.unit.sides.java.test_batches import homes

HOMES = homes()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv(archive.FOLDER, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def jar(tmp_path: Path) -> Path:
    """A copy of the harness, to be changed."""
    return Path(shutil.copy2(harness_jar(), tmp_path / "harness.jar"))


def is_mapped(process: subprocess.Popen[bytes], file: Path) -> bool:
    return str(file) in Path(f"/proc/{process.pid}/maps").read_text("utf-8")


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
def test_an_archive_is_made_once_used_and_removed_when_the_jvm_refuses_it(
    home: Path, cache: Path, jar: Path, tmp_path: Path
) -> None:
    flags = base_flags(home, [], 0, 0)
    assert start_flags(home, jar, [], 0, 0) == flags
    assert make_archive(home, jar, flags)
    file = archive_file(home, jar, flags)
    assert file is not None
    assert start_flags(home, jar, [], 0, 0) == [*flags, f"-XX:SharedArchiveFile={file}"]
    made = file.stat().st_mtime_ns
    assert make_archive(home, jar, flags)
    assert file.stat().st_mtime_ns == made
    assert begin_archive(home, jar, flags) is None

    used = Driver(tmp_path, home, start_flags(home, jar, [], 0, 0), jar)
    assert "ready" in used.hello([])
    assert is_mapped(used.process, file)
    used.close()

    os.utime(jar, ns=(1, 1))  # the JVM compares the time of each jar
    assert start_flags(home, jar, [], 0, 0) == flags
    refused = Driver(tmp_path, home, [*flags, f"-XX:SharedArchiveFile={file}"], jar)
    assert "ready" in refused.hello([])
    refused.close()
    assert not file.exists()


def test_what_is_half_made_is_not_kept(cache: Path, jar: Path) -> None:
    flags = base_flags(HOMES[0], [], 0, 0)
    process = begin_archive(HOMES[0], jar, flags)
    assert process is not None
    making = cache / "jvm"
    while process.poll() is None and not list(making.glob("*.making/0.requests")):
        time.sleep(0.05)
    assert process.poll() is None
    end_archive(process)
    assert process.poll() == -signal.SIGKILL
    assert archive_flags(HOMES[0], jar, flags) == []
    assert begin_archive_is_open(jar, flags)


def begin_archive_is_open(jar: Path, flags: list[str]) -> bool:
    """Whether another may start: nothing is locked, nothing counts as failed."""
    process = begin_archive(HOMES[0], jar, flags)
    if process is not None:
        end_archive(process)
    return process is not None


def test_what_cannot_be_archived_is_not_tried_at_each_run(
    cache: Path, jar: Path, tmp_path: Path
) -> None:
    home = tmp_path / "jdk"
    (home / "lib").mkdir(parents=True)
    (home / "release").write_text('JAVA_VERSION="17.0.1"\n', "ascii")
    assert not make_archive(home, jar, [])
    assert begin_archive(home, jar, []) is None
    assert archive_flags(home, jar, []) == []


@pytest.mark.parametrize("flag", ["-Xshare:off", "-XX:AOTCache=a", "-javaagent:a.jar"])
def test_flags_that_have_their_own_idea_of_classes_get_no_archive(
    cache: Path, jar: Path, flag: str
) -> None:
    assert archive_file(HOMES[0], jar, [flag]) is None


def test_each_change_that_the_jvm_would_refuse_has_an_archive_of_its_own(
    cache: Path, jar: Path
) -> None:
    def files() -> Iterator[Path | None]:
        yield archive_file(HOMES[0], jar, ["-Xrs", "-Xmx1g"])
        yield archive_file(HOMES[0], jar, ["-Xrs", "-Xmx2g"])
        yield archive_file(HOMES[0], jar, ["-Xrs", "-XX:+UseParallelGC"])
        os.utime(jar, ns=(1, 1))
        yield archive_file(HOMES[0], jar, ["-Xrs", "-Xmx1g"])

    one, other_size, other_collector, other_jar = files()
    assert one == other_size
    assert len({one, other_collector, other_jar, None}) == 4


def test_without_a_home_there_is_no_cache(jar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (archive.FOLDER, "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    assert archive_file(HOMES[0], jar, []) is None
    monkeypatch.setenv("HOME", "/h")
    assert archive.cache_folder() == Path("/h/.cache/parity")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert archive.cache_folder() == Path("/x/parity")


def test_old_archives_make_room(cache: Path) -> None:
    cache.mkdir()
    for number in range(archive.KEPT + 3):
        (cache / f"{number}{archive.OURS}").touch()
        (cache / f"{number}.parity.lock").touch()
        os.utime(cache / f"{number}{archive.OURS}", (number, number))
    archive._prune(cache)
    kept = {str(number) for number in range(3, archive.KEPT + 3)}
    assert {file.name.partition(".")[0] for file in cache.glob("*.jsa")} == kept
    assert {file.name.partition(".")[0] for file in cache.glob("*.lock")} == kept


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
def test_flags_are_chosen_by_the_amount_of_work(home: Path) -> None:
    few = base_flags(home, ["-Dx=1"], MANY_FIXTURES - 1, 0)
    many = base_flags(home, ["-Dx=1"], MANY_FIXTURES, 1 << 28)
    assert "-XX:TieredStopAtLevel=1" in few
    assert "-XX:TieredStopAtLevel=1" not in many
    assert f"-Xmx{1 << 30}" in few
    assert f"-Xmx{1 << 28}" in many
    assert few[-1] == many[-1] == "-Dx=1"
    newer = (java_version(home) or 0) >= 24
    assert ("--enable-native-access=ALL-UNNAMED" in few) == newer
