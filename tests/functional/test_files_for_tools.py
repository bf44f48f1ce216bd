"""The files that other tools read: JUnit XML and SARIF, each by libraries that read them.

tests/data/sarif-2.1.0.schema.json is the published schema (2.1.0-rtm.5), as schemastore has it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from junit2htmlreport import parser as junit2html
from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite
from sarif_pydantic import Sarif

from tests.functional.conftest import ROOT, Project

SCHEMA: dict[str, Any] = json.loads(
    (ROOT / "tests/data/sarif-2.1.0.schema.json").read_text("utf-8")
)
FIXTURES = '{"id": "four", "args": [4]}\n{"id": "mi\\u0007nus", "args": [-3]}\n'
TOWARDS_ZERO = """package shop;

public final class Half {

    public static long half(long n) {
        if (n > 1000) {
            return Other.refuse(n);
        }
        return n / 2;
    }
}
"""
OTHER = """package shop;

final class Other {
    static long refuse(long n) {
        throw new IllegalStateException("too much: " + n);
    }
}
"""


@pytest.fixture
def wrong(project: Project) -> Project:
    """Rounds towards zero, and refuses what is large."""
    project.write(
        {
            "java/shop/Half.java": TOWARDS_ZERO,
            "java/shop/Other.java": OTHER,
            "fixtures/shop/half.jsonl": FIXTURES + '{"id": "large", "args": [5000]}\n',
        }
    )
    return project.javac()


def suites_of(file: Path) -> dict[str, TestSuite]:
    """The suites of a JUnit file by name."""
    return {str(suite.name): suite for suite in JUnitXml.fromfile(str(file))}


def cases_of(suite: TestSuite) -> dict[str, TestCase]:
    """The cases of a suite by name."""
    return {str(case.name): case for case in suite}


def results_of(file: Path) -> list[Any]:
    """The results of a SARIF file that is one, by its schema and by a library."""
    document = json.loads(file.read_text("utf-8"))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(document)
    log = Sarif.model_validate(document)
    (run,) = log.runs
    return list(run.results or [])


def line_at(root: Path, location: Any) -> str:
    """The line of the project's sources at which a location points."""
    physical = location.physical_location
    assert physical.artifact_location.uri_base_id == "SRCROOT"
    lines = (root / physical.artifact_location.uri).read_text("utf-8").splitlines()
    return lines[physical.region.start_line - 1]


def test_each_fixture_is_a_case(wrong: Project) -> None:
    file = wrong.folder / "out" / "junit.xml"
    told = wrong.parity("run", "--junit", str(file))
    assert told.status == 1, told.text
    suite = suites_of(file)["shop:half"]
    assert (suite.tests, suite.failures, suite.errors) == (3, 2, 0)
    cases = cases_of(suite)
    assert cases["four"].is_passed
    (failure,) = cases["mi\\x07nus"].result
    assert isinstance(failure, Failure)
    assert failure.message == "changed at $: python -2, java -1"
    assert failure.type == "changed"
    assert failure.text is not None
    assert "cause: floor-division" in failure.text
    assert "parity compare shop:half --fixture" in failure.text
    (failure,) = cases["large"].result
    assert failure.type == "raised"


def test_another_reader_of_junit_sees_the_same(wrong: Project) -> None:
    file = wrong.folder / "junit.xml"
    wrong.parity("run", "--junit", str(file))
    (suite,) = junit2html.Junit(str(file)).suites
    assert suite.name == "shop:half"
    assert [one.name for one in suite.failed()] == ["mi\\x07nus", "large"]
    assert [one.name for one in suite.all() if not one.failed()] == ["four"]
    assert suite.properties[0].value == "shop.Half#half"


def test_the_schema_of_sarif_refuses_what_is_none() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate({"version": "2.1.0", "runs": [{"results": []}]})


