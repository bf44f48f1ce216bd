"""What a value in fixture form is: its kind, and texts that are alike for values that are."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from parity.model import Form
from parity.values.form import dumps, element, from_digits, member

SAFE_INT = 2**53
INFINITE = (float("inf"), float("-inf"))
FRACTION = re.compile(r"\.([0-9]{1,6})(?![0-9])")


def kind_of(form: Form) -> tuple[str, Any]:
    """The kind of a form, and what it holds: members of a dict as pairs, numbers as numbers.

    Texts that may be spelled in more than one way are given in the way that writing gives them.
    """
    if form is None:
        return "null", None
    if isinstance(form, bool):
        return "bool", form
    if isinstance(form, int):
        return "int", form
    if isinstance(form, float):
        return "float", form
    if isinstance(form, str):
        return "str", form
    if isinstance(form, list):
        return "list", form
    if len(form) == 1:
        ((tag, payload),) = form.items()
        if tag.startswith("$"):
            return _tagged(tag, payload)
    return "dict", list(form.items())


def _tagged(tag: str, payload: Any) -> tuple[str, Any]:
    match tag:
        case "$int":
            return "int", from_digits(payload)
        case "$float":
            return "float", float(payload)
        case "$decimal":
            return "decimal", Decimal(payload).as_tuple()
        case "$datetime" | "$time":
            return tag[1:], FRACTION.sub(_six_digits, payload, count=1)
        case "$timedelta" if "." in payload or payload.startswith(("-0", "0")):
            return "timedelta", _shortest(payload)
        case "$uuid":
            return "uuid", str(uuid.UUID(payload))
    return tag[1:], payload


def _six_digits(found: re.Match[str]) -> str:
    digits = found.group(1).ljust(6, "0")
    return "" if digits == "000000" else f".{digits}"


def _shortest(seconds: str) -> str:
    number = Decimal(seconds)
    return f"{number.normalize():f}" if number else "0"


RECORD = "record"
"""What java writes behind the members of a record, whose components have an order."""


def components(kind: str, payload: Any) -> list[Form] | None:
    """The components of a Java record, in their order; None of anything else."""
    if kind != "object" or payload[2:] != [RECORD]:
        return None
    return list(payload[1].values())


def by_place(form: Form) -> Form:
    """The same with each record as the list of its components, which a tuple's text is too."""
    return _rebuilt(form, lambda _, fields: list(fields.values()))


def unmarked(form: Form) -> Form:
    """The same in fixture form: that an object is a record is between the worker and the judge."""
    return _rebuilt(form, lambda name, fields: {"$object": [name, fields]})


def _rebuilt(form: Form, record: Callable[[str, dict[str, Form]], Form]) -> Form:
    """A form with what is made of each record in it."""
    if isinstance(form, list):
        return [_rebuilt(one, record) for one in form]
    if not isinstance(form, dict):
        return form
    made = {name: _rebuilt(one, record) for name, one in form.items()}
    payload = made.get("$object")
    if len(made) == 1 and isinstance(payload, list) and payload[2:] == [RECORD]:
        return record(payload[0], payload[1])
    return made


def as_document(kind: str, payload: Any) -> tuple[str, Any]:
    """What a python value is in the JSON document that a state machine carries."""
    return ("list" if kind == "tuple" else kind), payload


def json_key(key: Form) -> str | None:
    """A dict's key as Python's json writes it; None where it has no such form."""
    kind, payload = kind_of(key)
    match kind:
        case "str":
            return str(payload)
        case "bool":
            return "true" if payload else "false"
        case "null":
            return "null"
        case "int" | "float":
            return repr(payload) if kind == "float" else str(payload)
    return None


def refers(form: Form) -> bool:
    """Whether a form holds references."""
    return '"$ref"' in dumps(form)


def names_classes(form: Form) -> bool:
    """Whether equal texts do not yet mean equal values: classes and references are not in them."""
    text = dumps(form)
    return '"$object"' in text or '"$enum"' in text or '"$ref"' in text


# ---------------------------------------------------------------- texts


def text_of(form: Form, *, by_value: bool = False) -> str:
    """Equal for values that are equal but for their classes and what their references mean.

    What Java has no other way to say is put aside: a tuple is a list, an object its fields.
    `by_value` writes 1.0 as 1.
    """
    return dumps(_plain(form, by_value))


def _plain(form: Form, by_value: bool) -> Form:
    kind, payload = kind_of(form)
    match kind:
        case "null" | "bool" | "str":
            return payload
        case "int":
            return _whole(payload)
        case "float":
            return _float(payload, by_value)
        case "list" | "tuple":
            return [_plain(item, by_value) for item in payload]
        case "set" | "frozenset":
            return {"$set": sorted((_plain(item, by_value) for item in payload), key=dumps)}
        case "dict":
            return _entries(payload, by_value)
        case "object":
            return _entries(list(payload[1].items()), by_value)
        case "enum":
            return {"$enum": payload[1]}
    return {f"${kind}": payload}


def _entries(pairs: list[Any], by_value: bool) -> Form:
    entries = [[_plain(key, by_value), _plain(value, by_value)] for key, value in pairs]
    return {"$dict": sorted(entries, key=dumps)}


def _whole(number: int) -> Form:
    return number if abs(number) <= SAFE_INT else {"$int": hex(number)}


def _float(number: float, by_value: bool) -> Form:
    if number != number or number in INFINITE:
        return {"$float": repr(number)}
    if by_value and number % 1 == 0:
        return _whole(int(number))
    return {"$float": repr(number)}


def sketch_of(form: Form) -> str:
    """A coarse text: values that any term could call equal have equal sketches."""
    return dumps(_sketch(form))


def _sketch(form: Form) -> Form:
    kind, payload = kind_of(form)
    match kind:
        case "null" | "bool" | "str":
            return payload
        case "int" | "float":
            return {"$": "number"}
        case "set" | "frozenset":
            return {"set": sorted((_sketch(item) for item in payload), key=dumps)}
        case "list" | "tuple":  # a record is a tuple, too, and has members
            return _sketch_of_members(payload)
        case "dict":
            return _sketch_of_members([value for _, value in payload])
        case "object":
            return _sketch_of_members(list(payload[1].values()))
        case "enum":
            return {"$": payload[1]}
        case "datetime":
            return {"$": kind}
    return {f"${kind}": payload}


def _sketch_of_members(values: list[Form]) -> Form:
    present = [_sketch(value) for value in values if value is not None]
    return {"members": sorted(present, key=dumps)}


# ---------------------------------------------------------------- places


def place(path: str, key: Form) -> str:
    """The path of a member, whose key need not be a text."""
    return member(path, key) if isinstance(key, str) else f"{path}[{dumps(key)}]"


def places(form: Form, path: str) -> Iterator[tuple[str, Form]]:
    """Every part of a form by its path; elements of sets have none."""
    yield path, form
    kind, payload = kind_of(form)
    if kind in ("list", "tuple"):
        for index, item in enumerate(payload):
            yield from places(item, element(path, index))
    elif kind == "dict":
        for key, value in payload:
            yield from places(value, place(path, key))
    elif kind == "object":
        for name, value in payload[1].items():
            yield from places(value, member(path, name))
