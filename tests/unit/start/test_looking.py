"""What is found in a repository by reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.errors import ParityError
from parity.pipeline.init import InitOptions
from parity.pipeline.init import init as begin
from parity.pipeline.progress import UNWATCHED
from parity.start import look


def write(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("def f(n): return n\n")


def test_scripts_are_the_project_where_there_is_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "scripts/prices.py", "tests/test_prices.py", "docs/conf.py")
    assert look(tmp_path).sources == ("scripts",)
    write(tmp_path, "src/shop/__init__.py")
    assert look(tmp_path).sources == ("src",)


def test_without_gradle_the_jars_that_are_there_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    write(tmp_path, "shop.py", "jvm/libs/rates-1.2.jar", "jvm/src/main/java/A.java")
    script = 'dependencies { implementation("com.example:rates:1.2"); implementation("a:tax:1") }'
    (tmp_path / "jvm/build.gradle").write_text(script)
    with pytest.raises(ParityError) as told:
        begin(tmp_path, InitOptions(), UNWATCHED, lambda _: True, lambda _: None)
    assert "put a:tax:1 and what they need into `lib`" in told.value.next_step
    assert (
        "javac -d classes -cp 'jvm/libs/*:lib/*' $(find jvm/src/main/java" in told.value.next_step
    )
    entries = "--classpath 'classes' --classpath 'jvm/libs/*.jar' --classpath 'lib/*.jar'"
    assert told.value.next_step.endswith(f"parity init {entries}")
