"""Validation of what callers ask for, with a named error for each way to be wrong."""

from __future__ import annotations

import re
from typing import Any

from sable import formats
from sable.errors import (
    EndpointLocked,
    InvalidField,
    RepeatedEndpoint,
    SameSourceAndTarget,
    UnknownEndpoint,
    UnknownHost,
    WrongSource,
)

ARROW = re.compile(
    r"\s*(?P<endpoint>[^\s@>]+)(?:\s*@\s*(?P<source>[^\s@>]+))?\s*->\s*(?P<target>[^\s@>]+|\?)\s*"
)
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{3,79}")
MOST_MOVES = 1000
DEFAULT_CHUNK = 64 * 1024
LARGEST_CHUNK = 1 << 33


def parse_move(move: Any) -> dict[str, Any]:
    """One move, as `name -> target`, `name@source -> target` or an object; `?` is any target."""
    if isinstance(move, str):
        found = ARROW.fullmatch(move)
        if found is None:
            raise InvalidField(f"{move!r} is not a move: write `endpoint@source -> target`")
        move = {key: value for key, value in found.groupdict().items() if value not in (None, "?")}
    if not isinstance(move, dict) or not isinstance(move.get("endpoint"), str):
        raise InvalidField("a move needs `endpoint`, a text")
    unknown = sorted(set(move) - {"endpoint", "source", "target"})
    if unknown:
        raise InvalidField(f"a move has no {', '.join(unknown)}")
    parsed: dict[str, Any] = {"endpoint": formats.canonical_name(move["endpoint"])}
    for side in ("source", "target"):
        host = move.get(side)
        if host is not None and not isinstance(host, str):
            raise InvalidField(f"`{side}` of {parsed['endpoint']} is not a text")
        parsed[side] = formats.canonical_name(host) if host else None
    return parsed


def parse_batch(body: dict[str, Any]) -> dict[str, Any]:
    """A request to move endpoints, with its defaults filled in."""
    moves = body.get("moves")
    if not isinstance(moves, list) or not 1 <= len(moves) <= MOST_MOVES:
        raise InvalidField(f"`moves` is a list of 1 to {MOST_MOVES}")
    parsed = [parse_move(move) for move in moves]
    seen: set[str] = set()
    for move in parsed:
        if move["endpoint"] in seen:
            raise RepeatedEndpoint(f"{move['endpoint']} is named twice", endpoint=move["endpoint"])
        seen.add(move["endpoint"])
    chunk = formats.parse_size(body.get("chunk_size", DEFAULT_CHUNK))
    if not 1024 <= chunk <= LARGEST_CHUNK:
        raise InvalidField(f"`chunk_size` is 1 KiB to 8 GiB, not {formats.size_text(chunk)}")
    label = body.get("label") or "move"
    if not isinstance(label, str):
        raise InvalidField("`label` is a text")
    return {
        "moves": parsed,
        "chunk_size": chunk,
        "label": " ".join(label.split())[:80],
        "request_id": parse_request_id(body.get("request_id")),
    }


def parse_request_id(value: Any) -> str | None:
    """The caller's id of a request, by which a repeated start is known."""
    if value is None:
        return None
    if not isinstance(value, str) or not REQUEST_ID.fullmatch(value):
        raise InvalidField("`request_id` is 4 to 80 of A-z 0-9 . _ : -")
    return value


def parse_host(body: dict[str, Any]) -> dict[str, Any]:
    """A storage host to register: name, address, capacity, and how many moves it takes at once."""
    name, address = body.get("name"), body.get("address")
    if not isinstance(name, str) or not isinstance(address, str):
        raise InvalidField("a host needs `name` and `address`, texts")
    if not re.fullmatch(r"127\.0\.0\.1:\d{2,5}", address):
        raise InvalidField(f"`address` is 127.0.0.1 and a port, not {address!r}")
    limit = body.get("limit", 4)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 64:
        raise InvalidField("`limit` is 1 to 64")
    return {
        "name": formats.canonical_name(name),
        "address": address,
        "capacity": formats.parse_size(body.get("capacity", "4 TiB")),
        "limit": limit,
    }


def check_moves(
    moves: list[dict[str, Any]], endpoints: dict[str, Any], hosts: dict[str, Any]
) -> list[dict[str, Any]]:
    """The moves with their sources, once each is known to be possible."""
    checked = []
    for move in moves:
        name, source, target = move["endpoint"], move.get("source"), move.get("target")
        if name not in endpoints:
            raise UnknownEndpoint(f"there is no endpoint {name}", endpoint=name)
        home = endpoints[name]["host"]
        if target is not None and target not in hosts:
            raise UnknownHost(f"there is no host {target}", host=target)
        if source is not None and source != home:
            raise WrongSource(f"{name} lives on {home}, not on {source}", endpoint=name)
        if target == home:
            raise SameSourceAndTarget(f"{name} already lives on {home}", endpoint=name)
        holder = endpoints[name].get("locked_by")
        if holder is not None:
            raise EndpointLocked(f"{name} is held by {holder}", endpoint=name)
        checked.append({"endpoint": name, "source": home, "target": target})
    return checked
