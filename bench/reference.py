"""docs/reference.md, made from the code: each command, option, key, exit status and JSON field.

`python bench/reference.py` writes it. What a key or field means stands in docs/fields.toml; options
are told by the commands themselves, fields of `parity run` by docs/run.schema.json.
"""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final, get_args

import click
import pytest
from pydantic import BaseModel

from parity.cli import cli
from parity.counterparts import Odd
from parity.evaluated import BreakEven, Failure, Figure, Limit, Line, Price
from parity.gate import Reason
from parity.health import Check
from parity.mapping.tables import MapTable, TermsTable
from parity.model import LeftOut
from parity.pytest_plugin import pytest_addoption
from parity.scanned import Coupling, Note, Shared
from parity.seams import Cut, Draft, DraftedState, Group, Refusal, Seam
from parity.tables import ConfigFile

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "reference.md"
MEANINGS: Final = ROOT / "docs" / "fields.toml"
SCHEMA: Final = ROOT / "docs" / "run.schema.json"
DOCUMENTS: Final[Mapping[str, tuple[tuple[str, ...], tuple[type, ...]]]] = {
    "init": (("report/init.py",), (LeftOut,)),
    "doctor": (("report/doctor.py",), (Check,)),
    "map": (("report/counterparts_document.py",), (Odd,)),
    "record": (("report/recording.py",), ()),
    "scan": (
        ("report/scan_document.py", "scan/confirming.py", "pipeline/scan.py"),
        (Coupling, Note, Shared),
    ),
    "status": (("report/status_document.py",), ()),
    "strength": (("report/strength.py",), ()),
    "decouple": (("report/decouple.py",), (Seam, Refusal, Draft, DraftedState, Group, Cut)),
    "port": (("report/port.py",), ()),
    "workflow": (("report/workflow.py",), ()),
    "local": (("report/local.py",), ()),
    "cutover": (("report/cutover.py",), (Reason,)),
    "evaluate": (
        ("report/evaluation.py",),
        (Line, BreakEven, Limit, Failure, Figure, Price),
    ),
}
"""Where the JSON document of each verb is made, and the nouns that go into it whole."""
ELSEWHERE: Final = {
    "scan": {"PYTHONPATH", "PARITY_SCAN_FILES", "PARITY_SCAN_SEEN", "edges", "io"},
    "map": {"kind"},
    "decouple": {"before", "after"},
    "cutover": {"done", "dry", "refused", "rolled-back", "waiting"},
}
"""Keys in those files that are no fields of the document."""
AS_TEXT: Final = {"scan": {"times"}}
"""Fields that are put behind a document which is text already."""
SHOWN: Final = {
    "workflow": "parity run --workflow NAME",
    "scan": "parity scan",
    "local": "parity local up",
}


def main() -> int:
    """Writes the page."""
    PAGE.write_text(page(), "utf-8")
    print(PAGE.relative_to(ROOT), file=sys.stderr)
    return 0


def page() -> str:
    """The text of docs/reference.md. Raises ValueError where code and meanings do not agree."""
    meanings = tomllib.loads(MEANINGS.read_text("utf-8"))
    problems = [*disagreements(meanings)]
    if problems:
        raise ValueError("\n".join(problems))
    head = (
        "# Reference\n\nMade from the code by `make reference`; a test fails where something is"
        " missing here.\n"
    )
    return "\n".join(
        [
            head,
            "## Commands\n",
            *commands(cli, "parity"),
            "### `pytest`\n",
            table(("option", "means"), plugin_options()),
            "## Exit status\n",
            table(("status", "means"), meanings["exit"].items()),
            "## Config\n\n`[tool.parity]` of `pyproject.toml`, or `parity.toml`"
            " ([the config](config.md)).\n",
            table(("key", "means"), meanings["config"].items()),
            "## Map\n\n`parity.map.toml` ([the map](map.md)). Terms of a unit may stand in"
            " `[defaults]` as well.\n",
            table(("key", "means"), meanings["map"].items()),
            "## JSON\n\nWhat `--json` prints. Readers ignore fields that they do not know.\n",
            "### `parity run`, `compare`, `fuzz`, `merge`\n\n"
            "Their schema is [run.schema.json](run.schema.json).\n",
            table(("field", "means"), schema_fields()),
            *documents(meanings["json"]),
        ]
    )


def documents(meanings: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The fields of the other documents."""
    for verb, told in meanings.items():
        yield f"### `{SHOWN.get(verb, f'parity {verb}')}`\n"
        yield table(("field", "means"), told.items())


def table(head: tuple[str, str], rows: Any) -> str:
    """Two columns."""
    lines = [f"| {head[0]} | {head[1]} |", "|---|---|"]
    lines += [f"| `{one}` | {two.replace('|', chr(92) + '|')} |" for one, two in rows]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- commands


def commands(command: click.Command, name: str) -> Iterator[str]:
    """A section for each command, with those inside of it."""
    yield f"### `{usage(command, name)}`\n\n{text(command.help)}\n"
    rows = [(shown(one), meaning(one)) for one in command.params if isinstance(one, click.Option)]
    if rows:
        yield table(("option", "means"), rows)
    if isinstance(command, click.Group):
        for verb, inner in verbs(command).items():
            yield from commands(inner, f"{name} {verb}")


def verbs(group: click.Group) -> dict[str, click.Command]:
    """The commands of a group by name, in their order."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: found for name, found in sorted(found.items()) if found is not None}


def plugin_options() -> list[tuple[str, str]]:
    """The options of the pytest plugin."""
    parser = pytest.Parser(_ispytest=True)
    pytest_addoption(parser)
    (group,) = [one for one in parser._groups if one.name == "parity"]
    return [(", ".join(one.names()), str(one.attrs()["help"])) for one in group.options]


def usage(command: click.Command, name: str) -> str:
    """The command with its arguments."""
    with click.Context(command) as context:
        words = [
            one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)
        ]
    return " ".join([name, *words])


