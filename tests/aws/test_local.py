"""A local AWS runs what is made for AWS: handlers in JVMs, state machines, versions, aliases."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from parity.aws.local import LocalAws
from tests.aws.conftest import PROJECT, ROOT
from tests.aws.ports import listening, open_ports

ROLE = "arn:aws:iam::123456789012:role/parity-local"
REFUSED = ("ConditionalCheckFailedException", "PreconditionFailed")
ORDER = {
    "id": "one",
    "lines": [
        {"article": "apple", "count": 12, "gift": False},
        {"article": "kiwi", "count": 1, "gift": False},
        {"article": "plum", "count": 3, "gift": False},
        {"article": "pear", "count": 1, "gift": True},
    ],
}


def execute(aws: LocalAws, machine: str, given: Any, **more: Any) -> dict[str, Any]:
    """An execution, waited for."""
    states = aws.client("stepfunctions")
    arn = states.start_execution(stateMachineArn=machine, input=json.dumps(given), **more)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        found = states.describe_execution(executionArn=arn["executionArn"])
        if found["status"] != "RUNNING":
            return dict(found)
        time.sleep(0.05)
    raise AssertionError("the execution did not end")


def invoke(aws: LocalAws, name: str, event: Any, **more: Any) -> tuple[Any, str | None]:
    """What a handler gave, and the kind of error where it gave one."""
    lambdas = aws.client("lambda")
    answer = lambdas.invoke(FunctionName=name, Payload=json.dumps(event).encode(), **more)
    return json.loads(answer["Payload"].read()), answer.get("FunctionError")


def package(classes: Path) -> bytes:
    """A package as it would be uploaded to AWS."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(classes.rglob("*.class")):
            archive.write(path, path.relative_to(classes))
    return packed.getvalue()


def test_a_state_machine_runs_java_handlers_with_retry_catch_choice_and_map(aws: LocalAws) -> None:
    done = execute(aws, aws.stacks[0].outputs["Machine"], ORDER)
    assert done["status"] == "SUCCEEDED", done
    assert json.loads(done["output"]) == {
        "order": {
            "lines": [
                {"article": "apple", "count": 12, "gift": False, "cents": 324},
                {"article": "kiwi", "left": True},
                {"article": "plum", "count": 3, "gift": False, "cents": 36},
                {"article": "pear", "count": 1, "gift": True, "cents": 0},
            ],
            "id": "one",
            "cents": 360,
        },
        "shop": "corner shop",
    }


def test_an_exception_of_a_handler_is_told_by_its_class(aws: LocalAws) -> None:
    told, kind = invoke(aws, "infra-PriceLineFunction", {"article": "kiwi", "count": 1})
    assert kind == "Unhandled"
    assert told["errorType"] == "shop.UnknownArticle"
    assert told["errorMessage"] == "kiwi"


def test_a_package_uploaded_with_boto3_runs_and_its_versions_are_weighted(
    aws: LocalAws, classes: Path
) -> None:
    lambdas = aws.client("lambda")
    lambdas.create_function(
        FunctionName="uploaded",
        Runtime="java17",
        Handler="shop.Receipt",
        Role=ROLE,
        Code={"ZipFile": package(classes)},
        Environment={"Variables": {"SHOP": "one"}},
        Timeout=20,
    )
    lambdas.publish_version(FunctionName="uploaded")
    lambdas.update_function_configuration(
        FunctionName="uploaded", Environment={"Variables": {"SHOP": "two"}}
    )
    lambdas.publish_version(FunctionName="uploaded")
    lambdas.create_alias(
        FunctionName="uploaded",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}},
    )
    shops = Counter(invoke(aws, "uploaded", {}, Qualifier="live")[0]["shop"] for _ in range(40))
    assert set(shops) == {"one", "two"}
    assert min(shops.values()) >= 5
    assert invoke(aws, "uploaded:1", {})[0]["shop"] == "one"


