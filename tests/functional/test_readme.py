"""The README does what it says: its project, its commands, their output; the rest is CI's."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from parity.cli import cli
from tests.functional.conftest import ROOT, Project

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
BILLING = "def prorate(cents, days, of):\n    return cents * days // of\n"
JAVA = """\
package com.example;

public final class Billing {
  private Billing() {}

  public static long prorate(long cents, int days, int of) {
    return cents * days / of;
  }
}
"""
APP = "import sys\n\nsys.path.insert(0, 'src')\nimport billing\n\nbilling.prorate(4, 2, 3)\n"
OUTPUT = "billing:prorate  against"


def block(kind: str, beginning: str) -> str:
    """The one block of a kind that begins like that."""
    (found,) = [text for one, text in BLOCKS if one == kind and text.startswith(beginning)]
    return str(found)


def spoken() -> list[str]:
    """The commands of `parity` that stand in the text, in words or in a block."""
    plain = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    lines = [line for _, text in BLOCKS for line in text.splitlines()]
    told = [one for one in re.findall(r"`([^`\n]+)`", plain) if one.startswith("parity ")]
    told += [line.partition("#")[0].strip() for line in lines if line.startswith("parity ")]
    return sorted(set(told))


@pytest.fixture
def billing(tmp_path: Path) -> Project:
    """The project that the README tells of."""
    return project_of_the_readme(tmp_path)


def project_of_the_readme(folder: Path) -> Project:
    """The project that the README tells of, with classes that are there already."""
    config = block("toml", "sources").replace('maven = "pom.xml"', 'classpath = ["build/classes"]')
    files = {
        "parity.toml": config,
        "parity.map.toml": block("toml", "[unit"),
        "tests/fixtures/billing/prorate.jsonl": block("", '{"id"'),
        "src/billing.py": BILLING,
        "app.py": APP,
        "src/main/java/com/example/Billing.java": JAVA,
    }
    project = Project(folder).write(files)
    (folder / "java").symlink_to(folder / "src/main/java")
    project.javac()
    (folder / "build").mkdir()
    (folder / "classes").rename(folder / "build/classes")
    (folder / "java").unlink()
    return project


def test_the_port_that_divides_is_told_as_the_readme_says(billing: Project) -> None:
    told = billing.parity("run")
    assert told.status == 1
    printed = [" ".join(line.split()) for line in told.text.splitlines() if line.strip()]
    wanted = [" ".join(one.split()) for one in block("", OUTPUT).splitlines() if one.strip()]
    assert [line for line in wanted if line not in printed] == []
    compared = billing.parity("compare", "billing:prorate", "--input", "[-7, 1, 2]")
    assert compared.status == 1
    assert "floor-division" in compared.out


def test_the_commands_that_read_end_well(billing: Project) -> None:
    for command, statuses in {"doctor": {0}, "map": {0}, "status": {0}, "scan": {0}}.items():
        told = billing.parity(command)
        assert told.status in statuses, (command, told.text)


@pytest.mark.parametrize("command", spoken())
def test_a_command_in_the_text_is_one(command: str) -> None:
    words = [word for word in shlex.split(command)[1:] if word != "UNIT"]
    verb = cli.get_command(click.Context(cli), words[0])
    assert verb is not None, command
    given = words[1:]
    required = [one for one in verb.params if isinstance(one, click.Argument) and one.required]
    if required and not [one for one in given if one[0] != "-"]:
        is_file = isinstance(required[0].type, click.Path)
        given = [*given, str(ROOT / "README.md") if is_file else "unit:name"]
    if words[0] == "local":
        return
    verb.make_context(words[0], given, resilient_parsing=False).close()


@pytest.mark.parametrize("option", ["--resume", "--shard", "--against", "--watch"])
def test_an_option_in_the_text_is_one_of_run(option: str) -> None:
    assert f"{option}" in README
    run = cli.get_command(click.Context(cli), "run")
    assert run is not None
    assert option in {name for one in run.params for name in one.opts}


def test_ci_runs_every_make_command() -> None:
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    targets = set(re.findall(r"\bmake ([\w-]+)", README))
    assert {"parity", "test", "show"} <= targets
    for target in targets:
        assert re.search(rf"^make {target}\b", ci, re.MULTILINE), target


def test_what_is_said_to_be_shown_can_be() -> None:
    shown = (ROOT / "docs" / "shown.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"\bmake ([\w-]+)", shown)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    lines = tomllib.loads((ROOT / "bench" / "lines.toml").read_text("utf-8"))["line"]
    asked = set(re.findall(r"make show LINE=([\d.]+)", shown))
    assert asked
    assert asked <= set(lines)
