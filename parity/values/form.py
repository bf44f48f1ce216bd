"""Python values to fixture form and back, in any Python from 3.8 on.

This file is also loaded, by its path, into the project's own interpreter, where `parity` is
not installed: it imports the standard library only and nothing of `parity`.
"""

import base64
import collections
import datetime
import decimal
import enum
import json
import math
import re
import uuid
import weakref
from collections.abc import MappingView
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

SAFE_INT = 2**53
MAX_NODES = 2_000_000
MAX_DEPTH = 1_000
RECURSION = 20 * MAX_DEPTH  # values are walked by recursion, some frames for each level
NO_PLACE = "[*]"  # in a path: an element of a set, or a key
SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def _is_ascii(text: str) -> bool:
    return max(text, default="") < "\x80"


is_ascii = getattr(str, "isascii", _is_ascii)  # not before Python 3.7

Form = Any
"""A JSON document in fixture form (docs/fixtures.md)."""


class FormError(ValueError):
    """Text in fixture form that says nothing: unknown tag, wrong payload, unknown class."""


class Formless(Exception):
    """A value that has no fixture form; `path` says which part of it, `why` the reason."""

    def __init__(self, path: str, kind: str, why: str) -> None:
        super().__init__("%s: %s (%s)" % (path, why, kind))
        self.path = path
        self.kind = kind
        self.why = why


def member(path: str, key: str) -> str:
    """The normalised JSONPath (RFC 9535) of a member of an object at `path`."""
    if PLAIN_NAME.match(key):
        return "%s.%s" % (path, key)
    return "%s['%s']" % (path, UNSAFE_IN_NAME.sub(_escaped, key))


PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
UNSAFE_IN_NAME = re.compile("[\x00-\x1f'\\\\\ud800-\udfff]")
ESCAPES = {"\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r", "'": "'", "\\": "\\"}


def _escaped(found: "re.Match[str]") -> str:
    character = found.group()
    return "\\" + ESCAPES.get(character, "u%04x" % ord(character))


def element(path: str, index: int) -> str:
    """The normalised JSONPath of an element of an array at `path`."""
    return "%s[%d]" % (path, index)


def dumps(form: Form) -> str:
    """The canonical text of a form: ASCII, no spaces; equal text is equal value."""
    return "".join(_encode(form, 0))


