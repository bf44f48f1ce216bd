"""The judges of fuzzing and causes: what they count, and that they say it where it is not so."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bench.cases import Case, read_cases
from bench.catalogue import Entry, read_entries
from bench.catalogue_domains import check, excluded, fixtures_inside, predicate
from bench.catalogue_fuzz import Result, figures
from bench.catalogue_project import domain_of, mend, read_domains
from bench.fuzzing import Fuzzed, outside, shows_again
from bench.pairs_fuzz import predicate as pair_predicate
from bench.pairs_fuzz import told_twice
from bench.project import CONFIG, ROOT, fixture_lines, map_text, write
from parity.values.form import read
from tests.functional.test_cases import VISIBLE as VISIBLE_CASES
from tests.functional.test_catalogue import VISIBLE

DATA = ROOT / "bench" / "catalogue"
HELD_OUT = DATA / "held_out.json"


def entries_of(file: Path) -> dict[str, Entry]:
    if not file.is_file():
        pytest.skip(f"there is no {file.name} beside the checkout")
    return {str(entry.line["id"]): entry for entry in read_entries(file)}


# ---------------------------------------------------------------- domains


@pytest.mark.parametrize("file", [HELD_OUT, VISIBLE], ids=["held out", "visible"])
def test_no_listed_input_is_outside_of_its_domain(file: Path) -> None:
    domains = read_domains(DATA / "domains.toml")
    entries = entries_of(file)
    assert len(entries) >= 48
    told = {name: excluded(entry, domain_of(entry, domains)) for name, entry in entries.items()}
    assert {name: inputs for name, inputs in told.items() if inputs} == {}


def test_each_entry_of_the_semantic_catalogue_has_a_domain() -> None:
    assert set(read_domains(DATA / "domains.toml")) == set(entries_of(VISIBLE))


def test_what_is_mended_is_what_the_catalogue_has() -> None:
    entries = entries_of(VISIBLE)
    mended = {entry.name: entry for entry in mend(list(entries.values()), DATA / "mended.toml")}
    table = tomllib.loads((DATA / "mended.toml").read_text("utf-8"))
    changed = {one for one, entry in entries.items() if mended[entry.name] is not entry}
    assert changed == set(table)


def test_an_entry_with_another_text_is_not_mended(tmp_path: Path) -> None:
    file = tmp_path / "mended.toml"
    file.write_text('[any]\nwas = "a"\ncorrect_java = "b"\n', "utf-8")
    same, other = (Entry("any", {"id": "any", "correct_java": text}) for text in (" a\n", "c"))
    assert mend([same], file)[0].line["correct_java"] == "b"
    assert mend([other], file) == [other]


def test_inputs_outside_of_a_domain_are_not_tried() -> None:
    line = {"id": "any", "signature": "int a", "benign_inputs": [[1]], "revealing_inputs": []}
    fixtures = fixtures_inside(Entry("any", line), "0 < a < 100", 200, 0)
    values = [one["args"][0] for one in fixtures]
    assert len(values) > 20
    assert all(0 < one < 100 for one in values)


def test_a_domain_that_is_too_wide_is_refuted(tmp_path: Path) -> None:
    wide = {"signature": "int a,int b", "python": "a // b", "correct_java": "a / b"}
    line = {"id": "any", **wide, "benign_inputs": [[4, 2]], "revealing_inputs": []}
    entries = [Entry("wide", line), Entry("right", {**line, "domain": "a >= 0 and b > 0"})]
    told = {one.entry.name: one for one in check(tmp_path, entries, {}, 60, 0)}
    assert told["wide"].findings
    assert told["right"].inputs > 30
    assert told["right"].findings == []


# ---------------------------------------------------------------- what is counted


def finding(args: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"verdict": "differs", "path": "$", "kind": "changed", "fixture_args": args, **more}


def result(side: str, *findings: dict[str, Any], domain: str = "True", **more: Any) -> Result:
    line = {"id": "any", "signature": "int a"}
    unit = {"id": "any", "findings": list(findings), "differs": len(findings)}
    entry = Entry("any", line)
    fuzzed = Fuzzed(unit, more.pop("seconds", 1.0), **more)
    return Result(entry, side, fuzzed, outside(fuzzed.findings, predicate(entry, domain)))


def test_an_input_outside_of_the_domain_finds_nothing() -> None:
    lines, good = figures([result("naive", finding([0]), domain="a > 0")], 10.0)
    assert lines[0].startswith("naive: 0 of 1 found")
    assert not good
    lines, good = figures([result("naive", finding([1]), domain="a > 0")], 10.0)
    assert lines[0] == "naive: 1 of 1 found, 1 of them in <= 10 s"
    assert good


def test_what_is_found_too_late_or_unknown_is_not_found() -> None:
    assert not figures([result("naive", finding([1]), seconds=20.0)], 10.0)[1]
    assert not figures([result("naive", finding([1], verdict="unknown"))], 10.0)[1]


def test_a_finding_or_trouble_with_correct_java_is_wrong() -> None:
    found = result("naive", finding([1]))
    assert figures([found, result("correct")], 10.0)[1]
    assert not figures([found, result("correct", finding([1]))], 10.0)[1]
    assert not figures([found, result("correct", trouble="it does not start")], 10.0)[1]


def test_a_domain_that_raises_does_not_hold() -> None:
    def fails(a: Any) -> bool:
        return bool(1 / a)

    assert outside([finding([0]), finding([1])], fails) == ["[0]"]


def cause(name: str, *, proven: bool) -> dict[str, Any]:
    return finding(cause={"id": name, "proven": proven, "explains": 1, "of": 1})


def test_a_cause_is_told_once() -> None:
    twice = [cause("right", proven=True), cause("right", proven=False)]
    assert told_twice(twice) == ["right (2 times)"]
    assert told_twice([finding(), finding(path="$[0]"), cause("right", proven=True)]) == []
    assert told_twice([finding(), finding()]) == ["changed at $ (2 times)"]


# ---------------------------------------------------------------- pairs


def test_each_visible_pair_has_a_domain_that_its_own_inputs_are_inside_of() -> None:
    if not VISIBLE_CASES.is_file():
        pytest.skip(f"there is no {VISIBLE_CASES.name} beside the checkout")
    domains = tomllib.loads((ROOT / "bench" / "pairs_domains.toml").read_text("utf-8"))
    cases = read_cases(VISIBLE_CASES)
    assert {case.line["entry"] for case in cases} == set(domains)
    for case in cases:
        assert _inside(case, domains[case.line["entry"]]) == {True}, case.line["entry"]


def _inside(case: Case, domain: str) -> set[bool]:
    inside = pair_predicate(case, domain)
    return {bool(inside(*map(read, one["args"]))) for one in case.line["fixtures"]}


def test_the_command_of_a_finding_is_executed(tmp_path: Path) -> None:
    unit = {"parameters": {"a": "int"}, "python": "a // 2", "java_expression": "a / 2"}
    (tmp_path / "python").mkdir()
    (tmp_path / "classes").mkdir()
    fixtures = fixture_lines([{"id": "one", "args": [-1]}, {"id": "two", "args": [2]}])
    files = {"parity.toml": CONFIG, "fixtures/half.jsonl": fixtures}
    write(tmp_path, {**files, "parity.map.toml": map_text({"half": unit})})
    again = "parity compare half --input '[-1]'"
    found = finding([-1], again=again, python=-1, java=0)
    assert shows_again(tmp_path, found) == ""
    assert "other values" in shows_again(tmp_path, {**found, "java": 7})
    assert "another finding or none" in shows_again(tmp_path, {**found, "kind": "type"})
    matching = {**found, "again": "parity compare half --input '[2]'"}
    assert "ended with 0" in shows_again(tmp_path, matching)
