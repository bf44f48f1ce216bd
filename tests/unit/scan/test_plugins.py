"""Entry points that a project declares, and who loads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, packaging_files, scan
from parity.scan.packaging import entry_points
from parity.scanned import Scan
from tests.unit.scan.one_file import called

HEAD = (
    "import importlib.metadata\nimport pkg_resources\nimport stevedore\n"
    "from importlib.metadata import entry_points\n"
    "class A:\n def __init__(self, *args): pass\n def run(self): pass\n"
    "class B:\n def __init__(self, *args): pass\n def run(self): pass\n"
)
DECLARED = {
    "setup.cfg": "[options.entry_points]\nx.one =\n    a = m:A [more]\nx.two =\n    b = m:B\n",
    "pyproject.toml": '[project.entry-points."x.one"]\na = "m:A"\n'
    '[tool.poetry.plugins."x.two"]\nb = "m:B"\n',
    "setup.py": "import setuptools\nsetuptools.setup(name=NAME, entry_points={\n"
    " 'x.one': ['a = m:A'], 'x.two': 'b = m:B', 'console_scripts': ['c = m:main']})\n",
    "p.egg-info/entry_points.txt": "[x.one]\na = m:A\n\n[x.two]\nb = m:B\n",
}
LOADING = {
    "a loop": "[one.load()().run() for one in entry_points(group='x.one')]",
    "a dict": "{e.name: e for e in importlib.metadata.entry_points()['x.one']}['a'].load()().run()",
    "narrowed": "[one.load()().run() for one in entry_points().select(group='x.one')]",
    "pkg_resources": "[one.load()().run() for one in pkg_resources.iter_entry_points('x.one')]",
    "one": "pkg_resources.load_entry_point('p', 'x.one', 'a')().run()",
    "a driver": "stevedore.DriverManager('x.one', 'a', invoke_on_load=True).driver.run()",
    "extensions": "[x.plugin().run() for x in stevedore.ExtensionManager(namespace='x.one')]",
    "made": "stevedore.ExtensionManager('x.one', invoke_on_load=True)['a'].obj.run()",
    "mapped": "stevedore.ExtensionManager('x.one').map(lambda x: x.plugin().run())",
}


def found_in(folder: Path, name: str, text: str) -> Scan:
    """The scan of a file beside what declares its entry points."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(DECLARED[name], "utf-8")
    (folder / "m.py").write_text(text, "utf-8")
    return scan(gather(ScanOptions([folder], folder, packaging=packaging_files([folder]))))


@pytest.mark.parametrize("name", DECLARED)
def test_what_loads_entry_points_calls_what_they_name(tmp_path: Path, name: str) -> None:
    found = found_in(tmp_path, name, f"{HEAD}def f(): {LOADING['a loop']}\n")
    assert called(found, "m:f") == {"m:A", "m:A.__init__", "m:A.run"}


@pytest.mark.parametrize("loading", LOADING)
def test_each_way_to_load_entry_points_is_known(tmp_path: Path, loading: str) -> None:
    found = found_in(tmp_path, "setup.cfg", f"{HEAD}def f(): {LOADING[loading]}\n")
    calls = {call.to for one in found.units if one.id.startswith("m:f") for call in one.calls}
    assert {one for one in calls if ":f" not in one} == {"m:A", "m:A.__init__", "m:A.run"}


def test_a_setup_that_python_warns_of_is_read() -> None:
    text = "setup(re='\\d', entry_points={'x.one': ['a = m:A']})"
    assert entry_points([("setup.py", text.encode())]) == {"x.one": ["m:A"]}


def test_a_group_is_followed_to_where_it_is_written(tmp_path: Path) -> None:
    text = (
        f"{HEAD}GROUP = 'x.one'\ndef f(name, group=GROUP):\n"
        " return stevedore.DriverManager(group, name).driver().run()\nf('a')\n"
    )
    found = found_in(tmp_path, "setup.cfg", text)
    assert called(found, "m:f") == {"m:A", "m:A.__init__", "m:A.run"}


def test_a_group_that_is_not_known_may_be_any(tmp_path: Path) -> None:
    text = f"{HEAD}def f(name): [one.load()().run() for one in entry_points(group=name)]\n"
    assert {"m:A.run", "m:B.run"} < called(found_in(tmp_path, "setup.py", text), "m:f")


def test_what_declares_entry_points_is_part_of_what_a_report_rests_on(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("x = 1\n", "utf-8")
    keys = []
    for text in ("[metadata]\nname = a\n", "[metadata]\nname = b\n", DECLARED["setup.cfg"]):
        (tmp_path / "setup.cfg").write_text(text, "utf-8")
        options = ScanOptions([tmp_path], tmp_path, packaging=packaging_files([tmp_path]))
        keys.append(gather(options).key)
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("name", ["setup.cfg", "setup.py", "pyproject.toml", "entry_points.txt"])
@pytest.mark.parametrize("text", ["[", "entry_points = (", "[x\ny", "[project]\nname = 1"])
def test_what_cannot_be_read_declares_nothing(name: str, text: str) -> None:
    assert "x.one" not in entry_points([(name, text.encode())])
