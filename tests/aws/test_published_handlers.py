"""Handlers that others have published, by their coordinates, run here unchanged.

`cloud.localstack:localstack-utils:0.2.23:tests` on Maven Central holds Lambda handlers of each
style, and events to call them with.
"""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from parity.aws.local import LocalAws
from tests.aws.test_local import invoke

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>published</groupId>
  <artifactId>handlers</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>cloud.localstack</groupId>
      <artifactId>localstack-utils</artifactId>
      <version>0.2.23</version>
      <classifier>tests</classifier>
      <exclusions>
        <exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>aws-lambda-java-events</artifactId>
      <version>3.11.0</version>
    </dependency>
  </dependencies>
</project>
"""
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
HANDLERS = {
    "Any": "cloud.localstack.sample.LambdaHandler",
    "Stream": "cloud.localstack.awssdkv1.sample.LambdaStreamHandler",
    "Kinesis": "cloud.localstack.awssdkv1.sample.KinesisLambdaHandler",
}


@pytest.fixture(scope="module")
def code(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The jars as a package is laid out, with a template that names their handlers."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "pom.xml").write_text(POM, "utf-8")
    command = ["mvn", "-q", "-B", "-ntp", "-f", str(folder / "pom.xml"), COPY]
    subprocess.run([*command, f"-DoutputDirectory={folder}/code/lib"], check=True)
    resources = {
        name: {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Runtime": "java17",
                "Handler": handler,
                "CodeUri": "code",
                "FunctionName": name,
                "Timeout": 30,
            },
        }
        for name, handler in HANDLERS.items()
    }
    (folder / "template.json").write_text(json.dumps({"Resources": resources}), "utf-8")
    (stack,) = aws.load(folder / "template.json")
    assert stack.missing == ()
    return folder / "code"


def event(code: Path, name: str) -> Any:
    """An event that was published with the handlers."""
    (jar,) = (code / "lib").glob("localstack-utils-*-tests.jar")
    with zipfile.ZipFile(jar) as archive:
        return json.loads(archive.read(name))


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_each_style_of_handler_answers(aws: LocalAws, code: Path, name: str) -> None:
    told, kind = invoke(aws, name, event(code, "KinesisEventLambda.json"))
    assert kind is None, told


def test_an_event_arrives_as_the_class_that_the_handler_takes(aws: LocalAws, code: Path) -> None:
    invoke(aws, "Kinesis", event(code, "KinesisEventLambda.json"))
    said = (aws.logs / "Kinesis.log").read_text("utf-8")
    assert "Kinesis record: Hello, this is a test." in said
