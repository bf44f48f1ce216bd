"""Attributes that are declared by calls of a library, and what only names tell of an object."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.errors import ConfigError
from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan, ScannedUnit

PARTS = "class Part:\n def go(self): pass\nclass Odd(Part):\n def go(self): pass\n"
FIELDS = (
    "from traitlets import Any, Dict, Instance, List, Type, Unicode, default\n"
    "from traitlets.config import LoggingConfigurable, SingletonConfigurable\n"
)


def scan_of(folder: Path, text: str, effects: str | None = None) -> Scan:
    (folder / "m.py").write_text(text, "utf-8")
    tables = [folder / "effects.toml"] if effects is not None else []
    for table in tables:
        table.write_text(effects or "", "utf-8")
    return scan(gather(ScanOptions([folder], folder, effects=tables)))


def unit(found: Scan, name: str) -> ScannedUnit:
    return next(one for one in found.units if one.id == name)


def called(found: Scan, name: str) -> dict[str, str]:
    return {one.to: one.how for one in unit(found, name).calls}


DECLARED = {
    "an instance": "x = Instance(Part)\n def f(self): self.x.go()",
    "with words": "x = Instance(klass=Part, allow_none=True)\n def f(self): self.x.go()",
    "by its name": "x = Instance('m.Part')\n def f(self): self.x.go()",
    "that is tagged": "x = Instance(Part).tag(config=True)\n def f(self): self.x.go()",
    "elements": "x = List(Instance(Part))\n def f(self):\n  for one in self.x: one.go()",
    "a class": "x = Type(Part)\n def f(self): self.x().go()",
    "a class by default": "x = Type(default_value=Part)\n def f(self): self.x().go()",
    "by a method": "x = Any()\n @default('x')\n def y(self): return Part()\n"
    " def f(self): self.x.go()",
}


@pytest.mark.parametrize("case", DECLARED)
def test_what_a_class_declares_stands_in_its_objects(tmp_path: Path, case: str) -> None:
    text = f"{FIELDS}{PARTS}class C(LoggingConfigurable):\n {DECLARED[case]}\n"
    assert called(scan_of(tmp_path, text), "m:C.f")["m:Part.go"] == "inferred"


def test_who_asks_for_what_has_a_default_may_be_the_one_who_makes_it(tmp_path: Path) -> None:
    text = (
        f"{FIELDS}class C(LoggingConfigurable):\n x = Any()\n @default('x')\n"
        " def y(self): return open('x').read()\n def f(self): return self.x\n"
    )
    assert unit(scan_of(tmp_path, text), "m:C.f").klass == "port"


def test_each_of_many_defaults_is_found(tmp_path: Path) -> None:
    classes = "".join(
        f"class C{at}(LoggingConfigurable):\n x = Any()\n @default('x')\n"
        " def y(self): return Part()\n def f(self): self.x.go()\n"
        for at in range(3)
    )
    found = scan_of(tmp_path, f"{FIELDS}{PARTS}{classes}")
    assert [called(found, f"m:C{at}.f").get("m:Part.go") for at in range(3)] == ["inferred"] * 3


@pytest.mark.parametrize("declared", ["Any()", "Instance(Strange)", "Any().tag(config=True)"])
def test_what_is_declared_is_not_of_the_library_that_declares_it(
    tmp_path: Path, declared: str
) -> None:
    text = f"{FIELDS}class C(LoggingConfigurable):\n x = {declared}\n def f(self): self.x.sign()\n"
    assert unit(scan_of(tmp_path, text), "m:C.f").own_class == "opaque"


def test_a_value_that_is_declared_is_one(tmp_path: Path) -> None:
    text = (
        f"{FIELDS}class C(LoggingConfigurable):\n x = Unicode('')\n def f(self): self.x.strip()\n"
    )
    assert unit(scan_of(tmp_path, text), "m:C.f").own_class != "opaque"


def test_the_one_instance_of_a_class_is_one(tmp_path: Path) -> None:
    text = (
        f"{FIELDS}class C(SingletonConfigurable):\n def __init__(self): pass\n def go(self): pass\n"
        "def f(): C.instance(parent=None).go()\n"
    )
    found = called(scan_of(tmp_path, text), "m:f")
    assert {"m:C.__init__", "m:C.go"} <= set(found)


def test_the_log_of_a_base_outside_logs_and_calls_nothing(tmp_path: Path) -> None:
    text = (
        f"{FIELDS}class C(LoggingConfigurable):\n def f(self): self.log.warning('%s', g)\n"
        "def g(): open('x')\n"
    )
    found = unit(scan_of(tmp_path, text), "m:C.f")
    assert [one.kind for one in found.effects] == ["log"]
    assert found.calls == ()


def test_a_table_of_the_project_says_what_is_declared(tmp_path: Path) -> None:
    text = f"from ours import Slot\n{PARTS}class C:\n x = Slot(Part)\n def f(self): self.x.go()\n"
    table = '[effects]\npure = "ours"\n[fields]\ninstance = "ours.Slot"\n'
    assert called(scan_of(tmp_path, text, table), "m:C.f")["m:Part.go"] == "inferred"


def test_an_unknown_kind_of_field_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown kind of field"):
        scan_of(tmp_path, "x = 1\n", '[fields]\ninstanze = "ours.Slot"\n')


# ---------------------------------------------------------------- what only names tell


def test_a_method_that_hands_on_what_it_is_asked_may_lead_outside(tmp_path: Path) -> None:
    text = (
        "class A:\n def __init__(self, made): self.made = made\n"
        " def template_of(self): return self.made['x'].template_of()\n"
        " def other(self): return self.made['x'].template_of()\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:A.template_of") == {}
    assert unit(found, "m:A.template_of").own_class == "opaque"
    assert called(found, "m:A.other") == {"m:A.template_of": "by name"}
    more = scan_of(tmp_path, f"{text}class B:\n def template_of(self): return 1\n")
    assert called(more, "m:A.template_of") == {"m:B.template_of": "by name"}
    assert unit(more, "m:A.template_of").own_class == "opaque"


def test_getattr_of_what_is_not_known_gives_more_than_its_default(tmp_path: Path) -> None:
    text = "def f(x): return getattr(x, 'strange', lambda: None)()\n"
    assert unit(scan_of(tmp_path, text), "m:f").own_class == "opaque"
    known = "class C:\n def strange(self): pass\ndef f(): return getattr(C(), 'strange', None)()\n"
    assert unit(scan_of(tmp_path, known), "m:f").own_class == "pure"


PROPERTY = "class A:\n @property\n def balance(self): return open('x').read()\n"


def test_a_property_of_an_unknown_object_is_known_by_its_name(tmp_path: Path) -> None:
    found = scan_of(tmp_path, f"{PROPERTY}def f(x): return x.balance\n")
    assert called(found, "m:f") == {"m:A.balance": "by name"}
    assert unit(found, "m:f").klass == "port"


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n x = B()\n return x.balance\nclass B:\n balance = 1\n",  # another is known
        "import json\ndef f(): return json.loads('1').balance\n",  # of the outside
        "".join(f"class C{n}(A):\n @property\n def balance(self): pass\n" for n in range(4))
        + "def f(x): return x.balance\n",  # one of many
    ],
)
def test_a_property_that_may_well_be_another_is_not_taken_for_it(tmp_path: Path, text: str) -> None:
    assert "m:A.balance" not in called(scan_of(tmp_path, PROPERTY + text), "m:f")


def test_what_an_interface_names_is_no_method_that_is_called(tmp_path: Path) -> None:
    text = (
        "from zope.interface import Interface\nclass IBill(Interface):\n def settle(self): pass\n"
        "class A:\n def settle(self): pass\ndef f(x): x.settle()\n"
    )
    assert called(scan_of(tmp_path, text), "m:f") == {"m:A.settle": "by name"}


WAITING = {
    "what it gives": "from twisted.internet.defer import inlineCallbacks\n"
    "@inlineCallbacks\ndef made():\n yield None\n return Part()\n"
    "@inlineCallbacks\ndef f():\n x = yield made()\n x.go()\n",
    "as they gave it before": "from twisted.internet import defer\n"
    "@defer.inlineCallbacks\ndef made():\n yield None\n defer.returnValue(Part())\n"
    "@defer.inlineCallbacks\ndef f():\n x = yield made()\n x.go()\n",
    "by raising": "from tornado import gen\n"
    "@gen.coroutine\ndef made():\n yield None\n raise gen.Return(Part())\n"
    "@gen.coroutine\ndef f():\n x = yield made()\n x.go()\n",
}


@pytest.mark.parametrize("case", WAITING)
def test_what_is_yielded_to_who_waits_for_it_comes_back(tmp_path: Path, case: str) -> None:
    assert called(scan_of(tmp_path, PARTS + WAITING[case]), "m:f")["m:Part.go"] == "inferred"
    other = WAITING[case].replace("inlineCallbacks", "strange").replace("coroutine", "strange")
    assert called(scan_of(tmp_path, PARTS + other), "m:f")["m:Part.go"] == "by name"


# ---------------------------------------------------------------- what a protocol names

SERVED = {
    "a dict of the protocol": ("def app(environ, start_response): environ.get('x')", "pure"),
    "a method": ("class A:\n def app(self, environ, start_response): environ['x']", "pure"),
    "what answers": ("def app(environ, start_response): start_response('200', [])", "port"),
    "what sends": ("async def app(scope, receive, send): await send({})", "port"),
    "another order": ("def app(start_response, environ): start_response(1)", "opaque"),
    "names alone": ("def app(environ): environ.get('x')\nclass B:\n def get(self): 1", "opaque"),
}


@pytest.mark.parametrize("case", SERVED)
def test_parameters_that_a_protocol_names_are_what_it_says(tmp_path: Path, case: str) -> None:
    text, klass = SERVED[case]
    name = "m:A.app" if "class A" in text else "m:app"
    assert unit(scan_of(tmp_path, text), name).own_class == klass


def test_what_the_project_gives_is_not_what_a_protocol_names(tmp_path: Path) -> None:
    text = (
        "class Env:\n def get(self, name): return open(name)\ndef start(status): pass\n"
        "def app(environ, start_response): start_response(environ.get('x'))\n"
        "def serve(): app(Env(), start)\n"
    )
    found = called(scan_of(tmp_path, text), "m:app")
    assert found == {"m:start": "name", "m:Env.get": "inferred"}
    assert unit(scan_of(tmp_path, text), "m:app").own_class == "pure"


GIVEN = {
    "import re\ndef f(): return [one.start() for one in re.finditer('a', 'b')]": "pure",
    "import re\nA = re.compile('a')\ndef f():\n for one in A.finditer('b'): one.start()": "pure",
    "import pathlib\ndef f(p: pathlib.Path):\n for one in p.iterdir(): one.exists()": "port",
}
LAZY = "import pathlib\ndef made(p: pathlib.Path): return p.glob('*')\n"


def test_what_is_read_as_one_goes_over_it_is_io_there(tmp_path: Path) -> None:
    text = f"{LAZY}def f(p: pathlib.Path):\n for one in made(p): one.name.strip()\n"
    found = unit(scan_of(tmp_path, text), "m:f")
    assert (found.own_class, found.effects[0].api) == ("port", "pathlib.Path().glob()[]")


def test_what_a_dict_of_the_outside_gives_may_be_anything(tmp_path: Path) -> None:
    text = "class C: pass\ndef f(): C.__dict__.get('a').go()\n"
    assert unit(scan_of(tmp_path, text), "m:f").own_class == "opaque"


START = "".join(
    f"class {name}:\n def start(self): pass\n def exists(self): pass\n" for name in ("Own", "Other")
)


@pytest.mark.parametrize("text", GIVEN)
def test_elements_of_what_the_library_gives_are_known(tmp_path: Path, text: str) -> None:
    found = unit(scan_of(tmp_path, f"{START}{text}\n"), "m:f")
    assert found.own_class == GIVEN[text]
    assert found.calls == ()


def test_a_function_that_a_library_makes_another_of_is_called_by_it(tmp_path: Path) -> None:
    text = (
        "from asgiref.sync import sync_to_async\ndef g(): return 1\n"
        "async def f(): await sync_to_async(g)()\n"
    )
    assert "m:g" in called(scan_of(tmp_path, text), "m:f")


FAR = """
import click
import queue
class Info:
    def load_plan(self): return 1
    def get(self): return 2
    def close(self): return 3
"""


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("click.Context().find_object(Info).load_plan()", {"m:Info.load_plan": "by name"}),
        ("click.Context().obj.load_plan()", {"m:Info.load_plan": "by name"}),
        ("(1).load_plan()", {"m:Info.load_plan": "by name"}),
        ("click.Context().load_plan()", {}),
        ("click.Context().find_object(Info).close()", {}),
        ("queue.Queue().get()", {}),
    ],
)
def test_what_is_only_known_as_asked_of_the_outside_may_be_what_has_that_name(
    tmp_path: Path, body: str, calls: dict[str, str]
) -> None:
    """A library may hold, and give, what the project has put into it; what it gives by itself, and
    names that files and threads have too, are its own."""
    found = scan_of(tmp_path, f"{FAR}\ndef f():\n    return {body}\n")
    assert called(found, "m:f") == calls
