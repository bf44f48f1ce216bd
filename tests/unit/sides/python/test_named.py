"""What a source names of modules that are not its own."""

from __future__ import annotations

import collections
import http.client
import json
import sys
import types
from pathlib import Path

import pytest

from parity.sides.python.named import Project, named_in

TEXT = """
import json, os.path as p
from http import client
from a.b import (c as d,
    e)
json.JSONEncoder.default = one
def f(self):
    import ssl
    if x == y: client.HTTPConnection.debuglevel = 1
    self.own = 2
    setattr(json.JSONDecoder, "decode", None)
    json.loads = json.dumps = None
    p.count += 1
    del p.gone
    given(p.n=3)
    p.is_it == 3
    p.items[3] = 4
    return p.name
"""


def test_imports_and_assignments_are_found() -> None:
    named = named_in(TEXT)
    assert set(named.modules) >= {"json", "os.path", "http", "http.client", "a.b", "a.b.c", "ssl"}
    assert named.names == {
        "p": "os.path",
        "client": "http.client",
        "d": "a.b.c",
        "e": "a.b.e",
    }
    assert named.assigned == [
        "client.HTTPConnection.debuglevel",
        "json.JSONDecoder.decode",
        "json.JSONEncoder.default",
        "json.dumps",
        "json.loads",
        "p.count",
        "p.gone",
    ]


def test_only_what_is_not_its_own_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "import own_two, json\n"
        "own_two.x = 1\njson.x = 1\nvalue.x = 1\n"
        "def f():\n    from http import client as c\n    c.HTTPConnection.x = 1\n"
    )
    for name, source in (("own_one", text), ("own_two", "")):
        (tmp_path / f"{name}.py").write_text(source)
        module = types.ModuleType(name)
        module.__file__ = str(tmp_path / f"{name}.py")
        monkeypatch.setitem(sys.modules, name, module)
    vars(sys.modules["own_one"]).update(
        own_two=sys.modules["own_two"], json=json, value=collections.OrderedDict()
    )
    project = Project([str(tmp_path)])
    assert {one.__name__ for one in project.modules()} == {"own_one", "own_two"}
    assert project.foreign() == ["http", "http.client", "json"]
    assert set(project.assigned()) == {(json, "x"), (http.client.HTTPConnection, "x")}


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("import json\njson.x = 1", False),
        ("setattr(module, name, value)", True),
        ("from gevent import monkey\nmonkey.patch_all()", True),
        ("with mock.patch('json.dumps'): pass", True),
        ("self.dispatch(value)", False),
    ],
)
def test_it_is_known_whether_more_may_be_set(text: str, sets: bool) -> None:
    assert Project([], [text]).sets_more() is sets


def test_texts_of_the_map_count() -> None:
    project = Project([], ["import json\njson.x = 1", "from json import nothing"])
    assert project.foreign() == ["json"]
    assert project.assigned() == [(json, "x")]


def test_what_stands_for_a_module_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loud:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

        @property  # type: ignore[misc]
        def __class__(self) -> type:
            raise RuntimeError("there is no request")

    monkeypatch.setitem(sys.modules, "loud", Loud())  # type: ignore[arg-type]
    monkeypatch.setattr(json, "proxy", Loud(), raising=False)
    text = "import loud, json\nloud.part.x = 1\njson.proxy.x = 1\njson.proxy.part.x = 1"
    assert Project(["/nowhere"], [text]).assigned() == []
