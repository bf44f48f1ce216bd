"""Verbs that read execute nothing of the project: whatever could be run leaves a mark."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.functional.conftest import ROOT, Project

HOME = Path(shutil.which("java") or "java").resolve().parents[1]
PROGRAMS = ("java", "javac", "mvn", "gradle", "python3", "python")
ANNOTATED = (
    "package shop;\n\npublic final class Third {\n  @interface PortedFrom { String value(); }\n\n"
    '  @PortedFrom("shop:third")\n  public static long of(long n) { return n / 3; }\n}\n'
)


class Canary:
    """A project that has been run once, in which then everything is laid that would tell."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.mark = project.folder / "marks"
        self.mark.mkdir()
        self._run_once()
        self._lay()

    def _run_once(self) -> None:
        folder = self.project.javac().folder
        (folder / "jdk").symlink_to(HOME)
        self._program(folder / "interpreter", f'exec {sys.executable} "$@"')
        self.project.write(
            {
                "parity.toml": 'sources = ["src"]\nfixtures = "fixtures"\n'
                '[python]\ninterpreter = "interpreter"\n'
                '[java]\nclasspath = ["classes"]\nhome = "jdk"\n'
            }
        )
        assert self.project.parity("run", "--shard", "1/1", "--evidence").status == 0
        report = self.project.parity("run", "--json")
        self.project.write({"run.json": report.out})
        _wait_for_all(folder)  # a run may leave one that makes an archive of classes for the next

    def _lay(self) -> None:
        folder = self.project.folder
        (folder / "jdk").unlink()
        (folder / "jdk" / "bin").mkdir(parents=True)
        shutil.copy(HOME / "release", folder / "jdk" / "release")
        places = [folder / "canaries" / name for name in PROGRAMS]
        places += [folder / "jdk" / "bin" / name for name in PROGRAMS[:2]]
        places += [folder / "interpreter", folder / "mvnw", folder / "gradlew"]
        for place in places:
            self._program(place, f'touch "{self.mark}/$(basename "$0")"')
        python = f"open({str(self.mark / 'python-source')!r}, 'w')\n"
        source = folder / "src" / "shop.py"
        source.write_text(python + source.read_text("utf-8"), "utf-8")
        names = ("conftest", "sitecustomize", "usercustomize", "setup")
        files = {f"{at}{name}.py": python for at in ("", "src/") for name in names}
        self.project.write({**files, "java/shop/Third.java": ANNOTATED})
        self.project.write(
            {
                "src/main/java/shop/Third.java": ANNOTATED,
                "pom.xml": "<project/>",
                "parity.toml": 'sources = ["src"]\nfixtures = "fixtures"\n'
                '[python]\ninterpreter = "interpreter"\n'
                '[java]\nmaven = "pom.xml"\nhome = "jdk"\n',
            }
        )

    def _program(self, place: Path, script: str) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        place.chmod(0o755)

    def sings(self, *command: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        """What a verb said, and the marks that were left."""
        folder = self.project.folder
        path = os.pathsep.join([str(folder / "canaries"), "/usr/bin", "/bin"])
        env = {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
        done = subprocess.run(
            [sys.executable, "-P", "-m", "parity", *command],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done, sorted(one.name for one in self.mark.iterdir())


def _wait_for_all(folder: Path) -> None:
    """Waits until no process has the folder in its command line, as far as the system tells."""
    deadline = time.monotonic() + 120
    own = str(folder).encode()
    while any(own in _command_of(one) for one in Path("/proc").glob("[0-9]*")):
        assert time.monotonic() < deadline, "something still runs in the project"
        time.sleep(0.1)


def _command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""  # it has ended


def test_verbs_that_read_execute_nothing_of_the_project(project: Project) -> None:
    canary = Canary(project)
    told = {}
    for command in (
        ["scan", "--json"],
        ["map"],
        ["status", "--json"],
        ["report", "run.json", "--html", "out", "--md", "out.md", "--annotations"],
        ["merge", "--json"],
    ):
        done, marks = canary.sings(*command)
        assert not marks, (command, marks)
        assert "Traceback" not in done.stderr, done.stderr
        told[" ".join(command)] = done
    told.pop("map")  # which says with 2 that nothing is built
    assert {one.returncode for one in told.values()} == {0}, [one.stderr for one in told.values()]
    assert json.loads(told["merge --json"].stdout)["verdict"] == "matched"
    assert "shop:half" in told["scan --json"].stdout


def test_the_canaries_would_sing(project: Project) -> None:
    canary = Canary(project)
    _, marks = canary.sings("run", "--no-cache")
    assert "mvnw" in marks


@pytest.mark.parametrize("name", ["interpreter", "conftest.py", "src/shop.py"])
def test_each_canary_leaves_a_mark(project: Project, name: str) -> None:
    canary = Canary.__new__(Canary)
    canary.project, canary.mark = project, project.folder / "marks"
    canary.mark.mkdir()
    (project.folder / "jdk").symlink_to(HOME)
    canary._lay()
    place = project.folder / name
    command = [sys.executable, str(place)] if name.endswith(".py") else [str(place)]
    subprocess.run(command, cwd=project.folder, check=True, capture_output=True)
    assert list(canary.mark.iterdir())
