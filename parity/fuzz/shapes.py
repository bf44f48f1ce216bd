"""What values a parameter takes: as java declares, as python annotates, as fixtures show it."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parity.model import Form
from parity.values.form import dumps

LONG_LOW, LONG_HIGH = -(2**63), 2**63 - 1
EXACT = 2**53
"""Whole numbers up to this are doubles."""
RECORD_KEYS = 24
WHOLE: Final[Mapping[str, tuple[int, int]]] = {
    "byte": (-128, 127),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (LONG_LOW, LONG_HIGH),
}
BOXES: Final = {"Byte": "byte", "Short": "short", "Integer": "int", "Long": "long"}
SCALARS: Final = {
    "String": "str",
    "CharSequence": "str",
    "byte[]": "bytes",
    "ByteBuffer": "bytes",
    "InputStream": "bytes",
    "LocalDate": "date",
    "LocalTime": "time",
    "OffsetTime": "aware time",
    "LocalDateTime": "datetime",
    "OffsetDateTime": "offset datetime",
    "ZonedDateTime": "aware datetime",
    "Instant": "aware datetime",
    "Duration": "timedelta",
    "UUID": "UUID",
}
TAGS: Final = {
    "$int": "int",
    "$float": "float",
    "$bytes": "bytes",
    "$decimal": "Decimal",
    "$date": "date",
    "$timedelta": "timedelta",
    "$uuid": "UUID",
}
REALS: Final = frozenset({"float", "single", "Decimal"})
CONTAINERS: Final = ("list", "tuple", "set", "frozenset")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One kind of value without parts; whole numbers may have bounds."""

    kind: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple, set or frozenset; `each` where every place has a shape of its own."""

    kind: str
    of: Shape
    each: tuple[Shape, ...] | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dict whose keys may be any of a shape."""

    keys: Shape
    of: Shape


