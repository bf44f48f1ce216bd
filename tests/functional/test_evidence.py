"""What real workers trace is enough: whatever a unit can reach counts, and nothing else does."""

from __future__ import annotations

import compileall
import datetime
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parity.config import find_config
from parity.evidence import Basis, load, stale
from parity.mapping import read_map
from parity.sides.java.home import harness_jar, java_home
from parity.sides.python.side import environment, interpreter
from tests.functional.conftest import Project

PYTHON = {
    "plain": "def f(n):\n    return n\n",
    "callee": "from own.a import one\ndef f(n):\n    return one(n)\n",
    "later": "def f(n):\n    from own import late\n    return late.late(n)\n",
    "by_name": (
        "import importlib\ndef f(n):\n"
        "    return getattr(importlib.import_module('own.named'), 'named')(n)\n"
    ),
    "optional": (
        "try:\n    from own import fast as how\n"
        "except ImportError:\n    from own import slow as how\n"
        "def f(n):\n    return how.how(n)\n"
    ),
    "outside": (
        "try:\n    import fastest as how\nexcept ImportError:\n    from own import slow as how\n"
        "def f(n):\n    return how.how(n)\n"
    ),
    "base": "from own.base import Base\nclass C(Base):\n    pass\ndef f(n):\n    return C().f(n)\n",
    "reads": (
        "from pathlib import Path\ndef f(n):\n"
        "    return n + len(Path(__file__).with_name('table.txt').read_text())\n"
    ),
    "asks": (
        "import os\nHERE = os.path.dirname(__file__)\ndef f(n):\n"
        "    return n + os.path.exists(os.path.join(HERE, 'flag'))\n"
    ),
    "lists": (
        "import os\nHERE = os.path.dirname(__file__)\ndef f(n):\n"
        "    return n + len(os.listdir(os.path.join(HERE, 'plugins')))\n"
    ),
    "package_data": (
        "import importlib.resources as r\ndef f(n):\n"
        "    return n + len((r.files('own') / 'data.txt').read_text())\n"
    ),
    "environment": "import os\ndef f(n):\n    return n + len(os.environ.get('RATE', ''))\n",
    "starts": "import subprocess\ndef f(n):\n    subprocess.run(['true'])\n    return n\n",
    "stars": "from own.stars import *\ndef f(n):\n    return star(n)\n",
    "by_path": (
        "import importlib.util as u\nfrom pathlib import Path\ndef f(n):\n"
        "    spec = u.spec_from_file_location('plug', Path(__file__).with_name('plug.py'))\n"
        "    made = u.module_from_spec(spec)\n    spec.loader.exec_module(made)\n"
        "    return made.plug(n)\n"
    ),
    "run_path": (
        "import runpy\nfrom pathlib import Path\ndef f(n):\n"
        "    return runpy.run_path(str(Path(__file__).with_name('script.py')))['n'] + n\n"
    ),
    "discovers": (
        "import pkgutil\nimport found\ndef f(n):\n"
        "    return n + len(list(pkgutil.iter_modules(found.__path__)))\n"
    ),
    "namespace": "from spaces.inner import inner\ndef f(n):\n    return inner(n)\n",
    "relative": "from .beside import beside\ndef f(n):\n    return beside(n)\n",
    "lazily": "import lazy\ndef f(n):\n    return lazy.late(n)\n",
    "registered": "from reg import KNOWN\ndef f(n):\n    return KNOWN['a'](n)\n",
    "globs": (
        "from pathlib import Path\ndef f(n):\n"
        "    return n + len(list(Path(__file__).parent.glob('deep/**/*.cfg')))\n"
    ),
    "decorated": "from own.deco import same\n@same\ndef f(n):\n    return n\n",
}
OWN = {
    "own/__init__.py": "",
    "own/a.py": "from own.b import two\ndef one(n):\n    return two(n)\n",
    "own/b.py": "from own import c\ndef two(n):\n    return c.three(n)\n",
    "own/c.py": "def three(n):\n    return n\n",
    "own/late.py": "from own.c import three\ndef late(n):\n    return three(n)\n",
    "own/named.py": "def named(n):\n    return n\n",
    "own/slow.py": "def how(n):\n    return n\n",
    "own/base.py": "class Base:\n    def f(self, n):\n        return n\n",
    "own/stars.py": "from own.inner import *\n",
    "own/inner.py": "def star(n):\n    return n\n",
    "own/deco.py": "def same(f):\n    return f\n",
    "own/data.txt": "xx",
    "own/unused.py": "",
    "units/plug.py": "def plug(n):\n    return n\n",
    "units/script.py": "n = 1\n",
    "units/beside.py": "def beside(n):\n    return n\n",
    "units/deep/one/a.cfg": "",
    "found/__init__.py": "",
    "found/one.py": "",
    "spaces/inner.py": "def inner(n):\n    return n\n",
    "lazy/__init__.py": (
        "def __getattr__(name):\n    if name != 'late':\n        raise AttributeError(name)\n"
        "    from lazy import inner\n    return inner.late\n"
    ),
    "lazy/inner.py": "def late(n):\n    return n\n",
    "reg/__init__.py": "KNOWN = {}\nfrom reg import handlers\n",
    "reg/handlers.py": "from reg import KNOWN\nKNOWN['a'] = lambda n: n\n",
    "units/table.txt": "xxx",
    "units/plugins/one": "",
    "units/__init__.py": "",
}
JAVA = {
    "plain": "return n;",
    "callee": "return own.A.one(n);",
    "by_name": (
        'return (Long) Class.forName("own.Named").getMethod("named", long.class).invoke(null, n);'
    ),
    "service": (
        "long sum = n; for (Runnable r : java.util.ServiceLoader.load(Runnable.class)) { sum++; }"
        " return sum;"
    ),
    "optional": (
        'try { Class.forName("own.Fast"); return n + 1; }'
        " catch (ClassNotFoundException e) { return n; }"
    ),
    "resource": (
        'try (var in = Unit.class.getResourceAsStream("/own/table.txt"))'
        " { return n + (in == null ? 0 : in.readAllBytes().length); }"
    ),
    "base": "return new own.Child().f(n);",
    "lambda": "java.util.function.LongUnaryOperator f = own.C::three; return f.applyAsLong(n);",
    "reads": (
        'var file = java.nio.file.Path.of("%ROOT%/java.txt");'
        " return n + java.nio.file.Files.readString(file).length();"
    ),
    "asks": 'return n + (new java.io.File("%ROOT%/java.flag").exists() ? 1 : 0);',
    "starts": 'new ProcessBuilder("true").start().waitFor(); return n;',
    "caught": "try { return own.C.three(n); } catch (own.Failed e) { return 0; }",
    "bundle": 'return n + java.util.ResourceBundle.getBundle("own.texts").getString("a").length();',
    "bundles": (
        'try { return n + java.util.ResourceBundle.getBundle("own.words").keySet().size(); }'
        " catch (java.util.MissingResourceException e) { return n; }"
    ),
    "lists": 'return n + new java.io.File("%ROOT%/data").list().length;',
    "walks": (
        'try (var all = java.nio.file.Files.walk(java.nio.file.Path.of("%ROOT%/data")))'
        " { return n + all.count(); }"
    ),
    "scans": 'try (var in = new java.util.Scanner(new java.io.File("%ROOT%/java.txt")))'
    " { return n + in.next().length(); }",
    "enums": 'return n + own.Kind.valueOf("ONE").ordinal();',
    "instance": "Object o = n; return o instanceof own.Kind ? 0 : n;",
    "loads": (
        'var url = java.nio.file.Path.of("%ROOT%/plugins/").toUri().toURL();'
        " try (var in = new java.net.URLClassLoader(new java.net.URL[] {url}))"
        ' { return n + (in.getResource("a.txt") == null ? 0 : 1); }'
    ),
    "constant": "return n + own.Rates.RATE.length();",
}
OWN_JAVA = {
    "A": "public class A { public static long one(long n) { return B.two(n); } }",
    "B": "public class B { static long two(long n) { return C.three(n); } }",
    "C": "public class C { public static long three(long n) { return n; } }",
    "Named": "public class Named { public static long named(long n) { return n; } }",
    "Base": "public class Base { public long f(long n) { return n; } }",
    "Child": "public class Child extends Base {}",
    "Failed": "public class Failed extends RuntimeException {}",
    "Rates": "public class Rates { public static final String RATE = String.valueOf(1); }",
    "Unused": "public class Unused {}",
    "Kind": "public enum Kind { ONE, TWO }",
    "Served": "public class Served implements Runnable { public void run() {} }",
}


