"""Plants defects in correct Java counterparts and checks that each is found where it is.

`python bench/planted.py [--one-by-one] [--out DIR] [--keep]`. The pairs of bench/planted give no
finding; each defect of defects.toml must differ in its unit, at its path and in its kind, and the
units without one must match. By default the defects are spread over a few copies of all pairs, no
two of them in the same unit of a copy, and one run judges them all; with `--one-by-one` each has a
project and a run of its own. Then follow three that a checker easily misses. Exits with 0 where
everything was found where it was planted, else with 1.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.project import (
    CONFIG,
    ROOT,
    Told,
    folder_for,
    javac,
    map_text,
    run_parity,
    toml,
    trouble_of,
)
from bench.project import write as write_files
from parity.values.paths import matches

PLANTED = ROOT / "bench" / "planted"
TEXTS = ("python/**/*.py", "java/**/*.java", "fixtures/**/*.jsonl", "parity.map.toml")
# The package of the pairs, of both sides, wherever a text names it.
PACKAGE = re.compile(r"(?<![\w.])server(?=[.;])")
NOTHING = "nothing"
POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>parity.bench</groupId>
  <artifactId>planted</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.14.1</version>
      </plugin>
    </plugins>
  </build>
</project>
"""


@dataclass(frozen=True)
class Defect:
    """A change of one Java source, and where it must be found."""

    name: str
    file: str
    old: str
    new: str
    unit: str
    kind: str
    paths: tuple[str, ...]

    def planted(self, text: str) -> str:
        """The source with the defect. Raises SystemExit where `old` is not there exactly once."""
        if text.count(self.old) != 1:
            raise SystemExit(
                f"error: `{self.name}`: {self.file} has {text.count(self.old)} × `old`"
            )
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Check:
    """One line of the table: what was planted where, and what is wrong; empty if nothing."""

    name: str
    place: str
    wrong: tuple[str, ...]


def read_defects() -> list[Defect]:
    """The table of defects."""
    table = tomllib.loads((PLANTED / "defects.toml").read_text("utf-8"))
    return [
        Defect(name=name, **{**entry, "paths": tuple(entry["paths"])})
        for name, entry in table.items()
    ]


# ---------------------------------------------------------------- projects


def copy_of_pairs(prefix: str = "", defects: Sequence[Defect] = ()) -> dict[str, str]:
    """The files of the pairs, in a package `prefix` where one is given, with these defects."""
    files = {}
    for pattern in TEXTS:
        for path in sorted(PLANTED.glob(pattern)):
            text = path.read_text("utf-8")
            for defect in defects:
                text = defect.planted(text) if path.name == defect.file else text
            name = str(path.relative_to(PLANTED))
            if prefix:
                text = PACKAGE.sub(f"{prefix}.server", text)
                name = re.sub(r"^(python|java)/", rf"\1/{prefix}/", name)
                name = re.sub(r"^fixtures/", f"fixtures/{prefix}.", name)
            files[name] = text
    return files


def write_single(folder: Path, *defects: Defect) -> None:
    """A project of the pairs, built."""
    write_files(folder, {"parity.toml": CONFIG, **copy_of_pairs(defects=defects)})
    build(folder)


def spread(defects: Sequence[Defect]) -> list[list[Defect]]:
    """The defects in groups of which no two are in the same unit; the first group has none."""
    groups: list[list[Defect]] = [[]]
    for defect in defects:
        units = [{one.unit for one in group} for group in groups]
        free = next((i for i, taken in enumerate(units) if i and defect.unit not in taken), None)
        if free is None:
            groups.append([])
        groups[-1 if free is None else free].append(defect)
    return groups


def write_all(folder: Path, groups: Sequence[Sequence[Defect]]) -> None:
    """One project with a copy of the pairs for each group of defects."""
    maps = []
    write_files(folder, {"parity.toml": CONFIG})
    for number, group in enumerate(groups):
        files = copy_of_pairs(copy_name(number), group)
        files[f"python/{copy_name(number)}/__init__.py"] = ""
        maps.append(files.pop("parity.map.toml").removeprefix("schema = 1\n"))
        write_files(folder, files)
    write_files(folder, {"parity.map.toml": "schema = 1\n" + "".join(maps)})
    build(folder)


def copy_name(number: int) -> str:
    """The package of a copy; 0 is the one without a defect."""
    return f"c{number:02}"


def build(folder: Path) -> None:
    """Compiles a project. Raises SystemExit where a planted source does not compile."""
    broken = javac(folder)
    if broken:
        told = "\n".join(f"{file.relative_to(folder)}: {why}" for file, why in broken.items())
        raise SystemExit(f"error: planted Java does not compile\n{told}")


