"""The wheel brings all that `parity` needs, into an environment that has nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.functional.conftest import ROOT, Project


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built of this checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_carries_the_jar_and_no_java_sources(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "parity/harness/parity-harness.jar" in names
    assert "parity/sides/python/worker.py" in names
    assert not [name for name in names if name.endswith((".java", "pom.xml", ".class"))]
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "parity",
        "parity_ledger",
    }


def test_an_empty_environment_with_the_wheel_has_a_working_parity(
    wheel: Path, project: Project, tmp_path: Path
) -> None:
    place = tmp_path / "empty"
    venv.create(place, with_pip=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "-q", str(wheel)]
    subprocess.run([*pip, "--disable-pip-version-check"], check=True)
    project.javac()
    command = [str(place / "bin" / "parity"), "-C", str(project.folder), "run"]
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "matched: 1 unit on 2 fixtures" in done.stdout
    source = project.folder / "src" / "fees.py"
    source.write_text("def fee(cents: int) -> int:\n    return cents // 10\n")
    made = [*command[:3], "port", "fees:fee", "--skeleton", "--out", str(tmp_path / "out")]
    subprocess.run(made, capture_output=True, check=True, env=env)
    annotation = tmp_path / "out" / "src/main/java/parity/PortedFrom.java"
    assert "@interface PortedFrom" in annotation.read_text()


def test_without_maven_the_build_says_what_is_missing(tmp_path: Path) -> None:
    only_python = tmp_path / "bin"
    only_python.mkdir()
    copy = tmp_path / "copy"
    ignored = ("--exclude=./.*", "--exclude=./parity/harness/target", "--exclude=./tests")
    command = f"mkdir {copy} && tar -C {ROOT} {' '.join(ignored)} -cf - . | tar -C {copy} -xf -"
    subprocess.run(command, shell=True, check=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(copy)]
    env = os.environ | {"PATH": str(only_python)}
    done = subprocess.run(build, capture_output=True, text=True, check=False, env=env)
    assert done.returncode != 0
    assert "Install a JDK 17 or newer and Maven" in done.stdout + done.stderr
