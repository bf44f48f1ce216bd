"""What functions hand on: `*args`, decorators that are called, classes that are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of, unit

TWO = "class A:\n def go(self): pass\nclass B:\n def go(self): pass\n"
TAKEN = f"{TWO}def taken(a, b): a.go()\n"
WAYS = {
    "at once": "def on(*args): taken(*args)\n",
    "behind another": "def on(*args): more(*args)\ndef more(x, *args): taken(x, *args)\n",
    "twice": "def on(*args): more(*args)\ndef more(*args): taken(*args)\n",
    "by a decorator": (
        "def keep(f):\n def inner(*args, **kw): return f(*args, **kw)\n return inner\n"
        "@keep\ndef on(a, b): taken(a, b)\n"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_passed_on_keeps_its_place(tmp_path: Path, way: str) -> None:
    found = scan_of(tmp_path, f"{TAKEN}{WAYS[way]}on(A(), B())\n")
    assert called(found, "m:taken") == {"m:A.go"}


def test_what_is_cut_may_stand_at_any_place(tmp_path: Path) -> None:
    cut = "def on(*args):\n args = args[1:]\n taken(*args)\non(1, A(), B())\n"
    assert called(scan_of(tmp_path, TAKEN + cut), "m:taken") == {"m:A.go", "m:B.go"}


def test_what_grows_as_it_is_passed_on_comes_to_an_end(tmp_path: Path) -> None:
    grows = "def on(*args):\n taken(*args)\n on(B(), *args)\non(A())\n"
    assert called(scan_of(tmp_path, TAKEN + grows), "m:taken") == {"m:A.go", "m:B.go"}


def test_a_method_that_takes_all_by_place_is_given_its_object_first(tmp_path: Path) -> None:
    text = (
        f"{TWO}def keep(f):\n def inner(*args): return f(*args)\n return inner\n"
        "class C:\n @keep\n def on(self, a):\n  a.go()\n  self.own()\n def own(self): pass\n"
        "C().on(B())\n"
    )
    assert called(scan_of(tmp_path, text), "m:C.on") == {"m:B.go", "m:C.own"}


def test_a_wrapper_that_stands_in_a_class_binds_its_function(tmp_path: Path) -> None:
    text = (
        f"{TWO}class Wrap:\n def __init__(self, f): self.f = f\n"
        " def __get__(self, of, kind=None): return Wrap(self.f.__get__(of, kind))\n"
        " def __call__(self, *args): return self.f(*args)\n"
        "class C:\n @Wrap\n def on(self, a): a.go()\nC().on(B())\n"
    )
    assert called(scan_of(tmp_path, text), "m:C.on") == {"m:B.go"}


@pytest.mark.parametrize("keep", ["functools.lru_cache(maxsize=3)", "functools.cache"])
def test_a_decorator_of_python_that_is_called_gives_its_function(tmp_path: Path, keep: str) -> None:
    text = (
        f"import functools\nclass C:\n def __init__(self): self.kept = {keep}(self.read)\n"
        " def read(self, x): open(x)\n def get(self): return self.kept('x')\n"
        " def clear(self): self.kept.cache_clear()\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:C.get") == {"m:C.read"}
    assert not unit(found, "m:C.clear").unresolved


LOADED = (
    "import other\nclass Base:\n def go(self): pass\nclass One(Base):\n def go(self): pass\n"
    "class No:\n def go(self): pass\n"
    "def make(name):\n kind = other.load(name)\n{}\n return kind()\ndef f(): make('x').go()\n"
)


def test_what_is_asked_whether_it_is_a_class_below_one_may_be_one(tmp_path: Path) -> None:
    test = " if not issubclass(kind, Base): raise TypeError(name)"
    found = scan_of(tmp_path, LOADED.format(test))
    assert called(found, "m:f") == {"m:make", "m:Base.go", "m:One.go"}


def test_a_class_that_is_known_stays_what_it_is(tmp_path: Path) -> None:
    test = " kind = No\n if issubclass(kind, Base): raise TypeError(name)"
    assert called(scan_of(tmp_path, LOADED.format(test)), "m:f") == {"m:make", "m:No.go"}


KEPT = (
    f"{TWO}class J:\n def __init__(self, **kw):\n"
    "  for key, value in {}: setattr(self, key, value)\n def f(self): self.a.go()\n"
    "def start(a, b):\n kw = {{'a': a, 'b': b}}\n new = {}\n J(**new)\nstart(A(), B())\n"
)


@pytest.mark.parametrize("items", ["kw.items()", "sorted(kw.items())"])
@pytest.mark.parametrize(
    "made",
    [
        "kw",
        "{k: v for k, v in kw.items() if v}",
        "dict((k, v) for k, v in kw.items() if v)",
        "dict([(k, v) for k, v in sorted(kw.items())])",
    ],
)
def test_what_is_set_by_the_keys_of_a_dict_is_found_under_its_own(
    tmp_path: Path, items: str, made: str
) -> None:
    assert called(scan_of(tmp_path, KEPT.format(items, made)), "m:J.f") == {"m:A.go"}


def test_what_stands_under_a_key_that_is_not_known_may_be_set_under_any(tmp_path: Path) -> None:
    text = KEPT.format("kw.items()", "{k + x: v for k, v in kw.items()}")
    assert called(scan_of(tmp_path, text), "m:J.f") == {"m:A.go", "m:B.go"}


def test_a_value_that_is_changed_on_the_way_is_not_what_stood_there(tmp_path: Path) -> None:
    text = KEPT.format("kw.items()", "{k: B() for k, v in kw.items()}")
    assert called(scan_of(tmp_path, text), "m:J.f") == {"m:B.go"}
    text = KEPT.format("kw.items()", "kw")
    text = text.replace("setattr(self, key, value)", "value = A(); setattr(self, key, value)")
    assert called(scan_of(tmp_path, text), "m:J.f") == {"m:A.go", "m:B.go"}


@pytest.mark.parametrize("lazy", ["filter(self.look, self.x)", "map(lambda t: open(t), self.x)"])
def test_what_is_lazy_runs_where_one_goes_over_it(tmp_path: Path, lazy: str) -> None:
    text = (
        f"class W:\n def get(self): return {lazy}\n def look(self, t): open(t)\n"
        "def f(w: W):\n for one in w.get(): pass\ndef g(w: W): return list(w.get())\n"
        "def h(w: W): return w.get()\n"
    )
    found = scan_of(tmp_path, text)
    assert len(called(found, "m:f")) == len(called(found, "m:g")) == 2
    assert called(found, "m:h") == {"m:W.get"}
