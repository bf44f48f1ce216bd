"""Faults of a local AWS: each is told as Lambda tells it, and has its effect where it says."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from parity.aws.faults import Fault
from parity.aws.local import LocalAws
from tests.aws.test_local import ROLE, execute, invoke, package
from tests.aws.test_workflow import until

FUNCTION = "faulty"
ERROR = "shop.UnknownArticle"


@pytest.fixture(scope="module")
def faulty(aws: LocalAws, classes: Path) -> LocalAws:
    """With a function that leaves a trace of each of its runs: a line of its log."""
    aws.client("lambda").create_function(
        FunctionName=FUNCTION,
        Runtime="java17",
        Handler="shop.Marks",
        Role=ROLE,
        Code={"ZipFile": package(classes)},
        Timeout=60,
    )
    return aws


def runs(aws: LocalAws, mark: str) -> int:
    """How often the handler has come to its end with an event."""
    log = aws.logs / f"{FUNCTION}.log"
    return log.read_text("utf-8").count(f"mark {mark}\n") if log.is_file() else 0


def hits(aws: LocalAws, what: str) -> int:
    return sum(hit["what"] == what for hit in aws.hits())


@pytest.mark.parametrize(
    ("what", "error", "run"),
    [
        ("throws-before", ERROR, 0),
        ("throws-after", ERROR, 1),
        ("killed-before", "Runtime.ExitError", 0),
        ("killed-during", "Runtime.ExitError", 0),
        ("killed-after", "Runtime.ExitError", 1),
        ("timed-out", "Sandbox.Timedout", 0),
        ("abandoned", "States.Timeout", 1),
        ("twice", None, 2),
        ("twice-at-once", None, 2),
        ("again-later", None, 2),
    ],
)
def test_a_fault_is_told_and_the_handler_has_run_so_often(
    faulty: LocalAws, what: Any, error: str | None, run: int
) -> None:
    event = {"mark": what, "ms": 300}
    faulty.plan([Fault(what, FUNCTION, about=what, skip=1, error=ERROR)])
    assert invoke(faulty, FUNCTION, event)[1] is None  # skipped
    told, _ = invoke(faulty, FUNCTION, event)
    assert (told["errorType"] if error else told) == (error or what)
    assert until(lambda: runs(faulty, what) == 1 + run, 30)
    assert invoke(faulty, FUNCTION, event) == (what, None)  # it was due once
    time.sleep(0.4)
    assert runs(faulty, what) == 2 + run
    assert hits(faulty, what) == 1


def test_who_is_faster_than_a_fault_is_not_hit(faulty: LocalAws) -> None:
    before = hits(faulty, "killed-during")
    faulty.plan([Fault("killed-during", FUNCTION, about="fast", seconds=1)])
    assert invoke(faulty, FUNCTION, {"mark": "fast", "ms": 0}) == ("fast", None)
    time.sleep(1.2)
    assert hits(faulty, "killed-during") == before
    assert invoke(faulty, FUNCTION, {"mark": "fast", "ms": 0}) == ("fast", None)


def test_of_several_faults_each_takes_its_turn_at_what_it_is_about(faulty: LocalAws) -> None:
    faulty.plan([Fault("throws-before", FUNCTION, about="turn", error="One", times=2)])
    faulty.plan([Fault("throws-before", "fault*", about="turn", error="Two", skip=1)])
    faulty.plan([Fault("throws-before", "other", error="Three", times=9)])
    found = [invoke(faulty, FUNCTION, {"mark": "turn", "ms": 0})[0] for _ in range(4)]
    assert [one if one == "turn" else one["errorType"] for one in found] == [
        *("One", "One", "Two", "turn"),
    ]


def test_a_state_machine_sees_what_a_fault_tells(faulty: LocalAws) -> None:
    arn = f"arn:aws:lambda:{faulty.options.region}:123456789012:function:{FUNCTION}"
    catch = [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}]
    retry = [{"ErrorEquals": ["Runtime.ExitError"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    task = {"Type": "Task", "Resource": arn, "Catch": catch, "Retry": retry, "End": True}
    late = {"Type": "Pass", "Result": {"late": True}, "End": True}
    machine = faulty.client("stepfunctions").create_state_machine(
        name="faulty",
        definition=json.dumps({"StartAt": "Task", "States": {"Task": task, "Late": late}}),
        roleArn=ROLE,
    )
    faulty.plan([Fault("killed-after", FUNCTION, about="seen")])
    faulty.plan([Fault("abandoned", FUNCTION, about="seen", skip=1)])
    done = execute(faulty, machine["stateMachineArn"], {"mark": "seen", "ms": 100})
    assert json.loads(done["output"]) == {"late": True}
    assert until(lambda: runs(faulty, "seen") == 2, 30)


def test_requests_are_refused_done_or_not_and_late(faulty: LocalAws) -> None:
    import boto3

    once = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    s3 = boto3.client(
        "s3", endpoint_url=faulty.endpoint, region_name="us-east-1", config=once, **keys
    )
    s3.create_bucket(Bucket="refusing")
    faulty.plan([Fault("refused", "s3 PUT /refusing/none")])
    faulty.plan([Fault("refused-after", "s3 PUT /refusing/done")])
    faulty.plan([Fault("slow", "s3 PUT /refusing/late", seconds=1)])
    for key in ("none", "done"):
        with pytest.raises(ClientError, match="SlowDown"):
            s3.put_object(Bucket="refusing", Key=key, Body=b"x" * 100_000)
    began = time.monotonic()
    s3.put_object(Bucket="refusing", Key="late", Body=b"x")
    assert time.monotonic() - began > 1
    found = s3.list_objects_v2(Bucket="refusing")["Contents"]
    assert [one["Key"] for one in found] == ["done", "late"]
    s3.put_object(Bucket="refusing", Key="none", Body=b"x")
    assert hits(faulty, "refused") == hits(faulty, "refused-after") == hits(faulty, "slow") == 1


def test_a_table_that_is_refused_is_asked_again_by_its_client(faulty: LocalAws) -> None:
    with ThreadPoolExecutor(1) as beside:
        faulty.plan([Fault("refused", "dynamodb POST *.ListTables", times=2)])
        told = beside.submit(faulty.client("dynamodb").list_tables).result(timeout=30)
    assert "orders" in told["TableNames"]


def test_a_fault_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no fault 'sulks'.*throws-before"):
        Fault("sulks")  # type: ignore[arg-type]
