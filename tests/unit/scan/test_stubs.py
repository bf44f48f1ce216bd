"""The outside: names that lead far, and what the stubs of Python's own library say."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from types import FunctionType

import pytest

from bench.stubs import Library, Table
from parity.scan import ScanOptions, gather, scan, scanning
from parity.scan.linked import FINAL
from parity.scan.objects import EXTERNAL, near
from parity.scan.solving import Solver
from parity.scan.stores import MOST_DECORATORS
from parity.scan.stubs import stubs


def names_in(folder: Path, text: str) -> set[str]:
    """The names of the outside that something in a module may hold."""
    (folder / "m.py").write_text(text, "utf-8")
    of = scanning.plan(gather(ScanOptions([folder], folder)))
    solver = Solver(scanning._modules(of, of.components[0]), of.aliases, of.effects)
    solver.solve()
    return {key[1] for key in solver.objects.of if key[0] == EXTERNAL}


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("socket.socket().makefile().read", "socket.socket().makefile().read"),
        ("http.client.a().b().c().d", "http.client.a().…"),
        ("a.b.c.d.e.f.g.h.i.j", "a.b.c.d.e.f.g.h.i.j.…"),
        ("a().b.c.d.e.…", "a().b.c.d.e.…"),
        ("a().b.….c", "a().b.…"),
    ],
)
def test_a_far_name_ends_where_the_outside_was_first_asked(name: str, cut: str) -> None:
    assert near(name) == cut


VALUES = {
    "what it gives": "import zlib\ndef f(): zlib.compress(b'').go()",
    "what a method gives": "import re\ndef f(): re.compile('a').pattern.go()",
    "what an attribute is": "import errno\ndef f(): errno.ENOENT.go()",
    "a list of them": "import os\ndef f(): os.listdir('.')[0].go()",
}


@pytest.mark.parametrize("case", VALUES)
def test_a_value_has_only_what_values_have(tmp_path: Path, case: str) -> None:
    names = names_in(tmp_path, VALUES[case])
    assert not [name for name in names if name.endswith(".go")]
    assert names & {"builtins.bytes()", "builtins.int()", "builtins.str()"}


def test_a_function_of_the_library_has_no_attributes(tmp_path: Path) -> None:
    text = "import operator\ndef f(n): operator.add.go(); getattr(operator.add, n)()"
    names = names_in(tmp_path, text)
    assert {name for name in names if name.startswith("operator")} == {"operator", "operator.add"}


@pytest.mark.parametrize(("many", "asked"), [(2, 2), (30, MOST_DECORATORS)])
def test_what_may_be_decorated_by_anything_tells_little(
    tmp_path: Path, many: int, asked: int
) -> None:
    put = "".join(f"all.append(lib.make{n}())\n" for n in range(many))
    text = f"import lib\nall = []\n{put}@all[0]\ndef g(): pass\ndef f(): g.go()\n"
    names = names_in(tmp_path, text)
    assert len([name for name in names if name.endswith("()().go")]) == asked


HANDED = {
    "re.match(g, '')": False,
    "re.sub('a', g, 'b')": True,
    "json.dumps(1, default=g)": True,
    "operator.index(g)": False,
    "asyncio.Future().set_result(g)": False,
    "asyncio.Future().add_done_callback(g)": True,
    "queue.Queue().put(g)": False,
    "signal.signal(1, g)": True,
    "threading.Thread(target=g)": True,
    "unlisted.call(g)": True,
}


@pytest.mark.parametrize("text", HANDED)
def test_only_what_may_be_called_is_called(tmp_path: Path, text: str) -> None:
    module = text.partition(".")[0]
    (tmp_path / "m.py").write_text(f"import {module}\ndef g(*a): pass\ndef f(): {text}", "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    (unit,) = (unit for unit in found.units if unit.id == "m:f")
    assert ("m:g" in {call.to for call in unit.calls}) is HANDED[text]


# ---------------------------------------------------------------- the table itself


def _found(name: str) -> object:
    """What a name of the library is here; None where it has `()`, or this Python has it not."""
    if "()" in name:
        return None
    parts = name.split(".")
    for at in range(len(parts) - 1, 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:at]))
        except ImportError:
            continue
        for part in parts[at:]:
            found = getattr(found, part, None)
        return found
    return None


CHEAP = ("json", "base64", "binascii", "re", "os", "posixpath", "zlib", "math", "html", "textwrap",
         "shlex", "socket", "struct", "string", "time", "operator", "errno", "hashlib")  # fmt: skip


def _of_cheap(names: Iterable[str]) -> list[str]:
    return [one for one in names if one.partition(".")[0] in CHEAP]


def test_functions_of_the_table_are_functions_here() -> None:
    found = {name: _found(name) for name in _of_cheap(stubs().functions)}
    known = {name: one for name, one in found.items() if one is not None}
    assert len(known) > 300
    assert not [name for name, one in known.items() if not callable(one) or isinstance(one, type)]
    plain = {name: one for name, one in known.items() if isinstance(one, FunctionType)}
    assert not [n for n, one in plain.items() if one.__dict__.keys() - {"__wrapped__"}]


def test_attributes_of_the_table_are_such_values_here() -> None:
    checked = 0
    for name in _of_cheap(stubs().holds):
        found = _found(name)
        if found is not None and not isinstance(found, property):
            kinds = {
                one.removeprefix("builtins.").removesuffix("()") for one in stubs().holds[name]
            }
            assert kinds & {one.__name__ for one in type(found).__mro__}, name
            checked += 1
    assert checked > 100


def test_classes_have_here_what_the_table_says_that_they_have() -> None:
    """So what it does not name, they have not; but for what nobody wrote down."""
    checked = 0
    for name in _of_cheap(stubs().has):
        found = _found(name)
        if isinstance(found, type):
            public = {one for one in vars(found) if not one.startswith("_")}
            assert public - {"scanner"} <= stubs().has[name], name
            checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    ("base", "name", "is_of_it"),
    [
        ("asyncio.Protocol", "connection_made", True),
        ("asyncio.Protocol", "peer", False),
        ("asyncio.Protocol", "_peer", True),  # stubs leave out what is private
        ("unittest.mock.Mock", "peer", True),  # has any
        ("threading.Thread", "join", True),
        ("threading.Thread", "peer", False),
    ],
)
def test_a_class_of_the_library_has_no_other_attributes(
    tmp_path: Path, base: str, name: str, is_of_it: bool
) -> None:
    text = f"import {base.rpartition('.')[0]}\nclass C({base}):\n def f(self): self.{name}.go()\n"
    assert (f"{base}().{name}.go" in names_in(tmp_path, text)) is is_of_it


def test_an_instance_of_a_final_class_has_no_other_attributes(tmp_path: Path) -> None:
    text = "class C:\n def items(self): pass\ndef f(x):\n y = C() if x else open('a')\n y.items()\n"
    assert "io.TextIOWrapper().items" not in names_in(tmp_path, text)
    assert "io.TextIOWrapper().read" in names_in(tmp_path, text.replace("items", "read"))


def test_a_method_of_values_is_one_however_far_it_is(tmp_path: Path) -> None:
    far = "a.b().c().d().e().f()"
    text = (
        f"import socket\ndef f():\n x = socket.socket().{far}\n for y in x: y\n x.startswith('a')\n"
    )
    (tmp_path / "m.py").write_text(text, "utf-8")
    assert "builtins.str().startswith" in names_in(tmp_path, text)


def test_all_final_classes_are_in_the_table() -> None:
    assert set(stubs().has) >= FINAL


def test_the_table_is_what_a_library_of_stubs_says(tmp_path: Path) -> None:
    (tmp_path / "_hidden.pyi").write_text(
        "from typing import AnyStr, overload\nclass Made:\n    name: str\n"
        "    def size(self) -> int: ...\n    def _own(self) -> int: ...\n"
        "def given(x: int) -> list[bytes]: ...\n",
        "utf-8",
    )
    (tmp_path / "thing.pyi").write_text(
        "import sys\nfrom collections.abc import Callable\n"
        "from _hidden import Made as Made, given as given\n"
        "from typing import Final, overload, TypeAlias\n"
        "_Hook: TypeAlias = Callable[[], None] | None\nlevel: int\n"
        "limit: Final = 'x'\nclass Base:\n    def up(self) -> str: ...\n"
        "    @property\n    def wide(self) -> bool: ...\n"
        "    @classmethod\n    def make(cls, x: object) -> float: ...\n"
        "class Below(Base):\n    def __init__(self, x: str) -> None: ...\n"
        "    def hook(self, f: _Hook) -> None: ...\n    def up(self) -> bytes: ...\n"
        "@overload\ndef one(x: str) -> str: ...\n@overload\ndef one(x: bytes) -> bytes: ...\n"
        "def made() -> Made: ...\nasync def later(x: int) -> str: ...\n"
        "if sys.version_info >= (3, 12):\n    def new(call: Callable[[], int] = ...) -> str: ...\n",
        "utf-8",
    )
    (tmp_path / "classes.pyi").write_text(
        "from typing import Any, Generic\nfrom elsewhere import Base\n"
        "class A(Generic[T]):\n    x: Any\n    _y: int\n    old = x\n    def go(self): ...\n"
        "class B(A):\n    if sys.version_info >= (3, 12):\n        def new(self): ...\n"
        "class Open(A):\n    def __getattr__(self, name: str) -> Any: ...\n"
        "class Below(Open): ...\nclass Strange(Base): ...\n",
        "utf-8",
    )
    table = Table(Library(tmp_path))
    has = {name: names for name, names in table.has.items() if name.startswith("classes.")}
    assert has == {"classes.A": "go old x", "classes.B": "go new old x"}
    assert table.returns == {
        "thing.Base().make": {"builtins.float()"},
        "thing.Base().up": {"builtins.str()"},
        "thing.Base.make": {"builtins.float()"},
        "thing.Below().make": {"builtins.float()"},
        "thing.Below().up": {"builtins.bytes()"},
        "thing.Below.make": {"builtins.float()"},
        "thing.Made().size": {"builtins.int()"},
        "thing.given": {"builtins.bytes()*"},
        "thing.made().size": {"builtins.int()"},
        "thing.new": {"builtins.str()"},
        "thing.one": {"builtins.bytes()", "builtins.str()"},
    }
    assert table.holds == {
        "thing.Base().wide": {"builtins.bool()"},
        "thing.Below().wide": {"builtins.bool()"},
        "thing.Made().name": {"builtins.str()"},
        "thing.level": {"builtins.int()"},
        "thing.limit": {"builtins.str()"},
        "thing.made().name": {"builtins.str()"},
    }
    assert table.takes == {
        "thing.Base().make", "thing.Base.make", "thing.Below", "thing.Below().make",
        "thing.Below.make", "thing.given", "thing.later", "thing.one",
    }  # fmt: skip
    assert table.functions == {"thing.given", "thing.later", "thing.made", "thing.new", "thing.one"}
    assert "'builtins.bytes() builtins.str()' = '''\nthing.one\n'''" in table.text()
