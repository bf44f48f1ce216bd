"""A trace names what a unit's behaviour rests on, and nothing that only others need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sides.python.border import Border

FILES = {
    "app/__init__.py": "",
    "app/main.py": """
from app.rates import RATE
import app.first as first
try:
    import speedups_that_are_missing
except ImportError:
    pass

def run(how):
    import os
    if how == "late":
        from .late import VALUE
    if how == "dynamic":
        import importlib
        importlib.import_module("app.dynamic")
    if how == "by path":
        import importlib.util
        spec = importlib.util.spec_from_file_location("anything", os.path.join(HERE, "by_path.py"))
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    if how == "read":
        with open(os.path.join(HERE, "data.txt")) as file: return file.read()
    if how == "read what is not there":
        try:
            open(os.path.join(HERE, "nothing.txt"))
        except FileNotFoundError:
            pass
    if how == "look":
        os.path.exists(os.path.join(HERE, "maybe.txt"))
    if how == "path":
        import pathlib
        pathlib.Path(HERE, "data.txt").exists()
        pathlib.Path(HERE, "perhaps.txt").exists()
    if how == "package data":
        import pkgutil
        pkgutil.get_data("app", "data.txt")
    if how == "list":
        os.listdir(HERE)
    if how == "walk":
        list(os.walk(os.path.join(HERE, "folder")))
    if how == "own file":
        with open("own.txt", "w") as file: file.write("x")
        with open("own.txt") as file: file.read()
        os.path.exists("own.txt")
    if how == "env":
        os.environ.get("ONE"); os.getenv("TWO"); "THREE" in os.environ
    if how == "process":
        import subprocess
        subprocess.run(["true"])
    if how == "system":
        os.system("true")
    if how == "socket":
        import socket
        with socket.socket() as one: one.connect_ex(("127.0.0.1", 9))
    if how == "ctypes":
        import ctypes
        ctypes.CDLL(None).getpid()
    if how == "sqlite":
        import sqlite3
        sqlite3.connect("own.db").close()
    if how == "memory":
        import sqlite3
        sqlite3.connect(":memory:").close()
    if how == "async":
        import asyncio
        asyncio.run(asyncio.sleep(0))
    if how == "traceback":
        import traceback
        try:
            1 // 0
        except ZeroDivisionError:
            traceback.format_exc()
    return how

HERE = __file__.rpartition("/")[0]
""",
    "app/rates.py": """
import os
RATE = os.environ.get("RATE_AT_IMPORT", "1")
with open(__file__.replace("rates.py", "rates.txt")) as file: TEXT = file.read()
""",
    "app/rates.txt": "1",
    "app/first.py": "from app import second\n",
    "app/second.py": "import app.third\n",
    "app/third.py": "",
    "app/late.py": "VALUE = 1\nfrom . import behind\n",
    "app/behind.py": "",
    "app/dynamic.py": "",
    "app/by_path.py": "",
    "app/data.txt": "data",
    "app/folder/one.txt": "",
    "app/other.py": """
import os
import app.only_others
os.environ.get("ONLY_OTHERS")
def run(how): return how
""",
    "app/only_others.py": "import subprocess\nsubprocess.run(['true'])\n",
}
CORE = {"app", "app.main", "app.rates", "app.first", "app.second", "app.third"}


@pytest.fixture(scope="module")
def border(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Border]:
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    with Border(folder) as started:
        started.hello()
        told = started.load(
            {"id": "other", "python": "app.other:run"},
            {"id": "run", "python": "app.main:run"},
            {
                "id": "text",
                "expression": "m.run(how)",
                "imports": ["app.main as m"],
                "parameters": ["how"],
            },
            {"id": "apart", "python": "app.main:run", "isolate": True},
        )
        assert all("loaded" in one for one in told)
        yield started


def trace(border: Border, *hows: str, unit: str = "run") -> dict[str, Any]:
    batch = border.run(unit, [{"args": [how], "kwargs": {}} for how in hows])
    assert all("returned" in one for one in batch.told()), batch.told()
    told = batch.told_trace()
    root = str(border.folder) + "/"
    for name in ("files", "absent", "folders"):
        told[name] = {path.removeprefix(root) for path in told[name] if path.startswith(root)}
    return told


def test_the_closure_of_imports(border: Border) -> None:
    told = trace(border, "nothing")
    assert set(told["modules"]) == CORE
    assert told["modules"]["app.first"] == str(border.folder / "app" / "first.py")
    assert told["imports"]["app.main"] == ["app", "app.first", "app.rates"]
    assert told["imports"]["app.second"] == ["app", "app.third"]
    assert told["files"] == {"app/rates.txt"}
    assert told["absent"] == {"speedups_that_are_missing", "speedups_that_are_missing.py"}
    assert told["env"] == ["RATE_AT_IMPORT"]
    assert told["beyond"] == told["left"] == []
    assert told["folders"] == set()


@pytest.mark.parametrize("unit", ["text", "apart"])
def test_every_kind_of_unit_has_one(border: Border, unit: str) -> None:
    told = trace(border, "late", "read", "env", "process", unit=unit)
    assert set(told["modules"]) == CORE | {"app.late", "app.behind"}
    assert told["files"] == {"app/rates.txt", "app/data.txt"}
    assert {"ONE", "TWO", "THREE"} <= set(told["env"])
    assert told["beyond"] == ["subprocess"]


def test_what_only_others_need_is_not_in_it(border: Border) -> None:
    trace(border, "late")
    mine, other = trace(border, "nothing"), trace(border, "nothing", unit="other")
    assert set(mine["modules"]) == CORE
    assert set(other["modules"]) == {"app", "app.other", "app.only_others"}
    assert "ONLY_OTHERS" in other["env"]
    assert other["beyond"] == ["subprocess"]


@pytest.mark.parametrize(
    ("how", "part", "added"),
    [
        ("late", "modules", {"app.late", "app.behind"}),
        ("dynamic", "modules", {"app.dynamic"}),
        ("by path", "files", {"app/by_path.py"}),
        ("read", "files", {"app/data.txt"}),
        ("path", "files", {"app/data.txt"}),
        ("package data", "files", {"app/data.txt"}),
        ("read what is not there", "absent", {"app/nothing.txt"}),
        ("look", "absent", {"app/maybe.txt"}),
        ("path", "absent", {"app/perhaps.txt"}),
        ("list", "folders", {"app"}),
        ("walk", "folders", {"app/folder"}),
        ("env", "env", {"ONE", "TWO", "THREE"}),
        ("process", "beyond", {"subprocess"}),
        ("system", "beyond", {"subprocess"}),
        ("socket", "beyond", {"socket"}),
        ("ctypes", "beyond", {"ctypes"}),
        ("sqlite", "beyond", {"sqlite3"}),
        ("memory", "beyond", set()),
        ("async", "beyond", set()),
        ("own file", "files", set()),
        ("own file", "absent", set()),
        ("traceback", "files", set()),
    ],
)
def test_what_a_call_touches_is_in_it(border: Border, how: str, part: str, added: set[str]) -> None:
    without = set(trace(border, "nothing")[part])
    for created in ("own.txt", "own.db"):
        Path(border.folder, created).unlink(missing_ok=True)
    assert set(trace(border, how)[part]) == without | added
