"""Names that `format` fills, names that a library puts into modules, and parts of properties."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of, unit

STEPS = (
    "class C:\n def step_a(self): pass\n def step_b(self): pass\n def a_step(self): pass\n"
    " def step_a_end(self): pass\n"
)
FILLED = {
    "by its place": ("'step_{}'.format(name)", {"step_a", "step_b", "step_a_end"}),
    "by its number": ("'step_{0}'.format(name)", {"step_a", "step_b", "step_a_end"}),
    "by a word": ("'step_{it}'.format(it=name)", {"step_a", "step_b", "step_a_end"}),
    "before what is written": ("'{}_step'.format(name)", {"a_step"}),
    "between what is written": ("'step_{}_end'.format(name)", {"step_a_end"}),
}


@pytest.mark.parametrize("case", FILLED)
def test_a_name_that_format_fills_is_one_of_those_that_fit(tmp_path: Path, case: str) -> None:
    asked, names = FILLED[case]
    text = f"{STEPS} def f(self, name): getattr(self, {asked})()\n"
    assert called(scan_of(tmp_path, text), "m:C.f") == {f"m:C.{name}" for name in names}


def test_a_name_that_format_fills_with_what_a_loop_goes_over_is_known(tmp_path: Path) -> None:
    asked = "getattr(self, 'step_{}'.format(name))()"
    text = f"{STEPS} def f(self):\n  for name in ('a',): {asked}\n"
    assert called(scan_of(tmp_path, text), "m:C.f") == {"m:C.step_a"}


@pytest.mark.parametrize("asked", ["'{}'", "'step_{'"])
def test_a_text_that_is_all_fields_or_cannot_be_filled_may_be_any(
    tmp_path: Path, asked: str
) -> None:
    text = f"{STEPS} def f(self, name): getattr(self, {asked}.format(name))()\n"
    assert "m:C.a_step" in called(scan_of(tmp_path, text), "m:C.f")


def test_what_a_library_puts_among_the_names_of_a_module_is_found(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "__init__.py").write_text(
        "from public import public\nclass A:\n def go(self): pass\nclass B:\n def go(self): pass\n"
        "public(it=A())\nother = B()\n"
    )
    found = scan_of(tmp_path, "from p import it\nimport p\ndef f(): it.go()\ndef g(): p.it.go()\n")
    assert called(found, "m:f") == called(found, "m:g") == {"p:A.go"}
    assert unit(found, "m:f").klass == "pure"


PROPERTIES = {
    "what gets it": ("prop.fget(None)", "m:get"),
    "what sets it": ("prop.fset(None, 1)", "m:put"),
}


@pytest.mark.parametrize("case", PROPERTIES)
def test_what_a_property_is_made_of_can_be_asked_for(tmp_path: Path, case: str) -> None:
    asked, target = PROPERTIES[case]
    text = (
        "def get(self): pass\ndef put(self, value): pass\n"
        f"def f(prop): {asked}\nclass C:\n x = property(get, put)\nf(property(get, put))\n"
    )
    assert called(scan_of(tmp_path, text), "m:f") == {target}


@pytest.mark.parametrize("name", ["add_type('a/b', '.b')", "guess_all_extensions('a/b')"])
def test_what_looks_up_types_of_files_reads_them(tmp_path: Path, name: str) -> None:
    found = scan_of(tmp_path, f"import mimetypes\ndef f(): mimetypes.{name}\n")
    assert unit(found, "m:f").klass == "port"
