"""Walks two values in fixture form and says where, and in what kind, they part."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from parity.model import Difference, Form, Terms
from parity.values.form import TEXT_TAGS, dumps, element, from_digits, member
from parity.values.paths import matches

ALIGN_AT_MOST = 2000
PAIR_AT_MOST = 300

# What a python kind may come back as, where the Java type system has no other way to say it.
FORCED = {
    ("tuple", "list"),
    ("frozenset", "set"),
    ("dict", "object"),
    ("object", "dict"),
}


@dataclass(slots=True)
class ClassPairs:
    """Which Java class stands for which Python class in a unit: one for one, first seen first."""

    java_of: dict[str, str] = field(default_factory=dict)
    python_of: dict[str, str] = field(default_factory=dict)

    def agree(self, python: str, java: str) -> bool:
        """Whether the two may stand for each other; remembers it if so."""
        if python == java:
            return True
        if self.java_of.setdefault(python, java) != java:
            return False
        return self.python_of.setdefault(java, python) == python


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two values are compared: on what terms, and as what.

    `document` compares python's value as the JSON document that a state machine would carry;
    `same_side` compares two values of one side, where nothing is forced by the other language.
    """

    terms: Terms
    document: bool = False
    same_side: bool = False
    pairs: ClassPairs = field(default_factory=ClassPairs)

    def differences(self, python: Form, java: Form, path: str = "$") -> list[Difference]:
        """Every place where the two values part; empty where they are the same."""
        return list(_Walk(self, python, java, path).values(python, java, path))


