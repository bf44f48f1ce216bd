"""Production in small, on the AWS of the environment: what `parity cutover` moves in its guide.

`deploy` publishes the legacy server as version 1 of BatchMoveEndpoint and the port as version 2,
with an alias that leads to the former, and the alarm. `serve WORLD.json` lets workflows come in
through that alias, one after the other, until it is ended; those that the alias gives to version
1 are done by the legacy server, which takes them from a queue and answers with their token.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Final

import boto3

from sable_trial import once
from sable_trial.cloud import Cloud
from sable_trial.worlds import World

MACHINE: Final = "BatchMoveEndpoint"
QUEUE: Final = "sable-legacy"
ALIAS: Final = "live"
ALARM: Final = "Sable-WorkflowFailed"
READER: Final = "ReadWorkflow"  # a function that knows the table
SECONDS: Final = 300.0
LOOK_SECONDS: Final = 0.1


def deploy() -> str:
    """Two versions, an alias and an alarm; answers the ARN of the state machine."""
    states = boto3.client("stepfunctions")
    machine = found_machine(states)
    definition = states.describe_state_machine(stateMachineArn=machine)["definition"]
    queue = boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    for text in (json.dumps(legacy(queue)), definition):
        states.update_state_machine(stateMachineArn=machine, definition=text, publish=True)
    states.create_state_machine_alias(
        name=ALIAS,
        routingConfiguration=[{"stateMachineVersionArn": f"{machine}:1", "weight": 100}],
    )
    watch()
    return machine


def legacy(queue: str) -> dict[str, Any]:
    """A definition whose one task is the legacy server."""
    body = {"token.$": "$$.Task.Token", "request.$": "$"}
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue, "MessageBody": body},
        "TimeoutSeconds": 604_800,
        "End": True,
    }
    return {"StartAt": "Legacy", "States": {"Legacy": task}}


def watch() -> None:
    """The alarm of the stacks. The local AWS watches nothing: its state is what AWS's would be."""
    topic = boto3.client("sns").create_topic(Name="sable-on-call")["TopicArn"]
    cloudwatch = boto3.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=ALARM,
        Namespace="AWS/States",
        MetricName="ExecutionsFailed",
        Dimensions=[{"Name": "StateMachineArn", "Value": MACHINE}],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[topic],
    )
    cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason="nothing has failed")


def found_machine(states: Any) -> str:
    """The ARN of BatchMoveEndpoint."""
    for page in states.get_paginator("list_state_machines").paginate():
        for one in page["stateMachines"]:
            if one["name"] == MACHINE:
                return str(one["stateMachineArn"])
    raise SystemExit(f"there is no {MACHINE} in this account")


class Production:
    """Workflows that come in, and the legacy server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.states = boto3.client("stepfunctions")
        self.machine = found_machine(self.states)
        self.queue = boto3.client("sqs")
        self.url = self.queue.get_queue_url(QueueName=QUEUE)["QueueUrl"]
        os.environ["PARITY_OUTPUTS"] = json.dumps({"Table": _table()})
        self.cloud = Cloud()

    def work(self, name: str) -> str:
        """One workflow from its start to its end; answers how it ended."""
        world = {**self.world, "workflow": name}
        self.cloud.load(world)
        started = self.states.start_execution(
            stateMachineArn=f"{self.machine}:{ALIAS}",
            name=name,
            input=json.dumps({"workflow": name}),
        )
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            self._serve(world)
            told = self.states.describe_execution(executionArn=started["executionArn"])
            if told["status"] != "RUNNING":
                version = str(told.get("stateMachineVersionArn")).rpartition(":")[2]
                return f"{told['status']} version {version}"
            time.sleep(LOOK_SECONDS)
        return "RUNNING"

    def _serve(self, world: World) -> None:
        """What the alias has given to the legacy server is done, and answered."""
        for message in self.queue.receive_message(QueueUrl=self.url).get("Messages", []):
            self.queue.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            asked = json.loads(message["Body"])
            done = once.run(asked["request"], world)["returned"]
            self.states.send_task_success(taskToken=asked["token"], output=json.dumps(done))


def _table() -> str:
    """The name of the table, from a function that knows it."""
    for page in boto3.client("lambda").get_paginator("list_functions").paginate():
        for one in page["Functions"]:
            if READER in one["FunctionName"]:
                return str(one["Environment"]["Variables"]["SABLE_TABLE"])
    raise SystemExit(f"there is no function {READER} in this account")


def main() -> None:
    """`deploy`, or `serve WORLD.json`."""
    match sys.argv[1:]:
        case ["deploy"]:
            print(deploy())
        case ["serve", file]:
            production = Production(json.loads(Path(file).read_text("utf-8")))
            try:
                for number in itertools.count(1):
                    name = f"batch-{number:012x}"
                    print(f"{name} {production.work(name)}", flush=True)
            finally:
                production.cloud.end()
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
