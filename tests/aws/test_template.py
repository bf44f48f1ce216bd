"""The template and the ASL file of BatchMoveEndpoint are valid, and agree with each other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import cfnlint.api
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "java_lambdas" / "workflow"
LOCAL_CODE = "W3002"  # "may only work with 'package'": that is how it is deployed


def template() -> dict[str, Any]:
    return dict(json.loads((FOLDER / "template.json").read_text("utf-8")))


def machine() -> dict[str, Any]:
    return dict(json.loads((FOLDER / "BatchMoveEndpoint.asl.json").read_text("utf-8")))


def lint(asl: dict[str, Any]) -> list[str]:
    """What is wrong with the template, or with a state machine in the place of its own."""
    whole = template()
    properties = whole["Resources"]["BatchMoveEndpoint"]["Properties"]
    del properties["DefinitionS3Location"]
    properties["Definition"] = asl
    found = cfnlint.api.lint(json.dumps(whole), regions=["us-east-1"])
    return [f"{one.rule.id} {one.message}" for one in found if one.rule.id != LOCAL_CODE]


def test_template_and_state_machine_are_valid() -> None:
    assert lint(machine()) == []


def test_a_state_that_is_not_there_would_be_found() -> None:
    asl = machine()
    asl["StartAt"] = "Nobody"
    assert any(one.startswith("E3601") for one in lint(asl))


def test_every_name_in_the_state_machine_is_given_and_every_given_one_is_used() -> None:
    text = (FOLDER / "BatchMoveEndpoint.asl.json").read_text("utf-8")
    used = set(re.findall(r"\$\{(\w+)\}", text))
    properties = template()["Resources"]["BatchMoveEndpoint"]["Properties"]
    assert properties["DefinitionS3Location"] == "BatchMoveEndpoint.asl.json"
    assert used == set(properties["DefinitionSubstitutions"])


def functions() -> dict[str, dict[str, Any]]:
    resources = template()["Resources"]
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Function"
    }


@pytest.mark.parametrize("name", sorted(functions()))
def test_every_function_has_a_class_with_a_constructor_that_wires(name: str) -> None:
    properties = functions()[name]
    handler = properties["Handler"].removesuffix("::handleRequest")
    wanted = properties["Environment"]["Variables"].get("CLAIMS_HANDLER", handler)
    assert wanted == f"com.sable.moves.{name.removesuffix('Function')}"
    source = next(ROOT.glob(f"java_lambdas/moves/src/main/java/{wanted.replace('.', '/')}.java"))
    text = source.read_text("utf-8")
    simple = wanted.rpartition(".")[2]
    assert f"public {simple}() {{" in text or f" {simple}(" not in text


def test_a_function_ends_before_its_state_gives_it_up() -> None:
    def tasks(states: dict[str, Any]) -> list[tuple[str, int]]:
        found = []
        for state in states.values():
            if state["Type"] == "Task":
                found.append((state["Resource"][2:-1], state["TimeoutSeconds"]))
            found += tasks(state.get("ItemProcessor", {}).get("States", {}))
        return found

    known = functions()
    for name, seconds in tasks(machine()["States"]):
        assert known[name]["Timeout"] < seconds, name


def test_claims_expire_after_the_longest_execution() -> None:
    days = template()["Parameters"]["ClaimDays"]
    assert days["MinValue"] * 24 * 3600 > machine()["TimeoutSeconds"]
