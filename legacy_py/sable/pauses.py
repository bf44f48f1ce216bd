"""Pause points: a leader can be told to stop after a step, so that people can look or break things.

Off unless the server was started with SABLE_PAUSES=1. A paused step has been committed.
"""

from __future__ import annotations

import threading
from typing import Any, Final

from sable.errors import InvalidField, PausesDisabled
from sable.progress import MOVE_STEPS, move_percent
from sable.state import new_move

POINTS: Final = ("validate", "plan", *MOVE_STEPS, "summarise")


class Pauses:
    """At most one armed point of this process, and who waits there."""

    def __init__(self, enabled: bool) -> None:
        self._enabled: Final = enabled
        self._changed: Final = threading.Condition()
        self._armed: str | None = None
        self._waiting: list[str] = []

    def arm(self, point: str | None) -> dict[str, Any]:
        """Whoever passes the point from now on waits there; None lets everyone go on."""
        if not self._enabled:
            raise PausesDisabled("this server was not started with SABLE_PAUSES=1")
        if point is not None and point not in POINTS:
            raise InvalidField(f"there is no point {point!r}: {', '.join(POINTS)}")
        with self._changed:
            self._armed = point
            self._changed.notify_all()
        return self.facts()

    def facts(self) -> dict[str, Any]:
        """The armed point, how far a move is there, and the workflows or endpoints that wait."""
        with self._changed:
            facts = {"armed": self._armed, "waiting": sorted(self._waiting)}
        move = new_move({"endpoint": "any", "source": "any", "target": None})
        return {**facts, "percent": move_percent({**move, "step": facts["armed"]})}

    def reached(self, point: str, who: str) -> None:
        """Returns at once, or when the point is no longer armed."""
        if not self._enabled:
            return
        with self._changed:
            if self._armed != point:
                return
            self._waiting.append(who)
            self._changed.wait_for(lambda: self._armed != point)
            self._waiting.remove(who)
