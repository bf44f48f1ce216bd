"""What is found in a repository by reading."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from parity.errors import ParityError
from parity.pipeline.init import InitOptions
from parity.pipeline.init import init as begin
from parity.pipeline.progress import UNWATCHED
from parity.start import look
from parity.start.writing import map_text


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


def test_a_module_that_cannot_be_imported_does_not_stop_the_other_tests(tmp_path: Path) -> None:
    write(tmp_path, "src/shop.py", "src/windows.py", "tests/test_shop.py", "tests/test_more.py")
    (tmp_path / "src/shop.py").write_text(
        'def f():\n    """\n    >>> f()\n    1\n    """\n    return 1\n'
    )
    (tmp_path / "src/windows.py").write_text("import winreg_of_another_system\n")
    (tmp_path / "tests/test_shop.py").write_text("def test_it():\n    pass\n")
    (tmp_path / "tests/test_more.py").write_text("import what_is_not_installed\n")
    command = [sys.executable, *look(tmp_path).tests]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout
    assert "1 error" in done.stdout


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("import boto3\n", {"aws"}),
        ("def f():\n    from botocore.config import Config\n", {"aws"}),
        ("import boto3_stubs\n# import boto3\n", set()),
        ("import os, sqlite3\n", {"sql"}),
        ("from psycopg2.extras import Json\n", {"sql"}),
        ("import requests\nfrom mysql.connector import connect\n", {"http", "sql"}),
        ("from urllib.request import urlopen\n", {"http"}),
        ("from urllib.parse import quote\nfrom .requests import Request\n", set()),
        ("from http import HTTPStatus\nimport shop.requests\n", set()),
    ],
)
def test_a_map_has_the_ports_of_what_modules_reach_out_with(
    tmp_path: Path, text: str, ports: set[str]
) -> None:
    write(tmp_path, "src/shop/__init__.py", "tests/test_shop.py")
    (tmp_path / "src/shop/store.py").write_text(text)
    (tmp_path / "tests/test_shop.py").write_text("import boto3, sqlite3, requests\n")
    layout = look(tmp_path)
    written = tomllib.loads(map_text([], [], layout.ports)).get("port", {})
    assert written == {port: {} for port in ports}


def test_init_writes_the_ports(tmp_path: Path) -> None:
    write(tmp_path, "src/shop.py", "classes/shop/Shop.class")
    (tmp_path / "src/shop.py").write_text("import boto3\nimport sqlite3\n")
    options = InitOptions(class_path=("classes",), run=False)
    begin(tmp_path, options, UNWATCHED, lambda _: True, lambda _: None)
    written = (tmp_path / "parity.map.toml").read_text("utf-8")
    assert "[port.aws]" in written
    assert "[port.sql]" in written


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
