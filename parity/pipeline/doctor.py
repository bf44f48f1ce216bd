"""`parity doctor`: what keeps a run away, or makes it slow, and the cure of each.

Nothing of the project is imported, compiled or run: programs are asked for their versions.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from parity.config import Config, find_config
from parity.errors import ParityError
from parity.fixtures import fixture_file, unmapped_files
from parity.health import Check
from parity.model import Unit
from parity.pipeline.mapped import mapped_units
from parity.sides.java.archive import archive_failure, archive_files, cache_folder
from parity.sides.java.classpath import (
    gradle_program,
    known_class_path,
    listed_entries,
    refuse_stale_classes,
)
from parity.sides.java.home import harness_jar, java_home, java_version

OLDEST_PYTHON: Final = (3, 8)
FREE_BYTES: Final = 1 << 30
ANSWER_SECONDS: Final = 20.0
MAJOR_OF_JAVA_1: Final = 44
"""What the major version of a class file is above the version of Java that reads it first."""
NAMES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A project as far as it can be read: what could not be is a check of its own."""

    config: Config
    home: Path | None
    units: Sequence[Unit] | None


def doctor(folder: Path) -> list[Check]:
    """All checks of the project in a folder; the first ones need no project."""
    found = [_tool(), _harness(), _temporary(), _cache()]
    try:
        config = find_config(folder)
    except ParityError as error:
        return [*found, _of_error("config", error)]
    found.append(Check("config", "well", str(config.file)))
    home, java = _jdk(config)
    units, maps = _map(config)
    found += [maps, _python(config), *_sources(config), java]
    place = Place(config, home, units)
    for look in (_build, _class_path, _fixtures, _private):
        found += look(place)
    return found


# ---------------------------------------------------------------- the tool itself


def _tool() -> Check:
    bridge = importlib.util.find_spec("jpype")
    if bridge is None:
        cure = f"{sys.executable} -m pip install jpype1"
        return Check("parity", "wrong", "JPype, which starts the JVM, is not installed", cure)
    on = f"Python {platform.python_version()}, {struct.calcsize('P') * 8} bits"
    return Check("parity", "well", f"{on}, JPype {version('jpype1')}, {sys.executable}")


def _harness() -> Check:
    return _attempt("harness", lambda: str(harness_jar()))


def _temporary() -> Check:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    told = f"{folder}, {free >> 20} MiB free"
    if free < FREE_BYTES:
        cure = "make room there, or point TMPDIR to another folder: answers of a run are kept in it"
        return Check("temporary files", "note", told, cure)
    return Check("temporary files", "well", told)


def _cache() -> Check:
    name, folder = "archive of classes", cache_folder()
    if folder is None:
        cure = "set HOME, or PARITY_CACHE to a folder: a JVM starts in half of the time with it"
        return Check(name, "note", "there is no folder to keep it in", cure)
    if not _can_write(folder):
        cure = f"give yourself the right to write there, or set PARITY_CACHE: {folder}"
        return Check(name, "note", f"{folder} cannot be written to", cure)
    failed = archive_failure(folder)
    if failed is not None:
        cure = f"rm {failed}, and the next run tries again"
        return Check(name, "note", "a JVM would not make one, so that it starts slowly", cure)
    count = len(archive_files(folder))
    return Check(name, "well", f"{count} in {folder}" if count else "the first run makes one")


# ---------------------------------------------------------------- the project


def _map(config: Config) -> tuple[Sequence[Unit] | None, Check]:
    try:
        units = mapped_units(config, build=False, may_be_empty=True)
    except ParityError as error:
        return None, _of_error("map", error)
    if not units:
        cure = "parity map --entries prints tables for counterparts that it finds by their names"
        return units, Check("map", "note", "no unit is mapped", cure)
    return units, Check("map", "well", _count(len(units), "unit"))


