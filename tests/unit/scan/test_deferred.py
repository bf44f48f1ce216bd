"""Coroutines and generators, where they are made and where they are run; and what else is called
without a call that is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan, ScannedUnit

RUN = {
    "awaited after it was kept": (
        "async def g(): pass\nclass Task:\n def __init__(self, coro): self.coro = coro\n"
        "def make(): return Task(g())\nasync def f(task: Task): await task.coro",
        "m:g",
    ),
    "awaited as a parameter": (
        "async def g(): pass\nasync def f(coro): await coro\ndef make(): return f(g())",
        "m:g",
    ),
    "sent something": (
        "async def g(): pass\nclass Task:\n def __init__(self, coro): self.coro = coro\n"
        "def make(): return Task(g())\ndef f(task: Task): task.coro.send(None)",
        "m:g",
    ),
    "thrown something": (
        "async def g(): pass\ndef f(coro): coro.throw(ValueError())\ndef make(): f(g())",
        "m:g",
    ),
    "a generator, sent something": (
        "def g():\n yield 1\ndef f(all): all.send(None)\ndef make(): f(g())",
        "m:g",
    ),
    "a generator, asked by a builtin that is spread into": (
        "def g():\n yield 1\ndef call(f, *args): return f(*args)\n"
        "def f(*args): return next(*args)\ndef make(): f(g())",
        "m:g",
    ),
    "a generator, from which another yields": (
        "def g():\n yield 1\ndef f(all):\n yield from all\ndef make(): return list(f(g()))",
        "m:g",
    ),
    "a generator, for its greatest": (
        "def g():\n yield 1\ndef f(all): return max(all)\ndef make(): return f(g())",
        "m:g",
    ),
    "in a container": (
        "async def g(): pass\nasync def f(all):\n for one in all: await one\n"
        "def make():\n all = []\n all.append(g())\n return f(all)",
        "m:g",
    ),
    "handed to a loop": (
        "import asyncio\nasync def g(): pass\ndef f(coro): return asyncio.ensure_future(coro)\n"
        "def make(): return f(g())",
        "m:g",
    ),
    "an object that can be awaited": (
        "class C:\n def __await__(self):\n  yield self\nasync def f(c: C): await c",
        "m:C.__await__",
    ),
    "an object that can be awaited by another name": (
        "class C:\n def __iter__(self):\n  yield self\n __await__ = __iter__\n"
        "async def f(c: C): await c",
        "m:C.__iter__",
    ),
    "what it returns": (
        "class C:\n def go(self): pass\nasync def g(): return C()\n"
        "async def f(coro):\n c = await coro\n c.go()\ndef make(): return f(g())",
        "m:C.go",
    ),
    "what a generator returns to who yields from it": (
        "class C:\n def go(self): pass\ndef g():\n yield 1\n return C()\n"
        "def f(all):\n c = yield from all\n c.go()\ndef make(): return f(g())",
        "m:C.go",
    ),
    "what comes out of all that is waited for": (
        "class C:\n def __await__(self):\n  yield self\n def go(self): pass\n"
        "async def inner(): await C()\nasync def outer(): await inner()\n"
        "def f(coro): coro.send(None).go()\ndef make(): f(outer())",
        "m:C.go",
    ),
    "what an annotation promises": (
        "from asyncio import Future\nclass C:\n def go(self): pass\n"
        "async def f(later: 'Future[C]'):\n c = await later\n c.go()",
        "m:C.go",
    ),
}
UNWRITTEN = {
    "a class that is raised": (
        "class E(Exception):\n def __init__(self): pass\ndef f(): raise E",
        "m:E.__init__",
    ),
    "the truth of what is taken if it is true": (
        "class C:\n def __len__(self): return 1\ndef f(c: C):\n x = c or 1\n return x",
        "m:C.__len__",
    ),
    "a cast": (
        "from typing import cast\nclass C:\n def go(self): pass\ndef f(x): cast('C', x).go()",
        "m:C.go",
    ),
    "the exception that is handled": (
        "import sys\nclass E(Exception):\n def go(self): pass\n"
        "def f():\n try: pass\n except E:\n  e = sys.exc_info()[1]\n  e.go()",
        "m:E.go",
    ),
    "of the class that is asked for": (
        "class C:\n def go(self): pass\nclass D:\n def go(self): pass\n"
        "def f(x):\n if isinstance(x, (C, int)): x.go()",
        "m:C.go",
    ),
    "set by a computed name": (
        "class C:\n def __setattr__(self, name, value): pass\n"
        "def f(c: C, name): setattr(c, name, 1)",
        "m:C.__setattr__",
    ),
    "deleted by a computed name": (
        "class C:\n def __delattr__(self, name): pass\ndef f(c: C, name): delattr(c, name)",
        "m:C.__delattr__",
    ),
    "deleted": (
        "class C:\n def __delattr__(self, name): pass\ndef f(c: C):\n del c.x",
        "m:C.__delattr__",
    ),
    "asked for every attribute": (
        "class C:\n def __getattribute__(self, name): pass\n def go(self): pass\n"
        "def f(c: C): return c.go",
        "m:C.__getattribute__",
    ),
    "of a family, asked for every attribute": (
        "class C:\n def __getattribute__(self, name): pass\nclass D(C):\n def go(self): pass\n"
        "def f(c: C): return c.go",
        "m:C.__getattribute__",
    ),
    "one of a family, asked for every attribute": (
        "class C:\n def go(self): pass\nclass D(C):\n def __getattribute__(self, name): pass\n"
        "def f(c: C): return c.go",
        "m:D.__getattribute__",
    ),
    "a module that is asked for what it has not": (
        "import other\ndef f(): return other.nothing",
        "other:__getattr__",
    ),
    "a module that is imported from": (
        "def f():\n from other import something\n return something",
        "other:__getattr__",
    ),
    "a dict that is a property, listed": (
        "class C:\n @property\n def __dict__(self): return {}\ndef f(c: C): return dir(c)",
        "m:C.__dict__",
    ),
    "a function that a partial of the outside is given": (
        "import contextvars, functools\ndef g(): pass\ndef f():\n"
        " call = functools.partial(contextvars.copy_context().run, g)\n call()",
        "m:g",
    ),
}


def scan_of(folder: Path, text: str, other: str = "") -> Scan:
    (folder / "m.py").write_text(text, "utf-8")
    (folder / "other.py").write_text(
        other or "something = 1\ndef __getattr__(name): pass\n", "utf-8"
    )
    return scan(gather(ScanOptions([folder], folder)))


def unit(found: Scan, name: str) -> ScannedUnit:
    return next(one for one in found.units if one.id == name)


def called(found: Scan, name: str) -> set[str]:
    """What a unit is known to call; a guess by names is not meant."""
    return {call.to for call in unit(found, name).calls if not call.how.startswith("by ")}


@pytest.mark.parametrize("case", RUN)
def test_what_runs_later_is_called_where_it_goes_on(tmp_path: Path, case: str) -> None:
    text, to = RUN[case]
    assert to in called(scan_of(tmp_path, text), "m:f")


@pytest.mark.parametrize("case", UNWRITTEN)
def test_what_is_called_without_a_call_is_found(tmp_path: Path, case: str) -> None:
    text, to = UNWRITTEN[case]
    assert to in called(scan_of(tmp_path, text), "m:f")


def test_io_is_done_by_who_runs_what_was_made_elsewhere(tmp_path: Path) -> None:
    text = (
        "async def g(): open('x')\nclass Task:\n def __init__(self, coro): self.coro = coro\n"
        "def make(): return Task(g())\nasync def f(task: Task): await task.coro"
    )
    assert unit(scan_of(tmp_path, text), "m:f").klass == "port"


def test_a_coroutine_is_called_where_it_is_made_too(tmp_path: Path) -> None:
    found = scan_of(tmp_path, "async def g(): open('x')\ndef f(): return g()")
    assert "m:g" in called(found, "m:f")
    assert unit(found, "m:f").klass == "port"


def test_what_is_awaited_is_not_what_it_gives(tmp_path: Path) -> None:
    text = (
        "class Later:\n def __init__(self): self.done = C()\n"
        " def __await__(self):\n  yield\n  return self.done\n def go(self): pass\n"
        "class C:\n def go(self): pass\n"
        "async def f(later: Later):\n c = await later\n c.go()"
    )
    found = called(scan_of(tmp_path, text), "m:f")
    assert "m:C.go" in found
    assert "m:Later.go" not in found


def test_a_lambda_in_a_default_leaves_the_function_its_calls(tmp_path: Path) -> None:
    found = scan_of(tmp_path, "def g(): open('x')\ndef f(key=lambda x: x): return g()")
    assert called(found, "m:f") == {"m:g"}
    assert unit(found, "m:f").klass == "port"
    assert unit(found, "m:<lambda:2:10>").calls == ()


def test_a_parameter_of_values_holds_no_function(tmp_path: Path) -> None:
    text = (
        "def g(): pass\ndef keep(x: 'str | bytes | None' = None) -> 'str': return x\n"
        "def f(run): keep(g)()\ndef h(x: str):\n run = x or g\n run()"
    )
    found = scan_of(tmp_path, text)
    assert "m:g" not in called(found, "m:f")
    assert "m:g" in called(found, "m:h")


def test_a_value_that_is_called_is_not_known(tmp_path: Path) -> None:
    (why,) = unit(scan_of(tmp_path, "def f():\n x = 'a'\n x()"), "m:f").unresolved
    assert why.why == "what it holds cannot be called"


def test_what_is_annotated_as_callable_is_not_known(tmp_path: Path) -> None:
    text = "from collections.abc import Callable\ndef f(x: Callable): x()"
    assert unit(scan_of(tmp_path, text), "m:f").own_class == "opaque"


def test_an_attribute_that_is_stored_is_not_one_of_an_outside_base(tmp_path: Path) -> None:
    text = (
        "import unittest\nclass C(unittest.TestCase):\n def set(self, x): self.run_it = x\n"
        " def f(self): self.run_it()\n"
    )
    assert unit(scan_of(tmp_path, text), "m:C.f").own_class == "opaque"


def test_an_attribute_of_an_outside_base_that_does_something_stays_its_own(tmp_path: Path) -> None:
    text = (
        "import threading\nclass C(threading.Thread):\n"
        " def f(self): self.start()\nclass D(C):\n def start(self): pass\n"
    )
    kinds = {effect.kind for effect in unit(scan_of(tmp_path, text), "m:C.f").effects}
    assert "thread" in kinds


def test_what_is_spread_into_a_partial_is_given_to_its_function(tmp_path: Path) -> None:
    text = (
        "import functools\nclass C:\n def go(self): pass\ndef call(c): c.go()\n"
        "def spread(*args): return functools.partial(call, *args)\ndef f(): spread(C())()"
    )
    assert "m:C.go" in called(scan_of(tmp_path, text), "m:call")


def test_a_partial_that_is_spread_into_itself_ends(tmp_path: Path) -> None:
    text = (
        "import functools, other\nfrom elsewhere import call\ndef f(*args):\n"
        " one = functools.partial(call, *args)\n call(one)\n f(one)\n"
    )
    assert "m:f" in called(scan_of(tmp_path, text), "m:f")


def test_what_is_sorted_is_not_called_but_its_key_is(tmp_path: Path) -> None:
    text = "def g(): pass\ndef k(x): pass\ndef f(): return max([g], key=k), max(g, k)"
    assert called(scan_of(tmp_path, text), "m:f") == {"m:k"}


def test_a_package_is_asked_only_for_what_it_has_not(tmp_path: Path) -> None:
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("here = 1\ndef __getattr__(name): pass\n", "utf-8")
    (package / "below.py").write_text("x = 1\n", "utf-8")
    text = (
        "def f():\n from pack import here, below\n return here\ndef g():\n from pack import gone\n"
    )
    found = scan_of(tmp_path, text)
    assert "pack:__getattr__" not in called(found, "m:f")
    assert "pack:__getattr__" in called(found, "m:g")


def test_an_instance_comes_in_where_a_variable_holds_much_of_the_project(tmp_path: Path) -> None:
    many = "".join(f"x = [{n}]\n" for n in range(62))
    text = f"{many}class C:\n def go(self): pass\nx = C()\ndef f(): x.go()\n"
    assert "m:C.go" in called(scan_of(tmp_path, text), "m:f")


PROXY = """
class C:
    def go(self): pass
    def stay(self): pass
