"""The ASL file of BatchMoveEndpoint in moto's interpreter; its functions are scripted here."""

from __future__ import annotations

import itertools
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import moto.stepfunctions.parser.asl.component.common.retry.retrier_decl as retrier_decl
import moto.stepfunctions.parser.asl.component.state.exec.state_task.lambda_eval_utils as evaluation
import pytest
from moto import mock_aws
from moto.server import ThreadedMotoServer

from parity.aws.asl import read_machine
from parity.aws.history import histories

ASL = Path(__file__).resolve().parents[2] / "java_lambdas/workflow/BatchMoveEndpoint.asl.json"
ERRORS = "com.sable.moves.errors."
ROLE = "arn:aws:iam::123456789012:role/any"
FORWARD = [
    *("AdmitMove", "LockEndpoint", "CopyChunks", "CatchUp", "VerifyCopy"),
    *("FreezeSource", "SwitchRoute", "ReleaseSource", "EndMove"),
]


class Raised(Exception):
    """What a function raises: the name of a Java class."""


class Functions:
    """All functions of the workflow as far as the state machine sees them, over a small world."""

    def __init__(self, s3: Any, moves: list[dict[str, Any]]) -> None:
        self.s3 = s3
        self.moves = {move["endpoint"]: {"state": "waiting", **move} for move in moves}
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.faults: dict[tuple[str, str], list[str]] = {}

    def names(self, endpoint: str) -> list[str]:
        """The functions that were called for one move, in their order."""
        return [name for name, about, _ in self.calls if about == endpoint]

    def invoke(self, name: str, event: dict[str, Any]) -> Any:
        """What a function returns, or Raised."""
        body = event["event"] if "claims" in event else event
        context = body.get("context", body)
        about = context.get("move", {}).get("endpoint", "")
        self.calls.append((name, about, event))
        faults = self.faults.get((name, about), [])
        if faults and (fault := faults.pop(0)):
            raise Raised(fault)
        do: Callable[[Any], Any] = getattr(self, name, lambda _: {})
        result = do(body)
        if event.get("claims", {}).get("always"):
            return self.leave(event["claims"], result)
        return result

    def leave(self, place: dict[str, Any], result: Any) -> Any:
        """As a claim check does."""
        key = f"{place['execution']}/{place['state']}/{place['attempt']}-1"
        self.s3.put_object(Bucket="claims", Key=key, Body=json.dumps(result).encode())
        claim = {"bucket": "claims", "key": key, "bytes": 1, "sha256": "0" * 64}
        return {"claim_check": claim}

    def ClaimWorkflow(self, event: Any) -> Any:  # noqa: N802
        return {"token": 7}

    def ReadWorkflow(self, event: Any) -> Any:  # noqa: N802
        return {"workflow": {"moves": self.moves}, "finished_at": 9}

    def PlanBatch(self, event: Any) -> Any:  # noqa: N802
        return list(event["workflow"]["moves"].values())

    def RecordPlan(self, event: Any) -> Any:  # noqa: N802
        assert len(event["moves"]) == len(self.moves)
        return {"moves": len(self.moves), "concurrency": 2}

    def ListMoves(self, event: Any) -> Any:  # noqa: N802
        same = {"workflow": event["workflow"], "token": event["token"], "chunk_size": 1024}
        return [{**same, "move": move} for move in self.moves.values()]

    def GiveUpPlan(self, event: Any) -> Any:  # noqa: N802
        for move in self.moves.values():
            move.update(state="rolled_back", error=event["error"]["Error"])
        return {"moves": len(self.moves)}

    def CopyChunks(self, event: Any) -> Any:  # noqa: N802
        return {"copied": 5}

    def FreezeSource(self, event: Any) -> Any:  # noqa: N802
        return {"frozen_at": 123}

    def SwitchRoute(self, event: Any) -> Any:  # noqa: N802
        assert event["move"]["frozen_at"] == 123
        return {"switched": True, "pause_ms": 4}

    def EndMove(self, event: Any) -> Any:  # noqa: N802
        facts = {"copied": 5, "frozen_at": 123, "switched": True, "pause_ms": 4}
        assert event["context"]["move"].items() >= facts.items()
        self.moves[event["context"]["move"]["endpoint"]]["state"] = event["state"]

    def RollBack(self, event: Any) -> Any:  # noqa: N802
        self.moves[event["move"]["endpoint"]]["state"] = "rolled_back"

    def TurnBack(self, event: Any) -> Any:  # noqa: N802
        assert event["error"]["Error"]
        return not self.moves[event["context"]["move"]["endpoint"]].get("switched")

    def Summarise(self, event: Any) -> Any:  # noqa: N802
        states = [move["state"] for move in event["workflow"]["moves"].values()]
        return {state: states.count(state) for state in sorted(set(states))}

    def FinishWorkflow(self, event: Any) -> Any:  # noqa: N802
        states = {move["state"] for move in event["read"]["workflow"]["moves"].values()}
        if not states <= {"moved", "rolled_back"}:
            raise Raised(ERRORS + "MovesOpen")
        return event["summary"]


