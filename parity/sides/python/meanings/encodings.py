"""JSON, URLs, HTML, base64, paths, digests: the library functions of both languages."""

import base64
import json
import re
from typing import Any, Callable, Dict, Iterator, List, Set, Tuple

from . import jdk

Offer = Tuple[str, Callable[..., Any]]
JSON_FEATURES: Dict[str, Tuple[str, Set[str]]] = {
    "json-non-ascii/raw": ("raw", set()),
    "json-non-ascii/jackson": ("raw", {"compact"}),
    "json-separators/compact": ("compact", set()),
    "json-separators/jackson": ("compact", {"raw"}),
    "json-separators/jackson-double": ("compact", {"raw", "double"}),
    "json-numbers/double": ("double", set()),
    "json-numbers/whole": ("whole", set()),
    "json-numbers/jackson": ("double", {"compact", "raw"}),
    "json-numbers/quoted": ("quoted-nan", {"compact", "raw", "double"}),
    "json-nulls/dropped": ("no-nulls", set()),
    "json-nulls/gson": ("no-nulls", {"compact", "raw"}),
    "json-key-order/sorted": ("sorted", set()),
    "json-key-order/hashed": ("hashed", set()),
    "json-key-order/jackson-sorted": ("sorted", {"compact", "raw"}),
    "json-key-order/jackson-hashed": ("hashed", {"compact", "raw"}),
    "json-escapes/html": ("html", {"compact", "raw"}),
    "json-escapes/none": ("no-escapes", {"raw"}),
    "json-escapes/none-compact": ("no-escapes", {"raw", "compact"}),
    "json-escapes/slash": ("slash", set()),
}
"""By the meaning: the feature that it is about, and those that come with it."""


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """What the usual Java functions give."""
    function = _hexdigest if name.endswith(".hexdigest") else FUNCTIONS.get(name)
    if function is not None:
        try:
            yield from function(*args, **kwargs)
        except TypeError:
            return


def _raise(error: Exception) -> Any:
    raise error


# ---------------------------------------------------------------- JSON


def _dumps(value: Any, **options: Any) -> Iterator[Offer]:
    if options.get("default") or options.get("cls"):
        return
    plain = json_text(value, {"double"}, options), json_text(value, set(), options)
    for key, (feature, more) in JSON_FEATURES.items():
        alone = {feature, "double"} if feature == "quoted-nan" else {feature}
        if json_text(value, alone, options) != plain[feature != "quoted-nan"]:
            features = more | {feature}
            yield key, lambda features=features: json_text(value, features, options)
    if options.get("ensure_ascii", True):
        yield (
            "json-non-ascii/upper",
            lambda: re.sub(
                r"\\u([0-9a-f]{4})",
                lambda m: "\\u" + m.group(1).upper(),
                json.dumps(value, **options),
            ),
        )
    yield "text-of-value/json", lambda: jdk.text_of(value)


def json_text(value: Any, features: Set[str], options: Dict[str, Any]) -> str:
    """A value as JSON as a Java library writes it."""
    item, colon = options.get("separators") or (", ", ": ")
    if "compact" in features:
        item, colon = ",", ":"
    if options.get("indent") is not None:
        return _indented(value, features, options)

    def text(one: Any) -> str:
        if isinstance(one, str):
            return _string(one, features, options)
        if isinstance(one, float):
            return _number(one, features)
        if isinstance(one, dict):
            members = _members(one, features, options)
            return "{%s}" % item.join(
                _string(str(key), features, options) + colon + text(inner) for key, inner in members
            )
        if isinstance(one, (list, tuple)):
            return "[%s]" % item.join(map(text, one))
        return json.dumps(one)

    return text(value)


def _indented(value: Any, features: Set[str], options: Dict[str, Any]) -> str:
    more = dict(options)
    if "raw" in features:
        more["ensure_ascii"] = False
    if "sorted" in features:
        more["sort_keys"] = True
    text = json.dumps(value, **more)
    return text.replace('": ', '" : ') if "compact" in features else text


