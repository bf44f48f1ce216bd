"""Texts: UTF-16 units, trim and strip, split, case, classes of characters, parsing."""

import codecs
import re
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from . import jdk
from .encodings import hexed
from .patterns import as_pattern, java_replaced, java_split

Offer = Tuple[str, Callable[..., Any]]
ASCII_SPACE = re.compile("[ \t\n\x0b\f\r]+")
PATTERN_SIGNS = frozenset("\\^$.|?*+()[]{}")
LINES = re.compile("\r\n|\n|\r")


def binary(what: str, a: Any, b: Any) -> Iterator[Offer]:
    """Concatenation, repetition, elements and parts."""
    if what == "+" and isinstance(a, str) != isinstance(b, str):
        if a is None or b is None:
            yield "null-in-text/concatenated", lambda: jdk.text_of(a) + jdk.text_of(b)
        else:
            yield "text-of-value/concatenated", lambda: jdk.text_of(a) + jdk.text_of(b)
    elif what == "+" and isinstance(a, str) and isinstance(b, str):
        yield "utf16-index/joined", lambda: jdk.of_units([a, b])
    elif what == "*" and (isinstance(a, str) or isinstance(b, str)):
        count = b if isinstance(a, str) else a
        if isinstance(count, int) and count < 0:
            yield "negative-repeat/throws", lambda: _raise(jdk.illegal("count is negative"))
    elif what in ("[]", "[:]") and isinstance(a, str):
        yield from _part(a, b)
    elif what == "[]" and isinstance(a, (bytes, bytearray)) and isinstance(b, int):
        yield "signed-bytes/element", lambda: jdk.wrapped(a[b], 8)


def _raise(error: Exception) -> Any:
    raise error


def substring(text: str, start: int, end: int) -> str:
    """String.substring, whose bounds are those of the units; a part is one of code points."""
    if start < 0 or end > len(jdk.units(text)) or start > end:
        raise jdk.thrown("java.lang.StringIndexOutOfBoundsException", IndexError)
    return text[start:end]


def _from_end(text: str, index: slice) -> str:
    """What is had where one reckons from the length: of a shorter text nothing."""
    size = len(jdk.units(text))
    start, end = index.start or 0, size if index.stop is None else index.stop
    if start >= 0 and index.stop is None:  # the last -start
        return substring(text, size + start, size)
    substring(text, size + start if start < 0 else start, size + end if end < 0 else end)
    return text[index]


def _part(text: str, index: Any) -> Iterator[Offer]:
    parts = jdk.units(text)
    if isinstance(index, slice):
        yield "utf16-index/slice", lambda: jdk.of_units(parts[index])
        if index.step in (None, 1):
            start = index.start or 0
            end = len(parts) if index.stop is None else index.stop
            yield "slice-bounds/substring", lambda: substring(text, start, end)
            if start < 0 or end < 0:
                yield "slice-bounds/negative-empty", lambda: ""
            if min(start, end) < 0 or (index.stop is None and index.start is not None):
                yield "slice-bounds/text-from-end", lambda: _from_end(text, index)
    elif isinstance(index, int):
        yield "utf16-index/char", lambda: parts[index]
        if index < 0:
            yield (
                "index-from-end/throws",
                lambda: _raise(jdk.thrown("java.lang.StringIndexOutOfBoundsException", IndexError)),
            )


# ---------------------------------------------------------------- functions and methods


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """What Java's String, Character and parsers give."""
    if name.startswith("str.") and args and isinstance(args[0], str):
        yield from _method(name[4:], args[0], args[1:], kwargs)
    elif name.startswith(("bytes.", "bytearray.")):
        yield from _bytes(name.partition(".")[2], args, kwargs)
    elif name in FUNCTIONS and args:
        yield from FUNCTIONS[name](*args, **kwargs)


def _length(text: Any) -> Iterator[Offer]:
    if isinstance(text, str):
        yield "utf16-length/length", lambda: len(jdk.units(text))
        yield "utf8-length/bytes", lambda: len(text.encode("utf-8", "surrogatepass"))


