"""The check that a team writes first: pytest over the fixtures, value by value, DeepDiff each.

PARITY_PEER holds the case: fixtures, function, counterpart and class path.
"""

import importlib
import json
import os
from pathlib import Path

import jpype
import pytest
from deepdiff import DeepDiff

CASE = json.loads(os.environ["PARITY_PEER"])
FIXTURES = [json.loads(line) for line in Path(CASE["fixtures"]).read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def counterpart():
    """The counterpart, in a JVM that all tests share."""
    if not jpype.isJVMStarted():
        jpype.startJVM(classpath=CASE["classpath"])
    owner, _, method = CASE["java"].partition("#")
    if method:
        return getattr(jpype.JClass(owner), method)
    handler = jpype.JClass(owner)()
    return lambda event: handler.handleRequest(event, None)


@pytest.fixture(scope="session")
def function():
    """The function."""
    module, _, name = CASE["python"].partition(":")
    return getattr(importlib.import_module(module), name)


def to_java(value):
    if isinstance(value, bool):
        return jpype.JBoolean(value)
    if isinstance(value, int):
        return jpype.java.lang.Long(value)
    if isinstance(value, float):
        return jpype.java.lang.Double(value)
    if isinstance(value, list):
        items = jpype.java.util.ArrayList()
        for item in value:
            items.add(to_java(item))
        return items
    if isinstance(value, dict):
        entries = jpype.java.util.LinkedHashMap()
        for key, item in value.items():
            entries.put(key, to_java(item))
        return entries
    return value


def to_python(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, jpype.java.lang.String):
        return str(value)
    if isinstance(value, jpype.java.lang.Boolean):
        return bool(value)
    if isinstance(value, jpype.java.util.Map):
        return {str(entry.getKey()): to_python(entry.getValue()) for entry in value.entrySet()}
    if isinstance(value, jpype.java.util.List):
        return [to_python(item) for item in value]
    if isinstance(value, (jpype.java.lang.Double, jpype.java.lang.Float)):
        return float(value)
    if isinstance(value, jpype.java.lang.Number):
        return int(value)
    return value


@pytest.mark.parametrize("fixture", FIXTURES, ids=[fixture["id"] for fixture in FIXTURES])
def test_java_gives_what_python_gives(fixture, function, counterpart):
    if "args" in fixture:
        given = [to_java(value) for value in fixture["args"]]
        python = function(*fixture["args"])
    else:
        given = [to_java(fixture["kwargs"])]
        python = function(**fixture["kwargs"])
    assert not DeepDiff(python, to_python(counterpart(*given)))
