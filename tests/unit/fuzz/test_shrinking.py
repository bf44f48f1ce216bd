"""Inputs are made small in rounds, and show the same all the while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from parity.fuzz.calls import Call, Signature
from parity.fuzz.shapes import Scalar
from parity.fuzz.shrinking import shrunk, simpler, size
from parity.model import Parameter

SIGNATURE = Signature([Parameter("a", "positional"), Parameter("b", "positional")])


def small(args: list[Any], differs: Callable[..., bool], *, most: int = 10**6) -> list[Any]:
    judged = 0

    def shows(calls: Sequence[Call]) -> list[bool]:
        nonlocal judged
        judged += len(calls)
        return [differs(*call["args"]) for call in calls]

    found = shrunk({"args": args}, SIGNATURE, shows, ends=lambda: judged > most)
    assert differs(*found["args"])
    return list(found["args"])


@pytest.mark.parametrize(
    ("args", "differs", "smallest"),
    [
        ([-123456], lambda a: a < 0, [-1]),
        ([98765432109], lambda a: a > 2**31 - 1, [2**31]),
        ([1234.567], lambda a: a != int(a), [0.1]),
        (["some long text\u00a0with a blank"], lambda a: "\u00a0" in a, ["\u00a0"]),
        ([[5, 3, 9, 3, 1]], lambda a: len(a) != len(set(a)), [[0, 0]]),
        ([[[7], [8, "x"]], 5], lambda a, b: len(str(a)) > 6, None),
        ([{"k": [1, 2], "j": 0}], lambda a: "k" in a, [{"k": []}]),
        ([{"$tuple": [4, 5]}], lambda a: "$tuple" in a, [{"$tuple": []}]),
        ([77, 88], lambda a, b: a * b != 0, [1, 1]),
    ],
)
def test_the_smallest_input_that_differs_is_found(
    args: list[Any], differs: Callable[..., bool], smallest: list[Any] | None
) -> None:
    found = small(args, differs)
    assert smallest is None or found == smallest


def test_it_ends_when_it_is_told_to() -> None:
    assert small([[9] * 50], lambda a: len(a) > 20, most=1) != [[0] * 21]


def test_all_that_is_simpler_is_of_the_same_type() -> None:
    for form in (5, 5.5, "abc", [1, "x"], {"$set": [1]}, {"$decimal": "1.5"}):
        for one in simpler(form):
            assert isinstance(one, type(form))


def test_a_letter_is_simpler_than_a_character_beyond_the_plane() -> None:
    assert size({"args": ["a"]}) < size({"args": ["\U0001f680"]})
    assert size({"args": [1]}) < size({"args": [2]}) < size({"args": [-2]})


def test_what_a_port_is_answered_is_changed_and_made_small() -> None:
    port, reply = {"$port": "m:Hosts"}, {"port": "m:Hosts", "call": "size", "args": []}
    call: Call = {
        "args": [port, 1],
        "world": {"ports": [{**reply, "returned": 900}, {**reply, "raised": {}}]},
    }
    signature = Signature(None, replies={"m:Hosts.size": Scalar("int")})
    places = [slot.place for slot in signature.slots(call)]
    assert places == [("args", 1), ("ports/0", "returned")]
    small = shrunk(
        call,
        signature,
        lambda calls: [one["world"]["ports"][0]["returned"] > 6 for one in calls],
        ends=lambda: False,
    )
    assert small["args"] == [port, 0]
    assert small["world"]["ports"] == [{**reply, "returned": 7}, {**reply, "raised": {}}]


def test_steps_are_cut_in_few_calls_even_where_time_is_up() -> None:
    steps = [{"call": name, "args": []} for name in "abcdefghijklmn"]
    judged: list[int] = []

    def shows(calls: Sequence[Call]) -> list[bool]:
        judged.append(len(calls))
        return [{"call": "b", "args": []} in call["steps"] for call in calls]

    late = shrunk({"args": [], "steps": steps}, SIGNATURE, shows, ends=lambda: True)
    assert len(late["steps"]) <= 4
    assert sum(judged) <= 48
    timely = shrunk({"args": [], "steps": steps}, SIGNATURE, shows, ends=lambda: False)
    assert timely["steps"] == [{"call": "b", "args": []}]