def _common_prefix(names: Any) -> Iterator[Offer]:
    """What names begin with alike: of two characters that may be half a character."""
    from os.path import commonprefix

    if isinstance(names, (list, tuple)) and all(isinstance(one, str) for one in names):
        if any(map(jdk.has_astral, names)):
            wide = ["".join(jdk.units(one)) for one in names]
            yield "utf16-index/common-prefix", lambda: jdk.of_units([commonprefix(wide)])  # noqa: RUF071


def _ord(text: Any) -> Iterator[Offer]:
    if isinstance(text, str):
        yield "utf16-index/code", lambda: ord(jdk.units(text)[0])
    elif isinstance(text, (bytes, bytearray)) and len(text) == 1:
        yield "signed-bytes/code", lambda: jdk.wrapped(text[0], 8)


def _sequence(kind: Callable[[Any], Any]) -> Callable[..., Iterator[Offer]]:
    def offers(value: Any = (), *_: Any, **__: Any) -> Iterator[Offer]:
        if isinstance(value, str):
            yield "utf16-index/chars", lambda: kind(jdk.units(value))
        elif isinstance(value, (bytes, bytearray)):
            yield "signed-bytes/elements", lambda: kind([jdk.wrapped(one, 8) for one in value])

    return offers


def _parse_int(text: Any, base: int = 10) -> Iterator[Offer]:
    if isinstance(text, (bytes, bytearray)):
        text = bytes(text).decode("latin-1")
    if not isinstance(text, str) or not isinstance(base, int):
        return
    radix = base or 10
    yield "int-parsing/long", lambda: jdk.parse_long(text, radix, 64)
    yield "int-parsing/int", lambda: jdk.parse_long(text, radix, 32)
    yield "int-parsing/trimmed", lambda: jdk.parse_long(jdk.java_strip(text), radix, 64)
    yield "int-parsing/trimmed-int", lambda: jdk.parse_long(jdk.java_strip(text), radix, 32)
    yield "int-parsing/big", lambda: jdk.parse_long(text, radix, 1 << 20)
    yield "int-parsing/double", lambda: jdk.saturated(jdk.parse_double(text), 64)
    yield "int-parsing/decoded", lambda: _decoded(text)


def _decoded(text: str) -> int:
    """Long.decode."""
    sign, body = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
    for prefix, radix in (("0x", 16), ("0X", 16), ("#", 16), ("0", 8)):
        if body.startswith(prefix) and len(body) > len(prefix):
            return jdk.parse_long(sign + body[len(prefix) :], radix, 64)
    return jdk.parse_long(text, 10, 64)


def _parse_float(text: Any) -> Iterator[Offer]:
    if isinstance(text, str):
        yield "float-parsing/double", lambda: jdk.parse_double(text)
        yield "float-parsing/float", lambda: jdk.float32(jdk.parse_double(text))
        yield "float-parsing/decimal", lambda: _big_decimal(text)


BIG_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")


def _big_decimal(text: str) -> float:
    if not BIG_DECIMAL.match(text):
        raise jdk.bad_number(text)
    return float(text)


def _decimal(text: Any = "0", *_: Any) -> Iterator[Offer]:
    import decimal

    if isinstance(text, str):
        yield (
            "decimal-parsing/strict",
            lambda: (
                decimal.Decimal(text) if BIG_DECIMAL.match(text) else _raise(jdk.bad_number(text))
            ),
        )
    elif isinstance(text, float):
        yield "decimal-parsing/value-of", lambda: decimal.Decimal(jdk.double_text(text))


