"""The reference has all that the code has, and a page that lacks something is noticed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
import pytest

from bench import reference
from parity.cli import cli


def meanings() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(reference.MEANINGS.read_text("utf-8"))


def test_the_page_is_what_the_code_says() -> None:
    assert reference.PAGE.read_text("utf-8") == reference.page(), "type: make reference"


def test_every_verb_and_option_has_its_place() -> None:
    text = reference.PAGE.read_text("utf-8")
    for name, command in reference.verbs(cli).items():
        assert f"### `parity {name}" in text
        for option in command.params:
            if isinstance(option, click.Option):
                assert all(f"`{one}" in text or f", {one}" in text for one in option.opts)


@pytest.mark.parametrize(
    ("section", "key"),
    [("config", "java.maven"), ("map", "unit.{}.java"), ("map", "unit.{}.allow.path")],
)
def test_a_key_without_a_meaning_is_noticed(section: str, key: str) -> None:
    told = meanings()
    del told[section][key]
    assert list(reference.disagreements(told)) == [
        f"{section}: {key!r} has no meaning in docs/fields.toml"
    ]


def test_a_field_without_a_meaning_is_noticed() -> None:
    told = meanings()
    del told["json"]["doctor"]["checks[].cure"]
    assert list(reference.disagreements(told)) == [
        "JSON of doctor: 'cure' has no meaning in docs/fields.toml"
    ]


def test_a_meaning_of_what_is_not_there_is_noticed() -> None:
    told = meanings()
    told["config"]["java.bazel"] = "nothing reads it"  # type: ignore[assignment]
    (problem,) = reference.disagreements(told)
    assert "java.bazel" in problem


def test_an_option_that_says_nothing_of_itself_is_refused() -> None:
    command = click.Command("odd", params=[click.Option(["--odd"])])
    with pytest.raises(ValueError, match="--odd"):
        list(reference.commands(command, "parity odd"))


def test_keys_of_a_document_are_read_from_its_source(tmp_path: Path) -> None:
    source = tmp_path / "document.py"
    source.write_text('NAMES = {"no": 1}\n\n\ndef f():\n    d = {"a": {"b": 1}}\n    d["c"] = 2\n')
    assert sorted(reference.literal_keys(source)) == ["a", "b", "c"]
