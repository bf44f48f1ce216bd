"""What classes tell of themselves, and attributes that no method of a class stores."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of, unit

ASKED = (
    "class Config(dict):\n PORT: int\n KEPT: int\n"
    " def __init__(self): self.KEPT = 1\n"
    " def __getattr__(self, name): return self[name]\n"
)


def test_a_name_that_is_only_declared_is_asked_for(tmp_path: Path) -> None:
    text = ASKED + "def f(): return Config().PORT\ndef g(): return Config().KEPT\n"
    found = scan_of(tmp_path, text)
    assert "m:Config.__getattr__" in called(found, "m:f")
    assert "m:Config.__getattr__" not in called(found, "m:g")


def test_a_name_that_is_only_declared_is_asked_for_in_a_family(tmp_path: Path) -> None:
    text = ASKED + "class Own(Config): pass\ndef f(c: Config): return c.PORT\n"
    assert "m:Config.__getattr__" in called(scan_of(tmp_path, text), "m:f")


def test_fields_that_a_decorator_fills_are_not_asked_for(tmp_path: Path) -> None:
    text = (
        "from dataclasses import dataclass\n@dataclass\nclass Part:\n size: int\n"
        " def __getattr__(self, name): return 1\n"
        "def f(p: Part): return p.size\n"
    )
    assert "m:Part.__getattr__" not in called(scan_of(tmp_path, text), "m:f")


CLASSES = (
    "import inspect\n"
    "class A:\n def go(self): pass\n"
    "class B:\n def go(self): pass\n"
    "class C(A, B):\n def go(self): pass\n"
    "class D(C):\n def go(self): pass\n"
)
TOLD = {
    "its bases": ("for one in C.__bases__: one.go(None)", {"m:A.go", "m:B.go"}),
    "the order of its bases": ("[one.go(0) for one in C.__mro__]", {"m:A.go", "m:B.go", "m:C.go"}),
    "the same, called": ("for one in C.mro(): one.go(0)", {"m:A.go", "m:B.go", "m:C.go"}),
    "the same, by inspect": (
        "for one in inspect.getmro(C): one.go(0)",
        {"m:A.go", "m:B.go", "m:C.go"},
    ),
    "what is derived from it": ("for one in A.__subclasses__(): one().go()", {"m:C.go", "m:D.go"}),
}


@pytest.mark.parametrize("case", TOLD)
def test_a_class_tells_of_other_classes(tmp_path: Path, case: str) -> None:
    body, expected = TOLD[case]
    found = called(scan_of(tmp_path, f"{CLASSES}def f():\n {body}\n"), "m:f")
    assert {one for one in found if one.endswith(".go")} == expected


SET = {
    "a property": " @property\n def x(self): pass\n @x.setter\n def x(self, v): self.put(v)\n",
    "a property as it was": (
        " def get(self): pass\n def set(self, v): self.put(v)\n x = property(get, set)\n"
    ),
    "one by its words": (
        " def get(self): pass\n def set(self, v): self.put(v)\n x = property(get, fset=set)\n"
    ),
}
PAST = {
    "super": " def __setattr__(self, name, v): super().__setattr__(name, v)\n",
    "object": " def __setattr__(self, name, v): object.__setattr__(self, name, v)\n",
}


@pytest.mark.parametrize("case", SET)
def test_a_property_is_set_by_what_sets_it(tmp_path: Path, case: str) -> None:
    text = f"class A:\n{SET[case]} def put(self, v): pass\ndef f(): A().x = 1\n"
    found = called(scan_of(tmp_path, text), "m:f")
    assert found & {"m:A.set", "m:A.x@5"} != set()


@pytest.mark.parametrize("way", PAST)
@pytest.mark.parametrize("case", SET)
def test_a_store_past_a_class_reaches_its_properties(tmp_path: Path, case: str, way: str) -> None:
    text = f"class A:\n{SET[case]} def put(self, v): pass\n{PAST[way]}def f(): A().x = 1\n"
    found = called(scan_of(tmp_path, text), "m:A.__setattr__")
    assert found & {"m:A.set", "m:A.x@5"} != set()


EQUAL = "class A:\n def __eq__(self, other): return True\n def __hash__(self): return 1\n"
SEARCHED = {
    "what is looked for in a tuple": "def f(x): return x in (A(), A())",
    "what is looked for in a list": "def f(x): return [A()].index(x)",
    "tuples that are compared": "def f(x): return (A(), 1) == x",
}
LOOKED_UP = {
    "a tuple that is put into a set": "def f(seen): found = set(); found.add((A(), 1))",
    "a tuple with names that is": (
        "from typing import NamedTuple\nclass Pair(NamedTuple):\n one: A\n"
        "def f(): found = set(); found.add(Pair(A()))"
    ),
}


@pytest.mark.parametrize("case", SEARCHED)
def test_what_is_searched_is_compared(tmp_path: Path, case: str) -> None:
    assert "m:A.__eq__" in called(scan_of(tmp_path, f"{EQUAL}{SEARCHED[case]}\n"), "m:f")


@pytest.mark.parametrize("case", LOOKED_UP)
def test_what_is_in_a_tuple_is_asked_for_its_hash(tmp_path: Path, case: str) -> None:
    assert "m:A.__hash__" in called(scan_of(tmp_path, f"{EQUAL}{LOOKED_UP[case]}\n"), "m:f")


def test_a_tuple_in_itself_comes_to_an_end(tmp_path: Path) -> None:
    text = f"{EQUAL}def f(x):\n while x: x = (x, A())\n return x == x\n"
    assert "m:A.__eq__" in called(scan_of(tmp_path, text), "m:f")


LENT = {
    "an object of a library": (
        "import logging\nlog = logging.getLogger()\nlog.trace = go\ndef f(): log.trace('x')\n"
    ),
    "another of the same": (
        "import logging\nlogging.getLogger('a').trace = go\n"
        "def f(): logging.getLogger('b').trace('x')\n"
    ),
    "a module": "import sys\nsys.shown = go\ndef f(): sys.shown()\n",
}


@pytest.mark.parametrize("case", LENT)
def test_what_is_stored_in_something_of_the_outside_is_found_there(
    tmp_path: Path, case: str
) -> None:
    found = called(scan_of(tmp_path, f"def go(*args): pass\n{LENT[case]}"), "m:f")
    assert "m:go" in found


def test_what_is_stored_in_a_mock_is_in_no_other(tmp_path: Path) -> None:
    text = (
        "from unittest.mock import Mock\ndef go(): pass\ndef g(): Mock().go_on = go\n"
        "def f(): Mock().go_on()\n"
    )
    assert "m:go" not in called(scan_of(tmp_path, text), "m:f")


WRAPPED = {
    "by its call": "return functools.update_wrapper(inner, f)",
    "by its call in a cast": "return typing.cast(type, functools.update_wrapper(inner, f))",
    "by what wraps gives": "return functools.wraps(f)(inner)",
}


@pytest.mark.parametrize("case", WRAPPED)
def test_a_wrapper_that_is_made_to_look_like_another_is_called(tmp_path: Path, case: str) -> None:
    text = (
        "import functools, typing\ndef deco(f):\n def inner(*args): return f(*args)\n"
        f" {WRAPPED[case]}\n@deco\ndef go(): pass\ndef g(): go()\n"
    )
    assert "m:deco.<locals>.inner" in called(scan_of(tmp_path, text), "m:g")


def test_what_a_dict_lacks_is_made_where_it_is_asked_for(tmp_path: Path) -> None:
    text = (
        "from collections import defaultdict\ndef make(): return 1\nd = defaultdict(make)\n"
        "def f(x): return d[x]\ndef g(x): return d.get(x)\n"
    )
    found = scan_of(tmp_path, text)
    assert "m:make" in called(found, "m:f")
    assert "m:make" not in called(found, "m:g")


MADE = {
    "by type": "type('D', (A, B), {})",
    "by types": "types.new_class('D', (A, B))",
}


@pytest.mark.parametrize("case", MADE)
def test_a_class_that_is_made_while_the_program_runs_is_what_it_is_derived_from(
    tmp_path: Path, case: str
) -> None:
    text = (
        "import types\nclass A:\n def __init__(self): pass\nclass B:\n def go(self): pass\n"
        f"def f():\n made = {MADE[case]}\n made().go()\n"
    )
    assert called(scan_of(tmp_path, text), "m:f") >= {"m:A.__init__", "m:B.go"}


HANDED = {
    "what is left over": "def f(*rest): threading.Timer(1, run, *rest)\ndef h(): f(go)\n",
    "what has a name": "def f(**rest): pool.submit(run, **rest)\ndef h(): f(job=go)\n",
}


@pytest.mark.parametrize("case", HANDED)
def test_a_function_that_is_handed_over_is_given_what_stands_after_it(
    tmp_path: Path, case: str
) -> None:
    text = (
        "import threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "pool = ThreadPoolExecutor()\ndef go(): pass\ndef run(job): job()\n"
    )
    assert "m:go" in called(scan_of(tmp_path, text + HANDED[case]), "m:run")


GOT = {
    "an attribute": "operator.attrgetter('order')(A())",
    "an attribute to sort by": "sorted([A()], key=operator.attrgetter('order'))",
    "an attribute that is got for each": "list(map(operator.attrgetter('order'), [A()]))",
    "a method": "operator.methodcaller('go')(A())",
    "a method to sort by": "[A()].sort(key=operator.methodcaller('go'))",
}


@pytest.mark.parametrize("case", GOT)
def test_what_operator_gets_is_asked_for(tmp_path: Path, case: str) -> None:
    text = (
        "import operator\nclass A:\n @property\n def order(self): return 1\n"
        f" def go(self): pass\n def other(self): pass\ndef f(): return {GOT[case]}\n"
    )
    found = called(scan_of(tmp_path, text), "m:f")
    assert found & {"m:A.order", "m:A.go"} == {"m:A.go" if "method" in case else "m:A.order"}


MIXED = """
class Base:
    def __init__(self): self.go()
    def go(self): pass
class Other(Base):
    def go(self): open("x")
class Alone:
    def go(self): pass
class Mixin:
    def __init__(self): super().__init__()
    def go(self): super().go()
def make(klass): return type(klass.__name__, (Mixin, klass), {})
def f(): return [make(Base), make(Other)]
"""


def test_super_in_a_class_that_type_puts_before_others_reaches_these(tmp_path: Path) -> None:
    found = scan_of(tmp_path, MIXED)
    assert called(found, "m:Mixin.__init__") == {"m:Base.__init__"}
    assert called(found, "m:Mixin.go") == {"m:Base.go", "m:Other.go"}
    assert unit(found, "m:Mixin.go").klass == "port"


def test_super_reaches_nothing_that_stands_before_it(tmp_path: Path) -> None:
    text = MIXED.replace("(Mixin, klass)", "(klass, Mixin)")
    calls = unit(scan_of(tmp_path, text), "m:Mixin.go").calls
    assert {one.how for one in calls} == {"by name"}  # as any object of which nothing is known
