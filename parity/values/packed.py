"""Values that are their own form, as workers pack them: the bytes of Python's `marshal`, format 2.

What a worker has written is not handed to `marshal` itself, which trusts what it is given.
"""

from __future__ import annotations

import math
import struct
from typing import Any, Final

from parity.values.form import SAFE_INT, SURROGATE_PAIR

SIZE: Final = struct.Struct("<i")
FLOAT: Final = struct.Struct("<d")
DIGIT: Final = 15
CONSTANTS: Final = {b"N"[0]: None, b"T"[0]: True, b"F"[0]: False}
INT, LONG, REAL, TEXT, LIST, DICT, END = b"ilgu[{0"


class NotPlain(ValueError):
    """Bytes of something else than a value that is its own form."""


def unpacked(data: bytes) -> Any:
    """The value that is packed, which is its form as well. Raises NotPlain."""
    try:
        value, end = _read(data)
    except (IndexError, struct.error, UnicodeError) as error:
        raise NotPlain(f"it ends early, or is no text: {error}") from error
    if end != len(data):
        raise NotPlain("there is more behind it")
    return value


def _read(data: bytes) -> tuple[Any, int]:
    """One value and where it ends; containers that are open are kept in a list, since they may be
    deep. It is one loop, as a call for each leaf would take longer than the leaf does."""
    at, length = 0, len(data)
    size_at = SIZE.unpack_from
    keys: dict[bytes, str] = {}
    whole: list[Any] = []
    into: Any = whole
    left = 1  # values that the open list still wants; below zero in a dict
    above: list[tuple[Any, int]] = []
    while True:
        if left == 0 or (left < 0 and data[at] == END):
            if not above:
                return whole[0], at
            at += left < 0
            into, left = above.pop()
            continue
        key = ""
        if left < 0:
            if data[at] != TEXT:
                raise NotPlain("a key is no text")
            start = at + 1 + SIZE.size
            at = start + size_at(data, at + 1)[0]
            if not start <= at <= length:
                raise NotPlain("a key ends early")
            raw = data[start:at]
            key = keys.get(raw) or keys.setdefault(raw, _key(raw))
        code = data[at]
        at += 1
        value: Any
        size = -1
        if code == TEXT:
            start = at + SIZE.size
            at = start + size_at(data, at)[0]
            if not start <= at <= length:
                raise NotPlain("a text ends early")
            value = _text(data[start:at])
        elif code == INT:
            (value,) = size_at(data, at)
            at += SIZE.size
        elif code == REAL:
            (value,) = FLOAT.unpack_from(data, at)
            at += FLOAT.size
            if not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0):
                raise NotPlain(f"{value} has a tag")
        elif code in CONSTANTS:
            value = CONSTANTS[code]
        elif code == LIST:
            (size,) = size_at(data, at)
            at += SIZE.size
            if size < 0:
                raise NotPlain("a size is below zero")
            value = []
        elif code == DICT:
            value = {}
        elif code == LONG:
            value, at = _long(data, at)
        else:
            raise NotPlain(f"it holds {chr(code)!r}")
        if left < 0:
            into[key] = value
        else:
            into.append(value)
            left -= 1
        if code in (LIST, DICT):
            above.append((into, left))
            into, left = value, size


def _key(raw: bytes) -> str:
    key = _text(raw)
    if key.startswith("$"):
        raise NotPlain("a key starts like a tag")
    return key


def _text(raw: bytes) -> str:
    if raw.isascii():
        return raw.decode("ascii")
    text = raw.decode("utf-8", "surrogatepass")
    if SURROGATE_PAIR.search(text):
        raise NotPlain("two halves of a character stand together")
    return text


def _long(data: bytes, at: int) -> tuple[int, int]:
    (count,) = SIZE.unpack_from(data, at)
    digits = struct.unpack_from(f"<{abs(count)}H", data, at + SIZE.size)
    number = 0
    for digit in reversed(digits):
        number = number << DIGIT | digit
    if number > SAFE_INT:
        raise NotPlain("a number has a tag")
    return -number if count < 0 else number, at + SIZE.size + 2 * abs(count)
