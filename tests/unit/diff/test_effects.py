"""Port calls of both sides, held against what was recorded and against each other."""

from __future__ import annotations

from typing import Any

from parity.diff.classes import ClassPairs
from parity.diff.effects import RecordedCalls, effect_differences, unstable_effects, was_ended
from parity.model import Difference, Effect, Observation, Port, Returned, Terms, Verdict

PORT = "hosts:Client"
KNOWN = Port(PORT, "x.Client")
STRICT = Terms()


def recorded(*calls: tuple[str, list[Any]], port: Port = KNOWN) -> RecordedCalls:
    """Calls of one port, each returning nothing."""
    told = [{"port": PORT, "call": name, "args": args, "returned": None} for name, args in calls]
    return RecordedCalls(told, (port,))


def side(*effects: tuple[str, list[Any], int | None, int]) -> Observation:
    """A side that returned after these calls: name, arguments, what answered, thread."""
    made = tuple(Effect(PORT, name, args, entry, thread) for name, args, entry, thread in effects)
    return Observation(Returned(None), effects=made)


def differences(
    calls: RecordedCalls, python: Observation, java: Observation, terms: Terms = STRICT
) -> list[Difference]:
    return effect_differences(calls, python, java, terms, ClassPairs())


TWO = recorded(("read", ["a"]), ("write", ["a", 1]))
BOTH = side(("read", ["a"], 0, 0), ("write", ["a", 1], 1, 0))


def test_the_same_calls_are_no_difference() -> None:
    assert differences(TWO, BOTH, BOTH) == []


def test_a_call_that_is_not_recorded_stands_beside_the_one_that_it_should_have_been() -> None:
    java = side(("read", ["a"], 0, 0), ("write", ["a", 2], None, 0))
    assert was_ended(java)
    (found,) = differences(TWO, BOTH, java)
    assert (found.path, found.kind) == ("$effects[1]", "effect")
    assert (found.python["args"], found.java["args"]) == (["a", 1], ["a", 2])


def test_what_python_does_not_do_any_more_is_told_first() -> None:
    python = side(("other", [], None, 0))
    (found,) = differences(TWO, python, side(("write", ["a", 2], None, 0)))
    assert found.python == {"port": PORT, "call": "other", "args": []}
    assert found.java is None


def test_calls_that_one_side_or_neither_makes_are_told() -> None:
    (found,) = differences(TWO, BOTH, side(("read", ["a"], 0, 0)))
    assert (found.path, found.java) == ("$effects[1]", None)
    (found,) = differences(TWO, side(("read", ["a"], 0, 0)), BOTH)
    assert (found.path, found.python) == ("$effects[1]", None)
    found, other = differences(TWO, side(), side())
    assert "neither side makes the recorded call read" in found.note
    assert other.path == "$effects[1]"


def test_a_recorded_call_that_neither_side_makes_says_nothing_of_java() -> None:
    for found in differences(TWO, side(), side()):
        assert found.verdict is Verdict.UNKNOWN
        assert 'isolate = "fixture"' in found.note


def test_arguments_are_compared_on_the_terms_of_the_unit() -> None:
    java = side(("read", ["a"], 0, 0), ("write", ["a", 1.0], 1, 0))
    (found,) = differences(TWO, BOTH, java)
    assert (found.path, found.kind) == ("$effects[1].args[1]", "effect")
    assert differences(TWO, BOTH, java, Terms(numbers="by-value")) == []


def test_names_of_fields_are_camel_where_the_port_says_so() -> None:
    python = side(("put", [{"$object": ["m:Row", {"row_key": 1}]}], 0, 0))
    java = side(("put", [{"$object": ["x.Row", {"rowKey": 1}]}], 0, 0))
    assert differences(recorded(("put", [1])), python, java)
    camel = Port(PORT, "x.Client", names="camel")
    assert differences(recorded(("put", [1]), port=camel), python, java) == []


def test_order_counts_within_a_thread_of_both_sides() -> None:
    turned = side(("write", ["a", 1], 1, 0), ("read", ["a"], 0, 0))
    (found,) = differences(TWO, BOTH, turned)
    assert (found.path, found.kind) == ("$effects[0]", "effect")
    apart = side(("write", ["a", 1], 1, 1), ("read", ["a"], 0, 2))
    assert differences(TWO, BOTH, apart) == []
    assert differences(TWO, apart, turned) == []
    assert differences(TWO, turned, turned) == []


def test_any_order_will_do_where_the_port_says_so() -> None:
    calls = recorded(("read", ["a"]), ("write", ["a", 1]), port=Port(PORT, "x.Client", order="any"))
    turned = side(("write", ["a", 1], 1, 0), ("read", ["a"], 0, 0))
    assert differences(calls, BOTH, turned) == []


def test_other_calls_in_another_run_are_unstable_but_not_other_threads() -> None:
    moved = side(("write", ["a", 1], 1, 2), ("read", ["a"], 0, 1))
    assert unstable_effects(BOTH, moved) == []
    ((path, one, other),) = unstable_effects(BOTH, side(("read", ["a"], 0, 0)))
    assert path == "$effects[1]"
    assert one["call"] == "write"
    assert other is None
