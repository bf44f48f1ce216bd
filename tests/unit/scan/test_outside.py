"""What a scan knows of Python's own modules and of published libraries, and what it does not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan
from parity.scan.effects import CLASS_OF, read_effects
from parity.scanned import ScannedUnit
from tests.unit.scan.one_file import scan_of, unit


def kinds(found: ScannedUnit) -> set[str]:
    return {effect.kind for effect in found.effects if not effect.via}


def test_every_module_of_python_is_in_the_table() -> None:
    table = read_effects(())
    names = [name for name in sys.stdlib_module_names if not name.startswith("_")]
    assert len(names) > 150
    assert [name for name in names if table.kind_of(name) == "unknown"] == []


WORST = {
    "os": "file", "os.path.join": "pure", "os.path.exists": "file", "socket": "network",
    "json.dumps": "pure", "json.load": "file", "zipfile.is_zipfile": "file",
    "importlib.metadata.version": "file", "tempfile.gettempdir": "file",
    "socket.getfqdn": "network", "builtins.compile": "pure", "builtins.exec": "dynamic",
    "csv.writer": "file", "threading.Thread().start": "thread",
    "threading.Thread().is_alive": "stateful", "requests.get": "network",
    "requests.exceptions.HTTPError": "pure", "psycopg2.OperationalError": "pure",
    "boto3.client().put_object": "network", "yaml.safe_load": "pure", "git.Repo": "file",
    "openai.OpenAI": "network", "nobody_lists_this": "unknown",
    "nobody_lists_this.ThisError": "unknown",
}  # fmt: skip


@pytest.mark.parametrize("name", WORST)
def test_a_name_is_of_the_kind_of_its_longest_entry(name: str) -> None:
    assert read_effects(()).kind_of(name) == WORST[name]


def test_all_kinds_of_the_tables_have_a_class() -> None:
    table = read_effects(())
    assert len(table.kinds) > 3000
    assert set(table.kinds.values()) <= set(CLASS_OF)


SAME = {
    "six": "from six.moves.urllib.request import urlopen\ndef f(x): return urlopen(x)",
    "six by its attributes": "import six\ndef f(x): return six.moves.urllib.request.urlopen(x)",
    "as Python 2 named it": "try:\n import urllib2\nexcept ImportError:\n pass\n"
    "def f(x): return urllib2.urlopen(x)",
    "imported by its name": "def f(x): return __import__('socket').create_connection(x)",
    "imported by importlib": "import importlib\n"
    "def f(x): return importlib.import_module('urllib.request').urlopen(x)",
}


@pytest.mark.parametrize("case", SAME)
def test_a_module_is_known_by_all_of_its_names(tmp_path: Path, case: str) -> None:
    assert kinds(unit(scan_of(tmp_path, SAME[case]), "m:f")) == {"network"}


def test_a_name_for_another_module_is_no_alias_in_the_package_itself(tmp_path: Path) -> None:
    (tmp_path / "regex").mkdir()
    (tmp_path / "regex" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "regex" / "use.py").write_text(
        "from regex._fast import go\ndef f(x): return go(x)\n", "utf-8"
    )
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    assert unit(found, "regex.use:f").own_class == "opaque"


def test_a_part_of_a_namespace_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "zope" / "mine").mkdir(parents=True)
    (tmp_path / "zope" / "mine" / "__init__.py").write_text(
        "from zope.interface import implementer\nfrom zope.mine._c import go\n"
        "def f(x): return implementer(x)\ndef g(x): return go(x)\n",
        "utf-8",
    )
    found = scan(gather(ScanOptions([tmp_path], tmp_path)))
    assert unit(found, "zope.mine:f").own_class == "pure"
    assert unit(found, "zope.mine:g").own_class == "opaque"


FAR = {
    "of what is pure": ("import re\ndef f(x): return re.compile(x).a().b().c().d()", "pure"),
    "of what is not known": ("import zzz\ndef f(x): return zzz.a(x).b().c().d().e()", "opaque"),
    "of what does I/O": ("import urllib3\ndef f(x): return urllib3.P().a().b().c().d()", "port"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAR)
def test_a_long_way_from_a_library_is_still_of_its_kind(tmp_path: Path, case: str) -> None:
    text, klass = FAR[case]
    assert unit(scan_of(tmp_path, text), "m:f").own_class == klass


BY_NAME = {"isoformat": "pure", "hexdigest": "pure", "sendall": "port", "frobnicate": "opaque"}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_method_of_nothing_known_is_told_by_a_name_that_only_such_have(
    tmp_path: Path, name: str
) -> None:
    found = unit(scan_of(tmp_path, f"def f(x): return x.{name}()\n"), "m:f")
    assert found.own_class == BY_NAME[name]


COMPUTED = {
    "of a class": (
        "class C:\n def go(self): return open('x')\n def other(self): pass\n"
        "def f(n): return getattr(C(), n)()",
        "pure",
        {"m:C.go", "m:C.other"},
    ),
    "of what is kept in it": (
        "def g(): pass\nclass C:\n def __init__(self): self.go = g\n"
        "def f(n): return getattr(C(), n)()",
        "pure",
        {"m:g"},
    ),
    "of what answers to any": (
        "class C:\n def __getattr__(self, n): return 1\ndef f(n): return getattr(C(), n)",
        "pure",
        {"m:C.__getattr__"},
    ),
    "of a library": ("import socket\ndef f(n): return getattr(socket, n)()", "port", set()),
    "of which something is not known": (
        "class C:\n def __init__(self, go): self.go = go\ndef f(n, x): return getattr(C(x), n)",
        "opaque",
        set(),
    ),
    "of nothing known": ("def f(x, n): return getattr(x, n)", "opaque", set()),
}


@pytest.mark.parametrize("case", COMPUTED)
def test_a_computed_name_may_be_any_that_the_object_has(tmp_path: Path, case: str) -> None:
    text, klass, targets = COMPUTED[case]
    found = unit(scan_of(tmp_path, text), "m:f")
    assert found.own_class == klass
    assert targets <= {call.to for call in found.calls}


def test_a_definition_stands_in_for_a_compiled_module(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "__init__.py").write_text("", "utf-8")
    text = "def go(x): return open(x)\ntry:\n    from p._fast import go\nexcept ImportError:\n"
    (tmp_path / "p" / "use.py").write_text(f"{text}    pass\ndef f(x): return go(x)\n", "utf-8")
    found = unit(scan(gather(ScanOptions([tmp_path], tmp_path))), "p.use:f")
    assert [call.to for call in found.calls] == ["p.use:go"]
    assert (found.own_class, found.klass) == ("pure", "port")


def test_a_partial_of_a_library_is_its_function(tmp_path: Path) -> None:
    text = "import functools, os\ngo = functools.partial(os.remove, 'x')\ndef f(): return go()\n"
    assert kinds(unit(scan_of(tmp_path, text), "m:f")) == {"file"}


UNSEEN = {
    "what all objects have": ("class C: pass\ndef f(): return C.__dict__.items()", "pure"),
    "a text of what is not known": ("import zzz\ndef f(): return zzz.g().strip().x()", "opaque"),
    "of an unknown base": ("from zzz import B\nclass C(B):\n def f(self): self.join()", "opaque"),
    "most likely of a file": ("def f(x): return x.write(b'')", "port"),
    "the project has it": (
        "class C:\n def write(self, x): pass\nclass D(C):\n def write(self, x): pass\n"
        "def f(x): return x.write(b'')",
        "pure",
    ),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_a_method_of_an_object_that_is_not_seen(tmp_path: Path, case: str) -> None:
    text, klass = UNSEEN[case]
    (found,) = [one for one in scan_of(tmp_path, text).units if one.id.endswith(("f", ".f"))]
    assert found.own_class == klass


def test_io_is_done_where_it_is_awaited(tmp_path: Path) -> None:
    text = """import asyncio
