"""Lists of hosts, endpoints and workflows: filtered, ordered, cut to a page."""

from __future__ import annotations

import re
from typing import Any

from sable import formats, planning, progress, requests, summary
from sable.errors import InvalidField

ORDERS = ("name", "size", "host")
MOST_ROWS = 10_000


def list_hosts(hosts: dict[str, Any], endpoints: dict[str, Any]) -> list[dict[str, Any]]:
    """Storage hosts as rows in the order of names, with what endpoints take of their capacity."""
    free = planning.free_space(endpoints, hosts)
    return [
        {
            "name": name,
            **hosts[name],
            "size": formats.size_text(hosts[name]["capacity"]),
            "free": formats.size_text(free[name]),
            "used_percent": progress.percent(
                hosts[name]["capacity"] - free[name], hosts[name]["capacity"]
            ),
        }
        for name in sorted(hosts, key=formats.name_key)
    ]


def list_endpoints(endpoints: dict[str, Any], query: dict[str, Any]) -> list[dict[str, Any]]:
    """Endpoints as rows. `host`, `match` (a regular expression searched in names), `locked`
    (`yes` or `no`), `order` and `limit` are optional; equals are in the order of names."""
    order = query.get("order", "name")
    if order not in ORDERS:
        raise InvalidField(f"`order` is one of {', '.join(ORDERS)}, not {order!r}")
    wanted = _expression(query.get("match"))
    rows = [
        {"name": name, **facts, "size": formats.size_text(facts["bytes"])}
        for name, facts in endpoints.items()
        if query.get("host") in (None, facts["host"])
        and (wanted is None or wanted.search(name))
        and query.get("locked") in (None, "yes" if facts["locked_by"] else "no")
    ]
    rows.sort(key=lambda row: formats.name_key(row["name"]))
    if order == "size":
        rows.sort(key=lambda row: row["bytes"], reverse=True)
    elif order == "host":
        rows.sort(key=lambda row: formats.name_key(row["host"]))
    return rows[: _limit(query.get("limit"))]


def list_workflows(
    workflows: dict[str, Any], query: dict[str, Any], now_ms: int
) -> list[dict[str, Any]]:
    """Workflows as rows, the youngest first, those of one moment by id. `since`, a timestamp with
    a zone, `state`, `move`, as a batch names one, and `limit` are optional."""
    since = formats.parse_timestamp(query["since"]) if query.get("since") else 0
    wanted = requests.parse_move(query["move"]) if query.get("move") else None
    rows = [
        {
            "workflow": workflow["id"],
            "label": workflow["label"],
            "state": workflow["state"],
            "created": formats.timestamp_text(workflow["created_at"]),
            "created_at": workflow["created_at"],
            "percent": progress.batch_progress(workflow, now_ms)["percent"],
            "outcome": (workflow["summary"] or {}).get("outcome"),
        }
        for workflow in workflows.values()
        if workflow["created_at"] >= since
        and query.get("state") in (None, workflow["state"])
        and (wanted is None or _has_move(workflow, wanted))
    ]
    rows.sort(key=lambda row: (-row["created_at"], row["workflow"]))
    return rows[: _limit(query.get("limit"))]


def workflows_text(
    rows: list[dict[str, Any]], since: str | None, now_ms: int, offset_minutes: int = 0
) -> str:
    """Rows of workflows as lines for people, under one word for all, with moments in a zone."""
    head = f"{len(rows)} workflow{'' if len(rows) == 1 else 's'}"
    if since:
        start = formats.parse_timestamp(since)
        ago = formats.duration_text(now_ms - start)
        head += f" since {formats.timestamp_text(start, offset_minutes)}, {ago} ago"
    if rows:
        head += f": {summary.outcome([row['outcome'] or row['state'] for row in rows], False)}"
    lines = [
        f"  {row['workflow']}  {formats.timestamp_text(row['created_at'], offset_minutes)}  "
        f"{row['outcome'] or row['state']}, {row['percent']} %  {row['label']}"
        for row in rows
    ]
    return "\n".join([head, *lines])


def _has_move(workflow: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a workflow moves the endpoint, from and to the hosts that are named."""
    move = workflow["moves"].get(wanted["endpoint"])
    return move is not None and all(
        wanted[side] in (None, move[side]) for side in ("source", "target")
    )


def _expression(text: Any) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        return re.compile(text, re.IGNORECASE)
    except (re.error, TypeError) as error:
        raise InvalidField(f"`match` is no regular expression: {error}") from error


def _limit(value: Any) -> int:
    try:
        limit = MOST_ROWS if value is None else int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidField(f"`limit` is a number, not {value!r}") from error
    if not 1 <= limit <= MOST_ROWS:
        raise InvalidField(f"`limit` is 1 to {MOST_ROWS}, not {limit}")
    return limit
