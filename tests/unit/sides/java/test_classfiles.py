"""What class files declare is read once, as long as they stay the same."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from parity.sides.java import classfiles
from parity.sides.java.classfiles import ClassIndex
from parity.sides.java.home import harness_jar


@pytest.fixture
def jar(tmp_path: Path) -> Path:
    """A jar inside of a project, with one class in it."""
    file = tmp_path / "lib" / "ours.jar"
    file.parent.mkdir()
    with zipfile.ZipFile(harness_jar()) as harness, zipfile.ZipFile(file, "w") as made:
        made.writestr("parity/harness/Text.class", harness.read("parity/harness/Text.class"))
    return file


def index(jar: Path, inside: Path | None) -> ClassIndex:
    return ClassIndex([jar], jar.parent / "cache", inside)


def test_a_jar_of_the_project_is_read_once(
    jar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = index(jar, tmp_path).of("parity.harness.Text")
    assert first is not None
    assert first.methods

    def never(*_: object) -> None:
        raise AssertionError("it is read again")

    monkeypatch.setattr(classfiles.zipfile, "ZipFile", never)
    again = index(jar, tmp_path)
    assert len(again) == 1
    assert again.of("parity.harness.Text") == first


def test_a_jar_that_has_changed_is_read_again(jar: Path, tmp_path: Path) -> None:
    assert len(index(jar, tmp_path)) == 1
    with zipfile.ZipFile(jar, "w") as made:
        made.writestr("readme.txt", "nothing compiled")
    assert len(index(jar, tmp_path)) == 0


def test_classes_of_a_jar_from_elsewhere_are_found_and_not_listed(jar: Path) -> None:
    for _ in range(2):
        found = index(jar, None)
        assert len(found) == 0
        assert found.of("parity.harness.Text") is not None