def _python(config: Config) -> Check:
    given = config.table.python.interpreter
    interpreter = str(config.root / given) if given else sys.executable
    told = _answer([interpreter, "-I", "-c", "import sys; print(*sys.version_info[:3])"])
    numbers = told.split() if told else []
    if len(numbers) != 3 or not all(one.isdigit() for one in numbers):
        cure = "mend `interpreter` in [python] of the config, or make that environment anew"
        return Check("python", "wrong", f"{interpreter} does not tell its version", cure)
    shown = f"{'.'.join(numbers)}, {interpreter}"
    if tuple(map(int, numbers[:2])) < OLDEST_PYTHON:
        cure = "let `interpreter` in [python] name Python 3.8 or newer; " + (
            'for older ones record fixtures there, and say judge = "recorded"'
        )
        return Check("python", "wrong", f"too old: {shown}", cure)
    return Check("python", "well", shown)


def _sources(config: Config) -> Iterator[Check]:
    for root in config.sources:
        if next(root.rglob("*.py"), None) is None:
            cure = "name the folder above the topmost package in `sources`"
            yield Check("sources", "wrong", f"there is no Python in {root}", cure)
        elif (root / "__init__.py").is_file():
            cure = f"say the folder above it: {root.parent}"
            found = f"{root} is a package itself, so that its modules have other names"
            yield Check("sources", "note", found, cure)
        else:
            yield Check("sources", "well", str(root))


def _jdk(config: Config) -> tuple[Path | None, Check]:
    try:
        home = java_home(config)
    except ParityError as error:
        return None, _of_error("JDK", error)
    told = f"{java_version(home) or 'of an unknown version'}, {home}"
    if _answer([str(home / "bin" / "java"), "-version"]) is None:
        cure = "install it again, or point `home` in [java] of the config to another"
        return None, Check("JDK", "wrong", f"it does not start: {told}", cure)
    if not (home / "bin" / "javac").exists():
        cure = "all but Java expressions of the map works; for these install a JDK"
        return home, Check("JDK", "note", f"it has no compiler: {told}", cure)
    return home, Check("JDK", "well", told)


def _build(place: Place) -> Iterator[Check]:
    java = place.config.table.java
    if java.maven is not None:
        found = shutil.which("mvn")
        if found is None:
            cure = "install Maven, or give `classpath` in [java] instead of `maven`"
            yield Check("build", "wrong", "there is no mvn on PATH", cure)
        else:
            yield Check("build", "well", f"{found}, {java.maven}")
    elif java.gradle is not None:
        program = gradle_program(place.config.root / java.gradle)
        if shutil.which(program) is None:
            cure = "install Gradle, add its wrapper (gradlew), or give `classpath` instead"
            found = "there is neither a gradlew nor a gradle on PATH"
            yield Check("build", "wrong", found, cure)
        else:
            yield Check("build", "well", f"{program}, {java.gradle}")
    elif java.classpath_command is not None:
        program = java.classpath_command[0]
        if shutil.which(program, path=_path_in(place.config)) is None:
            cure = "mend `classpath_command` in [java] of the config"
            yield Check("build", "wrong", f"there is no program {program}", cure)
        else:
            yield Check("build", "well", " ".join(java.classpath_command))


def _path_in(config: Config) -> str:
    return os.pathsep.join([str(config.root), os.environ.get("PATH", os.defpath)])


def _class_path(place: Place) -> Iterator[Check]:
    config = place.config
    java = config.table.java
    is_built = any((java.maven, java.gradle, java.classpath_command))
    if java.classpath is not None:
        listed = _attempt(
            "class path", lambda: str(list(listed_entries(config, java.classpath or [])))
        )
        if listed.state != "well":
            yield listed
            return
    entries = known_class_path(config)
    if not entries:
        if is_built:
            cure = "parity run builds it"
            yield Check("class path", "note", "it is known after the first run", cure)
        else:
            cure = 'say maven = "pom.xml", classpath or classpath_command in [java] of the config'
            yield Check("class path", "wrong", "nothing of it is there", cure)
        return
    odd = list(_odd_entries(entries, place.home))
    yield from odd
    if java.maven is None:
        stale = _attempt("classes", lambda: _fresh(config, entries))
        if stale.state != "well":
            odd.append(stale)
            yield stale
    if not odd:
        yield Check("class path", "well", _count(len(entries), "entry", "entries"))