def _encoder() -> Callable[[Any, int], Iterable[str]]:
    """One encoder for all calls: making it takes longer than a short text does."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        encoder = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False)
        return lambda form, _: encoder.iterencode(form)
    escaped = json.encoder.encode_basestring_ascii
    return make(None, _refuse, escaped, None, ":", ",", False, False, False)  # type: ignore


def _refuse(part: Any) -> Any:
    raise TypeError("%s is no part of a form" % type(part).__name__)


_encode = _encoder()
LEAVES = frozenset({type(None), bool, float, str})
NUMBERS = LEAVES | {int}
TAGGED = re.compile(r'"\$(?:[^"\\]|\\.)*":')  # a key that a reader would take for a tag
ZERO = re.compile(r"-0\.0(?![0-9])")


def plain_text(value: Any) -> Optional[str]:
    """The canonical text of a value that is its own form, quickly; None where `write` must say."""
    kind = type(value)
    if kind is dict or kind is list:
        if not (kind is dict and is_flat(value)) and not is_plain(value):
            return None
    elif kind not in NUMBERS or (kind is int and not -SAFE_INT <= value <= SAFE_INT):
        return None
    try:
        text = dumps(value)
        # Halves of a character that stand together become that character: unequal when read back.
        if "\\" in text and "\\ud" in text and json.loads(text) != value:
            return None
    except (ValueError, RecursionError):
        return None
    if "$" in text and '"$' in text and TAGGED.search(text):
        return None
    if "-0" in text and "-0.0" in text and ZERO.search(text):
        return None
    return text


def is_flat(value: Dict[Any, Any]) -> bool:
    """Whether a dict is plain and holds no other container: sooner seen than by `is_plain`."""
    for key, item in value.items():
        kind = type(item)
        if kind is int:
            if not -SAFE_INT <= item <= SAFE_INT:
                return False
        elif kind not in LEAVES:
            return False
        if type(key) is not str:
            return False
    return True


def is_plain(value: Any) -> bool:
    """Whether a list or dict is JSON all the way down, within the bounds of the Writer.

    Written out twice, since it takes as long as the encoder in C does.
    """
    level = [value]
    nodes = 1
    for _ in range(MAX_DEPTH + 1):
        below = []  # type: List[Any]
        for container in level:
            if type(container) is dict:
                for key, item in container.items():
                    if type(key) is not str:
                        return False
                    kind = type(item)
                    if kind in LEAVES:
                        continue
                    if kind is dict or kind is list:
                        below.append(item)
                    elif kind is not int or not -SAFE_INT <= item <= SAFE_INT:
                        return False
            elif len(container) <= MANY or not LEAVES.issuperset(map(type, container)):
                for item in container:
                    kind = type(item)
                    if kind in LEAVES:
                        continue
                    if kind is dict or kind is list:
                        below.append(item)
                    elif kind is not int or not -SAFE_INT <= item <= SAFE_INT:
                        return False
        if not below:
            return True
        nodes += len(below)
        if nodes > MAX_NODES:
            return False
        level = below
    return False


MANY = 16  # from there on, asking for all types at once is quicker than for one after the other


# ---------------------------------------------------------------- writing


def arguments(signature: Any, args: Any, kwargs: Any) -> List[Any]:
    """The arguments of a call in the order of its signature, defaults applied.

    Starred ones stand one by one; those by any name are one dict, where there are any. Raises
    TypeError where the signature takes no such call.
    """
    if signature is None:
        return [*args, *([kwargs] if kwargs else [])]
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    given = []  # type: List[Any]
    for name, parameter in signature.parameters.items():
        value = bound.arguments[name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            given += value
        elif parameter.kind is not parameter.VAR_KEYWORD or value:
            given.append(value)
    return given


def write(value: Any, path: str = "$", exact: bool = False, aliases: bool = False) -> Form:
    """The fixture form of `value`.

    `exact` refuses instances of subclasses of built-in types, which reading could not give back.
    `aliases` writes the second occurrence of a mutable object as `$ref`; otherwise only a cycle is.
    Raises Formless for what has no form.
    """
    return Writer(exact=exact, aliases=aliases).write(value, path)


class Writer:
    """Writes several roots of one call, so that a reference may point from one into another."""

    port_of = None  # type: Optional[Callable[[Any], Optional[str]]]
    """The name of the port that a value stands for, or None; set where there are ports."""

    drains = True
    """Whether an iterator is written by its items, which uses it up; set where that does harm."""

    def __init__(self, exact: bool = False, aliases: bool = False, max_items: int = 10_000) -> None:
        self.exact = exact
        self.aliases = aliases
        self.max_items = max_items
        self.nodes = 0
        self.depth = 0
        self.paths = {}  # type: Dict[int, str]
        self.kept = []  # type: List[Any]

    def write(self, value: Any, path: str) -> Form:
        """The form of `value`, whose place is `path`."""
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return self._text(value, path)
        if kind is int:
            return value if -SAFE_INT <= value <= SAFE_INT else {"$int": decimal_digits(value)}
        if kind is float:
            return write_float(value)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Formless(path, kind.__name__, "it is larger than %d parts" % MAX_NODES)
        scalar = SCALARS.get(kind)
        if scalar is not None:
            return scalar(value)
        return self._write_shared(value, kind, path)

    def _text(self, value: str, path: str) -> str:
        if not is_ascii(value) and SURROGATE_PAIR.search(value):
            why = "it holds the two halves of one character, which JSON reads as that character"
            raise Formless(path, "str", why)
        return value

    def _write_shared(self, value: Any, kind: type, path: str) -> Form:
        if self.port_of is not None:
            port = self.port_of(value)
            if port is not None:
                return {"$port": port}
        identity = id(value)
        seen = self.paths.get(identity)
        if seen is not None:
            return self._reference(seen, kind, path)
        if self.depth > MAX_DEPTH:
            raise Formless("$", kind.__name__, "it is nested deeper than %d" % MAX_DEPTH)
        shared = self.aliases and not isinstance(value, (tuple, frozenset, enum.Enum))
        self.paths[identity] = path
        self.kept.append(value)
        self.depth += 1
        try:
            return self._write_container(value, kind, path)
        except RecursionError:
            raise Formless("$", kind.__name__, "it is nested too deep") from None
        finally:
            self.depth -= 1
            if not shared:
                del self.paths[identity]

    def _reference(self, seen: str, kind: type, path: str) -> Form:
        if issubclass(kind, (tuple, frozenset)):
            raise Formless(path, kind.__name__, "it contains itself")
        if NO_PLACE in seen and self.aliases:
            raise Formless(path, kind.__name__, "it is an element of a set or a key elsewhere")
        return {"$ref": seen}

    def _write_container(self, value: Any, kind: type, path: str) -> Form:
        if kind is list:
            return self._items(value, path)
        if kind is dict:
            return self._dict(value, path)
        if kind is tuple:
            return {"$tuple": self._items(value, path)}
        if kind is set:
            return {"$set": self._sorted(value, path)}
        if kind is frozenset:
            return {"$frozenset": self._sorted(value, path)}
        return self._write_other(value, kind, path)

    def _write_other(self, value: Any, kind: type, path: str) -> Form:
        if kind in PROXIES:
            if self.exact:
                raise Formless(path, kind.__name__, HOLDS)
            return self.write(_referent(value, kind, path), path)
        if isinstance(value, enum.Enum):
            return self._enum(value, kind, path)
        if isinstance(value, tuple) and hasattr(kind, "_fields"):
            return self._object(kind, dict(zip(kind._fields, value)), path)
        for base, plain in BASES:
            if isinstance(value, base):
                if self.exact:
                    why = "it is a subclass of %s" % base.__name__
                    raise Formless(path, kind.__name__, HOLDS if kind is base else why)
                return self.write(plain(value), path)
        if isinstance(value, Iterator):
            return self._drain(value, kind, path)
        fields = fields_of(value)
        if fields is None:
            raise Formless(path, kind.__name__, "it has no fields that could be written")
        return self._object(kind, fields, path)

    def _items(self, values: Any, path: str) -> List[Form]:
        write = self.write
        return [write(item, "%s[%d]" % (path, index)) for index, item in enumerate(values)]

    def _sorted(self, values: Any, path: str) -> List[Form]:
        return sorted((self.write(item, path + NO_PLACE) for item in values), key=dumps)

    def _dict(self, value: Dict[Any, Any], path: str) -> Form:
        plain = all(type(key) is str and not key.startswith("$") for key in value)
        if plain:
            return {
                self._text(key, path): self.write(item, member(path, key))
                for key, item in value.items()
            }
        pairs = []
        for key, item in value.items():
            written = self.write(key, path + NO_PLACE)
            place = member(path, key) if type(key) is str else "%s[%s]" % (path, dumps(written))
            pairs.append([written, self.write(item, place)])
        return {"$dict": pairs}

    def _enum(self, value: enum.Enum, kind: type, path: str) -> Form:
        if value.name is None or value.name not in kind.__members__:  # type: ignore[attr-defined]
            raise Formless(path, kind.__name__, "it is a combination of flags without a name")
        return {"$enum": [self._class_name(kind, path), value.name]}

    def _object(self, kind: type, fields: Mapping[str, Any], path: str) -> Form:
        forms = {name: self.write(item, member(path, name)) for name, item in fields.items()}
        return {"$object": [self._class_name(kind, path), forms]}

    def _class_name(self, kind: type, path: str) -> str:
        if self.exact and "<locals>" in kind.__qualname__:
            raise Formless(path, kind.__name__, "its class is local to a function")
        return "%s:%s" % (kind.__module__, kind.__qualname__)

    def _drain(self, value: Any, kind: type, path: str) -> Form:
        if self.exact or not self.drains:
            raise Formless(path, kind.__name__, "an iterator cannot be read again")
        items = []  # type: List[Any]
        for item in value:
            if len(items) == self.max_items:
                why = "it gives more than %d items (max_items)" % self.max_items
                raise Formless(path, kind.__name__, why)
            items.append(item)
        return self._items(items, path)


def decimal_digits(number: int) -> str:
    """All digits of a whole number, past the limit that newer Pythons put on `str`."""
    if -(10**4000) < number < 10**4000:
        return str(number)
    sign, rest = ("-", -number) if number < 0 else ("", number)
    chunks = []
    base = 10**4000
    while rest >= base:
        rest, low = divmod(rest, base)
        chunks.append(str(low).zfill(4000))
    return sign + str(rest) + "".join(reversed(chunks))


def from_digits(text: str) -> int:
    """The whole number that `text` spells, of any length."""
    if not re.match(r"-?[0-9]+\Z", text):
        raise FormError("`$int` holds %r, which is no whole number" % text[:40])
    if len(text) <= 4000:
        return int(text)
    digits = text.lstrip("-")
    number = 0
    for start in range(0, len(digits), 4000):
        chunk = digits[start : start + 4000]
        number = number * 10 ** len(chunk) + int(chunk)
    return -number if text.startswith("-") else number


def write_float(value: float) -> Form:
    """A float as a JSON number, or as `$float` where JSON has none."""
    if value == value and not math.isinf(value) and (value or math.copysign(1, value) > 0):
        return value
    return {"$float": "-0.0" if value == 0 else repr(value)}


def write_decimal(value: decimal.Decimal) -> Form:
    """A Decimal with its scale."""
    return {"$decimal": str(value)}


def write_datetime(value: datetime.datetime) -> Form:
    """A datetime in RFC 9557: zone in brackets, fold where it is set."""
    return {"$datetime": _clock(value.replace(fold=0), value)}


def write_time(value: datetime.time) -> Form:
    """A time of day."""
    return {"$time": _clock(value.replace(fold=0), value)}


def _clock(plain: Any, value: Any) -> str:
    zone = getattr(value.tzinfo, "key", None)
    text = str(plain.replace(tzinfo=None).isoformat())
    offset = value.utcoffset()
    if value.tzinfo is not None and offset is None and zone is None:
        raise Formless("$", type(value).__name__, "its zone gives no offset")
    text += "" if offset is None else _offset(offset)
    text += "[%s]" % zone if zone else ""
    return text + ("[_fold=1]" if value.fold else "")


def _offset(offset: datetime.timedelta) -> str:
    micros = offset // datetime.timedelta(microseconds=1)
    sign, micros = ("-", -micros) if micros < 0 else ("+", micros)
    minutes, rest = divmod(micros, 60_000_000)
    text = "%s%02d:%02d" % ((sign,) + divmod(minutes, 60))
    if not rest:
        return text
    seconds, micros = divmod(rest, 1_000_000)
    return text + ":%02d" % seconds + (".%06d" % micros if micros else "")


def write_timedelta(value: datetime.timedelta) -> Form:
    """A duration as seconds, the shortest decimal that is exact."""
    micros = value // datetime.timedelta(microseconds=1)
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    seconds, rest = divmod(micros, 1_000_000)
    fraction = (".%06d" % rest).rstrip("0") if rest else ""
    return {"$timedelta": "%s%d%s" % (sign, seconds, fraction)}


def fields_of(value: Any) -> Optional[Dict[str, Any]]:
    """The instance state of `value`: slots of all its bases, then its `__dict__`."""
    kind = type(value)
    if isinstance(value, type) or callable(value) or kind.__module__ == "builtins":
        return None
    fields = {}  # type: Dict[str, Any]
    found = hasattr(value, "__dict__")
    for base in reversed(kind.__mro__):
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            found = True
            if name in ("__dict__", "__weakref__"):
                continue
            private = name.startswith("__") and not name.endswith("__")
            actual = "_%s%s" % (base.__name__.lstrip("_"), name) if private else name
            if hasattr(value, actual):
                fields[actual] = getattr(value, actual)
    if not found:
        return None
    if isinstance(value, BaseException):
        fields["args"] = value.args
    fields.update(getattr(value, "__dict__", {}))
    return fields


def _referent(proxy: Any, kind: type, path: str) -> Any:
    """What a weak proxy stands for: it answers for that in all but its type."""
    try:
        return proxy.__repr__.__self__
    except (AttributeError, ReferenceError):
        raise Formless(path, kind.__name__, "what it refers to is gone") from None


HOLDS = "only what it holds has a form"
PROXIES = (weakref.ProxyType, weakref.CallableProxyType)

SCALARS = {
    bytes: lambda value: {"$bytes": base64.b64encode(value).decode("ascii")},
    decimal.Decimal: write_decimal,
    datetime.datetime: write_datetime,
    datetime.date: lambda value: {"$date": value.isoformat()},
    datetime.time: write_time,
    datetime.timedelta: write_timedelta,
    uuid.UUID: lambda value: {"$uuid": str(value)},
}  # type: Dict[type, Callable[[Any], Form]]

# What a subclass is written as, where only its value counts.
BASES = [
    (bool, bool),
    (int, int.__int__),
    (float, float.__float__),
    (str, lambda value: str.__str__(value)),
    (bytes, lambda value: bytes.__getitem__(value, slice(None))),
    (bytearray, bytes),
    (memoryview, bytes),
    (dict, lambda value: dict(dict.items(value))),
    (list, lambda value: list(list.__iter__(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
    (set, lambda value: set(set.__iter__(value))),
    (decimal.Decimal, decimal.Decimal),
    (uuid.UUID, lambda value: uuid.UUID(int=value.int)),
    (
        datetime.datetime,
        lambda v: datetime.datetime(
            v.year, v.month, v.day, v.hour, v.minute, v.second, v.microsecond, v.tzinfo, fold=v.fold
        ),
    ),
    (datetime.date, lambda v: datetime.date(v.year, v.month, v.day)),
    (datetime.timedelta, lambda v: datetime.timedelta(v.days, v.seconds, v.microseconds)),
    (type({}.keys()), list),
    (type({}.values()), list),
    (type({}.items()), list),
    (range, list),
    (collections.deque, list),
    (MappingView, list),
]  # type: List[Tuple[Any, Any]]


# ---------------------------------------------------------------- reading

Resolver = Callable[[str], type]
"""Gives the class that `module:qualname` names, or raises FormError where it may not be used."""


def refuse_classes(name: str) -> type:
    """A resolver for readers that build no instances."""
    raise FormError("`%s` may not be built here" % name)


def read(form: Form, resolve: Resolver = refuse_classes, path: str = "$") -> Any:
    """The Python value of a form. Raises FormError where the form says nothing."""
    return Reader(resolve).read(form, path)


class Reader:
    """Reads several roots of one call; `$ref` may point from one into another."""

    def __init__(
        self, resolve: Resolver = refuse_classes, stand_in: Optional[Callable[[str], Any]] = None
    ) -> None:
        """`stand_in` gives what stands for a port by its name, where there are ports."""
        self.resolve = resolve
        self.stand_in = stand_in
        self.made = {}  # type: Dict[str, Any]

    def read(self, form: Form, path: str) -> Any:
        """The value of `form`, whose place is `path`."""
        kind = type(form)
        if kind is list:
            made = []  # type: List[Any]
            self.made[path] = made
            for index, item in enumerate(form):
                made.append(self.read(item, "%s[%d]" % (path, index)))
            return made
        if kind is not dict:
            return form
        tag, payload = tag_of(form)
        if tag is None:
            mapping = {}  # type: Dict[Any, Any]
            self.made[path] = mapping
            for key, item in form.items():
                mapping[key] = self.read(item, member(path, key))
            return mapping
        return self._tagged(tag, payload, path)

    def _tagged(self, tag: str, payload: Any, path: str) -> Any:
        if tag == "$ref":
            if payload not in self.made:
                raise FormError("`$ref` to %r, which does not come before %s" % (payload, path))
            return self.made[payload]
        if tag == "$port":
            if self.stand_in is None:
                raise FormError("there is no port here for `$port` %s" % dumps(payload)[:80])
            return self.stand_in(expect(payload, str, tag))
        if tag in TEXT_TAGS:
            return TEXT_TAGS[tag](expect(payload, str, tag))
        if tag == "$enum":
            return self._member(*class_and(payload, str, tag))
        if tag == "$object":
            return self._object(path, *class_and(payload, dict, tag))
        items = expect(payload, list, tag)
        if tag == "$dict":
            return self._pairs(items, path)
        if tag == "$set":
            made = set()  # type: Any
            self.made[path] = made
            made.update(self.read(item, path + NO_PLACE) for item in items)
            return made
        if tag == "$frozenset":
            return frozenset([self.read(item, path + NO_PLACE) for item in items])
        return tuple([self.read(item, element(path, index)) for index, item in enumerate(items)])

    def _pairs(self, items: List[Any], path: str) -> Any:
        made = {}  # type: Dict[Any, Any]
        self.made[path] = made
        for pair in items:
            if type(pair) is not list or len(pair) != 2:
                raise FormError("`$dict` holds pairs, not %s" % dumps(pair)[:80])
            key = self.read(pair[0], path + NO_PLACE)
            place = member(path, key) if type(key) is str else "%s[%s]" % (path, dumps(pair[0]))
            if key in made:
                raise FormError("`$dict` has the key %s twice" % dumps(pair[0])[:80])
            made[key] = self.read(pair[1], place)
        return made

    def _member(self, name: str, constant: str) -> Any:
        kind = self.resolve(name)
        if not isinstance(kind, enum.EnumMeta):
            raise FormError("`$enum` names %s, which is no Enum" % name)
        if constant not in kind.__members__:
            raise FormError("%s has no member %r" % (name, constant))
        return kind.__members__[constant]

    def _object(self, path: str, name: str, fields: Dict[str, Any]) -> Any:
        kind = self.resolve(name)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            names = list(kind._fields)
            if sorted(fields) != sorted(names):
                raise FormError("%s has the fields %s, not %s" % (name, names, sorted(fields)))
            values = [self.read(fields[one], member(path, one)) for one in names]
            return tuple.__new__(kind, values)
        return self._instance(path, kind, name, fields)

    def _instance(self, path: str, kind: type, name: str, fields: Dict[str, Any]) -> Any:
        try:
            new = kind.__new__  # type: Any
            made = new(kind)
        except TypeError as error:
            raise FormError(
                "%s cannot be built without its arguments: %s" % (name, error)
            ) from None
        self.made[path] = made
        for field, item in fields.items():
            value = self.read(item, member(path, field))
            try:
                object.__setattr__(made, field, value)
            except (AttributeError, TypeError):
                if isinstance(made, BaseException):
                    BaseException.__setattr__(made, field, value)
                    continue
                raise FormError("%s has no field %r" % (name, field)) from None
        return made


def tag_of(form: Dict[str, Any]) -> Tuple[Optional[str], Any]:
    """The tag and payload of a tagged object, or (None, None) for a plain one."""
    if len(form) == 1:
        ((key, payload),) = form.items()
        if key.startswith("$"):
            if key not in TAGS:
                raise FormError("unknown tag `%s`" % key)
            return key, payload
    for key in form:
        if key.startswith("$"):
            raise FormError("the key `%s` starts with `$`: write the dict as `$dict`" % key)
    return None, None


def expect(payload: Any, kind: type, tag: str) -> Any:
    """The payload, if it is of the kind that the tag needs."""
    if type(payload) is not kind:
        raise FormError("`%s` holds %s, not %s" % (tag, JSON_NAMES[kind], dumps(payload)[:80]))
    return payload


def class_and(payload: Any, kind: type, tag: str) -> Tuple[str, Any]:
    """The class name and the second part of an `$enum` or `$object`."""
    if type(payload) is not list or len(payload) != 2 or type(payload[0]) is not str:
        raise FormError('`%s` holds ["module:Class", ...], not %s' % (tag, dumps(payload)[:80]))
    return payload[0], expect(payload[1], kind, tag)


def read_float(text: str) -> float:
    """One of the four floats that JSON cannot say."""
    if text not in ("nan", "inf", "-inf", "-0.0"):
        raise FormError("`$float` holds nan, inf, -inf or -0.0, not %r" % text[:40])
    return float(text)


def read_bytes(text: str) -> bytes:
    """Bytes from base64, strictly."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise FormError("`$bytes` is no base64: %s" % error) from None


