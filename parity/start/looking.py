"""What lies in a repository: Python roots, the build of its Java, its tests. Read, never run."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

SKIPPED: Final = frozenset(
    "__pycache__ node_modules site-packages build dist target out bin obj venv env htmlcov".split()
)
TESTS: Final = frozenset("test tests testing doc docs".split())
BESIDE: Final = TESTS | frozenset("example examples benchmark benchmarks bench scripts".split())
"""Folders of Python that belongs to a project and is no part of what it does; but for tests and
documentation, where there is no other Python, it is what the project does."""
ALONE: Final = frozenset("setup.py conftest.py noxfile.py tasks.py fabfile.py".split())
NO_CODE: Final = ("-sources.jar", "-javadoc.jar", "gradle-wrapper.jar", "maven-wrapper.jar")
GRADLE: Final = ("settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts")
OTHERS: Final = {
    "MODULE.bazel": "Bazel",
    "WORKSPACE": "Bazel",
    "WORKSPACE.bazel": "Bazel",
    "build.sbt": "sbt",
    "build.xml": "Ant",
    "build.sc": "Mill",
}
"""Builds that parity cannot ask: whoever has one says how the class path is had."""
DEEPEST: Final = 8
MAGIC: Final = b"\xca\xfe\xba\xbe"
TEST_FILE: Final = re.compile(r"(test_.*|.*_test)\.py$")
DOCTEST: Final = re.compile(rb"^\s*>>> ", re.MULTILINE)
MODULES: Final = {
    "aws": r"boto3|botocore",
    "http": r"requests|urllib3|httpx|http\.client|urllib\.request",
    "sql": r"sqlite3|psycopg2?|pymysql|MySQLdb|mysql\.connector|mariadb|pyodbc|oracledb|cx_Oracle"
    r"|pg8000|pymssql|duckdb",
}
"""What a program reaches out with, by the port that sees it (docs/effects.md)."""
IMPORTS: Final = {
    port: re.compile(
        rf"^[ \t]*(?:from[ \t]+|import[ \t](?:[^#;\n]*[ \t,])?)(?:{names})(?![\w-])".encode(),
        re.MULTILINE,
    )
    for port, names in MODULES.items()
}
MARKS: Final = (b"[tool.pytest", b"[tool:pytest]", b"[pytest]")

How = Literal["maven", "gradle", "classpath", "other", "none"]


@dataclass(frozen=True, slots=True)
class Built:
    """How the Java is had: `what` are the files that say so, or the entries of a class path."""

    how: How
    what: tuple[str, ...] = ()
    tool: str = ""
    others: tuple[str, ...] = ()
    """Builds beside it, which are left alone."""
    sources: int = 0
    """Java and Kotlin files."""
    jars: tuple[str, ...] = ()
    """Jars that lie beside a build, which it may need or not."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A repository; all paths from its root, with slashes."""

    root: Path
    sources: tuple[str, ...]
    modules: int
    java: Built
    interpreter: str | None
    tests: tuple[str, ...] = field(default=())
    """The arguments of Python that run the project's own tests; empty where it has none."""
    ports: tuple[str, ...] = ()
    """By what kinds of effects modules reach out, as they import what does it: aws, http, sql."""


def look(root: Path, sources: Sequence[str] = (), class_path: Sequence[str] = ()) -> Layout:
    """What lies below a folder. `sources` and `class_path` are taken as given, where they are."""
    tree = list(_walk(root))
    found = {_inner(root, folder): files for folder, files in tree}
    roots = tuple(sources) or _roots(found, BESIDE) or _roots(found, TESTS)
    return Layout(
        root=root,
        sources=roots,
        modules=sum(_count(found, one) for one in roots),
        java=_java(root, found, class_path),
        interpreter=_interpreter(root),
        tests=_tests(root, found, roots),
        ports=tuple(
            port
            for port, text in IMPORTS.items()
            if any(_has(text, root, found, one) for one in roots)
        ),
    )


