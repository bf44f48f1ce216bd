"""Runs a state machine as the ASL specification says it, with python functions as its tasks."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any


class Failed(Exception):
    """An execution that failed, by the name of its error."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.cause = cause


class Endless(BaseException):
    """More states than any test needs."""


class Machine:
    """A machine with its tasks. `call` does a task: the name of the function, and its event."""

    def __init__(self, body: Mapping[str, Any], call: Callable[[str, Any], Any]) -> None:
        self.body = body
        self.call = call
        self.slept: list[float] = []
        self.steps = 0

    def run(self, given: Any) -> Any:
        return self._machine(self.body, given)

    def _machine(self, body: Mapping[str, Any], data: Any, item: Any = None) -> Any:
        name = body["StartAt"]
        while True:
            self.steps += 1
            if self.steps > 3000:
                raise Endless
            state = body["States"][name]
            try:
                data, name = self._state(state, data, item)
            except Failed as failed:
                data, name = self._caught(state, data, failed)
            if name is None:
                return data

    def _caught(self, state: Mapping[str, Any], data: Any, failed: Failed) -> tuple[Any, str]:
        for catch in state.get("Catch", ()):
            if failed.error in catch["ErrorEquals"] or "States.ALL" in catch["ErrorEquals"]:
                told = {"Error": failed.error, "Cause": failed.cause}
                return put(data, catch.get("ResultPath", "$"), told), catch["Next"]
        raise failed

    def _state(self, state: Mapping[str, Any], data: Any, item: Any) -> tuple[Any, str | None]:
        then = None if state.get("End") else state.get("Next")
        given = get(data, state["InputPath"]) if "InputPath" in state else data
        match state["Type"]:
            case "Choice":
                for rule in state["Choices"]:
                    if chosen(rule, data):
                        return data, rule["Next"]
                return data, state["Default"]
            case "Wait":
                seconds = state.get("Seconds")
                self.slept.append(get(data, state["SecondsPath"]) if seconds is None else seconds)
                return data, then
            case "Fail":
                error = get(data, state["ErrorPath"]) if "ErrorPath" in state else state["Error"]
                raise Failed(error)
            case "Pass":
                if "OutputPath" in state:
                    return get(filled(state["Parameters"], given), state["OutputPath"]), then
                if "Parameters" in state:
                    result = filled(state["Parameters"], given)
                else:
                    result = state.get("Result", given)
            case "Task":
                function = re.fullmatch(r"\$\{(\w+)Function\}", state["Resource"])
                assert function is not None
                event = filled(state["Parameters"], given)
                result = self._tried(state, function[1], event)
            case "Map":
                result = [
                    self._machine(state["ItemProcessor"], filled(state["ItemSelector"], given, one))
                    for one in listed(get(given, state["ItemsPath"]))
                ]
            case "Parallel":
                result = [self._machine(one, copy.deepcopy(given)) for one in state["Branches"]]
            case other:
                raise AssertionError(other)
        return put(data, state.get("ResultPath", "$"), result), then

    def _tried(self, state: Mapping[str, Any], function: str, event: Any) -> Any:
        counts: dict[int, int] = {}
        while True:
            try:
                return self.call(function, event)
            except Failed as failed:
                for at, retry in enumerate(state.get("Retry", ())):
                    if {failed.error, "States.ALL"} & set(retry["ErrorEquals"]):
                        counts[at] = counts.get(at, 0) + 1
                        if counts[at] > retry["MaxAttempts"]:
                            raise
                        growth = retry["BackoffRate"] ** (counts[at] - 1)
                        self.slept.append(retry["IntervalSeconds"] * growth)
                        break
                else:
                    raise


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Failed("States.Runtime")
    return value


def get(data: Any, path: str) -> Any:
    for part in path.removeprefix("$").replace("[", ".[").split("."):
        if part.startswith("["):
            at = int(part.strip("[]"))
            if not isinstance(data, list) or at >= len(data):
                raise Failed("States.Runtime", path)
            data = data[at]
        elif part:
            if not isinstance(data, dict) or part not in data:
                raise Failed("States.Runtime", path)
            data = data[part]
    return copy.deepcopy(data)


def put(data: Any, path: str | None, value: Any) -> Any:
    if path is None:
        return data
    if path == "$":
        return value
    whole = copy.deepcopy(data)
    inner = whole
    *ahead, last = path.removeprefix("$.").split(".")
    for part in ahead:
        inner = inner[part]
    inner[last] = value
    return whole


def filled(template: Any, data: Any, item: Any = None) -> Any:
    if not isinstance(template, dict):
        return template
    found: dict[str, Any] = {}
    for key, value in template.items():
        if not key.endswith(".$"):
            found[key] = filled(value, data, item)
        elif value == "$$.Map.Item.Value":
            found[key[:-2]] = item
        elif value.startswith("States.JsonMerge("):
            first, second, deep = value.removeprefix("States.JsonMerge(").strip(")").split(", ")
            assert deep == "false"
            found[key[:-2]] = {**get(data, first), **get(data, second)}
        elif value.startswith("States.MathAdd("):
            path, number = value.removeprefix("States.MathAdd(").removesuffix(")").split(", ")
            found[key[:-2]] = get(data, path) + int(number)
        else:
            found[key[:-2]] = get(data, value)
    return found


def chosen(rule: Mapping[str, Any], data: Any) -> bool:
    if "Or" in rule:
        return any(chosen(one, data) for one in rule["Or"])
    value = get(data, rule["Variable"])
    ((word, other),) = ((k, v) for k, v in rule.items() if k not in ("Variable", "Next"))
    if word == "IsNull":
        return (value is None) == other
    if word.endswith("Path"):
        word, other = word.removesuffix("Path"), get(data, other)
    kind = {"Boolean": bool, "String": str, "Numeric": (int, float)}[
        re.match("Boolean|String|Numeric", word)[0]  # type: ignore[index]
    ]
    if not isinstance(value, kind) or (word[0] == "N" and isinstance(value, bool)):
        return False
    match word.removeprefix("Boolean").removeprefix("String").removeprefix("Numeric"):
        case "Equals":
            return bool(value == other)
        case "LessThan":
            return bool(value < other)
        case "LessThanEquals":
            return bool(value <= other)
        case "GreaterThan":
            return bool(value > other)
        case _:
            return bool(value >= other)
