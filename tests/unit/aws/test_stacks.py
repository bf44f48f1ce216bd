"""What one stack of a `cdk.out` gives to another: exports, SSM parameters, and the order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from parity.aws.documents import read_documents
from parity.aws.stack import Stack
from parity.aws.template import Place, made_before, read_stack
from parity.errors import ConfigError

PLACE = Place("eu-west-1", "123456789012", "http://127.0.0.1:1")
SHOP = {
    "Resources": {
        "Orders": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}},
        "Which": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": "/shop/queue", "Type": "String", "Value": {"Ref": "Orders"}},
        },
    },
    "Outputs": {
        "Arn": {
            "Value": {"Fn::GetAtt": ["Orders", "Arn"]},
            "Export": {"Name": {"Fn::Sub": "${AWS::StackName}:arn"}},
        }
    },
}
DESK = {
    "Parameters": {
        "Queue": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shop/queue"},
        "Unused": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/nowhere"},
    },
    "Resources": {},
    "Outputs": {
        "Arn": {"Value": {"Fn::ImportValue": "Shop:arn"}},
        "Queue": {"Value": {"Ref": "Queue"}},
    },
}


def assembly(folder: Path, stacks: Mapping[str, tuple[Mapping[str, Any], list[str]]]) -> Path:
    """A `cdk.out` with these templates, and what each depends on."""
    artifacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": f"{name}.json"},
            "dependencies": needs,
        }
        for name, (_, needs) in stacks.items()
    }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), "utf-8")
    for name, (body, _) in stacks.items():
        (folder / f"{name}.json").write_text(json.dumps(body), "utf-8")
    return folder


def read_all(folder: Path) -> list[Stack]:
    """All stacks, as the local AWS makes one after the other."""
    made: list[Stack] = []
    for document in read_documents(folder):
        made.append(read_stack(document, PLACE, {}, lambda _: None, before=made_before(made)))
    return made


def test_a_stack_comes_after_those_it_depends_on(tmp_path: Path) -> None:
    out = assembly(tmp_path, {"Desk": (DESK, ["Shop"]), "Shop": (SHOP, [])})
    assert [one.name for one in read_documents(out)] == ["Shop", "Desk"]


def test_exports_and_ssm_parameters_are_those_of_the_stacks_before(tmp_path: Path) -> None:
    out = assembly(tmp_path, {"Desk": (DESK, ["Shop"]), "Shop": (SHOP, [])})
    shop, desk = read_all(out)
    assert shop.exports == {"Shop:arn": "arn:aws:sqs:eu-west-1:123456789012:orders"}
    assert desk.outputs == {
        "Arn": "arn:aws:sqs:eu-west-1:123456789012:orders",
        "Queue": "http://127.0.0.1:1/123456789012/orders",
    }


def test_what_no_stack_gave_is_said_with_its_name(tmp_path: Path) -> None:
    out = assembly(tmp_path, {"Desk": (DESK, [])})
    with pytest.raises(ConfigError) as raised:
        read_all(out)
    said = str(raised.value)
    assert "no stack made before exports Shop:arn" in said
    assert "no stack made before has the SSM parameter /shop/queue" in said
    assert "/nowhere" not in said
