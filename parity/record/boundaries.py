"""Which inputs lie at a boundary of what was seen: the least, the longest, the empty, the equal.

A defect of a limit or of a tie rule shows at the boundary only, and a branch is reached far from
it as well. So each input is marked with the boundaries that it lies at, whatever they mean.
"""

from __future__ import annotations

import functools
import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from parity.values.form import Form

Mark = tuple[str, ...]
Marks = frozenset[Mark]

Number = int | float
Cells = Sequence[tuple[int, Form]]
"""Values at one place, each with the number of its input."""

MOST_NAMES = 24
"""Members of an object beyond which their names are data, and all are one place."""
MOST_ITEMS = 8
"""Items of lists of one length beyond which all are one place."""
MOST_VALUES = 24
"""Values of one place up to which each of them is one to try."""
MOST_RELATED = 12
"""Numbers of an input beyond which they are not held against one another."""
MOST_WAYS = 60
"""Ways to behave beyond which those that fewest take have no boundaries of their own."""

KINDS = {
    type(None): "nothing",
    bool: "true or false",
    int: "number",
    float: "number",
    str: "text",
    list: "list",
}
NUMBERS = ("$int", "$float", "$decimal", "$timedelta")


def marks_of(
    inputs: Sequence[Mapping[str, Form]],
    ways: Sequence[Collection[Any] | None],
    endings: Sequence[Collection[Any]],
) -> list[Marks]:
    """The marks of each input, held against all of them.

    `ways` and `endings` say how the unit behaves on each; None where the ways are not known.

    For every place in the arguments: least and greatest numbers and lengths, those next to zero,
    nothing, each kind of value, each value where there are few, first and last texts, kinds of
    characters; in collections equal elements and their order; two numbers that are equal or next
    to each other. For every way to behave: the least and greatest that still behave so, and the
    nearest that do not.
    """
    seen = _Seen(len(inputs))
    seen.fill("$", [(number, dict(one)) for number, one in enumerate(inputs)])
    seen.limits(_takers(ways), {number for number, one in enumerate(ways) if one is not None})
    seen.limits(_takers(endings), set(range(len(inputs))))
    seen.relations()
    common = frozenset.intersection(*map(frozenset, seen.marks)) if seen.marks else frozenset()
    return [frozenset(marks) - common for marks in seen.marks]


def _takers(ways: Sequence[Collection[Any] | None]) -> dict[str, frozenset[int]]:
    """The inputs that take each way, without ways that the same ones or all take."""
    takers: dict[str, list[int]] = defaultdict(list)
    for number, taken in enumerate(ways):
        for way in set(map(str, taken or ())):
            takers[way].append(number)
    distinct: dict[frozenset[int], str] = {}
    for way, numbers in sorted(takers.items()):
        if len(numbers) < len(ways):
            distinct.setdefault(frozenset(numbers), way)
    most_taken = sorted(distinct, key=lambda numbers: (-len(numbers), distinct[numbers]))
    return {distinct[numbers]: numbers for numbers in most_taken[:MOST_WAYS]}


