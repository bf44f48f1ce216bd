"""The JSON text of a Lambda event, as the state machine would carry it."""

from __future__ import annotations

import json
from typing import Any

from parity.model import Form
from parity.values.form import from_digits, member
from parity.values.words import camel_case


class EventRefused(Exception):
    """A value that no JSON document carries."""


def event_text(form: Form, names: str = "exact") -> str:
    """JSON text of a form: tuple as array, dataclass as object; the rest of the tags is refused.

    `names` = "camel" writes the fields of dataclasses as Java spells them.
    """
    return json.dumps(_plain(form, "$", names), ensure_ascii=True, allow_nan=False)


def _plain(form: Form, path: str, names: str) -> Any:
    if isinstance(form, list):
        return [_plain(item, f"{path}[{index}]", names) for index, item in enumerate(form)]
    if not isinstance(form, dict):
        return form
    if len(form) == 1:
        ((tag, payload),) = form.items()
        if tag.startswith("$"):
            return _tagged(tag, payload, path, names)
    return {key: _plain(value, member(path, key), names) for key, value in form.items()}


def _tagged(tag: str, payload: Any, path: str, names: str) -> Any:
    match tag:
        case "$int":
            return from_digits(payload)
        case "$tuple":
            return _plain(payload, path, names)
        case "$object":
            rename = camel_case if names == "camel" else str
            fields = [(rename(key), key, value) for key, value in payload[1].items()]
            _refuse_twice([name for name, _, _ in fields], path)
            return {name: _plain(value, member(path, key), names) for name, key, value in fields}
        case "$float" if payload == "-0.0":
            return -0.0
        case "$dict":
            keys = [_key(key, path) for key, _ in payload]
            _refuse_twice(keys, path)
            values = [_plain(value, path, names) for _, value in payload]
            return dict(zip(keys, values, strict=True))
    raise EventRefused(f"{tag} at {path} has no form in JSON")


def _key(key: Form, path: str) -> str:
    """A key as Python's json writes it."""
    match key:
        case str():
            return key
        case {"$int": digits}:
            return str(from_digits(digits))
        case {"$float": "-0.0"}:
            return "-0.0"
        case None | bool() | int() | float():
            return json.dumps(key)
    raise EventRefused(f"a key at {path} that is no text")


def _refuse_twice(keys: list[str], path: str) -> None:
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise EventRefused(f"two keys at {path} that JSON writes as {json.dumps(twice)}")
