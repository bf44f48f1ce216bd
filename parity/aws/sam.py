"""SAM's short forms, written out as the CloudFormation that they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from parity.aws.stack import Missing

PREFIX: Final = "AWS::Serverless::"
OWN: Final = {
    "CodeUri",
    "InlineCode",
    "AutoPublishAlias",
    "Events",
    "Policies",
    "VersionDescription",
}
"""Properties of a function of SAM's that CloudFormation's has not."""


def written_out(body: Mapping[str, Any]) -> tuple[dict[str, Any], list[Missing]]:
    """The resources of a template without short forms, and what of them has no counterpart."""
    resources: dict[str, Any] = {}
    missing: list[Missing] = []
    for logical, resource in body.get("Resources", {}).items():
        kind = str(resource.get("Type", ""))
        if not kind.startswith(PREFIX):
            resources[logical] = resource
            continue
        properties = _with_globals(body, kind.removeprefix(PREFIX), resource.get("Properties", {}))
        plain = {key: value for key, value in resource.items() if key != "Properties"}
        match kind.removeprefix(PREFIX):
            case "Function":
                resources |= _function(logical, plain, properties)
            case "StateMachine":
                resources[logical] = _machine(plain, properties)
            case "SimpleTable":
                resources[logical] = _table(plain, properties)
            case _:
                resources[logical] = resource
        for event, what in properties.get("Events", {}).items():
            why = f"nothing calls it on an event of the type {what.get('Type')}"
            missing.append(Missing(f"{logical}.{event}", kind, why))
    return resources, missing


def _with_globals(
    body: Mapping[str, Any], short: str, properties: Mapping[str, Any]
) -> dict[str, Any]:
    whole = dict(body.get("Globals", {}).get(short, {}))
    for key, value in properties.items():
        known = whole.get(key)
        whole[key] = _merged(known, value) if isinstance(known, dict) else value
    return whole


def _merged(known: Mapping[str, Any], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    merged = dict(known)
    for key, inner in value.items():
        old = merged.get(key)
        merged[key] = _merged(old, inner) if isinstance(old, dict) else inner
    return merged


def _function(
    logical: str, plain: Mapping[str, Any], properties: Mapping[str, Any]
) -> dict[str, Any]:
    kept = {key: value for key, value in properties.items() if key not in OWN}
    kept["Code"] = properties.get("CodeUri", properties.get("InlineCode", ""))
    written = {logical: {**plain, "Type": "AWS::Lambda::Function", "Properties": kept}}
    alias = properties.get("AutoPublishAlias")
    if alias is None:
        return written
    of = {"Ref": logical}
    number = {"Fn::GetAtt": [f"{logical}Version", "Version"]}
    return written | {
        f"{logical}Version": {
            "Type": "AWS::Lambda::Version",
            "Properties": {"FunctionName": of},
        },
        f"{logical}Alias": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {"FunctionName": of, "FunctionVersion": number, "Name": alias},
        },
    }


def _machine(plain: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in properties.items() if key not in ("Events", "Policies")}
    if "Name" in kept:
        kept["StateMachineName"] = kept.pop("Name")
    if "Type" in kept:
        kept["StateMachineType"] = kept.pop("Type")
    if "Role" in kept:
        kept["RoleArn"] = kept.pop("Role")
    return {**plain, "Type": "AWS::StepFunctions::StateMachine", "Properties": kept}


def _table(plain: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    key = properties.get("PrimaryKey", {"Name": "id", "Type": "String"})
    kept = {
        "KeySchema": [{"AttributeName": key["Name"], "KeyType": "HASH"}],
        "AttributeDefinitions": [
            {"AttributeName": key["Name"], "AttributeType": str(key["Type"])[0]}
        ],
    }
    if "TableName" in properties:
        kept["TableName"] = properties["TableName"]
    return {**plain, "Type": "AWS::DynamoDB::Table", "Properties": kept}
