"""Asks a deployment whether it is alive, and changes nothing in it: `make aws-smoke`.

Takes account and region from the environment, as the AWS CLI does. A function answers by way of its
alias from the table; an execution on the alias of the state machine calls a function, whose error
comes back by its Java name. Exits with 1 where something is otherwise.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from typing import Any, Final

import boto3

MACHINE: Final = "BatchMoveEndpoint"
UNKNOWN: Final = "com.sable.moves.errors.UnknownWorkflow"


def smoke(session: Any) -> list[str]:
    """What is wrong with the deployment that a boto3 session leads to."""
    wrong = []
    answer = session.client("lambda").invoke(FunctionName="Sable-ListHosts:live", Payload=b"{}")
    said = json.loads(answer["Payload"].read())
    if "hosts" not in said:
        wrong.append(f"Sable-ListHosts says {said}")
    account = session.client("sts").get_caller_identity()["Account"]
    states = session.client("stepfunctions")
    region = states.meta.region_name
    arn = f"arn:aws:states:{region}:{account}:stateMachine:{MACHINE}:live"
    name = f"smoke-{uuid.uuid4()}"
    asked = json.dumps({"workflow": name})
    started = states.start_execution(stateMachineArn=arn, name=name, input=asked)
    ended = _ended(states, started["executionArn"])
    if (ended["status"], ended.get("error")) != ("FAILED", UNKNOWN):
        wrong.append(f"an unknown workflow ends as {ended['status']}, {ended.get('error')}")
    return wrong


def _ended(states: Any, execution: str) -> Any:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(1)
    return {"status": "RUNNING"}


if __name__ == "__main__":
    faults = smoke(boto3.Session())
    print("\n".join(faults) or "the deployment answers")
    sys.exit(1 if faults else 0)
