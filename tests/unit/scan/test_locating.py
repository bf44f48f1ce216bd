"""Things of the project that texts name with their module, where these are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scan import ScanOptions, gather, scan
from tests.unit.scan.one_file import called

IMPORTER = (
    "import importlib\n"
    "def load(text):\n"
    " module, _, name = text.partition(':')\n"
    " return getattr(importlib.import_module(module), name)\n"
)
PARTS = (
    "class One:\n def go(self): pass\n"
    "class Other:\n def go(self): pass\n class Inner:\n  def go(self): pass\n"
)
NAMED = {
    "with a colon": "load('pack.parts:One')().go()",
    "with dots": "load('pack.parts.One')().go()",
    "that is kept in a table": "load({'one': 'pack.parts:One'}[key])().go()",
    "by its word": "load(text='pack.parts:One')().go()",
    "by a default": "g()",
    "by one of Python's own": "import pkgutil\n pkgutil.resolve_name('pack.parts:One')().go()",
    "by one of a library": (
        "from werkzeug.utils import import_string as load\n load('pack.parts.One')().go()"
    ),
}
GIVEN = "def g(text='pack.parts:One'): load(text)().go()\n"


def calls_of(folder: Path, body: str, name: str = "pack.main:f") -> set[str]:
    """What a unit of a project of three modules calls."""
    (folder / "pack").mkdir()
    (folder / "pack" / "__init__.py").write_text("", "utf-8")
    (folder / "pack" / "parts.py").write_text(PARTS, "utf-8")
    (folder / "pack" / "loading.py").write_text(IMPORTER, "utf-8")
    text = f"from pack.loading import load\n{GIVEN}def f(key):\n {body}\n"
    (folder / "pack" / "main.py").write_text(text, "utf-8")
    return called(scan(gather(ScanOptions([folder], folder))), name)


@pytest.mark.parametrize("case", NAMED)
def test_what_a_text_names_is_found_where_it_is_imported(tmp_path: Path, case: str) -> None:
    name = "pack.main:g" if case == "by a default" else "pack.main:f"
    found = calls_of(tmp_path, NAMED[case], name)
    assert "pack.parts:One.go" in found
    assert "pack.parts:Other.go" not in found


def test_a_name_may_lead_further_than_to_a_module(tmp_path: Path) -> None:
    assert "pack.parts:Other.Inner.go" in calls_of(
        tmp_path, "load('pack.parts:Other.Inner')().go()"
    )


def test_each_call_has_what_it_names_itself(tmp_path: Path) -> None:
    body = "load('pack.parts:One')().go()\n load('pack.parts:Other')"
    assert "pack.parts:Other.go" not in calls_of(tmp_path, body)


def test_a_module_that_a_text_names_is_imported(tmp_path: Path) -> None:
    body = "import importlib\n for one in ['pack.parts']: importlib.import_module(one).One().go()"
    assert "pack.parts:One.go" in calls_of(tmp_path, body)


def test_a_text_that_names_nothing_here_gives_nothing(tmp_path: Path) -> None:
    assert calls_of(tmp_path, "load('pack.none:One')()") == {"pack.loading:load"}