def _walk(root: Path) -> Iterator[tuple[str, list[str]]]:
    for place, folders, files in os.walk(root):
        depth = place.count(os.sep) - str(root).count(os.sep)
        folders[:] = sorted(
            one
            for one in folders
            if not one.startswith(".") and not Path(place, one, "pyvenv.cfg").exists()
        )
        if depth >= DEEPEST * 2:
            folders[:] = []
        yield place, sorted(files)


def _inner(root: Path, folder: str) -> str:
    return folder[len(str(root)) :].strip(os.sep).replace(os.sep, "/")


def _is_skipped(folder: str, names: frozenset[str]) -> bool:
    return any(part in names for part in folder.split("/"))


# ---------------------------------------------------------------- Python


def _roots(found: dict[str, list[str]], beside: frozenset[str]) -> tuple[str, ...]:
    """Folders above the topmost packages, and those of modules that are in no package."""
    roots: dict[str, None] = {}
    for folder, files in found.items():
        if _is_skipped(folder, SKIPPED) or _is_skipped(folder, beside):
            continue
        if "__init__.py" in files:
            if "__init__.py" not in found.get(_above(folder), []):
                roots[_above(folder) or "."] = None
        elif any(_is_module(file) for file in files):
            roots[folder or "."] = None
    chosen = [one for one in roots if not _is_namespace(one, [*roots])]
    return tuple(sorted(chosen, key=lambda one: (one.count("/"), one)))


def _is_namespace(folder: str, roots: Sequence[str]) -> bool:
    """Whether a folder of modules is a part of another one: the modules of that are imported so."""
    parts = folder.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts))]
    conventional = {"src", "lib", "python", "app"}
    return any(one in roots and one.rpartition("/")[2] in conventional for one in above)


def _is_module(file: str) -> bool:
    return file.endswith(".py") and file not in ALONE and not TEST_FILE.match(file)


def _above(folder: str) -> str:
    return folder.rpartition("/")[0]


def _count(found: dict[str, list[str]], root: str) -> int:
    below = "" if root == "." else f"{root}/"
    return sum(
        sum(file.endswith(".py") for file in files)
        for folder, files in found.items()
        if f"{folder}/".startswith(below) and not _is_skipped(folder, SKIPPED)
    )


def _interpreter(root: Path) -> str | None:
    """The interpreter of an environment that lies in the repository, unless it is this one."""
    for name in (".venv", "venv", "env"):
        python = root / name / "bin" / "python"
        if (root / name / "pyvenv.cfg").is_file() and python.exists():
            return None if Path(sys.prefix) == root / name else f"{name}/bin/python"
    return None


def _tests(root: Path, found: dict[str, list[str]], roots: Sequence[str]) -> tuple[str, ...]:
    """`-m pytest …`, over what pytest finds by itself and over the doctests of the sources."""
    folders = [
        folder
        for folder, files in found.items()
        if not _is_skipped(folder, SKIPPED) and any(TEST_FILE.match(one) for one in files)
    ]
    tops = [
        one
        for one in folders
        if not any(f"{one}/".startswith(f"{o}/") for o in folders if o != one)
    ]
    configured = any(
        mark in _data(root / name)
        for name in ("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini")
        for mark in MARKS
    )
    told = [one for one in roots if _has(DOCTEST, root, found, one)]
    if not tops and not configured and not told:
        return ()
    doctests = ["--doctest-modules", "--doctest-ignore-import-errors", *told] if told else []
    places = [one or "." for one in tops] if told and not configured else []
    quietly = ("-q", "--disable-warnings", "-p", "no:cacheprovider")
    # What cannot be imported here, as a module for another system, does not stop the others.
    return ("-m", "pytest", *quietly, "--continue-on-collection-errors", *places, *doctests)


