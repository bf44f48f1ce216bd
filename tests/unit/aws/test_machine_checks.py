"""What is said of a state machine before it runs: history, states, timeouts, errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parity.aws.asl import Machine, read_machine
from parity.aws.classes import Classes
from parity.aws.history import histories, most_items
from parity.aws.machine_checks import Doubt, doubts
from parity.aws.payloads import Assumed, payloads
from parity.errors import ParityError

TASK = {"Type": "Task", "Resource": "${WorkFunction}", "TimeoutSeconds": 9}


def machine(states: dict[str, Any], start: str = "", **more: Any) -> Machine:
    body = {"StartAt": start or next(iter(states)), "TimeoutSeconds": 60, "States": states, **more}
    return read_machine(json.dumps(body), "orders.asl.json")


def inner(states: dict[str, Any], mode: str = "INLINE") -> dict[str, Any]:
    start = next(iter(states))
    return {"ProcessorConfig": {"Mode": mode}, "StartAt": start, "States": states}


def mapped(mode: str = "INLINE", **more: Any) -> dict[str, Any]:
    work = {**TASK, "End": True, **more}
    return {"Each": {"Type": "Map", "ItemProcessor": inner({"Work": work}, mode), "End": True}}


def kinds(found: list[Doubt]) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in found]


def test_the_history_grows_with_the_items_of_an_inline_map() -> None:
    (told,) = histories(machine(mapped()), 100)
    assert told.smooth == 2 + 4 + 100 * (2 + 5)
    assert most_items(machine(mapped()), failing=False) == (25_000 - 6) // 7


def test_items_of_a_distributed_map_have_histories_of_their_own() -> None:
    whole = machine(mapped("DISTRIBUTED"))
    assert [(one.machine, one.smooth) for one in histories(whole, 10_000)] == [("", 8), ("Each", 7)]
    assert most_items(whole, failing=True) is None


def test_what_is_tried_again_counts_in_the_worst_case() -> None:
    retry = [{"ErrorEquals": ["a.B"], "MaxAttempts": 10}, {"ErrorEquals": ["States.ALL"]}]
    (told,) = histories(machine({"Work": {**TASK, "End": True, "Retry": retry}}), 0)
    assert (told.smooth, told.worst) == (7, 7 + 3 * (10 + 3))


def test_the_longest_way_counts_and_ways_behind_a_failure_only_in_the_worst_case() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Undo"}]
    states = {
        "Work": {**TASK, "Catch": catch, "Next": "Which"},
        "Which": {"Type": "Choice", "Choices": [{"Next": "Short"}], "Default": "Long"},
        "Short": {"Type": "Succeed"},
        "Long": {"Type": "Pass", "Next": "Short"},
        "Undo": {**TASK, "Next": "Redo"},
        "Redo": {**TASK, "Next": "Long"},
    }
    (told,) = histories(machine(states), 0)
    assert (told.smooth, told.worst) == (2 + 5 + 2 + 2 + 2, 2 + 5 + 5 + 5 + 2 + 2)


def test_a_map_in_a_map_and_parallel_branches_multiply_and_add() -> None:
    branch = inner({"Work": {**TASK, "End": True}})
    both = {"Both": {"Type": "Parallel", "Branches": [branch, branch], "End": True}}
    nested = {"Outer": {"Type": "Map", "ItemProcessor": inner(mapped()), "End": True}}
    assert next(histories(machine(both), 0)).smooth == 2 + 4 + 10
    assert next(histories(machine(nested), 3)).smooth == 2 + 4 + 3 * (2 + 4 + 3 * 7)
    counts = {"Outer": 2, "Outer/Each": 5}
    assert next(histories(machine(nested), counts)).smooth == 2 + 4 + 2 * (2 + 4 + 5 * 7)


def test_too_many_items_are_a_doubt_that_says_how_many_fit() -> None:
    assert kinds(doubts(machine(mapped()), Assumed(items=3000, result=8))) == []
    (doubt,) = doubts(machine(mapped()), Assumed(items=4000, result=8))
    assert (doubt.kind, doubt.where) == ("history", "the machine")
    assert "28,006 events for 4,000 items" in doubt.what
    assert "3,570 items fit" in doubt.hint


def test_a_way_back_has_no_bound() -> None:
    again = {
        "Poll": {**TASK, "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": 5, "Next": "Poll"},
    }
    assert kinds(doubts(machine(again), Assumed())) == [("loop", "Poll")]


def test_a_missing_timeout_is_a_doubt_wherever_it_is_missing() -> None:
    endless = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}
    states = {
        "Each": {**mapped()["Each"], "ItemProcessor": inner({"Ask": {**endless, "End": True}})}
    }
    body = {"StartAt": "Each", "States": states}
    found = doubts(read_machine(json.dumps(body), "x"), Assumed())
    assert kinds(found) == [
        ("timeout", "the machine"),
        ("timeout", "Each/Ask"),
        ("timeout", "Each/Ask"),
    ]


def sizes(told: Machine, assumed: Assumed) -> dict[tuple[str, str], int]:
    return {(one.state, one.what): one.bytes for one in payloads(told, assumed)}


def test_results_add_up_where_they_are_kept_and_not_where_they_are_dropped() -> None:
    def chain(path: str | None) -> Machine:
        states = {
            "A": {**TASK, "ResultPath": "$.a" if path else None, "Next": "B"},
            "B": {**TASK, "ResultPath": "$.b" if path else None, "End": True},
        }
        return machine(states)

    assumed = Assumed(input=10, result=1000)
    assert sizes(chain("$"), assumed)["B", "leaves"] == 10 + 2 * (1000 + 5)
    assert sizes(chain(None), assumed)["B", "leaves"] == 10


def test_a_function_is_given_what_its_parameters_name() -> None:
    shape = {"order.$": "$.a", "both.$": "States.JsonMerge($.a, $.b, false)", "fixed": "xyz"}
    states = {
        "A": {**TASK, "ResultPath": "$.a", "Next": "B"},
        "B": {**TASK, "ResultPath": "$.b", "Next": "C"},
        "C": {**TASK, "Parameters": shape, "End": True},
    }
    results = {"A": 100, "B": 1000}
    told = sizes(machine(states), Assumed(input=10, results=results))
    names = len('"order.$""both.$""fixed"') + 2 * 3 + 2
    assert told["C", "takes"] == names + 100 + (100 + 1000) + len('"xyz"')


def test_the_output_of_an_inline_map_grows_with_its_items() -> None:
    fits, breaks = Assumed(items=200, result=1000), Assumed(items=300, result=1000)
    assert kinds(doubts(machine(mapped()), fits)) == []
    assert kinds(doubts(machine(mapped()), breaks)) == [("payload", "Each")]
    selected = machine(mapped(ResultSelector={"done": True}))
    assert kinds(doubts(selected, breaks)) == []


def test_a_result_that_a_map_writes_to_a_bucket_does_not_grow() -> None:
    states = mapped("DISTRIBUTED")
    states["Each"]["ResultWriter"] = {"Resource": "arn:aws:states:::s3:putObject"}
    assert kinds(doubts(machine(states), Assumed(items=10_000, result=1000))) == []


def caught(name: str) -> Machine:
    catch = [{"ErrorEquals": [name], "Next": "Done"}]
    return machine({"Work": {**TASK, "Catch": catch, "End": True}, "Done": {"Type": "Succeed"}})


@pytest.fixture(scope="module")
def classes() -> Classes:
    """The harness's own classes: whatever is compiled will do."""
    root = Path(__file__).resolve().parents[3] / "parity" / "harness" / "target"
    return Classes([root / "no-such-folder", root / "classes", root / "no-such.jar"])


