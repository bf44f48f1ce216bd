"""Processes of a trial: a cluster that is watched, or storage hosts alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from sable.cluster import Cluster
from sable.errors import Unavailable

SECONDS: Final = 60.0


class Watched(Cluster):
    """A cluster whose processes keep what they do."""

    program = "sable_trial.watched"

    def ask(self, host: str, path: str, body: dict[str, Any] | None) -> Any:
        """The reply of a storage host; a busy one has a while."""
        verb = "GET" if body is None else "POST"
        return self.client.call(self.address(host), verb, path, body, timeout=SECONDS)


def wait_for(what: str, found: Callable[[], Any], seconds: float) -> Any:
    """What `found` gives once it gives something; Unavailable when that takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.02)
    raise Unavailable(f"{what} has not come in {seconds:g} s")
