"""Fixture files: what they hold, and everything that is wrong in them with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import zstandard

from parity.errors import ConfigError, ParityError
from parity.fixtures import fixture_file, fixture_of, read_fixtures
from parity.model import Fixture, Unit

UNIT = Unit("shop.prices:total", "parity.map.toml")
PLACE = "shop.prices/total.jsonl"
TWO = b'{"id": "a", "args": [1, 2.0]}\n\n{"id": "b", "kwargs": {"n": {"$int": "5"}}}\n'


def put(folder: Path, data: bytes, name: str = PLACE) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def problems(folder: Path, *lines: str) -> list[tuple[str, str]]:
    put(folder, "\n".join(lines).encode())
    with pytest.raises(ConfigError) as told:
        read_fixtures(folder, UNIT)
    return [(one.where, one.why) for one in told.value.problems]


def test_fixtures_are_read_in_their_order_with_their_lines(tmp_path: Path) -> None:
    put(tmp_path, TWO)
    assert read_fixtures(tmp_path, UNIT) == [
        Fixture("a", [1, 2.0], {}, 1),
        Fixture("b", [], {"n": {"$int": "5"}}, 3),
    ]


def test_a_compressed_file_holds_the_same(tmp_path: Path) -> None:
    put(tmp_path, zstandard.compress(TWO), f"{PLACE}.zst")
    compressed = read_fixtures(tmp_path, UNIT)
    put(tmp_path, TWO)
    assert compressed == read_fixtures(tmp_path, UNIT) != []


def test_a_unit_without_file_has_no_fixtures(tmp_path: Path) -> None:
    assert fixture_file(tmp_path, UNIT) is None
    assert read_fixtures(tmp_path, UNIT) == []


def test_a_renamed_unit_keeps_its_fixtures(tmp_path: Path) -> None:
    put(tmp_path, b'{"parity": 1, "unit": "old:name"}\n' + TWO, "old/name.jsonl")
    renamed = Unit("shop.prices:total", "", was=("older:name", "old:name"))
    assert [one.id for one in read_fixtures(tmp_path, renamed)] == ["a", "b"]
    put(tmp_path, b'{"id": "new"}\n')
    assert [one.id for one in read_fixtures(tmp_path, renamed)] == ["new"]


def test_a_header_is_no_fixture(tmp_path: Path) -> None:
    put(tmp_path, b'{"parity": 1, "unit": "shop.prices:total"}\n' + TWO)
    assert [one.line for one in read_fixtures(tmp_path, UNIT)] == [2, 4]


def test_everything_that_a_fixture_holds_is_kept(tmp_path: Path) -> None:
    text = (
        '{"id": "x", "self": null, "steps": [{"call": "push", "args": [1], "kwargs": {"n": 2}}], '
        '"world": {"seed": 7}, "observed": {"returned": null, "args": [[1]]}}'
    )
    put(tmp_path, text.encode())
    (fixture,) = read_fixtures(tmp_path, UNIT)
    assert fixture.has_self
    assert fixture.self_state is None
    assert fixture.steps == [{"call": "push", "args": [1], "kwargs": {"n": 2}}]
    assert fixture.world == {"seed": 7}
    assert fixture.observed == {"returned": None, "args": [[1]]}


WRONG = {
    "no JSON": ('{"id": }', "column 8", "Expecting value"),
    "no object": ("[1]", "column 1", "one object"),
    "no id": ('{"args": []}', "column 1", "no `id`"),
    "an id that is a number": ('{"id": 1}', "column 2", "`id` is a string"),
    "an unknown key": ('{"id": "x", "arg": []}', "column", "unknown key 'arg'"),
    "arguments in an object": ('{"id": "x", "args": {}}', "column 13", "`args` is an array"),
    "keywords in a list": ('{"id": "x", "kwargs": []}', "column 13", "`kwargs` is an object"),
    "a key twice": ('{"id": "x", "id": "x"}', "column 13", "stands here twice"),
    "an unknown tag": ('{"id": "x", "args": [{"$odd": 1}]}', "column 23", "unknown tag"),
    "a wrong value": ('{"id": "x", "self": {"$date": "x"}}', "column 22", "no date"),
    "a wrong value in a step": (
        '{"id": "x", "steps": [{"call": "a", "args": [{"$int": "x"}]}]}',
        "column 47",
        "no whole number",
    ),
    "a wrong value observed": (
        '{"id": "x", "observed": {"returned": {"$uuid": "x"}}}',
        "column 39",
        "no UUID",
    ),
    "a step without call": ('{"id": "x", "steps": [{"args": []}]}', "column 13", "a step is"),
    "an unknown key in a step": (
        '{"id": "x", "steps": [{"call": "a", "self": 1}]}',
        "column 37",
        "unknown key 'self' in a step",
    ),
    "a header that is not first": ('{"parity": 1}', "column 1", "first line only"),
    "NaN": ('{"id": "x", "args": [NaN]}', "column 22", "NaN is no JSON"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_line_and_column(tmp_path: Path, name: str) -> None:
    line, column, part = WRONG[name]
    ((where, why),) = problems(tmp_path, '{"id": "fine"}', line)
    assert where.startswith(f"line 2, {column}")
    assert part in why


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    lines = ["{", '{"id": "a"}', "[]", '{"id": "a"}']
    told = problems(tmp_path, *lines)
    assert [where.split(",")[0] for where, _ in told] == ["line 1", "line 3", "line 4"]
    assert told[-1][1] == "the id `a` is also on line 2"


def test_an_id_twice_is_told_at_its_place(tmp_path: Path) -> None:
    ((where, _),) = problems(tmp_path, '{"id": "a"}', '{"args": [], "id": "a"}')
    assert where == "line 2, column 20"


@pytest.mark.parametrize(
    ("header", "part"),
    [('{"parity": 2}', "version 2 is not known"), ('{"parity": 1, "unit": "a:b"}', "of `a:b`")],
)
def test_a_header_of_something_else_is_told(tmp_path: Path, header: str, part: str) -> None:
    ((_, why),) = problems(tmp_path, header, '{"id": "a"}')
    assert part in why


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    put(tmp_path, b'{"id": "a"}\n{"id": "\xff"}\n')
    with pytest.raises(ConfigError, match="1 problem") as told:
        read_fixtures(tmp_path, UNIT)
    (problem,) = told.value.problems
    assert problem.where == "line 2"
    assert "byte 9 is not UTF-8" in problem.why


def test_a_compressed_file_that_is_none_is_told(tmp_path: Path) -> None:
    put(tmp_path, b"plain", f"{PLACE}.zst")
    with pytest.raises(ParityError):
        read_fixtures(tmp_path, UNIT)


BY_HAND = {
    "[1, 2]": Fixture("input", [1, 2], {}, 1),
    '{"a": 1}': Fixture("input", [], {"a": 1}, 1),
    '{"args": [1], "id": "x"}': Fixture("x", [1], {}, 1),
    "{}": Fixture("input", [], {}, 1),
}


@pytest.mark.parametrize("text", BY_HAND)
def test_a_fixture_by_hand(text: str) -> None:
    assert fixture_of(text, where="--input") == BY_HAND[text]


@pytest.mark.parametrize("text", ["1", '"a"', "[1", '{"args": 1}', '[{"$odd": 1}]', "[1, 1e999]"])
def test_an_input_that_is_no_fixture_is_told(text: str) -> None:
    with pytest.raises(ParityError) as told:
        fixture_of(text, where="--input")
    assert told.value.where is not None
    assert told.value.where.startswith("--input, column ")
