"""What moto is spared makes no difference to what it answers."""

from __future__ import annotations

import datetime
from copy import deepcopy
from typing import Any

import pytest

pytest.importorskip("moto.server")
from parity.aws.dispatching import Services
from parity.aws.moto_shortcuts import copied


def parts(value: Any) -> list[int]:
    """The identities of all that can change in a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [id(value)] if isinstance(value, dict | list) else []
    return own + [one for part in inner for one in parts(part)]


def test_a_copy_shares_nothing_with_a_document_that_can_change() -> None:
    moment = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    document = {"a": [1, 2.5, True, None, "text", {"b": []}], "c": {}, "at": moment, "t": ([],)}
    copy = copied(document)
    assert copy == deepcopy(document) == document
    assert not set(parts(copy)) & set(parts(document))
    assert copy["t"][0] is not document["t"][0]


def request(
    target: str, service: str, body: bytes = b"{}", *, path: str = "/", **more: str
) -> dict[str, Any]:
    """What a server hands to an application."""
    from io import BytesIO

    from werkzeug.test import EnvironBuilder

    made = EnvironBuilder(path, method="POST", data=body).get_environ()
    scope = f"key/20260102/eu-west-1/{service}/aws4_request"
    return {
        **made,
        "wsgi.input": BytesIO(body),
        "CONTENT_TYPE": "application/x-amz-json-1.0",
        "HTTP_X_AMZ_TARGET": target,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=, Signature=",
        **more,
    }


@pytest.mark.parametrize(
    ("target", "service", "body"),
    [
        ("DynamoDB_20120810.ListTables", "dynamodb", b"{}"),
        ("DynamoDB_20120810.DescribeTable", "dynamodb", b'{"TableName": "nowhere"}'),
        ("AWSStepFunctions.ListStateMachines", "states", b"{}"),
        ("AWSStepFunctions.DescribeExecution", "states", b'{"executionArn": "nothing"}'),
        ("AmazonSQS.ListQueues", "sqs", b"{}"),
    ],
)
def test_a_service_found_at_once_answers_as_it_does_by_its_route(
    target: str, service: str, body: bytes
) -> None:
    services = Services()

    def answered(**more: str) -> tuple[str, bytes]:
        statuses: list[str] = []
        environ = request(target, service, body, **more)
        told = b"".join(services(environ, lambda status, *_: statuses.append(status)))
        return statuses[0].split()[0], told

    at_once = answered()
    assert services._found
    assert at_once == answered(HTTP_ORIGIN="http://localhost")  # goes by the route


def test_what_has_paths_goes_by_them() -> None:
    services = Services()
    bucket = request("", "s3", path="/bucket/key", REQUEST_METHOD="GET")
    list(services(bucket, lambda *_: None))
    assert services._found == {}
