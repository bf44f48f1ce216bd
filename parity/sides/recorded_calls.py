"""Recorded calls to the world in the one writing in which what a side asks is compared.

`parity record` writes them so. Whoever writes one by hand writes it as the program does: with
placeholders, an empty body, a statement in capitals, a header by any name.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

from parity.sides.python.outside import aws, http, sql


def settled(world: Mapping[str, Any]) -> dict[str, Any]:
    """A fixture's world with its calls to AWS, to databases and to servers in that writing."""
    calls = world.get("ports")
    if not any(call["port"] in WRITTEN for call in calls or ()):
        return dict(world)
    return {**world, "ports": [_settled(call) for call in calls or ()]}


def _settled(call: Mapping[str, Any]) -> dict[str, Any]:
    write = WRITTEN.get(call["port"])
    args = call.get("args")
    if write is None or not args:
        return dict(call)
    return {**call, "args": write(call["call"], copy.deepcopy(args))}


def _of_aws(call: str, args: list[Any]) -> list[Any]:
    params = args[0]
    if not isinstance(params, dict):
        return args
    service = call.partition(".")[0]
    if service == "s3" and params.get("Body") in ("", {"$bytes": ""}):
        del params["Body"]
    return [aws.ruled(service, params), *args[1:]]


def _of_sql(call: str, args: list[Any]) -> list[Any]:
    if call != "execute" or not isinstance(args[0], str):
        return args
    return [sql.normal(args[0], "", None)[0], *args[1:]]


def _of_http(_: str, args: list[Any]) -> list[Any]:
    if not isinstance(args[0], str):
        return args
    made = [http.address(args[0]), *args[1:]]
    more = made[1] if len(made) > 1 else None
    if isinstance(more, dict) and isinstance(more.get("headers"), dict):
        named = {str(name).lower(): one for name, one in more["headers"].items()}
        kept = {name: named[name] for name in sorted(named) if name not in http.NOISE}
        made[1] = (
            {**more, "headers": kept} if kept else {k: more[k] for k in more if k != "headers"}
        )
    return made


WRITTEN: Final[Mapping[str, Callable[[str, list[Any]], list[Any]]]] = {
    "aws": _of_aws,
    "sql": _of_sql,
    "http": _of_http,
}
