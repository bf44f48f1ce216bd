"""Writes the folder of a project, compiles its Java, and runs parity on it as people run it."""

from __future__ import annotations

import json
import keyword
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from parity.mapping import file_name
from parity.values.form import Form, dumps

ROOT = Path(__file__).resolve().parent.parent
CONFIG = """\
sources = ["python"]
fixtures = "fixtures"

[java]
classpath = ["classes"]
"""
MARK = ".made-by-bench"
JAVAC = ["-encoding", "UTF-8", "-g", "-parameters", "-proc:none", "-nowarn", "-Xmaxerrs", "9999"]
JAVA_WORDS = re.compile(
    "abstract|assert|boolean|break|byte|case|catch|char|class|const|continue|default|do|"
    "double|else|enum|extends|false|final|finally|float|for|goto|if|implements|import|"
    "instanceof|int|interface|long|native|new|null|package|private|protected|public|return|"
    "short|static|strictfp|super|switch|synchronized|this|throw|throws|transient|true|try|"
    "void|volatile|while"
)


@dataclass(frozen=True)
class Told:
    """What `parity run --json` said: its exit status, its report, its standard error."""

    status: int
    report: dict[str, Any]
    errors: str

    @property
    def units(self) -> dict[str, dict[str, Any]]:
        """The units of the report by id."""
        return {unit["id"]: unit for unit in self.report.get("units", [])}


@contextmanager
def folder_for(out: Path | None, *, keep: bool = False) -> Iterator[Path]:
    """An empty folder: `out`, which stays, or a new one, which stays only with `keep`.

    A folder that holds something is emptied only where it was made here. Raises SystemExit.
    """
    if out is not None and out.exists() and any(out.iterdir()):
        if not (out / MARK).is_file():
            raise SystemExit(f"error: {out} is neither empty nor made by a script of bench/")
        shutil.rmtree(out)
    folder = out or Path(mkdtemp(prefix="parity-"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    try:
        yield folder.resolve()
    finally:
        if out is None and not keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"the project is in {folder}", file=sys.stderr)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Writes text files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def fixtures_file(unit_id: str) -> str:
    """Where a unit's fixtures are, below the project."""
    return f"fixtures/{file_name(unit_id)}.jsonl"


def fixture_lines(fixtures: Iterable[Mapping[str, Form]]) -> str:
    """Fixtures as JSON lines."""
    return "".join(f"{dumps(dict(fixture))}\n" for fixture in fixtures)


def map_text(units: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Any] = {}) -> str:
    """A map of these units, and of terms for all of them."""
    tables = ["schema = 1\n"]
    if defaults:
        tables.append("[defaults]\n" + _entries(defaults))
    for unit_id, entry in sorted(units.items()):
        tables.append(f"[unit.{toml(unit_id)}]\n" + _entries(entry))
    return "\n".join(tables)


def _entries(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(name)} = {toml(value)}\n" for name, value in table.items())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml(name)


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(str(name))} = {toml(one)}" for name, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


def name_of(text: str, taken: Collection[str] = ()) -> str:
    """A text as a name in both languages, another one than those that are taken."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII) or "_"
    if not name[0].isalpha() or JAVA_WORDS.fullmatch(name) or keyword.iskeyword(name):
        name = f"n_{name}"
    known = {one.casefold() for one in taken}
    number, base = 2, name
    while name.casefold() in known:
        name, number = f"{base}_{number}", number + 1
    return name


# ---------------------------------------------------------------- programs


def java_program(name: str) -> str:
    """`javac` or another program of the JDK that parity takes as well."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", name)) if home else shutil.which(name) or name


def javac(folder: Path, *options: str) -> dict[Path, str]:
    """Compiles all of `java/` into `classes/`; what does not compile, by file, with the reason.

    A file that does not compile is left out, so that the others can be run.
    """
    left = sorted((folder / "java").rglob("*.java"))
    broken: dict[Path, str] = {}
    (folder / "classes").mkdir(exist_ok=True)
    while left:
        listed = folder / "classes" / ".sources"
        listed.write_text("".join(f'"{file}"\n' for file in left), "utf-8")
        command = [java_program("javac"), *JAVAC, *options, "-d", str(folder / "classes")]
        done = subprocess.run(
            [*command, f"@{listed}"], capture_output=True, text=True, errors="replace", check=False
        )
        listed.unlink()
        if done.returncode == 0:
            return broken
        told = done.stderr + done.stdout
        found = _errors(told, left)
        if not found:
            return broken | dict.fromkeys(left, told.strip())
        broken |= found
        left = [file for file in left if file not in found]
    return broken


def _errors(told: str, files: Sequence[Path]) -> dict[Path, str]:
    known = {str(file): file for file in files}
    found: dict[Path, str] = {}
    for line in told.splitlines():
        at = re.match(r"(?P<file>.+\.java):(?P<line>\d+): error: (?P<why>.*)", line)
        if at and at["file"] in known:
            found.setdefault(known[at["file"]], f"line {at['line']}: {at['why']}")
    return found


def run_parity(folder: Path, *units: str) -> Told:
    """`parity run --json` in a folder."""
    command = [sys.executable, "-P", "-m", "parity", "-C", str(folder), "run", "--json", *units]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {}
    return Told(done.returncode, report, done.stderr.strip())


def trouble_of(unit: Mapping[str, Any]) -> str:
    """Why nothing is known of a unit, in one line; empty where something is."""
    error = unit.get("error")
    if error is not None:
        return f"{error['what']}: {' '.join(str(error['why']).split())}"
    notes = [one["note"] for one in unit["findings"] if one["verdict"] == "unknown"]
    return notes[0] if notes else ""