def raised_in(classes: Classes) -> str:
    """A class of ours that can be raised, found by its name."""
    (folder,) = classes._folders
    found = sorted(folder.rglob("*.class"))
    names = [".".join(one.relative_to(folder).with_suffix("").parts) for one in found]
    return next(one for one in names if one.endswith("Exception") or classes.raisable(one))


def test_a_class_that_nothing_can_raise_is_a_doubt(classes: Classes) -> None:
    name = raised_in(classes)
    assert kinds(doubts(caught(name), Assumed(), classes)) == []
    for wrong in (name + "s", "java.lang.String", "com.example.Gone"):
        assert kinds(doubts(caught(wrong), Assumed(), classes)) == [("error-class", "Work")]


@pytest.mark.parametrize(
    "name", ["States.ALL", "Lambda.Unknown", "DynamoDB.ThrottlingException", "java.lang.Exception"]
)
def test_names_of_aws_and_of_the_jdk_are_known(name: str, classes: Classes) -> None:
    assert kinds(doubts(caught(name), Assumed(), classes)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"StartAt": "A"}',
        '{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}',
        '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}',
        '{"StartAt": "A", "States": {"A": {"Type": "Job"}}}',
    ],
)
def test_what_is_no_machine_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ParityError, match="no state machine"):
        read_machine(text, "x.asl.json")