def _has(text: re.Pattern[bytes], root: Path, found: dict[str, list[str]], source: str) -> bool:
    """Whether a module below a root has such a text."""
    below = "" if source == "." else f"{source}/"
    return any(
        text.search(_data(root / folder / file)) is not None
        for folder, files in found.items()
        if f"{folder}/".startswith(below)
        and not _is_skipped(folder, SKIPPED)
        and not _is_skipped(folder, BESIDE)
        for file in files
        if file.endswith(".py")
    )


def _data(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


# ---------------------------------------------------------------- Java


def _java(root: Path, found: dict[str, list[str]], class_path: Sequence[str]) -> Built:
    sources = sum(
        one.endswith((".java", ".kt")) for folder, files in found.items() for one in files
    )
    if class_path:
        return Built("classpath", tuple(class_path), sources=sources)
    clean = {folder: files for folder, files in found.items() if not _is_skipped(folder, SKIPPED)}
    poms = _topmost(folder for folder, files in clean.items() if "pom.xml" in files)
    if poms:
        files = [_join(one, "pom.xml") for one in _by_size(poms, clean)]
        return Built("maven", (files[0],), "Maven", tuple(files[1:]), sources)
    builds = _topmost(
        folder for folder, files in clean.items() if any(one in files for one in GRADLE)
    )
    if builds:
        folders = [one or "." for one in _by_size(builds, clean)]
        jars = tuple(_jars(clean))
        return Built("gradle", (folders[0],), "Gradle", tuple(folders[1:]), sources, jars)
    entries = (*_class_folders(root, found), *_jars(found))
    if entries:
        return Built("classpath", entries, sources=sources)
    for name, tool in OTHERS.items():
        places = [folder for folder, files in clean.items() if name in files]
        if places:
            return Built("other", (_join(min(places), name),), tool, sources=sources)
    return Built("none", sources=sources)


def _topmost(folders: Iterable[str]) -> list[str]:
    """Those that are below none of the others."""
    given = sorted(folders, key=lambda one: (one.count("/") + bool(one), one))
    kept: list[str] = []
    for one in given:
        if not any(not above or one.startswith(f"{above}/") for above in kept):
            kept.append(one)
    return kept


def _by_size(folders: Sequence[str], found: dict[str, list[str]]) -> list[str]:
    """The one with the most Java first."""

    def size(one: str) -> int:
        return sum(
            sum(file.endswith((".java", ".kt")) for file in files)
            for folder, files in found.items()
            if not one or f"{folder}/".startswith(f"{one}/")
        )

    return sorted(folders, key=lambda one: (-size(one), one))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _jars(found: dict[str, list[str]]) -> Iterator[str]:
    """A pattern for each folder that has jars, or each jar where others lie beside them."""
    for folder, files in found.items():
        jars = [one for one in files if one.endswith(".jar")]
        ours = [one for one in jars if not one.endswith(NO_CODE)]
        if ours and ours == jars:
            yield _join(folder, "*.jar")
        else:
            yield from (_join(folder, one) for one in ours)


def _class_folders(root: Path, found: dict[str, list[str]]) -> list[str]:
    """Folders below which class files lie in those of their packages."""
    roots: dict[str, None] = {}
    for folder, files in found.items():
        name = next((one for one in files if one.endswith(".class") and "$" not in one), None)
        if name is None or any(f"{folder}/".startswith(f"{one}/") for one in roots):
            continue
        package = _package(root / folder / name)
        if package is not None and (not package or f"/{folder}".endswith(f"/{package}")):
            roots[folder.removesuffix(package).strip("/") or "."] = None
    return sorted(roots)


def _package(file: Path) -> str | None:
    """The folders that a class file asks for by its own name."""
    data = _data(file)
    if data[:4] != MAGIC:
        return None
    name = file.name.removesuffix(".class").encode()
    match = re.search(rb"\x01..((?:[\w$]+/)*)" + re.escape(name) + rb"(?![\w/$])", data, re.DOTALL)
    return match[1].decode("utf-8", "replace").rstrip("/") if match is not None else None
