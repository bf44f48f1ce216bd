"""The claim check of `java_lambdas/claims` over the wire: in its own tests against moto's S3, and
between two Lambdas in two JVMs of a local AWS."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from parity.aws.local import LocalAws, Options
from parity.aws.machines import execute
from parity.aws.stack import Code
from tests.aws.conftest import jdk

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "java_lambdas" / "claims"
REPORT = MODULE / "target" / "surefire-reports" / "TEST-com.sable.claims.ClaimsOnS3Test.xml"
BUCKET = "parameters"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Where moto's S3 answers, with the bucket of claims in it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        where = f"http://{host}:{port}"
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=where, **keys)
        s3.create_bucket(Bucket=BUCKET)
        yield where
    finally:
        server.stop()


def test_payloads_at_and_around_the_limit_pass_between_two_lambdas(endpoint: str) -> None:
    REPORT.unlink(missing_ok=True)
    env = {
        **os.environ,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "CLAIMS_BUCKET": BUCKET,
    }
    ran = subprocess.run(
        [
            *(shutil.which("mvn") or "mvn", "-q", "-B", "-ntp", "-Dstyle.color=never"),
            *("-f", str(MODULE / "pom.xml"), "test", "-Dtest=ClaimsOnS3Test"),
        ],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, "\n".join(ran.stdout.splitlines()[:40])
    suite = ElementTree.parse(REPORT).getroot()
    assert (suite.get("tests"), suite.get("skipped")) == ("11", "0")


# ---------------------------------------------------------------- in two handler JVMs

STATE = 262_144
SIZES = (1, STATE - 1, STATE, STATE + 1, 64 << 20)
ROLE = "arn:aws:iam::123456789012:role/any"


def function(handler: str, over: int | None) -> dict[str, Any]:
    """A function that has its claims seen to."""
    variables = {"CLAIMS_HANDLER": handler, "CLAIMS_BUCKET": {"Ref": "Parameters"}}
    if over is not None:
        variables["CLAIMS_OVER"] = str(over)
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "java17",
            "Handler": "com.sable.claims.ClaimingHandler::handleRequest",
            "Code": "target",
            "MemorySize": 1024,
            "Timeout": 60,
            "Role": ROLE,
            "Environment": {"Variables": variables},
        },
    }


def task(name: str, event: str, result: str) -> dict[str, Any]:
    """A state that says where it is."""
    claims = {
        "execution.$": "$$.Execution.Name",
        "state.$": "$$.State.Name",
        "attempt.$": "$$.State.RetryCount",
    }
    return {
        "Type": "Task",
        "Resource": f"${{{name}}}",
        "Parameters": {"claims": claims, "event.$": event},
        "ResultPath": result,
    }


MACHINE = {
    "StartAt": "Which",
    "States": {
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.made", "IsPresent": True, "Next": "Consume"}],
            "Default": "Produce",
        },
        "Produce": {**task("Produce", "$.bytes", "$.made"), "Next": "Consume"},
        "Consume": {**task("Consume", "$.made", "$.said"), "End": True},
    },
}
TEMPLATE = {
    "Resources": {
        "Parameters": {"Type": "AWS::S3::Bucket"},
        "Produce": function("com.sable.claims.Produce", None),
        "ProduceAtTheLimit": function("com.sable.claims.Produce", STATE),
        "Consume": function("com.sable.claims.Consume", None),
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": ROLE,
                "Definition": MACHINE,
                "DefinitionSubstitutions": {
                    name: {"Fn::GetAtt": [name, "Arn"]} for name in ("Produce", "Consume")
                },
            },
        },
    },
    "Outputs": {name: {"Value": {"Ref": name}} for name in ("Parameters", "Machine")},
}


class Lambdas:
    """Two functions of the claims' own tests, in JVMs of a local AWS."""

    def __init__(self, aws: LocalAws) -> None:
        (stack,) = aws.stacks
        self.aws = aws
        self.s3 = aws.client("s3")
        self.bucket = stack.outputs["Parameters"]
        self.machine = stack.outputs["Machine"]
        self.names = {one.logical: one.name for one in stack.functions}

    def call(self, logical: str, event: bytes) -> tuple[bytes, str | None]:
        """What a function gives, and the class of the error where it gives one."""
        answer = self.aws.client("lambda").invoke(FunctionName=self.names[logical], Payload=event)
        told = answer["Payload"].read()
        return told, json.loads(told)["errorType"] if "FunctionError" in answer else None

    def produce(self, logical: str, size: int, state: str) -> bytes:
        """What stands in a state for a payload of this size."""
        claims = {"execution": "by-hand", "state": state, "attempt": 0}
        told, error = self.call(logical, json.dumps({"claims": claims, "event": size}).encode())
        assert error is None, told
        return told

    def payload(self, state: bytes) -> bytes:
        """What a state stands for."""
        if not state.startswith(b'{"claim_check"'):
            return state
        claim = json.loads(state)["claim_check"]
        found = self.s3.get_object(Bucket=claim["bucket"], Key=claim["key"])["Body"].read()
        return bytes(found)

    def jvms(self) -> set[int]:
        """The processes of the functions that have run."""
        return {one["pid"] for one in self.aws.sandboxes()}