class Machine:
    """The state machine, ready to be run once on some moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
        s3 = boto3.client("s3", **keys)
        s3.create_bucket(Bucket="claims")
        self.steps = boto3.client("stepfunctions", **keys)
        self.functions = Functions(s3, [])
        self.numbers = itertools.count(1)

        def invoke(parameters: dict[str, Any], region: str, state_credentials: Any) -> Any:
            name = parameters["FunctionName"].split(":")[-1]
            try:
                result = self.functions.invoke(name, json.loads(parameters["Payload"]))
                return {"Payload": result, "StatusCode": 200, "ExecutedVersion": "$LATEST"}
            except Raised as raised:
                told = {"errorType": str(raised), "errorMessage": "told"}
                return {"Payload": told, "FunctionError": "Unhandled", "StatusCode": 200}

        monkeypatch.setattr(evaluation, "_invoke_lambda_function", invoke)
        arn = "arn:aws:lambda:us-east-1:123456789012:function:"
        text = re.sub(r"\$\{(\w+)Function\}", lambda found: arn + found[1], ASL.read_text("utf-8"))
        definition = text.replace("${ClaimsBucket}", "claims")
        made = self.steps.create_state_machine(name="m", definition=definition, roleArn=ROLE)
        self.arn = made["stateMachineArn"]

    def run(self, *moves: dict[str, Any], **faults: list[str]) -> dict[str, Any]:
        """The end of an execution; a fault is `FUNCTION__ENDPOINT = [errors]`, "" is none."""
        self.functions.moves = {one["endpoint"]: {"state": "waiting", **one} for one in moves}
        self.functions.faults = {
            (name, about): list(errors)
            for key, errors in faults.items()
            for name, _, about in [key.partition("__")]
        }
        name = f"batch-{next(self.numbers)}"
        started = self.steps.start_execution(
            stateMachineArn=self.arn, name=name, input=json.dumps({"workflow": name})
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            told = self.steps.describe_execution(executionArn=started["executionArn"])
            if told["status"] != "RUNNING":
                return dict(told)
            time.sleep(0.02)
        raise TimeoutError(str(self.functions.calls[-3:]))


@pytest.fixture(scope="module")
def only() -> Iterator[Machine]:
    """One state machine for all tests: reading an ASL file takes moto a while."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    config = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    with pytest.MonkeyPatch.context() as patch, mock_aws(config=config):  # type: ignore[call-overload]
        patch.setitem(os.environ, "MOTO_PORT", str(server.get_host_and_port()[1]))
        patch.setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: None))
        yield Machine(patch)
    server.stop()


@pytest.fixture
def machine(only: Machine) -> Machine:
    only.functions.calls.clear()
    return only


def moves(*names: str, **facts: Any) -> list[dict[str, Any]]:
    return [{"endpoint": name, "source": "s", "target": "t", **facts} for name in names]


def summary(end: dict[str, Any]) -> Any:
    assert end["status"] == "SUCCEEDED", end
    return json.loads(end["output"])


