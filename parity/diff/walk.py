"""Walks two values in fixture form and says where, and in what kind, they part."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from parity.diff.bags import pair_up
from parity.diff.classes import ClassPairs
from parity.diff.forms import (
    INFINITE,
    as_document,
    by_place,
    components,
    json_key,
    kind_of,
    place,
    places,
    refers,
    text_of,
)
from parity.model import Difference, Form, Terms, Verdict
from parity.values.form import NO_PLACE, TEXT_TAGS, dumps, element
from parity.values.paths import matches
from parity.values.words import camel_case

ALIGN_AT_MOST = 2000
PLAIN = frozenset({int, str})
"""Types whose values are the same where Python calls them equal."""

# What a python kind may come back as, where the Java type system has no other way to say it.
FORCED = {
    ("tuple", "list"),
    ("frozenset", "set"),
    ("dict", "object"),
    ("object", "dict"),
}
CONTAINERS = ("list", "tuple", "set", "frozenset", "dict", "object", "ref")
Members = dict[str, list[tuple[Form, Form]]]
BY_VALUE: Final = 'if they mean the same, add to the unit: numbers = "by-value"'
NAMED_CAMEL: Final = 'if they mean the same, add to the unit: names = "camel"'


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two values are compared: on what terms, and as what.

    `document` compares python's value as the JSON document that a state machine would carry;
    `same_side` compares two values of one side, where nothing is forced by the other language;
    `most` is how many differences are worth being told.
    """

    terms: Terms
    document: bool = False
    same_side: bool = False
    pairs: ClassPairs = field(default_factory=ClassPairs)
    most: int | None = None

    def differences(self, python: Form, java: Form, path: str = "$") -> list[Difference]:
        """Every place where the two values part; empty where they are the same."""
        return list(islice(_Walk(self, python, java, path).values(python, java, path), self.most))


