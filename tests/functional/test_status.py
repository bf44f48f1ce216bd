"""`parity status`: states from evidence and sources, and nothing of the project runs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.functional.conftest import Project

HALF = "def half(n: int) -> int:\n    return n // 2\n"
HELPED = (
    "def low(n):\n    return n - 1\n\n\ndef half(n: int) -> int:\n    return (low(n) + 1) // 2\n"
)


def states(project: Project, *args: str) -> dict[str, str]:
    told = project.parity("status", "--json", *args)
    assert told.out, told.err
    return {one["id"]: one["state"] for one in told.report["units"]}


def entry(project: Project, unit_id: str = "shop:half") -> dict[str, Any]:
    units = project.parity("status", "--json").report["units"]
    return next(dict(one) for one in units if one["id"] == unit_id)


def git(project: Project, *args: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *args], cwd=project.folder, check=True, capture_output=True)


@pytest.fixture
def proven(project: Project) -> Project:
    project.write({"src/shop.py": HELPED, ".gitignore": ".parity/\nclasses/\n__pycache__/\n"})
    project.javac()
    assert project.run("--evidence").status == 0
    return project


def test_a_unit_is_proven_with_its_helper_and_the_next_one_is_named(proven: Project) -> None:
    proven.write({"src/other.py": "def third(n):\n    return n // 3\n"})
    report = proven.parity("status", "--json").report
    found = {one["id"]: one["state"] for one in report["units"]}
    assert found == {"shop:half": "proven", "shop:low": "proven", "other:third": "not-started"}
    assert entry(proven, "shop:low")["part_of"] == ["shop:half"]
    assert [one["id"] for one in report["next"]] == ["other:third"]
    assert report["totals"]["units"]["proven"] == 2
    assert report["totals"]["calls"]["proven"] == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "state"),
    [
        ("src/shop.py", "n - 1", "n - 2", "drifted-python"),
        ("src/shop.py", "def low(n):\n", 'def low(n):\n    """Less."""\n    # one\n', "proven"),
        ("fixtures/shop/half.jsonl", "[4]", "[6]", "ported"),
        ("parity.map.toml", '"shop.Half#half"', '"shop.Half#half(long)"', "ported"),
        ("evidence", '"matched"', '"differs"', "ported"),
        ("evidence", "", None, "ported"),
    ],
)
def test_what_changed_since_is_noticed(
    proven: Project, file: str, old: str, new: str | None, state: str
) -> None:
    name = "tests/evidence/shop/half.json" if file == "evidence" else file
    path = proven.folder / name
    if new is None:
        path.unlink()
    else:
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert states(proven)["shop:half"] == state


def test_java_drifts_by_its_class_and_by_its_source_where_nothing_is_compiled(
    proven: Project,
) -> None:
    path = proven.folder / "java/shop/Half.java"
    text = path.read_text("utf-8")
    path.write_text(text.replace("(long n)", "( /* it */ long m)").replace("(n, 2)", "(m, 2)"))
    proven.javac()
    assert states(proven)["shop:half"] == "proven"
    path.write_text(text.replace(", 2)", ", 3)"))
    told = entry(proven)
    assert (told["state"], "not compiled since" in told["why"]) == ("drifted-java", True)
    proven.javac()
    assert states(proven)["shop:half"] == "drifted-java"
    subprocess.run(["rm", "-r", str(proven.folder / "classes")], check=True)
    assert states(proven)["shop:half"] == "drifted-java"
    path.write_text("// of a fresh clone\n" + text)
    assert states(proven)["shop:half"] == "proven"


def test_what_is_left_behind_needs_a_reason_until_a_day(proven: Project) -> None:
    proven.write({"src/admin.py": "def wipe():\n    return 1\n"})
    table = '\n[wont_port."admin"]\nreason = "nobody uses it"\nexpires = {}\n'
    text = (proven.folder / "parity.map.toml").read_text("utf-8")
    proven.write({"parity.map.toml": text + table.format("2999-01-01")})
    assert states(proven)["admin:wipe"] == "wont-port"
    proven.write({"parity.map.toml": text + table.format("2020-01-01")})
    assert states(proven)["admin:wipe"] == "not-started"
    assert "nobody uses it" in entry(proven, "admin:wipe")["why"]
    both = text + table.format("2999-01-01").replace('"admin"', '"shop:half"')
    assert proven.write({"parity.map.toml": both}).parity("status").status == 2


def test_stages_and_python_that_is_gone(proven: Project) -> None:
    stage = proven.folder / "tests/evidence/@stages/move.json"
    stage.parent.mkdir()
    stage.write_text(json.dumps({"stage": "shadow", "units": ["shop:half"]}))
    assert states(proven)["shop:half"] == "shadow"
    stage.write_text(json.dumps({"stage": "cut-over", "units": ["shop:half"]}))
    assert states(proven)["shop:half"] == "cut-over"
    proven.write({"src/shop.py": "def other():\n    return 1\n"})
    assert states(proven)["shop:half"] == "retired"


def test_owners_come_from_the_map_then_from_codeowners(proven: Project) -> None:
    proven.write({"CODEOWNERS": "* @all\n/src/shop.py @shop-team\n", "src/b.py": "def b(): ...\n"})
    found = {one["id"]: one["owner"] for one in proven.parity("status", "--json").report["units"]}
    assert found == {"b:b": "@all", "shop:half": "@shop-team", "shop:low": "@shop-team"}
    path = proven.folder / "parity.map.toml"
    path.write_text(path.read_text("utf-8") + 'owner = "@me"\n')
    assert entry(proven)["owner"] == "@me"


def test_the_ratchet_fails_only_for_what_got_worse_on_this_branch(proven: Project) -> None:
    git(proven, "init", "-q", "-b", "main")
    git(proven, "add", "-A")
    git(proven, "commit", "-qm", "proven")
    git(proven, "checkout", "-qb", "work")
    proven.write({"src/new.py": "def new():\n    return 1\n"})
    assert proven.parity("status", "--against", "main").status == 0
    proven.write({"src/shop.py": HALF.replace("// 2", "// 3")})
    told = proven.parity("status", "--json", "--against", "main")
    assert (told.status, [*told.report["against"]["worse"]]) == (1, ["shop:half"])
    git(proven, "commit", "-qam", "drifted")
    git(proven, "branch", "-f", "main")
    assert proven.parity("status", "--against", "main").status == 0  # it had drifted there already
    points = proven.parity("status", "--json", "--burndown").report["burndown"]
    assert [(one["mapped"], one["proven"]) for one in points] == [(1, 1)]


def test_nothing_of_the_project_runs(proven: Project, tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    touch = f"import pathlib\npathlib.Path({str(canary)!r}).touch()\n"
    config = (proven.folder / "parity.toml").read_text("utf-8")
    command = f'classpath_command = ["touch", "{canary}"]'
    proven.write(
        {
            "src/shop.py": touch + HELPED,
            "parity.toml": config.replace('classpath = ["classes"]', command),
        }
    )
    assert states(proven)["shop:half"] == "drifted-python"
    assert not canary.exists()


READING = """package shop;

import java.io.IOException;
import java.io.InputStream;

public final class Half {
  public static long half(long n) throws IOException {
    try (InputStream in = Half.class.getResourceAsStream("/halves.txt")) {
      return Math.floorDiv(n, in.read() - '0');
    }
  }
}
"""


def test_a_resource_of_the_class_path_that_changed_is_drift(proven: Project) -> None:
    proven.write({"java/shop/Half.java": READING, "classes/halves.txt": "2"})
    proven.javac()
    assert proven.run("--evidence").status == 0
    assert states(proven)["shop:half"] == "proven"
    proven.write({"classes/halves.txt": "3"})
    told = entry(proven)
    assert (told["state"], "halves.txt" in told["why"]) == ("drifted-java", True)


@pytest.mark.parametrize("name", ["src/shop/__init__.py", "src/json.py"])
def test_a_module_that_takes_the_place_of_another_is_drift(proven: Project, name: str) -> None:
    proven.write({"src/unused.py": "x = 1\n"})
    assert states(proven)["shop:half"] == "proven"
    proven.write({name: "def half(n): return 0\n"})
    told = entry(proven)
    assert (told["state"], "takes the place of" in told["why"]) == ("drifted-python", True)
