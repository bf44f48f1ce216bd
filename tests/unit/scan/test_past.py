"""Attributes that are stored and asked for past what a class does itself, and by names that a class
keeps to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan
from tests.unit.scan.one_file import called, scan_of, unit

PARTS = "class A:\n def go(self): pass\nclass B:\n def go(self): pass\n"
STORED = {
    "of object": "object.__setattr__(self, 'one', A())",
    "of what is above": "super().__setattr__('one', A())",
    "under a name of the class": "object.__setattr__(self, '_C__one', A())",
    "by setattr": "setattr(self, '_C__one', A())",
    "in a loop": "for name in ('one', 'two'): object.__setattr__(self, name, A())",
}


@pytest.mark.parametrize("case", STORED)
def test_what_is_stored_past_the_class_is_found_under_its_name(tmp_path: Path, case: str) -> None:
    name = "__one" if "_C__" in STORED[case] else "one"
    text = (
        f"{PARTS}class C:\n def __init__(self):\n  {STORED[case]}\n"
        f"  self.other = B()\n def f(self): self.{name}.go()\n"
        " def __setattr__(self, name, value): raise AttributeError(name)\n"
    )
    found = scan_of(tmp_path, text)
    assert [(one.to, one.how) for one in unit(found, "m:C.f").calls] == [("m:A.go", "inferred")]


ASKED = {
    "of object": "object.__getattribute__(self, 'one')",
    "of what is above": "super().__getattribute__('one')",
    "under a name of the class": "object.__getattribute__(self, '_C__two')",
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_asked_for_past_the_class_is_found(tmp_path: Path, case: str) -> None:
    text = (
        f"{PARTS}class C:\n def __init__(self):\n  self.one = A()\n  self.__two = A()\n"
        f" def f(self): {ASKED[case]}.go()\n"
        " def __getattribute__(self, name): return B()\n"
    )
    assert called(scan_of(tmp_path, text), "m:C.f") == {"m:A.go"}


def test_what_a_proxy_stands_for_is_called(tmp_path: Path) -> None:
    text = (
        "class Proxy:\n __slots__ = ('__local',)\n"
        " def __init__(self, local): object.__setattr__(self, '_Proxy__local', local)\n"
        " def _now(self): return object.__getattribute__(self, '_Proxy__local')()\n"
        " def __getattr__(self, name): return getattr(self._now(), name)\n"
        "class A:\n def go(self): open('x')\n"
        "a = Proxy(lambda: A())\ndef f(): a.go()\n"
    )
    found = scan_of(tmp_path, text)
    assert {"m:Proxy.__getattr__", "m:A.go"} <= called(found, "m:f")
    assert unit(found, "m:f").klass == "port"
    assert any(".<lambda" in one or ":<lambda" in one for one in called(found, "m:Proxy._now"))


def test_what_a_dict_lacks_is_asked_of_its_class(tmp_path: Path) -> None:
    text = f"{PARTS}class D(dict):\n def __missing__(self, key): return A()\n"
    found = scan_of(tmp_path, f"{text}def f(d: D): d['x'].go()\n")
    assert called(found, "m:f") == {"m:D.__missing__", "m:A.go"}


def test_a_name_of_another_class_is_no_name_of_this_one(tmp_path: Path) -> None:
    text = f"{PARTS}class C:\n def f(self):\n  setattr(self, '_D__one', A())\n  self.__one.go()\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    assert "inferred" not in {one.how for one in unit(found, "m:C.f").calls}
