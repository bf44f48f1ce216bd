"""What a scan says of small projects: targets, effects with the way there, state, classes."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from parity.errors import ConfigError, ParityError
from parity.scan import ScanOptions, gather, scan
from parity.scanned import Scan, ScannedUnit


def scan_of(folder: Path, files: dict[str, str], **more: object) -> Scan:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text), "utf-8")
    return scan(gather(ScanOptions([folder], folder, **more)))  # type: ignore[arg-type]


def unit(found: Scan, name: str) -> ScannedUnit:
    return next(one for one in found.units if one.id == name)


def targets(found: Scan, name: str) -> dict[str, str]:
    return {call.to: call.how for call in unit(found, name).calls}


CALLS = {
    "name": ("def g(): pass\ndef f(): g()", "m:g", "name"),
    "self": ("class C:\n def g(self): pass\n def f(self): self.g()\nf = 1", "m:C.g", "self"),
    "attribute": (
        "class C:\n def g(self): pass\nclass D:\n def __init__(self, c):\n  self.c = c\n"
        " def f(self): self.c.g()\nD(C())",
        "m:C.g",
        "inferred",
    ),
    "annotation": ("class C:\n def g(self): pass\ndef f(c: 'C'): c.g()", "m:C.g", "inferred"),
    "container": (
        "class C:\n def g(self): pass\ndef f():\n all = [C()]\n for one in all: one.g()",
        "m:C.g",
        "inferred",
    ),
    "dict by key": (
        "class C:\n def g(self): pass\ndef f():\n bag = {'c': C(), 'n': 1}\n bag['c'].g()",
        "m:C.g",
        "inferred",
    ),
    "operator": (
        "class C:\n def __add__(self, o): pass\ndef f(): return C() + 1",
        "m:C.__add__",
        "operator",
    ),
    "a text by %": (
        "class C:\n def __repr__(self): pass\ndef f(): return '%s: %r' % (1, C())",
        "m:C.__repr__",
        "operator",
    ),
    "a text by format": (
        "class C:\n def __str__(self): pass\ndef f(): return '{}'.format(C())",
        "m:C.__str__",
        "operator",
    ),
    "a descriptor that sets": (
        "class D:\n def __set__(self, o, v): pass\nclass C:\n d = D()\ndef f(): C().d = 1",
        "m:D.__set__",
        "operator",
    ),
    "below a base that calls it": (
        "class B:\n def f(self): return self.g()\nclass C(B):\n def g(self): pass\n"
        "class E(B):\n def g(self): pass\ndef f(): return C().f()",
        "m:B.f",
        "inferred",
    ),
    "by shape": (
        "class C:\n def fetch_bill(self): pass\n def pay_bill(self): pass\n"
        "class E:\n def fetch_bill(self): pass\n"
        "def f(x):\n x.pay_bill()\n return x.fetch_bill()",
        "m:C.fetch_bill",
        "by shape",
    ),
    "property": (
        "class C:\n @property\n def p(self): pass\ndef f(): return C().p",
        "m:C.p",
        "property",
    ),
    "with": (
        "class C:\n def __enter__(self): pass\n def __exit__(self, *a): pass\n"
        "def f():\n with C(): pass",
        "m:C.__exit__",
        "operator",
    ),
    "super": (
        "class B:\n def g(self): pass\nclass C(B):\n def g(self): super().g()\ndef f(): C.g(C())",
        "m:C.g",
        "inferred",
    ),
    "callback": ("def g(x): pass\ndef f(): sorted([1], key=g)", "m:g", "handed to builtins.sorted"),
    "parameter": ("def g(): pass\ndef f(h): h()\nf(g)", "m:g", "name"),
    "getattr": (
        "class C:\n def do_a(self): pass\n def f(self, n): getattr(self, 'do_' + n)()",
        "m:C.do_a",
        "value",
    ),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_call_is_given_its_target(tmp_path: Path, case: str) -> None:
    text, to, how = CALLS[case]
    found = scan_of(tmp_path, {"m.py": text})
    callers = [one for one in found.units if one.id.rpartition(".")[2].rpartition(":")[2] == "f"]
    assert {call.to: call.how for one in callers for call in one.calls}.get(to) == how


def test_an_effect_is_told_with_the_way_there(tmp_path: Path) -> None:
    found = scan_of(
        tmp_path,
        {
            "net.py": "import socket\n\ndef connect(x):\n    return socket.create_connection(x)\n",
            "app.py": "from net import connect\ndef middle():\n    return connect(1)\ndef top():\n"
            "    return middle()\n",
        },
    )
    (effect,) = unit(found, "app:top").effects
    assert (effect.kind, effect.api, effect.file, effect.line, effect.via) == (
        "network",
        "socket.create_connection",
        "net.py",
        4,
        ("app:middle", "net:connect"),
    )
    assert unit(found, "app:top").klass == "port"
    assert unit(found, "app:top").own_class == "pure"


CLASSES = {
    "pure": "def f(a, b):\n    return [x + b for x in sorted(a)]",
    "stateful": "seen = []\ndef f(x):\n    seen.append(x)",
    "seedable": "import time\ndef f():\n    return time.time()",
    "port": "def f(p):\n    return open(p).read()",
    "opaque": "import strange_library\ndef f():\n    return strange_library.go()",
}


@pytest.mark.parametrize("klass", CLASSES)
def test_a_unit_has_the_class_of_the_worst_it_does(tmp_path: Path, klass: str) -> None:
    assert unit(scan_of(tmp_path, {"m.py": CLASSES[klass]}), "m:f").klass == klass


TAKEN_FROM_A_CLASS = {
    "a method of a class, given its object": "import configparser as c\n"
    "class P(c.RawConfigParser):\n def f(self, p): return c.RawConfigParser.read(self, p)",
    "the same by super": "import configparser as c\n"
    "class P(c.RawConfigParser):\n def f(self, p): return super().read(p)",
    "as a name of the class": "import configparser as c\n"
    "class P(c.RawConfigParser):\n load = c.RawConfigParser.read\n"
    " def f(self, p): return self.load(p)",
    "a path's": "from pathlib import Path\ndef f(p): return Path.exists(p)",
    "handed to map": "import os\ndef f(all): return list(map(os.path.getsize, all))",
    "a key to sort by": "import os\ndef f(all): all.sort(key=os.path.getmtime)",
    "made partial": "import os, functools\ndef f(p): return functools.partial(os.remove, p)",
}


@pytest.mark.parametrize("case", TAKEN_FROM_A_CLASS)
def test_io_is_seen_however_its_function_is_named(tmp_path: Path, case: str) -> None:
    found = scan_of(tmp_path, {"m.py": TAKEN_FROM_A_CLASS[case]})
    (one,) = [one for one in found.units if one.id.endswith("f") and one.kind != "module"]
    assert "file" in {effect.kind for effect in one.effects}


def test_a_compiled_module_is_what_stands_in_for_it(tmp_path: Path) -> None:
    files = {
        "p/__init__.py": "",
        "p/slow.py": "def count(x): return open(x)\n",
        "p/use.py": "try:\n    from p._fast import count\nexcept ImportError:\n"
        "    from p.slow import count\ndef f(x): return count(x)\n",
    }
    found = scan_of(tmp_path, files)
    assert targets(found, "p.use:f") == {"p.slow:count": "import"}
    assert unit(found, "p.use:f").klass == "port"


def test_no_table_speaks_for_a_package_that_is_scanned(tmp_path: Path) -> None:
    text = "from tornado.speedups import mask\ndef f(x): return mask(x)\n"
    found = scan_of(tmp_path, {"tornado/__init__.py": "", "tornado/use.py": text})
    assert unit(found, "tornado.use:f").own_class == "opaque"


def test_packages_that_know_of_no_other_are_scanned_alike(tmp_path: Path) -> None:
    files = {"a.py": "def f(): g()\ndef g(): pass\n", "b.py": "import a\ndef h(): a.f()\n"}
    files = {**files, "c.py": "def f(): g()\ndef g(): pass\n"}
    whole = scan_of(tmp_path, files)
    assert targets(whole, "b:h") == {"a:f": "import"}
    assert targets(whole, "c:f") == {"c:g": "name"}
    assert whole.files == 3


UNKNOWN = {
    "a parameter": "def f(x):\n    return x()",
    "an unlisted library": "import strange\ndef f(x):\n    return strange.g(x)",
    "exec": "def f(x):\n    exec(x)",
    "a computed name": "import sys\ndef f(x, n):\n    return getattr(x, n)()",
    "a method of whatever is given": "def f(x):\n    return x.frobnicate()",
    "a dict's method, or a client's": "def f(x, url):\n    return x.get(url)",
    "a result of what is unknown": "import strange\ndef f():\n    return strange.g().h()",
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_not_known_is_never_pure(tmp_path: Path, case: str) -> None:
    found = unit(scan_of(tmp_path, {"m.py": UNKNOWN[case]}), "m:f")
    assert found.klass == "opaque"


def test_methods_of_all_below_are_reached_from_a_method_above(tmp_path: Path) -> None:
    text = """
        class B:
            def run(self): return self.step()
            def close(self): self.state = self.made
        class C(B):
            def step(self): self.made = 1
        class D(C):
            @property
            def made(self): return 2
            def step(self): pass
    """
    found = scan_of(tmp_path, {"m.py": text})
    assert set(targets(found, "m:B.run")) == {"m:C.step", "m:D.step"}
    assert targets(found, "m:B.close") == {"m:D.made": "property"}


@pytest.mark.parametrize("call", ["len(g)", "dict(a=g)", "'{}'.format(g)", "[].append(g)"])
def test_what_only_keeps_or_shows_a_function_does_not_call_it(tmp_path: Path, call: str) -> None:
    found = scan_of(tmp_path, {"m.py": f"def g(): pass\ndef f(): {call}\n"})
    assert targets(found, "m:f") == {}


def test_a_variable_that_nobody_writes_is_no_state(tmp_path: Path) -> None:
    text = "LIMIT = 3\ncount = 0\ndef f():\n    global count\n    count += LIMIT\n"
    found = unit(scan_of(tmp_path, {"m.py": text}), "m:f")
    assert found.writes == ("global m:count",)
    assert not [one for one in found.reads if "LIMIT" in one]


def test_state_of_another_module_is_named_in_full(tmp_path: Path) -> None:
    found = scan_of(
        tmp_path, {"a.py": "cache = {}\n", "b.py": "import a\ndef f(k):\n    a.cache[k] = 1\n"}
    )
    assert unit(found, "b:f").writes == ("global a:cache",)
    assert [(c.file, c.line) for c in found.couplings if c.kind == "global state"] == [("a.py", 1)]


def test_units_that_call_in_circles_are_a_group(tmp_path: Path) -> None:
    found = scan_of(tmp_path, {"m.py": "def f(): g()\ndef g(): f()\ndef h(): f()\n"})
    assert found.groups == (("m:f", "m:g"),)


def test_methods_that_share_written_state_are_told(tmp_path: Path) -> None:
    text = """
        class C:
            def __init__(self): self.n = 0; self.name = "c"
            def up(self): self.n += 1
            def read(self): return self.n
            def title(self): return self.name
    """
    (shared,) = scan_of(tmp_path, {"m.py": text}).shared
    assert shared.state == ("self.n",)
    assert set(shared.units) == {"m:C.__init__", "m:C.up", "m:C.read"}


def test_entry_points_are_told(tmp_path: Path) -> None:
    text = """
        import threading
        from flask import Flask
        app = Flask(__name__)
        @app.route("/")
        def index(): return ""
        def work(): pass
        def handler(event, context): return event
        def start(): threading.Thread(target=work).start()
    """
    found = scan_of(tmp_path, {"m.py": text})
    assert unit(found, "m:index").entry == ("route @app.route",)
    assert unit(found, "m:handler").entry == ("handler",)
    assert unit(found, "m:work").entry == ("thread by threading.Thread",)
    assert unit(found, "m:start").entry == ()


def test_a_hash_is_that_of_the_meaning(tmp_path: Path) -> None:
    def hash_of(text: str) -> str:
        return unit(scan_of(tmp_path, {"m.py": text}), "m:f").hash

    plain = hash_of("def f(x):\n    return x + 1\n")
    assert hash_of('# a\n\ndef f( x ):\n    """Doc."""\n    return (x + 1)  # b\n') == plain
    assert hash_of("def f(x):\n    return x + 2\n") != plain


def test_a_table_of_the_project_adds_to_the_shipped_one(tmp_path: Path) -> None:
    table = tmp_path / "own.toml"
    table.write_text('[effects]\ndb = "strange"\n', "utf-8")
    text = {"m.py": "import strange\ndef f():\n    return strange.connect()\n"}
    found = unit(scan_of(tmp_path, text, effects=(table,)), "m:f")
    assert [(one.kind, one.api) for one in found.effects] == [("db", "strange.connect")]


def test_a_kind_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "own.toml"
    table.write_text('[effects]\nnetwrok = "strange"\n', "utf-8")
    with pytest.raises(ConfigError, match="1 problem") as raised:
        scan_of(tmp_path, {"m.py": ""}, effects=(table,))
    assert "did you mean `network`?" in str(raised.value)


def test_a_wrong_source_root_is_an_error(tmp_path: Path) -> None:
    files = {
        "src/shop/__init__.py": "",
        "src/shop/a.py": "from shop.b import g\ndef f(): g()\n",
        "src/shop/b.py": "def g(): pass\n",
    }
    with pytest.raises(ParityError, match="not the source root") as raised:
        scan_of(tmp_path, files)
    assert raised.value.where == "src/shop/a.py:1"
    assert "src" in raised.value.next_step
    assert scan(gather(ScanOptions([tmp_path / "src"], tmp_path))).files == 3


def test_a_root_inside_of_the_package_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="not the source root"):
        scan_of(tmp_path, {"a.py": "from .b import g\n", "b.py": "def g(): pass\n"})


def test_a_root_that_its_modules_import_by_its_own_name_is_an_error(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/a.py": "from shop.b import g\ndef f(): g()\n",
        "shop/b.py": "import shop\ndef g(): pass\n",
    }
    scan_of(tmp_path, files)
    with pytest.raises(ParityError, match="not the source root") as raised:
        scan(gather(ScanOptions([tmp_path / "shop"], tmp_path)))
    assert raised.value.where == "shop/a.py:1"
    assert "`shop` is the root itself" in str(raised.value)


def test_a_root_of_a_namespace_that_its_modules_import_by_name_is_an_error(tmp_path: Path) -> None:
    files = {
        "cloud/shop/__init__.py": "",
        "cloud/shop/a.py": "from cloud.shop import b\n",
        "cloud/shop/b.py": "",
    }
    scan_of(tmp_path, files)
    with pytest.raises(ParityError, match="not the source root"):
        scan(gather(ScanOptions([tmp_path / "cloud" / "shop"], tmp_path)))


def test_the_folder_of_a_namespace_is_no_root_of_its_parts(tmp_path: Path) -> None:
    """It has no `__init__.py`; what is imported by its name stands deep below it."""
    files = {
        "zoo/server/__init__.py": "",
        "zoo/server/a.py": "from zoo.server import b\nimport zoo.server.b\nimport zoo.other\n",
        "zoo/server/b.py": "",
    }
    assert scan_of(tmp_path, files).files == 3
    with pytest.raises(ParityError, match="not the source root") as raised:
        scan(gather(ScanOptions([tmp_path / "zoo"], tmp_path)))
    assert "`zoo` is the root itself" in str(raised.value)


def test_a_library_by_the_name_of_the_folder_is_no_wrong_root(tmp_path: Path) -> None:
    """A folder that is no package; one of whose modules none is named; and one that holds the
    package of its name."""
    files = {"flask/app.py": "from flask.views import View\n", "flask/views.py": ""}
    scan_of(tmp_path, files)
    assert scan(gather(ScanOptions([tmp_path / "flask"], tmp_path))).files == 2
    plain = {"redis/__init__.py": "", "redis/a.py": "import redis\nfrom redis import Redis\n"}
    scan_of(tmp_path / "plain", plain)
    assert scan(gather(ScanOptions([tmp_path / "plain" / "redis"], tmp_path / "plain"))).files == 2
    twice = {
        "shop/__init__.py": "",
        "shop/shop/__init__.py": "",
        "shop/shop/a.py": "import shop.b\n",
        "shop/shop/b.py": "",
    }
    scan_of(tmp_path / "other", twice)
    assert scan(gather(ScanOptions([tmp_path / "other" / "shop"], tmp_path / "other"))).files == 4


def test_the_root_that_is_named_may_have_dots_in_its_name(tmp_path: Path) -> None:
    files = {
        "shop-1.2.3/shop/__init__.py": "",
        "shop-1.2.3/shop/a.py": "from shop import b\n",
        "shop-1.2.3/shop/b.py": "import shop.a\n",
    }
    with pytest.raises(ParityError) as raised:
        scan_of(tmp_path, files)
    assert f"scan `{tmp_path}/shop-1.2.3`" in str(raised.value)


def test_a_folder_without_python_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="no Python"):
        scan_of(tmp_path, {"a.txt": ""})
