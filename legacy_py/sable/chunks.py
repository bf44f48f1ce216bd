"""How a copy is cut into chunks."""

from __future__ import annotations

from typing import Any

MOST_ROWS = 5000


def rows_per_chunk(total_bytes: int, total_rows: int, chunk_bytes: int) -> int:
    """Rows whose bytes come near to a chunk's: at least 1, at most 5,000."""
    if total_rows <= 0 or total_bytes <= 0:
        return MOST_ROWS
    average = max(1, -(-total_bytes // total_rows))
    return max(1, min(MOST_ROWS, chunk_bytes // average))


def chunk_count(total_rows: int, rows: int) -> int:
    """Chunks that hold all rows; an empty endpoint takes one."""
    return max(1, (total_rows + rows - 1) // rows)


def next_rows(rows: int, elapsed_ms: float, aim_ms: float = 200.0) -> int:
    """Rows of the next chunk, so that one takes about as long as it should.

    A clock that was set back meanwhile counts as one millisecond.
    """
    factor = min(2.0, max(0.5, aim_ms / max(1.0, elapsed_ms)))
    return max(1, min(MOST_ROWS, round(rows * factor)))


def chunk_bounds(rows: list[list[Any]], wanted: int) -> dict[str, Any]:
    """Where a chunk ends and whether it is the last one."""
    if not rows:
        return {"last_key": None, "rows": 0, "bytes": 0, "done": True}
    size = sum(len(str(key).encode()) + len(str(value).encode()) for key, value, *_ in rows)
    return {"last_key": rows[-1][0], "rows": len(rows), "bytes": size, "done": len(rows) < wanted}
