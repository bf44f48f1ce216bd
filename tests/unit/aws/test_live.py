"""Inputs of production out of a bucket and a log group."""

from __future__ import annotations

import gzip
import json
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from parity.aws.live import PERMISSIONS, Asked, Live
from parity.config import find_config
from parity.errors import ParityError
from parity.pipeline.live import live_inputs


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "parity.toml").write_text("")
    return tmp_path


def lines(project: Path, place: str, **more: Any) -> list[dict[str, Any]]:
    """What there is in a place."""
    file = live_inputs(find_config(project), Asked(place, **more)).file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return [json.loads(line) for line in file.read_text().splitlines()]


def put(key: str, data: bytes) -> None:
    boto3.client("s3").put_object(Bucket="orders", Key=key, Body=data)


def test_objects_of_a_bucket_are_inputs_or_files_of_them(project: Path) -> None:
    boto3.client("s3").create_bucket(Bucket="orders")
    put("in/one.json", b'{"workflow": "a"}')
    put("in/two.jsonl", b'{"id": "x", "input": 1}\n{"id": "y", "input": 2, "world": {}}\nno\n')
    put("in/three.json.gz", gzip.compress(b'{"id": "z", "input": [3]}'))
    put("elsewhere/four.json", b"4")
    live = Live(Asked("s3://orders/in/"))
    found = {one.id: one.line for one in live.found()}
    assert found == {
        "in/one.json": {"id": "in/one.json", "input": {"workflow": "a"}},
        "x": {"id": "x", "input": 1},
        "y": {"id": "y", "input": 2, "world": {}},
        "z": {"id": "z", "input": [3]},
    }
    assert live.left_out == 1
    assert set(live.calls) <= set(PERMISSIONS)
    assert len(lines(project, "s3://orders/in/", most=2)) == 2


def test_starts_in_the_log_of_a_state_machine_are_inputs(project: Path) -> None:
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/vendedlogs/states/Orders")
    logs.create_log_stream(logGroupName="/aws/vendedlogs/states/Orders", logStreamName="s")
    now = int(time.time() * 1000)
    arn = "arn:aws:states:us-east-1:1:execution:Orders:"
    told: list[tuple[int, Any]] = [
        (now - 90_000_000, {"type": "ExecutionStarted", "execution_arn": arn + "old",
                            "details": {"input": "1"}}),
        (now, {"type": "ExecutionStarted", "execution_arn": arn + "one",
               "details": {"input": '{"count": 3}'}}),
        (now, {"type": "TaskStateEntered", "execution_arn": arn + "one",
               "details": {"input": '{"count": 4}'}}),
        (now, {"type": "ExecutionStarted", "execution_arn": arn + "hidden", "details": {}}),
        (now, {"id": "two", "input": 5}),
    ]  # fmt: skip
    logs.put_log_events(
        logGroupName="/aws/vendedlogs/states/Orders",
        logStreamName="s",
        logEvents=[{"timestamp": at, "message": json.dumps(one)} for at, one in told]
        + [{"timestamp": now, "message": "START of something"}],
    )
    assert lines(project, "logs:/aws/vendedlogs/states/Orders") == [
        {"id": "one", "input": {"count": 3}},
        {"id": "two", "input": 5},
    ]
    assert len(lines(project, "logs:/aws/vendedlogs/states/Orders", hours=30.0)) == 3


@pytest.mark.parametrize("place", ["s3://nowhere/x", "logs:/nowhere", "gone.jsonl"])
def test_a_place_that_is_not_there_is_named(project: Path, place: str) -> None:
    with pytest.raises(ParityError) as error:
        lines(project, place)
    assert place in str(error.value)


def test_a_place_without_inputs_is_no_success(project: Path) -> None:
    boto3.client("s3").create_bucket(Bucket="orders")
    with pytest.raises(ParityError, match="there is no input in s3://orders/"):
        lines(project, "s3://orders/")
