"""Nothing of the server is unaccounted for: a function is a unit, ported, or not, and why."""

from __future__ import annotations

import ast
import fnmatch
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JAVA = ROOT / "java_lambdas"
ROW = re.compile(
    r"^\| (?P<names>(?:`[^`]+` ?)+)\| (?P<how>unit|ported|wont-port) \| (?P<why>.+) \|$"
)


def sources() -> set[str]:
    """All functions and methods of the server, as `module:function` or `module:Class.method`."""
    found = set()
    for file in sorted((ROOT / "legacy_py" / "sable").glob("*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found.add(f"{file.stem}:{node.name}")
            elif isinstance(node, ast.ClassDef):
                methods = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
                found.update(f"{file.stem}:{node.name}.{name}" for name in methods)
    return found


def table() -> dict[str, tuple[str, str]]:
    rows: dict[str, tuple[str, str]] = {}
    for line in (JAVA / "README.md").read_text("utf-8").splitlines():
        row = ROW.match(line)
        for name in re.findall(r"`([^`]+)`", row["names"]) if row else ():
            assert name not in rows, f"{name} is accounted for twice"
            rows[name] = (row["how"], row["why"]) if row else ("", "")
    return rows


def test_every_function_is_accounted_for_once() -> None:
    rows, known = table(), sources()
    assert len(known) > 200
    exact = {name for name in rows if "*" not in name}
    assert exact <= known, "these are not in the sources"
    for name in known - exact:
        groups = [one for one in rows if "*" in one and fnmatch.fnmatchcase(name, one)]
        assert len(groups) == 1, f"{name}: {groups or 'nothing says what became of it'}"
        assert rows[groups[0]][0] == "wont-port", "only what is not ported goes by groups"


def test_no_group_is_left_over() -> None:
    for group in (name for name in table() if "*" in name):
        assert any(fnmatch.fnmatchcase(name, group) for name in sources()), group


def test_units_of_the_table_are_those_of_the_map() -> None:
    mapped = tomllib.loads((ROOT / "parity.map.toml").read_text("utf-8"))["unit"]
    units = {name for name, (how, _) in table().items() if how == "unit"}
    assert units == {unit.removeprefix("sable.") for unit in mapped}


def test_what_is_said_to_be_ported_is_there() -> None:
    for name, (how, why) in table().items():
        if how == "wont-port":
            assert len(why.split()) > 3, f"{name} has no reason"
            continue
        where = why.strip("`").partition("#")[0]
        folders = ("moves/src/main/java/com/sable/moves", "workflow")
        files = [JAVA / folder / where for folder in folders]
        files += [JAVA / folders[0] / f"{where.replace('.', '/')}.java"]
        assert any(one.is_file() for one in files), f"{name}: there is no {where}"