def _members(
    one: Dict[Any, Any], features: Set[str], options: Dict[str, Any]
) -> List[Tuple[Any, Any]]:
    keys = list(one)
    if "sorted" in features or options.get("sort_keys"):
        keys = sorted(keys, key=lambda key: jdk.sort_key(str(key)))
    elif "hashed" in features:
        keys = jdk.hash_order(keys) or keys
    members = [(key, one[key]) for key in keys]
    return [m for m in members if m[1] is not None] if "no-nulls" in features else members


def _string(text: str, features: Set[str], options: Dict[str, Any]) -> str:
    if "no-escapes" in features:
        return '"%s"' % text
    ascii_only = options.get("ensure_ascii", True) and "raw" not in features
    made = json.dumps(text, ensure_ascii=ascii_only)
    if "html" in features:
        for character in "<>&='":
            made = made.replace(character, "\\u%04x" % ord(character))
    return made.replace("/", "\\/") if "slash" in features else made


def _number(number: float, features: Set[str]) -> str:
    special = number != number or number in (float("inf"), float("-inf"))
    if special and "quoted-nan" in features:
        return '"%s"' % jdk.double_text(number)
    if "whole" in features and not special and number == int(number):
        return str(jdk.saturated(number, 64))
    if "double" in features or "whole" in features:
        return jdk.double_text(number)
    return json.dumps(number)


def _loads(text: Any, **options: Any) -> Iterator[Offer]:
    if options or not isinstance(text, str):
        return
    yield "json-numbers/as-doubles", lambda: json.loads(text, parse_int=float)
    yield "json-numbers/whole-doubles", lambda: json.loads(text, parse_float=_or_whole)
    yield "json-numbers/long", lambda: json.loads(text, parse_int=lambda t: jdk.wrapped(int(t), 64))
    yield (
        "json-key-order/parsed-sorted",
        lambda: json.loads(
            text,
            object_pairs_hook=lambda pairs: dict(sorted(pairs, key=lambda p: jdk.sort_key(p[0]))),
        ),
    )
    yield (
        "json-constants/refused",
        lambda: json.loads(text, parse_constant=lambda name: _raise(jdk.illegal(name))),
    )
    yield (
        "json-duplicates/first",
        lambda: json.loads(text, object_pairs_hook=lambda pairs: dict(pairs[::-1])),
    )


def _or_whole(text: str) -> Any:
    number = float(text)
    return int(number) if number == int(number) else number


# ---------------------------------------------------------------- URLs and HTML


def url_encoded(text: str) -> str:
    """URLEncoder.encode."""
    from urllib.parse import quote_plus

    return quote_plus(text, safe="*").replace("~", "%7E")


def _quote(text: Any, safe: str = "/", *_: Any, **__: Any) -> Iterator[Offer]:
    if isinstance(text, str):
        from urllib.parse import quote

        yield "url-quoting/form", lambda: url_encoded(text)
        yield "url-quoting/form-blank", lambda: url_encoded(text).replace("+", "%20")
        yield "url-quoting/slash", lambda: quote(text, safe="")
        yield "url-quoting/path", lambda: quote(text, safe="/:@!$&'()*+,;=")
        yield "url-quoting/fragment", lambda: quote(text, safe="/:@!$&'()*+,;=?[]#%")


def _quote_plus(text: Any, safe: str = "", *_: Any, **__: Any) -> Iterator[Offer]:
    if isinstance(text, str):
        from urllib.parse import quote

        yield "url-quoting/form", lambda: url_encoded(text)
        yield "url-quoting/blank", lambda: quote(text, safe="")


def _unquote(text: Any, *_: Any, **__: Any) -> Iterator[Offer]:
    if isinstance(text, str):
        from urllib.parse import unquote_plus

        yield "url-quoting/decoded-plus", lambda: unquote_plus(text)
        yield "url-quoting/decoder", lambda: _decoded(text)


def _decoded(text: str) -> str:
    """URLDecoder.decode, which refuses what is no escape."""
    from urllib.parse import unquote_plus

    if re.search("%(?![0-9A-Fa-f]{2})", text):
        raise jdk.illegal("URLDecoder: Illegal hex characters in escape (%) pattern")
    return unquote_plus(text)


