"""What each side makes for itself, a clock's reading or a name: held to what it has to be.

Such values cannot be equal, so they are not compared with each other; but each must be what its
term says, on its own side. A value that is not stays a difference.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parity.model import Difference
from parity.values.paths import pattern

MILLIS: Final = 1e11
"""A number of at least this much is a moment in milliseconds, not in seconds."""

SLACK: Final = 1.0
"""Seconds by which a clock's reading may be rounded."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a side ran, in seconds since 1970."""

    begin: float
    end: float


@dataclass(slots=True)
class Generated:
    """The terms of a workflow, and how many values each was used for.

    `moment` lies within the run of its side; `duration` is no longer than that; `name` is a text
    that stands for the same text of the other side all through a request; `derived` follows from
    such values, so that only its type is compared.
    """

    terms: Mapping[str, str]
    used: Counter[str] = field(default_factory=Counter)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def begin(self) -> None:
        """Another request: each side makes new names for it."""
        self._names.clear()

    def left(
        self, found: Iterable[Difference], python: Window, java: Window, root: str = "$"
    ) -> Iterator[Difference]:
        """The differences that no term is for; `root` is written before their paths in terms."""
        for one in found:
            term = self._term(placed_at(root, one.path))
            if term is None or not self._is_met(self.terms[term], one, python, java):
                yield one
            else:
                self.used[term] += 1

    def _term(self, path: str) -> str | None:
        """The term for a place, or for one that it is in."""
        return next((text for text in self.terms if _covers(text, path)), None)

    def _is_met(self, kind: str, one: Difference, python: Window, java: Window) -> bool:
        if one.kind not in ("changed", "order"):
            return False
        sides = ((one.python, python), (one.java, java))
        if kind == "name":
            return self._is_renamed(one.python, one.java)
        if kind == "derived":
            return type(one.python) is type(one.java)
        if kind == "moment" and _unit(one.python) != _unit(one.java):
            return False
        check = CHECKS[kind]
        return all(check(value, window) for value, window in sides)

    def _is_renamed(self, python: Any, java: Any) -> bool:
        if not (isinstance(python, str) and isinstance(java, str) and python and java):
            return False
        there = self._names.setdefault(("python", python), java)
        back = self._names.setdefault(("java", java), python)
        return (there, back) == (java, python)


def placed_at(root: str, path: str) -> str:
    """A path below a root: `$.a` and `$world.a` below `$.b` are `$.b.a` and `$.b.world.a`."""
    rest = path[1:]
    return root + (f".{rest}" if rest[:1].isalpha() else rest)


def _covers(text: str, path: str) -> bool:
    return re.fullmatch(rf"(?:{pattern(text).pattern})(?:[.\[].*)?", path) is not None


def _unit(value: Any) -> str:
    """Moments are told in one unit by both sides."""
    if isinstance(value, int | float):
        return "milliseconds" if value >= MILLIS else "seconds"
    return type(value).__name__


def _is_moment(value: Any, window: Window) -> bool:
    if isinstance(value, str):
        try:
            told = datetime.datetime.fromisoformat(value)
        except ValueError:
            return False
        seconds = told.timestamp()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value >= MILLIS else float(value)
    else:
        return False
    return window.begin - SLACK <= seconds <= window.end + SLACK


def _is_duration(value: Any, window: Window) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= (window.end - window.begin + SLACK) * 1000


CHECKS: Final[Mapping[str, Callable[[Any, Window], bool]]] = {
    "moment": _is_moment,
    "duration": _is_duration,
}
