"""Sequences of calls on one receiver."""

from __future__ import annotations

import random

from parity.fuzz.calls import Call, Signature
from parity.fuzz.edges import Edges
from parity.fuzz.making import Maker
from parity.fuzz.shapes import Scalar
from parity.fuzz.sources import sources_of
from parity.fuzz.steps import LONGEST, Sequences, first_sequences
from parity.model import Parameter

INT = Scalar("int", -(2**31), 2**31 - 1)
KEY = Parameter("key", "positional")
HOOK = Parameter("hook", "positional", has_default=True, default=None)
PUT = Signature([KEY, HOOK], {"key": INT}, held={"key": INT}, count=1)
SIZE = Signature([], count=0)
WHOLE = Parameter("of", "positional", formless="a function")
CLASS = Signature([HOOK, WHOLE], count=0, steps={"put": PUT, "size": SIZE})


def maker() -> Maker:
    return Maker(Edges.of(sources_of({}, {})), random.Random(7))


def sequences() -> Sequences:
    return Sequences(CLASS, maker(), random.Random(7))


def test_each_method_is_in_the_first_sequences_with_as_much_as_java_takes() -> None:
    calls = list(first_sequences(CLASS, maker()))
    assert calls
    for call in calls:
        assert call["args"] == []
        assert {one["call"] for one in call["steps"]} == {"put", "size"}
        assert all(len(one["args"]) == (one["call"] == "put") for one in call["steps"])


def test_keys_meet_and_nothing_is_given_that_java_cannot_hold() -> None:
    several = sequences()
    made = [several.made({"args": []}) for _ in range(100)]
    keys = [[one["args"][0] for one in call["steps"] if one["args"]] for call in made]
    assert any(len(set(one)) < len(one) for one in keys)
    assert all(CLASS.can_hold(call) for call in made)
    assert not CLASS.can_hold({"args": [], "steps": [{"call": "put", "args": ["text"]}]})


def test_a_sequence_gets_longer_shorter_and_otherwise_ordered() -> None:
    several = sequences()
    base: Call = {"args": [], "steps": [{"call": "put", "args": [n]} for n in range(3)]}
    changed = [several.changed(base)["steps"] for _ in range(100)]
    assert {len(one) for one in changed} == {2, 3, 4}
    assert any(len(one) == 3 and one != base["steps"] for one in changed)
    long: Call = {"args": [], "steps": base["steps"] * 8}
    assert all(len(several.changed(long)["steps"]) <= LONGEST for _ in range(50))


def test_a_sequence_of_methods_that_nothing_is_known_of_is_changed_all_the_same() -> None:
    several = Sequences(Signature(None), maker(), random.Random(7))
    base: Call = {"args": [], "steps": [{"call": "a", "args": []}, {"call": "b", "args": []}]}
    assert len({str(several.changed(base)["steps"]) for _ in range(50)}) > 2
    assert several.changed({"args": [], "steps": []})["steps"] == []