def test_all_moves_take_all_steps_and_are_summarised_once(machine: Machine) -> None:
    assert summary(machine.run(*moves("a", "b", "c"))) == {"moved": 3}
    for name in "abc":
        assert machine.functions.names(name) == FORWARD
    assert [name for name, about, _ in machine.functions.calls if not about] == [
        *("ClaimWorkflow", "ReadWorkflow", "PlanBatch", "RecordPlan", "ListMoves"),
        *("ReadWorkflow", "Summarise", "FinishWorkflow"),
    ]


def test_a_history_is_as_long_as_it_was_said_to_be(machine: Machine) -> None:
    end = machine.run(*moves("a", "b"))
    told = machine.steps.get_execution_history(executionArn=end["executionArn"], maxResults=1000)
    said = next(histories(read_machine(ASL.read_text("utf-8"), ASL.name), 2))
    assert len(told["events"]) == said.smooth


def test_a_step_is_told_which_attempt_it_is(machine: Machine) -> None:
    machine.run(*moves("a"), VerifyCopy__a=[ERRORS + "Unavailable"] * 2)
    attempts = [
        event["attempt"] for name, _, event in machine.functions.calls if name == "VerifyCopy"
    ]
    assert attempts == [0, 1, 2]


@pytest.mark.parametrize(("failures", "ends"), [(13, "moved"), (14, "rolled_back")])
def test_a_step_that_may_pass_has_fourteen_attempts(
    machine: Machine, failures: int, ends: str
) -> None:
    end = machine.run(*moves("a", "b"), FreezeSource__a=[ERRORS + "Unavailable"] * failures)
    assert machine.functions.moves["a"]["state"] == ends
    assert machine.functions.moves["b"]["state"] == "moved"
    assert sum(summary(end).values()) == 2


def test_an_error_that_stays_turns_the_move_back_at_once(machine: Machine) -> None:
    assert summary(machine.run(*moves("a"), LockEndpoint__a=[ERRORS + "WrongSource"])) == {
        "rolled_back": 1
    }
    assert machine.functions.names("a") == ["AdmitMove", "LockEndpoint", "TurnBack", "RollBack"]


def test_behind_the_switch_there_is_no_way_back(machine: Machine) -> None:
    silent = [ERRORS + "Unavailable"] * 40
    end = machine.run(*moves("a", switched=True), SwitchRoute__a=silent, ReleaseSource__a=silent)
    assert summary(end) == {"moved": 1}
    names = machine.functions.names("a")
    assert "RollBack" not in names
    assert names[-2:] == ["ReleaseSource", "EndMove"]
    assert (names.count("SwitchRoute"), names.count("TurnBack")) == (41, 1)


def test_a_move_that_another_execution_drives_is_left_alone(machine: Machine) -> None:
    end = machine.run(*moves("a", "b"), CopyChunks__a=[ERRORS + "Fenced"] * 4)
    assert (end["status"], end["error"]) == ("FAILED", ERRORS + "MovesOpen")
    assert machine.functions.names("a")[-1] == "CopyChunks"
    assert machine.functions.moves["b"]["state"] == "moved"


def test_an_attempt_that_a_duplicate_has_fenced_is_tried_again(machine: Machine) -> None:
    end = machine.run(*moves("a"), CopyChunks__a=[ERRORS + "Fenced"] * 3)
    assert summary(end) == {"moved": 1}


def test_a_batch_that_cannot_be_planned_ends_without_a_move(machine: Machine) -> None:
    end = machine.run(*moves("a", "b"), PlanBatch__=[ERRORS + "TargetFull"])
    assert summary(end) == {"rolled_back": 2}
    assert machine.functions.moves["a"]["error"] == ERRORS + "TargetFull"
    assert not machine.functions.names("a")


def test_a_move_that_was_given_up_goes_back_at_once(machine: Machine) -> None:
    assert summary(machine.run(*moves("a", state="rolling_back"))) == {"rolled_back": 1}
    assert machine.functions.names("a") == ["RollBack"]


def test_a_busy_host_is_waited_for(machine: Machine) -> None:
    end = machine.run(*moves("a"), AdmitMove__a=[ERRORS + "HostBusy"] * 50)
    assert summary(end) == {"moved": 1}
