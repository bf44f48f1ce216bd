"""Smaller inputs that show the same difference, in rounds: many are tried at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from parity.fuzz.calls import Call, Place, Signature, calls_of_ports, value_at, with_value
from parity.fuzz.making import paired, repacked
from parity.fuzz.shapes import items_of, number_of, pairs_of, tag_of
from parity.fuzz.tagged import SIMPLER, simpler_tagged
from parity.model import Form
from parity.values.form import dumps, write

ROUND: Final = 160
ROUNDS: Final = 40
FEW: Final = 24
CUTS: Final = 2
Show = Callable[[Sequence[Call]], Sequence[bool]]
"""Whether each of some calls shows the difference still."""


def shrunk(call: Call, signature: Signature, shows: Show, *, ends: Callable[[], bool]) -> Call:
    """The smallest call that was found to show the same; ends early where `ends` says so."""
    best = _cut(call, shows, ends)
    tried: set[str] = {dumps(best)}
    for _ in range(ROUNDS):
        smaller = _round(best, signature, tried)
        if not smaller or ends():
            return best
        good = [one for one, same in zip(smaller, shows(smaller), strict=True) if same]
        if good:
            best = min(good, key=size)
    return best


def _cut(call: Call, shows: Show, ends: Callable[[], bool]) -> Call:
    """The call with fewer steps: a few calls tell most of what there is to be left out.

    So some of that is done where time is up as well: who has to read twelve steps sees nothing.
    """
    best = call
    for cut in range(ROUNDS):
        if cut >= CUTS and ends():
            break
        shorter = [{**best, "steps": one} for one in _shorter(list(best.get("steps") or ()))][:FEW]
        good = [one for one, same in zip(shorter, shows(shorter), strict=True) if same]
        if not good:
            break
        best = min(good, key=size)
    return best


def size(call: Call) -> tuple[Any, ...]:
    """Smaller is simpler: fewer parts, shorter texts and numbers, then plainer ones."""
    told = {key: value for key, value in call.items() if key != "world"}
    replies = [one.get("returned") for one in calls_of_ports(call)]
    return _size({**told, "ports": replies} if replies else told)


def _size(form: Form) -> tuple[int, int, float, str]:
    text = dumps(form)
    parts, weight = _weigh(form)
    return parts, len(text), weight, text


def _weigh(form: Form) -> tuple[int, float]:
    """How many parts and characters a value has, and how odd they are."""
    number = number_of(form)
    if isinstance(form, bool) or form is None:
        return 1, 0.0
    if number is not None:
        odd = 0.0 if number == number and abs(number) != math.inf else 50.0
        digits = len(str(number))
        return 1, odd + digits * 8 + (4.0 if number < 0 else 0.0) + 2.0 * isinstance(number, float)
    if isinstance(form, str):
        return 1 + len(form), float(sum(_oddness(one) for one in form))
    items = items_of(form)
    if items is None and tag_of(form) == "$object":
        items = list(form["$object"][1].values())
    if items is None and (pairs := pairs_of(form)) is not None:
        items = [one for pair in pairs for one in pair]
    if items is None:
        return 1, float(len(dumps(form)))
    weighed = [_weigh(one) for one in items]
    return 1 + sum(parts for parts, _ in weighed), sum(weight for _, weight in weighed)


def _oddness(character: str) -> int:
    if "a" <= character <= "z":
        return 1 + ord(character) - ord("a")
    return 40 + min(ord(character), 0xFFFF) // 64


def _round(call: Call, signature: Signature, tried: set[str]) -> list[Call]:
    """Simpler calls that were not tried yet, the boldest first."""
    least = size(call)
    found: list[Call] = []
    for one in _simpler_calls(call, signature):
        text = dumps(one)
        if text in tried or size(one) >= least:
            continue
        tried.add(text)
        found.append(one)
        if len(found) == ROUND:
            break
    return found


def _simpler_calls(call: Call, signature: Signature) -> Iterator[Call]:
    steps = call.get("steps")
    if steps:
        for shorter in _shorter(list(steps)):
            yield {**call, "steps": shorter}
    places = [slot.place for slot in signature.slots(call)]
    streams = [_simpler_at(call, place) for place in places]
    for index, place in enumerate(places):
        same = [one for one in places[index:] if _is_same(call, one, place)]
        if len(same) > 1:
            streams.append(_simpler_together(call, same))
    while streams:
        for stream in list(streams):
            one = next(stream, None)
            if one is None:
                streams.remove(stream)
            else:
                yield one


def _simpler_at(call: Call, place: Place) -> Iterator[Call]:
    for value in simpler(value_at(call, place)):
        yield with_value(call, place, value)


def _is_same(call: Call, one: Place, other: Place) -> bool:
    return dumps(value_at(call, one)) == dumps(value_at(call, other))


def _simpler_together(call: Call, places: Sequence[Place]) -> Iterator[Call]:
    for value in simpler(value_at(call, places[0])):
        made = call
        for place in places:
            made = with_value(made, place, value)
        yield made


def simpler(form: Form) -> Iterator[Form]:
    """Values that are simpler than this one, of its own type, the boldest first."""
    number = number_of(form)
    if form is None:
        return
    if isinstance(form, bool):
        if form:
            yield False
    elif number is not None:
        for one in _simpler_numbers(number):
            yield write(one, "$")
    elif isinstance(form, str):
        yield from _simpler_texts(form)
    elif tag_of(form) in SIMPLER:
        yield from simpler_tagged(form)
    elif (items := items_of(form)) is not None:
        yield from (repacked(form, one) for one in _shorter(items))
        for item in _often(items):
            for one in simpler(item):
                yield repacked(form, [one if other == item else other for other in items])
        for at, item in enumerate(items[:40]):
            for one in simpler(item):
                yield repacked(form, [*items[:at], one, *items[at + 1 :]])
    elif tag_of(form) == "$object":
        name, fields = form["$object"]
        for key, value in fields.items():
            for one in simpler(value):
                yield {"$object": [name, {**fields, key: one}]}
    elif (pairs := pairs_of(form)) is not None:
        yield from (paired(one) for one in _shorter(pairs))
        for at, (key, value) in enumerate(pairs[:40]):
            for one in simpler(value):
                yield paired([*pairs[:at], (key, one), *pairs[at + 1 :]])
        for at, (key, value) in enumerate(pairs[:40]):
            for one in simpler(key):
                yield paired([*pairs[:at], (one, value), *pairs[at + 1 :]])


def _often(items: list[Form]) -> list[Form]:
    """What a list holds more than once: it may have to stay equal."""
    known: dict[str, list[Form]] = {}
    for item in items[:200]:
        known.setdefault(dumps(item), []).append(item)
    return [some[0] for some in known.values() if len(some) > 1]


def _shorter(items: list[Any]) -> Iterator[list[Any]]:
    """The list with runs of items left out, long runs first."""
    if not items:
        return
    yield []
    run = len(items) // 2
    while run:
        for start in range(0, len(items), run):
            yield items[:start] + items[start + run :]
        run //= 2


def _simpler_numbers(number: int | float) -> Iterator[int | float]:
    if isinstance(number, int):
        yield from (0, 1, 2, -1, 3)
        if number < 0:
            yield -number
        magnitude, sign = abs(number), 1 if number > 0 else -1
        for bits in range(magnitude.bit_length() - 1, 0, -1):
            yield sign * (magnitude >> bits)
            yield sign * (magnitude - (magnitude >> bits))
        for power in range(len(str(magnitude)) - 1, 0, -1):
            yield sign * (magnitude // 10**power * 10**power)
        yield sign * (magnitude - 1)
        return
    yield from (0.0, 1.0, 0.5, 2.0, -1.0, 1.5, 0.1)
    if not math.isfinite(number):
        return
    if number < 0:
        yield -number
    yield float(math.trunc(number)) if abs(number) < 1e15 else 1e15
    yield from (round(number, places) for places in range(6))
    if number:
        exponent = math.floor(math.log10(abs(number)))
        for digits in range(6):
            yield float(f"{number:.{digits}e}")
        yield float(f"1e{exponent}")
    yield from (number / 2, number / 10)


def _simpler_texts(text: str) -> Iterator[str]:
    yield ""
    for shorter in _shorter(list(text)):
        yield "".join(shorter)
    for at, character in enumerate(text[:60]):
        for plain in ("a", "b", " ", "0", "A"):
            if _oddness(plain) < _oddness(character):
                yield text[:at] + plain + text[at + 1 :]
    for character in dict.fromkeys(text):
        if _oddness(character) > 1:
            yield text.replace(character, "a")
