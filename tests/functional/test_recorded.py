"""Judged by what was recorded, where python cannot be run, is gone, or has changed."""

from __future__ import annotations

from tests.functional.conftest import Project

RECORDED = '[unit."shop:half"]\njava = "shop.Half#half"\njudge = "recorded"\n'


def test_a_module_that_cannot_be_imported_is_judged_by_its_recordings(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": RECORDED,
            "src/shop.py": "import a_package_that_nobody_has\n",
            "fixtures/shop/half.jsonl": '{"id": "a", "args": [4], "observed": {"returned": 2}}\n'
            '{"id": "b", "args": [-3], "observed": {"returned": -2}}\n',
        }
    )
    told = project.javac().run()
    assert told.status == 0, told.text
    assert told.unit["matched"] == 2


def test_java_that_disagrees_with_a_recording_differs(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": RECORDED,
            "fixtures/shop/half.jsonl": '{"id": "a", "args": [-3], "observed": {"returned": -1}}\n',
        }
    )
    told = project.javac().run()
    assert told.status == 1
    (finding,) = told.unit["findings"]
    assert (finding["kind"], finding["path"]) == ("changed", "$")
    assert (finding["python"], finding["java"]) == (-1, -2)


def test_a_recorded_exception_is_compared_as_one(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": RECORDED,
            "fixtures/shop/half.jsonl": '{"id": "a", "args": [1], "observed": '
            '{"raised": {"class": "ValueError", "message": "odd"}}}\n',
        }
    )
    told = project.javac().run()
    assert told.status == 1
    (finding,) = told.unit["findings"]
    assert (finding["kind"], finding["path"]) == ("raised", "$raised")


def test_a_fixture_without_a_recording_is_unknown(project: Project) -> None:
    told = project.write({"parity.map.toml": RECORDED}).javac().run()
    assert told.status == 2
    assert told.unit["unknown"] == 2
    assert {finding["kind"] for finding in told.unit["findings"]} == {"recording"}


def test_python_that_contradicts_its_recording_is_found_as_recording(project: Project) -> None:
    project.write(
        {
            "fixtures/shop/half.jsonl": '{"id": "a", "args": [4], "observed": {"returned": 2}}\n'
            '{"id": "b", "args": [5], "observed": {"returned": 3}}\n',
        }
    )
    told = project.javac().run()
    assert told.status == 1
    (finding,) = told.unit["findings"]
    assert (finding["fixture"], finding["kind"]) == ("b", "recording")
