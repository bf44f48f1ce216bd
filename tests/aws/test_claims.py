"""The claim check of `java_lambdas/claims` over the wire, against moto's S3 on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

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
