"""Records the own test suites of published libraries, and runs what was recorded against Java.

`python bench/suites.py [NAME...]`. Of each library of suites.toml the sdist is fetched for tests;
`parity record -- python -m pytest` watches the mapped functions of the installed library, then
`parity run` judges the fixtures that this gave. Exits with 0 where every suite ended as it does
unwatched, every unit got fixtures, all of which are run, and matches on some. How many differ, or
are nothing that the Java side could be given, is told.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PROJECTS = ROOT / "tests" / "projects"
CONFIG = """sources = ["src"]
fixtures = "fixtures"
[java]
maven = "pom.xml"
"""


@dataclass(frozen=True)
class Outcome:
    """What came of one library: recorded and run reports, and what is wrong; empty if nothing."""

    name: str
    recorded: dict[str, Any]
    run: dict[str, Any]
    wrong: list[str]


def suites() -> dict[str, dict[str, Any]]:
    """The chosen libraries by name."""
    return tomllib.loads((ROOT / "bench" / "suites.toml").read_text("utf-8"))


def record_suite(name: str, suite: dict[str, Any], folder: Path) -> Outcome:
    """One library, in an empty folder."""
    tests = fetch(suite["sdist"], folder / "sdist")
    project = folder / "project"
    (project / "src").mkdir(parents=True)
    shutil.copyfile(PROJECTS / suite["project"] / "pom.xml", project / "pom.xml")
    (project / "parity.toml").write_text(CONFIG, "utf-8")
    (project / "parity.map.toml").write_text(suite["map"], "utf-8")
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="]
    pytest += ["-o", "filterwarnings=", *suite["tests"]]
    unwatched = subprocess.run(pytest, cwd=tests, capture_output=True, text=True, check=False)
    recorded, told = parity(project, tests, "record", "--max", "1000", "--json", "--", *pytest)
    run, more = parity(project, tests, "run", "--json")
    wrong = []
    if recorded is None or run is None:
        return Outcome(name, recorded or {}, run or {}, [told or more])
    if recorded["status"] != unwatched.returncode:
        wrong.append(f"the suite ended with {recorded['status']}, not {unwatched.returncode}")
    wrong += [f"nothing of {unit['id']}" for unit in recorded["units"] if not unit["fixtures"]]
    judged = {unit["id"]: unit for unit in run["units"]}
    for unit in recorded["units"]:
        done = judged.get(unit["id"], {"fixtures": 0, "matched": 0})
        if done["fixtures"] != unit["fixtures"] or not done["matched"]:
            wrong.append(f"{unit['id']}: {done['fixtures']} run, {done['matched']} matched")
    return Outcome(name, recorded, run, wrong)


def fetch(sdist: str, folder: Path) -> Path:
    """A folder with the tests of a release, and nothing of the library itself.

    Raises CalledProcessError.
    """
    pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    pip += ["--no-deps", "--no-binary", ":all:", "-d", str(folder), sdist]
    subprocess.run(pip, check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
    alone = folder / "alone"
    alone.mkdir()
    (unpacked / "tests").rename(alone / "tests")
    return alone


def parity(project: Path, cwd: Path, *arguments: str) -> tuple[dict[str, Any] | None, str]:
    """The JSON that a verb prints last, and what it says on standard error."""
    command = [sys.executable, "-m", "parity", "-C", str(project), *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    return (json.loads(lines[-1]) if lines and done.returncode < 2 else None), done.stderr


def main() -> int:
    """Records and runs the suites, and prints what came of them."""
    chosen = suites()
    names = sys.argv[1:] or list(chosen)
    table = Table("library", "unit", box=None, pad_edge=False)
    for column in ("calls", "inputs", "fixtures", "matched", "differs", "unknown"):
        table.add_column(column, justify="right")
    wrong = []
    for name in names:
        with TemporaryDirectory(prefix="parity-") as folder:
            outcome = record_suite(name, chosen[name], Path(folder))
        wrong += [f"{name}: {what}" for what in outcome.wrong]
        runs = {unit["id"]: unit for unit in outcome.run.get("units", [])}
        for unit in outcome.recorded.get("units", []):
            run = runs.get(unit["id"], {})
            numbers = [unit["calls"], unit["distinct"], unit["fixtures"]]
            numbers += [run.get(word) for word in ("matched", "differs", "unknown")]
            table.add_row(name, unit["id"], *map(str, numbers))
    console = Console(width=150, highlight=False, markup=False)
    console.print(table)
    for what in wrong:
        console.print(what)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
