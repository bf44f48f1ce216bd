"""Templates as people and tools write them: JSON, YAML with CloudFormation's tags, `cdk.out`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.errors import ParityError


@dataclass(frozen=True, slots=True)
class Document:
    """A template, the folder that its paths start from, and CDK's assets by the names in it."""

    file: Path
    name: str
    body: Mapping[str, Any]
    assets: Mapping[str, Path]

    @property
    def folder(self) -> Path:
        """Where paths in it start."""
        return self.file.parent


def read_documents(path: Path) -> list[Document]:
    """The template in a file, or all stacks of a `cdk.out`. Raises ParityError."""
    if path.is_dir():
        return _cloud_assembly(path)
    return [Document(path, _stack_name(path), _read(path), {})]


def _stack_name(path: Path) -> str:
    stem = path.name.partition(".")[0]
    return path.resolve().parent.name if stem == "template" else stem


def _cloud_assembly(folder: Path) -> list[Document]:
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise ParityError(
            f"{folder} is no template",
            where=str(manifest),
            why="a folder is taken for a `cdk.out`, and this one has no manifest.json",
            next_step="run `cdk synth`, or name a template file",
        )
    artifacts = _read(manifest).get("artifacts", {})
    documents: list[Document] = []
    for name in _in_order(artifacts):
        artifact = artifacts[name]
        if artifact.get("type") == "cdk:cloud-assembly":
            documents += _cloud_assembly(folder / artifact["properties"]["directoryName"])
        if artifact.get("type") != "aws:cloudformation:stack":
            continue
        file = folder / artifact["properties"]["templateFile"]
        stack = artifact["properties"].get("stackName", name)
        documents.append(Document(file, stack, _read(file), _assets(folder, artifacts, artifact)))
    return documents


def _in_order(artifacts: Mapping[str, Any]) -> list[str]:
    """The names of all artifacts, each after those that it needs, else as they are listed."""
    found: dict[str, None] = {}

    def visit(name: str, waiting: tuple[str, ...]) -> None:
        if name in found or name in waiting or name not in artifacts:
            return
        for other in artifacts[name].get("dependencies", []):
            visit(other, (*waiting, name))
        found[name] = None

    for name in artifacts:
        visit(name, ())
    return list(found)


def _assets(
    folder: Path, artifacts: Mapping[str, Any], stack: Mapping[str, Any]
) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name in stack.get("dependencies", []):
        artifact = artifacts.get(name, {})
        if artifact.get("type") != "cdk:asset-manifest":
            continue
        listed = _read(folder / artifact["properties"]["file"])
        for asset in listed.get("files", {}).values():
            for place in asset.get("destinations", {}).values():
                found[place["objectKey"]] = folder / asset["source"]["path"]
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ParityError(
            f"{path} cannot be read",
            where=str(path),
            why=str(error),
            next_step="name a template file or a `cdk.out`",
        ) from None
    try:
        body = json.loads(text)
    except ValueError:
        body = _yaml(path, text)
    if not isinstance(body, dict):
        raise ParityError(
            f"{path} is no template",
            where=str(path),
            why=f"it holds a {type(body).__name__}, not a mapping with `Resources`",
            next_step="name a template file or a `cdk.out`",
        )
    return body


def _yaml(path: Path, text: str) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Knows CloudFormation's short tags, and takes dates for the texts that they are."""

    Loader.yaml_implicit_resolvers = {
        first: [one for one in rules if one[0] != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_multi_constructor("!", _short_tag)
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise ParityError(
            f"{path} is neither JSON nor YAML",
            where=str(path),
            why=str(error),
            next_step="mend it, or name another template",
        ) from None


def _short_tag(loader: Any, tag: str, node: Any) -> dict[str, Any]:
    import yaml

    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    return {name: value}