def test_a_handler_that_takes_too_long_is_ended(aws: LocalAws, classes: Path) -> None:
    lambdas = aws.client("lambda")
    lambdas.create_function(
        FunctionName="slow",
        Runtime="java17",
        Handler="shop.Slow",
        Role=ROLE,
        Code={"ZipFile": package(classes)},
        Timeout=1,
    )
    told, kind = invoke(aws, "slow", {"seconds": 30})
    assert (kind, told["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert invoke(aws, "slow", {"seconds": 0})[0] == "rested"


def test_a_jvm_that_ends_is_told_at_once_and_another_takes_its_place(
    aws: LocalAws, classes: Path
) -> None:
    lambdas = aws.client("lambda")
    lambdas.create_function(
        FunctionName="killed",
        Runtime="java17",
        Handler="shop.Slow",
        Role=ROLE,
        Code={"ZipFile": package(classes)},
        Timeout=60,
    )
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(invoke, aws, "killed", {"seconds": 50})
        os.kill(busy_process(aws, "killed"), signal.SIGKILL)
        told, kind = waiting.result(timeout=10)
    assert (kind, told["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert invoke(aws, "killed", {"seconds": 0})[0] == "rested"


def busy_process(aws: LocalAws, function: str) -> int:
    """The process that has an invocation of a function, waited for."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for sandbox in aws.sandboxes():
            if sandbox["function"] == function and sandbox["state"] == "busy":
                return int(sandbox["pid"])
        time.sleep(0.05)
    raise AssertionError("no JVM took the invocation")


def test_a_handler_that_is_not_there_is_told_and_not_waited_for(
    aws: LocalAws, classes: Path
) -> None:
    lambdas = aws.client("lambda")
    lambdas.create_function(
        FunctionName="nowhere",
        Runtime="java17",
        Handler="shop.Nowhere",
        Role=ROLE,
        Code={"ZipFile": package(classes)},
    )
    told, kind = invoke(aws, "nowhere", {})
    assert kind == "Unhandled"
    assert "shop.Nowhere" in told["errorMessage"]


def test_of_sixteen_threads_one_puts_a_key_and_none_loses_a_count(aws: LocalAws) -> None:
    tables = aws.client("dynamodb")
    tables.create_table(
        TableName="race",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def put(key: int) -> bool:
        item = {"id": {"S": f"k{key}"}}
        condition = "attribute_not_exists(id)"
        return won(
            lambda: tables.put_item(TableName="race", Item=item, ConditionExpression=condition)
        )

    def count(_: int) -> None:
        tables.update_item(
            TableName="race",
            Key={"id": {"S": "counter"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(16) as threads:
        winners = sum(threads.map(put, [key for key in range(12) for _ in range(16)]))
        list(threads.map(count, range(100)))
    found = tables.get_item(TableName="race", Key={"id": {"S": "counter"}}, ConsistentRead=True)
    assert winners == 12
    assert found["Item"]["n"] == {"N": "100"}


def test_of_sixteen_threads_one_writes_an_object_that_must_not_be_there(aws: LocalAws) -> None:
    buckets = aws.client("s3")
    buckets.create_bucket(Bucket="race")

    def put(key: int) -> bool:
        return won(
            lambda: buckets.put_object(Bucket="race", Key=f"k{key}", Body=b"x", IfNoneMatch="*")
        )

    with ThreadPoolExecutor(16) as threads:
        winners = sum(threads.map(put, [key for key in range(5) for _ in range(16)]))
    assert winners == 5


def won(write: Callable[[], Any]) -> bool:
    """Whether a conditional write was made."""
    try:
        write()
    except ClientError as error:
        if error.response["Error"]["Code"] in REFUSED:
            return False
        raise
    return True


def test_an_execution_without_a_name_gets_one(aws: LocalAws) -> None:
    machine = aws.stacks[0].outputs["Machine"]
    names = {execute(aws, machine, {"id": "none", "lines": []})["name"] for _ in range(2)}
    assert len(names) == 2


def test_an_execution_of_an_alias_runs_the_version_that_it_names(aws: LocalAws) -> None:
    states = aws.client("stepfunctions")
    made = states.create_state_machine(
        name="two", definition=passing("one"), roleArn=ROLE, publish=True
    )
    states.update_state_machine(
        stateMachineArn=made["stateMachineArn"], definition=passing("two"), publish=True
    )
    alias = states.create_state_machine_alias(
        name="live",
        routingConfiguration=[
            {"stateMachineVersionArn": f"{made['stateMachineArn']}:1", "weight": 100}
        ],
    )
    assert json.loads(execute(aws, alias["stateMachineAliasArn"], {})["output"]) == {"v": "one"}
    assert json.loads(execute(aws, made["stateMachineArn"], {})["output"]) == {"v": "two"}


def passing(text: str) -> str:
    """A state machine that gives a text."""
    state = {"Type": "Pass", "Result": {"v": text}, "End": True}
    return json.dumps({"StartAt": "Only", "States": {"Only": state}})


@pytest.mark.parametrize("ending", ["user", "warden", "control", "polite"])
def test_nothing_is_left_behind_however_it_ends(classes: Path, ending: str) -> None:
    command = [sys.executable, "-m", "parity", "-C", str(PROJECT), "local", "up", "--json"]
    command += ["--template", str(PROJECT / "infra/template.yaml")]
    user = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert user.stdout is not None
        told = json.loads(user.stdout.readline())
        folder = Path(told["logs"]).parent
        processes = processes_of(folder)
        assert len(processes) >= 2
        ports = listening(processes)
        assert len(ports) == 2  # of all services, and of the Runtime API
        victims = {
            "user": [user.pid],
            "polite": [user.pid],
            "warden": [pid for pid, words in processes.items() if "parity.aws.warden" in words],
            "control": [
                pid for pid, words in processes.items() if "parity.aws.warden" not in words
            ],
        }[ending]
        assert victims
        for victim in victims:
            os.kill(victim, signal.SIGTERM if ending == "polite" else signal.SIGKILL)
        user.wait(60)
        assert user.returncode == {"user": -9, "polite": 0}.get(ending, 2)
        until = time.monotonic() + 20
        while (processes_of(folder) or folder.exists()) and time.monotonic() < until:
            time.sleep(0.1)
        assert not processes_of(folder)
        assert not folder.exists()
        assert open_ports(ports) == []
    finally:
        user.kill()
        user.wait()
        if user.stdout is not None:
            user.stdout.close()


def processes_of(folder: Path) -> dict[int, str]:
    """The processes whose command line names a folder."""
    found: dict[int, str] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                words = (place / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(folder) in words:
                found[int(place.name)] = words
    return found
