"""Values that are their own form, as workers pack them: the bytes of Python's `marshal`, format 2.

What a worker has written is not handed to `marshal` itself, which trusts what it is given.
"""

from __future__ import annotations

import math
import struct
from typing import Any, Final

from parity.values.form import SAFE_INT, SURROGATE_PAIR, is_ascii

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
        return _Reader(data).whole()
    except (IndexError, struct.error, UnicodeError) as error:
        raise NotPlain(f"it ends early, or is no text: {error}") from error


class _Reader:
    """Reads one value; containers that are open are kept in a list, since they may be deep."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def whole(self) -> Any:
        """The value."""
        whole: list[Any] = []
        into: Any = whole
        left = 1
        above: list[tuple[Any, int]] = []
        while True:
            if left == 0 or (left < 0 and self.data[self.at] == END):
                if not above:
                    break
                self.at += left < 0
                into, left = above.pop()
                continue
            key = self._key() if left < 0 else None
            code = self.data[self.at]
            self.at += 1
            value: Any
            size = -1
            if code == LIST:
                size = self._size()
                value = []
            elif code == DICT:
                value = {}
            else:
                value = self._leaf(code)
            if left < 0:
                into[key] = value
            else:
                into.append(value)
                left -= 1
            if code in (LIST, DICT):
                above.append((into, left))
                into, left = value, size
        if self.at != len(self.data):
            raise NotPlain("there is more behind it")
        return whole[0]

    def _key(self) -> str:
        if self.data[self.at] != TEXT:
            raise NotPlain("a key is no text")
        self.at += 1
        key = self._text()
        if key.startswith("$"):
            raise NotPlain("a key starts like a tag")
        return key

    def _leaf(self, code: int) -> Any:
        if code in CONSTANTS:
            return CONSTANTS[code]
        if code == TEXT:
            return self._text()
        if code == INT:
            (number,) = SIZE.unpack_from(self.data, self.at)
            self.at += SIZE.size
            return number
        if code == LONG:
            return self._long()
        if code == REAL:
            (real,) = FLOAT.unpack_from(self.data, self.at)
            self.at += FLOAT.size
            if not math.isfinite(real) or (real == 0 and math.copysign(1, real) < 0):
                raise NotPlain(f"{real} has a tag")
            return real
        raise NotPlain(f"it holds {chr(code)!r}")

    def _size(self) -> int:
        (size,) = SIZE.unpack_from(self.data, self.at)
        self.at += SIZE.size
        if size < 0:
            raise NotPlain("a size is below zero")
        return int(size)

    def _text(self) -> str:
        size = self._size()
        start, self.at = self.at, self.at + size
        if self.at > len(self.data):
            raise NotPlain("a text ends early")
        text = self.data[start : self.at].decode("utf-8", "surrogatepass")
        if not is_ascii(text) and SURROGATE_PAIR.search(text):
            raise NotPlain("two halves of a character stand together")
        return text

    def _long(self) -> int:
        (count,) = SIZE.unpack_from(self.data, self.at)
        digits = struct.unpack_from(f"<{abs(count)}H", self.data, self.at + SIZE.size)
        self.at += SIZE.size + 2 * abs(count)
        number = 0
        for digit in reversed(digits):
            number = number << DIGIT | digit
        if number > SAFE_INT:
            raise NotPlain("a number has a tag")
        return -number if count < 0 else number
