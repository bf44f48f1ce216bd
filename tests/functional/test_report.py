"""What `parity run` and `parity compare` print, for machines and for people."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from parity.model import KINDS
from tests.functional.conftest import ROOT, Project

SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "run.schema.json").read_text("utf-8"))


def strict(schema: Any) -> Any:
    """The schema with members that it does not name refused: nothing is printed undescribed."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return made


def valid(report: dict[str, Any]) -> dict[str, Any]:
    """The report, if it is as its schema says."""
    jsonschema.validate(report, strict(SCHEMA))
    return report


def wrong_half(project: Project) -> Project:
    """The project with a Java side that rounds towards zero."""
    source = "package shop;\n\npublic final class Half {\n"
    source += "    public static long half(long n) { return n / 2; }\n}\n"
    return project.write({"java/shop/Half.java": source}).javac()


def test_a_report_is_as_its_schema_says(project: Project) -> None:
    assert valid(project.javac().run().report)["verdict"] == "matched"
    report = valid(wrong_half(project).run().report)
    (finding,) = report["units"][0]["findings"]
    assert (report["verdict"], finding["python"], finding["java"]) == ("differs", -2, -1)


def test_a_report_of_a_unit_in_trouble_is_as_its_schema_says(project: Project) -> None:
    project.write({"parity.map.toml": '[unit."shop:half"]\njava = "shop.Half#third"\n'})
    report = valid(project.javac().run().report)
    assert report["units"][0]["error"]["code"] == "java_method_not_found"


def test_the_schema_knows_every_kind_of_finding() -> None:
    kinds = SCHEMA["$defs"]["finding"]["properties"]["kind"]["enum"]
    assert tuple(kinds) == KINDS


def test_the_same_run_gives_the_same_report_but_for_its_times(project: Project) -> None:
    wrong_half(project)
    reports = [project.run(*flags).report | {"times": None} for flags in ([], ["--no-cache"], [])]
    assert reports[0] == reports[1]
    assert [report["units"][0].pop("cached") for report in reports] == [False, False, True]
    assert reports[0] == reports[2]


def test_a_long_value_is_cut_and_hashed(project: Project) -> None:
    project.write(
        {
            "src/shop.py": "def half(n: int) -> str:\n    return 'ä' * n\n",
            "fixtures/shop/half.jsonl": '{"id": "long", "args": [100000]}\n',
        }
    )
    report = valid(project.javac().run().report)
    (finding,) = report["units"][0]["findings"]
    assert finding["python"]["length"] == 600_002
    assert len(finding["python"]["cut"]) == 4096
    assert len(json.dumps(report)) < 10_000


def test_the_command_of_a_finding_shows_it_again(project: Project) -> None:
    wrong_half(project)
    (finding,) = project.run().unit["findings"]
    assert finding["again"] == "parity compare shop:half --fixture minus"
    told = project.parity(*finding["again"].split()[1:])
    assert told.status == 1
    for fact in ("minus", "python   -2", "java     -1", "src/shop.py:2"):
        assert fact in told.out


def test_people_get_a_table_on_stdout_and_the_next_command_on_stderr(project: Project) -> None:
    told = wrong_half(project).parity("run")
    assert told.status == 1
    assert told.out.splitlines()[-1] == "differs: 1 unit on 2 fixtures: 1 differs"
    assert told.err.splitlines() == ["next: parity compare shop:half --fixture minus"]
    assert "\x1b" not in told.text


@pytest.mark.parametrize(
    ("given", "python"),
    [("[7]", 3), ('{"n": 7}', 3), ('{"args": [7]}', 3), ('{"kwargs": {"n": 7}}', 3)],
)
def test_an_input_by_hand_is_compared(project: Project, given: str, python: int) -> None:
    project.write(
        {"src/shop.py": f"def half(n: int) -> int:\n    assert n == 7\n    return {python}\n"}
    )
    told = project.javac().parity("compare", "shop:half", "--input", given, "--json")
    assert told.status == 0, told.text
    assert valid(told.report)["units"][0]["matched"] == 1


def test_a_parameter_named_like_a_key_of_a_line_is_given_by_name(project: Project) -> None:
    project.write({"src/shop.py": "def half(id: int) -> int:\n    return id // 2\n"})
    told = project.javac().parity("compare", "shop:half", "--input", '{"id": 7}', "--json")
    assert told.status == 0, told.text


def test_a_fixture_file_of_no_unit_is_hinted_at(project: Project) -> None:
    project.write({"fixtures/shop/halve.jsonl": '{"id": "a", "args": [1]}\n'})
    told = project.javac().parity("run")
    assert told.status == 0
    assert "hint: fixtures/shop/halve.jsonl belongs to no unit of the map" in told.err
    assert "hint:" not in project.parity("run", "shop:half").err


def test_an_unknown_option_is_bad_use(project: Project) -> None:
    told = project.parity("run", "--jsn")
    assert told.status == 2
    assert "--json" in told.err
