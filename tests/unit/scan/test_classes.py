"""Calls through classes that the standard library or a library makes, and through blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan

CALLS = {
    "an element of a named tuple": (
        "from collections import namedtuple\nP = namedtuple('P', 'go n')\n"
        "def g(): pass\ndef f(): return P(g, 1).go()",
        "m:g",
    ),
    "an element of a class derived from one": (
        "from collections import namedtuple\nclass P(namedtuple('P', 'go n')): pass\n"
        "def g(): pass\ndef f():\n p = P(g, 1)\n return p.go()",
        "m:g",
    ),
    "a member of an enumeration": (
        "import enum\nclass E(enum.Enum):\n A = 1\n def go(self): pass\ndef f(): return E.A.go()",
        "m:E.go",
    ),
    "a field of attrs": (
        "import attr\n@attr.s\nclass C:\n n = attr.ib()\n go = attr.ib()\n"
        "def g(): pass\ndef f(): return C(1, g).go()",
        "m:g",
    ),
    "a field of a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n n: int\n go: object\n"
        "def g(): pass\ndef f(): return C(1, g).go()",
        "m:g",
    ),
    "what runs after the fields are set": (
        "import attr\n@attr.s\nclass C:\n def __attrs_post_init__(self): pass\ndef f(): C()",
        "m:C.__attrs_post_init__",
    ),
    "an interface, given an object": (
        "from zope.interface import Interface\nclass I(Interface):\n def go(): 'Goes.'\n"
        "class C:\n def go(self): pass\ndef f(): return I(C()).go()",
        "m:C.go",
    ),
    "a generator, where it is run": (
        "def g():\n yield 1\ndef make(): return g()\ndef f():\n for one in make(): print(one)",
        "m:g",
    ),
    "a generator, run by a builtin": (
        "def g():\n yield 1\ndef make(): return g()\ndef f(): return list(make())",
        "m:g",
    ),
    "entered by a stack": (
        "from contextlib import ExitStack\nclass C:\n def __enter__(self): pass\n"
        " def __exit__(self, *a): pass\ndef f():\n with ExitStack() as all:\n"
        "  all.enter_context(C())",
        "m:C.__exit__",
    ),
    "closed when a block is left": (
        "from contextlib import closing\nclass C:\n def close(self): pass\n"
        "def f():\n with closing(C()): pass",
        "m:C.close",
    ),
    "a module imported by its name": (
        "import importlib\ndef f(): return importlib.import_module('other').go()",
        "other:go",
    ),
    "asked for by hasattr": (
        "class C:\n @property\n def p(self): pass\ndef f(): return hasattr(C(), 'p')",
        "m:C.p",
    ),
    "a key": (
        "class C:\n def __hash__(self): return 1\ndef f():\n all = {}\n all[C()] = 1",
        "m:C.__hash__",
    ),
    "looked for": (
        "class C:\n def __eq__(self, o): return True\ndef f(): return C() in [1]",
        "m:C.__eq__",
    ),
    "a generator, kept and then asked": (
        "def g():\n yield 1\nclass C:\n def __init__(self): self.all = iter(g())\n"
        "def f(): return next(C().all)",
        "m:g",
    ),
    "below a decorator of which nothing is known": (
        "def d(x): return x.wrap\n@d(1)\ndef g(): pass\ndef f(): g()",
        "m:g",
    ),
    "joined": (
        "def g():\n yield 'a'\ndef make(): return g()\ndef f(): return ''.join(make())",
        "m:g",
    ),
    "what a weak reference refers to": (
        "import weakref\nclass C:\n def go(self): pass\ndef f():\n r = weakref.ref(C())\n r().go()",
        "m:C.go",
    ),
    "kept in a context": (
        "import contextvars\nv = contextvars.ContextVar('v')\nclass C:\n def go(self): pass\n"
        "def set(): v.set(C())\ndef f(): v.get().go()",
        "m:C.go",
    ),
    "kept for a thread": (
        "import threading\nv = threading.local()\nclass C:\n def go(self): pass\n"
        "def set(): v.c = C()\ndef f(): v.c.go()",
        "m:C.go",
    ),
    "bound by hand": (
        "import types\nclass C: pass\ndef g(self): pass\n"
        "def f():\n go = types.MethodType(g, C())\n go()",
        "m:g",
    ),
    "stored under a computed name": (
        "def g(): pass\nclass C: pass\ndef f(n):\n c = C()\n setattr(c, n, g)\n c.go()",
        "m:g",
    ),
    "put among the attributes": (
        "def g(): pass\nclass C:\n def __init__(self, **more): self.__dict__.update(more)\n"
        "def f(): C(go=g).go()",
        "m:g",
    ),
    "made by __new__ of what is above": (
        "class C(dict):\n def __new__(cls):\n  d = dict.__new__(cls)\n  d[1] = [E()]\n  return d\n"
        " def f(self):\n  for one in self[2]: one.go()\nclass E:\n def go(self): pass\nC()\n"
        "def f(): C().f()",
        "m:C.f",
    ),
    "sorted": (
        "class C:\n def __lt__(self, o): return True\ndef f(): return sorted([C(), C()])",
        "m:C.__lt__",
    ),
    "a text by format of a dict": (
        "class C:\n def __str__(self): pass\ndef f(): return '{a}'.format(**{'a': C()})",
        "m:C.__str__",
    ),
    "asked for by vars": (
        "class C:\n @property\n def __dict__(self): return {}\ndef f(): return vars(C())",
        "m:C.__dict__",
    ),
    "put by a descriptor into its object": (
        "class D:\n def __get__(self, o, k): return o.kept\n def __set__(self, o, v): o.kept = v\n"
        "class C:\n d = D()\ndef g(): pass\ndef f():\n c = C()\n c.d = g\n c.d()",
        "m:g",
    ),
    "stored after it is asked for": (
        "class C:\n def go(self, n): return getattr(self, n)\ndef f(n): return C().go(n)()\n"
        "def later(c: C): c.more = g\ndef g(): pass",
        "m:g",
    ),
    "in a dict of the project's, by its constructor": (
        "class C(dict):\n pass\ndef g(): pass\ndef f(): C(go=g)['go']()",
        "m:g",
    ),
    "among the names of a module": ("def g(): pass\ndef f(n): globals()[n + 'x']()", "m:g"),
    "of six": (
        "import six\nclass C:\n def go(self): pass\ndef f():\n"
        " for k, v in six.iteritems({1: C()}): v.go()",
        "m:C.go",
    ),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_call_is_given_its_target(tmp_path: Path, case: str) -> None:
    text, to = CALLS[case]
    (tmp_path / "m.py").write_text(text, "utf-8")
    (tmp_path / "other.py").write_text("def go(): pass\n", "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    (caller,) = [one for one in found.units if one.id == "m:f"]
    assert to in {call.to for call in caller.calls}


def test_elements_put_in_by_a_constructor_are_called(tmp_path: Path) -> None:
    text = CALLS["made by __new__ of what is above"][0]
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    (caller,) = [one for one in found.units if one.id == "m:C.f"]
    assert "m:E.go" in {call.to for call in caller.calls}


def test_a_value_has_no_attribute_that_its_type_has_not(tmp_path: Path) -> None:
    text = "class C:\n go = 0\ndef g(): pass\ndef f(c: C): c.go.hooks.attach(g)\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    (caller,) = [
        one for one in scan(gather(ScanOptions([tmp_path], tmp_path))).units if one.id == "m:f"
    ]
    assert caller.calls == ()
    assert caller.own_class == "opaque"


def test_what_no_base_has_is_not_known(tmp_path: Path) -> None:
    text = "class C(object):\n def f(self): return self.nothing.frob()\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    (found,) = [
        one for one in scan(gather(ScanOptions([tmp_path], tmp_path))).units if one.id == "m:C.f"
    ]
    assert found.own_class == "opaque"


def test_a_function_is_followed_before_all_where_a_variable_may_hold_too_much(
    tmp_path: Path,
) -> None:
    many = "".join(f"x = operator.a{n}\n" for n in range(120))
    text = f"import operator, os\n{many}x = os.kill\ndef g(): pass\nx = g\ndef f(): x()\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    (found,) = [
        one for one in scan(gather(ScanOptions([tmp_path], tmp_path))).units if one.id == "m:f"
    ]
    assert "m:g" in {call.to for call in found.calls}
    assert [effect.kind for effect in found.effects] == ["process"]


def test_who_runs_many_functions_calls_all_of_them(tmp_path: Path) -> None:
    many = "".join(f"def g{n}(): pass\nput(g{n})\n" for n in range(150))
    text = f"def put(job):\n jobs.append(job)\njobs = []\n{many}def f():\n for one in jobs: one()\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    units = scan(gather(ScanOptions([tmp_path], tmp_path))).units
    (found,) = [one for one in units if one.id == "m:f"]
    assert len({call.to for call in found.calls}) == 150


OLD = {
    "a class method": "def make(cls):\n  return cls()\n make = classmethod(make)",
    "a static one": "def make():\n  return C()\n make = staticmethod(make)",
    "by another name": "def _make(cls):\n  return cls()\n make = classmethod(_make)",
    "through `__new__`": "@classmethod\n def make(cls):\n  return cls.__new__(cls)",
    "of its own class": "@staticmethod\n def make():\n  return C().__class__.__new__(C)",
}


@pytest.mark.parametrize("case", OLD)
def test_methods_of_classes_are_known_however_they_are_written(tmp_path: Path, case: str) -> None:
    go = " def go(self): pass\n"
    others = "".join(f"class E{n}:\n{go}" for n in range(5))
    text = f"class C:\n {OLD[case]}\n{go}{others}def f(): C.make().go()\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path))).units
    (unit,) = (one for one in found if one.id == "m:f")
    assert {call.to for call in unit.calls} - {"m:C.make", "m:C._make"} == {"m:C.go"}


NAMED = {
    "of the module": ("class Part:\n def go(self): pass\n", "Part = Part"),
    "imported": ("from n import Part\n", "Part = Part"),
    "in another": ("class Part:\n def go(self): pass\n", "parts = [Part]\n Part = parts[0]"),
}


@pytest.mark.parametrize("case", NAMED)
def test_the_body_of_a_class_sees_what_is_around_it_until_it_binds_a_name(
    tmp_path: Path, case: str
) -> None:
    before, body = NAMED[case]
    others = "".join(f"class E{n}:\n def go(self): pass\n" for n in range(5))
    (tmp_path / "n.py").write_text("class Part:\n def go(self): pass\n", "utf-8")
    text = f"{before}{others}class C:\n {body}\n def f(self): self.Part().go()\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path))).units
    (unit,) = (one for one in found if one.id == "m:C.f")
    assert len([call for call in unit.calls if call.to.endswith(":Part.go")]) == 1
    assert not unit.unresolved


def test_what_the_body_of_a_class_has_bound_is_its_own(tmp_path: Path) -> None:
    text = "def go(): pass\nclass C:\n def go(self): pass\n also = go\ndef f(): C().also()\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path))).units
    (unit,) = (one for one in found if one.id == "m:f")
    assert {call.to for call in unit.calls} - {"m:C"} == {"m:C.go"}


INDEXED = {
    "a generic class": ("class Box(Generic[T]):\n", "Whole = Box[int]\ndef f(): Whole().go()"),
    "in a call": ("class Box(Generic[T]):\n", "def f(): Box[int]().go()"),
    "a member of an enumeration": ("class Box(Enum):\n A = 1\n", "def f(): Box['A'].go()"),
    "all members": ("class Box(Enum):\n A = 1\n", "def f():\n for one in Box: one.go()"),
    "a list of them": ("class Box(Enum):\n A = 1\n", "def f(): [one.go() for one in list(Box)]"),
}


@pytest.mark.parametrize("case", INDEXED)
def test_a_class_with_an_index_or_gone_over_gives_what_it_holds(tmp_path: Path, case: str) -> None:
    head, use = INDEXED[case]
    others = "".join(f"class E{n}:\n def go(self): pass\n" for n in range(5))
    imports = "from enum import Enum\nfrom typing import Generic, TypeVar\nT = TypeVar('T')\n"
    text = f"{imports}{others}{head} def go(self): pass\n{use}\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path))).units
    (unit,) = (one for one in found if one.id == "m:f")
    assert "m:Box.go" in {call.to for call in unit.calls}
