"""What may be left out in Java or stand otherwise there, as plans for the python side."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from parity.diff.causes.nouns import JavaText, Looked, Meaning, Plan, Site

Constant = int | float | str
CONSTANT = "other-constant/"
LISTED = "other-constant/listed"
"""Python has it within a constant that holds some."""
CHANGE = "left-out-step/change"
"""Without these many a loop has no end, which takes the time of many trials: they come last."""
FURTHER = ("other-variable/", "turned-round/")
"""There are so many of these that they are tried for what nothing else explains."""
VARIABLE = "other-variable/"
TWIN = "turned-round/twin"
CASES = {
    "turned-round/test": ("a case is taken where its test holds", "it is taken where it does not"),
    "turned-round/cases": ("one case is tested before the next", "the next one is tested first"),
}
STEPS = ("call", "done", "operand", "negated", "change")
SPELT = {"neg": "-"}
MOST_SLIPS = 96
MOST_FURTHER = 96
FIRST_CONSTANTS = 8
MOST_CONSTANTS = 48
COMMENT = r"//[^\n]*|/\*.*?\*/"
TEXT = r'"(?:[^"\\\n]|\\.)*"'
NUMBER = r"(?<![\w.])\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?=[LlFfDd]?\b)"
LITERAL = re.compile(f"{COMMENT}|({TEXT})|({NUMBER})", re.DOTALL)


def slip_plans(
    looked: Sequence[Looked], likely: Sequence[Meaning], constants: Sequence[Plan]
) -> list[Plan]:
    """Each slip that would change something on a case that differs, `likely` ones first; and
    `constants` that only Python has as those that only Java's text has, those most alike before the
    other slips."""
    others = (CONSTANT, *FURTHER)
    found = Counter(one for each in looked for one in each.found if not one[1].startswith(FURTHER))
    plans: list[Plan] = [(one,) for one in likely if not one[1].startswith(others)]
    plans += constants[:FIRST_CONSTANTS]
    ordered = sorted(found, key=lambda one: (one[1] == CHANGE, -found[one], one))
    plans += [(one,) for one in ordered[:MOST_SLIPS]]
    plans += constants[FIRST_CONSTANTS:MOST_CONSTANTS]
    return list(dict.fromkeys(plans))


def further_plans(
    looked: Sequence[Looked], likely: Sequence[Meaning], constants: Sequence[Plan]
) -> list[Plan]:
    """Variables as others that are there, and what may stand the other way round, `likely` ones
    first; and `constants` of which one stands on the other side as well."""
    found = Counter(one for each in looked for one in each.found if one[1].startswith(FURTHER))
    ordered = [one for one in likely if one[1].startswith(FURTHER)]
    ordered += sorted(found, key=lambda one: (-found[one], one[1].startswith(VARIABLE), one))
    plans: list[Plan] = [(one,) for one in dict.fromkeys(ordered)]
    return [*constants[:FIRST_CONSTANTS], *plans[:MOST_FURTHER]]


def said(key: str, site: Site | None) -> tuple[str, str] | None:
    """What python has at the site of a slip and what java has, in words, where there is more to be
    said than of all such."""
    if key.startswith(CONSTANT):
        mine, other = site.what if site is not None else "", json.loads(key[len(CONSTANT) :])
        if isinstance(other, list):
            mine, other = json.dumps(other[0]), other[1]
        return f"{mine or 'another'} stands there", f"{json.dumps(other)} stands in its place"
    if key.startswith(FURTHER):
        return _said_further(key, site)
    if site is None or site.kind not in STEPS or not site.what:
        return None
    step = f"{site.what}(…)" if site.kind in ("call", "done") else SPELT.get(site.what, site.what)
    return f"`{step}` changes a value, or does something", "there is no such step"


def _said_further(key: str, site: Site | None) -> tuple[str, str] | None:
    if key in CASES:
        return CASES[key]
    if site is None or not site.what:
        return None
    if key == TWIN:
        return (
            f"`{site.what}(…)` stands there",
            "what does the same the other way round stands there",
        )
    if key.startswith(VARIABLE):
        return f"`{site.what}` stands there", f"`{key[len(VARIABLE) :]}` stands in its place"
    if site.kind == "leap":
        way = "goes on with the next", "ends the loop"
        one, other = way if site.what == "continue" else way[::-1]
        return f"`{site.what}` {one}", f"it {other}"
    what = (
        f"the arguments of `{site.what}(…)`" if site.kind == "call" else f"what `{site.what}` has"
    )
    return f"{what} stand in one order", "they stand in the other one"


def constant_plans(
    looked: Sequence[Looked], known: Iterable[Site], java: JavaText | None
) -> tuple[list[Plan], list[Plan]]:
    """Python's constants that Java's text has not, or not as often, as each of Java's, those most
    alike first; apart from these where python has that one as well, elsewhere, or Java the first.
    """
    if java is None:
        return [], []
    mine = [json.loads(one.what) for one in known if one.kind == "constant" and one.what]
    theirs = constants_of(java.whole)
    fewer = Counter(map(_measure, mine))
    fewer.subtract(map(_measure, all_constants_of(java.whole)))
    sites: dict[str, set[tuple[int, bool]]] = {}
    for one in looked:
        for (site, key), text, _ in one.given:
            if key in (CONSTANT, LISTED):
                sites.setdefault(text, set()).add((site, key == LISTED))
    here = set(map(_measure, [*mine, *map(json.loads, sites)]))
    there = set(map(_measure, theirs))
    found: list[tuple[float, Plan, bool]] = []
    for text, numbers in sorted(sites.items()):
        value = json.loads(text)
        is_there = _measure(value) in there
        if is_there and fewer[_measure(value)] <= 0:
            continue
        for other in theirs:
            is_here = _measure(other) in here
            is_more = not is_here or not is_there or fewer[_measure(other)] < 0
            if not is_more or isinstance(other, str) != isinstance(value, str):
                continue
            new = _like(value, other)
            keys = CONSTANT + json.dumps(new), CONSTANT + json.dumps([value, new])
            whole = tuple((one, keys[is_listed]) for one, is_listed in sorted(numbers))
            plans = [(one,) for one in whole] if is_there else [whole]  # it may be right elsewhere
            found += [
                (_alike(value, other), plan, is_here or is_there) for plan in plans if new != value
            ]
    found.sort(key=lambda one: -one[0])
    return (
        [plan for _, plan, is_elsewhere in found if not is_elsewhere],
        [plan for _, plan, is_elsewhere in found if is_elsewhere],
    )


def _alike(one: Constant, other: Constant) -> float:
    """From 0 to 1: how much of two texts is the same, how near two numbers are."""
    if isinstance(one, str) or isinstance(other, str):
        return SequenceMatcher(None, str(one), str(other), autojunk=False).ratio()
    return 1 - abs(one - other) / max(abs(one), abs(other), 1)


def constants_of(java: str) -> list[Constant]:
    """The numbers and texts that stand in a text of Java, each once, in order."""
    found: dict[tuple[str, object], Constant] = {}
    for value in all_constants_of(java):
        found.setdefault(_measure(value), value)
    return list(found.values())


def all_constants_of(java: str) -> Iterator[Constant]:
    """The same, each as often as it stands there."""
    for text, number in LITERAL.findall(java):
        value = _text(text) if text else _number(number) if number else None
        if value is not None:
            yield value


def _text(literal: str) -> str | None:
    try:
        return str(json.loads(literal))
    except ValueError:
        return None  # an escape of Java's own


def _number(literal: str) -> Constant:
    plain = literal.replace("_", "")
    return int(plain) if plain.isdigit() else float(plain)


def _measure(value: Constant) -> tuple[str, object]:
    """What makes constants of the two languages one: a text, or a number whatever its type."""
    return ("text", value) if isinstance(value, str) else ("number", value)


def _like(mine: Constant, other: Constant) -> Constant:
    """A number of Java's as the type that python has there, where that holds it."""
    if isinstance(mine, float) and isinstance(other, int):
        return float(other)
    if isinstance(mine, int) and isinstance(other, float) and other.is_integer():
        return int(other)
    return other
