"""What a workflow came to, as data and as text."""

from __future__ import annotations

from typing import Any

from sable import formats, progress


def outcome(states: list[str], cancelled: bool) -> str:
    """One word for a whole batch."""
    if not states or all(state == "moved" for state in states):
        return "moved"
    if not any(state == "moved" for state in states):
        return "cancelled" if cancelled else "failed"
    return "partly"


def host_rows(moves: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each host gave and took, the busiest first and then by name."""
    rows: dict[str, dict[str, Any]] = {}
    for move in moves:
        if move["state"] != "moved":
            continue
        for host, fact in ((move["source"], "gave"), (move["target"], "took")):
            row = rows.setdefault(host, {"host": host, "gave": 0, "took": 0, "bytes": 0})
            row[fact] += 1
            row["bytes"] += move.get("bytes") or 0
    return sorted(
        rows.values(),
        key=lambda row: (-(row["gave"] + row["took"]), formats.name_key(row["host"])),
    )


def summarise(workflow: dict[str, Any], finished_at: int) -> dict[str, Any]:
    """Counts, sizes, pauses and errors of a workflow whose moves have all ended."""
    moves = sorted(workflow["moves"].values(), key=lambda move: formats.name_key(move["endpoint"]))
    pauses = [move["pause_ms"] for move in moves if move.get("pause_ms") is not None]
    failed = [move for move in moves if move["state"] != "moved"]
    errors: dict[str, list[str]] = {}
    for move in failed:
        errors.setdefault(move.get("error") or "unknown", []).append(move["endpoint"])
    elapsed = max(0, finished_at - workflow["created_at"])
    rows = sum(move.get("rows") or 0 for move in moves if move["state"] == "moved")
    return {
        "outcome": outcome([move["state"] for move in moves], bool(workflow.get("cancelled"))),
        "moved": len(moves) - len(failed),
        "rolled_back": len(failed),
        "moved_percent": progress.percent(len(moves) - len(failed), len(moves)),
        "bytes": sum(move.get("bytes") or 0 for move in moves if move["state"] == "moved"),
        "rows": rows,
        "rate": progress.rate_text(rows, elapsed),
        "elapsed_ms": elapsed,
        "pause_p50_ms": progress.percentile(pauses, 50),
        "pause_p99_ms": progress.percentile(pauses, 99),
        "slowest": slowest(moves),
        "hosts": host_rows(moves),
        "errors": dict(sorted(errors.items(), key=lambda item: (-len(item[1]), item[0]))),
    }


def slowest(moves: list[dict[str, Any]], most: int = 3) -> list[str]:
    """Endpoints whose writers waited longest, ties by name."""
    timed = [move for move in moves if move.get("pause_ms") is not None]
    timed.sort(key=lambda move: (-move["pause_ms"], formats.name_key(move["endpoint"])))
    return [move["endpoint"] for move in timed[:most]]


def summary_text(workflow: dict[str, Any], offset_minutes: int = 0) -> str:
    """The summary as lines for people."""
    facts = workflow["summary"]
    lines = [
        f"{workflow['label']}: {facts['outcome']}",
        f"  finished  {formats.timestamp_text(workflow['finished_at'], offset_minutes)}",
        f"  moved     {facts['moved']} of {len(workflow['moves'])} ({facts['moved_percent']} %), "
        f"{formats.size_text(facts['bytes'])}",
        f"  took      {formats.duration_text(facts['elapsed_ms'])}, {facts['rate']}",
        f"  frozen    p50 {formats.duration_text(facts['pause_p50_ms'])}, "
        f"p99 {formats.duration_text(facts['pause_p99_ms'])}",
    ]
    for error, names in facts["errors"].items():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        lines.append(f"  {error}: {shown}")
    return "\n".join(lines)