def _urlencode(query: Any, *_: Any, **options: Any) -> Iterator[Offer]:
    pairs = list(query.items()) if isinstance(query, dict) else list(query)
    yield (
        "url-quoting/form",
        lambda: "&".join(
            url_encoded(str(key)) + "=" + url_encoded(jdk.text_of(value)) for key, value in pairs
        ),
    )


def _escape(text: Any, quote: bool = True) -> Iterator[Offer]:
    if isinstance(text, str):
        made = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        double = made.replace('"', "&quot;")
        yield "html-quotes/none", lambda: made
        yield "html-quotes/double", lambda: double
        yield "html-quotes/decimal", lambda: double.replace("'", "&#39;")
        yield "html-quotes/named", lambda: double.replace("'", "&apos;")


# ---------------------------------------------------------------- base64


def _b64encode(data: Any, *_: Any, **__: Any) -> Iterator[Offer]:
    plain = base64.b64encode(data)
    yield "base64-alphabet/url", lambda: base64.urlsafe_b64encode(data)
    yield "base64-padding/none", lambda: plain.rstrip(b"=")
    yield "base64-lines/mime", lambda: _mime(plain)


def _encodebytes(data: Any) -> Iterator[Offer]:
    plain = base64.b64encode(data)
    yield "base64-lines/mime", lambda: _mime(plain)
    yield "base64-lines/none", lambda: plain
    yield "base64-lines/newlines", lambda: _mime(plain).replace(b"\r\n", b"\n")


def _mime(plain: bytes) -> bytes:
    """Base64.getMimeEncoder: \\r\\n between lines of 76, none at the end."""
    return b"\r\n".join(plain[i : i + 76] for i in range(0, len(plain), 76))


def _urlsafe(data: Any) -> Iterator[Offer]:
    plain = base64.urlsafe_b64encode(data)
    yield "base64-padding/none", lambda: plain.rstrip(b"=")
    yield "base64-alphabet/basic", lambda: base64.b64encode(data)


def _b64decode(data: Any, *_: Any, **__: Any) -> Iterator[Offer]:
    raw = data.encode("latin-1") if isinstance(data, str) else bytes(data)
    if re.search(rb"[^A-Za-z0-9+/=]", raw):
        yield "base64-strict/throws", lambda: _raise(jdk.illegal("Illegal base64 character"))
    unpadded = raw.rstrip(b"=")
    if len(unpadded) % 4 != 1:
        yield (
            "base64-strict/unpadded",
            lambda: base64.b64decode(unpadded + b"=" * (-len(unpadded) % 4)),
        )


# ---------------------------------------------------------------- paths


def _join(first: Any, *rest: Any) -> Iterator[Offer]:
    parts = [first, *rest]
    if not all(isinstance(one, str) for one in parts):
        return
    yield "path-joining/concatenated", lambda: "/".join(parts)
    yield "path-joining/nio", lambda: _path("/".join(one for one in parts if one))
    yield "path-joining/resolved", lambda: _resolved(parts)


def _path(text: str) -> str:
    """Path.of(text).toString()."""
    text = re.sub("/+", "/", text)
    return text[:-1] if len(text) > 1 and text.endswith("/") else text


def _resolved(parts: List[str]) -> str:
    path = ""
    for part in parts:
        if part.startswith("/") or not path:
            path = part
        elif part:
            path = path.rstrip("/") + "/" + part if path != "/" else "/" + part
    return _path(path)


def _splitext(path: Any) -> Iterator[Offer]:
    if not isinstance(path, str):
        return
    yield "path-suffix/last-dot", lambda: _at(path, path.rfind("."))
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    yield "path-suffix/name-dot", lambda: _at(path, len(path) - len(name) + dot if dot >= 0 else -1)
    first = path.find(".")
    yield "path-suffix/first-dot", lambda: _at(path, first)


def _at(text: str, index: int) -> Tuple[str, str]:
    return (text, "") if index < 0 else (text[:index], text[index:])


def _basename(path: Any) -> Iterator[Offer]:
    if isinstance(path, str):
        yield "path-name/nio", lambda: _path(path).rpartition("/")[2]
        yield "path-name/last-slash", lambda: path[path.rfind("/") + 1 :]


