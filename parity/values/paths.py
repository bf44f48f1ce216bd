"""Normalised JSONPath (RFC 9535) and the patterns that people write in the map."""

from __future__ import annotations

import re
from functools import lru_cache

from parity.values.form import member

SEGMENT = re.compile(
    r"\.\.(?=[\[A-Za-z_*])|\.\*|\.(?P<name>[^.\[\]'\"*]+)|\[\*\]|\[(?P<index>[0-9]+)\]"
    r"|\['(?P<quoted>(?:[^'\\]|\\.)*)'\]|(?P<first>(?<=\.\.)[^.\[\]'\"*]+)|(?P<any>(?<=\.\.)\*)"
)
INDEX = re.compile(r"\[[0-9]+\]")
ROOT = re.compile(r"^\$[a-z]*")
ONE_SEGMENT = r"(?:\.[^.\[\]]+|\[(?:[0-9]+|'(?:[^'\\]|\\.)*'|[^\]']*)\])"


@lru_cache(maxsize=4096)
def pattern(text: str) -> re.Pattern[str]:
    """What a path of the map matches: itself, with `[*]`, `.*` and `..` as wildcards.

    Raises ValueError where the text is no path.
    """
    root = ROOT.match(text)
    if root is None:
        raise ValueError("a path starts with `$`")
    expression, position = [re.escape(root.group())], root.end()
    while position < len(text):
        found = SEGMENT.match(text, position)
        if found is None:
            raise ValueError(f"a path cannot go on with {text[position:]!r}")
        expression.append(_segment(found))
        position = found.end()
    return re.compile("".join(expression))


def _segment(found: re.Match[str]) -> str:
    text = found.group()
    if text in (".*", "[*]"):
        return ONE_SEGMENT
    if text == "..":
        return f"{ONE_SEGMENT}*?"
    if found.group("any"):
        return ONE_SEGMENT
    name = found.group("name") or found.group("first")
    return re.escape(text if name is None else member("", name))


def place_of(path: str) -> str:
    """Where a path leads in every element of the lists on its way: `$.rows[*].name`."""
    return INDEX.sub("[*]", path)


def matches(text: str, path: str) -> bool:
    """Whether `path` is one of those that the text of the map means."""
    return pattern(text).fullmatch(path) is not None