# ---------------------------------------------------------------- defects


def together(folder: Path, defects: Sequence[Defect]) -> list[Check]:
    """All defects in one run."""
    groups = spread(defects)
    write_all(folder, groups)
    told = run_parity(folder)
    copies: dict[str, dict[str, dict[str, Any]]] = {}
    for unit_id, unit in told.units.items():
        prefix, _, own = unit_id.partition(".")
        copies.setdefault(prefix, {})[own] = unit
    status = [] if told.status == 1 else [f"exit status {told.status}: {told.errors}"]
    checks = []
    for number, group in enumerate(groups):
        copy = copies.get(copy_name(number), {})
        planted = {defect.unit for defect in group}
        sound = {unit_id: unit for unit_id, unit in copy.items() if unit_id not in planted}
        wrong = findings_of(sound) if copy else ["it is not in the report"]
        checks.append(Check(NOTHING, "no finding", tuple(status + wrong)))
        for defect in group:
            checks.append(Check(defect.name, place_of(defect), tuple(wrong_with(defect, copy))))
    return checks


def one_by_one(folder: Path, defects: Sequence[Defect]) -> list[Check]:
    """Each defect in a project and a run of its own."""

    def check(number: int, defect: Defect) -> Check:
        own = folder / copy_name(number)
        write_single(own, defect)
        told = run_parity(own)
        status = [] if told.status == 1 else [f"exit status {told.status}: {told.errors}"]
        others = {unit_id: unit for unit_id, unit in told.units.items() if unit_id != defect.unit}
        wrong = wrong_with(defect, told.units) + findings_of(others)
        return Check(defect.name, place_of(defect), tuple(status + wrong))

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(check, range(1, len(defects) + 1), defects))


def place_of(defect: Defect) -> str:
    """Where a defect must be found."""
    return f"{defect.unit}  {' '.join(defect.paths)}  ({defect.kind})"


