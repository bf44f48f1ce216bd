"""What `parity run` does with what units take and give, end to end."""

from __future__ import annotations

import pytest

from tests.functional.conftest import CONFIG, Project


def unit(project: Project, entry: str, *lines: str, python: str = "") -> Project:
    """A project of one unit named `u`, or what `entry` names it, on these fixtures."""
    entry = entry if entry.startswith("[") else f"[unit.u]\n{entry}"
    name = entry.partition("]")[0].removeprefix("[unit.").strip('"').replace(":", "/")
    fixtures = "".join(f"{line}\n" for line in lines)
    return project.write(
        {
            "parity.toml": CONFIG,
            "parity.map.toml": f"{entry}\n",
            "src/unit.py": python,
            f"fixtures/{name}.jsonl": fixtures,
        }
    )


# ---------------------------------------------------------------- whose fault


def test_a_harness_that_fails_is_unknown_and_never_a_difference(project: Project) -> None:
    java = "return new java.util.AbstractList<Integer>() { public int size() { return 1; }"
    java += " public Integer get(int i) { return 1; }"
    java += " public java.util.Iterator<Integer> iterator() { return null; } };"
    entry = f"parameters = {{ n = 'int' }}\npython = 'n'\njava_body = '{java}'"
    told = unit(project, entry, '{"id": "no_iterator", "args": [1]}').javac().run()
    assert told.status == 2, told.text
    (finding,) = told.unit["findings"]
    assert (finding["verdict"], finding["kind"]) == ("unknown", "harness")
    assert "NullPointerException" in finding["note"]
    assert "Writer" in finding["note"]


def test_what_is_nested_too_deep_to_be_written_is_unknown(project: Project) -> None:
    java = "List<Object> deep = new ArrayList<>();"
    java += " for (int i = 0; i < n; i++) { deep = new ArrayList<>(List.of(deep)); } return deep;"
    entry = f"parameters = {{ n = 'int' }}\npython = 'n'\njava_body = '{java}'"
    told = unit(project, entry, '{"id": "deep", "args": [1000000]}').javac().run()
    assert told.status == 2, told.text
    (finding,) = told.unit["findings"]
    assert (finding["verdict"], finding["kind"]) == ("unknown", "harness")
    assert "nested deeper than 1000" in finding["note"]


@pytest.mark.parametrize("terms", ["", 'unordered = ["$"]'])
def test_what_is_nested_900_deep_is_compared(project: Project, terms: str) -> None:
    deep = "[" * 900 + "%d" + "]" * 900
    python = "def same(value, n):\n    return value\n"
    project.write(
        {
            "java/shop/Same.java": "package shop;\npublic class Same {\n"
            "  public static Object same(Object value, int n) {\n"
            "    for (Object in = value; n > 0; n = n) {\n"
            "      java.util.List<Object> list = cast(in);\n"
            "      if (list.get(0) instanceof Integer) { list.set(0, n); break; }\n"
            "      in = list.get(0);\n    }\n    return value;\n  }\n"
            '  @SuppressWarnings("unchecked") static java.util.List<Object> cast(Object o) {\n'
            "    return (java.util.List<Object>) o;\n  }\n}\n"
        }
    )
    entry = f'[unit."unit:same"]\njava = "shop.Same#same"\n{terms}'
    same = '{"id": "same", "args": [%s, 0]}' % (deep % 1)
    other = '{"id": "other", "args": [%s, 2]}' % (deep % 1)
    told = unit(project, entry, same, other, python=python).javac().run()
    assert told.status == 1, told.text
    assert (told.unit["matched"], told.unit["differs"]) == (1, 1)
    assert {one["fixture"] for one in told.unit["findings"]} == {"other"}


def test_a_subject_that_overflows_its_stack_raises(project: Project) -> None:
    java = "java.util.function.LongUnaryOperator[] f = new java.util.function.LongUnaryOperator[1];"
    java += " f[0] = x -> 1 + f[0].applyAsLong(x); return f[0].applyAsLong(n);"
    entry = f"parameters = {{ n = 'int' }}\npython = 'n'\njava_body = '{java}'"
    told = unit(project, entry, '{"id": "deep", "args": [1]}').javac().run()
    assert told.status == 1, told.text
    (finding,) = told.unit["findings"]
    assert finding["kind"] == "raised"
    assert finding["java"]["raised"]["class"] == "java.lang.StackOverflowError"


def test_an_iterator_of_the_subject_that_raises_is_the_subjects(project: Project) -> None:
    java = "return java.util.stream.Stream.of(4, 2, 0).map(x -> n / x).iterator();"
    entry = (
        "parameters = { n = 'int' }\npython = '(n // x for x in (4, 2, 0))'\n"
        f"java_body = '{java}'"
    )
    told = unit(project, entry, '{"id": "zero", "args": [8]}').javac().run()
    assert told.status == 0, told.text


