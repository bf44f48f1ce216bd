"""A catalogue written as a project: modules and classes do what the texts of the entries do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.catalogue import FORMS, Entry, read_entries
from bench.catalogue_project import (
    INPUTS,
    domain_of,
    java_class,
    python_module,
    unit_of,
    write_project,
)
from bench.project import run_parity
from tests.functional.test_catalogue import SMALL, VISIBLE


@pytest.mark.parametrize("file", [SMALL, VISIBLE], ids=["small", "visible"])
def test_the_naive_differ_where_they_should_and_the_correct_match(
    tmp_path: Path, file: Path
) -> None:
    if not file.is_file():
        pytest.skip(f"there is no {file.name} beside the checkout")
    entries = read_entries(file)
    assert write_project(tmp_path, entries, sides=FORMS, inputs=INPUTS) == {}
    units = run_parity(tmp_path).units
    for entry in entries:
        naive, correct = units[unit_of(entry, "naive")], units[unit_of(entry, "correct")]
        assert (naive["matched"], naive["differs"]) == (entry.benign, entry.revealing), entry.name
        assert correct["matched"] == entry.benign + entry.revealing, entry.name


def line(**more: Any) -> dict[str, Any]:
    return {"id": "any", "signature": "List<Long> a,int b", "python": "a", **more}


def test_only_the_inputs_that_are_asked_for_are_written(tmp_path: Path) -> None:
    given = {"naive_java": "a", "benign_inputs": [[[1], 2]], "revealing_inputs": [[[3], 4]]}
    without = line(**given | {"benign_inputs": []})
    entries = [Entry("any", line(**given)), Entry("none", without)]
    write_project(tmp_path, entries, inputs=["benign"], domains={"any": "b > 0"})
    (fixtures,) = (tmp_path / "fixtures").rglob("*.jsonl")
    assert '"benign-1"' in fixtures.read_text("utf-8")
    assert "revealing" not in fixtures.read_text("utf-8")
    assert not list((tmp_path / "java" / "correct").rglob("*"))
    text = (tmp_path / "parity.map.toml").read_text("utf-8")
    assert 'java = "naive.any.Counterpart#call(List<Long>,int)"\ndomain = "b > 0"' in text


def test_what_does_not_compile_is_told_by_its_unit(tmp_path: Path) -> None:
    given = {"benign_inputs": [], "revealing_inputs": []}
    entries = [
        Entry("broken", line(naive_java="a +", **given)),
        Entry("without_value", line(naive_java="a.clear()", **given)),
    ]
    assert list(write_project(tmp_path, entries)) == ["naive.broken:call"]
    assert (tmp_path / "classes/naive/without_value/Counterpart.class").is_file()


def test_an_own_domain_goes_before_one_of_the_file() -> None:
    assert domain_of(Entry("any", line(domain="b > 1")), {"any": "b > 0"}) == "b > 1"
    assert domain_of(Entry("any", line()), {"any": "b > 0"}) == "b > 0"
    assert domain_of(Entry("any", line()), {}) is None


def test_texts_become_functions() -> None:
    assert python_module(line(python="a + b")) == "def call(a, b):\n    return a + b\n"
    module = python_module(line(python="c = T\nreturn c", python_setup="T = 1"))
    assert module == "T = 1\n\n\ndef call(a, b):\n    c = T\n    return c\n"
    java = java_class(line(naive_java='Py.split("")'), "naive", "naive.any")
    assert "import catalogue.Py;\n" in java
    assert '    return Py.split("");\n' in java
