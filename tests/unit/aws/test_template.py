"""A template becomes a stack: names, references, code, weights, and what is said to be missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from parity.aws.documents import read_documents
from parity.aws.machines import tasks_of
from parity.aws.stack import Code, Stack
from parity.aws.template import Place, read_stack
from parity.errors import ConfigError, ParityError

PLACE = Place("eu-west-1", "123456789012", "http://127.0.0.1:1")
CODE = Code(("/classes",))


def read(
    folder: Path, body: Mapping[str, Any] | str, parameters: Mapping[str, str] | None = None
) -> Stack:
    """The stack of a template, whose handlers are all on the project's class path."""
    file = folder / "shop.yaml"
    file.write_text(body if isinstance(body, str) else json.dumps(body), "utf-8")
    (document,) = read_documents(file)
    return read_stack(document, PLACE, parameters or {}, lambda _: CODE)


def test_functions_refer_to_tables_buckets_and_parameters(tmp_path: Path) -> None:
    stack = read(
        tmp_path,
        """
Parameters:
  Stage: {Type: String, Default: test}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "orders-${Stage}"}}
  Bucket: {Type: AWS::S3::Bucket}
  Handler:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: java17
      Handler: shop.Handler
      Timeout: "7"
      Environment:
        Variables:
          TABLE: !Ref Table
          BUCKET: !GetAtt Bucket.Arn
          SELF: !Join [":", [!Ref AWS::Region, !Ref AWS::StackName]]
          LIVE: !If [IsLive, "yes", "no"]
          OTHER: !If [IsLive, "yes", !Ref AWS::NoValue]
Outputs:
  Arn: {Value: !GetAtt Handler.Arn}
""",
    )
    (function,) = stack.functions
    assert function.name == "shop-Handler"
    assert function.settings["Timeout"] == 7
    assert function.settings["Environment"]["Variables"] == {
        "TABLE": "orders-test",
        "BUCKET": "arn:aws:s3:::shop-bucket",
        "SELF": "eu-west-1:shop",
        "LIVE": "no",
    }
    assert stack.outputs == {"Arn": "arn:aws:lambda:eu-west-1:123456789012:function:shop-Handler"}


def test_versions_are_numbered_and_aliases_weighted(tmp_path: Path) -> None:
    function = {"Runtime": "java17", "Handler": "shop.Handler"}
    of = {"FunctionName": {"Ref": "F"}}
    stack = read(
        tmp_path,
        {
            "Resources": {
                "F": {"Type": "AWS::Lambda::Function", "Properties": function},
                "One": {"Type": "AWS::Lambda::Version", "Properties": of},
                "Two": {"Type": "AWS::Lambda::Version", "Properties": of},
                "Live": {
                    "Type": "AWS::Lambda::Alias",
                    "Properties": {
                        **of,
                        "Name": "live",
                        "FunctionVersion": {"Fn::GetAtt": ["One", "Version"]},
                        "RoutingConfig": {
                            "AdditionalVersionWeights": [
                                {
                                    "FunctionVersion": {"Fn::GetAtt": ["Two", "Version"]},
                                    "FunctionWeight": 0.25,
                                }
                            ]
                        },
                    },
                },
            },
            "Outputs": {"Live": {"Value": {"Ref": "Live"}}},
        },
    )
    assert [one.number for one in stack.function_versions] == [1, 2]
    assert stack.function_aliases[0].weights == (("1", 0.75), ("2", 0.25))
    assert stack.outputs["Live"].endswith(":function:shop-F:live")


