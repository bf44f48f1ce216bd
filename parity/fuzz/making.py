"""Makes values of a shape: at the edges, at random, and from a value that there is."""

from __future__ import annotations

import itertools
import json
import math
import random
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.fuzz.edges import BLANKS, CLASSES, LETTERS, LONE, Edges, couples, rarer
from parity.fuzz.shapes import (
    ANYTHING,
    NONE,
    AnyOf,
    Anything,
    Choice,
    Fields,
    Items,
    Pairs,
    Scalar,
    Shape,
    any_of,
    branches,
    fits,
    items_of,
    kind_of,
    number_of,
    of_form,
    pairs_of,
    tag_of,
    takes_none,
)
from parity.fuzz.tagged import any_bytes, near_tagged
from parity.model import Form
from parity.values.form import dumps, write

DEEPEST: Final = 4
UNKNOWN: Final = any_of([Scalar("int"), Scalar("str"), Scalar("float"), Scalar("bool"), NONE])
"""What is tried where nothing at all is known."""
WORDS: Final = ("id", "name", "town", "x", "unit", "Size", "b", "status", "aa", "Zone", "k10", "k9")
DIGITS: Final = re.compile("[0-9]{1,18}")
Donors = Sequence[Form]


@dataclass(slots=True)
class Maker:
    """Makes values for one unit, by its edges and a source of chance."""

    edges: Edges
    random: random.Random
    nulls: bool = False
    """Whether None is among the ordinary values where a shape has others too."""
    ceiling: int | None = None
    """Most whole numbers made by chance stay below it, once a larger one has taken too much."""
    _texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._texts = list(self.edges.texts)

    # ------------------------------------------------------------ at the edges

    def at_edges(self, shape: Shape, depth: int = 0) -> Iterator[Form]:
        """Values at the edges, those that are tried first first."""
        several = [self._at_edges(one, depth) for one in self._ordinary(shape)]
        for row in itertools.zip_longest(*several, fillvalue=_NOTHING):
            yield from (one for one in row if one is not _NOTHING)
        if not self.nulls and NONE in branches(shape) and len(branches(shape)) > 1:
            yield None

    def _ordinary(self, shape: Shape) -> Sequence[Shape]:
        every = branches(UNKNOWN if isinstance(shape, Anything) else shape)
        if self.nulls or len(every) == 1:
            return every
        return [one for one in every if one != NONE] or every

    def _at_edges(self, shape: Shape, depth: int) -> Iterator[Form]:
        match shape:
            case Scalar(kind, low, high):
                yield from self.edges.scalars(kind, low, high)
            case Choice(forms):
                yield from map(json.loads, forms)
            case Items(kind, of, each):
                for items in self._items(of, each, depth):
                    yield packed(kind, items)
            case Pairs(keys, of):
                yield from self._dicts(keys, of, depth)
            case Fields():
                yield from self._records(shape, depth)

    def _first(self, shape: Shape, count: int, depth: int) -> list[Form]:
        return list(itertools.islice(self.at_edges(shape, depth), count))

    def _items(self, of: Shape, each: Sequence[Shape] | None, depth: int) -> Iterator[list[Form]]:
        if depth >= DEEPEST:
            yield []
            return
        if each is not None:
            columns = [self._first(one, 12, depth + 1) or [None] for one in each]
            for index in range(max((len(column) for column in columns), default=0)):
                yield [column[index % len(column)] for column in columns]
            return
        known = self._first(of, 160 if depth == 0 else 24, depth + 1)
        yield []
        short = self._short_lists(known)
        yield from itertools.islice(short, 12)
        yield from map(list, itertools.islice(coupled(of, of), 24))
        if NONE in branches(of) or of == ANYTHING:
            yield [None]
            yield [*known[1:2], None, *known[:1]]
        yield from short
        yield from ([one] for one in known)
        for size in (2, 3, 5, 4):
            yield from (known[at : at + size] for at in range(0, len(known) - size, size))
        if depth == 0:
            yield from ([one] * 10 for one in known[:12])
            yield list(reversed(known[:12]))
            yield known[:40]

    def _short_lists(self, known: Sequence[Form]) -> Iterator[list[Form]]:
        few = known[:6]
        for size in (1, 2, 3):
            yield from map(list, itertools.islice(itertools.product(few, repeat=size), 60))

    def _dicts(self, keys: Shape, of: Shape, depth: int) -> Iterator[Form]:
        yield {}
        if depth >= DEEPEST:
            return
        names = list(
            dict.fromkeys([*self._names(keys), *map(dumps, self._first(keys, 40, depth + 1))])
        )
        values = self._first(of, 30, depth + 1) or [None]
        decoded = [json.loads(name) for name in names]
        for index, key in enumerate(decoded[:40]):
            yield paired([(key, values[index % len(values)])])
        for value in values:
            yield paired([(decoded[0], value)]) if decoded else {}
        for size in (2, 3, 5, 9):
            chosen = decoded[:size]
            yield paired([(key, values[at % len(values)]) for at, key in enumerate(chosen)])
            yield paired([(key, values[0]) for key in reversed(chosen)])
        if NONE in branches(of) and decoded:
            yield paired([(decoded[0], None)])

    def _names(self, keys: Shape) -> list[str]:
        if Scalar("str") not in branches(keys) and keys != ANYTHING:
            return []
        return [dumps(one) for one in (*self.edges.vocabulary, *WORDS)]

    def _records(self, shape: Fields, depth: int) -> Iterator[Form]:
        columns = {name: self._first(one, 30, depth + 1) or [None] for name, one in shape.fields}
        base = {name: column[0] for name, column in columns.items()}
        yield shaped(shape, base)
        for index in range(1, 30):
            for name, column in columns.items():
                if index < len(column):
                    yield shaped(shape, base | {name: column[index]})
        for name, one in shape.fields:
            if takes_none(one):
                yield shaped(shape, base | {name: None})
        for name in columns:
            if name not in shape.always:
                yield shaped(shape, {key: one for key, one in base.items() if key != name})
        yield shaped(shape, {name: base[name] for name in columns if name in shape.always})

    # ------------------------------------------------------------ at random

    def sample(self, shape: Shape, depth: int = 0) -> Form:
        """A value of the shape."""
        one = self.random.choice(self._ordinary(shape))
        match one:
            case Scalar(kind, low, high):
                return self._scalar(kind, low, high)
            case Choice(forms):
                return json.loads(self.random.choice(forms))
            case Items(kind, of, each):
                if each is not None:
                    return packed(kind, [self.sample(x, depth + 1) for x in each])
                return packed(kind, self._list(of, depth))
            case Pairs(keys, of):
                size = self._size(depth)
                names = self._names(keys)
                made = []
                for _ in range(size):
                    named = names and self.random.random() < 0.6
                    key = (
                        json.loads(self.random.choice(names))
                        if named
                        else self.sample(keys, depth + 1)
                    )
                    made.append((key, self.sample(of, depth + 1)))
                return paired(made)
            case Fields(fields=fields, always=always):
                chosen = {
                    name: self.sample(x, depth + 1)
                    for name, x in fields
                    if name in always or self.random.random() < 0.7
                }
                return shaped(one, chosen)
        return None

    def _size(self, depth: int) -> int:
        if depth >= DEEPEST:
            return 0
        return min(int(self.random.expovariate(0.35 if depth == 0 else 0.6)), 24)

    def _list(self, of: Shape, depth: int) -> list[Form]:
        size = self._size(depth)
        made: list[Form] = []
        for _ in range(size):
            again = made and self.random.random() < 0.25
            made.append(self.random.choice(made) if again else self.sample(of, depth + 1))
        if made and self.random.random() < 0.1:
            made = sorted(made, key=dumps)
        return made

    def _scalar(self, kind: str, low: int | None, high: int | None) -> Form:
        chance = self.random
        match kind:
            case "None":
                return None
            case "bool":
                return chance.random() < 0.5
            case "int":
                return write(self._int(low, high), "$")
            case "float":
                return write(self._float(), "$")
            case "str":
                return self._text()
            case "bytes":
                return any_bytes(chance)
            case "char":
                text = chance.choice(CLASSES) if chance.random() < 0.4 else chance.choice(LETTERS)
                return text if ord(text) < 0x10000 else "a"
            case "Decimal":
                digits = chance.randrange(10 ** chance.randrange(1, 12))
                return {"$decimal": f"{chance.choice(('', '-'))}{digits}E-{chance.randrange(6)}"}
            case "timedelta":
                return write_seconds(self._int(-(10**9), 10**9), chance.choice(("", "", ".5")))
            case "date":
                return {"$date": self._day()}
            case "datetime":
                clock = [chance.randrange(most) for most in (24, 60, 60)]
                return {"$datetime": self._day() + "T" + ":".join(f"{one:02}" for one in clock)}
        rare = list(self.edges.scalars(kind, low, high)) or list(rarer(kind))
        return chance.choice(rare) if rare else None

    def _day(self) -> str:
        chance = self.random
        year, month, day = (chance.randrange(1, most) for most in (9999, 13, 29))
        return f"{year:04}-{month:02}-{day:02}"

    def _int(self, low: int | None, high: int | None) -> int:
        chance = self.random
        least = -(2**70) if low is None else low
        most = 2**70 if high is None else high
        roll = chance.random()
        if roll < 0.35:
            number = chance.randrange(-20, 101)
        elif roll < 0.55 and self.edges.ints:
            number = chance.choice(self.edges.ints)
        else:
            number = chance.getrandbits(chance.randrange(1, 66)) * chance.choice((1, 1, -1))
        if self.ceiling is not None and chance.random() < 0.8:
            number = number % self.ceiling
        return number if least <= number <= most else least + abs(number) % (most - least + 1)

    def _float(self) -> float:
        chance = self.random
        roll = chance.random()
        if roll < 0.25:
            return float(chance.choice(self.edges.floats))
        if roll < 0.6:
            whole = chance.randrange(10 ** chance.randrange(1, 7)) * chance.choice((1, -1))
            return float(whole / 10 ** chance.randrange(0, 5))
        if roll < 0.75:
            return float((chance.randrange(-2000, 2000) + 0.5) / 10 ** chance.randrange(0, 4))
        if roll < 0.9:
            return chance.uniform(-1, 1) * 10.0 ** chance.randrange(-12, 24)
        return math.ldexp(chance.random() - 0.5, chance.randrange(-1000, 1000))

    def _text(self) -> str:
        chance = self.random
        roll = chance.random()
        if roll < 0.3:
            return chance.choice(self._texts)
        if roll < 0.4 and self.edges.vocabulary:
            return "".join(
                chance.choice(self.edges.vocabulary) for _ in range(chance.randrange(1, 4))
            )
        made = []
        odd = chance.choice((0.0, 0.1, 0.3, 0.6))
        for _ in range(min(int(chance.expovariate(0.2)), 40)):
            made.append(chance.choice(CLASSES if chance.random() < odd else LETTERS))
        return "".join(made)

    # ------------------------------------------------------------ from a value

    def mutated(self, form: Form, shape: Shape, donors: Donors, depth: int = 0) -> Form:
        """The value with one change somewhere in it."""
        shape = _of_value(form, shape)
        parts = _parts(form)
        if parts and depth < 12 and self.random.random() < len(parts) / (len(parts) + 1.5):
            at = self.random.randrange(len(parts))
            inner = _inner(shape, form, at)
            return with_part(form, at, self.mutated(parts[at], inner, donors, depth + 1))
        changes = self._changes(form, shape, donors)
        return changes if changes is not _NOTHING else self.sample(shape, depth)

    def _changes(self, form: Form, shape: Shape, donors: Donors) -> Any:
        chance = self.random
        roll = chance.random()
        if roll < 0.12 and donors:
            return chance.choice(donors)
        if roll < 0.2:
            return self.sample(shape)
        number = number_of(form)
        if type(form) is bool:
            return not form
        if number is not None:
            return write(self._number(number, donors), "$")
        if type(form) is str:
            return self._changed_text(form)
        if (items := items_of(form)) is not None:
            return repacked(form, self._changed_items(items, shape))
        if (pairs := pairs_of(form)) is not None:
            return self._changed_pairs(pairs, shape)
        near = list(near_tagged(form))
        return chance.choice(near) if near else _NOTHING

    def _number(self, number: int | float, donors: Donors) -> int | float:
        chance = self.random
        if isinstance(number, float):
            if not math.isfinite(number):
                return float(chance.choice(self.edges.floats))
            steps: list[float] = [number + 1, number - 1, -number, number * 10, number / 10]
            steps += [number + 0.5, number * 2, math.nextafter(number, math.inf), number / 3]
            steps += [float(round(number)) if abs(number) < 1e15 else -number, round(number, 2)]
            return float(chance.choice(steps))
        whole = [number + 1, number - 1, -number, number * 2, number * 10, number // 2]
        whole += [number * number, number + chance.choice(self.edges.ints), ~number]
        whole += [len(one) for one in donors if type(one) in (str, list)]
        whole += [number ^ (1 << chance.randrange(64)), number * chance.choice(self.edges.ints)]
        return chance.choice(whole)

    def _character(self) -> str:
        if self.random.random() < 0.5:
            return self.random.choice(CLASSES)
        return chr(self.random.randrange(32, 127))

    def _changed_text(self, text: str) -> str:
        chance = self.random
        at = chance.randrange(len(text) + 1)
        to = min(len(text), at + chance.randrange(1, 4))
        roll = chance.randrange(14)
        if roll < 3:
            return text[:at] + self._character() + text[at:]
        if roll < 5 and text:
            return text[: at and at - 1] + self._character() + text[at or 1 :]
        if roll == 5:
            return text[:at] + text[to:]
        if roll == 6:
            return text[:to] + text[at:]
        if roll == 7 and text:
            at = min(at, len(text) - 1)
            return text[:at] + alike(text[at], chance) + text[at + 1 :]
        if roll == 8:
            return chance.choice((text.upper(), text.lower(), text.swapcase(), text.title()))
        if roll == 9:
            return text + text if len(text) < 200 else text[: len(text) // 2]
        if roll == 10:
            return text[:at] + chance.choice(self._texts) + text[at:]
        if roll == 11 and len(text) > 1:
            at = min(at, len(text) - 2)
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if roll == 12:
            return text[::-1]
        blank = chance.choice(BLANKS)
        return chance.choice((text + blank, blank + text, text.replace(" ", blank)))

    def _changed_items(self, items: list[Form], shape: Shape) -> list[Form]:
        chance = self.random
        of = shape.of if isinstance(shape, Items) else ANYTHING
        at = chance.randrange(len(items) + 1)
        match chance.randrange(9):
            case 0 if items:
                return items[: at and at - 1] + items[at or 1 :]
            case 1:
                return [*items[:at], self.sample(of, 1), *items[at:]]
            case 2 if items:
                return [*items[:at], chance.choice(items), *items[at:]]
            case 3 if len(items) > 1:
                other = list(items)
                one, two = chance.randrange(len(items)), chance.randrange(len(items))
                other[one], other[two] = other[two], other[one]
                return other
            case 4:
                return items[::-1]
            case 5:
                return sorted(items, key=dumps)
            case 6:
                return items[at:]
            case 7:
                return items + items if len(items) < 50 else items[: len(items) // 2]
            case _:
                return []

    def _changed_pairs(self, pairs: list[tuple[Form, Form]], shape: Shape) -> Form:
        chance = self.random
        at = chance.randrange(len(pairs) + 1)
        match chance.randrange(4):
            case 0 if pairs:
                return paired(pairs[: at and at - 1] + pairs[at or 1 :])
            case 1 if isinstance(shape, Pairs):
                added = (self.sample(shape.keys, 1), self.sample(shape.of, 1))
                return paired([*pairs[:at], added, *pairs[at:]])
            case 2:
                return paired(pairs[::-1])
            case 3 if pairs:
                at = min(at, len(pairs) - 1)
                return paired([*pairs[:at], (pairs[at][0], None), *pairs[at + 1 :]])
        return paired(pairs[::-1])

    # ------------------------------------------------------------ every single change

    def nearest(self, form: Form, shape: Shape, depth: int = 0) -> Iterator[Form]:
        """Values one small change away, in a fixed order."""
        shape = _of_value(form, shape)
        number = number_of(form)
        if type(form) is bool:
            yield not form
        elif number is not None:
            for near in near_numbers(number):
                yield write(near, "$")
        elif type(form) is str:
            yield from near_texts(form)
        elif (items := items_of(form)) is not None:
            yield from (repacked(form, one) for one in near_items(items))
        elif (pairs := pairs_of(form)) is not None:
            yield from (paired(one) for one in near_pairs(pairs))
        else:
            yield from near_tagged(form)
        parts = _parts(form)
        if depth < 8:
            several = [
                self._near_part(form, part, shape, at, depth) for at, part in enumerate(parts[:60])
            ]
            for row in itertools.zip_longest(*several, fillvalue=_NOTHING):
                yield from (one for one in row if one is not _NOTHING)

    def _near_part(
        self, form: Form, part: Form, shape: Shape, at: int, depth: int
    ) -> Iterator[Form]:
        for near in self.nearest(part, _inner(shape, form, at), depth + 1):
            yield with_part(form, at, near)


_NOTHING: Final = object()


def near_numbers(number: int | float) -> Iterator[int | float]:
    """Numbers one small step away."""
    if isinstance(number, int):
        yield from (number + 1, number - 1, -number, 0, number * 2, number * 10, number // 2)
        yield from (1, -1, number * 1000, number + 10, number + 100, -number - 1)
        return
    if not math.isfinite(number):
        yield from (0.0, 1.0, -number)
        return
    yield from (number + 1, number - 1, -number, number + 0.5, number / 10, number * 10, 0.0, -0.0)
    yield from (float(round(number)), number / 2, number / 3, number * 1000, number + 0.05)
    yield from (math.nextafter(number, math.inf), number + 0.005, number + 0.25)


def near_texts(text: str) -> Iterator[str]:
    """Texts one small step away: those of the same make first."""
    yield from near_runs(text)
    for at in dict.fromkeys((len(text), 0, len(text) // 2)):
        yield from (text[:at] + one + text[at:] for one in CLASSES)
    yield ""
    for at in dict.fromkeys((0, len(text) - 1, len(text) // 2)):
        if 0 <= at < len(text):
            yield text[:at] + text[at + 1 :]
            yield text[: at + 1] + text[at:]
            for one in mates(text[at]):
                yield text[:at] + one + text[at + 1 :]
    yield from (text.upper(), text.lower(), text.swapcase(), text.title(), text[::-1], text + text)
    for blank in BLANKS:
        if " " in text:
            yield text.replace(" ", blank)
            yield text.replace(" ", " " + blank)
        yield blank + text + blank
    for at in range(len(text) - 1):
        if at < 12 and text[at] != text[at + 1]:
            yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def near_runs(text: str) -> Iterator[str]:
    """The text with another number or another letter where it has one: it may have to be a date,
    a version or a code to mean anything."""
    for found in itertools.islice(DIGITS.finditer(text), 6):
        run = found.group()
        number, width = int(run), len(run)
        for near in (number + 1, number - 1, 0, 9, 10, number * 10, 12, 13, 28, 29, 31, 59, 60, 99):
            if near >= 0:
                yield text[: found.start()] + str(near).zfill(width) + text[found.end() :]
        yield text[: found.start()] + "0" + text[found.start() :]
    for at, character in enumerate(text[:12]):
        yield from (text[:at] + one + text[at + 1 :] for one in kin(character))


def kin(character: str) -> Iterator[str]:
    """Characters of the same class, for texts that must keep their form."""
    for first, last in (("a", "z"), ("A", "Z"), ("0", "9")):
        if first <= character <= last:
            near = (first, last, chr(ord(character) + 1), chr(ord(character) - 1))
            yield from (one for one in near if first <= one <= last and one != character)


def near_items(items: list[Form]) -> Iterator[list[Form]]:
    """Lists one small step away."""
    yield []
    for at in range(min(len(items), 8)):
        yield items[:at] + items[at + 1 :]
        yield items[: at + 1] + items[at:]
    if len(items) > 1:
        yield items[::-1]
        yield sorted(items, key=dumps)
        yield items[:1]
        yield [*items, items[0]]
        for at in range(min(len(items) - 1, 8)):
            yield [*items[:at], items[at + 1], items[at], *items[at + 2 :]]
    if items:
        yield items + items
        yield [items[0]] * len(items)


def near_pairs(pairs: list[tuple[Form, Form]]) -> Iterator[list[tuple[Form, Form]]]:
    """Dicts one small step away."""
    for at in range(min(len(pairs), 16)):
        yield pairs[:at] + pairs[at + 1 :]
        yield [*pairs[:at], (pairs[at][0], None), *pairs[at + 1 :]]
    if len(pairs) > 1:
        yield pairs[::-1]
    yield []


def mates(character: str) -> Iterator[str]:
    """Characters that look or behave like this one but are another."""
    if character.isascii() and character.isalnum():
        point = ord(character)
        yield chr(point + 0xFEE0)
        if character.isdigit():
            yield from (chr(0x660 + int(character)), chr(0x966 + int(character)))
            yield chr(0x1D7D8 + int(character))
        else:
            yield character.swapcase()
            yield chr(0x1D400 + point - (65 if character.isupper() else 71))
            yield character + "\u0301"
            composed = unicodedata.normalize("NFC", character + "\u0301")
            if len(composed) == 1:
                yield composed
            yield from {"i": "\u0131\u0130", "I": "\u0130\u0131", "s": "\u017f\u00df"}.get(
                character, ""
            )
            yield from {"k": "\u212a", "K": "\u212a", "S": "\u1e9e"}.get(character, "")


def alike(character: str, chance: random.Random) -> str:
    """One of its mates, or one of another class."""
    known = list(mates(character)) if chance.random() < 0.6 else list(kin(character))
    return chance.choice(known) if known else chance.choice(CLASSES)


def odd_texts() -> Sequence[str]:
    """Texts with halves of characters: few functions mean them, so they are tried last."""
    return LONE


def coupled(one: Shape, other: Shape) -> Iterator[tuple[Form, Form]]:
    """Values of two shapes that part the languages together."""
    for mine, theirs in itertools.product(branches(one), branches(other)):
        if isinstance(mine, Scalar) and isinstance(theirs, Scalar):
            for value, beside in couples(mine.kind, theirs.kind):
                if fits(value, mine) and fits(beside, theirs):
                    yield value, beside


# ---------------------------------------------------------------- trees of forms


def packed(kind: str, items: list[Form]) -> Form:
    """A list, tuple or set of these items."""
    if kind == "list":
        return items
    if kind == "tuple":
        return {"$tuple": items}
    unique = {_key(one): one for one in items if _is_hashable(one)}
    return {f"${kind}": [unique[key] for key in sorted(unique)]}


def _key(form: Form) -> str:
    """A text that is the same for values which are equal to python."""
    number = number_of(form)
    if type(form) is bool:
        number = int(form)
    if number is not None:
        finite = not isinstance(number, float) or math.isfinite(number)
        return f"n{int(number) if finite and number == int(number) else number}"
    return dumps(form)


def _is_hashable(form: Form) -> bool:
    if type(form) is list or (type(form) is dict and tag_of(form) is None):
        return False
    if tag_of(form) in ("$set", "$dict", "$object"):
        return False
    return all(_is_hashable(one) for one in items_of(form) or ())


def paired(pairs: Sequence[tuple[Form, Form]]) -> Form:
    """A dict of these pairs; where a key stands twice, the last value counts."""
    if all(type(key) is str and not key.startswith("$") for key, _ in pairs):
        return dict(pairs)
    unique = {_key(key): [key, value] for key, value in pairs if _is_hashable(key)}
    return {"$dict": list(unique.values())}


def shaped(shape: Fields, fields: Mapping[str, Form]) -> Form:
    """A dict or object of these fields."""
    return dict(fields) if shape.name is None else {"$object": [shape.name, dict(fields)]}


def repacked(form: Form, items: list[Form]) -> Form:
    """The same kind of container with other items."""
    tag = tag_of(form)
    return items if tag is None else packed(tag[1:], items)


def write_seconds(seconds: int, fraction: str) -> Form:
    """A duration."""
    return {"$timedelta": f"{seconds}{fraction}"}


def _parts(form: Form) -> list[Form]:
    """What a container holds."""
    items = items_of(form)
    if items is not None:
        return items
    if tag_of(form) == "$object":
        return list(form["$object"][1].values())
    pairs = pairs_of(form)
    return [value for _, value in pairs] if pairs is not None else []


def with_part(form: Form, at: int, part: Form) -> Form:
    """A container with another part at one place."""
    items = items_of(form)
    if items is not None:
        return repacked(form, [*items[:at], part, *items[at + 1 :]])
    if tag_of(form) == "$object":
        name, fields = form["$object"]
        key = list(fields)[at]
        return {"$object": [name, fields | {key: part}]}
    pairs = pairs_of(form) or []
    return paired([*pairs[:at], (pairs[at][0], part), *pairs[at + 1 :]])


def _of_value(form: Form, shape: Shape) -> Shape:
    """The branch of a shape to which a value belongs; the value's own where there is none."""
    kind = kind_of(form)
    for one in branches(shape):
        if _is_of(one, kind):
            return one
    return of_form(form) if isinstance(shape, Anything | AnyOf) else shape


def _is_of(shape: Shape, kind: str) -> bool:
    match shape:
        case Scalar() | Items():
            return shape.kind == kind
        case Pairs() | Fields():
            return kind == "dict"
    return False


def _inner(shape: Shape, form: Form, at: int) -> Shape:
    """The shape of a part."""
    match shape:
        case Items(_, of, each):
            return each[at] if each is not None and at < len(each) else of
        case Pairs(_, of):
            return of
        case Fields(fields=fields):
            named = form["$object"][1] if tag_of(form) == "$object" else form
            names = list(named) if isinstance(named, dict) else []
            return dict(fields).get(names[at], ANYTHING) if at < len(names) else ANYTHING
    return ANYTHING
