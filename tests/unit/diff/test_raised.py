"""Which Java exception stands for which Python one."""

from __future__ import annotations

import builtins
import importlib
import re
import tomllib
from pathlib import Path

import pytest

from parity.diff.raised import STANDARD, core_name, line_to_add, simple_name, stand_for
from parity.model import Raised, Terms

ROOT = Path(__file__).resolve().parents[3]
STAND = [(python, java) for python, javas in STANDARD.items() for java in javas]
BY_NAME = [
    ("shop:NoTarget", "com.example.NoTargetException"),
    ("shop:NoTargetError", "com.example.NoTargetException"),
    ("shop.errors:NoTargetException", "com.example.NoTargetError"),
    ("shop:Market.NoTarget", "com.example.Market$NoTarget"),
    ("asyncio.exceptions:TimeoutError", "java.util.concurrent.TimeoutException"),
    ("Exception", "java.lang.Exception"),
]
APART = [
    ("ValueError", "java.lang.NullPointerException"),
    ("KeyError", "java.lang.IndexOutOfBoundsException"),
    ("ZeroDivisionError", "java.lang.RuntimeException"),
    ("Exception", "java.lang.RuntimeException"),
    ("Exception", "java.lang.Error"),
    ("shop:Error", "com.example.Exception"),
    ("shop:NoTarget", "com.example.notarget"),
    ("shop:ValueError", "java.lang.IllegalArgumentException"),
    ("ValueError", "com.example.IllegalArgumentException"),
]


def raised(kind: str) -> Raised:
    return Raised(kind, (), None, None, ())


@pytest.mark.parametrize(("python", "java"), STAND + BY_NAME)
def test_it_stands_for(python: str, java: str) -> None:
    assert stand_for(raised(python), raised(java), Terms())


@pytest.mark.parametrize(("python", "java"), APART)
def test_it_does_not_stand_for(python: str, java: str) -> None:
    assert not stand_for(raised(python), raised(java), Terms())


@pytest.mark.parametrize("name", ["shop:NoTarget", "NoTarget"])
@pytest.mark.parametrize("java_name", ["com.example.Market$Gone", "Gone"])
def test_a_term_pairs_by_full_or_simple_name(name: str, java_name: str) -> None:
    terms = Terms(raises={name: java_name})
    assert stand_for(raised("shop:NoTarget"), raised("com.example.Market$Gone"), terms)
    assert not stand_for(raised("shop:NoSource"), raised("com.example.Market$Gone"), terms)
    assert not stand_for(raised("shop:NoTarget"), raised("com.example.Lost"), terms)


@pytest.mark.parametrize(("python", "java"), APART)
def test_the_line_to_add_pairs_them(python: str, java: str) -> None:
    line = line_to_add(raised(python), raised(java))
    terms = Terms(raises=tomllib.loads(line)["raises"])
    assert stand_for(raised(python), raised(java), terms)


def test_names_are_cut_to_what_counts() -> None:
    assert simple_name("a.b:Outer.Inner") == simple_name("a.b.Outer$Inner") == "Inner"
    assert core_name("KeyError") == "Key"
    assert core_name("java.lang.Error") == "Error"
    assert core_name("NotFoundErrorException") == "NotFoundError"


@pytest.mark.parametrize("python", STANDARD)
def test_the_table_names_python_exceptions_as_they_are_told(python: str) -> None:
    module, _, name = python.rpartition(":")
    home = importlib.import_module(module) if module else builtins
    kind = getattr(home, name, None)
    if kind is None:
        assert python == "re:PatternError"  # before Python 3.13 there is re.error only
        return
    assert issubclass(kind, BaseException)
    told = kind.__qualname__ if not module else f"{kind.__module__}:{kind.__qualname__}"
    assert told in STANDARD
    assert STANDARD[told] == STANDARD[python]


def test_the_page_of_exceptions_is_the_table() -> None:
    page = (ROOT / "docs" / "exceptions.md").read_text("utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", page, re.MULTILINE)
    assert {name: tuple(re.findall("`(.+?)`", javas)) for name, javas in rows} == STANDARD
