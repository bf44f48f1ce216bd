"""What is kept, and asked for, under names that code puts together."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan

GOING = "class C:\n" + "".join(f" def {name}_go(self): pass\n" for name in "abc")
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


WRITTEN = {
    "getattr": "for name in ('a', 'b'): getattr(x, name + '_go')()",
    "a list": "for name in ['a_go', 'b_go']: getattr(x, name)()",
    "names of a tuple": "for name in NAMES: getattr(x, f'{name}_go')()",
    "pairs": "for name, n in (('a', 1), ('b', 2)): getattr(x, '%s_go' % name)()",
    "a comprehension": "[getattr(x, n)() for n in ('a_go', 'b_go')]",
    "setattr": "for n in ('a', 'b'): setattr(x, n, C.a_go)\n x.a()",
    "a table": "t = {'a': x.a_go, 'b': x.b_go, 'c': x.c_go}\n for n in ('a', 'b'): t[n]()",
}


@pytest.mark.parametrize("case", WRITTEN)
def test_names_that_a_loop_goes_over_are_known(tmp_path: Path, case: str) -> None:
    text = f"NAMES = ('a', 'b')\n{GOING}def f():\n x = C()\n {WRITTEN[case]}\n"
    found = scan_of(tmp_path, {"m.py": text})
    wanted = {"m:C.a_go"} if "C.a_go" in WRITTEN[case] else {"m:C.a_go", "m:C.b_go"}
    assert called(found, "m:f") - {"m:C"} == wanted
    (unit,) = (unit for unit in found.units if unit.id == "m:f")
    assert unit.own_class != "opaque"


FORGOTTEN = {
    "given something else": "for n in ('a', 'b'): pass\n n = input()\n getattr(x, n)()",
    "another tuple": "t = ('a', 'b')\n t += (input(),)\n for n in t: getattr(x, n)()",
    "in part computed": "for n in ('a', input()): getattr(x, n)()",
    "a parameter of that name": "for n in ('a', 'b'): pass\n return lambda n: getattr(x, n)()",
}


@pytest.mark.parametrize("case", FORGOTTEN)
def test_a_name_that_may_be_another_is_not_taken_for_one_of_those(
    tmp_path: Path, case: str
) -> None:
    text = f"{GOING}def f():\n x = C()\n {FORGOTTEN[case]}\n"
    found = scan_of(tmp_path, {"m.py": text})
    assert "m:C.c_go" in {call.to for unit in found.units for call in unit.calls}