class _Seen:
    """Marks of all inputs, and the numbers that were seen at each place."""

    def __init__(self, count: int) -> None:
        self.marks: list[set[Mark]] = [set() for _ in range(count)]
        self.numbers: dict[str, dict[int, list[Number]]] = {}

    def fill(self, place: str, cells: Cells) -> None:
        """Looks at the values of one place, and then at what is inside of them."""
        by_kind: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        for number, form in cells:
            kind, value = _opened(form)
            by_kind[kind].append((number, value))
        for kind, found in sorted(by_kind.items()):
            self._mark(found, place, "kind", kind)
            self._values(place, kind, found)
            match kind:
                case "number":
                    self._measure(place, found)
                case "list":
                    self._items(place, found)
                case "object":
                    self._members(place, found)
                case "nothing":
                    pass
                case _:
                    self._texts(f"{place} {kind}", found)

    # ------------------------------------------------------------ one place

    def _mark(self, cells: Iterable[tuple[int, Any]], *mark: str) -> None:
        for number, _ in cells:
            self.marks[number].add(mark)

    def _measure(self, place: str, cells: Cells) -> None:
        """Numbers: the extremes, and the nearest to zero on both sides."""
        known = self.numbers.setdefault(place, {})
        ordered: list[tuple[int, Number]] = []
        for number, value in cells:
            if isinstance(value, int | float) and not math.isnan(value):
                known.setdefault(number, []).append(value)
                ordered.append((number, value))
            else:
                self._mark([(number, value)], place, "not a number")
        values = {value for _, value in ordered}
        above = min((value for value in values if value > 0), default=None)
        below = max((value for value in values if value < 0), default=None)
        ends = {"least": min(values, default=None), "greatest": max(values, default=None)}
        for name, end in (ends | {"zero": 0, "above zero": above, "below zero": below}).items():
            if end is not None:
                self._mark([cell for cell in ordered if cell[1] == end], place, name)

    def _values(self, place: str, kind: str, cells: Cells) -> None:
        """Each value of a place that has only a few: one of them may be a limit."""
        if kind in ("nothing", "list", "object"):
            return
        values: dict[str, list[tuple[int, Form]]] = defaultdict(list)
        for number, value in cells:
            values[repr(value)].append((number, value))
            if len(values) > MOST_VALUES:
                return
        for text, found in values.items():
            self._mark(found, place, "value", text)

    def _texts(self, place: str, cells: Cells) -> None:
        """Texts: their lengths, the first and the last, and kinds of characters."""
        texts: dict[str, list[tuple[int, Form]]] = defaultdict(list)
        for number, value in cells:
            texts[str(value)].append((number, value))
        self._measure(
            f"{place} length", [(n, len(text)) for text, found in texts.items() for n, _ in found]
        )
        self._mark(texts[min(texts)], place, "first")
        self._mark(texts[max(texts)], place, "last")
        for text, found in texts.items():
            marks = {(place, *_script(one)) for one in set(text)}
            for number, _ in found:
                self.marks[number] |= marks

    def _items(self, place: str, cells: Sequence[tuple[int, list[Form]]]) -> None:
        """Lists: their lengths, what their items have in common, and the items."""
        self._measure(f"{place} length", [(number, len(items)) for number, items in cells])
        for number, items in cells:
            self._compare(place, number, items)
        lengths = {len(items) for _, items in cells}
        alike = len(lengths) == 1 and max(lengths) <= MOST_ITEMS
        columns: dict[str, list[tuple[int, Form]]] = defaultdict(list)
        for number, items in cells:
            for index, item in enumerate(items):
                columns[str(index) if alike else "*"].append((number, item))
        for name, column in sorted(columns.items()):
            self.fill(f"{place}[{name}]", column)

    def _members(self, place: str, cells: Sequence[tuple[int, dict[str, Form]]]) -> None:
        """Objects: how many members, which are missing, and what the members are."""
        names = {name for _, members in cells for name in members}
        data = len(names) > MOST_NAMES
        self._measure(f"{place} length", [(number, len(members)) for number, members in cells])
        columns: dict[str, list[tuple[int, Form]]] = defaultdict(list)
        for number, members in cells:
            self._compare(place, number, list(members.values()))
            for name in [] if data else names - members.keys():
                self.marks[number].add((place, "without", name))
            for name, value in members.items():
                columns["*" if data else name].append((number, value))
        if data:
            self._texts(f"{place} name", [(n, name) for n, members in cells for name in members])
        for name, column in sorted(columns.items()):
            self.fill(f"{place}.{name}", column)

    # ------------------------------------------------------------ values beside one another

    def _compare(self, place: str, number: int, values: Sequence[Form]) -> None:
        """Equal ones and the order among the elements of one collection, or among their members."""
        opened = [_opened(value) for value in values]
        kinds = {kind for kind, _ in opened}
        if len(opened) < 2 or len(kinds) != 1:
            return
        (kind,) = kinds
        found: list[Any] = [value for _, value in opened]
        if kind in ("number", "text"):
            self.marks[number].update((place, name) for name in _order(found))
        elif kind == "object":
            for name in sorted(set(found[0]).intersection(*found))[:MOST_NAMES]:
                self._compare_all(f"{place}.*.{name}", number, [one[name] for one in found])
        elif kind == "list":
            for index in range(min(MOST_ITEMS, *map(len, found))):
                self._compare_all(f"{place}[*][{index}]", number, [one[index] for one in found])

    def _compare_all(self, place: str, number: int, values: Sequence[Form]) -> None:
        opened = [_opened(value) for value in values]
        kinds = {kind for kind, _ in opened}
        if kinds <= {"number"} or kinds <= {"text"}:
            names = _order([value for _, value in opened])
            self.marks[number].update((place, name) for name in names)

    def relations(self) -> None:
        """Numbers of one input that are equal, or nearer to each other than in all other inputs."""
        several = {
            place: {number: set(values) for number, values in found.items()}
            for place, found in sorted(self.numbers.items())
            if len({value for values in found.values() for value in values}) > 1
        }
        if len(several) > MOST_RELATED:
            return
        places = list(several)
        for index, place in enumerate(places):
            for other in places[index + 1 :]:
                self._relate(place, several[place], other, several[other])

    def _relate(
        self, place: str, ones: dict[int, set[Number]], other: str, others: dict[int, set[Number]]
    ) -> None:
        gaps: dict[str, list[tuple[int, float]]] = {"above": [], "below": []}
        for number in ones.keys() & others.keys():
            if ones[number] & others[number]:
                self.marks[number].add((place, "equals", other))
            if len(ones[number]) == len(others[number]) == 1:
                (one,), (two,) = ones[number], others[number]
                gaps["above" if one > two else "below"].append((number, _gap(one, two)))
        for side, found in gaps.items():
            least = min((gap for _, gap in found if gap), default=math.inf)
            self._mark([cell for cell in found if cell[1] == least], place, side, other)

    # ------------------------------------------------------------ ways to behave

    def limits(self, takers: Mapping[str, frozenset[int]], among: Collection[int]) -> None:
        """Where behaviour changes: the outermost that take a way, the nearest that do not."""
        for place, found in sorted(self.numbers.items()):
            for name, end in (("least", min), ("greatest", max)):
                values = {n: end(several) for n, several in found.items() if n in among}
                if len(set(values.values())) < 2:
                    continue
                for way, taking in takers.items():
                    self._limit(f"{place} {name}", way, values, taking)

    def _limit(
        self, place: str, way: str, values: Mapping[int, Number], taking: frozenset[int]
    ) -> None:
        inside = [value for number, value in values.items() if number in taking]
        outside = sorted(value for number, value in values.items() if number not in taking)
        if not inside or not outside:
            return
        low, high = min(inside), max(inside)
        before, after = bisect_left(outside, low), bisect_right(outside, high)
        below = outside[before - 1] if before else None
        above = outside[after] if after < len(outside) else None
        if below is None and above is None:
            return  # behaviour does not hang on this number alone
        for number, value in values.items():
            if number in taking and value == low and below is not None:
                self.marks[number].add((place, "the least", way))
            elif number in taking and value == high and above is not None:
                self.marks[number].add((place, "the greatest", way))
            elif number not in taking and value in (below, above):
                self.marks[number].add((place, "not any more", way))