def _dirname(path: Any) -> Iterator[Offer]:
    if isinstance(path, str):
        parent = _path(path).rpartition("/")
        yield "path-name/nio-parent", lambda: (parent[0] or parent[1]) if parent[1] else None
        yield "path-name/before-slash", lambda: path[: max(path.rfind("/"), 0)]


def _normpath(path: Any) -> Iterator[Offer]:
    if isinstance(path, str):
        yield "path-name/not-normalised", lambda: path
        yield "path-name/nio-path", lambda: _path(path)
        import posixpath

        yield "path-name/nio-normalised", lambda: _without_dot(posixpath.normpath(path))


def _without_dot(text: str) -> str:
    return "" if text == "." else text


# ---------------------------------------------------------------- hashes


def _hash(value: Any, *_: Any) -> Iterator[Offer]:
    code = jdk.hash_of(value)
    if code is not None:
        yield "hash-function/hash-code", lambda: code


def _checksum(name: str) -> Callable[..., Iterator[Offer]]:
    def offers(data: Any, *start: int) -> Iterator[Offer]:
        import zlib

        call: Any = getattr(zlib, name)
        if isinstance(data, (bytes, bytearray)):
            yield "int-overflow/checksum", lambda: jdk.wrapped(call(data, *start), 32)
            yield from _hash_codes(data)

    return offers


def _hash_codes(data: Any) -> Iterator[Offer]:
    text = bytes(data).decode("utf-8", "replace")
    yield "hash-function/string", lambda: jdk.string_hash(text)
    result = 1
    for one in data:
        result = (31 * result + jdk.wrapped(one, 8)) & 0xFFFFFFFF
    array = jdk.wrapped(result, 32)
    yield "hash-function/arrays", lambda: array


def hexed(data: bytes) -> Iterator[Offer]:
    """The texts that Java's ways to write bytes in hexadecimal digits give."""
    yield "signed-bytes/hex", lambda: "".join(_digits(one, 0xFFFFFF00) for one in data)
    yield "signed-bytes/big", lambda: format(int.from_bytes(data, "big", signed=True), "x")
    yield "radix-prefix/bytes-upper", lambda: data.hex().upper()
    yield "zero-padding/hex", lambda: "".join(format(one, "x") for one in data)
    yield "zero-padding/big", lambda: format(int.from_bytes(data, "big"), "x")


def _digits(one: int, sign: int) -> str:
    return format(one if one < 128 else one | sign, "x")


def _hexdigest(digest: Any, *length: int) -> Iterator[Offer]:
    yield from hexed(bytes.fromhex(digest.hexdigest(*length)))


def _from_bytes(*args: Any, **options: Any) -> Iterator[Offer]:
    data = next((one for one in args if isinstance(one, (bytes, bytearray, list))), None)
    if data is None:
        return
    named = [one for one in args if isinstance(one, str)]
    order: Any = options.get("byteorder") or (named[0] if named else "big")
    signed = options.get("signed", False)
    yield "signed-bytes/number", lambda: int.from_bytes(data, order, signed=not signed)
    other: Any = "little" if order == "big" else "big"
    yield "byte-order/other", lambda: int.from_bytes(data, other, signed=signed)
    yield "byte-order/other-signed", lambda: int.from_bytes(data, other, signed=not signed)


FUNCTIONS: Dict[str, Callable[..., Iterator[Offer]]] = {
    "json.dumps": _dumps,
    "json.loads": _loads,
    "urllib.parse.quote": _quote,
    "urllib.parse.quote_plus": _quote_plus,
    "urllib.parse.unquote": _unquote,
    "urllib.parse.urlencode": _urlencode,
    "html.escape": _escape,
    "base64.b64encode": _b64encode,
    "base64.standard_b64encode": _b64encode,
    "base64.encodebytes": _encodebytes,
    "base64.urlsafe_b64encode": _urlsafe,
    "base64.b64decode": _b64decode,
    "posixpath.join": _join,
    "posixpath.splitext": _splitext,
    "posixpath.basename": _basename,
    "posixpath.dirname": _dirname,
    "posixpath.normpath": _normpath,
    "builtins.hash": _hash,
    "zlib.crc32": _checksum("crc32"),
    "zlib.adler32": _checksum("adler32"),
    "binascii.crc32": _checksum("crc32"),
    "int.from_bytes": _from_bytes,
}
