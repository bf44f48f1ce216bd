"""Objects whose attributes stand in a dict: `__getattr__` asks it, `__setattr__` fills it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of

PARTS = """
class A:
    def go(self): pass
class B:
    def go(self): pass
"""
DICTS = {
    "a dict itself": """
class D(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None
    def __setattr__(self, name, value):
        self[name] = value
""",
    "a dict that it has": """
class D:
    def __init__(self): self.__dict__["kept"] = {}
    kept = {}
    def __getattr__(self, name): return self.kept[name]
    def __setattr__(self, name, value): self.kept[name] = value
""",
    "what it gives is named": """
class D(dict):
    def __getattr__(self, name):
        found = self[name]
        return found
    def __setattr__(self, name, value):
        self[name] = value
""",
}


@pytest.mark.parametrize("case", DICTS)
def test_attributes_that_stand_in_a_dict_are_told_apart(tmp_path: Path, case: str) -> None:
    text = (
        f"{PARTS}{DICTS[case]}"
        "def fill(d: D):\n d.one = A()\n d.other = B()\n"
        "def f(d: D): d.one.go()\n"
        "def g(d: D): d.other.go()\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:f") == {"m:D.__getattr__", "m:A.go"}
    assert called(found, "m:g") == {"m:D.__getattr__", "m:B.go"}


def test_what_is_put_into_such_a_dict_by_its_key_is_an_attribute(tmp_path: Path) -> None:
    text = f"{PARTS}{DICTS['a dict itself']}def f(d: D):\n d['one'] = A()\n d.one.go()\n"
    assert "m:A.go" in called(scan_of(tmp_path, text), "m:f")


def test_what_is_put_there_under_any_key_may_be_any_attribute(tmp_path: Path) -> None:
    text = f"{PARTS}{DICTS['a dict itself']}def f(d: D, key):\n d[key] = A()\n d.one.go()\n"
    assert "m:A.go" in called(scan_of(tmp_path, text), "m:f")


def test_a_getattr_that_does_more_with_what_it_finds_is_told_as_before(tmp_path: Path) -> None:
    text = (
        f"{PARTS}class D(dict):\n def __getattr__(self, name):\n  found = self[name]\n"
        "  found.go()\n  return found\n"
        "def f(d: D):\n d['one'] = A()\n d.one.go()\n"
    )
    found = scan_of(tmp_path, text)
    assert "m:A.go" in called(found, "m:D.__getattr__")
    assert "m:A.go" in called(found, "m:f")
