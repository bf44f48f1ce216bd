"""What may be left out in Java or stand otherwise there, as plans to be tried on the python side."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from parity.diff.causes.nouns import JavaText, Looked, Meaning, Plan

CONSTANT = "other-constant/"
MOST_SLIPS = 96
MOST_CONSTANTS = 48
COMMENT = r"//[^\n]*|/\*.*?\*/"
TEXT = r'"(?:[^"\\\n]|\\.)*"'
NUMBER = r"(?<![\w.])\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?=[LlFfDd]?\b)"
LITERAL = re.compile(f"{COMMENT}|({TEXT})|({NUMBER})", re.DOTALL)


def slip_plans(
    looked: Sequence[Looked], likely: Sequence[Meaning], java: JavaText | None
) -> list[Plan]:
    """Each slip that would change something on a case that differs, `likely` ones first; then
    constants that only Python has as those that only Java's text has."""
    found = Counter(meaning for one in looked for meaning in one.found)
    chosen = [one for one in likely if not one[1].startswith(CONSTANT)]
    chosen += sorted(found, key=lambda one: (-found[one], one))
    plans: list[Plan] = [(one,) for one in dict.fromkeys(chosen)][:MOST_SLIPS]
    if java is not None:
        plans += itertools.islice(_constants(looked, java.whole or java.text), MOST_CONSTANTS)
    return plans


def _constants(looked: Sequence[Looked], java: str) -> Iterator[Plan]:
    """Python's constants that Java's text has not, as each of Java's that python has not."""
    sites: dict[str, set[int]] = {}
    for one in looked:
        for (site, key), text, _ in one.given:
            if key == CONSTANT:
                sites.setdefault(text, set()).add(site)
    written = constants_of(java)
    here = {_measure(json.loads(text)) for text in sites}
    there = {_measure(one) for one in written}
    for text, numbers in sorted(sites.items(), key=lambda one: (-len(one[0]), one)):
        mine = json.loads(text)
        if _measure(mine) in there:
            continue
        for other in written:
            if _measure(other) not in here and isinstance(other, str) == isinstance(mine, str):
                key = CONSTANT + json.dumps(_like(mine, other))
                yield tuple((site, key) for site in sorted(numbers))


def constants_of(java: str) -> list[int | float | str]:
    """The numbers and texts that stand in a text of Java, each once, in order."""
    found: dict[tuple[str, object], int | float | str] = {}
    for text, number in LITERAL.findall(java):
        value = _text(text) if text else _number(number) if number else None
        if value is not None:
            found.setdefault(_measure(value), value)
    return list(found.values())


def _text(literal: str) -> str | None:
    try:
        return str(json.loads(literal))
    except ValueError:
        return None  # an escape of Java's own


def _number(literal: str) -> int | float:
    plain = literal.replace("_", "")
    return int(plain) if plain.isdigit() else float(plain)


def _measure(value: float | str) -> tuple[str, object]:
    """What makes constants of the two languages one: a text, or a number whatever its type."""
    return ("text", value) if isinstance(value, str) else ("number", value)


def _like(mine: float | str, other: float | str) -> float | str:
    """A number of Java's as the type that python has there, where that holds it."""
    if isinstance(mine, float) and isinstance(other, int):
        return float(other)
    if isinstance(mine, int) and isinstance(other, float) and other.is_integer():
        return int(other)
    return other
