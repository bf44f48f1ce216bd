"""Hypothesis: values of a shape that nobody has thought of, and texts that patterns match."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.errors import HypothesisException

from parity.fuzz.calls import TIERS, Call, Tier
from parity.fuzz.edges import CLASSES, LETTERS, LONE, rarer
from parity.fuzz.making import packed, paired, shaped
from parity.fuzz.shapes import (
    NONE,
    AnyOf,
    Anything,
    Choice,
    Fields,
    Items,
    Pairs,
    Scalar,
    Shape,
)
from parity.model import Form
from parity.values.form import dumps, write

Strategy = st.SearchStrategy[Any]
LARGEST = 2**70
ALPHABET = [*LETTERS, *(one for one in CLASSES if len(one) == 1), *LONE[0]]
"""Not all of Unicode: its table takes seconds to make where there is none on disk yet."""
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=20)


def drawn(strategy: Strategy, count: int, number: int) -> list[Any]:
    """That many values of a strategy, the same ones for the same number."""
    found: list[Any] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            take()
        except HypothesisException:
            return found
    return found


def rows(shapes: Sequence[Shape], count: int, number: int) -> list[list[Form]]:
    """Rows of values, one for each shape."""
    if not shapes:
        return []
    return [list(row) for row in drawn(st.tuples(*map(strategy_of, shapes)), count, number)]


def matching(patterns: Sequence[str], each: int, number: int) -> list[str]:
    """Texts that regular expressions match."""
    found: list[str] = []
    for pattern in patterns:
        try:
            strategy = st.from_regex(pattern)
            found += [one for one in drawn(strategy, each, number) if len(one) < 80]
        except Exception:
            continue
    return list(dict.fromkeys(found))


def strategy_of(shape: Shape) -> Strategy:
    """Values of a shape in fixture form."""
    match shape:
        case Scalar(kind, low, high):
            return _scalar(kind, low, high)
        case Choice(forms):
            return st.sampled_from([json.loads(one) for one in forms])
        case AnyOf(of):
            return st.one_of([strategy_of(one) for one in sorted(of, key=_none_last)])
        case Items(kind, of, each):
            if each is not None:
                return st.tuples(*map(strategy_of, each)).map(_packer(kind))
            return st.lists(strategy_of(of), max_size=8).map(_packer(kind))
        case Pairs(keys, of):
            pair = st.tuples(strategy_of(keys), strategy_of(of))
            return st.lists(pair, max_size=6).map(paired)
        case Fields(_, fields, always):
            needed = {name: strategy_of(one) for name, one in fields if name in always}
            optional = {name: strategy_of(one) for name, one in fields if name not in always}
            made = st.fixed_dictionaries(needed, optional=optional)
            return made.map(lambda values: shaped(shape, values))
        case Anything():
            return _anything()
    return st.none()


def _none_last(shape: Shape) -> bool:
    return shape == NONE


def _packer(kind: str) -> Callable[[Any], Form]:
    return lambda items: packed(kind, list(items))


def _anything() -> Strategy:
    leaf = st.one_of(
        st.none(),
        st.booleans(),
        _scalar("int", None, None),
        _scalar("float", None, None),
        TEXTS,
    )
    lists = st.recursive(leaf, lambda inner: st.lists(inner, max_size=4), max_leaves=8)
    return st.one_of(lists, st.dictionaries(TEXTS, leaf, max_size=4).map(_plain))


def _plain(values: dict[str, Form]) -> Form:
    return paired(list(values.items()))


def _scalar(kind: str, low: int | None, high: int | None) -> Strategy:
    match kind:
        case "None":
            return st.none()
        case "bool":
            return st.booleans()
        case "int":
            least, most = (-LARGEST if low is None else low), (LARGEST if high is None else high)
            return st.integers(least, most).map(write)
        case "float":
            return st.floats().map(write)
        case "single":
            return st.floats(width=32).map(write)
        case "str":
            return TEXTS
        case "char":
            return st.sampled_from([one for one in ALPHABET if ord(one) < 0x10000])
        case "bytes":
            return st.binary(max_size=40).map(write)
        case "Decimal":
            return st.decimals(allow_nan=False, allow_infinity=False).map(write)
        case "date":
            return st.dates().map(write)
        case "time":
            return st.times().map(write)
        case "datetime":
            return st.datetimes().map(write)
        case "timedelta":
            return st.timedeltas().map(write)
        case "UUID":
            return st.uuids().map(write)
    return st.sampled_from(list(rarer(kind)) or [None])


# ---------------------------------------------------------------- failing examples


class Kept:
    """Inputs that differed, by unit: tried first by the next search."""

    def __init__(self, folder: Path) -> None:
        self._database = DirectoryBasedExampleDatabase(folder)

    def trials(self, unit: str) -> list[tuple[Call, Tier]]:
        """The inputs of a unit and how far they were, in an order that the disk does not decide."""
        found = sorted(self._database.fetch(unit.encode("utf-8")))
        return [trial for one in found if (trial := _trial_of(one)) is not None]

    def replace(self, unit: str, trials: Sequence[tuple[Call, Tier]]) -> None:
        """Keeps these inputs of a unit, and no others."""
        key = unit.encode("utf-8")
        wanted = {_written(call, tier) for call, tier in trials}
        for known in list(self._database.fetch(key)):
            if known not in wanted:
                self._database.delete(key, known)
        for one in sorted(wanted):
            self._database.save(key, one)


def _written(call: Call, tier: Tier) -> bytes:
    return dumps({"tier": tier, "call": dict(call)}).encode("ascii")


def _trial_of(value: bytes) -> tuple[Call, Tier] | None:
    try:
        document = json.loads(value)
        call, tier = document["call"], document["tier"]
    except (ValueError, KeyError, TypeError):
        return None  # of another version: it is found again or not
    return (call, tier) if isinstance(call, dict) and tier in TIERS else None


def keep_below(folder: Path) -> None:
    """Lets Hypothesis write what it keeps for itself below a folder, not where it was started."""
    set_hypothesis_home_dir(folder)
