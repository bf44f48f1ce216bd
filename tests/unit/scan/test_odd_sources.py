"""Sources that are not as they should be: a named note each, never a crash, never `pure`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parity.errors import ParityError
from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan


def scan_of(folder: Path) -> Scan:
    return scan(gather(ScanOptions([folder], folder)))


def write(folder: Path, name: str, data: bytes) -> None:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def notes(found: Scan, kind: str) -> list[tuple[str, int]]:
    return [(one.file, one.line) for one in found.notes if one.kind == kind]


def classes(found: Scan) -> dict[str, str]:
    return {one.id: one.klass for one in found.units}


UNREADABLE = {
    "syntax": (b"def f(:\n    return 1\n", "syntax", 1),
    "print": (b"def f():\n    print 'a'\n", "python2", 2),
    "except": (b"def f():\n    try:\n        g()\n    except E, e:\n        pass\n", "python2", 4),
    "backticks": (b"def f():\n    return `1`\n", "python2", 2),
    "null": (b"def f():\n    return 1\n\0\n", "syntax", 1),
    "deep": (b"def f():\n    return " + b"(" * 5000 + b")" * 5000 + b"\n", None, None),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_parsed_is_told_and_opaque(tmp_path: Path, case: str) -> None:
    data, kind, line = UNREADABLE[case]
    write(tmp_path, "bad.py", data)
    write(tmp_path, "good.py", b"import bad\ndef g():\n    return bad.f()\n")
    found = scan_of(tmp_path)
    told = [one for one in found.notes if one.file == "bad.py"]
    assert told
    if kind is not None:
        assert (told[0].kind, told[0].line) == (kind, line)
    assert classes(found)["bad:f"] == "opaque"
    assert classes(found)["good:g"] == "opaque"


def test_methods_of_a_file_that_cannot_be_parsed_are_listed(tmp_path: Path) -> None:
    text = b"class C(object):\n  def m(self):\n    print 'x'\n  def n(self): pass\ndef f(): pass\n"
    write(tmp_path, "bad.py", text)
    assert {"bad:C.m", "bad:C.n", "bad:f"} <= set(classes(scan_of(tmp_path)))


def test_a_file_that_is_not_utf_8_is_read_and_told(tmp_path: Path) -> None:
    write(tmp_path, "m.py", b"def f():\n    return 'gr\xfc\xdfe'\n")
    found = scan_of(tmp_path)
    assert notes(found, "encoding") == [("m.py", 2)]
    assert classes(found)["m:f"] == "pure"


def test_a_declared_encoding_needs_no_note(tmp_path: Path) -> None:
    write(tmp_path, "m.py", b"# coding: latin-1\ndef f():\n    return 'gr\xfc\xdfe'\n")
    found = scan_of(tmp_path)
    assert found.notes == ()
    assert classes(found)["m:f"] == "pure"


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    write(tmp_path, "p/__init__.py", b"")
    (tmp_path / "p" / "again").symlink_to(tmp_path)
    (tmp_path / "p" / "gone.py").symlink_to(tmp_path / "nowhere.py")
    found = scan_of(tmp_path)
    assert notes(found, "symlink") == [("p/again", 0)]
    assert notes(found, "unreadable") == [("p/gone.py", 0)]


def test_a_generated_file_of_50_000_lines_is_scanned(tmp_path: Path) -> None:
    lines = [b"def f%d(x):\n    return [x, %d]\n\n\n" % (n, n) for n in range(12_500)]
    write(tmp_path, "m.py", b"".join(lines))
    found = scan_of(tmp_path)
    assert notes(found, "large") == [("m.py", 1)]
    assert found.totals["class"]["pure"] == 12_501


def test_a_long_chain_of_operators_is_no_crash(tmp_path: Path) -> None:
    write(tmp_path, "m.py", b"def f():\n    return " + b" + ".join([b"'a'"] * 3000) + b"\n")
    assert "m:f" in classes(scan_of(tmp_path))


def test_star_imports_are_followed_and_told(tmp_path: Path) -> None:
    write(tmp_path, "a.py", b"def g():\n    return open('x')\n")
    write(tmp_path, "b.py", b"from a import *\n")
    write(tmp_path, "c.py", b"from b import *\ndef f():\n    return g()\n")
    found = scan_of(tmp_path)
    assert notes(found, "star-import") == [("b.py", 1), ("c.py", 1)]
    assert classes(found)["c:f"] == "port"


def test_a_namespace_package_is_followed_and_told(tmp_path: Path) -> None:
    write(tmp_path, "ns/part/a.py", b"import time\ndef g():\n    return time.time()\n")
    write(tmp_path, "main.py", b"from ns.part import a\ndef f():\n    return a.g()\n")
    found = scan_of(tmp_path)
    assert notes(found, "namespace-package") == [("ns/part", 0)]
    assert classes(found)["main:f"] == "seedable"


def test_exec_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "m.py", b"def f(text):\n    exec(text)\n")
    found = scan_of(tmp_path)
    assert notes(found, "dynamic") == [("m.py", 2)]
    assert classes(found)["m:f"] == "opaque"


def test_python_2_imports_are_followed_and_told(tmp_path: Path) -> None:
    write(tmp_path, "p/__init__.py", b"")
    write(tmp_path, "p/near.py", b"def g():\n    return open('x')\n")
    write(tmp_path, "p/m.py", b"import near\ndef f():\n    return near.g()\n")
    found = scan_of(tmp_path)
    assert notes(found, "implicit-relative") == [("p/m.py", 1)]
    assert classes(found)["p.m:f"] == "port"


def test_names_tried_in_turn_are_all_followed(tmp_path: Path) -> None:
    text = b"try:\n    from a import g\nexcept ImportError:\n    from b import g\ndef f(): g()\n"
    write(tmp_path, "m.py", text)
    write(tmp_path, "b.py", b"def g(): pass\n")
    write(tmp_path, "a.py", b"def g(): pass\n")
    found = scan_of(tmp_path)
    (unit,) = [one for one in found.units if one.id == "m:f"]
    assert {call.to for call in unit.calls} == {"a:g", "b:g"}


def test_nothing_of_the_project_is_imported_or_run(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    text = f"open({str(canary)!r}, 'w').close()\nraise SystemExit(7)\n".encode()
    for name in ("a.py", "p/__init__.py", "setup.py", "conftest.py", "sitecustomize.py"):
        write(tmp_path, name, text)
    write(tmp_path, "m.py", b"import a, p\nfrom a import x\ndef f(y: 'a.b()') -> a.c(): pass\n")
    before = set(sys.modules)
    found = scan_of(tmp_path)
    assert found.files == 6
    assert not canary.exists()
    assert not {"a", "p", "m", "conftest"} & (set(sys.modules) - before)


@pytest.mark.parametrize(
    ("other", "is_own"),
    [
        ("import yaml\nfrom yaml import dump\n", True),  # a module of the folder, as Python 2 did
        ("from yaml.nodes import Node\nfrom yaml.error import Mark\n", False),  # it has no such
        ("from yaml import safe_load\n", False),  # it has no such name
        ("from yaml import safe_load, dump, load\n", False),  # more that it has not than it has
    ],
)
def test_a_library_of_the_name_of_a_module_is_not_that_module(
    tmp_path: Path, other: str, is_own: bool
) -> None:
    write(tmp_path, "p/__init__.py", b"")
    write(tmp_path, "p/yaml.py", b"def dump(): pass\n")
    write(tmp_path, "p/m.py", f"import yaml\n{other}def f(): yaml.dump()\n".encode())
    found = scan_of(tmp_path)
    (unit,) = (unit for unit in found.units if unit.id == "p.m:f")
    assert ("p.yaml:dump" in {call.to for call in unit.calls}) is is_own


@pytest.mark.parametrize(
    ("init", "is_own"),
    [
        (b"", False),
        (None, False),  # a namespace gives nothing but its modules
        (b"from cffi.build import FFI\n", True),
        (b"from .build import *\n", True),  # that may give any name
        (b"def __getattr__(name): pass\n", True),
    ],
)
def test_a_library_by_the_name_of_the_package_that_imports_it_is_told_by_what_it_has(
    tmp_path: Path, init: bytes | None, is_own: bool
) -> None:
    write(tmp_path, "p/__init__.py", b"")
    write(tmp_path, "p/core/__init__.py", b"")
    if init is not None:
        write(tmp_path, "p/core/cffi/__init__.py", init)
    write(tmp_path, "p/core/cffi/build.py", b"class FFI:\n    def dlopen(self): pass\n")
    write(tmp_path, "p/core/cffi/m.py", b"from cffi import FFI\ndef f(): FFI().dlopen()\n")
    if is_own:  # then the root is `p/core`
        with pytest.raises(ParityError, match="not the source root"):
            scan_of(tmp_path)
        return
    (unit,) = (unit for unit in scan_of(tmp_path).units if unit.id == "p.core.cffi.m:f")
    assert unit.calls == ()
    assert [effect.api for effect in unit.effects] == ["cffi.FFI"]


def test_a_module_does_not_import_itself(tmp_path: Path) -> None:
    write(tmp_path, "p/__init__.py", b"")
    write(tmp_path, "p/yaml.py", b"import yaml\ndef dump(): yaml.dump()\n")
    write(tmp_path, "p/m.py", b"import yaml\ndef f(): yaml.dump()\n")
    found = scan_of(tmp_path)
    assert notes(found, "implicit-relative") == []
    assert all(unit.calls == () for unit in found.units)


def test_an_encoding_that_is_not_there_is_told(tmp_path: Path) -> None:
    write(tmp_path, "odd.py", b"# coding: klingon\ndef f():\n    return 1\n")
    assert notes(scan_of(tmp_path), "encoding") == [("odd.py", 1)]


def test_a_package_takes_the_place_of_a_module_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "shop.py", b"def old(): pass\n")
    write(tmp_path, "shop/__init__.py", b"def new(): pass\n")
    write(tmp_path, "shop/bill.py", b"import shop\ndef pay(): return shop.new()\n")
    found = scan_of(tmp_path)
    assert notes(found, "duplicate-module") == [("shop.py", 1)]
    assert {one.to for unit in found.units for one in unit.calls} == {"shop:new"}