class _Walk:
    """One walk over two values; knows both roots, so that references can be followed."""

    def __init__(self, comparison: Comparison, python: Form, java: Form, path: str) -> None:
        self.comparison = comparison
        self.terms = comparison.terms
        self.roots = python, java
        self.root_path = path
        self.places: list[dict[str, Form] | None] = [None, None]

    def values(self, python: Form, java: Form, path: str) -> Iterator[Difference]:
        kind, payload = kind_of(python)
        java_kind, java_payload = kind_of(java)
        if "ref" in (kind, java_kind):
            yield from self._references(python, java, path)
            return
        if self.comparison.document:
            kind, payload = as_document(kind, payload)
        if kind != java_kind and not self._stands_for(kind, java_kind):
            yield from self._other_kind(
                (kind, python, payload), (java_kind, java, java_payload), path
            )
        elif kind in ("list", "tuple"):
            yield from self._lists(payload, java_payload, path)
        elif kind in ("set", "frozenset"):
            yield from self._leftovers(payload, java_payload, path)
        elif kind in ("dict", "object"):
            yield from self._members((kind, payload), (java_kind, java_payload), path)
        elif not self._same_scalar(kind, payload, java_payload):
            yield Difference(path, "changed", python, java)

    def _stands_for(self, kind: str, java_kind: str) -> bool:
        return not self.comparison.same_side and (kind, java_kind) in FORCED

    def _other_kind(
        self, python: tuple[str, Form, Any], java: tuple[str, Form, Any], path: str
    ) -> Iterator[Difference]:
        kinds = {python[0], java[0]}
        if kinds == {"int", "float"} and self.terms.numbers == "by-value":
            if python[2] != java[2]:
                yield Difference(path, "changed", python[1], java[1])
            return
        kind = "changed" if "null" in kinds else "type"
        note = "" if kind == "changed" else f"{python[0]} against {java[0]}"
        yield Difference(path, kind, python[1], java[1], note=note)

    # ------------------------------------------------------------ references

    def _references(self, python: Form, java: Form, path: str) -> Iterator[Difference]:
        if python == java:
            return
        python_target = self._follow(0, python, path)
        java_target = self._follow(1, java, path)
        if python_target is _CYCLE or java_target is _CYCLE:
            yield Difference(path, "changed", python, java, note="one of them contains itself")
            return
        yield from self.values(python_target, java_target, path)

    def _follow(self, side: int, form: Form, path: str) -> Form:
        kind, target = kind_of(form)
        if kind != "ref":
            return form
        if path == target or path.startswith((target + ".", target + "[")):
            return _CYCLE
        places = self.places[side]
        if places is None:
            places = self.places[side] = dict(_places(self.roots[side], self.root_path))
        return places.get(target, form) if places.get(target) is not form else _CYCLE

    # ------------------------------------------------------------ lists and sets

    def _lists(self, python: list[Form], java: list[Form], path: str) -> Iterator[Difference]:
        if any(matches(text, path) for text in self.terms.unordered):
            yield from self._leftovers(python, java, path)
            return
        if len(python) == len(java):
            found = list(self._in_step(python, java, path))
            if found and self._same_bag(python, java):
                yield Difference(path, "order", python, java, note="the same elements")
                return
            yield from found
            return
        yield from self._aligned(python, java, path)

    def _in_step(
        self, python: list[Form], java: list[Form], path: str, start: int = 0
    ) -> Iterator[Difference]:
        for index, (one, other) in enumerate(zip(python, java, strict=False), start):
            yield from self.values(one, other, element(path, index))

    def _aligned(self, python: list[Form], java: list[Form], path: str) -> Iterator[Difference]:
        if max(len(python), len(java)) > ALIGN_AT_MOST:
            yield from self._in_step(python, java, path)
            yield from self._tails(python, java, min(len(python), len(java)), path)
            return
        texts = [self._text(item) for item in python], [self._text(item) for item in java]
        matcher = SequenceMatcher(None, *texts, autojunk=False)
        for _, start, end, java_start, java_end in matcher.get_opcodes():
            shared = min(end - start, java_end - java_start)
            common = python[start : start + shared], java[java_start : java_start + shared]
            yield from self._in_step(*common, path, start)
            for index in range(start + shared, end):
                yield Difference(element(path, index), "missing", python[index], None)
            for index in range(java_start + shared, java_end):
                yield Difference(element(path, index), "unexpected", None, java[index])

    def _tails(
        self, python: list[Form], java: list[Form], start: int, path: str
    ) -> Iterator[Difference]:
        for index in range(start, len(python)):
            yield Difference(element(path, index), "missing", python[index], None)
        for index in range(start, len(java)):
            yield Difference(element(path, index), "unexpected", None, java[index])

    def _leftovers(self, python: list[Form], java: list[Form], path: str) -> Iterator[Difference]:
        """Elements without a partner, where order does not count."""
        left, right = self._without_equal_texts(python, java)
        if len(left) * len(right) <= PAIR_AT_MOST**2:
            for one in list(left):
                partner = next((o for o in right if not any(self.values(one, o, path))), _CYCLE)
                if partner is not _CYCLE:
                    left.remove(one)
                    right.remove(partner)
        for one in left:
            yield Difference(path, "missing", one, None, note="an element")
        for other in right:
            yield Difference(path, "unexpected", None, other, note="an element")

    def _without_equal_texts(
        self, python: list[Form], java: list[Form]
    ) -> tuple[list[Form], list[Form]]:
        texts = Counter(self._text(item) for item in java)
        left = []
        for item in python:
            text = self._text(item)
            if texts[text]:
                texts[text] -= 1
            else:
                left.append(item)
        right = []
        for item in java:
            text = self._text(item)
            if texts[text]:
                texts[text] -= 1
                right.append(item)
        return left, right

    def _same_bag(self, python: list[Form], java: list[Form]) -> bool:
        return Counter(map(self._text, python)) == Counter(map(self._text, java))

    def _text(self, form: Form) -> str:
        """Text that is equal only for values that are equal on every term."""
        return dumps(form if self.comparison.same_side else _forced(form))

    # ------------------------------------------------------------ members

    def _members(
        self, python: tuple[str, Any], java: tuple[str, Any], path: str
    ) -> Iterator[Difference]:
        if python[0] == java[0] == "object" and not self._same_class(python[1][0], java[1][0]):
            names = {"python": python[1][0], "java": java[1][0]}
            note = "this class stands for another one elsewhere in the unit"
            yield Difference(path, "type", names["python"], names["java"], note=note)
            return
        fields = python[0] == "object" and (java[0] == "object" or self.comparison.document)
        left = self._entries(*python, camel=fields)
        right = self._entries(*java, camel=False)
        order = [key for key in left if key in right], [key for key in right if key in left]
        for key, (place, value) in left.items():
            inner = self._place(path, place)
            if key in right:
                yield from self.values(value, right[key][1], inner)
            else:
                yield Difference(inner, "missing", value, None)
        for key, (place, value) in right.items():
            if key not in left:
                yield Difference(self._place(path, place), "unexpected", None, value)
        if (
            order[0] != order[1]
            and "map-order" in self.terms.compare
            and "dict" in (python[0], java[0])
        ):
            keys = [left[key][0] for key in order[0]], [right[key][0] for key in order[1]]
            yield Difference(path, "order", *keys, note="order of the keys")

    def _same_class(self, python: str, java: str) -> bool:
        if self.comparison.same_side:
            return python == java
        return self.comparison.pairs.agree(python, java)

    def _entries(self, kind: str, payload: Any, camel: bool) -> dict[str, tuple[Form, Form]]:
        """Members by the text of their key: how the key is shown, and the value."""
        if kind == "object":
            rename = camel_case if camel and self.terms.names == "camel" else str
            pairs = [(rename(name), name, value) for name, value in payload[1].items()]
            entries = {dumps(key): (name, value) for key, name, value in pairs}
        else:
            entries = {self._key(key): (key, value) for key, value in payload}
        if self.terms.nulls == "absent":
            entries = {key: entry for key, entry in entries.items() if entry[1] is not None}
        return entries

    def _key(self, key: Form) -> str:
        kind, payload = kind_of(key)
        if self.comparison.document:
            return dumps(json_key(kind, payload, key))
        whole = kind == "float" and payload not in _INFINITE and payload % 1 == 0
        if whole and self.terms.numbers == "by-value":
            return dumps(int(payload))
        return self._text(key)

    def _place(self, path: str, key: Form) -> str:
        return member(path, key) if isinstance(key, str) else f"{path}[{dumps(key)}]"

    # ------------------------------------------------------------ scalars

    def _same_scalar(self, kind: str, python: Any, java: Any) -> bool:
        match kind:
            case "float":
                return self._same_float(python, java)
            case "decimal":
                return Decimal(python).as_tuple() == Decimal(java).as_tuple()
            case "datetime":
                return python == java or _same_instant(python, java)
            case "enum":
                return bool(python[1] == java[1]) and self._same_class(python[0], java[0])
        return bool(python == java)

    def _same_float(self, python: float, java: float) -> bool:
        if struct.pack(">d", python) == struct.pack(">d", java):
            return True
        if python != python and java != java:
            return True
        if self.terms.float_ulps and _ulps_apart(python, java) <= self.terms.float_ulps:
            return True
        if python in _INFINITE or java in _INFINITE or not self.terms.float_relative:
            return False
        return abs(python - java) <= self.terms.float_relative * max(abs(python), abs(java))


