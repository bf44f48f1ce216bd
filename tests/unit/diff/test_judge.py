"""What two observations of one fixture are judged as."""

from __future__ import annotations

from typing import Any

import pytest

from parity.diff import Judge
from parity.diff.judge import Arguments, Hold
from parity.model import (
    Crashed,
    Difference,
    Fault,
    Formless,
    Observation,
    Outcome,
    Raised,
    Refused,
    Returned,
    Stepped,
    Terms,
    TimedOut,
    Verdict,
)

NOTHING = Arguments([], ())


def raised(kind: str, message: str | None = None) -> Raised:
    return Raised(kind, (), message, f"{kind}:7", ())


def gave(value: Any) -> Observation:
    return Observation(Returned(value))


def judged(
    python: Outcome | Observation,
    java: Outcome | Observation,
    arguments: Arguments = NOTHING,
    hold: Hold = lambda values, paths: values,
    **terms: Any,
) -> list[Difference]:
    sides = [one if isinstance(one, Observation) else Observation(one) for one in (python, java)]
    return Judge(Terms(**terms)).differences(*sides, arguments, hold)


def brief(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.verdict.value, one.kind, one.path) for one in found]


ONE = Returned(1)
REFUSED = Refused("n", "int", "2.5 is no int")
FORMLESS = Formless("$.a", "Thread", "it has no getters")
OUTCOMES: dict[str, tuple[Outcome, Outcome, list[tuple[str, str, str]]]] = {
    "both return it": (ONE, ONE, []),
    "they return another": (ONE, Returned(2), [("differs", "changed", "$")]),
    "only java raises": (ONE, raised("java.lang.Error"), [("differs", "raised", "$raised")]),
    "only python raises": (raised("ValueError"), ONE, [("differs", "raised", "$raised")]),
    "java dies": (ONE, Crashed("exit 1"), [("differs", "crashed", "$")]),
    "java dies where python raises": (
        raised("ValueError"),
        Crashed("exit 1"),
        [("differs", "crashed", "$")],
    ),
    "java hangs": (ONE, TimedOut(5), [("differs", "timeout", "$")]),
    "java is not called": (ONE, REFUSED, [("unknown", "type", "$args")]),
    "java's result has no form": (ONE, FORMLESS, [("unknown", "harness", "$.a")]),
    "java returns what has no form, python raises": (
        raised("OverflowError"),
        Formless("$", "java.time.LocalDate", "Python knows the years 1 to 9999"),
        [("differs", "raised", "$raised")],
    ),
    "java has not been read to its end where python raises": (
        raised("OverflowError"),
        Formless("$", "java.util.Iterator", "it gives more than 10 items (max_items)"),
        [("unknown", "harness", "$")],
    ),
    "a part of what java returns has no form where python raises": (
        raised("OverflowError"),
        FORMLESS,
        [("unknown", "harness", "$.a")],
    ),
    "the harness fails": (ONE, Fault("oops"), [("unknown", "harness", "$")]),
    "python dies": (Crashed("signal 11"), ONE, [("unknown", "crashed", "$")]),
    "python hangs": (TimedOut(5), ONE, [("unknown", "timeout", "$")]),
    "both hang": (TimedOut(5), TimedOut(5), [("unknown", "timeout", "$")]),
    "python is not called": (REFUSED, ONE, [("unknown", "type", "$args")]),
    "python's result has no form": (FORMLESS, FORMLESS, [("unknown", "harness", "$.a")]),
    "null and nothing": (Returned(None), Returned(None), []),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_outcomes(name: str) -> None:
    python, java, found = OUTCOMES[name]
    assert brief(judged(python, java)) == found


def test_a_refusal_names_the_parameter_and_its_type() -> None:
    (found,) = judged(ONE, REFUSED)
    assert found.note == "java's parameter `n` of type int cannot take this: 2.5 is no int"


def test_a_receiver_that_java_cannot_hold_may_be_made_by_the_map() -> None:
    refused = Observation(Refused("self", "shop.Till", "there is no `rate`"))
    (found,) = judged(ONE, refused)
    assert "`receiver` in the map" in found.note


def test_a_port_whose_reply_java_cannot_be_given_is_no_parameter() -> None:
    (found,) = judged(ONE, Refused("world", "shop.Till", "no Java class stands for Gone"))
    assert "java cannot be given what was recorded of its ports: no Java class" in found.note
    assert "parameter" not in found.note


def test_a_refusal_of_the_whole_call_is_not_said_to_be_javas() -> None:
    (found,) = judged(ONE, Refused(None, None, "python takes 1 positional argument, not 3"))
    assert found.note == "java cannot be given this: python takes 1 positional argument, not 3"


def test_the_lines_where_each_side_raised_are_told() -> None:
    (found,) = judged(raised("KeyError"), raised("java.lang.ArithmeticException"))
    assert (found.python_line, found.java_line) == ("KeyError:7", "java.lang.ArithmeticException:7")


def test_messages_count_only_by_the_term() -> None:
    pair = raised("ValueError", "a"), raised("java.lang.IllegalArgumentException", "b")
    assert judged(*pair) == []
    (found,) = judged(*pair, compare=frozenset({"messages"}))
    assert (found.kind, found.path) == ("message", "$raised.message")
    assert (found.python, found.java) == ("a", "b")


def test_output_counts_only_by_the_term() -> None:
    python = Observation(ONE, out="a\n", err="")
    java = Observation(ONE, out="a\n", err="log")
    assert judged(python, java) == []
    found = judged(python, java, compare=frozenset({"output"}))
    assert [(one.kind, one.path, one.java) for one in found] == [("output", "$output.err", "log")]


# ---------------------------------------------------------------- mutated arguments

GIVEN = Arguments([[1]], ("$args[0]",))
MUTATIONS: dict[str, tuple[Observation, Observation, list[str]]] = {
    "nobody": (Observation(ONE), Observation(ONE), []),
    "both alike": (Observation(ONE, args=[[1, 2]]), Observation(ONE, args=[[1, 2]]), []),
    "only python": (Observation(ONE, args=[[1, 2]]), Observation(ONE), ["$args[0][1]"]),
    "only java": (Observation(ONE), Observation(ONE, args=[[]]), ["$args[0][0]"]),
    "otherwise": (
        Observation(ONE, args=[[2]]),
        Observation(ONE, args=[[3]]),
        ["$args[0][0]"],
    ),
    "when java raised too": (
        Observation(raised("KeyError"), args=[[]]),
        Observation(raised("java.util.NoSuchElementException")),
        ["$args[0][0]"],
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_arguments_that_changed(name: str) -> None:
    python, java, paths = MUTATIONS[name]
    found = judged(python, java, GIVEN)
    assert [(one.kind, one.path) for one in found] == [("mutated", path) for path in paths]


def test_what_python_left_is_compared_as_java_holds_it() -> None:
    python = Observation(ONE, args=[[1, 2]])
    java = Observation(ONE, held=[[1.0]], args=[[1.0, 2.0]])
    floats: Hold = lambda values, paths: [[float(one) for one in values[0]]]  # noqa: E731
    assert judged(python, java, GIVEN, floats) == []
    (found,) = judged(python, java, GIVEN, lambda values, paths: None)
    assert (found.verdict, found.kind, found.path) == (Verdict.DIFFERS, "mutated", "$args")


def test_arguments_in_javas_order_are_told_by_pythons_path() -> None:
    arguments = Arguments([[2], [1]], ("$kwargs.b", "$args[0]"))
    python = Observation(ONE, args=[[1]], kwargs={"b": [2, 2]})
    found = judged(python, Observation(ONE), arguments)
    assert [one.path for one in found] == ["$kwargs.b[1]"]


def test_a_starred_argument_that_both_sides_change_alike_matches() -> None:
    arguments = Arguments([[[1]]], ("$args[0:]",))
    both = Observation(ONE, args=[[1, 2]]), Observation(ONE, args=[[[1, 2]]])
    assert judged(*both, arguments) == []


def test_what_java_does_to_a_default_that_python_filled_in_is_seen_by_nobody() -> None:
    arguments = Arguments([1, []], ("$args[0]", "$default.items"))
    assert judged(Observation(ONE), Observation(ONE, args=[1, [1]]), arguments) == []
    given = Arguments([1, []], ("$args[0]", "$args[1]"))
    (found,) = judged(Observation(ONE), Observation(ONE, args=[1, [1]]), given)
    assert (found.kind, found.path) == ("mutated", "$args[1][0]")


def test_a_handler_is_not_judged_by_its_event() -> None:
    python = Observation(Returned({"$tuple": [1]}), args=[[1, 2]])
    judge = Judge(Terms(), document=True)
    java = Observation(Returned([1]), args=[[3]])
    assert judge.differences(python, java, GIVEN, lambda values, paths: values) == []


SELVES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "nobody": ({}, {}, []),
    "only python": ({"self_changed": True, "self_state": {"n": 2}}, {}, ["$self"]),
    "only java": ({}, {"self_changed": True, "self_state": {"n": 2}}, ["$self"]),
    "both alike": (
        {"self_changed": True, "self_state": {"n": 2}},
        {"self_changed": True, "self_state": {"n": 2}},
        [],
    ),
    "otherwise": (
        {"self_changed": True, "self_state": {"n": 2}},
        {"self_changed": True, "self_state": {"n": 3}},
        ["$self.n"],
    ),
}


@pytest.mark.parametrize("name", SELVES)
def test_a_receiver_that_changed(name: str) -> None:
    python, java, paths = SELVES[name]
    found = judged(Observation(ONE, **python), Observation(ONE, **java))
    assert [(one.kind, one.path) for one in found] == [("mutated", path) for path in paths]


@pytest.mark.parametrize("side", ["python", "java"])
def test_who_changed_the_receiver_is_told(side: str) -> None:
    changed, left = Observation(ONE, self_changed=True, self_state={"n": 2}), Observation(ONE)
    (found,) = judged(*((changed, left) if side == "python" else (left, changed)))
    assert found.note == f"only {side} changed it"


# ---------------------------------------------------------------- steps


def steps(*outcomes: Outcome) -> Stepped:
    return Stepped(tuple(Observation(outcome) for outcome in outcomes))


STEPS: dict[str, tuple[Stepped, Stepped, list[tuple[str, str, str]]]] = {
    "alike": (steps(ONE, ONE), steps(ONE, ONE), []),
    "another result": (
        steps(ONE, Returned([1]), ONE),
        steps(ONE, Returned([2]), ONE),
        [("differs", "changed", "$steps[1][0]")],
    ),
    "java stops": (steps(ONE, ONE), steps(ONE), [("differs", "missing", "$steps[1]")]),
    "java goes on": (steps(ONE), steps(ONE, ONE), [("differs", "unexpected", "$steps[1]")]),
    "java raises": (
        steps(ONE, ONE),
        steps(ONE, raised("java.lang.Error")),
        [("differs", "raised", "$steps[1]")],
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps(name: str) -> None:
    python, java, found = STEPS[name]
    assert brief(judged(python, java)) == found


def test_a_step_that_returns_what_has_no_form_differs_from_one_that_raises() -> None:
    formless = Formless("$", "java.time.LocalDate", "Python knows the years 1 to 9999")
    found = judged(steps(raised("OverflowError"), ONE), steps(formless, ONE))
    assert brief(found) == [("differs", "raised", "$steps[0]")]


def test_after_a_step_that_is_unknown_nothing_is_told() -> None:
    python = steps(Returned(0), FORMLESS, Returned(0))
    found = judged(python, steps(ONE, ONE, ONE))
    assert [one.verdict for one in found] == [Verdict.DIFFERS, Verdict.UNKNOWN]


# ---------------------------------------------------------------- recordings and wobble


RECORDED: dict[str, tuple[dict[str, Any], Observation, list[str]]] = {
    "the same": ({"returned": {"$tuple": [1]}}, Observation(Returned({"$tuple": [1]})), []),
    "a list for a tuple": ({"returned": {"$tuple": [1]}}, Observation(Returned([1])), ["$"]),
    "another set order": (
        {"returned": {"$set": [2, 1]}},
        Observation(Returned({"$set": [1, 2]})),
        [],
    ),
    "raised": ({"raised": "KeyError"}, Observation(raised("KeyError")), []),
    "another raised": ({"raised": {"class": "KeyError"}}, Observation(raised("a:B")), ["$raised"]),
    "no longer raised": ({"raised": "KeyError"}, Observation(ONE), ["$"]),
    "an argument": (
        {"returned": 1, "args": [[1]]},
        Observation(ONE, args=[[2]]),
        ["$args[0][0]"],
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_python_that_does_not_do_what_was_recorded(name: str) -> None:
    observed, python, paths = RECORDED[name]
    found = Judge(Terms(numbers="by-value")).recording(python, observed)
    assert [(one.kind, one.path) for one in found] == [("recording", path) for path in paths]


WOBBLES: dict[str, tuple[Observation, Observation, list[str]]] = {
    "nothing": (gave({"$set": [1, 2]}), gave({"$set": [2, 1]}), []),
    "order": (gave([1, 2]), gave([2, 1]), ["$"]),
    "order of a map": (gave({"a": 1, "b": 2}), gave({"b": 2, "a": 1}), []),
    "a member": (gave({"at": 1.5}), gave({"at": 2.5}), ["$.at"]),
    "raised": (Observation(raised("a:B")), Observation(ONE), ["$"]),
    "a message": (Observation(raised("a:B", "1")), Observation(raised("a:B", "2")), []),
    "an argument": (Observation(ONE, args=[[1]]), Observation(ONE, args=[[2]]), ["$args[0][0]"]),
    "a step": (Observation(steps(ONE)), Observation(steps(Returned(2))), ["$steps[0]"]),
}


@pytest.mark.parametrize("side", ["python", "java"])
@pytest.mark.parametrize("name", WOBBLES)
def test_a_side_that_does_not_repeat_itself(name: str, side: Any) -> None:
    first, again, paths = WOBBLES[name]
    found = Judge(Terms(float_relative=0.9)).wobble(side, first, again)
    assert [(one.kind, one.path) for one in found] == [("unstable", path) for path in paths]
    verdict = Verdict.UNKNOWN if side == "python" else Verdict.DIFFERS
    assert all(one.verdict is verdict for one in found)
    assert all((one.python is None) == (side == "java") for one in found)


@pytest.mark.parametrize(("java", "is_named"), [(3.0, True), (3.5, False), ("3", False)])
def test_equal_numbers_of_two_types_name_the_term(java: Any, is_named: bool) -> None:
    (found,) = judged(gave(3), gave(java))
    assert ('numbers = "by-value"' in found.note) is is_named


def test_a_field_that_is_only_spelt_otherwise_names_the_term() -> None:
    python = gave({"$object": ["shop:Item", {"unit_price": 1, "name": "a"}]})
    java = gave({"$object": ["shop.Item", {"unitPrice": 1, "name": "a"}]})
    found = {one.kind: one.note for one in judged(python, java)}
    for kind in ("missing", "unexpected"):  # a search shows one of them
        assert 'names = "camel"' in found[kind]
    assert judged(python, java, names="camel") == []
    of_a_dict = gave({"unit_price": 1, "name": "a"})
    for one in judged(of_a_dict, java):
        assert one.note == ""
