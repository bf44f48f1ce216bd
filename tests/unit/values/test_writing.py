"""What a value is written as, where the round trip alone would not tell."""

from __future__ import annotations

import datetime
import json
import sys
import weakref
from collections import Counter, OrderedDict, UserDict, defaultdict, deque
from decimal import Decimal
from typing import Any

import pytest

from parity.values.form import Formless, Writer, dumps, from_digits, read, write
from tests.unit.values.samples import Box, Colour, Level, Pair, Slotted, resolve

MODULE = Box.__module__
UTC = datetime.UTC
FORMS = {
    "2^53": (2**53, "9007199254740992"),
    "2^53 + 1": (2**53 + 1, '{"$int":"9007199254740993"}'),
    "-2^53": (-(2**53), "-9007199254740992"),
    "-2^53 - 1": (-(2**53) - 1, '{"$int":"-9007199254740993"}'),
    "1.0": (1.0, "1.0"),
    "1e16": (1e16, "1e+16"),
    "1e-5": (1e-5, "1e-05"),
    "minus zero": (-0.0, '{"$float":"-0.0"}'),
    "nan": (float("nan"), '{"$float":"nan"}'),
    "minus inf": (float("-inf"), '{"$float":"-inf"}'),
    "not ascii": ("größe😀", '"gr\\u00f6\\u00dfe\\ud83d\\ude00"'),
    "decimal scale": (Decimal("1.10"), '{"$decimal":"1.10"}'),
    "naive": (datetime.datetime(2024, 1, 2, 3, 4), '{"$datetime":"2024-01-02T03:04:00"}'),
    "aware": (datetime.time(3, 4, tzinfo=UTC), '{"$time":"03:04:00+00:00"}'),
    "year 1": (datetime.date(1, 1, 1), '{"$date":"0001-01-01"}'),
    "negative microsecond": (datetime.timedelta(microseconds=-1), '{"$timedelta":"-0.000001"}'),
    "ten minutes": (datetime.timedelta(minutes=10), '{"$timedelta":"600"}'),
    "set in the order of its texts": ({10, 9, 1}, '{"$set":[1,10,9]}'),
    "dict in its own order": ({"b": 1, "a": 2}, '{"b":1,"a":2}'),
    "key that starts with $": ({"a": 1, "$b": 2}, '{"$dict":[["a",1],["$b",2]]}'),
    "int key": ({1: 2}, '{"$dict":[[1,2]]}'),
    "enum": (Colour.CRIMSON, f'{{"$enum":["{MODULE}:Colour","RED"]}}'),
    "int enum": (Level.LOW, f'{{"$enum":["{MODULE}:Level","LOW"]}}'),
    "named tuple": (Pair(1, 2), f'{{"$object":["{MODULE}:Pair",{{"first":1,"second":2}}]}}'),
}
SIMPLER = {
    "OrderedDict": (OrderedDict(a=1), {"a": 1}),
    "defaultdict": (defaultdict(list, a=[1]), {"a": [1]}),
    "Counter": (Counter("aa"), {"a": 2}),
    "bytearray": (bytearray(b"a"), {"$bytes": "YQ=="}),
    "memoryview": (memoryview(b"a"), {"$bytes": "YQ=="}),
    "range": (range(3), [0, 1, 2]),
    "dict keys": ({"a": 1}.keys(), ["a"]),
    "deque": (deque([1, 2]), [1, 2]),
    "a view of another mapping": (UserDict(a=1).values(), [1]),
    "a subclass of str": (type("Name", (str,), {})("a"), "a"),
    "a subclass of int": (type("Count", (int,), {})(5), 5),
}


def test_a_weak_proxy_is_written_as_what_it_stands_for() -> None:
    known = Box(left=5)
    proxy = weakref.proxy(known)
    assert write([proxy, 1]) == [write(known), 1]
    del known
    with pytest.raises(Formless, match="what it refers to is gone"):
        write([proxy])


@pytest.mark.parametrize("name", FORMS)
def test_the_text_of_a_value(name: str) -> None:
    value, text = FORMS[name]
    assert dumps(write(value, exact=True)) == text


@pytest.mark.parametrize("name", SIMPLER)
def test_a_result_is_written_as_the_built_in_type(name: str) -> None:
    value, form = SIMPLER[name]
    assert write(value) == form


@pytest.mark.parametrize("name", SIMPLER)
def test_a_fixture_is_not_where_reading_would_give_another_type(name: str) -> None:
    with pytest.raises(Formless, match=r"^\$: (it is a subclass of|only what it holds)"):
        write(SIMPLER[name][0], exact=True)


def test_a_generator_is_drained_up_to_its_limit() -> None:
    assert write(n * n for n in range(3)) == [0, 1, 4]
    assert Writer(max_items=3).write(iter("abc"), "$") == ["a", "b", "c"]
    with pytest.raises(Formless, match="more than 3 items"):
        Writer(max_items=3).write(iter("abcd"), "$")
    with pytest.raises(Formless, match="cannot be read again"):
        write(iter("abc"), exact=True)


def test_a_deque_is_not_written_as_an_object_without_fields() -> None:
    with pytest.raises(Formless):
        write(deque([1, 2]), exact=True)


def test_a_class_local_to_a_function_is_no_fixture() -> None:
    class Local:
        def __init__(self) -> None:
            self.x = 1

    assert write(Local())["$object"][1] == {"x": 1}
    with pytest.raises(Formless, match="local to a function"):
        write(Local(), exact=True)


def test_slots_that_are_not_set_are_not_written() -> None:
    assert write(Slotted()) == {"$object": [f"{MODULE}:Slotted", {}]}


def test_an_int_of_any_length() -> None:
    number = 7**9000
    form = write([number, -number])
    assert read(form) == [number, -number]
    assert len(form[0]["$int"]) == 7606
    assert from_digits("-" + "0" * 5000 + "1") == -1


def test_nan_twice_in_a_set_is_there_twice() -> None:
    again = read(write({float("nan"), float("nan")}))
    assert len(again) == 2


def test_two_hundred_levels_are_written_and_read(deep_stack: None) -> None:
    value: Any = -0.0
    for _ in range(200):
        value = [(Box(value),)]
    text = dumps(write(value, exact=True))
    assert text.count("$object") == 200
    assert dumps(write(read(json.loads(text), resolve), exact=True)) == text


def test_what_is_nested_too_deep_is_told() -> None:
    value: Any = []
    for _ in range(sys.getrecursionlimit()):
        value = [value]
    with pytest.raises(Formless, match=r"nested (too deep|deeper than)"):
        write(value)


def test_a_key_that_json_would_read_as_another_has_no_form() -> None:
    with pytest.raises(Formless, match="two halves"):
        write({"\ud83d\ude00": 1})


@pytest.fixture
def deep_stack() -> Any:
    """The recursion limit of a worker, which goes on where a plain interpreter gives up."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    yield
    sys.setrecursionlimit(limit)
