"""`parity cutover` on a local AWS: to Java with proof, back by itself, killed on the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.aws.client import client
from parity.aws.deployed import PERMISSIONS
from parity.aws.local import LocalAws, Options
from parity.aws.stack import Code
from parity.cutover.journal import Journal, is_under_way
from tests.aws.conftest import PROJECT, ROOT, jdk, parity


def edit(file: Path, old: str, new: str) -> None:
    """Replaces a text of a file."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


class Production:
    """Orders that come in all the time, through the alias."""

    def __init__(self, aws: LocalAws, machine: str) -> None:
        self.states = aws.client("stepfunctions")
        self.machine = machine
        self.count = 3
        self.started: list[str] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Production:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.stop.wait(0.2):
            line = {"article": "pear", "count": self.count, "gift": False}
            given = {"id": f"order-{uuid.uuid4()}", "lines": [line]}
            begun = self.states.start_execution(
                stateMachineArn=f"{self.machine}:live",
                name=given["id"],
                input=json.dumps(given),
            )
            self.started.append(begun["executionArn"])

    def statuses(self) -> set[str]:
        """How all executions have ended."""
        found = set()
        for arn in self.started:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                status = self.states.describe_execution(executionArn=arn)["status"]
                if status != "RUNNING":
                    break
                time.sleep(0.2)
            found.add(status)
        return found


@pytest.fixture(scope="module")
def flawed(proven: Path) -> Iterator[tuple[LocalAws, str]]:
    """An account with what was proven, which errs on large orders: no fixture knows of them."""
    with LocalAws(Options(java=jdk(), cache=proven / "cache")) as aws:
        code = Code((str(proven / "target/classes"),))
        aws.load(PROJECT / "infra/template.yaml", project_code=lambda _: code)
        (stack,) = aws.stacks
        states = aws.client("stepfunctions")
        legacy = {"StartAt": "Legacy", "States": {"Legacy": {"Type": "Pass", "End": True}}}
        role = stack.machines[0].role
        machine = states.create_state_machine(
            name="orders",
            definition=json.dumps(legacy),
            roleArn=role,
            publish=True,
        )["stateMachineArn"]
        states.update_state_machine(
            stateMachineArn=machine, definition=stack.machines[0].definition, publish=True
        )
        states.create_state_machine_alias(
            name="live",
            routingConfiguration=[{"stateMachineVersionArn": f"{machine}:1", "weight": 100}],
        )
        watch = client("cloudwatch", aws.endpoint)
        watch.put_metric_alarm(
            AlarmName="orders-fail", MetricName="ExecutionsFailed", Namespace="AWS/States",
            Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=["arn:aws:sns:us-east-1:123456789012:people"],
        )  # fmt: skip
        watch.set_alarm_state(AlarmName="orders-fail", StateValue="OK", StateReason="a test")
        yield aws, machine


def leads_to(aws: LocalAws, machine: str) -> dict[int, int]:
    """Versions and weights of the alias."""
    told = aws.client("stepfunctions").describe_state_machine_alias(
        stateMachineAliasArn=f"{machine}:live"
    )
    return {
        int(one["stateMachineVersionArn"].rpartition(":")[2]): one["weight"]
        for one in told["routingConfiguration"]
        if one["weight"]
    }


