"""What the expressions of a unit were while its fixtures ran: kinds, and how large."""

from decimal import Decimal
from typing import Any, Callable, Dict, Iterator, List, Set, Tuple

from .hook import OPERATORS, Hook, Offer
from .instrument import Site

WHOLE, LEFT, RIGHT = "", "left", "right"
SIZED = (str, bytes, list, tuple, dict, set, frozenset)
MOST_KINDS = 8
INFINITE = float("inf")


class Range:
    """What one expression, or one side of it, has been."""

    def __init__(self) -> None:
        self.kinds: Set[str] = set()
        self.numbers: List[Any] = []  # the least and the greatest
        self.sizes: List[int] = []  # the shortest and the longest

    def add(self, value: Any) -> None:
        """One more value of it."""
        kind = type(value)
        if len(self.kinds) < MOST_KINDS:
            self.kinds.add(kind.__name__)
        if kind is int or kind is float or kind is Decimal:
            if value == value:
                self.numbers = _widened(self.numbers, value)
        elif kind in SIZED:
            self.sizes = _widened(self.sizes, len(value))

    def told(self) -> List[Any]:
        """The kinds, the numbers and the sizes, for a reply."""
        finite = [one for one in self.numbers if abs(one) != INFINITE]
        return [sorted(self.kinds), [str(one) for one in finite], self.sizes]


def _widened(ends: List[Any], value: Any) -> List[Any]:
    if not ends:
        return [value, value]
    return [min(ends[0], value), max(ends[1], value)]


class Valued(Hook):
    """Gives each construct Python's meaning, and notes what came of it and what went in."""

    def __init__(self, sites: List[Site]) -> None:
        super().__init__(sites)
        self.ranges: Dict[Tuple[int, str], Range] = {}

    def _note(self, site: int, part: str, value: Any) -> None:
        self.ranges.setdefault((site, part), Range()).add(value)

    def _go(
        self,
        site: int,
        plain: Callable[[], Any],
        offers: Callable[[], Iterator[Offer]],
        module: Any = None,
    ) -> Any:
        value = plain()
        self._note(site, WHOLE, value)
        return value

    def binary(self, site: int, a: Any, b: Any) -> Any:
        """An operator with two sides."""
        self._note(site, LEFT, a)
        self._note(site, RIGHT, b)
        value = OPERATORS[self.sites[site].what](a, b)
        self._note(site, WHOLE, value)
        return value

    def changed(self, site: int, a: Any, b: Any) -> Any:
        """An operator that changes its left side."""
        self._note(site, LEFT, a)
        self._note(site, RIGHT, b)
        return super().changed(site, a, b)

    def call(self, site: int, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of anything."""
        value = function(*args, **kwargs)
        self._note(site, WHOLE, value)
        return value

    def told(self) -> List[List[Any]]:
        """File, place, part and range of everything that was seen, for a reply."""
        made = []
        for (number, part), seen in sorted(self.ranges.items()):
            site = self.sites[number]
            place = [site.line, site.column, site.end_line, site.end_column]
            made.append([site.file, place, part, *seen.told()])
        return made
