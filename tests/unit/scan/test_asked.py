"""What Python asks of objects that are hashed, copied, shown, or taken apart as mappings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of, unit

PART = (
    "import collections, copy, pickle\nclass L:\n"
    " def __hash__(self): open('x')\n def __str__(self): open('x')\n"
    " def __reduce__(self): open('x')\n def __setstate__(self, state): open('x')\n"
)
ASKING = {
    "a set of it": ("{L()}", "__hash__"),
    "a set of what there is": ("{one for one in [L()]}", "__hash__"),
    "a set that is made of a list": ("set([L()])", "__hash__"),
    "a set that takes more": ("set().update([L()])", "__hash__"),
    "a key of a dict": ("{L(): 1}", "__hash__"),
    "keys of a dict": ("{one: 1 for one in [L()]}", "__hash__"),
    "a text by names": ("'%(a)s' % {'a': L()}", "__str__"),
    "a text that has a name": ("T % {'a': L()}", "__str__"),
    "a text that has a name, by place": ("T % (1, L())", "__str__"),
    "a text of a dict": ("'%(a)5s' % dict(a=L())", "__str__"),
    "a copy": ("copy.copy(L())", "__reduce__"),
    "a copy that comes to life": ("copy.copy(L())", "__setstate__"),
    "a deep copy of a list": ("copy.deepcopy([L()])", "__reduce__"),
    "a pickle of a list of lists": ("pickle.dumps([[L()]])", "__reduce__"),
}


@pytest.mark.parametrize("case", ASKING)
def test_what_python_asks_of_an_object_is_called(tmp_path: Path, case: str) -> None:
    text, name = ASKING[case]
    found = scan_of(tmp_path, f"{PART}T = 'a'\ndef f(): return {text}\n")
    assert f"m:L.{name}" in called(found, "m:f")
    assert unit(found, "m:f").klass == "port"


@pytest.mark.parametrize("text", ["[L()]", "(L(), 1)", "{1: L()}", "{L().x}", "T % L()"])
def test_what_is_only_kept_is_asked_nothing(tmp_path: Path, text: str) -> None:
    found = scan_of(tmp_path, f"{PART}T = 7\ndef f(): return {text}\n")
    assert called(found, "m:f") == {"m:L"}


MAPPING = "class D:\n def keys(self): return ()\n def __getitem__(self, key): return 1\n"
ANY = "class D:\n def __getattr__(self, name): open('x')\n def __iter__(self): return iter(())\n"
MAPPINGS = ["dict(D())", "{}.update(D())", "{**D()}", "g(**D())"]


@pytest.mark.parametrize("text", MAPPINGS)
def test_a_mapping_is_asked_for_its_keys(tmp_path: Path, text: str) -> None:
    found = scan_of(tmp_path, f"{MAPPING}def g(**more): pass\ndef f(): {text}\n")
    assert called(found, "m:f") >= {"m:D.keys", "m:D.__getitem__"}


@pytest.mark.parametrize("text", MAPPINGS[:2])
def test_what_has_no_keys_is_asked_for_them_all_the_same(tmp_path: Path, text: str) -> None:
    found = scan_of(tmp_path, f"{ANY}def f(): {text}\n")
    assert called(found, "m:f") >= {"m:D.__getattr__", "m:D.__iter__"}


TWO = "class A:\n def go(self): pass\nclass B:\n def go(self): pass\n"
KEYS = {
    "going over it": "for one in d: one.go()",
    "its keys": "for one in d.keys(): one.go()",
    "its pairs": "for one, _ in d.items(): one.go()",
    "a list of it": "[one.go() for one in list(d)]",
    "a copy of it": "for one in dict(d): one.go()",
}
FILLS = {
    "by a store": "d = {}\nd[A()] = B()",
    "as it is written": "d = {A(): B()}",
    "by setdefault": "d = {}\nd.setdefault(A(), B())",
    "from others": "d = {one: B() for one in [A()]}",
}


@pytest.mark.parametrize("how", FILLS)
@pytest.mark.parametrize("case", KEYS)
def test_objects_that_are_keys_are_found(tmp_path: Path, case: str, how: str) -> None:
    found = scan_of(tmp_path, f"{TWO}{FILLS[how]}\ndef f():\n {KEYS[case]}\n")
    assert "m:A.go" in called(found, "m:f")
    assert {call.how for call in unit(found, "m:f").calls} == {"inferred"}


def test_going_over_the_values_gives_no_keys(tmp_path: Path) -> None:
    text = f"{TWO}d = {{A(): B()}}\ndef f():\n for one in d.values(): one.go()\n"
    assert called(scan_of(tmp_path, text), "m:f") == {"m:B.go"}


@pytest.mark.parametrize("kind", ["list", "set", "dict", "collections.deque"])
def test_what_a_defaultdict_makes_is_filled(tmp_path: Path, kind: str) -> None:
    fill = {"set": "add(A())", "dict": "setdefault(1, A())"}.get(kind, "append(A())")
    going = "d[1].values()" if kind == "dict" else "d[1]"
    text = (
        f"import collections\n{TWO}d = collections.defaultdict({kind})\n"
        f"def fill(): d[1].{fill}\ndef f():\n for one in {going}: one.go()\n"
    )
    found = scan_of(tmp_path, text)
    assert [(one.to, one.how) for one in unit(found, "m:f").calls] == [("m:A.go", "inferred")]


def test_a_function_around_a_class_is_its_static_method(tmp_path: Path) -> None:
    text = (
        f"{TWO}def make(kind): return kind()\n"
        "class C:\n make = staticmethod(make)\n def f(self): self.make(A).go()\n"
    )
    assert called(scan_of(tmp_path, text), "m:C.f") == {"m:make", "m:A.go"}


def test_how_a_list_is_sorted_is_nothing_that_is_in_it(tmp_path: Path) -> None:
    text = (
        "import operator\nclass C:\n def __init__(self, hooks):\n"
        "  self.hooks = sorted(hooks, key=operator.attrgetter('order'))\n"
        " def run(self):\n  for hook in self.hooks: hook.before()\n"
    )
    assert unit(scan_of(tmp_path, text), "m:C.run").klass == "opaque"
