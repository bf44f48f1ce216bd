"""Inputs near those that are known, on which causes that explain the same may part."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from parity.model import Fixture, Form
from parity.values.form import read_float, write_float

PROBED = 6
MOST = 24
NESTED = 4


def probes(fixtures: Sequence[Fixture]) -> list[Fixture]:
    """Fixtures near the first of those given, each changed in one place; at most MOST."""
    plain = [
        one for one in fixtures if one.steps is None and one.world is None and not one.has_self
    ]
    each = [_near(one) for one in plain[:PROBED]]
    found: dict[str, Fixture] = {repr((one.args, one.kwargs)): one for one in plain}
    known = set(found)
    made: list[Fixture] = []
    for round_ in itertools.zip_longest(*each):
        for one in round_:
            if one is None or len(made) == MOST:
                continue
            text = repr((one.args, one.kwargs))
            if text not in known:
                known.add(text)
                made.append(one)
    return [
        Fixture(f"probe-{number}", one.args, one.kwargs, 0) for number, one in enumerate(made, 1)
    ]


def _near(fixture: Fixture) -> Iterator[Fixture]:
    args = list(fixture.args)
    columns = [list(_others(arg, 0)) for arg in args]
    for row in itertools.zip_longest(*columns, fillvalue=_NOTHING):
        for index, value in enumerate(row):
            if value is not _NOTHING:
                changed = [*args[:index], value, *args[index + 1 :]]
                yield Fixture("", changed, fixture.kwargs, 0)
    for one, other in itertools.combinations(range(len(args)), 2):
        if _shape(args[one]) == _shape(args[other]):
            changed = list(args)
            changed[one], changed[other] = changed[other], changed[one]
            yield Fixture("", changed, fixture.kwargs, 0)


_NOTHING = object()


def _shape(form: Form) -> str:
    """What kind of value it is, roughly: those of one kind may change places."""
    if isinstance(form, float) or (isinstance(form, dict) and "$float" in form):
        return "float"
    if isinstance(form, dict) and "$int" in form:
        return "int"
    return type(form).__name__


def _others(form: Form, depth: int) -> Iterator[Form]:
    """Values of the same shape near this one."""
    if isinstance(form, bool):
        yield not form
    elif isinstance(form, int):
        yield from (-form, form + 1, form - 1, 0)
    elif isinstance(form, float):
        yield from (-form if form else 1.0, form + 0.5, form * 0.5, write_float(-form or -0.0), 1.0)
    elif isinstance(form, str):
        yield from _texts(form)
    elif isinstance(form, list):
        yield from _lists(form, depth)
    elif isinstance(form, dict):
        yield from _dicts(form, depth)


def _texts(text: str) -> Iterator[str]:
    yield text[1:]
    yield text[:-1]
    yield text + text
    yield text.swapcase()
    yield text[::-1] if text.isascii() else "a" + text
    yield "b" + text
    yield ""


def _lists(items: list[Form], depth: int) -> Iterator[Form]:
    if items:
        yield items[:-1]
        yield items[::-1]
        yield items + items[:1]
    if depth < NESTED:
        for index, item in enumerate(items[:NESTED]):
            for other in itertools.islice(_others(item, depth + 1), 2):
                yield [*items[:index], other, *items[index + 1 :]]


def _dicts(form: dict[str, Form], depth: int) -> Iterator[Form]:
    if len(form) == 1 and next(iter(form)).startswith("$"):
        ((tag, value),) = form.items()
        if tag == "$int":
            yield {"$int": str(-int(value))}
            yield {"$int": str(int(value) - 1)}
            yield 1
        elif tag == "$float":
            number = read_float(value)
            yield write_float(-number)
            yield -1.0
            yield 1.5
        return
    for name in list(form)[:NESTED]:
        yield {key: one for key, one in form.items() if key != name}
        if depth < NESTED:
            for other in itertools.islice(_others(form[name], depth + 1), 2):
                yield {**form, name: other}