FUNCTIONS: Dict[str, Callable[..., Iterator[Offer]]] = {
    "builtins.len": _length,
    "builtins.ord": _ord,
    "genericpath.commonprefix": _common_prefix,
    "builtins.list": _sequence(list),
    "builtins.tuple": _sequence(tuple),
    "builtins.set": _sequence(set),
    "builtins.frozenset": _sequence(frozenset),
    "builtins.enumerate": _sequence(enumerate),
    "builtins.reversed": _sequence(lambda parts: reversed(list(parts))),
    "builtins.iter": _sequence(iter),
    "builtins.sorted": _sequence(sorted),
    "collections.Counter": _sequence(lambda parts: __import__("collections").Counter(parts)),
    "builtins.int": _parse_int,
    "builtins.float": _parse_float,
    "decimal.Decimal": _decimal,
}


# ---------------------------------------------------------------- methods of str


def _method(name: str, text: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    if name in METHODS:
        try:
            yield from METHODS[name](text, *args, **kwargs)
        except TypeError:
            return
    elif name in CLASSES:
        yield from _classes(name, text)


def _index(name: str) -> Callable[..., Iterator[Offer]]:
    def offers(text: str, part: str, *bounds: Any) -> Iterator[Offer]:
        whole, inner = jdk.units(text), jdk.units(part)
        method = getattr("", name).__name__
        if jdk.has_astral(text):
            marked = "".join(whole)
            yield "utf16-index/position", lambda: getattr(marked, method)("".join(inner), *bounds)
        if method in ("index", "rindex"):
            found = text.find(part, *bounds) if method == "index" else text.rfind(part, *bounds)
            yield "index-not-found/minus-one", lambda: found
        if bounds and isinstance(bounds[0], int) and bounds[0] < 0:
            yield "index-from-end/from-start", lambda: text.find(part, 0)

    return offers


def _split(text: str, sep: Optional[str] = None, maxsplit: int = -1) -> Iterator[Offer]:
    if sep is None:
        yield "split-space/blank", lambda: java_split(" ", text)
        yield "split-space/blank-all", lambda: text.split(" ")
        yield "split-space/spaces", lambda: java_split("[ \t\n\x0b\f\r]+", text)
        yield "split-space/tokens", lambda: [one for one in re.split("[ \t\n\r\f]", text) if one]
        yield "split-space/trimmed", lambda: java_split("[ \t\n\x0b\f\r]+", jdk.trimmed(text))
        yield "split-space/stripped", lambda: java_split("[ \t\n\x0b\f\r]+", jdk.java_strip(text))
        yield "split-space/trimmed-blank", lambda: java_split(" ", jdk.trimmed(text))
        return
    special = not PATTERN_SIGNS.isdisjoint(sep)
    if maxsplit < 0:
        yield "split-trailing/dropped", lambda: java_split(re.escape(sep), text)
        yield "split-trailing/tokens", lambda: [one for one in text.split(sep) if one]
        if special:
            yield "split-by-pattern/pattern", lambda: java_split(as_pattern(sep), text)
            yield "split-by-pattern/kept", lambda: java_split(as_pattern(sep), text, -1)
        return
    yield "split-limit/parts", lambda: java_split(re.escape(sep), text, maxsplit)
    yield "split-limit/none", lambda: java_split(re.escape(sep), text)
    yield "split-trailing/limited", lambda: java_split(re.escape(sep), text, maxsplit + 1)
    if special:
        yield "split-limit/regex", lambda: java_split(as_pattern(sep), text, maxsplit)
        yield "split-by-pattern/limited", lambda: java_split(as_pattern(sep), text, maxsplit + 1)


def _rsplit(text: str, sep: Optional[str] = None, maxsplit: int = -1) -> Iterator[Offer]:
    if sep is not None and maxsplit >= 0:
        yield "split-limit/from-left", lambda: text.split(sep, maxsplit)
        yield "split-limit/parts", lambda: java_split(re.escape(sep), text, maxsplit + 1)
    elif maxsplit < 0:
        yield from _split(text, sep)


def _splitlines(text: str, keepends: bool = False) -> Iterator[Offer]:
    if keepends:
        return
    yield "line-separators/newline", lambda: java_split("\n", text)
    yield "line-separators/newline-kept", lambda: java_split("\n", text, -1)
    yield "line-separators/any-newline", lambda: java_split("\r?\n", text)
    yield "line-separators/any-newline-kept", lambda: java_split("\r?\n", text, -1)
    yield "line-separators/break", lambda: java_split("\r\n|[\n\x0b\f\r\x85\u2028\u2029]", text)
    yield "line-separators/lines", lambda: _lines(text)


def _lines(text: str) -> List[str]:
    """String.lines and BufferedReader.readLine."""
    parts = LINES.split(text)
    return parts[:-1] if parts[-1] == "" else parts


def _strip(left: bool, right: bool) -> Callable[..., Iterator[Offer]]:
    controls = "".join(map(chr, range(0x21)))

    def trim(text: str, characters: str) -> str:
        text = text.lstrip(characters) if left else text
        return text.rstrip(characters) if right else text

    def offers(text: str, characters: Optional[str] = None) -> Iterator[Offer]:
        if characters is None:
            yield "strip-space/trim", lambda: trim(text, controls)
            yield "strip-space/strip", lambda: jdk.java_strip(text, left, right)
            yield "strip-space/regex", lambda: trim(text, " \t\n\x0b\f\r")
            yield "strip-space/blanks", lambda: trim(text, " ")
            yield "strip-space/both", lambda: jdk.trimmed(text)
            return
        yield "strip-set/affix", lambda: _affix(text, characters, left, right, False)
        yield "strip-set/affixes", lambda: _affix(text, characters, left, right, True)
        yield "strip-set/once", lambda: _once(text, characters, left, right)
        yield "strip-set/trim", lambda: jdk.trimmed(text)

    return offers


def _affix(text: str, affix: str, left: bool, right: bool, repeated: bool) -> str:
    while affix and left and text.startswith(affix):
        text = text[len(affix) :]
        if not repeated:
            break
    while affix and right and text.endswith(affix):
        text = text[: len(text) - len(affix)]
        if not repeated:
            break
    return text


def _once(text: str, characters: str, left: bool, right: bool) -> str:
    if left and text[:1] and text[0] in characters:
        text = text[1:]
    if right and text[-1:] and text[-1] in characters:
        text = text[:-1]
    return text


def _replace(text: str, old: str, new: str, count: int = -1) -> Iterator[Offer]:
    if count < 0:
        yield "replace-by-pattern/pattern", lambda: java_replaced(as_pattern(old), text, new)
        yield "replace-by-pattern/first", lambda: java_replaced(as_pattern(old), text, new, 1)
        yield "replace-count/first", lambda: text.replace(old, new, 1)
    else:
        yield "replace-count/all", lambda: text.replace(old, new)
        yield "replace-count/first", lambda: text.replace(old, new, 1)
        yield "replace-by-pattern/first", lambda: java_replaced(as_pattern(old), text, new, 1)


def _count(text: str, part: str, *_: Any) -> Iterator[Offer]:
    if part:
        yield (
            "count-overlap/overlapping",
            lambda: sum(text.startswith(part, i) for i in range(len(text))),
        )
        yield "count-overlap/split", lambda: len(java_split(re.escape(part), text)) - 1
        yield "split-by-pattern/count", lambda: len(java_split(as_pattern(part), text)) - 1
    else:
        yield "empty-substring/none", lambda: 0
        yield "utf16-length/count", lambda: len(jdk.units(text)) + 1


def _per_char(text: str, change: Callable[[str], str]) -> str:
    """Changes each UTF-16 unit by itself, as Character does: into one character, or not at all."""
    made = []
    for unit in jdk.units(text):
        changed = change(unit)
        made.append(changed if len(changed) == 1 else unit)
    return jdk.of_units(made)


def _case(upper: bool) -> Callable[[str], Iterator[Offer]]:
    def offers(text: str) -> Iterator[Offer]:
        change = str.upper if upper else str.lower
        yield "case-mapping/char", lambda: _per_char(text, change)
        yield "case-mapping/ascii", lambda: re.sub("[A-Za-z]", lambda m: change(m.group()), text)
        if upper:
            yield "case-locale/turkish", lambda: text.replace("i", "\u0130").upper()
        else:
            yield "case-locale/turkish", lambda: text.replace("I", "\u0131").lower()

    return offers


def _casefold(text: str) -> Iterator[Offer]:
    yield "case-mapping/lower", lambda: text.lower()
    yield "case-mapping/lower-upper", lambda: text.upper().lower()
    yield "case-mapping/lower-char", lambda: _per_char(text, str.lower)


def _first_upper(word: str, rest: Callable[[str], str]) -> str:
    parts = jdk.units(word)
    return jdk.of_units([parts[0].upper(), rest(jdk.of_units(parts[1:]))]) if parts else word


def _title(text: str) -> Iterator[Offer]:
    def keep(word: str) -> str:
        return word

    for rest_name, rest in (("lower", str.lower), ("kept", keep)):
        yield (
            "title-case/words-" + rest_name,
            lambda r=rest: " ".join(_first_upper(word, r) for word in text.split(" ")),
        )
        yield (
            "title-case/spaces-" + rest_name,
            lambda r=rest: " ".join(
                _first_upper(word, r) for word in java_split("[ \t\n\x0b\f\r]+", text)
            ),
        )
        yield "title-case/fully-" + rest_name, lambda r=rest: _word_starts(text, r)


def _word_starts(text: str, rest: Callable[[str], str]) -> str:
    """Upper case after white space, as WordUtils does."""
    made, start = [], True
    for character in text:
        made.append(character.upper() if start else rest(character))
        start = jdk.is_java_space(character)
    return "".join(made)


def _capitalize(text: str) -> Iterator[Offer]:
    yield "title-case/first-kept", lambda: _first_upper(text, lambda rest: rest)
    yield "title-case/first-upper", lambda: _first_upper(text, str.lower)
    if not text:
        yield "slice-bounds/capitalize", lambda: substring(text, 0, 1)


def _join(sep: str, items: Any) -> Iterator[Offer]:
    if isinstance(items, str):
        yield "utf16-index/join", lambda: jdk.of_units(_between(sep, jdk.units(items)))
    elif isinstance(items, (list, tuple)):
        if any(not isinstance(one, str) for one in items):
            key = "null-in-text/join" if None in items else "text-of-value/join"
            yield key, lambda: sep.join(map(jdk.text_of, items))
        yield "utf16-index/join", lambda: jdk.of_units([sep.join(items)])


def _between(sep: str, parts: List[str]) -> List[str]:
    return [sep.join(parts)]


def _affixed(name: str) -> Callable[..., Iterator[Offer]]:
    def offers(text: str, affix: Any, *_: Any) -> Iterator[Offer]:
        if isinstance(affix, tuple):
            yield "affix-of-many/first", lambda: bool(affix) and getattr(text, name)(affix[0])

    return offers


def _encode(text: str, encoding: str = "utf-8", errors: str = "strict") -> Iterator[Offer]:
    if errors == "strict":
        yield "encoding-errors/replaced", lambda: text.encode(encoding, "replace")
    for name in _other_charsets(encoding):
        yield "default-charset/" + name, lambda name=name: text.encode(name, "replace")


def _other_charsets(encoding: str) -> List[str]:
    """The usual charsets but for the one that is named."""
    own = codecs.lookup(encoding).name
    return [name for name in ("utf-8", "latin-1", "ascii") if codecs.lookup(name).name != own]


def _padded(name: str) -> Callable[..., Iterator[Offer]]:
    def offers(text: str, width: int, fill: str = " ") -> Iterator[Offer]:
        short = width - len(jdk.units(text))
        if name == "center":
            left, right = max(short, 0) // 2, max(short, 0) - max(short, 0) // 2
            yield "center-rounding/left", lambda: fill * left + text + fill * right
            yield "center-rounding/right", lambda: fill * right + text + fill * left
        elif name == "ljust":
            yield "utf16-length/padded", lambda: text + fill * short
        else:
            yield "utf16-length/padded", lambda: fill * short + text
        if short < 0:
            yield "negative-repeat/padded", lambda: _raise(jdk.illegal("count is negative"))

    return offers


def _zfill(text: str, width: int) -> Iterator[Offer]:
    short = width - len(text)
    yield "zfill-sign/padded", lambda: "0" * short + text
    if short < 0:
        yield "negative-repeat/padded", lambda: _raise(jdk.illegal("count is negative"))


def _partition(text: str, sep: str) -> Iterator[Offer]:
    yield "split-limit/partition", lambda: java_split(re.escape(sep), text, 2)


METHODS: Dict[str, Callable[..., Iterator[Offer]]] = {
    "find": _index("find"),
    "rfind": _index("rfind"),
    "index": _index("index"),
    "rindex": _index("rindex"),
    "split": _split,
    "rsplit": _rsplit,
    "splitlines": _splitlines,
    "strip": _strip(True, True),
    "lstrip": _strip(True, False),
    "rstrip": _strip(False, True),
    "replace": _replace,
    "count": _count,
    "upper": _case(True),
    "lower": _case(False),
    "casefold": _casefold,
    "title": _title,
    "capitalize": _capitalize,
    "join": _join,
    "startswith": _affixed("startswith"),
    "endswith": _affixed("endswith"),
    "encode": _encode,
    "center": _padded("center"),
    "ljust": _padded("ljust"),
    "rjust": _padded("rjust"),
    "zfill": _zfill,
    "partition": _partition,
}


# ---------------------------------------------------------------- classes of characters


def _is_letter(character: str) -> bool:
    return character.isalpha()


CLASSES: Dict[str, List[Tuple[str, Callable[[str], bool]]]] = {
    "isdigit": [
        ("digit", str.isdecimal),
        ("ascii", lambda c: "0" <= c <= "9"),
        ("letter-or-digit", lambda c: c.isalpha() or c.isdecimal()),
    ],
    "isnumeric": [("digit", str.isdecimal), ("ascii", lambda c: "0" <= c <= "9")],
    "isdecimal": [("ascii", lambda c: "0" <= c <= "9"), ("digit", str.isdecimal)],
    "isalpha": [
        ("letter", _is_letter),
        ("ascii", lambda c: "a" <= c <= "z" or "A" <= c <= "Z"),
    ],
    "isalnum": [
        ("letter-or-digit", lambda c: c.isalpha() or c.isdecimal()),
        ("ascii", lambda c: c.isascii() and c.isalnum()),
    ],
    "isspace": [
        ("whitespace", jdk.is_java_space),
        ("ascii", lambda c: c in " \t\n\x0b\f\r"),
        ("trim", lambda c: c <= " "),
    ],
    "isupper": [("upper-case", str.isupper), ("ascii", lambda c: "A" <= c <= "Z")],
    "islower": [("lower-case", str.islower), ("ascii", lambda c: "a" <= c <= "z")],
}


def _classes(name: str, text: str) -> Iterator[Offer]:
    for variant, test in CLASSES[name]:
        cause = "character-class/" + variant
        yield cause, lambda test=test: bool(text) and all(map(test, jdk.units(text)))
        if not text:
            yield "empty-all/" + name, lambda: True
    if name in ("isupper", "islower"):
        other = text.upper() if name == "isupper" else text.lower()
        yield "character-class/compared", lambda: text == other


# ---------------------------------------------------------------- bytes


def _bytes(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    data = args[0] if args else b""
    if name == "decode" and isinstance(data, (bytes, bytearray)):
        encoding = args[1] if len(args) > 1 else kwargs.get("encoding", "utf-8")
        errors = args[2] if len(args) > 2 else kwargs.get("errors", "strict")
        if errors == "strict":
            yield "encoding-errors/replacement", lambda: data.decode(encoding, "replace")
        for name in _other_charsets(encoding):
            yield "default-charset/" + name, lambda name=name: data.decode(name, "replace")
    elif name == "hex" and isinstance(data, (bytes, bytearray)):
        yield from hexed(bytes(data))
