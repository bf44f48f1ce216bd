"""Units at a desk: picked from a list on a terminal, completed by bash as it really cuts words."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parity.desk import narrowed
from tests.functional.conftest import ROOT, Project

MAP = "".join(
    f'[unit."shop:{name}"]\njava = "shop.Half#half"\n' for name in ("half", "halve", "whole")
)
SECONDS = 60.0


@pytest.fixture
def shop(project: Project) -> Project:
    """Three units."""
    source = "".join(f"def {one}(n: int) -> int:\n    return n // 2\n\n\n" for one in
                     ("half", "halve", "whole"))  # fmt: skip
    return project.write({"parity.map.toml": MAP, "src/shop.py": source})


def typed_on_a_terminal(project: Project, answers: list[str], *args: str) -> tuple[int, str]:
    """What a person sees who types each answer at its prompt."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update({"PYTHONPATH": str(ROOT), "TERM": "dumb"})
        command = [sys.executable, "-P", "-m", "parity", "-C", str(project.folder), *args]
        os.execv(sys.executable, command)
    seen, asked, until = "", 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        ready, _, _ = select.select([terminal], [], [], 1.0)
        if not ready:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data.decode("utf-8", "replace")
        if answers and seen.count("a part of its name:") > asked:
            asked += 1
            os.write(terminal, f"{answers.pop(0)}\n".encode())
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), seen


def test_a_unit_is_picked_by_part_of_its_name_then_by_number(shop: Project) -> None:
    status, seen = typed_on_a_terminal(
        shop.javac(), ["nothing", "hal", "2"], "compare", "--input", "[7]"
    )
    assert status == 0, seen
    assert "  3  shop:whole" in seen
    assert "no unit has `nothing` in its name" in seen
    assert "shop:halve" in seen.rpartition("a part of its name:")[2]


def test_off_a_terminal_a_unit_has_to_be_named(shop: Project) -> None:
    told = shop.parity("compare")
    assert told.status == 2
    assert "no unit is named" in told.err
    assert "hint: parity compare shop:half; parity map lists them all" in told.err


FLOORS = {
    "src/shop.py": "def half(n: int) -> int:\n    return n // 2\n",
    "java/shop/Half.java": "package shop;\n\npublic final class Half {\n"
    "    public static long half(long n) { return n / 2; }\n}\n",
}


def test_on_a_terminal_the_difference_stands_before_its_cause(project: Project) -> None:
    status, seen = typed_on_a_terminal(project.write(FLOORS).javac(), [], "compare", "shop:half")
    assert status == 1, seen
    verdict = seen.index("shop:half: 1 differs, 1 matched")
    cause = seen.index("floor-division  (proven: explains 1 of 1)")
    assert seen.index("fixture  minus") < verdict < seen.index("looking for causes") < cause
    assert seen.count("fixture  minus") == seen.count("1 differs, 1 matched") == 1
    assert "where    minus at $" in seen[cause:]
    assert "next: parity compare shop:half --fixture minus" in seen[cause:]


def test_what_is_known_already_is_told_whole_on_a_terminal(project: Project) -> None:
    project.write(FLOORS).javac().parity("compare", "shop:half")
    status, seen = typed_on_a_terminal(project, [], "compare", "shop:half")
    assert status == 1, seen
    assert "looking for causes" not in seen
    assert seen.index("fixture  minus") < seen.index("floor-division") < seen.index("1 differs")


def test_off_a_terminal_a_comparison_is_told_once_and_whole(project: Project) -> None:
    told = project.write(FLOORS).javac().parity("compare", "shop:half")
    assert told.status == 1
    assert "looking for causes" not in told.text
    assert told.out.index("fixture  minus") < told.out.index("floor-division")
    assert told.out.endswith("differs shop:half: 1 differs, 1 matched\n")


def test_a_name_that_is_typed_whole_is_meant() -> None:
    assert narrowed(["shop:half", "shop:halve"], "shop:half") == ["shop:half"]
    assert narrowed(["shop:half", "shop:halve"], "HAL ve") == ["shop:halve"]


def completed(project: Project, folder: Path, line: str) -> list[str]:
    """What bash offers for a line, by the script that the docs have people load."""
    program = folder / "parity"
    command = f'exec {sys.executable} -P -m parity "$@"'
    program.write_text(f"#!/bin/sh\nexport PYTHONPATH={ROOT}\n{command}\n")
    program.chmod(0o755)
    script = """
eval "$(_PARITY_COMPLETE=bash_source parity)"
COMP_LINE="$LINE" COMP_POINT=${#LINE}
_parity_completion parity
printf '%s\\n' "${COMPREPLY[@]}"
"""
    env = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "LINE": line}
    done = subprocess.run(
        ["bash", "--norc", "-c", script], cwd=project.folder, env=env, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("parity comp", ["compare"]),
        ("parity compare shop:ha", ["half", "halve"]),
        ("parity compare --fixture four sh", ["shop:half", "shop:halve", "shop:whole"]),
        ("parity report --com", ["--comment"]),
    ],
)
def test_bash_completes_verbs_options_and_units(
    shop: Project, tmp_path: Path, line: str, offered: list[str]
) -> None:
    folder = tmp_path / "on the path"
    folder.mkdir()
    assert completed(shop, folder, line) == offered
