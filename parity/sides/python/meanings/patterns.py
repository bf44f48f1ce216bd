"""Regular expressions: what java.util.regex makes of a pattern that Python's re reads otherwise."""

import re
from typing import Any, Callable, Dict, Iterator, List, Match, Pattern, Tuple

from . import jdk

Offer = Tuple[str, Callable[..., Any]]
TERMINATORS = "\n\r\x85\u2028\u2029"
END = "(?=(?:\r\n|[%s])?\\Z)" % TERMINATORS
POSSESSIVE = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")


def as_pattern(text: str) -> str:
    """A text that Java takes for a pattern, as Python's re writes it; raises where it is none."""
    try:
        re.compile(text)
    except re.error:
        kind = "java.util.regex.PatternSyntaxException"
        raise jdk.thrown(kind, re.error, text) from None
    return _changed(text, {".": "[^%s]" % TERMINATORS})


def java_split(pattern: str, text: str, limit: int = 0) -> List[str]:
    """String.split: no leading empty part of an empty match, and no empty parts at the end."""
    if jdk.has_astral(text) and re.compile(pattern).match(""):
        whole = java_split(pattern, "".join(jdk.units(text)), limit)
        return [jdk.of_units([part]) for part in whole]  # what is empty fits between two halves too
    parts: List[str] = []
    start = 0
    for found in re.finditer(pattern, text):
        if limit > 0 and len(parts) == limit - 1:
            break
        if found.end() == 0:
            continue
        parts.append(text[start : found.start()])
        start = found.end()
    if not parts:
        return [text]
    parts.append(text[start:])
    if limit == 0:
        while parts and parts[-1] == "":
            parts.pop()
    return parts


def java_replaced(pattern: str, text: str, replacement: str, count: int = 0) -> str:
    """String.replaceAll and replaceFirst."""
    return re.sub(pattern, lambda found: _expanded(found, replacement), text, count=count)


def _expanded(found: "Match[str]", replacement: str) -> str:
    """A replacement text as Matcher reads it: `$1`, `${name}`, and `\\` before anything."""
    made = []
    index = 0
    while index < len(replacement):
        character = replacement[index]
        if character == "\\":
            if index + 1 == len(replacement):
                raise jdk.illegal("character to be escaped is missing")
            made.append(replacement[index + 1])
            index += 2
        elif character == "$":
            named = re.compile(r"\$(?:\{([A-Za-z][A-Za-z0-9]*)\}|([0-9]))").match(
                replacement, index
            )
            if named is None:
                raise jdk.illegal("Illegal group reference")
            group = named.group(1) or int(named.group(2))
            try:
                made.append(found.group(group) or "")
            except IndexError:
                raise jdk.out_of_bounds("No group %s" % group) from None
            index = named.end()
        else:
            made.append(character)
            index += 1
    return "".join(made)


# ---------------------------------------------------------------- patterns in Java's meaning


def _tokens(pattern: str) -> Iterator[Tuple[str, bool]]:
    """The parts of a pattern, and whether each is inside of a class."""
    index, inside = 0, False
    while index < len(pattern):
        character = pattern[index]
        size = 2 if character == "\\" and index + 1 < len(pattern) else 1
        token = pattern[index : index + size]
        yield token, inside
        if token == "[" and not inside:
            inside = True
            if pattern[index + 1 : index + 2] in ("]", "^"):
                yield pattern[index + 1], True
                index += 1
                if pattern[index] == "^" and pattern[index + 1 : index + 2] == "]":
                    yield "]", True
                    index += 1
        elif token == "]" and inside:
            inside = False
        index += size


def _changed(pattern: str, changes: Dict[str, str]) -> str:
    return "".join(
        token if inside else changes.get(token, token) for token, inside in _tokens(pattern)
    )


VARIANTS: Dict[str, Callable[[str, int], Tuple[str, int]]] = {
    "regex-class/ascii": lambda p, f: (p, f | re.ASCII),
    "regex-end/line-end": lambda p, f: (
        _changed(p, {"\\Z": END, "$": END} if not f & re.MULTILINE else {"\\Z": END}),
        f,
    ),
    "regex-dot/terminators": lambda p, f: (
        p if f & re.DOTALL else _changed(p, {".": "[^%s]" % TERMINATORS}),
        f,
    ),
    "regex-end/absolute": lambda p, f: (_changed(p, {"$": "\\Z"}), f),
}


