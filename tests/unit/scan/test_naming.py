"""Attributes by computed names: which they may be where all names are written somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of

CLASS = """
class C:
    names = ("go", "stay")
    pairs = (("go", 1), ("stay", 2))
    def go(self): pass
    def stay(self): pass
    def leave(self): pass
"""
ALL_WRITTEN = {
    "in a loop": """
def f():
    for name in ["go", "stay"]: getattr(C(), name)()
""",
    "in the class": """
class D(C):
    def f(self):
        for name in self.names: getattr(self, name)()
def f(): D().f()
""",
    "in pairs": """
class D(C):
    def f(self):
        for name, _ in self.pairs: getattr(self, name)()
def f(): D().f()
""",
    "by callers": """
def ask(name): return getattr(C(), name)()
def f(): ask("go"), ask("stay")
""",
    "as keys": """
def ask(**given):
    for name, value in given.items(): getattr(C(), name)(value)
def f(): ask(go=1, stay=2)
""",
    "as keys of a dict made of others": """
def ask(given):
    for name, value in dict(given, stay=2).items(): getattr(C(), name)(value)
def f(): ask({"go": 1})
""",
    "said to be a text": """
def ask(name: str): return getattr(C(), name)()
def f(): ask("go"), ask("stay")
""",
}
UNKNOWN = {
    "made of others": """
def f():
    for name in ["g", "l"]: getattr(C(), name + input())()
""",
    "read": """
def f(): getattr(C(), input())()
""",
    "never given": """
def f(name): getattr(C(), name)()
""",
    "only said to be a text": """
def f(name: str): getattr(C(), name)()
""",
    "a part of one": """
def f():
    for name in ["xgo"]: getattr(C(), name[1:])()
""",
    "letters": """
def f():
    for name in "abc": getattr(C(), name)()
""",
    "under keys that are not known": """
def ask(given):
    for name, value in given.items(): getattr(C(), name)(value)
def f():
    given = {"go": 1}
    given[input()] = 2
    ask(given)
""",
}


def reached(path: Path, text: str) -> set[str]:
    """The methods of C that are called from anywhere."""
    found = scan_of(path, CLASS + text)
    return {
        to
        for unit in found.units
        for to in called(found, unit.id)
        if to in ("m:C.go", "m:C.stay", "m:C.leave")
    }


@pytest.mark.parametrize("case", ALL_WRITTEN)
def test_only_what_is_written_is_asked_for(tmp_path: Path, case: str) -> None:
    assert reached(tmp_path, ALL_WRITTEN[case]) == {"m:C.go", "m:C.stay"}


@pytest.mark.parametrize("case", UNKNOWN)
def test_a_name_that_is_made_may_be_any(tmp_path: Path, case: str) -> None:
    assert reached(tmp_path, UNKNOWN[case]) == {"m:C.go", "m:C.stay", "m:C.leave"}


def test_a_store_under_names_that_are_written_is_one_under_each(tmp_path: Path) -> None:
    text = """
def g(): pass
def h(): pass
class K:
    def __init__(self): self.c = h
def f():
    k = K()
    for name in ("a", "b"): setattr(k, name, g)
def asks(k: K): k.a()
def others(k: K): k.c()
"""
    found = scan_of(tmp_path, text)
    assert called(found, "m:asks") == {"m:g"}
    assert called(found, "m:others") == {"m:h"}


def test_what_is_got_by_a_made_name_and_never_called_is_no_method(tmp_path: Path) -> None:
    text = (
        CLASS
        + """
class Held:
    def go(self): pass
class D(C):
    def __init__(self): self.held = Held()
kept = []
def f():
    kept.append([getattr(D(), input())])
"""
    )
    found = scan_of(tmp_path, text + "def g():\n for one in kept:\n  for each in one: each.go()\n")
    assert "m:Held.go" in called(found, "m:g")


def test_a_proxy_by_getattribute_gives_what_it_is_asked_for(tmp_path: Path) -> None:
    text = (
        CLASS
        + """
class P:
    def __init__(self, c): self.c = c
    def __getattribute__(self, name):
        if name in ("c",): return super().__getattribute__(name)
        return getattr(self.c, name)
def f(): P(C()).go()
"""
    )
    found = called(scan_of(tmp_path, text), "m:f")
    assert "m:C.go" in found
    assert "m:C.stay" not in found


@pytest.mark.parametrize(
    "signature",
    ["def app(environ, start_response)", "async def app(scope, receive, send)"],
)
def test_what_servers_hand_to_applications_is_a_dict(tmp_path: Path, signature: str) -> None:
    name = "environ" if "environ" in signature else "scope"
    text = f"{signature}:\n    return ask({name})\ndef ask(given): return given.get('path')\n"
    unit = next(one for one in scan_of(tmp_path, text).units if one.id == "m:ask")
    assert not unit.unresolved
