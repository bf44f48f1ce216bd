"""A `cdk.out` as the checks read it: templates by their stacks, and what was packaged."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
CDK_OUT: Final = ROOT / "java_lambdas/infra/target/cdk.out"
ASL: Final = ROOT / "java_lambdas/workflow/BatchMoveEndpoint.asl.json"


@dataclass(frozen=True)
class Assembly:
    """Templates as CDK wrote them, or as somebody has changed them since."""

    folder: Path
    stacks: Mapping[str, dict[str, Any]]

    @classmethod
    def read(cls, folder: Path = CDK_OUT) -> Assembly:
        """What `make synth` has written."""
        if not (folder / "manifest.json").is_file():
            raise FileNotFoundError(f"there is nothing in {folder}: run `make synth`")
        files = sorted(folder.glob("*.template.json"))
        read = {file.name.partition(".")[0]: json.loads(file.read_text("utf-8")) for file in files}
        return cls(folder, read)

    def of(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """All resources of a kind: stack and logical id as one word, and the properties."""
        for where, resource in self.resources():
            if resource["Type"] == kind:
                yield where, resource.get("Properties", {})

    def resources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All resources, by `stack/logical id`."""
        for stack, body in self.stacks.items():
            for logical, resource in body["Resources"].items():
                yield f"{stack}/{logical}", resource

    def referred(self, stack: str, value: Any) -> str | None:
        """The `stack/logical id` that a Ref, GetAtt, Join or ImportValue leads to."""
        match value:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                parameter = self.stacks[stack].get("Parameters", {}).get(name)
                return self.parameter(parameter) if parameter else f"{stack}/{name}"
            case {"Fn::ImportValue": str(name)}:
                return next(
                    (
                        self.referred(other, output["Value"])
                        for other, body in self.stacks.items()
                        for output in body.get("Outputs", {}).values()
                        if output.get("Export", {}).get("Name") == name
                    ),
                    None,
                )
            case {"Fn::Join": [_, [first, *_]]}:
                return self.referred(stack, first)
        return None

    def parameter(self, parameter: Mapping[str, Any]) -> str | None:
        """What the SSM parameter leads to that a template's parameter stands for."""
        for where, properties in self.of("AWS::SSM::Parameter"):
            if properties["Name"] == parameter.get("Default"):
                return self.referred(where.partition("/")[0], properties["Value"])
        return None

    @cached_property
    def functions(self) -> dict[str, dict[str, Any]]:
        """Functions by the name of their class."""
        found = {}
        for where, properties in self.of("AWS::Lambda::Function"):
            name = str(properties.get("Description", where)).rpartition(".")[2]
            found[name] = {**properties, "where": where}
        return found

    @property
    def classes(self) -> dict[str, bytes]:
        """Classes of Sable that are packaged, by their names."""
        return _packaged(self.folder)

    @cached_property
    def machine(self) -> dict[str, Any]:
        """The state machine: `where`, and its properties."""
        ((where, properties),) = self.of("AWS::StepFunctions::StateMachine")
        return {**properties, "where": where}

    @cached_property
    def definition(self) -> bytes:
        """The ASL file that is packaged for it."""
        key = str(self.machine["DefinitionS3Location"]["Key"])
        return (self.folder / f"asset.{key}").read_bytes()


@cache
def _packaged(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for jar in sorted(folder.glob("asset.*/lib/sable-*.jar")):
        with zipfile.ZipFile(jar) as archive:
            for entry in archive.namelist():
                if entry.endswith(".class"):
                    name = entry.removesuffix(".class").replace("/", ".")
                    found[name] = archive.read(entry)
    return found
