"""Java types from hints and recorded values, and Java names."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from parity.port import names
from parity.port.types import JavaType, holds, of_hint, of_values, settled


def hinted(text: str) -> str:
    found = of_hint(ast.parse(text, mode="eval").body, lambda name: None)
    return found.text if found is not None else "nothing"


def seen(*values: Any) -> str:
    return settled(of_values(values, lambda unit_id, tag: None)).text


@pytest.mark.parametrize(
    ("hint", "java"),
    [
        ("int", "long"),
        ("Optional[int]", "Long"),
        ("int | None", "Long"),
        ("'list[str]'", "List<String>"),
        ("dict[str, list[int]]", "Map<String, List<Long>>"),
        ("tuple[int, ...]", "List<Long>"),
        ("tuple[int, str]", "List<Object>"),
        ("int | str", "Object"),
        ("int | float", "Number"),
        ("Iterable[bytes]", "Collection<byte[]>"),
        ("frozenset[UUID]", "Set<UUID>"),
        ("decimal.Decimal", "BigDecimal"),
        ("Literal['a', 'b']", "String"),
        ("Annotated[bool, 1]", "boolean"),
        ("Iterator[int]", "List<Long>"),
        ("None", "void"),
        ("Any", "nothing"),
        ("Callable[[int], int]", "nothing"),
    ],
)
def test_hints(hint: str, java: str) -> None:
    assert hinted(hint) == java


@pytest.mark.parametrize(
    ("values", "java"),
    [
        ([1, None], "Long"),
        ([2**63], "BigInteger"),
        ([1, {"$int": "99999999999999999999"}], "BigInteger"),
        ([1, 1.5], "Number"),
        ([[], [1]], "List<Long>"),
        ([[None], ["a"]], "List<String>"),
        ([None], "Object"),
        ([{"a": 1}, {}], "Map<String, Long>"),
        ([{"$tuple": [1, "a"]}], "List<Object>"),
        ([{"$set": []}], "Set<Object>"),
        ([{"$decimal": "1.1"}], "BigDecimal"),
        ([{"$decimal": "NaN"}], "Object"),
        ([{"$datetime": "2026-01-01T00:00:00Z"}], "Object"),
        ([1, "a"], "Object"),
    ],
)
def test_recorded_values(values: list[Any], java: str) -> None:
    assert seen(*values) == java


def test_a_hint_holds_what_fits_it_only() -> None:
    long = JavaType("long")
    assert not holds(long, JavaType("void"))
    assert holds(JavaType("long", nullable=True), JavaType("void"))
    assert not holds(long, JavaType("BigInteger"))
    assert holds(JavaType("double"), long)
    assert not holds(JavaType("List", (long,)), JavaType("Set", (long,)))
    assert not holds(JavaType("Object", nullable=True), JavaType("Line", own="shop:Line"))


def test_names_are_none_of_javas_and_each_only_once() -> None:
    assert names.lower("class_") == "class_"
    assert names.method("notify_all") == "notifyAll_"
    assert names.package("com.example", "new.my_mod") == "com.example.new_.mymod"
    assert names.upper("__init__") == "Init"
    taken = names.Taken()
    assert [taken.simple("List", "a:list"), taken.simple("Run", "a:run")] == ["List2", "Run"]
    assert [taken.simple("RUN", "b:RUN"), taken.simple("Run", "a:run")] == ["RUN2", "Run"]