def read_decimal(text: str) -> decimal.Decimal:
    """A Decimal with the scale as written."""
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        raise FormError("`$decimal` holds %r, which is no decimal number" % text[:40]) from None


CLOCK = re.compile(
    r"^(?P<plain>[0-9T:.\-]*?)(?P<offset>Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{6})?)?)?"
    r"(\[(?P<zone>[A-Za-z][A-Za-z0-9_+\-/]*)\])?(?P<fold>\[_fold=1\])?\Z"
)
DATETIME = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?\Z")
TIME = re.compile(r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?\Z")


def read_datetime(text: str) -> datetime.datetime:
    """A datetime from RFC 9557 text."""
    plain, zone, fold, offset = _split_clock("$datetime", text, DATETIME)
    parsed = _parse(datetime.datetime, "$datetime", plain)
    assert isinstance(parsed, datetime.datetime)
    made = parsed.replace(tzinfo=zone, fold=fold)
    if offset is not None and made.utcoffset() != offset:
        raise FormError("`$datetime` %s: that zone has another offset then" % text)
    return made


def read_time(text: str) -> datetime.time:
    """A time of day, with its offset where it has one."""
    plain, zone, fold, _ = _split_clock("$time", text, TIME)
    made = _parse(datetime.time, "$time", plain)
    assert isinstance(made, datetime.time)
    return made.replace(tzinfo=zone, fold=fold)


def _split_clock(
    tag: str, text: str, shape: "re.Pattern[str]"
) -> Tuple[str, Optional[datetime.tzinfo], int, Optional[datetime.timedelta]]:
    # The first minus that could start an offset belongs to the date: cut there by hand.
    start = text.find("T") + 1 if tag == "$datetime" else 0
    found = CLOCK.match(text[start:])
    if found is None or not shape.match(text[:start] + found.group("plain")):
        raise FormError("`%s` holds %r, which RFC 9557 does not read" % (tag, text[:60]))
    offset = _read_offset(found.group("offset"))
    zone = None if offset is None else datetime.timezone(offset)  # type: Optional[datetime.tzinfo]
    if found.group("zone"):
        zone = _zone(found.group("zone"))
    return text[:start] + found.group("plain"), zone, 1 if found.group("fold") else 0, offset


def _read_offset(text: Optional[str]) -> Optional[datetime.timedelta]:
    if not text or text == "Z":
        return datetime.timedelta(0) if text else None
    hours, minutes = int(text[1:3]), int(text[4:6])
    seconds = float(text[7:]) if len(text) > 6 else 0.0
    offset = datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if text[0] == "-" else offset


def _zone(name: str) -> datetime.tzinfo:
    try:
        from zoneinfo import ZoneInfo  # not before 3.9
    except ImportError:
        raise FormError("time zones need Python 3.9 or newer") from None
    try:
        return ZoneInfo(name)
    except Exception:
        raise FormError("unknown time zone %r" % name) from None


def _parse(kind: Any, tag: str, text: str) -> Any:
    head, dot, fraction = text.partition(".")
    try:
        made = _from_iso(kind, head)
        return made.replace(microsecond=int(fraction.ljust(6, "0"))) if dot else made
    except ValueError as error:
        raise FormError("`%s` %r: %s" % (tag, text, error)) from None


def _from_iso(kind: Any, text: str) -> Any:
    """`kind.fromisoformat`, before Python 3.7 too."""
    if hasattr(kind, "fromisoformat"):
        return kind.fromisoformat(text)
    if kind is datetime.time:
        return datetime.datetime.strptime(text, "%H:%M:%S").time()
    if kind is datetime.date:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")


def read_date(text: str) -> datetime.date:
    """A calendar date."""
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", text):
        raise FormError("`$date` holds %r, which is no date" % text[:40])
    made = _parse(datetime.date, "$date", text)
    assert isinstance(made, datetime.date)
    return made


def read_timedelta(text: str) -> datetime.timedelta:
    """A duration of exact seconds."""
    found = re.match(r"(-?)([0-9]+)(?:\.([0-9]{1,6}))?\Z", text)
    if found is None:
        raise FormError("`$timedelta` holds %r, which is no number of seconds" % text[:40])
    micros = int(found.group(2)) * 1_000_000 + int((found.group(3) or "").ljust(6, "0"))
    try:
        return datetime.timedelta(microseconds=-micros if found.group(1) else micros)
    except OverflowError:
        raise FormError("`$timedelta` %s is out of range" % text) from None


def read_uuid(text: str) -> uuid.UUID:
    """A UUID in its usual text form."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise FormError("`$uuid` holds %r, which is no UUID" % text[:60]) from None


TEXT_TAGS = {
    "$int": from_digits,
    "$float": read_float,
    "$bytes": read_bytes,
    "$decimal": read_decimal,
    "$datetime": read_datetime,
    "$date": read_date,
    "$time": read_time,
    "$timedelta": read_timedelta,
    "$uuid": read_uuid,
}  # type: Dict[str, Callable[[str], Any]]
LIST_TAGS = ("$tuple", "$set", "$frozenset", "$dict")
TAGS = frozenset(TEXT_TAGS) | frozenset(LIST_TAGS) | {"$enum", "$object", "$port", "$ref"}
JSON_NAMES = {str: "a string", list: "an array", dict: "an object"}  # type: Dict[type, str]
