"""What a run says of a scan: on projects that know nothing of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from parity.errors import ParityError
from parity.pipeline.scan import confirm

SHOP = """
import pickle
import said_to_be_pure

def quiet(path):
    return said_to_be_pure.fetch(path)

def outer(path):
    return quiet(path)

def idle():
    return 1

def by_name(what):
    return pickle.loads(what)()

def hidden():
    return 2
"""
TEST = """
import shop

def test_all():
    assert shop.outer(__file__)
    assert shop.by_name(b"cshop\\nhidden\\n.") == 2
"""


@pytest.fixture
def confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "shop.py").write_text(SHOP, "utf-8")
    library = tmp_path / "site-packages"
    library.mkdir()
    text = "def fetch(path):\n    with open(path) as file:\n        return file.read()\n"
    (library / "said_to_be_pure.py").write_text(text, "utf-8")
    (tmp_path / "own.toml").write_text('[effects]\npure = "said_to_be_pure"\n', "utf-8")
    config = 'sources = ["src"]\n[scan]\neffects = ["own.toml"]\n'
    (tmp_path / "parity.toml").write_text(config, "utf-8")
    (tmp_path / "try_it.py").write_text(f"{TEST}\ntest_all()\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'src'}{os.pathsep}{library}")
    return confirm(tmp_path, None, [sys.executable, "try_it.py"]).document


def unit(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in document["units"] if one["id"] == f"shop:{name}")


def test_a_call_that_only_a_run_shows_is_added(confirmed: dict[str, Any]) -> None:
    calls = unit(confirmed, "by_name")["calls"]
    assert [(one["to"], one["how"], one["seen"]) for one in calls] == [
        ("shop:hidden", "seen", True)
    ]
    assert confirmed["confirmed"]["edges_added"] == 1


def test_what_was_inferred_is_confirmed_where_it_ran(confirmed: dict[str, Any]) -> None:
    (call,) = unit(confirmed, "outer")["calls"]
    assert (call["to"], call["seen"]) == ("shop:quiet", True)
    assert unit(confirmed, "outer")["ran"]
    assert not unit(confirmed, "idle")["ran"]


def test_io_that_a_run_shows_is_an_effect_of_the_unit_and_of_its_callers(
    confirmed: dict[str, Any],
) -> None:
    own = [one for one in unit(confirmed, "quiet")["effects"] if not one["via"]]
    assert [(one["kind"], one["api"], one["line"]) for one in own] == [("file", "open", 6)]
    assert [(one["unit"], one["was"]) for one in confirmed["confirmed"]["refuted"]] == [
        ("shop:quiet", "pure")
    ]
    (reached,) = unit(confirmed, "outer")["effects"]
    assert (reached["kind"], reached["via"]) == ("file", ["shop:quiet"])
    assert unit(confirmed, "outer")["class"] == "port"
    assert confirmed["totals"]["class"]["port"] == 2


def test_a_run_of_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP, "utf-8")
    with pytest.raises(ParityError, match="ran nothing") as raised:
        confirm(tmp_path, tmp_path, [sys.executable, "-c", "pass"])
    assert "python -I" in raised.value.next_step


def test_a_command_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP, "utf-8")
    with pytest.raises(ParityError, match="cannot be run"):
        confirm(tmp_path, tmp_path, ["no-such-command-anywhere"])
