"""The guides of docs/guides, run as they stand there: each file is written, each command run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.functional.conftest import ROOT

ELSEWHERE = {"cut-over"}  # takes a local AWS: tests/aws/test_guide_cut_over.py
GUIDES = [
    guide
    for guide in sorted((ROOT / "docs" / "guides").glob("*.md"))
    if guide.stem not in ELSEWHERE
]
BLOCK = re.compile(r"(?P<before>[^\n]*)\n```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
FILE = re.compile(r"`(?P<name>[\w./-]+)`[^`]*:$")
STATUS = re.compile(r"\[exit status (\d)\]")


@dataclass(frozen=True)
class Command:
    """A line to be typed, and what the guide says that it prints."""

    line: str
    told: list[str]
    status: int


def commands(text: str) -> list[Command]:
    """The commands of a block, each with the lines below it."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, *told = part.splitlines()
        statuses = [int(match.group(1)) for one in told if (match := STATUS.fullmatch(one))]
        shown = [one for one in told if one.strip() and not STATUS.fullmatch(one)]
        found.append(Command(line, shown, statuses[0] if statuses else 0))
    return found


@pytest.mark.parametrize("guide", GUIDES, ids=[guide.stem for guide in GUIDES])
def test_a_guide_does_what_it_says(guide: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    ran = 0
    for block in BLOCK.finditer(guide.read_text("utf-8")):
        if block["kind"] == "console":
            for command in commands(block["text"]):
                run(command, work, env)
                ran += 1
        else:
            named = FILE.search(block["before"])
            assert named is not None, f"no file is named before {block['text'][:60]!r}"
            file = work / named["name"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["text"], "utf-8")
    assert ran >= 5


def run(command: Command, folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        command.line, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    printed = done.stdout + done.stderr
    assert done.returncode == command.status, f"$ {command.line}\n{printed}"
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    for told in command.told:
        wanted = " ".join(told.split())
        assert any(line.startswith(wanted) for line in lines), f"{told!r} not in:\n{printed}"


def test_the_commands_of_a_block_are_found() -> None:
    text = "$ one --two\ntold\n\n$ three\nmore\n[exit status 1]\n"
    assert commands(text) == [
        Command("one --two", ["told"], 0),
        Command("three", ["more"], 1),
    ]
