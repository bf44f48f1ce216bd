"""Which line of a map would leave out the findings that nobody means: proposed, never written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parity.fuzz.calls import Call, Signature
from parity.fuzz.shapes import items_of, number_of, pairs_of
from parity.model import Form

LEAST: Final = 3
"""Inputs of a finding that a condition has to leave out before it is worth proposing."""
SPARED: Final = 0.5
"""Of the inputs that matched, the share that a condition has to keep."""
Holds = Callable[[Form], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one parameter: its text, with `{}` for the name, and when it holds.

    It says nothing of values of other types: those it keeps.
    """

    text: str
    holds: Holds


def proposed(
    signature: Signature,
    findings: Sequence[tuple[Sequence[Call], bool]],
    recorded: Sequence[Call],
    matched: Sequence[Call],
) -> str | None:
    """The shortest expression that keeps all that was recorded, and half of what matched, and
    leaves out findings whole; None where there is none.

    Each of `findings` are inputs of one, and whether python raised on them: where it gave a value,
    only what is nothing or no number is taken for an input that nobody means.
    """
    chosen: dict[str, None] = {}
    for calls, raised in findings:
        if len(calls) < LEAST:
            continue
        conditions = (*ODD, *CONDITIONS) if raised else ODD
        text = next(_excluding(conditions, signature, calls, recorded, matched), None)
        if text is not None:
            chosen[text] = None
    return " and ".join(chosen) or None


def _excluding(
    conditions: Sequence[Condition],
    signature: Signature,
    calls: Sequence[Call],
    recorded: Sequence[Call],
    matched: Sequence[Call],
) -> Iterator[str]:
    for condition in conditions:
        for name in _names(signature, calls[0]):
            kept = [_keeps(condition, signature, name, call) for call in matched]
            if (
                not any(_keeps(condition, signature, name, call) for call in calls)
                and all(_keeps(condition, signature, name, call) for call in recorded)
                and (not kept or sum(kept) >= SPARED * len(kept))
            ):
                yield condition.text.format(name)


def _names(signature: Signature, call: Call) -> list[str]:
    args = [signature.name_of(index) for index in range(len(call.get("args") or ()))]
    return [name for name in (*args, *(call.get("kwargs") or {})) if name.isidentifier()]


def _keeps(condition: Condition, signature: Signature, name: str, call: Call) -> bool:
    values = _by_name(signature, call)
    return name not in values or condition.holds(values[name])


def _by_name(signature: Signature, call: Call) -> Mapping[str, Form]:
    args = {signature.name_of(index): one for index, one in enumerate(call.get("args") or ())}
    return {**args, **(call.get("kwargs") or {})}


# ---------------------------------------------------------------- conditions


def _on_numbers(holds: Callable[[int | float], bool]) -> Holds:
    def on_form(form: Form) -> bool:
        number = number_of(form)
        return number is None or isinstance(form, bool) or holds(number)

    return on_form


def _on_texts(holds: Callable[[str], bool]) -> Holds:
    return lambda form: not isinstance(form, str) or holds(form)


def _on_items(holds: Callable[[list[Form]], bool]) -> Holds:
    def on_form(form: Form) -> bool:
        items = items_of(form)
        return items is None or holds(items)

    return on_form


def _is_filled(form: Form) -> bool:
    items = items_of(form)
    sized = form if isinstance(form, str) else items if items is not None else pairs_of(form)
    return sized is None or len(sized) > 0


def _is_whole_text(text: str) -> bool:
    return not any(0xD800 <= ord(one) < 0xE000 for one in text)


def _is_of_one_plane(text: str) -> bool:
    return all(ord(one) < 0x10000 for one in text)


def _without_none(items: list[Form]) -> bool:
    return None not in items


ODD: Final = (
    Condition("{} is not None", lambda form: form is not None),
    Condition("{0} == {0}", _on_numbers(lambda number: number == number)),
    Condition("abs({}) < float('inf')", _on_numbers(math.isfinite)),
    Condition("None not in {}", _on_items(_without_none)),
    Condition("all(not 0xD800 <= ord(c) < 0xE000 for c in {})", _on_texts(_is_whole_text)),
)
CONDITIONS: Final = (
    Condition("{} != 0", _on_numbers(lambda number: number != 0)),
    Condition("{} >= 0", _on_numbers(lambda number: number >= 0)),
    Condition("{} > 0", _on_numbers(lambda number: number > 0)),
    Condition("len({}) > 0", _is_filled),
    Condition("abs({}) < 2**31", _on_numbers(lambda number: abs(number) < 2**31)),
    Condition("abs({}) < 2**53", _on_numbers(lambda number: abs(number) < 2**53)),
    Condition("abs({}) < 1000", _on_numbers(lambda number: abs(number) < 1000)),
    Condition(
        "all(ord(c) < 0x10000 for c in {})", _on_texts(lambda t: all(c < "\U00010000" for c in t))
    ),
    Condition("{}.isascii()", _on_texts(str.isascii)),
    Condition("{}.isdigit()", _on_texts(str.isdigit)),
    Condition("{}.isalpha()", _on_texts(str.isalpha)),
    Condition("{0} == {0}.strip()", _on_texts(lambda text: text == text.strip())),
)
"""From the plainest to the narrowest: the first that does is taken."""