@pytest.fixture(scope="module")
def lambdas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lambdas]:
    """A local AWS with a state machine that hands a payload from one Lambda to another."""
    folder = tmp_path_factory.mktemp("lambdas")
    path = folder / "classpath"
    built = subprocess.run(
        [
            *(shutil.which("mvn") or "mvn", "-q", "-B", "-ntp", "-f", str(MODULE / "pom.xml")),
            *("test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={path}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout
    target = MODULE / "target"
    jars = path.read_text("utf-8").strip().split(os.pathsep)
    code = Code((str(target / "classes"), str(target / "test-classes"), *jars))
    template = folder / "template.json"
    template.write_text(json.dumps(TEMPLATE), "utf-8")
    with LocalAws(Options(java=jdk(), cache=folder, concurrency=1)) as aws:
        aws.load(template, project_code=lambda _: code, prefer_project=True)
        yield Lambdas(aws)


def said(payload: bytes) -> dict[str, Any]:
    """What Consume says of a payload."""
    return {"bytes": len(payload), "sha256": hashlib.sha256(payload).hexdigest()}


@pytest.mark.parametrize("size", SIZES)
def test_a_state_machine_hands_payloads_from_one_jvm_to_another(
    lambdas: Lambdas, size: int
) -> None:
    ended = execute(lambdas.aws.client("stepfunctions"), lambdas.machine, {"bytes": size}, 120)
    assert ended.error is None, ended
    state = json.dumps(ended.value["made"], separators=(",", ":")).encode()
    assert state.startswith(b'{"claim_check"') is (size > 1)
    payload = lambdas.payload(state)
    assert len(payload) == size
    assert ended.value["said"] == said(payload)
    assert len(lambdas.jvms()) >= 2


@pytest.mark.parametrize(
    ("size", "claimed"), [*zip(SIZES, (False, False, False, True, True), strict=True)]
)
def test_payloads_at_the_limit_itself_pass_with_and_without_a_claim(
    lambdas: Lambdas, size: int, claimed: bool
) -> None:
    state = lambdas.produce("ProduceAtTheLimit", size, f"s{size}")
    assert len(state) <= STATE
    assert state.startswith(b'{"claim_check"') is claimed
    payload = lambdas.payload(state)
    assert len(payload) == size
    told, error = lambdas.call("Consume", state)
    assert (json.loads(told), error) == (said(payload), None)


@pytest.mark.parametrize("other", [b'"another"', b"", None])
def test_a_corrupted_or_missing_object_is_an_error_by_name(
    lambdas: Lambdas, other: bytes | None
) -> None:
    state = lambdas.produce("Produce", STATE + 1, "harmed")
    claim = json.loads(state)["claim_check"]
    at = {"Bucket": claim["bucket"], "Key": claim["key"]}
    if other is None:
        lambdas.s3.delete_object(**at)
    else:
        lambdas.s3.put_object(**at, Body=other)
    name = f"com.sable.claims.{'ClaimMissing' if other is None else 'ClaimCorrupted'}"
    assert lambdas.call("Consume", state)[1] == name
    given = {"made": json.loads(state)}
    ended = execute(lambdas.aws.client("stepfunctions"), lambdas.machine, given, 60)
    assert ended.error == name


def test_an_object_of_the_same_length_with_one_byte_changed_is_corrupted(lambdas: Lambdas) -> None:
    state = lambdas.produce("Produce", 64 << 20, "one-byte")
    claim = json.loads(state)["claim_check"]
    payload = bytearray(lambdas.payload(state))
    payload[len(payload) // 2] ^= 1
    lambdas.s3.put_object(Bucket=claim["bucket"], Key=claim["key"], Body=bytes(payload))
    assert lambdas.call("Consume", state)[1] == "com.sable.claims.ClaimCorrupted"
