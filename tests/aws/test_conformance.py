"""Where the local AWS is not like AWS, as docs/local-aws.md lists it.

A test that fails says that a new moto has changed something: mend the page, and what stands on it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from parity.aws.local import LocalAws
from tests.aws.test_local import ROLE, execute, passing


@pytest.fixture(scope="module")
def machine(aws: LocalAws) -> str:
    """A state machine that does nothing."""
    return made(aws, "conformance", json.loads(passing("one")))


def made(aws: LocalAws, name: str, definition: Any) -> str:
    """A state machine."""
    states = aws.client("stepfunctions")
    answer = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
    return str(answer["stateMachineArn"])


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("validate_state_machine_definition", {"definition": passing("one")}),
        ("publish_state_machine_version", {"stateMachineArn": "MACHINE"}),
        ("redrive_execution", {"executionArn": "MACHINE"}),
        ("list_state_machine_versions", {"stateMachineArn": "MACHINE"}),
    ],
)
def test_step_functions_has_not(
    aws: LocalAws, machine: str, operation: str, given: dict[str, str]
) -> None:
    words = {key: machine if value == "MACHINE" else value for key, value in given.items()}
    with pytest.raises(ClientError):
        getattr(aws.client("stepfunctions"), operation)(**words)


def test_a_text_that_is_an_output_loses_its_quotes(aws: LocalAws) -> None:
    state = {"Type": "Pass", "Result": "text", "End": True}
    arn = made(aws, "text", {"StartAt": "A", "States": {"A": state}})
    assert execute(aws, arn, {})["output"] == "text"


def test_a_payload_of_more_than_262144_bytes_is_refused_between_states(aws: LocalAws) -> None:
    state = {"Type": "Pass", "Parameters": {"twice.$": "States.Array($.x, $.x)"}, "End": True}
    arn = made(aws, "large", {"StartAt": "A", "States": {"A": state}})
    done = execute(aws, arn, {"x": "a" * 140_000})
    assert (done["status"], done["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_failures_of_a_map_are_tolerated_whatever_the_percentage(aws: LocalAws) -> None:
    failing = {
        "StartAt": "F",
        "States": {"F": {"Type": "Fail", "Error": "Wanted", "Cause": "it was"}},
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    }
    state = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": failing,
        "ToleratedFailurePercentage": 10.0,
        "End": True,
    }
    arn = made(aws, "tolerant", {"StartAt": "M", "States": {"M": state}})
    assert execute(aws, arn, {"items": [1, 2]})["status"] == "SUCCEEDED"


@pytest.mark.parametrize("verb", ["Put", "Delete", "Update"])
def test_a_transaction_that_is_refused_has_changed_nothing(aws: LocalAws, verb: str) -> None:
    tables = aws.client("dynamodb")
    name = f"transactions-{verb}"
    keys = [
        {"AttributeName": one, "KeyType": kind} for one, kind in (("p", "HASH"), ("s", "RANGE"))
    ]
    tables.create_table(
        TableName=name,
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in "ps"],
        BillingMode="PAY_PER_REQUEST",
    )
    first = {"p": {"S": "p"}, "s": {"S": "1"}, "n": {"N": "1"}}
    tables.put_item(TableName=name, Item=first)
    key = {"p": {"S": "p"}, "s": {"S": "1"}}
    change: dict[str, Any] = {
        "Put": {"Item": {**first, "n": {"N": "2"}}},
        "Delete": {"Key": key},
        "Update": {
            "Key": key,
            "UpdateExpression": "set n = :two",
            "ExpressionAttributeValues": {":two": {"N": "2"}},
        },
    }[verb]
    new = {"Put": {"TableName": name, "Item": {"p": {"S": "p"}, "s": {"S": "2"}}}}
    check = {
        "TableName": name,
        "Key": {"p": {"S": "q"}, "s": {"S": "1"}},
        "ConditionExpression": "attribute_exists(p)",
    }
    wanted = [{verb: {"TableName": name, **change}}, new]
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        tables.transact_write_items(TransactItems=[*wanted, {"ConditionCheck": check}])
    assert tables.scan(TableName=name)["Items"] == [first]
    tables.transact_write_items(TransactItems=wanted)
    assert len(tables.scan(TableName=name)["Items"]) == (1 if verb == "Delete" else 2)