def _fresh(config: Config, entries: Sequence[Path]) -> str:
    refuse_stale_classes(config.root, list(entries))
    return ""


def _odd_entries(entries: Sequence[Path], home: Path | None) -> Iterator[Check]:
    newest = java_version(home) if home is not None else None
    for entry in entries:
        if entry.is_file() and not zipfile.is_zipfile(entry):
            cure = "fetch it anew: remove the file, and build again"
            yield Check("class path", "wrong", f"{entry} is no jar, or half of one", cure)
            continue
        needed = _java_of(entry)
        if newest is not None and needed is not None and needed > newest:
            cure = f"point `home` in [java] of the config to a JDK {needed} or newer"
            found = f"{entry} is compiled for Java {needed}, and the JDK is {newest}"
            yield Check("class path", "wrong", found, cure)


def _java_of(entry: Path) -> int | None:
    """The Java that the first class of a folder or jar asks for."""
    head = b""
    if entry.is_dir():
        file = next(entry.rglob("*.class"), None)
        if file is not None:
            with file.open("rb") as stream:
                head = stream.read(8)
    else:
        with zipfile.ZipFile(entry) as jar:
            names = (name for name in jar.namelist() if name.endswith(".class"))
            name = next((one for one in names if not one.startswith("META-INF/")), None)
            if name is not None:
                with jar.open(name) as stream:
                    head = stream.read(8)
    if head[:4] != b"\xca\xfe\xba\xbe" or len(head) < 8:
        return None
    return int.from_bytes(head[6:8], "big") - MAJOR_OF_JAVA_1


def _fixtures(place: Place) -> Iterator[Check]:
    if not place.units:
        return
    folder = place.config.fixtures
    lacking = [unit.id for unit in place.units if fixture_file(folder, unit) is None]
    strays = unmapped_files(folder, place.units)
    if lacking:
        cure = f"parity record -- COMMAND, or parity fuzz {lacking[0]} --save"
        found = f"{_count(len(lacking), 'unit')} without any: {_names(lacking)}"
        yield Check("fixtures", "note", found, cure)
    if strays:
        cure = 'mend their names, add the units to the map, or say was = ["old id"] there'
        found = f"files of no unit: {_names([str(one) for one in strays])}"
        yield Check("fixtures", "note", found, cure)
    if not lacking and not strays:
        yield Check("fixtures", "well", str(folder))


def _private(place: Place) -> Iterator[Check]:
    folder = place.config.private
    if not _can_write(folder):
        cure = f"give yourself the right to write there: {folder}"
        yield Check("private folder", "wrong", f"{folder} cannot be written to", cure)
    elif _is_seen_by_git(folder):
        cure = "add .parity/ to .gitignore: it holds caches and what a run is at"
        yield Check("private folder", "note", f"git would take up {folder}", cure)
    else:
        yield Check("private folder", "well", str(folder))


# ---------------------------------------------------------------- asking


def _attempt(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, "well", look())
    except ParityError as error:
        return _of_error(name, error)


def _of_error(name: str, error: ParityError) -> Check:
    problems = [f"{one.where}: {one.why}" for one in getattr(error, "problems", ())]
    facts = [error.what, *([f"at {error.where}"] if error.where else [])]
    told = "; ".join(filter(None, [*facts, error.why, *problems]))
    return Check(name, "wrong", told, error.next_step)


def _answer(command: Sequence[str]) -> str | None:
    """What a program prints, or None where it cannot be started or fails."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _can_write(folder: Path) -> bool:
    """Whether files can be made in a folder, which may have to be made first."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _is_seen_by_git(folder: Path) -> bool:
    inside = ["git", "-C", str(folder.parent)]
    if (_answer([*inside, "rev-parse", "--is-inside-work-tree"]) or "").strip() != "true":
        return False
    return _answer([*inside, "check-ignore", "-q", f"{folder}/"]) is None


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def _names(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