def make(x):
    return asyncio.open_connection(x)
async def f(x):
    return await make(x)
"""
    assert kinds(unit(scan_of(tmp_path, text), "m:f")) == {"network"}


COMMANDS = """
import click, unlisted_lib

@click.group()
@click.option("--x")
def main(x): pass

@main.command()
@click.argument("y")
def one(y): return y

@unlisted_lib.task
def job(): return 1

def later():
    job.delay(1)
    return job.__name__

def plain():
    one.missing()
"""


def test_what_a_decorated_function_is_asked_for_is_what_its_decorator_gives(tmp_path: Path) -> None:
    found = scan_of(tmp_path, COMMANDS)
    assert unit(found, "m:<module>").unresolved == ()
    assert unit(found, "m:one").own_class == "pure"
    (effect,) = unit(found, "m:later").effects
    assert (effect.kind, effect.api) == ("unknown", "unlisted_lib.task().delay")
    assert unit(found, "m:later").unresolved == ()
    assert [call.to for call in unit(found, "m:plain").calls] == []


def test_a_method_has_what_its_decorator_gives(tmp_path: Path) -> None:
    text = """
import unlisted_lib
class A:
    @unlisted_lib.task
    def job(self): return 1
    def later(self): self.job.delay(1)
"""
    (effect,) = unit(scan_of(tmp_path, text), "m:A.later").effects
    assert (effect.kind, effect.api) == ("unknown", "unlisted_lib.task().delay")


TABLES = """
from collections import OrderedDict

