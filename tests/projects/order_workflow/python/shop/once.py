"""Runs one order as `parity run --workflow` asks: request and world in, all that came of it out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from shop.flow import work_through


def main() -> None:
    """Reads `{"request", "world"}`, writes result, world and hops."""
    asked = json.load(sys.stdin)
    hops: list[dict[str, Any]] = []

    def step(state: str, function: Callable[[Any], Any], event: Any) -> Any:
        hop = {"state": state, "input": json.loads(json.dumps(event))}
        hops.append(hop)
        try:
            hop["returned"] = function(event)
        except Exception as error:
            hop["raised"] = type(error).__name__
            raise
        return hop["returned"]

    world = asked["world"]
    told: dict[str, Any] = {}
    try:
        told["returned"] = work_through(asked["request"], world["orders"], step)
    except Exception as error:
        told["raised"] = type(error).__name__
    json.dump({**told, "world": world, "hops": hops}, sys.stdout)


main()