@dataclass(frozen=True, slots=True)
class Fields:
    """A dict or, with a class, an object of known fields; those not in `always` may be missing."""

    name: str | None
    fields: tuple[tuple[str, Shape], ...]
    always: frozenset[str]
    ordered: bool = False
    """Of a Java record, which takes a tuple by place as well."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values."""

    forms: tuple[str, ...]
    """As canonical texts."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several shapes."""

    of: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Nothing is known."""


Shape = Scalar | Items | Pairs | Fields | Choice | AnyOf | Anything
ANYTHING: Final = Anything()
NONE: Final = Scalar("None")
STR: Final = Scalar("str")


def branches(shape: Shape) -> tuple[Shape, ...]:
    """The shapes of which a value has one."""
    return shape.of if isinstance(shape, AnyOf) else (shape,)


def any_of(shapes: Iterable[Shape]) -> Shape:
    """One of these; nothing is known where nothing is known of one of them."""
    flat = list(dict.fromkeys(one for shape in shapes for one in branches(shape)))
    if not flat or ANYTHING in flat:
        return ANYTHING
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def takes_none(shape: Shape) -> bool:
    """Whether None is one of the values."""
    return NONE in branches(shape)


# ---------------------------------------------------------------- of java, of python


def of_java(document: Mapping[str, Any]) -> Shape:
    """The shape of a declared type, from what the java worker says of it."""
    row = document["type"]
    if row in WHOLE:
        return Scalar("int", *WHOLE[row])
    if row in BOXES:
        return any_of([Scalar("int", *WHOLE[BOXES[row]]), NONE])
    inner = {key: of_java(document[key]) for key in ("of", "keys") if key in document}
    match row:
        case "boolean":
            return Scalar("bool")
        case "double":
            return Scalar("float")
        case "float":
            return Scalar("single")
        case "char":
            return Scalar("char")
        case "Optional":
            return any_of([inner["of"], NONE])
        case "Object" | "other":
            return ANYTHING
        case _:
            return any_of([_boxed(row, document, inner), NONE])


def _boxed(row: str, document: Mapping[str, Any], inner: Mapping[str, Shape]) -> Shape:
    """The shape of a type that takes null too, less that."""
    if row in SCALARS:
        return Scalar(SCALARS[row])
    match row:
        case "Boolean":
            return Scalar("bool")
        case "Double":
            return Scalar("float")
        case "Float":
            return Scalar("single")
        case "Character":
            return Scalar("char")
        case "BigInteger":
            return Scalar("int")
        case "BigDecimal":
            return Scalar("Decimal")
        case "Number":
            return any_of([Scalar("int"), Scalar("float"), Scalar("Decimal")])
        case "array" | "List" | "Iterator" | "Stream" | "Collection":
            return Items("list", inner["of"])
        case "Set":
            return Items("set", inner["of"])
        case "Map":
            return Pairs(inner["keys"], inner["of"])
        case "Map.Entry":
            places = inner["keys"], inner["of"]
            return Items("tuple", any_of(places), places)
        case "record" | "bean":
            fields = {name: of_java(one) for name, one in document["fields"].items()}
            is_record = row == "record"
            return Fields(None, tuple(fields.items()), frozenset(fields), ordered=is_record)
        case _:
            return ANYTHING


def of_python(document: Mapping[str, Any] | None) -> Shape:
    """The shape of an annotation, from what the python worker says of it."""
    if document is None:
        return ANYTHING
    kind = document["is"]
    if kind == "union":
        return any_of([of_python(one) for one in document["of"]])
    if kind == "literal":
        return Choice(tuple(dumps(one) for one in document["of"]))
    if kind in CONTAINERS:
        if document.get("each") is not None:
            each = tuple(of_python(one) for one in document["each"])
            return Items(kind, any_of(each), each)
        return Items(kind, of_python(document.get("of")))
    if kind == "dict":
        return Pairs(of_python(document.get("keys")), of_python(document.get("of")))
    if kind in ("record", "object"):
        fields = {name: of_python(one) for name, one in document["fields"].items()}
        return Fields(document.get("class"), tuple(fields.items()), frozenset(fields))
    return Scalar(kind)


# ---------------------------------------------------------------- of values


def of_form(form: Form) -> Shape:
    """The shape of one value in fixture form."""
    match form:
        case None:
            return NONE
        case bool():
            return Scalar("bool")
        case int():
            return Scalar("int")
        case float():
            return Scalar("float")
        case str():
            return STR
        case list():
            return Items("list", _of_all(form))
        case dict():
            tag = tag_of(form)
            return _of_tagged(tag, form[tag]) if tag else _of_dict(form)
    return ANYTHING


def kind_of(form: Form) -> str:
    """The kind of a value in a word, without looking into it: dicts and objects are `dict`."""
    kind = type(form)
    if kind is not dict:
        return "None" if form is None else kind.__name__
    tag = tag_of(form)
    if tag is None or tag in ("$dict", "$object"):
        return "dict"
    if tag in TAGS:
        return TAGS[tag]
    own = of_form(form) if tag in ("$datetime", "$time") else None
    return own.kind if isinstance(own, Scalar) else tag[1:]


def tag_of(form: Form) -> str | None:
    """The tag of a tagged value."""
    if type(form) is dict and len(form) == 1:
        (key,) = form
        return key if key.startswith("$") else None
    return None


def _of_all(forms: Sequence[Form]) -> Shape:
    return joined([of_form(one) for one in forms[:200]])


def _of_dict(form: Mapping[str, Form]) -> Shape:
    if len(form) > RECORD_KEYS:
        return Pairs(STR, _of_all(list(form.values())))
    fields = tuple((name, of_form(value)) for name, value in form.items())
    return Fields(None, fields, frozenset(form))


def _of_tagged(tag: str, payload: Any) -> Shape:
    if tag in TAGS:
        return Scalar(TAGS[tag])
    match tag:
        case "$tuple":
            each = tuple(of_form(one) for one in payload)
            return Items("tuple", joined(each), each)
        case "$set" | "$frozenset":
            return Items(tag[1:], _of_all(payload))
        case "$dict":
            keys, values = [pair[0] for pair in payload], [pair[1] for pair in payload]
            return Pairs(_of_all(keys), _of_all(values))
        case "$object":
            name, fields = payload
            return Fields(
                name, tuple((key, of_form(one)) for key, one in fields.items()), frozenset(fields)
            )
        case "$enum":
            return Choice((dumps({tag: payload}),))
        case "$datetime":
            aware = re.search(r"(Z|[+-][0-9]{2}:[0-9]{2}|\])", payload[11:]) is not None
            return Scalar("aware datetime" if aware else "datetime")
        case "$time":
            return Scalar("aware time" if re.search(r"[Z+-]", payload) else "time")
    return ANYTHING


def joined(shapes: Sequence[Shape]) -> Shape:
    """The shape that values of all these shapes have; nothing is known of no values."""
    flat = [one for shape in shapes for one in branches(shape) if one != ANYTHING]
    scalars = [one for one in flat if isinstance(one, Scalar | Anything)]
    made: list[Shape] = list(dict.fromkeys(scalars))
    choices = dict.fromkeys(text for one in flat if isinstance(one, Choice) for text in one.forms)
    if choices:
        made.append(Choice(tuple(choices)))
    for kind in CONTAINERS:
        some = [one for one in flat if isinstance(one, Items) and one.kind == kind]
        if some:
            made.append(_joined_items(kind, some))
    made += _joined_dicts(flat)
    return any_of(made)


def _joined_items(kind: str, some: Sequence[Items]) -> Shape:
    lengths = {len(one.each) if one.each is not None else None for one in some}
    each = None
    if kind == "tuple" and len(lengths) == 1 and None not in lengths:
        columns = zip(*(one.each or () for one in some), strict=True)
        each = tuple(joined(column) for column in columns)
    return Items(kind, joined([one.of for one in some]), each)


def _joined_dicts(flat: Sequence[Shape]) -> list[Shape]:
    pairs = [one for one in flat if isinstance(one, Pairs)]
    named: dict[str | None, list[Fields]] = {}
    for one in flat:
        if isinstance(one, Fields):
            named.setdefault(one.name, []).append(one)
    made: list[Shape] = []
    for name, some in named.items():
        values: dict[str, list[Shape]] = {}
        for one in some:
            for field, shape in one.fields:
                values.setdefault(field, []).append(shape)
        if name is None and (pairs or len(values) > RECORD_KEYS or _are_keys(some)):
            pairs.append(Pairs(STR, joined([one for each in values.values() for one in each])))
            continue
        always = frozenset.intersection(*(one.always for one in some))
        fields = tuple((field, joined(shapes)) for field, shapes in values.items())
        made.append(Fields(name, fields, always))
    if pairs:
        keys, of = joined([one.keys for one in pairs]), joined([one.of for one in pairs])
        made.append(Pairs(keys, of))
    return made


def _are_keys(some: Sequence[Fields]) -> bool:
    """Whether dicts share so few keys that these are data rather than names of fields."""
    if len(some) < 3:
        return False
    every = {name for one in some for name, _ in one.fields}
    often = sum(len(one.fields) for one in some)
    return often < 0.4 * len(every) * len(some)


# ---------------------------------------------------------------- together


def met(java: Shape, other: Shape) -> Shape:
    """What java can hold and the other says too; what java can hold where the two do not meet."""
    if java == ANYTHING:
        return other
    if other == ANYTHING:
        return java
    found = [
        shape
        for mine in branches(java)
        for theirs in branches(other)
        if (shape := _met(mine, theirs)) is not None
    ]
    return any_of(found) if found else java


def _met(java: Shape, other: Shape) -> Shape | None:
    match java, other:
        case Anything(), _:
            return other
        case _, Anything():
            return java
        case Scalar(), Scalar():
            return _met_scalars(java, other)
        case Scalar("str" | "int"), Choice():
            return other
        case Items(of=of), Items(kind=kind, of=theirs, each=each):
            if (java.kind == "set") != (kind in ("set", "frozenset")):
                return None
            return Items(kind, met(of, theirs), each and tuple(met(of, one) for one in each))
        case Pairs(keys, of), Pairs(their_keys, theirs):
            return Pairs(met(keys, their_keys), met(of, theirs))
        case Pairs(_, of), Fields(name, fields, always):
            return Fields(name, tuple((key, met(of, one)) for key, one in fields), always)
        case Fields(fields=mine), Fields(name, fields, always):
            known = {_plain(key): one for key, one in mine}
            inner = tuple((key, met(known.get(_plain(key), ANYTHING), one)) for key, one in fields)
            return Fields(name, inner, always)
        case Fields(fields=mine, ordered=True), Items("tuple", _, each):
            places = tuple(one for _, one in mine)
            if each and len(each) == len(places):
                places = tuple(map(met, places, each))
            return Items("tuple", any_of(places), places)
    return None


def with_nulls(shape: Shape, java: Shape, annotated: Shape) -> Shape:
    """The shape with None wherever java can hold it and no annotation says that it is none.

    Nobody records a None that is not meant, and a port that lets one pass is found by it alone.
    """
    if shape == ANYTHING:
        return shape
    found = [_with_nulls_within(one, java, annotated) for one in branches(shape)]
    if _may_be_none(java) and _may_be_none(annotated):
        found.append(NONE)
    return any_of(found)


def _may_be_none(shape: Shape) -> bool:
    return shape == ANYTHING or takes_none(shape)


def _with_nulls_within(shape: Shape, java: Shape, annotated: Shape) -> Shape:
    match shape:
        case Items(kind, of, each):
            mine, theirs = _values_of(java), _values_of(annotated)
            places = each and tuple(with_nulls(one, mine, theirs) for one in each)
            return Items(kind, with_nulls(of, mine, theirs), places)
        case Pairs(keys, of):
            return Pairs(keys, with_nulls(of, _values_of(java), _values_of(annotated)))
        case Fields(name, fields, always):
            inner = tuple(
                (key, with_nulls(one, _values_of(java, key), _values_of(annotated, key)))
                for key, one in fields
            )
            return Fields(name, inner, always)
    return shape


def _values_of(shape: Shape, key: str = "") -> Shape:
    """The shape of what a container holds, of its field where it has some."""
    for one in branches(shape):
        match one:
            case Items(of=of) | Pairs(of=of):
                return of
            case Fields(fields=fields):
                known = {_plain(name): inner for name, inner in fields}
                return known.get(_plain(key), ANYTHING)
    return ANYTHING


def has_strange_none(form: Form, shape: Shape) -> bool:
    """Whether None is in a value where the shape, if it says anything, says that it is not."""
    if form is None:
        return not _may_be_none(shape)
    if (items := items_of(form)) is not None:
        of = _values_of(shape)
        return any(has_strange_none(one, of) for one in items)
    document = form["$object"][1] if tag_of(form) == "$object" else None
    pairs = list(document.items()) if document is not None else pairs_of(form) or []
    return any(has_strange_none(value, _values_of(shape, str(key))) for key, value in pairs)


def _plain(name: str) -> str:
    """A name of a field whichever way it is written."""
    return name.replace("_", "").casefold()


def _met_scalars(java: Scalar, other: Scalar) -> Scalar | None:
    if java.kind == other.kind:
        return java if java.low is not None else other
    match java.kind, other.kind:
        case ("float" | "single") as kind, "int":
            exact = EXACT if kind == "float" else 2**24
            return Scalar("int", -exact, exact)
        case "single", "float":
            return java
        case "char", "str":
            return java
        case "Decimal", "int":
            return Scalar("int")
        case "aware datetime" | "offset datetime", "datetime" | "aware datetime":
            return java
        case "datetime", "aware datetime":
            return java
        case "aware time", "time":
            return java
    return None


def fits(form: Form, shape: Shape) -> bool:
    """Whether java can hold the value, as far as its shape tells."""
    return any(_fits(form, one) for one in branches(shape))


def _fits(form: Form, shape: Shape) -> bool:
    match shape:
        case Anything():
            return True
        case Scalar():
            return _fits_scalar(form, shape)
        case Choice(forms):
            return dumps(form) in forms
        case Items(kind, of):
            items = items_of(form)
            bag = tag_of(form) in ("$set", "$frozenset")
            return items is not None and (kind == "set") == bag and all(fits(x, of) for x in items)
        case Pairs(keys, of):
            pairs = pairs_of(form)
            if pairs is None:
                return tag_of(form) == "$object" and all(fits(x, of) for x in form["$object"][1])
            return all(fits(key, keys) and fits(value, of) for key, value in pairs)
        case Fields(fields=fields, always=always):
            if shape.ordered and tag_of(form) == "$tuple":
                return _fits_places(form["$tuple"], fields)
            return _fits_fields(form, fields, always)
    return False


def _fits_places(items: Sequence[Form], fields: Sequence[tuple[str, Shape]]) -> bool:
    """Whether the items of a tuple are what the components of a record take."""
    return len(items) == len(fields) and all(
        fits(item, shape) for item, (_, shape) in zip(items, fields, strict=True)
    )


def _fits_fields(form: Form, fields: Sequence[tuple[str, Shape]], always: frozenset[str]) -> bool:
    tag = tag_of(form)
    document = form["$object"][1] if tag == "$object" else form
    if type(document) is not dict or tag not in (None, "$object"):
        return False
    known = {_plain(name): shape for name, shape in fields}
    present = {_plain(name): value for name, value in document.items()}
    if {_plain(name) for name in always} - set(present) or set(present) - set(known):
        return False
    return all(fits(value, known[name]) for name, value in present.items())


def _fits_scalar(form: Form, shape: Scalar) -> bool:
    number = number_of(form)
    match shape.kind:
        case "int":
            if type(number) is not int:
                return False
            low, high = shape.low, shape.high
            return (low is None or low <= number) and (high is None or number <= high)
        case "float":
            if type(number) is int:
                return abs(number) <= EXACT
            return type(number) is float
        case "single":
            return number is not None and is_single(number)
        case "char":
            return type(form) is str and len(form) == 1 and ord(form) < 0x10000
        case "Decimal":
            return type(number) is int or (tag_of(form) == "$decimal" and "N" not in str(form))
        case "offset datetime":
            return kind_of(form) == "aware datetime" and "[" not in form["$datetime"]
    return kind_of(form) == shape.kind


def has_reals(shape: Shape) -> bool:
    """Whether floats or Decimals are among the values, or in them."""
    match shape:
        case Scalar(kind=kind):
            return kind in REALS
        case AnyOf(of):
            return any(map(has_reals, of))
        case Items(of=of) | Pairs(of=of):
            return has_reals(of)
        case Fields(fields=fields):
            return any(has_reals(one) for _, one in fields)
    return False


def as_meant(form: Form, shape: Shape) -> bool:
    """Whether whole numbers stand only where they are meant: java takes them for floats too, but
    python computes otherwise with them."""
    if type(form) is not bool and isinstance(number_of(form), int):
        kinds = {one.kind for one in branches(shape) if isinstance(one, Scalar)}
        return kinds.isdisjoint(REALS) or "int" in kinds
    items = items_of(form)
    for one in branches(shape):
        match one:
            case Items(of=of) if items is not None:
                return all(as_meant(item, of) for item in items)
            case Pairs(of=of):
                return all(as_meant(value, of) for _, value in pairs_of(form) or ())
            case Fields(fields=fields) if type(form) is dict:
                known = dict(fields)
                document = form["$object"][1] if tag_of(form) == "$object" else form
                return all(
                    as_meant(value, known.get(name, ANYTHING)) for name, value in document.items()
                )
    return True


def is_single(number: float) -> bool:
    """Whether a `float` of java holds the number exactly."""
    try:
        again: float = struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        return False
    return math.isnan(number) or again == number


def number_of(form: Form) -> int | float | None:
    """The number that a form is."""
    if type(form) in (int, float):
        number: int | float = form
        return number
    match tag_of(form):
        case "$int":
            return int(form["$int"])
        case "$float":
            return float(form["$float"])
    return None


def items_of(form: Form) -> list[Form] | None:
    """What a list, tuple or set holds."""
    if type(form) is list:
        return form
    tag = tag_of(form)
    return form[tag] if tag in ("$tuple", "$set", "$frozenset") else None


def pairs_of(form: Form) -> list[tuple[Form, Form]] | None:
    """Keys and values of a dict."""
    if type(form) is not dict:
        return None
    tag = tag_of(form)
    if tag == "$dict":
        return [(pair[0], pair[1]) for pair in form[tag]]
    return None if tag else list(form.items())