def a(): return 1
def b(): return 2
def c(): return 3

ZIPPED = dict(zip(("x", "y"), (a, b)))
LISTED = OrderedDict([("x", c)])
UPDATED = {}
UPDATED.update((key, b) for key in ("p", "q"))
COPIED = dict(LISTED.items(), z=a)

def zipped(name): return ZIPPED[name]()
def listed(name): return LISTED[name]()
def updated(name): return UPDATED.get(name)()
def copied(name): return COPIED[name]()
"""


@pytest.mark.parametrize(
    ("name", "called"),
    [("zipped", ["a", "b"]), ("listed", ["c"]), ("updated", ["b"]), ("copied", ["a", "c"])],
)
def test_a_dict_made_of_pairs_holds_the_second_of_each(
    tmp_path: Path, name: str, called: list[str]
) -> None:
    found = unit(scan_of(tmp_path, TABLES), f"m:{name}")
    assert sorted(call.to for call in found.calls) == [f"m:{one}" for one in called]
    assert found.unresolved == ()


LOGGERS = """
class Logger:
    def debug(self, text): self.last = text
    def warning(self, text): self.last = text

class Worker:
    def run(self, config):
        self.log = config.make_logger()
        self.log.debug("runs")
        config.logger.warning("!")
        config.logger.send("?")
"""


def test_what_logs_on_an_unknown_object_may_be_the_projects_own_logger(tmp_path: Path) -> None:
    found = unit(scan_of(tmp_path, LOGGERS), "m:Worker.run")
    assert {call.to for call in found.calls} == {"m:Logger.debug", "m:Logger.warning"}
    apis = {effect.api for effect in found.effects if effect.kind == "log"}
    assert apis == {"logging.Logger().debug", "logging.Logger().warning"}
    assert [one.text for one in found.unresolved] == ["config.make_logger"]


def test_a_module_that_is_named_does_nothing_but_what_is_asked_of_it(tmp_path: Path) -> None:
    """All of `platform` counts as environment, some of it reads files; `os.environ` is a value."""
    found = scan_of(
        tmp_path,
        "import os, platform\n"
        "def f(): return platform.architecture()\n"
        "def g(): return platform.system()\n"
        "def h(): return os.environ\n",
    )
    told = {
        name: [(one.kind, one.api) for one in unit(found, f"m:{name}").effects] for name in "fgh"
    }
    assert told == {
        "f": [("file", "platform.architecture")],
        "g": [("env", "platform.system")],
        "h": [("env", "os.environ")],
    }


def test_what_the_project_keeps_in_its_own_thread_is_no_part_of_a_thread(tmp_path: Path) -> None:
    found = scan_of(
        tmp_path,
        "import threading\n"
        "class Writer(threading.Thread):\n"
        "    def keep(self, rows):\n        self._rows = rows\n"
        "    def last(self):\n        return self._rows.pop()\n"
        "    def stop(self):\n        self._stop()\n",
    )
    assert "thread" not in kinds(unit(found, "m:Writer.last"))
    assert kinds(unit(found, "m:Writer.stop")) == {"thread"}