def wrong_with(defect: Defect, units: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What the report of a defect's unit says else than what was planted there."""
    unit = units.get(defect.unit)
    if unit is None:
        return ["its unit is not in the report"]
    found = [(one["path"], one["kind"]) for one in unit["findings"]]
    wrong = []
    if unit["verdict"] != "differs" or unit["unknown"]:
        wrong.append(f"{unit['verdict']} {trouble_of(unit)}".strip())
    for path, kind in dict.fromkeys(found):
        if kind != defect.kind or not any(matches(known, path) for known in defect.paths):
            wrong.append(f"also {kind} at {path}")
    for known in defect.paths:
        if not any(matches(known, path) for path, _ in found):
            wrong.append(f"nothing at {known}")
    return wrong


def findings_of(units: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Units that are not matched, each with its first finding."""
    wrong = []
    for unit_id, unit in units.items():
        if unit["verdict"] != "matched" or unit["findings"]:
            first = next((f"{one['kind']} {one['path']}" for one in unit["findings"]), "")
            wrong.append(f"{unit_id} {unit['verdict']}: {first or trouble_of(unit)}")
    return wrong


def correct(folder: Path) -> Check:
    """The pairs without a defect give no finding and exit status 0."""
    write_single(folder)
    told = run_parity(folder)
    status = [] if told.status == 0 else [f"exit status {told.status}: {told.errors}"]
    status += [] if told.units else ["there is no unit"]
    return Check(NOTHING, "no finding, exit 0", tuple(status + findings_of(told.units)))


# ---------------------------------------------------------------- three more


def edited_without_build(folder: Path) -> Check:
    """A Java source on a plain class path, edited and not built: nothing is run, it is named."""
    defect = read_defects()[0]
    write_single(folder)
    source = folder / "java" / "server" / defect.file
    source.write_text(defect.planted(source.read_text("utf-8")), "utf-8")
    told = run_parity(folder)
    wrong = [] if told.status == 2 else [f"exit status {told.status}"]
    named = str(source) in told.errors and "older than its source" in told.errors
    wrong += [] if named else [f"the stale source is not named: {told.errors}"]
    return Check("edited, not built: a class path", f"exit 2, names {defect.file}", tuple(wrong))


def edited_with_maven(folder: Path) -> Check:
    """The same in a Maven project: the run builds it again."""
    defect = read_defects()[0]
    files = {
        name.replace("java/", "src/main/java/", 1) if name.startswith("java/") else name: text
        for name, text in copy_of_pairs().items()
    }
    files["pom.xml"] = POM
    files["parity.toml"] = CONFIG.replace('classpath = ["classes"]', 'maven = "pom.xml"')
    write_files(folder, files)
    before = run_parity(folder)
    wrong = [] if before.status == 0 else [f"before it: exit {before.status}: {before.errors}"]
    source = folder / "src" / "main" / "java" / "server" / defect.file
    source.write_text(defect.planted(source.read_text("utf-8")), "utf-8")
    told = run_parity(folder)
    wrong += [] if told.status == 1 else [f"exit status {told.status}: {told.errors}"]
    wrong += wrong_with(defect, told.units)
    return Check("edited, not built: Maven", place_of(defect), tuple(wrong))


def leaked_order(folder: Path) -> Check:
    """The order of a `Set.of` in the result changes with each JVM: never matched, in no run."""
    zones = ["north", "south", "east", "west"]
    java = f"new ArrayList<>(Set.of({toml(zones)[1:-1]}))"
    entry = {"parameters": {"host": "String"}, "python": repr(zones), "java_expression": java}
    check = Check("leaked order of Set.of", "differs in each of three runs", ())
    return _by_hand(folder, check, entry, '"a"', _leak_is_told, times=3)


def _leak_is_told(told: Told, unit: Mapping[str, Any]) -> Iterator[str]:
    if told.status != 1 or unit["verdict"] != "differs":
        yield f"{unit['verdict']}, exit status {told.status}"
    kinds = {one["kind"] for one in unit["findings"]}
    if not kinds or not kinds <= {"unstable", "order", "changed"}:
        yield f"kinds {', '.join(sorted(kinds)) or 'none'}"


def half_of_a_number(folder: Path) -> Check:
    """1.5 for an `int` is not made 1: unknown, and the parameter is named."""
    entry = {"parameters": {"hours": "int"}, "python": "hours * 2", "java_expression": "hours * 2"}
    check = Check("1.5 for an int", "unknown, names the parameter, exit 2", ())
    return _by_hand(folder, check, entry, "1.5", _parameter_is_named)


def _parameter_is_named(told: Told, unit: Mapping[str, Any]) -> Iterator[str]:
    if told.status != 2 or unit["verdict"] != "unknown":
        yield f"{unit['verdict']}, exit status {told.status}"
    if "`hours`" not in trouble_of(unit):
        yield f"the parameter is not named: {trouble_of(unit)}"


def _by_hand(
    folder: Path,
    check: Check,
    entry: Mapping[str, Any],
    arg: str,
    wrong_with_run: Callable[[Told, Mapping[str, Any]], Iterator[str]],
    times: int = 1,
) -> Check:
    """A project of one unit with one fixture, run so many times."""
    files = {
        "parity.toml": CONFIG,
        "python/empty.py": "",
        "parity.map.toml": map_text({"planted": entry}),
        "fixtures/planted.jsonl": f'{{"id": "first", "args": [{arg}]}}\n',
    }
    write_files(folder, files)
    build(folder)
    wrong: list[str] = []
    for _ in range(times):
        told = run_parity(folder)
        unit = told.units.get("planted")
        wrong += wrong_with_run(told, unit) if unit is not None else [told.errors or "no report"]
    return replace(check, wrong=tuple(wrong))


# ---------------------------------------------------------------- all of it

MORE = (correct, edited_without_build, edited_with_maven, leaked_order, half_of_a_number)


def run_all(folder: Path, *, alone: bool = False) -> list[Check]:
    """Every check; the defects in one run, or each in a run of its own where `alone`."""
    plant = one_by_one if alone else together
    with ThreadPoolExecutor(2) as threads:
        defects = threads.submit(plant, folder / "defects", read_defects())
        more = threads.map(lambda check: check(folder / check.__name__), MORE)
        return [*defects.result(), *more]


def main() -> int:
    """Plants everything and prints what was not found where it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--one-by-one", action="store_true", help="a run for each defect")
    parser.add_argument("--out", type=Path, help="folder of the projects; it stays")
    parser.add_argument("--keep", action="store_true", help="keep the projects")
    options = parser.parse_args()
    with folder_for(options.out, keep=options.keep) as folder:
        checks = run_all(folder, alone=options.one_by_one)
    console = Console(width=150, highlight=False, markup=False)
    table = Table("planted", "to be found", "found", box=None, pad_edge=False)
    for check in checks:
        table.add_row(check.name, check.place, "; ".join(check.wrong) or "yes")
    console.print(table)
    planted = [check for check in checks if check.name != NOTHING]
    found = sum(not check.wrong for check in planted)
    console.print(f"{found} of {len(planted)} found where they were planted")
    return 0 if not any(check.wrong for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