class P:
    def __init__(self, c): self.c = c
    def __getattr__(self, name):
        {body}
def f(): P(C()).go()
"""
FORWARDING = {
    "given back": "return getattr(self.c, name)",
    "kept on the way": "x = getattr(self.c, name)\n        if x is not None: return x",
}
DOING_MORE = {
    "called": "return getattr(self.c, name)()",
    "called later": "return lambda: getattr(self.c, name)()",
    "called by what is in it": "def g(): return getattr(self.c, name)\n        g()()",
    "called on the way": "x = getattr(self.c, name)\n        x()\n        return x",
}


@pytest.mark.parametrize("case", FORWARDING)
def test_a_proxy_gives_what_it_is_asked_for(tmp_path: Path, case: str) -> None:
    text = PROXY.replace("{body}", FORWARDING[case])
    found = called(scan_of(tmp_path, text), "m:f")
    assert found >= {"m:P.__getattr__", "m:C.go"}
    assert "m:C.stay" not in found


@pytest.mark.parametrize("case", DOING_MORE)
def test_what_a_proxy_calls_itself_is_what_it_is_asked_for(tmp_path: Path, case: str) -> None:
    found = scan_of(tmp_path, PROXY.replace("{body}", DOING_MORE[case]))
    inner = [one.id for one in found.units if one.id.startswith("m:P.__getattr__")]
    reached = set[str]().union(*(called(found, one) for one in inner))
    assert "m:C.go" in reached
    assert "m:C.stay" not in reached


@pytest.mark.parametrize("case", DOING_MORE)
def test_what_a_proxy_calls_may_be_any_where_it_is_asked_for_any(tmp_path: Path, case: str) -> None:
    text = PROXY.replace("{body}", DOING_MORE[case])
    text = text.replace("P(C()).go()", "getattr(P(C()), input())()")
    found = scan_of(tmp_path, text)
    inner = [one.id for one in found.units if one.id.startswith("m:P.__getattr__")]
    assert {"m:C.go", "m:C.stay"} <= set[str]().union(*(called(found, one) for one in inner))


def test_a_proxy_of_a_proxy_is_asked_wherever_it_stands(tmp_path: Path) -> None:
    text = PROXY.replace("{body}", FORWARDING["given back"]) + "def g(): P(P(C())).stay()\n"
    assert "m:C.stay" in called(scan_of(tmp_path, text), "m:g")


ANY_OF_IT = {
    "a computed name": "def f(name): getattr(P(C()), name)()\n",
    "a call of the method itself": "def f(name): P(C()).__getattr__(name)()\n",
    "the method of what is below": (
        "class Q(P):\n def __getattr__(self, name): return super().__getattr__(name)\n"
        "def f(): Q(C()).go()\n"
    ),
}


@pytest.mark.parametrize("case", ANY_OF_IT)
def test_a_proxy_that_is_asked_for_any_name_gives_any(tmp_path: Path, case: str) -> None:
    text = PROXY.replace("{body}", FORWARDING["given back"]).rpartition("def f")[0]
    found = called(scan_of(tmp_path, text + ANY_OF_IT[case]), "m:f")
    assert found >= {"m:C.go", "m:C.stay"}


def test_a_module_of_the_outside_is_not_called(tmp_path: Path) -> None:
    text = "import json\ndef g(): pass\nx = json\nx = g\ndef f(): x()\ndef h(): json()"
    found = scan_of(tmp_path, text)
    assert unit(found, "m:f").own_class == "pure"
    assert unit(found, "m:h").own_class == "opaque"


def test_methods_of_many_classes_are_one_where_they_have_one_from_above(tmp_path: Path) -> None:
    below = "".join(f"class C{n}(B): pass\nx = C{n}().go\n" for n in range(70))
    text = f"class B:\n def go(self): pass\n{below}def f(): x()\n"
    found = scan_of(tmp_path, text)
    assert called(found, "m:f") == {"m:B.go"}
    assert not [note for note in found.notes if note.kind == "cap"]


@pytest.mark.parametrize("begin", ["import os\nx = os.sep", "from typing import Any\nx = Any"])
def test_an_attribute_of_an_attribute_does_not_go_on_for_ever(tmp_path: Path, begin: str) -> None:
    text = f"{begin}\nwhile x: x = x.more\ndef f(): x.open()\nclass C(x.more): pass\n"
    found = scan_of(tmp_path, text)
    assert not [note for note in found.notes if note.kind == "cap"]


def test_a_tuple_of_classes_that_holds_itself_is_looked_through(tmp_path: Path) -> None:
    text = (
        "class C:\n def go(self): pass\nkinds = (C, int)\nwhile kinds: kinds = (kinds, C)\n"
        "def f(x):\n if isinstance(x, kinds): x.go()"
    )
    assert "m:C.go" in called(scan_of(tmp_path, text), "m:f")


def test_a_property_is_set_to_nothing_too(tmp_path: Path) -> None:
    text = (
        "class C:\n @property\n def x(self): pass\n @x.setter\n def x(self, value): pass\n"
        "def f(c: C): c.x = None"
    )
    assert "m:C.x@5" in called(scan_of(tmp_path, text), "m:f")


def test_each_place_asks_a_proxy_for_what_it_loads_whichever_object_that_is(tmp_path: Path) -> None:
    text = (
        PROXY.replace("{body}", FORWARDING["given back"])
        + """
