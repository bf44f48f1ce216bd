"""What functions of Python's own library give out of what they are given: parts of it, in another
order, in pairs, one of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from parity.scan.loading import Loading
from parity.scan.moving import ITEM, MERGE
from parity.scan.objects import ALL, CONTAINER, UNNAMED

PARTS: Final = {
    "builtins.filter": 1, "heapq.nlargest": 1, "heapq.nsmallest": 1, "itertools.accumulate": 0,
    "itertools.compress": 0, "itertools.cycle": 0, "itertools.dropwhile": 1,
    "itertools.filterfalse": 1, "itertools.islice": 0, "itertools.takewhile": 1,
    "random.choices": 0, "random.sample": 0,
}  # fmt: skip
"""Where these are given what they give a part of, or again: going over one is as over the other."""
ONE_OF: Final = frozenset(
    "builtins.next builtins.max builtins.min builtins.anext random.choice secrets.choice".split()
)
"""These give an element, or what else they are given."""
FOLDING: Final = "functools.reduce"
GROUPING: Final = "itertools.groupby"


class Giving(Loading):
    """Containers that calls make of others."""

    def _elements(self, number: int, variable: int) -> int:
        """The variable of what going over something gives at a call."""
        element = self._each(variable)
        self.flow(self._iterated(number, variable), element)
        return element

    def _hold(self, number: int, element: int, kind: str = "list") -> int:
        """A container of these, which a call makes."""
        made = self.objects.number(CONTAINER, -number - 1, kind)
        self._put(made, None, element)
        return made

    def _tuples(self, number: int, elements: Sequence[int], *, is_placed: bool = True) -> None:
        """A call gives tuples: of one of these at each place, or of any at any."""
        pair = self.objects.number(CONTAINER, -number - 1, "tuple")
        for index, element in enumerate(elements):
            self._put(pair, str(index) if is_placed else None, element)
        whole = self.objects.number(CONTAINER, -number - 1, "zip")
        for field in (ALL, UNNAMED):
            self.add(self._field((whole, field)), pair)
        self.add(self.calls[number][0], whole)

    def _call_builtins_zip(self, number: int, call: Sequence[Any]) -> None:
        self._tuples(number, [self._elements(number, one) if one else 0 for one in call[2]])

    _call_itertools_zip_longest = _call_itertools_product = _call_builtins_zip

    def _call_itertools_combinations(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            self._tuples(number, [self._elements(number, call[2][0])], is_placed=False)

    _call_itertools_permutations = _call_itertools_pairwise = _call_itertools_combinations
    _call_itertools_combinations_with_replacement = _call_itertools_combinations

    def _call_itertools_tee(self, number: int, call: Sequence[Any]) -> None:
        if call[2]:
            self.add(call[0], self._hold(number, call[2][0]))

    _call_itertools_repeat = _call_itertools_tee

    def _call_itertools_chain_from_iterable(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            self._chain(number, self._elements(number, call[2][0]))

    def _call_builtins_sum(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            self.flow(self._elements(number, call[2][0]), call[0])
            for one in call[2][1:]:
                self.flow(one, call[0])

    def _chain(self, number: int, of: int) -> None:
        """What is in each of some containers, one after the other."""
        made = self.objects.number(CONTAINER, -number - 1, "itertools.chain")
        self.wait(of, (MERGE, made))
        self._put(made, None, self._iterated(number, of))
        self.add(self.calls[number][0], made)

    def _call_builtins_dict_fromkeys(self, number: int, call: Sequence[Any]) -> None:
        made = self.objects.number(CONTAINER, -number - 1, "dict")
        if call[2] and call[2][0]:
            self._put_key(made, self._elements(number, call[2][0]))
        for one in call[2][1:2]:
            self._put(made, None, one)
        self.add(call[0], made)

    def _group(self, number: int, call: Sequence[Any]) -> None:
        """Pairs of what elements were grouped by, and the elements."""
        element = self._elements(number, call[2][0]) if call[2] and call[2][0] else 0
        group = self.new()
        self.add(group, self._hold(number, element))
        keys = self.new()
        if len(call[2]) < 2 and not call[3]:
            self.flow(element, keys)
        self._tuples(number, [keys, group])

    def _fold(self, call: Sequence[Any]) -> None:
        """What `reduce` gives where there is nothing to fold."""
        for one in call[2][2:3]:
            self.flow(one, call[0])
        for one in call[2][1:2]:
            if one:
                self.wait(one, (ITEM, call[0], None))
