"""Strict reading of JSON text in fixture form, without building anything that it names."""

from __future__ import annotations

import json
import math
from typing import Any

from parity.values.form import MAX_DEPTH, TEXT_TAGS, FormError, class_and, dumps, expect, tag_of

Form = Any


class TextError(ValueError):
    """Text that is no document in fixture form; `column` starts at 1."""

    def __init__(self, why: str, column: int) -> None:
        super().__init__(why)
        self.why = why
        self.column = column


def read_text(text: str) -> Any:
    """The JSON document of one line; refuses duplicate keys, NaN and numbers out of range."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise TextError(error.msg, error.colno) from None
    except _Word as error:
        raise TextError(error.why, error.column_in(text)) from None
    except RecursionError:
        raise TextError("it is nested too deep", 1) from None


def check_form(form: Form, text: str) -> None:
    """Raises TextError where `form`, which stands in `text`, is no fixture form."""
    try:
        _check(form)
    except _Word as error:
        raise TextError(error.why, error.column_in(text)) from None
    except FormError as error:
        raise TextError(str(error), 1) from None


class _Word(Exception):
    """Something wrong at a word of the text, whose column is looked up afterwards."""

    def __init__(self, why: str, word: str, last: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.word = word
        self.last = last

    def column_in(self, text: str) -> int:
        place = text.rfind(self.word) if self.last else text.find(self.word)
        return max(place, 0) + 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Word(f"the key {json.dumps(key)} stands here twice", json.dumps(key), True)
            seen.add(key)
    return made


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Word(f"{text} is beyond every float", text)
    return number


def _constant(text: str) -> float:
    tag = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[text]
    raise _Word(f'{text} is no JSON: write {{"$float": "{tag}"}}', text)


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _Word("a number this long is written as $int", text) from None


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_constant=_constant, parse_int=_int
)


def _check(form: Form) -> None:
    level = [form]
    for _ in range(MAX_DEPTH):
        if not level:
            return
        parts: list[Form] = []
        for one in level:
            if isinstance(one, list):
                parts += one
            elif isinstance(one, dict):
                parts += _parts_of(one)
        level = parts
    raise FormError(f"it is nested deeper than {MAX_DEPTH}")


def _parts_of(form: dict[str, Any]) -> list[Form]:
    first = next((key for key in form if key.startswith("$")), "")
    try:
        tag, payload = tag_of(form)
        return list(form.values()) if tag is None else _parts(tag, payload)
    except FormError as error:
        raise _Word(str(error), json.dumps(first)) from None


def _parts(tag: str, payload: Any) -> list[Any]:
    if tag in TEXT_TAGS:
        expect(payload, str, tag)
        if "[" not in payload:  # a zone is known to the interpreter that runs the unit
            TEXT_TAGS[tag](payload)
        return []
    if tag in ("$port", "$ref"):
        expect(payload, str, tag)
        return []
    if tag == "$enum":
        class_and(payload, str, tag)
        return []
    if tag == "$object":
        return list(class_and(payload, dict, tag)[1].values())
    items: list[Any] = expect(payload, list, tag)
    if tag != "$dict":
        return items
    for pair in items:
        if not isinstance(pair, list) or len(pair) != 2:
            raise FormError(f"`$dict` holds pairs, not {dumps(pair)[:80]}")
    keys = [dumps(pair[0]) for pair in items]
    if len(set(keys)) < len(keys):
        raise FormError("`$dict` has a key twice")
    return [part for pair in items for part in pair]
