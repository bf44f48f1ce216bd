"""Makes what a template asks for, with boto3, as a deployment to AWS would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from parity.aws.client import client
from parity.aws.control import ACCOUNT, package_of
from parity.aws.stack import Alias, Function, Missing, Resource, Stack, StateMachine

ROLE: Final = "parity-local"
TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

TABLE: Final = {
    "AttributeDefinitions",
    "KeySchema",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
    "BillingMode",
    "ProvisionedThroughput",
    "StreamSpecification",
}
TABLE_QUIETLY: Final = {
    "TableName",
    "TimeToLiveSpecification",
    "PointInTimeRecoverySpecification",
    "SSESpecification",
    "Tags",
    "DeletionProtectionEnabled",
}
"""Properties of a table that are kept apart, or that no program sees."""

BUCKET: Final = {
    "BucketName",
    "BucketEncryption",
    "LifecycleConfiguration",
    "PublicAccessBlockConfiguration",
    "VersioningConfiguration",
    "OwnershipControls",
    "Tags",
}
"""Properties of a bucket that are made, or that no program sees."""


def load(stack: Stack, endpoint: str, region: str) -> list[Missing]:
    """Makes a stack; answers what of its properties could not be made."""
    missing: list[Missing] = []
    for bucket in stack.buckets:
        missing += _bucket(client("s3", endpoint, region), bucket)
    for table in stack.tables:
        missing += _table(client("dynamodb", endpoint, region), table)
    for queue in stack.queues:
        _queue(client("sqs", endpoint, region), queue)
    for parameter in stack.parameters:
        _parameter(client("ssm", endpoint, region), parameter)
    _functions(stack, endpoint, region)
    _machines(stack, endpoint, region)
    return missing


def _bucket(s3: Any, bucket: Resource) -> list[Missing]:
    s3.create_bucket(Bucket=bucket.name)
    properties = bucket.properties
    status = properties.get("VersioningConfiguration", {}).get("Status")
    if status is not None:
        s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": status})
    rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    defaults = [
        {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
        for rule in rules
        if "ServerSideEncryptionByDefault" in rule
    ]
    if defaults:
        s3.put_bucket_encryption(
            Bucket=bucket.name, ServerSideEncryptionConfiguration={"Rules": defaults}
        )
    missing = [
        Missing(bucket.logical, "AWS::S3::Bucket", f"it is made without its {name}")
        for name in sorted(set(properties) - BUCKET)
    ]
    if "LifecycleConfiguration" in properties:
        why = "nothing expires here: the local AWS has no LifecycleConfiguration"
        missing.append(Missing(bucket.logical, "AWS::S3::Bucket", why))
    return missing


def _table(dynamodb: Any, table: Resource) -> list[Missing]:
    kept = {key: value for key, value in table.properties.items() if key in TABLE}
    kept.setdefault(
        "BillingMode", "PROVISIONED" if "ProvisionedThroughput" in kept else "PAY_PER_REQUEST"
    )
    stream = kept.pop("StreamSpecification", None)
    if stream is not None:
        kept["StreamSpecification"] = {**stream, "StreamEnabled": True}
    dynamodb.create_table(TableName=table.name, **kept)
    missing = [
        Missing(table.logical, "AWS::DynamoDB::Table", f"it is made without its {name}")
        for name in sorted(set(table.properties) - TABLE - TABLE_QUIETLY)
    ]
    if "TimeToLiveSpecification" in table.properties:
        dynamodb.update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification={
                "AttributeName": table.properties["TimeToLiveSpecification"]["AttributeName"],
                "Enabled": bool(table.properties["TimeToLiveSpecification"]["Enabled"]),
            },
        )
        why = "nothing expires here: items outlive their TimeToLiveSpecification"
        missing.append(Missing(table.logical, "AWS::DynamoDB::Table", why))
    return missing


def _queue(sqs: Any, queue: Resource) -> None:
    attributes = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in queue.properties.items()
        if name not in ("QueueName", "Tags", "RedrivePolicy") and not isinstance(value, dict | list)
    }
    sqs.create_queue(QueueName=queue.name, Attributes=attributes)


def _parameter(ssm: Any, parameter: Resource) -> None:
    kind, value = parameter.properties.get("Type", "String"), parameter.properties["Value"]
    ssm.put_parameter(Name=parameter.name, Value=str(value), Type=kind)


def _functions(stack: Stack, endpoint: str, region: str) -> None:
    if not stack.functions:
        return
    _role(client("iam", endpoint, region))
    lambdas = client("lambda", endpoint, region)
    for function in stack.functions:
        _function(lambdas, function)
    for version in stack.function_versions:
        lambdas.publish_version(FunctionName=version.of, Description=version.description)
    for alias in stack.function_aliases:
        lambdas.create_alias(
            FunctionName=alias.of,
            Name=alias.name,
            FunctionVersion=alias.weights[0][0],
            RoutingConfig=_additional(alias),
        )


def _role(iam: Any) -> None:
    """The role of all functions: there must be one, and nothing is forbidden here."""
    if all(role["RoleName"] != ROLE for role in iam.list_roles()["Roles"]):
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))


def _function(lambdas: Any, function: Function) -> None:
    settings = dict(function.settings)
    reserved = settings.pop("Reserved", None)
    entries = function.code.entries if function.code else ()
    package = package_of(entries, unpacked=bool(function.code and function.code.unpacked))
    lambdas.create_function(
        FunctionName=function.name,
        Role=f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
        Code={"ZipFile": package},
        **settings,
    )
    if reserved is not None:
        lambdas.put_function_concurrency(
            FunctionName=function.name, ReservedConcurrentExecutions=reserved
        )


def _additional(alias: Alias) -> Mapping[str, Any]:
    more = dict(alias.weights[1:])
    return {"AdditionalVersionWeights": more} if more else {}


def _machines(stack: Stack, endpoint: str, region: str) -> None:
    if not stack.machines:
        return
    states = client("stepfunctions", endpoint, region)
    arns: dict[str, str] = {}
    for machine in stack.machines:
        arns[machine.name] = _machine(states, machine)
    for version in stack.machine_versions:
        owner = next(one for one in stack.machines if one.name == version.of)
        states.update_state_machine(
            stateMachineArn=arns[version.of], definition=owner.definition, publish=True
        )
    for alias in stack.machine_aliases:
        states.create_state_machine_alias(
            name=alias.name,
            routingConfiguration=[
                {"stateMachineVersionArn": arn, "weight": round(weight * 100)}
                for arn, weight in alias.weights
            ],
        )


def _machine(states: Any, machine: StateMachine) -> str:
    made = states.create_state_machine(
        name=machine.name, definition=machine.definition, roleArn=machine.role, type="STANDARD"
    )
    return str(made["stateMachineArn"])