class _Walk:
    """One walk over two values; knows both roots, so that references can be followed.

    A reference to something that is being compared (`above`) is a cycle, and is the same where
    both lead back to the same pair. Any other stands for what it refers to, told once.
    """

    def __init__(self, comparison: Comparison, python: Form, java: Form, path: str) -> None:
        self.comparison = comparison
        self.terms = comparison.terms
        self.by_value = comparison.terms.numbers == "by-value"
        self.roots = python, java
        self.root_path = path
        self.referring = refers(python) or refers(java)
        self.places: list[dict[str, Form] | None] = [None, None]
        self.above: list[tuple[int, int]] = []
        self.told: set[tuple[int, int]] = set()
        self.trying = 0

    def values(self, python: Form, java: Form, path: str) -> Generator[Difference, None, None]:
        """Every place where two parts of the values part."""
        if not self.referring or not (_holds(python) and _holds(java)):
            yield from self._kinds(python, java, path)
            return
        one, other = self._target(0, python), self._target(1, java)
        pair = id(one), id(other)
        refers_up = one is not python and any(pair[0] == mine for mine, _ in self.above)
        java_refers_up = other is not java and any(pair[1] == theirs for _, theirs in self.above)
        if refers_up or java_refers_up:
            if not (refers_up and java_refers_up and pair in self.above):
                note = "one of them contains itself"
                yield Difference(path, "changed", python, java, note=note)
            return
        if one is not python and other is not java and pair in self.told:
            return
        self.above.append(pair)
        try:
            yield from self._kinds(one, other, path)
        finally:
            self.above.pop()
            if not self.trying:
                self.told.add(pair)

    def same(self, python: Form, java: Form, path: str) -> bool:
        """Whether two values are the same, without pairing their classes for good."""
        self.trying += 1
        try:
            with closing(self.values(python, java, path)) as found:
                return next(found, None) is None
        finally:
            self.trying -= 1

    def _kinds(self, python: Form, java: Form, path: str) -> Iterator[Difference]:
        kind, payload = kind_of(python)
        java_kind, java_payload = kind_of(java)
        if self.comparison.document:
            kind, payload = as_document(kind, payload)
        items = components(java_kind, java_payload) if kind == "tuple" else None
        if items is not None and not self.comparison.same_side:
            yield from self._lists(payload, items, path)
        elif kind != java_kind and not self._stands_for(kind, java_kind):
            yield from self._other_kind(
                (kind, python, payload), (java_kind, java, java_payload), path
            )
        elif kind in ("list", "tuple"):
            yield from self._lists(payload, java_payload, path)
        elif kind in ("set", "frozenset"):
            yield from self._bags(payload, java_payload, path, NO_PLACE)
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
        if kinds == {"int", "float"} and self.by_value:
            if python[2] != java[2]:
                yield Difference(path, "changed", python[1], java[1])
            return
        kind = "changed" if "null" in kinds else "type"
        note = "" if kind == "changed" else f"{python[0]} against {java[0]}"
        if kinds == {"int", "float"} and python[2] == java[2]:
            note = f"{note}; {BY_VALUE}"
        yield Difference(path, kind, python[1], java[1], note=note)

    def _target(self, side: int, form: Form) -> Form:
        """What a reference means; itself where that is not in these values."""
        known = self.places[side]
        if known is None:
            known = self.places[side] = dict(places(self.roots[side], self.root_path))
        seen = set()
        kind, path = kind_of(form)
        while kind == "ref" and path in known and path not in seen:
            seen.add(path)
            form = known[path]
            kind, path = kind_of(form)
        return form

    # ------------------------------------------------------------ lists and sets

    def _lists(self, python: list[Form], java: list[Form], path: str) -> Iterator[Difference]:
        if any(matches(text, path) for text in self.terms.unordered):
            yield from self._bags(python, java, path)
            return
        if len(python) == len(java):
            found: list[Difference] = []
            places: list[int] = []
            for index, (one, other) in enumerate(zip(python, java, strict=True)):
                if _is_same(one, other):
                    continue
                before = len(found)
                found += self.values(one, other, element(path, index))
                if len(found) > before:
                    places.append(index)
                if self.comparison.most is not None and len(found) >= self.comparison.most:
                    places = list(range(len(python)))  # the others are not looked at
                    break
            if not self.trying and self._is_reordered(python, java, places):
                yield Difference(path, "order", python, java, note="the same elements")
                return
            yield from found
            return
        yield from self._aligned(python, java, path)

    def _in_step(
        self, python: list[Form], java: list[Form], path: str, start: int = 0
    ) -> Iterator[Difference]:
        for index, (one, other) in enumerate(zip(python, java, strict=False), start):
            if not _is_same(one, other):
                yield from self.values(one, other, element(path, index))

    def _aligned(self, python: list[Form], java: list[Form], path: str) -> Iterator[Difference]:
        most = self.comparison.most
        longest = ALIGN_AT_MOST if most is None else min(ALIGN_AT_MOST, 2 * most)
        if max(len(python), len(java)) > longest:
            yield from self._in_step(python, java, path)
            yield from self._tails(python, java, min(len(python), len(java)), path)
            return
        texts = self._texts(python, java)
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

    def _bags(
        self, python: list[Form], java: list[Form], path: str, inner: str | None = None
    ) -> Iterator[Difference]:
        """Elements without a partner, where order does not count; `inner` is their place."""
        below = path + inner if inner is not None else element(path, 0)
        pairing = pair_up(python, java, lambda one, other: self.same(one, other, below))
        for index, java_index in pairing.pairs:
            yield from self.values(python[index], java[java_index], below)
        for index in pairing.missing:
            yield Difference(path, "missing", python[index], None, note="an element")
        for index in pairing.unexpected:
            yield Difference(path, "unexpected", None, java[index], note="an element")
        if pairing.given_up:
            note = f"{pairing.given_up} elements are too many to find the partner of each"
            yield Difference(path, "harness", None, None, Verdict.UNKNOWN, note)

    def _is_reordered(
        self, python: list[Form], java: list[Form], differing: Collection[int]
    ) -> bool:
        if len(differing) < 2:  # one that is elsewhere leaves two places that differ
            return False
        mine: list[Any] = [python[index] for index in differing]
        theirs: list[Any] = [java[index] for index in differing]
        if not PLAIN.issuperset({*map(type, mine), *map(type, theirs)}):
            mine, theirs = self._texts(mine, theirs)
        return mine != theirs and Counter(mine) == Counter(theirs)

    def _texts(self, python: list[Form], java: list[Form]) -> tuple[list[str], list[str]]:
        """Texts of elements, those of records as the tuples that python has there."""
        if any(kind_of(one)[0] == "tuple" for one in python):
            java = [by_place(one) for one in java]
        return list(map(self._text, python)), list(map(self._text, java))

    def _text(self, form: Form) -> str:
        same_side = self.comparison.same_side
        return dumps(form) if same_side else text_of(form, by_value=self.by_value)

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
        if java[0] == "dict" and any(kind_of(key)[0] == "tuple" for key in _keys(*python)):
            java = "dict", [(by_place(key), value) for key, value in java[1]]
        right = self._entries(*java, camel=False)
        for key, mine in left.items():
            theirs = right.get(key, [])
            if len(mine) > 1 or len(theirs) > 1:
                mine, theirs = _by_exact_key(mine, theirs)
            for (name, value), (java_name, java_value) in zip(mine, theirs, strict=False):
                inner = place(path, name)
                if _names_a_class(name):
                    yield from self.values(name, java_name, inner)
                if not _is_same(value, java_value):
                    yield from self.values(value, java_value, inner)
            for name, value in mine[len(theirs) :]:
                note = self._spelt_otherwise(name, left, right) if fields else ""
                yield Difference(place(path, name), "missing", value, None, note=note)
            for name, value in theirs[len(mine) :]:
                yield Difference(place(path, name), "unexpected", None, value)
        spelt = self._spelt_in_snake(left) if fields else {}
        for key, theirs in right.items():
            for name, value in theirs if key not in left else ():
                note = f"python has `{spelt[key]}`; {NAMED_CAMEL}" if key in spelt else ""
                yield Difference(place(path, name), "unexpected", None, value, note=note)
        if "map-order" in self.terms.compare and "dict" in (python[0], java[0]):
            yield from self._key_order(left, right, path)

    def _spelt_otherwise(self, name: Form, left: Members, right: Members) -> str:
        """The term that would make one of a python field and a Java one, where there is one."""
        camel = camel_case(str(name))
        key = self._key(camel)
        if camel == name or self.terms.names == "camel" or key in left or key not in right:
            return ""
        return f"java has `{camel}`; {NAMED_CAMEL}"

    def _spelt_in_snake(self, left: Members) -> dict[str, str]:
        """Python's fields by the key that each would have in Java's spelling, where it is new."""
        if self.terms.names == "camel":
            return {}
        names = (str(name) for entries in left.values() for name, _ in entries)
        spelt = {self._key(camel_case(name)): name for name in names}
        return {key: name for key, name in spelt.items() if key not in left}

    def _key_order(self, left: Members, right: Members, path: str) -> Iterator[Difference]:
        mine = [key for key in left if key in right]
        theirs = [key for key in right if key in left]
        if mine != theirs:
            keys = [left[key][0][0] for key in mine], [right[key][0][0] for key in theirs]
            yield Difference(path, "order", *keys, note="order of the keys")

    def _same_class(self, python: str, java: str) -> bool:
        if self.comparison.same_side:
            return python == java
        return self.comparison.pairs.agree(python, java, remember=not self.trying)

    def _entries(self, kind: str, payload: Any, camel: bool) -> Members:
        """Members by the text of their key: how each is named, and its value.

        Keys of which the terms make one text stay apart: none hides another.
        """
        entries: Members = {}
        for name, value in payload[1].items() if kind == "object" else payload:
            if value is None and self.terms.nulls == "absent":
                continue
            renamed = camel and kind == "object" and self.terms.names == "camel"
            key = dumps(camel_case(name)) if renamed else self._key(name)
            entries.setdefault(key, []).append((name, value))
        return entries

    def _key(self, key: Form) -> str:
        if type(key) is str:
            return _quoted(key)
        text = json_key(key) if self.comparison.document else None
        return self._text(key) if text is None else dumps(text)

    # ------------------------------------------------------------ scalars

    def _same_scalar(self, kind: str, python: Any, java: Any) -> bool:
        match kind:
            case "float":
                return self._same_float(python, java)
            case "datetime":
                return bool(python == java) or _same_instant(python, java)
            case "enum":
                return bool(python[1] == java[1]) and self._same_class(python[0], java[0])
        return bool(python == java)

    def _same_float(self, python: float, java: float) -> bool:
        if struct.pack(">d", python) == struct.pack(">d", java):
            return True
        if python != python and java != java:
            return True
        if python in INFINITE or java in INFINITE or python != python or java != java:
            return False
        if self.terms.float_ulps and _ulps_apart(python, java) <= self.terms.float_ulps:
            return True
        relative = self.terms.float_relative
        return relative > 0 and abs(python - java) <= relative * max(abs(python), abs(java))


