"""What callers may ask for, and the defaults of what they leave out."""

from __future__ import annotations

from typing import Any

import pytest

from sable import requests
from sable.errors import (
    EndpointLocked,
    InvalidField,
    InvalidName,
    InvalidSize,
    RepeatedEndpoint,
    SameSourceAndTarget,
    UnknownEndpoint,
    UnknownHost,
    WrongSource,
)


@pytest.mark.parametrize(
    ("asked", "endpoint", "source", "target"),
    [
        ("a -> b", "a", None, "b"),
        (" a@s->b ", "a", "s", "b"),
        ("größe @ s -> ?", "größe", "s", None),
        ({"endpoint": "a"}, "a", None, None),
        ({"endpoint": "a", "source": None, "target": ""}, "a", None, None),
        ({"endpoint": " a ", "source": "s", "target": "t"}, "a", "s", "t"),
    ],
)
def test_a_move_is_read(asked: Any, endpoint: str, source: str | None, target: str | None) -> None:
    assert requests.parse_move(asked) == {"endpoint": endpoint, "source": source, "target": target}


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("a", InvalidField),
        ("a -> b -> c", InvalidField),
        ("a b -> c", InvalidField),
        (7, InvalidField),
        ({}, InvalidField),
        ({"endpoint": 7}, InvalidField),
        ({"endpoint": "a", "goal": "b"}, InvalidField),
        ({"endpoint": "a", "target": 7}, InvalidField),
        ({"endpoint": "a/b"}, InvalidName),
    ],
)
def test_what_is_no_move_is_refused(asked: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        requests.parse_move(asked)


def test_a_batch_has_defaults() -> None:
    assert requests.parse_batch({"moves": ["a -> b"]}) == {
        "moves": [{"endpoint": "a", "source": None, "target": "b"}],
        "chunk_size": 65_536,
        "label": "move",
        "request_id": None,
    }
    asked = {"moves": ["a -> b"], "chunk_size": "4 GiB", "label": "  x \n y " + "z" * 99}
    batch = requests.parse_batch({**asked, "request_id": "id:0.1"})
    assert (batch["chunk_size"], batch["request_id"]) == (4 << 30, "id:0.1")
    assert batch["label"] == ("x y " + "z" * 99)[:80]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, InvalidField),
        ({"moves": []}, InvalidField),
        ({"moves": ["a -> b"] * 1001}, InvalidField),
        ({"moves": ["a -> b", " a -> c"]}, RepeatedEndpoint),
        ({"moves": ["a -> b"], "chunk_size": "much"}, InvalidSize),
        ({"moves": ["a -> b"], "chunk_size": 1023}, InvalidField),
        ({"moves": ["a -> b"], "chunk_size": "9 GiB"}, InvalidField),
        ({"moves": ["a -> b"], "label": 7}, InvalidField),
        ({"moves": ["a -> b"], "request_id": 7}, InvalidField),
        ({"moves": ["a -> b"], "request_id": "abc"}, InvalidField),
        ({"moves": ["a -> b"], "request_id": "abcd\n"}, InvalidField),
    ],
)
def test_what_is_no_batch_is_refused(asked: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        requests.parse_batch(asked)


def test_a_host_has_defaults() -> None:
    host = {"name": "h", "address": "127.0.0.1:8080"}
    assert requests.parse_host(host) == {**host, "capacity": 4 << 40, "limit": 4}
    assert requests.parse_host({**host, "capacity": "1kB", "limit": 64})["capacity"] == 1000


@pytest.mark.parametrize(
    "wrong",
    [{"name": None}, {"address": 7}, {"address": "h:80"}, {"limit": True}, {"limit": 0},
     {"limit": "4"}],
)  # fmt: skip
def test_what_is_no_host_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        requests.parse_host({"name": "h", "address": "127.0.0.1:80", **wrong})


ENDPOINTS = {
    "a": {"host": "h1", "locked_by": None},
    "b": {"host": "h1", "locked_by": "operator:x"},
}


@pytest.mark.parametrize(
    ("endpoint", "source", "target", "error"),
    [
        ("x", None, None, UnknownEndpoint),
        ("a", None, "h9", UnknownHost),
        ("a", "h2", "h2", WrongSource),
        ("a", None, "h1", SameSourceAndTarget),
        ("b", None, "h2", EndpointLocked),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    endpoint: str, source: str | None, target: str | None, error: type[Exception]
) -> None:
    move = {"endpoint": endpoint, "source": source, "target": target}
    with pytest.raises(error):
        requests.check_moves([move], ENDPOINTS, {"h1": {}, "h2": {}})


def test_a_move_that_can_be_gets_its_source() -> None:
    moves = [{"endpoint": "a", "source": None, "target": None}]
    checked = requests.check_moves(moves, ENDPOINTS, {})
    assert checked == [{"endpoint": "a", "source": "h1", "target": None}]
