"""The short way and the long way to an observation tell the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parity.values import form
from tests.unit.sides.python.conftest import Opened

MODULE = """
    import collections, datetime, enum, sys

    class Colour(enum.Enum):
        RED = 1

    class Odd(Exception):
        def __str__(self): raise ValueError

    def do(what, value):
        if what == "same": return value
        if what == "append": value.append(1)
        if what == "cycle": value.append(value)
        if what == "odd member": value.append(Colour.RED)
        if what == "formless member": value.append(sys)
        if what == "tuple": return (value, {1, 2})
        if what == "raise": raise KeyError(value)
        if what == "cause": raise ValueError("a") from KeyError("b")
        if what == "odd error": raise Odd
        if what == "formless": return sys
        if what == "class": return Colour
        if what == "generator": return (x for x in value)
        if what == "raising generator": return (1 // x for x in [1, 0])
        if what == "endless": return iter(int, 1)
        if what == "coroutine": return later(value)
        if what == "drained": return drained(value)
        if what == "print": print("out"); print("err", file=sys.stderr)
        if what == "print and raise": print("out"); raise ValueError
        if what == "change and raise": value.append(1); raise ValueError
        if what == "leave": sys.exit(3)
        if what == "counter": return collections.Counter("ab")
        if what == "shared": return [value, value]
        if what == "big": return [2 ** 53 + 1, -0.0, float("nan"), "$x", {"$a": 1}]
        if what == "order": value.reverse()
        if what == "retype": value[:] = [float(value[0])] if value else []
        if what == "half": return ["\\ud83d\\ude00"]
        return None

    async def later(value): return value

    async def drained(value):
        for one in value: yield one
"""
WHATS = [line.split('"')[1] for line in MODULE.splitlines() if "if what" in line]


def test_both_ways_tell_the_same(opened: Opened) -> None:
    border = opened(MODULE, "do")
    calls = [{"args": [what, [1, 2]], "kwargs": {}} for what in WHATS]
    short = border.run("do", calls).lines()
    long = border.run("do", [{**call, "world": {}} for call in calls]).lines()
    assert len(short) == len(WHATS) > 20
    assert not any("fault" in json.loads(one) for one in short)
    assert dict(zip(WHATS, short, strict=True)) == dict(zip(WHATS, long, strict=True))


def test_a_change_of_each_kind_is_told(opened: Opened) -> None:
    border = opened(MODULE, "do")
    whats = ["append", "cycle", "odd member", "order", "retype"]
    told = border.calls("do", *([what, [1, 2]] for what in whats))
    changed = [one["args"][1] for one in told]
    assert changed == [
        [1, 2, 1],
        [1, 2, {"$ref": "$args[1]"}],
        [1, 2, {"$enum": ["mod:Colour", "RED"]}],
        [2, 1],
        [1.0],
    ]


def test_an_argument_that_did_not_change_is_not_told(opened: Opened) -> None:
    border = opened("def f(value):\n    value.append(1)\n    value.pop()\n", "f")
    lines = [
        {"args": [[1]], "kwargs": {}},
        {"args": [{"$set": [1]}], "kwargs": {}},
        {"args": [[{"$datetime": "2024-01-01T00:00:00"}]], "kwargs": {}},
    ]
    first, second, third = border.run("f", lines).told()
    assert first == third == {"returned": None}
    assert second["raised"]["class"] == "AttributeError"


def test_changes_of_every_kind_of_argument_are_told(opened: Opened) -> None:
    border = opened(
        """
        class Box:
            def __init__(self): self.items = []
            def put(self, item): self.items.append(item)

        def fill(value, *, more=None):
            (value.add if isinstance(value, set) else value.append)(9)
            if more is not None: more["k"] = 1
        """,
        "fill",
        "Box.put",
    )
    lines = [
        {"args": [{"$set": [1]}], "kwargs": {}},
        {"args": [[1]], "kwargs": {"more": {}}},
        {"args": [[{"$datetime": "2024-01-01T00:00:00"}]], "kwargs": {}},
    ]
    first, second, third = border.run("fill", lines).told()
    assert first["args"] == [{"$set": [1, 9]}]
    assert second == {"returned": None, "args": [[1, 9]], "kwargs": {"more": {"k": 1}}}
    assert third["args"] == [[{"$datetime": "2024-01-01T00:00:00"}, 9]]
    line = {"self": {"$object": ["mod:Box", {"items": [1]}]}, "args": [2], "kwargs": {}}
    (told,) = border.run("Box.put", [line]).told()
    assert told == {"returned": None, "self": {"$object": ["mod:Box", {"items": [1, 2]}]}}


def test_steps_tell_each_call(opened: Opened) -> None:
    border = opened(
        """
        class Stack:
            def __init__(self, *items): self.items = list(items)
            def push(self, item): print(item); self.items.append(item); item.append(0)
            def pop(self): return self.items.pop()
        """,
        "Stack",
    )
    steps = [
        {"call": "push", "args": [[1]], "kwargs": {}},
        {"call": "pop", "args": [], "kwargs": {}},
        {"call": "pop", "args": [], "kwargs": {}},
        {"call": "pop", "args": [], "kwargs": {}},
        {"call": "nothing", "args": [], "kwargs": {}},
        {"call": "pop", "args": [], "kwargs": {}},
    ]
    (told,) = border.run("Stack", [{"args": [7], "kwargs": {}, "steps": steps}]).told()
    push, pop, last, empty, nothing = told["steps"]
    assert push == {"returned": None, "args": [[1, 0]], "output": {"out": "[1]\n", "err": ""}}
    assert pop == {"returned": [1, 0]}
    assert last == {"returned": 7}
    assert empty["raised"]["class"] == "IndexError"
    assert nothing["refused"]["parameter"] == "$steps[4]"


def test_what_cannot_be_read_is_refused(opened: Opened) -> None:
    border = opened("def same(value): return value", "same")
    lines = [
        {"args": [{"$object": ["os:Nothing", {}]}], "kwargs": {}},
        {"args": [{"$set": 1}], "kwargs": {}},
        '{"args":[{"\\u0024set":[1]}],"kwargs":{}}\n',
        {"args": [1], "kwargs": {}, "world": {"clock": "noon"}},
    ]
    first, second, third, fourth = border.run("same", lines).told()
    assert "refused" in first
    assert "refused" in second
    assert third == {"returned": {"$set": [1]}}
    assert fourth["refused"]["parameter"] == "world"


TEXTS = st.text(max_size=5) | st.sampled_from(["$", '"$a":', "-0.0"])
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def test_values_come_back_as_they_went(opened: Opened) -> None:
    border = opened("def same(value): return value", "same")

    @settings(max_examples=30, deadline=None)
    @given(st.lists(PLAIN, min_size=1, max_size=50))
    def check(values: list[Any]) -> None:
        forms = [form.write(value) for value in values]
        lines = [form.dumps({"args": [one], "kwargs": {}}) + "\n" for one in forms]
        told = border.run("same", lines).lines()
        assert told == [form.dumps({"returned": one}) for one in forms]

    check()
