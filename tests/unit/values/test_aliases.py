"""One mutable object that stands in two places is one object again after reading."""

from __future__ import annotations

import enum
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.values.form import Formless, Reader, Writer, dumps, read, write
from tests.unit.values.samples import (
    Box,
    Colour,
    Pair,
    Point,
    Slotted,
    Trouble,
    identical,
    resolve,
)


class Key:
    """Mutable, and hashable by identity."""

    def __init__(self, name: str) -> None:
        self.name = name


def resolve_key(name: str) -> type:
    return Key if name.endswith(":Key") else resolve(name)


def there_and_back(value: Any, *, aliases: bool = True) -> Any:
    text = dumps(write(value, exact=True, aliases=aliases))
    return read(json.loads(text), resolve_key)


LEAVES = st.sampled_from([None, True, 1, 1.0, -0.0, float("nan"), "a", 2**70, b"\xff"])
KEYS = st.sampled_from(["a", "b.c", "it's", "$ref", "", "größe", 1, True, 2.5, (1, "x"), None])
MAKERS = st.sampled_from([list, dict, Box, Slotted, Trouble])


@st.composite
def graphs(draw: st.DrawFn) -> Any:
    """Mutable objects that hold one another at random: trees, shared parts and cycles."""
    nodes = draw(st.lists(MAKERS.map(lambda maker: maker()), min_size=1, max_size=5))
    inner = st.one_of(
        LEAVES,
        st.sampled_from(nodes),
        st.sampled_from(nodes).map(lambda node: (node, 1)),
        st.sampled_from(nodes).map(lambda node: Point(node)),
    )
    for node in nodes:
        if isinstance(node, list):
            node.extend(draw(st.lists(inner, max_size=3)))
        elif isinstance(node, dict):
            node.update(draw(st.dictionaries(KEYS, inner, max_size=3)))
        else:
            name = "shown" if isinstance(node, Slotted) else "left"
            setattr(node, name, draw(inner))
    return nodes


@settings(database=None, deadline=None, max_examples=300)
@given(graphs())
def test_what_is_one_object_stays_one(nodes: Any) -> None:
    assert identical(nodes, there_and_back(nodes))


@settings(database=None, deadline=None, max_examples=200)
@given(graphs())
def test_without_aliases_only_cycles_are_references(nodes: Any) -> None:
    again = there_and_back(nodes, aliases=False)
    assert identical(again, there_and_back(again))


def test_the_graphs_have_shared_parts_and_cycles() -> None:
    shared, cyclic = [], []

    @settings(database=None, deadline=None, max_examples=200, derandomize=True)
    @given(graphs())
    def look(nodes: Any) -> None:
        shared.append("$ref" in dumps(write(nodes, aliases=True)))
        cyclic.append("$ref" in dumps(write(nodes)))

    look()
    assert sum(shared) > 20
    assert sum(cyclic) > 20


def test_a_reference_points_from_one_root_into_another() -> None:
    names = ["a"]
    writer = Writer(exact=True, aliases=True)
    forms = {
        path: writer.write(value, path) for path, value in (("$args[0]", [names]), ("$self", names))
    }
    assert forms["$self"] == {"$ref": "$args[0][0]"}
    reader = Reader()
    made = {path: reader.read(form, path) for path, form in forms.items()}
    assert made["$args[0]"][0] is made["$self"]


def test_equal_objects_are_not_one() -> None:
    again = there_and_back([[1], [1]])
    assert again[0] is not again[1]


def test_immutable_values_are_never_references() -> None:
    pair = (1, frozenset([2]), "text", 2**70, b"x")
    assert "$ref" not in dumps(write([pair, pair, pair[1]], aliases=True))


def test_an_alias_of_an_empty_set_is_one_set() -> None:
    empty: set[int] = set()
    again = there_and_back([empty, empty])
    assert again[0] is again[1]
    assert again[0] == set()


@pytest.mark.parametrize("constant", [Colour.RED, Pair(1, 2)], ids=["enum", "namedtuple"])
def test_an_immutable_value_of_a_class_twice(constant: enum.Enum) -> None:
    assert identical([constant, constant], there_and_back([constant, constant]))


def test_a_cycle_through_a_tuple_is_refused_when_written() -> None:
    holder: list[Any] = []
    holder.append((holder,))
    cycle = holder[0]
    with pytest.raises(Formless):
        there_and_back(cycle)


@pytest.mark.parametrize("kind", [set, frozenset, dict.fromkeys])
def test_an_element_of_a_set_and_a_key_have_no_path_to_refer_to(kind: Any) -> None:
    keys = [Key("a"), Key("b"), Key("c")]
    with pytest.raises(Formless, match="elsewhere"):
        there_and_back([kind(keys), *keys])
    assert len(there_and_back(kind(keys))) == 3


def test_a_key_does_not_stand_where_a_value_is() -> None:
    inner: list[int] = []
    again = there_and_back([{(1, 2): 1, 0: inner}, inner])
    assert again[0][0] is again[1]
