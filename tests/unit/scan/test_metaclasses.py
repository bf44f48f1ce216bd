"""Metaclasses: what they do where a class is made, where it is called, and what they give it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scanned import Scan
from tests.unit.scan.one_file import scan_of, unit

META = """
class Meta(type):
    def __new__(cls, name, bases, names):
        made = super().__new__(cls, name, bases, names)
        return made
    def __init__(cls, name, bases, names): pass
    def __call__(cls, *args): return super().__call__(*args)
    @classmethod
    def __prepare__(cls, name, bases): return {}
    def listed(cls): return cls.here()
    @property
    def shown(cls): return 1
"""
WRITTEN = {
    "as a keyword": "class C(metaclass=Meta):",
    "by six": "import six\nclass C(six.with_metaclass(Meta, object)):",
    "by a decorator of six": "import six\n@six.add_metaclass(Meta)\nclass C(object):",
    "as Python 2 had it": "class C(object):\n    __metaclass__ = Meta",
    "above": "class Base(metaclass=Meta): pass\nclass C(Base):",
}
BODY = """
    def __init__(self): pass
    @classmethod
    def here(cls): pass
def f(): return C()
def g(): return C.listed()
def h(): return C.shown
"""


def called(found: Scan, name: str) -> set[str]:
    return {call.to for call in unit(found, name).calls if not call.how.startswith("by ")}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_metaclass_is_asked_where_a_class_is_made_and_called(tmp_path: Path, case: str) -> None:
    found = scan_of(tmp_path, META + WRITTEN[case] + BODY)
    assert called(found, "m:<module>") >= {
        "m:Meta.__new__",
        "m:Meta.__init__",
        "m:Meta.__prepare__",
    }
    assert called(found, "m:f") >= {"m:Meta.__call__", "m:C.__init__"}
    assert called(found, "m:g") == {"m:Meta.listed"}
    assert called(found, "m:h") == {"m:Meta.shown"}
    assert called(found, "m:Meta.listed") == {"m:C.here"}


def test_what_a_metaclass_does_is_done_where_the_class_stands(tmp_path: Path) -> None:
    text = (
        "class Meta(type):\n def __new__(cls, name, bases, names):\n"
        "  open('list').read()\n  return type.__new__(cls, name, bases, names)\n"
        "class A(metaclass=Meta): pass\n"
    )
    assert unit(scan_of(tmp_path, text), "m:<module>").klass == "port"


def test_methods_of_a_metaclass_are_none_of_its_instances(tmp_path: Path) -> None:
    text = META + WRITTEN["by six"] + BODY + "def k(): return C().listed()\n"
    assert "m:Meta.listed" not in called(scan_of(tmp_path, text), "m:k")


def test_a_metaclass_is_given_what_the_body_of_a_class_binds(tmp_path: Path) -> None:
    text = (
        "kept = {}\n"
        "class Meta(type):\n def __init__(cls, name, bases, names):\n"
        "  if names.get('word'): names['table'][name] = cls\n  names['go'](1)\n"
        "class A(metaclass=Meta):\n word = 'a'\n table = kept\n"
        " def go(self): pass\n def other(self): pass\n"
        "def f(): kept['A']().other()\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:Meta.__init__") == {"m:A.go"}
    assert called(found, "m:f") == {"m:A", "m:A.other"}


GIVEN = {
    "by name": "names['go'] = made()",
    "in a loop": "for one in ('go', 'stop'): names[one] = made()",
    "under any name": "for one in wanted(): names[one] = made()",
}


@pytest.mark.parametrize("case", GIVEN)
def test_what_a_metaclass_puts_into_a_class_is_found_in_it(tmp_path: Path, case: str) -> None:
    text = (
        "def made():\n def wrapper(self): open('x')\n return wrapper\n"
        f"class Meta(type):\n def __new__(mcs, name, bases, names):\n  {GIVEN[case]}\n"
        "  return type.__new__(mcs, name, bases, names)\n"
        "class C(metaclass=Meta):\n def own(self): pass\nclass D(C): pass\n"
        "def f(): D().go()\ndef g(c: C): c.go()\n"
    )
    found = scan_of(tmp_path, text)
    assert "m:made.<locals>.wrapper" in called(found, "m:f")
    assert called(found, "m:g") == {"m:made.<locals>.wrapper"}
    assert unit(found, "m:g").klass == "port"


@pytest.mark.parametrize("base", ["type", "abc.ABCMeta"])
@pytest.mark.parametrize("above", ["super()", "super(Meta, cls)"])
def test_what_a_metaclass_makes_by_its_base_is_made(tmp_path: Path, base: str, above: str) -> None:
    text = (
        f"import abc\nclass Meta({base}):\n"
        f" def __call__(cls, *args):\n  made = {above}.__call__(*args)\n  return made.go()\n"
        "class C(metaclass=Meta):\n def __init__(self, x): pass\n def go(self): pass\n"
        "def f(): C(1)\n"
    )
    assert called(scan_of(tmp_path, text), "m:Meta.__call__") == {"m:C.__init__", "m:C.go"}


def test_a_property_of_a_metaclass_goes_before_what_the_class_has(tmp_path: Path) -> None:
    text = (
        "class Meta(type):\n @property\n def name(cls): pass\n def other(cls): pass\n"
        "class C(metaclass=Meta):\n name = 1\n @classmethod\n def other(cls): pass\n"
        "def f(): return C.name, C.other()\ndef g(): return C().name\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:f") == {"m:Meta.name", "m:C.other"}
    assert not called(found, "m:g") - {"m:C"}