def _compiled(pattern: Any, flags: int) -> Any:
    if isinstance(pattern, str):
        return pattern, int(flags)
    text = getattr(pattern, "pattern", None)
    return (text, pattern.flags & ~re.UNICODE) if isinstance(text, str) else (None, 0)


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """The functions of re, and the methods of its patterns and matches."""
    if name.startswith("re.Match."):
        yield from _of_match(name[9:], args)
        return
    if not name.startswith("re."):
        return
    method = name.rpartition(".")[2]
    if method == "escape" and args:
        yield "regex-escape/quote", lambda: "\\Q%s\\E" % args[0]
    if method not in POSSESSIVE or not args:
        return
    rest = list(args[1:])
    flags = kwargs.get("flags", 0)
    if name.startswith("re.Pattern."):
        flags = 0
    else:
        position = {"sub": 4, "subn": 4, "split": 3}.get(method, 2)
        if len(args) > position:
            flags = args[position]
            rest = list(args[1:position])
    pattern, number = _compiled(args[0], flags)
    if pattern is None:
        return
    more = {key: value for key, value in kwargs.items() if key != "flags"}
    if any(not isinstance(one, (str, int)) and not callable(one) for one in rest):
        return
    if method in ("sub", "subn") and callable(rest[0]):
        make = rest[0]
        yield (
            "regex-replacement/computed",
            lambda: getattr(re, method)(
                args[0], lambda found: _expanded(found, make(found)), *args[2:], **kwargs
            ),
        )
    for key, variant in VARIANTS.items():
        yield key, lambda v=variant: getattr(_made(v, pattern, number), method)(*rest, **more)
    compiled = _made(lambda p, f: (p, f), pattern, number)
    yield from _others(method, compiled, rest, more)


def _made(variant: Any, pattern: str, flags: int) -> "Pattern[str]":
    text, number = variant(pattern, flags)
    return re.compile(text, number)


def _others(
    method: str, compiled: "Pattern[str]", rest: List[Any], more: Dict[str, Any]
) -> Iterator[Offer]:
    if method == "match":
        yield "regex-match/whole", lambda: compiled.fullmatch(*rest, **more)
        yield "regex-match/anywhere", lambda: compiled.search(*rest, **more)
    elif method == "search":
        yield "regex-match/whole", lambda: compiled.fullmatch(*rest, **more)
        yield "regex-match/prefix", lambda: compiled.match(*rest, **more)
    elif method == "fullmatch":
        yield "regex-match/anywhere", lambda: compiled.search(*rest, **more)
        yield "regex-match/prefix", lambda: compiled.match(*rest, **more)
    elif method == "findall" and rest:
        yield "regex-groups/whole", lambda: [m.group() for m in compiled.finditer(rest[0])]
        if compiled.groups:
            yield "regex-groups/first", lambda: [m.group(1) for m in compiled.finditer(rest[0])]
    elif method == "split" and rest and isinstance(rest[0], str):
        limit = rest[1] if len(rest) > 1 else more.get("maxsplit", 0)
        key = "regex-groups/dropped" if compiled.groups else "split-trailing/regex"
        yield key, lambda: java_split(_inline(compiled), rest[0], limit)
        if compiled.groups:
            yield "regex-groups/kept-ends", lambda: java_split(_inline(compiled), rest[0], -1)
        else:
            yield "regex-empty/split", lambda: java_split(_inline(compiled), rest[0], -1)
    elif method == "sub" and len(rest) >= 2 and isinstance(rest[0], str):
        count = rest[2] if len(rest) > 2 else more.get("count", 0)
        pattern = _inline(compiled)
        yield "regex-replacement/dollar", lambda: java_replaced(pattern, rest[1], rest[0], count)
        yield "replace-count/all", lambda: compiled.sub(rest[0], rest[1])
        yield "replace-count/first", lambda: compiled.sub(rest[0], rest[1], count=1)
        yield "regex-replacement/literal", lambda: compiled.sub(lambda _: rest[0], rest[1], count)


def _inline(compiled: "Pattern[str]") -> str:
    letters = "".join(
        letter
        for letter, flag in (("i", re.I), ("m", re.M), ("s", re.S), ("x", re.X))
        if compiled.flags & flag
    )
    return "(?%s)%s" % (letters, compiled.pattern) if letters else compiled.pattern


def _of_match(method: str, args: Tuple[Any, ...]) -> Iterator[Offer]:
    found = args[0]
    if method == "groups":
        yield "regex-groups/null-empty", lambda: tuple(one or "" for one in found.groups())
    elif method in ("start", "end", "span"):
        before = found.string
        if isinstance(before, str) and jdk.has_astral(before):
            value = getattr(found, method)(*args[1:])
            yield "utf16-index/match", lambda: _wide(before, value)


def _wide(text: str, value: Any) -> Any:
    """An index, or several, in UTF-16 units."""
    if isinstance(value, tuple):
        return tuple(_wide(text, one) for one in value)
    return len(jdk.units(text[:value])) if value >= 0 else value
