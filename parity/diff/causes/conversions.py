"""Conversions of what a side gave, where no construct of its source is at hand or explains it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

from parity.diff.forms import kind_of
from parity.model import Form, Observation, Raised, Returned
from parity.sides.python.meanings import jdk
from parity.values.form import dumps, read_float, write_float

Conversion = Callable[[Form], Form]
NUMBER = re.compile(r"-?(?:(?<!\d)\d+\.\d+(?:E-?\d+)?|Infinity|NaN)\b")


def of_python() -> Iterator[tuple[str, Conversion]]:
    """What Java may have made of python's values on the way, by the key of the meaning."""
    yield "int-overflow/result", lambda form: _leaves(form, lambda leaf: _wrapped(leaf, 32))
    yield "long-overflow/result", lambda form: _leaves(form, lambda leaf: _wrapped(leaf, 64))
    yield "float32/result", lambda form: _leaves(form, _float32)
    yield "negative-zero/lost", lambda form: _leaves(form, _positive_zero)
    yield "null-dropped/members", _without_nulls
    yield "null-in-text/result", lambda form: "null" if form is None else form
    yield "insertion-order/hashed", _hashed
    yield "insertion-order/sorted", _sorted
    yield "number-type/double", lambda form: _leaves(form, _as_double)
    yield "number-type/whole", lambda form: _leaves(form, _as_whole)


WORDS = frozenset({"number-type", "exception-class", "element-order"})
"""Causes that say in other words what differs, and not why."""


def raising(kind: str, java: str) -> Callable[[Observation], Observation | None]:
    """What raises one class raises another."""

    def converted_(observation: Observation) -> Observation | None:
        outcome = observation.outcome
        if not isinstance(outcome, Raised) or outcome.kind != kind:
            return None
        return dataclasses.replace(observation, outcome=dataclasses.replace(outcome, kind=java))

    return converted_


def of_java() -> Iterator[tuple[str, Conversion]]:
    """What brings Java's values back to python's."""
    yield "float-text/reread", lambda form: _leaves(form, _reread)


def of_both() -> Iterator[tuple[str, Conversion]]:
    """What makes both sides' values alike where only that tells them apart."""
    yield "element-order/sorted", _sorted_elements
    yield "element-order/rows", _sorted_rows


def converted(observation: Observation, conversion: Conversion) -> Observation | None:
    """The observation with its result converted; None where that changes nothing."""
    if not isinstance(observation.outcome, Returned):
        return None
    value = observation.outcome.value
    made = conversion(value)
    if dumps(made) == dumps(value):
        return None
    return dataclasses.replace(observation, outcome=Returned(made))


def _leaves(form: Form, change: Conversion) -> Form:
    """Each leaf of a value changed; keys stay."""
    if isinstance(form, list):
        return [_leaves(one, change) for one in form]
    if isinstance(form, dict):
        if len(form) == 1 and next(iter(form)) in ("$tuple", "$set", "$frozenset"):
            ((tag, items),) = form.items()
            return {tag: [_leaves(one, change) for one in items]}
        if len(form) == 1 and next(iter(form)).startswith("$"):
            return change(form)
        return {key: _leaves(one, change) for key, one in form.items()}
    return change(form)


def _whole(leaf: Form) -> int | None:
    if isinstance(leaf, bool):
        return None
    if isinstance(leaf, int):
        return leaf
    if isinstance(leaf, dict) and "$int" in leaf:
        return int(leaf["$int"])
    return None


def _written(number: int) -> Form:
    return number if abs(number) <= 2**53 else {"$int": str(number)}


def _wrapped(leaf: Form, bits: int) -> Form:
    number = _whole(leaf)
    return leaf if number is None else _written(jdk.wrapped(number, bits))


def _double(leaf: Form) -> float | None:
    if isinstance(leaf, float):
        return leaf
    if isinstance(leaf, dict) and "$float" in leaf:
        return read_float(leaf["$float"])
    return None


def _float32(leaf: Form) -> Form:
    number = _double(leaf)
    return leaf if number is None else write_float(jdk.float32(number))


def _positive_zero(leaf: Form) -> Form:
    return 0.0 if _double(leaf) == 0 else leaf


def _as_double(leaf: Form) -> Form:
    number = _whole(leaf)
    return leaf if number is None or abs(number) > 2**53 else write_float(float(number))


def _as_whole(leaf: Form) -> Form:
    number = _double(leaf)
    fits = number is not None and number == number and abs(number) <= 2**53
    return int(number) if fits and number is not None and number == int(number) else leaf


def _reread(leaf: Form) -> Form:
    """Texts of doubles in a text, written as python writes the same doubles."""
    if not isinstance(leaf, str):
        return leaf
    return NUMBER.sub(lambda found: _python_text(found.group()), leaf)


def _python_text(text: str) -> str:
    return repr(float(text.replace("Infinity", "inf").replace("NaN", "nan")))


def _without_nulls(form: Form) -> Form:
    if isinstance(form, list):
        return [_without_nulls(one) for one in form]
    if isinstance(form, dict) and kind_of(form)[0] == "dict":
        return {key: _without_nulls(one) for key, one in form.items() if one is not None}
    return form


def _sorted_elements(form: Form) -> Form:
    """Lists in an order of their own, whatever order they had."""
    if isinstance(form, list):
        return sorted((_sorted_elements(one) for one in form), key=dumps)
    if not isinstance(form, dict):
        return form
    if len(form) == 1 and "$object" in form:
        name, fields, *more = form["$object"]
        return {"$object": [name, _sorted_elements(fields), *more]}
    return {key: _sorted_elements(one) for key, one in form.items()}


def _sorted_rows(form: Form) -> Form:
    """Lists by what their elements hold, which stay as they are: a row has an order of its own."""
    if isinstance(form, list):
        return sorted(form, key=lambda row: dumps(_content(row)))
    if isinstance(form, dict) and not _is_tagged(form):
        return {key: _sorted_rows(one) for key, one in form.items()}
    return form


def _content(form: Form) -> Form:
    """What a row holds, whether it is a list, a tuple, a record or an object."""
    kind, payload = kind_of(form)
    parts: list[Form] = []
    match kind:
        case "list" | "tuple" | "set" | "frozenset":
            parts = payload
        case "dict":
            parts = [one for pair in payload for one in pair]
        case "object":
            parts = list(payload[1].values())
        case _:
            return form
    return sorted(map(_content, parts), key=dumps)


def _hashed(form: Form) -> Form:
    return _ordered(form, lambda keys: jdk.hash_order(keys) or keys)


def _sorted(form: Form) -> Form:
    return _ordered(form, lambda keys: sorted(keys, key=jdk.sort_key))


def _ordered(form: Form, order: Callable[[list[str]], list[str]]) -> Form:
    if isinstance(form, list):
        return [_ordered(one, order) for one in form]
    if isinstance(form, dict) and kind_of(form)[0] == "dict" and not _is_tagged(form):
        return {key: _ordered(form[key], order) for key in order(list(form))}
    return form


def _is_tagged(form: dict[str, Form]) -> bool:
    return len(form) == 1 and next(iter(form)).startswith("$")
