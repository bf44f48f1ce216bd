"""The synthesised stacks in the local AWS: what runs is what would be deployed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from bench.aws_smoke import smoke
from parity.aws.local import LocalAws, Options
from tests.aws.conftest import jdk
from tests.infra.assembly import ASL, CDK_OUT, Assembly


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS with all stacks of `make synth`."""
    if not CDK_OUT.is_dir():
        pytest.fail("run `make synth`")
    with LocalAws(Options(java=jdk(), cache=tmp_path_factory.mktemp("cache"))) as running:
        running.load(CDK_OUT)
        yield running


def test_the_definition_that_runs_has_the_hash_of_the_one_packaged(deployed: LocalAws) -> None:
    machine = next(one for stack in deployed.stacks for one in stack.machines)
    states = deployed.client("stepfunctions")
    runs = str(states.describe_state_machine(stateMachineArn=machine.arn)["definition"])
    functions = [one for stack in deployed.stacks for one in stack.functions]
    for function in functions:
        step = function.name.removeprefix("Sable-")
        runs = runs.replace(f'"{function.arn}:1"', f'"${{{step}Function}}"')
    bucket = next(
        one.name for stack in deployed.stacks for one in stack.buckets if "Claims" in one.logical
    )
    runs = runs.replace(f'"{bucket}"', '"${ClaimsBucket}"')
    packaged = hashlib.sha256(Assembly.read().definition).hexdigest()
    assert hashlib.sha256(runs.encode()).hexdigest() == packaged
    assert hashlib.sha256(ASL.read_bytes()).hexdigest() == packaged


def test_the_deployment_answers_by_its_aliases(
    deployed: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in deployed.environment.items():
        monkeypatch.setenv(name, value)
    assert smoke(boto3.Session()) == []
    measured = [resident(one["pid"]) for one in deployed.sandboxes()]
    assert 0 < max(measured) < 512


def resident(pid: int) -> float:
    """Megabytes of memory that a process has held at most."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
