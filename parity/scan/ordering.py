"""Lists that the outside keeps in order: what is put into them, taken out of them, and compared for
that (heapq, bisect)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parity.scan.moving import ITEM, PUT
from parity.scan.outside import Outside


class Ordering(Outside):
    """What is in such a list is compared by each call that puts into it or takes out of it."""

    def _call_heapq_heapify(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            self._compare(number, self._each(call[2][0]))

    def _call_heapq_heappop(self, number: int, call: Sequence[Any]) -> None:
        self._call_heapq_heapify(number, call)
        if call[2] and call[2][0]:
            self.wait(call[2][0], (ITEM, call[0], None))

    def _call_heapq_heappush(self, number: int, call: Sequence[Any]) -> None:
        self._call_heapq_heapify(number, call)
        if len(call[2]) > 1 and call[2][0] and call[2][1]:
            self.wait(call[2][0], (PUT, None, call[2][1]))
            self._compare(number, call[2][1])

    def _call_heapq_heappushpop(self, number: int, call: Sequence[Any]) -> None:
        self._call_heapq_heappush(number, call)
        self._call_heapq_heappop(number, call)

    _call_heapq_heapreplace = _call_heapq_heappushpop

    def _call_bisect_insort(self, number: int, call: Sequence[Any]) -> None:
        if "key" not in dict(call[3]):
            self._call_heapq_heappush(number, call)
            return
        if len(call[2]) > 1 and call[2][0]:  # what its key gives is compared, not what is put
            self.wait(call[2][0], (PUT, None, call[2][1]))
        self._hand_over(number, "bisect.insort")

    _call_bisect_insort_left = _call_bisect_insort_right = _call_bisect_insort
