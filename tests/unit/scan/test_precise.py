"""What is kept apart: what a call passes through, what stands under a key, what is stored in one
object and not in another."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scanning
from parity.scan.solving import Solver
from tests.unit.scan.one_file import called, scan_of

TWO = "class A:\n def go(self): pass\nclass B:\n def go(self): pass\n"


PASSED = {
    "by position": "def keep(x): return x\ndef f(): keep(A()).go()\ndef g(): keep(B()).go()",
    "by name": (
        "def keep(y=None, *, x=None): pass\ndef keep(y=None, x=None): return x\n"
        "def f(): keep(x=A()).go()\ndef g(): keep(x=B()).go()"
    ),
    "in one branch": (
        "def keep(x, y):\n if y: return x\n return None\n"
        "def f(): keep(A(), 1).go()\ndef g(): keep(B(), 2).go()"
    ),
    "through two functions": (
        "def keep(x): return x\ndef hold(x): return x\n"
        "def f(): hold(keep(A())).go()\ndef g(): hold(keep(B())).go()"
    ),
    "as the object itself": (
        "class Base:\n def same(self): return self\n"
        "class C(Base, A): pass\nclass D(Base, B): pass\n"
        "def f(): C().same().go()\ndef g(): D().same().go()"
    ),
    "by a lambda": "keep = lambda x: x\ndef f(): keep(A()).go()\ndef g(): keep(B()).go()",
}


@pytest.mark.parametrize("case", [one for one in PASSED if one != "as the object itself"])
def test_a_call_has_back_what_it_passes_not_what_others_do(tmp_path: Path, case: str) -> None:
    found = scan_of(tmp_path, TWO + PASSED[case])
    assert "m:A.go" in called(found, "m:f")
    assert "m:B.go" not in called(found, "m:f")
    assert "m:A.go" not in called(found, "m:g")


def test_a_method_that_gives_its_object_back_gives_it(tmp_path: Path) -> None:
    found = scan_of(tmp_path, TWO + PASSED["as the object itself"])
    assert "m:A.go" in called(found, "m:f")
    assert "m:B.go" in called(found, "m:g")


STILL = {
    "a default": "def keep(x=A()): return x\ndef f(): keep().go()",
    "spread": "def keep(x): return x\ndef f(*all): keep(*all).go()\ndef g(): f(A())",
    "spread by name": "def keep(x): return x\ndef f(): keep(**{'x': A()}).go()",
    "bound anew": "def keep(x):\n x = A()\n return x\ndef f(): keep(1).go()",
    "bound anew in a branch": (
        "def keep(x):\n if not x: x = A()\n return x\ndef f(): keep(None).go()"
    ),
    "of a coroutine": "async def keep(x): return x\nasync def f(): (await keep(A())).go()",
    "of a generator": (
        "def keep(x):\n yield 1\n return x\ndef f():\n y = yield from keep(A())\n y.go()"
    ),
    "of a property": (
        "class C:\n @property\n def a(self): return self\n go = A.go\ndef f(): C().a.go()"
    ),
}


@pytest.mark.parametrize("case", STILL)
def test_what_comes_back_otherwise_is_found_too(tmp_path: Path, case: str) -> None:
    found = scan_of(tmp_path, TWO + STILL[case])
    assert "m:A.go" in called(found, "m:f")


KEYED = {
    "updated": (
        "def make():\n one = {'a': A(), 'b': B()}\n two = {}\n two.update(one)\n return two\n"
    ),
    "copied": "def make():\n one = {'a': A(), 'b': B()}\n return dict(one)\n",
    "over two": (
        "def make():\n one = {'a': A()}\n two = dict(one)\n three = dict(two)\n"
        " one['b'] = B()\n return three\n"
    ),
    "passed by name": (
        "def hold(**all): return all\ndef make(): return hold(**{'a': A(), 'b': B()})\n"
    ),
}


@pytest.mark.parametrize("case", KEYED)
def test_what_a_dict_is_made_of_keeps_its_keys(tmp_path: Path, case: str) -> None:
    text = TWO + KEYED[case] + "def f(): make()['a'].go()\ndef g(): make()['b'].go()\n"
    found = scan_of(tmp_path, text + "def h(k): make()[k].go()\n")
    assert called(found, "m:f") >= {"m:A.go"}
    assert "m:B.go" not in called(found, "m:f")
    assert "m:A.go" not in called(found, "m:g")
    assert {"m:A.go", "m:B.go"} <= called(found, "m:h")


def test_dicts_that_hold_one_another_come_to_an_end(tmp_path: Path) -> None:
    text = (
        "def f():\n a, b = {'x': A()}, {}\n a.update(b)\n b.update(a)\n a.update(a)\n b['x'].go()"
    )
    assert "m:A.go" in called(scan_of(tmp_path, TWO + text), "m:f")


FAMILY = (
    TWO + "class Base:\n def keep(self, x): self.kept = x\n def run(self): self.kept.go()\n"
    "class One(Base):\n def own(self): self.kept.go()\nclass Two(Base): pass\n"
    "class Other:\n def set(self): self.kept = B()\n"
)
STORED = {
    "from above, in one": "def f(): One().keep(A())\ndef g(): One().kept.go()",
    "from above, in another": "def f(): One().keep(A())\ndef g(): Two().kept.go()",
    "in one, from above": "def f():\n one = One()\n one.kept = A()\ndef g(b: Base): b.kept.go()",
    "by a computed name": "def f(n): setattr(One(), n, A())\ndef g(b: Base): b.kept.go()",
    "for a computed name": "def f(): One().keep(A())\ndef g(b: Base, n): getattr(b, n).go()",
    "asked before it is stored": "def g(b: Base, n): getattr(b, n).go()\ndef f(): Two().kept = A()",
    "from two sides": (
        "class Left(Base): pass\nclass Right(Base): pass\nclass Both(Left, Right): pass\n"
        "def f(x: Left): x.kept = A()\ndef g(x: Right): x.kept.go()"
    ),
}


@pytest.mark.parametrize("case", STORED)
def test_what_is_stored_is_found_in_the_family(tmp_path: Path, case: str) -> None:
    found = scan_of(tmp_path, FAMILY + STORED[case])
    assert "m:A.go" in called(found, "m:g")
    assert "m:B.go" not in called(found, "m:g")


def test_siblings_do_not_share_what_is_stored_in_one(tmp_path: Path) -> None:
    text = (
        "def f():\n one = One()\n one.kept = A()\n"
        "def g():\n two = Two()\n two.kept = B()\n two.kept.go()"
    )
    assert "m:A.go" not in called(scan_of(tmp_path, FAMILY + text), "m:g")


def test_a_family_costs_no_more_than_what_is_said_of_it(tmp_path: Path) -> None:
    sizes = []
    for many in (5, 100):
        below = "".join(f"class C{n}(Base): pass\n" for n in range(many))
        names = "".join(f" def s{n}(self): self.a{n} = self.b{n}\n" for n in range(30))
        text = f"class Base:\n{names}{below}"
        (tmp_path / "m.py").write_text(text, "utf-8")
        of = scanning.plan(gather(ScanOptions([tmp_path], tmp_path)))
        solver = Solver(scanning._modules(of, of.components[0]), of.aliases, of.effects)
        before = solver.size
        solver.solve()
        sizes.append(solver.size - before)
    assert sizes[0] == sizes[1] > 30


def test_a_container_has_only_the_methods_of_its_type(tmp_path: Path) -> None:
    text = "def f(all): all.go()\ndef g(): f([1])\n"
    assert "m:A.go" in called(scan_of(tmp_path, TWO + text), "m:f")  # by its name, not list's
    text = "def f(): return [1].append(2), {}.has_key(1), (x for x in ()).asend(None)"
    (unit,) = (unit for unit in scan_of(tmp_path, text).units if unit.id == "m:f")
    assert unit.unresolved == ()
    assert unit.own_class != "opaque"


def test_a_method_has_the_attributes_of_its_function(tmp_path: Path) -> None:
    text = (
        "def mark(f):\n f.by = A()\n return f\n"
        "class C:\n @mark\n def run(self): pass\ndef f(): C().run.by.go()\n"
        "def g(c):\n c.run.by = B()\ndef h(): g(C())"
    )
    found = called(scan_of(tmp_path, TWO + text), "m:f")
    assert "m:A.go" in found
    assert "m:B.go" not in found


ASKED = {
    "unpacked, by its own iteration": (
        "class M:\n def __init__(self, cls, *args): self.cls, self.args = cls, args\n"
        " def __iter__(self): return iter((self.cls, self.args))\n"
        "def f():\n for cls, args in [M(A)]: cls(*args).go()",
        {"m:A.go", "m:M.__iter__"},
    ),
    "unpacked, by a generator": (
        "def pair():\n yield A()\n yield 1\ndef f():\n one, two = pair()\n one.go()",
        {"m:A.go", "m:pair"},
    ),
    "what a property of one's own was made of": (
        "class cached(property):\n def __init__(self, fget, doc=None):\n  super().__init__(fget)\n"
        " def __get__(self, obj, kind): return self.fget(obj)\n"
        "class C:\n @cached\n def a(self): return A()\ndef f(): C().a.go()",
        {"m:A.go"},
    ),
    "what a property without a constructor was made of": (
        "class plain(property):\n def __get__(self, obj, kind): return self.fget(obj)\n"
        "class C:\n a = plain(fget=lambda self: A())\ndef f(): C().a.go()",
        {"m:A.go"},
    ),
    "an alias of a container": (
        "from typing import Any, MutableMapping\nScope = MutableMapping[str, Any]\n"
        "def f(scope: Scope):\n scope['a'] = A()\n scope['a'].go()",
        {"m:A.go"},
    ),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_asked_by_other_ways_is_found(tmp_path: Path, case: str) -> None:
    text, wanted = ASKED[case]
    found = called(scan_of(tmp_path, TWO + text), "m:f")
    assert wanted <= found
    assert "m:B.go" not in found


def test_making_a_class_calls_what_is_above_it_and_what_it_holds(tmp_path: Path) -> None:
    text = (
        "class Named:\n def __set_name__(self, owner, name): pass\n"
        "class Base:\n def __init_subclass__(cls): pass\n"
        "class Below(Base):\n x = Named()\n"
        "def f():\n class Inner(Base): pass\n return Inner\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:<module>") >= {"m:Named.__set_name__", "m:Base.__init_subclass__"}
    assert "m:Base.__init_subclass__" in called(found, "m:f")
    alone = scan_of(tmp_path, "class Base:\n def __init_subclass__(cls): pass\n")
    assert called(alone, "m:<module>") == set()


KEPT = {
    "read": "d['a']",
    "asked for": "'a' in d",
    "put": "d['a'] = 1",
    "taken": "del d['a']",
}


@pytest.mark.parametrize("case", KEPT)
def test_a_mapping_that_is_kept_elsewhere_is_io(tmp_path: Path, case: str) -> None:
    text = f"import shelve\nd = shelve.open('x')\ndef f():\n {KEPT[case]}\ndef g(): return d\n"
    kinds = {
        unit.id: {effect.kind for effect in unit.effects if not effect.via}
        for unit in scan_of(tmp_path, text).units
    }
    assert "file" in kinds["m:f"]
    assert "file" not in kinds["m:g"]