def _gap(one: Number, other: Number) -> float:
    """How far apart two numbers are."""
    try:
        return abs(float(one - other))
    except OverflowError:
        return math.inf


def _order(values: Sequence[Any]) -> Iterable[str]:
    """What a list of numbers or of texts is like: equal ones, those at its ends, its order."""
    if len(values) < 2:
        return
    ordered = sorted(values)
    if len(set(ordered)) == 1:
        yield "all equal"
        return
    if len(set(ordered)) < len(ordered):
        yield "equal"
    if ordered[0] == ordered[1]:
        yield "equal least"
    if ordered[-1] == ordered[-2]:
        yield "equal greatest"
    given = list(values)
    yield "rising" if given == ordered else "falling" if given == ordered[::-1] else "mixed"


@functools.cache
def _script(one: str) -> tuple[str, str]:
    """The kind of a character, and where its code is."""
    place = "ascii" if one < "\x80" else "wide" if one > "\uffff" else "other"
    return place, unicodedata.category(one)


def _opened(form: Form) -> tuple[str, Any]:
    """The kind of a value, and what is inside of it."""
    kind = KINDS.get(type(form))
    if kind is not None:
        return kind, form
    assert isinstance(form, dict)
    match form:
        case {"$object": [str(), dict(fields)]}:
            return "object", fields
        case {"$enum": [_, name]}:
            return "member", name
    tag = next(iter(form), "")
    if len(form) != 1 or not tag.startswith("$"):
        return "object", form
    inside = form[tag]
    if isinstance(inside, list):
        return "list", inside
    return ("number", _number(str(inside))) if tag in NUMBERS else (tag, inside)


def _number(text: str) -> Number:
    """The number that a form says; there are kinds of NaN that only a Decimal knows."""
    if text.lstrip("+-").isdecimal():
        return int(text)
    return math.nan if "nan" in text.lower() else float(text)