# ---------------------------------------------------------------- binding


def test_a_wrong_name_in_order_is_told_once(project: Project) -> None:
    entry = '[unit."shop:half"]\njava = "shop.Half#half"\norder = ["m"]'
    told = project.write({"parity.map.toml": entry}).javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "unbindable"
    assert "`m`, which python does not have; it has n" in told.unit["error"]["why"]
    assert told.unit["findings"] == []


def test_java_with_another_number_of_parameters_is_told_once(project: Project) -> None:
    project.write({"src/shop.py": "def half(n: int, m: int) -> int:\n    return n // m\n"})
    told = project.javac().run()
    assert told.status == 2
    assert "python has 2 parameters (n, m)" in told.unit["error"]["why"]


def test_the_same_object_twice_is_the_same_object_in_java(project: Project) -> None:
    python = "def joined(one, *, other):\n    one.append(0)\n    return len(other)\n"
    project.write(
        {
            "java/shop/Joined.java": "package shop;\nimport java.util.*;\npublic class Joined {\n"
            "  public static int joined(List<Long> other, List<Long> one) {\n"
            "    one.add(0L);\n    return other.size();\n  }\n}\n"
        }
    )
    entry = '[unit."unit:joined"]\njava = "shop.Joined#joined"\norder = ["other", "one"]'
    same = '{"id": "same", "args": [[1]], "kwargs": {"other": {"$ref": "$args[0]"}}}'
    equal = '{"id": "equal", "args": [[1]], "kwargs": {"other": [1]}}'
    told = unit(project, entry, same, equal, python=python).javac().run()
    assert told.status == 0, told.text
    assert told.unit["matched"] == 2


def test_an_overload_is_told_by_type_arguments_of_several_parameters(project: Project) -> None:
    project.write(
        {
            "java/shop/Joined.java": "package shop;\nimport java.util.*;\npublic class Joined {\n"
            "  public static int joined(List<Long> one, Map<String, List<Long>> other) {\n"
            "    return one.size() + other.size();\n  }\n"
            "  public static int joined(List<Long> one, List<Long> other) { return -1; }\n}\n"
        }
    )
    types = "List<Long>, Map<String, List<Long>>"
    entry = f'[unit."unit:joined"]\njava = "shop.Joined#joined({types})"'
    python = "def joined(one, other):\n    return len(one) + len(other)\n"
    given = '{"id": "given", "args": [[1], {"a": [1]}]}'
    told = unit(project, entry, given, python=python).javac().run()
    assert told.status == 0, told.text


def test_a_cause_is_looked_for_where_the_domain_leaves_inputs_out(project: Project) -> None:
    entry = '[unit."unit:half"]\njava = "shop.Halved#half(int)"\ndomain = "n in (-3, -1, 4)"'
    method = "public static int half(int n) { return n / 2; }"
    java = f"package shop;\npublic class Halved {{\n  {method}\n}}\n"
    project.write({"java/shop/Halved.java": java})
    fixtures = [f'{{"id": "f{n}", "args": [{n}]}}' for n in (-3, -1, 4, 7)]
    python = "def half(n):\n    return n // 2\n"
    told = unit(project, entry, *fixtures, python=python).javac().run()
    assert told.status == 1, told.text
    assert told.unit["outside"] == 1
    assert {one["cause"]["id"] for one in told.unit["findings"]} == {"floor-division"}


# ---------------------------------------------------------------- handlers

HANDLER = """\
package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

public class Hello implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    String told = event.get("name") + " " + context.getRemainingTimeInMillis();
    return Map.of("told", told, "id", context.getAwsRequestId());
  }
}
"""
CONTEXT = """\
package com.amazonaws.services.lambda.runtime;

public interface Context {
  String getAwsRequestId();
  int getRemainingTimeInMillis();
}
"""
REQUEST_HANDLER = """\
package com.amazonaws.services.lambda.runtime;

public interface RequestHandler<I, O> {
  O handleRequest(I input, Context context);
}
"""


def test_a_python_handler_gets_lambdas_context_too(project: Project) -> None:
    python = (
        "def hello(event, context):\n"
        "    told = '%s %d' % (event['name'], context.get_remaining_time_in_millis())\n"
        "    return {'told': told, 'id': context.aws_request_id}\n"
    )
    aws = "java/com/amazonaws/services/lambda/runtime"
    project.write(
        {
            "java/shop/Hello.java": HANDLER,
            f"{aws}/Context.java": CONTEXT,
            f"{aws}/RequestHandler.java": REQUEST_HANDLER,
        }
    )
    entry = '[unit."unit:hello"]\njava = "shop.Hello"'
    told = unit(project, entry, '{"id": "a", "args": [{"name": "ä"}]}', python=python)
    assert told.javac().run().status == 0, told.run().text