def test_what_cannot_be_told_is_an_error(project: Project) -> None:
    project.write({"parity.map.toml": '[unit."shop:half"]\njava = "shop.Half#third"\n'}).javac()
    junit, sarif = project.folder / "junit.xml", project.folder / "log.sarif"
    told = project.parity("run", "--junit", str(junit), "--sarif", str(sarif))
    assert told.status == 2
    (case,) = suites_of(junit)["shop:half"]
    (error,) = case.result
    assert isinstance(error, Error)
    (result,) = results_of(sarif)
    assert result.rule_id == "parity/trouble"
    location = result.locations[0].physical_location.artifact_location
    assert (project.folder / location.uri).is_file()


def test_of_many_that_differ_the_others_stand_in_one_case(project: Project) -> None:
    lines = [f'{{"id": "n{n}", "args": [{-n}]}}\n' for n in range(400)]
    source = TOWARDS_ZERO.replace("n > 1000", "n > 1000 && n < 0").replace("Other.refuse(n)", "n")
    project.write({"java/shop/Half.java": source, "fixtures/shop/half.jsonl": "".join(lines)})
    file = project.folder / "junit.xml"
    told = project.javac().parity("run", "--json", "--junit", str(file))
    unit = told.unit
    assert unit["more_findings"] == unit["differs"] - 100 == 100
    cases = cases_of(suites_of(file)["shop:half"])
    assert len(cases) == 102
    assert cases["200 more fixtures: matched"].is_passed
    (failure,) = cases["100 more fixtures: differs"].result
    assert isinstance(failure, Failure)


def test_both_lines_of_a_result_are_there(wrong: Project) -> None:
    file = wrong.folder / "log.sarif"
    assert wrong.parity("run", "--sarif", str(file)).status == 1
    rounded, raised = sorted(results_of(file), key=lambda one: str(one.rule_id))
    assert str(rounded.rule_id).startswith("parity/floor-division")
    assert rounded.level.value == "error"
    assert "return n // 2" in line_at(wrong.folder, rounded.locations[0])
    assert "return n / 2" in line_at(wrong.folder, rounded.related_locations[0])
    assert raised.rule_id == "parity/raised"
    assert "def half" in line_at(wrong.folder, raised.locations[0])
    assert "IllegalStateException" in line_at(wrong.folder, raised.related_locations[0])


def test_a_result_is_known_again_when_lines_have_moved(wrong: Project) -> None:
    file = wrong.folder / "log.sarif"
    wrong.parity("run", "--sarif", str(file))
    before = [one.partial_fingerprints for one in results_of(file)]
    python = (wrong.folder / "src" / "shop.py").read_text("utf-8")
    wrong.write({"src/shop.py": f"# a remark\n\n{python}"})
    wrong.parity("run", "--no-cache", "--sarif", str(file))
    after = results_of(file)
    assert [one.partial_fingerprints for one in after] == before
    assert "def half" in line_at(wrong.folder, after[-1].locations[0])


def test_what_is_allowed_passes_and_is_suppressed(wrong: Project) -> None:
    allowance = '[[unit."shop:half".allow]]\npath = "$"\nkind = "changed"\nreason = "agreed"\n'
    allowance += 'owner = "@shop"\nexpires = 2100-01-01\n'
    files = {"parity.map.toml": f'[unit."shop:half"]\njava = "shop.Half#half"\n{allowance}'}
    wrong.write(files | {"fixtures/shop/half.jsonl": FIXTURES})
    junit, sarif = wrong.folder / "junit.xml", wrong.folder / "log.sarif"
    told = wrong.parity("run", "--junit", str(junit), "--sarif", str(sarif))
    assert told.status == 0, told.text
    case = cases_of(suites_of(junit)["shop:half"])["mi\\x07nus"]
    assert case.is_passed
    assert "allowed: changed" in str(case.system_out)
    (result,) = results_of(sarif)
    assert (result.level.value, len(result.suppressions)) == ("note", 1)


def test_a_file_that_cannot_be_written_exits_2_and_names_it(project: Project) -> None:
    project.write({"taken": ""})
    told = project.javac().parity("run", "--junit", str(project.folder / "taken" / "junit.xml"))
    assert told.status == 2
    assert "taken" in told.err
    assert "hint:" in told.err
