"""Which endpoint goes where, in which order, and which moves may run now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sable import formats
from sable.errors import TargetFull


def free_space(endpoints: dict[str, Any], hosts: dict[str, Any]) -> dict[str, int]:
    """Bytes that are free on each host; below zero where a host holds more than it should."""
    free = {name: host["capacity"] for name, host in hosts.items()}
    for endpoint in endpoints.values():
        free[endpoint["host"]] -= endpoint["bytes"]
    return free


def choose_target(size: int, source: str | None, free: dict[str, int]) -> str | None:
    """The host with the most room after the move; among equals the first by name.

    What is not anywhere yet has no source.
    """
    fitting = [name for name, room in free.items() if name != source and room >= size]
    if not fitting:
        return None
    return min(fitting, key=lambda name: (-free[name], formats.name_key(name)))


def plan_moves(
    moves: list[dict[str, Any]], endpoints: dict[str, Any], hosts: dict[str, Any]
) -> list[dict[str, Any]]:
    """The moves in the order to run them, each with a target that has room for it.

    Moves that name their target take their room first; large endpoints go before small ones.
    What a source gives up is not counted as room: it is free only when the move has ended.
    """
    free = free_space(endpoints, hosts)

    def order(move: dict[str, Any]) -> tuple[bool, int, tuple[str, str]]:
        size = endpoints[move["endpoint"]]["bytes"]
        return move["target"] is None, -size, formats.name_key(move["endpoint"])

    planned = []
    for move in sorted(moves, key=order):
        name, size = move["endpoint"], endpoints[move["endpoint"]]["bytes"]
        target = move["target"] or choose_target(size, move["source"], free)
        if target is None or free[target] < size:
            room = max(free.values()) if target is None else free[target]
            raise TargetFull(
                f"{name} needs {formats.size_text(size)}, "
                f"{target or 'the emptiest host'} has {formats.size_text(room)}",
                endpoint=name,
            )
        free[target] -= size
        planned.append({**move, "target": target, "bytes": size})
    return planned


def next_moves(
    waiting: list[dict[str, Any]],
    running: list[dict[str, Any]],
    limits: dict[str, int],
    default_limit: int = 4,
) -> list[dict[str, Any]]:
    """The waiting moves that may start now: no host takes part in more than its limit."""
    busy: Counter[str] = Counter()
    for move in running:
        busy.update((move["source"], move["target"]))
    chosen = []
    for move in waiting:
        pair = (move["source"], move["target"])
        if all(busy[host] < limits.get(host, default_limit) for host in pair):
            busy.update(pair)
            chosen.append(move)
    return chosen


def crowded_hosts(moves: list[dict[str, Any]], limits: dict[str, int]) -> list[dict[str, Any]]:
    """Hosts by the rounds that their limit makes them take, the slowest first."""
    parts = Counter(host for move in moves for host in (move["source"], move["target"]))
    rows = [
        {"host": host, "moves": count, "rounds": -(-count // max(limits.get(host, 1), 1))}
        for host, count in parts.items()
    ]
    return sorted(
        rows, key=lambda row: (-row["rounds"], -row["moves"], formats.name_key(row["host"]))
    )
