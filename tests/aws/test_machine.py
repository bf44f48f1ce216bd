"""What is said of BatchMoveEndpoint without running it, and that it retries as the server does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parity.aws.asl import Machine, State, read_machine
from parity.aws.classes import Classes
from parity.aws.machine_checks import doubts
from parity.aws.payloads import Assumed

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "java_lambdas" / "workflow"
ERRORS = "com.sable.moves.errors."
STEPS = {
    "PlanBatch": "plan",
    "LockEndpoint": "lock",
    "CopyChunks": "copy",
    "CatchUp": "catch_up",
    "VerifyCopy": "verify",
    "FreezeSource": "freeze",
    "SwitchRoute": "switch",
}
BEHIND = {"ReleaseSource": "release", "FinishSwitch": "switch"}
LONG = 1000  # attempts that stand for "for ever": a history has room for no more


def machine() -> Machine:
    text = (FOLDER / "BatchMoveEndpoint.asl.json").read_text("utf-8")
    return read_machine(text, "BatchMoveEndpoint.asl.json")


def assumed(over: int, items: int = 1000) -> Assumed:
    """As many moves as a batch takes; results of functions with claims are no larger than these."""
    resources = json.loads((FOLDER / "template.json").read_text("utf-8"))["Resources"]
    results = {
        state.path: over
        for _, state in machine().everywhere()
        if state.kind == "Task"
        and "CLAIMS_BUCKET"
        in resources[state.body["Resource"][2:-1]]["Properties"]["Environment"]["Variables"]
    }
    results["ListMoves"] = 1024  # always a claim
    return Assumed(items=items, item=4096, results=results)


def test_nothing_is_in_doubt_for_the_largest_batch() -> None:
    target = ROOT / "java_lambdas"
    classes = Classes([target / "moves/target/classes", target / "claims/target/classes"])
    if not (target / "claims/target/classes").is_dir():
        pytest.fail("run `mvn -f java_lambdas/pom.xml compile`")
    assert doubts(machine(), assumed(over=32_768), classes) == []


def test_claims_of_the_default_size_would_not_fit_beside_each_other() -> None:
    found = doubts(machine(), assumed(over=196_608))
    assert {one.kind for one in found} == {"payload"}


def test_an_inline_map_would_not_have_fitted() -> None:
    text = (FOLDER / "BatchMoveEndpoint.asl.json").read_text("utf-8")
    inline = read_machine(text.replace('"DISTRIBUTED"', '"INLINE"'), "x")
    assert "history" in {one.kind for one in doubts(inline, assumed(over=32_768))}


@pytest.fixture(scope="module")
def sable() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "legacy_py"))
    try:
        import sable.errors
        import sable.retries

        yield sable
    finally:
        sys.path.remove(str(ROOT / "legacy_py"))


def states() -> dict[str, State]:
    return {state.name: state for _, state in machine().everywhere()}


def granted(state: State, error: str) -> int:
    """How often a state is tried again when it always fails with this error."""
    for retrier in state.retriers():
        if {error, "States.ALL"} & set(retrier["ErrorEquals"]):
            return int(retrier.get("MaxAttempts", 3))
    return 0


def decided(sable: Any, step: str, error: str, switched: bool) -> int:
    attempt = 1
    while attempt <= LONG and sable.retries.decide(step, error, attempt, switched) == "retry":
        attempt += 1
    return attempt - 1


@pytest.mark.parametrize("name", sorted(STEPS))
def test_before_the_switch_a_state_retries_as_the_server_does(sable: Any, name: str) -> None:
    for error in sable.errors.KINDS:
        if error == "Fenced" and name != "PlanBatch":
            continue  # a later attempt of the same state may have fenced it: docs/decisions
        assert granted(states()[name], ERRORS + error) == decided(
            sable, STEPS[name], error, switched=False
        ), error


@pytest.mark.parametrize("name", sorted(BEHIND))
def test_behind_the_switch_it_retries_as_long_as_a_history_allows(sable: Any, name: str) -> None:
    for error in sable.retries.PASSING:
        assert decided(sable, BEHIND[name], error, switched=True) == LONG
        assert granted(states()[name], ERRORS + error) == LONG


def test_an_error_that_does_not_pass_ends_every_state_soon() -> None:
    """Half a day of attempts would hide it: the server is looked after, an execution ends."""
    for name, state in states().items():
        if state.kind == "Task":
            assert granted(state, "java.lang.IllegalAccessException") <= 3, name


def test_the_time_of_all_attempts_is_that_of_the_server(sable: Any) -> None:
    attempts = range(1, sable.retries.MOST_ATTEMPTS)
    waits = [sable.retries.wait_ms(attempt, salt="") for attempt in attempts]
    (retrier,) = [
        one
        for one in states()["LockEndpoint"].retriers()
        if ERRORS + "Unavailable" in one["ErrorEquals"]
    ]
    assert (retrier["IntervalSeconds"], retrier["BackoffRate"]) == (1, 1.0)
    assert retrier["JitterStrategy"] == "FULL"  # between 0 and 1 s: half a second on average
    mean = retrier["MaxAttempts"] * 500
    assert sum(waits) * 0.5 <= mean <= sum(waits)


def test_an_error_ends_a_move_on_the_way_that_the_server_takes(sable: Any) -> None:
    for name in set(STEPS) - {"PlanBatch"}:
        first, second = states()[name].catchers()
        assert (first["ErrorEquals"], first["Next"]) == ([ERRORS + "Fenced"], "TakenOver")
        assert (second["ErrorEquals"], second["Next"]) == (["States.ALL"], "TurnBack")
