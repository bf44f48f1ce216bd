"""Which arguments java is given for those that python gets."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.model import Fixture, Form, Parameter, Port, Terms, Unit
from parity.run.binding import Unbindable, bind, java_line, refuse_unbindable

KINDS: dict[Any, Any] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "args",
    inspect.Parameter.VAR_KEYWORD: "kwargs",
}


def parameters(function: Callable[..., Any]) -> list[Parameter]:
    """The signature as the python worker describes it."""
    return [
        Parameter(one.name, KINDS[one.kind], one.default is not one.empty, one.default)
        for one in inspect.signature(function).parameters.values()
    ]


def plain(a, b=2): ...
def only(a, /, b, *, c=3): ...
def starred(a, *rest, c=3, **more): ...
def none(): ...


FUNCTIONS = [plain, only, starred, none]


@settings(database=None, deadline=None, max_examples=300)
@given(
    st.sampled_from(FUNCTIONS),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from("abcd"), st.integers(), max_size=3),
)
def test_arguments_are_bound_as_python_binds_them(
    function: Callable[..., Any], args: list[Form], kwargs: dict[str, Form]
) -> None:
    signature = inspect.signature(function)
    try:
        expected = signature.bind(*args, **kwargs)
    except TypeError:
        with pytest.raises(Unbindable):
            bind(parameters(function), args, kwargs)
        return
    expected.apply_defaults()
    found = {one.name: one.value for one in bind(parameters(function), args, kwargs)}
    values = {k: list(v) if isinstance(v, tuple) else v for k, v in expected.arguments.items()}
    assert found == values


def test_a_value_given_by_position_and_by_name_is_told() -> None:
    with pytest.raises(Unbindable):
        bind(parameters(starred), [0], {"a": 0})


def test_each_value_knows_its_place_in_pythons_call() -> None:
    bound = bind(parameters(only), [1], {"b": 2})
    assert [(one.name, one.path) for one in bound] == [
        ("a", "$args[0]"),
        ("b", "$kwargs.b"),
        ("c", "$default.c"),
    ]


def test_without_a_signature_only_positions_are_known() -> None:
    assert [one.value for one in bind(None, [1, 2], {})] == [1, 2]
    with pytest.raises(Unbindable, match="signature is not known"):
        bind(None, [], {"a": 1})


def test_a_default_that_cannot_be_written_is_told_where_it_counts() -> None:
    described = [Parameter("a", "positional", formless="it is a function")]
    with pytest.raises(Unbindable, match="default of `a` cannot be written: it is a function"):
        bind(described, [], {})
    assert [one.value for one in bind(described, [1], {})] == [1]


# ---------------------------------------------------------------- what java is sent


def sent(function: Callable[..., Any], fixture: Fixture, java: dict[str, Any], **unit: Any) -> Any:
    terms = Terms(**unit.pop("terms", {}))
    made = Unit("a:b", "", java="x.A#b", terms=terms, **unit)
    call = java_line(made, fixture, java, parameters(function), {})
    return json.loads(call.line), call.paths


def method(*names: str) -> dict[str, Any]:
    return {"kind": "method", "parameters": [{"name": name, "type": "long"} for name in names]}


def fixture(*args: Form, **kwargs: Form) -> Fixture:
    return Fixture("x", list(args), kwargs, 1)


def test_a_method_is_given_arguments_by_position() -> None:
    line, paths = sent(plain, fixture(b=5, a=1), method("x", "y"))
    assert line["args"] == [1, 5]
    assert paths == ("$kwargs.a", "$kwargs.b")


def test_a_term_turns_the_order() -> None:
    line, paths = sent(plain, fixture(1), method("y", "x"), terms={"order": ("b", "a")})
    assert line["args"] == [2, 1]
    assert paths == ("$default.b", "$args[0]")


def test_an_expression_is_given_what_it_names() -> None:
    java = method("b") | {"kind": "expression"}
    line, _ = sent(plain, fixture(1, 7), java, parameters={"b": "long"})
    assert line["args"] == [7]


def test_a_parameter_that_only_fixtures_show_to_be_a_port_is_not_refused_before() -> None:
    wait = Port("threading:Event.wait", "x.Wait")
    unit = Unit("a:b", "", java="x.A#b", ports=(wait,))
    java = method("b", "wait")
    java["parameters"][1]["type"] = "x.Wait"
    refuse_unbindable(unit, java, parameters(plain))
    with pytest.raises(Unbindable, match="python has 2 parameters"):
        refuse_unbindable(unit, method("b"), parameters(plain))
    line, _ = sent(plain, fixture(1, {"$port": wait.id}), java, ports=(wait,))
    assert line["args"] == [1, {"$port": wait.id}]


@pytest.mark.parametrize("function", [only, starred])
def test_keyword_only_and_starred_parameters_need_an_order(function: Callable[..., Any]) -> None:
    with pytest.raises(Unbindable, match="say in which order java takes"):
        sent(function, fixture(1, 2), method("a", "b", "c"))
    line, _ = sent(only, fixture(1, 2), method("a", "b", "c"), terms={"order": ("c", "b", "a")})
    assert line["args"] == [3, 2, 1]


def test_another_number_of_parameters_is_told() -> None:
    with pytest.raises(Unbindable, match=r"python has 2 parameters \(a, b\), x.A#b takes 1"):
        sent(plain, fixture(1), method("a"))


def test_a_handler_is_given_the_object_of_the_parameters() -> None:
    line, _ = sent(plain, fixture({"$tuple": [1]}), {"kind": "handler"})
    assert json.loads(line["event"]) == {"a": [1], "b": 2}


def test_the_term_event_makes_one_parameter_the_event() -> None:
    line, _ = sent(plain, fixture({"x": 1}), {"kind": "handler"}, terms={"event": "a"})
    assert json.loads(line["event"]) == {"x": 1}


def test_the_context_is_lambdas() -> None:
    def handle(event, context): ...

    line, _ = sent(handle, fixture({"x": 1}, None), {"kind": "stream-handler"})
    assert json.loads(line["event"]) == {"x": 1}


def test_what_no_event_carries_is_told() -> None:
    with pytest.raises(Unbindable, match=r"the event cannot carry this: \$set at \$\.a"):
        sent(plain, fixture({"$set": []}), {"kind": "handler"})


def test_steps_are_sent_by_javas_names() -> None:
    steps: list[dict[str, Form]] = [{"call": "push", "args": [1]}, {"call": "size"}]
    line, _ = sent(
        none, Fixture("x", [], {}, 1, steps=steps), {"kind": "class"}, methods={"push": "offer"}
    )
    assert line["steps"] == [{"call": "offer", "args": [1]}, {"call": "size", "args": []}]
    assert line["args"] == []


def test_a_step_says_which_arguments_python_has_by_default() -> None:
    def put(key, value, count=1): ...

    steps: list[dict[str, Form]] = [
        {"call": "put", "args": ["k", 2]},
        {"call": "put", "args": ["k", 2, 1]},
        {"call": "put", "args": ["k", 2, True]},
        {"call": "put", "args": ["k", 2, 3]},
    ]
    unit = Unit("a:b", "", java="x.A", terms=Terms())
    call = java_line(
        unit,
        Fixture("x", [], {}, 1, steps=steps),
        {"kind": "class"},
        parameters(plain_limit),
        {"put": parameters(put)},
    )
    line = json.loads(call.line)
    assert [one.get("least") for one in line["steps"]] == [2, 2, None, None]
    assert [one["args"] for one in line["steps"]] == [["k", 2, n] for n in (1, 1, True, 3)]
    assert (line["args"], line["least"]) == ([3], 0)


def plain_limit(limit=3): ...


def test_a_default_without_a_form_at_the_end_of_a_step_is_left_out() -> None:
    formless = Parameter("hook", "positional", formless="it is a function")
    described = [Parameter("key", "positional"), formless]
    unit = Unit("a:b", "", java="x.A", terms=Terms())

    def line(*args: Form) -> Any:
        one = Fixture("x", [], {}, 1, steps=[{"call": "get", "args": list(args)}])
        return json.loads(java_line(unit, one, {"kind": "class"}, [], {"get": described}).line)

    assert line("k")["steps"] == [{"call": "get", "args": ["k"]}]
    assert line("k", 1)["steps"] == [{"call": "get", "args": ["k", 1]}]
    with pytest.raises(Unbindable, match="no value for python's parameter `key`"):
        line()


def test_a_default_without_a_form_stops_nothing_where_java_is_not_given_it() -> None:
    formless = Parameter("hook", "positional", formless="it is a function")
    described = [Parameter("key", "positional"), formless]
    one = Fixture("x", ["k"], {}, 1)

    def line(java: dict[str, Any], **terms: Any) -> Any:
        unit = Unit("a:b", "", java="x.A#m", terms=Terms(**terms))
        return json.loads(java_line(unit, one, java, described, {}).line)

    key = {"name": "key", "type": "String"}
    assert line({"kind": "expression", "parameters": [key]})["args"] == ["k"]
    assert line({"kind": "method", "parameters": [key]}, order=("key",))["args"] == ["k"]
    assert json.loads(line({"kind": "handler"}, event="key")["event"]) == "k"
    hook = {"name": "hook", "type": "Object"}
    for java in ({"kind": "expression", "parameters": [key, hook]}, {"kind": "method"}):
        with pytest.raises(Unbindable, match="default of `hook` cannot be written"):
            line(java)


def test_starred_parameters_that_nothing_is_given_to_need_no_place_in_java() -> None:
    unit = Unit("a:b", "", java="x.A", terms=Terms())
    one = Fixture("x", [1], {}, 1, steps=[])
    line = json.loads(java_line(unit, one, {"kind": "class"}, parameters(starred), {}).line)
    assert (line["args"], line["least"]) == ([1, [], 3, {}], 1)


def test_the_state_of_a_receiver_is_sent_unless_java_makes_its_own() -> None:
    state = Fixture("x", [1, 2], {}, 1, self_state={"n": 1}, has_self=True)
    assert sent(plain, state, method("a", "b"))[0]["self"] == {"n": 1}
    assert "self" not in sent(plain, state, method("a", "b"), java_receiver="new A()")[0]
