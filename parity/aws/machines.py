"""State machines as they run: the tasks in a definition, executions, and single tasks."""

from __future__ import annotations

import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any, Final

from parity.aws.asl import State, read_machine
from parity.aws.stack import StateMachine

LAMBDA: Final = re.compile(r"arn:aws[\w-]*:lambda:[^:]*:\d*:function:[^:]+(:[\w$-]+)?")
LOOK_SECONDS: Final = 0.05
LOOK_SHARE: Final = 0.02
"""How long to wait between two looks, of what the execution has taken so far."""

LONGEST_LOOK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Ended:
    """How an execution or a task ended: with a value, or with an error of this name."""

    value: Any = None
    error: str | None = None
    cause: str = ""


def tasks_of(machine: StateMachine) -> dict[str, str]:
    """The function of each state that calls one, inner states included, in their order."""
    return tasks_in(machine.definition, machine.arn)


def tasks_in(definition: str, where: str) -> dict[str, str]:
    """The same of a definition as text."""
    whole = read_machine(definition, where)
    called = ((state.name, _function_of(state)) for _, state in whole.everywhere())
    return {name: function for name, function in called if function is not None}


def _function_of(state: State) -> str | None:
    """The function that a state calls, directly or by Step Functions' own integration."""
    resource = str(state.body.get("Resource", ""))
    given = state.body.get("Parameters", state.body.get("Arguments", {}))
    function = given.get("FunctionName") if isinstance(given, dict) else None
    for named in (resource, str(function or "")):
        if LAMBDA.fullmatch(named):
            return named
    return str(function) if function and resource.startswith("arn:aws:states:::lambda") else None


def execute(states: Any, machine: str, given: Any, seconds: float) -> Ended:
    """Runs a state machine to its end; one that takes too long is stopped."""
    started = states.start_execution(
        stateMachineArn=machine, name=str(uuid.uuid4()), input=json.dumps(given)
    )
    arn = started["executionArn"]
    began = time.monotonic()
    while (taken := time.monotonic() - began) < seconds:
        found = states.describe_execution(executionArn=arn)
        if found["status"] == "SUCCEEDED":
            return Ended(value=json.loads(found["output"]))
        if found["status"] != "RUNNING":
            error = found.get("error") or f"States.{found['status'].title()}"
            return Ended(error=error, cause=found.get("cause", ""))
        time.sleep(min(LONGEST_LOOK_SECONDS, max(LOOK_SECONDS, LOOK_SHARE * taken)))
    states.stop_execution(executionArn=arn)
    return Ended(error="States.Timeout", cause=f"it took more than {seconds:g} s")


def invoke(lambdas: Any, function: str, event: Any) -> Ended:
    """Runs one handler."""
    answer = lambdas.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    told = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        return Ended(error=str(told.get("errorType")), cause=str(told.get("errorMessage")))
    return Ended(value=told)