def shown(option: click.Option) -> str:
    """An option with all of its names and what it takes."""
    names = ", ".join([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return names
    with click.Context(cli) as context:
        return f"{names} {option.metavar or option.make_metavar(context)}"


def meaning(option: click.Option) -> str:
    """What an option says of itself."""
    if not option.help:
        raise ValueError(f"{option.opts} says nothing of itself")
    default = f" ({option.default} where it is left out)" if option.show_default else ""
    return text(option.help).rstrip(".") + default


def text(words: str | None) -> str:
    """Paragraphs, each in one line."""
    return "\n\n".join(" ".join(part.split()) for part in (words or "").split("\n\n"))


# ---------------------------------------------------------------- what the code has


def disagreements(meanings: Mapping[str, Any]) -> Iterator[str]:
    """Keys that have no meaning, and meanings that have no key."""
    yield from differing("config", set(keys(ConfigFile)), meanings["config"])
    yield from differing("map", set(map_keys()), meanings["map"])
    for verb, (files, nouns) in DOCUMENTS.items():
        has = {key for file in files for key in literal_keys(ROOT / "parity" / file)}
        has |= {one.name for noun in nouns if is_dataclass(noun) for one in fields(noun)}
        has = (has | AS_TEXT.get(verb, set())) - ELSEWHERE.get(verb, set())
        told = {
            part
            for path in meanings["json"].get(verb, {})
            for part in path.replace("[]", "").replace(".{}", "").split(".")
        }
        yield from differing(f"JSON of {verb}", has, told)
    known = {path.rpartition(".")[2].removesuffix("[]") for path, _ in schema_fields()}
    made = set(literal_keys(ROOT / "parity" / "report" / "document.py"))
    of_values = {"cut", "length", "sha256"}  # the schema tells of them in words
    for key in sorted(made - known - of_values):
        yield f"JSON of run: the schema does not have {key!r}"


def differing(what: str, has: set[str], told: Any) -> Iterator[str]:
    """What only one of the two has."""
    for key in sorted(has - set(told)):
        yield f"{what}: {key!r} has no meaning in docs/fields.toml"
    for key in sorted(set(told) - has):
        yield f"{what}: docs/fields.toml tells of {key!r}, which is not there"


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """The keys of a table of a file, with those of tables inside of it."""
    for name, field in model.model_fields.items():
        key = f"{above}{field.alias or name}"
        inner = [one for one in models(field.annotation) if one.__name__ != "AllowTable"]
        named = getattr(field.annotation, "__origin__", None) is dict
        if not inner:
            yield key
        for one in inner:
            yield from keys(one, f"{key}.{{}}." if named else f"{key}.")


def map_keys() -> Iterator[str]:
    """The keys of the map; `allow` is a list of tables."""
    from parity.tables import AllowTable

    assert issubclass(TermsTable, BaseModel)
    yield from keys(MapTable)
    yield from (f"unit.{{}}.allow.{name}" for name in AllowTable.model_fields)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The tables that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from models(one)


def literal_keys(file: Path) -> Iterator[str]:
    """Keys that stand in dicts of a source, or are set in one."""
    tree = ast.parse(file.read_text("utf-8"))
    constants = {
        id(node)
        for top in tree.body
        if isinstance(top, ast.Assign | ast.AnnAssign)
        for node in ast.walk(top)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=found) if id(node) not in constants:
                yield from (one.value for one in found if is_text(one))
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str(key)))]):
                yield key


def is_text(node: ast.expr | None) -> bool:
    """Whether it is a text that is written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def schema_fields() -> list[tuple[str, str]]:
    """The fields of docs/run.schema.json, with what it says of them."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return [*properties(schema, schema["$defs"], "")]


def properties(
    node: Mapping[str, Any], known: Mapping[str, Any], above: str
) -> Iterator[tuple[str, str]]:
    """The properties of a node, below a path."""
    for name, one in node.get("properties", {}).items():
        yield from described(one, known, f"{above}{name}")


def described(
    node: Mapping[str, Any], known: Mapping[str, Any], path: str
) -> Iterator[tuple[str, str]]:
    """A property, then what is inside of it."""
    target = known[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    choices: Sequence[Mapping[str, Any]] = target.get("oneOf", [target])
    if target.get("type") == "array" and "items" in target:
        inner = target["items"]
        inner = known[inner["$ref"].rpartition("/")[2]] if "$ref" in inner else inner
        yield path, said(node, target)
        yield from properties(inner, known, f"{path}[].")
        return
    yield path, said(node, target)
    for choice in choices:
        yield from properties(choice, known, f"{path}.")


def said(node: Mapping[str, Any], target: Mapping[str, Any]) -> str:
    """What a schema says of a property: its description, its values, or its type."""
    told = node.get("description") or target.get("description") or ""
    inside = [one.get("description", "") for one in target.get("oneOf", ())]
    told = told or next(filter(None, inside), "")
    values = ", ".join(f"`{one}`" for one in target.get("enum", ()))
    kind = target.get("type", "")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    constant = f"`{target['const']}`" if "const" in target else ""
    return told or values or constant or kind


if __name__ == "__main__":
    sys.exit(main())
