"""What an account has of a workflow, and the few calls that a cutover makes there.

The same calls go to AWS and to the local one; only endpoint and credentials differ.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
import urllib.request
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.aws.client import client, no_extra
from parity.errors import ParityError
from parity.gate import Route

PERMISSIONS: Final = (
    "states:ListStateMachines",
    "states:DescribeStateMachine",
    "states:DescribeStateMachineAlias",
    "states:UpdateStateMachineAlias",
    "states:ListExecutions",
    "states:DescribeExecution",
    "lambda:GetFunction",
    "cloudwatch:DescribeAlarms",
)
"""All that a cutover asks an account for."""

GONE: Final = ("ResourceNotFound", "StateMachineDoesNotExist", "ResourceNotFoundException")
AT_ONCE: Final = 100
FETCH_SECONDS: Final = 120
MOST_BYTES: Final = 1 << 28
"""A package is at most 250 MB."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm: its state, whether it tells anybody."""

    name: str
    state: str
    tells: bool


@dataclass(frozen=True, slots=True)
class Run:
    """An execution that ended: what it was given, and how it ended."""

    arn: str
    name: str
    version: int | None
    status: str
    given: Any
    output: Any = None
    error: str | None = None


@dataclass
class Account:
    """The part of an account that a workflow is in. Every call is named in PERMISSIONS."""

    endpoint: str | None = None
    region: str | None = None
    _clients: dict[str, Any] = field(default_factory=dict)
    _packages: dict[str, bytes | None] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    """Each call that was made, as a permission; a test compares them with PERMISSIONS."""

    def machine(self, machine: str) -> str | None:
        """The ARN of a state machine; None where there is none of this name."""
        if machine.startswith("arn:"):
            return machine
        token: dict[str, str] = {}
        while True:
            page = self._ask("stepfunctions", "list_state_machines", **token)
            for one in page["stateMachines"]:
                if one["name"] == machine:
                    return str(one["stateMachineArn"])
            if not page.get("nextToken"):
                return None
            token = {"nextToken": page["nextToken"]}

    def definition(self, machine: str, version: int) -> Mapping[str, Any] | None:
        """The definition of a version; None where there is none."""
        arn = f"{machine}:{version}"
        found = self._look("stepfunctions", "describe_state_machine", stateMachineArn=arn)
        return None if found is None else dict(json.loads(found["definition"]))

    def route(self, machine: str, alias: str) -> Route | None:
        """Where an alias leads; None where there is none."""
        arn = f"{machine}:{alias}"
        found = self._look(
            "stepfunctions", "describe_state_machine_alias", stateMachineAliasArn=arn
        )
        if found is None:
            return None
        weights = {
            int(one["stateMachineVersionArn"].rpartition(":")[2]): int(one["weight"])
            for one in found["routingConfiguration"]
        }
        return Route(tuple(sorted(weights.items())))

    def turn(self, machine: str, alias: str, route: Route) -> None:
        """Has an alias lead elsewhere."""
        routes = [
            {"stateMachineVersionArn": f"{machine}:{version}", "weight": weight}
            for version, weight in route.weights
            if weight
        ]
        self._ask(
            "stepfunctions",
            "update_state_machine_alias",
            stateMachineAliasArn=f"{machine}:{alias}",
            routingConfiguration=routes,
        )

    def alarms(self, names: Sequence[str]) -> dict[str, Alarm]:
        """Alarms by their names, as far as they exist."""
        found: dict[str, Alarm] = {}
        for at in range(0, len(names), AT_ONCE):
            page = self._ask(
                "cloudwatch", "describe_alarms", AlarmNames=list(names[at : at + AT_ONCE])
            )
            for one in [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]:
                tells = bool(one.get("ActionsEnabled")) and bool(one.get("AlarmActions"))
                found[one["AlarmName"]] = Alarm(one["AlarmName"], one["StateValue"], tells)
        return found

    def function(self, name: str) -> Mapping[str, Any] | None:
        """Handler, runtime, state and `Location` of a function; None where there is none."""
        name, qualifier = _qualified(name)
        more = {"Qualifier": qualifier} if qualifier else {}
        found = self._look("lambda", "get_function", FunctionName=name, **more)
        if found is None:
            return None
        location = found.get("Code", {}).get("Location", "")
        return {**found["Configuration"], "Location": location}

    def package(self, function: Mapping[str, Any]) -> bytes | None:
        """The package of a function, as AWS hands it out; None where that cannot be had.

        What comes is what `CodeSha256` says, or it is not taken.
        """
        wanted, location = str(function.get("CodeSha256", "")), str(function.get("Location", ""))
        if wanted not in self._packages:
            data = self._fetched(location)
            digest = base64.b64encode(hashlib.sha256(data or b"").digest()).decode()
            self._packages[wanted] = data if digest == wanted else None
        return self._packages[wanted]

    def _fetched(self, location: str) -> bytes | None:
        if not location.startswith(("https://", "http://127.0.0.1:")):
            return None
        try:
            with urllib.request.urlopen(location, timeout=FETCH_SECONDS) as answer:
                return bytes(answer.read(MOST_BYTES))
        except OSError:
            return None

    def runs(self, machine: str, since: float, known: Collection[str] = ()) -> Iterator[Run]:
        """The executions that began after a moment and have ended, but for those known already."""
        token: dict[str, str] = {}
        while True:
            page = self._ask("stepfunctions", "list_executions", stateMachineArn=machine, **token)
            young = [one for one in page["executions"] if one["startDate"].timestamp() >= since]
            for one in young:
                if one["status"] != "RUNNING" and one["executionArn"] not in known:
                    yield self._run(one["executionArn"])
            if not young or not page.get("nextToken"):
                return
            token = {"nextToken": page["nextToken"]}

    def _run(self, arn: str) -> Run:
        told = self._ask("stepfunctions", "describe_execution", executionArn=arn)
        version = str(told.get("stateMachineVersionArn") or "").rpartition(":")[2]
        return Run(
            arn=arn,
            name=told["name"],
            version=int(version) if version.isdecimal() else None,
            status=told["status"],
            given=json.loads(told.get("input") or "null"),
            output=json.loads(told["output"]) if told.get("output") else None,
            error=told.get("error"),
        )

    # ------------------------------------------------------------ calls

    def _look(self, service: str, call: str, **given: Any) -> Any:
        """What a call answers; None where what it asks for does not exist."""
        from botocore.exceptions import ClientError

        try:
            return self._ask(service, call, **given)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return None
            raise

    def _ask(self, service: str, call: str, **given: Any) -> Any:
        try:
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise no_extra() from None
        name = "states" if service == "stepfunctions" else service
        self.calls.append(f"{name}:{''.join(part.title() for part in call.split('_'))}")
        try:
            if service not in self._clients:
                self._clients[service] = client(service, self.endpoint, self.region)
            return getattr(self._clients[service], call)(**given)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                raise
            raise self._refused(call, error) from None
        except BotoCoreError as error:
            raise self._refused(call, error) from None

    def _refused(self, call: str, error: Exception) -> ParityError:
        return ParityError(
            f"AWS did not answer {call}",
            where=self.endpoint,
            why=str(error),
            next_step="check region, credentials and AWS_ENDPOINT_URL, and the permissions that "
            "docs/cutover.md lists",
        )


def _qualified(function: str) -> tuple[str, str]:
    """The name or ARN of a function, and the version or alias behind it."""
    if not function.startswith("arn:"):
        name, _, qualifier = function.partition(":")
        return name, qualifier
    parts = function.split(":")
    return ":".join(parts[:7]), ":".join(parts[7:])


def wait_for(seconds: float, look: Callable[[], bool], every: float) -> bool:
    """Looks again and again until something holds; False where the time is over."""
    until = time.monotonic() + seconds
    while not look():
        if time.monotonic() >= until:
            return False
        time.sleep(every)
    return True
