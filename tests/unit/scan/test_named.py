"""What is kept, and asked for, under names that code puts together."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan

KINDS = "class A:\n def go(self): pass\nclass B:\n def go(self): pass\n"


def scan_of(folder: Path, files: dict[str, str]) -> Scan:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text), "utf-8")
    return scan(gather(ScanOptions([folder], folder)))


def called(found: Scan, name: str) -> set[str]:
    (unit,) = (unit for unit in found.units if unit.id == name)
    return {call.to for call in unit.calls}


GLOBALS = {
    "a computed name": "for name in open('x'):\n    globals()[name.upper()] = A()\n",
    "a written name": "globals()['ONE'] = A()\n",
    "the body's own names": "for name in open('x'):\n    locals()[name] = A()\n",
    "the names of the body": "for name in open('x'):\n    vars()[name] = A()\n",
    "many at once": "globals().update({name: A() for name in open('x')})\n",
}


@pytest.mark.parametrize("case", GLOBALS)
@pytest.mark.parametrize("way", ["from p.kinds import ONE", "from p.kinds import *"])
def test_a_name_that_a_module_has_from_its_globals_is_found(
    tmp_path: Path, case: str, way: str
) -> None:
    files = {
        "p/__init__.py": "",
        "p/kinds.py": KINDS + GLOBALS[case],
        "p/m.py": f"{way}\ndef f(): ONE.go()\n",
        "p/n.py": "from p import kinds\ndef f(): kinds.ONE.go()\n",
    }
    found = scan_of(tmp_path, files)
    assert called(found, "p.m:f") == {"p.kinds:A.go"}
    assert called(found, "p.n:f") == {"p.kinds:A.go"}


def test_a_name_that_a_module_defines_is_not_one_of_its_globals_that_are_computed(
    tmp_path: Path,
) -> None:
    files = {
        "kinds.py": f"{KINDS}ONE = B()\nfor name in open('x'): globals()[name] = A()\n",
        "m.py": "from kinds import ONE\ndef f(): ONE.go()\n",
    }
    assert called(scan_of(tmp_path, files), "m:f") == {"kinds:B.go"}
