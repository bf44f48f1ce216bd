"""Attributes that are deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of, unit

DELETERS = {
    "decorated": "@property\n def x(self): return 1\n @x.deleter\n def x(self): open('f')",
    "made by property": "def gone(self): open('f')\n x = property(lambda s: 1, None, gone)",
    "made with a getter": "def gone(self): open('f')\n x = property(lambda s: 1, fdel=gone)",
    "of every name": "def __delattr__(self, name): open('f')",
    "a descriptor": "x = Slot()",
}
SLOT = "class Slot:\n def __delete__(self, of): open('f')\n"
DELETIONS = {
    "a statement": "del c.x",
    "by a name that is written": "delattr(c, 'x')",
    "in a loop": "for name in ('x', 'y'): delattr(c, name)",
}


@pytest.mark.parametrize("how", DELETIONS)
@pytest.mark.parametrize("case", DELETERS)
def test_what_a_class_does_when_an_attribute_is_deleted_is_called(
    tmp_path: Path, case: str, how: str
) -> None:
    text = f"{SLOT}class C:\n {DELETERS[case]}\ndef f():\n c = C()\n {DELETIONS[how]}\n"
    found = scan_of(tmp_path, text)
    assert unit(found, "m:f").klass == "port"


def test_deleting_another_attribute_calls_nothing(tmp_path: Path) -> None:
    text = f"class C:\n {DELETERS['decorated']}\ndef f(c: C):\n c.y = 1\n del c.y\n"
    assert not called(scan_of(tmp_path, text), "m:f")


def test_deleting_an_attribute_does_not_ask_for_it(tmp_path: Path) -> None:
    text = f"class C:\n {DELETERS['decorated']}\ndef f(c: C): del c.x\n"
    assert called(scan_of(tmp_path, text), "m:f") == {"m:C.x@5"}


@pytest.mark.parametrize("how", ["object.__delattr__(self, name)", "super().__delattr__(name)"])
@pytest.mark.parametrize("named", ["name", "'x'"])
def test_what_is_deleted_past_the_class_is_called(tmp_path: Path, how: str, named: str) -> None:
    text = (
        f"class C:\n {DELETERS['decorated']}\n"
        f" def __delattr__(self, name): {how.replace('name', named)}\n"
    )
    assert called(scan_of(tmp_path, text), "m:C.__delattr__") == {"m:C.x@5"}
