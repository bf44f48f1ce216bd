"""`pytest --parity`: fixtures of units as tests, in a session of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.functional.conftest import ROOT, Project, Told, project

__all__ = ["project"]
WRONG = "package shop;\n\npublic final class Half {\n"
WRONG += "    public static long half(long n) { return n / 2; }\n}\n"
ALLOW = """
[[unit."shop:half".allow]]
path = "$"
kind = "changed"
reason = "the port rounds towards zero, and the caller takes either"
owner = "@shop"
expires = 2099-01-01
"""


def session(project: Project, *arguments: str) -> Told:
    """One pytest session in the project."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "CI": "1"}
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        command, cwd=project.folder, env=env, capture_output=True, text=True, check=False
    )
    return Told(done.returncode, done.stdout, done.stderr)


def test_without_the_option_nothing_is_collected(project: Project) -> None:
    told = session(project.javac())
    assert told.status == pytest.ExitCode.NO_TESTS_COLLECTED, told.text


def test_each_fixture_is_a_test(project: Project) -> None:
    told = session(project.javac(), "--parity", "-v")
    assert told.status == 0, told.text
    assert "parity.map.toml::shop:half::four PASSED" in told.out
    assert "parity.map.toml::shop:half::minus PASSED" in told.out
    assert "2 passed" in told.out


def test_a_difference_fails_and_its_first_line_says_all(project: Project) -> None:
    told = session(project.write({"java/shop/Half.java": WRONG}).javac(), "--parity")
    assert told.status == 1
    assert "1 failed, 1 passed" in told.out
    line = "changed at $: python -2, java -1"
    assert f"FAILED parity.map.toml::shop:half::minus - {line}" in told.out
    assert line in told.out
    assert "src/shop.py:2" in told.out  # the line that java does not mean as it is written
    assert "again: parity compare shop:half --fixture minus" in told.out


def test_one_fixture_can_be_chosen(project: Project) -> None:
    project.write({"java/shop/Half.java": WRONG}).javac()
    told = session(project, "--parity", "parity.map.toml::shop:half::four")
    assert told.status == 0, told.text
    assert "1 passed" in told.out
    assert "1 deselected" in session(project, "--parity", "-k", "minus").out


def test_map_files_are_looked_at_where_testpaths_are_elsewhere(project: Project) -> None:
    project.write(
        {
            "pytest.ini": "[pytest]\ntestpaths = tests\n",
            "tests/test_own.py": "def test_own():\n    pass\n",
        }
    )
    told = session(project.javac(), "--parity")
    assert told.status == 0, told.text
    assert "3 passed" in told.out


def test_an_allowed_difference_passes_and_an_unused_allowance_fails(project: Project) -> None:
    entry = '[unit."shop:half"]\njava = "shop.Half#half"\n' + ALLOW
    project.write({"parity.map.toml": entry, "java/shop/Half.java": WRONG}).javac()
    assert "3 passed" in session(project, "--parity").out
    right = WRONG.replace("n / 2", "Math.floorDiv(n, 2)")
    told = session(project.write({"java/shop/Half.java": right}).javac(), "--parity")
    assert told.status == 1
    line = "shop:half::allowances - shop:half: the allowance of changed at $ is unused"
    assert line in told.out


def test_what_is_not_known_fails(project: Project) -> None:
    project.write({"fixtures/shop/half.jsonl": '{"id": "text", "args": ["4"]}\n'})
    told = session(project.javac(), "--parity")
    assert told.status == 1
    line = "shop:half::text - unknown: type at $args: java's parameter"
    assert line in told.out


def test_a_unit_without_fixtures_fails(project: Project) -> None:
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    told = session(project.javac(), "--parity")
    assert told.status == 1
    assert "shop:half::fixtures - unknown: `shop:half` has no fixtures" in told.out


def test_what_keeps_everything_from_running_fails_every_item(project: Project) -> None:
    told = session(project, "--parity")  # there is no class path
    assert told.status == 1
    assert "2 failed" in told.out
    assert "unknown: error: `classes` is not on the class path" in told.out


def test_a_wrong_map_is_bad_use(project: Project) -> None:
    told = session(project.write({"parity.map.toml": '[unit."shop:half"]\njav = 1\n'}), "--parity")
    assert told.status == pytest.ExitCode.USAGE_ERROR
    assert "jav: unknown key" in told.err
