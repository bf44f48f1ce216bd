"""The config: where it is found, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from parity.config import find_config, read_config, toml_key, tool_table
from parity.errors import ConfigError, ParityError
from parity.mapping.tables import MapTable
from parity.tables import MAP_TABLES, problems_of

WRONG = {
    "a misspelt key": ({"source": ["."]}, "source", "did you mean `sources`?"),
    "a misspelt key of a table": ({"java": {"mavn": "p"}}, "java.mavn", "did you mean `maven`?"),
    "a key like no other": ({"python": {"zzz": 1}}, "python.zzz", "known: env_pass, interpreter"),
    "a text for a list": ({"sources": "src"}, "sources", "should be a valid list, not 'src'"),
    "an empty text": ({"fixtures": ""}, "fixtures", "at least 1 character"),
    "a table of the map": ({"unit": {}}, "unit", "it belongs in the map, parity.map.toml"),
    "a number in a list": ({"types": [1]}, "types.0", "should be a valid string, not 1"),
    "a folder that is not": ({"sources": ["nowhere"]}, "sources[0]", "there is no folder"),
    "a pom that is not": ({"java": {"maven": "pom.xml"}}, "java.maven", "there is no file"),
    "a JDK that is not": ({"java": {"home": "jdk"}}, "java.home", "there is no folder"),
    "an interpreter that is not": (
        {"python": {"interpreter": "bin/python"}},
        "python.interpreter",
        "there is no file",
    ),
    "Gradle": ({"java": {"gradle": "port"}}, "java.gradle", "there is no folder"),
    "two class paths": (
        {"java": {"classpath": [], "classpath_command": ["x"]}},
        "java",
        "more than one of maven, gradle, classpath",
    ),
    "a table that is none": ({"java": []}, "java", "not []"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, name: str) -> None:
    table, place, part = WRONG[name]
    with pytest.raises(ConfigError) as told:
        read_config(tmp_path / "parity.toml", table)
    (problem,) = told.value.problems
    assert problem.where == place
    assert part in f"{problem.why} {problem.hint}"


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    table = {"source": [], "fixtures": 1, "java": {"mavn": ""}}
    with pytest.raises(ConfigError, match="has 3 problems"):
        read_config(tmp_path / "parity.toml", table)


def test_what_is_not_written_has_its_default(tmp_path: Path) -> None:
    config = read_config(tmp_path / "parity.toml", {})
    assert config.sources == [tmp_path.resolve()]
    assert config.fixtures == tmp_path / "tests" / "fixtures"
    assert config.private == tmp_path / ".parity"


def test_the_nearest_folder_with_a_config_is_the_project(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "parity.toml").write_text('fixtures = "outer"\n')
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    assert find_config(inner).root == tmp_path.resolve()
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.parity]\nfixtures = "inner"\n')
    assert find_config(inner).table.fixtures == "inner"


def test_parity_toml_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "parity.toml").write_text('fixtures = "own"\n')
    (tmp_path / "pyproject.toml").write_text('[tool.parity]\nfixtures = "shared"\n')
    assert find_config(tmp_path).table.fixtures == "own"


def test_no_config_anywhere_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParityError, match="no project here"):
        find_config(tmp_path)


def test_a_table_of_ours_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool]\nparity = 1\n")
    table = tool_table(file)
    assert table is not None
    with pytest.raises(ConfigError):
        read_config(file, table)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("parity.map.toml", ["parity.map.toml"]),
        (["*.map.toml"], ["a.map.toml", "parity.map.toml"]),
        (["maps/**/*.toml", "a.map.toml"], ["a.map.toml", "maps/x/b.toml"]),
        (["*.map.toml", "parity.map.toml"], ["a.map.toml", "parity.map.toml"]),
    ],
)
def test_the_map_files(tmp_path: Path, given: str | list[str], found: list[str]) -> None:
    (tmp_path / "maps" / "x").mkdir(parents=True)
    for name in ("parity.map.toml", "a.map.toml", "maps/x/b.toml"):
        (tmp_path / name).write_text("")
    config = read_config(tmp_path / "parity.toml", {"map": given})
    assert [str(file.relative_to(tmp_path)) for file in config.map_files()] == found


def test_a_map_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "parity.map.toml").write_text("")
    config = read_config(tmp_path / "parity.toml", {"map": ["parity.map.toml", "team/*.toml"]})
    with pytest.raises(ParityError, match=r"no map `team/\*\.toml`"):
        config.map_files()


@pytest.mark.parametrize("name", ["Moves", "move-all_2", "shop.flow:run", 'a "b"', "é"])
def test_a_name_in_a_hint_stands_as_the_head_of_a_table(name: str) -> None:
    assert tomllib.loads(f"[workflow.{toml_key(name)}]\n") == {"workflow": {name: {}}}


@pytest.mark.parametrize(
    ("name", "text", "head"),
    [
        ("parity.toml", "", "[switch.a] in parity.toml"),
        ("pyproject.toml", "[tool.parity]\n", "[tool.parity.switch.a] in pyproject.toml"),
    ],
)
def test_it_is_told_in_which_file_a_table_is_written(
    tmp_path: Path, name: str, text: str, head: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert find_config(tmp_path).place_of("switch.a") == head


def test_the_tables_of_the_map_are_known_by_name() -> None:
    assert {*MAP_TABLES, "schema"} == {
        field.alias or name for name, field in MapTable.model_fields.items()
    }
    with pytest.raises(ValidationError) as raised:
        MapTable.model_validate({"schema": 1, "switch": {}})
    (problem,) = problems_of(raised.value, MapTable)
    assert problem.hint == "it belongs in the config, parity.toml or [tool.parity]"