@lru_cache(maxsize=4096)
def _quoted(key: str) -> str:
    return dumps(key)


def _holds(form: Form) -> bool:
    return isinstance(form, list | dict) and kind_of(form)[0] in CONTAINERS


def _keys(kind: str, payload: Any) -> list[Form]:
    return list(payload[1]) if kind == "object" else [key for key, _ in payload]


def _by_exact_key(
    mine: list[tuple[Form, Form]], theirs: list[tuple[Form, Form]]
) -> tuple[list[tuple[Form, Form]], list[tuple[Form, Form]]]:
    """Members whose keys the terms make one, in an order in which the very same keys meet."""
    both = {dumps(name) for name, _ in mine} & {dumps(name) for name, _ in theirs}

    def apart(member: tuple[Form, Form]) -> tuple[bool, str]:
        text = dumps(member[0])
        return text not in both, text if text in both else ""

    return sorted(mine, key=apart), sorted(theirs, key=apart)


def _names_a_class(key: Form) -> bool:
    return not isinstance(key, str) and kind_of(key)[0] in ("enum", "object", "tuple", "frozenset")


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


def _is_same(python: Form, java: Form) -> bool:
    """Whether two forms are seen to be the same without a look at what the terms say.

    What has no tag is the same where its text is: no terms make two of it.
    """
    kind = type(python)
    if kind is not type(java):
        return False
    if kind in PLAIN:
        return bool(python == java)
    if kind is float:
        return bool(python == java) and python != 0  # there are two zeros
    if kind is list or kind is dict:
        text = dumps(python)
        return '"$' not in text and text == dumps(java)
    return python is java