def files(root: Path) -> dict[str, str]:
    units, fixtures, sources = [], {}, dict(OWN)
    for name, text in PYTHON.items():
        units.append(f'[unit."units.{name}:f"]\njava = "units.Plain#f(long)"')
        sources[f"units/{name}.py"] = text
        fixtures[f"fixtures/units.{name}/f.jsonl"] = '{"id": "a", "args": [1]}\n'
    for name in JAVA:
        units.append(
            f'[unit."java_{name}"]\nparameters = {{ n = "long" }}\npython = "n"\n'
            f'java_expression = "units.{name.title()}.f(n)"'
        )
        fixtures[f"fixtures/java_{name}.jsonl"] = '{"id": "a", "args": [1]}\n'
    java = {
        f"java/units/{name.title()}.java": f"package units; public class {name.title()} "
        "{ public static long f(long n) throws Exception { %s } }"
        % text.replace("%ROOT%", str(root)).replace("Unit.class", f"{name.title()}.class")
        for name, text in JAVA.items()
    }
    java |= {f"java/own/{name}.java": f"package own; {text}" for name, text in OWN_JAVA.items()}
    return {
        "parity.toml": 'sources = ["src"]\nfixtures = "fixtures"\n'
        '[python]\nenv_pass = ["RATE"]\n[java]\nclasspath = ["classes"]\n',
        "parity.map.toml": "schema = 1\n" + "\n".join(units) + "\n",
        "classes/own/table.txt": "xxxx",
        "classes/own/texts.properties": "a=b",
        "data/one/two.txt": "x",
        "plugins/b.txt": "x",
        "java.txt": "xx",
        **{f"src/{name}": text for name, text in sources.items()},
        **fixtures,
        **java,
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """All units run once, so that there is real evidence of each."""
    root = tmp_path_factory.mktemp("evidence").resolve()
    made = Project(root, env={"RATE": "3"}).write(files(root)).javac()
    compileall.compile_dir(root / "src", quiet=2)  # else the first run changes folders
    for folder, _, names in os.walk(root):
        for name in names:
            os.utime(Path(folder, name), (time.time() - 60,) * 2)
    time.sleep(0.1)
    told = made.run("--json")
    assert {unit["id"] for unit in told.report["units"]} == ALL | UNTRACED, told.err
    assert not any(unit.get("error") for unit in told.report["units"])
    return made


UNTRACED = {"units.starts:f", *(f"java_{name}" for name in ("starts", "lists", "walks", "loads"))}
ALL = {f"units.{name}:f" for name in PYTHON} | {f"java_{name}" for name in JAVA} - UNTRACED
ALL -= UNTRACED


def again(project: Project, **env: str) -> dict[str, str]:
    """The units that would run again, and why."""
    config = find_config(project.folder)
    seen = environment(config, 0)
    basis = Basis(
        config,
        home=java_home(config),
        entries=[project.folder / "classes"],
        env={**seen, "RATE": "3", **env},
        harness=harness_jar(),
        interpreter_path=interpreter(config),
        today=datetime.datetime.now(datetime.UTC).date(),
    )
    found = {}
    for unit in read_map(config):
        kept = load(config, unit)
        why = stale(kept, basis, unit) if kept is not None else "there is no evidence"
        if why is not None:
            found[unit.id] = why
    return found


@contextmanager
def changed(project: Project, name: str, data: bytes | None) -> Iterator[None]:
    file = project.folder / name
    before = file.read_bytes() if file.exists() else None
    made = [folder for folder in file.parents if not folder.exists()]
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        if data is None:
            file.unlink()
        else:
            file.write_bytes(data)
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_bytes(before)
        for folder in made:
            folder.rmdir()


FILE_EDITS = {
    "src/own/c.py": {"units.callee:f", "units.later:f"},
    "src/own/b.py": {"units.callee:f"},
    "src/own/late.py": {"units.later:f"},
    "src/own/named.py": {"units.by_name:f"},
    "src/own/slow.py": {"units.optional:f", "units.outside:f"},
    "src/own/fast.py": {"units.optional:f"},
    "src/fastest.py": {"units.outside:f"},
    "src/own/base.py": {"units.base:f"},
    "src/own/inner.py": {"units.stars:f"},
    "src/own/stars.py": {"units.stars:f"},
    "src/own/deco.py": {"units.decorated:f"},
    "src/own/unused.py": set(),
    "src/own/brand_new.py": set(),
    "src/units/plain.py": {"units.plain:f"},
    "src/units/table.txt": {"units.reads:f"},
    "src/units/flag": {"units.asks:f"},
    "src/units/plugins/two": {"units.lists:f"},
    "src/own/data.txt": {"units.package_data:f"},
    "classes/own/table.txt": {"java_resource"},
    "classes/META-INF/services/java.lang.Runnable": {"java_service"},
    "classes/own/Fast.class": {"java_optional"},
    "src/units/plug.py": {"units.by_path:f"},
    "src/units/script.py": {"units.run_path:f"},
    "src/units/beside.py": {"units.relative:f"},
    "src/units/deep/one/b.cfg": {"units.globs:f"},
    "src/units/deep/two/c.cfg": {"units.globs:f"},
    "src/found/two.py": {"units.discovers:f"},
    "src/spaces/inner.py": {"units.namespace:f"},
    "src/lazy/inner.py": {"units.lazily:f"},
    "src/reg/handlers.py": {"units.registered:f"},
    "classes/own/texts.properties": {"java_bundle"},
    "classes/own/words.properties": {"java_bundles"},
    "java.txt": {"java_reads", "java_scans"},
    "java.flag": {"java_asks"},
}
CLASS_EDITS = {
    "C": {"java_callee", "java_lambda", "java_caught"},
    "B": {"java_callee"},
    "Named": {"java_by_name"},
    "Base": {"java_base"},
    "Kind": {"java_enums", "java_instance"},
    "Child": {"java_base"},
    "Rates": {"java_constant"},
    "Unused": set(),
    "Served": set(),
}


def test_nothing_runs_again_but_what_cannot_be_traced(project: Project) -> None:
    found = again(project)
    assert set(found) == UNTRACED
    assert all("cannot be traced" in why for why in found.values())


@pytest.mark.parametrize("name", FILE_EDITS)
def test_who_reaches_a_file_runs_again(project: Project, name: str) -> None:
    with changed(project, name, b"x = 'changed'\n"):
        assert set(again(project)) - UNTRACED == FILE_EDITS[name]
    assert set(again(project)) == UNTRACED


@pytest.mark.parametrize("name", CLASS_EDITS)
def test_who_reaches_a_class_runs_again(project: Project, name: str) -> None:
    with changed(project, f"classes/own/{name}.class", b"changed"):
        found = again(project)
        assert set(found) - UNTRACED == CLASS_EDITS[name]
        assert {found[one] for one in CLASS_EDITS[name]} <= {f"own.{name} changed"}


def test_an_environment_that_is_passed_on_counts_for_all(project: Project) -> None:
    found = again(project, RATE="4")
    assert set(found) == ALL | UNTRACED


def test_a_whole_run_of_what_is_unchanged_is_cached(project: Project) -> None:
    told = project.run("--json")
    cached = {unit["id"] for unit in told.report["units"] if unit["cached"]}
    assert cached == ALL