def test_it_comes_to_java_with_proof_and_goes_back_by_itself(
    proven: Path, flawed: tuple[LocalAws, str], tmp_path: Path
) -> None:
    aws, machine = flawed
    folder = tmp_path / "shop"
    shutil.copytree(proven, folder)
    move = ["cutover", "Order"]
    status, out, err = parity(folder, *move, "check", endpoint=aws.endpoint)
    assert status == 0, out + err
    assert out.startswith("open: 3 units, 3 states, 1 alarms, 3 handlers")
    status, out, err = parity(folder, *move, "shift", endpoint=aws.endpoint)
    assert (status, "say --yes" in err) == (2, True)  # there is no terminal to ask at
    with Production(aws, machine) as production:
        status, out, err = parity(folder, *move, "shift", "--yes", "--json", endpoint=aws.endpoint)
        assert status == 0, out + err
        told = json.loads(out)
        assert (told["outcome"], told["route"]) == ("done", {"2": 100})
        assert [one["weight"] for one in told["steps"] if one["what"] == "proved"] == [10, 50, 100]
        assert told["proved"] >= 6
        status, out, err = parity(folder, "status", "--json")
        assert {one["state"] for one in json.loads(out)["units"] if one["java"]} == {"cut-over"}
        status, out, err = parity(folder, *move, "rollback", "--yes", endpoint=aws.endpoint)
        assert status == 0, out + err
        assert leads_to(aws, machine) == {1: 100}
        production.count = 501  # what no fixture has
        status, out, err = parity(folder, *move, "shift", "--yes", endpoint=aws.endpoint)
        assert status == 1, out + err
        assert "rolled-back: order-" in out
        assert "$.result.order.cents  python 20290  java 22545" in out.replace("'", "")
        assert leads_to(aws, machine) == {1: 100}
    assert production.statuses() == {"SUCCEEDED"}


def test_the_tool_is_killed_and_goes_on(
    proven: Path, flawed: tuple[LocalAws, str], tmp_path: Path
) -> None:
    aws, machine = flawed
    folder = tmp_path / "shop"
    shutil.copytree(proven, folder)
    edit(folder / "parity.toml", "floor = 60", "floor = 60\nsteps = [50, 100]")
    command = [sys.executable, "-P", "-m", "parity", "-C", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "AWS_ENDPOINT_URL": aws.endpoint}
    environment |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    environment |= {"AWS_DEFAULT_REGION": "us-east-1"}
    shift = [*command, "cutover", "Order", "shift", "--yes", "--json"]
    allowed = [{1: 100}, {1: 50, 2: 50}, {2: 100}]
    with Production(aws, machine):
        more: list[str] = []
        for seconds in (1.5, 2.5, 4.0, 6.0):
            tool = subprocess.Popen(
                [*shift, *more], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            try:
                tool.communicate(timeout=seconds)
                break  # it was quicker than this test
            except subprocess.TimeoutExpired:
                tool.kill()
                tool.communicate()
            assert leads_to(aws, machine) in allowed
            journal = folder / ".parity/cutover/Order.jsonl"
            more = ["--resume"] if journal.exists() else []
        more = more if is_under_way(Journal(journal).steps()) else ["--dry-run"]
        done = subprocess.run([*shift, *more], env=environment, capture_output=True, text=True)
        told = json.loads(done.stdout) if done.stdout else {}
        assert told["outcome"] in ("done", "dry"), done.stderr
        assert leads_to(aws, machine) == {2: 100}


def test_in_the_shadow_real_inputs_run_on_both_sides(proven: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(proven, folder)
    inputs = folder / "live.jsonl"
    lines = [
        {"id": f"live-{n}", "input": {"id": f"o{n}", "lines": [
            {"article": "pear", "count": n, "gift": False}]}}
        for n in (1, 9, 10, 60)
    ]  # fmt: skip
    inputs.write_text("".join(json.dumps(one) + "\n" for one in lines))
    status, out, err = parity(folder, "cutover", "Order", "shadow", "--inputs", str(inputs))
    assert status == 0, out + err
    status, out, _ = parity(folder, "status", "--json")
    assert {one["state"] for one in json.loads(out)["units"] if one["java"]} == {"shadow"}
    inputs.write_text(inputs.read_text().replace('"count": 60', '"count": 600'))
    status, out, err = parity(folder, "cutover", "Order", "shadow", "--inputs", str(inputs))
    assert status == 1, out + err
    assert "the first state that diverges is PriceLine" in out


def test_the_plan_names_calls_and_permissions(proven: Path) -> None:
    status, out, _ = parity(proven, "cutover", "Order", "plan")
    assert status == 0
    assert "states:UpdateStateMachineAlias live: 10 % to version 2, 90 % to version 1" in out
    assert all(one in out for one in PERMISSIONS)