_CYCLE = object()
_INFINITE = (float("inf"), float("-inf"))


def kind_of(form: Form) -> tuple[str, Any]:
    """The kind of a form, and what it holds: members of a dict as pairs, numbers as numbers."""
    if form is None:
        return "null", None
    if isinstance(form, bool):
        return "bool", form
    if isinstance(form, int):
        return "int", form
    if isinstance(form, float):
        return "float", form
    if isinstance(form, str):
        return "str", form
    if isinstance(form, list):
        return "list", form
    if len(form) == 1:
        ((tag, payload),) = form.items()
        if tag.startswith("$"):
            return _tagged(tag, payload)
    return "dict", list(form.items())


def _tagged(tag: str, payload: Any) -> tuple[str, Any]:
    match tag:
        case "$int":
            return "int", from_digits(payload)
        case "$float":
            return "float", float(payload)
        case "$dict":
            return "dict", payload
    return tag[1:], payload


def as_document(kind: str, payload: Any) -> tuple[str, Any]:
    """What a python value is in the JSON document that a state machine carries."""
    if kind == "tuple":
        return "list", payload
    return kind, payload


def json_key(kind: str, payload: Any, key: Form) -> Form:
    """A dict's key as Python's json writes it."""
    if kind == "bool":
        return "true" if payload else "false"
    if kind == "null":
        return "null"
    if kind in ("int", "float"):
        return repr(payload) if kind == "float" else str(payload)
    return key


def camel_case(name: str) -> str:
    """`target_host` as `targetHost`."""
    head, *rest = name.strip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _forced(form: Form) -> Form:
    """The form with what Java has no other way to say put aside: tuples as lists."""
    if isinstance(form, list):
        return [_forced(item) for item in form]
    if not isinstance(form, dict):
        return form
    kind, payload = kind_of(form)
    if kind == "tuple":
        return _forced(payload)
    if kind in ("set", "frozenset"):
        return {"$set": sorted((_forced(item) for item in payload), key=dumps)}
    if kind == "dict":
        entries = [[_forced(key), _forced(value)] for key, value in payload]
        return {"$dict": sorted(entries, key=lambda entry: dumps(entry[0]))}
    if kind == "object":
        return {"$object": [payload[0], {k: _forced(v) for k, v in payload[1].items()}]}
    return form


def _places(form: Form, path: str) -> Iterator[tuple[str, Form]]:
    """Every part of a form by its path."""
    yield path, form
    kind, payload = kind_of(form)
    if kind in ("list", "tuple"):
        for index, item in enumerate(payload):
            yield from _places(item, element(path, index))
    elif kind == "dict":
        for key, value in payload:
            place = member(path, key) if isinstance(key, str) else f"{path}[{dumps(key)}]"
            yield from _places(value, place)
    elif kind == "object":
        for name, value in payload[1].items():
            yield from _places(value, member(path, name))


def _ulps_apart(one: float, other: float) -> int:
    return abs(_ordinal(one) - _ordinal(other))


def _ordinal(number: float) -> int:
    bits: int = struct.unpack(">q", struct.pack(">d", number))[0]
    return bits if bits >= 0 else -(bits + 2**63)


def _same_instant(python: str, java: str) -> bool:
    """RFC 9557: `Z` tells the instant and leaves the offset unknown; Java's Instant does so."""
    if not java.endswith("Z") or not re.search(r"[+-]\d\d:\d\d(:\d\d)?(\[|$)", python):
        return False
    read = TEXT_TAGS["$datetime"]
    without_zone = re.sub(r"\[.*$", "", python)
    return bool(read(without_zone) == read(java))