class D:
    def go(self): pass
class Q(P): pass
class R(P): pass
def given(x): x.go()
def g(): x = Q(C()) if input() else R(D()); x.go()
def h():
    for one in (Q(C()), R(D())): given(one)
"""
    )
    found = scan_of(tmp_path, text)
    for name in ("m:g", "m:given"):
        assert called(found, name) >= {"m:P.__getattr__", "m:C.go", "m:D.go"}


def test_a_getter_that_is_no_method_of_its_class_is_asked_for_each_object(tmp_path: Path) -> None:
    text = """
def ask(one, name): return one.inner()
class C:
    __getattr__ = ask
    def inner(self): return None
class D:
    __getattr__ = ask
    def inner(self): return None
def f(x): return x.go
def g(): f(C()); f(D())
"""
    assert called(scan_of(tmp_path, text), "m:ask") >= {"m:C.inner", "m:D.inner"}


CHAINED = {
    "by a name": "def done(result, a): a.go()\ndef f(d: Deferred): d.addErrback(done, A())",
    "a lambda": "def f(d: Deferred): d.addCallback(lambda result, a: a.go(), A())",
    "of what is there": "def done(result, a): a.go()\ndef f(): succeed(1).addBoth(done, A())",
}


@pytest.mark.parametrize("case", CHAINED)
def test_what_a_deferred_calls_is_given_something_before_all(tmp_path: Path, case: str) -> None:
    text = (
        "from twisted.internet.defer import Deferred, succeed\n"
        f"class A:\n def go(self): pass\nclass B(A): pass\n{CHAINED[case]}\n"
    )
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    calls = {(one.to, one.how) for each in found.units for one in each.calls}
    assert ("m:A.go", "inferred") in calls
    (made,) = [one for one in found.units if one.id == "m:f"]
    assert any(one.how.startswith("handed to twisted.") for one in made.calls)


@pytest.mark.parametrize(
    "handed", ["six.ensure_str(g)", "succeed(g)", "Deferred().callback(g)", "IThing.providedBy(g)"]
)
def test_what_only_hands_on_or_asks_calls_nothing(tmp_path: Path, handed: str) -> None:
    text = (
        "import six\nfrom twisted.internet.defer import Deferred, succeed\n"
        "from zope.interface import Interface as IThing\n"
        f"def g(): open('x')\ndef f(): return {handed}\n"
    )
    (tmp_path / "m.py").write_text(text, "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    (unit,) = [one for one in found.units if one.id == "m:f"]
    assert not unit.calls