def test_a_definition_gets_its_substitutions_and_keeps_other_text(tmp_path: Path) -> None:
    asl = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Task", "Resource": "${A}", "Next": "B"},
            "B": {"Type": "Pass", "Result": "${untouched}", "End": True},
        },
    }
    (tmp_path / "flow.asl.json").write_text(json.dumps(asl), "utf-8")
    stack = read(
        tmp_path,
        {
            "Resources": {
                "F": {
                    "Type": "AWS::Serverless::Function",
                    "Properties": {"Runtime": "java21", "Handler": "a.B"},
                },
                "Flow": {
                    "Type": "AWS::Serverless::StateMachine",
                    "Properties": {
                        "DefinitionUri": "flow.asl.json",
                        "DefinitionSubstitutions": {"A": {"Fn::GetAtt": ["F", "Arn"]}},
                    },
                },
            }
        },
    )
    (machine,) = stack.machines
    assert tasks_of(machine) == {"A": "arn:aws:lambda:eu-west-1:123456789012:function:shop-F"}
    assert "${untouched}" in machine.definition


def test_what_is_not_made_is_said_by_resource(tmp_path: Path) -> None:
    stack = read(
        tmp_path,
        {
            "Resources": {
                "Role": {"Type": "AWS::IAM::Role"},
                "Api": {"Type": "AWS::ApiGateway::RestApi"},
                "Snake": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {"Runtime": "python3.12", "Handler": "a.b"},
                },
            }
        },
    )
    missing = {one.logical: one.why for one in stack.missing}
    assert set(missing) == {"Role", "Api", "Snake"}
    assert "AWS::ApiGateway::RestApi" in missing["Api"]
    assert "python3.12" in missing["Snake"]


def test_everything_that_cannot_be_worked_out_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        read(
            tmp_path,
            {
                "Parameters": {"Needed": {"Type": "String"}},
                "Resources": {
                    "Bucket": {
                        "Type": "AWS::S3::Bucket",
                        "Properties": {"BucketName": {"Ref": "Nothing"}},
                    }
                },
                "Outputs": {"Lost": {"Value": {"Fn::ImportValue": "x"}}},
            },
        )
    where = {problem.where for problem in told.value.problems}
    assert where == {"Parameters.Needed", "Resources.Bucket", "Outputs.Lost"}


def test_code_that_is_nowhere_is_said_and_the_function_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    properties = {"Runtime": "java17", "Handler": "a.B", "Code": "lost.jar"}
    resource = {"Type": "AWS::Lambda::Function", "Properties": properties}
    file.write_text(json.dumps({"Resources": {"F": resource}}), "utf-8")
    (document,) = read_documents(file)
    stack = read_stack(document, PLACE, {}, lambda _: None)
    assert stack.functions == ()
    assert "lost.jar" in stack.missing[0].why


def test_a_cloud_assembly_brings_its_assets(tmp_path: Path) -> None:
    out = tmp_path / "cdk.out"
    (out / "asset.1").mkdir(parents=True)
    (out / "asset.1/B.class").write_bytes(b"")
    artifacts = {
        "Shop.assets": {
            "type": "cdk:asset-manifest",
            "properties": {"file": "Shop.assets.json"},
        },
        "Shop": {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": "Shop.template.json"},
            "dependencies": ["Shop.assets"],
        },
    }
    asset = {
        "source": {"path": "asset.1"},
        "destinations": {"here": {"bucketName": "b", "objectKey": "1.zip"}},
    }
    code = {"S3Bucket": {"Fn::Sub": "cdk-${AWS::AccountId}"}, "S3Key": "1.zip"}
    function = {"Runtime": "java17", "Handler": "B", "Code": code}
    resources = {"F": {"Type": "AWS::Lambda::Function", "Properties": function}}
    (out / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), "utf-8")
    (out / "Shop.assets.json").write_text(json.dumps({"files": {"1": asset}}), "utf-8")
    (out / "Shop.template.json").write_text(json.dumps({"Resources": resources}), "utf-8")
    (document,) = read_documents(out)
    stack = read_stack(document, PLACE, {}, lambda _: None)
    assert stack.name == "Shop"
    assert stack.functions[0].code == Code((str(out / "asset.1"),))


def test_a_folder_that_is_no_cloud_assembly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="is no template"):
        read_documents(tmp_path)
