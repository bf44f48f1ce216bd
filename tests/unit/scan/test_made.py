"""Classes that calls make: of `type`, or of a metaclass."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of, unit

META = "class Meta(type):\n @property\n def title(cls): open('x')\n"
BASE = "class Base:\n def go(self): open('x')\nclass Other:\n def go(self): pass\n"


@pytest.mark.parametrize("maker", ["Meta", "type"])
def test_what_is_derived_from_a_made_class_is_derived_from_its_bases(
    tmp_path: Path, maker: str
) -> None:
    text = (
        f"{META}{BASE}Made = {maker}('Made', (Base,), {{}})\n"
        "class Sub(Made):\n def go(self): super().go()\n"
    )
    found = scan_of(tmp_path, text)
    assert [(one.to, one.how) for one in unit(found, "m:Sub.go").calls] == [
        ("m:Base.go", "inferred")
    ]


def test_what_is_derived_from_a_made_class_has_its_metaclass(tmp_path: Path) -> None:
    text = (
        f"{META}class Slow:\n @property\n def title(self): pass\n{BASE}"
        "Made = Meta('Made', (Base,), {})\nclass Sub(Made): pass\ndef f(): Sub.title\n"
    )
    assert called(scan_of(tmp_path, text), "m:f") == {"m:Meta.title"}


def test_a_call_of_an_ordinary_class_makes_no_class(tmp_path: Path) -> None:
    text = (
        f"{BASE}class Pair:\n def __init__(self, name, parts, more): pass\n"
        "Made = Pair('Made', (Base,), {})\nclass Sub(Made): pass\ndef f(): Sub().go()\n"
    )
    assert not [one for one in unit(scan_of(tmp_path, text), "m:f").calls if one.how == "inferred"]


NAMES = {
    "as they are written": "names = {'go': go}",
    "put one by one": "names = {}\n names['go'] = go",
    "from words": "names = dict(go=go)",
    "from another dict": "names = {}\n names.update({'go': go})",
}


@pytest.mark.parametrize("maker", ["type", "Meta"])
@pytest.mark.parametrize("case", NAMES)
def test_what_a_class_is_made_with_is_called_on_what_it_is_derived_from(
    tmp_path: Path, case: str, maker: str
) -> None:
    text = (
        f"{META}class Base:\n def go(self): raise NotImplementedError\n"
        f"def make(work):\n def go(self): self.ready()\n {NAMES[case]}\n"
        f" return {maker}('Made', (Base,), names)\ndef f(base: Base): base.go()\n"
    )
    assert called(scan_of(tmp_path, text), "m:f") == {"m:Base.go", "m:make.<locals>.go"}
